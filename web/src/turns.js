// thousands of areas are drawn in turns that fit between frames, on a sheet beside the one on the screen: that stays
// as it is until they are done, so that the map can be dragged on meanwhile
import * as variants from "./variants.js";

const MANY = 5000;
// milliseconds of a turn, and how many paths are drawn before somebody looks at the clock
const TURN_MS = 10;
const CHUNK = 250;

/** @param {typeof L.Canvas} Pen @returns {typeof L.Canvas} */
const patient = (Pen) => {
  /** @type {Values} */
  const plain = Pen.prototype;
  return Pen.extend({
    _count: 0,
    // that something was drawn before, and that the map moved in a way that gives all paths other pixels
    _begun: false,
    _stale: false,
    _job: null,
    many() {
      return this._begun && this._count > MANY && !variants.map.printing;
    },
    /** @param {L.Path} path */
    _initPath(path) {
      plain._initPath.call(this, path);
      this._count += 1;
    },
    /** @param {L.Path} path */
    _removePath(path) {
      plain._removePath.call(this, path);
      this._count -= 1;
    },
    _onZoom() {
      this._stop();
      plain._onZoom.call(this);
    },
    _onZoomEnd() {
      this._stale = true;
      if (!this.many()) this._settle();
    },
    _update() {
      if (!this.many()) {
        this._settle();
        plain._update.call(this);
      } else if (!this._postponeUpdatePaths && !this._map._animatingZoom) this._start();
    },
    _reset() {
      if (!this.many()) {
        this._stop();
        this._stale = false;
        plain._reset.call(this);
        return;
      }
      this._postponeUpdatePaths = false;
      this._stale = true;
      this._start();
      this._updateTransform(this._map.getCenter(), this._map.getZoom());
    },
    _redraw() {
      if (this.many() && (this._job || this._isWide())) {
        this._redrawRequest = null;
        this._redrawBounds = null;
        this._start();
        return;
      }
      plain._redraw.call(this);
      this._begun = true;
    },
    // more than a part of the sheet
    _isWide() {
      if (!this._redrawBounds) return true;
      const [part, whole] = [this._redrawBounds, this._bounds].map((/** @type {L.Bounds} */ one) => one.getSize());
      return part.x * part.y > (whole.x * whole.y) / 4;
    },
    // who asks what is under a finger asks for the view that there is now; the end of a drag asks for nothing
    /** @param {MouseEvent} event */
    _onClick(event) {
      if (this._job && event.type === "click" && !this._map._draggableMoved(this._map)) this._turn(Infinity);
      plain._onClick.call(this, event);
    },
    /** @param {MouseEvent} event */
    _onMouseMove(event) {
      if (!this._stale) plain._onMouseMove.call(this, event);
    },
    onRemove() {
      this._stop();
      this._begun = false;
      plain.onRemove.call(this);
    },

    _stop() {
      if (this._job) cancelAnimationFrame(this._job.frame);
      this._job = null;
    },
    // what waited for its turn, at once
    _settle() {
      this._stop();
      if (this._stale) for (const path of Object.values(this._layers)) path._project();
      this._stale = false;
    },
    _start() {
      this._stop();
      const { _center, _zoom } = this;
      /** @type {Values} */ (L.Renderer.prototype)._update.call(this);
      const view = { _center: this._center, _zoom: this._zoom };
      // the sheet on the screen is still of the view before
      Object.assign(this, { _center, _zoom });
      const sheet = document.createElement("canvas");
      const sharp = L.Browser.retina ? 2 : 1;
      const { x, y } = this._bounds.getSize();
      [sheet.width, sheet.height] = [x * sharp, y * sharp];
      const brush = sheet.getContext("2d", { willReadFrequently: true });
      this._job = { sheet, brush, view, sharp, order: this._drawFirst, frame: 0 };
      this._straighten(brush, sharp);
      this._wait();
    },
    /** @param {CanvasRenderingContext2D} brush @param {number} sharp */
    _straighten(brush, sharp) {
      brush.scale(sharp, sharp);
      brush.translate(-this._bounds.min.x, -this._bounds.min.y);
    },
    _wait() {
      this._job.frame = requestAnimationFrame(() => this._turn(performance.now() + TURN_MS));
    },
    /** @param {number} until */
    _turn(until) {
      const job = this._job;
      const shown = this._ctx;
      this._ctx = job.brush;
      this._drawing = true;
      while (job.order && performance.now() < until) this._chunk(job);
      this._drawing = false;
      this._ctx = shown;
      if (job.order) this._wait();
      else this._show(job);
    },
    /** @param {Values} job */
    _chunk(job) {
      for (let left = CHUNK; job.order && left; left -= 1) {
        const { layer, next } = job.order;
        job.order = next;
        if (!layer._map) continue;
        if (this._stale) layer._project();
        layer._update();
      }
      // strokes are only noted down until somebody looks at them, and then come all at once
      job.brush.getImageData(0, 0, 1, 1);
    },
    /** @param {{ sheet: HTMLCanvasElement, view: object, sharp: number }} job */
    _show({ sheet, view, sharp }) {
      this._job = null;
      this._stale = false;
      Object.assign(this, view);
      const canvas = this._container;
      L.DomUtil.setPosition(canvas, this._bounds.min);
      [canvas.width, canvas.height] = [sheet.width, sheet.height];
      canvas.style.width = `${sheet.width / sharp}px`;
      canvas.style.height = `${sheet.height / sharp}px`;
      this._ctx.drawImage(sheet, 0, 0);
      this._straighten(this._ctx, sharp);
      this.fire("turned");
    },
  });
};
variants.map.pen = patient;
