// what a store says of a set that it holds, signed with its own key: atlas/field/handover/receipt.py writes them
import { canonical } from "../annotate/changes.js";
import { sha256 } from "../annotate/sha256.js";
import { number, t } from "../i18n.js";
import { joined, unbase64, utf8 } from "./bytes.js";
import { cardOfKeys } from "./sealed.js";

const PURPOSE = utf8("atlas field receipt 1\n");
const { subtle } = globalThis.crypto;

/** @typedef {{ store: string, fingerprint: string, set: string, notes: number, of: number, changes: number, changes_digest: string, photos: number, received_at: string, store_digest: string }} ReceiptBody */
/** @typedef {{ format: string, version: number, body: ReceiptBody, key: { signing: string, sealing: string }, signature: string, ids?: string[] }} Receipt */
/** @typedef {{ id: string, fingerprint: string, ids: string[], photos: number, at: string, way: string, begun?: boolean }} SentSet a set that is only begun has not arrived as a whole, as far as is known here */

/** @param {string[]} ids */
export const digestOf = (ids) =>
  sha256(
    [...ids]
      .sort()
      .map((id) => `${id}\n`)
      .join(""),
  );

// signed by the key that it names
/** @param {Stated} receipt @returns {Promise<boolean>} */
export const isSigned = async (receipt) => {
  try {
    if (receipt.format !== "atlas-field-receipt" || receipt.version !== 1) return false;
    const card = await cardOfKeys(receipt.key);
    if (card?.fingerprint !== receipt.body.fingerprint) return false;
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const key = await subtle.importKey("raw", unbase64(receipt.key.signing), algorithm, false, ["verify"]);
    const text = joined([PURPOSE, utf8(canonical(receipt.body))]);
    return await subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, unbase64(receipt.signature), text);
  } catch {
    return false;
  }
};
// which changes of a set a receipt is for: all of them, or those that it lists
/** @param {Receipt} receipt @param {SentSet} sent @returns {string[]} */
export const covered = ({ body, ids }, sent) => {
  if (body.set !== sent.id || body.fingerprint !== sent.fingerprint) return [];
  const listed = Array.isArray(ids) && ids.length ? ids : sent.ids;
  if (body.changes !== listed.length || digestOf(listed) !== body.changes_digest) return [];
  const mine = new Set(sent.ids);
  return listed.filter((id) => mine.has(id));
};

// what a receipt says, for people
/** @param {{ body: ReceiptBody }} receipt */
export const sentence = ({ body }) =>
  t("hand.receipt.says", {
    notes: number(body.notes),
    of: number(body.of),
    store: body.store,
    digest: body.changes_digest.slice(0, 12),
  });
