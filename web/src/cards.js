// the year chosen, its bars, and the small charts through the years
import * as state from "./address.js";
import * as cardCharts from "./cards-charts.js";
import { pageData } from "./data.js";
import { all, byId, el, svg } from "./dom.js";
import * as frame from "./frame.js";
import * as i18n from "./i18n.js";
import { list, number, t } from "./i18n.js";
import * as yearEvents from "./year-events.js";

const tables = pageData("cards");
const years = [...new Set(tables.flatMap((table) => table.years))].sort((a, b) => a - b);
/** @type {HTMLInputElement} */
const slider = byId("year");
/** @type {HTMLButtonElement} */
const before = byId("before");
/** @type {HTMLButtonElement} */
const after = byId("after");
/** @type {HTMLInputElement[]} */
const scales = all("input[name=scale]");
const MARKED = new Set(["differs", "missing", "exceeds"]);
const STEP_MS = 1300;

const [last] = years.slice(-1);
const chosen = () => (years.includes(Number(state.get("year"))) ? Number(state.get("year")) : last);
const scale = () => (state.get("scale") === "same" ? "same" : "own");
/** @param {(number | null)[]} values */
const known = (values) => values.filter((value) => value !== null);
/** @param {CardTable} table */
const most = (table) => Math.max(1, ...known([...Object.values(table.states), table.total].flat()));
/** @param {CardTable} table @param {string} document */
const documentName = (table, document) => t(`cards.document.${table.card}.${document}`);
/** @param {number | null} value */
const figure = (value) => (value === null ? t("cards.gap") : number(value));
/** @type {(table: CardTable) => CardSeries[]} */
const series = (table) => [
  ...Object.entries(table.states).map(([name, values]) => ({ name, values, total: false })),
  { name: t("cards.total"), values: table.total, total: true },
];
/** @param {CardTable} table @param {number} index */
const marked = (table, index) => MARKED.has(table.checks[index]?.status);

/** @param {CardCheck} check */
const verdict = ({ status, total, sum, difference, absent }) =>
  t(`cards.check.${status}`, {
    total: total === null ? "" : number(total),
    sum: sum === null ? "" : number(sum),
    difference: difference === null ? "" : number(Math.abs(difference)),
    absent: list(absent),
  });

// ── the bars of one year, kept from year to year so that they grow and shrink ──
/** @type {((year: number) => void)[]} */
let updates = [];
/** @param {CardTable} table @param {CardSeries} series */
const line = (table, { name, values, total }) => {
  const fill = el("span", { class: "fill" });
  const figures = el("span", { class: "said" });
  const row = el(
    "li",
    { class: total ? "line total" : "line" },
    el("span", { class: "who" }, total ? name : el("bdi", {}, name)),
    el("span", { class: "rail", "aria-hidden": "true" }, fill),
    figures,
  );
  updates.push((year) => {
    const index = table.years.indexOf(year);
    const value = values[index] ?? null;
    fill.style.width = `${((value ?? 0) / most(table)) * 100}%`;
    figures.textContent = `${figure(value)}${total && marked(table, index) ? " *" : ""}`;
    row.classList.toggle("gap", value === null);
    row.classList.toggle("marked", total && marked(table, index));
  });
  return row;
};
/** @param {CardTable} table */
const panel = (table) => {
  const verdictLine = el("p", { class: "verdict-line" });
  const counted = el("span", {});
  updates.push((year) => {
    counted.textContent = documentName(table, table.documents[table.years.indexOf(year)] ?? "card");
    const check = table.checks[table.years.indexOf(year)];
    verdictLine.textContent = check ? verdict(check) : "";
    verdictLine.className = `verdict-line ${MARKED.has(check?.status) ? "marked" : ""}`;
  });
  return el(
    "article",
    { "data-card": table.card },
    el("h3", {}, counted, " ", el("span", { class: "quiet" }, t("cards.table", { number: table.number }))),
    el("ul", { class: "lines plain" }, ...series(table).map((one) => line(table, one))),
    verdictLine,
  );
};

