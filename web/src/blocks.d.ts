// the blocks of data that a page carries, by their names: what Python writes and the scripts read

/** Lines as steps of a grid, packed. */
interface Packed {
  perDegree: number;
  steps: string;
  sizes: string;
}
/** Title, publisher, year, address and language of a source, and its headline where it has no title. */
type Source = [
  title: string | null,
  publisher: string | null,
  year: number | null,
  url: string | null,
  language: string,
  headline?: string,
];
/** From and to, in kilometres of the line. */
type Span = [from: number, to: number];

/** Lines of roads by how important they are, 0 the most. */
interface Roads {
  perDegree: number;
  ranks: { rank: number; steps: string; sizes: string }[];
}

/** A published length of the border. */
interface PublishedLength {
  km: number;
  printed: string | null;
  definition: string;
  publisher: string | null;
  claimant: string | null;
  bound: string | null;
  hedge: string | null;
  year: string | number | null;
  basis: string;
  marked?: true;
}
interface PostAbout {
  id: string;
  agencies: string[];
  years: [number, number] | null;
  disagree: boolean;
}
interface BeltLength {
  key: string;
  measured_km: number;
  published: [item: string, km: number][];
}
interface YearEvent {
  id: string;
  title: string;
  when: string;
  basis: string;
  years: [number, number];
}
/** Figures of one card by year, as printed. */
interface CardTable {
  number: number;
  card: string;
  years: number[];
  documents: string[];
  states: { [state: string]: (number | null)[] };
  total: (number | null)[];
  checks: CardCheck[];
}
interface CardCheck {
  status: string;
  total: number | null;
  sum: number | null;
  difference: number | null;
  absent: string[];
}
interface MunicipalFigure {
  unit: string | null;
  values: (number | null)[];
  classes: { [method: string]: MunicipalClasses };
}
interface MunicipalClasses {
  ranges: [low: number, high: number][];
  counts: number[];
  of: (number | null)[];
  fit: number;
}
interface MunicipalSums {
  state: string | null;
  count: number;
  [figure: string]: any;
}
interface TableOfText {
  columns: string[];
  rows: string[][];
}
interface PlaceName {
  kind: string;
  key?: string;
  name?: string;
  at: Position;
  from: number;
  to: number;
}
/** One field of the form of field notes, out of its schema. */
interface FormField {
  name: string;
  types: string[];
  titles: { [language: string]: string };
  descriptions: { [language: string]: string };
  values: [code: string, labels: { [language: string]: string }][];
  required: boolean;
  control: string;
  default: Json;
  pattern: string | null;
  unit?: string | null;
  limits: { maxLength?: number; minimum?: number; maximum?: number; exclusiveMinimum?: number };
}
interface ReferenceLayer {
  name: string;
  features: [name: string | null, geometry: Geometry][];
}

interface BorderSide {
  code: string;
  country: string | null;
  name: { [language: string]: string };
}

interface PageBlocks {
  border: {
    locales: { [language: string]: string };
    around: [west: number, south: number, east: number, north: number];
    here: Omit<BorderSide, "code"> & { land: string; lies: "left" | "right" | null };
    neighbours: BorderSide[];
  } | null;
  roads: Roads;
  cloud: CloudAbout | null;
  archive: ArchiveAbout | null;
  [lane: `cloud-${string}`]: string[] | null;
  portrayals: { [layer: string]: Portrayal };
  texts: { [language: string]: { [key: string]: string } };
  spanish: { [words: string]: string };
  translations: { [language: string]: { [words: string]: string } };
  sources: { [id: string]: Source };
  grid: Packed;
  places: PlaceName[];
  seats: string[];
  line: Packed & { neighbours: string[] };
  stretches: { [layer: string]: (Span[] | null)[] };
  lengths: PublishedLength[];
  municipalities: {
    figures: { [name: string]: MunicipalFigure };
    states: string[];
    totals: MunicipalSums[];
    inset: [number, number, number, number] | null;
  };
  posts: PostAbout[];
  containment: { years?: [number, number]; cited?: { [item: string]: string[] }; lengths: BeltLength[] };
  events: YearEvent[];
  counts: { lengthKm: number; turnKm: number; stretches: { [total: string]: [extent: string, spans: Span[]] } };
  dots: { choices: string[]; first: string };
  withheld: number;
  cards: CardTable[];
  tables: { [name: string]: TableOfText };
  form: { fields: FormField[] };
  reference: ReferenceLayer[];
  accuracy: { [layer: string]: number };
  site: { version: string } | null;
  tiles: {
    url: string;
    name: string;
    hosts: string;
    attribution: string;
    subdomains: string[];
    deepest: number;
    wantsReferrer: boolean;
  };
}
