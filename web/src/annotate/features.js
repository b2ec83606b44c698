// what a feature or a row of a file says: its changes, or why it has none

import { around } from "../border-sides.js";
import * as changes from "./changes.js";
import * as form from "./form.js";
import { metres } from "./metres.js";
import * as notebook from "./notebook.js";
import { decimal } from "./numbers.js";
import { angle } from "./pairs.js";
import * as repeated from "./repeated.js";
import * as rings from "./rings.js";
import { uuid5 } from "./sha1.js";
import { sha256 } from "./sha256.js";
import * as wkt from "./wkt.js";

const NOT_ASSERTED = new Set([
  "id",
  "fid",
  "atlas",
  "atlas_base",
  "conflicts",
  "status",
  "decision",
  "municipality_cvegeo",
  "municipality_name",
  "nearest_reach",
  "chainage_km",
  "border_distance_m",
]);
/** @type {{ [type: string]: number }} */
const DEPTHS = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 };

// to tell latitude that was written before longitude
const [WEST, SOUTH, EAST, NORTH] = around;
/**
 * @param {number} lon
 * @param {number} lat
 */
const here = (lon, lat) => (lon > WEST ? lon : lon + 360) < EAST && lat > SOUTH && lat < NORTH;
/** @param {Position} position */
const swapped = ([first, second]) => !here(first, second) && here(second, first);
/** @type {(found: any) => boolean} */
const isPosition = (given) =>
  Array.isArray(given) &&
  given.length >= 2 &&
  given.every((one) => typeof one === "number" && Number.isFinite(one)) &&
  Math.abs(given[0]) <= 180 &&
  Math.abs(given[1]) <= 90 &&
  !swapped(given);
/** @type {(found: any, depth: number) => boolean} */
const nested = (given, depth) =>
  depth === 0
    ? isPosition(given)
    : Array.isArray(given) && given.length > 0 && given.every((one) => nested(one, depth - 1));
/** @type {(found: any) => boolean} */
const isGeometry = (given) => {
  if (given === null) return true;
  if (!given || typeof given !== "object") return false;
  if (given.type === "GeometryCollection")
    return (
      Array.isArray(given.geometries) && given.geometries.every((/** @type {any} */ one) => one && isGeometry(one))
    );
  return given.type in DEPTHS && nested(given.coordinates, DEPTHS[given.type]);
};
/** @param {unknown} value */
const isEmpty = (value) => value === null || value === undefined || (typeof value === "string" && !value.trim());

// a number or a word is an id within its own file only, and becomes what the store at home makes of it
const SPACE = "6f0d1c1e-8f2b-5a94-9d6a-3c1b7a52e0d4";
const FORMATS =
  /^(.+)\.(?:csv|tsv|txt|tab|geojson|json|geojsonl|geojsons|ndjson|gpx|kml|kmz|gpkg|zip|age|atlasnotes)$/i;
/** @param {string} name */
const stem = (name) => {
  let left = name;
  for (let match = FORMATS.exec(left); match; match = FORMATS.exec(left)) left = match[1];
  return left.toLowerCase();
};
/** @param {string} id */
const isUuid = (id) =>
  /^[0-9a-f]{32}$/i.test(
    id
      .replace(/urn:|uuid:/g, "")
      .replace(/^[{}]+|[{}]+$/g, "")
      .replaceAll("-", ""),
  );
