// ten thousand records on one canvas, drawn when the map has come to rest

import { map } from "../map.js";
import * as theme from "../theme.js";
import { colour } from "../theme.js";
import * as marks from "./marks.js";
import * as notebook from "./notebook.js";
import * as places from "./places.js";

const CROWD = 1200;
const REACHABLE = 24;
let shown = [];
let chosen = null;
let drawn = [];
const paths = new Map();

const pane = map.createPane("notes");
pane.style.zIndex = "630";
pane.style.pointerEvents = "none";

const path = (category) => {
  if (!paths.has(category)) paths.set(category, new Path2D(marks.shape(category)));
  return paths.get(category);
};
const colours = () => {
  const cache = new Map();
  return (name) => {
    if (!cache.has(name)) cache.set(name, colour(name));
    return cache.get(name);
  };
};

const disc = (pen, { x, y }, category, colour, small) => {
  pen.beginPath();
  pen.arc(x, y, small ? 4 : 9.5, 0, 2 * Math.PI);
  pen.fillStyle = colour(marks.ink(category));
  pen.fill();
  pen.lineWidth = small ? 1 : 1.8;
  pen.strokeStyle = colour("paper");
  pen.stroke();
  if (small) return;
  pen.save();
  pen.translate(x, y);
  pen.fillStyle = colour("paper");
  pen.fill(path(category), "evenodd");
  pen.restore();
};
const ring = (pen, { x, y }, colour) => {
  pen.beginPath();
  pen.arc(x, y, 14, 0, 2 * Math.PI);
  pen.lineWidth = 3.5;
  pen.strokeStyle = colour("focus");
  pen.stroke();
};
const line = (pen, positions, closed) => {
  pen.beginPath();
  positions.forEach(([lat, lon], at) => {
    const { x, y } = map.latLngToLayerPoint([lat, lon]);
    if (at) pen.lineTo(x, y);
    else pen.moveTo(x, y);
  });
  if (closed) pen.closePath();
  pen.stroke();
};

// lines of a shape that is no point, latitude before longitude
/** @param {Geometry} geometry */
const lines = (geometry) => {
  if (!geometry) return [];
  const turned = (positions) => positions.map(([lon, lat]) => [lat, lon]);
  switch (geometry.type) {
    case "LineString":
      return [turned(geometry.coordinates)];
    case "MultiLineString":
    case "Polygon":
      return geometry.coordinates.map(turned);
    case "MultiPolygon":
      return geometry.coordinates.flat().map(turned);
    case "GeometryCollection":
      return geometry.geometries.flatMap(lines);
    default:
      return [];
  }
};
/** @param {Geometry} geometry */
const points = (geometry) => {
  if (geometry?.type === "Point") return [geometry.coordinates];
  if (geometry?.type === "MultiPoint") return geometry.coordinates;
  return geometry?.type === "GeometryCollection" ? geometry.geometries.flatMap(points) : [];
};

const paint = (pen, bounds) => {
  const colour = colours();
  const placed = [];
  const stretches = new Map();
  for (const record of shown) {
    const { values } = notebook.state(record);
    for (const [lon, lat] of points(values.geometry)) {
      const at = map.latLngToLayerPoint([lat, lon]);
      if (bounds.contains(at)) placed.push({ id: record.id, at, category: values.category });
    }
    for (const positions of lines(values.geometry)) {
      pen.lineWidth = 3;
      pen.strokeStyle = colour(marks.ink(values.category));
      line(pen, positions, false);
    }
    // hundreds of notes may share a stretch, which is drawn once
    if (values.reach) stretches.set(values.reach, stretches.get(values.reach) || record.id === chosen);
  }
  for (const [name, marked] of stretches) stretch(pen, name, marked, colour);
  const small = placed.length > CROWD;
  for (const { at, category } of placed) disc(pen, at, category, colour, small);
  for (const { id, at, category } of placed)
    if (id === chosen) {
      disc(pen, at, category, colour, false);
      ring(pen, at, colour);
    }
  drawn = placed;
};
const stretch = (pen, name, marked, colour) => {
  const reach = places.reach(name);
  if (!reach) return;
  pen.lineWidth = marked ? 13 : 9;
  pen.globalAlpha = 0.55;
  pen.strokeStyle = colour(marked ? "focus" : "informal-note");
  for (const positions of reach.shape.positions) line(pen, positions, false);
  pen.globalAlpha = 1;
};

const Dots = L.Canvas.extend({
  _update() {
    L.Canvas.prototype._update.call(this);
    if (this._bounds && !this._map._animatingZoom) paint(this._ctx, this._bounds);
  },
  _onMouseMove() {},
  _onClick() {},
  _handleMouseHover() {},
});
const layer = new /** @type {any} */ (Dots)({ pane: "notes", padding: 0.1 }).addTo(map);

let asked = 0;
export const redraw = () => {
  cancelAnimationFrame(asked);
  asked = requestAnimationFrame(() => {
    layer._update();
  });
};
// the record under a finger, or nothing
export const at = (latlng) => {
  const point = map.latLngToLayerPoint(latlng);
  let best = null;
  for (const one of drawn) {
    const far = point.distanceTo(one.at);
    if (far <= REACHABLE && (!best || far <= best.far)) best = { id: one.id, far };
  }
  return best?.id ?? null;
};
// where to look at a record
/** @param {{ [field: string]: any }} values */
export const boundsOf = (values) => {
  const bounds = values.reach
    ? places.reach(values.reach)?.shape.positions.flat()
    : [...points(values.geometry).map(([lon, lat]) => [lat, lon]), ...lines(values.geometry).flat()];
  return bounds?.length ? L.latLngBounds(bounds) : null;
};
theme.onChange(redraw);

/** @param {FieldRecord[]} records */
export const show = (records) => {
  shown = records;
  redraw();
};
export const choose = (id) => {
  chosen = id;
  redraw();
};
