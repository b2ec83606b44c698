"""The courier's page: carries sealed notes from phone to desk and receipts back, without a map and without a layer."""

from __future__ import annotations

from atlas.render.assets import bundle
from atlas.render.build_context import BuildContext
from atlas.render.elements import AtlasPage, Blueprint

KEY = "courier"
_STYLES = ("base.css", "annotate/annotate.css", "annotate/form.css", "annotate/handover.css", "courier.css")


def render(edition: BuildContext) -> str:
    """The page as text."""
    blueprint = Blueprint(KEY, "courier.html.j2", scripts=(bundle(KEY),), styles=_STYLES, data={})
    return AtlasPage(blueprint, edition.catalogues(KEY, ()), edition.release.border).render()
