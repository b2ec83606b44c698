// names that go with the line wherever a view meets it: the countries on their sides, the rivers along it
import { here, neighbours } from "./border-sides.js";
import * as i18n from "./i18n.js";
import { lines } from "./positions.js";

/** @typedef {{ a: L.Point, b: L.Point, length: number, feature: Feature }} Step */

// degrees of two pixels at zoom 0
const NEAR = (2 * 360) / 256;
// from here on the fixed names of the countries leave the view
const FROM = 8.5;
// after the larger towns, which have one place only
const WEIGHT = 24;
// shares of the line in the view at which a name may stand, best first
const SHARES = [0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9, 0.42, 0.58, 0.27, 0.73, 0.04, 0.96];
// pixels between the line and a name
const APART = { country: [18, 34, 60, 90], river: [7, 14, 24] };
// pixels of the line on both sides of a place that give it its direction there
const REACH = 30;

/** @param {L.Map} map @param {Feature[]} border @param {number} from @returns {Step[]} */
export const stepsInView = (map, border, from = FROM) => {
  // farther off no name depends on the line, and all of it would be looked at
  if (map.getZoom() < from) return [];
  const bounds = map.getBounds();
  const size = map.getSize();
  const frame = L.bounds([0, 0], [size.x, size.y]);
  return border.flatMap((feature) =>
    lines(feature).flatMap((line) => {
      /** @type {Step[]} */
      const steps = [];
      const near = NEAR / 2 ** map.getZoom();
      let last = line[0];
      for (let i = 1; i < line.length; i += 1) {
        const [[south, west], [north, east]] = [last, line[i]];
        // bends of a pixel count for nothing
        if (i < line.length - 1 && Math.abs(south - north) < near && Math.abs(west - east) < near) continue;
        const ends = [last, line[i]];
        last = line[i];
        if (Math.max(south, north) < bounds.getSouth() || Math.min(south, north) > bounds.getNorth()) continue;
        if (Math.max(west, east) < bounds.getWest() || Math.min(west, east) > bounds.getEast()) continue;
        const [start, end] = ends.map((at) => map.latLngToContainerPoint(at));
        const clipped = L.LineUtil.clipSegment(start, end, frame);
        if (!clipped) continue;
        const [a, b] = clipped;
        steps.push({ a, b, length: a.distanceTo(b), feature });
      }
      return steps;
    }),
  );
};

/** @param {L.Point} a @param {L.Point} b @param {L.Point} c @param {L.Point} d */
const meet = (a, b, c, d) => {
  /** @param {L.Point} p @param {L.Point} q @param {L.Point} r */
  const turn = (p, q, r) => (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
};
/** @param {Step[]} steps @param {L.Point} from @param {L.Point} to */
export const crosses = (steps, from, to) => steps.some(({ a, b }) => meet(from, to, a, b));
// whether the line runs through a box: left, top, right, bottom in pixels
/** @param {Step[]} steps @param {number[]} box */
export const touches = (steps, [left, top, right, bottom]) => {
  const box = L.bounds([left, top], [right, bottom]);
  return steps.some(({ a, b }) => {
    if (Math.max(a.x, b.x) < left || Math.min(a.x, b.x) > right) return false;
    if (Math.max(a.y, b.y) < top || Math.min(a.y, b.y) > bottom) return false;
    return Boolean(L.LineUtil.clipSegment(a, b, box));
  });
};

// the place at a share of the length of some steps, and which way the line goes there: towards the Caribbean
/** @param {Step[]} steps @param {number} share @returns {[L.Point, L.Point]} */
const placeAt = (steps, share) => {
  const whole = steps.reduce((sum, { length }) => sum + length, 0);
  /** @param {number} distance */
  const at = (distance) => {
    let left = Math.min(Math.max(distance, 0), whole);
    for (const { a, b, length } of steps) {
      if (left <= length && length > 0) return a.add(b.subtract(a).multiplyBy(left / length));
      left -= length;
    }
    return steps[steps.length - 1].b;
  };
  return [at(whole * share), at(whole * share + REACH).subtract(at(whole * share - REACH))];
};

// middles of a name beside the line, on the left of who follows it (this side) or on the right
/** @param {Step[]} all @param {Step[]} steps @param {number} side @param {number[]} size @param {number[]} apart */
const beside = (all, steps, side, [width, height], apart) =>
  SHARES.flatMap((share) => {
    const [place, way] = placeAt(steps, share);
    const long = Math.hypot(way.x, way.y);
    if (!long) return [];
    const normal = L.point((side * way.y) / long, (-side * way.x) / long);
    return apart.flatMap((distance) => {
      const off = distance + (Math.abs(normal.x) * width) / 2 + (Math.abs(normal.y) * height) / 2;
      const middle = place.add(normal.multiplyBy(off));
      // what lies beyond the next bend is the other country again
      return crosses(all, place.add(normal.multiplyBy(1.5)), middle) ? [] : [middle];
    });
  });

/** @param {L.Map} map @param {Step[]} steps @param {(label: MapName) => number[]} measure @returns {MapName[]} */
export const lineNames = (map, steps, measure) => {
  if (map.getZoom() < FROM || !steps.length) return [];
  /** @param {MapName} label @param {Step[]} some @param {number[]} sides @returns {MapName[]} */
  const placed = (label, some, sides) => {
    const apart = APART[label.kind === "country" ? "country" : "river"];
    const middles = sides.flatMap((side) => beside(steps, some, side, measure(label), apart));
    const [at, ...or] = middles.map((middle) => {
      const { lat, lng } = map.containerPointToLatLng(middle);
      return /** @type {LatLon} */ ([lat, lng]);
    });
    return at ? [{ ...label, at, or }] : [];
  };
  /** @param {string} kind @param {string} text @param {number} weight @returns {MapName} */
  const name = (kind, text, weight) => ({ kind, text, at: [0, 0], from: FROM, weight, clearOfLine: true });
  /** @param {(feature: Feature) => unknown} key @returns {[string, Step[]][]} */
  const groups = (key) => {
    const values = new Set(steps.map(({ feature }) => key(feature)).filter(Boolean));
    return [...values].map((value) => [String(value), steps.filter(({ feature }) => key(feature) === value)]);
  };
  const beyond = groups(({ values }) => values.neighbour);
  const rivers = groups(({ values }) => values.river_name);
  const along = rivers.flatMap(([river, some]) =>
    placed(name("river", i18n.translated(river), WEIGHT + 1), some, [1, -1]),
  );
  // where nobody says on which side of the line this country lies, no country is named beside it
  if (!here.lies) return along;
  const left = here.lies === "left" ? 1 : -1;
  /** @param {{ name: { [language: string]: string } }} side */
  const country = (side) => name("country", side.name[i18n.language].toLocaleUpperCase(i18n.language), WEIGHT);
  return [
    ...placed(country(here), steps, [left]),
    ...beyond.flatMap(([code, some]) =>
      neighbours.filter((side) => side.code === code).flatMap((side) => placed(country(side), some, [-left])),
    ),
    ...along,
  ];
};
