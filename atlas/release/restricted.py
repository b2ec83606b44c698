"""The two types of field records: exact ones that nothing may draw or write, and released ones that may leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NoReturn, SupportsIndex

from atlas.errors import PolicyError

Feature = Mapping[str, Any]


class Restricted:
    """Exact field records. They can be released or sealed; they cannot be read, drawn, written or copied elsewhere."""

    __slots__ = ("__exact",)

    def __init__(self, features: Iterable[Feature]) -> None:
        self.__exact: Final = tuple(features)

    def __len__(self) -> int:
        """How many records."""
        return len(self.__exact)

    def __bool__(self) -> bool:
        """A layer without records is a layer still."""
        return True

    def __repr__(self) -> str:
        """Without anything that the records say."""
        return "<Restricted field records>"

    def __iter__(self) -> None:
        """Refused."""
        _refuse("iterated")

    def __getitem__(self, _: object) -> None:
        """Refused."""
        _refuse("indexed")

    def __contains__(self, _: object) -> bool:
        """Refused."""
        _refuse("searched")

    def __reduce_ex__(self, _: SupportsIndex) -> NoReturn:
        """Refused."""
        _refuse("pickled or copied")

    def __format__(self, _: str) -> str:
        """As ``repr``."""
        return repr(self)

    def __eq__(self, other: object) -> bool:
        """Only the same layer is equal."""
        return self is other

    __hash__ = object.__hash__

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        """Refused."""
        _refuse("drawn or written")


def exact_features(layer: Restricted) -> Sequence[Feature]:
    """What a restricted layer holds, for the gate itself: placing and sealing."""
    features: Sequence[Feature] = layer._Restricted__exact  # type: ignore[attr-defined]  # noqa: SLF001 - the one door
    return features


def _refuse(what: str) -> NoReturn:
    msg = (
        f"exact field records cannot be {what}: they leave the house only through the gate. "
        "Release them first: `release(records, policy, places)` or `atlas release IN -o DIR`"
    )
    raise PolicyError(msg)


class Released(Sequence[Feature]):
    """Features that have passed the gate, in the order in which they are published."""

    __slots__ = ("_alike", "_features", "k", "policy_sha256")

    def __init__(self, features: Iterable[Feature], *, policy_sha256: str, k: int) -> None:
        self._features = tuple(features)
        self._alike: tuple[tuple[Feature, int], ...] | None = None
        self.policy_sha256 = policy_sha256
        self.k = k

    def __len__(self) -> int:
        """How many features."""
        return len(self._features)

    def __iter__(self) -> Iterator[Feature]:
        """The features in their order."""
        return iter(self._features)

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - as of any sequence, one or several
        """One feature, or several."""
        return self._features[index]

    def alike(self) -> Sequence[tuple[Feature, int]]:
        """One of all features that share their shape and all that they say, and how many these are.

        The gate gives such features the same objects; where others do not, each stands for itself.
        """
        if self._alike is None:
            keys = [(id(feature["geometry"]), id(feature["properties"])) for feature in self._features]
            one = dict(zip(reversed(keys), reversed(self._features), strict=True))
            self._alike = tuple((one[key], number) for key, number in Counter(keys).items())
        return self._alike

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        """The features as other libraries ask for them."""
        return {"type": "FeatureCollection", "features": list(self._features)}
