// the scripts of border.html
import "../map.js";
import "../paper.js";
import "../tiles.js";
import "../straightened.js";
import "../ruler.js";

// what tests look at, as `Atlas`
export * as details from "../details.js";
export * as view from "../map.js";
export * as ruler from "../ruler.js";
export * as border from "../straightened.js";
