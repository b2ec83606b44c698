// a million points as one layer of the map: counted into squares far out, single discs near by; a drag paints strips
import * as variants from "../variants.js";
import { disc, drawDiscs, radiusAt } from "./discs.js";
import { hiding, timeRange } from "./filters.js";
import { counted, mostOf, picture, pixels, SQUARE } from "./paint.js";
import { latLonOf, runs } from "./places.js";

const MOST_LISTED = 20;
// room around the view in CSS pixels, and how far the view may move before strips are painted
const ROOM = 96;
const SLACK = 24;

export const CloudLayer = L.Layer.extend({
  options: { pane: "cloud" },
  /** @param {CloudAbout} about @param {() => string[]} colours */
  initialize(about, colours) {
    this.about = about;
    this._colours = colours;
    /** @type {CloudLane[]} */
    this.lanes = [];
    this.places = null;
    this.of = new Uint8Array(0);
    this.shown = new Uint8Array(about.count).fill(1);
    this.drawn = 0;
    this.most = 1;
    // what the map asks of any path: a shape of one kind, and that somebody is shown
    this.features = this.group = [{ shape: { kind: "p", positions: [] } }];
  },
  getEvents() {
    return {
      move: this._follow,
      zoom: this._stretch,
      zoomanim: this._animate,
      moveend: this._settle,
      resize: this.draw,
      viewreset: this.draw,
    };
  },
  /** @param {L.Map} map */
  onAdd(map) {
    const pane = map.getPane("cloud") ?? map.createPane("cloud");
    pane.style.zIndex = "450";
    pane.style.pointerEvents = "none";
    this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-animated", pane);
    this._scratch = document.createElement("canvas");
    map.on("mousemove", this._hover, this).on("click", this._ask, this);
    this.draw();
  },
  /** @param {L.Map} map */
  onRemove(map) {
    map.off("mousemove", this._hover, this).off("click", this._ask, this);
    map.getContainer().classList.remove("over-cloud");
    this._canvas.remove();
    this._canvas = null;
  },
  bringToFront() {
    return this;
  },
  restyle() {
    this.draw();
  },

  // some kinds and times are not shown; how many points are left
  /** @param {{ hidden: Set<number>, time: [number, number] | null }} state */
  hide(state) {
    return hiding(this, state);
  },
  timeRange() {
    return timeRange(this);
  },
  begun() {
    return Boolean(this.places);
  },
  single() {
    return this._map.getZoom() >= this.about.single;
  },
  // pixels of the world's square at a zoom, of the canvas' own kind
  /** @param {number} zoom @param {number} sharp @returns {CloudView} */
  _view(zoom, sharp) {
    const scale = 2 ** (zoom + 8 - this.about.bits) * sharp;
    return { places: this.places, shown: this.shown, of: this.of, scale, square: SQUARE * sharp };
  },
  draw() {
    const map = this._map;
    if (!map || !this._canvas || !this.places) return;
    const sharp = variants.map.printing ? 2 : L.Browser.retina ? 2 : 1;
    const square = SQUARE * sharp;
    const zoom = map.getZoom();
    const view = this._view(zoom, sharp);
    const size = map.getSize();
    const corner = map.getPixelBounds().min;
    /** @param {number} value */
    const onSquare = (value) => Math.floor(((value - ROOM) * sharp) / square) * square;
    const origin = [onSquare(corner.x), onSquare(corner.y)];
    const [wide, high] = [size.x, size.y].map((one) => Math.ceil(((one + 2 * ROOM) * sharp) / square) * square);
    const canvas = this._canvas;
    // of another size it is a new canvas: on paper a cleared one would clear what lies below
    canvas.width = 0;
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${wide / sharp}px`;
    canvas.style.height = `${high / sharp}px`;
    const brush = canvas.getContext("2d");
    const colours = this._colours();
    Object.assign(this, { _at: { view, sharp, origin, zoom }, _brush: brush });
    this._pixels = pixels(brush, colours);
    this._signs = colours.map((/** @type {string} */ one) => disc(one, radiusAt(zoom), sharp));
    this._classes = colours.length;
    this.drawn = this._part(0, 0, wide, high, true);
    this._place();
    this.fire("drawn");
  },
  // a part of the canvas anew; how many points it has
  /** @param {number} left @param {number} top @param {number} wide @param {number} high @param {boolean} [whole] */
  _part(left, top, wide, high, whole = false) {
    const { view, sharp, origin } = this._at;
    const brush = this._brush;
    if (!whole) brush.clearRect(left, top, wide, high);
    if (this.single()) {
      brush.save();
      brush.beginPath();
      brush.rect(left, top, wide, high);
      brush.clip();
      const sum = drawDiscs(brush, view, this._signs, [left, top, wide, high], origin, sharp);
      brush.restore();
      return sum;
    }
    const { square } = view;
    const across = wide / square;
    const given = counted(view, across, high / square, this._classes, [origin[0] + left, origin[1] + top]);
    if (whole) this.most = Math.max(1, mostOf(given.counts));
    this._scratch.width = wide;
    this._scratch.height = high;
    this._scratch.getContext("2d").putImageData(picture(given, across, square, this.most, this._pixels), 0, 0);
    brush.drawImage(this._scratch, left, top);
    return given.sum;
  },
  _place() {
    const { origin, sharp } = this._at;
    const corner = this._map.getPixelOrigin();
    const at = L.point(origin[0] / sharp - corner.x, origin[1] / sharp - corner.y);
    this._still = this._map.layerPointToLatLng(at);
    L.DomUtil.setPosition(this._canvas, at);
  },

  // the view moves over the canvas; before its edge shows, the canvas moves and its new strips are painted
  _follow() {
    const map = this._map;
    if (!this._at || !this.places || map.getZoom() !== this._at.zoom) return;
    const { origin, sharp, view } = this._at;
    const { min } = map.getPixelBounds();
    const by = [min.x, min.y].map((one, axis) => {
      const off = (one - ROOM) * sharp - origin[axis];
      return Math.abs(off) < SLACK * sharp ? 0 : Math.floor(off / view.square) * view.square;
    });
    if (!by[0] && !by[1]) return;
    const { width, height } = this._canvas;
    if (Math.abs(by[0]) >= width || Math.abs(by[1]) >= height) {
      this.draw();
      return;
    }
    this._shift(by[0], by[1], width, height);
    this._place();
  },
  /** @param {number} dx @param {number} dy @param {number} width @param {number} height */
  _shift(dx, dy, width, height) {
    const brush = this._brush;
    brush.globalCompositeOperation = "copy";
    brush.drawImage(this._canvas, -dx, -dy);
    brush.globalCompositeOperation = "source-over";
    this._at.origin = [this._at.origin[0] + dx, this._at.origin[1] + dy];
    if (dx) this._part(dx > 0 ? width - dx : 0, 0, Math.abs(dx), height);
    if (dy) this._part(0, dy > 0 ? height - dy : 0, width, Math.abs(dy));
  },
  _settle() {
    if (this._at?.zoom === this._map.getZoom()) {
      this._follow();
      this.fire("moved");
    } else this.draw();
  },
  // a finger on a drag of two, and the steps between two zooms
  _stretch() {
    this._transform(this._map.getCenter(), this._map.getZoom());
  },
  /** @param {L.ZoomAnimEvent} event */
  _animate({ center, zoom }) {
    this._transform(center, zoom);
  },
  /** @param {L.LatLng} center @param {number} zoom */
  _transform(center, zoom) {
    if (!this._at || !this._canvas) return;
    const scale = this._map.getZoomScale(zoom, this._at.zoom);
    L.DomUtil.setTransform(this._canvas, this._map._latLngToNewLayerPoint(this._still, zoom, center), scale);
  },

  // how many points are in sight
  inSight() {
    if (!this.places || !this._map) return 0;
    const view = this._view(this._map.getZoom(), 1);
    const { min, max } = this._map.getPixelBounds();
    const [left, top, right, bottom] = [min.x, min.y, max.x, max.y].map((one) => one / view.scale);
    const { x, y } = this.places;
    let sum = 0;
    runs(this.places, [left, top, right, bottom], (from, to) => {
      for (let i = from; i < to; i += 1)
        if (this.shown[i] && x[i] >= left && x[i] < right && y[i] >= top && y[i] < bottom) sum += 1;
    });
    return sum;
  },
  // points around a place in pixels of the world, the nearest first
  /** @param {number} px @param {number} py @param {number} far @returns {number[]} */
  around(px, py, far) {
    const { scale } = this._view(this._map.getZoom(), 1);
    const { x, y } = this.places;
    /** @type {[number, number][]} */
    const hits = [];
    const box = [px - far, py - far, px + far, py + far].map((one) => one / scale);
    runs(this.places, box, (from, to) => {
      for (let i = from; i < to; i += 1) {
        if (!this.shown[i]) continue;
        const dx = (x[i] + 0.5) * scale - px;
        const dy = (y[i] + 0.5) * scale - py;
        const distance = dx * dx + dy * dy;
        if (distance <= far * far) hits.push([distance, i]);
      }
    });
    return hits.sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, i]) => i);
  },
  // a point as the cards know features
  /** @param {number} i @returns {Feature} */
  feature(i) {
    const { fields, layer } = this.about;
    /** @type {Values} */
    const values = {};
    fields.forEach((/** @type {CloudField} */ field, /** @type {number} */ at) => {
      values[field.name] = this.lanes[at]?.text(i) ?? null;
    });
    const positions = [latLonOf(this.about, this.places.x[i], this.places.y[i])];
    return { id: String(i), layer, values, shape: { kind: "p", positions }, name: String(fields[0]?.name ?? "") };
  },
  /** @param {L.Point} point @returns {number[]} */
  _near(point) {
    const { x, y } = point.add(this._map.getPixelOrigin());
    return this.places ? this.around(x, y, this.single() ? radiusAt(this._map.getZoom()) + 4 : SQUARE + 1) : [];
  },
  /** @param {L.Point} point */
  _containsPoint(point) {
    const hits = this._near(point);
    this.hit = hits.slice(0, MOST_LISTED).map((/** @type {number} */ i) => this.feature(i));
    if (this.hit.length) this.hit[0].crowd = hits.length;
    return this.hit.length > 0;
  },
  /** @param {L.LeafletMouseEvent} event */
  _hover(event) {
    if (this._map.dragging.moving()) return;
    this._map.getContainer().classList.toggle("over-cloud", this._near(event.layerPoint).length > 0);
  },
  /** @param {L.LeafletMouseEvent} event */
  async _ask(event) {
    await this.ready;
    if (this._map && this._containsPoint(event.layerPoint)) this.fire("click", event);
  },
});
