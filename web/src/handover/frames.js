// a message of the transfer as a text for one QR code, and back: screen to camera, where there is no network at all
const KIND = "ATLAS-PIECE";
export const PIECE_BYTES = 360;
// more would have people hold a phone still for minutes
export const MOST_NOTES = 30;
export const MOST_BYTES = 36000;

/** @typedef {import("./transfer.js").Message} Message */

/** @param {Message} piece @param {number} count */
export const written = ({ set, n, sum, data }, count) => [KIND, 1, set, count, n, sum, data].join(" ");
// what a receiver is told by a code: that there is a set, and one piece of it
/** @param {string} text @returns {Message[]} */
export const read = (text) => {
  const [kind, version, set, count, n, sum, data, ...more] = text.split(" ");
  if (kind !== KIND || version !== "1" || data === undefined || more.length) return [];
  return [
    { kind: "offer", set, count: Number(count) },
    { kind: "piece", set, n: Number(n), sum, data },
  ];
};
