// the points nearest to the middle of the map as a list, for those who can't point at them
import * as details from "../details.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";
import { renew } from "./renewal.js";

const LISTED = 50;

/**
 * @param {ListedCloud} cloud the layer of the map
 * @param {Layer} layer
 * @param {(layer: Layer, feature: Feature, at: LatLon) => void} tell
 */
export const nearestList = (cloud, layer, tell) => {
  const summary = el("summary");
  const rows = el("div");
  const fold = el("details", { class: "list cloud-near" }, summary, rows);

  /** @param {L.Map} map */
  const nearest = (map) => {
    const { x, y } = map.getPixelBounds().getCenter();
    // to the corners of the view
    const size = map.getSize();
    const far = Math.hypot(size.x, size.y) / 2;
    // a small circle first: of a million points most are not wanted
    let hits = /** @type {number[]} */ ([]);
    for (const radius of [8, 32, 128, far]) {
      hits = cloud.around(x, y, radius);
      if (hits.length >= LISTED) break;
    }
    return hits.slice(0, LISTED);
  };
  /** @param {number} i */
  const row = (i) => {
    const feature = cloud.feature(i);
    const [at] = /** @type {Extract<Shape, { kind: "p" }>} */ (feature.shape).positions;
    const facts = Object.values(feature.values).filter((one) => one !== null);
    const onclick = () => tell(layer, feature, at);
    const words = details.isolated(facts.join(" · ") || `${i + 1}`);
    return el("li", {}, el("button", { type: "button", onclick, "data-point": feature.id }, words));
  };
  const fill = () => {
    if (!cloud._map || !cloud.places) return;
    const lines = nearest(cloud._map).map(row);
    const none = () => t(cloud.inSight() ? "points.near.closer" : "points.near.none");
    renew(rows, lines.length ? el("ol", {}, ...lines) : el("p", {}, none()));
  };
  const follow = () => {
    if (fold.open) fill();
  };
  // before the fold opens: a key that follows at once comes before `toggle`, and would pass an empty list by
  summary.addEventListener("click", () => {
    if (!fold.open) fill();
  });
  fold.addEventListener("toggle", follow);
  return {
    fold,
    follow,
    speak: () => {
      summary.textContent = t("points.near");
      follow();
    },
  };
};
