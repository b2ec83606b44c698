// starts once the map stands

import { tree } from "../map.js";
import { map } from "../map-base.js";
import { tell } from "../map-card.js";
import { about, cloud, colours, layer, unpack, unpackFields } from "./cloud.js";
import { cloudPanel } from "./panel.js";

const DEEPEST = 18;

map.setMaxZoom(DEEPEST);
const panel = cloudPanel(cloud, layer, { tell, redraw: () => tree.draw() });
const able = typeof DecompressionStream === "function";
export const drawn = able ? unpack() : Promise.resolve();
cloud.ready = drawn.then(() => (able ? unpackFields() : null)).then(() => panel.begin(about.classes ? colours() : []));
if (!able) cloud.ready.then(panel.old);
export const { ready } = cloud;
export { panel };
