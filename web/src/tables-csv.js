// a table of the page as a CSV file, cells as in the tables of facts
import { download } from "./download.js";

/** @param {string} text */
const cell = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
/** @param {TableOfText} table */
export const file = ({ columns, rows }) => `${[columns, ...rows].map((row) => row.map(cell).join(",")).join("\n")}\n`;
/** @param {string} name @param {TableOfText} table */
export const save = (name, table) => download(file(table), `${name}.csv`, "text/csv");
