// a line, straightened: bands over one axis of kilometres, with a cursor that can be moved by pointer and keys
//
// chainageStrip(holder, options) → { draw, cursor, mark, km }
//   length      kilometres of the line; x runs from 0 to it, the same in all bands
//   file        name under which the drawing is saved
//   title       () => what the drawing shows: its heading and its name for a screen reader
//   credit      () => one line at the foot of the saved file: sources and licence
//   bands       () => [{ key, title, kind, items }], from the top; asked again whenever the page is redrawn
//     kind "blocks"     side by side; the label (or the first of several) inside where it fits, else `short` inside, or below on a leader
//     kind "marks"      items with `at` (a sign, `sign` as in signs.js: disc, square, bar; or tick) or `spans`; each labelled on a leader
//     kind "stretches"  bars that may overlap, in as many lanes as they need, the label inside or beside, or `short`;
//                       `pill` draws them as intervals with round ends instead: solid, dashed, hollow
//     kind "counts"     thin bars with numbers in lozenges: `labels` are [[text, data, hint], …]
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
import { download } from "./download.js";
import * as i18n from "./i18n.js";
import { t } from "./i18n.js";
import { bandsOf } from "./strip-bands.js";
import { stripFile } from "./strip-file.js";
import { axis, pieces, RIGHT, round, rule, TOP, wide, write } from "./strip-pieces.js";
import * as theme from "./theme.js";
import { colour } from "./theme.js";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
/** @type {{ [key: string]: number }} */
const STEPS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 50, PageDown: -50 };

/**
 * @template D
 * @param {HTMLElement} holder
 * @param {StripOptions<D>} options
 */
