// the files of the site in the browser's keeping: a cache a version, and which of them the reader agreed to

export const worker = /** @type {SiteWorker} */ (/** @type {unknown} */ (globalThis));
export const site = worker.atlasSite;
const { registration } = worker;
// several folders of one address have a worker each, and one store of caches together
const prefix = `atlas-notes-site ${registration.scope} `;
const address = (/** @type {string} */ name) => new URL(name, registration.scope).href;
const FIRST = "index.html";

// the name of the site's file that an address means, or none
/** @param {string} url */
export const nameOf = (url) => {
  const { origin, pathname } = new URL(url);
  const scope = new URL(registration.scope);
  if (origin !== scope.origin || !pathname.startsWith(scope.pathname)) return null;
  const name = pathname.slice(scope.pathname.length) || FIRST;
  return Object.hasOwn(site.files, name) ? name : null;
};

/** @param {ArrayBuffer} bytes */
const digest = async (bytes) =>
  [...new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
// a host may lead elsewhere, or change what it sends: what is kept is the file as it was written, or nothing
/** @param {string} name */
const brought = async (name) => {
  const { sha256, type, policy = site.policy } = site.files[name];
  const asked = name === FIRST ? "./" : name;
  const response = await fetch(address(asked), { cache: "no-store", credentials: "same-origin" });
  const bytes = await response.arrayBuffer();
  if (!response.ok || (await digest(bytes)) !== sha256) throw new Error(`${name} is not the file of this version`);
  return new Response(bytes, {
    headers: {
      "Content-Type": type,
      "Content-Security-Policy": policy,
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
    },
  });
};
export const keep = async () => {
  const cache = await caches.open(prefix + site.version);
  await Promise.all(
    Object.keys(site.files).map(async (name) => {
      if (!(await cache.match(address(name)))) await cache.put(address(name), await brought(name));
    }),
  );
};

const control = () => caches.open(`${prefix}agreed`);
export const agreed = async () => (await (await control()).match(address("agreed-version")))?.text() ?? null;
/** @param {string} version */
export const agree = async (version) => (await control()).put(address("agreed-version"), new Response(version));

// what the reader agreed to; where the browser has thrown it away, what this worker brought
/** @param {string} name */
export const kept = async (name) => {
  for (const version of [await agreed(), site.version]) {
    if (!version || !(await caches.has(prefix + version))) continue;
    const response = await (await caches.open(prefix + version)).match(address(name));
    if (response) return response;
  }
  return null;
};
const isKept = async () => {
  const held = new Set();
  for (const version of [await agreed(), site.version]) {
    if (!version || !(await caches.has(prefix + version))) continue;
    for (const { url } of await (await caches.open(prefix + version)).keys()) held.add(url);
  }
  return Object.keys(site.files).every((name) => held.has(address(name)));
};
// a browser that is short of room may have thrown files away: they are brought again, if the host still has them
export const isWhole = async () => {
  // with the files went what the reader agreed to; no newer version takes its place by itself
  if ((await agreed()) === null && !registration.waiting) await agree(site.version);
  return (
    (await isKept()) ||
    keep().then(
      () => true,
      () => false,
    )
  );
};
// versions that nobody will go back to
export const tidy = async () => {
  const wanted = new Set([site.version, await agreed(), "agreed"].map((one) => prefix + one));
  for (const name of await caches.keys()) if (name.startsWith(prefix) && !wanted.has(name)) await caches.delete(name);
};
