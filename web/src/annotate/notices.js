// what a person must know at once: nothing is kept here, the room is full, another window writes too

import { byId, el } from "../dom.js";
import * as i18n from "../i18n.js";
import { number, t } from "../i18n.js";
import * as room from "../site/room.js";
import * as updates from "../site/updates.js";
import * as backup from "./backup.js";
import * as device from "./device.js";
import * as exporter from "./exporter.js";
import * as notebook from "./notebook.js";
import * as sync from "./sync.js";

const holder = byId("notices");
const line = byId("kept");

let spoken = "";
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
  for (const { kind: of, title, words, button, save: unsaved } of device.warnings())
    shown.push(notice(of, title, words, ...(button ? [button] : []), ...(unsaved ? [save()] : [])));
  // said anew only when something else is to be said: a button under a finger stays
  const text = shown.map((one) => one.textContent).join("\n");
  if (text !== spoken) holder.replaceChildren(...shown);
  spoken = text;
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
for (const source of [updates, room, backup, sync]) source.onChange(draw);
notebook.onChange(draw);
i18n.onChange(draw);
