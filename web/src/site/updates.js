// the page and its worker: whether the page works without a network, and whether a newer one waits for the reader's leave
import { pageData } from "../data.js";

const LOOK_MS = 3600000;
const PATIENCE_MS = 5000;
// files that are gone may have to be brought again first
const PATIENCE_WHOLE_MS = 60000;
// null in a page that is a file by itself
export const site = pageData("site");
/** @type {{ offline: boolean, newer: string | null, fault: boolean, looked: "none" | "failed" | null }} */
export const state = { offline: false, newer: null, fault: false, looked: null };
/** @type {(() => void)[]} */
const listeners = [];
/** @type {ServiceWorkerRegistration | null} */
let registration = null;
/** @type {(version: string) => void} */
let onAgreed = () => {};

const tell = () => {
  for (const listener of listeners) listener();
};
/** @type {(worker: ServiceWorker, kind: string, patience?: number) => Promise<{ version: string, whole?: boolean } | null>} */
const asked = (worker, kind, patience = PATIENCE_MS) =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(resolve, patience, null);
    worker.postMessage({ kind }, [port2]);
  });
const newest = () => registration?.waiting ?? registration?.active ?? null;

// whether all files are kept is asked for itself: nothing else waits for those that are brought again
let whole = true;
const lookAtFiles = async () => {
  const answered = registration?.active && (await asked(registration.active, "whole", PATIENCE_WHOLE_MS));
  if (!answered || answered.whole === whole) return;
  whole = answered.whole === true;
  await look();
};
const look = async () => {
  const worker = newest();
  const answered = worker && (await asked(worker, "state"));
  if (!answered) return;
  state.offline = Boolean(registration?.active) && whole;
  state.newer = answered.version === site?.version ? null : answered.version;
  if (state.offline) state.fault = false;
  tell();
};
/** @param {ServiceWorker | null} worker */
const follow = (worker) => {
  worker?.addEventListener("statechange", () => {
    if (worker.state === "redundant" && !registration?.active) {
      state.fault = true;
      tell();
    } else look();
  });
};
/** @param {(version: string) => void} listener what a window does when this or another one agreed to a version */
export const start = async (listener) => {
  onAgreed = listener;
  if (!site) return;
  try {
    navigator.serviceWorker.addEventListener("message", ({ data }) => {
      if (data?.kind === "agreed" && data.version !== site.version) onAgreed(data.version);
    });
    registration = await navigator.serviceWorker.register("worker.js", { updateViaCache: "none" });
    registration.addEventListener("updatefound", () => follow(registration?.installing ?? null));
    follow(registration.installing);
    await look();
    lookAtFiles();
  } catch {
    // refused, or a browser without workers: the page works while there is a network
    state.fault = true;
    tell();
  }
};
// the server is asked now and then; what it has waits until the reader agrees
export const check = async () => {
  const reached = await registration?.update().then(
    () => true,
    () => false,
  );
  // one that is on its way tells when it is there
  state.looked = reached ? "none" : "failed";
  await look();
  tell();
  lookAtFiles();
};
setInterval(() => {
  if (registration && !document.hidden) check();
}, LOOK_MS);

export const agree = async () => {
  const worker = newest();
  return Boolean(worker && (await asked(worker, "agree")));
};
/** @param {() => void} listener */
export const onChange = (listener) => listeners.push(listener);
