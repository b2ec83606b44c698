// one set over a data channel: as often as it takes, and again after a cut
import { cardOf } from "./sealed.js";

const TICK_MS = 2000;
const MOST_BUFFERED = 4000000;
export const PIECE_BYTES = 16000;

/** @typedef {import("./sealed.js").StoreCard} StoreCard */
/** @typedef {ReturnType<typeof import("./transfer.js").sender>} Sender */

/** @param {unknown} text @returns {Stated} */
const parsed = (text) => {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
};
// the card of the store at the other end, if it is the one whose fingerprint stood in the code
/** @param {RTCDataChannel} channel @param {string} fingerprint @returns {Promise<StoreCard | null>} */
export const cardOver = (channel, fingerprint) =>
  new Promise((resolve) => {
    channel.addEventListener("close", () => resolve(null));
    channel.addEventListener("message", async ({ data }) => {
      const message = parsed(data);
      if (message?.kind !== "card") return;
      const card = await cardOf(String(message.card));
      resolve(card?.fingerprint === fingerprint ? card : null);
    });
    const ask = () => channel.send(JSON.stringify({ kind: "hello" }));
    if (channel.readyState === "open") ask();
    else channel.addEventListener("open", ask);
  });

/**
 * Resolves when there is a receipt (true) or the channel is gone (false); the sender knows where to go on.
 * @param {RTCDataChannel} channel
 * @param {Sender} sender
 * @param {(receipt: Stated) => Promise<boolean>} verify looks at a receipt before the sender is given it
 * @param {() => void} onStep
 * @returns {Promise<boolean>}
 */
export const run = (channel, sender, verify, onStep) =>
  new Promise((resolve) => {
    /** @param {{ kind: string }[]} messages */
    const say = (messages) => {
      if (channel.readyState !== "open" || channel.bufferedAmount > MOST_BUFFERED) return;
      for (const message of messages) channel.send(JSON.stringify(message));
    };
    const timer = setInterval(() => say(sender.start()), TICK_MS);
    /** @param {boolean} done */
    const end = (done) => {
      clearInterval(timer);
      resolve(done);
    };
    channel.addEventListener("close", () => end(Boolean(sender.state.receipt)));
    channel.addEventListener("message", async ({ data }) => {
      const message = parsed(data);
      if (message?.kind === "receipt" && !(await verify(message.receipt))) return;
      say(sender.receive(message));
      onStep();
      if (sender.state.receipt) end(true);
    });
    say(sender.start());
  });
