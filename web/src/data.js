// what the page was given, by the id of its block
/**
 * @param {string} id
 * @returns {any}
 */
export const pageData = (id) => JSON.parse(document.getElementById(`atlas-${id}`)?.textContent ?? "null");
