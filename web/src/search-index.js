// what a search finds, and in which order: entries of features by all that somebody may know them by
import * as details from "./details.js";
import * as i18n from "./i18n.js";

// so many are told apart by their letters, which is slow
const SORTED = 500;
// fields that somebody may know a feature by, besides its title
const KNOWN_BY = [
  "name",
  "name_other_side",
  "cvegeo",
  "reach",
  "seat",
  "river_name",
  "opposite",
  "from_place",
  "to_place",
  "total_id",
  "item",
  "code",
];

// accents, case and signs do not count: "othon" finds Othón
/** @param {unknown} text */
export const plain = (text) =>
  String(text)
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/**
 * @param {Layer} layer
 * @param {Feature} feature
 */
const words = (layer, feature) =>
  layer.fields
    .filter(([name]) => KNOWN_BY.includes(name))
    .flatMap(([name]) => feature.values[name] ?? [])
    .flatMap((word) => (layer.group === "own" ? [i18n.written(word)] : [word, i18n.translated(word)]))
    .concat(feature.id);
/**
 * @param {Layer} layer
 * @param {Feature} feature
 */
export const listed = (layer, feature) => layer.group !== "base" || feature.values.kind === "settlement";
/**
 * @param {Layer} layer
 * @param {Feature} feature
 */
export const entry = (layer, feature) => {
  const title = details.title(layer, feature);
  const known = words(layer, feature).map(plain);
  return { layer, feature, title, name: ` ${plain(title)}`, known, all: ` ${[plain(title), ...known].join(" ")}` };
};

// the better the match the smaller the number: a whole name or code, its beginning, a word's beginning, anywhere
/** @param {SearchEntry} given @param {string} query */
const rank = ({ name, known, all }, query) => {
  if (name === ` ${query}` || known.includes(query)) return 0;
  if (name.startsWith(` ${query}`)) return 1;
  if (name.includes(` ${query}`)) return 2;
  if (name.includes(query)) return 3;
  return all.includes(` ${query}`) ? 4 : 5;
};
/** @param {SearchEntry} given */
const people = ({ layer, feature }) => (layer.group === "base" ? (feature.values.population ?? 0) : Infinity);
/** @param {SearchEntry[]} entries @param {string} text @returns {SearchEntry[]} the best first */
export const matching = (entries, text) => {
  const query = plain(text);
  if (!query) return [];
  const parts = query.split(" ");
  const ranked = entries
    .filter(({ feature, all }) => !feature.hidden && parts.every((part) => all.includes(part)))
    .map((one) => ({ ...one, rank: rank(one, query) }))
    .sort((a, b) => a.rank - b.rank || (people(a) === people(b) ? 0 : people(b) - people(a)));
  // the order of letters is asked only of those that may be shown
  const first = ranked
    .slice(0, SORTED)
    .sort(
      (a, b) => a.rank - b.rank || (people(a) === people(b) ? a.title.localeCompare(b.title) : people(b) - people(a)),
    );
  return [...first, ...ranked.slice(SORTED)];
};
