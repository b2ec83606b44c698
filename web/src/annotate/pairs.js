// latitude and longitude in one text, as people write them: point or comma, degrees alone or with minutes and seconds,
// words and letters before or after; before all that, links of maps and metres of a grid. The import of files has the same grammar (atlas/field/readers/pairs.py);
// tests/vectors/coordinates.json holds both to the same answers.

import * as grids from "./grids.js";
import * as links from "./links.js";
import * as plusCodes from "./plus-codes.js";

/** @type {{ [word: string]: ["x" | "y", number] }} */
const WORDS = {
  N: ["y", 1],
  NORTH: ["y", 1],
  NORTE: ["y", 1],
  شمال: ["y", 1],
  S: ["y", -1],
  SOUTH: ["y", -1],
  SUR: ["y", -1],
  جنوب: ["y", -1],
  E: ["x", 1],
  EAST: ["x", 1],
  ESTE: ["x", 1],
  شرق: ["x", 1],
  W: ["x", -1],
  WEST: ["x", -1],
  O: ["x", -1],
  OESTE: ["x", -1],
  غرب: ["x", -1],
  LAT: ["y", 0],
  LATITUD: ["y", 0],
  LATITUDE: ["y", 0],
  LON: ["x", 0],
  LONG: ["x", 0],
  LNG: ["x", 0],
  LONGITUD: ["x", 0],
  LONGITUDE: ["x", 0],
};
const UNITS = new Map(
  [
    ["°", "D DEG DEGS DEGREE DEGREES G GR GRADO GRADOS"],
    ["'", "M MIN MINS MINUTE MINUTES MINUTO MINUTOS"],
    ['"', "SEC SECS SECOND SECONDS SEG SEGS SEGUNDO SEGUNDOS"],
  ].flatMap(([mark, words]) => words.split(" ").map((word) => [word, mark])),
);
// words between the parts, which say nothing
const FILLERS = ["Y", "AND", "DE", "CON"];
/**
 * @param {string} key
 * @param {Values} [values]
 * @returns {Fault}
 */
export const fault = (key, values = {}) => ({ fault: key, values });

