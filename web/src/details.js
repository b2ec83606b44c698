// what is said about one feature: name, what it is, facts, how sure and how exact, sources
import { pageData } from "./data.js";
import { el } from "./dom.js";
import * as i18n from "./i18n.js";
import { date, has, hedged, list, near, number, percent, rounded, t, written } from "./i18n.js";

const sources = pageData("sources");

// free text of the fact tables is English where it has no Spanish
const ENGLISH = new Set([
  "note",
  "universe",
  "what",
  "extent_note",
  "shape_note",
  "statement",
  "position_note",
  "position_as_printed",
  "mode",
  "agency",
  "dataGeneralizations",
  "informationWithheld",
  "treaty",
  "operator",
  "term",
  "hedge",
]);
const DATES = new Set(["since", "until"]);

// words of the data in the reader's language, or marked as English
/** @param {string} words */
export const translated = (words) => isolated(i18n.translated(words), { lang: i18n.tongue(words) });

// who says a thing: a name is of no language, unless the words for it are ours
/** @param {string} who */
export const named = (who) =>
  isolated(i18n.translated(who), i18n.tongue(who) === "en" ? {} : { lang: i18n.tongue(who) });

// a string of the data: kept apart from its surroundings, whatever direction it is written in
/** @param {unknown} text @param {Attributes} [attributes] */
export const isolated = (text, attributes = {}) => el("bdi", attributes, String(text));

/** @type {(layer: Layer, field: Field, raw: any) => string | null} */
export const value = (layer, field, raw) => {
  if (raw === null || raw === undefined || raw === "") return null;
  if (layer.group === "own") return written(raw);
  if (Array.isArray(raw)) {
    const parts = raw.map((item) => (Array.isArray(item) ? item.map(rounded).join(" – ") : value(layer, field, item)));
    return list(parts.filter((part) => part !== null).map(String));
  }
  const [name, type, unit] = field;
  const key = `value.${layer.name}.${name}.${raw}`;
  if (has(key)) return t(key);
  if (name.endsWith("_share") && typeof raw === "number") return percent(raw);
  if (typeof raw === "number") return measured(raw, type, unit);
  if (DATES.has(name)) return date(raw);
  if (typeof raw === "boolean") return t(raw ? "ui.yes" : "ui.no");
  return i18n.translated(String(raw));
};

/** @param {number} raw @param {string} type @param {string | null} unit */
const measured = (raw, type, unit) => {
  if (unit === "year" || (!unit && type === "integer" && raw >= 1900 && raw < 2100)) return String(raw);
  if (!unit) return number(raw);
  return has(`unit.${unit}`) ? t(`unit.${unit}`, { value: rounded(raw) }) : `${rounded(raw)} ${unit}`;
};

/** @type {(layer: Layer, name: string) => Field} */
export const field = (layer, name) =>
  layer.fields.find((candidate) => candidate[0] === name) ?? [name, "string", null, false];
/** @param {Layer} layer @param {string} name */
export const label = (layer, name) =>
  has(`field.${layer.name}.${name}`) ? t(`field.${layer.name}.${name}`) : t(`fact.${name}`);
/** @param {Layer} layer @param {Feature} feature @param {string} name */
export const shown = (layer, feature, name) => value(layer, field(layer, name), feature.values[name]);

/** @type {(layer: Layer, feature: Feature, name: string) => [string, string | null]} */
const fact = (layer, feature, name) => {
  if (name !== "chainage" || layer.group === "own") return [label(layer, name), shown(layer, feature, name)];
  const { chainage_from_km: from, chainage_to_km: to } = feature.values;
  if (from === null || from === undefined) return [t("fact.chainage"), null];
  return [t("fact.chainage"), t("fact.chainage.value", { from: rounded(from), to: rounded(to) })];
};

/**
 * @param {Layer} layer
 * @param {Feature} feature
 */
export const title = (layer, feature) => {
  if (layer.name === "crossings_reported") return counted(feature.values);
  if (layer.name === "border" && feature.values.river_name)
    return t("fact.river", { river: shown(layer, feature, "river_name") });
  if (layer.name === "corridor") return ["from_place", "to_place"].map((end) => shown(layer, feature, end)).join(" – ");
  for (const name of layer.title) {
    const text = shown(layer, feature, name);
    if (text !== null) return text;
  }
  return t(`layer.${layer.name}.title`);
};

