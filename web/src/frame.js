// what every page has: language, light and dark, the sheet on a phone
import * as address from "./address.js";
import * as i18n from "./i18n.js";
import * as reader from "./reader.js";
import * as theme from "./theme.js";

const buttons = [...document.querySelectorAll("button[data-language]")];

const speak = (language) => {
  i18n.choose(language);
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.language === i18n.language));
};
let close = () => {};
const sheet = () => {
  const handle = document.getElementById("handle");
  if (!handle) return;
  const panel = document.getElementById("panel");
  const open = (wanted) => {
    panel.classList.toggle("open", wanted);
    handle.setAttribute("aria-expanded", String(wanted));
  };
  let from = null;
  let dragged = false;
  handle.addEventListener("pointerdown", (event) => {
    from = event.clientY;
    dragged = false;
  });
  handle.addEventListener("pointermove", (event) => {
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
      speak(button.dataset.language);
    });
  }
  document.getElementById("theme").addEventListener("click", theme.toggle);
  window.addEventListener("hashchange", () => {
    speak(address.get("lang") ?? i18n.language);
    theme.show();
  });
  // a jump inside the page must not take the place of the state in the address
  for (const link of document.querySelectorAll("a.skip")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      document.querySelector(link.getAttribute("href")).focus();
    });
  }
  sheet();
  address.set({});
  speak(address.get("lang") ?? reader.language());
};
export const closeSheet = () => close();