// digits of Arabic, Persian and of wide type, and one sign for each mark; what only turns the writing round goes
/** @type {[RegExp, string | ((sign: string) => string)][]} */
const SIGNS = [
  [/[\u0660-\u0669\u06F0-\u06F9\uFF10-\uFF19]/g, (sign) => String(sign.charCodeAt(0) & 15)],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: blanks for Python alone
  [/[\x1C-\x1F\x85]/g, " "],
  [/[\u066B\uFF0E]/g, "."],
  [/[\u060C\uFF0C]/g, ","],
  [/\u061B/g, ";"],
  [/[\u061C\u200B-\u200F\u2060\u202A-\u202E\u2066-\u2069\uFEFF]/g, ""],
  [/[\u2212\u2010\u2011\u2013\u2014\uFF0D]/g, "-"],
  [/[\u00BA\u02DA\u1D52\u2218\u25E6]/g, "°"],
  [/[\u2033\u201D\u201C\u201F\u02BA\u02EE\u301E\uFF02]/g, '"'],
  [/[\u2032\u2019\u2018\u201B`\u00B4\u02B9\u02BC\u02BB\uFF07]/g, "'"],
];
/** @param {string} text */
export const plainSigns = (text) =>
  SIGNS.reduce((plain, [sign, by]) => plain.replace(sign, /** @type {any} */ (by)), text);
// a comma that divides, or the next decimal comma? and a number of a computer
const AMBIGUOUS = /[0-9],[0-9]+,[0-9]|^[^A-Z]*[0-9]E[-+]?[0-9][^A-Z]*$/;
const TOKEN = /([-+]\s*)?([0-9]+(?:[.,][0-9]+)?)|(\p{L}+)[.:=]?|([°'"])|([\s,;:/()[\]]+)|(.)/gu;
// numbers, words and marks of a degree; whatever else stands in the text makes it unreadable
/**
 * @param {string} text
 * @returns {PairToken[]}
 */
const tokens = (text) => {
  const list = [];
  let afterDigits = false;
  let inMinutes = false;
  for (const [, sign, digits, word, mark, , other] of text.matchAll(TOKEN)) {
    // an s closes the seconds only where minutes were written so, else it is south
    /** @type {string | null | undefined} */
    const unit = word === "S" ? (inMinutes && afterDigits ? '"' : null) : UNITS.get(word);
    if (digits)
      list.push({ digits: digits.replace(",", "."), minus: sign?.startsWith("-") ?? false, signed: Boolean(sign) });
    else if (unit) list.push({ mark: unit });
    else if (mark) list.push({ mark });
    else if ((word || other) && !FILLERS.includes(word)) list.push({ word: word ?? other });
    if (word && !FILLERS.includes(word)) inMinutes = unit === "'";
    afterDigits = Boolean(digits);
  }
  return list;
};

// each half: numbers, and the axis that a word gave it
/**
 * @param {PairToken[]} list
 * @returns {PairHalf[] | Fault}
 */
const byWords = (list) => {
  /** @type {PairHalf[]} */
  const halves = [];
  const prefix = Boolean(list.find((token) => !token.mark)?.word);
  /** @type {PairHalf} */
  let half = { numbers: [], axis: null, turn: 0 };
  const close = () => {
    if (half.numbers.length) halves.push(half);
    half = { numbers: [], axis: null, turn: 0 };
  };
  for (const token of list) {
    if (token.word) {
      // "lat 14.6 N": the letter belongs to what the word began
      const [axis, turn] = WORDS[token.word];
      if (prefix && half.numbers.length && !(half.axis === axis && half.turn === 0)) close();
      // "14.6 latitud norte": the second word belongs to what the first one closed
      const last = prefix || half.numbers.length ? half : (halves.at(-1) ?? half);
      if ((last.axis && last.axis !== axis) || (last.turn && turn)) return fault("spare");
      [last.axis, last.turn] = [axis, turn || last.turn];
      if (!prefix) close();
    } else if (token.digits) half.numbers.push(token);
  }
  if (half.axis && !half.numbers.length) return fault("spare");
  close();
  return halves;
};
/**
 * @param {PairToken[]} numbers
 * @param {PairToken[]} list
 * @returns {PairHalf[]}
 */
const byMarks = (numbers, list) => {
  const starts = list.flatMap((token, at) =>
    token.mark === "°" && list[at - 1]?.digits ? [numbers.indexOf(list[at - 1])] : [],
  );
  const middle = starts.length === 2 ? starts[1] : numbers.findIndex((token, at) => at > 0 && token.signed);
  if (middle <= 0 && numbers.length % 2) return [];
  const cut = middle > 0 ? middle : numbers.length / 2;
  return [numbers.slice(0, cut), numbers.slice(cut)].map((part) => ({ numbers: part, axis: null, turn: 0 }));
};

// degrees, and how fine they are written
/**
 * @param {PairHalf} given
 * @returns {Fault | { value: number, step: number }}
 */
const degrees = ({ numbers, turn }) => {
  if (numbers.length < 1 || numbers.length > 3) return fault("two");
  const parts = numbers.map(({ digits }) => Number(digits));
  if (parts.slice(0, -1).some((part) => !Number.isInteger(part))) return fault("whole");
  if (parts.slice(1).some((part) => part >= 60)) return fault("minutes");
  if (numbers.slice(1).some(({ signed }) => signed)) return fault("two");
  const size = parts.reduce((sum, part, at) => sum + part / 60 ** at, 0);
  const decimals = numbers.at(-1)?.digits?.split(".")[1]?.length ?? 0;
  const step = 10 ** -decimals / 60 ** (parts.length - 1);
  if (numbers[0].minus && turn) return fault("sign");
  return { value: numbers[0].minus || turn < 0 ? -size : size, step };
};

// numbers, words and marks of a text, or why they are none
/** @type {(text: string) => Fault | { list: PairToken[], numbers: PairToken[], words: PairToken[] }} */
const parts = (text) => {
  const plain = text.replaceAll("''", '"');
  const list = tokens(plain);
  const numbers = list.filter((token) => token.digits);
  if (!numbers.length) return fault("empty");
  if (AMBIGUOUS.test(plain)) return fault("two");
  const words = list.filter((token) => token.word);
  const strange = words.find(({ word = "" }) => !Object.hasOwn(WORDS, word));
  return strange ? fault("word", strange) : { list, numbers, words };
};
/** @type {(text: string) => Fault | PairRead} */
const inDegrees = (text) => {
  const given = parts(text);
  if ("fault" in given) return given;
  const { list, numbers, words } = given;
  if (!words.length && !list.some(({ mark }) => mark === "°") && numbers.length % 2) return fault("two");
  const halves = words.length ? byWords(list) : byMarks(numbers, list);
  if ("fault" in halves) return halves;
  if (halves.length !== 2 || halves.some((half) => !half.numbers.length)) return fault("two");
  const named = halves.filter(({ axis }) => axis);
  if (named.length === 2 && halves[0].axis === halves[1].axis) return fault("letters");
  const swapped = halves[0].axis === "x" || halves[1].axis === "y";
  const [y, x] = (swapped ? [...halves].reverse() : halves).map(degrees);
  if ("fault" in y) return y;
  if ("fault" in x) return x;
  return { lat: y.value, lon: x.value, step: Math.max(y.step, x.step) };
};

// to a centimetre, and without a minus before nothing
/** @param {number} value */
const rounded = (value) => Number(value.toFixed(7)) + 0;
// degrees and how fine they are written, or why not; latitude comes first unless words say otherwise
/** @type {(text: string) => Fault | PairRead} */
export const read = (text) => {
  const plain = plainSigns(text);
  const upper = plain.toUpperCase();
  const typed =
    links.read(plain.trim()) ?? plusCodes.read(upper.trim()) ?? grids.read(upper.trim()) ?? inDegrees(upper);
  if (typeof typed === "string") return fault(typed);
  if ("fault" in typed) return typed;
  const { lat, lon } = typed;
  if (Math.abs(lat) > 90) return fault(Math.abs(lon) <= 90 ? "swapped" : "lat");
  if (Math.abs(lon) > 180) return fault("lon");
  return { ...typed, lat: rounded(lat), lon: rounded(lon) };
};
// degrees of one axis, or why not
/** @type {(text: string, axis: "x" | "y") => Fault | number} */
export const angle = (text, axis) => {
  const given = parts(plainSigns(text).toUpperCase());
  if ("fault" in given) return given;
  let turn = 0;
  for (const { word = "" } of given.words) {
    const [of, side] = WORDS[word];
    if (of !== axis) return fault("letters");
    if (side && turn) return fault("spare");
    turn = side || turn;
  }
  const read = degrees({ numbers: given.numbers, axis, turn });
  if ("fault" in read) return read;
  if (Math.abs(read.value) > (axis === "y" ? 90 : 180)) return fault(axis === "y" ? "lat" : "lon");
  return rounded(read.value);
};
