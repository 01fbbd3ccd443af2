"""What is kept of the fixes, by how far the program comes with them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kerastut.lint import mend
from kerastut.migration.mending import bring, mended
from kerastut.migration.programs import Program, find_programs
from kerastut.migration.running import Execution, Runner
from kerastut.migration.telling import REASONS, reason
from kerastut.migration.wanted import Hints

NAME = Path("a.py")
STALE = b"from keras.layers.core import Dense\nx = 1\nDense(output_dim=3)\n"
RAN = Execution("ran")


def stopped(line: int, error: str = "ValueError: a") -> Execution:
    trace = f'Traceback (most recent call last):\n  File "a.py", line {line}, in <module>\n{error}'
    return Execution("raised", trace, (line,))


def brought(
    run: Callable[[str], Execution], text: bytes = STALE
) -> tuple[str, list[str], list[str]]:
    def runs(_: Program, texts: Mapping[Path, bytes], hints: Hints) -> Execution:
        return run(texts[NAME].decode())

    story = bring(Program(NAME), {NAME: text}, {}, runs)
    return story.texts[NAME].decode(), story.withdrawn, story.repairs


def test_a_fix_with_which_it_fails_earlier_is_withdrawn() -> None:
    new, withdrawn, _ = brought(lambda text: stopped(1) if "units" in text else stopped(3))
    assert new == "from keras.layers import Dense\nx = 1\nDense(output_dim=3)\n"
    assert withdrawn == ["KT210"]


def test_a_program_that_ran_is_left_as_it_was() -> None:
    new, withdrawn, _ = brought(lambda text: RAN if text.encode() == STALE else stopped(3))
    assert new == STALE.decode()
    assert withdrawn == ["KT106", "KT210"]


@pytest.mark.parametrize("above", [0, 2])
def test_a_fix_that_moves_lines_is_not_earlier(above: int) -> None:
    """`keras.Input` is put before the layer: the last line is further down, and the same."""
    old = b"from keras import Sequential, layers\nm = Sequential()\nm.add(layers.Dense(3,"
    old += b" input_dim=2))\nm.nothing()\n"

    def run(text: str) -> Execution:
        return stopped(text.count("\n") - (above if "Input(" in text else 0))

    new, withdrawn, _ = brought(run, old)
    assert ("Input(" in new) == (not above)
    assert bool(withdrawn) == bool(above)


def test_a_statement_that_fails_on_another_line_of_it_is_not_earlier() -> None:
    text = b"import keras\nfit(\n    table.as_matrix,\n)\n"
    error = stopped(3, "AttributeError: 'DataFrame' object has no attribute 'as_matrix'")
    new, _, repairs = brought(lambda text: error if "as_matrix" in text else stopped(2), text)
    assert "table.to_numpy" in new
    assert len(repairs) == 1


def test_what_stands_in_for_a_package_is_kept_where_the_program_runs() -> None:
    plain, trains = (
        b"import keras\nimport glog\nglog.x\n",
        b"import keras\nimport glog\nglog.fit()\n",
    )
    gone, known = stopped(2, "ModuleNotFoundError: No module named 'glog'"), {"absent": ["glog"]}
    trained = Execution("ran", trained=1)
    for text, last, hints in (
        (plain, RAN, known),
        (plain, stopped(3), {}),
        (trains, RAN, {}),
        (trains, trained, known),
    ):

        def runs(
            _: Program, __: Mapping[Path, bytes], hints: Hints, last: Execution = last
        ) -> Execution:
            return last if hints else gone

        story = bring(Program(NAME), {NAME: text}, {}, runs)
        assert story.hints == hints
        assert story.after == (last if hints else gone)


def test_statements_are_passed_over_where_that_brings_a_program_to_train() -> None:
    text, stale = (
        b"import keras\nmodel.fit(x)\n",
        "ImportError: cannot import name 'np_utils' from 'keras.utils'",
    )
    raised, passed = stopped(2, "ValueError: of data"), "Traceback:\nValueError: of data"
    for last, kept in (
        (Execution("ran", trained=1, passed=(passed,)), True),
        (Execution("ran", passed=(passed,)), False),
        (Execution("ran", trained=1, passed=(stale,)), False),
        (stopped(3), False),
    ):

        def runs(
            _: Program, __: Mapping[Path, bytes], hints: Hints, last: Execution = last
        ) -> Execution:
            return last if "passing" in hints else raised

        story = bring(Program(NAME), {NAME: text}, {}, runs)
        assert (story.after, "passing" in story.hints) == (last if kept else raised, kept)


HELPED = """Traceback (most recent call last):
  File "a.py", line 3, in <module>
  File "net.py", line {}, in {}
