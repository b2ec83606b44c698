// a sign for each category, told apart by shape and not by colour alone; the map, the form and the list draw the same
import { svg } from "../dom.js";

// around the middle, in a disc of radius 9
/** @type {{ [category: string]: string }} */
const SHAPES = {
  informal_crossing: "M-5-2h6v-3l5 5-5 5v-3h-6z",
  vehicular_crossing: "M-5.5-2.5h11v4h-11zM-4 1.5a1.8 1.8 0 1 0 .01 0zM4 1.5a1.8 1.8 0 1 0 .01 0z",
  formal_crossing: "M-3.5-3.5h7v7h-7z",
  checkpoint: "M-1.4-5.5h2.8v11h-2.8zM-5.5-1.4h11v2.8h-11z",
  shelter: "M0-5.5 5.5-.5h-1.7v5h-7.6v-5h-1.7z",
  service: "M0-5.2 1.5-1.5 5.5-1.2 2.4 1.3 3.4 5.2 0 3-3.4 5.2-2.4 1.3-5.5-1.2-1.5-1.5z",
  incident: "M-1.3-5.5h2.6v7h-2.6zM-1.3 3h2.6v2.6h-2.6z",
  hazard: "M0-5.2 5.4 4.2h-10.8z",
  infrastructure: "M-5-4.5h10v2.4h-10zM-5-.2h10v2.4h-10zM-5 4h10v1.6h-10z",
  observation: "M-5.6 0a6.6 6.6 0 0 1 11.2 0 6.6 6.6 0 0 1-11.2 0zM0-1.7a1.7 1.7 0 1 0 .01 0z",
  other: "M-4.5-1.3a1.4 1.4 0 1 0 .01 0zM0-1.3a1.4 1.4 0 1 0 .01 0zM4.5-1.3a1.4 1.4 0 1 0 .01 0z",
};
/** @type {{ [category: string]: string }} */
const INKS = {
  informal_crossing: "informal-note",
  vehicular_crossing: "informal-note",
  formal_crossing: "formal",
  checkpoint: "post",
  shelter: "facility",
  service: "facility",
  incident: "straight-border",
  hazard: "straight-border",
  infrastructure: "corridor",
  observation: "reported",
  other: "corridor",
};

/** @param {string} category */
export const shape = (category) => SHAPES[category] ?? SHAPES.other;
/** @param {string} category */
export const ink = (category) => INKS[category] ?? INKS.other;
/** @param {string} category @param {number} [size] */
export const picture = (category, size = 26) =>
  svg(
    "svg",
    {
      viewBox: "-10 -10 20 20",
      width: size,
      height: size,
      "aria-hidden": "true",
      focusable: "false",
      class: `mark ink-${ink(category)}`,
    },
    svg("circle", { r: 9.2 }),
    svg("path", { d: shape(category), "fill-rule": "evenodd" }),
  );
