// the scripts of own.html: what changes the map comes before the map
import "../user-layer-signs.js";
import "../cloud.js";
import "../turns.js";
import "../map.js";
import "../paper.js";
import "../search.js";
import "../time-slider.js";
import "../feature-labels.js";
import "../field-chart.js";
import "../feature-table.js";
import "../distances.js";
import "../map-copies.js";
import "../map-start.js";
import "../tiles.js";

// what tests look at, as `Atlas`
export * as details from "../details.js";
export * as measure from "../distances.js";
export * as drawing from "../drawing.js";
export * as view from "../map.js";
