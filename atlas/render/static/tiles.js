// online tiles, for a page whose maker asked for them: whose server sees what is said in the panel and on the map
"use strict";

(() => {
  const { t } = Atlas.text;
  const { el } = Atlas;
  const { map } = Atlas.view;
  const tiles = Atlas.data("tiles");

  // above the atlas' own ground, which stays where no tile comes
  map.createPane("tiles").style.zIndex = 205;
  map.getPane("tiles").style.pointerEvents = "none";
  L.tileLayer(tiles.url, { pane: "tiles", subdomains: tiles.subdomains.length ? tiles.subdomains : "abc", maxNativeZoom: tiles.deepest, maxZoom: 14, alt: "" }).addTo(map);

  // the pictures have names of their own
  const names = Atlas.names;
  const PRINTED = new Set(["country", "sea", "state", "municipality", "seat", "town"]);
  Atlas.names = (...given) => names(...given).filter(({ kind }) => !PRINTED.has(kind));
  Atlas.view.rename();

  const notice = el("p", { class: "tiles-notice" });
  const refused = el("p", { class: "tiles-notice" });
  const credit = el("p", { class: "tiles-credit" }, Atlas.details.said(tiles.attribution));
  document.querySelector("#panel-body .lead").after(notice, ...(tiles.wantsReferrer ? [refused] : []));
  map.getContainer().append(credit);
  // the page says elsewhere that it fetches nothing, which is not true of this one
  document.querySelector('[data-t="ui.leaflet"]').dataset.t = "tiles.leaflet";
  Atlas.text.apply();
  const speak = () => {
    notice.textContent = t("tiles.notice", { name: tiles.name, hosts: tiles.hosts });
    refused.textContent = t("tiles.referrer");
  };
  Atlas.text.onChange(speak);
  speak();
})();