/** @param {string} id @param {Values} properties @param {string} file */
const within = (id, properties, file) => {
  const author = typeof properties.author === "string" ? changes.printable(properties.author) : null;
  const place = [properties.geometry ?? null, properties.reach ?? null];
  const day = typeof properties.observed_at === "string" ? properties.observed_at.slice(0, 10) : null;
  return uuid5(
    SPACE,
    changes.canonical(["within", stem(file), id, ...(author ? [author, day || place] : [null, place])]),
  );
};
// a row without an id gets one of its content, the same whenever it comes
/** @type {(given: any, said: Values, from: { file: string, kept: (id: string) => boolean }) => string | null} */
const identity = (given, properties, { file, kept }) => {
  const id = typeof given === "string" || typeof given === "number" ? String(given).trim() : "";
  if (id && (id.length > 200 || /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(id))) return null;
  if (id && (isUuid(id) || kept(id))) return id;
  if (id) {
    properties.source_id ??= id;
    return within(id, properties, file);
  }
  const digest = sha256(changes.canonical(properties));
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-9${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
};
/** @type {(text: any, id: string) => { [field: string]: string[] } | null} */
const baseOf = (text, id) => {
  try {
    const base = typeof text === "string" ? JSON.parse(text) : text;
    return base?.record === id ? (base.fields ?? {}) : null;
  } catch {
    return null;
  }
};

// what a row has a place for and leaves empty: an edit where it was exported, elsewhere nothing; a class is never empty
const NOT_EMPTIED = new Set([...NOT_ASSERTED, "deleted", "same_as", "geometry"]);
/** @param {Values} properties @param {boolean} unplaced */
const blanks = (properties, unplaced) => [
  ...Object.keys(properties).filter((name) => name && !NOT_EMPTIED.has(name) && isEmpty(properties[name])),
  ...(unplaced ? ["geometry"] : []),
];
const NOTHING = [changes.traceOf(null), changes.traceOf("")];
/** @param {string} id @param {string} field @param {string[]} parents */
const clear = (id, field, parents) => changes.make({ record_id: id, field, value: null, parents }, "file");

// a class in two columns that do not agree, and a text of JSON with a member twice
/** @param {Values} properties */
const isContradictory = (properties) => {
  const classes = Object.entries(properties).filter(
    ([name, value]) => /^sensitivity(?: \(\d+\))?$/.test(name) && !isEmpty(value),
  );
  if (new Set(classes.map(([, value]) => value)).size > 1) return true;
  return typeof properties.atlas_base === "string" && repeated.find(properties.atlas_base).length > 0;
};

// the changes of one feature, or why it has none
/** @type {(feature: any, file: string) => FeatureRead} */
export const changesOf = (feature, file) => {
  if (feature?.type !== "Feature" || typeof (feature.properties ?? {}) !== "object") return { fault: "feature" };
  const geometry = feature.geometry ?? null;
  if (!isGeometry(geometry)) return { fault: "geometry" };
  if (geometry && !rings.enclose(geometry)) return { fault: "ring" };
  const properties = changes.wellFormed(feature.properties ?? {});
  if (isContradictory(properties)) return { fault: "twice" };
  const asserted = Object.fromEntries(
    Object.entries(properties).filter(([name, value]) => name && !NOT_ASSERTED.has(name) && !isEmpty(value)),
  );
  if (geometry) asserted.geometry = rings.closed(changes.wellFormed(geometry));
  const carried = feature.atlas?.changes;
  const past = Array.isArray(carried) && carried.length > 0;
  // what has a history, or was exported from one, keeps its id
  const id = identity(feature.id ?? properties.id, asserted, {
    file,
    kept: (given) => past || baseOf(properties.atlas_base, given) !== null,
  });
  if (id === null) return { fault: "id" };
  const blank = blanks(properties, feature.unplaced ?? ("geometry" in feature && geometry === null)).filter(
    (name) => !(name in asserted),
  );
  if (past) return history(carried, id, asserted, blank);
  const exported = baseOf(properties.atlas_base, id);
  const base = exported ?? {};
  const emptied = blank.filter((name) => base[name] && !NOTHING.includes(base[name][0]));
  if (emptied.includes("sensitivity")) return { fault: "class" };
  // what was not edited is news only where the history that the row was exported from never came
  const known = notebook.get(id)?.known;
  const made = Object.entries(asserted).flatMap(([name, value]) => {
    const [trace, ...parents] = base[name] ?? [];
    const edited = trace !== changes.traceOf(value);
    if (!edited && parents.every((one) => known?.has(one))) return [];
    return [changes.make({ record_id: id, field: name, value, parents: edited ? parents : [] }, "file")];
  });
  made.push(...emptied.map((name) => clear(id, name, base[name].slice(1))));
  const earlier = notebook.get(id);
  const values = exported || !earlier ? {} : notebook.state(earlier).values;
  const unused = exported
    ? []
    : Object.keys(properties).filter(
        (name) => NOT_ASSERTED.has(name) && !["id", "fid", "atlas"].includes(name) && !isEmpty(properties[name]),
      );
  return made.length || properties.atlas_base
    ? { made, unused, kept: blank.filter((name) => !isEmpty(values[name])) }
    : { fault: "empty" };
};
/** @type {(carried: any[], id: string, asserted: Values, blank: string[]) => FeatureRead} */
const history = (carried, id, asserted, blank) => {
  /** @type {Change[]} */
  const made = [];
  for (const one of carried) {
    const { change, fault } = changes.taken(one, "file");
    if (!change) return { fault };
    if (change.record_id !== id) return { fault: "id" };
    if (change.field === "geometry" && !isGeometry(change.value)) return { fault: "geometry" };
    made.push(change);
  }
  // somebody edited the file by hand without noting it in its history
  for (const [name, value] of Object.entries(asserted)) {
    const earlier = made.filter((change) => change.field === name);
    if ((earlier.length || form.field(name)) && !earlier.some((change) => changes.same(change.value, value))) {
      const replaced = new Set(earlier.flatMap(({ parents }) => parents));
      made.push(
        changes.make(
          {
            record_id: id,
            field: name,
            value,
            parents: earlier.map(({ change_id }) => change_id).filter((one) => !replaced.has(one)),
          },
          "file",
        ),
      );
    }
  }
  for (const name of blank) {
    const earlier = made.filter((change) => change.field === name);
    const replaced = new Set(earlier.flatMap(({ parents }) => parents));
    const heads = earlier.filter(({ change_id }) => !replaced.has(change_id));
    if (heads.every(({ value }) => isEmpty(value))) continue;
    if (name === "sensitivity") return { fault: "class" };
    made.push(
      clear(
        id,
        name,
        heads.map(({ change_id }) => change_id),
      ),
    );
  }
  return { made };
};

/** @param {string} text */
const listOf = (text) => {
  try {
    return text.startsWith("[")
      ? JSON.parse(text)
      : text
          .split(";")
          .map((name) => name.trim())
          .filter(Boolean);
  } catch {
    return [text];
  }
};
// degrees of a cell as they are written, in any spelling that the import reads
const PLAIN = /^[-+\u2212]?[0-9]+(?:[.,][0-9]+)?$/;
/** @param {string} text @param {"x" | "y"} axis */
const onAxis = (text, axis) => {
  if (PLAIN.test(text)) return decimal(text) ?? Number.NaN;
  const degrees = angle(text, axis);
  return typeof degrees === "number" ? degrees : Number.NaN;
};
// a row of a table as a feature, or why it is none; null where it has half a position
/** @param {{ [column: string]: string }} row */
export const ofRow = (row) => {
  const { latitude, longitude, lat, lon, geometry: drawn, photos: named, ...rest } = row;
  const [y, x] = [latitude ?? lat ?? "", longitude ?? lon ?? ""].map((text) => text.trim());
  if ((y === "") !== (x === "")) return null;
  const geometry =
    y !== ""
      ? { type: "Point", coordinates: [onAxis(x, "x"), onAxis(y, "y")] }
      : drawn?.trim()
        ? wkt.read(drawn)
        : null;
  if (!geometry && drawn?.trim()) return null;
  /** @type {Values} */
  const properties = {};
  for (const [name, value] of Object.entries(rest)) {
    const isNumber = form.field(name)?.types.includes("number");
    properties[name] = value === "" ? null : isNumber ? metres(value) : value;
    // a number that is none, and one below zero, are no metres
    if (isNumber && value.trim() && !(Number(properties[name] ?? -1) >= 0)) return { fault: "number" };
    // devices write 0 where they don't know
    if (properties[name] === 0) delete properties[name];
  }
  if (named !== undefined) properties.photos = named ? listOf(named) : null;
  // a table has the place in three columns; whoever takes one of them out empties nothing
  const unplaced = !geometry && [latitude, longitude, drawn].every((text) => text !== undefined);
  return { type: "Feature", id: row.id || undefined, geometry, properties, unplaced };
};
