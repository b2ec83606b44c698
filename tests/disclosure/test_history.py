"""Git folders that came from somebody else: all that they remember is read, and nothing that they ask for is done."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from atlas.disclosure.finding import Finding
from atlas.disclosure.limits import Limits
from atlas.disclosure.scan import Scan
from atlas.disclosure.scanned_paths import scan_paths
from atlas.disclosure.search import Search

pytestmark = pytest.mark.slow

# as in conftest.py: plainly synthetic
NOTE = "Cruce junto al almendro grande detras de la tienda vieja"
POINT = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[-92.08374,15.07126]}}'
Audit = Callable[..., list[Finding]]


@pytest.fixture
def audited(limits: Limits, search: Search) -> Audit:
    def scan(*paths: Path, against: bool = True) -> list[Finding]:
        run = Scan(limits, search if against else None)
        scan_paths(run, paths)
        return list(run.findings.all())

    return scan


def _rules(findings: list[Finding]) -> set[str]:
    return {one.rule for one in findings}


def _git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "protocol.file.allow=always"]
    done = subprocess.run(["git", "-C", str(folder), *identity, *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _repository(folder: Path, *, words: tuple[str, ...] = ()) -> Path:
    """Two commits; the second takes back what the first says."""
    folder.mkdir(parents=True)
    _git(folder, "init", "-q", *words)
    (folder / "old.txt").write_text(f"{NOTE}\n" + "a line that stays\n" * 200, encoding="utf-8")
    (folder / "maps").mkdir()
    (folder / "maps" / "a.txt").write_text("nothing\n", encoding="utf-8")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "first")
    (folder / "old.txt").write_text("a line that stays\n" * 201, encoding="utf-8")
    _git(folder, "commit", "-qam", "second")
    return folder


HOOKED = """\
import sys
started = []
WATCHED = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "os.forkpty",
           "pty.spawn", "os.startfile", "socket.connect", "socket.getaddrinfo", "socket.gethostbyname")
sys.addaudithook(lambda event, details: started.append(f"{event} {details}") if event in WATCHED else None)
from atlas.cli import main
code = 0
try:
    main()
except SystemExit as stop:
    code = stop.code
print("started:", *started, sep="\\n", file=sys.stderr)
sys.exit(code)
"""
CONFIG = """\
[core]
	repositoryformatversion = 1
	sshCommand = {trap}
	fsmonitor = {trap}
	hooksPath = {hooks}
	pager = {trap}
	editor = {trap}
	gitProxy = {trap}
	askPass = {trap}
	alternateRefsCommand = {trap}
	attributesFile = {attributes}
[extensions]
	partialClone = origin
[remote "origin"]
	url = ssh://nowhere.invalid/x
	uploadpack = {trap}
	promisor = true
	partialclonefilter = blob:none
[remote "other"]
	url = ext::{trap}
	promisor = true
[credential]
	helper = "!{trap}"
[filter "trap"]
	clean = {trap}
	smudge = {trap}
	process = {trap}
	required = true
[diff "trap"]
	textconv = {trap}
	command = {trap}
[gpg]
	program = {trap}
[alias]
	rev-list = "!{trap}"
	cat-file = "!{trap}"
[include]
	path = {included}
[uploadpack]
	packObjectsHook = {trap}
