// ten thousand records on one canvas, drawn when the map has come to rest

import { map } from "../map.js";
import * as shapeOf from "../positions.js";
import * as theme from "../theme.js";
import { colour } from "../theme.js";
import * as marks from "./marks.js";
import * as notebook from "./notebook.js";
import * as places from "./places.js";

const CROWD = 1200;
const REACHABLE = 24;
/** @type {FieldRecord[]} */
let shown = [];
/** @type {string | null} */
let chosen = null;
/** @type {Dot[]} */
let drawn = [];
/** @type {Map<string, Path2D>} */
const paths = new Map();

const pane = map.createPane("notes");
pane.style.zIndex = "630";
pane.style.pointerEvents = "none";

/** @param {string} category */
const path = (category) => {
  const known = paths.get(category) ?? new Path2D(marks.shape(category));
  paths.set(category, known);
  return known;
};
const colours = () => {
  /** @type {Map<string, string>} */
  const cache = new Map();
  return (/** @type {string} */ name) => {
    const ink = cache.get(name) ?? colour(name);
    cache.set(name, ink);
    return ink;
  };
};

/** @param {CanvasRenderingContext2D} pen @param {L.Point} at @param {string} category @param {(name: string) => string} colour @param {boolean} small */
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
/** @param {CanvasRenderingContext2D} pen @param {L.Point} at @param {(name: string) => string} colour */
const ring = (pen, { x, y }, colour) => {
  pen.beginPath();
  pen.arc(x, y, 14, 0, 2 * Math.PI);
  pen.lineWidth = 3.5;
  pen.strokeStyle = colour("focus");
  pen.stroke();
};
/** @param {CanvasRenderingContext2D} pen @param {LatLon[]} positions @param {boolean} closed */
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
/** @type {(geometry: Geometry | null) => LatLon[][]} */
const lines = (geometry) => {
  if (!geometry) return [];
  /** @type {(positions: Position[]) => LatLon[]} */
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
      return (geometry.geometries ?? []).flatMap(lines);
    default:
      return [];
  }
};
/** @type {(geometry: Geometry | null) => Position[]} */
const points = (geometry) => {
  if (geometry?.type === "Point") return [geometry.coordinates];
  if (geometry?.type === "MultiPoint") return geometry.coordinates;
  return geometry?.type === "GeometryCollection" ? (geometry.geometries ?? []).flatMap(points) : [];
};

/** @param {CanvasRenderingContext2D} pen @param {L.Bounds} bounds */
const paint = (pen, bounds) => {
  const colour = colours();
  /** @type {Dot[]} */
  const placed = [];
  /** @type {Map<string, boolean>} */
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
/** @param {CanvasRenderingContext2D} pen @param {string} name @param {boolean} marked @param {(name: string) => string} colour */
const stretch = (pen, name, marked, colour) => {
  const reach = places.reach(name);
  if (!reach) return;
  pen.lineWidth = marked ? 13 : 9;
  pen.globalAlpha = 0.55;
  pen.strokeStyle = colour(marked ? "focus" : "informal-note");
  for (const positions of shapeOf.lines(reach)) line(pen, positions, false);
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
/** @param {L.LatLng} latlng */
export const at = (latlng) => {
  const point = map.latLngToLayerPoint(latlng);
  /** @type {{ id: string, far: number } | null} */
  let best = null;
  for (const one of drawn) {
    const far = point.distanceTo(one.at);
    if (far <= REACHABLE && (!best || far <= best.far)) best = { id: one.id, far };
  }
  return best?.id ?? null;
};
// where to look at a record
/** @param {Values} values */
export const boundsOf = (values) => {
  /** @type {LatLon[]} */
  const bounds = values.reach
    ? shapeOf.lines(places.reach(values.reach)).flat()
    : [
        ...points(values.geometry).map(([lon, lat]) => /** @type {LatLon} */ ([lat, lon])),
        ...lines(values.geometry).flat(),
      ];
  return bounds?.length ? L.latLngBounds(bounds) : null;
};
theme.onChange(redraw);

/** @param {FieldRecord[]} records */
export const show = (records) => {
  shown = records;
  redraw();
};
/** @param {string | null} id */
export const choose = (id) => {
  chosen = id;
  redraw();
};
