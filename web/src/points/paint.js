// counts points into squares of the screen, and paints the squares: the more points, the fuller the colour
import { runs } from "./places.js";

// side of a square in CSS pixels, and how many steps the colours have
export const SQUARE = 3;
export const LEVELS = 8;
const PALEST = 0.34;

/** @param {CanvasRenderingContext2D} brush @param {string} colour */
const rgb = (brush, colour) => {
  brush.fillStyle = colour;
  const text = String(brush.fillStyle);
  return [1, 3, 5].map((at) => Number.parseInt(text.slice(at, at + 2), 16));
};

// one pixel of each class and level, as a canvas keeps it
/** @param {CanvasRenderingContext2D} brush @param {string[]} colours */
export const pixels = (brush, colours) => {
  const made = new Uint32Array(colours.length * (LEVELS + 1));
  const bytes = new Uint8ClampedArray(made.buffer);
  colours.forEach((colour, number) => {
    const [red, green, blue] = rgb(brush, colour);
    for (let level = 0; level <= LEVELS; level += 1) {
      const alpha = 255 * (PALEST + ((1 - PALEST) * level) / LEVELS);
      bytes.set([red, green, blue, alpha], 4 * (number * (LEVELS + 1) + level));
    }
  });
  return made;
};

// how many points each square of a part of the screen has, and of which class most are
/**
 * @param {CloudView} view
 * @param {number} across squares
 * @param {number} down
 * @param {number} classes
 * @param {number[]} origin pixels of the world at the upper left
 * @returns {SquareCounts}
 */
export const counted = ({ places, shown, of, scale, square }, across, down, classes, [left, top]) => {
  const size = across * down;
  const counts = new Uint32Array(size);
  const each = classes > 1 ? new Uint32Array(size * classes) : null;
  const k = scale / square;
  const [x0, y0] = [left / square, top / square];
  const { x, y } = places;
  let sum = 0;
  runs(places, [left / scale, top / scale, left / scale + across / k, top / scale + down / k], (from, to) => {
    for (let i = from; i < to; i += 1) {
      if (!shown[i]) continue;
      const sx = (x[i] + 0.5) * k - x0;
      const sy = (y[i] + 0.5) * k - y0;
      if (sx < 0 || sy < 0 || sx >= across || sy >= down) continue;
      const at = (sy | 0) * across + (sx | 0);
      counts[at] += 1;
      if (each) each[at * classes + of[i]] += 1;
      sum += 1;
    }
  });
  return { counts, each, classes, sum };
};

/** @param {SquareCounts} given @param {number} at */
const commonest = ({ each, classes }, at) => {
  if (!each) return 0;
  let best = 0;
  for (let one = 1; one < classes; one += 1) if (each[at * classes + one] > each[at * classes + best]) best = one;
  return best;
};

/** @param {number} count @param {number} most */
export const levelOf = (count, most) =>
  Math.min(LEVELS, most > 1 ? Math.round((LEVELS * Math.log(count)) / Math.log(most)) : LEVELS);

/** @param {Uint32Array} counts */
export const mostOf = (counts) => {
  let most = 0;
  for (let at = 0; at < counts.length; at += 1) if (counts[at] > most) most = counts[at];
  return most;
};

// the squares as a picture
/**
 * @param {SquareCounts} given
 * @param {number} across
 * @param {number} square
 * @param {number} most
 * @param {Uint32Array} colours
 */
export const picture = (given, across, square, most, colours) => {
  const { counts } = given;
  const wide = across * square;
  const image = new ImageData(wide, (counts.length / across) * square);
  const target = new Uint32Array(image.data.buffer);
  for (let at = 0; at < counts.length; at += 1) {
    if (!counts[at]) continue;
    const colour = colours[commonest(given, at) * (LEVELS + 1) + levelOf(counts[at], most)];
    const corner = Math.floor(at / across) * square * wide + (at % across) * square;
    for (let line = 0; line < square; line += 1) {
      const begin = corner + line * wide;
      target.fill(colour, begin, begin + square);
    }
  }
  return image;
};
