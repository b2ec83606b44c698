// where the archive is read from: the server that the page came from, or a file that the reader chooses
import { byId, el } from "../../dom.js";
import * as i18n from "../../i18n.js";
import { t } from "../../i18n.js";
import { openArchive } from "./directory.js";
import { ArchiveError, ranges, slices } from "./parts.js";

/**
 * @param {ArchiveAbout} about
 * @param {(archive: Awaited<ReturnType<typeof openArchive>>) => Promise<void>} begin
 */
export const archiveSource = (about, begin) => {
  const message = el("p", { role: "status" });
  const label = el("label", { for: "archive-file" });
  /** @type {HTMLInputElement} */
  const input = el("input", { type: "file", id: "archive-file", accept: ".pmtiles" });
  const section = el("section", { class: "cloud-source", hidden: true }, message, label, input);
  let key = "archive.beside";

  const speak = () => {
    message.textContent = t(key, { file: about.file });
    label.textContent = t("archive.choose", { file: about.file });
  };
  /** @param {unknown} error */
  const failed = (error) => {
    key = error instanceof ArchiveError ? error.message : "archive.other";
    section.hidden = false;
    speak();
  };
  /** @param {import("./parts.js").Parts} parts */
  const open = async (parts) => {
    try {
      await begin(await openArchive(parts, about.id));
      section.hidden = true;
    } catch (error) {
      failed(error);
    }
  };
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (!file) return;
    // a file that was mended under the same name can be chosen again
    input.value = "";
    open(slices(file));
  });
  byId("tree").before(section);
  i18n.onChange(speak);
  return {
    failed,
    start: async () => {
      if (window.location.protocol.startsWith("http")) await open(ranges(about.file));
      else failed(new ArchiveError("archive.beside"));
    },
  };
};
