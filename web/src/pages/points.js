// the scripts of a page of a user's own map with a cloud of points: what changes the map comes before the map
import "../user-layer-signs.js";
import "../cloud.js";
import "../points/cloud.js";
import "../map.js";
import "../paper.js";
import "../search.js";
import "../tiles.js";
import "../points/begin.js";

// what tests look at, as `Atlas`
export * as details from "../details.js";
export * as view from "../map.js";
export { drawn, panel, ready } from "../points/begin.js";
export { cloud } from "../points/cloud.js";
