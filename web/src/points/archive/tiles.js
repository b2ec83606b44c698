// what a tile holds: counts by square, points with their values
import { integers, laneFrom } from "../lanes.js";

/** @param {Uint8Array<ArrayBuffer>} bytes */
const reader = (bytes) => {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  let at = 4 + length;
  return {
    head,
    /** @param {number} count @param {number} width */
    lane: (count, width) => {
      at += count * width;
      return integers(bytes, at - count * width, count, width);
    },
    /** @param {number} size */
    piece: (size) => {
      at += size;
      return bytes.subarray(at - size, at);
    },
  };
};

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {[number, number, number]} address zoom, column, row
 * @param {ArchiveAbout} about
 * @returns {ArchiveTile}
 */
export const tileOf = (bytes, [zoom, column, row], about) => {
  const { head, lane, piece } = reader(bytes);
  /** @type {ArchiveTile} */
  const tile = { zoom, column, row, squares: null, points: null };
  if (head.squares) {
    const [x, y, of, bin] = [1, 1, 1, 1].map((width) => lane(head.squares, width));
    tile.squares = { x, y, of, bin, count: lane(head.squares, head.width) };
  }
  if (head.points) {
    const side = about.bits - zoom;
    const width = Math.ceil(side / 8);
    const [x, y, of, bin] = [width, width, 1, 1].map((one) => lane(head.points, one));
    const [left, top] = [column * 2 ** side, row * 2 ** side];
    for (let i = 0; i < x.length; i += 1) {
      x[i] += left;
      y[i] += top;
    }
    const lanes = head.fields.map((/** @type {CloudField & { size: number }} */ field) => ({
      name: field.name,
      lane: laneFrom(field, [piece(field.size)], head.points),
    }));
    tile.points = { x, y, of, bin, lanes };
  }
  return tile;
};
