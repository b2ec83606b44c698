// folds each list of changes given on standard input: by record the values and, of what is torn, what stands side by side
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const { addTo, blank, state } = await import(pathToFileURL(`${folder}/fold.js`));
const { canonical } = await import(pathToFileURL(`${folder}/changes.js`));

const folded = (changes) => {
  const records = new Map();
  for (const change of changes) {
    if (!records.has(change.record_id)) records.set(change.record_id, blank(change.record_id));
    addTo(records.get(change.record_id), change);
  }
  return Object.fromEntries([...records].map(([id, record]) => {
    const { values, conflicts } = state(record);
    const sides = Object.entries(conflicts).map(([name, heads]) => [name, name === "deleted" ? null : heads.map(({ value }) => canonical(value)).sort()]);
    return [id, { values, conflicts: Object.fromEntries(sides) }];
  }));
};
let text = "";
for await (const chunk of process.stdin) text += chunk;
process.stdout.write(JSON.stringify(JSON.parse(text).map(folded)));
