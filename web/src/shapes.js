// layers out of their packed form: arcs of grid steps, rows of allowed fields

import { pageData } from "./data.js";
import { all } from "./dom.js";
import * as i18n from "./i18n.js";
import { packed } from "./packed-arcs.js";

const { arc: arcOf } = packed(pageData("grid"));

/**
 * @param {number | number[]} run
 * @returns {number[]}
 */
const expand = (run) =>
  Array.isArray(run) ? Array.from({ length: run[1] - run[0] + 1 }, (_, i) => run[0] + i) : [run];
/** @param {(number | number[])[]} runs */
const line = (runs) => {
  /** @type {LatLon[]} */
  const joined = [];
  for (const ref of runs.flatMap(expand)) {
    const arc = ref >= 0 ? arcOf(ref) : arcOf(~ref).slice().reverse();
    for (let i = joined.length ? 1 : 0; i < arc.length; i += 1) joined.push(arc[i]);
  }
  return joined;
};

/**
 * @param {any} packedShape
 * @returns {Shape | null}
 */
const shape = (packedShape) => {
  if (!packedShape) return null;
  const [kind, parts] = packedShape;
  if (kind === "p")
    return { kind, key: null, positions: parts.map((/** @type {Position} */ [lon, lat]) => [lat, lon]) };
  /** @type {LatLon[][] | LatLon[][][] | null} */
  let positions = null;
  const made = {
    kind,
    // features with the same references have the same shape
    get key() {
      return JSON.stringify(packedShape);
    },
    // a layer that is switched off has thousands that nobody looks at yet
    get positions() {
      positions ??=
        kind === "l" ? parts.map(line) : parts.map((/** @type {(number | number[])[][]} */ rings) => rings.map(line));
      return positions ?? [];
    },
  };
  return /** @type {Shape} */ (/** @type {unknown} */ (made));
};

/**
 * @param {Element} block
 * @returns {Layer}
 */
const read = (block) => {
  const raw = JSON.parse(block.textContent ?? "null");
  /** @param {Feature["values"]} given */
  const called = ({ name }) => (raw.group === "own" ? i18n.written(name) : i18n.translated(name));
  const features = raw.rows.map((/** @type {any[]} */ row, /** @type {number} */ index) => {
    /** @type {Feature["values"] | undefined} */
    let values;
    return {
      id: raw.ids[index],
      layer: raw.name,
      // most are asked for when the map has been drawn
      get values() {
        values ??= Object.fromEntries(
          raw.fields.map((/** @type {[string]} */ [name], /** @type {number} */ column) => [name, row[column]]),
        );
        return values;
      },
      shape: shape(raw.shapes[index]),
      get name() {
        return called(this.values);
      },
    };
  });
  return { ...raw, features, rows: null, shapes: null };
};

export const layers = () => all("script.atlas-layer").map(read);
