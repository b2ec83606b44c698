// what a page may change in the map that all pages share, before the map is drawn
export const map = {
  // how thousands of points are drawn; null where no page of the atlas has as many
  /** @type {{ LEAST: number, of(features: Feature[], look: (feature: Feature) => Look): L.Path } | null} */
  cloud: null,
  // a layer of points beyond all counting, which draws itself
  /** @type {(layer: Layer) => L.Path | null} */
  crowd: () => null,
  // what the pen of the map is made of, where a page draws with another
  /** @type {(Pen: typeof L.Canvas) => typeof L.Canvas} */
  pen: (Pen) => Pen,
  // points that no name may lie on, besides the formal crossings
  /** @type {() => { at: LatLon, radius: number }[]} */
  obstacles: () => [],
  // the zoom from which formal crossings have their names
  crossingsFrom: 8.5,
  // each takes the names of the map and gives others, or fewer
  /** @type {((names: MapName[], byName: Layers) => MapName[])[]} */
  relabel: [],
  // whether lists, names and filters wait for the first drawing of the map
  patient: false,
  // whether the map is drawn for paper now
  printing: false,
};
