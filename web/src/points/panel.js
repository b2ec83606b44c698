// beside the map: how many points are shown, what a square stands for, filters, and the points as a list
import * as address from "../address.js";
import { byId, el } from "../dom.js";
import * as i18n from "../i18n.js";
import { number, t } from "../i18n.js";
import * as theme from "../theme.js";
import * as filterAddress from "./filter-address.js";
import { nearestList } from "./nearest.js";
import { LEVELS, levelOf } from "./paint.js";
import { renew } from "./renewal.js";

const STEPS = 1000;

/**
 * @param {any} cloud the layer of the map
 * @param {Layer} layer
 * @param {{ tell: (layer: Layer, feature: Feature, at: LatLon) => void, redraw: () => void }} actions
 */
export const cloudPanel = (cloud, layer, { tell, redraw }) => {
  const { about } = cloud;
  const status = el("p", { class: "cloud-status", role: "status" });
  const density = el("div", { class: "cloud-density" });
  const kinds = el("fieldset", { class: "cloud-kinds" });
  const times = el("fieldset", { class: "cloud-times" });
  const near = nearestList(cloud, layer, tell);
  const heading = el("h2");
  byId("tree").before(el("section", { class: "cloud-panel" }, heading, status, density, kinds, times, near.fold));
  const state = { hidden: new Set(), time: /** @type {[number, number] | null} */ (null) };

  const speakStatus = () => {
    const shown = layer.crowd?.left ?? about.count;
    status.textContent = cloud.begun()
      ? t("points.status", { shown: number(shown), all: number(about.count), sight: number(cloud.inSight()) })
      : t("points.wait", { count: number(about.count) });
  };
  const speakDensity = () => {
    const single = !cloud.begun() || !cloud._map || cloud.single();
    density.hidden = single;
    if (single) return;
    const { most } = cloud;
    const numbers = [...new Set([1, Math.max(1, Math.round(Math.sqrt(most))), most])];
    density.replaceChildren(
      el("h3", {}, t("points.density")),
      el("ul", { class: "plain" }, ...numbers.map((count) => el("li", {}, swatch(count, most), words(count, most)))),
      ...(about.classes ? [el("p", { class: "quiet" }, t("points.kinds.colour"))] : []),
    );
  };
  /** @param {number} count @param {number} most */
  const words = (count, most) =>
    el("span", {}, count === most && most > 1 ? t("points.darkest", { count: number(count) }) : number(count));
  /** @param {number} count @param {number} most */
  const swatch = (count, most) => {
    const box = el("span", { class: "cloud-square", "aria-hidden": "true" });
    box.style.opacity = String(0.34 + (0.66 * levelOf(count, most)) / LEVELS);
    box.style.background = theme.colour(about.classes ? "ink" : "focus");
    return box;
  };

  const apply = () => {
    filterAddress.keep(state);
    layer.crowd = { count: about.count, left: cloud.hide(state) };
    cloud.draw();
    redraw();
    speakStatus();
  };
  // what a link or the way back asks for
  const recall = () => {
    if (!cloud.begun()) return;
    const { hidden, time } = filterAddress.kept(colours.length, cloud.timeRange());
    const isSame = String([...hidden]) === String([...state.hidden]) && String(time) === String(state.time);
    if (isSame) return;
    Object.assign(state, { hidden, time });
    apply();
  };
  address.onChange(() => {
    recall();
    speak();
  });
  let asked = false;
  const soon = () => {
    if (asked) return;
    asked = true;
    window.requestAnimationFrame(() => {
      asked = false;
      apply();
    });
  };

  /** @param {string[]} classes */
  const speakKinds = (classes) => {
    kinds.hidden = classes.length < 2;
    renew(
      kinds,
      el("legend", {}, t("points.kinds")),
      ...classes.map((colour, index) => {
        /** @type {HTMLInputElement} */
        const box = el("input", {
          type: "checkbox",
          onchange: () => {
            if (box.checked) state.hidden.delete(index);
            else state.hidden.add(index);
            soon();
          },
        });
        box.checked = !state.hidden.has(index);
        const square = el("span", { class: "cloud-square", "aria-hidden": "true" });
        square.style.background = colour;
        return el("label", {}, box, square, el("bdi", {}, t(`map.${about.layer}.class.${index}`)));
      }),
    );
  };

  /** @type {HTMLInputElement[]} */
  let sliders = [];
  const speakTimes = () => {
    const range = cloud.timeRange();
    times.hidden = !range;
    if (!range) return;
    const { field, least, most, text } = range;
    const steps = Math.min(STEPS, most - least);
    /** @param {number} step */
    const code = (step) => Math.round(least + ((most - least) * step) / steps);
    const ends = state.time ?? [least, most];
    sliders = ends.map((end, side) =>
      el("input", {
        type: "range",
        min: 0,
        max: steps,
        step: 1,
        "aria-label": t(side ? "points.to" : "points.from"),
        value: Math.round(((end - least) / (most - least)) * steps),
        oninput: () => {
          const [from, to] = sliders.map((one) => Number(one.value));
          state.time = from <= 0 && to >= steps ? null : [code(Math.min(from, to)), code(Math.max(from, to))];
          tellTimes();
          soon();
        },
      }),
    );
    const outputs = [el("output"), el("output")];
    const tellTimes = () => {
      const [from, to] = state.time ?? [least, most];
      [from, to].forEach((one, side) => {
        outputs[side].textContent = text(one, side === 1);
        sliders[side].setAttribute("aria-valuetext", text(one, side === 1));
      });
    };
    tellTimes();
    renew(
      times,
      el("legend", {}, el("bdi", {}, field)),
      ...sliders.map((slider, side) =>
        el(
          "div",
          { class: "cloud-time" },
          el("span", {}, t(side ? "points.to" : "points.from")),
          slider,
          outputs[side],
        ),
      ),
    );
  };

  /** @type {string[]} */
  let colours = [];
  const speak = () => {
    heading.textContent = t("points.title");
    near.speak();
    speakKinds(colours);
    speakTimes();
    speakStatus();
    speakDensity();
  };
  cloud.on("drawn", speakDensity);
  cloud.on("drawn moved", () => {
    speakStatus();
    near.follow();
  });
  i18n.onChange(speak);
  return {
    /** @param {string[]} classes */
    begin: (classes) => {
      colours = classes;
      recall();
      speak();
    },
    state,
    apply,
    old: () => {
      status.textContent = t("points.old");
    },
  };
};
