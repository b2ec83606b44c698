// children made anew without taking the focus from who is among them

const FOCUSABLE = "button, input";

/** @param {HTMLElement} holder @returns {HTMLElement[]} */
const stops = (holder) => [...holder.querySelectorAll(FOCUSABLE)].map((one) => /** @type {HTMLElement} */ (one));

// the focus stays with the same point, or else at the same place of the list
/** @param {HTMLElement} holder @param {...Node} children */
export const renew = (holder, ...children) => {
  const before = stops(holder);
  const at = before.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const point = before[at]?.dataset.point;
  holder.replaceChildren(...children);
  if (at < 0) return;
  const after = stops(holder);
  const same = point && after.find(({ dataset }) => dataset.point === point);
  (same || after[Math.min(at, after.length - 1)] || holder.parentElement?.querySelector("summary"))?.focus({
    preventScroll: true,
  });
};
