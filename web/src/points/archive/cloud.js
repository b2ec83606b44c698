// brings the points of an archive onto the page's map, once the archive is open
import { pageData } from "../../data.js";
import { byName } from "../../map-base.js";
import * as theme from "../../theme.js";
import * as variants from "../../variants.js";
import { ArchiveLayer } from "./layer.js";

export const about = /** @type {ArchiveAbout} */ (pageData("archive"));
const portrayed = pageData("portrayals")?.[about.layer];
export const colours = () =>
  portrayed?.classes.length
    ? portrayed.classes.map(([colour, , , empty]) => (empty ? theme.colour("quiet") : colour))
    : [theme.colour("focus")];
export const layer = /** @type {Layer} */ (byName.get(about.layer));
layer.crowd = { count: about.count, left: about.count };
export const cloud = new /** @type {any} */ (ArchiveLayer)(about, colours);
variants.map.crowd = ({ name }) => (name === about.layer ? cloud : null);
