"""Editions of a program: its comments in one language, its code in both."""

import re
from pathlib import Path

import pytest

from kerastut.errors import RecipeError
from kerastut.registry import get_recipe
from kerastut.teaching import edition, plain_program

BOTH = """\
# A line.
# And another.
# zh: 一行。
import csv

first = "# in a string"


# Before a function.
# zh: 函数之前。
# zh: 第二行。
def second():
    # Inside.
    # zh: 里面。
    return first
"""


def test_english_is_what_bears_no_mark() -> None:
    expected = "".join(line for line in BOTH.splitlines(keepends=True) if "# zh: " not in line)
    assert edition(BOTH, "en") == expected


def test_chinese_takes_the_place_of_english() -> None:
    assert edition(BOTH, "zh") == (
        '# 一行。\nimport csv\n\nfirst = "# in a string"\n\n\n# 函数之前。\n# 第二行。\n'
        "def second():\n# 里面。\n    return first\n"
    ).replace("\n# 里面", "\n    # 里面")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_program_of_one_language_stays_as_it_is(language: str) -> None:
    text = "# A line.\n\nfirst = 1\n"
    assert edition(text, language) == text


def test_a_recipe_of_ones_own_has_no_plain_program(tmp_path: Path) -> None:
    own = tmp_path / "mlp_mnist.py"
    own.write_bytes(get_recipe("mlp-mnist").path.read_bytes())
    message = re.escape(f"{own}: only recipes of 'kerastut list' have a plain program.")
    with pytest.raises(RecipeError, match=message):
        plain_program(get_recipe(own), "en")
