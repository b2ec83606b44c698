// tiles that were read, and which of them stand for a part of the map at a zoom
import { tileOf } from "./tiles.js";

const KEPT = 400;

/**
 * @param {Awaited<ReturnType<typeof import("./directory.js").openArchive>>} archive
 * @param {ArchiveAbout} about
 */
export const shelf = (archive, about) => {
  /** @type {Map<string, Promise<ArchiveTile | null>>} */
  const tiles = new Map();
  // the answers that have come, so that what is at hand is drawn at once
  /** @type {Map<string, ArchiveTile | null>} */
  const come = new Map();

  /** @template T @param {Map<string, T>} map */
  const thin = (map) => {
    while (map.size > KEPT) map.delete([...map.keys()][0]);
  };
  // columns go on beyond 180°, where the archive begins anew
  /** @param {number} zoom @param {number} x */
  const within = (zoom, x) => ((x % 2 ** zoom) + 2 ** zoom) % 2 ** zoom;
  /** @param {number} zoom @param {number} x @param {number} y */
  const tile = (zoom, x, y) => {
    const key = `${zoom}/${x}/${y}`;
    const asked =
      tiles.get(key) ??
      archive.tile(zoom, within(zoom, x), y).then((bytes) => bytes && tileOf(bytes, [zoom, x, y], about));
    tiles.delete(key);
    tiles.set(key, asked);
    // what failed is asked again
    asked.catch(() => tiles.delete(key));
    thin(tiles);
    return asked;
  };
  // the tile of a place at a zoom: its own, or the one above that has all points singly; nothing where nothing is
  /** @param {number} zoom @param {number} x @param {number} y @returns {Promise<ArchiveTile | null>} */
  const covering = async (zoom, x, y) => {
    for (let up = 0; up <= zoom; up += 1) {
      const [column, row] = [x, y].map((one) => Math.floor(one / 2 ** up));
      if (!(await archive.has(zoom - up, within(zoom - up, column), row))) continue;
      const held = await tile(zoom - up, column, row);
      // one with counts has a tile below for each part that is not empty
      return held && (up === 0 || !held.squares) ? held : null;
    }
    return null;
  };
  return {
    tile,
    covering,
    /** @param {number} zoom @param {number} x @param {number} y */
    at: async (zoom, x, y) => {
      const held = await covering(zoom, x, y);
      come.set(`${zoom}/${x}/${y}`, held);
      thin(come);
      return held;
    },
    /** @param {number} zoom @param {number} x @param {number} y @returns {ArchiveTile | null | undefined} */
    known: (zoom, x, y) => come.get(`${zoom}/${x}/${y}`),
  };
};
