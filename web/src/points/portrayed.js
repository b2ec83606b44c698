// the layer of points on the page's map: its colours, and the drawing that stands for it
import { pageData } from "../data.js";
import { byName } from "../map-base.js";
import * as theme from "../theme.js";
import * as variants from "../variants.js";

/** @param {string} name @returns {() => string[]} */
export const coloursOf = (name) => {
  const portrayed = pageData("portrayals")?.[name];
  return () =>
    portrayed?.classes.length
      ? portrayed.classes.map(([colour, , , empty]) => (empty ? theme.colour("quiet") : colour))
      : [theme.colour("focus")];
};
/** @param {{ layer: string, count: number }} about @param {L.Path} cloud */
export const stand = (about, cloud) => {
  const layer = /** @type {Layer} */ (byName.get(about.layer));
  layer.crowd = { count: about.count, left: about.count };
  variants.map.crowd = ({ name }) => (name === about.layer ? cloud : null);
  return layer;
};
