// the shapes of what passes between modules; no code, and nothing of it reaches a page

/** What JSON can say. */
type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** What a record has in its fields: any JSON, and whoever reads a field knows what stands in it. */
type Values = { [field: string]: any };

/** What another device, a file or a server stated: whoever reads it checks what they need of it. */
type Stated = Values[string];

/** Latitude before longitude, in degrees, as Leaflet has them. */
type LatLon = [number, number];
/** Longitude before latitude, in degrees, as GeoJSON has them. */
type Position = number[];

/** What one field of one record was said to be; its name is the hash of the rest. */
interface Change {
  change_id: string;
  record_id: string;
  field: string;
  value: Values[string];
  parents: string[];
  author: string | null;
  device: string | null;
  claimed_at: string | null;
  origin?: string;
}

/** All changes of one record, by field, and what they come to. */
interface FieldRecord {
  id: string;
  /** The place in which it came, counted from 1. */
  arrived: number;
  fields: Map<string, FieldChanges>;
  /** What versions of a form's submission brought. */
  versions: Change[];
  known: Set<string>;
  brought: Map<string, Map<string, string[]>> | null;
  state: RecordState | null;
}
interface FieldChanges {
  changes: Change[];
  replaced: Set<string>;
}
interface RecordState {
  values: Values;
  conflicts: { [field: string]: Change[] };
  torn: boolean;
  /** The record's words for the search, made when they are first asked for. */
  words?: string;
}

/** A geometry of GeoJSON, loosely: each reader checks what it needs of it. */
interface Geometry {
  type: string;
  coordinates?: any;
  geometries?: Geometry[];
}

/** Why something could not be read: the last part of the key of a text, and what stands in the text. */
interface Fault {
  fault: string;
  values: Values;
}

/** What an element may be given: a listener where the name begins with `on`; null and false leave one out. */
type Attributes = { [name: string]: string | number | boolean | null | undefined | ((event: any) => unknown) };
/** What stands in an element: text never becomes markup. */
type Child = Node | string | null | undefined;

/** What of a feature is drawn: points, lines or areas, and a key that features of the same shape share. */
type Shape =
  | { kind: "p"; key?: string | null; positions: LatLon[] }
  | { kind: "l"; key?: string | null; positions: LatLon[][] }
  | { kind: "a"; key?: string | null; positions: LatLon[][][] };
/** Places in lines, in rings, in parts. */
type Places = LatLon[] | Places[];
/** What a path of Leaflet has of its own, for those that the atlas draws in another way. */
interface QuickPath {
  options: { smoothFactor: number };
  _bounds: L.LatLngBounds;
  _reach: L.LatLngBounds | null;
  _latlngs: Places;
  _map: L.Map;
  _renderer: { _bounds: L.Bounds };
  _pxBounds?: L.Bounds;
  _rings: L.Point[][];
  _parts: L.Point[][];
  _projectLatlngs(places: Places, rings: L.Point[][], box: L.Bounds): void;
}
interface Feature {
  id: string;
  layer: string;
  values: Values;
  shape: Shape | null;
  readonly name: string;
  hidden?: boolean;
  /** How many points are where this one is, where they are not all listed. */
  crowd?: number;
}
/** A field: its name, its type, its unit, whether it is coded. */
type Field = [name: string, type: string, unit: string | null, coded?: boolean];
interface Layer {
  name: string;
  group: string;
  shown: boolean;
  features: Feature[];
  fields: Field[];
  facts: string[];
  title: string[];
  licence: string;
  attribution: string;
  /** Points that are no features: how many, and how many a filter leaves. */
  crowd?: { count: number; left: number };
}
/** The same under a name that Leaflet does not have. */
type AtlasLayer = Layer;
/** A feature and the layer that it belongs to. */
type Placed = [Layer, Feature];
type Layers = Map<string, Layer>;

