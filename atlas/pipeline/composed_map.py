"""A map of a user's own, put together layer by layer: it shows itself in a notebook, and is saved as page or figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from atlas.cartography.composition import (
    Composition,
    Join,
    MapLayer,
    Style,
    bilingual,
    checked_extent,
    parsed_join,
)
from atlas.cartography.map_toml import map_file_text, read_map_file
from atlas.errors import UsageError
from atlas.files import write_atomically
from atlas.pipeline.map_folder import MapFolder, write_map_folder
from atlas.pipeline.notebook import MapView
from atlas.project import Project
from atlas.work_steps import each_in_turn

Words = str | Mapping[str, str]


class ComposedMap:
    """A map: add layers, then show it, save it as a page, or draw it as a figure.

    Parameters
    ----------
    project
        Whose layers lie under it.
    composition
        What it is so far.
    tiles
        As in `atlas.api.Atlas.map`.
    """

    def __init__(self, project: Project, composition: Composition, *, tiles: str | None = None) -> None:
        self._project = project
        self._tiles = tiles
        self.composition = composition
        self.notes: list[str] = []

    def add(  # noqa: PLR0913 - each is a thing that a layer may have
        self,
        source: object,
        *,
        colour: str | None = None,
        size: str | None = None,
        scheme: str = "quantiles",
        classes: int = 5,
        breaks: Sequence[float] = (),
        midpoint: float | None = None,
        categories: bool = False,
        per: str | None = None,
        palette: str | None = None,
        opacity: float = 0.85,
        width: str | None = None,
        label: str | None = None,
        hatch: bool = False,
        time: str | None = None,
        popup: Sequence[str] | None = None,
        join: str | Join | None = None,
        where: Mapping[str, object] | None = None,
        title: Words | None = None,
        sensitivity_field: str | None = None,
    ) -> Self:
        """Put a layer on top.

        Parameters
        ----------
        source
            A layer of the atlas by its name, a map file, a table, a GeoDataFrame, a DataFrame, or GeoJSON as a
            dictionary.
        colour, size, scheme, classes, breaks, midpoint, categories, per, palette, opacity, width, label, hatch, time
            As in `atlas.cartography.composition.Style`.
        popup
            Fields that may reach the page besides these; ``["*"]`` for all.
        join
            ``LAYER:KEY`` onto which the rows of a table are put, or ``LAYER:KEY=COLUMN``.
        where
            Field and value of the rows that are shown.
        title
            What the legend calls the layer: a text, or one for each language.
        sensitivity_field
            As in `atlas.api.Atlas.map`.

        Returns
        -------
        ComposedMap
            The map itself.

        Raises
        ------
        UsageError
            A style or a join is impossible.
        """
        style = Style(
            colour, size, scheme, classes, tuple(map(float, breaks)), midpoint, categories, per, palette, opacity,
            width, label, hatch, time,
        )  # fmt: skip
        layer = MapLayer(
            source,
            style,
            popup=None if popup is None else tuple(popup),
            join=parsed_join(join) if isinstance(join, str) else join,
            title=None if title is None else bilingual(title, "the title of the layer"),
            where=tuple((name, str(value)) for name, value in (where or {}).items()),
            sensitivity_field=sensitivity_field,
        )
        self.composition = replace(self.composition, layers=(*self.composition.layers, layer))
        return self

    def __repr__(self) -> str:
        """How many layers it has: the page itself is long."""
        return f"<ComposedMap, layers: {len(self.composition.layers)}; .save(FILE) writes it>"

    def _repr_html_(self) -> str:
        """The page in a frame of its own, as a notebook shows it."""
        return self.view()._repr_html_()

    def view(self, *, share: Callable[[float], None] | None = None) -> MapView:
        """The finished page.

        Parameters
        ----------
        share
            Called with how much of many points has been read, from 0 to 1.

        Raises
        ------
        InputError, UsageError, PolicyError
            As `atlas.cartography.assembly.assemble`.
        """
        from atlas.admission.published_atlas import open_published_atlas  # noqa: PLC0415 - loaded only to draw
        from atlas.render import render_composition  # noqa: PLC0415 - folium is loaded only when a page is made

        html, notes = render_composition(
            self.composition, release=open_published_atlas(self._project), tiles=self._tiles, share=share
        )
        return MapView(self.composition.text("title", "en") or "map", html, notes)

    def save_folder(self, folder: Path | str, *, share: Callable[[float], None] | None = None) -> MapFolder:
        """Write a folder of a page and an archive, for points that are too many for a page.

        Parameters
        ----------
        folder
            The folder; a static host that gives parts of files serves it, or a reader opens its page and chooses the
            archive.
        share
            Called with how much has been done, from 0 to 1.

        Returns
        -------
        MapFolder
            What was written, with notes.

        Raises
        ------
        InputError, UsageError, PolicyError, OutputError
            As `atlas.pipeline.map_folder.write_map_folder`.
        """
        from atlas.admission.published_atlas import open_published_atlas  # noqa: PLC0415 - loaded only to draw

        return write_map_folder(
            self.composition,
            Path(folder).expanduser(),
            release=open_published_atlas(self._project),
            tiles=self._tiles,
            share=share or (lambda _done: None),
        )

    def save(self, path: Path | str, *, private: bool = False) -> Path:
        """Write the page; see `MapView.save`."""
        return self.view().save(path, private=private)

    def figure(  # noqa: PLR0913 - what a figure can be asked for
        self,
        path: Path | str | None = None,
        *,
        ax: Any = None,  # noqa: ANN401 - axes of matplotlib, which is loaded only to draw
        width_mm: float = 170,
        max_height_mm: float | None = None,
        dpi: int | None = None,
        lang: str = "en",
        titled: bool = True,
        caption: Path | str | None = None,
        on_step: Callable[[str], None] | None = None,
    ) -> Path | None:
        """Draw the map for a paper: into a file, or into axes of one's own.

        Parameters
        ----------
        path
            A file that ends in .png, .svg, .pdf or .tiff.
        ax
            Axes of matplotlib, instead of a file; the map alone is drawn into them.
        width_mm, max_height_mm
            Width on paper, and the height that the layout must not exceed, in millimetres; 225 if not given.
        dpi
            Pixels to the inch of a .png (300 if not given) or .tiff (600).
        lang
            Language of all words, ``en`` or ``es``.
        titled
            Whether title and lead stand above the map.
        caption
            A text file for the caption in both languages, with citations as text and BibTeX.
        on_step
            Is called with what is done next.

        Returns
        -------
        Path or None
            The file that was written.

        Raises
        ------
        UsageError
            Neither or both of path and axes are given, or a size is impossible.
        InputError, PolicyError
            As `view`.
        OutputError
            A file cannot be written.
        """
        from atlas.cartography.assembly import assemble  # noqa: PLC0415 - loaded only to draw
        from atlas.cartography.file_notes import file_notes  # noqa: PLC0415 - as above
        from atlas.figure.caption import caption_text  # noqa: PLC0415 - as above
        from atlas.figure.composed_figure import draw_composition, draw_into  # noqa: PLC0415 - as above
        from atlas.figure.draw import SheetOptions  # noqa: PLC0415 - matplotlib is loaded only for figures
        from atlas.figure.font_signs import notes_on_signs  # noqa: PLC0415 - matplotlib is loaded only for figures
        from atlas.published import open_published_layers  # noqa: PLC0415 - as above

        if (path is None) == (ax is None):
            msg = "name a file to draw, or axes of matplotlib; one of the two"
            raise UsageError(msg)
        release = open_published_layers(self._project)
        steps = each_in_turn(("reading", "drawing"), on_step)
        next(steps)
        assembled = assemble(self.composition, release)
        next(steps)
        of_layers = [(*file_notes(layer.file), *(note["en"] for note in layer.notes)) for layer in assembled.drawn]
        self.notes = [*(note for notes in of_layers for note in notes), *notes_on_signs(assembled)]
        target = None if path is None else Path(path).expanduser()
        if target is None:
            draw_into(ax, release, assembled, lang=lang)
        else:
            draw_composition(release, assembled, target, SheetOptions(width_mm, max_height_mm, dpi, lang, titled))
        if caption is not None:
            write_atomically(Path(caption).expanduser(), caption_text(release, assembled).encode())
        return target

    def as_toml(self) -> str:
        """The map as the text of a map file.

        Raises
        ------
        UsageError
            A layer is an object in memory.
        """
        return map_file_text(self.composition)


def composed(  # noqa: PLR0913 - each is a thing that a map may have
    project: Project,
    *,
    file: Path | str | None = None,
    title: Words | None = None,
    lead: Words | None = None,
    credit: Words | None = None,
    licence: Words | None = None,
    sources: Sequence[Words] = (),
    extent: Sequence[float] | None = None,
    tiles: str | None = None,
) -> ComposedMap:
    """A map without layers, or that of a map file; see `atlas.api.Atlas.compose`."""
    base = read_map_file(Path(file).expanduser()) if file is not None else Composition()
    given = {"title": title, "lead": lead, "credit": credit, "licence": licence}
    texts = {**base.texts, **{name: bilingual(text, name) for name, text in given.items() if text is not None}}
    stated = tuple(bilingual(source, "a source") for source in sources) or base.sources
    reach = base.extent if extent is None else checked_extent(list(extent))
    return ComposedMap(project, Composition(base.layers, texts, stated, reach), tiles=tiles)
