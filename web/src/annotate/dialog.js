// questions that stand over the page: title, words, buttons; resolves to what was answered, or null
import { el } from "../dom.js";

/** @type {() => void} */
let dismiss = () => {};

/** @type {(question: Question) => Promise<any>} */
export const ask = ({ title, body = [], buttons, wide = false }) =>
  new Promise((resolve) => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    const fault = el("p", { class: "fault", role: "alert" });
    /** @type {any} */
    let answer = null;
    /** @param {any} value */
    const close = (value) => {
      answer = value;
      dialog.close();
    };
    /** @param {Button} button */
    const press = async (button) => {
      // pressed again while it is being checked
      if (button.check && dialog.hasAttribute("aria-busy")) return;
      fault.textContent = "";
      if (!button.check) {
        close(button.value);
        return;
      }
      // a check answers with a fault to show, or with nothing and the dialog is done
      dialog.setAttribute("aria-busy", "true");
      try {
        const wrong = await button.check();
        if (wrong) fault.textContent = wrong;
        else close(button.value);
      } finally {
        dialog.removeAttribute("aria-busy");
      }
    };
    const main = buttons.find((button) => button.main);
    const form = el(
      "form",
      {
        class: "ask",
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          if (main) press(main);
        },
      },
      el("h2", { id: "ask-title" }, title),
      ...body,
      fault,
      el(
        "div",
        { class: "ask-buttons" },
        ...buttons.map((button) =>
          el(
            "button",
            {
              type: button === main ? "submit" : "button",
              id: button.id ?? null,
              class: button.class ?? (button === main ? "big primary" : "big"),
              onclick: button === main ? null : () => press(button),
            },
            button.label,
          ),
        ),
      ),
    );
    const dialog = el("dialog", { class: wide ? "asking wide" : "asking", "aria-labelledby": "ask-title" }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus?.();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    dismiss = () => {
      if (dialog.open) close(null);
    };
  });

// what is open goes when the page is locked
export const closeAsk = () => dismiss();

/** @param {string} id @param {string} label @param {{ fresh?: boolean, hint?: string | null }} [more] */
export const secret = (id, label, { fresh = false, hint = null } = {}) => {
  const input = el("input", {
    type: "password",
    id,
    autocomplete: "off",
    required: true,
    minlength: fresh ? 8 : null,
    "aria-describedby": hint ? `${id}-hint` : null,
  });
  return {
    input,
    box: el(
      "div",
      { class: "field" },
      el("label", { for: id }, label),
      input,
      hint ? el("p", { class: "hint", id: `${id}-hint` }, hint) : null,
    ),
  };
};
