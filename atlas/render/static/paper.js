// on paper: the same view in the size of a sheet, drawn at once, because printing waits for no frame
"use strict";

(() => {
  const { map, pens, home } = Atlas.view;
  const { margins } = Atlas.picture;
  const stage = map.getContainer().parentElement;
  let before = null;

  const draw = () => {
    for (const pen of pens) {
      if (!pen._map) continue;
      L.Util.cancelAnimFrame(pen._redrawRequest);
      pen._redrawRequest = null;
      pen._redraw();
    }
  };
  window.addEventListener("beforeprint", () => {
    before = [map.getCenter(), map.getZoom()];
    // who looks at the whole wants the whole; who went somewhere wants what was in sight
    const whole = map.getBounds().contains(home) && map._getBoundsCenterZoom(home, margins).zoom === map.getZoom();
    const seen = whole ? home : map.getBounds();
    Atlas.view.printing = true;
    stage.classList.add("paper");
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(seen, { animate: false });
    draw();
  });
  window.addEventListener("afterprint", () => {
    stage.classList.remove("paper");
    map.invalidateSize({ animate: false, pan: false });
    if (before) map.setView(...before, { animate: false });
    Atlas.view.printing = false;
  });
})();
