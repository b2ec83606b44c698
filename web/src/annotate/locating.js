// the first question of a note: where. One sheet over the map with the device's position, the map, coordinates, a stretch
import { all, byId } from "../dom.js";
import * as i18n from "../i18n.js";
import { number, t } from "../i18n.js";
import * as view from "../map.js";
import * as gps from "./gps.js";
import * as places from "./places.js";
import * as pointing from "./pointing.js";
import * as sight from "./sight.js";
import * as words from "./words.js";

/** @typedef {{ position: Position, metres: number | null }} Spot */
/** @typedef {{ gps: (spot: Spot) => void, map: (spot: Spot) => void, other: (basis: string) => void, cancel: () => void }} Answers */

const sheet = byId("locating");
const live = byId("locating-live");
/** @type {HTMLButtonElement} */
const take = byId("locate-gps");
const use = byId("pointing-use");
/** @type {Answers | null} */
let answers = null;
/** @type {Measured | null} */
let fix = null;
/** @type {string | null} */
let fault = null;
/** @type {Spot | null} */
let picked = null;

const speak = () => {
  if (!answers) return;
  take.disabled = !fix;
  take.textContent = fix?.metres ? t("note.gps.take.of", { metres: number(fix.metres) }) : t("note.gps.take");
  live.classList.toggle("found", Boolean(fix?.good));
  live.textContent = measured();
  const metres = picked?.metres ?? sight.metres(view.map.getCenter());
  use.textContent = t("note.pointing.use.of", { radius: words.radius(metres) });
};
const measured = () => {
  if (fault && !fix) return t(`note.gps.${fault}`);
  if (!fix) return t("note.gps.waiting");
  if (fix.metres === null) return t("note.gps.unrated");
  const accuracy = t(fix.good ? "note.gps.good" : "note.gps.poor", { metres: number(fix.metres) });
  return fix.count > 1 ? `${accuracy} ${t("note.gps.mean", { count: number(fix.count) })}` : accuracy;
};
// whoever looks at the whole border sees where they are on it; whoever looks at a place stays there
/** @param {Measured} best */
const reveal = ({ lat, lon }) => {
  const { map, home } = view;
  const at = L.latLng(lat, lon);
  if (!picked && map.getZoom() <= map.getBoundsZoom(home) + 1 && !map.getBounds().contains(at))
    map.panTo(at, { animate: false });
};
const ended = () => {
  gps.stop();
  answers = fix = fault = picked = null;
  sheet.hidden = true;
  places.showSelf(null);
};
/** @param {Answers} given */
export const begin = (given) => {
  pointing.begin(
    "place",
    (spot) => {
      picked = spot;
      places.showPin(spot.position, spot.metres);
      speak();
    },
    (used) => {
      const spot = picked;
      ended();
      if (used && spot) given.map(spot);
      else given.cancel();
    },
    ended,
  );
  answers = given;
  sheet.hidden = false;
  speak();
  gps.start(
    (best) => {
      if (!fix) reveal(best);
      [fix, fault] = [best, null];
      places.showSelf([best.lon, best.lat], best.metres);
      speak();
    },
    (why) => {
      fault = why;
      speak();
    },
  );
};
/** @param {(given: Answers) => void} act */
const answer = (act) => {
  const given = answers;
  if (!given) return;
  pointing.end();
  act(given);
};
take.addEventListener("click", () => {
  const best = fix;
  if (best)
    answer((given) =>
      given.gps({ position: [Number(best.lon.toFixed(7)), Number(best.lat.toFixed(7))], metres: best.metres }),
    );
});
for (const button of all("[data-basis]", sheet))
  button.addEventListener("click", () => answer((given) => given.other(button.dataset.basis ?? "unknown")));
view.map.on("moveend", () => {
  if (answers) speak();
});
i18n.onChange(speak);
