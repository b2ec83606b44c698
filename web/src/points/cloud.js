// brings the points of the page onto its map: positions first, then classes, then what a tap tells
import { pageData } from "../data.js";
import { inflated, laneOf } from "./lanes.js";
import { CloudLayer } from "./layer.js";
import { placesOf } from "./places.js";
import { coloursOf, stand } from "./portrayed.js";

export const about = /** @type {CloudAbout} */ (pageData("cloud"));
export const colours = coloursOf(about.layer);
export const cloud = new /** @type {any} */ (CloudLayer)(about, colours);
export const layer = stand(about, cloud);

// what the page no longer needs once it is unpacked
/** @param {`cloud-${string}`} id @returns {string[]} */
const taken = (id) => {
  const pieces = pageData(id) ?? [];
  document.getElementById(`atlas-${id}`)?.remove();
  return pieces;
};

// the first picture is drawn before anything is unpacked
const painted = () => new Promise((done) => window.requestAnimationFrame(() => window.setTimeout(done)));

// the class of each point: from the field that has it, or by itself
const classes = async () => {
  const { classed, count } = about;
  if (!classed) return about.classes ? inflated(taken("cloud-classes")[0]) : new Uint8Array(count);
  cloud.lanes[classed.field] = await laneOf(about.fields[classed.field], taken(`cloud-${classed.field}`), count);
  return Uint8Array.from(cloud.lanes[classed.field].codes, (code) => classed.of[code]);
};
export const unpack = async () => {
  await painted();
  const [places] = taken("cloud-places");
  const unpacked = placesOf(about, await inflated(places));
  cloud.of = await classes();
  cloud.places = unpacked;
  cloud.draw();
};
export const unpackFields = async () => {
  for (const [number, field] of about.fields.entries())
    cloud.lanes[number] ??= await laneOf(field, taken(`cloud-${number}`), about.count);
};
