// the desk and a phone's page in a real Firefox over WebDriver BiDi: a conflict decided, notes over a data channel, a file
// usage: node desk.mjs MODULES FIREFOX LINK PAGE PROFILE — prints one JSON object
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, program, link, address, profile] = process.argv.slice(2);
const puppeteer = createRequire(join(modules, "package.json"))("puppeteer-core");
const said = { faults: [] };
const browser = await puppeteer.launch({
  browser: "firefox", executablePath: program, headless: true, userDataDir: profile,
  // addresses of this machine's own network, as a page with a camera has them; nothing of the web
  extraPrefsFirefox: { "media.peerconnection.ice.obfuscate_host_addresses": false, "media.peerconnection.ice.loopback": true,
    "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9, "network.proxy.no_proxies_on": "127.0.0.1", "network.proxy.allow_hijacking_localhost": false },
});
const open = async (where, width, height) => {
  const page = await browser.newPage();
  page.setDefaultTimeout(120000);
  page.on("pageerror", (error) => said.faults.push(String(error)));
  await page.setViewport({ width, height });
  await page.goto(where);
  return page;
};
const text = (page, selector) => page.$eval(selector, (node) => node.textContent);
const press = async (page, selector) => { await page.waitForSelector(selector); await page.$eval(selector, (node) => node.click()); };
const fill = (page, selector, words) => page.$eval(selector, (node, value) => { node.value = value; node.dispatchEvent(new Event("input", { bubbles: true })); }, words);
const filled = (page, selector) => page.waitForFunction((one) => document.querySelector(one)?.value.includes("ATLAS-LINK"), {}, selector).then(() => page.$eval(selector, (node) => node.value));
const shows = (page, selector, words) => page.waitForFunction((one, wanted) => document.querySelector(one)?.textContent.includes(wanted), {}, selector, words).then(() => text(page, selector));

const desk = await open(link, 1400, 900);
await press(desk, "#queue button");
await desk.waitForSelector(".conflict .side .keep");
said.counts = await text(desk, "#store-counts");
await press(desk, ".conflict .side .keep");
await fill(desk, "#act-by", "Luz");
await fill(desk, "#act-reason", "asked them both");
await press(desk, "#act-do");
await desk.waitForFunction(() => !document.querySelector(".conflict"));

const phone = await open(`${address}#lang=en`, 360, 740);
await phone.waitForFunction(() => window.Atlas?.notes?.sync?.state.kind === "plain");
await phone.evaluate(async () => {
  const { sync } = Atlas.notes;
  await sync.commit(Array.from({ length: 9 }, (_, n) => sync.change(crypto.randomUUID(), "note", `synthetic ${n}`, [])));
});
await desk.bringToFront();
await press(desk, "#receive");
const offer = await filled(desk, "#offer-text");
await phone.bringToFront();
await press(phone, "#hand-link");
await phone.waitForSelector("#code-text");
await fill(phone, "#code-text", offer);
await press(phone, "#code-use");
const answer = await filled(phone, "#answer-text");
await fill(desk, "#answer-text", answer);
said.receipt = await shows(phone, "#link-status", "notes are in store").catch(async () => `none: ${await text(phone, "#link-status")}`);
await press(phone, "#link-close");
said.home = await text(phone, "#hand-counts");
await browser.close();
process.stdout.write(JSON.stringify(said));
