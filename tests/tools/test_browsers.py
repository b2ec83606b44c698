"""Which browser the tests take: any that is there and starts, under any of its names, on any system."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tools import provision
from tools.browsers import CHROMIUM, FIREFOX, BrowserError, Kind, find, playwrights_download

WORKS = "#!/bin/sh\necho Browser 1.0\n"
BROKEN = "#!/bin/sh\necho 'please install the snap' >&2\nexit 1\n"
SNAP = "#!/bin/sh\nexec /snap/bin/chromium --version\n"
COMMANDS = [(kind, name) for kind in (CHROMIUM, FIREFOX) for name in kind.commands]


def _program(path: Path, text: str = WORKS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def _find(folder: Path, kind: Kind = CHROMIUM, *, system: str = "linux", **environment: str) -> Path | None:
    """With a PATH of this folder and nothing of this machine."""
    given = {"PATH": str(folder), **environment}
    return find(kind, environment=given, system=system, applications=[folder / "Apps"], downloaded=lambda: None)


@pytest.mark.parametrize(("kind", "name"), COMMANDS, ids=lambda value: getattr(value, "package", value))
def test_a_browser_is_taken_under_each_of_its_names(tmp_path: Path, kind: Kind, name: str) -> None:
    assert _find(tmp_path, kind) is None
    program = _program(tmp_path / name)
    assert _find(tmp_path, kind) == program


@pytest.mark.parametrize("bundle", CHROMIUM.bundles)
def test_an_application_of_macos_is_taken(tmp_path: Path, bundle: str) -> None:
    program = _program(tmp_path / "Apps" / bundle)
    assert _find(tmp_path, system="darwin") == program
    assert _find(tmp_path, system="linux") is None


@pytest.mark.parametrize("root", ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"])
@pytest.mark.parametrize("name", CHROMIUM.windows)
def test_a_program_of_windows_is_taken_without_starting_it(tmp_path: Path, root: str, name: str) -> None:
    program = _program(tmp_path / "Program Files" / name, BROKEN)
    assert _find(tmp_path, system="win32", **{root: str(tmp_path / "Program Files")}) == program
    assert _find(tmp_path, system="win32") is None


def test_what_does_not_start_or_is_a_snap_is_passed_over(tmp_path: Path) -> None:
    _program(tmp_path / "chromium", BROKEN)
    _program(tmp_path / "chromium-browser", SNAP)
    assert _find(tmp_path) is None
    chrome = _program(tmp_path / "google-chrome-stable")
    assert _find(tmp_path) == chrome


def test_a_program_that_hands_over_to_snap_by_a_link_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "chromium").symlink_to(_program(tmp_path / "bin" / "snap"))
    assert _find(tmp_path) is None


@pytest.mark.parametrize("variable", CHROMIUM.variables)
def test_a_browser_that_is_named_goes_before_all_others(tmp_path: Path, variable: str) -> None:
    _program(tmp_path / "chromium")
    chosen = _program(tmp_path / "somewhere" / "of my own")
    assert _find(tmp_path, **{variable: str(chosen)}) == chosen
    assert _find(tmp_path, **{variable: ""}) == tmp_path / "chromium"


def test_a_named_browser_that_is_none_is_refused_by_name(tmp_path: Path) -> None:
    _program(tmp_path / "chromium")
    with pytest.raises(BrowserError, match=r"ATLAS_BROWSER names '/nowhere', which is no program"):
        _find(tmp_path, ATLAS_BROWSER="/nowhere")
    with pytest.raises(BrowserError, match=r"CHROME_PATH names .*broken', which does not start"):
        _find(tmp_path, CHROME_PATH=str(_program(tmp_path / "broken", BROKEN)))


def test_playwrights_download_comes_last(tmp_path: Path) -> None:
    download = _program(tmp_path / "ms-playwright" / "chrome")
    given = {"PATH": str(tmp_path)}
    assert find(CHROMIUM, environment=given, system="linux", downloaded=lambda: download) == download
    assert find(CHROMIUM, environment=given, system="linux", downloaded=lambda: tmp_path / "none") is None
    installed = _program(tmp_path / "brave")
    assert find(CHROMIUM, environment=given, system="linux", downloaded=lambda: download) == installed


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without a browser: its programs are what a test puts into the folder."""
    for variable in (*CHROMIUM.variables, *FIREFOX.variables):
        monkeypatch.delenv(variable, raising=False)
    for system in ("sh", "chmod", "cp", "mkdir", "env"):
        (tmp_path / system).symlink_to(f"/bin/{system}" if Path(f"/bin/{system}").exists() else f"/usr/bin/{system}")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "downloads"))
    # what is started as `python -m playwright` downloads nothing
    monkeypatch.setattr(sys, "executable", str(_program(tmp_path / "python", "#!/bin/sh\nexit 1\n")))
    return tmp_path


APT_GET = """#!/bin/sh
echo "$@" >> {log}
case "$*" in *install*chromium*) cp {browser} {folder}/chromium ;; esac
"""


def test_debians_package_is_installed_where_no_password_is_asked(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log, stored = bare / "log", _program(bare / "stored" / "browser")
    _program(bare / "apt-get", APT_GET.format(log=log, browser=stored, folder=bare))
    _program(bare / "sudo", '#!/bin/sh\nshift\n[ "$1" = true ] || exec "$@"\n')
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert provision.browser(CHROMIUM) == bare / "chromium"
    assert log.read_text(encoding="utf-8").splitlines() == [
        "-q update",
        "-q install -y --no-install-recommends chromium",
    ]


@pytest.mark.slow
def test_playwright_downloads_one_where_debians_package_cannot_be_had(bare: Path) -> None:
    place = playwrights_download()
    assert place is not None
    assert place.is_relative_to(bare)
    stored = _program(bare / "stored" / "browser")
    _program(bare / "python", f'#!/bin/sh\necho "$@" > {bare}/log\nmkdir -p {place.parent}\ncp {stored} {place}\n')
    assert provision.browser(CHROMIUM) == place
    assert (bare / "log").read_text(encoding="utf-8").startswith("-m playwright install")


def test_without_a_browser_one_sentence_says_what_to_do(
    bare: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    _program(bare / "apt-get", "#!/bin/sh\ntouch apt-get-was-called\n")
    _program(bare / "sudo", "#!/bin/sh\nexit 1\n")  # asks for a password
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.chdir(bare)
    assert provision.main([]) == 2
    error = capfd.readouterr().err
    assert error.count("\n") == 1
    assert "install it (Debian: apt-get install chromium), or name its program in ATLAS_BROWSER" in error
    assert not (bare / "apt-get-was-called").exists()


def test_what_is_there_is_not_installed_again(bare: Path, tmp_path: Path) -> None:
    # PostgreSQL may be here without PostGIS
    programs = {"java": "default-jre-headless", "ogr2ogr": "gdal-bin"}
    postgis = (str(tmp_path), "*/extension/postgis.control", "postgresql-postgis")
    _program(bare / "java")
    assert provision.lacking(programs, postgis) == ["gdal-bin", "postgresql-postgis"]
    control = tmp_path / "15" / "extension" / "postgis.control"
    control.parent.mkdir(parents=True)
    control.touch()
    assert provision.lacking(programs, postgis) == ["gdal-bin"]
