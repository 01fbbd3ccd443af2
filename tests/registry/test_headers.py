"""The registry: headers read without importing, near names, clear errors."""

import importlib
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from kerastut import get_recipe, list_recipes
from kerastut.errors import RecipeError, UnknownNameError, nearest
from kerastut.registry.lookup import read_folder, read_header
from kerastut.registry.recipe import SUPPLIED, Recipe

GOOD = '''"""A summary.

More.
"""
from typing import Literal
from kerastut.registry.recipe import Recipe
RECIPE = Recipe(dataset="line", epochs=2, batch_size=8, expect={"loss": (0.0, 1.0)})

def build(units: int = 3, kind: Literal["a", "b"] = "a", total_steps: int = 9) -> object:
    """Builds.

    Args:
        units: How many
            there are.
        kind: Which.

    Returns:
        Nothing.
    """
    raise AssertionError("must not run")
'''


def test_reads_a_header_without_running_the_file(tmp_path: Path) -> None:
    path = tmp_path / "My_Recipe.py"
    path.write_text(GOOD + "\nraise AssertionError('imported')\n")
    recipe = read_header(path)
    assert (recipe.name, recipe.summary, recipe.description) == ("my-recipe", "A summary.", "More.")
    assert recipe.expect == {"loss": (0.0, 1.0)}
    assert recipe.defaults() == {"units": 3, "kind": "a"}
    assert recipe.parameters["kind"].choices == ("a", "b")
    assert recipe.parameters["units"].help == "How many there are."


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"""A summary.', "'''", "not a Python file"),
        ("RECIPE = Recipe(", "OTHER = Recipe(", "not a recipe: expected `RECIPE = Recipe(...)`"),
        ("epochs=2", "epochs=1 + 1 * x", "RECIPE must be literal"),
        ("epochs=2", "epochs=0", "epochs must be a positive integer; got 0."),
        ("batch_size=8", "batch=8", "unknown: batch; missing: batch_size."),
        ("batch_size=8, ", "", "; missing: batch_size."),
        ("epochs=2", "epoch=2", "; unknown: epoch; missing: epochs. Did you mean epochs"),
        ("Recipe(", "Recipe(3, ", "; no positional arguments."),
        ("(0.0, 1.0)", "(1.0, 0.0)", "expect['loss'] must be (low, high); got (1.0, 0.0)."),
        ('{"loss": (0.0, 1.0)}', "[]", "expect must map metrics to bands; got []."),
        ('dataset="line"', "dataset=3", "dataset must be a name; got 3."),
        ("def build(", "def make(", "expected a function `build`"),
        ("(0.0, 1.0)", "(0.0, 'x')", "expect['loss'] must be (low, high); got (0.0, 'x')."),
        ('{"loss"', "{1", "expect must map metrics to bands; got {1: (0.0, 1.0)}."),
        ("epochs=2", "epochs=True", "epochs must be a positive integer; got True."),
        ("epochs=2", "epochs=2, samples='x'", "samples must be a positive integer; got 'x'."),
        ("epochs=2", "epochs=2, tutorials=5", "tutorials must be a tuple of texts; got 5."),
        ("epochs=2", "epochs=2, tutorials=(5,)", "tutorials must be a tuple of texts; got (5,)."),
        ("units: int = 3", "units: int", "the hyperparameter 'units' has no default. Give it one"),
        ("units: int = 3", "units: int = b'3'", "and fit into JSON; received \"b'3'\"."),
        ("units: int = 3", "units: int = {[]: 1}", "RECIPE must be literal"),
        ('Literal["a", "b"]', "Literal[kind]", "RECIPE must be literal"),
        ("units: int = 3", f"units: int = {'-' * 90_000}3", "not a Python file: "),
        ("units: int = 3", f"units: int = 1{' + 1' * 90_000}", "not a Python file: "),
        ("units: int = 3", "units: int = 3\0", "not a Python file: "),
    ],
)
def test_malformed_header(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / "bad.py"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(RecipeError, match=re.escape(message)) as caught:
        read_header(path)
    assert "bad.py" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_docstring_is_malformed(tmp_path: Path) -> None:
    path = tmp_path / "bad.py"
    path.write_text("x = 1\n")
    with pytest.raises(RecipeError, match="expected a docstring whose first line is the summary"):
        read_header(path)


def test_missing_file() -> None:
    with pytest.raises(RecipeError, match=r"nowhere\.py: No such file .* Expected a recipe file"):
        get_recipe("nowhere.py")


def test_duplicate_name(tmp_path: Path) -> None:
    (tmp_path / "one_net.py").write_text(GOOD)
    (tmp_path / "one-net.py").write_text(GOOD)
    with pytest.raises(RecipeError, match=r"the recipe name 'one-net' is taken by one-net\.py"):
        read_folder(tmp_path)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("cnn", "cnn-mnist"),
        ("CNN_MNIST", "cnn-mnist"),
        ("mnist-cnn", "cnn-mnist"),
        ("linreg", "linear-regression"),
        ("mlp_minst", "mlp-mnist"),
        ("lstm", "text-lstm"),
    ],
)
def test_unknown_name_leads_to_the_right_one(written: str, meant: str) -> None:
    message = f"Unknown recipe {written!r}. Did you mean {meant}"
    with pytest.raises(UnknownNameError, match=re.escape(message)):
        get_recipe(written)


@pytest.mark.parametrize(
    ("file", "name", "path"),
    [
        ("my_cnn.py", "my_cnn", "./my_cnn.py"),
        ("my_cnn.py", "my-cnn", "./my_cnn.py"),
        ("my-cnn.py", "my-cnn", "./my-cnn.py"),
        ("my cnn.py", "my cnn", "'./my cnn.py'"),
        ("a b/my_cnn.py", "a b/my_cnn", "'a b/my_cnn.py'"),
    ],
)
def test_a_file_without_its_ending_leads_to_its_path(
    file: str, name: str, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.platform", "linux")
    Path(file).parent.mkdir(exist_ok=True)
    Path(file).write_text(GOOD)
    message = f"Unknown recipe {name!r}. Did you mean {path}?"
    with pytest.raises(UnknownNameError, match=re.escape(message) + "$"):
        get_recipe(name)


def test_a_recipe_may_have_no_band_yet(tmp_path: Path) -> None:
    path = tmp_path / "new_net.py"
    path.write_text(GOOD.replace('{"loss": (0.0, 1.0)}', "{}, tutorials=()"))
    assert get_recipe(path).expect == {}


def test_hopeless_name_lists_all() -> None:
    with pytest.raises(UnknownNameError, match=r"Known: .*cnn-mnist, .*text-lstm"):
        get_recipe("zzzzqqqq")


@pytest.mark.parametrize("value", [None, 3, re])
def test_what_is_no_name_is_refused_with_its_type(value: Any) -> None:
    """A module or a model in place of its name is an easy mistake."""
    with pytest.raises(RecipeError, match=f"received a value of type {type(value).__name__}."):
        get_recipe(value)


def test_nearest_is_empty_for_no_names() -> None:
    assert nearest("cnn", []) == []


@pytest.mark.parametrize("recipe", list_recipes(), ids=lambda recipe: recipe.name)
def test_static_header_equals_the_imported_one(recipe: Recipe) -> None:
    module = importlib.import_module(f"kerastut.recipes.{recipe.path.stem}")
    for field in fields(Recipe):
        if field.name not in {"name", "summary", "description", "path", "packaged", "parameters"}:
            assert getattr(recipe, field.name) == getattr(module.RECIPE, field.name)
    assert not SUPPLIED & set(recipe.parameters)


@pytest.mark.parametrize("recipe", list_recipes(), ids=lambda recipe: recipe.name)
def test_every_recipe_explains_itself(recipe: Recipe) -> None:
    file, summary, description = recipe.path.name, recipe.summary, recipe.description
    assert len(summary) <= 80, f"{file}: the docstring's first line: at most 80 characters"
    assert len(description) > 200, f"{file}: the rest of the docstring: more than 200 characters"
    undocumented = [name for name, parameter in recipe.parameters.items() if not parameter.help]
    assert undocumented == [], f"{file}: expected a line in Args for each hyperparameter"
    assert recipe.expect, f"{file}: expected a band: kerastut band recipes/{file} --seeds 3"
