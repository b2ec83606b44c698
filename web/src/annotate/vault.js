// what only a passphrase opens: AES-GCM with a fresh iv every time, the key of the data under a key made of the passphrase
export const ITERATIONS = 600000;
const { subtle } = window.crypto;
/** @param {number} size */
export const random = (size) => window.crypto.getRandomValues(new Uint8Array(size));
/** @param {string} text */
export const utf8 = (text) => new TextEncoder().encode(text);

/** @param {Uint8Array} bytes */
export const base64 = (bytes) => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
};
/** @param {string} text */
export const unbase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/**
 * @param {string} passphrase
 * @param {Uint8Array<ArrayBuffer>} salt
 * @param {number} iterations
 */
const derived = async (passphrase, salt, iterations) => {
  const base = await subtle.importKey("raw", utf8(passphrase), "PBKDF2", false, ["deriveKey"]);
  return subtle.deriveKey(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt", "decrypt"],
  );
};
/**
 * @param {CryptoKey} key
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Sealed>}
 */
export const seal = async (key, bytes) => {
  const iv = random(12);
  return { iv, data: new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv }, key, bytes)) };
};
/**
 * @param {CryptoKey} key
 * @param {Sealed} other
 */
export const unseal = async (key, { iv, data }) =>
  new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv }, key, data));
/** @param {Uint8Array<ArrayBuffer>} raw */
export const asKey = (raw) => subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

// a lock stands in the database: all that is needed to open it but the passphrase
/**
 * @param {string} passphrase
 * @param {Uint8Array<ArrayBuffer>} raw
 */
const wrapped = async (passphrase, raw) => {
  const salt = random(16);
  return { salt, iterations: ITERATIONS, ...(await seal(await derived(passphrase, salt, ITERATIONS), raw)) };
};
/**
 * @param {string} passphrase
 * @param {StoreLock} lock
 */
const unwrapped = async (passphrase, lock) => unseal(await derived(passphrase, lock.salt, lock.iterations), lock);

/** @param {string} passphrase */
export const create = async (passphrase) => {
  const raw = random(32);
  const made = { lock: await wrapped(passphrase, raw), key: await asKey(raw) };
  raw.fill(0);
  return made;
};
// null when the passphrase is another one
/**
 * @param {string} passphrase
 * @param {StoreLock} lock
 */
export const open = async (passphrase, lock) => {
  try {
    return await asKey(await unwrapped(passphrase, lock));
  } catch {
    return null;
  }
};
/**
 * @param {string} old
 * @param {string} fresh
 * @param {StoreLock} lock
 */
export const change = async (old, fresh, lock) => {
  try {
    return await wrapped(fresh, await unwrapped(old, lock));
  } catch {
    return null;
  }
};

// a file that is a letter to whoever knows the passphrase
/**
 * What seals letters to one passphrase, to be kept where only that passphrase's people come.
 * @param {string} passphrase
 * @returns {Promise<LetterKey>} bytes as base64
 */
export const letterKey = async (passphrase) => {
  const salt = random(16);
  const base = await subtle.importKey("raw", utf8(passphrase), "PBKDF2", false, ["deriveBits"]);
  const raw = await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ITERATIONS }, base, 256);
  return { salt: base64(salt), raw: base64(new Uint8Array(raw)) };
};
/**
 * @param {LetterKey} letter
 * @param {string} text
 */
export const sealLetter = async ({ salt, raw }, text) => {
  const { iv, data } = await seal(await asKey(unbase64(raw)), utf8(text));
  return {
    format: "atlas-field-notes-sealed",
    version: 1,
    kdf: { name: "PBKDF2", hash: "SHA-256", iterations: ITERATIONS, salt },
    cipher: { name: "AES-GCM", iv: base64(iv) },
    data: base64(data),
  };
};
/**
 * @param {string} passphrase
 * @param {string} text
 */
export const sealText = async (passphrase, text) => sealLetter(await letterKey(passphrase), text);
const MOST_ITERATIONS = 20000000;
/**
 * @param {string} passphrase
 * @param {any} bundle
 */
export const openText = async (passphrase, bundle) => {
  const { kdf, cipher, data } = bundle;
  if (bundle.version !== 1 || kdf?.name !== "PBKDF2" || kdf.hash !== "SHA-256" || cipher?.name !== "AES-GCM")
    throw new TypeError("bundle");
  if (!Number.isInteger(kdf.iterations) || kdf.iterations < 1 || kdf.iterations > MOST_ITERATIONS)
    throw new TypeError("bundle");
  const key = await derived(passphrase, unbase64(kdf.salt), kdf.iterations);
  try {
    return new TextDecoder().decode(await unseal(key, { iv: unbase64(cipher.iv), data: unbase64(data) }));
  } catch {
    return null;
  }
};
