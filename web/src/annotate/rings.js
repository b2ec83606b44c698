// rings of areas: one that does not come back to where it began is closed, as every program that draws it does
/**
 * @param {Position} given
 * @param {Position} other
 */
const same = ([lon, lat], [x, y]) => lon === x && lat === y;
/**
 * @param {Geometry} given
 * @returns {Position[][][]}
 */
const areas = ({ type, coordinates }) =>
  type === "MultiPolygon" ? coordinates : type === "Polygon" ? [coordinates] : [];
/**
 * @param {Geometry} geometry
 * @returns {Position[][]}
 */
const every = (geometry) =>
  geometry.type === "GeometryCollection" ? (geometry.geometries ?? []).flatMap(every) : areas(geometry).flat();

// a ring of fewer than three different positions encloses nothing
/** @param {Geometry} geometry */
export const enclose = (geometry) =>
  every(geometry).every((ring) => new Set(ring.map(([lon, lat]) => `${lon} ${lat}`)).size >= 3);
/** @param {Geometry} geometry */
export const open = (geometry) => every(geometry).filter((ring) => !same(ring[0], ring[ring.length - 1])).length;
/** @param {Position[]} positions */
const ring = (positions) =>
  same(positions[0], positions[positions.length - 1]) ? positions : [...positions, positions[0]];
/**
 * @param {Geometry} geometry
 * @returns {Geometry}
 */
export const closed = (geometry) => {
  if (geometry.type === "GeometryCollection")
    return { ...geometry, geometries: (geometry.geometries ?? []).map(closed) };
  if (geometry.type === "Polygon") return { ...geometry, coordinates: geometry.coordinates.map(ring) };
  return geometry.type === "MultiPolygon"
    ? { ...geometry, coordinates: geometry.coordinates.map((/** @type {Position[][]} */ area) => area.map(ring)) }
    : geometry;
};
