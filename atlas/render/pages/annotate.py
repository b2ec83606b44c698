"""``annotate.html``: field notes in the browser, kept there, without a network; and a team's own copy of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from atlas.render.build_context import BuildContext
from atlas.render.fieldform import form_data
from atlas.render.motifs import field_notes
from atlas.render.pages.map_page import MapPage
from atlas.render.thumbnail import Sketch

KEY = "annotate"
FOLDER = "annotate/"
LAYERS = ("municipalities", "border", "border_reaches", "crossings_formal")
Reference = Sequence[Mapping[str, Any]]


# stands in the page until the folder's files, and so its version, are known
VERSION_TO_COME = "version-of-the-site-to-come"


def map_page(reference: Reference = (), *, home: bool = True, site: bool = False) -> MapPage:
    """The page of field notes.

    Parameters
    ----------
    reference
        A team's own layers under its notes: ``name`` and ``features``, each a name and a GeoJSON geometry.
    home
        Whether the page lies beside the other pages and leads back to them.
    site
        Whether it is the page of a folder to install from: it carries its version, to know a newer one by.
    """

    def data(edition: BuildContext) -> Mapping[str, Any]:
        return {
            "form": form_data(edition.release.annotation),
            "reference": list(reference),
            # how far from the truth what is drawn may lie: nobody points more exactly than that
            "accuracy": {
                name: edition.release.record(name)["accuracy_m"]
                for name in (*LAYERS, "basemap")
                if name in edition.release.names
            },
            **({"site": {"version": VERSION_TO_COME}} if site else {}),
        }

    return MapPage(
        KEY,
        layers=LAYERS,
        shown=("municipalities", "border"),
        styles=(f"{FOLDER}annotate.css", f"{FOLDER}form.css", f"{FOLDER}handover.css"),
        layout="annotate.html.j2",
        data=data,
        content=lambda _edition: {"home": home},
        site=site,
        sketch=Sketch(motif=field_notes),
    )


PAGE = map_page().page
