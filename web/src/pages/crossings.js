// the scripts of crossings.html: what changes the map comes before the map
import "../crossings-signs.js";
import "../map.js";
import "../paper.js";
import "../tiles.js";
import "../crossings-filter.js";
import "../crossings-counts.js";
import "../crossings-dots.js";

export { shownDots as dots } from "../crossings-dots.js";
// what tests look at, as `Atlas`
export * as details from "../details.js";
export * as view from "../map.js";
