// while somebody points at the map: the sheet makes room, a bar says what to do, the cross stands in the middle
"use strict";

Atlas.notes.pointing = (() => {
  const { t } = Atlas.text;
  const { places } = Atlas.notes;
  const app = document.getElementById("app");
  const bar = document.getElementById("pointing");
  const words = document.getElementById("pointing-words");
  let current = null;

  const end = () => {
    if (!current) return;
    current = null;
    places.point(null, null);
    bar.hidden = true;
    app.classList.remove("is-pointing");
    Atlas.view.map.invalidateSize({ animate: false });
  };
  const speak = () => { if (current) words.textContent = t(current.mode === "reach" ? "note.pointing.reach" : "note.pointing.place"); };

  // picked is told every pick; done whether one was used
  const begin = (mode, picked, done) => {
    current = { mode, any: false, done };
    places.point(mode, (found) => { current.any = true; picked(found); });
    bar.hidden = false;
    app.classList.add("is-pointing");
    speak();
    Atlas.view.map.invalidateSize({ animate: false });
  };
  const finish = (used) => {
    const { done } = current;
    end();
    done(used);
  };
  document.getElementById("pointing-use").addEventListener("click", () => {
    if (!current.any) places.pickMiddle();
    finish(true);
  });
  document.getElementById("pointing-cancel").addEventListener("click", () => finish(false));
  // by keyboard: arrows move the map under the cross, Enter takes what is there
  const holder = Atlas.view.map.getContainer();
  holder.addEventListener("keydown", (event) => {
    if (!current || event.key !== "Enter" || event.target !== holder) return;
    places.pickMiddle();
    finish(true);
  });
  document.addEventListener("keydown", (event) => { if (current && event.key === "Escape" && !event.target.closest("dialog")) finish(false); });
  Atlas.text.onChange(speak);
  return { begin, end, get on() { return current !== null; } };
})();