export const chainageStrip = (holder, options) => {
  let km = options.start ?? null;
  /** @type {(data: D | undefined) => boolean} */
  let marked = () => false;
  /** @type {StripScale} */
  const scale = { left: 0, perKm: 1, length: options.length };
  const { x } = pieces(scale);
  let width = 0,
    height = 0,
    fresh = true;
  let drawing = svg("svg");
  let needle = svg("g");
  let gutter = svg("g");
  /** @type {[StripItem<D>, SVGElement][]} */
  let drawn = [];

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

  // ── drawing ──────────────────────────────────────────────────────────────
  /** @param {StripItem<D>} item @param {...(Node | string)} parts */
  const keep = (item, ...parts) => {
    const hint = svg("title", {}, item.hint ?? [item.label].flat()[0] ?? "");
    const node = svg("g", { class: "strip-item" }, hint, ...parts);
    drawn.push([item, node]);
    return node;
  };
  const KINDS = bandsOf(scale, keep);
  const draw = () => {
    if (!scroller.clientWidth) return;
    const bands = options.bands();
    drawn = [];
    scale.left = Math.min(
      scroller.clientWidth * 0.3,
      14 + Math.max(...bands.map((band) => wide(band.title, 10.5, 600))),
    );
    width = Math.max(scroller.clientWidth, options.minWidth ?? 1000);
    scale.perKm = (width - scale.left - RIGHT) / options.length;
    let y = TOP;
    /** @type {SVGElement[]} */
    const names = [];
    const rows = bands.map((band) => {
      const [nodes, tall] = KINDS[band.kind](band.items, y + 1);
      // a name that is longer than the gutter gets smaller, not cut
      const size = Math.min(10.5, (10.5 * (scale.left - 10)) / wide(band.title, 10.5, 600));
      names.push(
        write(band.title, scale.left - 8, y + 12, {
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
    gutter = svg(
      "g",
      { class: "strip-gutter" },
      svg("rect", { x: 0, y: 0, width: scale.left - 3, height, fill: colour("paper") }),
      write("km", scale.left - 8, 10, { "text-anchor": "end", "font-weight": 600, fill: colour("quiet") }),
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
      ...axis(scale),
      ...rows,
      needle,
      gutter,
    );
    scroller.replaceChildren(drawing);
    slide();
    point();
    ring();
    if (fresh) reveal();
    fresh = false;
  };
  const slide = () => gutter.setAttribute("transform", `translate(${scroller.scrollLeft} 0)`);

  const point = () => {
    const words = km === null ? t("strip.help") : options.say(km);
    line.textContent = words;
    scroller.setAttribute("aria-valuenow", String(round(km ?? 0)));
    scroller.setAttribute("aria-valuetext", words);
    if (km === null) return;
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
    if (km === null) return;
    const at = x(km);
    const from = scroller.scrollLeft + scale.left,
      to = scroller.scrollLeft + scroller.clientWidth;
    if (at < from + 20 || at > to - 20) scroller.scrollLeft = at - scale.left - (scroller.clientWidth - scale.left) / 2;
  };
  /** @param {number} wanted */
  const move = (wanted, visibly = true) => {
    km = Math.min(options.length, Math.max(0, wanted));
    point();
    if (visibly) reveal();
    return km;
  };

  // ── pointer and keys ─────────────────────────────────────────────────────
  /** @param {MouseEvent} event */
  const kmAt = (event) => (event.clientX - drawing.getBoundingClientRect().left - scale.left) / scale.perKm;
  /** @param {Event} event */
  const itemAt = ({ target }) => drawn.find(([, node]) => node.contains(/** @type {Node} */ (target)))?.[0] ?? null;
  /** @param {number} wanted @param {boolean} visibly */
  const choose = (wanted, visibly) => {
    const here = move(wanted, visibly);
    options.onCursor?.(here);
    return here;
  };
  /** @type {StripItem<D> | null} */
  let under = null;
  /** @param {StripItem<D> | null} item */
  const enter = (item) => {
    if (item === under) return;
    under = item;
    options.onItem?.(item);
  };
  /** @param {Event} event */
  const inGutter = ({ target }) => gutter.contains(/** @type {Node} */ (target));
  scroller.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || inGutter(event)) return;
    choose(kmAt(event), false);
    enter(itemAt(event));
  });
  scroller.addEventListener("pointerleave", () => enter(null));
  scroller.addEventListener("click", (event) => {
    if (inGutter(event)) return;
    const here = choose(kmAt(event), false);
    const item = itemAt(event);
    if (item) options.onOpen?.(item, here);
  });
  scroller.addEventListener("scroll", slide, { passive: true });
  scroller.addEventListener("keydown", (event) => {
    /** @type {{ [key: string]: number }} */
    const ends = { Home: 0, End: options.length };
    const here = km ?? 0;
    const step = STEPS[event.key];
    if (step)
      choose(
        Math.abs(step) === 1 ? Math.round((here + step * (event.shiftKey ? 10 : 1)) * 10) / 10 : here + step,
        true,
      );
    else if (event.key in ends) choose(ends[event.key], true);
    else if (event.key === "Enter") {
      const item = options
        .bands()
        .flatMap((band) => band.items)
        .find(({ spans }) => spans.some(([from, to]) => from - 0.01 <= here && here <= to + 0.01));
      if (item) options.onOpen?.(item, here);
    } else return;
    event.preventDefault();
  });

  // ── saving, folding, speaking ────────────────────────────────────────────
  const file = () => stripFile(drawing, { title: options.title(), credit: options.credit(), width, height });
  save.addEventListener("click", () => download(file(), options.file, "image/svg+xml"));
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
  let knownWidth = 0;
  new ResizeObserver(() => {
    if (scroller.clientWidth && scroller.clientWidth !== knownWidth) {
      knownWidth = scroller.clientWidth;
      draw();
    }
  }).observe(scroller);
  speak();
  return {
    draw,
    /** @param {number} wanted */
    cursor: (wanted) => {
      move(wanted);
    },
    /** @param {(data: D | undefined) => boolean} test */
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
