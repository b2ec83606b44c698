// a phone and a desk in one page: sealed sets over real data channels that are cut, repeated and reordered at random
import * as receipts from "../../web/src/handover/receipts.js";
import { cardOf, seal } from "../../web/src/handover/sealed.js";
import * as signal from "../../web/src/handover/signal.js";
import { sender } from "../../web/src/handover/transfer.js";
import { make } from "../../web/src/annotate/changes.js";
import { sha256 } from "../../web/src/annotate/sha256.js";

const PIECE_BYTES = 400;
// a connection that comes to nothing is one that was cut
const PATIENCE_MS = 15000;
const MOST_TRIES = 60;

// numbers that a seed repeats
const dice = (seed) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
};
const mangled = (messages, random) => {
  const kept = messages.filter(() => random() > 0.1).flatMap((one) => (random() < 0.1 ? [one, one] : [one]));
  return random() < 0.2 ? kept.toReversed() : kept;
};
const opened = (channel) =>
  new Promise((resolve, reject) => {
    if (channel.readyState === "open") resolve(channel);
    channel.addEventListener("open", () => resolve(channel));
    channel.addEventListener("error", reject);
    setTimeout(() => reject(new Error("no channel")), PATIENCE_MS);
  });
const later = (value) =>
  new Promise((resolve) => {
    setTimeout(resolve, PATIENCE_MS, value);
  });
const connected = async (fingerprint) => {
  const offer = await signal.offer(fingerprint);
  const answer = await signal.answer(signal.read(offer.text));
  await offer.take(answer.text);
  const [desk, phone] = await Promise.all([opened(offer.channel), answer.channel.then(opened)]);
  return { desk, phone, end: () => [offer, answer].forEach(({ peer }) => peer.close()) };
};
// the desk's own way to its store
const post = async (messages) => {
  const headers = { "Content-Type": "application/json", "X-Atlas-Desk": sessionStorage.getItem("atlas-desk") };
  const answer = await fetch("/api/handover", { method: "POST", headers, body: JSON.stringify({ messages }) });
  return answer.json();
};
// one connection: cut after so many messages, or over when there is a receipt; true where it was cut
const crossing = async (from, fingerprint, random, verify) => {
  const link = await Promise.race([connected(fingerprint), later(null)]).catch(() => null);
  if (!link) return true;
  let left = Math.floor(random() * 30);
  await new Promise((resolve) => {
    const tick = setInterval(() => send(link.phone, from.start()), 250);
    const over = () => {
      clearInterval(tick);
      resolve();
    };
    const send = (channel, messages) => {
      for (const message of mangled(messages, random)) {
        left -= 1;
        if (left < 0) {
          over();
          return;
        }
        if (channel.readyState === "open") channel.send(JSON.stringify(message));
      }
    };
    link.desk.addEventListener("message", async ({ data }) => {
      const { messages } = await post([JSON.parse(data)]);
      send(link.desk, messages);
    });
    link.phone.addEventListener("message", async ({ data }) => {
      const message = JSON.parse(data);
      if (message.kind === "receipt") await verify(message.receipt);
      send(link.phone, from.receive(message));
      if (from.state.receipt) over();
    });
    later(null).then(over);
    send(link.phone, from.start());
  });
  link.end();
  return !from.state.receipt;
};

export const run = async (seed, cardText) => {
  const random = dice(seed);
  const card = await cardOf(cardText);
  const changes = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, n) =>
    make({ record_id: crypto.randomUUID(), field: "note", value: `cut ${seed} ${n} ${crypto.randomUUID()}` }),
  );
  const sealed = await seal(card, changes, []);
  const ids = changes.map(({ change_id: id }) => id);
  const set = { id: sha256(sealed), fingerprint: card.fingerprint, ids, photos: 0, at: "", way: "link" };
  const right = new Set();
  const verify = async (given) => {
    if ((await receipts.isSigned(given)) && receipts.covered(given, set).length === ids.length) right.add(given);
  };
  const from = sender(sealed, PIECE_BYTES, (given) => right.has(given));
  let cuts = 0;
  while (!from.state.receipt && cuts < MOST_TRIES) cuts += Number(await crossing(from, card.fingerprint, random, verify));
  return { ids, cuts, pieces: from.count, home: Boolean(from.state.receipt) };
};
