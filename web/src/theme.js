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
/** @param {string} name */
export const colour = (name) => window.getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
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
