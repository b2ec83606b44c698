// one time after another: a slider that plays, two times side by side, and a small map for each

import { el } from "./dom.js";
import { scene, map as whole } from "./drawing.js";
import { toSvg } from "./drawing-svg.js";
import * as i18n from "./i18n.js";
import { t } from "./i18n.js";
import { goTo, onChange, section, shownAt, state, steps } from "./map-state.js";
import * as theme from "./theme.js";

const PAUSE_MS = 1200;
const SMALL = [150, 120];
const LARGE = [330, 250];

/** @param {string} step @param {number[]} size */
const picture = (step, [width, height]) => {
  const drawn = toSvg(scene(whole(width, height), { shows: (layer, feature) => shownAt(layer, feature, step) }));
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", t("own.time.map", { time: step }));
  return drawn;
};
/** @param {string} step @param {number[]} size */
const figure = (step, size) => el("figure", {}, picture(step, size), el("figcaption", {}, el("bdi", {}, step)));

const start = () => {
  const { summary, body } = section("time", true);
  const slider = el("input", { type: "range", id: "own-step", min: 0, max: steps.length - 1, step: 1 });
  const label = el("label", { for: "own-step" });
  const out = el("output", { for: "own-step", class: "own-step" });
  const play = el("button", { type: "button", class: "reset" });
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let playing;
  const stop = () => {
    clearInterval(playing);
    playing = undefined;
    speak();
  };
  /** @param {number} by */
  const step = (by) => goTo(steps[(steps.indexOf(state.step ?? "") + by + steps.length) % steps.length]);
  play.addEventListener("click", () => {
    if (playing) {
      stop();
      return;
    }
    playing = setInterval(() => {
      step(1);
      if (state.step === steps[steps.length - 1]) stop();
    }, PAUSE_MS);
    if (state.step === steps[steps.length - 1]) step(1);
    speak();
  });
  slider.addEventListener("input", () => {
    const wanted = steps[Number(slider.value)];
    stop();
    goTo(wanted);
  });

  const pair = ["a", "b"].map((name, number) => {
    const select = el("select", { id: `map-time-${name}` }, ...steps.map((one) => el("option", { value: one }, one)));
    select.value = number ? steps[steps.length - 1] : steps[0];
    select.addEventListener("change", () => compare());
    return { select, label: el("label", { for: select.id }) };
  });
  const sides = el("div", { class: "own-sides" });
  const besides = el("summary", {});
  const both = el(
    "details",
    { class: "own-compare" },
    besides,
    el("p", { class: "own-pair" }, ...pair.flatMap(({ select, label: name }) => [name, select])),
    sides,
  );
  const multiples = el("div", { class: "own-multiples" });
  const many = el("summary", {});
  const every = el("details", { class: "own-compare" }, many, multiples);
  const compare = () => {
    if (both.open) sides.replaceChildren(...pair.map(({ select }) => figure(select.value, LARGE)));
  };
  const multiply = () => {
    if (every.open) multiples.replaceChildren(...steps.map((one) => figure(one, SMALL)));
  };
  both.addEventListener("toggle", compare);
  every.addEventListener("toggle", multiply);
  body.append(el("p", { class: "own-slider" }, label, out), slider, el("p", {}, play), both, every);

  const show = () => {
    slider.value = String(steps.indexOf(state.step ?? ""));
    slider.setAttribute("aria-valuetext", state.step ?? "");
    out.replaceChildren(el("bdi", {}, state.step ?? ""));
  };
  const redraw = () => {
    compare();
    multiply();
  };
  const speak = () => {
    summary.textContent = t("own.time");
    label.textContent = t("own.time.step");
    play.textContent = t(playing ? "own.time.pause" : "own.time.play");
    besides.textContent = t("own.time.compare");
    many.textContent = t("own.time.multiples");
    for (const [number, { label: name }] of pair.entries())
      name.textContent = t(number ? "own.time.right" : "own.time.left");
    show();
  };
  onChange(show);
  i18n.onChange(() => {
    speak();
    redraw();
  });
  theme.onChange(redraw);
  speak();
};
if (steps.length) start();
