// what a person must know at once: nothing is kept here, the room is full, another window writes too

import { byId, el } from "../dom.js";
import * as i18n from "../i18n.js";
import { number, t } from "../i18n.js";
import * as book from "./book.js";
import * as keeper from "./keeper.js";
import * as out from "./out.js";

const holder = byId("notices");
const line = byId("kept");

const notice = (kind, title, words, ...buttons) =>
  el("div", { class: `notice ${kind}`, id: `notice-${kind}` }, el("strong", {}, title), el("p", {}, words), ...buttons);
const save = () => el("button", { type: "button", class: "big", onclick: () => out.open() }, t("note.export"));
export const draw = () => {
  const { kind, reason, trouble, unkept } = keeper.state;
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
  const count = number(book.living().length);
  line.textContent =
    kind === "starting"
      ? t("note.starting")
      : kind === "locked"
        ? ""
        : t(kind === "none" ? "note.kept.none" : kind === "sealed" ? "note.kept.sealed" : "note.kept.plain", { count });
};
// leaving loses what no disk has
window.addEventListener("beforeunload", (event) => {
  if (keeper.unkept().length) event.preventDefault();
});
keeper.onChange(draw);
book.onChange(draw);
i18n.onChange(draw);
