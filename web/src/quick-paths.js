// lines and areas that keep their places as the page has them, and leave out what no pixel can show: Leaflet makes
// three objects of each place, and clips them all, before it looks which of them lie on one pixel

// the poles lie at no end of this map
const EDGE = 85.0511287798;
const RADIAN = Math.PI / 180;
const TURN = 0.25 / Math.PI;
const { isFlat } = L.LineUtil;

/** @param {any} first @returns {any} */
const quick = (first) => ({
  /** @param {any[]} places */
  _convertLatLngs(places) {
    let [place] = places;
    while (Array.isArray(place?.[0])) [place] = place;
    // that there is something; how far it reaches is looked up when somebody asks
    if (place?.length) this._bounds.extend(place);
    this._reach = null;
    return places;
  },
  getBounds() {
    /** @param {any[]} part */
    const extend = (part) => {
      for (const place of part)
        if (isFlat(part)) this._bounds.extend(place);
        else extend(place);
    };
    if (!this._reach) extend(this._latlngs);
    this._reach = this._bounds;
    return this._reach;
  },
  /** @param {any[]} places @param {L.Point[][]} rings @param {L.Bounds} box */
  _projectLatlngs(places, rings, box) {
    if (!isFlat(places)) {
      for (const part of places) this._projectLatlngs(part, rings, box);
      return;
    }
    const size = 256 * 2 ** this._map.getZoom();
    const { x: left, y: top } = this._map.getPixelOrigin();
    const apart = this.options.smoothFactor ** 2;
    const last = places.length - 1;
    /** @type {L.Point[]} */
    const ring = [];
    let lastX = Infinity;
    let lastY = Infinity;
    for (let i = 0; i <= last; i += 1) {
      const lat = places[i][0];
      const sine = Math.sin(Math.max(-EDGE, Math.min(EDGE, lat)) * RADIAN);
      const x = Math.round(size * (places[i][1] / 360 + 0.5)) - left;
      const y = Math.round(size * (0.5 - Math.log((1 + sine) / (1 - sine)) * TURN)) - top;
      const dx = x - lastX;
      const dy = y - lastY;
      if (i < last && dx * dx + dy * dy <= apart) continue;
      lastX = x;
      lastY = y;
      const point = L.point(x, y);
      ring.push(point);
      box.extend(point);
    }
    rings.push(ring);
  },
  _clipPoints() {
    const sheet = this._renderer._bounds;
    if (this._pxBounds && sheet.contains(this._pxBounds)) this._parts = this._rings.slice();
    else first.prototype._clipPoints.call(this);
  },
});
const Line = L.Polyline.extend(quick(L.Polyline));
const Area = L.Polygon.extend(quick(L.Polygon));

/** @param {LatLon[][]} lines @param {L.PolylineOptions} look @returns {L.Polyline} */
export const line = (lines, look) => new /** @type {any} */ (Line)(lines, look);
/** @param {LatLon[][][]} parts @param {L.PolylineOptions} look @returns {L.Polygon} */
export const area = (parts, look) => new /** @type {any} */ (Area)(parts, look);
