// the timeline: kinds to choose, an event named in the address stands open, dates in the reader's language
"use strict";

(() => {
  const { t, number, date } = Atlas.text;
  const at = (id) => document.getElementById(id);
  const events = [...document.querySelectorAll(".event")];
  const lanes = [...document.querySelectorAll(".lane")];
  const boxes = [...document.querySelectorAll("#kinds input")];
  const tables = Atlas.data("tables");

  // ── kinds ────────────────────────────────────────────────────────────────
  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const filter = () => {
    const kinds = new Set(chosen());
    for (const lane of lanes) lane.hidden = kinds.size > 0 && !kinds.has(lane.dataset.lane);
    const shown = events.filter((event) => !event.closest(".lane").hidden).length;
    at("status").textContent = t("timeline.status", { shown: number(shown), count: number(events.length) });
    at("reset").disabled = kinds.size === 0;
  };
  const choose = () => {
    Atlas.state.set({ kind: chosen().join(",") || null });
    filter();
  };

  // ── one event ────────────────────────────────────────────────────────────
  const named = () => events.find((event) => event.id === `event-${Atlas.state.get("event")}`);
  const open = () => {
    const event = named();
    for (const one of events) one.classList.toggle("asked", one === event);
    if (!event) return;
    event.open = true;
    event.scrollIntoView({ block: "center" });
  };
  // the last one opened is the one that the address leads to
  const remember = (event) => {
    const id = event.id.slice("event-".length);
    if (event.open) Atlas.state.set({ event: id });
    else if (Atlas.state.get("event") === id) Atlas.state.set({ event: null });
    leads();
  };
  const leads = () => {
    for (const link of document.querySelectorAll("a[data-event]")) {
      const state = new URLSearchParams({ event: link.dataset.event, lang: Atlas.text.language });
      if (Atlas.state.get("theme")) state.set("theme", Atlas.state.get("theme"));
      link.hash = state.toString();
    }
  };

  // ── together ─────────────────────────────────────────────────────────────
  const restore = () => {
    const kinds = new Set((Atlas.state.get("kind") ?? "").split(","));
    const event = named();
    // what the address names is shown, whatever kinds it asks for
    for (const box of boxes) box.checked = kinds.has(box.value) && !(event && !kinds.has(event.dataset.kind));
    filter();
    open();
  };
  const speak = () => {
    for (const node of document.querySelectorAll("[data-date]")) node.textContent = date(node.dataset.date);
    leads();
    filter();
  };
  for (const box of boxes) box.addEventListener("change", choose);
  for (const event of events) event.querySelector("summary").addEventListener("click", () => window.setTimeout(() => remember(event)));
  at("reset").addEventListener("click", () => {
    for (const box of boxes) box.checked = false;
    choose();
    boxes[0].focus();
  });
  for (const button of document.querySelectorAll("[data-save]")) {
    button.hidden = false;
    button.addEventListener("click", () => Atlas.tablesCsv.save(button.dataset.save, tables[button.dataset.save]));
  }
  // paper can't be opened
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = events.filter((event) => !event.open);
    for (const event of closed) event.open = true;
  });
  window.addEventListener("afterprint", () => { for (const event of closed) event.open = false; });
  at("kinds").hidden = false;
  Atlas.state.onChange(restore);
  Atlas.text.onChange(speak);
  Atlas.theme.onChange(leads);
  Atlas.frame.start();
  restore();
})();
