import { locales } from "./border-sides.js";
import { pageData } from "./data.js";
import { all } from "./dom.js";

/** @type {{ [language: string]: { [key: string]: string } }} */
const catalogues = pageData("texts");
// what the data say in English words, in other languages
/** @type {{ [language: string]: { [words: string]: string } }} */
const translations = { es: pageData("spanish"), ...pageData("translations") };
const locale = () => locales[language] ?? language;
/** @type {((language: string) => void)[]} */
const listeners = [];
/** @type {string} */
export let language = "en";

/** @param {string} key */
export const has = (key) => Object.hasOwn(catalogues[language], key);
/**
 * @param {string} key
 * @param {Values} [values]
 */
export const t = (key, values = {}) =>
  (has(key) ? catalogues[language][key] : key).replace(/\{(\w+)\}/g, (whole, name) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );

/** @param {string} words */
const known = (words) => Object.hasOwn(translations[language] ?? {}, words);
/**
 * @param {string} words
 * @returns {string}
 */
export const translated = (words) => (known(words) ? translations[language][words] : words);
/** @param {string} words */
export const tongue = (words) => (known(words) ? language : "en");

// the first format of a page takes longer than drawing its map, and whole numbers look alike in both languages
/** @param {number} value */
const whole = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ",");
// making a format takes longer than using it
const formats = new Map();
// a minus is no hyphen
/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 */
export const number = (value, options) => formatted(value, options).replace("-", "\u2212");
/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 */
const formatted = (value, options) => {
  if (!options && Number.isSafeInteger(value) && /e[ns]/.test(language)) return whole(value);
  const key = language + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(locale(), options));
  return formats.get(key).format(value);
};
/** @param {number} value */
export const rounded = (value) => number(value, { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 1 });
// 50 % in both languages, whatever a browser's list of formats has for them
/**
 * @param {number} share
 * @param {Intl.NumberFormatOptions} [options]
 */
export const percent = (share, options) =>
  `${number(share * 100, { maximumFractionDigits: Math.abs(share) < 0.01 ? 2 : 1, ...options })}\u00a0%`;
// a value of a user's file: its own words and digits, in no language's format
/** @param {any} value */
export const written = (value) => String(value?.number ?? value);
// a figure with the hedge of its source or, without one, the word for its bound
/**
 * @param {string} shown
 * @param {Values} values
 */
export const hedged = (shown, { hedge, bound }) => {
  const key = [`hedge.${hedge}`, `bound.${bound}`].find(has);
  return key ? `${t(key)} ${shown}` : shown;
};
/**
 * @param {string} text
 * @param {string} [basis]
 */
export const dated = (text, basis) =>
  basis === "inferred" ? t("statement.inferred", { value: date(text) }) : date(text);
/** @param {string[]} items */
export const list = (items) => new Intl.ListFormat(locale(), { type: "conjunction" }).format(items);
/** @param {number} metres */
export const near = (metres) =>
  metres >= 950
    ? `${number(metres / 1000, { maximumFractionDigits: metres < 9950 ? 1 : 0 })} km`
    : `${number(metres)} m`;

// 2021, 2021-03, 2021-03-09, and spans of them such as 2015/2021
/** @param {string} text */
export const date = (text) =>
  String(text)
    .split("/")
    .map(oneDate)
    .join(/^\d{4}\/\d{4}$/.test(text) ? "–" : " – ");
/** @param {string} text */
const oneDate = (text) => {
  const match = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(text);
  if (!match?.[2]) return text;
  const day = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3] ?? 1)));
  /** @type {Intl.DateTimeFormatOptions} */
  const shape = { year: "numeric", month: "long", timeZone: "UTC", ...(match[3] ? { day: "numeric" } : {}) };
  return new Intl.DateTimeFormat(locale(), shape).format(day);
};

// everything in the document that names a text by its key
/** @param {ParentNode} [root] */
export const apply = (root = document) => {
  for (const node of all("[data-t]", root)) node.textContent = t(/** @type {string} */ (node.dataset.t), values(node));
  for (const node of all("[data-t-label]", root))
    node.setAttribute("aria-label", t(/** @type {string} */ (node.dataset.tLabel)));
  for (const node of all("[data-told]", root)) {
    node.dataset.told ||= node.textContent;
    node.dataset.tongue ??= node.lang;
    // what has no translation stays in the language that the file gives it
    if (known(node.dataset.told)) node.lang = language;
    else if (node.dataset.tongue) node.lang = node.dataset.tongue;
    else node.removeAttribute("lang");
    node.textContent = translated(node.dataset.told);
  }
  for (const node of all("[data-when]", root)) node.textContent = date(/** @type {string} */ (node.dataset.when));
  for (const node of /** @type {HTMLDataElement[]} */ (all("data[data-number]", root)))
    node.textContent = number(Number(node.value));
};
/** @param {HTMLElement} node */
const values = (node) => {
  const given = node.dataset.tValues ? JSON.parse(node.dataset.tValues) : {};
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [key, typeof value === "number" ? number(value) : value]),
  );
};

/** @param {string} wanted */
export const choose = (wanted) => {
  language = Object.hasOwn(catalogues, wanted) ? wanted : "en";
  document.documentElement.lang = language;
  document.documentElement.removeAttribute("data-waiting");
  document.title = `${t(`page.${document.documentElement.dataset.page}.title`)} – ${t("atlas.name")}`;
  apply();
  for (const listener of listeners) listener(language);
};

/** @param {(language: string) => void} listener */
export const onChange = (listener) => listeners.push(listener);
