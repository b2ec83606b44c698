// words that stand on the map itself, as a control: names keep clear of them, and they print with the map
"use strict";

Atlas.notice = (position, name) => {
  const box = Atlas.el("div", { class: `notice notice-${name}`, role: "note", hidden: true });
  const Notice = L.Control.extend({ onAdd: () => box });
  L.DomEvent.disableClickPropagation(box);
  new Notice({ position }).addTo(Atlas.view.map);
  const say = (...parts) => {
    box.hidden = !parts.length;
    box.replaceChildren(...parts);
    Atlas.view.rename();
  };
  return { say, box };
};
