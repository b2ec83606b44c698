// the bands of a straightened drawing, one function for each kind: the nodes of a band and how tall it is
import { svg } from "./dom.js";
import { inLanes, spread } from "./strip-layout.js";
import { COUNT, GAP, LABEL, LANE, pieces, ROW, round, rule, sign, speaking, wide, write } from "./strip-pieces.js";
import { colour } from "./theme.js";

/** @param {StripItem<unknown>} item */
const labelOf = ({ label }) => (Array.isArray(label) ? label.find(Boolean) : label) ?? "";
/** @param {[unknown, number][]} placed @param {number} tall */
const lanesOf = (placed, tall) => (1 + Math.max(0, ...placed.map(([, lane]) => lane))) * tall;

// `keep` holds a node for its item, so that pointer and ring find it
/**
 * @template D
 * @param {StripScale} scale
 * @param {(item: StripItem<D>, ...parts: (Node | string)[]) => SVGElement} keep
 */
export const bandsOf = (scale, keep) => {
  const { x, bar, hatched, pill, end } = pieces(scale);

  /** @type {DrawBand<D>} */
  const blocks = (items, y) => {
    /** @type {[StripItem<D>, number][]} */
    const loose = [];
    const nodes = items.map((item) => {
      const parts = item.spans.flatMap(([from, to]) => {
        const room = (to - from) * scale.perKm - 6;
        const text = [item.label, item.short].flat().find((candidate) => candidate && wide(candidate) <= room);
        if (!text && item.short) loose.push([item, (from + to) / 2]);
        return [
          bar(from, to, y, ROW - 3, {
            fill: item.ink,
            "fill-opacity": item.opacity ?? 0.2,
            stroke: colour("paper"),
            "stroke-width": 0.8,
          }),
          item.dash === undefined
            ? ""
            : rule(x(from), y + 1.75, x(to), y + 1.75, {
                stroke: item.ink,
                "stroke-width": 3.5,
                "stroke-dasharray": item.dash || "none",
              }),
          text ? write(text, x((from + to) / 2), y + 11.5, { "text-anchor": "middle" }) : "",
        ];
      });
      return keep(item, ...parts);
    });
    const below = codes(loose, y + ROW - 3);
    return [[...nodes, ...below.nodes], ROW + below.tall];
  };

  // short labels of narrow blocks, upright and as near to their block as the others allow
  /** @param {[StripItem<D>, number][]} loose @param {number} y */
  const codes = (loose, y) => {
    if (!loose.length) return { nodes: [], tall: 0 };
    const STEP = 11,
      LEAD = 9;
    const sorted = [...loose].sort((a, b) => a[1] - b[1]);
    const places = spread(
      sorted.map(([, at]) => x(at)),
      STEP,
      scale.left + 5,
    );
    const nodes = sorted.map(([item, at], index) => {
      const place = places[index];
      const start = y + LEAD + 2;
      return keep(
        item,
        rule(x(at), y, place, y + LEAD),
        write(item.short ?? "", place - 3.3, start, {
          transform: `rotate(90 ${round(place - 3.3)} ${round(start)})`,
          "font-size": 9.5,
        }),
      );
    });
    return { nodes, tall: LEAD + 2 + Math.max(...sorted.map(([item]) => wide(item.short, 9.5))) };
  };

  // labels stand in lanes below the signs; no label lies on another, nor on another's leader
  /** @type {DrawBand<D>} */
  const marks = (items, y) => {
    /** @type {number[][]} */
    const labels = [];
    /** @type {number[][]} */
    const leaders = [];
    /** @param {number[]} box @param {number[][]} others */
    const free = (box, others) =>
      !others.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
    /** @param {StripItem<D>} item */
    const middle = (item) => x(item.at ?? (item.spans[0][0] + item.spans[item.spans.length - 1][1]) / 2);
    /** @param {StripItem<D>} item */
    const backwards = (item) => middle(item) + 8 + wide(labelOf(item)) > end() - 2;
    const ahead = items.filter((item) => !backwards(item)).sort((a, b) => middle(b) - middle(a));
    const behind = items.filter(backwards).sort((a, b) => middle(a) - middle(b));
    let lanes = 0;
    const nodes = [...ahead, ...behind].map((item) => {
      const at = middle(item);
      const text = labelOf(item);
      const long = wide(text);
      const back = backwards(item);
      const from = back ? at - 4 - long : at + 4;
      let lane = 0;
      const label = () => [
        from - (back ? GAP : 0),
        y + 14 + lane * LABEL,
        from + long + (back ? 0 : GAP),
        y + 26 + lane * LABEL,
      ];
      const leader = () => [at - 2, y + 10, at + 2, y + 16 + lane * LABEL];
      // two signs at one place share their leader
      while (!(free(label(), labels) && free(label(), leaders) && free(leader(), labels)) && lane < items.length)
        lane += 1;
      labels.push(label());
      leaders.push(leader());
      lanes = Math.max(lanes, lane + 1);
      const place = y + 24 + lane * LABEL;
      return keep(
        item,
        ...item.spans.map(([a, b]) => bar(a, b, y + 3.5, 5, { fill: item.ink, "fill-opacity": 0.4 })),
        rule(at, y + 9, at, place - 4),
        rule(at, place - 4, back ? at - 3 : at + 3, place - 4),
        ...(item.at === undefined ? [] : sign(item, at, y + 6)),
        write(text, from, place, speaking(item)),
      );
    });
    // what is drawn later lies on top: stretches first, then signs
    nodes.reverse();
    return [nodes, 16 + lanes * LABEL + 3];
  };

  /** @type {DrawBand<D>} */
  const stretches = (items, y) => {
    /** @param {StripItem<D>} item */
    const inside = (item) =>
      item.pill ? undefined : item.spans.find(([from, to]) => wide(labelOf(item)) <= (to - from) * scale.perKm - 8);
    /** @param {StripItem<D>} item */
    const ends = (item) => [x(item.spans[0][0]), x(item.spans[item.spans.length - 1][1])];
    // text and place of a label that stands outside: after the bar or before it, the short one where the long one has no room
    /** @param {StripItem<D>} item */
    const choose = (item) => {
      const [from, to] = ends(item);
      const sides = [labelOf(item), item.short].flatMap((text) =>
        text
          ? [
              { text, start: to + 4 },
              { text, start: from - 4 - wide(text) },
            ]
          : [],
      );
      return sides.find(({ text, start }) => start > scale.left && start + wide(text) < end()) ?? sides[1];
    };
    const chosen = new Map(items.filter((item) => !inside(item)).map((item) => [item, choose(item)]));
    /** @param {StripItem<D>} item */
    const extent = (item) => {
      const [from, to] = ends(item);
      const outside = chosen.get(item);
      return outside ? [Math.min(from, outside.start), Math.max(to, outside.start + wide(outside.text))] : [from, to];
    };
    const placed = inLanes(items, extent, GAP);
    const nodes = placed.map(([item, lane]) => {
      const top = y + lane * LANE;
      const home = inside(item);
      const outside = chosen.get(item);
      return keep(
        item,
        ...item.spans.map(([from, to]) =>
          item.pill
            ? pill(item, from, to, top)
            : bar(from, to, top, LANE - 3, { fill: item.ink, "fill-opacity": item.opacity ?? 0.45 }),
        ),
        ...item.spans
          .slice(1)
          .map(([from], index) =>
            rule(x(item.spans[index][1]), top + 6, x(from), top + 6, { stroke: item.ink, "stroke-dasharray": "1 3" }),
          ),
        ...item.spans.flatMap(([from, to]) =>
          item.hatch && !home ? hatched(from, to, top, LANE - 3, item.hatch) : [],
        ),
        home
          ? write(labelOf(item), x((home[0] + home[1]) / 2), top + 9.5, { "text-anchor": "middle", ...speaking(item) })
          : outside
            ? write(outside.text, outside.start, top + 9.5, speaking(item))
            : "",
      );
    });
    return [nodes, lanesOf(placed, LANE) + 3];
  };

  /** @type {DrawBand<D>} */
  const counts = (items, y) => {
    /** @param {string} text */
    const size = (text) => wide(text, 10, 600) + 12;
    /** @param {StripItem<D>} item */
    const total = ({ labels = [] }) => labels.reduce((sum, [text]) => sum + size(text) + 4, 0);
    /** @param {StripItem<D>} item */
    const longest = ({ spans }) => spans.reduce((best, span) => (span[1] - span[0] > best[1] - best[0] ? span : best));
    /** @param {StripItem<D>} item */
    const first = (item) => {
      const [from, to] = longest(item).map(x);
      if (total(item) <= to - from) return (from + to - total(item)) / 2;
      return Math.max(scale.left, Math.min(from, end() - total(item)));
    };
    /** @param {StripItem<D>} item */
    const extent = (item) => [
      Math.min(x(item.spans[0][0]), first(item)),
      Math.max(x(item.spans[item.spans.length - 1][1]), first(item) + total(item)),
    ];
    const placed = inLanes(items, extent, GAP);
    const nodes = placed.map(([item, lane]) => {
      const top = y + lane * COUNT;
      let at = first(item);
      const lozenges = (item.labels ?? []).map(([text, data, hint]) => {
        const long = size(text);
        const node = keep(
          { ...item, label: text, data, hint },
          svg("rect", {
            x: round(at),
            y: top,
            width: round(long),
            height: 14,
            rx: 7,
            fill: colour("paper"),
            stroke: item.ink,
            "stroke-width": 1.2,
          }),
          write(text, at + long / 2, top + 10.5, { "text-anchor": "middle", "font-size": 10, "font-weight": 600 }),
        );
        at += long + 4;
        return node;
      });
      return svg(
        "g",
        {},
        ...item.spans.map(([from, to]) => bar(from, to, top + 5.5, 4, { fill: item.ink, "fill-opacity": 0.45 })),
        ...lozenges,
      );
    });
    return [nodes, lanesOf(placed, COUNT) + 2];
  };
  return { blocks, marks, stretches, counts };
};
