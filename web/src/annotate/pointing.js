// while somebody points at the map: the sheet makes room, a bar says what to do, the cross stands in the middle

import { byId } from "../dom.js";
import * as i18n from "../i18n.js";
import { t } from "../i18n.js";
import * as view from "../map.js";
import * as places from "./places.js";

const app = byId("app");
const bar = byId("pointing");
const words = byId("pointing-words");
const use = byId("pointing-use");
const holder = view.map.getContainer();
/** @type {{ mode: string, any: boolean, done: (used: boolean) => void, ended: () => void } | null} */
let current = null;

export const end = () => {
  if (!current) return;
  const { ended } = current;
  current = null;
  ended();
  places.point(null, null);
  bar.hidden = true;
  app.classList.remove("is-pointing");
  view.map.invalidateSize({ animate: false });
};
const speak = () => {
  if (!current) return;
  words.textContent = t(current.mode === "reach" ? "note.pointing.reach" : "note.pointing.place");
  use.textContent = t("note.pointing.use");
};

// picked is told every pick; done whether one was used; ended that it is over, whoever ended it
/**
 * @param {"place" | "reach"} mode
 * @param {(found: any) => void} picked
 * @param {(used: boolean) => void} done
 * @param {() => void} [ended]
 */
export const begin = (mode, picked, done, ended = () => {}) => {
  end();
  const pointing = { mode, any: false, done, ended };
  current = pointing;
  places.point(mode, (/** @type {any} */ spot) => {
    pointing.any = true;
    picked(spot);
  });
  bar.hidden = false;
  app.classList.add("is-pointing");
  speak();
  view.map.invalidateSize({ animate: false });
  // what was pressed is hidden now: arrows and Enter work at once
  holder.focus({ preventScroll: true });
};
// on a phone the map ends where the bar begins, so that the cross stands in the middle of what is to be seen
new ResizeObserver(() => {
  app.style.setProperty("--bar", `${bar.offsetHeight}px`);
  if (current) view.map.invalidateSize({ animate: false });
}).observe(bar);
/** @param {boolean} used */
const finish = (used) => {
  const pointing = current;
  // over before it is told: what is done next may begin anew
  if (pointing) pointing.ended = () => {};
  end();
  pointing?.done(used);
};
use.addEventListener("click", () => {
  if (!current?.any) places.pickMiddle();
  finish(true);
});
byId("pointing-cancel").addEventListener("click", () => finish(false));
// by keyboard: arrows move the map under the cross, Enter takes what is there
holder.addEventListener("keydown", (event) => {
  if (!current || event.key !== "Enter" || event.target !== holder) return;
  // the key would press what has the focus next, and ask for the place again
  event.preventDefault();
  places.pickMiddle();
  finish(true);
});
document.addEventListener("keydown", (event) => {
  if (current && event.key === "Escape" && !(/** @type {Element} */ (event.target).closest("dialog"))) finish(false);
});
i18n.onChange(speak);
export const on = () => current !== null;
