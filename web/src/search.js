// search over the names and codes of every feature and settlement: a combobox with a list of answers
import * as details from "./details.js";
import { all, el } from "./dom.js";
import * as i18n from "./i18n.js";
import { number, t } from "./i18n.js";
import { enterCard, layers, openFromList } from "./map.js";
import { entry, listed, matching, plain } from "./search-index.js";

const MOST = 12;
/** @type {SearchEntry[] | null} */
let index = null;
const entries = () => {
  index ??= layers.flatMap((layer) =>
    layer.features.filter((feature) => listed(layer, feature)).map((feature) => entry(layer, feature)),
  );
  return index;
};

/** @param {string} text */
export const find = (text) => matching(entries(), text);

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
  enterCard(input);
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
