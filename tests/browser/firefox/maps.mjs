// pages with maps and tables in a real Firefox over WebDriver BiDi: drawn, filtered, searched, printed, without a word
// usage: node maps.mjs MODULES FIREFOX PROFILE OWN ATLAS SERIES FOLDER — prints one JSON object, writes PDFs into FOLDER
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, program, profile, own, atlas, series, folder] = process.argv.slice(2);
const puppeteer = createRequire(join(modules, "package.json"))("puppeteer-core");
const report = { console: [], requests: [] };
const browser = await puppeteer.launch({
  browser: "firefox", executablePath: program, headless: true, userDataDir: profile,
  // what Firefox itself wants from the network is none of the page's
  extraPrefsFirefox: { "network.proxy.type": 1, "network.proxy.http": "127.0.0.1", "network.proxy.http_port": 9, "network.proxy.ssl": "127.0.0.1", "network.proxy.ssl_port": 9 },
});
const open = async (address, [width, height]) => {
  const page = await browser.newPage();
  page.setDefaultTimeout(120000);
  page.on("console", (message) => report.console.push(message.text()));
  page.on("pageerror", (error) => report.console.push(String(error)));
  page.on("request", (request) => report.requests.push(request.url().split("#")[0]));
  await page.setViewport({ width, height });
  await page.goto(address);
  return page;
};
const settled = (page) => page.waitForFunction(() => !document.querySelector(".picture") && document.querySelectorAll(".name").length > 3);
// share of the map's own canvases that has ink, names, and by how much the page is too wide
const seen = (page) => page.evaluate(() => ({
  inked: Math.max(...[...document.querySelectorAll(".atlas-map canvas")].map((one) => {
    const { data } = one.getContext("2d").getImageData(0, 0, one.width, one.height);
    let count = 0;
    for (let at = 3; at < data.length; at += 4) count += data[at] > 0;
    return count / (data.length / 4);
  })),
  names: document.querySelectorAll(".name").length,
  wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
}));
const unfold = (page) => page.evaluate(() => {
  const handle = document.getElementById("handle");
  if (handle?.offsetParent && handle.getAttribute("aria-expanded") === "false") handle.click();
  for (const fold of document.querySelectorAll("details")) fold.open = true;
});
const print = (page, name) => page.pdf({ path: join(folder, `${name}.pdf`), format: "A4", printBackground: true });
const DESKTOP = [1280, 800];
const PHONE = [360, 740];

for (const [name, size] of [["desktop", DESKTOP], ["phone", PHONE]]) {
  const page = await open(`${own}#lang=es&time=2020`, size);
  await settled(page);
  report[`own ${name}`] = await seen(page);
  await unfold(page);
  const rows = () => page.$$eval(".own-table tbody tr", (all) => all.map((one) => one.textContent));
  const before = await rows();
  await page.$eval(".own-filter input", (box) => { box.value = "tapachula"; box.dispatchEvent(new Event("input", { bubbles: true })); });
  await page.waitForFunction(() => document.querySelectorAll(".own-table tbody tr").length === 1);
  const after = await rows();
  await page.focus("#own-step");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector(".own-step").textContent === "2021");
  report[`own ${name} rows`] = [before.length, after[0], await rows()];
  await page.$eval(".own-filter input", (box) => { box.value = ""; box.dispatchEvent(new Event("input", { bubbles: true })); });
  await page.waitForFunction((count) => document.querySelectorAll(".own-table tbody tr").length === count, {}, before.length);
  await print(page, `own-${name}`);
  await page.close();
}
{
  const page = await open(`${atlas}#lang=en`, DESKTOP);
  await settled(page);
  report.atlas = await seen(page);
  await page.focus("#search");
  await page.keyboard.type("tapachula");
  await page.waitForSelector("#search-list [role=option]");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".card-popup h3");
  report.card = await page.$eval(".card-popup h3", (head) => head.textContent);
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector(".card-popup"));
  await page.click("[data-language=es]");
  report.spanish = await page.$eval("h1", (head) => head.textContent);
  await print(page, "atlas");
  await page.close();
}
{
  const page = await open(`${series}#lang=en&month=2024-03`, DESKTOP);
  await page.waitForSelector("#places .known");
  report.series = await page.$eval("#places figcaption", (caption) => caption.textContent);
  report.wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  await print(page, "series");
  await page.close();
}
await browser.close();
process.stdout.write(JSON.stringify(report));
