// figures by place and period: the indicator chosen, and the month that its columns are looked at for
import * as address from "./address.js";
import { pageData } from "./data.js";
import { all, byId } from "./dom.js";
import * as frame from "./frame.js";
import * as i18n from "./i18n.js";
import { date, number, t } from "./i18n.js";
import * as tablesCsv from "./tables-csv.js";

const at = (id) => byId(id);
const tables = pageData("tables");
const articles = all(".indicator");
const counted = (month) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
const written = (months) => `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, "0")}`;
const chosen = () => articles.find((one) => one.dataset.indicator === address.get("indicator")) ?? articles[0];
const month = () => written(Number(at("month").value));

const look = () => {
  const article = chosen();
  const asked = article.dataset.first ? month() : "";
  for (const cell of article.querySelectorAll("[data-from]"))
    cell.classList.toggle("asked", cell.dataset.from <= asked && asked <= cell.dataset.to);
  const rows = [...article.querySelectorAll("tbody tr")];
  const known = rows.filter((row) => row.querySelector("td.asked:not(.gap)")).length;
  at("status").textContent = asked
    ? t("series.status", { month: date(asked), known: number(known), count: number(rows.length) })
    : "";
};
const show = () => {
  const article = chosen();
  for (const one of articles) one.hidden = one !== article;
  at("indicator").value = article.dataset.indicator;
  const { first, last } = article.dataset;
  at("month").disabled = !first;
  if (first) {
    at("month").min = String(counted(first));
    at("month").max = String(counted(last));
    const wanted = address.get("month");
    at("month").value = String(/^\d{4}-\d{2}$/.test(wanted ?? "") ? counted(wanted) : counted(last));
  }
  look();
};
const speak = () => {
  for (const node of all("[data-date]")) node.textContent = date(node.dataset.date);
  look();
};
at("indicator").addEventListener("change", () => {
  address.set({ indicator: at("indicator").value, month: null });
  show();
});
at("month").addEventListener("input", () => {
  address.set({ month: month() });
  look();
});
for (const button of all("[data-save]")) {
  button.hidden = false;
  button.addEventListener("click", () => tablesCsv.save(button.dataset.save, tables[button.dataset.save]));
}
at("choose").hidden = false;
address.onChange(show);
i18n.onChange(speak);
frame.start();
show();
