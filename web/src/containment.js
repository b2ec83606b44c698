// what the sources say of one year: the map shows it, the list tells it, and what cannot be drawn is listed too
import * as address from "./address.js";
import { pageData } from "./data.js";
import * as details from "./details.js";
import { isolated, translated } from "./details.js";
import { all, byId, el, svg } from "./dom.js";
import * as i18n from "./i18n.js";
import { number, rounded, t } from "./i18n.js";
import { byName, filter, highlight, openFromList, order, unmark } from "./map.js";
import { mapNotice } from "./notice.js";
import * as theme from "./theme.js";
import * as yearEvents from "./year-events.js";

/** @type {BeltWords | null} */
export let shownBelts = null;
const start = () => {
  const layer = byName.get("containment");
  const { years, cited: printed = {} } = pageData("containment");
  if (!layer || !years?.length) return;
  const [from, to] = years;
  const sources = pageData("sources");
  /** @type {HTMLInputElement} */
  const slider = byId("year");
  const play = byId("play");
  const modes = all("button[data-mode]");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const STEP_MS = 1600;
  const FIRST = 2019;
  let mode = "year";
  /** @type {number | undefined} */
  let timer;

  // ── which items ────────────────────────────────────────────────────────────
  /** @type {(feature: { values: Values }) => number[] | null} */
  const span = ({ values }) =>
    String(values.year ?? "")
      .match(/\b(?:19|20)\d{2}\b/g)
      ?.map(Number) ?? null;
  /** @param {Feature} feature @param {number} year */
  const covers = (feature, year) => {
    const named = span(feature);
    return named !== null && named[0] <= year && year <= named[named.length - 1];
  };
  const year = () => Number(slider.value);
  /** @param {Feature} feature */
  const wanted = (feature) =>
    mode === "all" ? span(feature) !== null : mode === "none" ? span(feature) === null : covers(feature, year());
  const chosen = () =>
    layer.features
      .filter(wanted)
      .sort((a, b) => String(a.values.year).localeCompare(String(b.values.year)) || a.id.localeCompare(b.id));
  /** @param {number} one */
  const inYear = (one) => layer.features.filter((feature) => covers(feature, one));

  // ── one item in words ──────────────────────────────────────────────────────
  /** @param {Feature} feature */
  const what = ({ values }) => translated(values.what);
  /** @param {Feature} feature */
  const ends = ({ values }) => [values.from_place, values.to_place].filter(Boolean).map(i18n.translated).join(" – ");
  /** @param {Feature} feature */
  const dated = ({ values }) => (values.year ? String(values.year).replace("/", "–") : t("containment.undated"));
  /** @param {{ values: Values }} feature */
  const distance = ({ values: { distance_mi: miles, distance_km: km } }) =>
    miles === null || miles === undefined ? null : t("containment.distance", { miles: number(miles), km: rounded(km) });
  /** @param {Feature} feature */
  const drawn = (feature) => (feature.shape ? [t(`value.containment.shape.${feature.values.shape}`)] : []).join("");
  // who says it; where the outline comes from is in the card
  /** @type {(feature: Feature) => (Node | string)[]} */
  const cited = ({ values }) =>
    (printed[values.item] ?? values.source_ids ?? [])
      .filter((id) => sources[id])
      .flatMap((id, index) => {
        const name = isolated(details.whose(sources[id]));
        const url = sources[id][3];
        const node = url ? el("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, name) : name;
        return index ? ["; ", node] : [node];
      });

  /** @param {Feature} feature */
  const entry = (feature) => {
    const look = () => highlight(feature);
    const head = feature.shape
      ? el(
          "button",
          {
            type: "button",
            class: "item-head",
            onmouseenter: look,
            onmouseleave: unmark,
            onfocus: look,
            onblur: unmark,
            onclick: () => openFromList(layer, feature),
          },
          what(feature),
        )
      : el("span", { class: "item-head" }, what(feature));
    const lines = [ends(feature), distance(feature)]
      .filter(Boolean)
      .map((text) => el("span", { class: "line" }, isolated(text)));
    const tags = [dated(feature), feature.shape ? drawn(feature) : t("containment.undrawn")];
    return el(
      "li",
      { "data-item": feature.values.item },
      head,
      ...lines,
      el("span", { class: "line quiet" }, tags.join(" · ")),
      feature.values.note ? el("span", { class: "line quiet note" }, translated(feature.values.note)) : null,
      el("span", { class: "line quiet" }, ...cited(feature)),
    );
  };
  /** @param {string | null} head @param {Feature[]} features */
  const section = (head, features) =>
    features.length ? [head ? el("h3", {}, head) : "", el("ol", { class: "plain items" }, ...features.map(entry))] : [];

  const listed = () => {
    const features = chosen();
    const undated = mode === "year" ? layer.features.filter((feature) => span(feature) === null) : [];
    byId("items-head").textContent =
      mode === "year" ? t("containment.items.year", { year: year() }) : t(`containment.items.${mode}`);
    byId("items").replaceChildren(
      ...(features.length ? [] : [el("p", { class: "small" }, t("containment.nothing"))]),
      ...section(
        null,
        features.filter((feature) => feature.shape),
      ),
      ...section(
        t("containment.undrawn"),
        features.filter((feature) => !feature.shape),
      ),
      ...section(t("containment.mode.none"), undated),
    );
    // events belong to a year; the other modes have none
    byId("events").hidden = mode !== "year";
    yearEvents.show(byId("events"), year());
  };

  // ── the slider ─────────────────────────────────────────────────────────────
  const HIGH = 30;
  const histogram = () => {
    const all = Array.from({ length: to - from + 1 }, (_, index) => inYear(from + index).length);
    const most = Math.max(...all);
    const box = byId("histogram");
    box.setAttribute("viewBox", `0 0 ${all.length * 10} ${HIGH + 2}`);
    box.setAttribute("preserveAspectRatio", "none");
    box.replaceChildren(
      ...all.map((count, index) =>
        svg("rect", {
          x: index * 10 + 1.5,
          width: 7,
          y: count ? HIGH - (count / most) * HIGH : HIGH,
          height: count ? (count / most) * HIGH : 1,
          class: mode === "all" || (mode === "year" && from + index === year()) ? "now" : "then",
        }),
      ),
    );
  };
  const summary = () => {
    const features = chosen();
    return t("containment.said", {
      count: number(features.length),
      undrawn: number(features.filter((feature) => !feature.shape).length),
    });
  };
  const speak = () => {
    const playing = timer !== undefined;
    byId("year-now").textContent = mode === "year" ? String(year()) : "";
    byId("years-said").textContent = summary();
    slider.setAttribute(
      "aria-valuetext",
      `${year()}: ${t("containment.count", { count: number(inYear(year()).length) })}`,
    );
    play.title = t(calm.matches ? "containment.next" : playing ? "containment.pause" : "containment.play");
    play.setAttribute("aria-label", play.title);
    byId("play-sign").setAttribute("d", playing ? "M5 3.5h3.6v13H5zM11.4 3.5H15v13h-3.6z" : "M6 3.5v13l10-6.5z");
    for (const button of modes) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    byId("slider").classList.toggle("off", mode !== "year");
  };

  const notice = mapNotice("topleft", "belts");
  const warn = () => {
    const schematic = chosen().some((feature) => feature.shape && feature.values.schematic) && layer.shown;
    const words = schematic
      ? t("containment.schematic")
      : chosen().some((feature) => feature.shape)
        ? t("containment.exact")
        : t("containment.empty");
    notice.say(el("strong", {}, mode === "year" ? String(year()) : t(`containment.mode.${mode}`)), el("p", {}, words));
    // on a phone they would cover what they speak of
    byId("belts-note").textContent = words;
  };

  const apply = () => {
    filter((one, feature) => one === layer && !wanted(feature));
    order();
    histogram();
    listed();
    speak();
    warn();
  };
  const remember = () => address.set({ year: mode === "year" ? String(year()) : mode });
  const halt = () => {
    window.clearInterval(timer);
    timer = undefined;
  };
  /** @param {string} wantedMode @param {number} [wantedYear] */
  const choose = (wantedMode, wantedYear = year()) => {
    mode = wantedMode;
    slider.value = String(wantedYear);
    remember();
    apply();
  };
  const step = () => {
    if (year() >= to && timer !== undefined) {
      halt();
      speak();
      return;
    }
    choose("year", year() >= to ? from : year() + 1);
  };
  const start = () => {
    if (timer !== undefined) {
      halt();
      speak();
      return;
    }
    // who asked for less motion steps by hand
    if (!calm.matches) {
      timer = window.setInterval(step, STEP_MS);
      if (year() >= to) {
        choose("year", from);
        return;
      }
    }
    step();
  };

  const restore = () => {
    halt();
    const given = address.get("year");
    const asked = Number(given);
    mode = given === "all" || given === "none" ? given : "year";
    slider.value = String(Number.isInteger(asked) && asked >= from && asked <= to ? asked : FIRST);
    apply();
  };

  slider.min = String(from);
  slider.max = String(to);
  slider.addEventListener("input", () => {
    halt();
    choose("year");
  });
  play.addEventListener("click", start);
  for (const button of modes)
    button.addEventListener("click", () => {
      halt();
      choose(button.dataset.mode ?? "year");
    });
  calm.addEventListener("change", () => {
    halt();
    speak();
  });
  i18n.onChange(() => {
    listed();
    speak();
    warn();
  });
  theme.onChange(histogram);
  address.onChange(restore);
  shownBelts = { what, dated, distance, ends, cited, drawn, features: layer.features };
  restore();
};
start();
