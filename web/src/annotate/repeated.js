// members that stand more than once in an object of a JSON text: JSON.parse keeps the last of them and says nothing.
// The same scanner as in Python (atlas/geojson/repeated.py); tests/data/json/repeated.json holds both to the same answers
const TOKEN = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|[[\]{},:]/g;
const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*$/;
const LONGEST = 60;

/** @param {string} name */
const shown = (name) =>
  [...(name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name)]
    .map((sign) => (/[\p{C}\p{Z}]/u.test(sign) && sign !== " " ? JSON.stringify(sign).slice(1, -1) : sign))
    .join("");
/** @param {string | number} one */
const step = (one) => (typeof one === "number" ? `[${one}]` : PLAIN.test(one) ? `.${one}` : `['${shown(one)}']`);
/**
 * @param {string} token
 * @returns {string}
 */
const read = (token) => {
  if (!token.includes("\\")) return token.slice(1, -1);
  try {
    return JSON.parse(token);
  } catch {
    return token.slice(1, -1);
  }
};

// each repetition as its name, the steps to the object, and the line of the repetition
/** @param {string} text */
export const find = (text) => {
  const /** @type {{ name: string, steps: (string | number)[], line: number }[]} */ repeats = [],
    /** @type {{ names: Set<string> | null, step: any, expects: boolean }[]} */ open = [];
  let line = 1,
    counted = 0;
  for (const { 0: sign, index } of text.matchAll(TOKEN)) {
    const inner = open.at(-1);
    if (sign === "{") open.push({ names: new Set(), step: "", expects: true });
    else if (sign === "[") open.push({ names: null, step: 0, expects: false });
    else if (sign === "}" || sign === "]") open.pop();
    else if (!inner) continue;
    else if (sign === ",") {
      inner.expects = inner.names !== null;
      if (inner.names === null) inner.step += 1;
    } else if (inner.names && inner.expects && sign !== ":") {
      inner.step = read(sign);
      inner.expects = false;
      if (inner.names.has(inner.step)) {
        for (let at = text.indexOf("\n", counted); at >= 0 && at < index; at = text.indexOf("\n", at + 1)) line += 1;
        counted = index;
        repeats.push({ name: inner.step, steps: open.slice(0, -1).map((one) => one.step), line });
      }
      inner.names.add(inner.step);
    }
  }
  return repeats;
};
/** @param {(string | number)[]} steps */
export const path = (steps) => `$${steps.map(step).join("")}`;
