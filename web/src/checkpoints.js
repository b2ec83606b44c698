// checkpoints: posts on map, strip and tables answer together, and one choice holds for all three
import * as address from "./address.js";
import { AGENCIES, choice, FIXITIES, fits, keep, restore, YEARS } from "./checkpoint-choice.js";
import * as posted from "./checkpoint-posts.js";
import { agencies, fixity, interval, layer, name, posts, stretches, year } from "./checkpoint-posts.js";
import * as details from "./details.js";
import { all, byId, el } from "./dom.js";
import * as i18n from "./i18n.js";
import { date, number, t } from "./i18n.js";
import * as legend from "./legend.js";
import * as view from "./map.js";
import { map, paths } from "./map.js";
import { draw } from "./map-pens.js";
import { chainageStrip } from "./strip.js";
import * as theme from "./theme.js";
import { colour } from "./theme.js";

/** @param {CheckPost} post */
const swatch = (post) =>
  post.feature.shape?.kind === "a"
    ? legend.swatch("checkpoints", {}, "a")
    : legend.swatch("checkpoints", post.feature.values, "l");
/** @param {HTMLSelectElement} select @param {string[][]} entries @param {string} chosen */
const options = (select, entries, chosen) => {
  select.replaceChildren(...entries.map(([value, text]) => el("option", { value }, text)));
  select.value = chosen;
};
/** @type {HTMLSelectElement} */
const agencySelect = byId("agency");
/** @type {HTMLSelectElement} */
const yearSelect = byId("year");
const drawChoice = () => {
  const focused = document.activeElement?.id;
  byId("fixities").replaceChildren(
    ...FIXITIES.map((code) => {
      const box = el("input", {
        type: "checkbox",
        id: `fixity-${code}`,
        value: code,
        onchange: () => {
          if (box.checked) choice.fixity.add(code);
          else choice.fixity.delete(code);
          changed();
        },
      });
      box.checked = choice.fixity.has(code);
      const count = posts.filter(({ feature }) => feature.values.fixity === code).length;
      return el(
        "li",
        {},
        box,
        legend.swatch("checkpoints", { fixity: code }, "l"),
        el("label", { for: box.id }, t(`value.checkpoints.fixity.${code}`)),
        el("span", { class: "count" }, number(count)),
      );
    }),
  );
  options(
    agencySelect,
    [
      ["", t("checkpoints.agency.all")],
      ...AGENCIES.map((code) => [code, posted.agency(code)]).sort((a, b) => a[1].localeCompare(b[1], i18n.language)),
    ],
    choice.agency,
  );
  options(
    yearSelect,
    [["", t("checkpoints.year.all")], ...YEARS.map((one) => [one, one]), ["none", t("checkpoints.year.none")]],
    choice.year,
  );
  if (focused) byId(focused)?.focus();
};
const apply = () => {
  view.filter((other, feature) => other === layer && !posts.some((post) => post.feature === feature && fits(post)));
  const count = posts.filter(fits).length;
  byId("status").textContent = !count
    ? t("checkpoints.none")
    : count === posts.length
      ? t("checkpoints.all", { count: number(count) })
      : t("checkpoints.some", { count: number(count), all: number(posts.length) });
  drawTables();
  strip?.draw();
};
const changed = () => {
  keep();
  apply();
};

// ── tables ───────────────────────────────────────────────────────────────
/** @type {Map<CheckPost, HTMLElement>} */
const rows = new Map();
/** @param {CheckPost} post @param {(post: CheckPost) => HTMLElement} where */
const row = (post, where) => {
  const button = el(
    "button",
    { type: "button", onclick: () => view.openFromList(layer, post.feature) },
    details.isolated(name(post)),
  );
  const line = el(
    "tbody",
    {
      onpointerenter: () => light([post]),
      onpointerleave: () => light([]),
      onfocusin: () => light([post]),
      onfocusout: () => light([]),
    },
    el("tr", {}, el("th", { scope: "rowgroup" }, button), where(post), el("td", {}, year(post))),
    el(
      "tr",
      {},
      el(
        "td",
        { colspan: 3 },
        el("span", { class: "line" }, swatch(post), el("span", {}, `${fixity(post)} · ${agencies(post)}`)),
        post.disagree ? el("span", { class: "line strong" }, t("checkpoints.disagree")) : null,
        el("span", { class: "line quiet" }, details.isolated(posted.cited(post))),
      ),
    ),
  );
  rows.set(post, line);
  return line;
};
/** @param {string} id @param {string[]} heads @param {CheckPost[]} members @param {(post: CheckPost) => HTMLElement} where */
const fill = (id, heads, members, where) => {
  const shown = members.filter(fits);
  byId(id).replaceChildren(
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
    ...(shown.length
      ? shown.map((post) => row(post, where))
      : [el("tbody", {}, el("tr", {}, el("td", { colspan: heads.length, class: "quiet" }, t("checkpoints.none"))))]),
  );
};
const drawTables = () => {
  const focused = [...rows].find(([, line]) => line.contains(document.activeElement))?.[0];
  rows.clear();
  fill("posts-on", [t("checkpoints.post"), t("checkpoints.km"), t("checkpoints.when")], posted.on, (post) =>
    el("td", { class: "number" }, interval(post)),
  );
  fill("posts-off", [t("checkpoints.post"), t("checkpoints.place"), t("checkpoints.when")], posted.off, ({ feature }) =>
    el("td", {}, details.isolated(i18n.translated(feature.values.municipality))),
  );
  if (focused) rows.get(focused)?.querySelector("button")?.focus();
};