// "Río Suchiate" says already that it is a river
/**
 * @param {string} name
 * @param {unknown} text
 */
export const repeats = (name, text) => name === text || name.toLowerCase().startsWith(`${String(text).toLowerCase()} `);

/** @param {Values} values */
const counted = (values) =>
  values.total === null || values.total === undefined
    ? t("count.vehicular", { count: hedged(number(values.vehicular), values) })
    : t("count.total", { count: hedged(number(values.total), values) });

/**
 * @param {Layer} layer
 * @param {Feature} feature
 */
const facts = (layer, feature) =>
  layer.facts
    .map((name) => /** @type {[string, string, string | null]} */ ([name, ...fact(layer, feature, name)]))
    .filter(([name, , text]) => text !== null && !(name === layer.title[0] && feature.values[name] === null))
    // the atlas doesn't say a thing twice; of a user's file everything is shown
    .filter(([, , text]) => layer.group === "own" || !repeats(title(layer, feature), text));

/**
 * @param {Layer} layer
 * @param {Feature} feature
 */
const certainty = (layer, feature) => {
  const {
    confidence,
    coordinateUncertaintyInMeters: metres,
    outline_uncertainty_m: outline,
    as_of: when,
  } = feature.values;
  /** @type {(string | null)[]} */
  const parts = [];
  // a user's fields of these names are facts like any other
  if (layer.group === "own") return feature.shape ? "" : t("ui.noplace");
  if (confidence)
    parts.push(
      value(layer, field(layer, "confidence"), confidence) === confidence && has(`confidence.${confidence}`)
        ? t(`confidence.${confidence}`)
        : shown(layer, feature, "confidence"),
    );
  if (!feature.shape) parts.push(t("ui.noplace"));
  else {
    // what is said of the place, and what the drawing is good for, are two
    if (typeof metres === "number")
      parts.push(t(typeof outline === "number" ? "ui.within.stated" : "ui.within", { distance: near(metres) }));
    if (typeof outline === "number") parts.push(t("ui.within.outline", { distance: near(outline) }));
    else if (feature.values.schematic) parts.push(t("ui.within.schematic"));
  }
  if (when) parts.push(t("ui.asof", { date: date(when) }));
  return parts.join(" · ");
};

/** @param {string} id */
const source = (id) => {
  const known = sources[id];
  if (!known) return el("li", {}, isolated(id));
  const [name, , , url, , headline = ""] = known;
  // of a source without a title everything is in its headline, in words of our own
  const words = name ? titled(known) : translated(headline);
  const head = url ? el("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, words) : words;
  const tail = name ? ` ${whose(known)}` : known[2] ? "" : `, ${dated(known)}`;
  return el("li", {}, head, tail ? el("span", { class: "quiet" }, isolated(tail)) : null);
};

// a title is in its own language, unless it is a description of ours
/** @param {Source} source */
export const titled = ([name, , , , language]) =>
  isolated(i18n.translated(name ?? ""), {
    lang: i18n.tongue(name ?? "") === "en" ? language : i18n.tongue(name ?? ""),
  });
/** @param {Source} source */
const dated = ([, , year]) => year ?? t("ui.nodate");
/** @param {Source} known */
export const whose = (known) => [i18n.translated(known[1] ?? ""), dated(known)].filter(Boolean).join(", ");

/**
 * @param {Layer} layer
 * @param {Feature} feature
 */
export const card = (layer, feature) => {
  const cited = Array.isArray(feature.values.source_ids) ? feature.values.source_ids : [];
  const rows = facts(layer, feature).flatMap(([name, head, text]) => [
    el("dt", {}, head),
    el(
      "dd",
      ENGLISH.has(name) && layer.group !== "own" ? { lang: i18n.tongue(feature.values[name]) } : {},
      isolated(text),
    ),
  ]);
  const sure = certainty(layer, feature);
  return el(
    "article",
    { class: layer.group === "own" ? "card-popup as-written" : "card-popup" },
    el("p", { class: "kicker" }, t(`layer.${layer.name}.title`)),
    el("h3", {}, isolated(title(layer, feature))),
    el("dl", {}, ...rows),
    sure ? el("p", { class: "sure" }, sure) : null,
    ...(cited.length ? [el("h4", {}, t("ui.sources")), el("ul", { class: "sources" }, ...cited.map(source))] : []),
  );
};
