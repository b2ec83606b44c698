// the picture in a JPEG and nothing beside it, part by part as field/readers/jpeg.py does it: the same bytes come out
import * as huffman from "./huffman.js";

const EOI = 0xd9,
  SOS = 0xda,
  DQT = 0xdb,
  DHT = 0xc4,
  DRI = 0xdd,
  COM = 0xfe;
const PLAIN_JFIF = [0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0];
const PLAIN_ADOBE = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 0x64, 0, 0, 0, 0];
const TURNED = [
  0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0,
];
const LONGER = "a part is longer than what it holds",
  NONE = "a part of its picture is none",
  TWICE = "a part of its picture is twice there";

/**
 * @type {(holds: any, otherwise: string) => asserts holds}
 */
const must = (holds, otherwise) => {
  if (!holds) throw new Error(otherwise);
};
/**
 * @param {number} number
 * @param {number} step
 */
const up = (number, step) => Math.ceil(number / step);
/** @param {number} marker */
const isRestart = (marker) => marker >= 0xd0 && marker <= 0xd7;
/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
const word = (bytes, at) => (bytes[at] << 8) + bytes[at + 1];
/**
 * @param {Uint8Array} bytes
 * @param {string} text
 */
const begins = (bytes, text) => [...text].every((letter, at) => bytes[at] === letter.charCodeAt(0));

// the orientation, 2 to 8, that EXIF gives, or 0
/** @param {Uint8Array} tiff */
const turned = (tiff) => {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  const little = begins(tiff, "II");
  if (!little && !begins(tiff, "MM")) return 0;
  try {
    const start = view.getUint32(4, little);
    const count = Math.min(view.getUint16(start, little), 200);
    for (let at = start + 2; at < start + 2 + 12 * count; at += 12) {
      if (view.getUint16(at, little) !== 0x0112 || view.getUint16(at + 2, little) !== 3) continue;
      const way = view.getUint16(at + 8, little);
      return way >= 2 && way <= 8 ? way : 0;
    }
  } catch {
    /* cut off */
  }
  return 0;
};

/** @param {Uint8Array} body */
const quantities = (body) => {
  /** @type {Uint8Array[]} */
  const tables = [];
  for (let at = 0; at < body.length; ) {
    const size = 1 + 64 * (1 + (body[at] >> 4));
    must(body[at] >> 4 <= 1 && (body[at] & 15) < 4 && at + size <= body.length, LONGER);
    tables.push(body.subarray(at, at + size));
    at += size;
  }
  return tables;
};
/** @param {Uint8Array} body */
const codes = (body) => {
  /** @type {Uint8Array[]} */
  const tables = [];
  for (let at = 0; at < body.length; ) {
    const counts = body.subarray(at + 1, at + 17);
    const size = 17 + counts.reduce((sum, count) => sum + count, 0);
    // a code is used up by those that begin with it
    const room = counts.reduce((sum, count, length) => sum + count * 2 ** (15 - length), 0);
    must(body[at] >> 4 <= 1 && (body[at] & 15) < 4 && at + size <= body.length, LONGER);
    const values = body.subarray(at + 17, at + size);
    must(room <= 65536 && new Set(values).size === values.length && values.length <= 256, LONGER);
    tables.push(body.subarray(at, at + size));
    at += size;
  }
  return tables;
};

/**
 * @param {number} marker
 * @param {Uint8Array} body
 * @returns {JpegFrame}
 */
const frameOf = (marker, body) => {
  const [height, width, count] = [word(body, 1), word(body, 3), body[5]];
  must(body.length === 6 + 3 * count && count >= 1 && count <= 4, LONGER);
  const components = new Map();
  for (let at = 6; at < body.length; at += 3)
    components.set(body[at], [body[at + 1] >> 4, body[at + 1] & 15, body[at + 2]]);
  const sampled = [...components.values()].every(
    ([across, down]) => across >= 1 && across <= 4 && down >= 1 && down <= 4,
  );
  must(components.size === count && sampled && width > 0 && height > 0, "its size is none");
  return { progressive: marker === 0xc2, width, height, components };
};
// how many units (MCU) the scan of some components has
/**
 * @param {JpegFrame} given
 * @param {number[]} chosen
 */
