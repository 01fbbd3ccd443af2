"""Values of the command line, drawn at random: settings that hold, or one line and status 2."""

import contextlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kerastut.cli import build_parser
from kerastut.cli.run import read_parameters, read_settings
from kerastut.errors import KerastutError
from kerastut.registry.lookup import get_recipe, list_recipes
from kerastut.registry.settings import Settings, resolve

from .corpus import fuzz

OPTIONS = ("--epochs", "--batch-size", "--seed", "--limit", "--lr", "--set", "--data")
NUMBERS = st.integers().map(str) | st.floats().map(str)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
WORDS = st.sampled_from(
    ["", "0", "-0", "1e400", "0x10", "１２", "nan", "-inf", "True", "=", "--", "\0"]
)
VALUES = NUMBERS | TEXTS | WORDS
PARSER = build_parser()


def read(words: list[str]) -> Settings:
    """Reads a command line as `kerastut run` does, up to the import of TensorFlow."""
    options = PARSER.parse_args(words)
    recipe = get_recipe(options.recipe)
    parameters = read_parameters(recipe, options.assignments, options.lr)
    return resolve(recipe, parameters, **read_settings(options))


@st.composite
def command_lines(draw: st.DrawFn) -> list[str]:
    recipe = draw(st.sampled_from(list_recipes()))
    name = draw(st.sampled_from(sorted(recipe.parameters)) | TEXTS)
    words = ["run", draw(st.just(recipe.name) | TEXTS)]
    for option in draw(st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=3)):
        value = draw(VALUES)
        words += [option, f"{name}={value}" if option == "--set" else value]
    return words


def answer(words: list[str]) -> str:
    """Returns what the command line says, or nothing if it takes the values."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stderr(printed), contextlib.redirect_stdout(io.StringIO()):
            settings = read(words)
    except KerastutError as error:
        return str(error)
    except SystemExit as stop:
        return f"status {stop.code}: {printed.getvalue().removesuffix(chr(10))}"
    within = min(settings.epochs, settings.batch_size) >= 1 and 0 <= settings.seed < 2**32
    return "" if within else "settings out of range"


@fuzz(300)
@given(command_lines())
@example(["run", "cnn-mnist", "--seed", "1" * 5000])
@example(["run", "cnn-mnist", "--set", "filters=" + "9," * 5000])
def test_any_values_give_settings_or_one_line(words: list[str]) -> None:
    count("command-line", tracebacks=1)
    said = answer(words)
    count("command-line", tracebacks=-1, tried=0)
    assert "\n" not in said
    assert said != "settings out of range"
    assert not said.startswith("status") or said.startswith("status 2: ") or "-h" in words


def count(reader: str, tracebacks: int, tried: int = 1) -> None:
    """Adds to the counts of a soak; an input that raises leaves its traceback counted."""
    if counts := os.environ.get("KERASTUT_SOAK_COUNTS"):
        with Path(counts).open("a", encoding="utf-8") as file:
            file.write(f"{reader} {tried} {tracebacks}\n")


def test_a_value_that_no_recipe_takes_is_named() -> None:
    with pytest.raises(KerastutError, match="cnn-mnist has no parameter 'x'"):
        read(["run", "cnn-mnist", "--set", "x=1"])
