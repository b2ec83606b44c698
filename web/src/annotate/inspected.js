// the parts of the field notes that tests look at

export * as changes from "./changes.js";
export * as coordinates from "./coordinates.js";
export * as dots from "./dots.js";
export * as filter from "./filter.js";
export * as list from "./list.js";
export * as notebook from "./notebook.js";
export * as places from "./places.js";
export * as sight from "./sight.js";
export * as storage from "./storage.js";
export * as sync from "./sync.js";
export * as words from "./words.js";
