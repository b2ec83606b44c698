// which crossings are shown: formal or informal, vehicles, kind and status; kept in the address
import * as address from "./address.js";
import { pageData } from "./data.js";
import * as details from "./details.js";
import { byId, el } from "./dom.js";
import * as i18n from "./i18n.js";
import { has, near, number, t } from "./i18n.js";
import { byName, filter, openFromList } from "./map.js";

const LAYERS = ["crossings_formal", "crossings_informal"];
const FORMAL = byName.get("crossings_formal");
const UNSTATED = "unstated";

/** @param {Layer} layer */
const formality = (layer) => (layer.name === "crossings_formal" ? "formal" : "informal");
/** @type {{ [name: string]: (layer: Layer, feature: Feature) => string | null }} */
const read = {
  form: (layer) => formality(layer),
  vehicles: (_layer, { values }) => values.vehicular ?? "unknown",
  kind: (layer, { values }) => (layer === FORMAL ? (values.kind ?? UNSTATED) : null),
  status: (layer, { values }) => (layer === FORMAL ? (values.status ?? UNSTATED) : null),
};
const names = Object.keys(read);
/** @type {() => Placed[]} */
const crossings = () =>
  LAYERS.flatMap((name) => {
    const layer = byName.get(name);
    return layer ? layer.features.map((feature) => /** @type {Placed} */ ([layer, feature])) : [];
  });
const options = Object.fromEntries(
  names.map((name) => [
    name,
    [
      ...new Set(
        crossings()
          .map(([layer, feature]) => read[name](layer, feature))
          .filter((value) => value !== null),
      ),
    ],
  ]),
);

/** @param {string} name @param {string | null} value */
const called = (name, value) => {
  const key = `crossings.${name}.${value}`;
  return has(key) ? t(key) : t(`value.crossings_formal.${name}.${value}`);
};
/** @type {{ [name: string]: HTMLSelectElement }} */
const boxes = Object.fromEntries(names.map((name) => [name, byId(`filter-${name}`)]));
const chosen = () => Object.fromEntries(names.map((name) => [name, boxes[name].value]));
/** @param {{ [name: string]: string }} wanted @param {Layer} layer @param {Feature} feature */
const passes = (wanted, layer, feature) =>
  names.every((name) => !wanted[name] || read[name](layer, feature) === wanted[name]);

const offer = () => {
  const wanted = chosen();
  for (const name of names) {
    boxes[name].replaceChildren(
      el("option", { value: "" }, t("crossings.filter.all")),
      ...options[name].map((value) => el("option", { value }, called(name, value))),
    );
    boxes[name].value = wanted[name];
  }
};

// ── what is left, in words and as a table ──────────────────────────────────
const left = () => crossings().filter(([, feature]) => !feature.hidden);
const say = () => {
  const rest = left();
  /** @param {string} name */
  const of = (name) => ({
    count: number(rest.filter(([layer]) => layer.name === name).length),
    all: number(byName.get(name)?.features.length ?? 0),
  });
  const open = FORMAL?.features.filter(({ values }) => values.status === "open").length ?? 0;
  const formal = of("crossings_formal");
  const informal = of("crossings_informal");
  const { kind, status } = chosen();
  byId("filter-said").textContent = [
    t("crossings.filter.said", {
      formal: formal.count,
      open: number(open),
      other: number((FORMAL?.features.length ?? 0) - open),
      informal: informal.count,
      informals: informal.all,
    }),
    kind || status ? t("crossings.filter.formal") : "",
  ]
    .join(" ")
    .trim();
  /** @type {HTMLButtonElement} */ (byId("filter-clear")).disabled = names.every((name) => !boxes[name].value);
};

/** @param {Layer} _layer @param {Feature} feature */
const places = (_layer, { values, shape }) => {
  const metres =
    typeof values.coordinateUncertaintyInMeters === "number" ? near(values.coordinateUncertaintyInMeters) : "–";
  if (!shape) return t("crossings.table.undrawn");
  return shape.kind === "p" ? t("crossings.table.point", { distance: metres }) : t("crossings.table.stretch");
};
/**
 * @param {Layer} layer
 * @param {Feature} feature
 */
const way = (layer, feature) =>
  layer === FORMAL
    ? called("kind", read.kind(layer, feature))
    : feature.values.mode
      ? details.translated(feature.values.mode)
      : "–";
/** @param {Placed} entry */
const row = ([layer, feature]) => {
  const formal = layer === FORMAL;
  return el(
    "tr",
    {},
    el(
      "th",
      { scope: "row" },
      el(
        "button",
        { type: "button", class: "link", onclick: () => openFromList(layer, feature) },
        details.isolated(details.title(layer, feature)),
      ),
    ),
    el("td", {}, called("form", formality(layer))),
    el("td", {}, way(layer, feature)),
    el("td", {}, called("vehicles", read.vehicles(layer, feature))),
    el("td", {}, formal ? called("status", read.status(layer, feature)) : "–"),
    el("td", {}, details.isolated(feature.values.municipality_name ?? "–")),
    el("td", {}, places(layer, feature)),
  );
};
const tabulate = () => {
  const heads = ["name", "form", "kind", "vehicles", "status", "municipality", "place"];
  byId("crossings-table").replaceChildren(
    el("caption", { class: "unseen" }, t("crossings.table")),
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, t(`crossings.table.${head}`))))),
    el("tbody", {}, ...left().map(row)),
  );
  byId("withheld").textContent = t("crossings.withheld", { count: number(pageData("withheld")) });
};

const apply = () => {
  const wanted = chosen();
  filter((layer, feature) => LAYERS.includes(layer.name) && !passes(wanted, layer, feature));
  say();
  tabulate();
};
const restore = () => {
  for (const name of names) {
    const wanted = address.get(name) ?? "";
    boxes[name].value = options[name].includes(wanted) ? wanted : "";
  }
  apply();
};
const choose = () => {
  address.set(Object.fromEntries(names.map((name) => [name, boxes[name].value || null])));
  apply();
};

for (const name of names) boxes[name].addEventListener("change", choose);
byId("filter-clear").addEventListener("click", () => {
  for (const name of names) boxes[name].value = "";
  choose();
  boxes.form.focus();
});
byId("to-counts").addEventListener("click", () => {
  const head = byId("counts-head");
  const panel = byId("panel-body");
  panel.scrollTop += head.getBoundingClientRect().top - panel.getBoundingClientRect().top - 8;
  head.focus({ preventScroll: true });
});
i18n.onChange(() => {
  offer();
  say();
  tabulate();
});
address.onChange(restore);
offer();
restore();
