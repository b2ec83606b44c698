// the scripts of municipalities.html: what changes the map comes before the map
import "../municipality-signs.js";
import "../map.js";
import "../paper.js";
import "../tiles.js";
import "../municipalities.js";
import "../municipality-multiples.js";

// what tests look at, as `Atlas`
export * as details from "../details.js";
export * as view from "../map.js";
export * as theme from "../theme.js";
