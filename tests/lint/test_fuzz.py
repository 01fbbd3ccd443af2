"""Whatever a file holds, `check` answers with findings or one line, and `--fix` is careful."""

import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import nbformat
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kerastut.lint import main
from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text, decode
from kerastut.lint.errors import LintError
from kerastut.lint.finding import Finding
from kerastut.lint.fixes.fixing import fix_text
from kerastut.lint.rules.rule import load_rules

SOAK = os.environ.get("KERASTUT_SOAK") == "1"
SUFFIXES = st.sampled_from([".py", ".ipynb", ".md", ".txt"])
EXAMPLES = [rule.bad.lstrip() for rule in load_rules().values() if "```" not in rule.bad]
TOKENS = ["(", ")", "[", "]", ":", "\n", "\t", "    ", '"""', "'", "\\", "#", "%time ", "!ls\n"]
TOKENS += ["lambda x: ", "import keras\n", "del keras\n", "*", "=", ":=", "é", "卷", "\x0c", "\r\n"]
ALL = Selection(("ALL",))


def fuzz(examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Sets how many inputs are tried; a soak tries ten times as many."""
    return settings(
        max_examples=examples * 10 if SOAK else examples,
        deadline=None,
        derandomize=not SOAK,
        suppress_health_check=list(HealthCheck),
        database=None,
    )


class Counts:
    """What a soak has tried; an input that raises is counted on its way in and not out."""

    entered = left = 0


@contextmanager
def counted() -> Iterator[None]:
    """Counts an input."""
    Counts.entered += 1
    yield
    Counts.left += 1


@pytest.fixture(autouse=True, scope="module")
def written_counts() -> Iterator[None]:
    yield
    if counts := os.environ.get("KERASTUT_SOAK_COUNTS"):
        with Path(counts).open("a", encoding="utf-8") as file:
            file.write(f"check {Counts.entered} {Counts.entered - Counts.left}\n")


def answer(content: bytes, suffix: str) -> list[Finding] | str:
    """Returns the findings, or the line that says why there are none."""
    with counted():
        try:
            text = decode(content, "file", suffix == ".py")
            findings = check_document(parse_document(text, "file", suffix), ALL)
        except LintError as error:
            return str(error)
    rows = text.content.count("\n") + text.content.count("\r") + 1
    for finding in findings:
        assert 1 <= finding.location.row <= rows or suffix == ".ipynb"
        assert finding.location.column >= 1
        assert len(finding.message("zh").splitlines()) == 1
    return findings


def accepts(content: bytes, suffix: str) -> bool:
    """Tells whether there are findings, none included, and not a line that says why not."""
    said = answer(content, suffix)
    assert not isinstance(said, str) or len(said.splitlines()) == 1
    return not isinstance(said, str)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """Draws examples of rules, joined, and then cut, repeated and littered with tokens."""
    text = "\n".join(draw(st.lists(st.sampled_from(EXAMPLES), min_size=1, max_size=3)))
    for _ in range(draw(st.integers(0, 4))):
        start, end = sorted(draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        middle = draw(st.sampled_from(["", text[start:end] * 2, *TOKENS]) | st.text(max_size=5))
        text = text[:start] + middle + text[min(end, start + 40) :]
    return text


def as_markdown(source: str) -> str:
    quoted = "\n".join(f"> {line}" for line in source.split("\n"))
    return f"# A\n\n```python\n{source}\n```\n\n> ```python\n{quoted}\n> ```\n\nend `x`\n"


def as_notebook(source: str) -> str:
    cell: dict[str, object] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
    }
    lines = source.splitlines(keepends=True)
    cells = [{**cell, "source": lines}, {"cell_type": "markdown", "metadata": {}, "source": "é"}]
    cells.append({**cell, "source": source})
    return json.dumps(
        {"cells": cells, "metadata": {"a": "\u00e9"}, "nbformat": 4, "nbformat_minor": 4}, indent=1
    )


@fuzz(100)
@given(st.binary(max_size=300), SUFFIXES)
@example(b"\xff\xfei\0m\0p\0", ".py")
@example(b"# -*- coding: latin-1 -*-\nimport keras # \xe9\n", ".py")
@example(b"# -*- coding: rot13 -*-\nimport keras\n", ".py")
@example(b"# coding: no-such\nimport keras\n", ".py")
@example(b"import keras\0\n", ".md")
@example(b'{"cells": [{"cell_type": "code", "source": 3}]}', ".ipynb")
@example(b'{"cells": {"a": 1}}', ".ipynb")
@example(b'{"worksheets": [3]}', ".ipynb")
@example(b"[" * 100_000, ".ipynb")
def test_any_bytes_give_findings_or_one_line(content: bytes, suffix: str) -> None:
    accepts(content, suffix)


@fuzz(80)
@given(damaged(), SUFFIXES)
def test_damaged_code_gives_findings_or_one_line(source: str, suffix: str) -> None:
    notebook = suffix == ".ipynb"
    text = source if suffix == ".py" else as_notebook(source) if notebook else as_markdown(source)
    accepts(text.encode("utf-8", "surrogatepass"), suffix)


DEEP = [
    "import keras\nx = " + "(" * 5000 + ")" * 5000,
    "import keras\nx = " + "-" * 20000 + "1",
    "import keras\nx = " + "+".join(["keras"] * 20000),
    "import keras\nx = keras" + ".layers" * 20000,
    "import keras\nx = keras" + "()" * 20000,
    "import keras\n" + "".join(" " * n + "if keras:\n" for n in range(300)) + " " * 300 + "pass",
    "import keras\n" + "x = [keras.layers.Dense(1)(x)]\n" * 3000,
    "import keras\nx = [" + "keras.layers.Dense(1, foo=2), " * 3000 + "]",
    "import keras\nx = '" + "a" * 5_000_000 + "'",
    "import keras\nf = " + "lambda: " * 5000 + "keras",
    "import keras\n"
    + "".join(f"def f{n}(x): return f{n + 1}(x)\n" for n in range(3000))
    + "f0(keras)",
    "import keras\nm = keras.Input((3,))\n" + "m = keras.layers.Dense(3)(m)\n" * 3000,
]


@pytest.mark.parametrize("source", DEEP, ids=range(len(DEEP)))
def test_fuzz_of_depth_and_length(source: str) -> None:
    assert accepts(source.encode(), ".py")
    assert accepts(as_markdown(source).encode(), ".md")


@st.composite
def littered(draw: st.DrawFn) -> bytes:
    """Draws the bytes of a damaged program in some coding, with ends of lines of some kinds."""
    source = draw(damaged() | damaged().map(as_markdown) | damaged().map(as_notebook))
    ends = draw(st.lists(st.sampled_from(["\n", "\r", "\r\n", "\f", "\u2028"]), min_size=1))
    pieces = source.split("\n")
    source = "".join(map("".join, zip(pieces, (ends * len(pieces))[: len(pieces)], strict=True)))
    coding = draw(st.sampled_from(["utf-8", "utf-8", "utf-16", "utf-8-sig", "gbk", "utf-7"]))
    content = bytearray(source.encode(coding, "ignore"))
    for _ in range(draw(st.integers(0, 2))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content)


@fuzz(60)
@given(st.lists(st.tuples(littered(), SUFFIXES), min_size=1, max_size=3), st.booleans())
def test_fuzz_of_folders(files: list[tuple[bytes, str]], fix: bool) -> None:
    """Through the front door: a good file's finding is told, whatever lies beside it."""
    said, errors = io.StringIO(), io.StringIO()
    with tempfile.TemporaryDirectory() as folder, counted():
        paths = [Path(folder, f"{number}{suffix}") for number, (_, suffix) in enumerate(files)]
        for path, (content, _) in zip(paths, files, strict=True):
            path.write_bytes(content)
        good = Path(folder, "good.py")
        good.write_text("import keras\nkeras.layers.Dense(1, foo=2)\n")
        words = [*map(str, paths), str(good), "--select", "ALL", *["--fix"] * fix]
        with redirect_stdout(said), redirect_stderr(errors), pytest.raises(SystemExit) as ended:
            main("0", words)
        assert sorted(Path(folder).iterdir()) == sorted([*paths, good])
        for path, (content, _) in zip(paths, files, strict=True):
            assert fix or path.read_bytes() == content
    assert ended.value.code in (1, 2)
    assert f"{good}:2:23: KT299" in said.getvalue()
    assert "failed" not in errors.getvalue()
    lines = [line for line in errors.getvalue().splitlines() if "error:" in line]
    assert len(lines) <= len(files)
    assert all(line.isprintable() or "\u3000" in line for line in lines)


def mended(text: str, name: str, unsafe: bool) -> str:
    """Returns a text after its fixes, which must be done at once."""
    with counted():
        fixed, made = fix_text(Text(text), name, ALL, unsafe)
        assert fix_text(Text(fixed), name, ALL, unsafe) == (fixed, 0)
    assert made or fixed == text
    return fixed


@fuzz(30)
@given(damaged(), st.booleans())
def test_fuzz_of_fixes(source: str, unsafe: bool) -> None:
    mended(source, "file.py", unsafe)


@fuzz(20)
@given(damaged(), st.booleans())
def test_fuzz_of_fixes_in_notebooks(source: str, unsafe: bool) -> None:
    text = as_notebook(source)
    fixed = mended(text, "file.ipynb", unsafe)
    nbformat.reads(fixed, as_version=4)  # type: ignore[no-untyped-call]
    old, new = json.loads(text), json.loads(fixed)
    for notebook in (old, new):
        del notebook["cells"][0]["source"], notebook["cells"][2]["source"]
    assert old == new


@fuzz(20)
@given(damaged(), st.booleans())
def test_fuzz_of_fixes_in_markdown(source: str, unsafe: bool) -> None:
    fixed = mended(as_markdown(source), "file.md", unsafe)
    assert fixed.startswith("# A\n\n```python\n")
    assert fixed.endswith("> ```\n\nend `x`\n")
