// how a sealed set crosses in numbered pieces: two state machines without clocks, keys or wires. Messages may be lost,
// repeated and overtake one another; the receiver says what it lacks, the sender sends that, and only a receipt ends it.
// The same machines as atlas/field/handover/transfer.py; tests/vectors/handover.json holds both to the same answers.
import { sha256 } from "../annotate/sha256.js";
import { base64, joined, unbase64, utf8 } from "./bytes.js";

/** @typedef {{ kind: string, set: string, [part: string]: Stated }} Message */

const WINDOW = 16;
const MOST_PIECES = 65536;
const MOST_PIECE_BYTES = 65536;
const MOST_OPEN = 16;
const MOST_OPEN_BYTES = 512000000;
// a half of which so many messages of others have heard nothing makes room: its phone sends it again
const IDLE_MESSAGES = 500;
const MOST_GAPS = 64;
const SET_ID = /^[0-9a-f]{64}$/;

/** @param {unknown} number @returns {number is number} */
const isCount = (number) => Number.isInteger(number) && Number(number) >= 0;
/** @param {string} set @param {number} number @param {Uint8Array} data */
const sumOf = (set, number, data) => sha256(joined([utf8(`${set} ${number} `), data])).slice(0, 8);

/**
 * What sends one set until there is a receipt.
 * @param {Uint8Array} data the sealed set
 * @param {number} pieceBytes how long a piece is; the last one is shorter
 * @param {(receipt: Stated) => boolean} accepts whether a receipt is right
 */
export const sender = (data, pieceBytes, accepts) => {
  const set = sha256(data);
  const count = Math.max(1, Math.ceil(data.length / pieceBytes));
  /** @type {{ receipt: Stated, fault: string | null, arrived: number }} */
  const state = { receipt: null, fault: null, arrived: 0 };
  /** @param {number} n @returns {Message} */
  const piece = (n) => {
    const part = data.slice(n * pieceBytes, (n + 1) * pieceBytes);
    return { kind: "piece", set, n, sum: sumOf(set, n, part), data: base64(part) };
  };
  // what to send when a connection is there, again, or when nothing has come for a while
  /** @returns {Message[]} */
  const start = () => (state.receipt ? [] : [{ kind: "offer", set, count }]);
  /** @param {Stated} gaps */
  const missing = (gaps) => {
    /** @type {number[]} */
    const numbers = [];
    for (const gap of Array.isArray(gaps) ? gaps : []) {
      if (!Array.isArray(gap) || gap.length !== 2 || !gap.every(isCount)) continue;
      for (let n = gap[0]; n <= gap[1] && n < count && numbers.length < WINDOW; n += 1) numbers.push(n);
    }
    return numbers;
  };
  /** @param {Stated} message @returns {Message[]} */
  const receive = (message) => {
    if (!message || typeof message !== "object" || message.set !== set || state.receipt) return [];
    if (message.kind === "receipt") {
      if (accepts(message.receipt)) Object.assign(state, { receipt: message.receipt, fault: null, arrived: count });
      else state.fault = "receipt";
    } else if (message.kind === "fault" && typeof message.why === "string") {
      state.fault = message.why;
      state.arrived = 0;
    } else if (message.kind === "have") {
      const wanted = missing(message.missing);
      const arrived = wanted.length ? wanted[0] : count;
      // a fault stands until there is more than before: a set that is refused is asked for again at once
      if (arrived > state.arrived) Object.assign(state, { arrived, fault: null });
      return wanted.length ? [...wanted.map(piece), ...start()] : [];
    }
    return [];
  };
  return { set, count, state, start, receive, piece };
};

/** @typedef {{ count: number, pieces: Map<number, Uint8Array>, bytes: number, whole: boolean, receipt: Stated, touched: number }} Arriving */

