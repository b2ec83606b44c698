// search over the names and codes of every feature and settlement: a combobox with a list of answers
import * as details from "./details.js";
import { all, el } from "./dom.js";
import * as i18n from "./i18n.js";
import { number, t } from "./i18n.js";
import { layers, openFromList } from "./map.js";

const MOST = 12,
  SORTED = 500;
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
const plain = (text) =>
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
const listed = (layer, feature) => layer.group !== "base" || feature.values.kind === "settlement";
/**
 * @param {Layer} layer
 * @param {Feature} feature
 */
const entry = (layer, feature) => {
  const title = details.title(layer, feature);
  const known = words(layer, feature).map(plain);
  return { layer, feature, title, name: ` ${plain(title)}`, known, all: ` ${[plain(title), ...known].join(" ")}` };
};
/** @type {SearchEntry[] | null} */
let index = null;
const entries = () => {
  index ??= layers.flatMap((layer) =>
    layer.features.filter((feature) => listed(layer, feature)).map((feature) => entry(layer, feature)),
  );
  return index;
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
/** @param {string} text */
export const find = (text) => {
  const query = plain(text);
  if (!query) return [];
  const parts = query.split(" ");
  const ranked = entries()
    .filter(({ feature, all }) => !feature.hidden && parts.every((part) => all.includes(part)))
    .map((one) => ({ ...one, rank: rank(one, query) }))
    .sort((a, b) => a.rank - b.rank || (people(a) === people(b) ? 0 : people(b) - people(a)));
  // the order of letters is slow to tell, and is asked only of those that may be shown
  const first = ranked
    .slice(0, SORTED)
    .sort(
      (a, b) => a.rank - b.rank || (people(a) === people(b) ? a.title.localeCompare(b.title) : people(b) - people(a)),
    );
  return [...first, ...ranked.slice(SORTED)];
};

const input = el("input", {
  type: "search",
  id: "search",
  role: "combobox",
  "aria-expanded": "false",
  "aria-controls": "search-list",
  "aria-autocomplete": "list",
  autocomplete: "off",
  spellcheck: "false",
});
const list = el("ul", { id: "search-list", class: "plain", role: "listbox", hidden: true });
const status = el("p", { class: "quiet search-status", role: "status" });
const label = el("label", { for: "search" });
/** @type {SearchEntry[]} */
let matches = [];
let active = -1;

/** @param {SearchEntry} given */
const where = ({ layer, feature, title }) => {
  if (layer.group === "base") return t("search.settlement");
  const more = layer.facts
    .slice(0, 2)
    .map((name) => details.shown(layer, feature, name))
    .find((text) => text !== null && (layer.group === "own" || !details.repeats(title, text)));
  return [t(`layer.${layer.name}.title`), more].filter(Boolean).join(" · ");
};
/** @param {SearchEntry} one @param {number} position */
const option = (one, position) => {
  const node = el(
    "li",
    { role: "option", id: `search-${position}`, "aria-selected": "false", onclick: () => choose(position) },
    details.isolated(one.title),
    el("span", { class: "quiet" }, " ", details.isolated(where(one))),
  );
  node.addEventListener("pointerdown", (event) => event.preventDefault());
  return node;
};
/** @param {number} position */
const point = (position) => {
  active = position;
  for (const [at, node] of [...list.children].entries()) {
    node.setAttribute("aria-selected", String(at === active));
    if (at === active) node.scrollIntoView({ block: "nearest" });
  }
  if (active < 0) input.removeAttribute("aria-activedescendant");
  else input.setAttribute("aria-activedescendant", `search-${active}`);
};
/** @param {boolean} wanted */
const expand = (wanted) => {
  list.hidden = !wanted;
  input.setAttribute("aria-expanded", String(wanted));
  if (!wanted) point(-1);
};
const answer = () => {
  const every = find(input.value);
  matches = every.slice(0, MOST);
  list.replaceChildren(...matches.map(option));
  expand(matches.length > 0);
  point(-1);
  status.textContent = !plain(input.value)
    ? ""
    : every.length > MOST
      ? t("search.some", { shown: number(MOST), count: number(every.length) })
      : every.length
        ? t("search.count", { count: number(every.length) })
        : t("search.none");
};
/** @param {number} position */
const choose = (position) => {
  const { layer, feature, title } = matches[position];
  input.value = title;
  expand(false);
  status.textContent = "";
  openFromList(layer, feature);
};

/** @param {number} by */
const step = (by) => {
  if (list.hidden) answer();
  if (matches.length)
    point(active < 0 ? (by > 0 ? 0 : matches.length - 1) : (active + by + matches.length) % matches.length);
};
/** @type {{ [key: string]: () => void }} */
const keys = {
  ArrowDown: () => step(1),
  ArrowUp: () => step(-1),
  Enter: () => {
    if (list.hidden) answer();
    else if (matches.length) choose(Math.max(active, 0));
  },
  Escape: () => {
    if (list.hidden) input.value = "";
    status.textContent = "";
    expand(false);
  },
};
input.addEventListener("keydown", (event) => {
  if (!Object.hasOwn(keys, event.key) || event.isComposing) return;
  event.preventDefault();
  keys[event.key]();
});
input.addEventListener("input", answer);
input.addEventListener("blur", () => expand(false));

const speak = () => {
  index = null;
  label.textContent = t("search.label");
  input.placeholder = t("search.hint");
  list.setAttribute("aria-label", t("search.label"));
  if (!list.hidden) answer();
};
all("#panel-body .lead")[0].after(el("div", { class: "search", role: "search" }, label, input, status, list));
i18n.onChange(speak);
speak();
