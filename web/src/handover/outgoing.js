// what goes: the changes that a store has given no receipt for, with the photos that they name, sealed for that store
import * as jpeg from "../annotate/jpeg.js";
import { sha256 } from "../annotate/sha256.js";
import * as sync from "../annotate/sync.js";
import { base64 } from "./bytes.js";
import * as custody from "./custody.js";
import { seal } from "./sealed.js";

/** @typedef {import("./sealed.js").StoreCard} StoreCard */
/** @typedef {{ sealed: Uint8Array<ArrayBuffer>, notes: number, set: import("./receipts.js").SentSet }} Outgoing */

/** @type {{ key: string, made: Outgoing } | null} */
let last = null;

/** @param {Change[]} changes */
const photosOf = async (changes) => {
  const names = new Set(
    changes.flatMap(({ field, value }) => (field === "photos" && Array.isArray(value) ? value : [])),
  );
  const media = [];
  for (const name of names) {
    const photo = await sync.photo(name).catch(() => null);
    if (!photo) continue;
    try {
      media.push({ name, type: photo.type, data: base64(jpeg.bare(photo.bytes)) });
    } catch {
      /* it shows no picture either */
    }
  }
  return media;
};
// the same changes are the same set as long as the page is open, so that it goes on where it was cut
/** @param {StoreCard} card @returns {Promise<Outgoing | null>} */
export const prepare = async (card) => {
  const changes = custody.waiting(card.fingerprint);
  if (!changes.length) return null;
  const ids = changes.map(({ change_id: id }) => id);
  const key = sha256([card.fingerprint, ...[...ids].sort()].join(" "));
  if (last?.key === key) return last.made;
  const media = await photosOf(changes);
  const sealed = await seal(card, changes, media);
  const set = {
    id: sha256(sealed),
    fingerprint: card.fingerprint,
    ids,
    photos: media.length,
    at: new Date().toISOString(),
    way: "",
  };
  last = { key, made: { sealed, notes: new Set(changes.map(({ record_id: id }) => id)).size, set } };
  return last.made;
};
export const forget = () => {
  last = null;
};
