// a database of the browser as promises, which end when a write is on the disk
export const STORES = ["log", "drafts", "photos", "meta"];
const PATIENCE_MS = 6000;

/** @type {<T>(request: IDBRequest<T>) => Promise<T>} */
const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
/** @type {<T>(promise: Promise<T>) => Promise<T>} */
const patiently = (promise) =>
  Promise.race([
    promise,
    new Promise((_, reject) => {
      setTimeout(() => reject(new Error("timeout")), PATIENCE_MS);
    }),
  ]);
/** @type {(name: string, whenGone: (opened: IDBDatabase) => void) => Promise<IDBDatabase>} */
export const connect = (name, whenGone) =>
  patiently(
    new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => {
        for (const store of STORES)
          request.result.createObjectStore(store, { autoIncrement: store === "log" || store === "photos" });
      };
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const opened = request.result;
        // another window seals or erases everything: let go at once, or it would wait for this one
        opened.onversionchange = () => {
          opened.close();
          whenGone(opened);
        };
        opened.onclose = () => whenGone(opened);
        resolve(opened);
      };
    }),
  );
/** @type {(name: string) => Promise<void>} */
export const drop = (name) =>
  new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
// done when it is on the disk, not when it is under way
/** @type {(into: IDBDatabase | null, stores: string[], work: (transaction: IDBTransaction) => IDBRequest | void) => Promise<any>} */
export const write = (into, stores, work) =>
  new Promise((resolve, reject) => {
    if (!into) {
      reject(new DOMException("", "InvalidStateError"));
      return;
    }
    const transaction = into.transaction(stores, "readwrite", { durability: "strict" });
    /** @type {IDBRequest | void} */
    let result;
    transaction.oncomplete = () => resolve(result?.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new DOMException("", "AbortError"));
    try {
      result = work(transaction);
    } catch (error) {
      transaction.abort();
      reject(error);
    }
  });
/** @type {(from: IDBDatabase | null, store: string, work: (store: IDBObjectStore) => IDBRequest) => Promise<any>} */
export const read = (from, store, work) =>
  from
    ? asked(work(from.transaction(store).objectStore(store)))
    : Promise.reject(new DOMException("", "InvalidStateError"));
