"""Everything a page is made from, read and checked once for all pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from atlas.admission.road_lines import Roads
from atlas.claims import MEASURED, Finding, audit_claims
from atlas.evidence import Evidence
from atlas.published import publishable
from atlas.render.agencies import agencies_of
from atlas.render.contract import Publishable
from atlas.render.drawn_layers import DrawnLayers, Feature, drawn_layers, outlines_of, shapes_of
from atlas.render.more_languages import MoreLanguage, read_more_languages
from atlas.render.page_texts import Catalogue, load_catalogues, pages_with_texts
from atlas.render.project_words import refuse_unfit_texts, with_agencies, with_cards, with_project_words, with_subjects
from atlas.render.shapes import Packed, pack_layers
from atlas.render.tiles import Tiles
from atlas.render.views import VIEWS, View


@dataclass(frozen=True, eq=False)
class BuildContext:
    """A release made ready for drawing."""

    release: Publishable
    tiles: Tiles | None = None
    roads: Roads | None = None

    @cached_property
    def evidence(self) -> Evidence:
        """The fact tables, read once for all pages."""
        return self.release.evidence

    @cached_property
    def findings(self) -> Sequence[Finding]:
        """Every published claim held against the layers."""
        return audit_claims(self.evidence, {name: self.features[name] for name in MEASURED if name in self.features})

    @cached_property
    def views(self) -> tuple[View, ...]:
        """The layers that can be shown, bottom to top."""
        return tuple(view for view in VIEWS if view.name in self.release.names)

    @cached_property
    def _kept(self) -> DrawnLayers | None:
        """The layers as a context of this kind draws them; nothing for one of another kind, which has more or fewer.

        Here a layer that must not be published stops the build, whether it is read now or was kept.
        """
        if type(self) is not BuildContext:
            return None
        layers = drawn_layers(self.release, self.views)
        for name, features in layers.features.items():
            publishable.refuse(name, features)
        return layers

    @cached_property
    def features(self) -> Mapping[str, Sequence[Feature]]:
        """Features by layer; reading them is where a layer that must not be published stops the build."""
        if self._kept is not None:
            return self._kept.features
        read = {view.name: self.release.features(view.name) for view in self.views}
        for name, features in read.items():
            publishable.refuse(name, features)
        return read

    @cached_property
    def shapes(self) -> Mapping[str, Sequence[Any]]:
        """Shapely geometries by layer, ``None`` where a feature has no place."""
        return self._kept.shapes if self._kept is not None else shapes_of(self.features)

    @cached_property
    def outlines(self) -> Mapping[str, Sequence[Any]]:
        """Shapes of the layers that small drawings need, thinned for a few hundred pixels."""
        return self._kept.outlines if self._kept is not None else outlines_of(self.views, self.shapes)

    @cached_property
    def packed(self) -> Packed:
        """All shapes as shared arcs."""
        return self._kept.packed if self._kept is not None else pack_layers(self.views, self.features, self.shapes)

    def catalogues(self, page: str, names: Sequence[str] | None = None) -> Mapping[str, Catalogue]:
        """Texts of a page by language, with the registry's titles and labels of the layers that it shows."""
        shown = self.release.names if names is None else names
        texts = load_catalogues({name: self.release.record(name) for name in shown}, page)
        border = self.release.border
        if border is None:
            return texts
        made = {lang: with_project_words(self._with_names(known, lang), border, lang) for lang, known in texts.items()}
        return made | {more.code: more.catalogue(made["en"], border) for more in self.more_languages}

    @cached_property
    def claimed(self) -> tuple[str, ...]:
        """What the claims are about, each subject once."""
        return tuple(dict.fromkeys(claim.subject for claim in self.evidence.claims))

    @cached_property
    def agencies(self) -> tuple[str, ...]:
        """Who keeps the checkpoints, each once."""
        return tuple(dict.fromkeys(one for row in self.evidence.checkpoints for one in agencies_of(row.agency)))

    def _with_names(self, texts: Catalogue, language: str) -> Catalogue:
        """Texts with what the project's tables name: subjects of claims, kinds of cards."""
        kinds = dict.fromkeys(row.card for row in self.evidence.visitor_cards)
        named = with_agencies(with_subjects(texts, self.claimed), self.agencies)
        return with_cards(named, kinds, language)

    def refuse_unfit_texts(self) -> None:
        """Refuse words of the project file that fit no text of a page.

        Raises
        ------
        InputError
            There are any.
        """
        if (border := self.release.border) is None or not border.texts:
            return
        records = {name: self.release.record(name) for name in self.release.names}
        known: dict[str, dict[str, str]] = {language: {} for language in border.texts}
        for page in pages_with_texts():
            for language, texts in load_catalogues(records, page).items():
                if language in known:
                    known[language] |= self._with_names(texts, language)
        refuse_unfit_texts(border, known)

    @cached_property
    def more_languages(self) -> tuple[MoreLanguage, ...]:
        """Languages besides English and Spanish, which a project brings."""
        border = self.release.border
        return () if border is None else read_more_languages(border)
