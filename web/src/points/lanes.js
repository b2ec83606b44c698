// columns of values out of the page: base64, deflated, integers in planes of bytes, and the texts that they stand for
// four bytes in five letters of 85: printing ones, but for those that end a text or a block
const letters = Array.from({ length: 92 }, (_, i) => String.fromCharCode(35 + i))
  .filter((letter) => !"&'<>\\`".includes(letter))
  .slice(0, 85);
const digits = new Uint8Array(128);
letters.forEach((letter, digit) => {
  digits[letter.charCodeAt(0)] = digit;
});
/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export const bytesOf = (text) => {
  const words = new Uint32Array((text.length - 1) / 5);
  for (let i = 0, at = 1; i < words.length; i += 1, at += 5) {
    let word = 0;
    for (let place = 4; place >= 0; place -= 1) word = word * 85 + digits[text.charCodeAt(at + place)];
    words[i] = word;
  }
  return new Uint8Array(words.buffer, 0, 4 * words.length - Number(text[0]));
};

/** @param {string} text @returns {Promise<Uint8Array<ArrayBuffer>>} */
export const inflated = (text) => unpacked(bytesOf(text), "deflate-raw");

/** @param {Uint8Array<ArrayBuffer>} packed @param {CompressionFormat} format @returns {Promise<Uint8Array<ArrayBuffer>>} */
export const unpacked = async (packed, format) => {
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(packed);
      controller.close();
    },
  });
  const out = stream.pipeThrough(new DecompressionStream(format));
  return new Uint8Array(await new Response(out).arrayBuffer());
};

// the plane of the lowest bytes comes first
/** @param {Uint8Array} bytes @param {number} from @param {number} count @param {number} width @returns {Uint32Array} */
export const integers = (bytes, from, count, width) => {
  const values = new Uint32Array(count);
  for (let plane = 0; plane < width; plane += 1) {
    const at = from + plane * count;
    const factor = 256 ** plane;
    for (let i = 0; i < count; i += 1) values[i] += bytes[at + i] * factor;
  }
  return values;
};

/** @param {Uint8Array} bytes @param {number} count @param {number} width @returns {Uint32Array | Float64Array} */
const codesOf = (bytes, count, width) => {
  if (width <= 4) return integers(bytes, 0, count, width);
  const values = new Float64Array(count);
  for (let plane = 0; plane < width; plane += 1)
    for (let i = 0; i < count; i += 1) values[i] += bytes[plane * count + i] * 256 ** plane;
  return values;
};

/** @param {number} value @param {number} decimals @param {boolean | undefined} short */
const decimal = (value, decimals, short) => {
  if (!decimals) return String(value);
  const digits = String(Math.abs(value)).padStart(decimals + 1, "0");
  const text = `${value < 0 ? "-" : ""}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
  return short ? text.replace(/(\.\d+?)0+$/, "$1") : text;
};

/** @param {number} value @param {{ unit?: number, between?: string, seconds?: boolean, tail?: string }} field */
export const moment = (value, { unit = 1, between, seconds, tail }) => {
  const iso = new Date(value * unit * 1000).toISOString();
  return between ? iso.slice(0, 10) + between + iso.slice(11, seconds ? 19 : 16) + tail : iso.slice(0, 10);
};

// what an integer stands for; nothing where the file has nothing
/** @param {CloudField} field @param {number} code @returns {string | null} */
export const textOf = (field, code) => {
  if (!code) return null;
  if (field.kind === "word") return field.words[code - 1];
  const value = code - 1 + (field.least ?? 0);
  return field.kind === "time" ? moment(value, field) : decimal(value, field.decimals ?? 0, field.short);
};

// texts that are all different: one after the other with a zero between, in pieces
/** @param {Uint8Array[]} pieces */
const texts = (pieces) => {
  /** @type {number[][]} */
  const starts = [];
  let each = 0;
  /** @param {Uint8Array} piece */
  const index = (piece) => {
    const ends = [0];
    for (let i = 0; i < piece.length; i += 1) if (piece[i] === 0) ends.push(i + 1);
    ends.push(piece.length + 1);
    return ends;
  };
  const reader = new TextDecoder();
  /** @param {number} number */
  return (number) => {
    starts[0] ??= index(pieces[0]);
    each = starts[0].length - 1;
    const at = Math.floor(number / each);
    starts[at] ??= index(pieces[at]);
    const row = number % each;
    return reader.decode(pieces[at].subarray(starts[at][row], starts[at][row + 1] - 1)) || null;
  };
};

// the values of one field, by the number of a point
/** @param {CloudField} field @param {string[]} pieces @param {number} count @returns {Promise<CloudLane>} */
export const laneOf = async (field, pieces, count) => laneFrom(field, await Promise.all(pieces.map(inflated)), count);

// the same of bytes that are unpacked
/** @param {CloudField} field @param {Uint8Array[]} bytes @param {number} count @returns {CloudLane} */
export const laneFrom = (field, bytes, count) => {
  if (field.kind === "text") return { codes: null, text: texts(bytes), of: () => null };
  const codes = codesOf(bytes[0], count, field.bytes ?? 1);
  return { codes, text: (number) => textOf(field, codes[number]), of: (code) => textOf(field, code) };
};
