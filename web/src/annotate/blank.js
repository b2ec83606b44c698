// what a note says before anybody has said anything
import * as words from "./words.js";

/** @param {number} value */
const two = (value) => String(value).padStart(2, "0");
const now = () => {
  const d = new Date();
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`;
};
/** @returns {Values} */
export const blank = () => {
  const values = Object.fromEntries(
    words.form.fields.map((field) => [field.name, field.control === "none" ? null : (field.default ?? null)]),
  );
  return {
    ...values,
    geometry: null,
    observed_at: now(),
    position_basis: "map",
    sensitivity: values.sensitivity ?? "restricted",
  };
};
