// runs the page's scanner over the texts given on standard input
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [, , script] = process.argv;
const { find, path } = await import(pathToFileURL(script));
const texts = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map((text) => find(text).map(({ name, steps, line }) => [name, path(steps), line]))));
