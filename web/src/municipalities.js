// the figure chosen, its legend, and the table: what the map marks the table marks, and the other way round
import * as state from "./address.js";
import * as choropleth from "./choropleth.js";
import { pageData } from "./data.js";
import * as details from "./details.js";
import { all, byId, el } from "./dom.js";
import * as i18n from "./i18n.js";
import { number, t } from "./i18n.js";
import * as view from "./map.js";
import { head, label, measured, names, plain, value } from "./municipality-figures.js";
import * as inset from "./municipality-inset.js";
import { legend, swatch } from "./municipality-legend.js";
import { inOrder } from "./municipality-order.js";
import { areas } from "./positions.js";

const { states, totals } = pageData("municipalities");
const layer = /** @type {Layer} */ (view.byName.get("municipalities"));

// ── what the reader chooses ──────────────────────────────────────────────
/** @type {(holder: Element, group: string, choices: string[], chosen: string, words: (choice: string) => string, choose: (choice: string) => void) => void} */
const chips = (holder, group, choices, chosen, words, choose) =>
  holder.replaceChildren(
    ...choices.map((choice) => {
      const box = el("input", {
        type: "radio",
        name: group,
        id: `${group}-${choice}`,
        value: choice,
        onchange: () => choose(choice),
      });
      box.checked = choice === chosen;
      return el("span", { class: "chip" }, box, el("label", { for: box.id }, words(choice)));
    }),
  );
/** @param {{ [key: string]: string }} change */
const choose = (change) => {
  state.set(change);
  recolour();
};
const chooser = () => {
  chips(byId("figures"), "figure", names, choropleth.figure(), label, (figure) => choose({ figure }));
  chips(
    byId("methods"),
    "classes",
    choropleth.METHODS,
    choropleth.method(),
    (method) => t(`municipalities.method.${method}`),
    (classes) => choose({ classes }),
  );
};

// ── table ────────────────────────────────────────────────────────────────
/** @type {() => [name: string, down: boolean]} */
const sorting = () => {
  const text = state.get("sort") ?? `-${choropleth.figure()}`;
  const name = text.replace(/^-/, "");
  return [...names, "name", "state"].includes(name) ? [name, text.startsWith("-")] : [choropleth.figure(), true];
};
const sorted = () => {
  const [name, down] = sorting();
  return inOrder(layer.features, name, down, (feature) => states[choropleth.index(feature)]);
};
/** @param {string} name */
const resort = (name) => {
  const [current, down] = sorting();
  const text = ["name", "state"].includes(name);
  state.set({ sort: `${(name === current ? !down : !text) ? "-" : ""}${name}` });
  table();
  all(`th[data-column="${name}"] button`, byId("table"))[0].focus();
};

/** @param {string} name @param {string} words */
const column = (name, words) => {
  const [current, down] = sorting();
  const way = name !== current ? null : down ? "descending" : "ascending";
  return el(
    "th",
    { scope: "col", "data-column": name, "aria-sort": way, class: name === choropleth.figure() ? "chosen" : null },
    el(
      "button",
      { type: "button", title: t("municipalities.sort"), onclick: () => resort(name) },
      words,
      el("span", { class: "arrow", "aria-hidden": "true" }, way === null ? "" : down ? " ↓" : " ↑"),
    ),
  );
};
/** @param {Feature} feature @param {string} name */
const cell = (feature, name) => {
  const chosen = name === choropleth.figure();
  const index = choropleth.classes().of[choropleth.index(feature)] ?? null;
  return el(
    "td",
    { class: chosen ? "chosen" : null },
    chosen && index !== null ? swatch(index) : null,
    plain(name, value(feature, name)),
  );
};
/** @param {Feature} feature */
const row = (feature) => {
  const button = el(
    "button",
    {
      type: "button",
      onclick: () => view.openFromList(layer, feature),
      onfocus: () => mark(feature),
      onblur: () => remark(),
    },
    details.isolated(feature.values.name),
  );
  return el(
    "tr",
    {
      "data-id": feature.id,
      class: feature === selected ? "told" : null,
      onmouseenter: () => mark(feature),
      onmouseleave: () => remark(),
    },
    el("th", { scope: "row" }, button),
    el("td", { class: "state" }, details.isolated(states[choropleth.index(feature)])),
    ...names.map((name) => cell(feature, name)),
  );
};
/** @param {MunicipalSums} sums */
const total = (sums) =>
  el(
    "tr",
    { class: sums.state === null ? "all" : null },
    el(
      "th",
      { scope: "row", colspan: 2 },
      sums.state === null ? t("municipalities.total") : details.isolated(sums.state),
      el("span", { class: "count" }, ` ${t("municipalities.count", { count: number(sums.count) })}`),
    ),
    ...names.map((name) =>
      el("td", { class: name === choropleth.figure() ? "chosen" : null }, plain(name, sums[name])),
    ),
  );
