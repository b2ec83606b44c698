/*! jsQR 1.4, Copyright Cozmo, under the Apache License, Version 2.0: http://www.apache.org/licenses/LICENSE-2.0
 *
 * QR Code Generator for JavaScript, Copyright (c) 2009 Kazuhiko Arase, under the MIT License: Permission is hereby
 * granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the
 * "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
 * modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
 * Software is furnished to do so, subject to the following conditions: The above copyright notice and this permission
 * notice shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS",
 * WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
 * FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE
 * FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF
 * OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE. */
// QR codes drawn on a canvas, and read from a camera by a decoder in JavaScript: no page of the atlas may load another one
import jsqr from "jsqr";
import qrcode from "qrcode-generator";
import { el } from "../dom.js";
import { utf8 } from "./bytes.js";

const QUIET = 4;
const LOOK_MS = 120;
const WIDEST = 720;
// a module is a whole number of pixels, or cameras see stripes
const SMALLEST = 3;
const LARGEST_PX = 520;
/** @type {(pixels: Uint8ClampedArray, width: number, height: number, options: { inversionAttempts: string }) => { data: string } | null} */
const decode = /** @type {Stated} */ (jsqr);

// as decoders read it: by itself the library writes one byte a character, and an ñ makes the whole code unreadable
qrcode.stringToBytes = (/** @type {string} */ text) => [...utf8(text)];

/** @param {string} text */
const modulesOf = (text) => {
  const code = qrcode(0, "L");
  code.addData(text, "Byte");
  code.make();
  return code;
};
// dark on light in every theme: cameras read nothing else reliably
/** @param {HTMLCanvasElement} canvas @param {string} text */
export const draw = (canvas, text) => {
  const code = modulesOf(text);
  const count = code.getModuleCount() + 2 * QUIET;
  const size = Math.max(SMALLEST, Math.floor(LARGEST_PX / count));
  canvas.width = canvas.height = count * size;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.fillStyle = "#000";
  for (let row = 0; row < count - 2 * QUIET; row += 1)
    for (let column = 0; column < count - 2 * QUIET; column += 1)
      if (code.isDark(row, column)) pen.fillRect((column + QUIET) * size, (row + QUIET) * size, size, size);
};
/** @param {string} text @param {string} label */
export const picture = (text, label) => {
  const canvas = el("canvas", { class: "code", role: "img", "aria-label": label });
  draw(canvas, text);
  return canvas;
};
/** @param {ImageData} image @returns {string | null} */
export const readFrom = ({ data, width, height }) =>
  decode(data, width, height, { inversionAttempts: "dontInvert" })?.data || null;

export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);
// what the camera sees, told text by text until somebody stops it; null where there is no camera or it is refused
/** @param {HTMLVideoElement} video @param {(text: string) => void} onText */
export const watch = async (video, onText) => {
  if (!hasCamera()) return null;
  /** @type {MediaStream} */
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
  } catch {
    return null;
  }
  const canvas = el("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  video.srcObject = stream;
  video.muted = true;
  video.playsInline = true;
  await video.play().catch(() => {});
  const timer = setInterval(() => {
    const scale = Math.min(1, WIDEST / (video.videoWidth || WIDEST));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    if (!pen || !canvas.width) return;
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    const text = readFrom(pen.getImageData(0, 0, canvas.width, canvas.height));
    if (text) onText(text);
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
};
