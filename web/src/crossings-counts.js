// the published counts side by side: a figure for what was printed, a bar for the stretch that it speaks of
import { main } from "./border-sides.js";
import { pageData } from "./data.js";
import * as details from "./details.js";
import { isolated, named, translated } from "./details.js";
import { byId, el, svg } from "./dom.js";
import * as i18n from "./i18n.js";
import { dated, hedged, list, number, t } from "./i18n.js";
import { byName, highlight, openFromList, unmark } from "./map.js";

/** @type {CountTexts} */
export let countTexts;
const start = () => {
  const layer = byName.get("crossings_reported");
  if (!layer) return;
  const { lengthKm, turnKm, stretches } = pageData("counts");
  const sources = pageData("sources");
  const ORDER = ["whole", main.code, "land", "state", "rivers", "municipality"];
  const WIDE = 220;

  /** @param {Values} values */
  const universe = (values) => translated(values.universe);
  /** @param {Feature} feature */
  const spans = ({ values }) => stretches[values.total_id]?.[1] ?? [];
  /** @param {Feature} feature */
  const kilometres = (feature) =>
    list(
      spans(feature).map(([from, to]) =>
        t("fact.chainage.value", {
          from: number(from, { maximumFractionDigits: 0 }),
          to: number(to, { maximumFractionDigits: 0 }),
        }),
      ),
    );

  /** @param {Feature} feature */
  const bar = (feature) => {
    /** @param {number} km */
    const x = (km) => fine((km / lengthKm) * WIDE);
    const drawing = svg(
      "svg",
      {
        viewBox: `0 0 ${WIDE} 14`,
        class: "stretch",
        preserveAspectRatio: "none",
        "aria-hidden": "true",
        focusable: "false",
      },
      svg("rect", { x: 0, y: 5.5, width: WIDE, height: 3, class: "ground" }),
    );
    for (const [from, to] of spans(feature))
      drawing.append(svg("rect", { x: x(from), y: 2, width: Math.max(3, x(to - from)), height: 10, class: "spoken" }));
    drawing.append(svg("rect", { x: x(turnKm) - 0.75, y: 0, width: 1.5, height: 14, class: "turn" }));
    return drawing;
  };
  /** @param {number} value */
  const fine = (value) => Math.round(value * 100) / 100;

  /** @param {string[]} ids */
  const cited = (ids) =>
    ids
      .filter((id) => sources[id])
      .map((id) => {
        const name = details.whose(sources[id]);
        const url = sources[id][3];
        return url
          ? el("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, isolated(name))
          : isolated(name);
      })
      .flatMap((node, index) => (index ? ["; ", node] : [node]));

  // a hedge speaks of the total, where there is one
  /** @param {Values} values @param {string} kind */
  const exact = (values, kind) => (kind === "total" || values.total === null ? values : {});
  /** @param {Values} values */
  const claimant = ({ claimant: who, source_ids: ids }) =>
    !who || ids.some((/** @type {string} */ id) => sources[id]?.[1]?.includes(who))
      ? []
      : [el("span", { class: "claimant" }, t("statement.by"), " ", named(who)), " · "];

  /** @param {Values} values @param {string} kind */
  const figure = (values, kind) =>
    el(
      "td",
      { class: `figure ${kind}` },
      values[kind] === null || values[kind] === undefined
        ? el(
            "span",
            { class: "quiet" },
            el("span", { "aria-hidden": "true" }, "–"),
            el("span", { class: "unseen" }, t("crossings.counts.none")),
          )
        : hedged(number(values[kind]), exact(values, kind)),
    );

  /** @param {Feature} feature */
  const row = (feature) => {
    const { values } = feature;
    const look = () => highlight(feature);
    const show = el(
      "button",
      {
        type: "button",
        class: "show",
        "data-total": values.total_id,
        onfocus: look,
        onblur: unmark,
        onclick: () => openFromList(layer, feature),
        "aria-label": t("crossings.counts.show", { what: details.title(layer, feature), stretch: kilometres(feature) }),
      },
      bar(feature),
      el("span", { class: "km" }, kilometres(feature)),
    );
    const under = { onmouseenter: look, onmouseleave: unmark };
    return [
      el(
        "tr",
        { class: "count-row", "data-total": values.total_id, ...under },
        figure(values, "total"),
        figure(values, "vehicular"),
        el("td", {}, show),
      ),
      el(
        "tr",
        { class: "more", ...under },
        el(
          "td",
          { colspan: 3 },
          el("span", { class: "universe" }, universe(values)),
          el(
            "span",
            { class: "said quiet" },
            values.as_of ? dated(values.as_of, values.date_basis) : t("crossings.counts.undated"),
            " · ",
            ...claimant(values),
            ...cited(values.source_ids ?? []),
          ),
          values.note ? el("span", { class: "said quiet note" }, translated(values.note)) : null,
        ),
      ),
    ];
  };

  /** @param {Feature} feature */
  const year = (feature) => String(feature.values.as_of ?? "9999");
  /** @param {Feature[]} features */
  const sorted = (features) =>
    [...features].sort((a, b) => year(a).localeCompare(year(b)) || a.values.total_id.localeCompare(b.values.total_id));
  /** @param {string} caption @param {[head: string | null, features: Feature[]][]} groups */
  const table = (caption, groups) =>
    el(
      "table",
      { class: "counts" },
      el("caption", { class: "unseen" }, caption),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          ...["total", "vehicular"].map((head) =>
            el("th", { scope: "col", class: "figure" }, t(`crossings.counts.${head}`)),
          ),
          el("th", { scope: "col" }, t("crossings.counts.stretch"), axis()),
        ),
      ),
      ...groups.map(([head, features]) =>
        el(
          "tbody",
          {},
          head ? el("tr", { class: "of" }, el("th", { colspan: 3, scope: "rowgroup" }, head)) : null,
          ...sorted(features).flatMap(row),
        ),
      ),
    );
  const axis = () =>
    el(
      "span",
      { class: "axis" },
      ...[0, lengthKm].map((km) =>
        el("span", {}, t("crossings.counts.km", { km: number(km, { maximumFractionDigits: 0 }) })),
      ),
    );

  const draw = () => {
    const whole = layer.features.filter(({ values }) => values.count_kind !== "partial");
    const partial = layer.features.filter(({ values }) => values.count_kind === "partial");
    /** @param {Feature} feature */
    const kind = ({ values }) => stretches[values.total_id]?.[0] ?? "whole";
    const kinds = [...new Set([...ORDER, ...whole.map(kind)])];
    const groups = kinds
      .map(
        (name) =>
          /** @type {[string, Feature[]]} */ ([
            t(`crossings.extent.${name}`),
            whole.filter((feature) => kind(feature) === name),
          ]),
      )
      .filter(([, features]) => features.length);
    byId("counts-whole").replaceChildren(table(t("crossings.counts"), groups));
    byId("counts-partial").replaceChildren(table(t("crossings.counts.partial"), [[null, partial]]));
  };

  i18n.onChange(draw);
  draw();
  countTexts = { universe, extent: (feature) => t(`crossings.extent.${stretches[feature.values.total_id][0]}`) };
};
start();
