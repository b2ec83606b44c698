// the photos of a note in its form

import { el } from "../dom.js";
import { t } from "../i18n.js";
import * as photos from "./photos.js";
import * as sync from "./sync.js";
import * as words from "./words.js";

const MOST = 8;

/** @param {Draft} draft @param {() => void} changed */
export const make = (draft, changed) => {
  const list = el("ul", { class: "photos plain" });
  const heard = el("p", { class: "fault", role: "status", id: "photos-fault" });
  /** @type {() => string[]} */
  const names = () => draft.values.photos ?? [];
  /** @param {string[]} value */
  const set = (value) => {
    draft.values.photos = value.length ? value : null;
    draw();
    changed();
  };
  /** @param {string} name @param {number} at */
  const item = (name, at) => {
    const picture = el("canvas", { role: "img", "aria-label": t("note.photo.number", { number: at + 1 }) });
    sync
      .photo(name)
      .then((value) =>
        value
          ? photos.draw(picture, value.bytes)
          : picture.replaceWith(el("span", { class: "quiet" }, t("note.photo.absent"))),
      )
      .catch(() => {});
    return el(
      "li",
      {},
      picture,
      el(
        "button",
        {
          type: "button",
          onclick: () => set(names().filter((other) => other !== name)),
          "aria-label": t("note.photo.remove", { number: at + 1 }),
        },
        t("note.photo.out"),
      ),
    );
  };
  const draw = () => {
    list.replaceChildren(...names().map(item));
  };

  /** @param {File[]} files */
  const add = async (files) => {
    /** @type {string[]} */
    const faults = [];
    for (const file of files) {
      if (names().length >= MOST) {
        faults.push(t("note.photo.many", { count: MOST }));
        break;
      }
      heard.textContent = t("note.photo.working");
      try {
        const { head, bytes } = await photos.reencode(file);
        await sync.addPhoto(head, bytes);
        if (!names().includes(head.name)) set([...names(), head.name]);
      } catch (error) {
        faults.push(
          t(
            /** @type {Error | null} */ (error)?.name === "QuotaExceededError"
              ? "note.photo.full"
              : "note.photo.unreadable",
            {
              name: file.name,
            },
          ),
        );
      }
    }
    heard.textContent = faults.join(" ");
  };
  const input = el("input", {
    type: "file",
    accept: "image/*",
    multiple: true,
    id: "field-photos",
    "aria-describedby": "photos-hint photos-fault",
    onchange: () => {
      add([...(input.files ?? [])]);
      input.value = "";
    },
  });
  const camera = el("input", {
    type: "file",
    accept: "image/*",
    capture: "environment",
    id: "camera",
    "aria-label": t("note.camera"),
    "aria-describedby": "photos-fault",
    onchange: () => {
      add([...(camera.files ?? [])]);
      camera.value = "";
    },
  });
  draw();
  return el(
    "div",
    { class: "field", "data-field": "photos" },
    el("label", { for: "field-photos" }, words.title("photos")),
    el("p", { class: "hint", id: "photos-hint" }, words.description("photos")),
    el(
      "div",
      { class: "picks" },
      el("div", { class: "pick" }, camera, el("span", { "aria-hidden": "true" }, t("note.camera"))),
      el("div", { class: "pick" }, input, el("span", { "aria-hidden": "true" }, t("note.photo.pick"))),
    ),
    list,
    heard,
  );
};