/** A name or mark on the map, from a zoom on. */
interface MapName {
  kind: string;
  text: string;
  at: LatLon;
  from: number;
  to?: number;
  weight: number;
  lang?: string;
  /** Degrees clockwise of a mark across a line. */
  turn?: number;
  /** Pixels from the place to the middle of the words. */
  offset?: [number, number];
  /** Pixels that stay free around the place. */
  clear?: number;
  /** Whether the place has a dot. */
  dot?: boolean;
  /** Whether the border line may not run through the words. */
  clearOfLine?: boolean;
  /** Whether words in these pixels (left, top, right, bottom) hide something that they had better not. */
  over?: (box: number[]) => boolean;
  /** Other places that the words may stand at. */
  or?: LatLon[];
  onClick?: () => void;
}
/** How a path looks: options of Leaflet, and those that the pen of these pages adds. */
interface Look extends Omit<L.CircleMarkerOptions, "dashArray"> {
  dashArray?: string | null;
  hollow?: string | null;
  hatch?: string | null;
  ties?: string | null;
  /** What stands inside a disc, and its colour. */
  mark?: string;
  ink?: string;
  /** Whether the radius says something. */
  sized?: boolean;
  /** What is drawn over the ground of an area, and which hatch that is, 0 where there is none. */
  over?: CanvasPattern | null;
  lined?: number;
}

/** What JPEG's tables and components are read into. */
interface JpegFrame {
  progressive: boolean;
  width: number;
  height: number;
  components: Map<number, number[]>;
}
interface JpegPiece {
  data: Uint8Array;
  used: boolean;
}
interface JpegRead {
  frame: JpegFrame | null;
  parts: { marker: number; pieces: JpegPiece[]; scan: Uint8Array | never[] }[];
  jfif: boolean;
  transform: number | null;
  orientation: number;
  tables: Map<string, JpegPiece>;
  quantised: Set<number>;
  bits: Map<number, number>;
}
/** Codes of a Huffman table: the length and value of the one that sixteen bits begin with. */
interface HuffmanCodes {
  length: Uint8Array;
  value: Uint8Array;
}

/** What opens all entries of a store, sealed under a passphrase. */
interface StoreLock {
  salt: Uint8Array<ArrayBuffer>;
  iterations: number;
  iv: Uint8Array<ArrayBuffer>;
  data: Uint8Array<ArrayBuffer>;
}
interface Sealed {
  iv: Uint8Array<ArrayBuffer>;
  data: Uint8Array<ArrayBuffer>;
}

/** West, south, east and north in degrees. */
interface Box {
  west: number;
  south: number;
  east: number;
  north: number;
}

/** A number, a word or a mark of a pair of coordinates. */
interface PairToken {
  digits?: string;
  minus?: boolean;
  signed?: boolean;
  word?: string;
  mark?: string;
}
/** A position in degrees, how fine it is written, and the metres around it where the text says them. */
interface PairRead {
  lat: number;
  lon: number;
  step: number;
  metres?: number;
}
/** The numbers of one half, the axis that a word gave them, and the side: 1, -1, or 0 where none is given. */
interface PairHalf {
  numbers: PairToken[];
  axis: "x" | "y" | null;
  turn: number;
}

/** How lines of a table are cut into cells. */
interface Cutter {
  quoted(line: string, from: number, first?: boolean): { text: any; behind: number; plain: boolean };
  cut(line: string, from?: number): { cells: string[]; open: boolean };
  alone(line: string): string[];
}
/** What the header lets one expect of a row. */
interface Expected {
  width: number;
  placed(cells: string[]): boolean;
  whole(cells: string[]): boolean;
}
/** The cells of a row and the line behind it, or what is wrong and how many lines are lost with it. */
interface CutRow {
  cells?: string[];
  fault?: string;
  end: number;
  lines?: number;
  values?: { [name: string]: number };
}

/** A figure of one year in a small chart. */
interface ChartPoint {
  year: number;
  value: number | null;
  document: string;
  marked: boolean;
  caption: string;
}
interface ChartOptions {
  most: number;
  id: string;
  label: string;
  choose: (year: number) => void;
}
interface BarOptions {
  most: number;
  id: string;
  choose: (year: number) => void;
  count: number;
  width: number;
  lefts: number[];
  named: (index: number) => boolean;
}
/** A box of a filter: its token in the address, what names its value, and which features it is about. */
interface FilterBox {
  token: string;
  layer: Layer | undefined;
  field: string;
  value: string;
  mine: (layer: Layer, feature: Feature) => boolean;
}
interface SearchEntry {
  layer: Layer;
  feature: Feature;
  title: string;
  /** The title as it is searched, with a blank before it. */
  name: string;
  known: string[];
  all: string;
  rank?: number;
}
/** A row of a legend: a text's key, or a coded field and its value; the layer, the values and the kind of its sign. */
type LegendRow =
  | [text: string | [field: string, value: string], layer: string, values: Values, kind: string]
  | (() => Element);
