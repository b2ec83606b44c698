"""A style by a field that holds nothing is refused with a way out."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import shapely

from atlas.admission.user_features import UserFeature
from atlas.cartography.composition import Style
from atlas.cartography.empty_fields import require_values
from atlas.errors import UsageError


def _features(*rows: Mapping[str, object]) -> list[UserFeature]:
    return [UserFeature(number, shapely.Point(-92, 15), dict(row), {}) for number, row in enumerate(rows, 1)]


@pytest.mark.parametrize("use", ["colour", "size", "width", "label"])
@pytest.mark.parametrize("gap", [None, "", " ", "n/d", float("nan")])
def test_a_field_without_a_value_is_refused_with_those_that_have_one(use: str, gap: object) -> None:
    features = _features({"kind": gap, "name": "a", "n": 1}, {"kind": None, "name": "", "n": None})
    remedy = f"the field 'kind' for '{use}' is empty in all 2 features: leave '{use}' out, or name .*: 'name', 'n'$"
    with pytest.raises(UsageError, match=remedy):
        require_values(features, Style(**{use: "kind"}))


def test_one_value_is_enough_and_no_other_field_is_offered_where_there_is_none() -> None:
    require_values(_features({"kind": None}, {"kind": 0}), Style(colour="kind", label="kind"))
    require_values([], Style(colour="kind"))
    with pytest.raises(UsageError, match=r"is empty in its only feature: leave 'size' out$"):
        require_values(_features({"n": ""}), Style(size="n"))


def test_of_two_hundred_fields_eight_are_named() -> None:
    row = {"empty": "", **{f"f{number}": number for number in range(199)}}
    with pytest.raises(UsageError, match=r"'f0', .*'f7' and 191 more$"):
        require_values(_features(row), Style(colour="empty"))
