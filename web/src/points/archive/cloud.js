// brings the points of an archive onto the page's map, once the archive is open
import { pageData } from "../../data.js";
import { across } from "../../map-base.js";
import { coloursOf, stand } from "../portrayed.js";
import { ArchiveLayer } from "./layer.js";

export const about = /** @type {ArchiveAbout} */ (pageData("archive"));
export const colours = coloursOf(about.layer);
export const cloud = new /** @type {any} */ (ArchiveLayer)(about, colours, across);
export const layer = stand(about, cloud);
