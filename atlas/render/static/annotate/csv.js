// comma-separated values, there and back; what a spreadsheet would take for a formula is told apart by an apostrophe
"use strict";

Atlas.notes.csv = (() => {
  const RISKY = /^'*[=+\-@\t\r]/;
  const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll("\"", "\"\"")}"` : text);
  const guarded = (text) => (RISKY.test(text) ? `'${text}` : text);
  const unguarded = (text) => (text.startsWith("'") && RISKY.test(text.slice(1)) ? text.slice(1) : text);
  const cell = (value) => {
    if (value === null || value === undefined) return "";
    // a negative number is a number
    if (typeof value === "number" || typeof value === "boolean") return String(value);
    return quoted(guarded(typeof value === "string" ? value : JSON.stringify(value)));
  };
  // with the mark by which Excel knows UTF-8
  const write = (columns, rows) => `\uFEFF${[columns.map(quoted), ...rows.map((row) => columns.map((name) => cell(row[name])))].map((line) => line.join(",")).join("\r\n")}\r\n`;

  const delimiter = (text) => {
    const line = text.split("\n", 1)[0].replace(/"[^"]*"/g, "");
    return [",", ";", "\t"].reduce((best, one) => (line.split(one).length > line.split(best).length ? one : best));
  };
  // rows of text; a quote inside a quoted cell is doubled
  const cells = (text, apart) => {
    const rows = [];
    let row = [], value = "", open = false;
    for (let at = 0; at < text.length; at += 1) {
      const letter = text[at];
      if (open) {
        if (letter !== "\"") value += letter;
        else if (text[at + 1] === "\"") { value += letter; at += 1; } else open = false;
      } else if (letter === "\"" && value === "") open = true;
      else if (letter === apart) { row.push(value); value = ""; } else if (letter === "\n" || letter === "\r") {
        if (letter === "\r" && text[at + 1] === "\n") at += 1;
        row.push(value);
        rows.push(row);
        row = [];
        value = "";
      } else value += letter;
    }
    if (value || row.length) rows.push([...row, value]);
    return rows.filter((one) => one.some((found) => found.trim() !== ""));
  };
  const read = (raw) => {
    const text = raw.replace(/^\uFEFF/, "");
    const [head = [], ...rows] = cells(text, delimiter(text));
    // a name that stands twice keeps its first column, as at home
    const names = head.map((name) => name.trim()).map((name, at, all) => (all.indexOf(name) < at ? `${name} (${at + 1})` : name));
    return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, unguarded(row[at] ?? "")])));
  };
  return { write, read };
})();
