// as much of a browser as modules need that draw nothing: the blocks of a page, its address, a root for its language
const node = () => {
  const attributes = {};
  const made = {
    attributes,
    children: [],
    dataset: {},
    style: {},
    classList: { add() {}, toggle() {} },
    setAttribute: (name, value) => {
      attributes[name] = String(value);
    },
    removeAttribute: (name) => delete attributes[name],
    append: (...parts) => made.children.push(...parts),
    replaceChildren: (...parts) => {
      made.children = parts;
    },
    addEventListener() {},
    get textContent() {
      return made.children.map((part) => part.textContent ?? part).join("");
    },
    set textContent(text) {
      made.children = [text];
    },
  };
  return made;
};

export const open = (blocks, { hash = "", framed = false } = {}) => {
  const texts = { "atlas-texts": { en: {}, es: {} }, "atlas-spanish": {} };
  const data = { ...texts, ...Object.fromEntries(Object.entries(blocks).map(([name, one]) => [`atlas-${name}`, one])) };
  const location = { hash };
  globalThis.document = {
    documentElement: Object.assign(node(), { lang: "en" }),
    createElement: node,
    createElementNS: node,
    querySelectorAll: () => [],
    getElementById: (id) => {
      if (id in data) return { textContent: JSON.stringify(data[id]) };
      return id.startsWith("atlas-") ? null : node();
    },
  };
  globalThis.window = {
    location,
    addEventListener() {},
    matchMedia: () => ({ matches: false, addEventListener() {} }),
    getComputedStyle: () => ({ getPropertyValue: () => "" }),
    history: {
      replaceState: (_state, _title, to) => {
        if (framed) throw new Error("a frame in a notebook has no address");
        location.hash = to;
      },
    },
  };
  return { location };
};
