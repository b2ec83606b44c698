// zoom, the whole, and the scale, in the upper and lower right
import { el, svg } from "./dom.js";
import { t } from "./i18n.js";
import { home, map } from "./map-base.js";
import { margins } from "./picture.js";

export const controls = () => {
  const zoom = L.control.zoom({ position: "topright" }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 130, position: "bottomright" }).addTo(map);
  const whole = el(
    "button",
    { type: "button", class: "whole", onclick: () => map.fitBounds(home, margins) },
    svg(
      "svg",
      { viewBox: "0 0 20 20", width: 16, height: 16, "aria-hidden": "true" },
      svg("path", {
        d: "M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5",
        fill: "none",
        stroke: "currentColor",
        "stroke-width": 2,
      }),
    ),
  );
  const box = el("div", { class: "leaflet-bar" }, whole);
  L.DomEvent.disableClickPropagation(box);
  const Home = L.Control.extend({ onAdd: () => box });
  new Home({ position: "topright" }).addTo(map);
  /** @param {HTMLElement} button @param {string} key */
  const name = (button, key) => {
    button.title = t(key);
    button.setAttribute("aria-label", t(key));
  };
  return {
    speak: () => {
      name(zoom._zoomInButton, "ui.zoomin");
      name(zoom._zoomOutButton, "ui.zoomout");
      name(whole, "ui.whole");
    },
  };
};
