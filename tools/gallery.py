"""The pictures of the gallery: each command of ``docs/gallery/index.md`` run, and what it makes looked at.

``python -m tools.gallery`` writes ``docs/gallery/pictures/NN.webp``; ``python -m tools.gallery 04 11`` only these.
They are committed, because the documentation is built where no browser is; none is larger than `MOST_BYTES`.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tools import browsers

ROOT = Path(__file__).resolve().parent.parent
GALLERY = ROOT / "docs" / "gallery"
PICTURES = GALLERY / "pictures"
MOST_BYTES = 40_000
SIZE = (1280, 800)
WIDTH_PX = 640
QUALITY = 60
_COMMAND = re.compile(r"^```sh\n(atlas [^\n]+)\n```$", re.MULTILINE)


def commands() -> list[str]:
    """The commands of the gallery, in their order."""
    return _COMMAND.findall((GALLERY / "index.md").read_text("utf-8"))


def main(numbers: Sequence[str]) -> None:
    """Make every picture anew, or those of some numbers."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        shutil.copytree(GALLERY / "data", folder / "data")
        browser = playwright.chromium.launch(executable_path=browsers.find(browsers.CHROMIUM), args=browsers.BARE)
        for command in commands():
            words = shlex.split(command)
            number = words[-1][:2]
            if numbers and number not in numbers:
                continue
            made = [sys.executable, "-m", "atlas", *words[1:], "--project", str(ROOT)]
            subprocess.run(made, cwd=folder, check=True, capture_output=True)
            path = PICTURES / f"{number}.webp"
            _save(_looked_at(folder / words[-1], browser), path)
            print(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes", flush=True)
        browser.close()


def _looked_at(path: Path, browser: Browser) -> Image.Image:
    if path.suffix == ".pdf":
        page = pypdfium2.PdfDocument(path)[0]
        return Image.fromarray(page.render(scale=2, rev_byteorder=True).to_numpy()[:, :, :3].astype(np.uint8))
    page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
    page.goto(f"{path.as_uri()}#lang=en&theme=light")
    page.locator(".picture").wait_for(state="detached")
    page.wait_for_timeout(500)
    shot = path.with_suffix(".png")
    page.screenshot(path=shot)
    page.close()
    return Image.open(shot).convert("RGB")


def _save(picture: Image.Image, path: Path) -> None:
    height = round(picture.height * WIDTH_PX / picture.width)
    small = picture.resize((WIDTH_PX, height), Image.Resampling.LANCZOS)
    for quality in range(QUALITY, 10, -10):
        small.save(path, "WEBP", quality=quality, method=6)
        if path.stat().st_size <= MOST_BYTES:
            return


if __name__ == "__main__":
    main(sys.argv[1:])
