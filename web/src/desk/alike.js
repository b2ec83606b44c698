// why two records look alike, in the reader's language: the store keeps it in English (atlas/field/duplicate_records.py)

import { t } from "../i18n.js";

/** @type {[RegExp, string][]} */
const REASONS = [
  [/^([0-9]+) m apart$/, "apart"],
  [/^same stretch$/, "stretch"],
  [/^same day$/, "day"],
  [/^a day apart$/, "days"],
  [/^a date is missing$/, "undated"],
  [/^notes ([0-9]+)% alike$/, "notes"],
  [/^same category '(.*)'$/, "category"],
  [/^the same id in their sources$/, "source"],
];
// a reason that is not known stays as it is
/** @param {string} part */
const inWords = (part) => {
  for (const [pattern, key] of REASONS) {
    const match = pattern.exec(part);
    if (match) return t(`desk.alike.${key}`, { stated: match[1] });
  }
  return part;
};
/** @param {string} why */
export const reasons = (why) => why.split(", ").map(inWords).join(", ");
