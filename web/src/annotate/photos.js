// photos drawn anew, so that nothing that the camera wrote beside the picture is left, and small enough to carry
import * as jpeg from "./jpeg.js";
import { sha256 } from "./sha256.js";
import * as vault from "./vault.js";

const SIDES = [1600, 1280, 1024, 800];
const MOST_BYTES = 450000;
const MOST_INPUT = 60000000;
const TYPE = "image/jpeg";

/** @param {ImageBitmap} picture @param {number} side */
const scaled = (picture, side) => {
  const share = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * share));
  canvas.height = Math.max(1, Math.round(picture.height * share));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  // a JPEG has no see-through
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
};
/** @type {(canvas: HTMLCanvasElement, quality: number) => Promise<Uint8Array<ArrayBuffer>>} */
const asBytes = (canvas, quality) =>
  new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) =>
        blob
          ? blob.arrayBuffer().then((buffer) => resolve(new Uint8Array(buffer)), reject)
          : reject(new Error("canvas")),
      TYPE,
      quality,
    );
  });

// name, type, hash and bytes of a fresh picture; throws where the file is none that this browser can read
/** @type {(file: Blob) => Promise<{ head: PhotoHead, bytes: Uint8Array<ArrayBuffer> }>} */
export const reencode = async (file) => {
  if (file.size > MOST_INPUT) throw new Error("large");
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  try {
    for (const side of SIDES) {
      // browsers add a colour profile where they please
      const bytes = jpeg.bare(await asBytes(scaled(picture, side), 0.82));
      if (bytes.length > MOST_BYTES && side !== SIDES.at(-1)) continue;
      const digest = sha256(bytes);
      return { head: { name: `${digest.slice(0, 16)}.jpg`, type: TYPE, sha256: digest }, bytes };
    }
  } finally {
    picture.close();
  }
  throw new Error("canvas");
};

// what comes in a file, or lies here from before, leaves all but its picture behind
/** @type {(given: PhotoInFile) => Promise<{ head: PhotoHead, bytes: Uint8Array<ArrayBuffer> }>} */
export const fromFile = async ({ name, type, sha256: digest, data }) => {
  const given = vault.unbase64(data);
  if (given.length > 8 * MOST_BYTES || (digest && sha256(given) !== digest)) throw new Error("hash");
  if (!/^[\w][\w .-]{0,120}$/.test(name) || type !== TYPE) throw new Error("shape");
  const bytes = jpeg.bare(given);
  return { head: { name, type, sha256: sha256(bytes) }, bytes };
};

// shown on a canvas: the page's policy lets no address become a picture
/** @param {HTMLCanvasElement} canvas @param {Uint8Array<ArrayBuffer>} bytes */
export const draw = async (canvas, bytes) => {
  const picture = await createImageBitmap(new Blob([bytes], { type: TYPE }));
  const small = scaled(picture, 360);
  [canvas.width, canvas.height] = [small.width, small.height];
  canvas.getContext("2d")?.drawImage(small, 0, 0);
  picture.close();
};
