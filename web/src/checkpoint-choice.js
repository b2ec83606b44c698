// which posts the reader chose to see, by fixity, agency and year; kept in the address
import * as address from "./address.js";
import { posts } from "./checkpoint-posts.js";

export const FIXITIES = ["fixed", "mobile", "unknown"].filter((code) =>
  posts.some(({ feature }) => feature.values.fixity === code),
);
export const AGENCIES = [...new Set(posts.flatMap((post) => post.agencies))];
const known = posts.flatMap(({ years }) => years ?? []);
export const YEARS = known.length
  ? Array.from({ length: Math.max(...known) - Math.min(...known) + 1 }, (_, i) => String(Math.min(...known) + i))
  : [];
export const choice = { fixity: new Set(FIXITIES), agency: "", year: "" };
/** @param {CheckPost} post */
export const fits = (post) =>
  choice.fixity.has(post.feature.values.fixity) &&
  (!choice.agency || post.agencies.includes(choice.agency)) &&
  (!choice.year ||
    (choice.year === "none"
      ? !post.years
      : post.years && post.years[0] <= Number(choice.year) && Number(choice.year) <= post.years[1]));
/** @param {string | null} value @param {string[]} allowed */
const among = (value, allowed) => (value !== null && allowed.includes(value) ? value : "");
export const restore = () => {
  const wanted = address
    .get("fixity")
    ?.split(",")
    .filter((code) => FIXITIES.includes(code));
  choice.fixity = new Set(wanted ?? FIXITIES);
  choice.agency = among(address.get("agency"), AGENCIES);
  choice.year = among(address.get("year"), [...YEARS, "none"]);
};
export const keep = () =>
  address.set({
    fixity:
      choice.fixity.size === FIXITIES.length ? null : FIXITIES.filter((code) => choice.fixity.has(code)).join(","),
    agency: choice.agency || null,
    year: choice.year || null,
  });
