// a question with a camera in it: reads codes until one is right; where there is no camera, the text is pasted
import { ask } from "../annotate/dialog.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";
import * as codes from "./codes.js";

/**
 * Resolves to what `take` made of a code, or null.
 * @template T
 * @param {{ title: string, words: string, take: (text: string) => Promise<T | null>, extra?: Node[] }} options
 * @returns {Promise<T | null>}
 */
export const scan = async ({ title, words, take, extra = [] }) => {
  const video = el("video", { class: "camera", "aria-label": t("hand.camera") });
  const input = el("textarea", { id: "code-text", rows: 3, spellcheck: "false", autocomplete: "off" });
  const status = el("p", { class: "hint", role: "status" }, t("hand.camera.asking"));
  /** @type {T | null} */
  let result = null;
  let busy = false;
  const watching = codes.watch(video, async (text) => {
    if (busy || result !== null) return;
    busy = true;
    result = await take(text).catch(() => null);
    busy = false;
    if (result !== null) document.getElementById("code-use")?.click();
    else status.textContent = t("hand.code.other");
  });
  watching.then((stop) => {
    status.textContent = stop ? t("hand.camera.look") : t("hand.camera.none");
    video.hidden = !stop;
  });
  await ask({
    title,
    wide: true,
    body: [
      el("p", {}, words),
      ...extra,
      video,
      status,
      el("div", { class: "field" }, el("label", { for: "code-text" }, t("hand.code.text")), input),
    ],
    buttons: [
      { label: t("note.cancel"), value: null },
      {
        label: t("hand.code.use"),
        value: true,
        main: true,
        id: "code-use",
        check: async () => {
          result ??= await take(input.value.trim()).catch(() => null);
          return result === null ? t("hand.code.wrong") : null;
        },
      },
    ],
  });
  (await watching)?.();
  return result;
};
