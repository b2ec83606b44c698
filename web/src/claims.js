// claims: filters over a list that stands in the file already, figures in the reader's language

import * as address from "./address.js";
import { all, byId } from "./dom.js";
import * as frame from "./frame.js";
import * as i18n from "./i18n.js";
import { dated, number, percent, t } from "./i18n.js";
import * as theme from "./theme.js";

const rows = all(".claim");
const verdicts = all(".chart button");
/** @type {HTMLInputElement} */
const search = byId("search");
/** @type {HTMLSelectElement} */
const subject = byId("subject");
/** @type {HTMLButtonElement} */
const reset = byId("reset");
/** @param {string} text */
const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// ── state ────────────────────────────────────────────────────────────────
const chosen = () =>
  verdicts.filter((button) => button.getAttribute("aria-pressed") === "true").map((button) => button.dataset.verdict);
const restore = () => {
  const wanted = new Set((address.get("verdict") ?? "").split(","));
  for (const button of verdicts)
    button.setAttribute("aria-pressed", String(wanted.has(/** @type {string} */ (button.dataset.verdict))));
  search.value = address.get("q") ?? "";
  subject.value = address.get("subject") ?? "";
  if (subject.selectedIndex < 0) subject.value = "";
};
const keep = () =>
  address.set({ verdict: chosen().join(",") || null, subject: subject.value || null, q: search.value.trim() || null });

// ── filtering ────────────────────────────────────────────────────────────
// what a reader sees of a row: not the note in the other language
/** @param {HTMLElement} row */
const textOf = (row) => {
  const foreign = all(".note", row)
    .filter((note) => note.lang !== i18n.language)
    .map((note) => note.textContent ?? "");
  return fold(foreign.reduce((text, note) => text.replace(note, ""), row.textContent ?? ""));
};
/** @type {Map<HTMLElement, string>} */
let texts = new Map();
const filter = () => {
  const wanted = new Set(chosen());
  const words = fold(search.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    const fits =
      (!wanted.size || wanted.has(row.dataset.verdict)) &&
      (!subject.value || row.dataset.subject === subject.value) &&
      words.every((word) => texts.get(row)?.includes(word));
    row.hidden = !fits;
    shown += Number(fits);
  }
  const none = shown ? "" : ` ${t("claims.status.none")}`;
  byId("status").textContent = `${t("claims.status", { shown: number(shown), count: number(rows.length) })}.${none}`;
  reset.disabled = shown === rows.length && !search.value;
  byId("chosen").textContent = [
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
/** @param {{ value: number, unit: string, percent: number | null }} given */
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
    const [page, hash = ""] = /** @type {string} */ (link.getAttribute("href")).split("#");
    const state = new URLSearchParams(hash);
    for (const key of ["lang", "theme"]) {
      const value = key === "lang" ? i18n.language : address.get(key);
      if (value) state.set(key, value);
    }
    link.setAttribute("href", `${page}#${state.toString().replaceAll("%2C", ",").replaceAll("%2F", "/")}`);
  }
};
const speak = () => {
  for (const node of all("[data-date]"))
    node.textContent = dated(/** @type {string} */ (node.dataset.date), node.dataset.basis);
  for (const node of all("[data-difference]"))
    node.textContent = difference(JSON.parse(node.dataset.difference ?? "null"));
  for (const option of all("[data-subject]", subject))
    option.textContent = `${t(/** @type {string} */ (option.dataset.subject))} (${number(Number(option.dataset.count))})`;
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
reset.addEventListener("click", () => {
  for (const button of verdicts) button.setAttribute("aria-pressed", "false");
  search.value = subject.value = "";
  changed();
  search.focus();
});
byId("filters").hidden = false;
restore();
address.onChange(() => {
  restore();
  filter();
});
i18n.onChange(speak);
theme.onChange(leads);
frame.start();
