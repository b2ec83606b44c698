// a line, straightened: bands over one axis of kilometres, with a cursor that can be moved by pointer and keys
//
// Atlas.strip(holder, options) → { draw, cursor, mark, km }
//   length      kilometres of the line; x runs from 0 to it, the same in all bands
//   file        name under which the drawing is saved
//   title       () => what the drawing shows: its heading and its name for a screen reader
//   credit      () => one line at the foot of the saved file: sources and licence
//   bands       () => [{ key, title, kind, items }], from the top; asked again whenever the page is redrawn
//     kind "blocks"     side by side; the label (or the first of several) inside where it fits, else `short` inside, or below on a leader
//     kind "marks"      items with `at` (a sign, `sign` as in Atlas.signs: disc, square, bar; or tick) or `spans`; each labelled on a leader
//     kind "stretches"  bars that may overlap, in as many lanes as they need, the label inside or beside, or `short`;
//                       `pill` draws them as intervals with round ends instead: solid, dashed, hollow
//     kind "counts"     thin bars with numbers in lozenges: `labels` are [[text, data, hint], …]
//     item  { spans: [[from, to], …] | at, label, short, labels, hint, sign, ink, opacity, dash, hatch, lang, data }; the page may keep in `data` what it likes
//   say         (km) => the text line about a place
//   start       kilometre of the cursor when the page opens, or null for none
//   minWidth    pixels below which the strip scrolls sideways instead of shrinking
//   onCursor    (km) => the cursor was moved on the strip
//   onItem      (item or null) => the pointer came to an item, or left it
//   onOpen      (item, km) => an item was clicked or tapped; with Enter, item is the first, band by band, whose spans hold the cursor
// draw() draws again (after a change of language, the component does it itself), cursor(km) moves the cursor from outside,
// mark(test) rings the items for which test(item.data) is true.
// Texts: strip.save, strip.fold, strip.help. Every colour is written into the drawing, so that it can stand alone.
import { el, svg } from "./dom.js";
import * as i18n from "./i18n.js";
import { number, t } from "./i18n.js";
import { inLanes, spread, wrapped } from "./strip-layout.js";
import * as theme from "./theme.js";
import { colour } from "./theme.js";

