// comma-separated values, there and back; what a spreadsheet would take for a formula is told apart by an apostrophe
const RISKY = /^'*[=+\-@\t\r]/;
/** @param {string} text */
const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
/** @param {string} text */
const guarded = (text) => (RISKY.test(text) ? `'${text}` : text);
/** @param {string} text */
const unguarded = (text) => (text.startsWith("'") && RISKY.test(text.slice(1)) ? text.slice(1) : text);
/** @param {unknown} value */
const cell = (value) => {
  if (value === null || value === undefined) return "";
  // a negative number is a number
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return quoted(guarded(typeof value === "string" ? value : JSON.stringify(value)));
};
// with the mark by which Excel knows UTF-8
/**
 * @param {string[]} columns
 * @param {Values[]} rows
 */
export const write = (columns, rows) =>
  `\uFEFF${[columns.map(quoted), ...rows.map((row) => columns.map((name) => cell(row[name])))].map((line) => line.join(",")).join("\r\n")}\r\n`;

// ── rows, though a quotation mark may be left open: field/readers/quotes.py says why and has the same rules ──
const LONGEST = 1000000,
  TELLING = 4;
/** @param {string} line */
const bare = (line) => line.replace(/\r\n$|[\r\n]$/, "");
/** @param {string[]} cells */
const isBlank = (cells) => cells.every((text) => !text.trim());

/** @param {string} apart */
const cutter = (apart) => {
  const closing = new RegExp(`"(?!") *(?=${apart === "|" ? "\\|" : apart}|[\\r\\n]|$)`, "y");
  // text of an open cell, where it is closed (-1: nowhere), and whether all marks in it are doubled
  /**
   * @param {string} line
   * @param {number} from
   * @param {boolean} [first]
   */
  const quoted = (line, from, first = false) => {
    let text = "",
      plain = true;
    for (let at = from; ; ) {
      const mark = line.indexOf('"', at);
      if (mark < 0) return { text: first && !plain ? null : text + line.slice(at), behind: -1, plain };
      text += line.slice(at, mark);
      closing.lastIndex = mark;
      if (line[mark + 1] === '"') {
        text += '"';
        at = mark + 2;
        continue;
      }
      if (closing.test(line)) return { text, behind: closing.lastIndex, plain };
      text += '"';
      [at, plain] = [mark + 1, false];
    }
  };
  // cells from some place of a line on, and whether the last one is still open at its end
  /**
   * @param {string} line
   * @param {number} [from]
   * @returns {{ cells: string[], open: boolean }}
   */
  const cut = (line, from = 0) => {
    const end = bare(line).length,
      /** @type {string[]} */ cells = [];
    if (!line.includes('"')) return { cells: line.slice(from, end).split(apart), open: false };
    for (let at = from; ; ) {
      let { text, behind } = line[at] === '"' && at < end ? quoted(line, at + 1, true) : { text: null, behind: -1 };
      if (text !== null && behind < 0) return { cells: [...cells, text], open: true };
      if (text === null) {
        behind = line.indexOf(apart, at);
        if (behind < 0 || behind > end) behind = end;
        text = line.slice(at, behind);
      }
      cells.push(text);
      if (behind >= end) return { cells, open: false };
      at = behind + 1;
    }
  };
  // the cells of a line as if no mark were open
  /** @param {string} line */
  const alone = (line) => {
    const { cells, open } = cut(line);
    return open ? [...cells.slice(0, -1), ...`"${bare(cells.at(-1) ?? "")}`.split(apart)] : cells;
  };
  return { quoted, cut, alone };
};

// whether lines of a row are rows by themselves
/**
 * @param {Cutter} given
 * @param {string[]} lines
 * @param {Expected} third
 */
const swallows = ({ alone }, lines, { width, placed }) => {
  const [first, ...others] = lines.map(alone);
  const most = width || first.length;
  if (first.length !== most && !placed(first)) return false;
  const full = others.map((cells, at) => cells.length === most && !/^\s/.test(lines[at + 1]));
  if (!width) return most > 1 && full.some(Boolean);
  return (most >= TELLING && full.every(Boolean)) || full.some((fits, at) => fits && placed(others[at]));
};

// the row that begins at a line: its cells and the line behind it, or what is wrong and the lines that are lost with it
/**
 * @param {string[]} lines
 * @param {number} begin
 * @param {Cutter} cut
 * @param {Expected} expected
 * @returns {CutRow}
 */
