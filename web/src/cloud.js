// thousands of points as one drawing: as many objects would hold up a page for a minute
import { points } from "./positions.js";
import * as variants from "./variants.js";

const LEAST = 3000;
// how many of the points under a finger are told
const MOST_LISTED = 20;
const PADDING = 0.3;
/** @param {number} zoom */
const reach = (zoom) => (zoom < 8 ? 2.5 : zoom < 10 ? 3.5 : zoom < 12 ? 5 : 6);

const Cloud = L.Layer.extend({
  options: { pane: "cloud" },
  // places are kept as pixels of zoom 0, so that a view costs two products a point
  /** @param {Feature[]} group @param {(feature: Feature) => Look} look */
  initialize(group, look) {
    this.features = this.group = group;
    this._look = look;
    const places = group.flatMap((feature) => points(feature).map((position) => ({ feature, position })));
    this._of = places.map(({ feature }) => feature);
    this._x = new Float64Array(places.length);
    this._y = new Float64Array(places.length);
    places.forEach(({ position }, index) => {
      const { x, y } = L.CRS.EPSG3857.latLngToPoint(L.latLng(position), 0);
      this._x[index] = x;
      this._y[index] = y;
    });
  },
  getEvents() {
    return { moveend: this.draw, zoomstart: this._hide, zoomend: this.draw, resize: this.draw, viewreset: this.draw };
  },
  /** @param {L.Map} map */
  onAdd(map) {
    const pane = map.getPane("cloud") ?? map.createPane("cloud");
    pane.style.zIndex = "450";
    pane.style.pointerEvents = "none";
    this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide", pane);
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
  _hide() {
    if (this._canvas) this._canvas.style.visibility = "hidden";
  },

  draw() {
    const map = this._map;
    if (!map || !this._canvas) return;
    const size = map.getSize();
    const spare = size.multiplyBy(PADDING).round();
    const corner = map.containerPointToLayerPoint([0, 0]).subtract(spare).round();
    const [wide, high] = [size.x + 2 * spare.x, size.y + 2 * spare.y];
    const sharp = variants.map.printing ? 3 : L.Browser.retina ? 2 : 1;
    const canvas = this._canvas;
    // of another size it is a new canvas; of the same size it would be cleared, and on paper what lies below with it
    canvas.width = 0;
    canvas.width = wide * sharp;
    canvas.height = high * sharp;
    canvas.style.width = `${wide}px`;
    canvas.style.height = `${high}px`;
    L.DomUtil.setPosition(canvas, corner);
    const scale = 2 ** map.getZoom();
    const origin = map.getPixelOrigin().add(corner);
    const radius = reach(map.getZoom());
    /** @type {Map<string, HTMLCanvasElement>} */
    const signs = new Map();
    const brush = canvas.getContext("2d");
    // where a sign stands, another on the same spot would only cover it
    const step = Math.max(3, Math.round(radius * 0.8));
    const across = Math.ceil(wide / step);
    const taken = new Uint8Array(across * Math.ceil(high / step));
    for (let i = 0; i < this._of.length; i += 1) {
      const x = this._x[i] * scale - origin.x;
      const y = this._y[i] * scale - origin.y;
      if (x < 0 || y < 0 || x >= wide || y >= high) continue;
      const cell = Math.floor(y / step) * across + Math.floor(x / step);
      if (taken[cell] || this._of[i].hidden) continue;
      const look = this._look(this._of[i]);
      // circles of different sizes do not cover each other
      if (!look.sized) taken[cell] = 1;
      const key = `${look.fillColor} ${look.sized ? look.radius : ""}`;
      const sign = signs.get(key) ?? this._sign(look, look.sized ? (look.radius ?? radius) : radius, sharp);
      signs.set(key, sign);
      brush.drawImage(sign, x * sharp - sign.width / 2, y * sharp - sign.width / 2);
    }
    canvas.style.visibility = "";
  },
  /** @param {Look} look @param {number} radius @param {number} sharp */
  _sign({ fillColor, color, fillOpacity, sized }, radius, sharp) {
    const sign = document.createElement("canvas");
    sign.width = sign.height = Math.ceil((radius + 1) * 2 * sharp);
    const brush = /** @type {CanvasRenderingContext2D} */ (sign.getContext("2d"));
    brush.arc(sign.width / 2, sign.width / 2, radius * sharp, 0, 2 * Math.PI);
    brush.fillStyle = fillColor ?? "";
    brush.strokeStyle = color ?? "";
    brush.lineWidth = sharp;
    // points that hide each other let nothing through
    brush.globalAlpha = sized ? (fillOpacity ?? 1) : 1;
    brush.fill();
    brush.globalAlpha = 1;
    brush.stroke();
    return sign;
  },

  // the nearest first
  /** @param {L.Point} point */
  _near(point) {
    const map = this._map;
    const scale = 2 ** map.getZoom();
    const { x, y } = point.add(map.getPixelOrigin());
    const far = reach(map.getZoom()) + 4;
    const hits = [];
    for (let i = 0; i < this._of.length; i += 1) {
      const dx = this._x[i] * scale - x;
      const dy = this._y[i] * scale - y;
      const distance = dx * dx + dy * dy;
      if (distance <= far * far && !this._of[i].hidden) hits.push([distance, this._of[i]]);
    }
    return [...new Set(hits.sort((a, b) => a[0] - b[0]).map(([, feature]) => feature))].slice(0, MOST_LISTED);
  },
  /** @param {L.Point} point */
  _containsPoint(point) {
    this.hit = this._near(point);
    return this.hit.length > 0;
  },
  /** @param {L.LeafletMouseEvent} event */
  _hover(event) {
    if (this._map.dragging.moving()) return;
    this._map.getContainer().classList.toggle("over-cloud", this._near(event.layerPoint).length > 0);
  },
  /** @param {L.LeafletMouseEvent} event */
  _ask(event) {
    if (this._containsPoint(event.layerPoint)) this.fire("click", event);
  },
});

export const cloud = {
  LEAST,
  /** @type {(features: Feature[], look: (feature: Feature) => Look) => L.Path} */
  of: (features, look) => new /** @type {any} */ (Cloud)(features, look),
};

variants.map.cloud = cloud;
