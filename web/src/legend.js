// which rows a layer has in the legend, and their signs as small drawings
import { pageData } from "./data.js";
import { svg } from "./dom.js";
import { marks, styles } from "./signs.js";
import { colour } from "./theme.js";

/** @type {(layer: string, field: string, value: string, kind: string) => LegendRow} */
const coded = (layer, field, value, kind) => [[field, value], layer, { [field]: value }, kind];
// a stretch in dispute has who claims what beside its sign
const CLAIM = "value.border.treaty.";
const DISPUTED = { nature: "disputed" };
const claimed = Object.keys(pageData("texts").en).filter((key) => key.startsWith(CLAIM));
// legend: which rows a layer has; a text key, or a coded field and value whose label the registry gives
/** @type {{ [layer: string]: LegendRow[] }} */
export const legend = {
  municipalities: [["legend.municipality", "municipalities", {}, "a"]],
  border: [
    ...["river", "parallel", "meridian", "straight"].map((nature) => coded("border", "nature", nature, "l")),
    ...claimed.map((key) => /** @type {LegendRow} */ ([["treaty", key.slice(CLAIM.length)], "border", DISPUTED, "l"])),
  ],
  border_reaches: [["legend.reach", "border_reaches", { reach: "R000" }, "l"]],
  crossings_formal: [
    ["legend.formal.vehicular", "crossings_formal", { vehicular: "true" }, "p"],
    ["legend.formal.other", "crossings_formal", { vehicular: "false" }, "p"],
    ["legend.formal.rail", "crossings_formal", { kind: "rail" }, "p"],
    ["legend.formal.halo", "crossings_formal", {}, "halo"],
    ["legend.formal.stretch", "crossings_formal", {}, "l"],
  ],
  crossings_informal: [
    ["legend.informal.other", "crossings_informal", { vehicular: "false" }, "l"],
    ["legend.informal.vehicular", "crossings_informal", { vehicular: "true" }, "l"],
  ],
  crossings_vehicular: [
    ["legend.vehicular.formal", "crossings_vehicular", { vehicular: "true", formality: "formal" }, "p"],
    ["legend.vehicular.informal", "crossings_vehicular", { vehicular: "true", formality: "informal" }, "l"],
  ],
  crossings_reported: [["legend.reported", "crossings_reported", {}, "lozenge"]],
  corridor: [["legend.corridor", "corridor", {}, "l"]],
  checkpoints: [
    ...["fixed", "mobile", "unknown"].map((fixity) => coded("checkpoints", "fixity", fixity, "l")),
    ["legend.checkpoint.place", "checkpoints", {}, "a"],
  ],
  containment: [
    ["legend.containment.area", "containment", {}, "a"],
    ["legend.containment.line", "containment", {}, "l"],
  ],
  released: [
    ["legend.released.place", "released", {}, "a"],
    ["legend.released.stretch", "released", {}, "l"],
    ["legend.released.open", "released", {}, "p"],
  ],
  neighbour_regions: [["legend.region", "neighbour_regions", {}, "a"]],
  railways: [
    ["legend.railway.service", "railways", { status: "in_service" }, "l"],
    ["legend.railway.works", "railways", { status: "under_construction" }, "l"],
    ["legend.railway.station", "railways", { part: "station" }, "p"],
  ],
  programmes: [["legend.programme", "programmes", {}, "a"]],
  facilities: [
    ["legend.facility.built", "facilities", { status: "built" }, "a"],
    ["legend.facility.naval", "facilities", { kind: "naval", status: "built" }, "a"],
    ["legend.facility.office", "facilities", { status: "built" }, "p"],
    ...["planned", "unknown", "closed"].map((status) => coded("facilities", "status", status, "a")),
  ],
};

/** @param {string} layer @param {Values} values @param {string} kind */
export const swatch = (layer, values, kind) => {
  // whoever draws a sign looks at values and kind, and at nothing else
  const shape = /** @type {Shape} */ ({ kind: { lozenge: "l", halo: "p" }[kind] ?? kind });
  const style = styles[layer]([/** @type {Feature} */ ({ values, shape })]);
  const box = svg("svg", {
    viewBox: "0 0 34 18",
    width: 34,
    height: 18,
    "aria-hidden": "true",
    focusable: "false",
    class: "swatch",
  });
  if (kind === "p") box.append(...discSwatch(style));
  else if (kind === "halo")
    box.append(
      svg("circle", {
        cx: 17,
        cy: 9,
        r: 8,
        fill: colour("formal"),
        "fill-opacity": 0.12,
        stroke: colour("formal"),
        "stroke-opacity": 0.6,
      }),
      svg("circle", { cx: 17, cy: 9, r: 2.5, fill: colour("formal") }),
    );
  else if (kind === "a")
    box.append(
      svg("rect", {
        x: 4,
        y: 2,
        width: 26,
        height: 14,
        rx: 2,
        fill: style.fillColor,
        "fill-opacity": style.fillOpacity,
        stroke: style.color,
        "stroke-width": style.weight,
        "stroke-dasharray": style.dashArray ?? "none",
      }),
    );
  else if (kind === "lozenge")
    box.append(
      svg("rect", {
        x: 3,
        y: 2,
        width: 28,
        height: 14,
        rx: 7,
        fill: colour("paper"),
        stroke: colour("reported"),
        "stroke-width": 1.5,
      }),
      svg(
        "text",
        { x: 17, y: 13, "text-anchor": "middle", "font-size": 10, "font-weight": 600, fill: colour("ink") },
        "12",
      ),
    );
  else box.append(...lineSwatch(style));
  return box;
};

/** @param {Look} style */
const lineSwatch = (style) => {
  /** @param {Attributes} more */
  const line = (more) =>
    svg("line", {
      x1: 5,
      y1: 9,
      x2: 29,
      y2: 9,
      stroke: style.color,
      "stroke-width": style.weight,
      "stroke-opacity": style.opacity,
      "stroke-linecap": style.lineCap,
      "stroke-dasharray": style.dashArray ?? "none",
      ...more,
    });
  const lines = [line({})];
  if (style.ties)
    for (const x of [7, 13, 19, 25])
      lines.push(svg("line", { x1: x, y1: 5, x2: x, y2: 13, stroke: style.ties, "stroke-width": 1.2 }));
  if (style.hollow) lines.push(line({ stroke: style.hollow, "stroke-width": (style.weight ?? 0) - 3 }));
  if (style.hatch)
    for (const x of [6, 12, 18, 24])
      lines.push(svg("line", { x1: x, y1: 13.5, x2: x + 5, y2: 4.5, stroke: style.hatch, "stroke-width": 1.8 }));
  return lines;
};

/** @param {Look} style */
const discSwatch = (style) => {
  /** @type {SVGElement[]} */
  const parts = [
    svg("circle", { cx: 17, cy: 9, r: style.radius, fill: style.fillColor, stroke: style.color, "stroke-width": 1.5 }),
  ];
  const shape = marks[style.mark ?? "none"];
  if (shape) parts.push(svg("path", { d: shape, transform: "translate(17 9)", fill: style.ink }));
  return parts;
};
