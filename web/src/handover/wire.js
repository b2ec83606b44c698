// one set over a data channel: as often as it takes, and again after a cut
import { cardOf } from "./sealed.js";

const TICK_MS = 2000;
const MOST_BUFFERED = 4000000;
export const PIECE_BYTES = 16000;
// the set itself is at fault: sent again, it would be refused again
export const REFUSED = "refused";

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
    const ask = () => channel.readyState === "open" && channel.send(JSON.stringify({ kind: "hello" }));
    // what was lost while the desk could not answer is asked again
    const timer = setInterval(ask, TICK_MS);
    const ended = new AbortController();
    /** @param {StoreCard | null} card */
    const end = (card) => {
      clearInterval(timer);
      ended.abort();
      resolve(card);
    };
    const { signal } = ended;
    channel.addEventListener("open", ask, { signal });
    channel.addEventListener("close", () => end(null), { signal });
    channel.addEventListener(
      "message",
      async ({ data }) => {
        const message = parsed(data);
        if (message?.kind !== "card") return;
        const card = await cardOf(String(message.card));
        end(card?.fingerprint === fingerprint ? card : null);
      },
      { signal },
    );
    ask();
  });

/**
 * Resolves when there is a receipt (true), or when the channel is gone or the other side will not have the set (false);
 * the sender knows where to go on, and why not.
 * @param {RTCDataChannel} channel
 * @param {Sender} sender
 * @param {(receipt: Stated) => Promise<unknown>} verify looks at a receipt before the sender is given it
 * @param {() => void} onStep not called any more once it has resolved: what comes late says nothing new
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
    const ended = new AbortController();
    /** @param {boolean} done */
    const end = (done) => {
      clearInterval(timer);
      ended.abort();
      resolve(done);
    };
    const { signal } = ended;
    channel.addEventListener("close", () => end(Boolean(sender.state.receipt)), { signal });
    channel.addEventListener(
      "message",
      async ({ data }) => {
        const message = parsed(data);
        if (message?.kind === "receipt") await verify(message.receipt);
        // offers that waited at the desk are all answered: the second receipt comes after the end
        if (signal.aborted) return;
        say(sender.receive(message));
        if (sender.state.receipt) end(true);
        else if (sender.state.fault === REFUSED) end(false);
        else onStep();
      },
      { signal },
    );
    say(sender.start());
  });
