// what the browser grants to the notes: for how long, and how much room

const LOW_BYTES = 30e6;
/** @type {{ persisted: boolean | null, free: number | null, used: number | null }} */
export const state = { persisted: null, free: null, used: null };
/** @type {(() => void)[]} */
const listeners = [];

export const look = async () => {
  try {
    state.persisted = (await navigator.storage.persisted?.()) ?? null;
    const { quota, usage } = await navigator.storage.estimate();
    if (quota !== undefined && usage !== undefined)
      Object.assign(state, { free: Math.max(0, quota - usage), used: usage });
  } catch {
    /* a browser that does not say */
  }
  for (const listener of listeners) listener();
};
// some browsers ask the reader first, who may take their time: nothing waits for the answer
export const ask = () => {
  try {
    navigator.storage.persist?.().then(look, () => {});
  } catch {
    /* as above */
  }
};
export const low = () => state.free !== null && state.free < LOW_BYTES;
// Safari throws away what a page keeps that was not visited for seven days of use, unless the page was installed
export const standalone = () =>
  window.matchMedia("(display-mode: standalone)").matches ||
  /** @type {{ standalone?: boolean }} */ (navigator).standalone === true;
export const forgetful = () => "standalone" in navigator && !standalone();
/** @param {() => void} listener */
export const onChange = (listener) => listeners.push(listener);
