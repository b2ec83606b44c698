// the passphrase: setting, changing, asking for it; locking by itself; erasing everything in two taps

import { byId, el } from "../dom.js";
import * as custody from "../handover/custody.js";
import * as i18n from "../i18n.js";
import { number, t } from "../i18n.js";
import * as commands from "./commands.js";
import { ask, closeAsk, secret } from "./dialog.js";
import * as editor from "./editor.js";
import * as storage from "./storage.js";
import * as sync from "./sync.js";

const SHORTEST = 8;
const MINUTES = [1, 5, 15, 60];
const screen = byId("lockscreen");
const holder = byId("protection");
const button = byId("lock");
let moved = Date.now();

// why a new passphrase is none, or nothing
/** @param {string} first @param {string} again */
export const weak = (first, again) => {
  if ([...first].length < SHORTEST) return t("note.secret.short", { count: SHORTEST });
  return first === again ? null : t("note.secret.differ");
};

export const set = async () => {
  const first = secret("set-secret", t("note.secret"), { fresh: true, hint: t("note.protect.hint") });
  const again = secret("set-again", t("note.secret.again"));
  await ask({
    title: t("note.protect.title"),
    body: [el("p", {}, t("note.protect.body")), first.box, again.box],
    buttons: [
      { label: t("note.cancel"), value: null },
      {
        label: t("note.protect.set"),
        value: true,
        main: true,
        id: "set-yes",
        check: async () => {
          const fault = weak(first.input.value, again.input.value);
          if (fault) return fault;
          try {
            await sync.protect(first.input.value);
          } catch (error) {
            return t(
              /** @type {Error | null} */ (error)?.name === "QuotaExceededError"
                ? "note.storage.full"
                : "note.protect.failed",
            );
          }
          return null;
        },
      },
    ],
  });
};
const change = async () => {
  const old = secret("old-secret", t("note.secret.old"));
  const first = secret("set-secret", t("note.secret.new"), { fresh: true, hint: t("note.protect.hint") });
  const again = secret("set-again", t("note.secret.again"));
  await ask({
    title: t("note.protect.change"),
    body: [old.box, first.box, again.box],
    buttons: [
      { label: t("note.cancel"), value: null },
      {
        label: t("note.protect.change"),
        value: true,
        main: true,
        id: "set-yes",
        check: async () => {
          const fault = weak(first.input.value, again.input.value);
          if (fault) return fault;
          return (await storage.changePassphrase(old.input.value, first.input.value)) ? null : t("note.secret.wrong");
        },
      },
    ],
  });
};
// what is in no store goes for good
const warned = () => {
  if (sync.state.kind === "locked") return [el("p", { class: "warning" }, t("hand.erase.locked"))];
  const { here, sent } = custody.counts();
  return here + sent
    ? [el("p", { class: "warning" }, t("hand.erase", { here: number(here), sent: number(sent) }))]
    : [];
};
const erase = async () => {
  const sure = await ask({
    title: t("note.erase.title"),
    body: [el("p", {}, t("note.erase.body")), ...warned()],
    buttons: [
      { label: t("note.cancel"), value: null },
      { label: t("note.erase.yes"), value: true, class: "big danger", id: "erase-yes" },
    ],
  });
  if (!sure) return;
  commands.forget();
  await editor.leave({ drop: true });
  await sync.erase();
  await ask({
    title: t("note.erased"),
    body: [el("p", {}, t("note.erased.body"))],
    buttons: [{ label: t("ui.close"), value: true, main: true }],
  });
};

// ── the screen in front of locked notes ──────────────────────────────────
const locked = () => {
  const given = secret("unlock-secret", t("note.secret"));
  const fault = el("p", { class: "fault", role: "alert" });
  /** @param {Event} event */
  const open = async (event) => {
    event.preventDefault();
    fault.textContent = t("note.unlock.working");
    const right = await sync.unlock(given.input.value).catch(() => false);
    fault.textContent = right ? "" : t("note.secret.wrong");
    if (!right) given.input.select();
  };
  screen.replaceChildren(
    el("h2", {}, t("note.locked")),
    el("p", {}, t("note.locked.body")),
    el(
      "form",
      { novalidate: true, onsubmit: open },
      given.box,
      fault,
      el("button", { type: "submit", class: "big primary", id: "unlock" }, t("note.unlock")),
    ),
    el("button", { type: "button", class: "big danger", id: "erase-locked", onclick: erase }, t("note.erase")),
  );
  given.input.focus({ preventScroll: true });
};

export const draw = () => {
  const { kind, minutes } = sync.state;
  const wasLocked = !screen.hidden;
  screen.hidden = kind !== "locked";
  button.hidden = kind !== "sealed";
  if (kind === "locked" && !wasLocked) {
    closeAsk();
    locked();
  }
  if (kind !== "locked") screen.replaceChildren();
  /** @type {HTMLSelectElement} */
  const idle = el(
    "select",
    { id: "minutes", onchange: () => sync.set({ minutes: Number(idle.value) }) },
    ...MINUTES.map((one) => el("option", { value: one }, t("note.minutes", { count: one }))),
  );
  idle.value = String(minutes);
  holder.replaceChildren(
    ...(kind === "sealed"
      ? [
          el("p", {}, t("note.protected")),
          el("div", { class: "field" }, el("label", { for: "minutes" }, t("note.lock.after")), idle),
          el(
            "button",
            { type: "button", class: "big", id: "change-secret", onclick: change },
            t("note.protect.change"),
          ),
        ]
      : kind === "plain"
        ? [
            el("p", {}, t("note.unprotected")),
            el("button", { type: "button", class: "big", id: "set-passphrase", onclick: set }, t("note.protect.set")),
          ]
        : []),
    el("button", { type: "button", class: "big danger", id: "erase", onclick: erase }, t("note.erase")),
  );
};

// ── locking by itself ────────────────────────────────────────────────────
const lockNow = () => sync.lock();
const idle = () => {
  if (sync.state.kind === "sealed" && Date.now() - moved > sync.state.minutes * 60000) lockNow();
};
for (const kind of ["pointerdown", "keydown", "wheel", "touchstart"]) {
  window.addEventListener(
    kind,
    () => {
      idle();
      moved = Date.now();
    },
    { capture: true, passive: true },
  );
}
document.addEventListener("visibilitychange", idle);
setInterval(idle, 5000);
button.addEventListener("click", lockNow);
sync.onChange(draw);
i18n.onChange(() => {
  draw();
  if (sync.state.kind === "locked") locked();
});
