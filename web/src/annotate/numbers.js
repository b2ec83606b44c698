// numbers as people write them, with a decimal point or comma: as the import reads them (atlas/field/readers/values.py);
// tests/vectors/numbers.json holds both to the same answers
const DECIMAL = /^[-+−]?[0-9]+(?:[.,][0-9]+)?$/;

// null for what is no number
/** @param {string} text */
export const decimal = (text) => {
  const plain = text.trim();
  const value = DECIMAL.test(plain) ? Number(plain.replace(",", ".").replace("−", "-")) : Number.NaN;
  return Number.isFinite(value) ? value : null;
};
