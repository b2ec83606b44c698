// what the desk asks its own machine: with a secret that only this window has, got for a link that opens once
import * as address from "../address.js";
import { has, t } from "../i18n.js";

const KEPT = "atlas-desk";
/** @type {string | null} */
let secret = null;

/** @typedef {{ status: number, body: Stated }} Answer */

// a store that another program writes to is waited for: after a while the window says so
const SLOW_MS = 3000;
let slow = 0;
/** @type {(waits: boolean) => void} */
let heed = () => {};
/** @param {(waits: boolean) => void} listener */
export const onSlow = (listener) => {
  heed = listener;
};

/** @param {string} path @param {RequestInit} options @returns {Promise<Answer>} */
const fetched = async (path, options) => {
  let waits = false;
  const timer = setTimeout(() => {
    waits = true;
    slow += 1;
    heed(true);
  }, SLOW_MS);
  const headers = { ...options.headers, ...(secret ? { "X-Atlas-Desk": secret } : {}) };
  try {
    const answer = await fetch(path, { ...options, headers, cache: "no-store", redirect: "error" });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null };
  } catch {
    return { status: 0, body: null };
  } finally {
    clearTimeout(timer);
    if (waits) slow -= 1;
    if (waits && !slow) heed(false);
  }
};
/** @param {string} path @param {{ [name: string]: string }} [asked] */
export const get = (path, asked = {}) => fetched(`${path}?${new URLSearchParams(asked)}`, { method: "GET" });
/** @param {string} path @param {unknown} body */
export const post = (path, body) =>
  fetched(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
/** @param {string} path @param {Blob} body */
export const send = (path, body) =>
  fetched(path, { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body });

// why nothing came, for people: what is wrong with the store or a hand-over in their language, anything else as the desk says it
/** @param {number} status @param {{ fault?: string | null, error?: string, detail?: string } | null} [body] */
export const refusal = (status, body = null) => {
  const key = `desk.fault.${body?.fault}`;
  return has(key)
    ? t(key, { detail: body?.detail })
    : (body?.error ?? t(status === 403 ? "desk.closed" : "desk.unreachable"));
};

// whether this window may ask, by the link it was opened with or by what it has been given before: 200, or why not
export const open = async () => {
  const token = address.get("desk");
  if (token) {
    const { status, body } = await post("/api/open", { token });
    if (!status) return status;
    // a link is used up when it has been answered
    address.set({ desk: null });
    if (status === 200) sessionStorage.setItem(KEPT, body.secret);
  }
  secret = sessionStorage.getItem(KEPT);
  return secret === null ? 403 : (await get("/api/key")).status;
};
