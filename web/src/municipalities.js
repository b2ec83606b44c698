// the figure chosen, its legend, and the table: what the map marks the table marks, and the other way round
import * as state from "./address.js";
import * as choropleth from "./choropleth.js";
import { pageData } from "./data.js";
import * as details from "./details.js";
import { byId, el, svg } from "./dom.js";
import * as i18n from "./i18n.js";
import { has, number, percent, t } from "./i18n.js";
import * as view from "./map.js";

const { figures } = choropleth;
const { states, totals } = pageData("municipalities");
const layer = view.byName.get("municipalities");
const at = (id) => byId(id);
const names = Object.keys(figures);

// ── words ────────────────────────────────────────────────────────────────
const label = (name) => t(`municipalities.figure.${name}`);
const head = (name) => t(`municipalities.head.${name}`);
/** @type {Intl.NumberFormatOptions} */
const SHARE = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
const DIGITS = { area_km2: 1, border_km: 1, density: 1 };
const plain = (name, value) =>
  value === null
    ? t("municipalities.unknown")
    : name === "border_share"
      ? percent(value, SHARE)
      : number(value, { minimumFractionDigits: DIGITS[name] ?? 0, maximumFractionDigits: DIGITS[name] ?? 0 });
const unit = (name) => figures[name].unit;
const measured = (name, value) =>
  value === null || !unit(name) || !has(`municipalities.unit.${name}`)
    ? plain(name, value)
    : t(`municipalities.unit.${name}`, { value: plain(name, value) });
const value = (feature, name) => figures[name].values[choropleth.index(feature)];

// ── what the reader chooses ──────────────────────────────────────────────
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
const choose = (change) => {
  state.set(change);
  recolour();
};
const chooser = () => {
  chips(at("figures"), "figure", names, choropleth.figure(), label, (figure) => choose({ figure }));
  chips(
    at("methods"),
    "classes",
    choropleth.METHODS,
    choropleth.method(),
    (method) => t(`municipalities.method.${method}`),
    (classes) => choose({ classes }),
  );
};

// ── legend ───────────────────────────────────────────────────────────────
const swatch = (index) =>
  svg(
    "svg",
    { viewBox: "0 0 30 16", width: 30, height: 16, class: "swatch", "aria-hidden": "true", focusable: "false" },
    svg("rect", { x: 1, y: 1, width: 28, height: 14, class: `class-${index + 1}` }),
  );
const range = (name, [low, high]) =>
  low === high ? measured(name, low) : t("municipalities.range", { low: plain(name, low), high: measured(name, high) });
const rows = (name) =>
  choropleth
    .classes()
    .ranges.map((one, index) =>
      el(
        "li",
        {},
        swatch(index),
        el("span", {}, range(name, one)),
        el(
          "span",
          { class: "count" },
          t("municipalities.count", { count: number(choropleth.classes().counts[index]) }),
        ),
      ),
    );
const Key = L.Control.extend({
  box: /** @type {any} */ (null),
  onAdd() {
    this.box = el("div", { class: "map-key", "aria-hidden": "true" });
    return this.box;
  },
  draw(name) {
    this.box.replaceChildren(el("strong", {}, label(name)), el("ol", { class: "plain" }, ...rows(name)));
  },
});
const onMap = new Key({ position: "bottomleft" }).addTo(view.map);
const legend = () => {
  const name = choropleth.figure();
  const classes = choropleth.classes();
  at("key-title").textContent = label(name);
  at("key").replaceChildren(...rows(name));
  onMap.draw(name);
  at("key-method").textContent = t(`municipalities.classes.${choropleth.method()}`, {
    count: number(classes.ranges.length),
    fit: percent(classes.fit),
  });
  at("key-note").textContent = t(`municipalities.note.${name}`);
};

// ── table ────────────────────────────────────────────────────────────────
const sorting = () => {
  const text = state.get("sort") ?? `-${choropleth.figure()}`;
  const name = text.replace(/^-/, "");
  return [...names, "name", "state"].includes(name) ? [name, text.startsWith("-")] : [choropleth.figure(), true];
};
const sorted = () => {
  const [name, down] = sorting();
  const collator = new Intl.Collator(document.documentElement.lang);
  const byName = (a, b) => collator.compare(a.values.name, b.values.name);
  const compare =
    {
      name: byName,
      state: (a, b) => collator.compare(states[choropleth.index(a)], states[choropleth.index(b)]),
    }[name] ?? ((a, b) => (value(a, name) ?? -Infinity) - (value(b, name) ?? -Infinity));
  return [...layer.features].sort((a, b) => (down ? -1 : 1) * compare(a, b) || byName(a, b));
};
const resort = (name) => {
  const [current, down] = sorting();
  const text = ["name", "state"].includes(name);
  state.set({ sort: `${(name === current ? !down : !text) ? "-" : ""}${name}` });
  table();
  at("table").querySelector(`th[data-column="${name}"] button`).focus();
};

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
  at("table").replaceChildren(
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
  at("cited").replaceChildren(
    `${t("ui.sources")}: `,
    ...ids.flatMap((id, index) => [index ? "; " : "", ...source(id)]),
  );
};
const source = (id) => {
  const known = pageData("sources")[id];
  return known[0]
    ? [details.titled(known), ", ", details.isolated(details.whose(known))]
    : [details.isolated(details.whose(known))];
};

// ── map and table together ───────────────────────────────────────────────
let selected = null;
/** @param {Feature} feature */
const rowOf = (feature) => [...at("table").querySelectorAll("tbody tr")].find((node) => node.dataset.id === feature.id);
const light = (feature, name, wanted) => feature && rowOf(feature)?.classList.toggle(name, wanted);
/** @param {Feature} feature */
const mark = (feature) => view.highlight(feature);
const remark = () => (selected ? view.highlight(selected) : view.unmark());
// only the table scrolls: the page must not jump away from the map
/** @param {Feature} feature */
const reveal = (feature) => {
  const panel = at("panel-body");
  const place = rowOf(feature)?.getBoundingClientRect();
  const frame = panel.getBoundingClientRect();
  if (place && (place.top < frame.top + 40 || place.bottom > frame.bottom))
    panel.scrollTop += place.top - frame.top - frame.height / 2;
};
view.map.on("tell", ({ layerOf, feature }) => {
  light(selected, "told", false);
  selected = layerOf === layer ? feature : null;
  light(selected, "told", true);
  state.set({ place: selected ? selected.values.cvegeo : null });
  if (selected) reveal(selected);
});
view.map.on("untell", () => {
  light(selected, "told", false);
  selected = null;
  state.set({ place: null });
});

const hint = (path) => {
  const [feature] = path.features;
  const name = choropleth.figure();
  return el(
    "span",
    {},
    el("strong", {}, details.isolated(feature.values.name)),
    el("br"),
    measured(name, value(feature, name)),
  );
};
for (const path of view.paths.get("municipalities")) {
  path.on("mouseover", () => light(path.features[0], "under", true));
  path.on("mouseout", () => light(path.features[0], "under", false));
  if (window.matchMedia("(hover: hover)").matches) path.bindTooltip(hint, { sticky: true, className: "atlas-tip" });
}

// ── together ─────────────────────────────────────────────────────────────
const recolour = () => {
  for (const path of view.paths.get("municipalities")) path.restyle();
  legend();
  table();
};
const speak = () => {
  chooser();
  legend();
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
if (wanted?.shape) view.tell(layer, wanted, L.polygon(wanted.shape.positions).getBounds().getCenter());
