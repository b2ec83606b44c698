// the shapes of what passes between modules; no code, and nothing of it reaches a page

/** What JSON can say. */
type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Latitude before longitude, in degrees, as Leaflet has them. */
type LatLon = [number, number];
/** Longitude before latitude, in degrees, as GeoJSON has them. */
type Position = number[];

/** What one field of one record was said to be; its name is the hash of the rest. */
interface Change {
  change_id: string;
  record_id: string;
  field: string;
  value: any;
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
  values: { [field: string]: any };
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
  values: { [name: string]: any };
}

/** What of a feature is drawn: points, lines or areas, and a key that features of the same shape share. */
interface Shape {
  kind: "p" | "l" | "a";
  key: string | null;
  positions: any[];
}
interface Feature {
  id: string;
  layer: string;
  values: { [field: string]: any };
  shape: Shape | null;
  readonly name: string;
  hidden?: boolean;
}
interface Layer {
  name: string;
  group: string;
  shown: boolean;
  features: Feature[];
  fields: [string, ...any[]][];
  facts: string[];
  licence: string;
  attribution: string;
  [more: string]: any;
}

/** A name or mark on the map, from a zoom on. */
interface MapName {
  kind: string;
  text?: string;
  at: LatLon;
  from: number;
  to?: number;
  weight: number;
  [more: string]: any;
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
interface Lock {
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
