// a change set on its way: packed, and sealed for one store, so that whoever carries it cannot read it.
// atlas/field/handover/sealed_set.py opens what is sealed here.
import { joined, unbase64, unhex, utf8 } from "./bytes.js";

const { subtle } = globalThis.crypto;
const MAGIC = utf8("ATLASHO1");
const PURPOSE = utf8("atlas field hand-over 1");
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const POINT_BYTES = 65;
const PLAIN = 0;
const DEFLATED = 1;

/** @typedef {{ signing: string, sealing: string, fingerprint: string }} StoreCard */

// what stands in the QR code of a store: the two points of its public key
/** @param {string} text @returns {Promise<StoreCard | null>} */
export const cardOf = async (text) => {
  const [kind, version, signing, sealing, ...more] = text.trim().split(/\s+/);
  if (kind !== "ATLAS-STORE" || version !== "1" || more.length) return null;
  return cardOfKeys({ signing, sealing });
};
/** @param {Stated} keys @returns {Promise<StoreCard | null>} */
export const cardOfKeys = async (keys) => {
  try {
    const points = [keys.signing, keys.sealing].map(unbase64);
    if (points.some(({ length }) => length !== POINT_BYTES)) return null;
    await subtle.importKey("raw", points[1], CURVE, false, []);
    const digest = new Uint8Array(await subtle.digest("SHA-256", joined(points)));
    const fingerprint = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return { signing: keys.signing, sealing: keys.sealing, fingerprint };
  } catch {
    return null;
  }
};
// the beginning of a fingerprint in groups of four, for people
/** @param {string} fingerprint */
export const shown = (fingerprint) => (fingerprint.slice(0, 16).match(/.{4}/g) ?? []).join(" ");

/** @param {Uint8Array<ArrayBuffer>} bytes */
const packed = async (bytes) => {
  try {
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    return joined([Uint8Array.of(DEFLATED), new Uint8Array(await new Response(stream).arrayBuffer())]);
  } catch {
    // a browser that cannot pack sends more
    return joined([Uint8Array.of(PLAIN), bytes]);
  }
};

/**
 * @param {StoreCard} card the store that opens it
 * @param {Change[]} changes
 * @param {{ name: string, type: string, data: string }[]} media
 */
export const seal = async (card, changes, media) => {
  const content = {
    format: "atlas-field-handover",
    version: 1,
    // ids follow from the rest
    changes: changes.map(({ record_id, field, value, parents, author, device, claimed_at }) => [
      record_id,
      field,
      value,
      parents,
      author,
      device,
      claimed_at,
    ]),
    media,
  };
  const fingerprint = unhex(card.fingerprint);
  const mine = await subtle.generateKey(CURVE, false, ["deriveBits"]);
  const theirs = await subtle.importKey("raw", unbase64(card.sealing), CURVE, false, []);
  const point = new Uint8Array(await subtle.exportKey("raw", mine.publicKey));
  const shared = await subtle.deriveBits({ name: "ECDH", public: theirs }, mine.privateKey, 256);
  const base = await subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const key = await subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: fingerprint, info: joined([PURPOSE, point]) },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  const iv = globalThis.crypto.getRandomValues(new Uint8Array(12));
  const head = joined([MAGIC, fingerprint, point, iv]);
  const plain = await packed(utf8(JSON.stringify(content)));
  const closed = await subtle.encrypt({ name: "AES-GCM", iv, additionalData: head }, key, plain);
  return joined([head, new Uint8Array(closed)]);
};
