"""What a run leaves out: whole files unread, and what was measured to be slow."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import selection, weighing

FILE = """
import pytest
{mark}

@pytest.mark.parametrize("number", [1, 2])
def test_long(number):
    pass

def test_longer():
    pass

def test_short(request):
    pass
"""


@pytest.mark.parametrize(
    ("expression", "marks"),
    [
        ("not (interop or long or slow)", {"interop", "long", "slow"}),
        ("not interop and not long", {"interop", "long"}),
        ("not slow", {"slow"}),
        ("long", set()),
        ("", set()),
        # a file of slow tests may have such as are asked for
        ("not slow or browser", set()),
        ("not slow and browser", set()),
        ("not (slow and browser)", set()),
    ],
)
def test_only_what_is_refused_by_itself_is_left_out_unread(expression: str, marks: set[str]) -> None:
    assert selection.marks_left_out(expression) == marks


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("pytestmark = pytest.mark.slow(1.3)", {"slow"}),
        ("pytestmark = [pytest.mark.browser, pytest.mark.slow]", {"browser", "slow"}),
        ("    pytestmark = pytest.mark.slow", set()),
        ("@pytest.mark.slow\ndef test_one(): ...", set()),
    ],
)
def test_marks_of_a_file_are_those_of_all_its_tests(tmp_path: Path, line: str, marks: set[str]) -> None:
    path = tmp_path / "test_one.py"
    path.write_text(f"import pytest\n\n{line}\n", encoding="utf-8")
    assert selection.marks_of_file(path) == marks


@pytest.mark.parametrize(
    ("mark", "weights", "left"),
    [
        ("", {}, ["test_long[1]", "test_long[2]", "test_longer", "test_short"]),
        ("", {"test_long": 0.1}, ["test_long[1]", "test_long[2]", "test_longer", "test_short"]),
        ("", {"test_long": 0.15}, ["test_long[1]", "test_longer", "test_short"]),
        ("", {"test_long": 0.6}, ["test_longer", "test_short"]),
        ("", {"test_long": 0.8, "test_longer": 0.9, "test_short": 0.7}, ["test_short"]),
        ("", {"test_long": 0.6, "test_longer": 0.9, "test_short": 0.7}, ["test_long[1]"]),
        ("pytestmark = pytest.mark.slow", {"test_long": 0.01}, []),
    ],
)
def test_what_is_measured_to_be_slow_is_marked_but_for_the_lightest_of_a_file(
    pytester: pytest.Pytester, mark: str, weights: dict[str, float], left: list[str]
) -> None:
    items = pytester.getitems(FILE.format(mark=mark))
    name = items[0].nodeid.split("::")[0]
    selection.mark_slow(items, {f"{name}::{function}": seconds for function, seconds in weights.items()})
    assert [item.name for item in items if not item.get_closest_marker("slow")] == left


def test_an_address_in_an_id_is_refused(pytester: pytest.Pytester) -> None:
    items = pytester.getitems(
        "import pytest\n@pytest.mark.parametrize('one', [1], ids=['<X at 0x7f>'])\ndef test_one(one): ..."
    )
    with pytest.raises(pytest.UsageError, match=r"give ids to the parameters of .*test_one\["):
        selection.pytest_collection_modifyitems(items[0].config, items)


def test_every_measured_test_exists(repo: Path) -> None:
    weights = selection.weights_by_function()
    # names change: `pytest --weigh` drops those that are gone
    gone = weights.keys() - weighing.merged(repo, weights, {})
    assert len(gone) <= len(weights) / 10, sorted(gone)


def test_measuring_replaces_what_was_known_and_forgets_what_is_light_or_gone(repo: Path) -> None:
    here = f"{Path(__file__).relative_to(repo).as_posix()}::"
    this, other = f"{here}test_every_measured_test_exists", f"{here}test_marks_of_a_file_are_those_of_all_its_tests"
    known = {this: 4.0, other: 3.0, f"{here}test_of_old": 2.0, "tests/test_of_old.py::test_one": 2.0}
    assert weighing.merged(repo, known, {this: [0.2, 0.4], other: [0.01]}) == {this: 0.3}
