// the municipalities in the colours of a chosen figure, and their names before those of towns
"use strict";

Atlas.choropleth = (() => {
  const { figures } = Atlas.data("municipalities");
  const METHODS = ["natural", "quantiles"];
  const known = (wanted, choices) => (choices.includes(wanted) ? wanted : choices[0]);
  const figure = () => known(Atlas.state.get("figure"), Object.keys(figures));
  const method = () => known(Atlas.state.get("classes"), METHODS);
  const classes = () => figures[figure()].classes[method()];
  const colour = (number) => Atlas.theme.colour(number === null ? "class-none" : `class-${number + 1}`);
  return { figures, METHODS, figure, method, classes, colour };
})();

(() => {
  const { classes, colour } = Atlas.choropleth;
  const order = new Map([...document.querySelectorAll("script.atlas-layer")].filter((block) => block.id === "layer_municipalities")
    .flatMap((block) => JSON.parse(block.textContent).ids).map((id, index) => [id, index]));
  Atlas.choropleth.index = (feature) => order.get(feature.id);

  Atlas.signs.styles.municipalities = ([feature]) => {
    const number = classes().of[order.get(feature.id)] ?? null;
    return { stroke: true, color: Atlas.theme.colour("class-edge"), weight: 0.9, opacity: 1, fill: true, fillColor: colour(number),
      fillOpacity: number === null ? 0.35 : 0.94, lineJoin: "round" };
  };
  // the classes have a legend of their own above the layers
  Atlas.signs.legend.municipalities = [];

  // a name from the zoom at which it is about as wide as its municipality, the large ones first
  const PIXELS = 5.6;
  const lines = (text) => {
    const middle = [...text.matchAll(/ /g)].map((match) => match.index).sort((a, b) => Math.abs(a - text.length / 2) - Math.abs(b - text.length / 2))[0];
    return text.length > 12 && middle ? `${text.slice(0, middle)}\n${text.slice(middle + 1)}` : text;
  };
  const names = Atlas.names;
  Atlas.names = (byName, tools) => {
    const areas = new Map(byName.get("municipalities").features.filter((feature) => feature.shape)
      .map((feature) => [feature.values.name, L.polygon(feature.shape.positions).getBounds()]));
    const municipal = (label) => {
      const bounds = areas.get(label.text);
      const text = lines(label.text);
      const wide = Math.max(...text.split("\n").map((line) => line.length)) * PIXELS;
      const degrees = bounds ? bounds.getEast() - bounds.getWest() : 0.1;
      const from = Math.max(6, Math.log2((wide * 360) / (256 * degrees * 1.1)));
      return { ...label, text, from, to: 14, weight: 85 + degrees };
    };
    const town = (label) => ({ ...label, from: Math.max(label.from, label.weight > 80 ? 6 : 9.75) });
    return names(byName, tools).map((label) => (label.kind === "municipality" ? municipal(label)
      : label.kind === "country" || label.kind === "state" ? { ...label, weight: label.weight - 40 } : label.kind === "town" || label.kind === "seat" ? town(label) : label));
  };
})();
