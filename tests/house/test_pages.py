"""What the pages print below a command is what it says: the short form of `make pages`."""

import io
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from type_pages import PAGES, ROOT, Shown, alike, cleared, differences, language, shown, untyped
from type_pages_scene import ERROR, write

from kerastut.cli import main

FENCED = re.MULTILINE | re.DOTALL
# What needs no training.
LIGHT = r"kerastut (list|show|rule|check|copy|new|data|why|runs)\b[^|]*"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_needs_no_training_is_as_the_page_promises(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(tmp_path, page)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("KERASTUT_LANG", language(page))
    for one in shown(page):
        if re.fullmatch(LIGHT, one.command) and not untyped(one):
            monkeypatch.setattr(
                "sys.stdin",
                SimpleNamespace(buffer=io.BytesIO(ERROR.encode()), isatty=lambda: False),
            )
            subprocess.run(cleared(one.command), shell=True, check=True)
            with pytest.raises(SystemExit) as end:
                main(shlex.split(one.command)[1:])
            said = capsys.readouterr()
            status = int(end.value.code or 0)
            assert list(differences(one, status, said.out + said.err, tmp_path)) == [], one.command


def test_differences_are_found(tmp_path: Path) -> None:
    one = Shown("kerastut run a --output-dir runs/a", "loss  0.5\nseconds  3\n")
    assert list(differences(one, 0, "loss  0.5\nseconds  9\n", tmp_path)) == ["runs/a is not there"]
    (tmp_path / "runs" / "a").mkdir(parents=True)
    assert not list(differences(one, 0, "before\nloss  0.503\nseconds  4\n", tmp_path))
    for said in ("loss  0.6\nseconds  3\n", "gain  0.5\nseconds  3\n", "loss  0.5\n"):
        assert len(list(differences(one, 0, said, tmp_path))) >= 1, said
    assert list(differences(one, 1, "loss  0.5\nseconds  3", tmp_path))


@pytest.mark.parametrize(
    ("want", "have", "same"),
    [
        ("accuracy 0.9919", "accuracy 0.9921", True),
        ("accuracy 0.9919", "accuracy 0.89", False),
        ("1,234 words", "1,234  words", True),
        ("1,234 words", "1,234 texts", False),
    ],
)
def test_numbers_are_compared_as_numbers(want: str, have: str, same: bool) -> None:
    assert alike(want, have) is same


# What the examples in Python suppose; trainings are short, and each recipe has one.
BEFORE = """
import kerastut
full, done = kerastut.run, {}
def short(recipe, **how):
    if recipe not in done:
        done[recipe] = full(recipe, **{**how, "epochs": 1, "limit": 100, "verbose": 0})
    return done[recipe]
kerastut.run = short
few = kerastut.load("mnist", limit=40)
(x, y), (x_validation, y_validation), (x_test, y_test) = (
    (split.x, split.y % 2) for split in (few.train, few.validation, few.test)
)
"""
# The last one has to come before TensorFlow computes.
EXAMPLES = ("README.md", "docs/own-data.md", "docs/backends.md")


def test_the_examples_in_python_run_as_they_are_printed(tmp_path: Path) -> None:
    blocks = [
        block
        for page in EXAMPLES
        for block in re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text("utf-8"), FENCED)
    ]
    assert len(blocks) == 4
    write(tmp_path, ROOT / "docs" / "own-data.md")
    program = "\n".join([blocks.pop(), BEFORE, *blocks, "print(run.metrics, data.train.x.shape)"])
    finished = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr[-2000:]
    assert "accuracy" in finished.stdout
