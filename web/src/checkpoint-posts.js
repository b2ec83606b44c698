// the posts of checkpoints: where they lie on the road, and what is said of them in words
import { pageData } from "./data.js";
import * as details from "./details.js";
import { date, has, list, number, t } from "./i18n.js";
import { byName } from "./map.js";
import { measuredLine } from "./measured.js";
import { lines } from "./positions.js";

export const layer = /** @type {Layer} */ (byName.get("checkpoints"));
const about = new Map(pageData("posts").map((post) => [post.id, post]));
const sources = pageData("sources");
export const posts = layer.features.map((feature) => {
  const { chainage_from_km: from, chainage_to_km: to } = feature.values;
  return /** @type {CheckPost} */ ({ ...about.get(feature.id), feature, from, to });
});
export const on = posts.filter(({ from }) => typeof from === "number").sort((a, b) => a.from - b.from || a.to - b.to);
export const off = posts.filter((post) => !on.includes(post));
export const stretches = [...(byName.get("corridor")?.features ?? [])].sort(
  (a, b) => a.values.chainage_from_km - b.values.chainage_from_km,
);
export const length = stretches.at(-1)?.values.chainage_to_km ?? 0;
export const road = measuredLine(stretches.flatMap((stretch, index) => lines(stretch)[0].slice(index ? 1 : 0)));

// ── words ────────────────────────────────────────────────────────────────
/** @param {CheckPost} post */
export const name = ({ feature }) => feature.name;
/** @param {string} code */
export const agency = (code) => (has(`checkpoints.agency.${code}`) ? t(`checkpoints.agency.${code}`) : code);
/** @param {CheckPost} post */
export const agencies = (post) => list(post.agencies.map(agency));
/** @param {CheckPost} post */
export const fixity = ({ feature }) => t(`value.checkpoints.fixity.${feature.values.fixity}`);
/** @param {CheckPost} post */
export const year = ({ feature }) =>
  feature.values.as_of ? date(feature.values.as_of) : t("checkpoints.year.unknown");
/** @param {number} value */
export const km = (value) => number(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
/** @param {CheckPost} post */
export const interval = ({ from, to }) => t("checkpoints.interval", { from: km(from), to: km(to) });
/** @param {CheckPost} post */
export const facts = (post) =>
  [agencies(post), year(post), post.disagree ? t("checkpoints.disagree") : ""].filter(Boolean);
/** @param {CheckPost} post */
export const cited = ({ feature }) =>
  (feature.values.source_ids ?? [])
    .map((/** @type {string} */ id) => sources[id])
    .filter(Boolean)
    .map(details.whose)
    .join("; ");
