// the events of a year beside a slider of years, each leading to the timeline
import { get } from "./address.js";
import { pageData } from "./data.js";
import { el } from "./dom.js";
import * as i18n from "./i18n.js";
import { date, t, tongue, translated } from "./i18n.js";

const events = pageData("events");

/** @param {string | null} id */
const address = (id) => {
  const state = new URLSearchParams(id ? { event: id } : {});
  state.set("lang", i18n.language);
  const theme = get("theme");
  if (theme) state.set("theme", theme);
  return `timeline.html#${state}`;
};
/** @param {YearEvent} event */
const entry = (event) =>
  el(
    "li",
    {},
    el("a", { href: address(event.id) }, el("bdi", { lang: tongue(event.title) }, translated(event.title))),
    " ",
    el("span", { class: "quiet" }, date(event.when), event.basis === "inferred" ? ` (${t("events.inferred")})` : ""),
  );
// what no source dates is of no year
/** @param {number} year */
export const of = (year) =>
  events.filter(({ years: [from, to], basis }) => basis !== "not stated" && from <= year && year <= to);
/** @param {Element} holder @param {number} year */
export const show = (holder, year) => {
  const named = of(year);
  holder.replaceChildren(
    el("h3", {}, t("events.year", { year: String(year) })),
    named.length ? el("ul", {}, ...named.map(entry)) : el("p", { class: "quiet" }, t("events.none")),
    el("p", {}, el("a", { href: address(null) }, t("events.all"))),
  );
};
