"""The laws of the house that import-linter cannot hold, and the tool that measures it."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import house
import pytest
from map import PAGES
from map import page as map_page

import kerastut

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "kerastut"
ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
# The soak test has runs save as often as they can, and draw nothing.
INSIDERS = {"scripts/soak.py"}


def outsiders(room: str) -> Iterator[Path]:
    """Yields the files that are not of the room, but for the tests, which may look inside."""
    for folder in ("kerastut", "packaging", "recipes", "notebooks_src", "scripts", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            if PACKAGE / room not in path.parents:
                yield path


def reaches(room: str) -> Iterator[str]:
    """Yields the imports from outside that go past the room's front door."""
    door = PACKAGE / room / "__init__.py"
    defined = ast.parse(door.read_text(encoding="utf-8")).body
    named = {"", *(name for _, name in house.imports(door))}
    named |= {node.name for node in defined if isinstance(node, ast.FunctionDef)}
    for path in outsiders(room):
        for module, name in house.imports(path):
            place = str(path.relative_to(ROOT))
            deeper = module.startswith(f"kerastut.{room}.")
            unnamed = module == f"kerastut.{room}" and name not in named
            if (deeper or unnamed) and place not in INSIDERS:
                yield f"{place}: {module} {name}"


@pytest.mark.parametrize("room", ROOMS)
def test_nobody_reaches_past_a_front_door(room: str) -> None:
    assert list(reaches(room)) == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_door_opens_what_it_names(room: str) -> None:
    """A name that a module of the room also bears would be that module, once it is imported."""
    door = PACKAGE / room / "__init__.py"
    tree = ast.parse(door.read_text(encoding="utf-8"))
    document = ast.get_docstring(tree)
    assert document
    package = import_module(f"kerastut.{room}")
    inside = {path.stem for path in door.parent.iterdir()}
    for module, name in house.imports(door):
        if module != "kerastut.lazy":
            assert getattr(package, name) is not None
            assert name not in inside, f"{name} is also a module of {room}"


def test_a_door_knows_no_other_name() -> None:
    for name in ("kerastut", *(f"kerastut.{room}" for room in ROOMS)):
        with pytest.raises(AttributeError, match=f"'{name}' has no attribute 'nothing'"):
            import_module(name).nothing  # noqa: B018


def test_no_circles_also_through_imports_inside_functions() -> None:
    edges = house.graph(house.modules(PACKAGE))
    assert house.circles(edges) == []


def test_circles_are_found_behind_lazy_imports_and_front_doors(tmp_path: Path) -> None:
    package = tmp_path / "kerastut"
    for room in ("a", "b"):
        (package / room).mkdir(parents=True)
    door = (
        "from typing import TYPE_CHECKING\nfrom kerastut.lazy import front_door\n"
        "if TYPE_CHECKING:\n    from kerastut.{0}.inner import name as name\n"
        "__getattr__, __dir__ = front_door(__name__, __file__)\n"
    )
    (package / "__init__.py").touch()
    for room, other in (("a", "b"), ("b", "a")):
        (package / room / "__init__.py").write_text(door.format(room))
        lazy = f"def name():\n    from kerastut.{other} import name\n"
        (package / room / "inner.py").write_text(lazy)
    edges = house.graph(house.modules(package))
    assert house.circles(edges) == [["kerastut.a.inner", "kerastut.b.inner"]]
    assert house.longest_chain(edges, "kerastut.a.inner") == [
        "kerastut.a.inner",
        "kerastut.b.inner",
    ]


def test_the_house_keeps_its_measures() -> None:
    found = house.modules(PACKAGE)
    edges = house.graph(found)
    assert len(list(PACKAGE.glob("*.py"))) <= 12
    assert len(house.longest_chain(edges, "kerastut.cli.run")) <= 13
    assert list(house.strangers(found)) == []


@pytest.mark.xfail(strict=True, reason="own data and photographs were landed before thinning")
def test_the_companion_is_thin() -> None:
    found = house.modules(PACKAGE)
    edges = house.graph(found)
    companion = [  # as the seventh law lists it: the ground serves the wings as well
        path
        for module, path in found.items()
        if house.wing(module) == "companion" and house.room(module, edges) != "ground"
    ]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in companion) <= 9_500


@pytest.mark.parametrize("path", PAGES, ids=["en", "zh"])
def test_the_map_is_up_to_date(path: Path) -> None:
    assert map_page(path) == path.read_text(encoding="utf-8"), "run: make map"


def test_the_public_names_stay() -> None:
    """What code of readers imports from `kerastut` itself."""
    names = {"DataOptions", "KerastutError", "Recipe", "Run", "from_arrays", "get_recipe"}
    assert names | {"list_recipes", "load", "run"} <= set(kerastut.__all__) <= set(dir(kerastut))
    assert all(getattr(kerastut, name) is not None for name in kerastut.__all__)
    assert import_module("kerastut.plotting").history is not None


def test_the_map_leads_to_places_that_exist() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    places = re.findall(r"`([\w/]+/[\w./*]*|\w+\.(?:py|toml))`", text)
    assert len(places) > 30
    for place in places:
        assert [*ROOT.glob(place), *PACKAGE.glob(place)], place


# Who loads modules by a name that no import shows: commands, recipes, detectors, the reader's own.
BY_NAME = {
    "kerastut/cli/__init__.py",
    "kerastut/conversion/given.py",
    "kerastut/lazy.py",
    "kerastut/lint/detectors/__init__.py",
    "kerastut/registry/lookup.py",
}


def test_imports_by_name_are_known() -> None:
    """An import that the graph cannot see could close a circle."""
    found = {
        str(path.relative_to(ROOT))
        for path in PACKAGE.rglob("*.py")
        if re.search(r"\bimport_module\(|\b__import__\(", path.read_text(encoding="utf-8"))
    }
    assert found == BY_NAME
