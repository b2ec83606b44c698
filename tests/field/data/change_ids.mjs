// the reference in JavaScript: prints the id and the canonical value of each change given on standard input
import { createHash } from "node:crypto";

const canonical = (value) => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value);
};

let text = "";
for await (const chunk of process.stdin) text += chunk;
const said = JSON.parse(text).map(({ record_id, field, value, parents, author, device, claimed_at }) => {
  const content = { record_id, field, value, parents: [...parents].sort(), author, device, claimed_at };
  return [createHash("sha256").update(canonical(content), "utf8").digest("hex"), canonical(value)];
});
process.stdout.write(JSON.stringify(said));
