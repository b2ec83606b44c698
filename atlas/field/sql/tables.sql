-- the tables of a store, the same in both databases but for the words in braces, which each database fills in.
-- Nothing in changes, imports, quarantine, proposals and media is ever altered or removed: triggers see to it.
CREATE TABLE atlas_store (
  {serial}, "key" TEXT NOT NULL UNIQUE, "value" TEXT NOT NULL
);
-- who changed what, when and from what: the only truth, everything else is made of it
CREATE TABLE changes (
  {serial}, change_id TEXT NOT NULL, record_id TEXT NOT NULL, field TEXT NOT NULL, "value" TEXT NOT NULL,
  parents TEXT NOT NULL, author TEXT, device TEXT, claimed_at TEXT, origin TEXT, received_at TEXT NOT NULL
);
CREATE UNIQUE INDEX changes_by_id ON changes (change_id);
CREATE INDEX changes_of_record ON changes (record_id);
CREATE TABLE imports (
  {serial}, import_id TEXT NOT NULL UNIQUE, file TEXT NOT NULL, sha256 TEXT NOT NULL, imported_at TEXT NOT NULL,
  imported_by TEXT, row_count INTEGER NOT NULL, quarantined INTEGER NOT NULL, new_changes INTEGER NOT NULL
);
CREATE TABLE quarantine (
  {serial}, quarantine_id TEXT NOT NULL UNIQUE, file TEXT NOT NULL, sha256 TEXT NOT NULL, place TEXT NOT NULL,
  reason TEXT NOT NULL, raw TEXT NOT NULL, received_at TEXT NOT NULL
);
CREATE TABLE proposals (
  {serial}, proposal_id TEXT NOT NULL UNIQUE, first_id TEXT NOT NULL, second_id TEXT NOT NULL, why TEXT NOT NULL,
  proposed_at TEXT NOT NULL
);
CREATE TABLE media (
  {serial}, media_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, kind TEXT NOT NULL, sha256 TEXT NOT NULL,
  data {bytes} NOT NULL
);
-- the current state, for QGIS and QField
CREATE TABLE annotations (
  {fid}, geom {geometry}, id TEXT NOT NULL UNIQUE, category TEXT, note TEXT, observed_at TEXT, position_basis TEXT,
  reach TEXT, "coordinateUncertaintyInMeters" {real}, confidence TEXT, sensitivity TEXT NOT NULL, consent TEXT,
  photos TEXT, status TEXT NOT NULL, deleted INTEGER NOT NULL, conflicts TEXT, same_as TEXT,
  municipality_cvegeo TEXT, municipality_name TEXT, nearest_reach TEXT, chainage_km {real}, border_distance_m {real},
  author TEXT, extra TEXT
);
