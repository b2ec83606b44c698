// dates in the reader's language, and the way from a source to the figures that it gave
"use strict";

(() => {
  const speak = () => {
    for (const node of document.querySelectorAll("time")) node.textContent = Atlas.text.date(node.dateTime);
    for (const link of document.querySelectorAll("a[data-claim]")) {
      const state = new URLSearchParams({ lang: Atlas.text.language, q: link.dataset.claim });
      const theme = Atlas.state.get("theme");
      if (theme) state.set("theme", theme);
      link.hash = state.toString();
    }
  };
  Atlas.text.onChange(speak);
  Atlas.theme.onChange(speak);
  Atlas.frame.start();
})();
