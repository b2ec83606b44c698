// the scripts of a page of a user's own map with points in an archive: what changes the map comes before the map
import "../user-layer-signs.js";
import "../cloud.js";
import "../points/archive/cloud.js";
import "../map.js";
import "../paper.js";
import "../search.js";
import "../tiles.js";
import "../points/archive/begin.js";

// what tests look at, as `Atlas`
export * as details from "../details.js";
export * as view from "../map.js";
export { panel, ready } from "../points/archive/begin.js";
export { cloud } from "../points/archive/cloud.js";
