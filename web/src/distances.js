// distances between places that a reader marks: straight, and along the border line with how far off it each is
import { el } from "./dom.js";
import * as i18n from "./i18n.js";
import { number, t } from "./i18n.js";
import { byName, holder, map } from "./map-base.js";
import { pen } from "./map-pens.js";
import { section } from "./map-state.js";
import { measuredLine } from "./measured.js";
import { lines } from "./positions.js";
import * as theme from "./theme.js";

// the ellipsoid GRS 80
const [AXIS, FLAT] = [6378137, 1 / 298.257222101];
const radians = Math.PI / 180;
/** Metres between two places by Lambert's formula, good to some ten metres in a thousand kilometres. @type {(a: LatLon, b: LatLon) => number} */
export const distance = ([lat1, lon1], [lat2, lon2]) => {
  const [one, two] = [lat1, lat2].map((lat) => Math.atan((1 - FLAT) * Math.tan(lat * radians)));
  const [dLat, dLon] = [two - one, (lon2 - lon1) * radians];
  const half = Math.sin(dLat / 2) ** 2 + Math.cos(one) * Math.cos(two) * Math.sin(dLon / 2) ** 2;
  const angle = 2 * Math.asin(Math.min(1, Math.sqrt(half)));
  if (!angle || half >= 1) return AXIS * angle;
  const [middle, apart] = [(one + two) / 2, dLat / 2];
  const x = ((angle - Math.sin(angle)) * Math.sin(middle) ** 2 * Math.cos(apart) ** 2) / Math.cos(angle / 2) ** 2;
  const y = ((angle + Math.sin(angle)) * Math.cos(middle) ** 2 * Math.sin(apart) ** 2) / Math.sin(angle / 2) ** 2;
  return AXIS * (angle - (FLAT / 2) * (x + y));
};

const positions = (byName.get("border")?.features ?? []).flatMap((feature) => lines(feature).flat());
const border = positions.length > 1 ? measuredLine(positions) : null;
// farther off, a place has nothing to do with the line
const NEAR_M = 200000;

/** @type {LatLon[]} */
const marked = [];
const group = L.layerGroup().addTo(map);
let measuring = false;

const { fold, summary, body } = section("measure");
const switched = el("button", { type: "button", class: "reset", "aria-pressed": "false" });
const middle = el("button", { type: "button", class: "reset" });
const clear = el("button", { type: "button", class: "reset" });
const help = el("p", { class: "quiet" });
const result = el("div", { role: "status" });
body.append(help, el("p", { class: "own-buttons" }, switched, middle, clear), result);

/** @param {number} metres */
const length = (metres) =>
  metres < 10000
    ? `${number(Math.round(metres))} m`
    : `${number(metres / 1000, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} km`;
const draw = () => {
  group.clearLayers();
  const ink = theme.colour("focus");
  if (marked.length > 1)
    group.addLayer(
      L.polyline(marked, { renderer: pen, interactive: false, color: ink, weight: 2.5, dashArray: "6 4" }),
    );
  for (const at of marked)
    group.addLayer(
      L.circleMarker(at, {
        renderer: pen,
        interactive: false,
        radius: 4,
        color: ink,
        weight: 2,
        fillColor: theme.colour("paper"),
        fillOpacity: 1,
      }),
    );
};
const along = () => {
  const places = border ? marked.map((at) => border.nearest(at)) : [];
  if (places.length < 2 || places.some(({ metres }) => metres > NEAR_M)) return [];
  const [first, last] = [places[0], places[places.length - 1]];
  const km = (/** @type {number} */ value) => number(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return [
    el(
      "p",
      {},
      t("own.measure.along", {
        from: km(first.km),
        to: km(last.km),
        length: length(Math.abs(last.km - first.km) * 1000),
      }),
    ),
    el("p", {}, t("own.measure.across", { first: length(first.metres), last: length(last.metres) })),
  ];
};
const show = () => {
  draw();
  clear.hidden = !marked.length;
  if (marked.length < 2) {
    result.replaceChildren(marked.length ? el("p", {}, t("own.measure.one")) : "");
    return;
  }
  const parts = marked.slice(1).map((at, before) => distance(marked[before], at));
  result.replaceChildren(
    el(
      "p",
      {},
      el("strong", {}, t("own.measure.straight", { length: length(parts.reduce((sum, one) => sum + one, 0)) })),
    ),
    ...along(),
  );
};
/** @param {L.LatLng} place */
const add = ({ lat, lng }) => {
  marked.push([lat, lng]);
  show();
};
const turn = () => {
  measuring = !measuring;
  switched.setAttribute("aria-pressed", String(measuring));
  holder.classList.toggle("measuring", measuring);
};
switched.addEventListener("click", turn);
middle.addEventListener("click", () => add(map.getCenter()));
clear.addEventListener("click", () => {
  marked.length = 0;
  show();
});
fold.addEventListener("toggle", () => {
  if (!fold.open && measuring) turn();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && measuring) turn();
});
// before the map hears of it: a click that measures opens no card
holder.addEventListener(
  "click",
  (event) => {
    const target = /** @type {Element} */ (event.target);
    if (!measuring || target.closest(".leaflet-control, .leaflet-popup") || map.dragging.moved?.()) return;
    event.stopPropagation();
    add(map.mouseEventToLatLng(event));
  },
  true,
);

const speak = () => {
  summary.textContent = t("own.measure");
  help.textContent = t("own.measure.help");
  switched.textContent = t("own.measure.switch");
  middle.textContent = t("own.measure.middle");
  clear.textContent = t("own.measure.clear");
  show();
};
i18n.onChange(speak);
theme.onChange(draw);
speak();
