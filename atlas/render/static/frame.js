// what every page has: state in the address, language, light and dark, the sheet on a phone
"use strict";

Atlas.state = (() => {
  // a frame in a notebook has no address of its own: there the state is kept here
  let kept = null;
  const read = () => new URLSearchParams(kept ?? window.location.hash.slice(1));
  const get = (key) => read().get(key);
  const set = (changes) => {
    const state = read();
    for (const [key, value] of Object.entries(changes)) {
      if (value === null) state.delete(key);
      else state.set(key, value);
    }
    const text = state.toString().replaceAll("%2C", ",").replaceAll("%2F", "/");
    try {
      window.history.replaceState(null, "", `#${text}`);
    } catch {
      kept = text;
    }
    for (const link of document.querySelectorAll("a[data-page-link]")) {
      link.hash = new URLSearchParams([...state].filter(([key]) => key === "lang" || key === "theme")).toString();
    }
  };
  // the address edited by hand, or the way back and forward
  const listeners = [];
  window.addEventListener("hashchange", () => { for (const listener of listeners) listener(); });
  return { get, set, onChange: (listener) => listeners.push(listener) };
})();

Atlas.theme = (() => {
  const listeners = [];
  const { dark } = Atlas.reader;
  const current = () => Atlas.state.get("theme") ?? (dark.matches ? "dark" : "light");
  const show = () => {
    document.documentElement.dataset.theme = current() === "dark" ? "dark" : "light";
    for (const listener of listeners) listener();
  };
  const toggle = () => {
    Atlas.state.set({ theme: current() === "dark" ? "light" : "dark" });
    show();
  };
  const colour = (name) => window.getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  // paper is white: what scripts drew with the colours of the night is drawn again for printing
  const onPaper = () => {
    document.documentElement.dataset.theme = "light";
    for (const listener of listeners) listener();
  };
  window.addEventListener("beforeprint", onPaper);
  window.addEventListener("afterprint", show);
  dark.addEventListener("change", show);
  show();
  return { toggle, show, colour, onChange: (listener) => listeners.push(listener) };
})();

// a table in a closed fold would print as its heading alone
(() => {
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("details:not([open])")].filter((fold) => fold.querySelector("table"));
    for (const fold of unfolded) fold.open = true;
  });
  window.addEventListener("afterprint", () => { for (const fold of unfolded) fold.open = false; });
})();

Atlas.frame = (() => {
  const buttons = [...document.querySelectorAll("button[data-language]")];

  const speak = (language) => {
    Atlas.text.choose(language);
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.language === Atlas.text.language));
  };
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
    handle.addEventListener("pointerdown", (event) => { from = event.clientY; dragged = false; });
    handle.addEventListener("pointermove", (event) => {
      if (from === null || Math.abs(event.clientY - from) < 24) return;
      dragged = true;
      open(event.clientY < from);
      from = null;
    });
    handle.addEventListener("click", () => { if (!dragged) open(!panel.classList.contains("open")); dragged = false; });
    Atlas.frame.closeSheet = () => open(false);
  };
  const start = () => {
    for (const button of buttons) {
      button.addEventListener("click", () => { Atlas.state.set({ lang: button.dataset.language }); speak(button.dataset.language); });
    }
    document.getElementById("theme").addEventListener("click", Atlas.theme.toggle);
    window.addEventListener("hashchange", () => { speak(Atlas.state.get("lang") ?? Atlas.text.language); Atlas.theme.show(); });
    // a jump inside the page must not take the place of the state in the address
    for (const link of document.querySelectorAll("a.skip")) {
      link.addEventListener("click", (event) => { event.preventDefault(); document.querySelector(link.getAttribute("href")).focus(); });
    }
    sheet();
    Atlas.state.set({});
    speak(Atlas.state.get("lang") ?? Atlas.reader.language());
  };
  return { start, closeSheet: () => {} };
})();
