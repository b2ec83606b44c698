// the figure and the classes that the reader chose
import * as address from "./address.js";
import { pageData } from "./data.js";
import * as theme from "./theme.js";

const { figures } = pageData("municipalities");
export const METHODS = ["natural", "quantiles"];
const known = (wanted, choices) => (choices.includes(wanted) ? wanted : choices[0]);
export const figure = () => known(address.get("figure"), Object.keys(figures));
export const method = () => known(address.get("classes"), METHODS);
export const classes = () => figures[figure()].classes[method()];
export const colour = (number) => theme.colour(number === null ? "class-none" : `class-${number + 1}`);
const order = new Map(
  [...document.querySelectorAll("script.atlas-layer")]
    .filter((block) => block.id === "layer_municipalities")
    .flatMap((block) => JSON.parse(block.textContent).ids)
    .map((id, index) => [id, index]),
);
export const index = (feature) => order.get(feature.id);

export { figures };
