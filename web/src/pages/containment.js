// the scripts of containment.html
import "../map.js";
import "../paper.js";
import "../tiles.js";
import "../containment.js";
import "../containment-lengths.js";

// what tests look at, as `Atlas`
export * as details from "../details.js";
export * as view from "../map.js";
