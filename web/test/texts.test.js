import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (folder, ending) =>
  readdirSync(at(folder), { recursive: true })
    .filter((name) => name.endsWith(ending))
    .map((name) => [name, readFileSync(join(at(folder), name), "utf8")]);
const TEXTS = ["en", "es"].map((language) =>
  Object.assign({}, ...read(`../../atlas/render/texts/${language}/`, ".json").map(([, text]) => JSON.parse(text))),
);
// a text asked for by a whole key, with an object of plain values behind it
const CALL = /\bt\(\s*"([a-z][\w.-]*)",\s*\{((?:[^{}]|\{[^{}]*\})*)\}/g;
const NAME = /(?:^|,)\s*(\w+)(?=\s*[:,]|\s*$)/g;

test("a text is given the values that it has places for", () => {
  const wrong = read("../src/", ".js").flatMap(([module, source]) =>
    [...source.matchAll(CALL)].flatMap(([, key, inside]) => {
      // what stands in brackets within a value is none of the names
      let flat = inside;
      for (let before = ""; before !== flat; )
        [before, flat] = [flat, flat.replace(/\([^()]*\)|\[[^[\]]*\]|\{[^{}]*\}/g, "")];
      const given = new Set([...flat.matchAll(NAME)].map(([, name]) => name));
      return TEXTS.flatMap((texts) =>
        [...(texts[key] ?? "").matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => !given.has(name)),
      ).map((name) => `${module}: ${key} has no ${name}`);
    }),
  );
  assert.deepEqual(wrong, []);
});
