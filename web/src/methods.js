// dates in the reader's language, and the way from a source to the figures that it gave
import * as address from "./address.js";
import { all } from "./dom.js";
import * as frame from "./frame.js";
import * as i18n from "./i18n.js";
import { onChange as onTheme } from "./theme.js";

const speak = () => {
  for (const node of /** @type {HTMLTimeElement[]} */ (all("time"))) node.textContent = i18n.date(node.dateTime);
  for (const link of /** @type {HTMLAnchorElement[]} */ (all("a[data-claim]"))) {
    const state = new URLSearchParams({ lang: i18n.language, q: /** @type {string} */ (link.dataset.claim) });
    const theme = address.get("theme");
    if (theme) state.set("theme", theme);
    link.hash = state.toString();
  }
};
i18n.onChange(speak);
onTheme(speak);
frame.start();
