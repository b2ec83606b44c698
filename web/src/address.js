// what the reader chose, kept in the address
// a frame in a notebook has no address of its own: there the state is kept here
import { all } from "./dom.js";

/** @type {string | null} */
let kept = null;
const read = () => new URLSearchParams(kept ?? window.location.hash.slice(1));
/** @param {string} key */
export const get = (key) => read().get(key);
// what a page keeps out of the address, and so out of every history
/** @type {Set<string>} */
const unkept = new Set();
/** @param {Values} changes */
export const set = (changes) => {
  const state = read();
  for (const [key, value] of Object.entries(changes)) {
    if (unkept.has(key)) continue;
    if (value === null) state.delete(key);
    else state.set(key, value);
  }
  const text = state.toString().replaceAll("%2C", ",").replaceAll("%2F", "/");
  try {
    window.history.replaceState(null, "", `#${text}`);
  } catch {
    kept = text;
  }
  for (const link of /** @type {HTMLAnchorElement[]} */ (all("a[data-page-link]"))) {
    link.hash = new URLSearchParams([...state].filter(([key]) => key === "lang" || key === "theme")).toString();
  }
};
// the address edited by hand, or the way back and forward
/** @type {(() => void)[]} */
const listeners = [];
window.addEventListener("hashchange", () => {
  for (const listener of listeners) listener();
});
/** @param {...string} keys */
export const keepOut = (...keys) => {
  for (const key of keys) unkept.add(key);
};
/** @param {() => void} listener */
export const onChange = (listener) => listeners.push(listener);