const rowAt = (lines, begin, cut, expected) => {
  let { cells, open } = cut.cut(lines[begin]);
  /**
   * @param {number} end
   * @returns {CutRow}
   */
  const fitting = (end) => (cells.some((text) => text.length > LONGEST) ? { fault: "long", end } : { cells, end });
  if (!open) return fitting(begin + 1);
  let plain = true,
    size = 0;
  const line = begin + 1;
  for (let at = begin + 1; at < lines.length; at += 1) {
    const part = cut.quoted(lines[at], 0);
    cells = [...cells.slice(0, -1), cells.at(-1) + part.text];
    plain &&= part.plain;
    size += lines[at].length;
    if (part.behind >= 0) {
      open = false;
      if (part.behind < bare(lines[at]).length) {
        const more = cut.cut(lines[at], part.behind + 1);
        cells.push(...more.cells);
        open = more.open;
      }
      if (!open) {
        if (expected.whole(cells) || !swallows(cut, lines.slice(begin, at + 1), expected)) return fitting(at + 1);
        return plain
          ? { fault: "rows", end: at + 1, lines: at + 1 - begin, values: { line, end: at + 1 } }
          : { fault: "open", end: begin + 1, values: { line } };
      }
    }
    if (size > LONGEST) {
      if (swallows(cut, lines.slice(begin, at + 1), expected))
        return { fault: "open", end: begin + 1, values: { line } };
      let end = at + 1;
      while (end < lines.length && cut.quoted(lines[end], 0).behind < 0) end += 1;
      return { fault: "long", end: end + 1 };
    }
  }
  return { fault: "open", end: begin + 1, values: { line } };
};

// a longitude or latitude however it is written; a reach
const NUMBER = /^[-+−\d.,°º˚'’′"”″ ]*[NSEWO]?$/i;
/** @param {string} text */
const isAngle = (text) => /\d/.test(text) && NUMBER.test(text.trim());
const REACH = /^\s*R\d{3}\b/i;
/**
 * @param {string[]} names
 * @returns {Expected}
 */
const expectedOf = (names) => {
  /** @param {...string} wanted */
  const at = (...wanted) => names.findIndex((name) => wanted.includes(name));
  const [lat, lon, reach, base, id] = [
    at("latitude", "lat"),
    at("longitude", "lon"),
    at("reach"),
    at("atlas_base"),
    at("id"),
  ];
  /** @param {string[]} cells */
  const placed = (cells) =>
    (lat >= 0 && lon >= 0 && isAngle(cells[lat] ?? "") && isAngle(cells[lon] ?? "")) ||
    (reach >= 0 && REACH.test(cells[reach] ?? ""));
  // a row that was exported, with nothing missing
  /** @param {string[]} cells */
  const whole = (cells) => {
    if (base < 0 || cells.length !== names.length) return false;
    try {
      return JSON.parse(unguarded(cells[base])).record === cells[id];
    } catch {
      return false;
    }
  };
  return { width: names.length, placed, whole };
};
// blank headers by their number, a name that stands twice with one
/**
 * @param {string[]} cells
 * @returns {string[]}
 */
const named = (cells) =>
  cells.reduce((/** @type {string[]} */ names, cell, at) => {
    const name = cell.trim() || `column_${at + 1}`;
    return [...names, names.includes(name) ? `${name} (${at + 1})` : name];
  }, []);
/** @type {Expected} */
const HEADER = { width: 0, placed: () => false, whole: () => false };

/** @param {string[]} lines */
const delimiter = (lines) => {
  if (/^sep=.$/i.test(bare(lines[0]))) return { apart: bare(lines[0])[4], skipped: 1 };
  /** @param {string} mark */
  const cells = (mark) => {
    const cut = cutter(mark);
    return (rowAt(lines, 0, cut, HEADER).cells ?? cut.alone(lines[0])).length;
  };
  return { apart: [",", ";", "\t", "|"].reduce((best, one) => (cells(one) > cells(best) ? one : best)), skipped: 0 };
};
// values by header, or what is wrong with a row: rows, cells or long; open with the line
/**
 * @param {string} raw
 * @returns {{ row?: { [name: string]: string }, fault?: string, values?: any }[]}
 */
export const read = (raw) => {
  const lines = raw.replace(/^\uFEFF/, "").match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
  if (!lines.length) return [];
  const { apart, skipped } = delimiter(lines);
  const cut = cutter(apart),
    head = rowAt(lines, skipped, cut, HEADER);
  if (head.fault) return [{ fault: head.fault, values: head.values }];
  const names = named(head.cells ?? []);
  const expected = expectedOf(names),
    rows = [];
  for (let at = head.end; at < lines.length; ) {
    const row = rowAt(lines, at, cut, expected);
    const { cells } = row;
    at = row.end;
    if (!cells) rows.push(...Array.from({ length: row.lines ?? 1 }, () => ({ fault: row.fault, values: row.values })));
    else if (!isBlank(cells.slice(names.length)))
      rows.push({ fault: "cells", values: { cells: cells.length, columns: names.length } });
    else if (!isBlank(cells))
      rows.push({
        row: Object.fromEntries(names.slice(0, cells.length).map((name, number) => [name, unguarded(cells[number])])),
      });
  }
  return rows;
};