"""


def _trapped(tmp_path: Path) -> tuple[Path, Path, dict[str, str]]:
    """A repository in which everything that git can be made to run is a trap; a file that each would leave behind."""
    trace, trap, bin_ = tmp_path / "PWNED", tmp_path / "trap", tmp_path / "bin"
    bin_.mkdir()
    (tmp_path / "hooks").mkdir()
    hooks = ("post-checkout", "pre-auto-gc", "reference-transaction", "fsmonitor-watchman", "post-index-change")
    programs = (
        "git",
        "ssh",
        "sh",
        "bash",
        "git-remote-ssh",
        "git-remote-ext",
        "git-upload-pack",
        "curl",
        "gpg",
        "dulwich",
    )
    script = f'#!/bin/bash\necho "$0 $@" >> {trace}\nexit 1\n'
    for path in (trap, *(tmp_path / "hooks" / name for name in hooks), *(bin_ / name for name in programs)):
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)
    evil = _repository(tmp_path / "evil")
    tree = _git(evil, "rev-parse", "HEAD^{tree}")
    (evil / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    (tmp_path / "included").write_text(f"[core]\n\tsshCommand = {trap}\n", encoding="utf-8")
    paths = {"trap": trap, "hooks": tmp_path / "hooks", "included": tmp_path / "included"}
    (evil / ".git" / "config").write_text(CONFIG.format(**paths, attributes=tmp_path / "attributes"), encoding="utf-8")
    (evil / ".gitattributes").write_text("* filter=trap diff=trap\n", encoding="utf-8")
    (tmp_path / "attributes").write_text("* filter=trap diff=trap\n", encoding="utf-8")
    traps = (
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "GIT_EXTERNAL_DIFF",
        "GIT_ASKPASS",
        "GIT_PAGER",
        "GIT_EDITOR",
        "GIT_PROXY_COMMAND",
    )
    more = {"GIT_TRACE": "1", "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.sshCommand"}
    more |= {"GIT_CONFIG_VALUE_0": str(trap), "GIT_DIR": str(tmp_path / "nowhere"), "GIT_WORK_TREE": "/"}
    more |= dict.fromkeys(traps, str(trap)) | {"PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}"}
    return evil, trace, more


def test_nothing_that_a_repository_names_is_run(tmp_path: Path, repo: Path) -> None:
    evil, trace, variables = _trapped(tmp_path)
    command = [sys.executable, "-c", HOOKED, "audit", str(evil), "--project", str(repo), "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=repo, env=os.environ | variables)
    assert not trace.exists(), trace.read_text(encoding="utf-8")
    assert done.stderr.split("started:")[1].split() == []
    assert done.returncode == 1
    findings = json.loads(done.stdout)["findings"]
    assert any(one["rule"] == "unread" and "not here" in one["what"] for one in findings)


@pytest.mark.parametrize(
    "kept", ["packed", "difference", "stash", "tag", "annotated tag", "note", "dropped commit", "log", "bare", "merge"]
)
@pytest.mark.parametrize("form", ["sha1", "sha256"])
def test_all_that_git_keeps_is_searched(audited: Audit, tmp_path: Path, kept: str, form: str) -> None:
    words = ("--bare",) if kept == "bare" else ()
    folder = tmp_path / "out"
    seed = _repository(tmp_path / "seed", words=(f"--object-format={form}",))
    if kept in {"packed", "difference"}:
        _git(seed, "gc", "-q", "--aggressive", "--prune=now")
        assert not [path for path in (seed / ".git" / "objects").iterdir() if len(path.name) == 2]
        if kept == "difference":
            _git(seed, "repack", "-adfq", "--depth=50", "--window=50")
    elif kept == "bare":
        _git(tmp_path, "clone", "-q", *words, str(seed), str(tmp_path / "bare"))
        seed = tmp_path / "bare"
    else:
        seed = tmp_path / "clean"
        _keep(seed, kept, form)
    seed.rename(folder)
    findings = audited(folder)
    assert "secret-text" in _rules(findings)
    assert all("git" in one.file for one in findings if one.rule.startswith("secret"))
    assert "unread" not in _rules(findings)


def _keep(folder: Path, kept: str = "nothing", form: str = "sha1") -> None:
    """A repository whose files say nothing, and whose history does in one place."""
    folder.mkdir()
    _git(folder, "init", "-q", f"--object-format={form}")
    path = folder / "a.txt"
    path.write_text("nothing", encoding="utf-8")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "first")
    if kept == "stash":
        path.write_text(NOTE, encoding="utf-8")
        _git(folder, "stash", "-q")
    elif kept == "tag":
        _git(folder, "tag", "blob", _stored(folder, NOTE))
    elif kept == "annotated tag":
        _git(folder, "tag", "-am", NOTE, "v1")
    elif kept == "note":
        _git(folder, "notes", "add", "-m", NOTE)
    elif kept == "log":
        _git(folder, "update-ref", "-m", NOTE, "--create-reflog", "refs/heads/other", "HEAD")
    elif kept == "merge":
        (folder / ".git" / "MERGE_MSG").write_text(NOTE, encoding="utf-8")
    elif kept == "dropped commit":
        _git(folder, "commit", "-q", "--allow-empty", "-m", NOTE)
        _git(folder, "gc", "-q")
        _git(folder, "reset", "-q", "--hard", "HEAD~1")
        _git(folder, "reflog", "expire", "--expire=now", "--all")


def _stored(folder: Path, text: str) -> str:
    command = ["git", "-C", str(folder), "hash-object", "-w", "--stdin"]
    return subprocess.run(command, input=text, capture_output=True, check=True, text=True).stdout.strip()


def test_a_part_of_a_repository_answers_for_its_own_files_only(audited: Audit, tmp_path: Path) -> None:
    folder = _repository(tmp_path / "out")
    for name in ("maps/gone.geojson", "gone.geojson"):
        (folder / name).write_text(POINT + " " * len(name), encoding="utf-8")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "third")
    _git(folder, "rm", "-q", "maps/gone.geojson", "gone.geojson")
    _git(folder, "commit", "-qm", "fourth")
    files = {one.file for one in audited(folder / "maps", against=False)}
    assert len(files) == 1
    assert "maps/gone.geojson" in files.pop()
    assert not _rules(audited(folder / "maps")) & {"secret-text"}


def test_the_history_of_a_repository_within_the_folder_is_searched(audited: Audit, tmp_path: Path) -> None:
    _repository(tmp_path / "out" / "inner")
    assert "secret-text" in _rules(audited(tmp_path / "out"))


def test_the_history_of_a_submodule_is_searched(audited: Audit, tmp_path: Path) -> None:
    outer, inner = tmp_path / "outer", _repository(tmp_path / "inner")
    _keep(outer)
    _git(outer, "submodule", "--quiet", "add", str(inner), "part")
    _git(outer, "commit", "-qm", "second")
    findings = audited(outer)
    assert {"secret-text"} == _rules(findings) - {"phone", "email"}


def test_the_history_of_a_linked_worktree_is_searched_once(audited: Audit, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    _keep(folder)
    _git(folder, "worktree", "add", "-q", "--detach", str(folder / "other"))
    _git(folder / "other", "commit", "-q", "--allow-empty", "-m", NOTE)
    findings = audited(folder)
    assert _rules(findings) == {"secret-text"}
    assert len([one for one in findings if ".git/" not in one.file]) == 1
    # from the worktree alone, the history lies elsewhere
    assert _rules(audited(folder / "other")) == {"unread"}


def _alternates(folder: Path, elsewhere: Path) -> None:
    (folder / ".git" / "objects" / "info" / "alternates").write_text(
        f"{elsewhere / '.git' / 'objects'}\n", encoding="utf-8"
    )


def _link(path: Path, target: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.symlink_to(target)


def _pointer(folder: Path, elsewhere: Path) -> None:
    (folder / ".git").rename(folder.parent / "moved")
    (folder / ".git").write_text(f"gitdir: {elsewhere / '.git'}\n", encoding="utf-8")


def _shallow(folder: Path, elsewhere: Path) -> None:
    folder.rename(folder.with_name("before"))
    _git(folder.parent, "clone", "-q", "--depth=1", f"file://{elsewhere}", str(folder))


LEADING_OUT: dict[str, Callable[[Path, Path], object]] = {
    "alternates": _alternates,
    "commondir": lambda folder, out: (folder / ".git" / "commondir").write_text(f"{out / '.git'}\n", encoding="utf-8"),
    "gitdir": _pointer,
    "linked .git": lambda folder, out: _link(folder / ".git", out / ".git"),
    "linked objects": lambda folder, out: _link(folder / ".git" / "objects", out / ".git" / "objects"),
    "linked folder of objects": lambda folder, out: _link(folder / ".git" / "objects" / "zz", out / ".git" / "objects"),
    "linked refs": lambda folder, out: _link(folder / ".git" / "refs" / "heads", out / ".git" / "refs" / "heads"),
    "link to a file": lambda folder, out: _link(folder / "a.txt", out / "old.txt"),
    "link to a folder": lambda folder, out: _link(folder / "in", out),
    "link to nothing": lambda folder, out: _link(folder / "in", out / "nothing"),
    "link in a circle": lambda folder, _: _link(folder / "in", folder / "in"),
    "linked release": lambda folder, out: _link(folder / "records.geojson", out / "records.geojson"),
    "pipe": lambda folder, _: os.mkfifo(folder / "pipe"),
    "pipe for HEAD": lambda folder, _: ((folder / ".git" / "HEAD").unlink(), os.mkfifo(folder / ".git" / "HEAD")),
    "shallow clone": _shallow,
    "no objects": lambda folder, _: (folder / ".git" / "objects").rename(folder.parent / "objects"),
}


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize("name", LEADING_OUT)
def test_what_leads_out_of_the_folder_is_unread(audited: Audit, tmp_path: Path, name: str) -> None:
    secret, folder = _repository(tmp_path / "elsewhere"), tmp_path / "out"
    (secret / "old.txt").write_text(NOTE, encoding="utf-8")
    (secret / "records.geojson").write_text(POINT, encoding="utf-8")
    _keep(folder)
    _git(folder, "gc", "-q", "--prune=now")
    LEADING_OUT[name](folder, secret)
    findings = audited(folder)
    assert _rules(findings) == {"unread"}
    assert all(str(folder.name) in one.file for one in findings)


def test_a_link_to_a_file_of_the_folder_is_no_finding(audited: Audit, tmp_path: Path) -> None:
    (tmp_path / "out" / "in").mkdir(parents=True)
    (tmp_path / "out" / "a.txt").write_text("nothing", encoding="utf-8")
    (tmp_path / "out" / "b.txt").symlink_to("a.txt")
    (tmp_path / "out" / "in" / "up").symlink_to("..")
    assert not audited(tmp_path / "out")


def _size(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def _entry(code: int, body: bytes, *, size: int | None = None, base: bytes = b"") -> bytes:
    length = len(body) if size is None else size
    head = code << 4 | length & 15
    rest = length >> 4
    return (bytes([head | 128]) + _size(rest) if rest else bytes([head])) + base + zlib.compress(body)


def _pack(*entries: bytes, count: int | None = None, after: bytes = b"") -> bytes:
    body = b"PACK" + struct.pack(">II", 2, len(entries) if count is None else count) + b"".join(entries) + after
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def _delta(base: int, size: int, orders: bytes) -> bytes:
    return _size(base) + _size(size) + orders


ZEROS = bytes(10_000_000)
# each doubles what is before it
DOUBLING = [_entry(3, bytes(65_536))]
for _step in range(28):
    _length = 65_536 << _step
    _orders = b"".join(bytes([0xFF]) + struct.pack("<I", at)[:4] + b"\xff\xff\xff" for at in range(2))
    DOUBLING.append(_entry(6, _delta(_length, _length * 2, _orders), base=bytes([len(DOUBLING[-1])])))
HOSTILE = {
    "circle": _pack(*[_entry(7, _delta(5, 5, b"\x90\x05"), base=bytes([n]) * 20) for n in (1, 2)]),
    "base nowhere": _pack(_entry(3, b"hello"), _entry(6, _delta(5, 5, b"\x90\x05"), base=b"\x7f")),
    "base is itself": _pack(_entry(6, _delta(5, 5, b"\x90\x05"), base=b"\x00")),
    "base far before": _pack(_entry(6, _delta(5, 5, b"\x90\x05"), base=b"\xff" * 40 + b"\x00")),
    "base inside": _pack(_entry(3, b"hello"), _entry(6, _delta(5, 5, b"\x90\x05"), base=b"\x03")),
    "size beyond the earth": _pack(_entry(3, b"hello", size=1 << 60)),
    "size too small": _pack(_entry(3, ZEROS, size=10)),
    "size without end": _pack(b"\xbf" + b"\xff" * 5000),
    "count beyond": _pack(_entry(3, b"hello"), count=0xFFFFFFFF),
    "bytes after": _pack(_entry(3, b"hello"), after=b"more of it"),
    "ends early": _pack(_entry(3, b"hello" * 99))[:-40],
    "kind of none": _pack(_entry(5, b"hello")),
    "difference of nothing": _pack(_entry(3, b"hello"), _entry(6, b"", base=b"\x0e")),
    "difference beyond": _pack(_entry(3, b"hello"), _entry(6, _delta(5, 1 << 50, b"\x90\x05" * 9), base=b"\x0e")),
    "doubling": _pack(*DOUBLING),
    "many of zeros": _pack(*[_entry(3, ZEROS)] * 60),
    "no pack": b"PACK",
    "empty": b"",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_pack_is_unread_and_soon_over(audited: Audit, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "out"
    _keep(folder)
    (folder / ".git" / "objects" / "pack" / "pack-x.pack").write_bytes(HOSTILE[name])
    start = time.process_time()
    findings = audited(folder, against=False)
    assert [one.rule for one in findings] == ["unread"]
    assert time.process_time() - start < 20


LOOSE = {
    "empty": b"",
    "not packed": b"nothing",
    "bytes after": zlib.compress(b"blob 5\x00hello") + b"more",
    "too short": zlib.compress(b"blob 9\x00hello"),
    "too long": zlib.compress(b"blob 5\x00" + ZEROS),
    "of no kind": zlib.compress(b"thing 5\x00hello"),
}


@pytest.mark.parametrize("name", LOOSE)
def test_a_hostile_loose_object_is_unread(audited: Audit, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "out"
    _keep(folder)
    (folder / ".git" / "objects" / "ab").mkdir(exist_ok=True)
    (folder / ".git" / "objects" / "ab" / ("c" * 38)).write_bytes(LOOSE[name])
    assert [one.rule for one in audited(folder, against=False)] == ["unread"]


def test_a_tree_of_trees_without_end_is_soon_over(audited: Audit, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    _keep(folder)
    object_id = bytes.fromhex(_stored(folder, "hello"))
    mode = b"100644"
    for _ in range(30):
        body = b"".join(b"%s %d\x00%s" % (mode, number, object_id) for number in range(30))
        data = b"tree %d\x00%s" % (len(body), body)
        object_id, mode = hashlib.sha1(data, usedforsecurity=False).digest(), b"40000"
        path = folder / ".git" / "objects" / object_id.hex()[:2] / object_id.hex()[2:]
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(zlib.compress(data))
    _git(folder, "update-ref", "refs/heads/bomb", _git(folder, "commit-tree", "-m", "bomb", object_id.hex()))
    start = time.process_time()
    assert not audited(folder)
    assert time.process_time() - start < 10


def test_a_rounded_position_in_a_small_history_is_found(audited: Audit, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    _git(folder, "init", "-q")
    path = folder / "a.txt"
    path.write_text("lat 15.0713 lon -92.0837\n", encoding="utf-8")
    _git(folder, "add", ".")
    _git(folder, "commit", "-qm", "first")
    path.unlink()
    _git(folder, "commit", "-qam", "second")
    findings = audited(folder)
    assert [one.rule for one in findings if "git" in one.file] == ["secret-position"]
