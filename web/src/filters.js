// filters by kind, status and sensitivity: what is switched off leaves the map, the lists and the counts
import * as address from "./address.js";
import { afterDrawing } from "./after-drawing.js";
import { isolated, label } from "./details.js";
import { byId, el } from "./dom.js";
import * as i18n from "./i18n.js";
import { has, number, t } from "./i18n.js";
import { filter, layers } from "./map.js";

// which field says what kind of thing a feature of a layer is
/** @type {{ [layer: string]: string }} */
const KIND = {
  border: "nature",
  crossings_formal: "kind",
  crossings_informal: "vehicular",
  crossings_vehicular: "formality",
  crossings_reported: "count_kind",
  checkpoints: "fixity",
  containment: "shape",
  facilities: "kind",
};
const NONE = "none";

/** @param {Feature} feature @param {string} field */
const code = (feature, field) => feature.values[field] ?? NONE;
/** @param {Layer} layer @param {string} field */
const holds = (layer, field) => layer.group !== "base" && layer.fields.some(([name]) => name === field);
/** @param {string} field */
const having = (field) => layers.filter((layer) => holds(layer, field));
// a box: its token in the address, the layer and field that name its value, and what it is about
/** @param {string} token @param {Layer | undefined} layer @param {string} field @param {string} value @param {(layer: Layer, feature: Feature) => boolean} mine */
const box = (token, layer, field, value, mine) => ({ token, layer, field, value, mine });
/** @type {(of: Layer[], field: string) => string[]} */
const values = (of, field) =>
  [...new Set(of.flatMap((layer) => layer.features.map((feature) => code(feature, field))))].sort();

// kinds are told apart layer by layer; status and sensitivity mean the same everywhere
const kinds = layers
  .filter((layer) => KIND[layer.name] && holds(layer, KIND[layer.name]))
  .map((layer) => {
    const field = KIND[layer.name];
    return {
      title: () => `${t(`layer.${layer.name}.title`)} · ${label(layer, field)}`,
      boxes: values([layer], field).map((value) =>
        box(
          `${layer.name}.${value}`,
          layer,
          field,
          value,
          (other, feature) => other === layer && code(feature, field) === value,
        ),
      ),
    };
  });
/** @param {string} field */
const shared = (field) => ({
  title: () => t(`filter.${field}`),
  boxes: values(having(field), field).map((value) =>
    box(
      `${field}.${value}`,
      having(field).find((layer) => has(`value.${layer.name}.${field}.${value}`)),
      field,
      value,
      (other, feature) => holds(other, field) && code(feature, field) === value,
    ),
  ),
});
// one value alone leaves nothing to choose
const groups = [...kinds, shared("status"), shared("sensitivity")].filter(({ boxes }) => boxes.length > 1);
const boxes = groups.flatMap((group) => group.boxes);
/** @type {Set<string>} */
let off = new Set();

const read = () =>
  new Set((address.get("without") ?? "").split(",").filter((token) => boxes.some((one) => one.token === token)));
const apply = () => {
  const hiding = boxes.filter(({ token }) => off.has(token));
  filter((layer, feature) => hiding.some(({ mine }) => mine(layer, feature)));
  draw();
};
/** @param {Set<string>} next */
const set = (next) => {
  off = next;
  address.set({ without: off.size ? [...off].sort().join(",") : null });
  apply();
};
/** @param {string} token @param {boolean} wanted */
const toggle = (token, wanted) => {
  const next = new Set(off);
  if (wanted) next.delete(token);
  else next.add(token);
  set(next);
};

/** @param {FilterBox} given */
const name = ({ layer, field, value }) => {
  const key = `value.${layer?.name}.${field}.${value}`;
  return has(key)
    ? t(key)
    : value === NONE
      ? t("filter.none")
      : has(`sensitivity.${value}`)
        ? t(`sensitivity.${value}`)
        : value;
};
/** @param {FilterBox} given */
const count = ({ mine }) =>
  layers.reduce((sum, layer) => sum + layer.features.filter((feature) => mine(layer, feature)).length, 0);
/** @param {FilterBox} one */
const row = (one) => {
  const id = `filter-${one.token}`;
  /** @type {HTMLInputElement} */
  const input = el("input", { type: "checkbox", id, onchange: () => toggle(one.token, input.checked) });
  input.checked = !off.has(one.token);
  return el(
    "li",
    {},
    input,
    el("label", { for: id }, isolated(name(one))),
    el("span", { class: "count" }, number(count(one))),
  );
};

const summary = el("summary", {});
const body = el("div", {});
const details = el("details", { class: "filters" }, summary, body);
const hidden = () => layers.reduce((sum, layer) => sum + layer.features.filter((feature) => feature.hidden).length, 0);
const draw = () => {
  const focused = body.contains(document.activeElement) ? document.activeElement?.id : null;
  const gone = hidden();
  summary.replaceChildren(
    t("filter.title"),
    el("span", { class: "quiet", role: "status" }, gone ? ` ${t("filter.hidden", { count: number(gone) })}` : ""),
  );
  body.replaceChildren(
    el("p", { class: "quiet" }, t("filter.lead")),
    ...groups.map((group) =>
      el("fieldset", {}, el("legend", {}, group.title()), el("ul", { class: "plain" }, ...group.boxes.map(row))),
    ),
    el(
      "button",
      { type: "button", class: "reset", id: "filter-reset", onclick: () => set(new Set()) },
      t("filter.reset"),
    ),
  );
  if (focused) byId(focused)?.focus();
};

byId("tree").before(details);
i18n.onChange(draw);
address.onChange(() => {
  off = read();
  apply();
});
off = read();
details.open = off.size > 0;
// without a filter everything is on the map already
if (off.size) apply();
else afterDrawing(draw);
/** @param {string[]} tokens */
const setTokens = (tokens) => set(new Set(tokens));

export { setTokens as set };
