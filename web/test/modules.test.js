import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const SOURCES = fileURLToPath(new URL("../src/", import.meta.url));
const imported = (file) =>
  [...readFileSync(file, "utf8").matchAll(/^(?:import|export)\b[^;]*?"(\.[^"]+)";/gm)].map(([, path]) =>
    resolve(join(file, "..", path)),
  );

test("every module is part of a page", () => {
  const files = readdirSync(SOURCES, { recursive: true }).map((name) => join(SOURCES, name));
  const modules = files.filter((name) => name.endsWith(".js"));
  const reached = new Set(modules.filter((name) => name.includes("pages")));
  for (const file of reached) for (const next of imported(file)) reached.add(next);
  assert.deepEqual(
    modules.filter((name) => !reached.has(name)),
    [],
  );
});
