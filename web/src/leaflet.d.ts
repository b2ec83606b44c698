// what the pages use of Leaflet beyond its documentation, and what they hang on its layers; leaflet is pinned
import "leaflet";

declare module "leaflet" {
  interface Layer {
    /** The features that answer for this path, as far as a filter leaves them. */
    features?: Feature[];
    /** All features that it was drawn for. */
    group?: Feature[];
    layerOf?: AtlasLayer;
    /** Draws it in the colours of the theme and of its features as they are now. */
    restyle?(): void;
  }
  interface Path {
    /** Of many features in one drawing, those under the last point that was asked for. */
    hit?: Feature[];
    getBounds?(): LatLngBounds;
    _containsPoint(point: Point): boolean;
    _clipPoints(): void;
  }
  interface Canvas {
    _clear(): void;
    _redraw(): void;
    _redrawBounds: Bounds | null;
    _redrawRequest: number;
    _update(): void;
    _fillStroke(pen: CanvasRenderingContext2D, path: Path): void;
  }
  interface Map {
    _getBoundsCenterZoom(bounds: LatLngBounds, options: object): { center: LatLng; zoom: number };
  }
  interface CRS {
    projection: Projection;
  }
  interface Handler {
    moved?(): boolean;
  }
  interface LeafletEvent {
    feature?: Feature;
    layerOf?: AtlasLayer;
  }
  namespace Control {
    interface Zoom {
      _zoomInButton: HTMLElement;
      _zoomOutButton: HTMLElement;
    }
  }
}
