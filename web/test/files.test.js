import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { canonical, idOf, make, taken } from "../src/annotate/changes.js";
import { read, write } from "../src/annotate/csv.js";
import { bare } from "../src/annotate/jpeg.js";
import { find, path } from "../src/annotate/repeated.js";
import { closed, enclose, open } from "../src/annotate/rings.js";
import { uuid5 } from "../src/annotate/sha1.js";
import { sha256 } from "../src/annotate/sha256.js";
import * as wkt from "../src/annotate/wkt.js";
import { vectors } from "./vectors.js";

for (const change of vectors("field/data/change_ids.json").changes) {
  test(`a change has the id that the store gives it: ${change.canonical.slice(0, 40)}`, () => {
    assert.equal(idOf(change), change.change_id);
    assert.equal(canonical(change.value), change.canonical);
  });
}

test("a change that was altered on the way is refused", () => {
  const change = make({ record_id: "r1", field: "note", value: "a" });
  assert.equal(taken(change, "file").change.change_id, change.change_id);
  assert.deepEqual(taken({ ...change, value: "b" }, "file"), { fault: "hash" });
  assert.deepEqual(taken({ ...change, record_id: "" }, "file"), { fault: "shape" });
});

test("hashes are those of the standards", () => {
  assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert.equal(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert.equal(
    uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com"),
    "2ed6657d-e927-568b-95e1-2665a8aea6a2",
  );
});

for (const { name, text, rows } of vectors("data/field/quotes.json")) {
  test(`a table has the rows that the import reads: ${name}`, () =>
    assert.deepEqual(
      read(text).map(({ row }) => row ?? null),
      rows,
    ));
}

test("a table comes back as it was written", () => {
  const rows = [
    { id: "1", note: 'a "b", c' },
    { id: "2", note: "two\nlines" },
    { id: "3", note: "ñ; 7" },
  ];
  assert.deepEqual(
    read(write(["id", "note"], rows)).map(({ row }) => row),
    rows,
  );
});

for (const { name, data, kept } of vectors("data/field/photos.json")) {
  if (!name.startsWith("jpeg")) continue;
  test(`a photo keeps its picture and nothing else: ${name}`, () => {
    const bytes = new Uint8Array(Buffer.from(data, "base64"));
    if (!kept) assert.throws(() => bare(bytes));
    else assert.equal(createHash("sha256").update(bare(bytes)).digest("hex"), kept);
  });
}

for (const { text, repeated } of vectors("data/json/repeated.json")) {
  test(`a member that stands twice is reported: ${text.slice(0, 40)}`, () =>
    assert.deepEqual(
      find(text).map(({ name, steps, line }) => [name, path(steps), line]),
      repeated,
    ));
}

test("rings are open in the page, closed in a file, and enclose something", () => {
  const area = {
    type: "Polygon",
    coordinates: [
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 0],
      ],
    ],
  };
  assert.equal(open(area).coordinates?.[0].length ?? 3, 3);
  assert.deepEqual(closed(area), area);
  assert.equal(enclose(area), true);
  assert.equal(
    enclose({
      type: "Polygon",
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [0, 0],
          [1, 0],
        ],
      ],
    }),
    false,
  );
});

test("well-known text comes back as it was written", () => {
  for (const shape of [
    { type: "Point", coordinates: [-92, 15] },
    {
      type: "LineString",
      coordinates: [
        [-92, 15],
        [-91.5, 15.25],
      ],
    },
    {
      type: "Polygon",
      coordinates: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
    },
  ]) {
    assert.deepEqual(wkt.read(wkt.write(shape)), shape);
  }
  assert.equal(wkt.read("POLYGON ((1 2, 3"), null);
});
