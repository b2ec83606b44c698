// the device's own position, watched until a person finds it good enough
import { combined, rated } from "./fixes.js";

const FRESH_MS = 30000;
/** @type {{ [code: number]: string }} */
const FAULTS = { 1: "denied", 2: "unavailable", 3: "slow" };
/** @type {number | null} */
let watch = null;

export const stop = () => {
  if (watch !== null) navigator.geolocation.clearWatch(watch);
  watch = null;
};
// the mean of the last half minute
/** @param {(fix: Measured) => void} onFix @param {(why: string) => void} onFault */
export const start = (onFix, onFault) => {
  stop();
  if (!navigator.geolocation) {
    onFault("absent");
    return;
  }
  /** @type {Fix[]} */
  let fixes = [];
  /** @param {GeolocationPosition} given */
  const take = ({ coords }) => {
    const { latitude: lat, longitude: lon } = coords;
    if (!Number.isFinite(lat) || !Number.isFinite(lon)) return;
    const now = performance.now();
    fixes = [...fixes.filter(({ at }) => now - at < FRESH_MS), { at: now, lat, lon, metres: rated(coords.accuracy) }];
    onFix(combined(fixes));
  };
  watch = navigator.geolocation.watchPosition(take, ({ code }) => onFault(FAULTS[code] ?? "unavailable"), {
    enableHighAccuracy: true,
    maximumAge: 0,
    timeout: 30000,
  });
};
