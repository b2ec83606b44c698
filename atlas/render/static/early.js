// before anything is painted: light or dark, and no word in a language that the reader did not ask for
"use strict";
window.Atlas = {};

Atlas.reader = (() => {
  const state = () => new URLSearchParams(window.location.hash.slice(1));
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const language = () => (navigator.languages ?? [navigator.language]).map((tag) => tag.slice(0, 2)).find((tag) => tag === "en" || tag === "es") ?? "en";
  const root = document.documentElement;
  root.dataset.theme = (state().get("theme") ?? (dark.matches ? "dark" : "light")) === "dark" ? "dark" : "light";
  root.toggleAttribute("data-waiting", (state().get("lang") ?? language()) === "es");
  return { state, dark, language };
})();
