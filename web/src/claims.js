// claims: filters over a list that stands in the file already, figures in the reader's language

import * as address from "./address.js";
import { all, byId } from "./dom.js";
import * as frame from "./frame.js";
import * as i18n from "./i18n.js";
import { dated, number, percent, t } from "./i18n.js";
import * as theme from "./theme.js";

const find = (id) => byId(id);
const rows = all(".claim");
const verdicts = all(".chart button");
const search = find("search");
const subject = find("subject");
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// ── state ────────────────────────────────────────────────────────────────
const chosen = () =>
  verdicts.filter((button) => button.getAttribute("aria-pressed") === "true").map((button) => button.dataset.verdict);
const restore = () => {
  const wanted = new Set((address.get("verdict") ?? "").split(","));
  for (const button of verdicts) button.setAttribute("aria-pressed", String(wanted.has(button.dataset.verdict)));
  search.value = address.get("q") ?? "";
  subject.value = address.get("subject") ?? "";
  if (subject.selectedIndex < 0) subject.value = "";
};
const keep = () =>
  address.set({ verdict: chosen().join(",") || null, subject: subject.value || null, q: search.value.trim() || null });

// ── filtering ────────────────────────────────────────────────────────────
// what a reader sees of a row: not the note in the other language
const textOf = (row) => {
  const foreign = [...row.querySelectorAll(".note")]
    .filter((note) => note.lang !== i18n.language)
    .map((note) => note.textContent);
  return fold(foreign.reduce((text, note) => text.replace(note, ""), row.textContent));
};
let texts = new Map();
const filter = () => {
  const wanted = new Set(chosen());
  const words = fold(search.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const fits =
      (!wanted.size || wanted.has(row.dataset.verdict)) &&
      (!subject.value || row.dataset.subject === subject.value) &&
      words.every((word) => texts.get(row).includes(word));
    row.hidden = !fits;
    shown += Number(fits);
  }
  const none = shown ? "" : ` ${t("claims.status.none")}`;
  find("status").textContent = `${t("claims.status", { shown: number(shown), count: number(rows.length) })}.${none}`;
  find("reset").disabled = shown === rows.length && !search.value;
  find("chosen").textContent = [
    ...chosen().map((code) => t(`claims.verdict.${code}`)),
    subject.value ? subject.selectedOptions[0].textContent : "",
    search.value.trim(),
  ]
    .filter(Boolean)
    .join(" · ");
};
const changed = () => {
  keep();
  filter();
};

// ── words and figures ────────────────────────────────────────────────────
/** @type {Intl.NumberFormatOptions} */
const signed = { signDisplay: "exceptZero" };
const difference = ({ value, unit, percent: share }) => {
  const key = `claims.unit.${unit}`;
  const amount = number(value, signed);
  const figure = i18n.has(key) ? t(key, { value: amount }) : `${amount} ${unit}`;
  return value && share !== null ? `${figure} (${percentSigned(share)})` : figure;
};
/** @param {number} share */
const percentSigned = (share) => percent(share / 100, signed);
// a map that a row leads to opens in the language and the light of this page
const leads = () => {
  for (const link of all("a[data-view]")) {
    const [page, hash = ""] = link.getAttribute("href").split("#");
    const state = new URLSearchParams(hash);
    for (const key of ["lang", "theme"]) {
      const value = key === "lang" ? i18n.language : address.get(key);
      if (value) state.set(key, value);
    }
    link.setAttribute("href", `${page}#${state.toString().replaceAll("%2C", ",").replaceAll("%2F", "/")}`);
  }
};
const speak = () => {
  for (const node of all("[data-date]")) node.textContent = dated(node.dataset.date, node.dataset.basis);
  for (const node of all("[data-difference]")) node.textContent = difference(JSON.parse(node.dataset.difference));
  for (const option of subject.querySelectorAll("[data-subject]"))
    option.textContent = `${t(option.dataset.subject)} (${number(Number(option.dataset.count))})`;
  texts = new Map(rows.map((row) => [row, textOf(row)]));
  leads();
  filter();
};

for (const button of verdicts) {
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    changed();
  });
}
search.addEventListener("input", changed);
subject.addEventListener("change", changed);
find("reset").addEventListener("click", () => {
  for (const button of verdicts) button.setAttribute("aria-pressed", "false");
  search.value = subject.value = "";
  changed();
  search.focus();
});
find("filters").hidden = false;
restore();
address.onChange(() => {
  restore();
  filter();
});
i18n.onChange(speak);
theme.onChange(leads);
frame.start();
