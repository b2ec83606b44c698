"""Which claims of several releases are about the same record: by id, by what is said of it, by their order.

A key links two claims if it is the only one of its kind in either release. Order links all claims only where no other
key links any, and all releases have the same contents in the same order.

*Why it is right.* A key that occurs twice in a release leaves open which claim is meant, and would link records that
are not the same: it is passed over, so that what the attacks find is not made up by wrong links.

*Invariants*: a group has one claim of a release at the most. Source: exact matching in record linkage (Fellegi and
Sunter, 1969); likely matches are left out, as only sure ones prove a leak.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence

from atlas.disclosure.past_releases import Claim, PastRelease

Linked = list[Claim]


def linked(releases: Sequence[PastRelease]) -> tuple[str, list[Linked]]:
    """How claims can be linked, and the groups of those that are: one a record."""
    with_claims = [release.claims for release in releases if release.claims]
    if len(with_claims) < 2:  # noqa: PLR2004 - one release links nothing
        return "nothing", []
    groups = _by(with_claims, lambda claim: claim.feature_id)
    how = ["id"] if groups else []
    more = _by(with_claims, lambda claim: claim.content)
    if more:
        how.append("what is said of them")
    if not groups and not more and _same_order(with_claims):
        how.append("their order")
        more = [list(together) for together in zip(*with_claims, strict=True)]
    return " and ".join(how) or "nothing", [*groups, *more]


def _by(releases: Sequence[Sequence[Claim]], key: Callable[[Claim], str | None]) -> list[Linked]:
    """Claims whose key is the only one of its kind in every release where it stands."""
    groups: defaultdict[str, Linked] = defaultdict(list)
    for claims in releases:
        counts = Counter(key(claim) for claim in claims)
        for claim in claims:
            name = key(claim)
            if name is not None and counts[name] == 1:
                groups[name].append(claim)
    return [group for group in groups.values() if len(group) > 1]


def _same_order(releases: Sequence[Sequence[Claim]]) -> bool:
    contents = [[claim.content for claim in claims] for claims in releases]
    return all(one == contents[0] for one in contents)
