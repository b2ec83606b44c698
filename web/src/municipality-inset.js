// the smallest municipalities enlarged, in a corner of the map until the reader goes near them
import * as choropleth from "./choropleth.js";
import { pageData } from "./data.js";
import { el, svg } from "./dom.js";
import { t } from "./i18n.js";
import { byName, map } from "./map.js";
import { classOf, line, outline, sheetOf } from "./municipality-drawing.js";
import { pane } from "./panes.js";

const { inset: box } = pageData("municipalities");
// so near that the map shows them as large as the inset
const NEAR = 9;

const make = () => {
  if (!box) return () => {};
  const [west, south, east, north] = box;
  const bounds = L.latLngBounds([south, west], [north, east]);
  const sheet = sheetOf(box);
  const features = (byName.get("municipalities")?.features ?? []).filter(({ shape }) => shape);
  const drawn = features.map((feature) => ({ feature, path: svg("path", { d: outline(sheet, feature) }) }));
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${sheet.width} ${sheet.height}`, "aria-hidden": "true", focusable: "false" },
    ...drawn.map(({ path }) => path),
    line(sheet, byName.get("border")?.features ?? []),
  );
  const words = el("span", {});
  const button = el(
    "button",
    { type: "button", class: "inset", onclick: () => map.fitBounds(bounds, { animate: false }) },
    drawing,
    words,
  );
  L.DomEvent.disableClickPropagation(button);
  const Corner = L.Control.extend({ onAdd: () => button });
  const corner = new Corner().addTo(map);
  // where the legend stands on the map it has the upper corner
  const roomy = window.matchMedia("(min-width: 900px)");
  const place = () => corner.setPosition(roomy.matches ? "topleft" : "bottomleft");
  roomy.addEventListener("change", place);
  place();
  pane(map, "inset", 450);
  const frame = L.rectangle(bounds, {
    renderer: L.svg({ pane: "inset" }),
    className: "inset-frame",
    interactive: false,
  }).addTo(map);
  const follow = () => {
    const near = map.getZoom() >= NEAR;
    button.hidden = near;
    if (near) frame.remove();
    else frame.addTo(map);
  };
  map.on("zoomend", follow);
  follow();
  return () => {
    words.textContent = t("municipalities.inset");
    for (const { feature, path } of drawn) path.setAttribute("class", classOf(choropleth.figure(), feature));
  };
};
// after every change of figure, classes or language
export const redraw = make();
