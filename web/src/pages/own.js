// the scripts of own.html: what changes the map comes before the map
import "../user-layer-signs.js";
import "../cloud.js";
import "../map.js";
import "../paper.js";
import "../search.js";
import "../tiles.js";

// what tests look at, as `Atlas`
export * as details from "../details.js";
export * as view from "../map.js";
