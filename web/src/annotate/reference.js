// a team's own layers under its notes: what they brought to the field, to look at and to find places by
import { pageData } from "../data.js";
import { byId, el } from "../dom.js";
import * as frame from "../frame.js";
import * as i18n from "../i18n.js";
import { map } from "../map.js";
import * as theme from "../theme.js";

const holder = byId("reference");
const INKS = ["reported", "facility", "post", "straight-border"];
const canvas = L.canvas({ padding: 0.3 });

/** @type {(positions: Position[]) => LatLon[]} */
const turned = (positions) => positions.map(([lon, lat]) => [lat, lon]);
/** @type {(geometry: Geometry, look: any) => any[]} */
const draw = ({ type, coordinates }, look) => {
  const options = { ...look, renderer: canvas, bubblingMouseEvents: false };
  switch (type) {
    case "Point":
      return [
        L.circleMarker([coordinates[1], coordinates[0]], {
          ...options,
          radius: 5,
          fillOpacity: 0.9,
          color: look.paper,
        }),
      ];
    case "MultiPoint":
      return coordinates.flatMap((/** @type {Position} */ one) => draw({ type: "Point", coordinates: one }, look));
    case "LineString":
      return [L.polyline(turned(coordinates), { ...options, fill: false })];
    case "MultiLineString":
      return [L.polyline(coordinates.map(turned), { ...options, fill: false })];
    case "Polygon":
      return [L.polygon(coordinates.map(turned), options)];
    case "MultiPolygon":
      return [
        L.polygon(
          coordinates.map((/** @type {Position[][]} */ part) => part.map(turned)),
          options,
        ),
      ];
    default:
      return [];
  }
};
export const layers = pageData("reference").map((layer, at) => {
  const look = () => {
    const ink = theme.colour(INKS[at % INKS.length]);
    return { color: ink, fillColor: ink, weight: 2, fillOpacity: 0.12, paper: theme.colour("paper") };
  };
  const paths = layer.features.flatMap(([name, geometry]) =>
    draw(geometry, look()).map((path) => {
      // a name is text: it goes into the bubble as a node, never as markup
      if (name) path.bindTooltip(el("bdi", {}, name), { sticky: true });
      return path;
    }),
  );
  const group = L.layerGroup(paths).addTo(map);
  theme.onChange(() => {
    for (const path of paths) {
      const { paper, ...now } = look();
      path.setStyle(
        path.getRadius ? { fillColor: now.color, color: paper } : { color: now.color, fillColor: now.color },
      );
    }
  });
  return { ...layer, group, at };
});

/** @param {{ name: string, at: number, group: L.Layer, features: [string | null, Geometry][] }} layer */
const row = (layer) => {
  const box = el("input", {
    type: "checkbox",
    id: `reference-${layer.at}`,
    onchange: () => {
      if (box.checked) layer.group.addTo(map);
      else layer.group.remove();
    },
  });
  box.checked = map.hasLayer(layer.group);
  const places = layer.features.filter(([name]) => name);
  const list = el(
    "details",
    { class: "list" },
    el("summary", {}, i18n.t("ui.list", { count: i18n.number(places.length) })),
  );
  list.addEventListener("toggle", () => {
    if (!list.open || list.querySelector("ol")) return;
    list.append(
      el(
        "ol",
        {},
        ...places.map(([name, geometry]) =>
          el(
            "li",
            {},
            el(
              "button",
              {
                type: "button",
                onclick: () => {
                  map.fitBounds(L.featureGroup(draw(geometry, {})).getBounds(), { maxZoom: 13, animate: false });
                  frame.closeSheet();
                },
              },
              el("bdi", {}, name),
            ),
          ),
        ),
      ),
    );
  });
  return el(
    "li",
    { class: "layer" },
    el(
      "div",
      { class: "layer-head" },
      box,
      el("label", { for: box.id }, el("bdi", {}, layer.name)),
      el("span", { class: "count" }, i18n.number(layer.features.length)),
    ),
    places.length ? list : null,
  );
};
const speak = () => holder.replaceChildren(...layers.map(row));
i18n.onChange(speak);
speak();