// ── small charts ─────────────────────────────────────────────────────────
// the greatest figure of each series, as forms and cards are not to be compared
/** @param {CardTable} table @param {(number | null)[]} values @param {string} document */
const greatest = (table, values, document) => {
  const of = values.filter((_value, index) => table.documents[index] === document);
  if (!known(of).length) return "";
  const value = Math.max(...known(of));
  const year = table.years.find((_, index) => values[index] === value && table.documents[index] === document);
  return t("cards.chart.most", { document: documentName(table, document), value: number(value), year });
};
/** @param {CardTable} table @param {CardSeries} series */
const label = (table, { name, values }) => {
  const gaps = table.years.filter((_year, index) => values[index] === null);
  return [
    t("cards.chart", { name, card: t(`cards.card.${table.card}`), from: table.years[0], to: table.years.at(-1) }),
    ...[...new Set(table.documents)].map((document) => greatest(table, values, document)),
    gaps.length ? t("cards.chart.gaps", { years: list(gaps.map(String)) }) : "",
  ]
    .filter(Boolean)
    .join(" ");
};
/** @param {CardTable} table @param {CardSeries} one @param {number} place */
const chart = (table, one, place) => {
  const points = table.years.map((year, index) => ({
    year,
    value: one.values[index],
    document: table.documents[index],
    marked: one.total && marked(table, index),
    caption: `${year}: ${figure(one.values[index])}`,
  }));
  const top = scale() === "same" ? most(table) : Math.max(1, ...known(one.values));
  const now = el("span", { class: "now quiet" });
  updates.push((year) => {
    now.textContent = `${year}: ${figure(one.values[table.years.indexOf(year)] ?? null)}`;
  });
  return el(
    "figure",
    {},
    el("figcaption", {}, el("strong", {}, one.total ? one.name : el("bdi", {}, one.name)), now),
    cardCharts.draw(points, {
      most: top,
      id: `hatch-${table.number}-${place}`,
      label: label(table, one),
      choose: pick,
    }),
  );
};
const charts = () =>
  tables.map((table) =>
    el(
      "div",
      { class: "multiple" },
      el(
        "h3",
        {},
        t(`cards.card.${table.card}`),
        " ",
        el("span", { class: "quiet" }, t("cards.table", { number: table.number })),
      ),
      el("div", { class: "row" }, ...series(table).map((one, place) => chart(table, one, place))),
    ),
  );
const signs = () =>
  ["bar", "marked", "none", "zero", "broken"].map((kind) =>
    el("li", {}, cardCharts.swatch(kind), t(`cards.sign.${kind}`)),
  );

// ── the year ─────────────────────────────────────────────────────────────
const show = () => {
  const year = chosen();
  slider.value = String(years.indexOf(year));
  slider.setAttribute("aria-valuetext", String(year));
  byId("year-shown").textContent = String(year);
  before.disabled = year === years[0];
  after.disabled = year === last;
  for (const update of updates) update(year);
  yearEvents.show(byId("events"), year);
  for (const node of all("[data-year]")) node.classList.toggle("chosen", Number(node.dataset.year) === year);
};
/** @param {number} year */
const choose = (year) => {
  state.set({ year });
  show();
};
/** @param {number} year */
const pick = (year) => {
  stop();
  choose(year);
};
/** @param {number} by */
const move = (by) => pick(years[Math.min(years.length - 1, Math.max(0, years.indexOf(chosen()) + by))]);

// ── playing: only when asked, and not at all for who wants less motion ───
const still = window.matchMedia("(prefers-reduced-motion: reduce)");
/** @type {number | undefined} */
let timer;
const ICONS = { play: "M5 3.5v13l11-6.5z", pause: "M5 3.5h3.6v13H5zM11.4 3.5H15v13h-3.6z" };
const face = () => {
  const kind = timer === undefined ? "play" : "pause";
  byId("play").hidden = still.matches;
  byId("play").setAttribute("aria-label", t(`cards.${kind}`));
  byId("play").title = t(`cards.${kind}`);
  byId("play").replaceChildren(
    svg(
      "svg",
      { viewBox: "0 0 20 20", width: 16, height: 16, "aria-hidden": "true", focusable: "false" },
      svg("path", { d: ICONS[kind], fill: "currentColor" }),
    ),
  );
};
const stop = () => {
  window.clearInterval(timer);
  timer = undefined;
  face();
};
const next = () => {
  choose(years[years.indexOf(chosen()) + 1]);
  if (chosen() === last) stop();
};
const play = () => {
  if (chosen() === last) choose(years[0]);
  timer = window.setInterval(next, STEP_MS);
  face();
};
still.addEventListener("change", stop);
byId("play").addEventListener("click", () => (timer === undefined ? play() : stop()));
before.addEventListener("click", () => move(-1));
after.addEventListener("click", () => move(1));
slider.addEventListener("input", () => pick(years[Number(slider.value)]));

// ── together ─────────────────────────────────────────────────────────────
const draw = () => {
  updates = [];
  byId("bars").replaceChildren(...tables.map(panel));
  byId("charts").replaceChildren(...charts());
  byId("signs").replaceChildren(...signs());
  byId("scale-note").textContent = t(`cards.scale.note.${scale()}`);
  for (const box of scales) box.checked = box.value === scale();
  face();
  show();
};
for (const box of scales)
  box.addEventListener("change", () => {
    state.set({ scale: box.value });
    draw();
  });
slider.min = "0";
slider.max = String(Math.max(0, years.length - 1));
byId("ticks").replaceChildren(
  ...years.map((year, index) => el("span", { class: index % 2 ? "odd" : null }, String(year))),
);
i18n.onChange(draw);
state.onChange(draw);
frame.start();
