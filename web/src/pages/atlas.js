// the scripts of atlas.html
import "../patient.js";
import "../map.js";
import "../paper.js";
import "../search.js";
import "../filters.js";
import "../tiles.js";

// what tests look at, as `Atlas`
export * as details from "../details.js";
export * as view from "../map.js";
