// the scripts of checkpoints.html
import "../map.js";
import "../paper.js";
import "../tiles.js";
import "../checkpoints.js";

// what tests look at, as `Atlas`
export * as details from "../details.js";
export * as view from "../map.js";
