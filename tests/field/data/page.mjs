// runs a function of the page's own scripts on each list of arguments given on standard input; bytes are said in base64
import { readFileSync } from "node:fs";
import { webcrypto } from "node:crypto";
import vm from "node:vm";

const [folder, scripts, name] = process.argv.slice(2);
globalThis.Atlas = { notes: {} };
globalThis.window ??= { crypto: webcrypto };
for (const script of scripts.split(",")) vm.runInThisContext(readFileSync(`${folder}/${script}.js`, "utf8"), { filename: script });

const given = (value) => (value && typeof value === "object" && "base64" in value ? new Uint8Array(Buffer.from(value.base64, "base64")) : value);
const plain = (value) => (value instanceof Uint8Array ? { base64: Buffer.from(value).toString("base64") } : value);
const [room, call] = name.split(".");
let text = "";
for await (const chunk of process.stdin) text += chunk;
process.stdout.write(JSON.stringify(JSON.parse(text).map((values) => {
  try {
    return { result: plain(globalThis.Atlas.notes[room][call](...values.map(given))) };
  } catch (error) {
    return { fault: error.message };
  }
})));
