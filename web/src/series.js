// figures by place and period: the indicator chosen, and the month that its columns are looked at for
import * as address from "./address.js";
import { pageData } from "./data.js";
import { all, byId } from "./dom.js";
import * as frame from "./frame.js";
import * as i18n from "./i18n.js";
import { date, number, t } from "./i18n.js";
import * as tablesCsv from "./tables-csv.js";

/** @type {HTMLSelectElement} */
const indicator = byId("indicator");
/** @type {HTMLInputElement} */
const slider = byId("month");
const tables = pageData("tables");
const articles = all(".indicator");
/** @param {string} month */
const counted = (month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
/** @param {number} months */
const written = (months) => `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, "0")}`;
// an address may name a row or a figure instead: its table is shown then
const anchored = () => document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
// read before anything else is written into the address
let anchor = anchored();
const chosen = () =>
  articles.find((one) => one.contains(anchor)) ??
  articles.find((one) => one.dataset.indicator === address.get("indicator")) ??
  /** @type {HTMLElement} */ (articles[0]);
const month = () => written(Number(slider.value));

// where an indicator has figures: its own table, and those of publishers' files
/** @param {HTMLElement} article */
const tablesOf = (article) => [article, ...all(`table[data-of="${article.dataset.indicator}"]`)];
/** @param {HTMLElement} article @param {string} asked */
const colour = (article, asked) => {
  const shapes = all("#places [data-place]");
  const onMap = new Set(shapes.map((shape) => shape.dataset.place ?? ""));
  /** @type {Map<string, Set<number>>} */
  const values = new Map();
  for (const cell of tablesOf(article).flatMap((table) => all("tr[data-code] td[data-from]:not(.gap)", table))) {
    const { from = "", to = "" } = cell.dataset;
    const code = cell.closest("tr")?.dataset.code ?? "";
    if (!(onMap.has(code) && from <= asked && asked <= to)) continue;
    for (const one of all(".figure data, :scope > strong data", cell)) {
      values.set(code, (values.get(code) ?? new Set()).add(Number(one.getAttribute("value"))));
    }
  }
  const most = Math.max(0, ...[...values.values()].flatMap((some) => [...some]));
  for (const shape of shapes) {
    const { place = "" } = shape.dataset;
    const some = [...(values.get(place) ?? [])];
    shape.classList.toggle("known", some.length > 0);
    shape.classList.toggle("several", some.length > 1);
    shape.style.setProperty("--share", `${most ? 12 + (88 * Math.max(0, ...some)) / most : 12}%`);
    const title = /** @type {Element} */ (shape.querySelector("title"));
    title.textContent = [title.textContent?.split(":")[0], some.map((one) => number(one)).join(" · ")]
      .filter(Boolean)
      .join(": ");
  }
  byId("places").hidden = !asked;
  byId("places-known").textContent = t(values.size ? "series.map.known" : "series.map.none", {
    known: number(values.size),
    count: number(onMap.size),
    most: number(most),
  });
};
// the months that any figure of the indicator spans, also those that only a publisher's file has
/** @param {HTMLElement} article */
const monthsOf = (article) => {
  const cells = tablesOf(article).flatMap((table) => all("td[data-from]:not(.gap)", table));
  return {
    first: cells.map((cell) => cell.dataset.from ?? "").sort()[0],
    last: cells.map((cell) => cell.dataset.to ?? "").sort()[cells.length - 1],
  };
};
const look = () => {
  const article = chosen();
  const asked = slider.disabled ? "" : month();
  const publishers = all("#publishers ~ article");
  for (const cell of [article, ...publishers].flatMap((one) => all("[data-from]", one))) {
    const { from = "", to = "" } = cell.dataset;
    cell.classList.toggle("asked", from <= asked && asked <= to);
  }
  const rows = [...article.querySelectorAll("tbody tr")];
  const known = rows.filter((row) => row.querySelector("td.asked:not(.gap)")).length;
  byId("status").textContent = asked
    ? t("series.status", { month: date(asked), known: number(known), count: number(rows.length) })
    : "";
  colour(article, asked);
  // on a narrow screen the month that is asked for may stand outside
  const [names, column] = [article.querySelector("thead th"), article.querySelector("thead th.asked")];
  const scroller = article.querySelector(".scroller");
  if (scroller && names && column instanceof HTMLElement) {
    scroller.scrollLeft = column.offsetLeft - names.clientWidth;
  }
};
const show = () => {
  const article = chosen();
  for (const one of articles) one.hidden = one !== article;
  indicator.value = article.dataset.indicator ?? "";
  const { first, last } = monthsOf(article);
  slider.disabled = !first;
  if (first && last) {
    slider.min = String(counted(first));
    slider.max = String(counted(last));
    const wanted = address.get("month") ?? "";
    slider.value = String(counted(/^\d{4}-\d{2}$/.test(wanted) ? wanted : last));
  }
  look();
};
const speak = () => {
  for (const node of all("[data-date]")) node.textContent = date(node.dataset.date ?? "");
  look();
};
// a link within the page leaves the address alone, which holds what was chosen
/** @param {MouseEvent} event */
const lead = (event) => {
  const target = byId(/** @type {HTMLAnchorElement} */ (event.currentTarget).hash.slice(1));
  event.preventDefault();
  for (const one of all(".pointed")) one.classList.remove("pointed");
  target.classList.add("pointed");
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
};
for (const link of all("a[href^='#']")) link.addEventListener("click", lead);
indicator.addEventListener("change", () => {
  anchor = null;
  address.set({ indicator: indicator.value, month: null });
  show();
});
slider.addEventListener("input", () => {
  address.set({ month: month() });
  look();
});
for (const button of all("[data-save]")) {
  button.hidden = false;
  const name = /** @type {string} */ (button.dataset.save);
  button.addEventListener("click", () => tablesCsv.save(name, tables[name]));
}
byId("choose").hidden = false;
address.onChange(() => {
  anchor = anchored();
  show();
});
i18n.onChange(speak);
frame.start();
show();
if (anchor) {
  address.set({ [anchor.id]: null, indicator: indicator.value });
  anchor.scrollIntoView({ block: "center" });
}
