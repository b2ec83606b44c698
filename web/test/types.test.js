import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const WEB = fileURLToPath(new URL("../", import.meta.url));
const SOURCES = readdirSync(join(WEB, "src"), { recursive: true })
  .filter((name) => /\.(js|ts)$/.test(name))
  .map((name) => ({ name, text: readFileSync(join(WEB, "src", name), "utf8") }));
const lines = (pattern) =>
  SOURCES.flatMap(({ name, text }) =>
    text.split("\n").flatMap((line, at) => (pattern.test(line) ? [`${name}:${at + 1} ${line.trim()}`] : [])),
  );

test("the types of every module are checked, and strictly", () => {
  const config = JSON.parse(readFileSync(join(WEB, "tsconfig.json"), "utf8"));
  const { strict, checkJs, allowJs, ...others } = config.compilerOptions;
  assert.deepEqual([strict, checkJs, allowJs, config.include], [true, true, true, ["src"]]);
  // whatever strict turns on, nothing here turns off
  assert.deepEqual(
    Object.entries(others).filter(([, value]) => value === false),
    [],
  );
  assert.deepEqual(lines(/@ts-nocheck/), []);
});

test("a line is left unchecked only with its reason, and hardly ever", () => {
  const ignored = lines(/@ts-(?:ignore|expect-error)/);
  assert.ok(ignored.length <= 5, ignored.join("\n"));
  for (const line of ignored) assert.match(line, /@ts-(?:ignore|expect-error) \S+ \S+/);
});

test("what may be anything is what comes from outside, and where Leaflet is extended", () => {
  const loose = lines(/[:<{(|] ?any\b|\bany\[\]/).filter((line) => !line.includes(": /** What"));
  assert.ok(loose.length <= 80, `${loose.length}\n${loose.join("\n")}`);
});

test("a module is no longer than a reader can hold", () => {
  const long = SOURCES.map(({ name, text }) => [name, text.split("\n").length]).filter(
    ([name, length]) => name.endsWith(".js") && length > 320,
  );
  assert.deepEqual(long, []);
});
