"""The records of faults and blocks: complete, consistent, and proved where they can be."""

import ast
import re
import shlex
from collections import Counter
from pathlib import Path

import pytest

from kerastut.cli import build_parser
from kerastut.corrections.catalogue import (
    KINDS,
    Block,
    Fault,
    faults_of,
    get,
    get_fault,
    is_id,
    load_blocks,
    load_faults,
    read_blocks,
    read_faults,
)
from kerastut.errors import KerastutError, UnknownNameError
from kerastut.registry.lookup import get_recipe, list_recipes

FAULTS = load_faults()
BLOCKS = load_blocks()
COUNTS = {
    "T0": (9, 6, 14, 8, 4),
    "T1": (1, 0, 18, 5, 1),
    "T2": (13, 2, 9, 3, 1),
    "T3": (1, 0, 6, 8, 1),
    "T4": (1, 0, 5, 6, 1),
}
BLOCK_COUNTS = {"T0": 12, "T1": 11, "T2": 7, "T3": 6, "T4": 1}
RUN_SETTINGS = {"epochs", "batch_size", "seed", "limit", "data"}
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# Punctuation of the other script beside a Chinese character, or a blank between two.
HALF_WIDTH = re.compile(r"[一-鿿] ?[,;:?!]|[,;:?!] ?[一-鿿]|[一-鿿] [一-鿿]")

each_fault = pytest.mark.parametrize("fault", FAULTS, ids=[fault.id for fault in FAULTS])
each_block = pytest.mark.parametrize("block", BLOCKS, ids=[block.id for block in BLOCKS])


def test_counts() -> None:
    assert len(FAULTS) == 123
    assert len(BLOCKS) == 37
    kinds = Counter((fault.id[:2], fault.kind) for fault in FAULTS)
    assert {t: tuple(kinds[t, kind] for kind in KINDS) for t in COUNTS} == COUNTS
    assert Counter(block.id[:2] for block in BLOCKS) == BLOCK_COUNTS
    assert sum(block.runs for block in BLOCKS) == 21


def test_ids_are_in_order_without_gaps() -> None:
    faults = [f"{t}-{i:02}" for t, counts in COUNTS.items() for i in range(1, sum(counts) + 1)]
    blocks = [f"{t}-B{i:02}" for t, count in BLOCK_COUNTS.items() for i in range(1, count + 1)]
    assert [fault.id for fault in FAULTS] == faults
    assert [block.id for block in BLOCKS] == blocks


def test_faults_and_blocks_agree_on_which_has_which() -> None:
    by_fault = {(block, fault.id) for fault in FAULTS for block in fault.blocks}
    by_block = {(block.id, fault) for block in BLOCKS for fault in block.faults}
    assert by_fault == by_block


def prose(text: str) -> str:
    """Returns the text without `code`."""
    return re.sub(r"(`+).+?\1", "", text)


@each_fault
def test_a_fault_is_told_in_both_languages(fault: Fault) -> None:
    for text in (fault.en.what, fault.en.why, fault.en.fix):
        assert text == text.strip() != ""
        assert not CHINESE.search(text)
    for text in (fault.zh.what, fault.zh.why, fault.zh.fix):
        assert text == text.strip()
        assert CHINESE.search(prose(text))
        assert not HALF_WIDTH.search(prose(text))


@each_block
def test_a_block_is_told_in_both_languages(block: Block) -> None:
    assert block.en.note.strip()
    assert not CHINESE.search(block.en.note)
    assert CHINESE.search(block.zh.note)
    assert not HALF_WIDTH.search(block.zh.note)
    first, last = block.lines
    assert first <= last


@each_fault
def test_a_fault_is_made_right_by_recipes_that_exist(fault: Fault) -> None:
    assert fault.recipes
    assert {*fault.recipes} <= {recipe.name for recipe in list_recipes()}
    assert fault.rule is None or re.fullmatch(r"KT\d{3}", fault.rule)


@each_block
def test_a_block_is_replaced_by_a_recipe_that_exists(block: Block) -> None:
    assert get_recipe(block.recipe).name == block.recipe


@each_fault
def test_the_command_of_a_fault_can_be_typed(fault: Fault) -> None:
    program, *arguments = shlex.split(fault.show)
    assert program == "kerastut"
    assert arguments[0] in {"run", "show", "compare"}
    assert arguments[1] in fault.recipes
    options = build_parser().parse_args(arguments)
    recipe = get_recipe(arguments[1])
    names = {name for name, _ in getattr(options, "assignments", [])}
    assert names <= set(recipe.parameters)
    for name, text in getattr(options, "variations", []):
        assert name in set(recipe.parameters) | RUN_SETTINGS
        assert len(text.split(",")) >= 2
    if getattr(options, "lr", None) is not None:
        assert "learning_rate" in recipe.parameters


