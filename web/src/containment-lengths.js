// lengths measured on the map beside those that are published, and every item as a table
import { shownBelts } from "./containment.js";
import { pageData } from "./data.js";
import { byId, el, svg } from "./dom.js";
import * as i18n from "./i18n.js";
import { rounded, t } from "./i18n.js";

const start = () => {
  if (!shownBelts) return;
  const { what, dated, distance, ends, cited, drawn, features } = shownBelts;
  const { lengths } = pageData("containment");
  const byItem = new Map(features.map((feature) => [feature.values.item, feature]));
  const WIDE = 200;

  /** @param {number} km @param {number} longest @param {string} kind */
  const bar = (km, longest, kind) =>
    svg(
      "svg",
      {
        viewBox: `0 0 ${WIDE} 10`,
        class: `length ${kind}`,
        preserveAspectRatio: "none",
        "aria-hidden": "true",
        focusable: "false",
      },
      svg("rect", { x: 0, y: 1, width: Math.round((km / longest) * WIDE), height: 8 }),
    );
  /** @param {string} head @param {number} km @param {number} longest @param {string} kind @param {(Node | string)[]} whose */
  const row = (head, km, longest, kind, whose) => [
    el(
      "tr",
      { class: kind },
      el("th", { scope: "row" }, head),
      el("td", { class: "number" }, t("unit.km", { value: rounded(km) })),
      el("td", { class: "bar-cell" }, bar(km, longest, kind)),
    ),
    el("tr", { class: "whose" }, el("td", { colspan: 3, class: "quiet" }, ...whose)),
  ];

  /** @param {BeltLength} given */
  const comparison = ({ key, measured_km: measured, published }) => {
    const longest = Math.max(measured, ...published.map(([, km]) => km));
    return el(
      "table",
      { class: "lengths", "data-length": key },
      el("caption", {}, t(`containment.length.${key}`)),
      el(
        "thead",
        { class: "unseen" },
        el(
          "tr",
          {},
          ...["what", "km", "bar"].map((head) => el("th", { scope: "col" }, t(`containment.length.head.${head}`))),
        ),
      ),
      el(
        "tbody",
        {},
        ...row(t(`containment.length.${key}.measured`), measured, longest, "measured", [
          t(`containment.length.${key}.how`),
        ]),
        ...published.flatMap(([item, km]) => {
          const feature = byItem.get(item);
          const whose = feature ? [`${dated(feature)} · `, ...cited(feature)] : [];
          return row(t(`containment.length.${item}`), km, longest, "published", whose);
        }),
      ),
    );
  };

  const table = () => {
    const heads = ["year", "what", "places", "distance", "drawn", "sources"];
    const sorted = [...features].sort(
      (a, b) =>
        String(a.values.year ?? "9999").localeCompare(String(b.values.year ?? "9999")) || a.id.localeCompare(b.id),
    );
    byId("every").replaceChildren(
      el("caption", { class: "unseen" }, t("containment.every.table")),
      el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, t(`containment.every.${head}`))))),
      el(
        "tbody",
        {},
        ...sorted.map((feature) =>
          el(
            "tr",
            {},
            el("td", { class: "number" }, dated(feature)),
            el("th", { scope: "row" }, what(feature)),
            el("td", {}, ends(feature) || "–"),
            el("td", {}, distance(feature) ?? "–"),
            el("td", {}, feature.shape ? drawn(feature) : t("containment.undrawn")),
            el("td", {}, ...cited(feature)),
          ),
        ),
      ),
    );
  };
  const draw = () => {
    byId("lengths").replaceChildren(...lengths.map(comparison));
    table();
  };
  i18n.onChange(draw);
  draw();
};
start();
