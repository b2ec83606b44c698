// a table in a closed fold would print as its heading alone
import { all } from "./dom.js";

/** @type {HTMLDetailsElement[]} */
let unfolded = [];
window.addEventListener("beforeprint", () => {
  unfolded = /** @type {HTMLDetailsElement[]} */ (all("details:not([open])")).filter((fold) =>
    fold.querySelector("table"),
  );
  for (const fold of unfolded) fold.open = true;
});
window.addEventListener("afterprint", () => {
  for (const fold of unfolded) fold.open = false;
});
