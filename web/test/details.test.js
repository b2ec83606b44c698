import assert from "node:assert/strict";
import { test } from "node:test";
import { open } from "./page.js";

open({
  texts: {
    en: {
      "ui.yes": "yes",
      "ui.no": "no",
      "ui.nodate": "no date",
      "ui.noplace": "no place",
      "ui.within": "within {distance}",
      "unit.km": "{value} km",
      "fact.river": "River {river}",
      "count.total": "{count} crossings",
      "count.vehicular": "{count} for vehicles",
      "hedge.over": "over",
      "layer.border.title": "Border",
      "value.border.nature.river": "river",
      "confidence.high": "sure",
    },
    es: {},
  },
  sources: { one: ["A title", "A publisher", 2019, null, "en"] },
});
const details = await import("../src/details.js");

const layer = (name, more = {}) => ({ name, group: "line", fields: [], facts: [], title: ["name"], ...more });
const BORDER = layer("border", {
  fields: [
    ["nature", "string", null, true],
    ["length_km", "number", "km"],
    ["since", "string", null],
    ["total_share", "number", null],
    ["year", "integer", null],
    ["count", "integer", null],
  ],
});
const feature = (values) => ({ id: "x", layer: "border", values, shape: null, name: "" });
const shown = (name, value, of = BORDER) => details.shown(of, feature({ [name]: value }), name);

test("a value is shown in words, with its unit, its date, its share", () => {
  assert.equal(shown("nature", "river"), "river");
  assert.equal(shown("length_km", 12.345), "12.3 km");
  assert.equal(shown("since", "2021-03"), "March 2021");
  assert.equal(shown("total_share", 0.5), "50\u00a0%");
  assert.equal(shown("year", 1998), "1998");
  assert.equal(shown("count", 12345), "12,345");
  assert.equal(shown("open", true), "yes");
  assert.equal(shown("names", ["a", null, "b"]), "a and b");
});

test("nothing is shown of what nobody said", () => {
  for (const value of [null, undefined, ""]) assert.equal(shown("nature", value), null);
});

test("a user's file keeps its words and digits", () => {
  const user = layer("own", { group: "own" });
  assert.equal(shown("length_km", { number: "1.50" }, user), "1.50");
  assert.equal(shown("nature", "river", user), "river");
});

test("a card is called by what the feature is", () => {
  assert.equal(details.title(BORDER, feature({ river_name: "Suchiate" })), "River Suchiate");
  assert.equal(details.title(BORDER, feature({ name: null })), "Border");
  const reported = layer("crossings_reported");
  assert.equal(details.title(reported, feature({ total: 370, hedge: "over" })), "over 370 crossings");
  assert.equal(details.title(reported, feature({ total: null, vehicular: 56 })), "56 for vehicles");
  const corridor = layer("corridor", { fields: [["from_place", "string", null]] });
  assert.equal(details.title(corridor, feature({ from_place: "A", to_place: "B" })), "A – B");
});

test("what a name says already is not said again", () => {
  assert.ok(details.repeats("Río Suchiate", "río"));
  assert.ok(!details.repeats("Riomar", "río"));
});

test("a source is named by publisher and year, and in its own language", () => {
  const source = ["A title", "A publisher", null, null, "pt"];
  assert.equal(details.whose(source), "A publisher, no date");
  assert.equal(details.titled(source).attributes.lang, "pt");
});

test("a card holds the facts, how sure they are, and the sources", () => {
  const of = { ...BORDER, facts: ["nature", "length_km"] };
  const point = { kind: "p", positions: [[15, -92]] };
  const values = { nature: "river", length_km: null, confidence: "high", source_ids: ["one"] };
  const text = details.card(of, {
    ...feature({ ...values, coordinateUncertaintyInMeters: 25 }),
    shape: point,
  }).textContent;
  assert.match(text, /sure · within 25 m/);
  assert.match(text, /A title A publisher, 2019/);
  assert.match(details.card(of, feature(values)).textContent, /no place/);
});
