// one record: what it says, the sides of a conflict and what looks alike side by side, its history and its decisions
import * as photos from "../annotate/photos.js";
import { all, byId, el } from "../dom.js";
import { unbase64 } from "../handover/bytes.js";
import { number, t } from "../i18n.js";
import * as acts from "./acts.js";
import { reasons } from "./alike.js";
import * as api from "./api.js";
import * as markers from "./markers.js";
import * as shown from "./shown.js";

const holder = byId("detail");
/** @type {DeskRecord | null} */
export let current = null;

/** @param {string} id @param {string} key @param {string} letter @param {() => unknown} act */
const button = (id, key, letter, act) =>
  el(
    "button",
    { type: "button", class: "big", id, onclick: act, "aria-keyshortcuts": letter },
    t(key),
    " ",
    el("kbd", {}, letter),
  );

/** @param {DeskRecord} record */
const conflicts = (record) => {
  const entries = new Map(record.history.map((entry) => [entry.change_id, entry]));
  let key = 0;
  return Object.entries(record.conflicts).map(([name, sides]) =>
    el(
      "section",
      { class: "conflict" },
      el("h3", {}, t("desk.conflict.over", { fields: shown.title(name) })),
      el(
        "div",
        { class: "beside" },
        ...sides.map((side) => {
          key += 1;
          return el(
            "div",
            { class: "side" },
            side.field === name ? null : el("p", { class: "hint" }, shown.title(side.field)),
            el("p", {}, el("bdi", {}, shown.value(side.field, side.value))),
            el("p", { class: "quiet" }, el("bdi", {}, shown.who(entries.get(side.change_id) ?? side))),
            el(
              "button",
              {
                type: "button",
                class: "big keep",
                onclick: () => acts.keep(record, name, side),
                "aria-keyshortcuts": String(key),
              },
              t("desk.keep.this"),
              key < 10 ? el("kbd", {}, String(key)) : "",
            ),
          );
        }),
      ),
    ),
  );
};
/** @param {DeskRecord} record */
const alike = (record) =>
  record.looks_like.map((other) =>
    el(
      "section",
      { class: "alike" },
      el("h3", {}, t("desk.alike")),
      el("p", { class: "quiet" }, reasons(other.why)),
      el(
        "div",
        { class: "beside" },
        el("div", { class: "side" }, el("h4", {}, t("desk.this")), shown.list(record.values)),
        el("div", { class: "side" }, el("h4", {}, t("desk.other")), shown.list(other.values)),
      ),
      el(
        "p",
        { class: "choices" },
        el("button", { type: "button", class: "big same", onclick: () => acts.same(record, other.id) }, t("desk.same")),
        el(
          "button",
          { type: "button", class: "big different", onclick: () => acts.different(record, other.id) },
          t("desk.different"),
        ),
      ),
    ),
  );
/** @param {DeskEntry} entry */
const line = (entry) =>
  el(
    "li",
    { class: entry.holds ? null : "superseded" },
    el("strong", {}, shown.title(entry.field)),
    ": ",
    el("bdi", {}, shown.value(entry.field, entry.value)),
    el(
      "span",
      { class: "row-foot quiet" },
      el("bdi", {}, shown.who(entry)),
      ` · ${t(entry.holds ? "desk.holds" : "desk.superseded")} · ${t("desk.arrived", { at: entry.received_at.slice(0, 16).replace("T", " ") })}`,
    ),
  );
/** @param {Stated} decision @param {DeskEntry} entry */
const decided = (decision, entry) =>
  el(
    "li",
    {},
    el("strong", {}, `${decision.decided_on ?? decision.edited_on ?? ""} `),
    el("bdi", {}, shown.decider(decision) ?? entry.author ?? ""),
    ": ",
    el("bdi", {}, shown.decided(decision)),
    decision.reason ? el("p", {}, el("bdi", {}, decision.reason)) : null,
    ...["who_could_be_harmed", "how", "already_public", "what_is_gained"]
      .filter((name) => decision[name])
      .map((name) => el("p", { class: "quiet" }, `${t(`desk.question.${name}`)} `, el("bdi", {}, decision[name]))),
  );
/** @param {DeskRecord} record */
const pictures = (record) =>
  (Array.isArray(record.values.photos) ? record.values.photos : []).map((name, at) => {
    // its name is a hash, which nobody reads
    const label = t("desk.photo", { name: number(at + 1) });
    const canvas = el("canvas", { hidden: true, role: "img", "aria-label": label });
    const show = async () => {
      const { status, body } = await api.get("/api/photo", { name: String(name) });
      if (status !== 200) return;
      await photos.draw(canvas, unbase64(body.data)).catch(() => {});
      canvas.hidden = false;
    };
    return el("p", {}, el("button", { type: "button", class: "big", onclick: show }, label), canvas);
  });
/** @param {string} key @param {Node[]} children @param {boolean} open */
const fold = (key, children, open) =>
  el(
    "details",
    { class: "fold", open },
    el("summary", {}, t(key, { count: number(children.length) })),
    el("ol", { class: "plain history" }, ...children),
  );

export const draw = () => {
  const record = current;
  if (!record) {
    holder.replaceChildren(el("p", { class: "empty" }, t("desk.choose")));
    return;
  }
  const decisions = record.history.filter(
    ({ decision, value }) => decision && value !== null && typeof value === "object",
  );
  holder.replaceChildren(
    el(
      "header",
      {},
      el(
        "h2",
        { id: "detail-title", tabindex: "-1" },
        record.values.category ? shown.value("category", record.values.category) : t("desk.empty"),
      ),
      el("p", { class: "quiet" }, t(`desk.status.${record.status}`), " · ", el("code", {}, record.id.slice(0, 13))),
    ),
    el(
      "div",
      { class: "act-bar" },
      button("accept", "desk.accept", "a", () => acts.accept(record)),
      button("reject", "desk.reject", "r", () => acts.reject(record)),
      button("classify", "desk.classify", "c", () => acts.classify(record)),
      button("edit", "desk.edit", "e", () => acts.edit(record)),
    ),
    ...conflicts(record),
    ...alike(record),
    shown.list(record.values),
    ...pictures(record),
    fold(
      "desk.decisions",
      decisions.map((entry) => decided(entry.value, entry)),
      true,
    ),
    fold("desk.history", record.history.map(line), false),
  );
};
/** @param {DeskRecord | null} record */
export const show = (record) => {
  current = record;
  draw();
  const sides = Object.values(record?.conflicts ?? {}).flat();
  markers.choose(record?.values.geometry ?? null, [
    ...sides.flatMap(({ field, value }) => (field === "geometry" ? [/** @type {Stated} */ (value)] : [])),
    ...(record?.looks_like ?? []).map(({ values }) => values.geometry ?? null),
  ]);
};
// the side of a conflict with that number, counted over all of the record
/** @param {number} which */
export const keep = (which) => all("button.keep", holder)[which - 1]?.click();
