// the features as a table: filtered by words and classes, sorted by a column, saved as CSV
import * as details from "./details.js";
import { el } from "./dom.js";
import * as i18n from "./i18n.js";
import { number, t } from "./i18n.js";
import { openFromList } from "./map.js";
import { apply, onChange, portrayal, section, state, userLayers, words } from "./map-state.js";
import { save } from "./tables-csv.js";

const MOST = 100;

/** @param {Layer} layer */
const tableOf = (layer) => {
  const columns = words(layer);
  /** @type {{ column: number, down: boolean }} */
  const sorted = { column: -1, down: false };
  let most = MOST;
  const head = el("thead");
  const body = el("tbody");
  const caption = el("caption");
  const table = el("table", { class: "own-table" }, caption, head, body);
  const scroll = el("div", { class: "own-scroll", tabindex: 0, role: "region" }, table);
  const more = el("button", { type: "button", class: "reset" });
  const csv = el("button", { type: "button", class: "reset" });

  /** @param {Feature} feature @param {number} column */
  const cell = (feature, column) => details.shown(layer, feature, columns[column]) ?? "";
  // numbers by their value, everything else by its letters, and what is empty last
  /** @param {Feature} a @param {Feature} b */
  const before = (a, b) => {
    const [one, other] = [a, b].map((feature) => cell(feature, sorted.column));
    if (!one || !other) return Number(!one) - Number(!other);
    const [x, y] = [one, other].map(Number);
    const by = Number.isFinite(x) && Number.isFinite(y) ? x - y : one.localeCompare(other, i18n.language);
    return sorted.down ? -by : by;
  };
  const rows = () => {
    const left = layer.features.filter((feature) => !feature.hidden);
    return sorted.column < 0 ? left : left.sort(before);
  };
  /** @param {string} name @param {number} column */
  const header = (name, column) => {
    const sort = column === sorted.column ? (sorted.down ? "descending" : "ascending") : null;
    const sign = { ascending: " ▲", descending: " ▼", none: "" }[sort ?? "none"];
    return el(
      "th",
      { scope: "col", "aria-sort": sort },
      el(
        "button",
        {
          type: "button",
          onclick: () => {
            sorted.down = column === sorted.column && !sorted.down;
            sorted.column = column;
            draw();
            head.querySelectorAll("button")[column].focus();
          },
        },
        el("bdi", {}, details.label(layer, name)),
        sign ? el("span", { "aria-hidden": "true" }, sign) : null,
      ),
    );
  };
  /** @param {Feature} feature */
  const row = (feature) =>
    el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        el(
          "button",
          { type: "button", onclick: () => openFromList(layer, feature) },
          details.isolated(cell(feature, 0) || details.title(layer, feature)),
        ),
      ),
      ...columns.slice(1).map((_, at) => el("td", {}, details.isolated(cell(feature, at + 1)))),
    );
  const draw = () => {
    const left = rows();
    caption.textContent = t("own.table.count", {
      count: number(left.length),
      all: number(layer.features.length),
    });
    scroll.setAttribute("aria-label", t(`layer.${layer.name}.title`));
    head.replaceChildren(el("tr", {}, ...columns.map(header)));
    body.replaceChildren(...left.slice(0, most).map(row));
    more.hidden = left.length <= most;
    more.textContent = t("own.table.more", { left: number(left.length - most) });
    csv.textContent = t("own.table.csv");
  };
  more.addEventListener("click", () => {
    most += 5 * MOST;
    draw();
  });
  csv.addEventListener("click", () =>
    save(layer.name, { columns, rows: rows().map((feature) => columns.map((_, at) => cell(feature, at))) }),
  );
  return { draw, node: el("div", {}, scroll, el("p", { class: "own-buttons" }, more, csv)) };
};

/** @param {Layer} layer */
const classesOf = (layer) => {
  const made = portrayal(layer);
  if (!made?.classes.length) return null;
  const legend = el("legend");
  const list = el("ul", { class: "plain" });
  const off = new Set();
  const boxes = made.classes.map((_, number) => {
    const box = el("input", { type: "checkbox", id: `class-${layer.name}-${number}` });
    box.checked = true;
    const name = el("bdi");
    box.addEventListener("change", () => {
      if (box.checked) off.delete(number);
      else off.add(number);
      if (off.size) state.off.set(layer.name, off);
      else state.off.delete(layer.name);
      apply();
    });
    list.append(el("li", {}, box, el("label", { for: box.id }, name)));
    return name;
  });
  const speak = () => {
    legend.textContent = t(`map.${layer.name}.head`);
    for (const [number, name] of boxes.entries()) name.textContent = t(`map.${layer.name}.class.${number}`);
  };
  return { node: el("fieldset", {}, legend, list), speak };
};

const start = () => {
  const { fold, summary, body } = section("table");
  body.classList.add("filters-body");
  const input = el("input", { type: "search", id: "own-words", autocomplete: "off", spellcheck: "false" });
  const label = el("label", { for: "own-words" });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let later;
  input.addEventListener("input", () => {
    clearTimeout(later);
    later = setTimeout(() => {
      state.words = input.value;
      apply();
    }, 150);
  });
  const classes = userLayers.flatMap((layer) => classesOf(layer) ?? []);
  const tables = userLayers.map(tableOf);
  body.append(
    el("p", { class: "own-filter" }, label, input),
    ...classes.map(({ node }) => node),
    ...tables.map(({ node }) => node),
  );
  // a table is only as large as a reader asks for
  const draw = () => {
    if (fold.open) for (const table of tables) table.draw();
  };
  const speak = () => {
    summary.textContent = t("own.table");
    label.textContent = t("own.table.filter");
    for (const one of classes) one.speak();
    draw();
  };
  fold.addEventListener("toggle", draw);
  onChange(draw);
  i18n.onChange(speak);
  speak();
};
if (userLayers.some((layer) => layer.features.length)) start();
