// the card of a feature on the map, and the mark around what it speaks of
import * as details from "./details.js";
import { el } from "./dom.js";
import { number, t } from "./i18n.js";
import { holder, map } from "./map-base.js";
import { draw, pen } from "./map-pens.js";
import * as theme from "./theme.js";

/** @type {L.Path | null} */
let mark = null;
export const unmark = () => {
  mark?.remove();
  mark = null;
};
/** @param {{ shape: Shape | null }} feature */
export const highlight = ({ shape }) => {
  unmark();
  if (!shape) return;
  const ink = theme.colour("focus");
  const still = { color: ink, interactive: false, renderer: pen };
  mark =
    shape.kind === "p"
      ? L.circleMarker(shape.positions[0], { ...still, radius: 12, weight: 2.5, fill: false })
      : draw(shape, {
          ...still,
          weight: shape.kind === "l" ? 12 : 2.5,
          opacity: shape.kind === "l" ? 0.35 : 1,
          fill: shape.kind === "a",
          fillOpacity: 0.06,
          fillColor: ink,
        });
  mark.addTo(map);
};

const popup = L.popup({
  maxWidth: Math.min(330, holder.clientWidth - 76),
  minWidth: 220,
  maxHeight: Math.min(380, holder.clientHeight * 0.62),
  autoPanPaddingTopLeft: [12, 12],
  autoPanPaddingBottomRight: [58, 12],
  className: "atlas-popup",
});
/** @type {[Layer, Feature, L.LatLngExpression, Placed[]] | null} */
let open = null;
/** @param {Layer} layer @param {Feature} feature */
const speakPopup = (layer, feature) => {
  popup.getElement()?.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", t("ui.close"));
  // a long card scrolls, and must do so by keyboard too
  const content = popup.getElement()?.querySelector(".leaflet-popup-content");
  content?.setAttribute("tabindex", "0");
  content?.setAttribute("role", "group");
  content?.setAttribute("aria-label", details.title(layer, feature));
};
// the other features at the same place, each a way to its card
/** @param {Feature} feature @param {Placed[]} others */
const beside = ({ crowd }, others) => Math.max((crowd ?? 1) - 1, others.length);
/** @param {Placed} shown @param {L.LatLngExpression} at @param {Placed[]} others */
const also = (shown, at, others) =>
  el(
    "div",
    { class: "also" },
    el("h4", {}, shown[0].group === "own" ? `${t("ui.also")}: ${number(beside(shown[1], others))}` : t("ui.also")),
    el(
      "ul",
      {},
      ...others.map(([layer, feature]) =>
        el(
          "li",
          {},
          el(
            "button",
            {
              type: "button",
              // a button that leaves the card with its click would count as a click on the map, which closes the card
              onclick: (event) => {
                L.DomEvent.stopPropagation(event);
                tell(layer, feature, at, [shown, ...others.filter(([, one]) => one !== feature)]);
              },
            },
            details.isolated(details.title(layer, feature)),
            el("span", { class: "quiet" }, ` ${t(`layer.${layer.name}.title`)}`),
          ),
        ),
      ),
    ),
  );
/** @param {Layer} layer @param {Feature} feature @param {L.LatLngExpression} at @param {Placed[]} [others] */
export const tell = (layer, feature, at, others = []) => {
  open = [layer, feature, at, others];
  highlight(feature);
  const card = details.card(layer, feature);
  if (others.length) card.append(also([layer, feature], at, others));
  popup.setLatLng(at).setContent(card).openOn(map);
  speakPopup(layer, feature);
  map.fire("tell", { layerOf: layer, feature });
};
popup.on("remove", () => {
  open = null;
  unmark();
  map.fire("untell");
});
export const tellAgain = () => {
  if (open) tell(...open);
};
// the card of what a filter hides goes with it
export const closeHidden = () => {
  if (open?.[1].hidden) map.closePopup(popup);
};

// who asked for a card by keyboard is in it, and back where they were when it closes
/** @type {HTMLElement | null} */
let asker = null;
/** @param {HTMLElement} from */
export const enterCard = (from) => {
  asker = from;
  const content = /** @type {HTMLElement | null} */ (popup.getElement()?.querySelector(".leaflet-popup-content"));
  content?.focus({ preventScroll: true });
};
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !popup.isOpen() || document.querySelector("dialog[open]"))
    return;
  const within = popup.getElement()?.contains(document.activeElement);
  map.closePopup(popup);
  if (within) (asker?.offsetParent ? asker : holder).focus({ preventScroll: true });
});
