// field notes in a real Firefox over WebDriver BiDi: kept, killed in the middle, kept; two windows; sealed and not readable;
// on a phone's screen; thousands of them; a full disk
// usage: node notes.mjs MODULES FIREFOX PAGE PROFILE MANY — prints one JSON object; MANY is a file of notes
import { createRequire } from "node:module";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

const [modules, program, address, profile, many] = process.argv.slice(2);
const puppeteer = createRequire(join(modules, "package.json"))("puppeteer-core");
const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const said = { console: [], requests: [] };

const start = async (folder = profile, preferences = {}) => {
  for (const name of ["lock", ".parentlock"]) rmSync(join(folder, name), { force: true });
  return puppeteer.launch({ browser: "firefox", executablePath: program, headless: true, userDataDir: folder,
    // what Firefox itself wants from the network is none of the page's
    extraPrefsFirefox: { ...preferences, "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9, "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9 } });
};
const DESKTOP = { width: 1280, height: 800 };
// for the screen of a page that is open Puppeteer loads it anew, and goes on before it is there
const open = async (browser, viewport = DESKTOP) => {
  const page = await browser.newPage();
  // a machine with other work to do takes its time
  page.setDefaultTimeout(120000);
  page.on("console", (message) => said.console.push(message.text()));
  page.on("pageerror", (error) => said.console.push(String(error)));
  page.on("request", (request) => said.requests.push(request.url().split("#")[0]));
  await page.setViewport(viewport);
  await page.goto(address);
  await page.waitForFunction(() => !["starting", undefined].includes(window.Atlas?.notes?.sync?.state.kind));
  await pause(400);
  return page;
};
const instead = async (browser, page, viewport) => {
  const next = await open(browser, viewport);
  await page.close();
  return next;
};
const text = (page, selector) => page.$eval(selector, (node) => node.textContent);
const press = (page, selector) => page.$eval(selector, (node) => node.click());
const write = async (page, words) => {
  await press(page, "#add");
  await page.waitForSelector("#pointing-use", { visible: true });
  await press(page, "#pointing-use");
  await page.waitForSelector("#field-note");
  await press(page, "input[name=field-category][value=hazard]");
  await press(page, "input[name=field-consent][value=no_person]");
  await page.focus("#field-note");
  await page.keyboard.type(words);
};
const save = async (page) => { await press(page, "#save"); await page.waitForSelector("#add", { visible: true }); };
const count = (page) => page.evaluate(() => Atlas.notes.notebook.living().length);
const kill = async (browser) => {
  const process_ = browser.process();
  const gone = new Promise((resolve) => { process_.once("exit", resolve); });
  process_.kill("SIGKILL");
  await gone;
  await pause(500);
};
const files = (folder) => readdirSync(folder).flatMap((name) => {
  const path = join(folder, name);
  try { return statSync(path).isDirectory() ? files(path) : [path]; } catch { return []; }
});
// names of the files below the profile in which the words stand, in either encoding
const holding = (words) => files(profile).filter((path) => {
  try {
    const bytes = readFileSync(path);
    return bytes.includes(Buffer.from(words, "utf8")) || bytes.includes(Buffer.from(words, "utf16le"));
  } catch { return false; }
}).map((path) => path.slice(profile.length + 1));

let browser = await start();
let page = await open(browser);
await write(page, "PLAINWORDS saved");
await save(page);
await write(page, "PLAINWORDS draft");
await pause(300);
await kill(browser);

browser = await start();
page = await open(browser);
said.kept = await count(page);
said.draft = await page.$eval("#field-note", (node) => node.value).catch(() => null);
await save(page);

const other = await open(browser);
said.secondWindow = await count(other);
await write(other, "from the other window");
await save(other);
// what never comes is left to the assertion
await page.waitForFunction(() => Atlas.notes.notebook.living().length === 3, { timeout: 20000 }).catch(() => {});
said.firstWindow = await count(page);
await other.close();