/** How a user's own layer is drawn: the class and the size of each feature, and the classes. */
interface Portrayal {
  of: number[];
  shares: (number | null)[];
  classes: PortrayedClass[];
  sizes: number[];
  opacity: number;
  /** Share of the widest line, and those of the legend. */
  widths: (number | null)[];
  widthSteps: number[];
  labels: (string | null)[];
  hatch: boolean;
  /** The number of each feature's time in `steps`. */
  times: (number | null)[];
  steps: string[];
  /** The field that has the classes. */
  field: string | null;
}
/** A piece of a drawing that becomes SVG, or pixels: a path or a text, in pixels from the upper left. */
interface Mark {
  d?: string;
  text?: string;
  x?: number;
  y?: number;
  size?: number;
  bold?: boolean;
  italic?: boolean;
  middle?: boolean;
  halo?: string;
  fill?: string | null;
  fillOpacity?: number;
  stroke?: string | null;
  width?: number;
  dash?: string | null;
  opacity?: number;
  /** How the lines of a hatch run, 0 where there is none. */
  hatch?: number;
}
interface Drawing {
  width: number;
  height: number;
  marks: Mark[];
}
type PortrayedClass = [colour: string, mark: string, count: number, empty: boolean];
/** A straight part of a line, from where to where, and in metres from the beginning of the line. */
interface Piece {
  from: LatLon;
  to: LatLon;
  start: number;
  end: number;
}

/** A photo without its picture, as a file and the storage name it. */
interface PhotoHead {
  name: string;
  type: string;
  sha256: string;
}
/** A photo that the page knows: its bytes, or where they lie in the storage. */
interface Photo extends PhotoHead {
  at?: IDBValidKey;
  bytes?: Uint8Array<ArrayBuffer>;
}
interface PhotoInFile extends PhotoHead {
  data: string;
}
/** A note in the form, kept at every keystroke. */
interface Draft {
  id: string;
  record: string;
  fresh: boolean;
  values: Values;
  before: Values;
  base: { [field: string]: string[] };
  settled: string[];
  typed: string;
  touched?: boolean;
  typed_at?: number;
}
/** One field set by an act of a person, and the changes that it replaces where the act knows them. */
interface Step {
  id: string;
  field: string;
  value: Json | Geometry;
  parents?: string[];
}
interface Act {
  forward: Step[];
  back: Step[];
}
/** A point of a record on the map, in pixels. */
interface Dot {
  id: string;
  at: L.Point;
  category: string;
}
/** A control of the form for one field; whoever turns it is told to `change`. */
type Control = (field: FormField, value: any, change: (value: any) => void) => HTMLElement;
/** What a feature of a file says: its changes, or why it has none. */
interface FeatureRead {
  fault?: string;
  values?: Values;
  made?: Change[];
  /** Columns that nothing used, and fields that an emptied cell left as they were. */
  unused?: string[];
  kept?: string[];
}
/** A question over the page. */
interface Question {
  title: string;
  body?: Child[];
  buttons: Button[];
  wide?: boolean;
}
interface Button {
  label: string;
  value: any;
  class?: string;
  main?: boolean;
  id?: string;
  /** Answers with a fault to show, or with nothing, and the dialog is done. */
  check?: () => Promise<string | null>;
}

/** What the page of containment says of an item, for its table. */
interface BeltWords {
  what: (feature: Feature) => HTMLElement;
  dated: (feature: Feature) => string;
  distance: (feature: Feature) => string | null;
  ends: (feature: Feature) => string;
  cited: (feature: Feature) => (Node | string)[];
  drawn: (feature: Feature) => string;
  features: Feature[];
}
/** What the page of crossings says of a count. */
interface CountTexts {
  universe: (values: Values) => HTMLElement;
  extent: (feature: Feature) => string;
}

