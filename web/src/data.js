// what the page was given, by the id of its block
export const pageData = (id) => JSON.parse(document.getElementById(`atlas-${id}`).textContent);
