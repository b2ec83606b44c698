// runs in a page before its own scripts: when the first shape is painted, when the live map draws, how long frames take
"use strict";

(() => {
  const eyes = { path: null, live: null, frames: [], watching: false };
  window.benchEyes = eyes;
  const PICTURE = ".picture path";
  const LIVE = ".leaflet-overlay-pane path";
  // leaflet writes "M0 0" for a path without positions in view
  const drawn = (where) => [...document.querySelectorAll(where)].some((path) => (path.getAttribute("d") ?? "").length > 8);

  // a canvas counts from the first stroke or filling of the map itself
  let stroked = false;
  for (const verb of ["stroke", "fill"]) {
    const plain = CanvasRenderingContext2D.prototype[verb];
    CanvasRenderingContext2D.prototype[verb] = function mark(...given) {
      if (this.canvas.closest(".leaflet-container")) {
        stroked = true;
        CanvasRenderingContext2D.prototype[verb] = plain;
      }
      return plain.apply(this, given);
    };
  }

  // a message comes after the frame in which it was sent has been painted
  const painted = (name) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { eyes[name] ??= performance.now(); };
    channel.port2.postMessage(null);
  };
  let last = null;
  const look = (now) => {
    if (eyes.watching && last !== null) eyes.frames.push(now - last);
    last = now;
    if (eyes.live === null) {
      const live = stroked || drawn(LIVE);
      if (live) painted("live");
      if (eyes.path === null && (live || drawn(PICTURE))) painted("path");
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
