// checkpoints: posts on map, strip and tables answer together, and one choice holds for all three
import * as address from "./address.js";
import { pageData } from "./data.js";
import * as details from "./details.js";
import { all, byId, el } from "./dom.js";
import * as i18n from "./i18n.js";
import { date, has, list, number, t } from "./i18n.js";
import * as view from "./map.js";
import { byName, map, paths } from "./map.js";
import { measuredLine } from "./measured.js";
import * as signs from "./signs.js";
import { chainageStrip } from "./strip.js";
import * as theme from "./theme.js";
import { colour } from "./theme.js";

const find = (id) => byId(id);
const layer = byName.get("checkpoints");
const about = new Map(pageData("posts").map((post) => [post.id, post]));
const sources = pageData("sources");
const posts = layer.features.map((feature) => ({
  ...about.get(feature.id),
  feature,
  from: feature.values.chainage_from_km,
  to: feature.values.chainage_to_km,
}));
const on = posts.filter(({ from }) => typeof from === "number").sort((a, b) => a.from - b.from || a.to - b.to);
const off = posts.filter((post) => !on.includes(post));
const stretches = [...byName.get("corridor").features].sort(
  (a, b) => a.values.chainage_from_km - b.values.chainage_from_km,
);
const length = stretches.at(-1)?.values.chainage_to_km ?? 0;
const road = measuredLine(stretches.flatMap(({ shape }, index) => shape.positions[0].slice(index ? 1 : 0)));

// ── words ────────────────────────────────────────────────────────────────
const name = ({ feature }) => feature.name;
const agency = (code) => (has(`checkpoints.agency.${code}`) ? t(`checkpoints.agency.${code}`) : code);
const agencies = (post) => list(post.agencies.map(agency));
const fixity = ({ feature }) => t(`value.checkpoints.fixity.${feature.values.fixity}`);
const year = ({ feature }) => (feature.values.as_of ? date(feature.values.as_of) : t("checkpoints.year.unknown"));
const km = (value) => number(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const interval = ({ from, to }) => t("checkpoints.interval", { from: km(from), to: km(to) });
const facts = (post) => [agencies(post), year(post), post.disagree ? t("checkpoints.disagree") : ""].filter(Boolean);
const cited = ({ feature }) =>
  (feature.values.source_ids ?? [])
    .map((id) => sources[id])
    .filter(Boolean)
    .map(details.whose)
    .join("; ");

// ── the choice ───────────────────────────────────────────────────────────
const FIXITIES = ["fixed", "mobile", "unknown"].filter((code) =>
  posts.some(({ feature }) => feature.values.fixity === code),
);
const AGENCIES = [...new Set(posts.flatMap((post) => post.agencies))];
const known = posts.flatMap(({ years }) => years ?? []);
const YEARS = known.length
  ? Array.from({ length: Math.max(...known) - Math.min(...known) + 1 }, (_, i) => String(Math.min(...known) + i))
  : [];
const choice = { fixity: new Set(FIXITIES), agency: "", year: "" };
const fits = (post) =>
  choice.fixity.has(post.feature.values.fixity) &&
  (!choice.agency || post.agencies.includes(choice.agency)) &&
  (!choice.year ||
    (choice.year === "none"
      ? !post.years
      : post.years && post.years[0] <= Number(choice.year) && Number(choice.year) <= post.years[1]));
const among = (value, allowed) => (allowed.includes(value) ? value : "");
const restore = () => {
  const wanted = address
    .get("fixity")
    ?.split(",")
    .filter((code) => FIXITIES.includes(code));
  choice.fixity = new Set(wanted ?? FIXITIES);
  choice.agency = among(address.get("agency"), AGENCIES);
  choice.year = among(address.get("year"), [...YEARS, "none"]);
};
const keep = () =>
  address.set({
    fixity:
      choice.fixity.size === FIXITIES.length ? null : FIXITIES.filter((code) => choice.fixity.has(code)).join(","),
    agency: choice.agency || null,
    year: choice.year || null,
  });

const swatch = (post) =>
  post.feature.shape?.kind === "a"
    ? signs.swatch("checkpoints", {}, "a")
    : signs.swatch("checkpoints", post.feature.values, "l");
const options = (id, entries, chosen) => {
  find(id).replaceChildren(...entries.map(([value, text]) => el("option", { value }, text)));
  find(id).value = chosen;
};
const drawChoice = () => {
  const focused = document.activeElement?.id;
  find("fixities").replaceChildren(
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
        signs.swatch("checkpoints", { fixity: code }, "l"),
        el("label", { for: box.id }, t(`value.checkpoints.fixity.${code}`)),
        el("span", { class: "count" }, number(count)),
      );
    }),
  );
  options(
    "agency",
    [
      ["", t("checkpoints.agency.all")],
      ...AGENCIES.map((code) => [code, agency(code)]).sort((a, b) => a[1].localeCompare(b[1], i18n.language)),
    ],
    choice.agency,
  );
  options(
    "year",
    [["", t("checkpoints.year.all")], ...YEARS.map((one) => [one, one]), ["none", t("checkpoints.year.none")]],
    choice.year,
  );
  if (focused) find(focused)?.focus();
};
const apply = () => {
  view.filter((other, feature) => other === layer && !fits(posts.find((post) => post.feature === feature)));
  const count = posts.filter(fits).length;
  find("status").textContent = !count
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
const rows = new Map();
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
        el("span", { class: "line quiet" }, details.isolated(cited(post))),
      ),
    ),
  );
  rows.set(post, line);
  return line;
};
const fill = (id, heads, members, where) => {
  const shown = members.filter(fits);
  find(id).replaceChildren(
    el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
    ...(shown.length
      ? shown.map((post) => row(post, where))
      : [el("tbody", {}, el("tr", {}, el("td", { colspan: heads.length, class: "quiet" }, t("checkpoints.none"))))]),
  );
};
const drawTables = () => {
  const focused = [...rows].find(([, line]) => line.contains(document.activeElement))?.[0];
  rows.clear();
  fill("posts-on", [t("checkpoints.post"), t("checkpoints.km"), t("checkpoints.when")], on, (post) =>
    el("td", { class: "number" }, interval(post)),
  );
  fill("posts-off", [t("checkpoints.post"), t("checkpoints.place"), t("checkpoints.when")], off, ({ feature }) =>
    el("td", {}, details.isolated(i18n.translated(feature.values.municipality))),
  );
  if (focused) rows.get(focused)?.querySelector("button").focus();
};

