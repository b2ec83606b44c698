// one change: what was said of one field of one record, what it replaces, and a name that is the hash of all that
import { sha256 } from "./sha256.js";

const HASHED = ["author", "claimed_at", "device", "field", "parents", "record_id", "value"];

// keys sorted, no spaces, numbers as JavaScript writes them: RFC 8785 for what these values can be
/**
 * @param {any} value
 * @returns {string}
 */
export const canonical = (value) => {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join(",")}}`;
};

/** @param {{ parents: string[], [name: string]: any }} change */
export const idOf = (change) =>
  sha256(
    canonical(
      Object.fromEntries(
        HASHED.map((key) => [key, key === "parents" ? [...change.parents].sort() : (change[key] ?? null)]),
      ),
    ),
  );

// what an exported row remembers of a value: as a spreadsheet gives it back, with blanks around it and a guarding apostrophe gone
/** @param {any} value */
export const traceOf = (value) =>
  sha256(
    typeof value === "string" ? value.replaceAll("\r\n", "\n").trim().replace(/^'/, "") : canonical(value ?? null),
  ).slice(0, 16);

// half a surrogate pair is no text, and two languages would hash it differently
/**
 * @param {any} value
 * @returns {any}
 */
export const wellFormed = (value) => {
  if (typeof value === "string")
    return value.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD");
  if (Array.isArray(value)) return value.map(wellFormed);
  if (value && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [wellFormed(key), wellFormed(one)]));
  return typeof value === "number" && !Number.isFinite(value) ? null : (value ?? null);
};

/**
 * @param {{ record_id: string, field: string, value: any, parents?: string[], author?: string | null, device?: string | null, claimed_at?: string | null }} given
 * @param {string} [origin]
 * @returns {Change}
 */
export const make = (
  { record_id, field, value, parents = [], author = null, device = null, claimed_at = null },
  origin = "page",
) => {
  const change = wellFormed({
    record_id,
    field,
    value,
    parents: [...new Set(parents)].sort(),
    author,
    device,
    claimed_at,
  });
  return { change_id: idOf(change), ...change, origin };
};

// what may name a person, a device or a time: printable, and not without end
/**
 * @param {string | null | undefined} text
 * @param {number} [most]
 */
export const printable = (text, most = 200) =>
  (text ?? "")
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .trim()
    .slice(0, most) || null;

const ID = /^[0-9a-f]{64}$/;
/** @param {unknown} text */
const isName = (text) => typeof text === "string" && text.length > 0 && text.length <= 1000;
// a change as a file carries it, or the reason why it is none: "shape", or "hash" when it was altered on the way
/**
 * @param {any} given
 * @param {string} origin
 * @returns {{ change: Change, fault?: undefined } | { fault: string, change?: undefined }}
 */
export const taken = (given, origin) => {
  if (!given || typeof given !== "object" || Array.isArray(given)) return { fault: "shape" };
  const { record_id, field, value, parents, author, device, claimed_at } = given;
  if (!isName(record_id) || !isName(field) || value === undefined) return { fault: "shape" };
  if (![author, device, claimed_at].every((one) => one === null || one === undefined || isName(one)))
    return { fault: "shape" };
  const known = parents ?? [];
  if (!Array.isArray(known) || !known.every((one) => typeof one === "string" && ID.test(one)))
    return { fault: "shape" };
  const change = {
    record_id,
    field,
    value,
    parents: [...new Set(known)].sort(),
    author: author ?? null,
    device: device ?? null,
    claimed_at: claimed_at ?? null,
  };
  const change_id = idOf(change);
  if ("change_id" in given && given.change_id !== change_id) return { fault: "hash" };
  return { change: { change_id, ...change, origin } };
};

/**
 * @param {unknown} a
 * @param {unknown} b
 */
export const same = (a, b) => canonical(a ?? null) === canonical(b ?? null);
