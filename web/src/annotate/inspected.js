// the parts of the field notes that tests look at
export * as book from "./book.js";
export * as changes from "./changes.js";
export * as coordinates from "./coordinates.js";
export * as dots from "./dots.js";
export * as filter from "./filter.js";
export * as keeper from "./keeper.js";
export * as list from "./list.js";
export * as places from "./places.js";
export * as shelf from "./shelf.js";
export * as words from "./words.js";
