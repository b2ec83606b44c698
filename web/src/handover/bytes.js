// bytes as base64, strictly: what another program would not read is no base64 here either
const SHAPE = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** @param {Uint8Array} bytes */
export const base64 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
};
/** @param {unknown} text @returns {Uint8Array<ArrayBuffer>} */
export const unbase64 = (text) => {
  if (typeof text !== "string" || !SHAPE.test(text)) throw new TypeError("base64");
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
};
/** @param {Uint8Array[]} parts @returns {Uint8Array<ArrayBuffer>} */
export const joined = (parts) => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
/** @param {string} text */
export const utf8 = (text) => new TextEncoder().encode(text);
/** @param {string} text */
export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
