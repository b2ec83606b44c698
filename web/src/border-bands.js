// the bands of the straightened border: what runs along it, and what lies on it
import { bare, border, nature, segments, shown } from "./border-line.js";
import { pageData } from "./data.js";
import * as i18n from "./i18n.js";
import { hedged, list, number, t } from "./i18n.js";
import { byName } from "./map.js";
import * as signs from "./signs.js";
import { colour } from "./theme.js";

const stretches = pageData("stretches");
/** @param {unknown} text */
const short = (text) => String(text).split("(", 1)[0].trimEnd();
/** @typedef {Omit<StripItem<OnBorder>, "spans" | "data">} Dress */
/** @param {(feature: Feature) => string} key @param {(feature: Feature, index: number) => Dress} dress */
const merged = (key, dress) => {
  /** @type {Feature[][]} */
  const runs = [];
  for (const feature of segments) {
    const last = runs.at(-1);
    if (last && key(last[0]) === key(feature)) last.push(feature);
    else runs.push([feature]);
  }
  return runs.map((features, index) => ({
    spans: [
      /** @type {Span} */ ([features[0].values.chainage_from_km, features[features.length - 1].values.chainage_to_km]),
    ],
    data: { layer: border, features },
    ...dress(features[0], index),
  }));
};
/** @param {Layer} layer @param {number} index */
const spansOf = (layer, index) => stretches[layer.name]?.[index];
/** @param {string} name */
const placed = (name) => {
  const layer = byName.get(name);
  return layer ? layer.features.map((feature, index) => ({ layer, feature, spans: spansOf(layer, index) ?? [] })) : [];
};
/** @param {string} name */
const grouped = (name) => {
  /** @type {Map<string, { layer: Layer, spans: Span[], features: Feature[] }>} */
  const groups = new Map();
  for (const { layer, feature, spans } of placed(name)) {
    if (!spans.length) continue;
    const key = JSON.stringify(spans);
    const group = groups.get(key) ?? { layer, spans, features: [] };
    groups.set(key, group);
    group.features.push(feature);
  }
  return [...groups.values()];
};

const municipalities = () =>
  placed("municipalities")
    .filter(({ spans }) => spans.length)
    .sort((a, b) => a.spans[0][0] - b.spans[0][0])
    .map(({ layer, feature, spans }, index) => ({
      spans,
      label: feature.values.name,
      short: feature.values.cvegeo,
      hint: `${feature.values.cvegeo} ${feature.values.name}`,
      data: { layer, features: [feature] },
      ink: colour("municipality"),
      opacity: index % 2 ? 0.18 : 0.36,
    }));
const formal = () =>
  placed("crossings_formal").flatMap(({ layer, feature, spans }) => {
    const { chainage_km: km, kind, vehicular } = feature.values;
    if (km === null && !spans.length) return [];
    return [
      {
        ...(km === null ? { spans } : { spans: [], at: km }),
        label: short(feature.name),
        hint: feature.name,
        ink: colour("formal"),
        data: { layer, features: [feature] },
        sign: kind === "rail" ? "bar" : vehicular === "true" ? "square" : "disc",
      },
    ];
  });
/** @param {Feature} feature */
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
/** @param {Feature} feature */
const counted = ({ values }) =>
  values.total === null
    ? t("count.vehicular.short", { count: hedged(number(values.vehicular), values) })
    : hedged(number(values.total), values);
const counts = () =>
  grouped("crossings_reported").map(({ layer, spans, features }) => ({
    spans,
    ink: colour("reported"),
    data: { layer, features },
    labels: features.map(
      (feature) =>
        /** @type {[string, OnBorder, string]} */ ([
          [counted(feature), years(feature)].filter(Boolean).join(" · "),
          { layer, features: [feature] },
          i18n.translated(feature.values.universe),
        ]),
    ),
  }));

/** @param {Feature} feature */
const style = (feature) => signs.styles.border([feature]);
/** @type {() => StripBand<OnBorder>[]} */
export const bands = () => {
  /** @type {StripBand<OnBorder>[]} */
  const every = [
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
          ink: style(one).color ?? "",
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
  ];
  return every.filter(({ items }) => items.length);
};
