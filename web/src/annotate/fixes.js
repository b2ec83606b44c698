// measurements of one place put together: what the receiver says of each decides how much it counts
export const GOOD_M = 10;
const METRES_PER_DEGREE = 111195;

/** @param {Fix} one @param {Fix} other */
const apart = (one, other) => {
  const across = ((((other.lon - one.lon) % 360) + 540) % 360) - 180;
  const east = across * Math.cos((one.lat * Math.PI) / 180);
  return METRES_PER_DEGREE * Math.hypot(east, other.lat - one.lat);
};
/** @param {number} value */
const toDegrees = (value) => (value < -180 ? value + 360 : value > 180 ? value - 360 : value);

// accuracy in metres, or null: some receivers say 0, or nothing, where they don't know
/** @param {number | null | undefined} accuracy */
export const rated = (accuracy) =>
  Number.isFinite(accuracy) && Number(accuracy) > 0 ? Math.max(1, Math.ceil(Number(accuracy))) : null;

/**
 * The mean of what agrees with the last measurement, each by the inverse square of its accuracy. Errors that follow one
 * another are alike, so that many of them are hardly better than one: the radius is never smaller than that of the best,
 * and holds all of them.
 * @param {Fix[]} fixes the last one last, at least one
 * @returns {Fix & { good: boolean, count: number }}
 */
export const combined = (fixes) => {
  const known = fixes.filter(({ metres }) => metres !== null);
  const last = known.at(-1);
  if (!last) return { .../** @type {Fix} */ (fixes.at(-1)), good: false, count: 1 };
  const radius = (/** @type {Fix} */ fix) => Number(fix.metres);
  // whoever walks on leaves the measurements of before behind
  const here = known.filter((fix) => apart(fix, last) <= radius(fix) + radius(last));
  const best = here.reduce((one, other) => (radius(other) <= radius(one) ? other : one));
  const near = here.filter((fix) => radius(fix) <= 2 * radius(best));
  const weights = near.map((fix) => 1 / radius(fix) ** 2);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const lat = near.reduce((total, fix, at) => total + weights[at] * (fix.lat - best.lat), 0) / sum;
  const lon = near.reduce((total, fix, at) => total + weights[at] * (toDegrees(fix.lon - best.lon) || 0), 0) / sum;
  const mean = { ...best, lat: best.lat + lat, lon: toDegrees(best.lon + lon) };
  const metres = Math.max(radius(best), ...near.map((fix) => Math.ceil(apart(mean, fix))));
  return { ...mean, metres, good: metres <= GOOD_M, count: near.length };
};