def demonstrations() -> Counter[str]:
    """Counts the tests of each fault, by the id in their names."""
    names = [
        node.name
        for path in Path(__file__).parent.glob("test_t[0-9]*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    ]
    found = [re.match(r"test_(t\d)_(\d\d)_", name) for name in names]
    return Counter(f"{match[1].upper()}-{match[2]}" for match in found if match)


def test_what_a_computation_can_settle_is_demonstrated() -> None:
    proved = {fault.id for fault in FAULTS if fault.proof == "test"}
    assert demonstrations().keys() == proved
    for fault in FAULTS:
        if fault.kind in ("crash", "silently wrong", "deprecated"):
            assert fault.proof == "test", fault.id
    opinions = [f for f in FAULTS if f.kind in ("misleading statement", "bad practice")]
    assert len(opinions) == 82
    assert sum(fault.proof == "test" for fault in opinions) >= 30


def test_faults_of_a_recipe_begin_with_its_own() -> None:
    for recipe in list_recipes():
        faults = faults_of(recipe.name)
        own = [fault.recipes[0] == recipe.name for fault in faults]
        assert faults or not recipe.tutorials, f"no record in corrections/ names {recipe.name}"
        assert own == sorted(own, reverse=True)
    assert faults_of("nothing") == []


@pytest.mark.parametrize(
    ("name", "found"),
    [("T0-04", "T0-04"), ("t0-4", "T0-04"), ("T0-B5", "T0-B05"), (" t2-b05 ", "T2-B05")],
)
def test_an_id_may_be_written_carelessly(name: str, found: str) -> None:
    assert is_id(name)
    assert get(name).id == found


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("T0-99", "Unknown fault or block 'T0-99'. Did you mean T0-09"),
        ("T4-B2", "Unknown fault or block 'T4-B02'. Did you mean T4-02 or "),
        ("nonsense", "Unknown fault or block 'nonsense'. Write it like T0-11 or T2-B05."),
    ],
)
def test_an_unknown_id_is_answered_with_the_nearest(name: str, message: str) -> None:
    with pytest.raises(UnknownNameError, match=re.escape(message)):
        get(name)


def test_a_block_is_no_fault() -> None:
    assert get_fault("T3-2").id == "T3-02"
    with pytest.raises(UnknownNameError, match=r"T3-B02 is a block. Its faults: T3-02\."):
        get_fault("T3-B02")


TEXT = 'what = "a"\nwhy = "b"\nfix = "c"\n'
GOOD = f"""[[fault]]
id = "T0-01"
section = "1"
blocks = []
kind = "crash"
proof = "test"
recipes = ["cnn-mnist"]
show = "kerastut run cnn-mnist"
[fault.en]
{TEXT}[fault.zh]
{TEXT}"""


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('kind = "crash"', 'kind = "odd"', "t0.toml: T0-01: kind must be one of crash, "),
        ('proof = "test"', 'proof = "?"', "t0.toml: T0-01: proof must be one of test, prose; "),
        ('section = "1"\n', "", "missing: section; unknown: none."),
        ("recipes =", "recipe =", "missing: recipes; unknown: recipe."),
        ('why = "b"\n', "", "t0.toml: T0-01: expected the keys what, why, fix; missing: why;"),
        ('id = "T0-01"\n', "", "t0.toml: no id: expected the keys id, section,"),
        ("[fault.zh]\n" + TEXT, "", "missing: zh; unknown: none."),
        ("[fault.zh]", "[fault.zh", "t0.toml: expected a TOML file: "),
        ("[[fault]]", "[[flaw]]", "t0.toml: expected records that begin with [[fault]]."),
    ],
)
def test_a_malformed_fault_is_named(tmp_path: Path, before: str, after: str, message: str) -> None:
    path = tmp_path / "t0.toml"
    path.write_text(GOOD, encoding="utf-8")
    (fault,) = read_faults(path)
    assert (fault.blocks, fault.rule, fault.en.fix) == ((), None, "c")
    path.write_text(GOOD.replace(before, after), encoding="utf-8")
    with pytest.raises(KerastutError, match=re.escape(message)):
        read_faults(path)


def test_a_malformed_block_is_named(tmp_path: Path) -> None:
    path = tmp_path / "blocks.toml"
    path.write_text('[[block]]\nid = "T0-B01"\n', encoding="utf-8")
    with pytest.raises(KerastutError, match=r"blocks\.toml: T0-B01: expected the keys id, "):
        read_blocks(path)
    with pytest.raises(KerastutError, match=r"none\.toml: cannot read the records: "):
        read_blocks(tmp_path / "none.toml")


def test_the_readme_counts_what_only_prose_can_settle() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert sum(fault.proof == "prose" for fault in FAULTS) == 7
    assert "demonstrate all but seven of them" in readme
