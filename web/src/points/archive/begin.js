// starts once the map stands

import { tree } from "../../map.js";
import { map } from "../../map-base.js";
import { tell } from "../../map-card.js";
import { cloudPanel } from "../panel.js";
import { about, cloud, colours, layer } from "./cloud.js";
import { archiveSource } from "./source.js";

map.setMaxZoom(about.deepest);
export const panel = cloudPanel(cloud, layer, { tell, redraw: () => tree.draw() });
const able = typeof DecompressionStream === "function";
const source = archiveSource(about, async (archive) => {
  await cloud.begin(archive);
  panel.begin(about.classes ? colours() : []);
});
cloud.on("failed", (/** @type {{ error: unknown }} */ { error }) => source.failed(error));
export const ready = able ? source.start() : Promise.resolve();
panel.begin(about.classes ? colours() : []);
if (!able) panel.old();
