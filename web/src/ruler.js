// the ruler: how long the line is for dividers of a given opening, as a line on the map and as a curve
import * as address from "./address.js";
import { pageData } from "./data.js";
import { named, translated } from "./details.js";
import { all, byId, el, svg } from "./dom.js";
import * as i18n from "./i18n.js";
import { hedged, number, t } from "./i18n.js";
import { map, pen } from "./map.js";
import { lines } from "./straightened.js";
import * as theme from "./theme.js";
import { colour } from "./theme.js";

const lengths = pageData("lengths");

// preferred numbers, 40 to the decade, from 20 m to 100 km
const R40 = [
  100, 106, 112, 118, 125, 132, 140, 150, 160, 170, 180, 190, 200, 212, 224, 236, 250, 265, 280, 300, 315, 335, 355,
  375, 400, 425, 450, 475, 500, 530, 560, 600, 630, 670, 710, 750, 800, 850, 900, 950,
];
export const STOPS = [...[0.1, 1, 10, 100].flatMap((factor) => R40.map((value) => value * factor)), 100000]
  .map((metres) => Math.round(metres * 10) / 10)
  .filter((metres) => metres >= 20);
const APART = 11;
// rulers between the stops are tried every so many metres
const PROBE = 10;
const AROUND = 8;

const get = (id) => byId(id);
const slider = get("ruler-length");
const show = get("ruler-show");
const radios = all("input[name=part]");
const part = () => radios.find((radio) => radio.checked).value;
const metres = () => STOPS[Number(slider.value)];
const tenths = (value) => number(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const opening = (value) =>
  value < 1000 ? `${number(value)} m` : `${number(value / 1000, { maximumFractionDigits: 2 })} km`;

// ── the curve, and where published figures fall on it ────────────────────
const curves = new Map();
export const curve = (name) => {
  if (!curves.has(name))
    curves.set(
      name,
      STOPS.map((ruler) => lines[name].walk(ruler).length),
    );
  return curves.get(name);
};
// the shortest ruler that gives no more than a length, and the longest that gives no less: the curve is ragged
const ranges = new Map();
export const range = (name, km) => {
  const key = `${name} ${km}`;
  if (!ranges.has(key)) ranges.set(key, km > lines[name].length ? null : rulersAround(lines[name], curve(name), km));
  return ranges.get(key);
};
const rulersAround = (line, values, km) => {
  const low = values.findIndex((value) => value <= km);
  const high = values.findLastIndex((value) => value >= km);
  const first = Math.max(20, Math.floor(STOPS[Math.max(0, Math.min(low, high) - AROUND)] / PROBE) * PROBE);
  const last = STOPS[Math.min(STOPS.length - 1, Math.max(low, high) + AROUND)];
  const probes = [];
  for (let ruler = first; ruler <= last; ruler += PROBE) probes.push([ruler, line.walk(ruler).length]);
  const least = probes.find(([, length]) => length <= km)?.[0] ?? last;
  const most = probes.findLast(([, length]) => length >= km)?.[0] ?? first;
  return [Math.min(least, most), Math.max(least, most)];
};
const marked = () => (part() === "GTM" ? [...new Set(lengths.map(({ km }) => km))] : []);
const between = ([low, high]) => t("border.lengths.between", { low: opening(rough(low)), high: opening(rough(high)) });
const rough = (value) => Number(value.toPrecision(2));

// ── chart ────────────────────────────────────────────────────────────────
const W = 320,
  H = 232,
  LEFT = 38,
  RIGHT = 10,
  BOTTOM = 38;
// room above the curve for the numbers of published figures
const above = () => (marked().length ? 40 : 14);
/** @param {number} ruler */
const x = (ruler) => LEFT + (Math.log(ruler / STOPS[0]) / Math.log(STOPS.at(-1) / STOPS[0])) * (W - LEFT - RIGHT);
const write = (text, at, y, more = {}) =>
  svg(
    "text",
    {
      x: at,
      y,
      "font-size": 10.5,
      fill: colour("ink"),
      stroke: colour("paper"),
      "stroke-width": 3,
      "paint-order": "stroke",
      "stroke-linejoin": "round",
      ...more,
    },
    text,
  );
const stroke = (x1, y1, x2, y2, more = {}) =>
  svg("line", { x1, y1, x2, y2, stroke: colour("rule"), "stroke-width": 1, ...more });

const scaleOf = (values, most) => {
  const step = [10, 20, 50, 100].find((wanted) => (most - Math.min(...values)) / wanted <= 6) ?? 200;
  const [floor, ceiling] = [Math.floor(Math.min(...values) / step) * step, Math.ceil(most / step) * step];
  return { step, floor, ceiling, y: (km) => above() + ((ceiling - km) / (ceiling - floor)) * (H - above() - BOTTOM) };
};

const grid = ({ step, floor, ceiling, y }) => {
  const nodes = [];
  for (let km = floor; km <= ceiling; km += step)
    nodes.push(
      stroke(LEFT, y(km), W - RIGHT, y(km)),
      write(number(km), LEFT - 5, y(km) + 3.5, { "text-anchor": "end", fill: colour("quiet") }),
    );
  for (const ruler of [100, 1000, 10000, 100000]) {
    nodes.push(
      stroke(x(ruler), y(floor), x(ruler), y(floor) + 4, { stroke: colour("quiet") }),
      write(opening(ruler), x(ruler), H - BOTTOM + 16, {
        "text-anchor": ruler === 100000 ? "end" : "middle",
        fill: colour("quiet"),
      }),
    );
  }
  nodes.push(
    write(t("border.chart.x"), (LEFT + W - RIGHT) / 2, H - 5, { "text-anchor": "middle", fill: colour("quiet") }),
  );
  return nodes;
};

// figures near the top of the curve lie close together: their numbers fan out above it
const signs = (y) => {
  const placed = marked().map((km) => ({ km, range: range("GTM", km) }));
  const middle = (one) => (one.range ? x(Math.sqrt(one.range[0] * one.range[1])) : LEFT);
  const fan = placed.filter(({ km }) => km > 900).sort((a, b) => middle(a) - middle(b) || b.km - a.km);
  const wide = (one) => number(one.km).length * 6 + 7;
  const places = [];
  fan.forEach((one, index) => {
    places.push(
      Math.max(
        middle(one) - (one.range ? 4 : -2),
        index ? places[index - 1] + (wide(fan[index - 1]) + wide(one)) / 2 : LEFT - 14,
      ),
    );
  });
  const ink = colour("straight-border");
  const dot = (one) =>
    one.range
      ? [
          stroke(x(one.range[0]), y(one.km), x(one.range[1]), y(one.km), { stroke: ink, "stroke-width": 2.5 }),
          svg("circle", { cx: middle(one), cy: y(one.km), r: 3.2, fill: ink }),
        ]
      : [
          svg("circle", {
            cx: middle(one),
            cy: y(one.km),
            r: 2.8,
            fill: colour("paper"),
            stroke: ink,
            "stroke-width": 1.5,
          }),
        ];
  return placed.flatMap((one) => {
    const index = fan.indexOf(one);
    const label =
      index >= 0
        ? [
            stroke(middle(one), y(one.km) - 3, places[index], above() - 16, { stroke: ink, "stroke-width": 0.7 }),
            write(number(one.km), places[index], above() - 19, {
              "text-anchor": "middle",
              fill: ink,
              "font-weight": 600,
            }),
          ]
        : [
            write(number(one.km), x(one.range[1]) + 6, y(one.km) + (near(one, placed) ? -8 : 2), {
              fill: ink,
              "font-weight": 600,
            }),
          ];
    return [...label, ...dot(one)];
  });
};
const near = (one, others) => others.some((other) => other.km < one.km && one.km - other.km < 8);

const chart = () => {
  const name = part();
  const values = curve(name);
  const scale = scaleOf(values, Math.max(lines[name].length, ...marked()));
  const { y } = scale;
  const path = STOPS.map(
    (ruler, index) => `${index ? "L" : "M"}${x(ruler).toFixed(1)} ${y(values[index]).toFixed(1)}`,
  ).join("");
  const here = x(metres());
  const drawing = svg(
    "svg",
    {
      viewBox: `0 0 ${W} ${H}`,
      role: "img",
      "aria-label": t("border.chart.label", { part: t(`border.part.${name}`) }),
    },
    ...grid(scale),
    stroke(LEFT, y(lines[name].length), W - RIGHT, y(lines[name].length), {
      stroke: colour("river-border"),
      "stroke-dasharray": "5 3",
    }),
    write(t("border.chart.line", { length: tenths(lines[name].length) }), W - RIGHT, y(lines[name].length) - 4, {
      "text-anchor": "end",
      fill: colour("river-border"),
      "font-weight": 600,
    }),
    svg("path", { d: path, fill: "none", stroke: colour("ink"), "stroke-width": 1.6, "stroke-linejoin": "round" }),
    ...signs(y),
    stroke(here, above(), here, H - BOTTOM, { stroke: colour("focus"), "stroke-width": 1.4 }),
    svg("circle", {
      cx: here,
      cy: y(values[Number(slider.value)]),
      r: 4.5,
      fill: colour("focus"),
      stroke: colour("paper"),
      "stroke-width": 1.5,
    }),
  );
  get("ruler-chart").replaceChildren(drawing);
  get("ruler-caption").textContent = t("border.chart.caption", { part: t(`border.part.${name}`) });
};

// ── words and table ──────────────────────────────────────────────────────
const findings = () => {
  const name = part();
  const line = lines[name];
  if (name !== "GTM") {
    get("ruler-finding").textContent = t("border.finding.other");
    return;
  }
  const [low, high] = range("GTM", 869);
  const claimed = line.walk(2500).length;
  get("ruler-finding").textContent = t("border.finding", {
    low: opening(rough(low)),
    high: opening(rough(high)),
    claimed: number(Math.round(claimed)),
    more: number(Math.round(claimed - 869)),
  });
};
/** @param {number} km */
const falls = (km) => {
  const span = range("GTM", km);
  return span ? between(span) : t("border.lengths.none");
};
// publisher and year, and who gives the figure where that is somebody else
const who = ({ publisher, claimant, year, basis }) => [
  ...(claimant && !publisher?.includes(claimant) ? [named(claimant), ` ${t("statement.in")} `] : []),
  named(publisher ?? "–"),
  ", ",
  year ? (basis === "inferred" ? t("statement.inferred", { value: year }) : year) : t("ui.nodate"),
];
const rows = () =>
  lengths.map((length) =>
    el(
      "tr",
      {},
      el("th", { scope: "row", class: "number" }, hedged(number(length.km), length)),
      el("td", {}, translated(length.printed ?? "–")),
      el("td", {}, ...who(length)),
      el("td", {}, falls(length.km)),
      el("td", {}, translated(length.definition)),
    ),
  );
const tabulate = () =>
  get("lengths").replaceChildren(
    el(
      "thead",
      {},
      el(
        "tr",
        {},
        ...["km", "printed", "who", "ruler", "definition"].map((head) =>
          el("th", { scope: "col" }, t(`border.lengths.${head}`)),
        ),
      ),
    ),
    el("tbody", {}, ...(lines.GTM ? rows() : [])),
  );

// ── line on the map ──────────────────────────────────────────────────────
export const drawn = L.layerGroup();
const perPixel = () => (40075016 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
const draw = () => {
  const name = part();
  const places = [];
  const { steps, rest, length } = lines[name].walk(metres(), places);
  drawn.clearLayers();
  if (show.checked) {
    const ink = colour("ink");
    drawn.addLayer(
      L.polyline(places, {
        renderer: pen,
        interactive: false,
        color: ink,
        weight: 2,
        opacity: 0.95,
        smoothFactor: 0.6,
      }),
    );
    if (metres() / perPixel() >= APART)
      for (const at of places)
        drawn.addLayer(
          L.circleMarker(at, {
            renderer: pen,
            interactive: false,
            radius: 2.6,
            color: ink,
            weight: 1,
            fillColor: colour("paper"),
            fillOpacity: 1,
          }),
        );
    drawn.addTo(map);
  } else drawn.remove();
  get("ruler-length-out").textContent = opening(metres());
  slider.setAttribute("aria-valuetext", `${opening(metres())}: ${tenths(length)} km`);
  get("ruler-result").replaceChildren(
    el("strong", {}, `${tenths(length)} km`),
    ` ${t("border.result", { steps: number(steps), rest: opening(Math.round(rest)), share: i18n.percent(length / lines[name].length) })}`,
  );
};
let later = 0;
const remember = () => {
  clearTimeout(later);
  later = setTimeout(() => address.set({ ruler: show.checked ? `${part()}/${metres()}` : null }), 300);
};
const redraw = () => {
  draw();
  chart();
};
const restore = () => {
  const [name, ruler] = (address.get("ruler") ?? "").split("/");
  const asked = Number(ruler);
  const wanted = STOPS.reduce(
    (best, stop, index) => (Math.abs(Math.log(stop / asked)) < Math.abs(Math.log(STOPS[best] / asked)) ? index : best),
    0,
  );
  const known = radios.find((radio) => radio.value === name);
  show.checked = Boolean(known && Number(ruler) > 0);
  if (known) known.checked = true;
  slider.value = String(show.checked ? wanted : STOPS.indexOf(2500));
};

slider.max = String(STOPS.length - 1);
restore();
slider.addEventListener("input", () => {
  show.checked = true;
  redraw();
  remember();
});
show.addEventListener("change", () => {
  draw();
  remember();
});
for (const radio of radios)
  radio.addEventListener("change", () => {
    redraw();
    findings();
    remember();
  });
const speak = () => {
  redraw();
  findings();
  tabulate();
  get("ruler-note").textContent = t("border.finding.note");
};
i18n.onChange(speak);
theme.onChange(redraw);
map.on("zoomend", () => {
  if (show.checked) draw();
});
address.onChange(() => {
  restore();
  redraw();
  findings();
});
speak();
