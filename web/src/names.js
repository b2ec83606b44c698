// which names and marks a map may carry, from its layers
import { here, neighbours } from "./border-sides.js";
import { pageData } from "./data.js";
import * as i18n from "./i18n.js";
import { hedged, number, t } from "./i18n.js";
import { lines, points } from "./positions.js";
import * as variants from "./variants.js";

/** @type {{ [kind: string]: number }} */
const WEIGHTS = { country: 100, sea: 90, state: 80, region: 45, municipality: 40 };

/** @param {Layers} byName @param {{ tell(layer: Layer, feature: Feature, at: LatLon): void, middle(shape: Shape): LatLon }} actions */
export const mapNames = (byName, { tell, middle }) => {
  /** @param {string} name */
  const shown = (name) => byName.get(name)?.shown;
  /** @param {string} name */
  const features = (name) => (byName.get(name)?.features ?? []).filter((feature) => !feature.hidden);
  /** @param {unknown} text */
  const short = (text) => String(text).split("(", 1)[0].trimEnd();

  const seats = new Set(pageData("seats"));
  const others = neighbours.map(({ country }) => country);

  /** @type {() => MapName[]} */
  const settlements = () =>
    features("basemap")
      .filter((feature) => feature.values.kind === "settlement")
      .map((feature) => {
        const people = feature.values.population ?? 0;
        const seat = seats.has(feature.id);
        const capital = Boolean(feature.values.capital_of);
        const far = [here.country, ...others].includes(feature.values.country) ? 0 : 1;
        // beside the line on the other side the source has few places, and most of them small
        const beyond = others.includes(feature.values.country) && people < 30000 ? -1 : 0;
        const from = seat
          ? 8
          : far +
            beyond +
            (people >= 250000
              ? 6
              : people >= 100000
                ? 7
                : people >= 30000
                  ? 8.5
                  : people >= 10000
                    ? 9.5
                    : people >= 3000
                      ? 10.5
                      : 11.5);
        return {
          kind: capital ? "capital" : seat ? "seat" : "town",
          text: feature.name,
          at: points(feature)[0],
          from: capital ? 6 : from,
          weight: (seat ? 50 : 20) + Math.log10(people + 1) + (people >= 100000 || capital ? 35 : 0),
          clear: 5,
          dot: true,
        };
      });

  /** @type {() => MapName[]} */
  const areas = () =>
    pageData("places").map(({ kind, name = "", at, from, to, key }) => ({
      kind,
      text: key ? t(key) : i18n.translated(name),
      at: [at[1], at[0]],
      from,
      to,
      weight: WEIGHTS[kind],
    }));

  /** @type {() => MapName[]} */
  const kilometres = () =>
    (shown("border") ? features("border_reaches") : []).flatMap((feature) => {
      const km = feature.values.chainage_from_km;
      const [line] = lines(feature);
      const turn = bearing(line[0], line[Math.min(4, line.length - 1)]);
      const tick = {
        kind: "tick",
        text: "",
        at: line[0],
        turn,
        from: km % 100 === 0 ? 6.5 : km % 50 === 0 ? 8 : 9,
        weight: 200,
      };
      const side = (turn * Math.PI) / 180;
      /** @type {[number, number]} */
      const offset = [Math.cos(side) * 26, Math.sin(side) * 16];
      const numbered = km % 100 === 0 ? 6.5 : km % 50 === 0 ? 8.5 : 10.5;
      return [
        tick,
        { kind: "km", text: `km ${number(km)}`, at: line[0], offset, from: numbered, weight: km % 100 === 0 ? 60 : 30 },
      ];
    });
  // degrees clockwise by which a line across the path is turned on the screen
  /** @param {LatLon} from @param {LatLon} to */
  const bearing = ([lat1, lon1], [lat2, lon2]) => {
    const east = (lon2 - lon1) * Math.cos((lat1 * Math.PI) / 180);
    return (Math.atan2(east, lat2 - lat1) * 180) / Math.PI;
  };

  /** @type {() => MapName[]} */
  const crossings = () =>
    (shown("crossings_formal") ? features("crossings_formal") : [])
      .filter((feature) => points(feature).length)
      .map((feature) => ({
        kind: "crossing",
        text: short(feature.name),
        at: points(feature)[0],
        from: variants.map.crossingsFrom,
        weight: 70,
        clear: 9,
      }));

  // where the settlement is named on the map, its station needs no name of its own
  /** @type {() => MapName[]} */
  const stations = () => {
    if (!shown("railways")) return [];
    /** @param {Feature} feature */
    const spot = (feature) =>
      points(feature)[0]
        .map((degrees) => degrees.toFixed(3))
        .join();
    const named = new Set(
      features("basemap")
        .filter((feature) => feature.values.kind === "settlement")
        .map(spot),
    );
    return features("railways")
      .filter((feature) => points(feature).length && !named.has(spot(feature)))
      .map((feature) => ({
        kind: "station",
        text: i18n.translated(feature.name),
        at: points(feature)[0],
        from: 8,
        weight: 44,
        clear: 6,
      }));
  };

  // counts of one stretch stand side by side along it
  /** @type {() => MapName[]} */
  const counts = () => {
    const layer = byName.get("crossings_reported");
    if (!layer?.shown) return [];
    const placed = features(layer.name).filter((feature) => feature.shape);
    /** @type {Map<string, Feature[]>} */
    const stretches = new Map();
    for (const feature of placed) {
      const places = lines(feature).flat();
      const key = JSON.stringify([places[0], places.at(-1)]);
      stretches.set(key, [...(stretches.get(key) ?? []), feature]);
    }
    return [...stretches.values()].flatMap((group) =>
      group.map((feature, index) => {
        const at = along(lines(feature), (index + 1) / (group.length + 1));
        const year = /\d{4}/.exec(feature.values.as_of ?? "");
        return {
          kind: "count",
          text: `${count(feature.values)}${year ? ` · ${year[0]}` : ""}`,
          at,
          from: 0,
          weight: 75,
          clear: 6,
          onClick: () => tell(layer, feature, at),
        };
      }),
    );
  };
  /** @param {Values} values */
  const count = (values) =>
    values.total === null
      ? t("count.vehicular.short", { count: hedged(number(values.vehicular), values) })
      : hedged(number(values.total), values);
  /** @param {LatLon[][]} parts @param {number} share */
  const along = (parts, share) => {
    const all = parts.flat();
    return all[Math.min(all.length - 1, Math.floor(all.length * share))];
  };

  /** @type {() => MapName[]} */
  const belts = () => {
    const layer = byName.get("containment");
    if (!layer?.shown) return [];
    return features(layer.name).flatMap((feature) => {
      const { shape, values } = feature;
      if (!shape || !values.year) return [];
      const at = middle(shape);
      const or = shape.kind === "l" ? elsewhere(shape.positions) : [];
      return [
        { kind: "belt", text: belt(values), at, or, from: 0, weight: 85, onClick: () => tell(layer, feature, at) },
      ];
    });
  };

  /** @param {LatLon[][]} positions */
  const elsewhere = (positions) => [0.4, 0.6, 0.3, 0.7, 0.2, 0.8].map((share) => along(positions, share));
  // a schematic line says so wherever it is named
  /** @param {Values} values */
  const belt = ({ year, distance_mi: miles, distance_km: km, schematic }) =>
    [
      String(year).replace("/", "–"),
      miles ? t("belt.distance", { miles: number(miles), km: number(km, { maximumFractionDigits: 0 }) }) : null,
      schematic ? t("belt.schematic") : null,
    ]
      .filter(Boolean)
      .join(" · ");

  const all = [...areas(), ...settlements(), ...kilometres(), ...crossings(), ...stations(), ...counts(), ...belts()];
  return variants.map.relabel.reduce((labels, change) => change(labels, byName), all);
};