const units = ({ width, height, components }, chosen) => {
  const [wide, high] = [0, 1].map((axis) => Math.max(...[...components.values()].map((parts) => parts[axis])));
  if (chosen.length > 1) return up(width, 8 * wide) * up(height, 8 * high);
  const [across, down] = components.get(chosen[0]) ?? [];
  return up(up(width * across, wide), 8) * up(up(height * down, high), 8);
};

/**
 * @param {JpegRead} read
 * @param {number} marker
 * @param {Uint8Array} body
 */
const mark = (read, marker, body) => {
  if (marker === 0xe0 && begins(body, "JFIF\0")) read.jfif = true;
  else if (marker === 0xe1 && begins(body, "Exif\0\0")) read.orientation = turned(body.subarray(6)) || read.orientation;
  // decoders take a number that nobody knows as 2
  else if (marker === 0xee && begins(body, "Adobe") && body.length >= 12 && !read.bits.size)
    read.transform = Math.min(body[11], 2);
};
/**
 * @param {JpegRead} read
 * @param {number} marker
 * @param {Uint8Array} body
 */
const add = (read, marker, body) => {
  if ((marker >= 0xe0 && marker <= 0xef) || marker === COM) {
    mark(read, marker, body);
    return;
  }
  /** @type {JpegPiece[]} */
  let pieces;
  if (marker >= 0xc0 && marker <= 0xc2) {
    must(!read.frame, "it has two pictures");
    read.frame = frameOf(marker, body);
    pieces = [{ data: body, used: true }];
  } else if (marker === DQT || marker === DHT) {
    pieces = (marker === DQT ? quantities : codes)(body).map((data) => ({ data, used: false }));
    for (const piece of pieces) read.tables.set(`${marker} ${piece.data[0] & (marker === DQT ? 15 : 31)}`, piece);
  } else {
    must(marker === DRI, `it has a part of a kind that no photo has (0x${marker.toString(16)})`);
    must(body.length === 2, LONGER);
    pieces = [{ data: body, used: false }];
    read.tables.set(`${DRI} 0`, pieces[0]);
  }
  read.parts.push({ marker, pieces, scan: [] });
};
/**
 * @param {JpegRead} read
 * @param {number} marker
 * @param {number} number
 */
const use = (read, marker, number) => {
  const piece = read.tables.get(`${marker} ${number}`);
  must(piece, "a table is missing");
  piece.used = true;
};
// of each block of a unit the tables of codes of its mean and of the rest
/**
 * @param {JpegRead} read
 * @param {JpegFrame} other
 * @param {number[]} chosen
 * @param {Uint8Array} body
 */
const blocksOf = (read, { components }, chosen, body) =>
  chosen.flatMap((name, at) => {
    const numbers = body[2 + 2 * at],
      [across, down] = components.get(name) ?? [];
    /** @param {number} number */
    const table = (number) => /** @type {JpegPiece} */ (read.tables.get(`${DHT} ${number}`)).data.subarray(1);
    const pair = [table(numbers >> 4), table(16 | (numbers & 15))];
    return Array.from({ length: chosen.length > 1 ? across * down : 1 }, () => pair);
  });
/**
 * @param {JpegRead} read
 * @param {Uint8Array} body
 * @param {Uint8Array} scan
 */
const addScan = (read, body, scan) => {
  const { frame } = read;
  must(frame, "its picture has no size");
  const count = body[0];
  must(body.length === 4 + 2 * count && count >= 1 && count <= 4, LONGER);
  const chosen = Array.from({ length: count }, (_, at) => body[1 + 2 * at]);
  const [first, last, bits] = body.subarray(-3);
  const [high, low] = [bits >> 4, bits & 15];
  must(new Set(chosen).size === count && chosen.every((name) => frame.components.has(name)), TWICE);
  must(frame.progressive || (first === 0 && last === 63 && bits === 0), NONE);
  // where it gets better step by step, the mean colours and the rest of each component come by themselves
  must(first <= last && last < 64 && (!frame.progressive || (first === 0 ? last === 0 : count === 1)), NONE);
  for (const [at, name] of chosen.entries()) {
    const numbers = body[2 + 2 * at];
    // each bit is said once, from the highest
    for (let number = first; number <= last; number += 1) {
      const before = read.bits.get(64 * name + number);
      must(high === 0 ? before === undefined : before === high && high === low + 1, TWICE);
      read.bits.set(64 * name + number, low);
    }
    if (!read.quantised.has(name)) use(read, DQT, frame.components.get(name)?.[2] ?? -1);
    read.quantised.add(name);
    if (first === 0 && high === 0) use(read, DHT, numbers >> 4);
    if (last > 0) use(read, DHT, 16 | (numbers & 15));
  }
  const interval = read.tables.get(`${DRI} 0`);
  if (interval) interval.used = true;
  const every = interval ? word(interval.data, 0) : 0;
  const all = units(frame, chosen);
  const plain = plainScan(scan, every ? up(all, every) - 1 : 0);
  const kept = frame.progressive
    ? plain
    : huffman.cut(plain, { blocks: blocksOf(read, frame, chosen, body), units: all, every });
  read.parts.push({ marker: SOS, pieces: [{ data: body, used: true }], scan: kept });
};