export const chainageStrip = (holder, options) => {
  const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
  const RIGHT = 16,
    TOP = 24,
    ROW = 18,
    LANE = 15,
    LABEL = 12,
    COUNT = 16,
    GAP = 5;
  const pen = document.createElement("canvas").getContext("2d");
  const wide = (text, size = 10.5, weight = 400) => {
    pen.font = `${weight} ${size}px system-ui, sans-serif`;
    return pen.measureText(text).width * 1.04 + 1;
  };

  let km = options.start ?? null;
  /** @type {(data: any) => boolean} */
  let marked = () => false;
  let left = 0,
    width = 0,
    scale = 1,
    height = 0;
  let drawing = null,
    needle = null,
    fresh = true;
  let drawn = [];
  const x = (value) => left + value * scale;
  const round = (value) => Math.round(value * 10) / 10;

  // ── frame ────────────────────────────────────────────────────────────────
  const heading = el("h2", {}, options.title());
  const line = el("p", { class: "strip-line", "aria-live": "polite" });
  const save = el("button", { type: "button", class: "strip-button" });
  const fold = el("button", { type: "button", class: "strip-button strip-fold", "aria-expanded": "true" });
  const scroller = el("div", {
    class: "strip-scroll",
    tabindex: "0",
    role: "slider",
    "aria-orientation": "horizontal",
  });
  holder.classList.add("strip");
  holder.replaceChildren(
    el("div", { class: "strip-head" }, heading, line, el("span", { class: "strip-buttons" }, save, fold)),
    scroller,
  );

  // ── pieces of the drawing ────────────────────────────────────────────────
  const write = (text, at, y, more = {}) =>
    svg("text", { x: round(at), y: round(y), "font-size": 10.5, fill: colour("ink"), ...more }, text);
  const bar = (from, to, y, tall, more) =>
    svg("rect", {
      x: round(x(from)),
      y: round(y),
      width: Math.max(1.5, round((to - from) * scale)),
      height: tall,
      ...more,
    });
  const rule = (x1, y1, x2, y2, more) =>
    svg("line", {
      x1: round(x1),
      y1: round(y1),
      x2: round(x2),
      y2: round(y2),
      stroke: colour("quiet"),
      "stroke-width": 0.8,
      ...more,
    });
  const speaking = (item) => (item.lang ? { lang: item.lang } : {});
  const keep = (item, ...parts) => {
    const node = svg(
      "g",
      { class: "strip-item" },
      svg("title", {}, item.hint ?? [item.label].flat()[0] ?? ""),
      ...parts,
    );
    drawn.push([item, node]);
    return node;
  };
  const hatched = (from, to, y, tall, ink) => {
    const parts = [];
    for (let at = x(from) + 2; at + tall * 0.6 < x(to); at += 7)
      parts.push(rule(at, y + tall, at + tall * 0.6, y, { stroke: ink, "stroke-width": 1.4 }));
    return parts;
  };

  const blocks = (band, y) => {
    const loose = [];
    const nodes = band.items.map((item) => {
      const parts = item.spans.flatMap(([from, to]) => {
        const room = (to - from) * scale - 6;
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
  const codes = (loose, y) => {
    if (!loose.length) return { nodes: [], tall: 0 };
    const STEP = 11,
      LEAD = 9;
    const sorted = [...loose].sort((a, b) => a[1] - b[1]);
    const places = spread(
      sorted.map(([, at]) => x(at)),
      STEP,
      left + 5,
    );
    const nodes = sorted.map(([item, at], index) => {
      const place = places[index];
      const start = y + LEAD + 2;
      return keep(
        item,
        rule(x(at), y, place, y + LEAD),
        write(item.short, place - 3.3, start, {
          transform: `rotate(90 ${round(place - 3.3)} ${round(start)})`,
          "font-size": 9.5,
        }),
      );
    });
    return { nodes, tall: LEAD + 2 + Math.max(...sorted.map(([item]) => wide(item.short, 9.5))) };
  };

  const sign = (item, at, y) => {
    if (item.sign === "tick") return [rule(at, y - 6, at, y + 4, { stroke: item.ink, "stroke-width": 1.6 })];
    /** @type {SVGElement[]} */
    const parts = [
      svg("circle", { cx: round(at), cy: y, r: 5, fill: item.ink, stroke: colour("paper"), "stroke-width": 1 }),
    ];
    if (item.sign === "square")
      parts.push(svg("rect", { x: round(at - 2), y: y - 2, width: 4, height: 4, fill: colour("paper") }));
    if (item.sign === "bar")
      parts.push(svg("rect", { x: round(at - 3.4), y: y - 0.9, width: 6.8, height: 1.8, fill: colour("paper") }));
    return parts;
  };

  // labels stand in lanes below the signs; no label lies on another, nor on another's leader
  const marks = (band, y) => {
    const labels = [],
      leaders = [];
    const free = (box, others) =>
      !others.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
    const middle = (item) => x(item.at ?? (item.spans[0][0] + item.spans.at(-1)[1]) / 2);
    const end = left + options.length * scale + RIGHT - 2;
    const backwards = (item) => middle(item) + 8 + wide(item.label) > end;
    const ahead = band.items.filter((item) => !backwards(item)).sort((a, b) => middle(b) - middle(a));
    const behind = band.items.filter(backwards).sort((a, b) => middle(a) - middle(b));
    let lanes = 0;
    const nodes = [...ahead, ...behind].map((item) => {
      const at = middle(item);
      const long = wide(item.label);
      const from = backwards(item) ? at - 4 - long : at + 4;
      let lane = 0;
      const label = () => [
        from - (backwards(item) ? GAP : 0),
        y + 14 + lane * LABEL,
        from + long + (backwards(item) ? 0 : GAP),
        y + 26 + lane * LABEL,
      ];
      const leader = () => [at - 2, y + 10, at + 2, y + 16 + lane * LABEL];
      // two signs at one place share their leader
      while (!(free(label(), labels) && free(label(), leaders) && free(leader(), labels)) && lane < band.items.length)
        lane += 1;
      labels.push(label());
      leaders.push(leader());
      lanes = Math.max(lanes, lane + 1);
      const place = y + 24 + lane * LABEL;
      const stretch = (item.spans ?? []).map(([a, b]) =>
        bar(a, b, y + 3.5, 5, { fill: item.ink, "fill-opacity": 0.4 }),
      );
      return keep(
        item,
        ...stretch,
        rule(at, y + 9, at, place - 4),
        rule(at, place - 4, backwards(item) ? at - 3 : at + 3, place - 4),
        ...(item.at === undefined ? [] : sign(item, at, y + 6)),
        write(item.label, from, place, speaking(item)),
      );
    });
    // what is drawn later lies on top: stretches first, then signs
    nodes.reverse();
    return [nodes, 16 + lanes * LABEL + 3];
  };

  // an interval as on the map; the clear ground behind it is what a pointer finds and what a ring goes around
  const pill = (item, from, to, y) => {
    const long = Math.max(7, (to - from) * scale);
    const start = x((from + to) / 2) - long / 2;
    const body = (tall, more) =>
      svg("rect", { x: round(start), y: y + 6 - tall / 2, width: round(long), height: tall, rx: tall / 2, ...more });
    const looks = {
      solid: () => body(7, { fill: item.ink }),
      hollow: () => body(5.4, { fill: colour("paper"), stroke: item.ink, "stroke-width": 1.6 }),
      dashed: () =>
        rule(start, y + 6, start + long, y + 6, { stroke: item.ink, "stroke-width": 7, "stroke-dasharray": "5 6" }),
    };
    return svg("g", {}, body(LANE - 3, { class: "strip-ground", "fill-opacity": 0 }), looks[item.pill]());
  };

  const stretches = (band, y) => {
    const inside = (item) => !item.pill && item.spans.find(([from, to]) => wide(item.label) <= (to - from) * scale - 8);
    const last = left + options.length * scale + RIGHT;
    // text and place of a label that stands outside: after the bar or before it, the short one where the long one has no room
    const choose = (item) => {
      const [from, to] = [x(item.spans[0][0]), x(item.spans.at(-1)[1])];
      const sides = [item.label, item.short].filter(Boolean).flatMap((text) => [
        [text, to + 4],
        [text, from - 4 - wide(text)],
      ]);
      return sides.find(([text, start]) => start > left && start + wide(text) < last) ?? sides[1];
    };
    const chosen = new Map(band.items.filter((item) => !inside(item)).map((item) => [item, choose(item)]));
    const extent = (item) => {
      const [from, to] = [x(item.spans[0][0]), x(item.spans.at(-1)[1])];
      if (!chosen.has(item)) return [from, to];
      const [text, start] = chosen.get(item);
      return [Math.min(from, start), Math.max(to, start + wide(text))];
    };
    const placed = inLanes(band.items, extent, GAP);
    const nodes = placed.map(([item, lane]) => {
      const top = y + lane * LANE;
      const home = inside(item);
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
        ...(item.hatch && !home
          ? item.spans.flatMap(([from, to]) => hatched(from, to, top, LANE - 3, item.hatch))
          : []),
        home
          ? write(item.label, x((home[0] + home[1]) / 2), top + 9.5, { "text-anchor": "middle", ...speaking(item) })
          : write(...chosen.get(item), top + 9.5, speaking(item)),
      );
    });
    return [nodes, (1 + Math.max(0, ...placed.map(([, lane]) => lane))) * LANE + 3];
  };

  const counts = (band, y) => {
    const size = (text) => wide(text, 10, 600) + 12;
    const total = (item) => item.labels.reduce((sum, [text]) => sum + size(text) + 4, 0);
    const last = left + options.length * scale + RIGHT;
    const longest = (item) => item.spans.reduce((best, span) => (span[1] - span[0] > best[1] - best[0] ? span : best));
    const first = (item) => {
      const [from, to] = longest(item).map(x);
      if (total(item) <= to - from) return (from + to - total(item)) / 2;
      return Math.max(left, Math.min(from, last - total(item)));
    };
    const extent = (item) => [
      Math.min(x(item.spans[0][0]), first(item)),
      Math.max(x(item.spans.at(-1)[1]), first(item) + total(item)),
    ];
    const placed = inLanes(band.items, extent, GAP);
    const nodes = placed.map(([item, lane]) => {
      const top = y + lane * COUNT;
      let at = first(item);
      const lozenges = item.labels.map(([text, data, hint]) => {
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
    return [nodes, (1 + Math.max(0, ...placed.map(([, lane]) => lane))) * COUNT + 2];
  };
  const KINDS = { blocks, marks, stretches, counts };

  const axis = () => {
    const nodes = [];
    for (let at = 0; at <= options.length; at += 10) {
      const tall = at % 100 === 0 ? 8 : at % 50 === 0 ? 6 : 3;
      nodes.push(rule(x(at), TOP - 4 - tall, x(at), TOP - 4, { stroke: colour("ink") }));
      const room = scale * 50 > 34 || options.length < 100 ? 50 : 100;
      if (at % room === 0 && x(at) < left + options.length * scale - 28)
        nodes.push(write(number(at), x(at), 10, { "text-anchor": at ? "middle" : "start", "font-size": 10 }));
    }
    nodes.push(rule(x(0), TOP - 4, x(options.length), TOP - 4, { stroke: colour("ink") }));
    nodes.push(
      write(number(Math.round(options.length)), x(options.length) + RIGHT - 2, 10, {
        "text-anchor": "end",
        "font-size": 10,
        "font-weight": 600,
      }),
    );
    return nodes;
  };

  // ── drawing ──────────────────────────────────────────────────────────────
  const draw = () => {
    if (!scroller.clientWidth) return;
    const bands = options.bands();
    drawn = [];
    left = Math.min(scroller.clientWidth * 0.3, 14 + Math.max(...bands.map((band) => wide(band.title, 10.5, 600))));
    width = Math.max(scroller.clientWidth, options.minWidth ?? 1000);
    scale = (width - left - RIGHT) / options.length;
    let y = TOP;
    const names = [];
    const rows = bands.map((band) => {
      const [nodes, tall] = KINDS[band.kind](band, y + 1);
      // a name that is longer than the gutter gets smaller, not cut
      const size = Math.min(10.5, (10.5 * (left - 10)) / wide(band.title, 10.5, 600));
      names.push(
        write(band.title, left - 8, y + 12, {
          "text-anchor": "end",
          "font-size": round(size),
          "font-weight": 600,
          fill: colour("quiet"),
        }),
      );
      const edge = rule(0, y - 1.5, width, y - 1.5, { stroke: colour("rule") });
      y += tall + 3;
      return svg("g", { "data-band": band.key }, edge, ...nodes);
    });
    height = Math.ceil(y);
    const gutter = svg(
      "g",
      { class: "strip-gutter" },
      svg("rect", { x: 0, y: 0, width: left - 3, height, fill: colour("paper") }),
      write("km", left - 8, 10, { "text-anchor": "end", "font-weight": 600, fill: colour("quiet") }),
      ...names,
    );
    needle = svg("g", { class: "strip-needle" });
    drawing = svg(
      "svg",
      {
        viewBox: `0 0 ${width} ${height}`,
        width,
        height,
        "font-family": FONT,
        "aria-hidden": "true",
        focusable: "false",
      },
      ...axis(),
      ...rows,
      needle,
      gutter,
    );
    scroller.replaceChildren(drawing);
    slide();
    point();
    ring();
    if (fresh && km !== null) reveal();
    fresh = false;
  };
  const slide = () =>
    drawing?.querySelector(".strip-gutter").setAttribute("transform", `translate(${scroller.scrollLeft} 0)`);

  const point = () => {
    const known = km !== null;
    line.textContent = known ? options.say(km) : t("strip.help");
    scroller.setAttribute("aria-valuenow", String(round(km ?? 0)));
    scroller.setAttribute("aria-valuetext", known ? options.say(km) : t("strip.help"));
    if (!known || !needle) return;
    const at = round(x(km));
    needle.replaceChildren(
      rule(at, 12, at, height, { stroke: colour("focus"), "stroke-width": 1.6 }),
      svg("path", { d: `M${at - 5} 12h10l-5 7z`, fill: colour("focus") }),
    );
  };
  const ring = () => {
    for (const [item, node] of drawn) node.classList.toggle("marked", Boolean(marked(item.data)));
  };

  // keep the cursor in sight when it was moved by keys or from outside
  const reveal = () => {
    const at = x(km);
    const from = scroller.scrollLeft + left,
      to = scroller.scrollLeft + scroller.clientWidth;
    if (at < from + 20 || at > to - 20) scroller.scrollLeft = at - left - (scroller.clientWidth - left) / 2;
  };
  const move = (wanted, visible = true) => {
    km = Math.min(options.length, Math.max(0, wanted));
    point();
    if (visible) reveal();
  };

  // ── pointer and keys ─────────────────────────────────────────────────────
  const kmAt = (event) => (event.clientX - drawing.getBoundingClientRect().left - left) / scale;
  const itemAt = (event) => drawn.find(([, node]) => node.contains(event.target))?.[0] ?? null;
  const choose = (wanted, visible) => {
    move(wanted, visible);
    options.onCursor?.(km);
  };
  let under = null;
  const enter = (item) => {
    if (item === under) return;
    under = item;
    options.onItem?.(item);
  };
  const inGutter = (event) => event.target.closest(".strip-gutter");
  scroller.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || inGutter(event)) return;
    choose(kmAt(event), false);
    enter(itemAt(event));
  });
  scroller.addEventListener("pointerleave", () => enter(null));
  scroller.addEventListener("click", (event) => {
    if (inGutter(event)) return;
    choose(kmAt(event), false);
    const item = itemAt(event);
    if (item) options.onOpen?.(item, km);
  });
  scroller.addEventListener("scroll", slide, { passive: true });
  const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 50, PageDown: -50 };
  scroller.addEventListener("keydown", (event) => {
    const ends = { Home: 0, End: options.length };
    const here = km ?? 0;
    if (event.key in STEPS)
      choose(
        Math.abs(STEPS[event.key]) === 1
          ? Math.round((here + STEPS[event.key] * (event.shiftKey ? 10 : 1)) * 10) / 10
          : here + STEPS[event.key],
        true,
      );
    else if (event.key in ends) choose(ends[event.key], true);
    else if (event.key === "Enter") {
      const item = options
        .bands()
        .flatMap((band) => band.items)
        .find(({ spans }) => spans?.some(([from, to]) => from - 0.01 <= here && here <= to + 0.01));
      if (item) options.onOpen?.(item, here);
    } else return;
    event.preventDefault();
  });

  // ── saving, folding, speaking ────────────────────────────────────────────
  const file = () => {
    const copy = drawing.cloneNode(true);
    copy.querySelector(".strip-gutter").removeAttribute("transform");
    const credit = wrapped(options.credit(), width - 20, (text) => wide(text, 9));
    const [head, foot] = [24, 10 + credit.length * 12];
    copy.removeAttribute("aria-hidden");
    copy.setAttribute("role", "img");
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("height", height + head + foot);
    copy.setAttribute("viewBox", `0 ${-head} ${width} ${height + head + foot}`);
    copy.prepend(
      svg("title", {}, options.title()),
      svg("rect", { x: 0, y: -head, width, height: height + head + foot, fill: colour("paper") }),
      write(options.title(), 8, -8, { "font-size": 13, "font-weight": 600 }),
    );
    copy.append(
      ...credit.map((text, index) =>
        write(text, 8, height + 13 + index * 12, { "font-size": 9, fill: colour("quiet") }),
      ),
    );
    return new XMLSerializer().serializeToString(copy);
  };
  save.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([file()], { type: "image/svg+xml" }));
    el("a", { href: address, download: options.file }).click();
    setTimeout(() => URL.revokeObjectURL(address), 2000);
  });
  fold.addEventListener("click", () => {
    const folded = holder.classList.toggle("folded");
    fold.setAttribute("aria-expanded", String(!folded));
    if (!folded) draw();
    window.dispatchEvent(new Event("resize"));
  });
  const speak = () => {
    heading.textContent = options.title();
    save.textContent = t("strip.save");
    fold.setAttribute("aria-label", t("strip.fold"));
    fold.title = t("strip.fold");
    scroller.setAttribute("aria-label", options.title());
    draw();
  };
  scroller.setAttribute("aria-valuemin", "0");
  scroller.setAttribute("aria-valuemax", String(Math.round(options.length)));
  fold.append(
    svg(
      "svg",
      { viewBox: "0 0 20 20", width: 16, height: 16, "aria-hidden": "true", focusable: "false" },
      svg("path", {
        d: "M4 7l6 6 6-6",
        fill: "none",
        stroke: "currentColor",
        "stroke-width": 2,
        "stroke-linecap": "round",
      }),
    ),
  );
  i18n.onChange(speak);
  theme.onChange(draw);
  new ResizeObserver(() => {
    if (scroller.clientWidth && scroller.clientWidth !== knownWidth) {
      knownWidth = scroller.clientWidth;
      draw();
    }
  }).observe(scroller);
  let knownWidth = 0;
  speak();
  return {
    draw,
    cursor: (wanted) => move(wanted),
    mark: (test) => {
      marked = test;
      ring();
    },
    file,
    get km() {
      return km;
    },
  };
};
