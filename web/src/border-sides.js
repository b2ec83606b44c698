// the border of this page as its project describes it: its sides, and the neighbour that comes first
import { pageData } from "./data.js";

/** @type {PageBlocks["border"]} */
const given = pageData("border");
export const locales = given?.locales ?? { en: "en", es: "es" };
export const here = given?.here ?? { country: null, land: "land_here", lies: null, name: {} };
export const neighbours = given?.neighbours ?? [];
export const main = neighbours[0] ?? { code: "", country: null, name: {} };
// west, south, east, north in degrees
export const around = given?.around ?? [-180, -90, 180, 90];
