/** A record as the desk's list has it. */
interface DeskRow {
  id: string;
  category: string | null;
  note: string | null;
  observed_at: string | null;
  sensitivity: string;
  status: string;
  geometry: Geometry | null;
  reach: string | null;
  author: string | null;
  conflicts: string[];
  paired: boolean;
}
interface DeskBoard {
  store: string;
  digest: string;
  counts: { records: number; changes: number; conflicts: number; proposals: number };
  records: DeskRow[];
  /** How many records the store has of each kind, also where not all are sent. */
  waiting: { [kind: string]: number };
}
interface DeskSide {
  change_id: string;
  field: string;
  value: Json;
  author: string | null;
}
interface DeskEntry extends DeskSide {
  device: string | null;
  claimed_at: string | null;
  origin: string | null;
  received_at: string;
  holds: boolean;
  decision: boolean;
}
/** One record with all that a person decides by. */
interface DeskRecord {
  id: string;
  version: string;
  values: Values;
  status: string;
  sensitivity: string;
  conflicts: { [field: string]: DeskSide[] };
  history: DeskEntry[];
  looks_like: { id: string; why: string; values: Values }[];
}
