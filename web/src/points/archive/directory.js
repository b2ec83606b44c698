// where the tiles are in a file of PMTiles, version 3
import { unpacked } from "../lanes.js";
import { ArchiveError } from "./parts.js";

const HEAD_BYTES = 16384;
const LEAVES_KEPT = 32;

// the number of a tile along Hilbert's curve, after all tiles of smaller zooms
/** @param {number} zoom @param {number} x @param {number} y */
export const tileId = (zoom, x, y) => {
  let number = (4 ** zoom - 1) / 3;
  let [across, down] = [x, y];
  for (let half = 2 ** (zoom - 1); half >= 1; half /= 2) {
    const right = across >= half ? 1 : 0;
    const low = down >= half ? 1 : 0;
    number += half * half * ((3 * right) ^ low);
    across -= right * half;
    down -= low * half;
    if (low) continue;
    if (right) [across, down] = [half - 1 - across, half - 1 - down];
    [across, down] = [down, across];
  }
  return number;
};

/** @typedef {{ ids: Float64Array, runs: Float64Array, lengths: Float64Array, offsets: Float64Array }} Directory */

/** @param {Uint8Array} bytes @returns {Directory} */
export const directoryOf = (bytes) => {
  let at = 0;
  const next = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at];
      at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      if (at > bytes.length) throw new ArchiveError("archive.other");
    }
  };
  const count = next();
  const lane = () => Float64Array.from({ length: count }, next);
  const ids = lane();
  const [runs, lengths, offsets] = [lane(), lane(), lane()];
  for (let i = 1; i < count; i += 1) ids[i] += ids[i - 1];
  for (let i = 0; i < count; i += 1) offsets[i] = offsets[i] ? offsets[i] - 1 : offsets[i - 1] + lengths[i - 1];
  return { ids, runs, lengths, offsets };
};

// the last entry at or before a number
/** @param {Float64Array} ids @param {number} id */
const before = (ids, id) => {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ids[middle] <= id) low = middle + 1;
    else high = middle;
  }
  return low - 1;
};

/**
 * @param {import("./parts.js").Parts} parts
 * @param {string} wanted id of the archive that the page was made with
 */
export const openArchive = async (parts, wanted) => {
  const head = await parts.read(0, HEAD_BYTES);
  const words = new DataView(head.buffer);
  if (new TextDecoder().decode(head.subarray(0, 7)) !== "PMTiles" || head[7] !== 3)
    throw new ArchiveError("archive.other");
  const [root, rootLength, about, aboutLength, leaves, , tiles] = Array.from({ length: 7 }, (_, i) =>
    Number(words.getBigUint64(8 + 8 * i, true)),
  );
  const stated = JSON.parse(new TextDecoder().decode(await unpacked(await parts.read(about, aboutLength), "gzip")));
  if (stated.id !== wanted) throw new ArchiveError("archive.other");
  const first = directoryOf(await unpacked(head.slice(root, root + rootLength), "gzip"));
  /** @type {Map<number, Promise<Directory>>} */
  const kept = new Map();
  /** @param {number} offset @param {number} length */
  const leaf = (offset, length) => {
    const made =
      kept.get(offset) ??
      parts
        .read(leaves + offset, length)
        .then((bytes) => unpacked(bytes, "gzip"))
        .then(directoryOf);
    kept.delete(offset);
    kept.set(offset, made);
    made.catch(() => kept.delete(offset));
    if (kept.size > LEAVES_KEPT) kept.delete([...kept.keys()][0]);
    return made;
  };

  // offset and length of a tile; nothing where there is none
  /** @param {number} id @returns {Promise<[number, number] | null>} */
  const place = async (id) => {
    let directory = first;
    for (;;) {
      const at = before(directory.ids, id);
      if (at < 0) return null;
      const [offset, length, run] = [directory.offsets[at], directory.lengths[at], directory.runs[at]];
      if (run) return id < directory.ids[at] + run ? [offset, length] : null;
      directory = await leaf(offset, length);
    }
  };
  return {
    /** @param {number} zoom @param {number} x @param {number} y */
    has: async (zoom, x, y) => (await place(tileId(zoom, x, y))) !== null,
    /** @param {number} zoom @param {number} x @param {number} y @returns {Promise<Uint8Array<ArrayBuffer> | null>} */
    tile: async (zoom, x, y) => {
      const entry = await place(tileId(zoom, x, y));
      return entry && unpacked(await parts.read(tiles + entry[0], entry[1]), "gzip");
    },
  };
};
