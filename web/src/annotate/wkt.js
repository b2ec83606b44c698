// shapes as well-known text, which is how a table carries them
/** @type {{ [type: string]: number }} */
const DEPTHS = { Point: 0, LineString: 1, Polygon: 2, MultiPoint: 1, MultiLineString: 2, MultiPolygon: 3 };
/** @type {{ [name: string]: string }} */
const NAMES = Object.fromEntries(
  [...Object.keys(DEPTHS), "GeometryCollection"].map((name) => [name.toUpperCase(), name]),
);

/**
 * @param {any[]} coordinates
 * @param {number} depth
 * @returns {string}
 */
const list = (coordinates, depth) =>
  depth ? `(${coordinates.map((one) => list(one, depth - 1)).join(", ")})` : coordinates.slice(0, 2).join(" ");
/**
 * @param {Geometry} given
 * @returns {string}
 */
export const write = ({ type, coordinates, geometries }) =>
  type === "GeometryCollection"
    ? `GEOMETRYCOLLECTION (${(geometries ?? []).map(write).join(", ")})`
    : `${type.toUpperCase()} ${type === "Point" ? list([coordinates], 1) : list(coordinates, DEPTHS[type])}`;

// null where the text is none
/**
 * @param {string} text
 * @returns {Geometry | null}
 */
export const read = (text) => {
  const tokens = text.match(/[A-Za-z]+|[-+]?[\d.]+(?:[eE][-+]?\d+)?|[(),]|\S/g) ?? [];
  let at = 0;
  /** @param {string} token */
  const take = (token) => {
    if (tokens[at] !== token) throw new Error("wkt");
    at += 1;
  };
  /**
   * @param {() => any} one
   * @returns {any[]}
   */
  const several = (one) => {
    /** @type {any[]} */
    const items = [];
    do {
      take(items.length ? "," : "(");
      items.push(one());
    } while (tokens[at] === ",");
    take(")");
    return items;
  };
  const position = () => {
    /** @type {number[]} */
    const numbers = [];
    while (tokens[at] !== undefined && !/[(),]/.test(tokens[at])) {
      numbers.push(Number(tokens[at]));
      at += 1;
    }
    if (numbers.length < 2 || !numbers.every(Number.isFinite)) throw new Error("wkt");
    return numbers.slice(0, 2);
  };
  /**
   * @param {number} depth
   * @returns {any}
   */
  const deep = (depth) => (depth ? several(() => deep(depth - 1)) : position());
  /** @returns {Geometry} */
  const shape = () => {
    const type = NAMES[tokens[at]?.toUpperCase()];
    at += 1;
    if (/^(?:Z|M|ZM)$/i.test(tokens[at])) at += 1;
    if (type === "GeometryCollection") return { type, geometries: several(shape) };
    if (type === "Point") return { type, coordinates: several(position)[0] };
    if (type === "MultiPoint")
      return { type, coordinates: several(() => (tokens[at] === "(" ? several(position)[0] : position())) };
    if (!type) throw new Error("wkt");
    return { type, coordinates: deep(DEPTHS[type]) };
  };
  try {
    const geometry = shape();
    return at === tokens.length ? geometry : null;
  } catch {
    return null;
  }
};
