"""The desk's page: a store reviewed together; served to this machine only, and holding nothing of the store itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from atlas.render.build_context import BuildContext
from atlas.render.fieldform import form_data
from atlas.render.pages.map_page import MapPage

KEY = "desk"
_STYLES = ("annotate/annotate.css", "annotate/form.css", "annotate/handover.css", "desk.css")


def map_page() -> MapPage:
    """The page; what it shows of a store it asks the server that it came from."""

    def data(edition: BuildContext) -> Mapping[str, Any]:
        return {"form": form_data(edition.release.annotation)}

    return MapPage(
        KEY,
        layers=("municipalities", "border", "crossings_formal"),
        shown=("municipalities", "border"),
        styles=_STYLES,
        layout="desk.html.j2",
        data=data,
        served=True,
    )
