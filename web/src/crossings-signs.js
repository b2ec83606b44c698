// on this page a formal crossing shows its kind; whether vehicles pass stands in the card, the table and the filter
import { legend } from "./legend.js";
import { styles } from "./signs.js";
import { colour } from "./theme.js";
import * as variants from "./variants.js";

/** @type {{ [kind: string]: string }} */
const MARKS = { road_bridge: "square", road: "diamond", boat: "hull", rail: "bar" };
const plain = styles.crossings_formal;
// their names are the subject here: they stand at every zoom that has room for them
variants.map.crossingsFrom = 6;
styles.crossings_formal = (group) => {
  const [feature] = group;
  const style = plain(group);
  if (feature.shape?.kind !== "p") return style;
  const mark = MARKS[feature.values.kind];
  return mark
    ? { ...style, mark }
    : { ...style, mark: "none", color: colour("formal"), fillColor: colour("paper"), weight: 2.5, radius: 5.5 };
};
legend.crossings_formal = [
  ...Object.keys(MARKS).map((kind) => /** @type {LegendRow} */ ([["kind", kind], "crossings_formal", { kind }, "p"])),
  ["crossings.kind.unstated", "crossings_formal", { kind: null }, "p"],
  ["legend.formal.halo", "crossings_formal", {}, "halo"],
  ["legend.formal.stretch", "crossings_formal", {}, "l"],
];
