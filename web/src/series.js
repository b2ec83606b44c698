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
const chosen = () =>
  articles.find((one) => one.dataset.indicator === address.get("indicator")) ??
  /** @type {HTMLElement} */ (articles[0]);
const month = () => written(Number(slider.value));

const look = () => {
  const article = chosen();
  const asked = article.dataset.first ? month() : "";
  for (const cell of all("[data-from]", article)) {
    const { from = "", to = "" } = cell.dataset;
    cell.classList.toggle("asked", from <= asked && asked <= to);
  }
  const rows = [...article.querySelectorAll("tbody tr")];
  const known = rows.filter((row) => row.querySelector("td.asked:not(.gap)")).length;
  byId("status").textContent = asked
    ? t("series.status", { month: date(asked), known: number(known), count: number(rows.length) })
    : "";
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
  const { first, last } = article.dataset;
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
indicator.addEventListener("change", () => {
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
address.onChange(show);
i18n.onChange(speak);
frame.start();
show();
