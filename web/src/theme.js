// light and dark, and paper
import * as address from "./address.js";
import { dark } from "./reader.js";

/** @type {(() => void)[]} */
const listeners = [];
const current = () => address.get("theme") ?? (dark.matches ? "dark" : "light");
export const show = () => {
  document.documentElement.dataset.theme = current() === "dark" ? "dark" : "light";
  for (const listener of listeners) listener();
};
export const toggle = () => {
  address.set({ theme: current() === "dark" ? "light" : "dark" });
  show();
};
// a map asks for some colours a thousand times
/** @type {Map<string, string>} */
const colours = new Map();
/** @param {string} name */
export const colour = (name) => {
  const root = document.documentElement;
  const key = `${root.dataset.theme} ${name}`;
  const known = colours.get(key) ?? window.getComputedStyle(root).getPropertyValue(`--${name}`).trim();
  colours.set(key, known);
  return known;
};
// paper is white: what scripts drew with the colours of the night is drawn again for printing
const onPaper = () => {
  document.documentElement.dataset.theme = "light";
  for (const listener of listeners) listener();
};
window.addEventListener("beforeprint", onPaper);
window.addEventListener("afterprint", show);
dark.addEventListener("change", show);
show();
/** @param {() => void} listener */
export const onChange = (listener) => listeners.push(listener);