// ── lighting up: map, strip and tables at once ───────────────────────────
/** @type {Feature | null} */
let open = null;
/** @type {L.Path[]} */
const lit = [];
/** @param {CheckPost[]} chosen */
const light = (chosen) => {
  for (const path of lit.splice(0)) path.remove();
  for (const [post, line] of rows) line.classList.toggle("under", chosen.includes(post));
  strip?.mark((data) => data !== undefined && (chosen.includes(data) || data.feature === open));
  const ink = colour("focus");
  for (const { feature } of chosen) {
    if (!feature.shape || feature.hidden || feature === open || !layer.shown) continue;
    const { kind } = feature.shape;
    lit.push(
      draw(feature.shape, {
        color: ink,
        weight: kind === "l" ? 13 : 2.5,
        opacity: kind === "l" ? 0.4 : 1,
        fill: kind === "a",
        fillColor: ink,
        fillOpacity: 0.06,
        interactive: false,
        renderer: view.pen,
      }).addTo(map),
    );
  }
};
map.on("tell", ({ feature }) => {
  open = feature ?? null;
  light([]);
});
map.on("untell", () => {
  open = null;
  light([]);
});
for (const path of paths.get("checkpoints") ?? []) {
  path.on("mouseover", () => light(posts.filter(({ feature }) => path.features?.includes(feature))));
  path.on("mouseout", () => light([]));
}

// ── strip ────────────────────────────────────────────────────────────────
/** @type {{ [fixity: string]: string }} */
const PILLS = { fixed: "solid", mobile: "dashed", unknown: "hollow" };
/** @param {number} where */
const at = (where) => posted.on.filter((post) => fits(post) && post.from <= where && where <= post.to);
const stops = [
  ...stretches.map(({ values }) => ({ at: values.chainage_from_km, label: values.from_place })),
  ...stretches.slice(-1).map(({ values }) => ({ at: values.chainage_to_km, label: values.to_place })),
];
/** @type {() => StripBand<CheckPost>[]} */
const bands = () => [
  {
    key: "posts",
    title: t("checkpoints.posts"),
    kind: "stretches",
    items: posted.on.filter(fits).map((post) => ({
      spans: [[post.from, post.to]],
      label: [name(post), ...posted.facts(post)].join(" · "),
      short: [name(post), year(post)].join(" · "),
      pill: PILLS[post.feature.values.fixity] ?? "hollow",
      ink: colour("post"),
      data: post,
      hint: `${name(post)} · km ${interval(post)} · ${fixity(post)}`,
    })),
  },
  {
    key: "settlements",
    title: t("checkpoints.settlements"),
    kind: "marks",
    items: stops.map((stop) => ({ ...stop, spans: [], sign: "tick", ink: colour("corridor") })),
  },
];
/** @param {number} where */
const say = (where) => {
  const part = stretches.find(({ values }) => where <= values.chainage_to_km) ?? stretches.at(-1);
  return [
    `km ${posted.km(where)}`,
    part ? `${part.values.from_place} – ${part.values.to_place}` : "",
    at(where).map(name).join("; "),
  ]
    .filter(Boolean)
    .join(" · ");
};
const needle = L.circleMarker([0, 0], {
  radius: 6,
  weight: 2.5,
  fill: true,
  fillOpacity: 1,
  interactive: false,
  pane: "markerPane",
  renderer: L.svg({ pane: "markerPane" }),
});
/** @param {number} where */
const place = (where) =>
  needle
    .setLatLng(posted.road.at(where))
    .setStyle({ color: colour("focus"), fillColor: colour("paper") })
    .addTo(map);
const strip = stretches.length
  ? chainageStrip(byId("strip"), {
      length: posted.length,
      file: "checkpoints.svg",
      title: () => t("checkpoints.strip"),
      credit: () => t("checkpoints.credit"),
      bands,
      say,
      minWidth: 860,
      onCursor: (where) => {
        place(where);
        light(at(where));
      },
      onItem: (item) => light(item?.data ? [item.data] : []),
      onOpen: (item) => {
        if (item.data) view.openFromList(layer, item.data.feature);
      },
    })
  : null;
view.settle();
// the other way round: the strip follows the pointer along the road
map.on("mousemove", ({ latlng, layerPoint }) => {
  if (!strip) return;
  const { km: where } = posted.road.nearest([latlng.lat, latlng.lng]);
  if (map.latLngToLayerPoint(posted.road.at(where)).distanceTo(layerPoint) > 14) return;
  strip.cursor(where);
  place(where);
});

// ── start ────────────────────────────────────────────────────────────────
byId("filter").addEventListener("submit", (event) => event.preventDefault());
agencySelect.addEventListener("change", () => {
  choice.agency = agencySelect.value;
  changed();
});
yearSelect.addEventListener("change", () => {
  choice.year = yearSelect.value;
  changed();
});
byId("filter").addEventListener("reset", (event) => {
  event.preventDefault();
  choice.fixity = new Set(FIXITIES);
  choice.agency = choice.year = "";
  drawChoice();
  changed();
});
const speak = () => {
  for (const node of all("[data-date]")) node.textContent = date(node.dataset.date ?? "");
  drawChoice();
  apply();
};
address.onChange(() => {
  restore();
  speak();
});
i18n.onChange(speak);
theme.onChange(() => {
  drawChoice();
  drawTables();
  light([]);
});
restore();
speak();
