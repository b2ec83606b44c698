// names by SHA-1, as RFC 9562 makes UUIDs of version 5: the store at home names a row so, and the page must come to the same
/**
 * @param {number} word
 * @param {number} by
 */
const turned = (word, by) => (word << by) | (word >>> (32 - by));
const encoder = new TextEncoder();

// FIPS 180-4
/** @param {Uint8Array} bytes */
const sha1 = (bytes) => {
  const whole = new Uint8Array((((bytes.length + 8) >> 6) + 1) << 6);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(whole.length - 4, bytes.length << 3);
  const hash = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const words = new Int32Array(80);
  for (let start = 0; start < whole.length; start += 64) {
    for (let i = 0; i < 80; i += 1)
      words[i] =
        i < 16 ? view.getInt32(start + 4 * i) : turned(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    let [a, b, c, d, e] = hash;
    for (let i = 0; i < 80; i += 1) {
      const [mixed, constant] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      [a, b, c, d, e] = [(turned(a, 5) + mixed + e + constant + words[i]) | 0, a, turned(b, 30), c, d];
    }
    [a, b, c, d, e].forEach((word, i) => {
      hash[i] = (hash[i] + word) | 0;
    });
  }
  const out = new DataView(new ArrayBuffer(20));
  for (const [i, word] of hash.entries()) out.setInt32(4 * i, word);
  return new Uint8Array(out.buffer);
};

/** @param {string} uuid */
const bytesOf = (uuid) => Uint8Array.from(uuid.replaceAll("-", "").match(/../g) ?? [], (pair) => parseInt(pair, 16));
/**
 * @param {string} space
 * @param {string} name
 */
export const uuid5 = (space, name) => {
  const hash = sha1(Uint8Array.from([...bytesOf(space), ...encoder.encode(name)])).subarray(0, 16);
  hash[6] = (hash[6] & 0x0f) | 0x50;
  hash[8] = (hash[8] & 0x3f) | 0x80;
  const hex = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
