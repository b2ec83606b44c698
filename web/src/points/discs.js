// single points as discs, and a number where several lie on one spot
import { number } from "../i18n.js";
import * as theme from "../theme.js";
import { runs } from "./places.js";

const MOST_NUMBERS = 300;
/** @param {number} zoom */
export const radiusAt = (zoom) => (zoom < 12 ? 3 : zoom < 14 ? 4 : zoom < 16 ? 5 : 6);

/** @param {string} colour @param {number} radius @param {number} sharp */
export const disc = (colour, radius, sharp) => {
  const sign = document.createElement("canvas");
  sign.width = sign.height = Math.ceil((radius + 1) * 2 * sharp);
  const brush = /** @type {CanvasRenderingContext2D} */ (sign.getContext("2d"));
  brush.arc(sign.width / 2, sign.width / 2, radius * sharp, 0, 2 * Math.PI);
  brush.fillStyle = colour;
  brush.strokeStyle = theme.colour("paper");
  brush.lineWidth = sharp;
  brush.fill();
  brush.stroke();
  return sign;
};

// the discs of a part of the screen; how many points they are
/**
 * @param {CanvasRenderingContext2D} brush
 * @param {CloudView} view
 * @param {HTMLCanvasElement[]} signs one a class
 * @param {number[]} part left, top, width, height in pixels of the canvas
 * @param {number[]} origin pixels of the world at the canvas' upper left
 * @param {number} sharp
 */
export const drawDiscs = (brush, view, signs, [left, top, wide, high], [ox, oy], sharp) => {
  const { places, shown, of, scale } = view;
  const { x, y } = places;
  const half = signs[0].width / 2;
  /** @type {[number, number, number][]} */
  const crowds = [];
  let sum = 0;
  const box = [ox + left - half, oy + top - half, ox + left + wide + half, oy + top + high + half];
  runs(
    places,
    box.map((one) => one / scale),
    (from, to) => {
      let spot = 0;
      for (let i = from; i < to; i += 1) {
        if (!shown[i]) continue;
        const sx = (x[i] + 0.5) * scale - ox;
        const sy = (y[i] + 0.5) * scale - oy;
        if (sx < left - half || sy < top - half || sx >= left + wide + half || sy >= top + high + half) continue;
        if (sx >= left && sy >= top && sx < left + wide && sy < top + high) sum += 1;
        // points on one spot stand side by side in the file
        const last = crowds.at(-1);
        if (last && x[last[2]] === x[i] && y[last[2]] === y[i]) spot += 1;
        else spot = 1;
        if (spot === 1) {
          brush.drawImage(signs[of[i]] ?? signs[0], sx - half, sy - half);
          crowds.push([sx, sy, i]);
        } else if (last) tally.set(last[2], spot);
      }
    },
  );
  label(brush, crowds, half, sharp);
  return sum;
};

/** @type {Map<number, number>} */
const tally = new Map();
/** @param {CanvasRenderingContext2D} brush @param {[number, number, number][]} crowds @param {number} half @param {number} sharp */
const label = (brush, crowds, half, sharp) => {
  const several = crowds.filter(([, , i]) => tally.has(i)).slice(0, MOST_NUMBERS);
  brush.font = `600 ${11 * sharp}px system-ui, sans-serif`;
  brush.textBaseline = "middle";
  brush.lineWidth = 3 * sharp;
  brush.strokeStyle = theme.colour("paper");
  brush.fillStyle = theme.colour("ink");
  for (const [sx, sy, i] of several) {
    const text = number(tally.get(i) ?? 0);
    brush.strokeText(text, sx + half, sy);
    brush.fillText(text, sx + half, sy);
  }
  tally.clear();
};