// ── lighting up: map, strip and tables at once ───────────────────────────
let open = null;
const lit = [];
const light = (chosen) => {
  for (const path of lit.splice(0)) path.remove();
  for (const [post, line] of rows) line.classList.toggle("under", chosen.includes(post));
  strip?.mark((data) => data && (chosen.includes(data) || data.feature === open));
  const ink = colour("focus");
  for (const { feature } of chosen) {
    if (!feature.shape || feature.hidden || feature === open || !layer.shown) continue;
    const { kind, positions } = feature.shape;
    lit.push(
      /** @type {any} */ (kind === "l" ? L.polyline : L.polygon)(positions, {
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
  open = feature;
  light([]);
});
map.on("untell", () => {
  open = null;
  light([]);
});
for (const path of paths.get("checkpoints") ?? []) {
  path.on("mouseover", () => light(posts.filter(({ feature }) => path.features.includes(feature))));
  path.on("mouseout", () => light([]));
}

// ── strip ────────────────────────────────────────────────────────────────
const PILLS = { fixed: "solid", mobile: "dashed", unknown: "hollow" };
const at = (where) => on.filter((post) => fits(post) && post.from <= where && where <= post.to);
const stops = [
  ...stretches.map(({ values }) => [values.chainage_from_km, values.from_place]),
  ...stretches.slice(-1).map(({ values }) => [values.chainage_to_km, values.to_place]),
];
const bands = () => [
  {
    key: "posts",
    title: t("checkpoints.posts"),
    kind: "stretches",
    items: on.filter(fits).map((post) => ({
      spans: [[post.from, post.to]],
      label: [name(post), ...facts(post)].join(" · "),
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
    items: stops.map(([where, text]) => ({ at: where, label: text, sign: "tick", ink: colour("corridor") })),
  },
];
const say = (where) => {
  const part = stretches.find(({ values }) => where <= values.chainage_to_km) ?? stretches.at(-1);
  return [
    `km ${km(where)}`,
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
const place = (where) =>
  needle
    .setLatLng(road.at(where))
    .setStyle({ color: colour("focus"), fillColor: colour("paper") })
    .addTo(map);
const strip = stretches.length
  ? chainageStrip(find("strip"), {
      length,
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
  const { km: where } = road.nearest([latlng.lat, latlng.lng]);
  if (map.latLngToLayerPoint(road.at(where)).distanceTo(layerPoint) > 14) return;
  strip.cursor(where);
  place(where);
});

// ── start ────────────────────────────────────────────────────────────────
find("filter").addEventListener("submit", (event) => event.preventDefault());
find("agency").addEventListener("change", (event) => {
  choice.agency = event.target.value;
  changed();
});
find("year").addEventListener("change", (event) => {
  choice.year = event.target.value;
  changed();
});
find("filter").addEventListener("reset", (event) => {
  event.preventDefault();
  choice.fixity = new Set(FIXITIES);
  choice.agency = choice.year = "";
  drawChoice();
  changed();
});
const speak = () => {
  for (const node of all("[data-date]")) node.textContent = date(node.dataset.date);
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
