// what comes in: the union of changes, so that a file twice is a file once; what cannot be taken is named with its reason
"use strict";

Atlas.notes.take = (() => {
  const { t, number } = Atlas.text;
  const { el } = Atlas;
  const { book, keeper, vault, csv, ask, secret, changes, photos, repeated, rings, sha256, uuid5, words } = Atlas.notes;
  const MOST_BYTES = 300000000;
  const PAUSE = 400;
  const NAMED = 10;
  const NOT_SAID = new Set(["id", "fid", "atlas", "atlas_base", "conflicts", "status", "decision", "municipality_cvegeo", "municipality_name", "nearest_reach", "chainage_km", "border_distance_m"]);
  const DEPTHS = { Point: 0, MultiPoint: 1, LineString: 1, MultiLineString: 2, Polygon: 2, MultiPolygon: 3 };

  // Mexico and Central America, to tell latitude that was written before longitude
  const REGION = { west: -118.5, south: 7, east: -77, north: 33 };
  const here = (lon, lat) => lon > REGION.west && lon < REGION.east && lat > REGION.south && lat < REGION.north;
  const swapped = ([first, second]) => !here(first, second) && here(second, first);
  const isPosition = (found) => Array.isArray(found) && found.length >= 2 && found.every((one) => typeof one === "number" && Number.isFinite(one)) && Math.abs(found[0]) <= 180 && Math.abs(found[1]) <= 90 && !swapped(found);
  const nested = (found, depth) => (depth === 0 ? isPosition(found) : Array.isArray(found) && found.length > 0 && found.every((one) => nested(one, depth - 1)));
  const isGeometry = (found) => {
    if (found === null) return true;
    if (!found || typeof found !== "object") return false;
    if (found.type === "GeometryCollection") return Array.isArray(found.geometries) && found.geometries.every((one) => one && isGeometry(one));
    return found.type in DEPTHS && nested(found.coordinates, DEPTHS[found.type]);
  };
  const isEmpty = (value) => value === null || value === undefined || (typeof value === "string" && !value.trim());

  // a number or a word is an id within its own file only, and becomes what the store at home makes of it
  const SPACE = "6f0d1c1e-8f2b-5a94-9d6a-3c1b7a52e0d4";
  const FORMATS = /^(.+)\.(?:csv|tsv|txt|tab|geojson|json|geojsonl|geojsons|ndjson|gpx|kml|kmz|gpkg|zip|age|atlasnotes)$/i;
  const stem = (name) => { let left = name; while (FORMATS.test(left)) [, left] = FORMATS.exec(left); return left.toLowerCase(); };
  const isUuid = (id) => /^[0-9a-f]{32}$/i.test(id.replace(/urn:|uuid:/g, "").replace(/^[{}]+|[{}]+$/g, "").replaceAll("-", ""));
  const within = (id, said, file) => {
    const author = typeof said.author === "string" ? changes.printable(said.author) : null;
    const place = [said.geometry ?? null, said.reach ?? null];
    const day = typeof said.observed_at === "string" ? said.observed_at.slice(0, 10) : null;
    return uuid5(SPACE, changes.canonical(["within", stem(file), id, ...(author ? [author, day || place] : [null, place])]));
  };
  // a row without an id gets one of its content, the same whenever it comes
  const identity = (given, said, { file, kept }) => {
    const id = typeof given === "string" || typeof given === "number" ? String(given).trim() : "";
    if (id && (id.length > 200 || /[\p{Cc}\p{Cs}\u2028\u2029]/u.test(id))) return null;
    if (id && (isUuid(id) || kept(id))) return id;
    if (id) {
      said.source_id ??= id;
      return within(id, said, file);
    }
    const digest = sha256(changes.canonical(said));
    return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-8${digest.slice(13, 16)}-9${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  };
  const baseOf = (text, id) => {
    try {
      const found = typeof text === "string" ? JSON.parse(text) : text;
      return found?.record === id ? found.fields ?? {} : null;
    } catch {
      return null;
    }
  };

  // a class in two columns that do not agree, and a text of JSON with a member twice
  const saysTwo = (properties) => {
    const classes = Object.entries(properties).filter(([name, value]) => /^sensitivity(?: \(\d+\))?$/.test(name) && !isEmpty(value));
    if (new Set(classes.map(([, value]) => value)).size > 1) return true;
    return typeof properties.atlas_base === "string" && repeated.find(properties.atlas_base).length > 0;
  };

  // the changes of one feature, or why it has none
  const said = (feature, file) => {
    if (!feature || feature.type !== "Feature" || typeof (feature.properties ?? {}) !== "object") return { fault: "feature" };
    const geometry = feature.geometry ?? null;
    if (!isGeometry(geometry)) return { fault: "geometry" };
    if (geometry && !rings.enclose(geometry)) return { fault: "ring" };
    const properties = changes.wellFormed(feature.properties ?? {});
    if (saysTwo(properties)) return { fault: "twice" };
    const asserted = Object.fromEntries(Object.entries(properties).filter(([name, value]) => name && !NOT_SAID.has(name) && !isEmpty(value)));
    if (geometry) asserted.geometry = rings.closed(changes.wellFormed(geometry));
    const carried = feature.atlas?.changes;
    const past = Array.isArray(carried) && carried.length > 0;
    // what has a history, or was exported from one, keeps its id
    const id = identity(feature.id ?? properties.id, asserted, { file, kept: (given) => past || baseOf(properties.atlas_base, given) !== null });
    if (id === null) return { fault: "id" };
    if (past) return history(carried, id, asserted);
    const base = baseOf(properties.atlas_base, id) ?? {};
    // what was not edited is news only where the history that the row was exported from never came
    const known = book.get(id)?.known;
    const made = Object.entries(asserted).flatMap(([name, value]) => {
      const [trace, ...parents] = base[name] ?? [];
      const edited = trace !== changes.traceOf(value);
      if (!edited && parents.every((one) => known?.has(one))) return [];
      return [changes.make({ record_id: id, field: name, value, parents: edited ? parents : [] }, "file")];
    });
    return made.length || properties.atlas_base ? { made } : { fault: "empty" };
  };
  const history = (carried, id, asserted) => {
    const made = [];
    for (const one of carried) {
      const { change, fault } = changes.taken(one, "file");
      if (fault) return { fault };
      if (change.record_id !== id) return { fault: "id" };
      if (change.field === "geometry" && !isGeometry(change.value)) return { fault: "geometry" };
      made.push(change);
    }
    // somebody edited the file by hand without noting it in its history
    for (const [name, value] of Object.entries(asserted)) {
      const own = made.filter((change) => change.field === name);
      if ((own.length || words.field(name)) && !own.some((change) => changes.same(change.value, value))) {
        const replaced = new Set(own.flatMap(({ parents }) => parents));
        made.push(changes.make({ record_id: id, field: name, value, parents: own.map(({ change_id }) => change_id).filter((one) => !replaced.has(one)) }, "file"));
      }
    }
    return { made };
  };

  const ofRow = (row) => {
    const { latitude, longitude, lat, lon, photos: named, ...rest } = row;
    const [y, x] = [latitude ?? lat ?? "", longitude ?? lon ?? ""].map((text) => text.trim().replace(",", "."));
    if ((y === "") !== (x === "")) return null;
    const geometry = y === "" ? null : { type: "Point", coordinates: [Number(x), Number(y)] };
    const properties = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== "").map(([name, value]) =>
      [name, words.field(name)?.types.includes("number") && Number.isFinite(Number(value.replace(",", "."))) ? Number(value.replace(",", ".")) : value]));
    if (named) properties.photos = named.split(/\s*;\s*/).filter(Boolean);
    return { type: "Feature", id: row.id || undefined, geometry, properties };
  };

  // ── reading ──────────────────────────────────────────────────────────────
  const askSecret = async (bundle) => {
    const given = secret("import-secret", t("note.secret"));
    let text = null;
    await ask({ title: t("note.import.sealed"), body: [el("p", {}, t("note.import.sealed.body")), given.box],
      buttons: [{ label: t("note.cancel"), value: null }, { label: t("note.import.open"), value: true, main: true, id: "import-open", check: async () => {
        text = await vault.openText(given.input.value, bundle);
        return text === null ? t("note.secret.wrong") : null;
      } }] });
    return text;
  };
  // the rows in which a member stands twice, and the first that does outside of them: what it says, it says of all
  const inRows = (text, document) => {
    const rows = new Set();
    let outside = null;
    for (const one of repeated.find(text)) {
      if (document?.type === "Feature") rows.add(0);
      else if (one.steps[0] === "features" && one.steps.length > 1) rows.add(one.steps[1]);
      else outside ??= one;
    }
    return [rows, outside];
  };
  const ofTable = (rows) => ({
    features: rows.map((one) => (one.fault ? null : ofRow(one.row))),
    refused: new Map(rows.flatMap((one, at) => (one.fault ? [[at, one]] : []))),
  });
  const parsed = async (file) => {
    if (file.size > MOST_BYTES) return { fault: "large" };
    let text = await file.text();
    if (/\.(csv|tsv|txt)$/i.test(file.name)) return { ...ofTable(csv.read(text)), media: [], twice: new Set() };
    try {
      let document = JSON.parse(text);
      if (document?.format === "atlas-field-notes-sealed" && !repeated.find(text).length) {
        text = await askSecret(document);
        if (text === null) return { fault: "cancelled" };
        document = JSON.parse(text);
      }
      const [twice, outside] = inRows(text, document);
      if (outside) return { fault: "twice", said: { name: outside.name, place: repeated.path(outside.steps), line: number(outside.line) } };
      if (document?.type === "Feature") document = { type: "FeatureCollection", features: [document] };
      if (document?.type !== "FeatureCollection" || !Array.isArray(document.features)) return { fault: "json" };
      return { features: document.features, media: Array.isArray(document.atlas?.media) ? document.atlas.media : [], twice };
    } catch {
      return { fault: "json" };
    }
  };

  const read = async (file, onStep = () => {}) => {
    const found = await parsed(file);
    if (found.fault) return { name: file.name, fault: found.fault, said: found.said };
    const report = { name: file.name, rows: found.features.length, changes: 0, records: new Set(), photos: 0, closed: [], refused: [] };
    let waiting = [];
    for (let at = 0; at < found.features.length; at += 1) {
      let one;
      try {
        const refused = found.twice.has(at) ? { fault: "twice" } : found.refused?.get(at);
        one = refused ?? (found.features[at] ? said(found.features[at], file.name) : { fault: "geometry" });
      } catch {
        one = { fault: "feature" };
      }
      if (!one.fault && found.features[at].geometry && rings.open(found.features[at].geometry)) report.closed.push(at + 1);
      if (one.fault) report.refused.push([at + 1, one.fault, one.values]);
      else for (const change of one.made) if (!book.get(change.record_id)?.known.has(change.change_id)) waiting.push(change);
      if (at % PAUSE === PAUSE - 1) {
        onStep(at + 1, found.features.length);
        await new Promise((resolve) => { setTimeout(resolve); });
      }
    }
    for (const one of found.media) {
      try {
        const { head, bytes } = await photos.fromFile(one);
        if (!keeper.photos.has(head.name)) { await keeper.addPhoto(head, bytes); report.photos += 1; }
      } catch {
        report.refused.push([String(one?.name ?? "?").slice(0, 80), "photo"]);
      }
    }
    for (const change of waiting) report.records.add(change.record_id);
    report.changes = waiting.length;
    report.kept = await keeper.commit(waiting);
    waiting = [];
    return report;
  };

  // ── saying what happened ─────────────────────────────────────────────────
  const listed = (names) => (names.length > NAMED ? [...names.slice(0, NAMED), "…"] : names).join(", ");
  const told = (report) => {
    if (report.fault) return el("p", { class: "fault" }, el("bdi", {}, report.name), `: ${t(`note.import.fault.${report.fault}`, report.said)}`);
    const shown = report.refused.slice(0, 50);
    return el("div", {}, el("p", {}, el("bdi", {}, report.name), `: ${t("note.import.done", { rows: number(report.rows), records: number(report.records.size), changes: number(report.changes), photos: number(report.photos) })}`),
      report.closed.length ? el("p", {}, t("note.import.closed", { rows: listed(report.closed) })) : null,
      report.kept ? null : el("p", { class: "fault" }, t("note.draft.unkept")),
      report.refused.length ? el("details", { open: true }, el("summary", {}, t("note.import.refused", { count: number(report.refused.length) })),
        el("ul", {}, ...shown.map(([where, why, values]) => el("li", {}, el("bdi", {}, String(where)), `: ${t(`note.import.why.${why}`, values)}`)))) : null);
  };
  const take = async (files, status) => {
    const reports = [];
    for (const file of files) reports.push(await read(file, (at, all) => { status.textContent = t("note.import.step", { at: number(at), all: number(all) }); }));
    status.textContent = "";
    await ask({ title: t("note.import"), body: reports.map(told), buttons: [{ label: t("ui.close"), value: true, main: true, id: "import-close" }] });
  };
  return { take, read };
})();
