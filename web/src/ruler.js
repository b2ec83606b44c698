// the ruler: how long the line is for dividers of a given opening, as a line on the map and as a curve
import * as address from "./address.js";
import { lines } from "./border-line.js";
import { main } from "./border-sides.js";
import { pageData } from "./data.js";
import { named, translated } from "./details.js";
import { all, byId, el } from "./dom.js";
import * as i18n from "./i18n.js";
import { hedged, number, t } from "./i18n.js";
import { map, pen } from "./map.js";
import { chart } from "./ruler-chart.js";
import { between, opening, range, rough, STOPS, tenths } from "./ruler-curve.js";
import * as theme from "./theme.js";
import { colour } from "./theme.js";

export { curve, range, STOPS } from "./ruler-curve.js";

const lengths = pageData("lengths");

// pixels that two places of the dividers must be apart to be shown
const APART = 11;
/** @type {HTMLInputElement} */
const slider = byId("ruler-length");
/** @type {HTMLInputElement} */
const show = byId("ruler-show");
/** @type {HTMLInputElement[]} */
const radios = all("input[name=part]");
// the length that a claim gives, which the text speaks of
const marked = lengths.find((length) => length.marked);
const part = () => radios.find((radio) => radio.checked)?.value ?? "";
const metres = () => STOPS[Number(slider.value)];
// ── words and table ──────────────────────────────────────────────────────
const findings = () => {
  const name = part();
  const line = lines[name];
  const km = marked?.km;
  if (name !== main.code || !km) {
    byId("ruler-finding").textContent = t("border.finding.other");
    return;
  }
  const [low, high] = range(main.code, km) ?? [NaN, NaN];
  const claimed = line.walk(2500).length;
  byId("ruler-finding").textContent = t("border.finding", {
    km: number(km),
    stated: marked?.printed ?? "",
    low: opening(rough(low)),
    high: opening(rough(high)),
    claimed: number(Math.round(claimed)),
    more: number(Math.round(claimed - km)),
  });
};
/** @param {number} km */
const falls = (km) => {
  const span = range(main.code, km);
  return span ? between(span) : t("border.lengths.none");
};
// publisher and year, and who gives the figure where that is somebody else
/** @param {PublishedLength} length */
const who = ({ publisher, claimant, year, basis }) => [
  ...(claimant && !publisher?.includes(claimant) ? [named(claimant), ` ${t("statement.in")} `] : []),
  named(publisher ?? "–"),
  ", ",
  year ? (basis === "inferred" ? t("statement.inferred", { value: year }) : String(year)) : t("ui.nodate"),
];
const rows = () =>
  lengths.map((length) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", class: "number" }, hedged(number(length.km), length)),
      el("td", {}, translated(length.printed ?? "–")),
      el("td", {}, ...who(length)),
      el("td", {}, falls(length.km)),
      el("td", {}, translated(length.definition)),
    ),
  );
const tabulate = () =>
  byId("lengths").replaceChildren(
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        ...["km", "printed", "who", "ruler", "definition"].map((head) =>
          el("th", { scope: "col" }, t(`border.lengths.${head}`)),
        ),
      ),
    ),
    el("tbody", {}, ...(lines[main.code] ? rows() : [])),
  );

// ── line on the map ──────────────────────────────────────────────────────
export const drawn = L.layerGroup();
const perPixel = () => (40075016 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
const draw = () => {
  const name = part();
  /** @type {LatLon[]} */
  const places = [];
  const { steps, rest, length } = lines[name].walk(metres(), places);
  drawn.clearLayers();
  if (show.checked) {
    const ink = colour("ink");
    drawn.addLayer(
      L.polyline(places, {
        renderer: pen,
        interactive: false,
        color: ink,
        weight: 2,
        opacity: 0.95,
        smoothFactor: 0.6,
      }),
    );
    if (metres() / perPixel() >= APART)
      for (const at of places)
        drawn.addLayer(
          L.circleMarker(at, {
            renderer: pen,
            interactive: false,
            radius: 2.6,
            color: ink,
            weight: 1,
            fillColor: colour("paper"),
            fillOpacity: 1,
          }),
        );
    drawn.addTo(map);
  } else drawn.remove();
  byId("ruler-length-out").textContent = opening(metres());
  slider.setAttribute("aria-valuetext", `${opening(metres())}: ${tenths(length)} km`);
  byId("ruler-result").replaceChildren(
    el("strong", {}, `${tenths(length)} km`),
    ` ${t("border.result", { steps: number(steps), rest: opening(Math.round(rest)), share: i18n.percent(length / lines[name].length) })}`,
  );
};
/** @type {ReturnType<typeof setTimeout> | undefined} */
let later;
const remember = () => {
  clearTimeout(later);
  later = setTimeout(() => address.set({ ruler: show.checked ? `${part()}/${metres()}` : null }), 300);
};
const redraw = () => {
  draw();
  chart(part(), Number(slider.value));
};
const restore = () => {
  const [name, ruler] = (address.get("ruler") ?? "").split("/");
  const asked = Number(ruler);
  const wanted = STOPS.reduce(
    (best, stop, index) => (Math.abs(Math.log(stop / asked)) < Math.abs(Math.log(STOPS[best] / asked)) ? index : best),
    0,
  );
  const known = radios.find((radio) => radio.value === name);
  show.checked = Boolean(known && Number(ruler) > 0);
  if (known) known.checked = true;
  slider.value = String(show.checked ? wanted : STOPS.indexOf(2500));
};

slider.max = String(STOPS.length - 1);
restore();
slider.addEventListener("input", () => {
  show.checked = true;
  redraw();
  remember();
});
show.addEventListener("change", () => {
  draw();
  remember();
});
for (const radio of radios)
  radio.addEventListener("change", () => {
    redraw();
    findings();
    remember();
  });
const speak = () => {
  redraw();
  findings();
  tabulate();
  byId("ruler-note").textContent = t("border.finding.note");
};
i18n.onChange(speak);
theme.onChange(redraw);
map.on("zoomend", () => {
  if (show.checked) draw();
});
address.onChange(() => {
  restore();
  redraw();
  findings();
});
speak();
