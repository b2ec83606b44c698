// the end of the form: while nobody has stated whether people are concerned, stating it saves the note
import { el } from "../dom.js";
import * as i18n from "../i18n.js";
import { t } from "../i18n.js";
import * as words from "./words.js";

const FEW = 4;

/** @param {Draft} note @param {(consent: string) => void} state is told the answer before the note is saved */
export const make = (note, state) => {
  const holder = el("div", { class: "editor-save" });
  const field = words.field("consent");
  const asks = () =>
    note.fresh && field?.required && !note.values.consent && field.values.length > 0 && field.values.length <= FEW;
  const save = () => el("button", { type: "submit", class: "big primary", id: "save" }, t("note.save"));
  const question = () => [
    el("p", { id: "save-people" }, t("note.save.people")),
    el(
      "div",
      { class: "save-answers", role: "group", "aria-labelledby": "save-people" },
      ...(field?.values ?? []).map(([code]) =>
        el(
          "button",
          { type: "button", class: "big primary", id: `save-${code}`, onclick: () => state(String(code)) },
          i18n.has(`note.save.${code}`) ? t(`note.save.${code}`) : words.label("consent", code),
        ),
      ),
    ),
  ];
  const draw = () => holder.replaceChildren(...(asks() ? question() : [save()]));
  draw();
  return { holder, draw };
};
