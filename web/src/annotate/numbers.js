// numbers as people write them, with a decimal point or comma: as the import reads them (atlas/field/readers/cell_values.py);
// tests/vectors/numbers.json holds both to the same answers
const DECIMAL = /^[-+−]?[0-9]+(?:[.,][0-9]+)?$/;

// null for what is no number; nothing has no minus
/** @param {string} text */
export const decimal = (text) => {
  const plain = text.trim();
  const value = DECIMAL.test(plain) ? Number(plain.replace(",", ".").replace("−", "-")) + 0 : Number.NaN;
  return Number.isFinite(value) ? value : null;
};