/** Where kilometres stand in a straightened drawing: pixels of the first, pixels of each, and how many there are. */
interface StripScale {
  left: number;
  perKm: number;
  readonly length: number;
}
/** An item of a band; the page may keep in `data` what it likes. */
interface StripItem<D> {
  spans: Span[];
  /** A sign stands at one place instead. */
  at?: number;
  /** The words, or several, the best first. */
  label?: string | (string | undefined)[];
  short?: string;
  /** Words, data and hint of each lozenge. */
  labels?: [text: string, data: D, hint: string][];
  hint?: string;
  sign?: string;
  ink: string;
  opacity?: number;
  dash?: string;
  hatch?: string | null;
  /** An interval with round ends: solid, dashed or hollow. */
  pill?: string;
  lang?: string;
  data?: D;
}
interface StripBand<D> {
  key: string;
  title: string;
  kind: "blocks" | "marks" | "stretches" | "counts";
  items: StripItem<D>[];
}
type DrawBand<D> = (items: StripItem<D>[], y: number) => [nodes: SVGElement[], tall: number];
interface StripOptions<D> {
  length: number;
  file: string;
  title: () => string;
  credit: () => string;
  bands: () => StripBand<D>[];
  say: (km: number) => string;
  start?: number | null;
  minWidth?: number;
  onCursor?: (km: number) => void;
  onItem?: (item: StripItem<D> | null) => void;
  onOpen?: (item: StripItem<D>, km: number) => void;
}

type MeasuredLine = ReturnType<typeof import("./measured.js").measuredLine>;
/** The vertical scale of the curve over rulers. */
interface RulerScale {
  step: number;
  floor: number;
  ceiling: number;
  y: (km: number) => number;
}
/** A published length, and the rulers that give it; null where none does. */
interface RulerFigure {
  km: number;
  range: Span | null;
}
/** Figures of one state, or the total, in a table of cards. */
interface CardSeries {
  name: string;
  values: (number | null)[];
  total: boolean;
}
/** A post of a checkpoint: what is said of it, its feature, and where it lies on the road. */
interface CheckPost extends PostAbout {
  feature: Feature;
  from: number;
  to: number;
}
/** What an item of the border's strip stands for. */
interface OnBorder {
  layer: Layer;
  features: Feature[];
}

/** Whether notes are kept; kind: starting, plain, locked, sealed or none; trouble: full, refused, or nothing. */
interface SyncState {
  kind: string;
  reason: string | null;
  trouble: string | null;
  unkept: number;
  device: string | null;
  author: string | null;
  minutes: number;
  /** when all notes last left the page, by the device's clock */
  exported: string | null;
}
/** An event that lasts as long as the work that it waits for. */
interface LastingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
  readonly data: { kind?: string } | null;
  readonly ports: readonly MessagePort[];
}
/** What the worker of the site has of its own; the types of a page know nothing of it. */
interface SiteWorker {
  readonly atlasSite: {
    version: string;
    policy: string;
    files: { [name: string]: { sha256: string; type: string; policy?: string } };
  };
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: object): Promise<{ postMessage(message: unknown): void }[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(kind: string, listener: (event: LastingEvent) => void): void;
}
/** A file that a person gave the page to write to; permission is asked only where the browser knows the question. */
interface ChosenPlace {
  readonly name: string;
  queryPermission?(wanted: object): Promise<string>;
  requestPermission?(wanted: object): Promise<string>;
  createWritable(): Promise<{ write(text: string): Promise<void>; close(): Promise<void> }>;
}
/** The browser's offer to install the page. */
interface InstallOffer extends Event {
  prompt(): void;
  readonly userChoice: Promise<unknown>;
}
/** One measurement of where the device is: when by the page's clock, degrees, and the radius in metres where it is known. */
interface Fix {
  at: number;
  lat: number;
  lon: number;
  metres: number | null;
}
type Measured = Fix & { good: boolean; count: number };
/** What seals files to one passphrase: the salt and the key made with it, as base64. */
interface LetterKey {
  salt: string;
  raw: string;
}
/** A file as the import reads it: its features, photos, rows that are none, and rows in which a member stands twice. */
interface FileRead {
  features: any[];
  media: any[];
  refused: Map<number, FeatureRead>;
  twice: Set<string | number>;
}
/** What an import took, and what not and why. */
interface Report {
  name: string;
  rows: number;
  changes: number;
  records: Set<string>;
  photos: number;
  closed: number[];
  blank: { [field: string]: number };
  unused: Set<string>;
  refused: [where: string | number, why: string, values?: Values][];
  kept?: boolean;
}
/** Why a file was not taken at all. */
interface Refusal {
  name: string;
  fault: string;
  values?: Values;
}

