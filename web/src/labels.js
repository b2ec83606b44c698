// names, kilometre marks and counts: the most important first, and never two on each other
import { el } from "./dom.js";
import { crosses, lineNames, stepsInView, touches } from "./line-names.js";

/** @param {L.Map} map @param {L.LatLngBounds} sheet @param {Feature[]} border */
export const mapLabels = (map, sheet, border) => {
  const GAP = 3;
  // names of areas may move a little, but not across the line
  const AREAS = new Set(["municipality", "region"]);
  const pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  const pane = map.createPane("names");
  pane.style.zIndex = "620";
  const group = L.layerGroup().addTo(map);
  /** @type {MapName[]} */
  let candidates = [];
  /** @type {{ at: LatLon, radius: number }[]} */
  let obstacles = [];
  let asked = false;

  // class of a label → font for measuring; style.css has the same sizes
  /** @type {{ [kind: string]: string }} */
  const fonts = {
    country: "600 15px system-ui, sans-serif",
    sea: "italic 13px system-ui, sans-serif",
    state: "600 12px system-ui, sans-serif",
    region: "11.5px system-ui, sans-serif",
    municipality: "italic 11.5px system-ui, sans-serif",
    river: "italic 11.5px system-ui, sans-serif",
    capital: "700 12px system-ui, sans-serif",
    seat: "600 12px system-ui, sans-serif",
    town: "11px system-ui, sans-serif",
    crossing: "600 11.5px system-ui, sans-serif",
    km: "600 10.5px system-ui, sans-serif",
    count: "600 11px system-ui, sans-serif",
    belt: "600 11px system-ui, sans-serif",
    feature: "600 11.5px system-ui, sans-serif",
    station: "10.5px system-ui, sans-serif",
  };
  /** @type {{ [kind: string]: number }} */
  const spacing = { country: 4, sea: 1, state: 1.2, region: 0.6 };
  /** @type {{ [kind: string]: number }} */
  const padding = { count: 12 };

  /** @type {(label: MapName) => [width: number, height: number]} */
  const measure = (label) => {
    pen.font = fonts[label.kind];
    const lines = label.text.split("\n");
    const width = Math.max(
      ...lines.map((line) => pen.measureText(line).width + line.length * (spacing[label.kind] ?? 0)),
    );
    return [width + 2 + (padding[label.kind] ?? 0), 15 * lines.length];
  };

  // offsets of the middle of the label from its place, best first
  /** @type {(label: MapName, size: number[]) => number[][]} */
  const places = (label, [width, height]) => {
    if (label.offset) return [label.offset, [-label.offset[0], -label.offset[1]]];
    // the name of a line may stand beside it where there is no room on it
    if (label.kind === "belt")
      return [
        [0, 0],
        [width / 2 + 10, 0],
        [-width / 2 - 10, 0],
      ];
    if (AREAS.has(label.kind))
      return [0, 1, -1, 2, -2].flatMap((row) => [0, 0.5, -0.5].map((part) => [part * width, row * height]));
    // where a capital stands in the way, above or below it
    if (label.kind === "country") return [0, 1.2, -1.2, 2, -2].map((rows) => [0, rows * height]);
    if (!label.clear) return [[0, 0]];
    const aside = label.clear + width / 2;
    const above = label.clear + height / 2;
    return [
      [aside, 0],
      [-aside, 0],
      [0, -above],
      [0, above],
      [aside, -above * 0.8],
      [-aside, above * 0.8],
      [aside, above * 0.8],
      [-aside, -above * 0.8],
    ];
  };

  /** @type {(point: L.Point, offset: number[], size: number[]) => number[]} */
  const boxAt = (point, [dx, dy], [width, height]) => [
    point.x + dx - width / 2 - GAP,
    point.y + dy - height / 2 - 1,
    point.x + dx + width / 2 + GAP,
    point.y + dy + height / 2 + 1,
  ];
  /** @param {number[]} a @param {number[]} b */
  const meets = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  /** @type {(label: MapName, offset: number[], size: number[]) => L.Marker} */
  const marker = (label, [dx, dy], [width, height]) => {
    const node = el("span", { class: `name name-${label.kind}`, lang: label.lang ?? null }, label.text);
    const icon = L.divIcon({
      html: node,
      className: "name-box",
      iconSize: [Math.ceil(width) + 2, height],
      iconAnchor: [width / 2 - dx, height / 2 - dy],
    });
    const made = L.marker(label.at, {
      icon,
      pane: "names",
      interactive: Boolean(label.onClick),
      zIndexOffset: 1000,
      keyboard: false,
      bubblingMouseEvents: false,
    });
    if (label.onClick) made.on("click", label.onClick);
    if (label.dot) group.addLayer(dot(label));
    return made;
  };
  /** @param {MapName} label */
  const dot = (label) =>
    L.marker(label.at, {
      icon: L.divIcon({ className: `dot dot-${label.kind}`, iconSize: [6, 6] }),
      pane: "names",
      interactive: false,
      keyboard: false,
    });
  /** @param {MapName} mark */
  const tick = (mark) => {
    const node = el("span", { class: "tick" });
    node.style.transform = `rotate(${mark.turn}deg)`;
    return L.marker(mark.at, {
      icon: L.divIcon({ html: node, className: "tick-box", iconSize: [12, 12] }),
      pane: "names",
      interactive: false,
      keyboard: false,
    });
  };

  const lay = () => {
    // the first view comes before the names
    if (!asked) return;
    group.clearLayers();
    const zoom = map.getZoom();
    const view = map.getSize();
    /** @param {L.Point} point */
    const visible = (point) => point.x > -40 && point.y > -20 && point.x < view.x + 40 && point.y < view.y + 20;
    const taken = obstacles.map(({ at, radius: r }) => {
      const { x, y } = map.latLngToContainerPoint(at);
      return [x - r, y - r, x + r, y + r];
    });
    const capitals = candidates
      .filter(({ kind, from }) => kind === "capital" && zoom >= from)
      .map(({ at }) => map.latLngToContainerPoint(at))
      .map(({ x, y }) => [x - 5, y - 5, x + 5, y + 5]);
    /** @type {(label: MapName, box: number[]) => boolean} */
    const covers = ({ kind }, box) => kind === "country" && capitals.some((dot) => meets(dot, box));
    /** @type {(label: MapName, spot: L.Point, offset: number[], box: number[]) => boolean} */
    const onItsSide = (label, spot, offset, box) => {
      if (!AREAS.has(label.kind) && label.kind !== "country" && !label.clearOfLine) return true;
      return !touches(steps, box) && !crosses(steps, spot, spot.add(L.point(offset[0], offset[1])));
    };
    const corner = map.latLngToContainerPoint(sheet.getNorthWest());
    const opposite = map.latLngToContainerPoint(sheet.getSouthEast());
    const edge = [
      Math.max(0, corner.x),
      Math.max(0, corner.y),
      Math.min(view.x, opposite.x),
      Math.min(view.y, opposite.y),
    ];
    const frame = map.getContainer().getBoundingClientRect();
    for (const control of map.getContainer().querySelectorAll(".leaflet-control")) {
      const box = control.getBoundingClientRect();
      taken.push([
        box.left - frame.left - 4,
        box.top - frame.top - 4,
        box.right - frame.left + 4,
        box.bottom - frame.top + 4,
      ]);
    }
    const steps = stepsInView(map, border);
    const all = [...candidates, ...lineNames(map, steps, measure)].sort((a, b) => b.weight - a.weight);
    /** @type {Set<string>} */
    const countries = new Set();
    for (const label of all) {
      if (label.kind === "country" && countries.has(label.text)) continue;
      if (zoom < label.from || zoom > (label.to ?? 99)) continue;
      const point = map.latLngToContainerPoint(label.at);
      if (!visible(point)) continue;
      if (label.kind === "tick") {
        group.addLayer(tick(label));
        continue;
      }
      const size = measure(label);
      /** @param {number[]} box */
      const inside = (box) =>
        box[0] > edge[0] + 2 && box[1] > edge[1] + 2 && box[2] < edge[2] - 2 && box[3] < edge[3] - 2;
      /** @param {L.Point} spot @param {boolean} bare */
      const fits = (spot, bare) =>
        places(label, size).find((offset) => {
          const box = boxAt(spot, offset, size);
          return (
            inside(box) &&
            !covers(label, box) &&
            !taken.some((other) => meets(box, other)) &&
            onItsSide(label, spot, offset, box) &&
            !(bare && label.over?.(box))
          );
        });
      // a line has more than one place that its name may stand at
      const spots = [point, ...(label.or ?? []).map((at) => map.latLngToContainerPoint(at))];
      /** @type {number[] | null} */
      let free = null;
      // better on what had better not be hidden than left out
      for (const bare of label.over ? [true, false] : [false])
        for (const spot of spots) {
          /** @type {number[] | null | undefined} */
          const offset = free ? null : fits(spot, bare);
          if (offset) free = [offset[0] + spot.x - point.x, offset[1] + spot.y - point.y];
        }
      if (!free) continue;
      if (label.kind === "country") countries.add(label.text);
      taken.push(boxAt(point, free, size));
      if (label.dot) taken.push([point.x - 4, point.y - 4, point.x + 4, point.y + 4]);
      group.addLayer(marker(label, free, size));
    }
  };

  map.on("moveend zoomend resize", lay);
  return {
    /** @param {MapName[]} wanted @param {{ at: LatLon, radius: number }[]} inTheWay */
    show: (wanted, inTheWay) => {
      candidates = [...wanted].sort((a, b) => b.weight - a.weight);
      obstacles = inTheWay;
      asked = true;
      lay();
    },
  };
};
