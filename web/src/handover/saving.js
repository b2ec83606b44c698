// a file for the person: where a browser keeps downloads
import { el } from "../dom.js";

const REVOKE_MS = 60000;

/** @param {File} file */
export const save = (file) => {
  const address = URL.createObjectURL(file);
  const anchor = el("a", { href: address, download: file.name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_MS);
};
// a share sheet takes what it knows; what it does not know is saved. False where the person thought better of it
/** @param {File} file */
export const shareOrSave = async (file) => {
  if (navigator.canShare?.({ files: [file] })) {
    try {
      await navigator.share({ files: [file] });
      return true;
    } catch (error) {
      if (/** @type {Error | null} */ (error)?.name === "AbortError") return false;
    }
  }
  save(file);
  return true;
};
/** @param {import("./receipts.js").Receipt} receipt */
export const saveReceipt = (receipt) =>
  save(
    new File([JSON.stringify(receipt, null, 1)], `${receipt.body.set.slice(0, 8)}.atlasreceipt`, {
      type: "application/json",
    }),
  );
