// positions in links: geo: (RFC 5870) and those that programs of maps share; a pin comes before the middle of a view.
// The import reads the same (atlas/field/readers/map_links.py); tests/vectors/coordinates.json holds both to it.

const NUMBER = "[-+]?[0-9]{1,3}(?:\\.[0-9]{1,15})?";
const LINK = /^(?:https?:\/\/|om:\/{0,2})?((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,10}|map)(?:[/?#]|$)/i;
const GEO = new RegExp(`^geo:(${NUMBER}),\\s?(${NUMBER})(?:,[-+]?[0-9.]+)?((?:;[^?]*)?)(?:\\?(.*))?$`, "i");
// only programs that write latitude first; of a shortened link the position is on a server, and nobody is asked
const HOSTS =
  /^(?:.*\.)?(?:google\.[a-z]{2,3}(?:\.[a-z]{2})?|goo\.gl|apple\.com|openstreetmap\.org|osm\.org|bing\.com|waze\.com|here\.com|osmand\.net|map)$/i;
/** @param {string} pattern */
const place = (pattern) =>
  new RegExp(
    pattern
      .replace("LAT", `(?<lat>${NUMBER})`)
      .replace("LON", `(?<lon>${NUMBER})(?![0-9.])`)
      .replace("ZOOM", "(?<zoom>[0-9]{1,2}(?:[.][0-9]{1,3})?)"),
    "i",
  );
const PINS = [
  "!3dLAT!4dLON",
  "[?&]mlat=LAT&mlon=LON",
  "[?&](?:q|query|ll|coordinate|pin|daddr|destination|to|sp)=(?:loc:|ll\\.|point\\.)?LAT[,_][ +]?LON",
  "[?&]lat=LAT&(?:lon|lng)=LON",
  "/(?:search|place|l)/LAT,[ +]?LON",
].map(place);
// the middle of a view is no more exact than a finger on it
const VIEWS = ["/@LAT,LON(?:,ZOOMz)?", "#(?:map=)?ZOOM/LAT/LON", "[?&](?:cp|map|center)=LAT[~,]LON"].map(place);
const FINGER_PX = 24;
const METRES_PER_PX = 156543.034;
const METRES = /^[0-9]{1,7}(?:\.[0-9]{1,9})?$/;

/** @param {string} text */
const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
/** @param {string} lat @param {string} lon @param {number} [metres] @returns {PairRead} */
const position = (lat, lon, metres) => {
  const decimals = Math.min(...[lat, lon].map((one) => one.split(".")[1]?.length ?? 0));
  return { lat: Number(lat), lon: Number(lon), step: 10 ** -decimals, metres: metres || undefined };
};
/** @param {string} link */
const within = (link) => {
  // the middle of a route is no place, and a place that is named has its pin elsewhere
  for (const pattern of /\/(?:dir|place)\//.test(link) ? PINS : [...PINS, ...VIEWS]) {
    const { lat, lon, zoom } = pattern.exec(link)?.groups ?? {};
    if (!lat) continue;
    const wide = zoom ? (METRES_PER_PX * Math.cos((Number(lat) * Math.PI) / 180)) / 2 ** Number(zoom) : 0;
    return position(lat, lon, Math.ceil(FINGER_PX * wide));
  }
  return null;
};
/** @type {(text: string) => PairRead | "link"} */
const geo = (text) => {
  const match = GEO.exec(decoded(text));
  if (!match) return "link";
  /** @type {{ [name: string]: string }} */
  const named = {};
  for (const part of match[3].split(";")) {
    const [name, ...value] = part.split("=");
    named[name.toLowerCase()] = value.join("=");
  }
  if (!["", "wgs84"].includes((named.crs ?? "").toLowerCase())) return "link";
  // Android writes geo:0,0?q=… for a pin
  const pin = match[4] ? within(`?${match[4]}`) : null;
  if (pin) return pin;
  const metres = named.u ?? "";
  return position(match[1], match[2], METRES.test(metres) ? Number(metres) : 0);
};

// the position that a link says, "link" where it says none that can be read here, null where it is no link
/** @type {(text: string) => PairRead | "link" | null} */
export const read = (text) => {
  if (/^geo:/i.test(text)) return geo(text);
  const link = LINK.exec(text);
  if (!link) return null;
  return (HOSTS.test(link[1]) && within(decoded(text))) || "link";
};
