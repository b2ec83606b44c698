"""Names in letters that the font of the figures lacks."""

from __future__ import annotations

import warnings

import pytest
from matplotlib import font_manager

from atlas.figure.missing_letters import MissingLettersWarning, fonts_with, missing_letters, warn_of
from atlas.figure.paper import FONT

# phonetic letters that fonts shipped with matplotlib have, and DejaVu Sans has not
LETTER = "\u1d15"


def _letters_of(family: str) -> set[int]:
    return set(font_manager.get_font(font_manager.findfont(family)).get_charmap())


def test_another_font_of_the_machine_has_the_letter() -> None:
    assert ord(LETTER) not in _letters_of(FONT)
    (family,) = fonts_with({LETTER})
    assert ord(LETTER) in _letters_of(family)
    assert fonts_with({"\U000e0fff"}) == []


def test_what_matplotlib_says_of_letters_is_collected_and_the_rest_passes() -> None:
    def heard() -> set[str]:
        with missing_letters() as missing:
            warnings.warn("Glyph 26412 (\\N{CJK UNIFIED IDEOGRAPH-672C}) missing from font(s) X.", stacklevel=1)
            warnings.warn("something else", stacklevel=1)
        return missing

    with pytest.warns(UserWarning, match="something else"):
        missing = heard()
    assert missing == {"\u672c"}


def test_one_sentence_names_letters_and_remedy() -> None:
    with pytest.warns(MissingLettersWarning, match="letters \u65e5 \u672c, which .* install a font"):
        warn_of({"\u672c", "\u65e5"})
