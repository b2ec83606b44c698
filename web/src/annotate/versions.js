// what others said of a note that stands open: versions to choose from, and all that was ever said of it

import { el } from "../dom.js";
import { t } from "../i18n.js";
import * as changes from "./changes.js";
import * as notebook from "./notebook.js";
import * as words from "./words.js";

/**
 * @param {Draft} draft
 * @param {string} name
 * @param {Change[]} versions
 * @param {(name: string, value: any) => void} settle
 */
export const conflict = (draft, name, versions, settle) => {
  /** @type {{ value: any, author?: string | null }[]} */
  const sides = [...versions];
  // deleted by one while another went on: both ways are open
  if (name === "deleted")
    for (const way of [true, false]) if (!versions.some(({ value }) => value === way)) sides.push({ value: way });
  const rows = sides.map(({ value, author }, at) => {
    const id = `conflict-${name}-${at}`;
    const pick = el("input", { type: "radio", name: `conflict-${name}`, id, onchange: () => settle(name, value) });
    pick.checked = draft.settled.includes(name) && changes.same(draft.values[name], value);
    return el(
      "span",
      { class: "choice" },
      pick,
      el(
        "label",
        { for: id },
        el("bdi", {}, words.value(name, value) || t("note.empty")),
        el("small", { class: "quiet" }, " ", author ?? t("note.nobody")),
      ),
    );
  });
  return el(
    "fieldset",
    { class: "conflict" },
    el("legend", {}, t("note.conflict.of", { field: words.title(name) })),
    el("p", { class: "hint" }, t("note.conflict.hint")),
    el("div", { class: "choices" }, ...rows),
  );
};

/** @param {FieldRecord} record */
export const past = (record) => {
  const rows = notebook
    .history(record)
    .map((change) =>
      el(
        "li",
        {},
        el("strong", {}, words.title(change.field)),
        ": ",
        el("bdi", {}, words.value(change.field, change.value) || t("note.empty")),
        el(
          "small",
          { class: "quiet" },
          ` · ${[change.author, words.when(change.claimed_at)].filter(Boolean).join(", ")}`,
        ),
      ),
    );
  return el(
    "details",
    { class: "past" },
    el("summary", {}, t("note.history", { count: rows.length })),
    el("p", { class: "hint" }, t("note.history.hint")),
    el("ol", {}, ...rows),
  );
};
