// the part of the form that says where: how the position was found decides which instrument stands there

import { all, byId, el } from "../dom.js";
import { number, t } from "../i18n.js";
import * as coordinates from "./coordinates.js";
import * as fields from "./fields.js";
import * as gps from "./gps.js";
import * as locating from "./locating.js";
import * as places from "./places.js";
import * as pointing from "./pointing.js";
import * as words from "./words.js";

/** @type {Values} */
const EMPTY = { geometry: null, reach: null, coordinateUncertaintyInMeters: null };
/** @param {Position} given */
const point = ([lon, lat]) => ({ type: "Point", coordinates: [lon, lat] });

// draft.values is what the form will save, changed is told of everything that is worth keeping
/** @param {Draft} draft @param {() => void} changed */
export const make = (draft, changed) => {
  const { values } = draft;
  const body = el("div", { class: "where-body" });
  const status = el("p", { class: "where-said", role: "status", "aria-live": "polite" });
  const fault = el("p", { class: "fault", id: "where-fault", hidden: true });
  const spread = el("div", {});
  // what another instrument had found, in case somebody goes back to it; never written anywhere
  /** @type {Map<string, Values>} */
  const aside = new Map();

  /** @param {Values} given */
  const set = (given) => {
    Object.assign(values, given);
    show();
    changed();
  };
  const show = () => {
    fault.hidden = true;
    const { geometry, reach } = values;
    places.showPin(geometry?.type === "Point" ? geometry.coordinates : null, values.coordinateUncertaintyInMeters);
    places.showReach(reach);
    const metres = geometry && values.coordinateUncertaintyInMeters;
    status.textContent =
      reach || geometry
        ? `${words.place(values)}${typeof metres === "number" ? ` ± ${words.radius(metres)}` : ""}`
        : t(values.position_basis === "unknown" ? "note.nowhere" : "note.where.none");
    status.classList.toggle("found", Boolean(reach || geometry));
    /** @type {HTMLInputElement} */
    const uncertainty = byId("field-coordinateUncertaintyInMeters");
    if (uncertainty && document.activeElement !== uncertainty)
      uncertainty.value = values.coordinateUncertaintyInMeters ?? "";
  };
  /** @param {string} basis @param {{ position: Position, metres: number | null }} spot */
  const placed = (basis, { position, metres }) => {
    take(basis);
    Object.assign(values, { geometry: point(position), coordinateUncertaintyInMeters: metres, reach: null });
    draw();
    changed();
    byId("where-point")?.focus({ preventScroll: true });
  };
  /** @param {() => void} [cancel] */
  const locate = (cancel = () => {}) =>
    locating.begin({
      gps: (spot) => {
        placed("gps", spot);
        places.lookAt(spot.position);
      },
      map: (spot) => placed(values.position_basis === "described" ? "described" : "map", spot),
      other: choose,
      cancel: () => {
        show();
        cancel();
      },
    });

  // ── the instruments ─────────────────────────────────────────────────────
  const uncertainty = () => {
    const field = words.field("coordinateUncertaintyInMeters");
    return field
      ? fields.make(field, values[field.name], (value) => {
          values[field.name] = value;
          show();
          changed();
        })
      : null;
  };
  const byMap = () => [
    el(
      "button",
      { type: "button", class: "big", id: "where-point", onclick: () => locate(() => byId("where-point")?.focus()) },
      t(values.geometry ? "note.where.move" : "note.where.point"),
    ),
  ];

  const byGps = () => {
    if (values.geometry) return byMap();
    const live = el("p", { class: "gps-live", role: "status" }, t("note.gps.waiting"));
    const take = el("button", { type: "button", class: "big", id: "gps-take", disabled: true }, t("note.gps.take"));
    const restart = el("button", { type: "button", id: "gps-start", onclick: () => begin() }, t("note.gps.again"));
    restart.hidden = true;
    /** @type {Measured | null} */
    let best = null;
    take.addEventListener("click", () => {
      if (!best) return;
      gps.stop();
      restart.hidden = false;
      places.lookAt([best.lon, best.lat]);
      set({
        geometry: point([Number(best.lon.toFixed(7)), Number(best.lat.toFixed(7))]),
        coordinateUncertaintyInMeters: best.metres,
        reach: null,
      });
      live.textContent =
        best.metres === null ? t("note.gps.unrated") : t("note.gps.taken", { metres: number(best.metres) });
    });
    const begin = () => {
      restart.hidden = true;
      live.textContent = t("note.gps.waiting");
      gps.start(
        (fix) => {
          best = fix;
          live.textContent =
            fix.metres === null
              ? t("note.gps.unrated")
              : t(fix.good ? "note.gps.good" : "note.gps.poor", { metres: number(fix.metres) });
          live.classList.toggle("found", fix.good);
          take.disabled = false;
          take.textContent =
            fix.metres === null ? t("note.gps.take") : t("note.gps.take.of", { metres: number(fix.metres) });
        },
        (why) => {
          live.textContent = t(`note.gps.${why}`);
          restart.hidden = false;
        },
      );
    };
    begin();
    return [live, take, restart, el("p", { class: "hint" }, t("note.gps.hint"))];
  };

  const byTyping = () => {
    const heard = el("p", { class: "fault", id: "typed-fault", role: "status" });
    const input = el("input", {
      id: "typed",
      autocomplete: "off",
      spellcheck: "false",
      "aria-describedby": "typed-hint typed-fault",
      placeholder: t("note.typed.example"),
    });
    input.value = draft.typed ?? "";
    /** @param {boolean} go */
    const read = (go) => {
      draft.typed = input.value;
      if (!input.value.trim()) {
        heard.textContent = "";
        set(EMPTY);
        return;
      }
      const parsed = coordinates.parse(input.value, places.sheet);
      const bad = "fault" in parsed ? parsed : null;
      input.setAttribute("aria-invalid", String(Boolean(bad)));
      heard.textContent = bad ? t(`note.typed.${bad.fault}`, bad.values) : "";
      if ("fault" in parsed) {
        set(EMPTY);
        return;
      }
      if (parsed.outside) heard.textContent = t("note.typed.outside");
      set({ geometry: point([parsed.lon, parsed.lat]), coordinateUncertaintyInMeters: parsed.metres, reach: null });
      if (go) places.lookAt([parsed.lon, parsed.lat]);
    };
    input.addEventListener("input", () => read(false));
    input.addEventListener("change", () => read(true));
    return [
      el("label", { for: "typed" }, t("note.typed")),
      input,
      el("p", { class: "hint", id: "typed-hint" }, t("note.typed.hint")),
      heard,
    ];
  };

  const byReach = () => {
    const select = el(
      "select",
      {
        id: "reach",
        onchange: () => {
          set({ ...EMPTY, reach: select.value || null });
          places.lookAtReach(select.value);
        },
      },
      el("option", { value: "" }, t("note.choose")),
      ...places.reaches.map((feature) =>
        el(
          "option",
          { value: feature.values.reach },
          `${words.reach(feature.values.reach)} · ${(feature.values.municipality_names ?? []).join(", ")}`,
        ),
      ),
    );
    select.value = values.reach ?? "";
    const onMap = el(
      "button",
      {
        type: "button",
        class: "big",
        id: "where-reach",
        onclick: () =>
          pointing.begin(
            "reach",
            (name) => {
              set({ ...EMPTY, reach: name });
              select.value = name;
            },
            () => onMap.focus(),
          ),
      },
      t("note.reach.map"),
    );
    return [
      el("p", { class: "hint" }, t("note.reach.hint")),
      el("label", { for: "reach" }, words.title("reach")),
      select,
      onMap,
      draft.before.geometry ? el("p", { class: "hint" }, t("note.reach.before")) : null,
    ];
  };

  /** @type {{ [basis: string]: () => Child[] }} */
  const INSTRUMENTS = { gps: byGps, typed: byTyping, reach: byReach, unknown: () => [] };
  const draw = () => {
    gps.stop();
    pointing.end();
    const basis = values.position_basis;
    body.replaceChildren(...(INSTRUMENTS[basis] ?? byMap)().flatMap((part) => part ?? []));
    spread.replaceChildren(
      ...[basis === "reach" || basis === "unknown" ? null : uncertainty()].flatMap((one) => one ?? []),
    );
    show();
  };
  /** @param {string} basis */
  const take = (basis) => {
    const old = values.position_basis;
    const keep = ["map", "described"].includes(old) && ["map", "described"].includes(basis);
    if (!keep) {
      aside.set(old, {
        geometry: values.geometry,
        reach: values.reach,
        coordinateUncertaintyInMeters: values.coordinateUncertaintyInMeters,
        typed: draft.typed,
      });
      const { typed, ...kept } = aside.get(basis) ?? { ...EMPTY, typed: "" };
      Object.assign(values, kept);
      draft.typed = typed;
    }
    values.position_basis = basis;
    for (const input of /** @type {HTMLInputElement[]} */ (all("input", chooser)))
      input.checked = input.value === basis;
  };
  /** @param {string} basis */
  const choose = (basis) => {
    if (values.position_basis === basis) return;
    take(basis);
    draw();
    changed();
    if (basis === "map" && !values.geometry) locate();
  };

  const field = /** @type {FormField} */ (words.field("position_basis"));
  const chooser = fields.make(field, values.position_basis, choose);
  const section = el(
    "section",
    { class: "where", "aria-labelledby": "where-title" },
    el("h3", { id: "where-title" }, t("note.where")),
    status,
    body,
    fault,
  );
  // how it was found can wait: it stands with what else can
  const how = [chooser, spread];
  const check = () => {
    const { position_basis: basis, geometry, reach } = values;
    const missing = basis === "reach" ? !reach : basis !== "unknown" && basis && !geometry;
    fault.textContent = missing ? t(basis === "reach" ? "note.fault.reach" : "note.fault.place") : "";
    fault.hidden = !missing;
    return !missing;
  };
  const close = () => {
    gps.stop();
    pointing.end();
    places.showPin(null);
    places.showReach(null);
  };
  return { section, how, draw, check, close, locate };
};
