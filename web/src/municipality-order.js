// municipalities in the order of a column: names by the reader's alphabet, figures by size, what is unknown last
import { value } from "./municipality-figures.js";

/**
 * @param {Feature[]} features
 * @param {string} name
 * @param {boolean} down
 * @param {(feature: Feature) => string} stateOf
 */
export const inOrder = (features, name, down, stateOf) => {
  const collator = new Intl.Collator(document.documentElement.lang);
  /** @type {(a: Feature, b: Feature) => number} */
  const byName = (a, b) => collator.compare(a.values.name, b.values.name);
  /** @type {{ [name: string]: (a: Feature, b: Feature) => number }} */
  const ways = { name: byName, state: (a, b) => collator.compare(stateOf(a), stateOf(b)) };
  const compare = ways[name] ?? ((a, b) => (value(a, name) ?? -Infinity) - (value(b, name) ?? -Infinity));
  return [...features].sort((a, b) => (down ? -1 : 1) * compare(a, b) || byName(a, b));
};
