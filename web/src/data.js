// what the page was given, by the id of its block
/**
 * @template {keyof PageBlocks} K
 * @param {K} id
 * @returns {PageBlocks[K]} null where the page has no such block
 */
export const pageData = (id) => JSON.parse(document.getElementById(`atlas-${id}`)?.textContent ?? "null");
