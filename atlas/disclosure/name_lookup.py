"""Re-identification by name: a published name that is to have no position is looked up as a reader would look it up.

A name leads to a place when some list of places has it within the floor of the border line. That it is in no list
clears nothing, since every list has its least size: a name stands only where a decision of record lets it stand
(``geodata/evidence/publication_decisions.csv``), or where it is that of a municipality or a state, which is no finer
than the stretch or area itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from atlas.disclosure.feature_rules import is_informal
from atlas.disclosure.finding import Finding, masked
from atlas.disclosure.gazetteer import Gazetteer, Match
from atlas.disclosure.scanned_feature import Collection, ScannedFeature
from atlas.disclosure.toponyms import folded, readings
from atlas.published.sensitivity import Sensitivity

# fields that name a place; what a row says of its municipality is as coarse as the municipality
_FIELDS = frozenset(
    {
        "name", "nombre", "title", "titulo", "label", "etiqueta", "opposite", "enfrente", "toponym", "toponimo",
        "locality", "localidad", "place_name", "village", "community", "comunidad", "nom_loc", "crossing_name", "alias",
    }
)  # fmt: skip
# posts and naval places are areas and stretches, too, without being generalised
_UNPLACED_LAYERS = frozenset({"checkpoints", "facilities"})
_HISTORY = "git "


@dataclass
class NameCheck:
    """Looks up what is to have no position, and counts what it did.

    Attributes
    ----------
    standing
        Names that stand by a decision of record, folded.
    public
        Names of municipalities and states, folded.
    lists
        Gives the lists to look in; asked when there is a first name to look up.
    """

    standing: frozenset[str]
    public: frozenset[str]
    lists: Callable[[], Sequence[Gazetteer]]
    in_history: set[str] = field(default_factory=set)
    _known: dict[str, Match | None] = field(default_factory=dict)
    _decided: set[str] = field(default_factory=set)

    @cached_property
    def gazetteers(self) -> Sequence[Gazetteer]:
        """The lists that names are looked up in."""
        return self.lists()

    def afresh(self) -> NameCheck:
        """The same check, which has counted nothing yet."""
        return NameCheck(self.standing, self.public, lambda: self.gazetteers)

    def counted(self) -> NameCheck:
        """What was counted, without the lists."""
        return replace(self, lists=tuple)

    def take(self, later: NameCheck) -> None:
        """Count what another check, of other files, has looked up."""
        self.in_history |= later.in_history
        self._known |= later._known
        self._decided |= later._decided

    def findings(
        self, collection: Collection, file: str, trail: str, layer: str | None
    ) -> Iterator[tuple[str, Finding]]:
        """What names in a list of features lead to, each with the kind by which it is counted."""
        named = any(folded(name) in _FIELDS for name in collection.fields)
        for feature in collection.features if named else ():
            if not _is_unplaced(feature, collection, layer):
                continue
            for name in _names_of(feature):
                where = f"{trail} > {feature.where}" if trail else feature.where
                if (fault := self._fault(name, file, where, layer)) is not None:
                    yield folded(name), fault

    def _fault(self, name: str, file: str, where: str, layer: str | None) -> Finding | None:
        plain = plain_name(name)
        stands = plain in self.standing or self._is_public(name)
        if where.startswith(_HISTORY):
            # history is not rewritten: what it holds is counted, and said once
            if not stands:
                self.in_history.add(plain)
            return None
        nearest = self._nearest(plain)
        if stands:
            self._decided.add(plain)
            return None
        if nearest is not None:
            far = f"{nearest.distance_m:,.0f} m from the border line"
            what = f"{masked(name)} is the name of a place {far} ({nearest.gazetteer})"
            return Finding("re-identified", file, where, what)
        rule = "undecided-name" if layer is not None else "unknown-name"
        return Finding(rule, file, where, f"{masked(name)} is in no list here, which clears nothing")

    def _nearest(self, name: str) -> Match | None:
        """The place nearest to the border that any list has for a name."""
        if name not in self._known:
            matches = [match for one in self.gazetteers if (match := one.nearest(name)) is not None]
            self._known[name] = min(matches, key=lambda match: match.distance_m, default=None)
        return self._known[name]

    def _is_public(self, name: str) -> bool:
        """Whether nothing of a name tells more than a municipality or a state does."""
        known = readings(name)
        return not known or all(reading.joined in self.public for reading in known[:1])

    def notes(self, withheld: int) -> Iterator[str]:
        """What was looked up, where, and what the history holds; ``withheld`` is the number of names that left."""
        if self._known:
            near = {name for name, match in self._known.items() if match is not None}
            lists = "; ".join(
                f"{one.title}, {len(one.places):,} of {one.size:,} places near the line" for one in self.gazetteers
            )
            if len(self.gazetteers) == 1:
                lists += " only (GeoNames comes with the sources extra; --gazetteer FILE takes a fuller list)"
            yield (
                f"Names that are to have no position: {len(self._known):,}, looked up in {lists}. "
                f"{len(near):,} are those of places near the line, of which {len(near & self._decided):,} stand by a "
                "decision or are a municipality's; a name that is in no list is not cleared by that."
            )
        if self.in_history:
            yield (
                f"Known: names without a decision in the git history: {len(self.in_history):,}; the decisions to "
                f"withhold account for {withheld:,}. History is not rewritten, see docs/do-no-harm.md."
            )


def _is_unplaced(feature: ScannedFeature, collection: Collection, layer: str | None) -> bool:
    stated = feature.properties.get("sensitivity", collection.sensitivity)
    return layer in _UNPLACED_LAYERS or stated == Sensitivity.GENERALISED or is_informal(feature, layer)


def _names_of(feature: ScannedFeature) -> Iterator[str]:
    for key, value in feature.properties.items():
        if folded(str(key)) in _FIELDS and isinstance(value, str) and value.strip():
            yield value


def plain_name(name: str) -> str:
    """A name as it is compared with the decided ones: folded, with single spaces."""
    return " ".join(folded(name).split())
