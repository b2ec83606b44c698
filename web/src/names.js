// which names and marks a map may carry, from its layers
import { pageData } from "./data.js";
import * as i18n from "./i18n.js";
import { hedged, number, t } from "./i18n.js";
import * as variants from "./variants.js";

export const mapNames = (byName, { tell, middle }) => {
  const shown = (name) => byName.get(name)?.shown;
  const features = (name) => (byName.get(name)?.features ?? []).filter((feature) => !feature.hidden);
  const short = (text) => String(text).split("(", 1)[0].trimEnd();

  const seats = new Set(pageData("seats"));

  const settlements = () =>
    features("basemap")
      .filter((feature) => feature.values.kind === "settlement")
      .map((feature) => {
        const people = feature.values.population ?? 0;
        const seat = seats.has(feature.id);
        const far = ["MX", "GT", "BZ"].includes(feature.values.country) ? 0 : 1;
        const from = seat
          ? 8
          : far +
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
          kind: seat ? "seat" : "town",
          text: feature.name,
          at: feature.shape.positions[0],
          from,
          weight: (seat ? 50 : 20) + Math.log10(people + 1) + (people >= 100000 ? 35 : 0),
          clear: 5,
          dot: true,
        };
      });

  const areas = () =>
    pageData("places").map(({ kind, name, at, from, to, key }) => ({
      kind,
      text: key ? t(key) : i18n.translated(name),
      at: [at[1], at[0]],
      from,
      to,
      weight: { country: 100, sea: 90, state: 80, region: 45, municipality: 40 }[kind],
    }));

  const kilometres = () =>
    (shown("border") ? features("border_reaches") : []).flatMap((feature) => {
      const km = feature.values.chainage_from_km;
      const [line] = feature.shape.positions;
      const turn = bearing(line[0], line[Math.min(4, line.length - 1)]);
      const tick = { kind: "tick", at: line[0], turn, from: km % 100 === 0 ? 6.5 : km % 50 === 0 ? 8 : 9, weight: 200 };
      const side = (turn * Math.PI) / 180;
      const offset = [Math.cos(side) * 26, Math.sin(side) * 16];
      const numbered = km % 100 === 0 ? 6.5 : km % 50 === 0 ? 8.5 : 10.5;
      return [
        tick,
        { kind: "km", text: `km ${number(km)}`, at: line[0], offset, from: numbered, weight: km % 100 === 0 ? 60 : 30 },
      ];
    });
  // degrees clockwise by which a line across the path is turned on the screen
  const bearing = ([lat1, lon1], [lat2, lon2]) => {
    const east = (lon2 - lon1) * Math.cos((lat1 * Math.PI) / 180);
    return (Math.atan2(east, lat2 - lat1) * 180) / Math.PI;
  };

  const crossings = () =>
    (shown("crossings_formal") ? features("crossings_formal") : [])
      .filter((feature) => feature.shape?.kind === "p")
      .map((feature) => ({
        kind: "crossing",
        text: short(feature.name),
        at: feature.shape.positions[0],
        from: variants.map.crossingsFrom,
        weight: 70,
        clear: 9,
      }));

  // where the settlement is named on the map, its station needs no name of its own
  const stations = () => {
    if (!shown("railways")) return [];
    const spot = (feature) => feature.shape.positions[0].map((degrees) => degrees.toFixed(3)).join();
    const named = new Set(
      features("basemap")
        .filter((feature) => feature.values.kind === "settlement")
        .map(spot),
    );
    return features("railways")
      .filter((feature) => feature.shape?.kind === "p" && !named.has(spot(feature)))
      .map((feature) => ({
        kind: "station",
        text: i18n.translated(feature.name),
        at: feature.shape.positions[0],
        from: 8,
        weight: 44,
        clear: 6,
      }));
  };

  // counts of one stretch stand side by side along it
  const counts = () => {
    const layer = byName.get("crossings_reported");
    if (!layer?.shown) return [];
    const placed = features(layer.name).filter((feature) => feature.shape);
    const stretches = new Map();
    for (const feature of placed) {
      const key = JSON.stringify([feature.shape.positions[0][0], feature.shape.positions.at(-1).at(-1)]);
      if (!stretches.has(key)) stretches.set(key, []);
      stretches.get(key).push(feature);
    }
    return [...stretches.values()].flatMap((group) =>
      group.map((feature, index) => {
        const at = along(feature.shape.positions, (index + 1) / (group.length + 1));
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
  const count = (values) =>
    values.total === null
      ? t("count.vehicular.short", { count: hedged(number(values.vehicular), values) })
      : hedged(number(values.total), values);
  const along = (lines, share) => {
    const all = lines.flat();
    return all[Math.min(all.length - 1, Math.floor(all.length * share))];
  };

  const belts = () => {
    const layer = byName.get("containment");
    if (!layer?.shown) return [];
    return features(layer.name)
      .filter((feature) => feature.shape && feature.values.year)
      .map((feature) => ({
        kind: "belt",
        text: belt(feature.values),
        at: middle(feature.shape),
        or: elsewhere(feature.shape),
        from: 0,
        weight: 85,
        onClick: () => tell(layer, feature, middle(feature.shape)),
      }));
  };

  const elsewhere = ({ kind, positions }) =>
    kind === "l" ? [0.4, 0.6, 0.3, 0.7, 0.2, 0.8].map((share) => along(positions, share)) : [];
  // a schematic line says so wherever it is named
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