const table = () => {
  byId("table").replaceChildren(
    el("caption", { class: "hidden" }, t("municipalities.caption")),
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        column("name", t("municipalities.head.name")),
        column("state", t("municipalities.head.state")),
        ...names.map((name) => column(name, head(name))),
      ),
    ),
    el("tbody", {}, ...sorted().map(row)),
    el("tfoot", {}, ...totals.map(total)),
  );
};
const cite = () => {
  const ids = [...new Set(layer.features.flatMap((feature) => feature.values.source_ids ?? []))].filter(
    (id) => pageData("sources")[id],
  );
  byId("cited").replaceChildren(
    `${t("ui.sources")}: `,
    ...ids.flatMap((id, index) => [index ? "; " : "", ...source(id)]),
  );
};
/** @param {string} id */
const source = (id) => {
  const known = pageData("sources")[id];
  return known[0]
    ? [details.titled(known), ", ", details.isolated(details.whose(known))]
    : [details.isolated(details.whose(known))];
};

// ── map and table together ───────────────────────────────────────────────
/** @type {Feature | null} */
let selected = null;
/** @param {Feature} feature */
const rowOf = (feature) => all("tbody tr", byId("table")).find((node) => node.dataset.id === feature.id);
/** @param {Feature | null | undefined} feature @param {string} name @param {boolean} wanted */
const light = (feature, name, wanted) => feature && rowOf(feature)?.classList.toggle(name, wanted);
/** @param {Feature} feature */
const mark = (feature) => view.highlight(feature);
const remark = () => (selected ? view.highlight(selected) : view.unmark());
// only the table scrolls: the page must not jump away from the map
/** @param {Feature} feature */
const reveal = (feature) => {
  const panel = byId("panel-body");
  const place = rowOf(feature)?.getBoundingClientRect();
  const frame = panel.getBoundingClientRect();
  if (place && (place.top < frame.top + 40 || place.bottom > frame.bottom))
    panel.scrollTop += place.top - frame.top - frame.height / 2;
};
view.map.on("tell", ({ layerOf, feature }) => {
  light(selected, "told", false);
  selected = (layerOf === layer && feature) || null;
  light(selected, "told", true);
  state.set({ place: selected ? selected.values.cvegeo : null });
  if (selected) reveal(selected);
});
view.map.on("untell", () => {
  light(selected, "told", false);
  selected = null;
  state.set({ place: null });
});

/** @param {Feature} feature */
const hint = (feature) => {
  const name = choropleth.figure();
  return el(
    "span",
    {},
    el("strong", {}, details.isolated(feature.values.name)),
    el("br"),
    measured(name, value(feature, name)),
  );
};
const paths = view.paths.get("municipalities") ?? [];
for (const path of paths) {
  const { features: [feature] = [] } = path;
  path.on("mouseover", () => light(feature, "under", true));
  path.on("mouseout", () => light(feature, "under", false));
  if (window.matchMedia("(hover: hover)").matches)
    path.bindTooltip(() => hint(feature), { sticky: true, className: "atlas-tip" });
}

// ── together ─────────────────────────────────────────────────────────────
const recolour = () => {
  for (const path of paths) path.restyle?.();
  legend();
  inset.redraw();
  table();
};
const speak = () => {
  chooser();
  legend();
  inset.redraw();
  table();
  cite();
};
i18n.onChange(speak);
state.onChange(() => {
  speak();
  recolour();
});
speak();
const wanted = layer.features.find((feature) => feature.values.cvegeo === state.get("place"));
if (wanted?.shape) view.tell(layer, wanted, L.polygon(areas(wanted)).getBounds().getCenter());