/** A field of a cloud of points, and what turns its integers into texts. */
interface CloudField {
  name: string;
  kind: "word" | "number" | "time" | "text";
  bytes: number | null;
  most: number | null;
  words: string[];
  least?: number;
  decimals?: number;
  short?: boolean;
  unit?: number;
  between?: string;
  seconds?: boolean;
  tail?: string;
}
/** What there is of a cloud of points: how many, and the cells that they are sorted by. */
interface CloudAbout {
  layer: string;
  count: number;
  shift: number;
  west: number;
  north: number;
  wide: number;
  high: number;
  bits: number;
  within_m: number;
  single: number;
  classes: boolean;
  /** The field that has the colours, and the class of each of its integers. */
  classed: { field: number; of: number[] } | null;
  fields: CloudField[];
  time: number | null;
}
interface CloudPlaces {
  x: Uint32Array;
  y: Uint32Array;
  start: Uint32Array;
  west: number;
  north: number;
  wide: number;
  high: number;
  side: number;
}
interface CloudLane {
  codes: Uint32Array | Float64Array | null;
  text: (number: number) => string | null;
  of: (code: number) => string | null;
}
/** What is painted: the points, which of them, their classes, and pixels of a step and of a square. */
interface CloudView {
  places: CloudPlaces;
  shown: Uint8Array;
  of: Uint8Array;
  scale: number;
  square: number;
}
interface SquareCounts {
  counts: Uint32Array;
  each: Uint32Array | null;
  classes: number;
  sum: number;
}
/** A range of time that points are filtered by: codes and what they say, the first or the last moment of a bin. */
interface TimeRange {
  field: string;
  least: number;
  most: number;
  text: (code: number, isEnd?: boolean) => string | null;
}
/** What there is of points in an archive beside the page. */
interface ArchiveAbout {
  layer: string;
  count: number;
  bits: number;
  squareBits: number;
  deepest: number;
  within_m: number;
  classes: boolean;
  /** Points of each class and bin of time, classes outside. */
  sums: number[];
  time: {
    field: string;
    unit: number;
    between: string;
    seconds: boolean;
    tail: string;
    first: number;
    last: number;
    width: number;
    count: number;
  } | null;
  file: string;
  id: string;
  size: number;
}
interface ArchivePoints {
  x: Uint32Array;
  y: Uint32Array;
  of: Uint32Array;
  bin: Uint32Array;
  lanes: { name: string; lane: CloudLane }[];
}
interface ArchiveTile {
  zoom: number;
  column: number;
  row: number;
  squares: { x: Uint32Array; y: Uint32Array; of: Uint32Array; bin: Uint32Array; count: Uint32Array } | null;
  points: ArchivePoints | null;
}
/** Which points are shown: all but some kinds, and those of a span of time. */
interface PointFilters {
  hidden: Set<number>;
  time: [number, number] | null;
}
/** What filters ask of a cloud. */
interface FilteredCloud {
  about: CloudAbout;
  shown: Uint8Array;
  of: Uint8Array;
  lanes: CloudLane[];
}
/** What the list of the nearest points asks of a cloud. */
interface ListedCloud {
  _map: L.Map | null;
  places: CloudPlaces | null;
  inSight: () => number;
  around: (x: number, y: number, far: number) => number[];
  feature: (i: number) => Feature;
}
/** What a tap asks of an archive that is drawn. */
interface ArchiveView {
  _map: L.Map;
  _window: { zoom: number; left: number; top: number };
  _shelf: { covering: (zoom: number, column: number, row: number) => Promise<ArchiveTile | null> };
  about: ArchiveAbout;
  grid: { across: number; counts: Uint32Array };
  state: PointFilters;
  featureOf: (tile: ArchiveTile, row: number) => Feature;
}
