// what the worker does when the browser asks: install, begin, fetch, and what the page says
import * as files from "./kept-files.js";

const { worker } = files;

worker.addEventListener("install", (event) => {
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
worker.addEventListener("activate", (event) => {
  event.waitUntil(files.tidy().then(() => worker.clients.claim()));
});
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const name = request.method === "GET" ? files.nameOf(request.url) : null;
  if (name) event.respondWith(files.kept(name).then((response) => response ?? fetch(request)));
});

/** @type {{ [kind: string]: () => Promise<object> }} */
const answers = {
  state: async () => ({ version: files.site.version, agreed: await files.agreed() }),
  whole: async () => ({ version: files.site.version, whole: await files.isWhole() }),
  agree: async () => {
    await files.agree(files.site.version);
    await worker.skipWaiting();
    for (const client of await worker.clients.matchAll({ includeUncontrolled: true, type: "window" }))
      client.postMessage({ kind: "agreed", version: files.site.version });
    return { version: files.site.version, agreed: files.site.version };
  },
};
worker.addEventListener("message", (event) => {
  const kind = event.data?.kind ?? "";
  const answer = Object.hasOwn(answers, kind) ? answers[kind] : null;
  if (answer) event.waitUntil(answer().then((state) => event.ports[0]?.postMessage(state)));
});