ValueError: `input_dim` must be a positive integer. Received: input_dim=2 (of type int64)."""


@pytest.mark.parametrize("last", [(5, "net"), (2, "first")])
def test_how_far_a_program_comes_is_seen_in_its_helpers(last: tuple[int, str]) -> None:
    """What stops at the same call of another function stops in another way."""
    layer = "    {} = Embedding(input_dim=count)(x)\n"
    net = f"def first(): pass\ndef net(x):\n    y = 1\n{layer.format('a')}{layer.format('b')}"
    texts = {NAME: b"import keras\nimport net\nnet.net(x)\n", Path("net.py"): net.encode()}

    def runs(_: Program, texts: Mapping[Path, bytes], __: Hints) -> Execution:
        known = texts[Path("net.py")].count(b"int(count)")
        told = [HELPED.format(4, "net"), HELPED.format(*last).replace("int64", "int32")]
        return RAN if known == 2 else Execution("raised", told[known], (3,))

    story = bring(Program(NAME, (Path("net.py"),)), texts, {}, runs)
    assert (story.after == RAN) == (last[1] == "net")
    assert len(story.repairs) == 1 + (last[1] == "net")


def test_a_repair_without_an_effect_ends_it() -> None:
    text = b"import keras\nimport commands\ncommands.getoutput('ls')\n"
    error = stopped(2, "ModuleNotFoundError: No module named 'commands'")
    assert brought(lambda _: error, text) == (text.decode(), [], [])
    new, _, repairs = brought(lambda text: RAN if "import subprocess" in text else error, text)
    assert new == "import keras\nimport subprocess as commands\ncommands.getoutput('ls')\n"
    assert repairs == ["ModuleNotFoundError: No module named 'commands'"]


def test_where_a_repair_does_not_help_the_next_one_is_tried() -> None:
    text = b"import keras, pandas\ntable = pandas.read_csv('a')\ntable.corr()\n"
    error = stopped(3, "ValueError: could not convert string to float: 'low'")
    new, _, repairs = brought(lambda text: RAN if "infer_string" in text else error, text)
    assert new.endswith("table.corr()\n")
    assert repairs == ["could not convert string to float"]


def test_tabs_are_as_wide_as_they_were() -> None:
    text = b"import keras\nif True:\n        x = 1\n\tprint x, '\t'\n"
    new = b"import keras\nif True:\n        x = 1\n        print(x, '\t')\n"
    assert mended(text, "a.py", True).content == new
    plain = b"import keras\nif True:\n\tx = '\t'\n"
    assert mended(plain, "a.py", True).content == plain


def test_a_path_of_windows_is_read_as_it_was() -> None:
    text = b"import keras\nhome = 'C:\\Users'\nprint home\n"
    assert mended(text, "a.py", True).content == (
        b"import keras\nhome = 'C:\\\\Users'\nprint(home)\n"
    )


def test_a_module_that_does_not_name_keras_is_fixed_with_its_program() -> None:
    text = b"from itertools import izip\r\nfor i in xrange(3): x = reduce(max, izip(i.iteritems()))"
    new, old = b"for i in range(3): x = reduce(max, zip(i.items()))", mend(text, "a.py", True)
    assert mended(text, "a.py", True).content.endswith(new)
    assert b"import reduce\r\n" in mended(text, "a.py", True).content
    assert old.content == text  # since it may be anything
    cells = b'{"cells": [], "nbformat": 4}'
    assert mended(cells, "a.ipynb", True).content == cells


TRACE = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n'
WHY = [
    (Execution("limit", f"{TRACE}LimitError"), "limit"),
    (Execution("left"), "left"),
    (Execution("raised", f"{TRACE}SystemExit: 2"), "arguments"),
    (Execution("raised", f"{TRACE}ModuleNotFoundError: No module named 'gone'"), "package"),
    (Execution("raised", f"{TRACE}ValueError: odd", made_up=("a.csv",)), "data"),
    (Execution("raised", f"{TRACE}ValueError: odd"), "unknown"),
    (
        Execution("raised", f"{TRACE}ModuleNotFoundError: No module named 'keras.engine'"),
        "KT109",
    ),
]


@pytest.mark.parametrize(("run", "expected"), WHY)
def test_a_reason_is_given(run: Execution, expected: str) -> None:
    found = reason(run)
    assert found["id"] == expected
    assert found["error"] == (run.traceback.splitlines() or [""])[-1]
    assert all(found[language].keys() >= {"what", "instead"} for language in ("en", "zh"))


def test_reasons_have_twins() -> None:
    for one in REASONS:
        assert one["en"].keys() == one["zh"].keys() == {"what", "instead"}
        assert all(re.search("[一-鿿]", text) for text in one["zh"].values())
        assert not any(re.search("[一-鿿]", text) for text in one["en"].values())


def test_programs_and_their_modules() -> None:
    files = {
        "train.py": "import tools.nets",
        "tools/__init__.py": "",
        "tools/nets.py": "from . import layers\nimport keras",
        "tools/layers.py": "import keras",
        "package/__init__.py": "",
        "package/run.py": "import keras\nfrom .other import x",
        "package/other.py": "x = 1\nif __name__ == '__main__': import keras",
        "setup.py": "import keras",
        "test_nets.py": "import keras",
        "plain.py": "print(1)",
    }
    contents = {Path(name): text.encode() for name, text in files.items()}
    found = {str(one.path): one for one in find_programs(contents)}
    assert found.keys() == {"train.py", "package/run.py", "package/other.py"}
    helpers = [str(path) for path in found["train.py"].helpers]
    assert helpers == ["tools/__init__.py", "tools/layers.py", "tools/nets.py"]
    assert found["package/run.py"].package == "package"


def test_made_up_data_are_at_fault_before_a_program() -> None:
    text, known = b"import keras\nx = table['a'] / 2\nx[:3]\n", []
    error = "KeyError: 'a'"

    def runs(_: Program, texts: Mapping[Path, bytes], hints: Hints) -> Execution:
        known.append(hints)
        return RAN if hints else replace(stopped(2, error), made_up=("table.csv",))

    story = bring(Program(NAME), {NAME: text}, {}, runs)
    assert known == [{}, {"columns": ["a"]}]
    assert (story.texts[NAME], story.hints, story.repairs) == (text, {"columns": ["a"]}, [])
    story = bring(Program(NAME), {NAME: text}, {}, lambda *_: stopped(2, error))
    assert story.hints == {}


def test_what_nothing_was_told_of_is_tried_of_one_after_the_other() -> None:
    text, tried = b"import keras\nx = load()\nx.strange()\n", []

    def runs(_: Program, __: Mapping[Path, bytes], hints: Hints) -> Execution:
        tried.append(hints.get("alone"))
        if hints.get("alone") == {"a.npy": {"texts": ["*"]}}:
            return RAN
        return replace(stopped(3), made_up=("a.npy",), parts=("a.npy", "b.npy"))

    story = bring(Program(NAME), {NAME: text}, {}, runs)
    assert story.after == RAN
    texts, plain = {"texts": ["*"]}, {"plain": True}
    assert tried[1:] == [{"b.npy": texts}, {"b.npy": plain}, {"a.npy": texts}]


def test_a_repair_that_changes_but_the_message_is_made_once() -> None:
    text = b"import keras\nnet.save(path)\n"

    def run(text: str) -> Execution:
        error = "ValueError: Invalid filepath extension for saving. Received: filepath="
        return stopped(2, error + text.splitlines()[1])

    new, _, repairs = brought(run, text)
    assert new == "import keras\nnet.save(path + '.keras')\n"
    assert len(repairs) == 1


def test_the_same_fault_in_the_next_module_is_further() -> None:
    texts = {Path(name): b"import commands\ncommands.x\n" for name in ("one.py", "two.py")}
    texts[NAME] = b"import keras\nimport one, two\n"
    told = f'Traceback (most recent call last):\n  File "{NAME}", line 2, in <module>\n'
    told += "  File \"%s\", line 1, in <module>\nModuleNotFoundError: No module named 'commands'"

    def runs(_: Program, texts: Mapping[Path, bytes], __: Hints) -> Execution:
        old = (path for path, text in texts.items() if b"import commands" in text)
        return next((Execution("raised", told % path, (2,)) for path in sorted(old)), RAN)

    helpers = Path("one.py"), Path("two.py")
    story = bring(Program(NAME, helpers), texts, {}, runs)
    assert story.after == RAN
    assert len(story.repairs) == 2


def test_modules_of_a_program_come_before_packages_of_their_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(_: Runner, task: dict[str, Any], __: tuple[str, ...]) -> Execution:
        files = Path(task["folder"]).rglob("*.py")
        return Execution("ran", made_up=tuple(sorted(str(path.name) for path in files)))

    monkeypatch.setattr(Runner, "_ask", ask)
    root = tmp_path / "copy"
    (root / "utils").mkdir(parents=True)
    texts = {Path("train.py"): b"import utils.load\n", Path("utils/load.py"): b""}
    with Runner(tmp_path / "running") as runner:
        found = runner.run(root, texts, Path("train.py"), [(1, "import utils.load")])
    assert found.made_up == ("__init__.py", "load.py", "train.py")
    assert not [*root.rglob("*.py")]