await press(page, "#set-passphrase");
await page.type("#set-secret", "correct horse battery");
await page.type("#set-again", "correct horse battery");
await press(page, "#set-yes");
await page.waitForSelector("#change-secret", { timeout: 60000 });
await write(page, "SEALEDWORDS saved");
await save(page);
await write(page, "SEALEDWORDS draft");
await pause(500);
await kill(browser);
said.traces = [...holding("PLAINWORDS"), ...holding("SEALEDWORDS")];

browser = await start();
page = await open(browser);
said.locked = await page.$eval("#lockscreen", (node) => !node.hidden);
said.lockedCount = await count(page);
await page.type("#unlock-secret", "correct horse battery");
await press(page, "#unlock");
await page.waitForFunction(() => Atlas.notes.sync.state.kind === "sealed", { timeout: 60000 });
await page.waitForSelector("#field-note");
said.unlocked = await count(page);
said.sealedDraft = await page.$eval("#field-note", (node) => node.value);
said.title = await text(page, "h1");
await press(page, "#later");
await page.waitForSelector("#erase", { visible: true });
await press(page, "#erase");
await page.waitForSelector("#erase-yes");
await press(page, "#erase-yes");
await page.waitForFunction(() => Atlas.notes.sync.state.kind === "plain", { timeout: 60000 });
said.erased = await count(page);

page = await instead(browser, page, { width: 360, height: 640, isMobile: false, hasTouch: true });
await write(page, "on a phone");
said.phoneSideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
said.phoneSave = await page.$eval("#save", (node) => node.getBoundingClientRect().height);
await save(page);
await page.reload();
await page.waitForFunction(() => Atlas.notes.sync.state.kind === "plain");
await pause(400);
said.phoneKept = await count(page);

page = await instead(browser, page);
await (await page.$("#import")).uploadFile(many);
await page.waitForSelector("#import-close", { timeout: 120000 });
await press(page, "#import-close");
said.many = await count(page);
said.manyRows = await page.$$eval("#list li", (rows) => rows.length);
await page.reload();
await page.waitForFunction((wanted) => window.Atlas?.notes?.notebook.living().length === wanted, { timeout: 60000 }, said.many);
said.manyAgain = await count(page);
await browser.close();

// this Firefox has room for 2 MB and no more
const small = `${profile}-small`;
mkdirSync(small);
browser = await start(small, { "dom.quotaManager.temporaryStorage.fixedLimit": 2048 });
page = await open(browser);
// most of it is taken by something else of the same address
await page.evaluate((size) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("something-else", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore("kept");
  opening.onerror = () => reject(opening.error);
  opening.onsuccess = () => {
    const writing = opening.result.transaction("kept", "readwrite");
    for (let at = 0; at < size; at += 50000) writing.objectStore("kept").put(crypto.getRandomValues(new Uint8Array(50000)), at);
    writing.oncomplete = () => { opening.result.close(); resolve(); };
    writing.onerror = () => reject(writing.error);
  };
}), 900000);
said.full = false;
said.typed = 0;
for (let number = 0; number < 60 && !said.full; number += 1) {
  await press(page, "#add");
  await page.waitForSelector("#pointing-use", { visible: true });
  await press(page, "#pointing-use");
  await page.waitForSelector("#field-note");
  await press(page, "input[name=field-category][value=hazard]");
  await press(page, "input[name=field-consent][value=no_person]");
  await page.$eval("#field-note", (node, words) => { node.value = words; node.dispatchEvent(new Event("input", { bubbles: true })); }, `${number} ${"x".repeat(18000)}`);
  await save(page);
  await pause(150);
  said.typed += 1;
  said.full = (await text(page, "#notices")).includes("full");
}
said.held = await count(page);
said.fullNotice = await text(page, "#notices");
await browser.close();
process.stdout.write(JSON.stringify(said));
