// the figure and the classes that the reader chose
import * as address from "./address.js";
import { pageData } from "./data.js";
import { all } from "./dom.js";
import * as theme from "./theme.js";

const { figures } = pageData("municipalities");
export const METHODS = ["natural", "quantiles"];
/**
 * @param {string | null} wanted
 * @param {string[]} choices
 */
const known = (wanted, choices) => (wanted !== null && choices.includes(wanted) ? wanted : choices[0]);
export const figure = () => known(address.get("figure"), Object.keys(figures));
export const method = () => known(address.get("classes"), METHODS);
export const classes = () => figures[figure()].classes[method()];
/** @param {number | null} number */
export const colour = (number) => theme.colour(number === null ? "class-none" : `class-${number + 1}`);
const order = new Map(
  all("script.atlas-layer")
    .filter((block) => block.id === "layer_municipalities")
    .flatMap((block) => JSON.parse(block.textContent ?? "null").ids)
    .map((id, index) => [id, index]),
);
/** @param {Feature} feature */
export const index = (feature) => order.get(feature.id) ?? -1;

export { figures };
