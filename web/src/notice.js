// words that stand on the map itself, as a control: names keep clear of them, and they print with the map
import { el } from "./dom.js";
import * as view from "./map.js";

/**
 * @param {L.ControlPosition} position
 * @param {string} name
 */
export const mapNotice = (position, name) => {
  const box = el("div", { class: `notice notice-${name}`, role: "note", hidden: true });
  const Notice = L.Control.extend({ onAdd: () => box });
  L.DomEvent.disableClickPropagation(box);
  new Notice({ position }).addTo(view.map);
  /** @param {...(Node | string)} parts */
  const say = (...parts) => {
    box.hidden = !parts.length;
    box.replaceChildren(...parts);
    view.rename();
  };
  return { say, box };
};
