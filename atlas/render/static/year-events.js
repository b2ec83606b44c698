// the events of a year beside a slider of years, each leading to the timeline
"use strict";

Atlas.yearEvents = (() => {
  const { el } = Atlas;
  const { t, date, told, tongue } = Atlas.text;
  const events = Atlas.data("events");

  const address = (id) => {
    const state = new URLSearchParams(id ? { event: id } : {});
    state.set("lang", Atlas.text.language);
    if (Atlas.state.get("theme")) state.set("theme", Atlas.state.get("theme"));
    return `timeline.html#${state}`;
  };
  const entry = (event) => el("li", {}, el("a", { href: address(event.id) }, el("bdi", { lang: tongue(event.title) }, told(event.title))), " ",
    el("span", { class: "quiet" }, date(event.when), event.basis === "inferred" ? ` (${t("events.inferred")})` : ""));
  // what no source dates is of no year
  const of = (year) => events.filter(({ years: [from, to], basis }) => basis !== "not stated" && from <= year && year <= to);
  const show = (holder, year) => {
    const named = of(year);
    holder.replaceChildren(el("h3", {}, t("events.year", { year: String(year) })),
      named.length ? el("ul", {}, ...named.map(entry)) : el("p", { class: "quiet" }, t("events.none")),
      el("p", {}, el("a", { href: address(null) }, t("events.all"))));
  };
  return { of, show };
})();
