// one published count as dots, off until the reader asks for it
//
// A dot is not a crossing. No source counted here gives positions, and neither the layers nor this page's data hold
// one. What is known of a count is a number and a stretch of the line. From these two, and a hash of
// the count's id, the browser scatters that many dots some kilometres around the line. They are drawn on a canvas that
// takes no pointer, belong to no layer, have no card, keep away from formal crossings and their names, and are gone at
// zooms at which a dot would look like a place.
import * as address from "./address.js";
import { countTexts } from "./crossings-counts.js";
import { pageData } from "./data.js";
import { translated } from "./details.js";
import { byId, el } from "./dom.js";
import * as i18n from "./i18n.js";
import { dated, hedged, number, t } from "./i18n.js";
import { byName, map } from "./map.js";
import { mapNotice } from "./notice.js";
import { pane } from "./panes.js";
import { lines, points } from "./positions.js";
import * as theme from "./theme.js";

/** @type {{ readonly size: number, onScreen(): L.Point[] } | null} */
export let shownDots = null;
const start = () => {
  const layer = byName.get("crossings_reported");
  const { choices, first } = pageData("dots");
  const SCATTER_M = 7000;
  const APART_M = 9000;
  const TRIES = 40;
  const NEAREST_ZOOM = 10.5;
  const NAME_GAP = 6;
  /** @type {HTMLInputElement} */
  const box = byId("dots-on");
  /** @type {HTMLSelectElement} */
  const menu = byId("dots-count");
  const counts = new Map(
    (layer?.features ?? [])
      .filter(({ values }) => choices.includes(values.total_id))
      .map((feature) => [feature.values.total_id, feature]),
  );
  if (!counts.size) return;

  pane(map, "dots", 350);
  const pen = L.canvas({ pane: "dots", padding: 0.3 });
  const group = L.layerGroup();
  const notice = mapNotice("topleft", "dots");

  // FNV-1a with a final mix: the same text gives the same number, 0 to 1, in every browser
  /** @param {string} text */
  const chance = (text) => {
    let hash = 2166136261;
    for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
    hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
    hash = Math.imul(hash ^ (hash >>> 13), 3266489909);
    return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
  };

  // ── where a dot may fall ───────────────────────────────────────────────────
  const METRES = 111320;
  /** @param {LatLon[][]} lines */
  const measured = (lines) => {
    let reached = 0;
    return lines.flatMap((line) =>
      line.slice(1).map((to, index) => {
        const from = line[index];
        const start = reached;
        reached += Math.hypot(to[0] - from[0], (to[1] - from[1]) * Math.cos((from[0] * Math.PI) / 180)) * METRES;
        return { from, to, start, end: reached };
      }),
    );
  };
  /** @param {Piece[]} pieces @param {number} metres */
  const along = (pieces, metres) => {
    let low = 0,
      high = pieces.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pieces[middle].end < metres) low = middle + 1;
      else high = middle;
    }
    const { from, to, start, end } = pieces[low];
    const share = end > start ? (metres - start) / (end - start) : 0;
    return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
  };

  // each dot has its own share of the stretch, falls anywhere in it and anywhere in a disc around that place
  /** @type {(id: string, pieces: Piece[], index: number, total: number, attempt: number) => LatLon} */
  const candidate = (id, pieces, index, total, attempt) => {
    const seed = `${id}/${index}/${attempt}`;
    const [lat, lon] = along(pieces, ((index + chance(`${seed}/along`)) / total) * pieces[pieces.length - 1].end);
    const turn = chance(`${seed}/turn`) * 2 * Math.PI;
    const away = Math.sqrt(chance(`${seed}/away`)) * SCATTER_M * (1 + attempt / TRIES);
    return [
      lat + (Math.sin(turn) * away) / METRES,
      lon + (Math.cos(turn) * away) / (METRES * Math.cos((lat * Math.PI) / 180)),
    ];
  };

  const formal = (byName.get("crossings_formal")?.features ?? []).flatMap((feature) => points(feature).slice(0, 1));
  const namesOnMap = () => {
    const frame = map.getContainer().getBoundingClientRect();
    return [...map.getContainer().querySelectorAll(".name-crossing")]
      .map((node) => node.getBoundingClientRect())
      .map((rect) => [
        rect.left - frame.left - NAME_GAP,
        rect.top - frame.top - NAME_GAP,
        rect.right - frame.left + NAME_GAP,
        rect.bottom - frame.top + NAME_GAP,
      ]);
  };
  /** @param {LatLon} at @param {number[][]} names */
  const allowed = (at, names) => {
    if (formal.some((crossing) => map.distance(at, crossing) < APART_M)) return false;
    const { x, y } = map.latLngToContainerPoint(at);
    return !names.some(([left, top, right, bottom]) => x > left && x < right && y > top && y < bottom);
  };
  /** @param {Feature} feature */
  const scatter = (feature) => {
    const { total_id: id, total } = feature.values;
    const pieces = measured(lines(feature));
    const names = namesOnMap();
    return Array.from({ length: total }, (_, index) => {
      let at = candidate(id, pieces, index, total, 0);
      for (let attempt = 1; attempt < TRIES && !allowed(at, names); attempt += 1)
        at = candidate(id, pieces, index, total, attempt);
      return at;
    });
  };

  // ── showing ────────────────────────────────────────────────────────────────
  const near = () => map.getZoom() > NEAREST_ZOOM;
  const chosen = () => /** @type {Feature} */ (counts.get(menu.value));
  const draw = () => {
    group.clearLayers();
    if (!box.checked || near()) return;
    const look = {
      pane: "dots",
      renderer: pen,
      radius: 2.4,
      stroke: true,
      weight: 0.8,
      color: theme.colour("paper"),
      fillColor: theme.colour("reported"),
      fillOpacity: 1,
      interactive: false,
    };
    for (const at of scatter(chosen())) group.addLayer(L.circleMarker(at, look));
    group.addTo(map);
  };
  /** @param {Feature} feature */
  const label = (feature) =>
    [
      hedged(number(feature.values.total), feature.values),
      countTexts.extent(feature),
      feature.values.as_of ? dated(feature.values.as_of, feature.values.date_basis) : t("crossings.counts.undated"),
    ].join(" · ");

  const say = () => {
    const { values } = chosen();
    byId("dots-about").replaceChildren(
      countTexts.universe(values),
      ...(values.note ? [". ", translated(values.note)] : []),
    );
    notice.say(
      ...(box.checked
        ? [
            el("strong", {}, t("dots.notice.head")),
            el("p", {}, t(near() ? "dots.notice.near" : "dots.notice", { count: number(values.total) })),
          ]
        : []),
    );
  };
  const offer = () => {
    const wanted = menu.value;
    menu.replaceChildren(
      ...[...counts.values()].map((feature) => el("option", { value: feature.values.total_id }, label(feature))),
    );
    if (counts.has(wanted)) menu.value = wanted;
  };
  const show = () => {
    byId("dots-choice").hidden = !box.checked;
    say();
    draw();
  };
  const restore = () => {
    const wanted = address.get("dots") ?? "";
    box.checked = counts.has(wanted);
    menu.value = counts.has(wanted) ? wanted : counts.has(first) ? first : [...counts.keys()][0];
    show();
  };
  const choose = () => {
    address.set({ dots: box.checked ? menu.value : null });
    show();
  };

  box.addEventListener("change", choose);
  menu.addEventListener("change", choose);
  // names are laid anew when the map has moved, and the dots make room for them
  map.on("moveend", () => {
    if (box.checked) show();
  });
  theme.onChange(draw);
  i18n.onChange(() => {
    offer();
    say();
  });
  address.onChange(restore);
  offer();
  restore();
  // for tests: how many, and where on the screen
  shownDots = {
    get size() {
      return group.getLayers().length;
    },
    onScreen: () =>
      group.getLayers().map((dot) => map.latLngToContainerPoint(/** @type {L.CircleMarker} */ (dot).getLatLng())),
  };
};
start();
