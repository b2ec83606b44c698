// runs a function of one of the page's modules on each list of arguments given on standard input; bytes are said in base64
import { pathToFileURL } from "node:url";

const [folder, script, name] = process.argv.slice(2);
const module = await import(pathToFileURL(`${folder}/${script}.js`));

const given = (value) => (value && typeof value === "object" && "base64" in value ? new Uint8Array(Buffer.from(value.base64, "base64")) : value);
const plain = (value) => (value instanceof Uint8Array ? { base64: Buffer.from(value).toString("base64") } : value);
let text = "";
for await (const chunk of process.stdin) text += chunk;
process.stdout.write(JSON.stringify(JSON.parse(text).map((values) => {
  try {
    return { result: plain(module[name](...values.map(given))) };
  } catch (error) {
    return { fault: error.message };
  }
})));
