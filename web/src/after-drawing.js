// what the first drawing of the map does not need waits until that is on the screen, where a page asks for it
import { el } from "./dom.js";
import * as variants from "./variants.js";

/** @type {(() => void)[] | null} */
let waiting = variants.map.patient ? [] : null;
// a frame whose document stays open holds the load event: a page is loaded when its lists stand
const hold = /** @type {HTMLIFrameElement} */ (el("iframe", { hidden: true }));
const finish = () => {
  const works = waiting ?? [];
  waiting = null;
  for (const work of works) work();
  hold.remove();
};
/** @param {() => void} work */
export const afterDrawing = (work) => {
  if (waiting) waiting.push(work);
  else work();
};

// the frame after the one that Leaflet draws in begins when that one has been painted
export const begin = () => {
  if (!waiting) return;
  document.body.append(hold);
  hold.contentDocument?.open();
  // a page in the background has no frames, and paper waits for none
  const soon = document.hidden ? setTimeout : window.requestAnimationFrame;
  soon(() => soon(() => setTimeout(finish)));
  window.addEventListener("beforeprint", finish);
};
