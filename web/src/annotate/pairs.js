// latitude and longitude in one text, as people write them: point or comma, degrees alone or with minutes and seconds,
// words and letters before or after. The import of files has the same grammar (atlas/field/readers/pairs.py);
// tests/vectors/coordinates.json holds both to the same answers.

/** @type {{ [word: string]: ["x" | "y", number] }} */
const WORDS = {
  N: ["y", 1],
  NORTH: ["y", 1],
  NORTE: ["y", 1],
  S: ["y", -1],
  SOUTH: ["y", -1],
  SUR: ["y", -1],
  E: ["x", 1],
  EAST: ["x", 1],
  ESTE: ["x", 1],
  W: ["x", -1],
  WEST: ["x", -1],
  O: ["x", -1],
  OESTE: ["x", -1],
  LAT: ["y", 0],
  LATITUD: ["y", 0],
  LATITUDE: ["y", 0],
  LON: ["x", 0],
  LONG: ["x", 0],
  LNG: ["x", 0],
  LONGITUD: ["x", 0],
  LONGITUDE: ["x", 0],
};
/** @type {{ [word: string]: string }} */
const UNITS = { D: "°", DEG: "°", G: "°", GRADOS: "°", M: "'", MIN: "'", SEC: '"', SEG: '"' };
/**
 * @param {string} key
 * @param {{ [name: string]: any }} [values]
 * @returns {Fault}
 */
export const fault = (key, values = {}) => ({ fault: key, values });

/** @param {string} text */
const tidy = (text) =>
  text
    .toUpperCase()
    .replace(/[−‐–—]/g, "-")
    .replace(/[º˚]/g, "°")
    .replace(/''|[″”“]/g, '"')
    .replace(/[′’‘`´]/g, "'");
// a comma that divides, or the next decimal comma? and a number of a computer
const AMBIGUOUS = /[0-9],[0-9]+,[0-9]|^[^A-Z]*[0-9]E[-+]?[0-9][^A-Z]*$/;
const TOKEN = /([-+]\s*)?([0-9]+(?:[.,][0-9]+)?)|(\p{L}+)\.?|([°'"])|([\s,;:/()[\]]+)|(.)/gu;
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
    const unit = word === "S" ? (inMinutes && afterDigits ? '"' : null) : UNITS[word];
    if (digits)
      list.push({ digits: digits.replace(",", "."), minus: sign?.startsWith("-") ?? false, signed: Boolean(sign) });
    else if (unit) list.push({ mark: unit });
    else if (word || other) list.push({ word: word ?? other });
    else if (mark) list.push({ mark });
    if (word) inMinutes = unit === "'";
    afterDigits = Boolean(digits);
  }
  return list;
};

// each half: numbers, and the axis that a word gave it
/**
 * @param {PairToken[]} list
 * @returns {PairHalf[]}
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
      [half.axis, half.turn] = [axis, turn || half.turn];
      if (!prefix) close();
    } else if (token.digits) half.numbers.push(token);
  }
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

// degrees and how fine they are written, or why not; latitude comes first unless words say otherwise
/**
 * @param {string} text
 * @returns {Fault | { lat: number, lon: number, step: number }}
 */
export const read = (text) => {
  const plain = tidy(text);
  const list = tokens(plain);
  const numbers = list.filter((token) => token.digits);
  if (!numbers.length) return fault("empty");
  if (AMBIGUOUS.test(plain)) return fault("two");
  const words = list.filter((token) => token.word);
  const strange = words.find(({ word = "" }) => !Object.hasOwn(WORDS, word));
  if (strange) return fault("word", strange);
  if (!words.length && !list.some(({ mark }) => mark === "°") && numbers.length % 2) return fault("two");
  const halves = words.length ? byWords(list) : byMarks(numbers, list);
  if (halves.length !== 2 || halves.some((half) => !half.numbers.length)) return fault("two");
  const named = halves.filter(({ axis }) => axis);
  if (named.length === 2 && halves[0].axis === halves[1].axis) return fault("letters");
  const swapped = halves[0].axis === "x" || halves[1].axis === "y";
  const [y, x] = (swapped ? [...halves].reverse() : halves).map(degrees);
  if ("fault" in y) return y;
  if ("fault" in x) return x;
  if (Math.abs(y.value) > 90) return fault(Math.abs(x.value) <= 90 ? "swapped" : "lat");
  if (Math.abs(x.value) > 180) return fault("lon");
  return { lat: Number(y.value.toFixed(7)), lon: Number(x.value.toFixed(7)), step: Math.max(y.step, x.step) };
};
