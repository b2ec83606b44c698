// what comes in: the union of changes, so that a file twice is a file once; what cannot be taken is named with its reason

import { el } from "../dom.js";
import { number, t } from "../i18n.js";
import * as csv from "./csv.js";
import { ask, secret } from "./dialog.js";
import * as features from "./features.js";
import * as notebook from "./notebook.js";
import * as photos from "./photos.js";
import * as repeated from "./repeated.js";
import * as rings from "./rings.js";
import * as sync from "./sync.js";
import * as vault from "./vault.js";
import * as words from "./words.js";

const MOST_BYTES = 300000000;
const PAUSE = 400;
const NAMED = 10;

// ── reading ──────────────────────────────────────────────────────────────
/** @param {any} bundle */
const askSecret = async (bundle) => {
  const given = secret("import-secret", t("note.secret"));
  /** @type {string | null} */
  let text = null;
  await ask({
    title: t("note.import.sealed"),
    body: [el("p", {}, t("note.import.sealed.body")), given.box],
    buttons: [
      { label: t("note.cancel"), value: null },
      {
        label: t("note.import.open"),
        value: true,
        main: true,
        id: "import-open",
        check: async () => {
          text = await vault.openText(given.input.value, bundle);
          return text === null ? t("note.secret.wrong") : null;
        },
      },
    ],
  });
  return text;
};
// the rows in which a member stands twice, and the first that does outside of them: what it says, it says of all
/** @type {(text: string, document: any) => [Set<string | number>, { name: string, steps: (string | number)[], line: number } | null]} */
const inRows = (text, document) => {
  /** @type {Set<string | number>} */
  const rows = new Set();
  let outside = null;
  for (const one of repeated.find(text)) {
    if (document?.type === "Feature") rows.add(0);
    else if (one.steps[0] === "features" && one.steps.length > 1) rows.add(one.steps[1]);
    else outside ??= one;
  }
  return [rows, outside];
};
/** @type {(rows: ReturnType<typeof csv.read>) => Pick<FileRead, "features" | "refused">} */
const ofTable = (rows) => {
  const read = rows.map((one) => (one.row ? features.ofRow(one.row) : one));
  return {
    features: read,
    refused: new Map(read.flatMap((one, at) => (one && "fault" in one && one.fault ? [[at, one]] : []))),
  };
};
/** @type {(file: File) => Promise<{ fault: string, values?: Values } | FileRead>} */
const parsed = async (file) => {
  if (file.size > MOST_BYTES) return { fault: "large" };
  let text = await file.text();
  // a sealed file may have been shared as a text
  if (/\.(csv|tsv|txt)$/i.test(file.name) && !/^\s*\{\s*"format"\s*:\s*"atlas-/.test(text))
    return { media: [], twice: new Set(), ...ofTable(csv.read(text)) };
  try {
    let document = JSON.parse(text);
    if (document?.format === "atlas-field-notes-sealed" && !repeated.find(text).length) {
      const opened = await askSecret(document);
      if (opened === null) return { fault: "cancelled" };
      text = opened;
      document = JSON.parse(text);
    }
    const [twice, outside] = inRows(text, document);
    if (outside)
      return {
        fault: "twice",
        values: { name: outside.name, place: repeated.path(outside.steps), line: number(outside.line) },
      };
    if (document?.type === "Feature") document = { type: "FeatureCollection", features: [document] };
    if (document?.type !== "FeatureCollection" || !Array.isArray(document.features)) return { fault: "json" };
    return {
      features: document.features,
      media: Array.isArray(document.atlas?.media) ? document.atlas.media : [],
      refused: new Map(),
      twice,
    };
  } catch {
    return { fault: "json" };
  }
};

/** @type {(file: File, onStep?: (at: number, all: number) => void) => Promise<Report | Refusal>} */
export const read = async (file, onStep = () => {}) => {
  const content = await parsed(file);
  if ("fault" in content) return { name: file.name, fault: content.fault, values: content.values };
  /** @type {Report} */
  const report = {
    name: file.name,
    rows: content.features.length,
    changes: 0,
    records: new Set(),
    photos: 0,
    closed: [],
    blank: Object.create(null),
    unused: new Set(),
    refused: [],
  };
  /** @type {Change[]} */
  let waiting = [];
  for (let at = 0; at < content.features.length; at += 1) {
    /** @type {FeatureRead} */
    let one;
    try {
      const refused = content.twice.has(at) ? { fault: "twice" } : content.refused.get(at);
      one =
        refused ?? (content.features[at] ? features.changesOf(content.features[at], file.name) : { fault: "geometry" });
    } catch {
      one = { fault: "feature" };
    }
    if (!one.fault && content.features[at].geometry && rings.open(content.features[at].geometry))
      report.closed.push(at + 1);
    if (one.fault) report.refused.push([at + 1, one.fault, one.values]);
    for (const name of one.unused ?? []) report.unused.add(name);
    for (const name of one.kept ?? []) report.blank[name] = (report.blank[name] ?? 0) + 1;
    for (const change of one.made ?? [])
      if (!notebook.get(change.record_id)?.known.has(change.change_id)) waiting.push(change);
    if (at % PAUSE === PAUSE - 1) {
      onStep(at + 1, content.features.length);
      await new Promise((resolve) => {
        setTimeout(resolve);
      });
    }
  }
  for (const one of content.media) {
    try {
      const { head, bytes } = await photos.fromFile(one);
      if (!sync.photos.has(head.name)) {
        await sync.addPhoto(head, bytes);
        report.photos += 1;
      }
    } catch {
      report.refused.push([String(one?.name ?? "?").slice(0, 80), "photo"]);
    }
  }
  for (const change of waiting) report.records.add(change.record_id);
  report.changes = waiting.length;
  report.kept = await sync.commit(waiting);
  waiting = [];
  return report;
};

// ── saying what happened ─────────────────────────────────────────────────
/** @param {(string | number)[]} names */
const listed = (names) => (names.length > NAMED ? [...names.slice(0, NAMED), "…"] : names).join(", ");
/** @param {Report | Refusal} report */
const summary = (report) => {
  if ("fault" in report)
    return el(
      "p",
      { class: "fault" },
      el("bdi", {}, report.name),
      `: ${t(`note.import.fault.${report.fault}`, report.values)}`,
    );
  const shown = report.refused.slice(0, 50);
  return el(
    "div",
    {},
    el(
      "p",
      {},
      el("bdi", {}, report.name),
      `: ${t("note.import.done", { rows: number(report.rows), records: number(report.records.size), changes: number(report.changes), photos: number(report.photos) })}`,
    ),
    report.closed.length ? el("p", {}, t("note.import.closed", { rows: listed(report.closed) })) : null,
    Object.keys(report.blank).length
      ? el(
          "p",
          {},
          t("note.import.blank", {
            columns: Object.entries(report.blank)
              .map(([name, count]) => `${words.title(name)} (${number(count)})`)
              .join(", "),
          }),
        )
      : null,
    report.unused.size ? el("p", {}, t("note.import.unused", { columns: listed([...report.unused]) })) : null,
    report.kept ? null : el("p", { class: "fault" }, t("note.draft.unkept")),
    report.refused.length
      ? el(
          "details",
          { open: true },
          el("summary", {}, t("note.import.refused", { count: number(report.refused.length) })),
          el(
            "ul",
            {},
            ...shown.map(([where, why, values]) =>
              el("li", {}, el("bdi", {}, String(where)), `: ${t(`note.import.why.${why}`, values)}`),
            ),
          ),
        )
      : null,
  );
};
/** @param {File[]} files @param {HTMLElement} status */
export const importFiles = async (files, status) => {
  /** @type {(Report | Refusal)[]} */
  const reports = [];
  for (const file of files)
    reports.push(
      await read(file, (at, all) => {
        status.textContent = t("note.import.step", { at: number(at), all: number(all) });
      }),
    );
  status.textContent = "";
  await ask({
    title: t("note.import"),
    body: reports.map(summary),
    buttons: [{ label: t("ui.close"), value: true, main: true, id: "import-close" }],
  });
};
