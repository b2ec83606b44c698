// figures of municipalities in words: their names, units and digits
import * as choropleth from "./choropleth.js";
import { has, number, percent, t } from "./i18n.js";

const { figures } = choropleth;
export const names = Object.keys(figures);
/** @param {string} name */
export const label = (name) => t(`municipalities.figure.${name}`);
/** @param {string} name */
export const head = (name) => t(`municipalities.head.${name}`);
/** @type {Intl.NumberFormatOptions} */
const SHARE = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
/** @type {{ [name: string]: number }} */
const DIGITS = { area_km2: 1, border_km: 1, density: 1 };
/** @param {string} name @param {number | null} value */
export const plain = (name, value) =>
  value === null
    ? t("municipalities.unknown")
    : name === "border_share"
      ? percent(value, SHARE)
      : number(value, { minimumFractionDigits: DIGITS[name] ?? 0, maximumFractionDigits: DIGITS[name] ?? 0 });
/** @param {string} name */
const unit = (name) => figures[name].unit;
/** @param {string} name @param {number | null} value */
export const measured = (name, value) =>
  value === null || !unit(name) || !has(`municipalities.unit.${name}`)
    ? plain(name, value)
    : t(`municipalities.unit.${name}`, { value: plain(name, value) });
/** @param {Feature} feature @param {string} name */
export const value = (feature, name) => figures[name].values[choropleth.index(feature)];
