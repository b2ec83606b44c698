// photos drawn anew, so that nothing that the camera wrote beside the picture is left, and small enough to carry
"use strict";

Atlas.notes.photos = (() => {
  const { sha256 } = Atlas.notes;
  const SIDES = [1600, 1280, 1024, 800];
  const MOST_BYTES = 450000;
  const MOST_INPUT = 60000000;
  const TYPE = "image/jpeg";

  const scaled = (picture, side) => {
    const share = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * share));
    canvas.height = Math.max(1, Math.round(picture.height * share));
    const pen = canvas.getContext("2d");
    // a JPEG has no see-through
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  };
  const asBytes = (canvas, quality) => new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? blob.arrayBuffer().then((buffer) => resolve(new Uint8Array(buffer)), reject) : reject(new Error("canvas"))), TYPE, quality);
  });

  // name, type, hash and bytes of a fresh picture; throws where the file is none that this browser can read
  const reencode = async (file) => {
    if (file.size > MOST_INPUT) throw new Error("large");
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    try {
      for (const side of SIDES) {
        const bytes = await asBytes(scaled(picture, side), 0.82);
        if (bytes.length > MOST_BYTES && side !== SIDES.at(-1)) continue;
        const digest = sha256(bytes);
        return { head: { name: `${digest.slice(0, 16)}.jpg`, type: TYPE, sha256: digest }, bytes };
      }
    } finally {
      picture.close();
    }
    throw new Error("canvas");
  };

  // what comes in a file must be as clean as what this page makes
  const fromFile = async ({ name, type, sha256: digest, data }) => {
    const bytes = Atlas.notes.vault.unbase64(data);
    if (bytes.length > 8 * MOST_BYTES || (digest && sha256(bytes) !== digest)) throw new Error("hash");
    if (!/^[\w][\w .-]{0,120}$/.test(name) || type !== TYPE || !plainJpeg(bytes)) throw new Error("shape");
    return { head: { name, type, sha256: sha256(bytes) }, bytes };
  };
  // a JPEG without EXIF, comments or other blocks that can carry words: APP0 (JFIF) at most
  const plainJpeg = (bytes) => {
    if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return false;
    for (let at = 2; at < bytes.length - 3;) {
      if (bytes[at] !== 0xff) return false;
      const marker = bytes[at + 1];
      if (marker === 0xda) return true;
      if (marker === 0xfe || (marker > 0xe0 && marker <= 0xef && marker !== 0xe2)) return false;
      at += 2 + (bytes[at + 2] << 8) + bytes[at + 3];
    }
    return false;
  };

  // shown on a canvas: the page's policy lets no address become a picture
  const draw = async (canvas, bytes) => {
    const picture = await createImageBitmap(new Blob([bytes], { type: TYPE }));
    const small = scaled(picture, 360);
    [canvas.width, canvas.height] = [small.width, small.height];
    canvas.getContext("2d").drawImage(small, 0, 0);
    picture.close();
  };

  return { reencode, fromFile, draw };
})();
