"""From a page's name to a file: checks, layout from top to bottom, and the same bytes every time."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection, PathCollection
from matplotlib.figure import Figure as Sheet
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from atlas.errors import UsageError
from atlas.figure.blocks import Block, Paragraph, Stack
from atlas.figure.figure_texts import load_words
from atlas.figure.foot import foot
from atlas.figure.missing_letters import fonts_with, missing_letters, warn_of
from atlas.figure.page_figures import figures_of
from atlas.figure.pages import project_border
from atlas.figure.paper import FONT, INCH_MM, QUIET, Box, Canvas, Type, text_width
from atlas.figure.plan import Desk
from atlas.files import write_atomically
from atlas.published import PublishedLayers

ENDINGS = (".png", ".svg", ".pdf", ".tif", ".tiff")
DPI = 300
PRINT_DPI = 600
WIDTHS_MM = (40, 1000)
RESOLUTIONS = (50, 1200)
MOST_PIXELS = 150_000_000
DESIGN_MM = 170.0
MARGIN = 2.0
SETTINGS: Mapping[Any, Any] = MappingProxyType(
    {
        "font.family": FONT,
        "svg.hashsalt": "atlas",
        "svg.fonttype": "path",
        "pdf.fonttype": 42,
        "text.parse_math": False,
        "text.hinting": "none",
        "hatch.linewidth": 0.5,
        "path.simplify": True,
    },
)


@dataclass(frozen=True, slots=True)
class SheetOptions:
    """How a figure lies on paper.

    Attributes
    ----------
    width_mm
        Width in millimetres; the height follows from the content.
    most_mm
        Greatest height in millimetres, to which a map of one's own adapts.
    dpi
        Pixels to the inch of a .png or .tiff; 300 and 600 if not given.
    lang
        Language of all words, ``en`` or ``es``.
    titled
        Whether title and lead stand above the map.
    """

    width_mm: float = 170
    most_mm: float | None = None
    dpi: int | None = None
    lang: str = "en"
    titled: bool = True

    def pixels(self, path: Path) -> int:
        """Pixels to the inch of a file."""
        return self.dpi or (PRINT_DPI if path.suffix.lower().startswith(".tif") else DPI)


def draw_figure(  # noqa: PLR0913 - what a figure can be asked for
    release: PublishedLayers,
    page: str,
    path: Path,
    *,
    width_mm: float = 170,
    dpi: int | None = None,
    lang: str = "en",
    titled: bool = True,
) -> Path:
    """Draw a page as a static figure for print.

    Parameters
    ----------
    release
        The layers as they may be published.
    page
        Name of a page that has a figure.
    path
        File to write; its ending says the format: ``.png``, ``.svg``, ``.pdf`` or ``.tiff``.
    width_mm, dpi, lang, titled
        As in `SheetOptions`.

    Returns
    -------
    The file.

    Raises
    ------
    UsageError
        There is no such page, ending, language, width or resolution.
    OutputError
        The file cannot be written.
    """
    pages = figures_of(release.border)
    if page not in pages:
        msg = f"there is no figure of {page!r}; the pages with a figure are {', '.join(pages)}"
        raise UsageError(msg)
    options = SheetOptions(width_mm, dpi=dpi, lang=lang, titled=titled)

    def lay(desk: Desk) -> Laid:
        figure = pages[page](desk)
        if (border := release.border) is None:
            title, lead = desk.words(f"{page}.title"), desk.words(f"{page}.subtitle")
        else:
            title, lead = project_border.title_of(border, desk, page)
        return Laid(figure.blocks, lambda: foot(desk, figure.notes, figure.cited, conic=figure.conic), title, lead)

    return draw_sheet(release, path, options, lay)


@dataclass(frozen=True, slots=True)
class Laid:
    """What stands on a sheet: title, lead, blocks, and the foot, which is made last."""

    blocks: Sequence[Block]
    foot: Callable[[], Sequence[Block]]
    title: str
    lead: str


def draw_sheet(release: PublishedLayers, path: Path, options: SheetOptions, lay: Callable[[Desk], Laid]) -> Path:
    """Lay a sheet out and write it.

    Raises
    ------
    UsageError
        There is no such ending, language, width or resolution.
    OutputError
        The file cannot be written.
    """
    dpi = options.pixels(path)
    check_sheet(path, options.width_mm, dpi)
    words = load_words(options.lang, of_project=release.border is not None)
    kind = Type.fitting(min(options.width_mm, DESIGN_MM))

    def drawn(*more: str) -> tuple[bytes, set[str]]:
        # the reader's own settings of matplotlib must not change a figure
        with mpl.rc_context(), missing_letters() as missing:
            mpl.rcdefaults()
            mpl.rcParams.update({**SETTINGS, "font.family": [FONT, *more]})
            text_width.cache_clear()
            laid = lay(desk := Desk(release, words, kind))
            data = _bytes(sheet_of(desk, laid, options), path, dpi, laid.title)
        return data, missing

    data, missing = drawn()
    if missing and (more := fonts_with(missing)):
        data, missing = drawn(*more)
    write_atomically(path, data)
    if missing:
        warn_of(missing)
    return path


def check_sheet(path: Path, width_mm: float, dpi: int) -> None:
    """Refuse a file or a size that no figure has.

    Raises
    ------
    UsageError
        The ending, the width or the resolution is impossible, or the path is a folder.
    """
    if path.suffix.lower() not in ENDINGS:
        msg = f"{str(path)!r} does not say which format to write; end its name in {', '.join(ENDINGS)}"
        raise UsageError(msg)
    if not WIDTHS_MM[0] <= width_mm <= WIDTHS_MM[1]:
        msg = f"a figure cannot be {width_mm:g} mm wide; choose from {WIDTHS_MM[0]} to {WIDTHS_MM[1]} mm"
        raise UsageError(msg)
    if not RESOLUTIONS[0] <= dpi <= RESOLUTIONS[1]:
        msg = f"a figure cannot have {dpi} dpi; choose from {RESOLUTIONS[0]} to {RESOLUTIONS[1]}"
        raise UsageError(msg)
    if path.is_dir():
        msg = f"{str(path)!r} is a folder; give the name of a file"
        raise UsageError(msg)


def sheet_of(desk: Desk, laid: Laid, options: SheetOptions) -> Sheet:
    """The whole figure: laid out at most 170 mm wide and enlarged from there, type and lines with it."""
    layout = min(options.width_mm, DESIGN_MM)
    body = Stack([*head(desk, laid, titled=options.titled), *laid.blocks])
    # the foot is written last: it names what the blocks took from the data
    end = Stack(laid.foot())
    inner = layout - 2 * MARGIN
    tall, low = body.height(inner), end.height(inner)
    canvas = Canvas.of(layout, tall + low + 2 * MARGIN)
    body.draw(canvas, Box(MARGIN, MARGIN + low, inner, tall))
    end.draw(canvas, Box(MARGIN, MARGIN, inner, low))
    _enlarge(canvas.figure, options.width_mm / layout)
    return canvas.figure


def head(desk: Desk, laid: Laid, *, titled: bool) -> list[Block]:
    """Title and lead, where they are wanted."""
    if not titled:
        return []
    title = [Paragraph(laid.title, desk.type.title, bold=True, after=0.4)] if laid.title else []
    lead = [Paragraph(laid.lead, desk.type.body + 0.5, colour=QUIET, after=2.2)] if laid.lead else []
    return [*title, *lead]


def _enlarge(figure: Sheet, factor: float) -> None:
    if factor == 1:
        return
    figure.set_size_inches(*(figure.get_size_inches() * factor))
    for artist in figure.findobj():
        if isinstance(artist, Text):
            artist.set_fontsize(float(artist.get_fontsize()) * factor)
        elif isinstance(artist, Line2D):
            artist.set_linewidth(artist.get_linewidth() * factor)
            artist.set_markersize(artist.get_markersize() * factor)
        elif isinstance(artist, Patch) and not isinstance(artist, Collection):
            artist.set_linewidth(artist.get_linewidth() * factor)
        elif isinstance(artist, PathCollection):
            artist.set_sizes(artist.get_sizes() * factor**2)
            artist.set_linewidth([float(width) * factor for width in np.atleast_1d(artist.get_linewidth())])


def _bytes(sheet: Sheet, path: Path, dpi: int, title: str) -> bytes:
    FigureCanvasAgg(sheet)
    kind = {"tif": "tiff"}.get(path.suffix.lower().removeprefix("."), path.suffix.lower().removeprefix("."))
    about: dict[str, dict[str, Any]] = {
        "png": {"Software": None, "Title": title},
        "svg": {"Date": None, "Creator": None, "Title": title},
        "pdf": {"CreationDate": None, "Creator": None, "Producer": None, "Title": title},
    }
    if kind in {"png", "tiff"}:
        _fit_pixels(sheet, dpi)
    stream = io.BytesIO()
    if kind == "tiff":
        sheet.savefig(stream, format=kind, dpi=dpi, pil_kwargs={"compression": "tiff_lzw"})
    else:
        sheet.savefig(stream, format=kind, dpi=dpi, metadata=about[kind])
    return stream.getvalue()


def _fit_pixels(sheet: Sheet, dpi: int) -> None:
    """Make the sheet a whole number of pixels, the nearest one, so that nothing is cut off."""
    pixels = [round(inches * dpi) for inches in sheet.get_size_inches()]
    if pixels[0] * pixels[1] > MOST_PIXELS:
        wide = sheet.get_size_inches()[0] * INCH_MM
        msg = (
            f"{wide:.0f} mm at {dpi} dpi would be {pixels[0]:,} × {pixels[1]:,} pixels, "
            "too many; choose a lower --dpi or a smaller --width-mm, or write .pdf"
        )
        raise UsageError(msg)
    sheet.set_size_inches(*((count + 0.001) / dpi for count in pixels))
