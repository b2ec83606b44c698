// what of a user's layers is shown now: the time, the classes and the words that the reader chose
import * as address from "./address.js";
import * as details from "./details.js";
import { all, el } from "./dom.js";
import { filter, layers, map } from "./map.js";
import { plain } from "./search-index.js";
import { given } from "./user-layer-signs.js";

export const userLayers = layers.filter((layer) => layer.group === "own");
/** @param {Layer} layer @returns {Portrayal | null} */
export const portrayal = (layer) => (Object.hasOwn(given, layer.name) ? given[layer.name] : null);
/** @param {Feature} feature */
export const index = (feature) => Number(feature.id) - 1;
/** @param {Layer} layer */
export const words = (layer) => [...new Set([layer.title[0], ...layer.facts])];

/** @param {string} text */
const rank = (text) => (/^\d+$/.test(text) ? Number(text) : Infinity);
// the times of all layers, in order
export const steps = [...new Set(userLayers.flatMap((layer) => portrayal(layer)?.steps ?? []))].sort(
  (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1),
);
const last = steps.length ? steps[steps.length - 1] : null;
const asked = () => {
  const wanted = address.get("time");
  return wanted !== null && steps.includes(wanted) ? wanted : last;
};
/** @type {{ step: string | null, off: Map<string, Set<number>>, words: string }} */
export const state = { step: asked(), off: new Map(), words: "" };

/** @param {Layer} layer @param {Feature} feature @param {string | null} step */
export const atTime = (layer, feature, step) => {
  const made = portrayal(layer);
  if (!made?.steps.length || step === null) return true;
  const time = made.times[index(feature)];
  return time === null || made.steps[time] === step;
};
/** @param {Layer} layer @param {Feature} feature */
const wanted = (layer, feature) => {
  const made = portrayal(layer);
  if (made?.classes.length && state.off.get(layer.name)?.has(made.of[index(feature)])) return false;
  const text = plain(state.words);
  return (
    !text ||
    plain(
      words(layer)
        .map((name) => details.shown(layer, feature, name) ?? "")
        .join(" "),
    ).includes(text)
  );
};
/** @param {Layer} layer @param {Feature} feature @param {string | null} step */
export const shownAt = (layer, feature, step) => atTime(layer, feature, step) && wanted(layer, feature);

/** @type {(() => void)[]} */
const listeners = [];
/** @param {() => void} listener */
export const onChange = (listener) => listeners.push(listener);
export const apply = () => {
  if (steps.length || state.words || state.off.size || filtered)
    filter((layer, feature) => layer.group === "own" && !shownAt(layer, feature, state.step));
  filtered = Boolean(state.words || state.off.size);
  for (const listener of listeners) listener();
};
let filtered = false;
/** @param {string} step */
export const goTo = (step) => {
  state.step = step;
  address.set({ time: step });
  apply();
};
address.onChange(() => {
  state.step = asked();
  apply();
});

// ── which feature is open, for a link to it ──────────────────────────────
map.on("tell", ({ layerOf, feature }) => {
  if (layerOf?.group === "own" && feature) address.set({ feature: `${layerOf.name}/${feature.id}` });
});
map.on("untell", () => address.set({ feature: null }));
export const openAsked = (/** @type {(layer: Layer, feature: Feature) => void} */ open) => {
  const [name, id] = (address.get("feature") ?? "").split("/");
  const layer = userLayers.find((one) => one.name === name);
  const feature = layer?.features.find((one) => one.id === id);
  if (layer && feature) open(layer, feature);
};

// ── where the instruments stand ──────────────────────────────────────────
/** @param {string} name @param {boolean} [open] */
export const section = (name, open = false) => {
  const summary = el("summary", {});
  const body = el("div", { class: "instrument-body" });
  const fold = el("details", { class: "instrument", id: `map-${name}`, open }, summary, body);
  all("#tools")[0].append(fold);
  return { fold, summary, body };
};
