// the device's own position, watched until a person finds it good enough
export const GOOD_M = 10;
const FRESH_MS = 30000;
/** @type {{ [code: number]: string }} */
const FAULTS = { 1: "denied", 2: "unavailable", 3: "slow" };
/** @type {number | null} */
let watch = null;

export const stop = () => {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  watch = null;
};
// the best of the last half minute: a later fix is not always a better one
/**
 * @param {(fix: { lat: number, lon: number, metres: number, good: boolean, at: number }) => void} onFix
 * @param {(why: string) => void} onFault
 */
export const start = (onFix, onFault) => {
  stop();
  if (!navigator.geolocation) {
    onFault("absent");
    return;
  }
  /** @type {{ at: number, lat: number, lon: number, metres: number }[]} */
  let fixes = [];
  /** @param {GeolocationPosition} given */
  const take = ({ coords }) => {
    const now = performance.now();
    fixes = [
      ...fixes.filter(({ at }) => now - at < FRESH_MS),
      { at: now, lat: coords.latitude, lon: coords.longitude, metres: Math.max(1, Math.ceil(coords.accuracy)) },
    ];
    const best = fixes.reduce((one, other) => (other.metres <= one.metres ? other : one));
    onFix({ ...best, good: best.metres <= GOOD_M });
  };
  watch = navigator.geolocation.watchPosition(take, ({ code }) => onFault(FAULTS[code] ?? "unavailable"), {
    enableHighAccuracy: true,
    maximumAge: 0,
    timeout: 30000,
  });
};
