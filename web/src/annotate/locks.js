// what only one window does at a time: writing, sealing, and typing in one draft
// writers share; sealing everything waits for them and keeps new ones out
/** @type {<T>(mode: LockMode, work: () => Promise<T>) => Promise<T>} */
export const held = (mode, work) =>
  navigator.locks ? navigator.locks.request("atlas-notes-write", { mode }, work) : work();

// resolves to a function that lets go
/** @type {(id: string) => Promise<(() => void) | null>} */
export const holdDraft = (id) =>
  new Promise((resolve) => {
    if (!navigator.locks) {
      resolve(() => {});
      return;
    }
    navigator.locks.request(`atlas-draft-${id}`, { ifAvailable: true }, (lock) =>
      lock
        ? new Promise((/** @type {(done: void) => void} */ free) => {
            resolve(free);
          })
        : resolve(null),
    );
  });
// names of the drafts that some window has open
export const openDrafts = async () => {
  const locks = await navigator.locks?.query();
  return new Set(locks?.held?.map(({ name = "" }) => name.replace("atlas-draft-", "")));
};
