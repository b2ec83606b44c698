// what a person must know at once: nothing is kept here, the room is full, another window writes too

import { byId, el } from "../dom.js";
import * as i18n from "../i18n.js";
import { number, t } from "../i18n.js";
import * as exporter from "./exporter.js";
import * as notebook from "./notebook.js";
import * as sync from "./sync.js";

const holder = byId("notices");
const line = byId("kept");

/** @param {string} kind @param {string} title @param {string} words @param {...HTMLElement} buttons */
const notice = (kind, title, words, ...buttons) =>
  el("div", { class: `notice ${kind}`, id: `notice-${kind}` }, el("strong", {}, title), el("p", {}, words), ...buttons);
const save = () => el("button", { type: "button", class: "big", onclick: () => exporter.open() }, t("note.export"));
export const draw = () => {
  const { kind, reason, trouble, unkept } = sync.state;
  const shown = [];
  if (kind === "none")
    shown.push(notice("none", t("note.storage.none"), t(`note.storage.none.${reason ?? "refused"}`), save()));
  else if (trouble)
    shown.push(
      notice(
        "full",
        t(trouble === "full" ? "note.storage.full" : "note.storage.refused"),
        t("note.storage.held", { count: number(unkept) }),
        save(),
      ),
    );
  holder.replaceChildren(...shown);
  const count = number(notebook.living().length);
  line.textContent =
    kind === "starting"
      ? t("note.starting")
      : kind === "locked"
        ? ""
        : t(kind === "none" ? "note.kept.none" : kind === "sealed" ? "note.kept.sealed" : "note.kept.plain", { count });
};
// leaving loses what no disk has
window.addEventListener("beforeunload", (event) => {
  if (sync.unkept().length) event.preventDefault();
});
sync.onChange(draw);
notebook.onChange(draw);
i18n.onChange(draw);