// what puts sets together, several at once
export const receiver = () => {
  /** @type {Map<string, Arriving>} */
  const arriving = new Map();
  let messages = 0;
  /** @param {Arriving} known */
  const gapsOf = (known) => {
    /** @type {number[][]} */
    const gaps = [];
    for (let n = 0; n < known.count; n += 1) {
      if (known.pieces.has(n) || known.whole) continue;
      const last = gaps.at(-1);
      if (last && last[1] === n - 1) last[1] = n;
      else if (gaps.length === MOST_GAPS) break;
      else gaps.push([n, n]);
    }
    return gaps;
  };
  /** @param {string} set @returns {Message} */
  const receiptOf = (set) => ({ kind: "receipt", set, receipt: arriving.get(set)?.receipt });
  /** @param {string} set @param {string} why @returns {Message[]} */
  const refuse = (set, why) => {
    arriving.delete(set);
    return [{ kind: "fault", set, why }];
  };
  // a set is taken in: from now on every question about it is answered with the receipt
  /** @param {string} set @param {Stated} receipt @returns {Message[]} */
  const settle = (set, receipt) => {
    arriving.set(set, { count: 1, pieces: new Map(), bytes: 0, whole: true, receipt, touched: messages });
    return [receiptOf(set)];
  };
  // whether one more set may begin; a phone that went away in the middle does not keep others out for ever
  const hasRoom = () => {
    const half = [...arriving].filter(([, { receipt }]) => !receipt);
    if (half.length < MOST_OPEN) return true;
    const [oldest] = half.filter(([, { whole }]) => !whole).sort(([, a], [, b]) => a.touched - b.touched);
    if (!oldest || messages - oldest[1].touched <= IDLE_MESSAGES) return false;
    return arriving.delete(oldest[0]);
  };
  /** @param {string} set @param {unknown} count @returns {Message[]} */
  const offered = (set, count) => {
    let known = arriving.get(set);
    if (known?.receipt) return [receiptOf(set)];
    if (!isCount(count) || count < 1 || count > MOST_PIECES) return [{ kind: "fault", set, why: "size" }];
    if (!known || (known.count !== count && !known.whole)) {
      if (!known && !hasRoom()) return [{ kind: "fault", set, why: "busy" }];
      known = { count, pieces: new Map(), bytes: 0, whole: false, receipt: null, touched: messages };
      arriving.set(set, known);
    }
    return [{ kind: "have", set, missing: gapsOf(known) }];
  };
  /** @param {string} set @param {Arriving} known @returns {{ answers: Message[], whole: Uint8Array | null }} */
  const together = (set, known) => {
    const parts = Array.from({ length: known.count }, (_, n) => known.pieces.get(n) ?? new Uint8Array());
    const whole = joined(parts);
    known.pieces = new Map();
    known.bytes = 0;
    if (sha256(whole) !== set) return { answers: [{ kind: "have", set, missing: gapsOf(known) }], whole: null };
    known.whole = true;
    return { answers: [{ kind: "have", set, missing: [] }], whole };
  };
  /** @param {string} set @param {Stated} message @returns {{ answers: Message[], whole: Uint8Array | null }} */
  const came = (set, message) => {
    const known = arriving.get(set);
    const nothing = { answers: [], whole: null };
    if (known?.receipt) return { answers: [receiptOf(set)], whole: null };
    const { n } = message;
    if (!known || known.whole || !isCount(n) || n >= known.count || known.pieces.has(n)) return nothing;
    /** @type {Uint8Array} */
    let data;
    try {
      data = unbase64(message.data);
    } catch {
      return nothing;
    }
    if (data.length > MOST_PIECE_BYTES || message.sum !== sumOf(set, n, data)) return nothing;
    if ([...arriving.values()].reduce((sum, { bytes }) => sum + bytes, 0) + data.length > MOST_OPEN_BYTES)
      return { answers: refuse(set, "size"), whole: null };
    known.pieces.set(n, data);
    known.bytes += data.length;
    return known.pieces.size < known.count ? nothing : together(set, known);
  };
  // what to answer, and a set that has just become whole: it is given out once
  /** @param {Stated} message @returns {{ answers: Message[], whole: Uint8Array | null }} */
  const receive = (message) => {
    const { kind, set } = message && typeof message === "object" ? message : { kind: null, set: null };
    if (typeof set !== "string" || !SET_ID.test(set)) return { answers: [], whole: null };
    messages += 1;
    const known = arriving.get(set);
    if (known) known.touched = messages;
    if (kind === "offer") return { answers: offered(set, message.count), whole: null };
    return kind === "piece" ? came(set, message) : { answers: [], whole: null };
  };
  return { receive, settle, refuse };
};
