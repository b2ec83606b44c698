// layers out of their packed form: arcs of grid steps, rows of allowed fields
import { pageData } from "./data.js";
import * as i18n from "./i18n.js";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const codes = new Uint8Array(128);
for (let i = 0; i < alphabet.length; i += 1) codes[alphabet.charCodeAt(i)] = i;

const numbers = (text) => {
  const values = [];
  let value = 0,
    shift = 0;
  for (let i = 0; i < text.length; i += 1) {
    const group = codes[text.charCodeAt(i)];
    value |= (group & 31) << shift;
    if (group & 32) {
      shift += 5;
      continue;
    }
    values.push(value & 1 ? -((value + 1) >> 1) : value >> 1);
    value = shift = 0;
  }
  return values;
};

// latitude before longitude, as Leaflet wants them
export const unpack = ({ perDegree, steps, sizes }) => {
  const moves = numbers(steps);
  let at = 0,
    lon = 0,
    lat = 0;
  return numbers(sizes).map((size) => {
    const arc = [];
    for (let i = 0; i < size; i += 1, at += 2) {
      lon += moves[at];
      lat += moves[at + 1];
      arc.push([lat / perDegree, lon / perDegree]);
    }
    return arc;
  });
};
const arcs = unpack(pageData("grid"));

const expand = (run) =>
  Array.isArray(run) ? Array.from({ length: run[1] - run[0] + 1 }, (_, i) => run[0] + i) : [run];
const line = (runs) => {
  const joined = [];
  for (const ref of runs.flatMap(expand)) {
    const arc = ref >= 0 ? arcs[ref] : arcs[~ref].slice().reverse();
    for (let i = joined.length ? 1 : 0; i < arc.length; i += 1) joined.push(arc[i]);
  }
  return joined;
};

const shape = (packedShape) => {
  if (!packedShape) return null;
  const [kind, parts] = packedShape;
  if (kind === "p") return { kind, key: null, positions: parts.map(([lon, lat]) => [lat, lon]) };
  // features with the same references have the same shape
  const key = JSON.stringify(packedShape);
  return { kind, key, positions: kind === "l" ? parts.map(line) : parts.map((rings) => rings.map(line)) };
};

const read = (block) => {
  const raw = JSON.parse(block.textContent);
  const called = ({ name }) => (raw.group === "own" ? i18n.written(name) : i18n.told(name));
  const features = raw.rows.map((row, index) => {
    const values = Object.fromEntries(raw.fields.map(([name], column) => [name, row[column]]));
    return {
      id: raw.ids[index],
      layer: raw.name,
      values,
      shape: shape(raw.shapes[index]),
      get name() {
        return called(values);
      },
    };
  });
  return { ...raw, features, rows: null, shapes: null };
};

export const layers = () => [...document.querySelectorAll("script.atlas-layer")].map(read);
