// the planes of a map, one above the other: what stands in one leaves the pointer to what lies below
/** @param {L.Map} map @param {string} name @param {number} depth */
export const pane = (map, name, depth) => {
  const made = map.createPane(name);
  made.style.zIndex = String(depth);
  made.style.pointerEvents = "none";
  return made;
};
