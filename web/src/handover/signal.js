// offer and answer of a data channel as short texts for QR codes: the DTLS fingerprint, and where the other one is
const CHANNEL = "notes";
const WAIT_MS = 3000;
const KIND = { offer: "o", answer: "a" };
const MOST_PLACES = 6;
const WORD = /^[\w+/=.-]{1,256}$/;
const FINGERPRINT = /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/;
const PLACE = /^[0-9A-Za-z.:-]{3,64}$/;

/** @typedef {{ kind: "offer" | "answer", ufrag: string, pwd: string, fingerprint: string, places: [string, number][], store: string }} Signal */

/** @param {string} sdp @param {RegExp} pattern */
const part = (sdp, pattern) => pattern.exec(sdp)?.[1] ?? "";
/** @param {RTCSessionDescription | null} description @param {string} store @returns {string} */
const written = (description, store) => {
  const { sdp = "", type = "offer" } = description ?? {};
  const places = [...sdp.matchAll(/^a=candidate:\S+ 1 udp \d+ (\S+) (\d+) typ host/gim)]
    .map(([, address, port]) => [address, Number(port)])
    .slice(0, MOST_PLACES);
  return JSON.stringify([
    "ATLAS-LINK",
    1,
    type === "offer" ? KIND.offer : KIND.answer,
    part(sdp, /^a=ice-ufrag:(\S+)/m),
    part(sdp, /^a=ice-pwd:(\S+)/m),
    part(sdp, /^a=fingerprint:sha-256 (\S+)/im).toUpperCase(),
    places,
    store,
  ]);
};
// the text of a code that came from elsewhere, or null: every part is checked, because it becomes lines of SDP
/** @param {string} text @returns {Signal | null} */
export const read = (text) => {
  /** @type {Stated} */
  let parts;
  try {
    parts = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(parts) || parts.length !== 8 || parts[0] !== "ATLAS-LINK" || parts[1] !== 1) return null;
  const [, , letter, ufrag, pwd, fingerprint, places, store] = parts;
  const kind = letter === KIND.offer ? "offer" : letter === KIND.answer ? "answer" : null;
  if (!kind || ![ufrag, pwd].every((word) => typeof word === "string" && WORD.test(word))) return null;
  if (typeof fingerprint !== "string" || !FINGERPRINT.test(fingerprint)) return null;
  if (typeof store !== "string" || !/^[0-9a-f]{64}$/.test(store)) return null;
  if (!Array.isArray(places) || places.length > MOST_PLACES) return null;
  for (const place of places) {
    if (!Array.isArray(place) || place.length !== 2 || typeof place[0] !== "string" || !PLACE.test(place[0]))
      return null;
    if (!Number.isInteger(place[1]) || place[1] < 1 || place[1] > 65535) return null;
  }
  return { kind, ufrag, pwd, fingerprint, places, store };
};
/** @param {Signal} signal */
const described = ({ kind, ufrag, pwd, fingerprint, places }) => ({
  type: kind,
  sdp: [
    "v=0",
    "o=- 1 1 IN IP4 127.0.0.1",
    "s=-",
    "t=0 0",
    "a=group:BUNDLE 0",
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
    "c=IN IP4 0.0.0.0",
    "a=mid:0",
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${pwd}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    `a=setup:${kind === "offer" ? "actpass" : "active"}`,
    "a=sctp-port:5000",
    "a=max-message-size:262144",
    ...places.map(
      ([address, port], at) => `a=candidate:${at + 1} 1 udp ${2122260223 - at * 256} ${address} ${port} typ host`,
    ),
    "",
  ].join("\r\n"),
});
// without servers: only addresses of the local network come
/** @param {RTCPeerConnection} peer @returns {Promise<void>} */
const gathered = (peer) =>
  new Promise((resolve) => {
    const end = () => resolve();
    if (peer.iceGatheringState === "complete") end();
    setTimeout(end, WAIT_MS);
    peer.addEventListener("icegatheringstatechange", () => peer.iceGatheringState === "complete" && end());
  });

export const available = () => "RTCPeerConnection" in globalThis;
// the desk's side: its offer, and what takes the answer
/** @param {string} store the fingerprint of the store */
export const offer = async (store) => {
  const peer = new RTCPeerConnection({ iceServers: [] });
  const channel = peer.createDataChannel(CHANNEL);
  await peer.setLocalDescription(await peer.createOffer());
  await gathered(peer);
  /** @param {string} text */
  const take = async (text) => {
    const signal = read(text);
    if (signal?.kind !== "answer" || signal.store !== store) return false;
    await peer.setRemoteDescription(described(signal));
    return true;
  };
  return { peer, channel, text: written(peer.localDescription, store), take };
};
// the phone's side: its answer to an offer, and the channel when it is open
/** @param {Signal} signal */
export const answer = async (signal) => {
  const peer = new RTCPeerConnection({ iceServers: [] });
  /** @type {Promise<RTCDataChannel>} */
  const channel = new Promise((resolve) => {
    peer.addEventListener("datachannel", (event) => resolve(event.channel));
  });
  await peer.setRemoteDescription(described(signal));
  await peer.setLocalDescription(await peer.createAnswer());
  await gathered(peer);
  return { peer, channel, text: written(peer.localDescription, signal.store) };
};
