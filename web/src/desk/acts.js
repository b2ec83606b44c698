// what a person does with a record: asked for in a dialog, done by the same functions as the commands
import { ask } from "../annotate/dialog.js";
import * as form from "../annotate/form.js";
import { all, byId, el } from "../dom.js";
import { list, t } from "../i18n.js";
import * as api from "./api.js";
import * as shown from "./shown.js";

const QUESTIONS = ["who_could_be_harmed", "how", "already_public", "what_is_gained"];
const CLASSES = ["open", "generalised", "restricted", "withheld"];
const SHOWING = new Set(["open", "generalised"]);
/** @type {HTMLInputElement} */
const by = byId("by");
/** @type {() => Promise<void>} */
let reload = async () => {};

/** @param {string} id @param {string} label @param {HTMLElement} input @param {string} [hint] */
const field = (id, label, input, hint) => {
  input.id = id;
  return el(
    "div",
    { class: "field" },
    el("label", { for: id }, label),
    input,
    hint ? el("p", { class: "hint" }, hint) : null,
  );
};
// what the other one wrote, beside what was seen here
/** @param {DeskRecord} before */
const showStale = async (before) => {
  const { status, body } = await api.get("/api/record", { id: before.id });
  await ask({
    title: t("desk.stale"),
    wide: true,
    body: [
      el("p", {}, t("desk.stale.words")),
      el(
        "table",
        { class: "sides", id: "stale" },
        el(
          "thead",
          {},
          el("tr", {}, ...["field", "seen", "now"].map((one) => el("th", { scope: "col" }, t(`desk.stale.${one}`)))),
        ),
        el(
          "tbody",
          {},
          ...shown
            .differences(before, status === 200 ? body : null)
            .map(([name, then, now]) =>
              el(
                "tr",
                {},
                el("th", { scope: "row" }, name),
                el("td", {}, el("bdi", {}, then)),
                el("td", {}, el("bdi", {}, now)),
              ),
            ),
        ),
      ),
    ],
    buttons: [{ label: t("desk.stale.look"), value: true, main: true, id: "stale-look" }],
  });
  await reload();
};
// the labels of what has to be answered and is not: the page says it in the reader's language before the store does
const emptied = () =>
  /** @type {HTMLTextAreaElement[]} */ (all("dialog [required]"))
    .filter(({ value }) => !value.trim())
    .map(({ labels }) => labels?.[0]?.textContent ?? "");
/**
 * @param {DeskRecord} record
 * @param {{ title: string, body?: HTMLElement[], needsReason?: boolean, act: () => { [name: string]: Stated } }} asked
 */
const act = async (record, { title, body = [], needsReason = false, act }) => {
  const name = el("input", { value: by.value, maxlength: 200, autocomplete: "off", required: true });
  const reason = el("textarea", { rows: 2, required: needsReason });
  let stale = false;
  const check = async () => {
    const empty = emptied();
    if (empty.length) return t("desk.missing", { fields: list(empty) });
    by.value = name.value;
    const { status, body: answer } = await api.post("/api/act", {
      id: record.id,
      version: record.version,
      by: name.value,
      reason: reason.value,
      ...act(),
    });
    stale = status === 409;
    if (status === 200 || stale) return null;
    return api.refusal(status, answer);
  };
  const done = await ask({
    title,
    body: [
      ...body,
      field("act-reason", t(needsReason ? "desk.reason.needed" : "desk.reason"), reason),
      field("act-by", t("desk.by"), name),
    ],
    buttons: [
      { label: t("note.cancel"), value: null },
      { label: t("desk.do"), value: true, main: true, id: "act-do", check },
    ],
  });
  if (!done) return;
  if (stale) await showStale(record);
  else await reload();
};

/** @param {DeskRecord} record */
export const accept = (record) =>
  act(record, { title: t("desk.accept"), act: () => ({ kind: "review", status: "accepted" }) });
/** @param {DeskRecord} record */
export const reject = (record) =>
  act(record, { title: t("desk.reject"), needsReason: true, act: () => ({ kind: "review", status: "rejected" }) });
/** @param {DeskRecord} record @param {string} name @param {DeskSide} side */
export const keep = (record, name, side) =>
  act(record, {
    title: t("desk.keep"),
    body: [el("p", {}, `${shown.title(name)}: `, el("bdi", {}, shown.value(side.field, side.value)))],
    act: () => ({ kind: "review", keep: { [name]: side.change_id } }),
  });
/** @param {DeskRecord} record @param {string} other */
export const same = (record, other) =>
  act(record, {
    title: t("desk.same"),
    body: [el("p", {}, t("desk.same.words"))],
    act: () => ({ kind: "review", same_as: other }),
  });
/** @param {DeskRecord} record @param {string} other */
export const different = (record, other) =>
  act(record, { title: t("desk.different"), act: () => ({ kind: "review", different_from: other }) });
/** @param {DeskRecord} record */
export const classify = (record) => {
  const select = el(
    "select",
    {},
    ...CLASSES.map((one) => el("option", { value: one }, form.label("sensitivity", one))),
  );
  select.value = record.sensitivity;
  const answers = QUESTIONS.map((name) => el("textarea", { rows: 2, name }));
  const questions = el(
    "div",
    {},
    el("p", { class: "hint" }, t("desk.questions")),
    ...answers.map((input) => field(`answer-${input.name}`, t(`desk.question.${input.name}`), input)),
  );
  const refresh = () => {
    questions.hidden = !SHOWING.has(select.value);
    for (const input of answers) input.required = !questions.hidden;
  };
  select.addEventListener("change", refresh);
  refresh();
  return act(record, {
    title: t("desk.classify"),
    needsReason: true,
    body: [field("act-class", t("desk.class"), select), questions],
    act: () => ({
      kind: "review",
      sensitivity: select.value,
      answers: SHOWING.has(select.value) ? Object.fromEntries(answers.map((input) => [input.name, input.value])) : {},
    }),
  });
};
/** @param {DeskRecord} record */
export const edit = (record) => {
  const fields = [
    ...new Set([...form.form.fields.map(({ name }) => name), "geometry", ...shown.names(record.values)]),
  ].filter((name) => !["sensitivity", "status", "photos", "same_as"].includes(name));
  const select = el("select", {}, ...fields.map((name) => el("option", { value: name }, shown.title(name))));
  const input = el("textarea", { rows: 3 });
  const refresh = () => {
    const value = record.values[select.value];
    input.value =
      value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);
  };
  select.value = fields.includes("note") ? "note" : fields[0];
  select.addEventListener("change", refresh);
  refresh();
  return act(record, {
    title: t("desk.edit"),
    needsReason: true,
    body: [
      field("act-field", t("desk.field"), select),
      field("act-value", t("desk.value"), input, t("desk.value.hint")),
    ],
    act: () =>
      input.value.trim()
        ? { kind: "edit", values: { [select.value]: input.value } }
        : { kind: "edit", cleared: [select.value] },
  });
};
/** @param {() => Promise<void>} listener */
export const onDone = (listener) => {
  reload = listener;
};
