"""Noisy counts, an option for large books: each class gets discrete Laplace noise, and shows what is sure all the same.

    noisy[c] = n[c] + Laplace(1 / ε)                  for every class there may be, whether anything is in it or not
    shown[c] = min(k ⌊(noisy[c] - margin) / k⌋, k ⌊(D - k) / k⌋)

The margin is so large that with 99 % no class of the book has more noise than it: then each number is one of days that
were noted, and no class shows a number in which nothing is. What it costs is the margin, some 14 days of each class at
ε = 1; so it is for books of thousands of notes.

*Why it is right.* A report (a day in a place) is in one class, and that class is told once: what is published differs
by a factor of e^ε at most in its probability whether the report is there or not, whoever knows all the others. All
that is after the noise is a function of it. So a book spends ε, once; the ledger says so (`terms`, `periods`).
Closing tells nothing more in such a book, as every further look would spend ε again.

*Invariants*: noise is drawn for classes without a label, too, or their silence would tell; nothing but the number of
days decides, so no least number of observers goes with it. The draws are OpenDP's, exact and from the system's source
of randomness. Source: discrete Laplace mechanism (Ghosh, Roughgarden, Sundararajan 2012; Canonne, Kamath, Steinke
2020), https://docs.opendp.org.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from itertools import product

from atlas.errors import UsageError
from atlas.release.book import Period
from atlas.release.class_counts import Class, Count, Places
from atlas.release.disclosed import most_of, stepped
from atlas.release.groups import groups_of

# that any number of a book is more than the days that were noted
DOUBT = 0.01


def noisy_shown(
    counts: Mapping[Class, Count], periods: Collection[Period], places: Places, epsilon: float
) -> dict[str, int]:
    """The numbers of the classes of some periods that show any, by their names in a ledger.

    Parameters
    ----------
    epsilon
        What the book spends.

    Raises
    ------
    UsageError
        OpenDP is not installed.
    """
    book = places.book
    by_name = {period.name: period for period in periods}
    classes = [
        Class(place, group, name)
        for group in groups_of(book.grouping)
        for place, name in product(places.names(group), by_name)
    ]
    least = margin(epsilon, len(classes) * len(book.periods) // max(1, len(by_name)))
    numbers = [len(counts[each].days) if each in counts else 0 for each in classes]
    shown = {
        each.key: min(stepped(noisy - least, book.k), most_of(by_name[each.period], book))
        for each, noisy in zip(classes, noisy_counts(numbers, epsilon), strict=True)
    }
    return {key: number for key, number in sorted(shown.items()) if number}


def margin(epsilon: float, classes: int) -> int:
    """The least number that no noise of so many classes exceeds, with 99 % or more.

    One draw exceeds t with probability a^(t + 1) / (1 + a), a = e^-ε.
    """
    ratio = math.exp(-epsilon)
    wanted = DOUBT / max(1, classes) * (1 + ratio)
    return max(0, math.ceil(math.log(wanted) / -epsilon) - 1)


def noisy_counts(numbers: Collection[int], epsilon: float) -> list[int]:
    """The numbers with noise of scale 1 / ε each; of numbers of which a report changes one, by one."""
    try:
        from opendp.domains import atom_domain, vector_domain  # noqa: PLC0415 - an extra, loaded only where it is asked for
        from opendp.measurements import make_laplace  # noqa: PLC0415 - as above
        from opendp.metrics import l1_distance  # noqa: PLC0415 - as above
        from opendp.mod import enable_features  # noqa: PLC0415 - as above
    except ImportError as error:
        msg = "a book with epsilon needs OpenDP: pip install -c constraints.txt '.[noise]'; or take epsilon out"
        raise UsageError(msg) from error
    # OpenDP asks for this where a proof was not yet reviewed by a second person
    enable_features("contrib")
    noise = make_laplace(vector_domain(atom_domain(T=int)), l1_distance(T=int), scale=1 / epsilon)
    return list(noise(list(numbers)))
