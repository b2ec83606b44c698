// what leaves the page: a file that the person saves, sealed unless they decide otherwise; its name says the day and nothing else

import { all, byId, el } from "../dom.js";
import { number, t } from "../i18n.js";
import * as changes from "./changes.js";
import * as csv from "./csv.js";
import { ask, secret } from "./dialog.js";
import * as filter from "./filter.js";
import * as jpeg from "./jpeg.js";
import * as notebook from "./notebook.js";
import * as protect from "./protect.js";
import * as rings from "./rings.js";
import { sha256 } from "./sha256.js";
import * as sync from "./sync.js";
import * as vault from "./vault.js";
import * as wkt from "./wkt.js";
import * as words from "./words.js";

const SKIPPED = new Set(["geometry", "deleted"]);
const COLUMNS = [
  "id",
  "category",
  "note",
  "observed_at",
  "sensitivity",
  "confidence",
  "consent",
  "position_basis",
  "latitude",
  "longitude",
  "geometry",
  "coordinateUncertaintyInMeters",
  "reach",
  "photos",
  "atlas_base",
];

// a generalised note may be told by its area only: the file would have its exact place
/** @param {FieldRecord[]} records */
const guarded = (records) => records.filter((record) => notebook.state(record).values.sensitivity !== "open").length;

// ── the files ────────────────────────────────────────────────────────────
/** @param {FieldRecord} record */
const feature = (record) => {
  const { values } = notebook.state(record);
  const properties = Object.fromEntries(
    Object.entries(values).filter(([name, value]) => !SKIPPED.has(name) && value !== null),
  );
  return {
    type: "Feature",
    id: record.id,
    geometry: values.geometry ? rings.closed(values.geometry) : null,
    properties: { id: record.id, ...properties },
    atlas: { changes: notebook.history(record).map(({ origin: _origin, ...change }) => change) },
  };
};
/** @param {FieldRecord[]} records */
const media = async (records) => {
  const names = new Set(records.flatMap((record) => notebook.state(record).values.photos ?? []));
  const photographs = [];
  for (const name of names) {
    const photo = await sync.photo(name);
    if (!photo) continue;
    try {
      // pages before this one took in photos with more than their picture
      const bytes = jpeg.bare(photo.bytes);
      photographs.push({ name, type: photo.type, sha256: sha256(bytes), data: vault.base64(bytes) });
    } catch {
      /* it shows no picture either */
    }
  }
  return photographs;
};
/** @param {FieldRecord[]} records */
export const geojson = async (records) => {
  const { device, author } = sync.state;
  return JSON.stringify({
    type: "FeatureCollection",
    features: records.map(feature),
    atlas: { format: "atlas-field-notes", version: 1, device, author, media: await media(records) },
  });
};
// the heads that a row was made from, so that what comes back is merged and not guessed
/** @param {FieldRecord} record */
const base = (record) => {
  const { values } = notebook.state(record);
  const fields = Object.fromEntries(
    [...record.fields.keys()].map((name) => [
      name,
      [changes.traceOf(values[name]), ...notebook.heads(record, name).map(({ change_id }) => change_id)],
    ]),
  );
  return changes.canonical({ record: record.id, fields });
};
/** @param {FieldRecord[]} records */
export const table = (records) => {
  const more = words.form.fields
    .map(({ name }) => name)
    .filter((name) => !COLUMNS.includes(name) && !["status", "decision", "deleted"].includes(name));
  return csv.write(
    [...COLUMNS, ...more],
    records.map((record) => {
      const { values } = notebook.state(record);
      const isPoint = values.geometry?.type === "Point";
      const [longitude, latitude] = isPoint ? values.geometry.coordinates : [null, null];
      const geometry = values.geometry && !isPoint ? wkt.write(rings.closed(values.geometry)) : null;
      return {
        ...values,
        id: record.id,
        latitude,
        longitude,
        geometry,
        photos: (values.photos ?? []).join("; ") || null,
        atlas_base: base(record),
      };
    }),
  );
};

