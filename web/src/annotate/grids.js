// positions on the grid of armies and surveys, on WGS 84: UTM with its zone, and MGRS, whose squares repeat every 2,000 km
// and have their middle as position. The series of Krüger up to the fourth power of the third flattening (Karney 2011).
// The import has the same arithmetic (atlas/field/readers/grids.py); tests/vectors/coordinates.json holds both to it.

const BANDS = "CDEFGHJKLMNPQRSTUVWX";
const COLUMNS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const ROWS = "ABCDEFGHJKLMNPQRSTUV";
const ZONE = "(0?[1-9]|[1-5][0-9]|60)\\s?([C-HJ-NP-X]|NORTH|NORTE|SOUTH|SUR)";
const WORDS = "(?:UTM|WGS\\s?84|ZONE|ZONA|HUSO|[\\s:,;.()])*";
const NAME = "(EASTING|ESTE|EAST|E|X|NORTHING|NORTE|NORTH|N|Y)";
const METRES = "([0-9]{1,8}(?:[.,][0-9]{1,6})?)\\s?(?:MTS?|M)?\\.?\\s?";
const PART = `(?:${NAME}[\\s:=.]{0,3}${METRES}|${METRES}${NAME}?)`;
const LARGE = /(?<![0-9.,])[0-9]{6,8}(?![0-9])/;
const AHEAD = new RegExp(`^${WORDS}${ZONE}(?![A-Z0-9])[\\s:,;]*`);
const BEHIND = new RegExp(`[\\s,;(]*${WORDS}${ZONE}\\)?\\s*$`);
const TWO = new RegExp(`^${PART}[\\s,;/]+${PART}$`);
const MGRS = /^(0?[1-9]|[1-5][0-9]|60)\s?([C-HJ-NP-X])\s?([A-HJ-NP-Z])([A-HJ-NP-V])\s?([0-9]{0,10})\s?([0-9]{0,5})$/;

const N = 1 / 298.257223563 / (2 - 1 / 298.257223563);
const [N2, N3, N4] = [N ** 2, N ** 3, N ** 4];
const SCALED = 0.9996 * (6378137 / (1 + N)) * (1 + N2 / 4 + N4 / 64);
const BETA = [
  N / 2 - (2 * N2) / 3 + (37 * N3) / 96 - N4 / 360,
  N2 / 48 + N3 / 15 - (437 * N4) / 1440,
  (17 * N3) / 480 - (37 * N4) / 840,
  (4397 * N4) / 161280,
];
const DELTA = [
  2 * N - (2 * N2) / 3 - 2 * N3 + (116 * N4) / 45,
  (7 * N2) / 3 - (8 * N3) / 5 - (227 * N4) / 45,
  (56 * N3) / 15 - (136 * N4) / 35,
  (4279 * N4) / 630,
];
/** @param {number} zone @param {number} easting @param {number} northing @param {boolean} south */
const degrees = (zone, easting, northing, south) => {
  const [along, across] = [(northing - (south ? 10000000 : 0)) / SCALED, (easting - 500000) / SCALED];
  const [sin, cos, sinh, cosh] = [Math.sin, Math.cos, Math.sinh, Math.cosh];
  /** @param {(power: number) => number} term */
  const sum = (term) => BETA.reduce((total, beta, at) => total + beta * term(2 * at + 2), 0);
  const xi = along - sum((power) => sin(power * along) * cosh(power * across));
  const eta = across - sum((power) => cos(power * along) * sinh(power * across));
  const chi = Math.asin(sin(xi) / cosh(eta));
  const lat = DELTA.reduce((total, delta, at) => total + delta * sin((2 * at + 2) * chi), chi);
  return { lat: (lat * 180) / Math.PI, lon: 6 * zone - 183 + (Math.atan2(sinh(eta), cos(xi)) * 180) / Math.PI };
};
/** @param {number} lat @param {string} band @param {number} margin */
const nearBand = (lat, band, margin) => {
  const low = 8 * BANDS.indexOf(band) - 80;
  return lat >= low - margin && lat <= (band === "X" ? 84 : low + 8) + margin;
};

const METRES_PER_DEGREE = 111320;
/** @type {(match: RegExpExecArray) => PairRead | "square"} */
const square = ([, zone, band, column, row, first, second]) => {
  const digits = first + second;
  const half = digits.length / 2;
  if (!Number.isInteger(half) || half > 5 || (second && first.length !== half)) return "square";
  const east = COLUMNS.indexOf(column) - 8 * ((Number(zone) - 1) % 3);
  const north = (ROWS.indexOf(row) + (Number(zone) % 2 ? 0 : 15)) % 20;
  if (east < 0 || east > 7) return "square";
  const size = 10 ** (5 - half);
  const easting = (east + 1) * 100000 + Number(digits.slice(0, half)) * size + size / 2;
  const northing = north * 100000 + Number(digits.slice(half)) * size + size / 2;
  for (let repeated = 0; repeated < 5; repeated += 1) {
    const place = degrees(Number(zone), easting, northing + repeated * 2000000, band < "N");
    if (nearBand(place.lat, band, 1))
      return { ...place, step: size / METRES_PER_DEGREE, metres: Math.max(1, Math.ceil(size * Math.SQRT1_2)) };
  }
  return "square";
};
/** @type {(text: string) => PairRead | "zone"} */
const utm = (text) => {
  const zone = AHEAD.exec(text) ?? BEHIND.exec(text);
  if (!zone) return "zone";
  const rest = zone.index || text.length === zone[0].length ? text.slice(0, zone.index) : text.slice(zone[0].length);
  const numbers = TWO.exec(rest.replace(/^[ ,;:.]+|[ ,;:.]+$/g, ""));
  if (!numbers) return "zone";
  const texts = [numbers[2] ?? numbers[3], numbers[6] ?? numbers[7]].map((one) => one.replace(",", "."));
  const [first, second] = [numbers[1] ?? numbers[4], numbers[5] ?? numbers[8]].map((name) =>
    name === undefined ? null : /^[EX]/.test(name),
  );
  if (first !== null && first === second) return "zone";
  const [easting, northing] = (first === false || second === true ? [texts[1], texts[0]] : texts).map(Number);
  const [, number, band] = zone;
  // S may be the south or a band of the north
  if (easting < 100000 || easting >= 900000 || northing > 10000000 || band === "S") return "zone";
  const place = degrees(Number(number), easting, northing, band.length > 1 ? band.startsWith("S") : band < "N");
  // people take one letter for a whole country: the band beside it is let pass, one further off is a slip
  if (band.length === 1 && !nearBand(place.lat, band, 8)) return "zone";
  const decimals = Math.max(...texts.map((one) => one.split(".")[1]?.length ?? 0));
  return { ...place, step: 10 ** -decimals / METRES_PER_DEGREE };
};

// the position of a text in upper case on a grid, the fault where it can be none, null where it is on no grid
/** @type {(text: string) => PairRead | "zone" | "square" | null} */
export const read = (text) => {
  const match = MGRS.exec(text);
  if (match) return square(match);
  return LARGE.test(text) ? utm(text) : null;
};
