// the layer tree: switches with counts, legend with the real signs, and every feature as a list
import { isolated, repeats, shown, title } from "./details.js";
import { all, byId, el } from "./dom.js";
import { number, t } from "./i18n.js";
import { legend, swatch } from "./legend.js";
import * as saving from "./saving.js";

/** @param {Layer[]} layers @param {{ open(layer: Layer, feature: Feature): void, toggle(layer: Layer, wanted: boolean): void }} actions */
export const layerTree = (layers, actions) => {
  const MOST_LISTED = 500;
  const GROUPS = ["own", "line", "crossings", "control", "field"];
  const holder = byId("tree");

  /** @param {Layer} _layer @param {LegendRow} row */
  const legendRow = (_layer, row) => {
    // a row that draws itself
    if (typeof row === "function") return row();
    const [text, name, values, kind] = row;
    const label = Array.isArray(text) ? t(`value.${name}.${text[0]}.${text[1]}`) : t(text);
    return el("li", {}, swatch(name, values, kind), el("span", {}, label));
  };
  // a row whose coded value no feature has would promise what the map does not show
  /** @param {Layer} layer @param {Values} values @param {string} kind */
  const drawn = (layer, values, kind) =>
    layer.features.some(
      (feature) =>
        feature.shape?.kind === kind &&
        Object.entries(values).every(([name, value]) => (feature.values[name] ?? null) === value),
    );
  /** @type {(layer: Layer) => (row: LegendRow) => boolean} */
  const present = (layer) => (row) => {
    if (typeof row === "function") return true;
    const [text, , values, kind] = row;
    if (Array.isArray(text)) return layer.features.some((feature) => feature.values[text[0]] === text[1]);
    return layer.group === "own" || Object.keys(values).length ? drawn(layer, values, kind) : true;
  };

  /** @param {Layer} layer */
  const left = (layer) => layer.features.filter((feature) => !feature.hidden);
  /** @param {Layer} layer */
  const counted = (layer) => (layer.crowd ? crowded(layer.crowd) : some(layer));
  /** @param {{ count: number, left: number }} crowd */
  const crowded = ({ count, left }) =>
    left === count ? number(count) : t("ui.count.of", { count: number(left), all: number(count) });
  /** @param {Layer} layer */
  const some = (layer) =>
    left(layer).length === layer.features.length
      ? whole(layer)
      : t("ui.count.of", { count: number(left(layer).length), all: number(layer.features.length) });
  // a crossing in doubt or closed is not one more that is open
  /** @param {Layer} given */
  const whole = ({ name, features }) => {
    const open = features.filter(({ values }) => values.status === "open").length;
    return name === "crossings_formal"
      ? t("ui.count.formal", { open: number(open), other: number(features.length - open) })
      : number(features.length);
  };

  // a list without end would hold up the page
  /** @param {Element} ol @param {Layer} layer @param {Feature[]} features @param {number} from */
  const fill = (ol, layer, features, from) => {
    const more = features.length - from - MOST_LISTED;
    ol.append(...features.slice(from, from + MOST_LISTED).map((feature) => el("li", {}, entry(layer, feature))));
    if (more <= 0) return;
    const next = el(
      "button",
      {
        type: "button",
        class: "more",
        onclick: () => {
          const last = /** @type {HTMLElement} */ (next.parentElement);
          fill(ol, layer, features, from + MOST_LISTED);
          last.nextElementSibling?.querySelector("button")?.focus();
          last.remove();
        },
      },
      t("ui.more", { count: number(Math.min(more, MOST_LISTED)), left: number(more) }),
    );
    ol.append(el("li", {}, next));
  };
  /** @param {Layer} layer */
  const list = (layer) => {
    if (layer.crowd) return null;
    const details = el("details", { class: "list" }, el("summary", {}, t("ui.list", { count: counted(layer) })));
    details.addEventListener("toggle", () => {
      if (!details.open || details.querySelector("ol")) return;
      const ol = el("ol");
      details.append(ol);
      fill(ol, layer, left(layer), 0);
    });
    return details;
  };
  /**
   * @param {Layer} layer
   * @param {Feature} feature
   */
  const entry = (layer, feature) => {
    const more = layer.facts.slice(0, 2).map((name) => shown(layer, feature, name));
    const name = title(layer, feature);
    const tail = more
      .filter((text) => text !== null && text !== name && (layer.group === "own" || !repeats(name, text)))
      .join(" · ");
    return el(
      "button",
      { type: "button", onclick: () => actions.open(layer, feature) },
      isolated(name),
      tail ? el("span", { class: "quiet" }, " ", isolated(tail)) : null,
    );
  };

  /** @param {Layer} layer */
  const item = (layer) => {
    /** @type {HTMLInputElement} */
    const box = el("input", {
      type: "checkbox",
      id: `show-${layer.name}`,
      onchange: () => actions.toggle(layer, box.checked),
    });
    box.checked = layer.shown;
    return el(
      "li",
      { class: "layer", "data-layer": layer.name },
      el(
        "div",
        { class: "layer-head" },
        box,
        el("label", { for: box.id }, t(`layer.${layer.name}.title`)),
        el("span", { class: "count", title: t("ui.count") }, counted(layer)),
      ),
      el(
        "ul",
        { class: "legend" },
        ...(legend[layer.name] ?? []).filter(present(layer)).map((row) => legendRow(layer, row)),
      ),
      el(
        "details",
        { class: "what" },
        el("summary", {}, t("ui.what")),
        el("p", {}, t(`layer.${layer.name}.description`)),
        layer.crowd ? null : saving.button(layer),
      ),
      list(layer),
    );
  };

  const draw = () => {
    const open = [...holder.querySelectorAll("details[open]")].map(
      (node) =>
        `[data-layer="${/** @type {HTMLElement} */ (node.closest(".layer")).dataset.layer}"] .${node.className}`,
    );
    holder.replaceChildren(
      ...GROUPS.map((group) => {
        const members = layers.filter((layer) => layer.group === group);
        return members.length
          ? el(
              "section",
              { class: "group" },
              el("h2", {}, t(`group.${group}`)),
              el("ul", { class: "plain" }, ...members.map(item)),
            )
          : "";
      }),
    );
    for (const place of open)
      for (const fold of /** @type {HTMLDetailsElement[]} */ (all(place, holder))) fold.open = true;
  };
  return { draw };
};