/** @param {number} value */
const two = (value) => String(value).padStart(2, "0");
/** @param {string} ending */
export const fileName = (ending) => {
  const d = new Date();
  return `field-notes-${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}.${ending}`;
};
/** @param {string} text @param {string} ending @param {string} type */
export const hand = (text, ending, type) => {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = el("a", { href: address, download: fileName(ending) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
};

// ── sealed, and handed on ────────────────────────────────────────────────
const note = () => sync.set({ exported: new Date().toISOString() });
// browsers share only kinds of files that they know; the import tells what is in it by its content
/** @param {string} text */
const shareable = (text) =>
  [
    new File([text], fileName("atlasnotes"), { type: "application/json" }),
    new File([text], fileName("atlasnotes.txt"), { type: "text/plain" }),
  ].find((file) => navigator.canShare?.({ files: [file] })) ?? null;
/** @type {{ of: string, text: string } | null} */
let ready = null;
/** @param {string} word @param {FieldRecord[]} records */
const sealedText = async (word, records) => JSON.stringify(await vault.sealText(word, await geojson(records)));
// resolves to a fault to show, or nothing: some browsers want a tap of its own for the sheet, once all is sealed
/** @param {string} word @param {FieldRecord[]} records */
const share = async (word, records) => {
  const of = `${word} ${records.map(({ id }) => id).join()}`;
  if (ready?.of !== of) ready = { of, text: await sealedText(word, records) };
  const file = shareable(ready.text);
  if (!file) return t("note.share.cannot");
  try {
    await navigator.share({ files: [file] });
  } catch (error) {
    const { name } = /** @type {Error} */ (error);
    return t(name === "NotAllowedError" ? "note.share.again" : "note.share.cancelled");
  }
  ready = null;
  return null;
};

// ── the question ─────────────────────────────────────────────────────────
// the first has the focus and is what Enter saves
const FORMATS = ["atlasnotes", "geojson", "csv"];
/** @param {string} name @param {string} value @param {string} label @param {boolean} checked @param {() => void} change */
const radio = (name, value, label, checked, change) => {
  const id = `${name}-${value}`;
  const input = el("input", { type: "radio", name, id, value, onchange: change });
  input.checked = checked;
  return el("span", { class: "choice" }, input, el("label", { for: id }, label));
};
/** @param {string} name */
const chosen = (name) => {
  /** @type {HTMLInputElement[]} */
  const [input] = all(`input[name="${name}"]:checked`);
  return input?.value;
};

export const open = async () => {
  const { matches, filtered } = filter.apply();
  const every = notebook.all();
  const scope = () => (chosen("export-scope") === "found" ? matches : every);
  const first = secret("export-secret", t("note.secret"), { fresh: true, hint: t("note.export.secret.hint") });
  const again = secret("export-again", t("note.secret.again"));
  const sure = el("input", { type: "checkbox", id: "export-sure" });
  const warning = el("p", { class: "warning", id: "export-warning" });
  const sealed = el("div", {}, first.box, again.box);
  const plain = el("div", { class: "field check" }, sure, el("label", { for: "export-sure" }, t("note.export.sure")));
  const refresh = () => {
    const closed = chosen("export-format") === "atlasnotes";
    const count = guarded(scope());
    sealed.hidden = !closed;
    plain.hidden = closed || !count;
    warning.hidden = closed || !count;
    warning.textContent = t("note.export.warning", { count: number(count) });
    for (const input of [first.input, again.input]) input.required = closed;
    const sharing = byId("export-share");
    if (sharing) sharing.hidden = !closed;
  };
  const body = [
    el(
      "fieldset",
      { class: "field" },
      el("legend", {}, t("note.export.format")),
      el(
        "div",
        { class: "choices" },
        ...FORMATS.map((one) =>
          radio("export-format", one, t(`note.export.${one}`), one === FORMATS[0], () => refresh()),
        ),
      ),
    ),
    filtered
      ? el(
          "fieldset",
          { class: "field" },
          el("legend", {}, t("note.export.scope")),
          el(
            "div",
            { class: "choices" },
            radio("export-scope", "all", t("note.export.all", { count: number(notebook.living().length) }), true, () =>
              refresh(),
            ),
            radio("export-scope", "found", t("note.export.found", { count: number(matches.length) }), false, () =>
              refresh(),
            ),
          ),
        )
      : el("p", { class: "hint" }, t("note.export.all", { count: number(notebook.living().length) })),
    warning,
    plain,
    sealed,
  ];
  /** @param {(secret: string, records: FieldRecord[]) => Promise<string | null>} way */
  const sealing = async (way) => {
    const records = scope();
    const fault = protect.weak(first.input.value, again.input.value) ?? (await way(first.input.value, records));
    if (!fault && records.length === every.length) await note();
    return fault;
  };
  const check = async () => {
    const format = chosen("export-format");
    const records = scope();
    if (format === "atlasnotes")
      return sealing(async (word) => {
        hand(await sealedText(word, records), "atlasnotes", "application/json");
        return null;
      });
    if (guarded(records) && !sure.checked) {
      sure.focus();
      return t("note.export.unsure");
    }
    if (format === "geojson") {
      hand(await geojson(records), "geojson", "application/geo+json");
      if (records.length === every.length) await note();
    } else hand(table(records.filter((record) => notebook.state(record).values.deleted !== true)), "csv", "text/csv");
    return null;
  };
  const asked = ask({
    title: t("note.export"),
    body,
    buttons: [
      { label: t("note.cancel"), value: null },
      ...(shareable("")
        ? [{ label: t("note.share"), value: true, id: "export-share", check: () => sealing(share) }]
        : []),
      { label: t("note.export.save"), value: true, main: true, id: "export-save", check },
    ],
  });
  refresh();
  return asked.finally(() => {
    ready = null;
  });
};
