// a month, a day, or a day and a time in ISO 8601, as far as calendar and clock have them; the import takes the same
// (atlas/field/readers/dates.py), tests/vectors/dates.json holds both to the same answers
const MOMENT =
  /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?:Z|[+-](\d{2})(?::?(\d{2}))?)?)?)?$/;

/**
 * @param {number} year
 * @param {number} month
 */
const daysIn = (year, month) => {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
};

/** @param {string} text */
export const isMoment = (text) => {
  const match = MOMENT.exec(text);
  if (!match) return false;
  const [year, month, day, hour, minute, second, zoneHour, zoneMinute] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  if (year < 1 || month < 1 || month > 12) return false;
  if (match[3] && (day < 1 || day > daysIn(year, month))) return false;
  return hour < 24 && minute < 60 && second < 60 && zoneHour < 24 && zoneMinute < 60;
};
