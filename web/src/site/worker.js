// what the worker does when the browser asks: install, begin, fetch, and what the page says
import * as files from "./kept-files.js";

/** @type {any} what a worker has of its own is not in the types of a page */
const worker = globalThis;

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(
    files.keep().then(async () => {
      // the first version needs nobody's leave: there is none before it
      if ((await files.agreed()) === null) {
        await files.agree(files.site.version);
        await worker.skipWaiting();
      }
    }),
  );
});
worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(files.tidy().then(() => worker.clients.claim()));
});
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const name = request.method === "GET" ? files.nameOf(request.url) : null;
  if (name) event.respondWith(files.kept(name).then((response) => response ?? fetch(request)));
});

/** @type {{ [kind: string]: () => Promise<any> }} */
const answers = {
  state: async () => ({ version: files.site.version, agreed: await files.agreed() }),
  agree: async () => {
    await files.agree(files.site.version);
    await worker.skipWaiting();
    for (const client of await worker.clients.matchAll({ includeUncontrolled: true, type: "window" }))
      client.postMessage({ kind: "agreed", version: files.site.version });
    return { version: files.site.version, agreed: files.site.version };
  },
};
worker.addEventListener("message", (/** @type {any} */ event) => {
  const answer = Object.hasOwn(answers, event.data?.kind) ? answers[event.data.kind] : null;
  if (answer) event.waitUntil(answer().then((answered) => event.ports[0]?.postMessage(answered)));
});
