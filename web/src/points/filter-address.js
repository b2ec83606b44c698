// kinds that are hidden and the span of time, as the address keeps them: a link shows what its sender saw
import * as address from "../address.js";

/** @typedef {{ hidden: Set<number>, time: [number, number] | null }} FilterState */

/** @param {FilterState} state */
export const keep = ({ hidden, time }) => {
  const kinds = [...hidden].sort((a, b) => a - b);
  address.set({ hidden: kinds.length ? kinds.join(",") : null, span: time ? time.join(",") : null });
};

/** @param {string | null} text */
const integers = (text) => (text && /^\d+(,\d+)*$/.test(text) ? text.split(",").map(Number) : []);

// what the address says, as far as there are such kinds and times
/** @param {number} classes @param {TimeRange | null} range @returns {FilterState} */
export const kept = (classes, range) => {
  const hidden = new Set(integers(address.get("hidden")).filter((one) => one < classes));
  const [from, to, ...more] = integers(address.get("span"));
  const fits = range && to !== undefined && !more.length && range.least <= from && from <= to && to <= range.most;
  return { hidden, time: fits ? [from, to] : null };
};
