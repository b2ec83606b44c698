"""Field notes as a site: installed from an address, used without a network, renewed when the reader agrees."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from atlas.admission.published_atlas import PublishedAtlas
from atlas.render import render_field_site
from tools import browsers

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECRET = "four unrelated words here"  # noqa: S105 - what a reader sets


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the signature of http.server
        """Nothing: a test says what it missed."""


class Server:
    """A host of static files on the loopback that can be stopped, and started again at the same address."""

    def __init__(self, folder: Path, tls: ssl.SSLContext | None = None) -> None:
        self.folder, self._tls = folder, tls
        self._port = 0
        self.start()

    def start(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), partial(_Quiet, directory=str(self.folder)))
        self._port = self._server.server_port
        if self._tls:
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}/"


@pytest.fixture(scope="session")
def versions(
    repo: Path, release: PublishedAtlas, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, Path], None]:
    """Writes the site as it is, or a later version of it in which the form asks in other words."""
    later = json.loads((repo / "geodata/schema/annotation.json").read_text(encoding="utf-8"))
    later["properties"]["properties"]["properties"]["note"]["titles"] = {"en": "LATERWORDS", "es": "LATERWORDS"}
    form = tmp_path_factory.mktemp("later") / "form.json"
    form.write_text(json.dumps(later), encoding="utf-8")
    made = {"first": render_field_site(release), "later": render_field_site(release, form=form)}

    def write(version: str, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        for name, data in made[version].items():
            (folder / name).write_bytes(data)
            if version == "later":
                # this server compares whole seconds, and would say of a file of the same second that it did not change
                os.utime(folder / name, (time.time() + 9,) * 2)

    return write


@pytest.fixture
def folder(versions: Callable[[str, Path], None], tmp_path: Path) -> Path:
    versions("first", tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def server(folder: Path) -> Iterator[Server]:
    served = Server(folder)
    yield served
    served.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    yield made
    made.close()


def visit(context: BrowserContext, address: str, fieldwork: ModuleType) -> Page:
    page = context.new_page()
    page.goto(f"{address}#lang=en")
    fieldwork.ready(page)
    page.evaluate("() => document.getElementById('panel').classList.add('open')")
    return page


def installed(page: Page) -> Page:
    expect(page.locator("#device-offline")).to_have_text("Works without a network.")
    return page


def reopened(page: Page, fieldwork: ModuleType) -> Page:
    page.reload()
    fieldwork.ready(page)
    page.evaluate("() => document.getElementById('panel').classList.add('open')")
    return page


def is_later(page: Page) -> bool:
    return bool(page.evaluate("() => Atlas.notes.words.title('note') === 'LATERWORDS'"))


def test_after_one_visit_it_works_with_the_server_stopped(
    context: BrowserContext, server: Server, fieldwork: ModuleType
) -> None:
    page = context.new_page()
    console: list[str] = []
    page.on("console", lambda message: console.append(message.text))
    page.on("pageerror", lambda error: console.append(str(error)))
    page.goto(f"{server.address}#lang=en")
    installed(fieldwork.ready(page))
    fieldwork.add(page, "written with a network")
    server.stop()
    try:
        reopened(page, fieldwork)
        expect(page.locator("#list")).to_contain_text("written with a network")
        fieldwork.add(page, "written without one")
        other = visit(context, f"{server.address}index.html", fieldwork)
        expect(other.locator("#list li")).to_have_count(2)
    finally:
        server.start()
    assert console == []
    # a browser that threw the files away, and not the notes, brings them again
    page.evaluate("async () => { for (const name of await caches.keys()) await caches.delete(name); }")
    installed(reopened(page, fieldwork))
    server.stop()
    try:
        assert fieldwork.notes(reopened(page, fieldwork)) != []
        page.evaluate("async () => { for (const name of await caches.keys()) await caches.delete(name); }")
        page.locator("#look-newer").click()
        expect(page.locator("#device-offline")).not_to_have_text("Works without a network.")
    finally:
        server.start()


def test_the_courier_of_the_site_works_without_a_network_too(
    context: BrowserContext, server: Server, fieldwork: ModuleType
) -> None:
    page = context.new_page()
    page.goto(f"{server.address}#lang=en")
    installed(fieldwork.ready(page))
    server.stop()
    try:
        console: list[str] = []
        courier = context.new_page()
        courier.on("console", lambda message: console.append(message.text))
        courier.goto(f"{server.address}courier.html#lang=en")
        courier.locator("#read-card").click()
        expect(courier.locator("dialog h2")).to_have_text("Read the code of your store")
        # another policy than that of the page beside it, or its scripts would not run
        assert console == []
    finally:
        server.start()


def test_its_policy_is_that_of_the_file_and_what_a_site_needs(
    context: BrowserContext, server: Server, folder: Path, maps: Path, fieldwork: ModuleType
) -> None:
    def policy(path: Path) -> dict[str, list[str]]:
        held = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', path.read_text(encoding="utf-8"))
        assert held
        parts = [part.split() for part in held[1].replace("&#39;", "'").split(";")]
        return {name: values for name, *values in parts}

    alone, site = policy(maps / "annotate.html"), policy(folder / "index.html")
    added = {
        "worker-src": ["'self'"],
        "manifest-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["blob:"],
    }
    assert site == {**alone, **added}
    page = installed(visit(context, server.address, fieldwork))
    # from the worker the same comes as a header, which can refuse frames as well
    answer = page.reload()
    assert answer is not None
    assert answer.from_service_worker
    assert answer.headers["content-security-policy"].endswith("frame-ancestors 'none'")
    refused = page.evaluate(
        "() => WebAssembly.compile(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])).then(() => false, () => true)"
    )
    assert refused


def _with_editor(*windows: Page) -> Page:
    """The window that goes on with a note, once there is one."""
    for _ in range(200):
        for window in windows:
            if window.locator("#editor").is_visible():
                return window
        windows[0].wait_for_timeout(100)
    pytest.fail("no window goes on with the draft")


def test_an_update_waits_for_the_reader_and_loses_no_note(
    context: BrowserContext,
    server: Server,
    folder: Path,
    versions: Callable[[str, Path], None],
    fieldwork: ModuleType,
) -> None:
    page = installed(visit(context, server.address, fieldwork))
    fieldwork.add(page, "saved in the version before")
    fieldwork.write(page, "a draft of the version before")
    # windows that begin together, as after an update, don't take each other's proof away
    kinds = page.evaluate("async () => Promise.all([1, 2, 3].map(() => Atlas.notes.storage.open()))")
    assert [each["kind"] for each in kinds] == ["plain"] * 3
    other = visit(context, server.address, fieldwork)
    versions("later", folder)
    other.locator("#look-newer").click()
    expect(other.locator("#notice-newer")).to_contain_text("A newer version of this page is ready")
    reopened(other, fieldwork)
    assert not is_later(other)
    expect(other.locator("#newer-yes")).to_be_visible()
    before = page.locator("#device-version").inner_text()
    other.locator("#newer-yes").click()
    # both windows begin anew, with what was being typed
    for window in (page, other):
        expect(window.locator("#device-version")).not_to_have_text(before)
        fieldwork.ready(window)
        assert is_later(window)
        expect(window.locator("#notice-newer")).to_have_count(0)
    assert fieldwork.notes(page) == ["saved in the version before"]
    drafts = page.evaluate("() => Atlas.notes.storage.drafts()")
    assert [draft["values"]["note"] for draft in drafts] == ["a draft of the version before"]
    # the window that is there first goes on with it
    fieldwork.save(_with_editor(page, other))
    for window in (page, other):
        expect(window.locator("#list li")).to_have_count(2)


def test_a_version_that_nobody_agreed_to_is_not_shown_after_all_windows_were_closed(
    context: BrowserContext,
    server: Server,
    folder: Path,
    versions: Callable[[str, Path], None],
    fieldwork: ModuleType,
) -> None:
    page = installed(visit(context, server.address, fieldwork))
    versions("later", folder)
    page.locator("#look-newer").click()
    expect(page.locator("#notice-newer")).to_be_visible()
    context.new_page()
    page.close()
    server.stop()
    try:
        for _ in range(3):
            page = visit(context, server.address, fieldwork)
            assert not is_later(page)
            expect(page.locator("#notice-newer")).to_be_visible()
            page.close()
    finally:
        server.start()


@pytest.mark.parametrize("damage", ["changed", "missing", "half"])
def test_a_folder_that_is_not_whole_changes_nothing(  # noqa: PLR0913, PLR0917 - fixtures
    context: BrowserContext,
    server: Server,
    folder: Path,
    versions: Callable[[str, Path], None],
    fieldwork: ModuleType,
    damage: str,
) -> None:
    page = installed(visit(context, server.address, fieldwork))
    shutil.copy(folder / "index.html", folder / "before.html")
    versions("later", folder)
    if damage == "changed":
        (folder / "index.html").write_bytes((folder / "index.html").read_bytes() + b"<!-- by the host -->")
    elif damage == "missing":
        (folder / "icon-512.png").unlink()
    else:
        shutil.copy(folder / "before.html", folder / "index.html")
    page.locator("#look-newer").click()
    page.wait_for_timeout(500)
    assert not is_later(reopened(page, fieldwork))
    expect(page.locator("#device-offline")).to_have_text("Works without a network.")
    assert page.locator("#notice-newer").count() == 0


def test_erasing_leaves_the_page_that_works_without_a_network(
    context: BrowserContext, server: Server, fieldwork: ModuleType
) -> None:
    page = installed(visit(context, server.address, fieldwork))
    fieldwork.add(page, "to be erased")
    fieldwork.erase(page)
    expect(page.locator("dialog")).to_contain_text("Everything has been erased")
    server.stop()
    try:
        reopened(page, fieldwork)
        assert fieldwork.notes(page) == []
    finally:
        server.start()


def test_over_tls_a_browser_finds_nothing_in_the_way_of_installing_it(
    folder: Path, tmp_path: Path, browser: Browser, fieldwork: ModuleType
) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    make += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(make, check=True, capture_output=True)
    spki = subprocess.run(
        ["openssl", "x509", "-in", str(certificate), "-pubkey", "-noout"], check=True, capture_output=True, text=True
    ).stdout
    body = base64.b64decode("".join(line for line in spki.splitlines() if not line.startswith("-")))
    trusted = base64.b64encode(hashlib.sha256(body).digest()).decode()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    server = Server(folder, tls)
    # a worker wants a certificate that the browser trusts: this one alone, by its key
    profile = browser.browser_type.launch_persistent_context(
        tmp_path / "profile",
        executable_path=browsers.find(browsers.CHROMIUM),
        args=[*browsers.BARE, f"--ignore-certificate-errors-spki-list={trusted}"],
    )
    try:
        page = installed(visit(profile, server.address, fieldwork))
        assert page.url.startswith("https://")
        # an incognito window, as other tests have it, installs nothing
        session = profile.new_cdp_session(page)
        manifest = session.send("Page.getAppManifest")
        assert manifest["errors"] == []
        assert manifest["url"] == f"{server.address}manifest.webmanifest"
        assert session.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        fieldwork.add(page, "kept over TLS")
        server.stop()
        reopened(page, fieldwork)
        expect(page.locator("#list")).to_contain_text("kept over TLS")
    finally:
        profile.close()


# a place that a page may write to without a person's answer: the one that every address has for itself
CHOSEN = """window.showSaveFilePicker = async ({ suggestedName }) =>
  (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });"""
# while a copy is replaced there are two files, and the older one may be gone before it is read
COPY = """async () => {
  for (;;) {
    try {
      const texts = [];
      for await (const handle of (await navigator.storage.getDirectory()).values())
        if (!handle.name.endsWith(".crswap")) texts.push(await (await handle.getFile()).text());
      return texts;
    } catch (error) {
      if (error.name !== "NotFoundError" && error.name !== "NotReadableError") throw error;
    }
  }
}"""


def test_it_exports_by_itself_to_the_place_that_was_chosen(
    context: BrowserContext, server: Server, fieldwork: ModuleType, until: Callable[..., None], tmp_path: Path
) -> None:
    context.add_init_script(CHOSEN)
    page = visit(context, server.address, fieldwork)
    fieldwork.add(page, "first words")
    fieldwork.protect(page, "another passphrase")
    page.locator("#backup").click()
    page.locator("#backup-secret").fill(SECRET)
    page.locator("#backup-again").fill(SECRET)
    page.locator("#backup-yes").click()
    expect(page.locator("#backup-state")).to_contain_text(".atlasnotes")
    (first,) = page.evaluate(COPY)
    fieldwork.add(page, "second words")
    until(page, lambda: len(page.evaluate(COPY)[0]) > len(first))
    # the place is known again after a reload, and after the notes were locked
    reopened(page, fieldwork)
    fieldwork.unlock(page, "another passphrase")
    expect(page.locator("#list li")).to_have_count(2)
    (before,) = page.evaluate(COPY)
    fieldwork.add(page, "third words")
    until(page, lambda: len(page.evaluate(COPY)[0]) > len(before))
    (text,) = page.evaluate(COPY)
    assert "words" not in text
    copy = tmp_path / "copy.atlasnotes.txt"
    copy.write_text(text, encoding="utf-8")
    fieldwork.erase(page)
    expect(page.locator("dialog")).to_contain_text("Everything has been erased")
    page.keyboard.press("Escape")
    page.locator("#import").set_input_files(copy)
    page.locator("#import-secret").fill(SECRET)
    page.locator("#import-open").click()
    page.locator("#import-close").click()
    assert fieldwork.notes(page) == ["third words", "second words", "first words"]
    # what was erased is not begun anew by itself
    assert page.locator("#backup").is_visible()


SHARED = """window.shared = [];
navigator.canShare = ({ files: [file] }) => file.name.endsWith(".txt");
navigator.share = async ({ files: [file] }) => {
  if (window.shared.push([file.name, await file.text()]) === 1) throw new DOMException("", "NotAllowedError");
};"""


def test_a_sealed_file_is_shared_where_the_browser_shares_texts_only(
    context: BrowserContext, server: Server, fieldwork: ModuleType
) -> None:
    context.add_init_script(SHARED)
    page = visit(context, server.address, fieldwork)
    fieldwork.add(page, "shared words")
    page.locator("#export").click()
    page.locator("#export-secret").fill(SECRET)
    page.locator("#export-again").fill(SECRET)
    page.locator("#export-share").click()
    # the first tap was spent on sealing
    expect(page.locator("dialog .fault")).to_contain_text("once more")
    page.locator("#export-share").click()
    expect(page.locator("dialog")).to_have_count(0)
    (name, text), again = page.evaluate("() => window.shared")
    assert again == [name, text]
    assert name.endswith(".atlasnotes.txt")
    assert json.loads(text)["format"] == "atlas-field-notes-sealed"


def test_safari_is_known_by_its_limit_and_the_day_is_named(
    context: BrowserContext, server: Server, fieldwork: ModuleType
) -> None:
    context.add_init_script("Object.defineProperty(Navigator.prototype, 'standalone', { get: () => false });")
    page = visit(context, server.address, fieldwork)
    expect(page.locator("#notice-evict")).to_have_count(0)
    fieldwork.add(page, "may be gone next week")
    expect(page.locator("#notice-evict")).to_contain_text("Safari may delete these notes after")
    expect(page.locator("#device")).to_contain_text("Add to Home Screen")
    page.locator("#notice-evict button").click()
    page.locator("#export-secret").fill(SECRET)
    page.locator("#export-again").fill(SECRET)
    with page.expect_download():
        page.locator("#export-save").click()
    expect(page.locator("#notice-evict")).to_have_count(0)


def test_little_room_is_named_before_it_is_none(context: BrowserContext, server: Server, fieldwork: ModuleType) -> None:
    # Chromium names a round sum that tells nothing of the disk
    context.add_init_script("navigator.storage.estimate = async () => ({ quota: 12e6, usage: 1e6 });")
    page = visit(context, server.address, fieldwork)
    expect(page.locator("#notice-low")).to_contain_text("There is little room left")
    expect(page.locator("#device-room")).to_contain_text(re.compile(r"about 11 MB"))


def test_where_workers_are_refused_the_page_tells_so_and_works(
    context: BrowserContext, server: Server, fieldwork: ModuleType
) -> None:
    context.add_init_script(
        "ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('', 'SecurityError'));"
    )
    page = visit(context, server.address, fieldwork)
    expect(page.locator("#device-offline")).to_contain_text("could not be prepared")
    fieldwork.add(page, "still kept")
    assert fieldwork.notes(reopened(page, fieldwork)) == ["still kept"]
