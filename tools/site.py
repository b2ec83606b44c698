"""The documentation as a site: stages docs/ with the pages that are made, and has MkDocs build it (`make docs`).

The Spanish of a page lies beside it under the same name with ``.es``; those that had a name of their own before get
that name here. Pages that are made, of docstrings and of files of the repository, exist only in the stage.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools import site_pages

ROOT = Path(__file__).resolve().parent.parent
STAGE, SITE = ROOT / ".cache" / "docs", ROOT / ".cache" / "site"
# the pages that the documentation is about, which go along with it
MAPS = ROOT / "maps"
REQUIREMENTS = ROOT / "docs" / "requirements.txt"
ENVIRONMENT = ROOT / ".cache" / "mkdocs"
_STAMP = ENVIRONMENT / REQUIREMENTS.name
SPANISH = {"no-hacer-dano.md": "do-no-harm.es.md", "puerta-de-publicacion.md": "release-gate.es.md"}
_ES = ".es.md"
_LINK = re.compile(r"\[([^\]\[]+)\]\((?!https?://|#|mailto:)([^)\s]+)\)")


def stage(folder: Path) -> None:
    """Put everything that the site is made of into a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "docs", folder, ignore=shutil.ignore_patterns("requirements.txt"))
    if MAPS.is_dir():
        shutil.copytree(MAPS, folder / MAPS.name)
    for name, text in made_pages().items():
        (folder / name).write_text(text, "utf-8")
    for old, new in SPANISH.items():
        (folder / old).rename(folder / new)
    for path in sorted(folder.rglob("*.md")):
        path.write_text(_led(path.read_text("utf-8"), path, folder), "utf-8")


def made_pages() -> dict[str, str]:
    """The pages that are made, as Markdown by name."""
    return {
        "python.md": site_pages.python_page(),
        "project-file.md": site_pages.project_file_page(),
        **site_pages.notebook_pages(),
        "layers.md": (ROOT / "geodata" / "README.md").read_text("utf-8"),
        "evidence.md": (ROOT / "geodata" / "evidence" / "README.md").read_text("utf-8"),
        "changes.md": (ROOT / "CHANGELOG.md").read_text("utf-8"),
    }


def _led(text: str, page: Path, folder: Path) -> str:
    """Links to pages of the site, also under their new names; a file of the repository becomes its name."""
    renamed = text
    for old, new in SPANISH.items():
        renamed = renamed.replace(f"({old}", f"({new}")

    def lead(link: re.Match[str]) -> str:
        words, target = link.groups()
        path, _, anchor = target.partition("#")
        if page.parent == folder and path.startswith(f"../{MAPS.name}/") and (folder / path[3:]).exists():
            return f"[{words}]({path[3:]})"
        here = (page.parent / path).resolve()
        if here.exists() and here.is_relative_to(folder.resolve()):
            edition = _other_language(here.relative_to(folder.resolve()), page.relative_to(folder))
            return f"[{words}]({edition}{'#' + anchor if anchor else ''})" if edition else link.group()
        known = folder / Path(path).name
        if known.suffix == ".md" and known.exists() and Path(path).name != "README.md":
            return f"[{words}]({known.name}{'#' + anchor if anchor else ''})"
        return words if words.strip("`") == path else f"{words} (`{path}`)"

    return _LINK.sub(lead, renamed)


def _other_language(target: Path, page: Path) -> str | None:
    """The address of a page's edition in the other language, which the site has in another folder; None elsewhere."""
    spanish = page.name.endswith(_ES)
    is_english_of_it = spanish and target == page.with_name(page.name.replace(_ES, ".md"))
    if not is_english_of_it and (spanish or not target.name.endswith(_ES)):
        return None
    up = "../" * (len(page.parts) - 1 + spanish)
    return f"{up}{'' if spanish else 'es/'}{target.as_posix().removesuffix('.md').removesuffix('.es')}.html"


def main(python: str | None = None) -> int:
    """Stage and build; the exit code is that of MkDocs, which is strict about links."""
    stage(STAGE)
    program = python or str(_mkdocs())
    command = [program, "-m", "mkdocs", "build", "--strict", "--quiet", "--config-file", str(ROOT / "mkdocs.yml")]
    code = subprocess.run(command, check=False).returncode
    if code == 0:
        print(f"Open {SITE / 'index.html'}")
    return code


def is_installed() -> bool:
    """Whether the environment that builds the site is there and up to date."""
    return _STAMP.is_file() and _STAMP.read_bytes() == REQUIREMENTS.read_bytes()


def _mkdocs() -> Path:
    """The Python of an environment with MkDocs alone, made where it is not there or not up to date."""
    python = ENVIRONMENT / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not is_installed():
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--requirement", str(REQUIREMENTS)]
        subprocess.run(["env", "-u", "PIP_CONSTRAINT", *install] if sys.platform != "win32" else install, check=True)
        _STAMP.write_bytes(REQUIREMENTS.read_bytes())
    return python


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
