// metres around a position as people and devices write them: with a unit, a sign before, the source behind, a range;
// as the import reads them (atlas/field/readers/uncertainty.py), and tests/vectors/metres.json holds both to the same answers
import { decimal } from "./numbers.js";
import { plainSigns } from "./pairs.js";

// what tables write where there is nothing
const NOTHING = ["-", "--", "?", "na", "n/a", "n.a.", "nan", "nd", "n/d", "s/d", "null", "none"];
const LEAD =
  "(?:(?:gps|gnss|acc|accuracy|precisi[oó]n|exactitud|uncertainty|incertidumbre|error|about|around|approx|aprox|approximately|aproximadamente|circa|ca|c|unos|between|entre)[.:=]? ?){0,2}(?:(?:\\+/?-|±|[~≈<≤]=?) ?)?";
const NUMBER = "([-+]?[0-9]+(?:[.,][0-9]+)?)(?![0-9]| ?%)";
const UNIT =
  "(m|mts?|met(?:er|re|ro)s?|م|ft|feet|foot|pies?|'|km|kil[oó]met(?:er|re|ro)s?|cm|yds?|yards?|mi|miles?|millas?)?";
const TAIL = "(?: ?(?:\\([^()0-9]{1,40}\\)|\\(?[0-9]{1,3}(?:[.,][0-9]+)? ?%\\)?|gps|gnss))?";
const METRES = new RegExp(
  `^${LEAD}${NUMBER} ?${UNIT}\\.?(?: ?(-|/|\\(|(?:a|to|y|and) ) ?(?:(?:\\+/?-|±) ?)?${NUMBER} ?${UNIT}\\.? ?\\)?)?${TAIL}$`,
);
const LONGEST = 100;
// by how the unit begins; the longer one first
/** @type {[string, number][]} */
const METRES_OF = [
  ["mi", 1609.344],
  ["m", 1],
  ["م", 1],
  ["f", 0.3048],
  ["p", 0.3048],
  ["'", 0.3048],
  ["k", 1000],
  ["c", 0.01],
  ["y", 0.9144],
];
/** @param {string} words @param {string} [unit] */
const inMetres = (words, unit) => {
  const factor = METRES_OF.find(([begin]) => unit?.startsWith(begin))?.[1] ?? 1;
  const value = Number(words.replace(",", "."));
  // what is converted is never more exact than it was
  return factor === 1 ? value : Math.ceil(value * factor * 100 - 1e-6) / 100;
};

// null for what is no distance; 0 for what says nothing
/** @param {string} text */
export const metres = (text) => {
  const exact = decimal(text);
  if (exact !== null) return exact;
  const plain = plainSigns(text).toLowerCase().trim().replace(/\s+/g, " ");
  if (NOTHING.includes(plain)) return 0;
  const match = plain.length <= LONGEST ? METRES.exec(plain) : null;
  if (!match) return null;
  const [, one, unit, between, other, otherUnit] = match;
  // two numbers of which nobody says what they are
  if ((between === "/" || between === "(") && !(unit && otherUnit)) return null;
  const stated = [inMetres(one, unit || otherUnit)];
  if (other) stated.push(inMetres(other, otherUnit || unit));
  return Math.min(...stated) < 0 ? Math.min(...stated) : Math.max(...stated);
};
