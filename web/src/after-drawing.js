// what the first drawing of the map does not need waits until that is on the screen, where a page asks for it
import * as variants from "./variants.js";

/** @type {(() => void)[] | null} */
let waiting = variants.map.patient ? [] : null;
// what the still picture shows in the meantime, in the same place
/** @type {(() => void)[] | null} */
let pictured = variants.map.patient ? [] : null;
const relieve = () => {
  const works = pictured ?? [];
  pictured = null;
  for (const work of works) work();
};
// sound that has no track holds the load event: a page is loaded when its lists stand
const hold = document.createElement("audio");
const finish = () => {
  relieve();
  const works = waiting ?? [];
  waiting = null;
  for (const work of works) work();
  hold.srcObject = null;
};
/** @param {() => void} work */
export const afterDrawing = (work) => {
  if (waiting) waiting.push(work);
  else work();
};

// what lies beneath the layers and stands in the still picture, which stays until this is drawn
/** @param {() => void} work */
export const inPicture = (work) => {
  if (pictured) pictured.push(work);
  else work();
};

// a task that a frame asks for begins when that frame has been painted
export const begin = () => {
  if (!waiting) return;
  hold.srcObject = new MediaStream();
  // a page in the background has no frames, and paper waits for none
  const soon = document.hidden ? setTimeout : window.requestAnimationFrame;
  const later = () => soon(() => setTimeout(finish));
  soon(() =>
    setTimeout(() => {
      relieve();
      later();
    }),
  );
  window.addEventListener("beforeprint", finish);
};
