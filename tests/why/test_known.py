"""Every record proves itself: its example raises what it explains."""

import re
from pathlib import Path

import pytest

from kerastut.lint import load_rules
from kerastut.registry import list_recipes
from kerastut.why import explain, tell
from kerastut.why.known import Known, load_chapters, load_known
from tests.why.raising import pasted

ROOT = Path(__file__).parents[2]
FAULTS = [known for known in load_known().values() if known.id not in load_rules()]
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
HALF_WIDTH = re.compile(r"[一-鿿] ?[,;:?!]|[,;:?!] ?[一-鿿]|[一-鿿] [一-鿿]")

each_fault = pytest.mark.parametrize("known", FAULTS, ids=[known.id for known in FAULTS])


@each_fault
def test_its_example_is_explained_by_it(
    known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert (known.example is None) != (known.seen is None)
    text = pasted(known.example).text if known.example else str(known.seen)
    assert explain(text).causes[0].id == known.id


def prose(text: str) -> str:
    """Returns the text without `code` and 'strings'."""
    return re.sub(r"`[^`]+`|'[^']+'|\"[^\"]+\"", "", text)


@each_fault
def test_it_is_told_in_both_languages(known: Known) -> None:
    assert known.en
    assert known.zh
    for text in vars(known.en).values():
        assert text == text.strip() != ""
        assert not CHINESE.search(text)
    for text in vars(known.zh).values():
        assert text == text.strip()
        assert CHINESE.search(prose(text))
        assert not HALF_WIDTH.search(prose(text))


def test_there_are_enough_and_most_are_raised_here() -> None:
    assert len(FAULTS) >= 60
    assert sum(known.example is not None for known in FAULTS) >= 60


def test_what_records_name_exists() -> None:
    recipes, rules = {recipe.name for recipe in list_recipes()}, load_rules()
    for known in load_known().values():
        assert known.recipe is None or known.recipe in recipes
        assert known.chapter is None or known.chapter in load_chapters()
        assert known.rule is None or known.rule in rules
        assert set(known.near) <= set(rules)
        assert known.signs or known.id in ("KT501", "KT503", "missing-argument")
        assert known.id in rules or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", known.id)


def test_the_chapters_are_those_of_the_book() -> None:
    titles = {}
    for path in sorted((ROOT / "notebooks_src").glob("*.py")):
        en, zh = re.findall(r"^# # (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)[:2]
        titles[path.stem] = (en, zh)
    assert {name: (c["en"], c["zh"]) for name, c in load_chapters().items()} == titles
    recipes = [name for chapter in load_chapters().values() for name in chapter["recipes"]]
    assert len(recipes) == len(set(recipes))
    replacing = {recipe.name for recipe in list_recipes() if recipe.tutorials}
    assert replacing <= set(recipes) <= {recipe.name for recipe in list_recipes()}
    assert {code for c in load_chapters().values() for code in c["rules"]} <= set(load_rules())


def test_it_is_told_with_recipe_and_chapter() -> None:
    found = explain("ValueError: No loss to compute. Provide a `loss` argument in `compile()`.")
    lines = tell(found, "en").splitlines()
    assert lines[0] == "no-loss"
    assert "  recipe: kerastut show mlp-mnist" in lines
    assert lines[-1].startswith("  chapter: 04_mlp The multilayer perceptron")
    assert "  教程章节：04_mlp 多层感知机：让一层自己找出特征" in tell(found, "zh").splitlines()


def test_of_several_exceptions_the_last_comes_first() -> None:
    first = (
        "Traceback (most recent call last):\nModuleNotFoundError: No module named 'keras.engine'\n"
    )
    last = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'tensorflow'\n"
    between = "\nDuring handling of the above exception, another exception occurred:\n\n"
    assert [c.id for c in explain(first + between + last).causes] == ["no-tensorflow", "KT109"]
    assert [c.id for c in explain(last + between + first).causes] == ["KT109", "no-tensorflow"]


def test_a_note_explains_no_exception() -> None:
    note = "I cudart_stub.cc:31] Could not find cuda drivers on your machine, GPU will not be used."
    assert [c.id for c in explain(note).causes] == ["no-gpu"]
    found = explain(f"{note}\nTraceback (most recent call last):\nmylib.OddError: odd\n")
    assert found.causes == ()
    assert [c.id for c in found.near] == ["no-gpu"]
    assert found.line == "mylib.OddError: odd"
