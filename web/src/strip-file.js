// a straightened drawing as a file that stands alone: with its title, and its sources at the foot
import { svg } from "./dom.js";
import { wrapped } from "./strip-layout.js";
import { wide, write } from "./strip-pieces.js";
import { colour } from "./theme.js";

/** @param {SVGSVGElement} drawing @param {{ title: string, credit: string, width: number, height: number }} given */
export const stripFile = (drawing, { title, credit, width, height }) => {
  const copy = /** @type {SVGSVGElement} */ (drawing.cloneNode(true));
  copy.querySelector(".strip-gutter")?.removeAttribute("transform");
  const lines = wrapped(credit, width - 20, (text) => wide(text, 9));
  const head = 24;
  const tall = height + head + 10 + lines.length * 12;
  copy.removeAttribute("aria-hidden");
  copy.setAttribute("role", "img");
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("height", String(tall));
  copy.setAttribute("viewBox", `0 ${-head} ${width} ${tall}`);
  copy.prepend(
    svg("title", {}, title),
    svg("rect", { x: 0, y: -head, width, height: tall, fill: colour("paper") }),
    write(title, 8, -8, { "font-size": 13, "font-weight": 600 }),
  );
  copy.append(
    ...lines.map((text, index) => write(text, 8, height + 13 + index * 12, { "font-size": 9, fill: colour("quiet") })),
  );
  return new XMLSerializer().serializeToString(copy);
};
