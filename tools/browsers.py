"""Where the browsers of the tests and benchmarks are: one answer for the make targets, the tests and the benchmarks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

TIMEOUT_S = 60
# where Windows keeps programs, by the name of the variable that says so
WINDOWS_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
SNAP = b"/snap/bin/"
SCRIPT_BYTES = 20_000

# of these the first are Playwright's own, which a list of ours replaces; the last keep a Chromium without a window from
# loading the menus of its address bar into each new tab, which takes longer than a page of the atlas does
_LEFT_OUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "PreloadTopChromeWebUI",
)
# how a Chromium is started that does nothing but show pages
BARE = ("--no-sandbox", f"--disable-features={','.join(_LEFT_OUT)}")


class BrowserError(Exception):
    """A browser that somebody named cannot be used."""


@dataclass(frozen=True)
class Kind:
    """A kind of browser, and the names that it goes by."""

    name: str
    variables: tuple[str, ...]
    commands: tuple[str, ...]
    bundles: tuple[str, ...]
    windows: tuple[str, ...]
    package: str

    @property
    def remedy(self) -> str:
        """One sentence for whoever has none."""
        return (
            f"no {self.name} here that starts and may read files of a temporary folder (a snap may not): install it "
            f"(Debian: apt-get install {self.package}), or name its program in {self.variables[0]}"
        )


CHROMIUM = Kind(
    name="Chromium, Chrome, Edge or Brave",
    variables=("ATLAS_BROWSER", "CHROME_PATH"),
    commands=(
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "chrome",
        "msedge",
        "microsoft-edge",
        "microsoft-edge-stable",
        "brave",
        "brave-browser",
    ),
    bundles=(
        "Chromium.app/Contents/MacOS/Chromium",
        "Google Chrome.app/Contents/MacOS/Google Chrome",
        "Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        "Brave Browser.app/Contents/MacOS/Brave Browser",
    ),
    windows=(
        "Chromium/Application/chrome.exe",
        "Google/Chrome/Application/chrome.exe",
        "Microsoft/Edge/Application/msedge.exe",
        "BraveSoftware/Brave-Browser/Application/brave.exe",
    ),
    package="chromium",
)
FIREFOX = Kind(
    name="Firefox",
    variables=("ATLAS_FIREFOX",),
    commands=("firefox-esr", "firefox"),
    bundles=("Firefox.app/Contents/MacOS/firefox",),
    windows=("Mozilla Firefox/firefox.exe",),
    package="firefox-esr",
)


def find(
    kind: Kind,
    *,
    environment: Mapping[str, str] = os.environ,
    system: str = sys.platform,
    applications: Sequence[Path] = (Path("/Applications"), Path.home() / "Applications"),
    downloaded: Callable[[], Path | None] | None = None,
) -> Path | None:
    """Look where a browser of this kind may be.

    Parameters
    ----------
    environment
        Its ``PATH``, the kind's variables and, on Windows, the folders of programs are looked at.
    system
        As in ``sys.platform``.
    applications
        The folders of application bundles on macOS.
    downloaded
        Gives the path of Playwright's download; asked last, because it starts Playwright.

    Raises
    ------
    BrowserError
        If a variable names what is no program, or one that does not start.
    """
    for variable in filter(environment.get, kind.variables):
        return _named(variable, environment[variable], environment, system)
    for path in _candidates(kind, environment, system, applications):
        if not is_snap(path) and starts(path, system):
            return path
    download = (downloaded or playwrights_download)() if kind is CHROMIUM else None
    return download if download and download.is_file() and starts(download, system) else None


def is_snap(path: Path) -> bool:
    """Whether a program is, or hands over to, a snap: it has a temporary folder of its own and sees no file of ours."""
    if path.resolve().name == "snap" or "snap" in path.parts:
        return True
    with path.open("rb") as file:
        return file.read(2) == b"#!" and SNAP in file.read(SCRIPT_BYTES)


def starts(path: Path, system: str = sys.platform) -> bool:
    """Whether a program says its version; on Windows a browser would open a window instead, and is believed."""
    if system == "win32":
        return True
    try:
        done = subprocess.run([path, "--version"], capture_output=True, check=False, timeout=TIMEOUT_S)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _named(variable: str, text: str, environment: Mapping[str, str], system: str) -> Path:
    path = shutil.which(text, path=environment.get("PATH", ""))
    if path is None:
        msg = f"{variable} names {text!r}, which is no program: give the path of a browser's program, or unset it"
        raise BrowserError(msg)
    if not starts(Path(path), system):
        msg = f"{variable} names {text!r}, which does not start: try `{text} --version`, or unset it"
        raise BrowserError(msg)
    return Path(path)


def _candidates(
    kind: Kind, environment: Mapping[str, str], system: str, applications: Sequence[Path]
) -> Iterator[Path]:
    for command in kind.commands:
        if path := shutil.which(command, path=environment.get("PATH", "")):
            yield Path(path)
    folders: Sequence[Path] = ()
    below: tuple[str, ...] = ()
    if system == "darwin":
        folders, below = applications, kind.bundles
    elif system == "win32":
        folders = [Path(environment[root]) for root in WINDOWS_ROOTS if environment.get(root)]
        below = kind.windows
    yield from (folder / name for name in below for folder in folders if (folder / name).is_file())


def playwrights_download() -> Path | None:
    """Where Playwright keeps its own Chromium, whether it is there or not."""
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - the other places need no Playwright
    except ImportError:
        return None

    def asked() -> Path:
        with sync_playwright() as playwright:
            return Path(playwright.chromium.executable_path)

    # a thread of its own: Playwright runs once in each, and a browser of the tests may be open in this one
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asked).result()
