// a text as a file that the reader saves
import { el } from "./dom.js";

/** @param {BlobPart} text @param {string} name @param {string} type */
export const download = (text, name, type) => {
  const address = URL.createObjectURL(new Blob([text], { type }));
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 2000);
};
