// points of an archive as one layer of the map: counts by square where they are many, single discs where they are few
import { number, t } from "../../i18n.js";
import * as variants from "../../variants.js";
import { disc, drawDiscs, radiusAt } from "../discs.js";
import { binRange, leftOf } from "../filters.js";
import { CloudLayer } from "../layer.js";
import { mostOf, picture, pixels } from "../paint.js";
import { latLonOf } from "../places.js";
import { ask, countAt } from "./asking.js";
import { shownOf, squaresIn } from "./counting.js";
import { shelf } from "./shelf.js";

// up to so many points in sight are discs, once no tile in sight has counts only
const MOST_DISCS = 3000;
// room around the view whose tiles are drawn, too, so that a short drag shows them
const ROOM_PX = 96;

/** @type {any} */
const { prototype: cloudLayer } = CloudLayer;

export const ArchiveLayer = CloudLayer.extend({
  // `across` is the longitude at which the map begins
  /** @param {ArchiveAbout} about @param {() => string[]} colours @param {number} across */
  initialize(about, colours, across = -180) {
    cloudLayer.initialize.call(this, { ...about, count: 0 }, colours);
    this.about = about;
    this.state = { hidden: new Set(), time: null };
    this._across = Math.max(-180, across);
    this._shelf = null;
    /** @type {ArchiveTile[]} */
    this.tiles = [];
    this._asked = 0;
    this._single = false;
    /** @type {Feature[]} */
    this._answer = [];
    this.grid = null;
  },
  /** @param {Awaited<ReturnType<typeof import("./directory.js").openArchive>>} archive */
  begin(archive) {
    this._shelf = shelf(archive, this.about);
    return this.draw();
  },
  begun() {
    return this._shelf !== null;
  },
  single() {
    return this._single;
  },
  /** @param {{ hidden: Set<number>, time: [number, number] | null }} state */
  hide(state) {
    this.state = state;
    return leftOf(this.about, state);
  },
  timeRange() {
    return binRange(this.about);
  },
  _follow() {},

  // the tiles that lie under the view: their zoom, and the first and last column and row
  window() {
    const map = this._map;
    const zoom = Math.max(0, Math.min(this.about.deepest, Math.round(map.getZoom())));
    const side = 256 * 2 ** (map.getZoom() - zoom);
    const { min, max } = map.getPixelBounds();
    const count = 2 ** zoom;
    const begin = ((this._across + 180) / 360) * count;
    const first = Math.floor(begin);
    const last = Math.ceil(begin + count) - 1;
    /** @param {number} value */
    const column = (value) => Math.max(first, Math.min(last, Math.floor(value / side)));
    /** @param {number} value */
    const row = (value) => Math.max(0, Math.min(count - 1, Math.floor(value / side)));
    const [left, right] = [min.x - ROOM_PX, max.x + ROOM_PX].map(column);
    const [top, bottom] = [min.y - ROOM_PX, max.y + ROOM_PX].map(row);
    return { zoom, side, left, top, right, bottom };
  },
  // draws what is at hand, or else once all of it has come
  draw() {
    if (!this._map || !this._canvas || !this._shelf) return Promise.resolve();
    this._asked += 1;
    const asked = this._asked;
    const window = this.window();
    /** @type {[number, number, number][]} */
    const wanted = [];
    for (let row = window.top; row <= window.bottom; row += 1)
      for (let column = window.left; column <= window.right; column += 1) wanted.push([window.zoom, column, row]);
    const known = wanted.map((address) => this._shelf.known(...address));
    if (!known.includes(undefined)) {
      this._paint(window, known);
      return Promise.resolve();
    }
    return Promise.all(wanted.map((address) => this._shelf.at(...address))).then(
      (tiles) => {
        // the view may have moved on since
        if (asked === this._asked && this._map) this._paint(window, tiles);
      },
      (error) => this.fire("failed", { error }),
    );
  },
  /** @param {ReturnType<typeof this.window>} window @param {(ArchiveTile | null)[]} tiles */
  _paint(window, tiles) {
    this.tiles = [...new Set(tiles.filter((tile) => tile !== null))];
    const sharp = variants.map.printing ? 2 : L.Browser.retina ? 2 : 1;
    const zoom = this._map.getZoom();
    const wide = (window.right - window.left + 1) * window.side;
    const high = (window.bottom - window.top + 1) * window.side;
    const origin = [window.left * window.side * sharp, window.top * window.side * sharp];
    const canvas = this._canvas;
    canvas.width = 0;
    canvas.width = Math.ceil(wide * sharp);
    canvas.height = Math.ceil(high * sharp);
    canvas.style.width = `${canvas.width / sharp}px`;
    canvas.style.height = `${canvas.height / sharp}px`;
    const brush = canvas.getContext("2d");
    const colours = this._colours();
    const grid = squaresIn(this.about, this.state, window, this.tiles, colours.length);
    const discs = shownOf(this.about, this.state, this.tiles);
    this.places = discs.places;
    Object.assign(this, { shown: discs.shown, of: discs.of, grid, _window: window });
    this._at = { view: this._view(zoom, sharp), sharp, origin, zoom };
    this._single = this.tiles.every((/** @type {ArchiveTile} */ { squares }) => !squares) && grid.sum <= MOST_DISCS;
    this.most = Math.max(1, mostOf(grid.counts));
    this.drawn = grid.sum;
    if (this._single) {
      const signs = colours.map((/** @type {string} */ one) => disc(one, radiusAt(zoom), sharp));
      drawDiscs(brush, this._at.view, signs, [0, 0, canvas.width, canvas.height], origin, sharp);
    } else {
      const image = picture(grid, grid.across, 1, this.most, pixels(brush, colours));
      this._scratch.width = image.width;
      this._scratch.height = image.height;
      this._scratch.getContext("2d").putImageData(image, 0, 0);
      brush.imageSmoothingEnabled = false;
      brush.drawImage(this._scratch, 0, 0, wide * sharp, high * sharp);
    }
    this._place();
    this.fire("drawn");
  },
  _settle() {
    this.draw().then(() => this.fire("moved"));
  },

  // how many points are in sight; of a square at the edge, all or none
  inSight() {
    if (!this._map || !this.grid) return 0;
    const { min, max } = this._map.getPixelBounds();
    const { side, left, top } = this._window;
    const square = side / 2 ** this.about.squareBits;
    const { across, counts } = this.grid;
    let sum = 0;
    for (let at = 0; at < counts.length; at += 1) {
      if (!counts[at]) continue;
      const x = left * side + ((at % across) + 0.5) * square;
      const y = top * side + (Math.floor(at / across) + 0.5) * square;
      if (x >= min.x && x < max.x && y >= min.y && y < max.y) sum += counts[at];
    }
    return sum;
  },
  // as far as the nearest part of the map whose points are counted only: beyond it another one may be nearer
  /** @param {number} px @param {number} py @param {number} far @returns {number[]} */
  around(px, py, far) {
    const scale = 2 ** this._map.getZoom() * 256;
    const limits = this.tiles.map((/** @type {ArchiveTile} */ { points, zoom, column, row }) => {
      if (points) return far;
      const side = scale / 2 ** zoom;
      const [dx, dy] = [px / side - column, py / side - row].map((one) => Math.max(-one, 0, one - 1) * side);
      return Math.hypot(dx, dy);
    });
    return cloudLayer.around.call(this, px, py, Math.min(far, ...limits));
  },
  /** @param {number} i @returns {Feature} */
  feature(i) {
    let row = i;
    const tile = this.tiles.find((/** @type {ArchiveTile} */ { points }) => {
      const count = points?.x.length ?? 0;
      if (row < count) return true;
      row -= count;
      return false;
    });
    return this.featureOf(tile, row);
  },
  /** @param {ArchiveTile} tile @param {number} row @returns {Feature} */
  featureOf(tile, row) {
    const { lanes, x, y } = /** @type {ArchivePoints} */ (tile.points);
    /** @type {Values} */
    const values = Object.fromEntries(lanes.map(({ name, lane }) => [name, lane.text(row)]));
    if (!lanes.length) values["#"] = t("archive.point", { x: number(row + 1) });
    const positions = [latLonOf(this.about, x[row], y[row])];
    const id = `${tile.zoom}/${tile.column}/${tile.row}/${row}`;
    return { id, layer: this.about.layer, values, shape: { kind: "p", positions }, name: lanes[0]?.name ?? "#" };
  },
  // a square is clicked on like a point
  /** @param {L.Point} point @returns {number[]} */
  _near(point) {
    if (!this.grid) return [];
    if (this._single) return cloudLayer._near.call(this, point);
    return countAt(this, point) ? [-1] : [];
  },
  // what a square holds has to be read before it is asked for
  /** @param {L.Point} point */
  _containsPoint(point) {
    if (this._single) return cloudLayer._containsPoint.call(this, point);
    this.hit = this._answer;
    return this.hit.length > 0;
  },
  /** @param {L.LeafletMouseEvent} event */
  async _ask(event) {
    if (!this._shelf || !this._map) return;
    /** @param {unknown} error @returns {Feature[]} */
    const failed = (error) => {
      this.fire("failed", { error });
      return [];
    };
    this._answer = this._single ? [] : await ask(this, event.layerPoint).catch(failed);
    if (this._map && this._containsPoint(event.layerPoint)) this.fire("click", event);
    this._answer = [];
  },
});
