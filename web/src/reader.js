// what the reader asked for before the page could ask: the address, light or dark, a language
export const state = () => new URLSearchParams(window.location.hash.slice(1));
export const dark = window.matchMedia("(prefers-color-scheme: dark)");
export const language = () =>
  (navigator.languages ?? [navigator.language])
    .map((tag) => tag.split("-")[0])
    .find((tag) => (document.documentElement.dataset.languages ?? "en es").split(" ").includes(tag)) ?? "en";
