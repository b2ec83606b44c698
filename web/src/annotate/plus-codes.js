// plus codes (Open Location Code 1.0): a cell of the grid of degrees, whose middle is the position; a short one needs a town.
// The import has the same arithmetic (atlas/field/readers/plus_codes.py); tests/vectors/coordinates.json holds both to it.

const DIGITS = "23456789CFGHJMPQRVWX";
const CODE = new RegExp(
  `^(?:[${DIGITS}]{8}\\+(?:[${DIGITS}]{2,30})?|(?=.{8}\\+$)(?:[${DIGITS}]{2}){1,3}(?:00){1,3}\\+)$`,
);
const SHORT = new RegExp(`^(?:[${DIGITS}]{2}){1,3}\\+[${DIGITS}]{2,7}(?![0-9A-Z])`);
const METRES_PER_DEGREE = 111320;

// the position of a text in upper case, the fault where it can be none, null where it is no plus code
/** @type {(text: string) => PairRead | "plus" | null} */
export const read = (text) => {
  if (!CODE.test(text)) return SHORT.test(text) ? "plus" : null;
  const numbers = [...text.replace(/[+0]/g, "").slice(0, 15)].map((digit) => DIGITS.indexOf(digit));
  if (numbers[0] > 8 || numbers[1] > 17) return "plus";
  let [lat, lon, height, width] = [-90, -180, 400, 400];
  for (let at = 0; at < numbers.length; at += at < 10 ? 2 : 1) {
    const [rows, columns] = at < 10 ? [20, 20] : [5, 4];
    const [row, column] = at < 10 ? [numbers[at], numbers[at + 1]] : [Math.floor(numbers[at] / 4), numbers[at] % 4];
    [height, width] = [height / rows, width / columns];
    [lat, lon] = [lat + row * height, lon + column * width];
  }
  [lat, lon] = [lat + height / 2, lon + width / 2];
  const across = width * Math.cos((lat * Math.PI) / 180);
  const metres = Math.max(1, Math.ceil((Math.hypot(height, across) / 2) * METRES_PER_DEGREE));
  return { lat, lon, step: height, metres };
};
