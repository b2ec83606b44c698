// a table of the page as a CSV file, cells as in the tables of facts
import { el } from "./dom.js";

const cell = (text) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
export const file = ({ columns, rows }) => `${[columns, ...rows].map((row) => row.map(cell).join(",")).join("\n")}\n`;
export const save = (name, table) => {
  const address = URL.createObjectURL(new Blob([file(table)], { type: "text/csv" }));
  el("a", { href: address, download: `${name}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 2000);
};
