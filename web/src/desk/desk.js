// the desk: a store on this machine, reviewed together
import { ask } from "../annotate/dialog.js";
import { all, byId, el } from "../dom.js";
import * as i18n from "../i18n.js";
import { number, t } from "../i18n.js";
import { map } from "../map.js";
import * as acts from "./acts.js";
import * as api from "./api.js";
import * as markers from "./markers.js";
import * as queue from "./queue.js";
import * as receive from "./receive.js";
import * as record from "./record.js";

const LOOK_MS = 10000;
const AGAIN_MS = 2000;
const status = byId("desk-status");
/** @type {DeskBoard | null} */
let board = null;

const draw = () => {
  if (!board) return;
  const { counts, store } = board;
  byId("store-name").textContent = store;
  byId("store-counts").textContent = t("desk.counts", {
    records: number(counts.records),
    conflicts: number(counts.conflicts),
    pairs: number(counts.proposals),
  });
  queue.show(board.records, board.waiting);
  markers.show(board.records, open);
};
// what was asked last: an answer that comes after a later one is old
let asked = 0;
/** @param {boolean} [anew] */
const look = async (anew = false) => {
  // a large store is read again only when somebody wrote something, or looks for something else
  if (board && !anew) {
    const { status: code, body } = await api.get("/api/changes");
    if (code === 200 && body.changes === board.counts.changes) {
      status.textContent = "";
      return;
    }
  }
  asked += 1;
  const turn = asked;
  const { status: code, body } = await api.get("/api/board", queue.wanted());
  if (turn !== asked) return;
  if (code !== 200) {
    // a desk that answers knows what became of its store
    status.textContent = api.refusal(code, body);
    return;
  }
  status.textContent = "";
  board = body;
  draw();
};
/** @param {string} id @param {boolean} [again] */
const open = async (id, again = false) => {
  const { status: code, body } = await api.get("/api/record", { id });
  if (code !== 200) {
    status.textContent = api.refusal(code, body);
    return;
  }
  record.show(body);
  queue.choose(id);
  if (again) return;
  const title = byId("detail-title");
  title.focus({ preventScroll: true });
  // on a phone the record stands below the map
  if (title.getBoundingClientRect().top > window.innerHeight) title.scrollIntoView({ block: "start" });
};
const again = async () => {
  await look();
  if (record.current) await open(record.current.id, true);
};
const help = () =>
  ask({
    title: t("desk.keys"),
    body: [
      el(
        "dl",
        { class: "fields" },
        ...["j", "k", "a", "r", "c", "e", "1", "n", "?"].flatMap((key) => [
          el("dt", {}, el("kbd", {}, key)),
          el("dd", {}, t(`desk.key.${key === "?" ? "help" : key}`)),
        ]),
      ),
    ],
    buttons: [{ label: t("ui.close"), value: true, main: true }],
  });
/** @type {{ [key: string]: () => unknown }} */
const KEYS = {
  j: () => queue.go(1),
  k: () => queue.go(-1),
  n: () => byId("receive").click(),
  "?": help,
};
/** @type {{ [key: string]: (record: DeskRecord) => unknown }} */
const ON_RECORD = { a: acts.accept, r: acts.reject, c: acts.classify, e: acts.edit };
document.addEventListener("keydown", (event) => {
  const on = /** @type {Element} */ (event.target);
  if (event.ctrlKey || event.metaKey || event.altKey || on.closest("input, textarea, select, dialog")) return;
  const act = KEYS[event.key];
  const onRecord = ON_RECORD[event.key];
  if (act) act();
  else if (onRecord && record.current) onRecord(record.current);
  else if (/^[1-9]$/.test(event.key)) record.keep(Number(event.key));
  else return;
  event.preventDefault();
});

byId("receive").addEventListener("click", () => receive.open());
byId("keys").addEventListener("click", help);
byId("new-link").addEventListener("click", async () => {
  const { status: code, body } = await api.post("/api/link", {});
  if (code !== 200) {
    status.textContent = api.refusal(code, body);
    return;
  }
  const input = el("input", { id: "link-text", readonly: true });
  input.value = body.link;
  await ask({
    title: t("desk.window"),
    body: [
      el("p", {}, t("desk.window.words")),
      el("div", { class: "field" }, el("label", { for: "link-text" }, t("desk.window.link")), input),
    ],
    buttons: [{ label: t("ui.close"), value: true, main: true }],
  });
});
queue.onOpen((id) => open(id));
acts.onDone(again);
receive.onTaken(() => look());
i18n.onChange(() => {
  draw();
  record.draw();
});
queue.onWanted(() => look(true));
/** @type {boolean} */
let looking = false;
// while the store lets nobody in, questions do not pile up
const lookOnce = async () => {
  if (looking) return;
  looking = true;
  await look();
  looking = false;
};
api.onSlow((waits) => {
  for (const place of [status, ...all("dialog[open] .ask > .fault")]) {
    if (waits) place.textContent = t("desk.slow");
    else if (place.textContent === t("desk.slow")) place.textContent = "";
  }
});
window.addEventListener("focus", lookOnce);

// what needs the store can be pressed when this window has its way in
const start = async () => {
  status.textContent = t("desk.opening");
  let code = await api.open();
  while (!code) {
    status.textContent = api.refusal(code);
    await new Promise((resolve) => {
      setTimeout(resolve, AGAIN_MS);
    });
    code = await api.open();
  }
  if (code !== 200) {
    status.textContent = api.refusal(code);
    return;
  }
  for (const button of all("#receive, #new-link")) /** @type {HTMLButtonElement} */ (button).disabled = false;
  await look();
  record.draw();
  map.invalidateSize({ animate: false });
  setInterval(() => {
    if (!document.hidden) lookOnce();
  }, LOOK_MS);
};
start();
