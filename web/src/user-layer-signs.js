// a user's own layer: one colour that no layer of the atlas has, and a row for each kind of shape in it
import { legend } from "./legend.js";
import { styles } from "./signs.js";
import * as theme from "./theme.js";

const ink = () => theme.colour("focus");
/** @type {{ [kind: string]: () => Look }} */
const looks = {
  p: () => ({
    stroke: true,
    fill: true,
    color: theme.colour("paper"),
    weight: 1.5,
    opacity: 1,
    fillColor: ink(),
    fillOpacity: 0.9,
    radius: 6,
    mark: "none",
    ink: ink(),
  }),
  l: () => ({ stroke: true, fill: false, color: ink(), weight: 3, opacity: 0.95, lineCap: "round", lineJoin: "round" }),
  a: () => ({
    stroke: true,
    fill: true,
    color: ink(),
    weight: 1.4,
    opacity: 0.95,
    fillColor: ink(),
    fillOpacity: 0.18,
    lineJoin: "round",
  }),
};
styles.own = ([feature]) => looks[feature.shape?.kind ?? "a"]();
legend.own = ["p", "l", "a"].map((kind) => [`legend.own.${kind}`, "own", {}, kind]);
