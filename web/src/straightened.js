// the border, straightened: its strip, a cursor on strip and map at once, and its stretches as a table
import * as address from "./address.js";
import { pageData } from "./data.js";
import * as details from "./details.js";
import { isolated } from "./details.js";
import { byId, el } from "./dom.js";
import * as i18n from "./i18n.js";
import { hedged, list, number, t } from "./i18n.js";
import * as view from "./map.js";
import { byName, highlight, map, tell, unmark } from "./map.js";
import { measuredLine } from "./measured.js";
import { unpack } from "./shapes.js";
import * as signs from "./signs.js";
import { chainageStrip } from "./strip.js";
import { colour } from "./theme.js";

const raw = pageData("line");
const stretches = pageData("stretches");
const arcs = unpack(raw);
export const lines = Object.fromEntries(raw.neighbours.map((name, index) => [name, measuredLine(arcs[index])]));
lines.both = measuredLine(arcs.flatMap((arc, index) => (index ? arc.slice(1) : arc)));
const line = lines.both;

const border = byName.get("border");
const segments = [...border.features].sort((a, b) => a.values.chainage_from_km - b.values.chainage_from_km);
/** @param {number} km */
const segmentAt = (km) => segments.find(({ values }) => km <= values.chainage_to_km) ?? segments.at(-1);
const shown = (feature, name) => details.shown(border, feature, name);
/** @param {Feature} feature */
const river = (feature) => feature.values.river_name?.replace(", then ", t("border.then"));
/** @param {Feature} feature */
const nature = (feature) => [shown(feature, "nature"), river(feature)].filter(Boolean).join(" ");
// "Salinas (Chixoy), then Usumacinta" → "Salinas, Usumacinta"
/** @param {Feature} feature */
const bare = (feature) => feature.values.river_name?.replace(", then ", ", ").replace(/ ?\([^()]*\)/g, "");
/** @param {number} km */
const at = (km) => `km ${number(km, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}`;
/** @param {number} km */
export const say = (km) => {
  const feature = segmentAt(km);
  const { municipality_name: municipality, state } = feature.values;
  return `${at(km)} · ${municipality}, ${state} · ${nature(feature)} · ${shown(feature, "neighbour")}`;
};

// ── bands ────────────────────────────────────────────────────────────────
const short = (text) => String(text).split("(", 1)[0].trimEnd();
const merged = (key, dress) => {
  const runs = [];
  for (const feature of segments) {
    const last = runs.at(-1);
    if (last && key(last.features[0]) === key(feature)) last.features.push(feature);
    else runs.push({ features: [feature] });
  }
  return runs.map(({ features }, index) => ({
    spans: [[features[0].values.chainage_from_km, features.at(-1).values.chainage_to_km]],
    data: { layer: border, features },
    ...dress(features[0], index),
  }));
};
const spansOf = (layer, index) => stretches[layer.name]?.[index];
const grouped = (name) => {
  const layer = byName.get(name);
  const groups = new Map();
  layer?.features.forEach((feature, index) => {
    const spans = spansOf(layer, index);
    if (!spans) return;
    const key = JSON.stringify(spans);
    if (!groups.has(key)) groups.set(key, { layer, spans, features: [] });
    groups.get(key).features.push(feature);
  });
  return [...groups.values()];
};

const municipalities = () => {
  const layer = byName.get("municipalities");
  const items = (layer?.features ?? []).map((feature, index) => ({
    spans: spansOf(layer, index) ?? [],
    label: feature.values.name,
    short: feature.values.cvegeo,
    hint: `${feature.values.cvegeo} ${feature.values.name}`,
    data: { layer, features: [feature] },
  }));
  return items
    .filter(({ spans }) => spans.length)
    .sort((a, b) => a.spans[0][0] - b.spans[0][0])
    .map((item, index) => ({ ...item, ink: colour("municipality"), opacity: index % 2 ? 0.18 : 0.36 }));
};
const formal = () => {
  const layer = byName.get("crossings_formal");
  return (layer?.features ?? [])
    .map((feature, index) => ({
      ...(feature.values.chainage_km === null ? { spans: spansOf(layer, index) } : { at: feature.values.chainage_km }),
      label: short(feature.name),
      hint: feature.name,
      ink: colour("formal"),
      data: { layer, features: [feature] },
      sign: feature.values.kind === "rail" ? "bar" : feature.values.vehicular === "true" ? "square" : "disc",
    }))
    .filter((/** @type {any} */ { at: place, spans }) => place !== undefined || spans);
};
const entered = ({ name, values }) =>
  values.named ? t("border.counted", { count: number(values.named) }) : short(name);
const informal = () =>
  grouped("crossings_informal").map(({ layer, spans, features }) => ({
    spans,
    ink: colour("informal"),
    opacity: 0.45,
    hatch: features.some((feature) => feature.values.vehicular === "true") ? colour("informal-ink") : null,
    label: features.length === 1 ? entered(features[0]) : t("border.entries", { count: number(features.length) }),
    hint: list(features.map((feature) => feature.name)),
    data: { layer, features },
  }));
