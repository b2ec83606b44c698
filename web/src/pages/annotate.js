// the scripts of annotate.html: what changes the map comes before the map
import "../annotate/quiet.js";
import "../map.js";
import "../paper.js";
import "../tiles.js";
import "../annotate/annotate.js";
import "../annotate/device.js";
import "../annotate/notices.js";
import "../annotate/reference.js";
import "../handover/panel.js";

export * as notes from "../annotate/inspected.js";
// what tests look at, as `Atlas`
export * as details from "../details.js";
export * as i18n from "../i18n.js";
export * as view from "../map.js";
