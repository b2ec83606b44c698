// what the page seals, of what comes in: the sealing that the browser runs
const { cardOf, seal } = await import(`file://${process.argv[2]}/handover/sealed.js`);

let text = "";
for await (const part of process.stdin) text += part;
const { card, changes, media } = JSON.parse(text);
process.stdout.write(await seal(await cardOf(card), changes, media));
