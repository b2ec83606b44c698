// what every page has: language, light and dark, the sheet on a phone
import "./folds.js";
import * as address from "./address.js";
import { all, byId } from "./dom.js";
import * as i18n from "./i18n.js";
import * as reader from "./reader.js";
import * as theme from "./theme.js";

/** @type {HTMLButtonElement[]} */
const buttons = all("button[data-language]");

/** @param {string} language */
const speak = (language) => {
  i18n.choose(language);
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.language === i18n.language));
};
let /** @type {() => void} */ close = () => {};
const sheet = () => {
  const handle = byId("handle");
  if (!handle) return;
  const panel = /** @type {HTMLElement} */ (byId("panel"));
  /** @param {boolean} wanted */
  const open = (wanted) => {
    panel.classList.toggle("open", wanted);
    handle.setAttribute("aria-expanded", String(wanted));
  };
  /** @type {number | null} */
  let from = null;
  let dragged = false;
  handle.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    from = event.clientY;
    dragged = false;
  });
  handle.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (from === null || Math.abs(event.clientY - from) < 24) return;
    dragged = true;
    open(event.clientY < from);
    from = null;
  });
  handle.addEventListener("click", () => {
    if (!dragged) open(!panel.classList.contains("open"));
    dragged = false;
  });
  close = () => open(false);
};
export const start = () => {
  for (const button of buttons) {
    button.addEventListener("click", () => {
      address.set({ lang: button.dataset.language });
      speak(button.dataset.language ?? "en");
    });
  }
  byId("theme")?.addEventListener("click", theme.toggle);
  window.addEventListener("hashchange", () => {
    speak(address.get("lang") ?? i18n.language);
    theme.show();
  });
  // a jump inside the page must not take the place of the state in the address
  for (const link of all("a.skip")) {
    link.addEventListener("click", (/** @type {Event} */ event) => {
      event.preventDefault();
      all(/** @type {string} */ (link.getAttribute("href")))[0].focus();
    });
  }
  sheet();
  address.set({});
  speak(address.get("lang") ?? reader.language());
};
export const closeSheet = () => close();
