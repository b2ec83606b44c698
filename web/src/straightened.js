// the border, straightened: its strip, a cursor on strip and map at once, and its stretches as a table
import * as address from "./address.js";
import { bands } from "./border-bands.js";
import { border, lines, nature, say, segmentAt, segments, shown } from "./border-line.js";
import { isolated } from "./details.js";
import { byId, el } from "./dom.js";
import * as i18n from "./i18n.js";
import { number, t } from "./i18n.js";
import * as view from "./map.js";
import { highlight, map, tell, unmark } from "./map.js";
import { pane } from "./panes.js";
import { lines as shapeLines } from "./positions.js";
import { chainageStrip } from "./strip.js";

export { lines, say } from "./border-line.js";

const line = lines.both;

// ── one cursor on strip and map ──────────────────────────────────────────
pane(map, "cursor", 630);
const spot = L.marker([0, 0], {
  icon: L.divIcon({ className: "line-cursor", iconSize: [18, 18] }),
  pane: "cursor",
  interactive: false,
  keyboard: false,
});
/** @type {ReturnType<typeof setTimeout> | undefined} */
let later;
/** @param {number} km */
export const place = (km) => {
  spot.setLatLng(line.at(km)).addTo(map);
  clearTimeout(later);
  later = setTimeout(() => address.set({ km: km.toFixed(1) }), 300);
};
const wanted = () => {
  const km = Number.parseFloat(address.get("km") ?? "");
  return Number.isFinite(km) ? Math.min(line.length, Math.max(0, km)) : null;
};
const NEAR = 36;
/** @param {{ latlng: L.LatLng }} event @param {number} [reach] */
const follow = ({ latlng }, reach = NEAR) => {
  const { km, metres } = line.nearest([latlng.lat, latlng.lng]);
  const perPixel = (40075016 * Math.cos((latlng.lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
  if (metres / perPixel > reach) return;
  strip.cursor(km);
  place(km);
};

/** @type {Feature | null} */
let selected = null;
// whether an item stands for one of some features
/** @param {Feature[]} features */
const among = (features) => (/** @type {OnBorder | undefined} */ data) =>
  Boolean(data?.features.some((feature) => features.includes(feature)));
/** @param {StripItem<OnBorder>} item */
const lit = ({ data }) => {
  const { features } = /** @type {OnBorder} */ (data);
  const positions = features.flatMap((feature) => shapeLines(feature));
  if (positions.length > 1 && features[0].layer === "border") highlight({ shape: { kind: "l", positions } });
  else highlight(features[0]);
  strip.mark(among(features));
};
const dim = () => {
  unmark();
  if (selected) highlight(selected);
  strip.mark(among(selected ? [selected] : []));
};
/** @param {StripItem<OnBorder>} item @param {number} km */
const open = ({ data }, km) => {
  const { layer, features } = /** @type {OnBorder} */ (data);
  const feature = layer === border ? segmentAt(km) : features[0];
  const where = feature.shape?.kind === "p" ? feature.shape.positions[0] : line.at(km);
  led(() =>
    tell(
      layer,
      feature,
      where,
      features.length > 1 && layer !== border
        ? features.slice(1).map((other) => /** @type {Placed} */ ([layer, other]))
        : [],
    ),
  );
};

export const strip = chainageStrip(byId("strip"), {
  length: line.length,
  file: "border-strip.svg",
  start: wanted(),
  minWidth: 860,
  bands,
  say,
  title: () => t("border.strip"),
  credit: () => t("border.strip.credit"),
  onCursor: place,
  onItem: (item) => (item ? lit(item) : dim()),
  onOpen: open,
});
const begin = wanted();
if (begin !== null) place(begin);
address.onChange(() => {
  const km = wanted();
  if (km === null || km.toFixed(1) === strip.km?.toFixed(1)) return;
  strip.cursor(km);
  place(km);
});

map.on("mousemove", (event) => follow(event));
map.on("click", (event) => follow(event));
map.on("tell", ({ feature }) => {
  selected = feature ?? null;
  strip.mark(among(selected ? [selected] : []));
});
// a card that the strip or the table opened must not move the cursor that led to it
let leading = false;
/** @param {() => void} action */
const led = (action) => {
  leading = true;
  action();
  leading = false;
};
map.on("popupopen", ({ popup }) => {
  if (!leading) follow({ latlng: /** @type {L.LatLng} */ (popup.getLatLng()) });
});
map.on("untell", () => {
  selected = null;
  strip.mark(() => false);
});
for (const paths of view.paths.values()) {
  for (const path of paths.filter((one) => one.features)) {
    path.on("mouseover", () => strip.mark(among(path.features ?? [])));
    path.on("mouseout", dim);
  }
}

// ── the same as a table ──────────────────────────────────────────────────
const HEADS = ["from", "to", "nature", "neighbour", "municipality", "length"];
/** @param {number} value */
const figure = (value) => number(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
/** @param {Feature} feature */
const go = (feature) => {
  const km = feature.values.chainage_from_km;
  strip.cursor(km);
  place(km);
  led(() => view.openFromList(border, feature));
};
/** @param {Feature} feature */
const row = (feature) => {
  const {
    chainage_from_km: from,
    chainage_to_km: to,
    length_km: length,
    municipality_name: municipality,
    state,
  } = feature.values;
  const button = el(
    "button",
    { type: "button", "aria-label": t("border.segments.go", { km: figure(from) }), onclick: () => go(feature) },
    figure(from),
  );
  return el(
    "tr",
    {},
    el("th", { scope: "row", class: "number" }, button),
    el("td", { class: "number" }, figure(to)),
    el("td", {}, nature(feature)),
    el("td", {}, shown(feature, "neighbour")),
    el("td", {}, isolated(municipality), ", ", isolated(state)),
    el("td", { class: "number" }, figure(length)),
  );
};
const tabulate = () =>
  byId("segments-table").replaceChildren(
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        ...HEADS.map((head) =>
          el(
            "th",
            { scope: "col", class: ["from", "to", "length"].includes(head) ? "number" : null },
            t(`border.segments.${head}`),
          ),
        ),
      ),
    ),
    el("tbody", {}, ...segments.map(row)),
  );
i18n.onChange(tabulate);
tabulate();