/**
 * @param {Uint8Array} bytes
 * @param {number} start
 */
const endOfScan = (bytes, start) => {
  for (let at = bytes.indexOf(0xff, start); at >= 0 && at < bytes.length; at = bytes.indexOf(0xff, at)) {
    const from = at;
    while (bytes[at] === 0xff) at += 1;
    if (at < bytes.length && bytes[at] !== 0 && !isRestart(bytes[at])) return from;
  }
  throw new Error("the picture has no end");
};
// a scan without bytes that only fill; it restarts where it says, and nowhere else
/**
 * @param {Uint8Array} scan
 * @param {number} most
 */
const plainScan = (scan, most) => {
  const plain = scan.filter((byte, at) => byte !== 0xff || scan[at + 1] !== 0xff);
  let restarts = 0;
  for (let at = plain.indexOf(0xff); at >= 0; at = plain.indexOf(0xff, at + 1)) {
    if (plain[at + 1] === 0) continue;
    must(restarts < most, "its picture goes on behind its end");
    must(plain[at + 1] === 0xd0 + (restarts % 8), "its picture is not in order");
    restarts += 1;
  }
  return plain;
};

/** @param {JpegRead} given */
const written = ({ transform, quantised, jfif, orientation, parts }) => {
  // beside Adobe's mark for plain red, green and blue, JFIF would say other colours
  /** @type {(number[] | Uint8Array)[]} */
  const out = [transform === 0 && quantised.size === 3 && !jfif ? [0xff, 0xd8] : [0xff, 0xd8, ...PLAIN_JFIF]];
  if (orientation !== 1) out.push([...TURNED, orientation, 0, 0, 0, 0, 0, 0]);
  if (transform !== null) out.push([...PLAIN_ADOBE, transform]);
  for (const { marker, pieces, scan } of parts) {
    const body = pieces.filter(({ used }) => used).map(({ data }) => data);
    const size = 2 + body.reduce((sum, { length }) => sum + length, 0);
    if (body.length) out.push([0xff, marker, size >> 8, size & 255], ...body, scan);
  }
  out.push([0xff, EOI]);
  const bytes = new Uint8Array(out.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of out) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

// throws where the bytes are no JPEG, are cut off, or hold more than a picture where that cannot be cut out
/**
 * @param {Uint8Array} bytes
 * @returns {Uint8Array<ArrayBuffer>}
 */
export const bare = (bytes) => {
  must(bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff, "it is no JPEG");
  /** @type {JpegRead} */
  const read = {
    frame: null,
    parts: [],
    jfif: false,
    transform: null,
    orientation: 1,
    tables: new Map(),
    quantised: new Set(),
    bits: new Map(),
  };
  for (let at = 2; ; ) {
    must(bytes[at] === 0xff, "it begins no part");
    while (bytes[at] === 0xff) at += 1;
    const marker = bytes[at];
    at += 1;
    if (marker === EOI) break;
    if (marker === 1 || isRestart(marker)) continue;
    const end = at + word(bytes, at);
    must(end >= at + 2 && end <= bytes.length, "a part is shorter than it says");
    const body = bytes.subarray(at + 2, end);
    at = end;
    if (marker !== SOS) {
      add(read, marker, body);
      continue;
    }
    at = endOfScan(bytes, end);
    addScan(read, body, bytes.subarray(end, at));
  }
  must(read.bits.size, "it has no picture");
  return written(read);
};
