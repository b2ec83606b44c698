// rings of areas: one that does not come back to where it began is closed, as every program that draws it does
const same = ([lon, lat], [x, y]) => lon === x && lat === y;
const areas = ({ type, coordinates }) =>
  type === "MultiPolygon" ? coordinates : type === "Polygon" ? [coordinates] : [];
const every = (geometry) =>
  geometry.type === "GeometryCollection" ? geometry.geometries.flatMap(every) : areas(geometry).flat();

// a ring of fewer than three different positions encloses nothing
export const enclose = (geometry) =>
  every(geometry).every((ring) => new Set(ring.map(([lon, lat]) => `${lon} ${lat}`)).size >= 3);
export const open = (geometry) => every(geometry).filter((ring) => !same(ring[0], ring.at(-1))).length;
const ring = (positions) => (same(positions[0], positions.at(-1)) ? positions : [...positions, positions[0]]);
export const closed = (geometry) => {
  if (geometry.type === "GeometryCollection") return { ...geometry, geometries: geometry.geometries.map(closed) };
  if (geometry.type === "Polygon") return { ...geometry, coordinates: geometry.coordinates.map(ring) };
  return geometry.type === "MultiPolygon"
    ? { ...geometry, coordinates: geometry.coordinates.map((area) => area.map(ring)) }
    : geometry;
};