/** @param {Feature} feature */
const years = (feature) => [...new Set(feature.values.as_of?.match(/\d{4}/g) ?? [])].join("–");
const counted = ({ values }) =>
  values.total === null
    ? t("count.vehicular.short", { count: hedged(number(values.vehicular), values) })
    : hedged(number(values.total), values);
const counts = () =>
  grouped("crossings_reported").map(({ layer, spans, features }) => ({
    spans,
    ink: colour("reported"),
    data: { layer, features },
    labels: features.map((feature) => [
      [counted(feature), years(feature)].filter(Boolean).join(" · "),
      { layer, features: [feature] },
      i18n.translated(feature.values.universe),
    ]),
  }));

/** @param {Feature} feature */
const style = (feature) => signs.styles.border([feature]);
const bands = () =>
  [
    {
      key: "neighbour",
      title: t("border.band.neighbour"),
      kind: "blocks",
      items: merged(
        (one) => one.values.neighbour,
        (one, index) => ({
          label: shown(one, "neighbour"),
          ink: colour("corridor"),
          opacity: index % 2 ? 0.32 : 0.16,
        }),
      ),
    },
    {
      key: "nature",
      title: t("border.band.nature"),
      kind: "blocks",
      items: merged(
        (one) => `${one.values.nature} ${one.values.river_name}`,
        (one) => ({
          label: [nature(one), bare(one), bare(one)?.split(", ").at(-1)],
          ink: style(one).color,
          opacity: 0.16,
          dash: style(one).dashArray ?? "",
        }),
      ),
    },
    {
      key: "state",
      title: t("border.band.state"),
      kind: "blocks",
      items: merged(
        (one) => one.values.state,
        (one, index) => ({
          label: one.values.state,
          ink: colour("state-edge"),
          opacity: index % 2 ? 0.25 : 0.5,
        }),
      ),
    },
    { key: "municipality", title: t("border.band.municipality"), kind: "blocks", items: municipalities() },
    { key: "formal", title: t("border.band.formal"), kind: "marks", items: formal() },
    { key: "informal", title: t("border.band.informal"), kind: "stretches", items: informal() },
    { key: "counts", title: t("border.band.counts"), kind: "counts", items: counts() },
  ].filter(({ items }) => items.length);

// ── one cursor on strip and map ──────────────────────────────────────────
map.createPane("cursor").style.zIndex = "630";
map.getPane("cursor").style.pointerEvents = "none";
const spot = L.marker([0, 0], {
  icon: L.divIcon({ className: "line-cursor", iconSize: [18, 18] }),
  pane: "cursor",
  interactive: false,
  keyboard: false,
});
let later = 0;
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
const follow = ({ latlng }, reach = NEAR) => {
  const { km, metres } = line.nearest([latlng.lat, latlng.lng]);
  const perPixel = (40075016 * Math.cos((latlng.lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
  if (metres / perPixel > reach) return;
  strip.cursor(km);
  place(km);
};

let selected = null;
const lit = (item) => {
  const { features } = item.data;
  const shapes = features.map((feature) => feature.shape).filter(Boolean);
  if (shapes.length > 1 && shapes.every(({ kind }) => kind === "l") && features[0].layer === "border") {
    highlight({ ...features[0], shape: { kind: "l", positions: shapes.flatMap(({ positions }) => positions) } });
  } else highlight(features[0]);
  strip.mark((data) => data.features.some((feature) => features.includes(feature)));
};
const dim = () => {
  unmark();
  if (selected) highlight(selected);
  strip.mark((data) => Boolean(selected) && data.features.includes(selected));
};
const open = ({ data: { layer, features } }, km) => {
  const feature = layer === border ? segmentAt(km) : features[0];
  const where = feature.shape?.kind === "p" ? feature.shape.positions[0] : line.at(km);
  led(() =>
    tell(
      layer,
      feature,
      where,
      features.length > 1 && layer !== border ? features.slice(1).map((other) => [layer, other]) : [],
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
if (wanted() !== null) place(wanted());
address.onChange(() => {
  if (wanted() === null || wanted().toFixed(1) === strip.km?.toFixed(1)) return;
  strip.cursor(wanted());
  place(wanted());
});

map.on("mousemove", (event) => follow(event));
map.on("click", (event) => follow(event));
map.on("tell", ({ feature }) => {
  selected = feature;
  strip.mark((data) => data.features.includes(feature));
});
// a card that the strip or the table opened must not move the cursor that led to it
let leading = false;
const led = (action) => {
  leading = true;
  action();
  leading = false;
};
map.on("popupopen", ({ popup }) => {
  if (!leading) follow({ latlng: popup.getLatLng() });
});
map.on("untell", () => {
  selected = null;
  strip.mark(() => false);
});
for (const paths of view.paths.values()) {
  for (const path of paths.filter((one) => one.features)) {
    path.on("mouseover", () => strip.mark((data) => data.features.some((feature) => path.features.includes(feature))));
    path.on("mouseout", dim);
  }
}

// ── the same as a table ──────────────────────────────────────────────────
const HEADS = ["from", "to", "nature", "neighbour", "municipality", "length"];
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
  document
    .getElementById("segments-table")
    .replaceChildren(
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
