// runs the page's scanner over the texts given on standard input
import { readFileSync } from "node:fs";
import { runInNewContext } from "node:vm";

const [, , script] = process.argv;
const Atlas = { notes: {} };
runInNewContext(readFileSync(script, "utf8"), { Atlas });
const { find, path } = Atlas.notes.repeated;
const texts = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map((text) => find(text).map(({ name, steps, line }) => [name, path(steps), line]))));
