"""A check takes time as the file takes space: no function's steps grow with the square of it."""

import gc
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any

import pytest

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.errors import LintError
from kerastut.lint.questions import tensors
from kerastut.lint.rules.rule import load_rules
from kerastut.lint.semantics import evaluator, facts, interpreter, models, scopes, values

from ..faults.kinds.check_growth import (
    LINES,
    MARKS,
    UNITS,
    VALUES,
    cell,
    fenced,
    long,
    marked,
    notebook,
    repeated,
    valued,
)

# What bounds the ways that are followed; with less of it, growth shows in small texts.
BOUNDS: list[tuple[ModuleType, str]] = [
    (evaluator, "_MOST"),
    (facts, "_MOST"),
    (interpreter, "_STARS"),
    (models, "_MOST"),
    (scopes, "_ANCESTORS"),
    (tensors, "_DEPTH"),
    (values, "_DEEPEST"),
]
SIZE = 14
RULES = load_rules()


@pytest.fixture(autouse=True)
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in BOUNDS:
        monkeypatch.setattr(module, name, 3)


def steps(text: str, suffix: str) -> Counter[CodeType]:
    """Returns how many lines of each function run in a check."""
    counted: Counter[CodeType] = Counter()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        counted[frame.f_code] += 1
        return trace

    before = sys.gettrace()
    gc.disable()  # what other tests have left is not taken away, and counted, in between
    sys.settrace(trace)
    try:
        document = parse_document(Text(text), f"x{suffix}", suffix)
        check_document(document, Selection(("ALL",)))
    except LintError:
        pass
    finally:
        sys.settrace(before)
        gc.enable()
    return counted


def bent(text: Callable[[int], str], suffix: str) -> dict[str, tuple[int, int, int]]:
    """Returns the functions that run more and more steps for each repetition in a text."""
    steps(text(1), suffix)  # what is done once, such as reading the rules
    one, two, three = (steps(text(SIZE * times), suffix) for times in (1, 2, 3))
    return {
        f"{Path(code.co_filename).name} {code.co_name}": (one[code], two[code], three[code])
        for code in three
        if three[code] - two[code] > max(1.2 * (two[code] - one[code]), one[code]) + SIZE
    }


@pytest.mark.parametrize("unit", UNITS)
def test_statements(unit: str) -> None:
    assert not bent(partial(repeated, [unit]), ".py")


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if "```" not in rule.bad])
def test_what_rules_find(code: str) -> None:
    assert not bent(lambda n: RULES[code].bad * (n // 2 + 1), ".py")


# In functions in functions a name is looked for in each; Python reads at most 200 of these.
@pytest.mark.parametrize("template", [one for one in LINES if "f(lambda" not in one])
def test_lines(template: str) -> None:
    assert not bent(partial(long, template), ".py")


@pytest.mark.parametrize("between", ["", " ", "\n", "\n\n"])
@pytest.mark.parametrize("mark", MARKS)
def test_marks(mark: str, between: str) -> None:
    assert not bent(partial(marked, [mark], between), ".md")


@pytest.mark.parametrize("value", VALUES)
def test_values(value: str) -> None:
    assert not bent(partial(valued, value), ".ipynb")


@pytest.mark.parametrize("units", [["x = 1"], UNITS[:60:7], UNITS[1:60:7], UNITS[-9:]])
def test_blocks_and_cells(units: list[str]) -> None:
    assert not bent(partial(fenced, units), ".md")
    for kind in (str, list):
        assert not bent(partial(notebook, units, kind), ".ipynb")
        assert not bent(partial(cell, units, kind), ".ipynb")
