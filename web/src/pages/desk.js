// the scripts of the desk: what changes the map comes before the map
import "../annotate/quiet.js";
import "../map.js";
import "../desk/desk.js";

// what tests look at, as `Atlas`
export * as codes from "../handover/codes.js";
export * as i18n from "../i18n.js";
export * as view from "../map.js";
