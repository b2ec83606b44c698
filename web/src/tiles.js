// online tiles, for a page whose maker asked for them: whose server sees what is said in the panel and on the map
import { pageData } from "./data.js";
import * as details from "./details.js";
import { all, byId, el } from "./dom.js";
import * as i18n from "./i18n.js";
import { t } from "./i18n.js";
import * as view from "./map.js";
import { map } from "./map.js";
import { pane } from "./panes.js";
import * as variants from "./variants.js";

const start = () => {
  // only a page whose maker asked for tiles has them
  if (!byId("atlas-tiles")) return;
  const tiles = pageData("tiles");

  // above the atlas' own ground, which stays where no tile comes
  pane(map, "tiles", 205);
  L.tileLayer(tiles.url, {
    pane: "tiles",
    subdomains: tiles.subdomains.length ? tiles.subdomains : "abc",
    maxNativeZoom: tiles.deepest,
    maxZoom: 14,
  }).addTo(map);

  // the pictures have names of their own
  const PRINTED = new Set(["country", "sea", "state", "municipality", "seat", "town"]);
  variants.map.relabel.push((labels) => labels.filter(({ kind }) => !PRINTED.has(kind)));
  view.rename();

  const notice = el("p", { class: "tiles-notice" });
  const refused = el("p", { class: "tiles-notice" });
  const credit = el("p", { class: "tiles-credit" }, details.isolated(tiles.attribution));
  all("#panel-body .lead")[0].after(notice, ...(tiles.wantsReferrer ? [refused] : []));
  map.getContainer().append(credit);
  // the page says elsewhere that it fetches nothing, which is not true of this one
  all('[data-t="ui.leaflet"]')[0].dataset.t = "tiles.leaflet";
  i18n.apply();
  const speak = () => {
    notice.textContent = t("tiles.notice", { name: tiles.name, hosts: tiles.hosts });
    refused.textContent = t("tiles.referrer");
  };
  i18n.onChange(speak);
  speak();
};
start();
