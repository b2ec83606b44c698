// lines and areas that keep their places as the page has them, and leave out what no pixel can show: Leaflet makes
// three objects of each place, and clips them all, before it looks which of them lie on one pixel
import { across } from "./map-base.js";

// the poles lie at no end of this map
const EDGE = 85.0511287798;
const RADIAN = Math.PI / 180;
const TURN = 0.25 / Math.PI;
/** @param {Places} places @returns {places is LatLon[]} */
const isFlat = (places) => !places.length || typeof places[0][0] === "number";

/** @param {{ prototype: { _clipPoints(): void } }} first */
const quick = ({ prototype }) => ({
  /** @this {QuickPath} @param {Places} places */
  _convertLatLngs(places) {
    let part = places;
    while (!isFlat(part)) [part] = part;
    // that there is something; how far it reaches is looked up when somebody asks
    if (part.length) this._bounds.extend(part[0]);
    this._reach = null;
    return places;
  },
  /** @this {QuickPath} */
  getBounds() {
    /** @param {Places} part */
    const extend = (part) => {
      if (isFlat(part)) for (const place of part) this._bounds.extend(place);
      else part.forEach(extend);
    };
    if (!this._reach) extend(this._latlngs);
    this._reach = this._bounds;
    return this._reach;
  },
  /** @this {QuickPath} @param {Places} places @param {L.Point[][]} rings @param {L.Bounds} box */
  _projectLatlngs(places, rings, box) {
    if (!isFlat(places)) {
      for (const part of places) this._projectLatlngs(part, rings, box);
      return;
    }
    const size = 256 * 2 ** this._map.getZoom();
    const { x: left, y: top } = this._map.getPixelOrigin();
    const apart = ((this.options.smoothFactor * 360) / size) ** 2;
    const last = places.length - 1;
    /** @type {L.Point[]} */
    const ring = [];
    let [lastLat, lastLon] = [Infinity, Infinity];
    // how much wider a degree of latitude is than one of longitude
    let wider = 1;
    for (let i = 0; i <= last; i += 1) {
      const [lat, lon] = places[i];
      // by degrees: what is left out need not be projected
      if (i < last && (lon - lastLon) ** 2 + ((lat - lastLat) * wider) ** 2 <= apart) continue;
      lastLat = lat;
      lastLon = lon;
      const sine = Math.sin(Math.max(-EDGE, Math.min(EDGE, lat)) * RADIAN);
      wider = 1 / Math.sqrt(1 - sine * sine);
      const x = size * ((lon < across ? lon + 360 : lon) / 360 + 0.5) - left;
      const y = size * (0.5 - Math.log((1 + sine) / (1 - sine)) * TURN) - top;
      const point = L.point(x, y);
      ring.push(point);
      box.extend(point);
    }
    rings.push(ring);
  },
  // places a pixel apart and not rounded to whole ones need no more
  _simplifyPoints() {},
  /** @this {QuickPath} */
  _clipPoints() {
    const sheet = this._renderer._bounds;
    if (this._pxBounds && sheet.contains(this._pxBounds)) this._parts = this._rings.slice();
    else prototype._clipPoints.call(this);
  },
});
const Line = /** @type {typeof L.Polyline} */ (/** @type {unknown} */ (L.Polyline.extend(quick(L.Polyline))));
const Area = /** @type {typeof L.Polygon} */ (/** @type {unknown} */ (L.Polygon.extend(quick(L.Polygon))));

/** @param {LatLon[][]} lines @param {L.PolylineOptions} look */
export const line = (lines, look) => new Line(lines, look);
/** @param {LatLon[][][]} parts @param {L.PolylineOptions} look */
export const area = (parts, look) => new Area(parts, look);
