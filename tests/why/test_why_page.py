"""What docs/why.md shows is what the command says, from the first error to the end."""

import re
from pathlib import Path

import pytest

from kerastut.why import explain, tell
from tests.why.raising import pasted

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "why.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([\w-]+) \| `(.+)` \| `(.+)` \|$", PAGE, re.MULTILINE)


def fenced(kind: str) -> list[str]:
    """Returns the page's blocks of one kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_output_is_real() -> None:
    explanation = explain(pasted(fenced("python")[0]).text)
    shown = re.split(r"^\$ .* --lang (\w\w)\n", fenced("console")[0], flags=re.MULTILINE)[1:]
    assert shown[::2] == ["en", "zh"]
    for language, text in zip(shown[::2], shown[1::2], strict=True):
        assert tell(explanation, language) == text.rstrip()


def test_each_step_is_explained_and_the_last_program_runs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    program = fenced("python")[0]
    for name, before, after in ROWS:
        assert explain(pasted(program).text).causes[0].id == name
        assert before in program
        program = program.replace(before, after).replace("to_categorical.to_", "to_")
    assert len(ROWS) == 8
    assert pasted(program).error is None


def test_the_same_steps_in_chinese() -> None:
    chinese = (DOCS / "zh" / "why.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| ([\w-]+) \| `(.+)` \| `(.+)` \|$", chinese, re.MULTILINE) == ROWS
