"""Python files, Markdown and notebooks."""

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.document import Document
from kerastut.lint.documents.text import Text, decode
from kerastut.lint.errors import UnreadableError

STALE = "from keras.optimizers import SGD\nSGD(lr=0.1)"


def read_document(path: Path) -> Document:
    """Returns the document of a file."""
    suffix = path.suffix.lower()
    return parse_document(decode(path.read_bytes(), str(path), suffix == ".py"), str(path), suffix)


def places(document: Document, select: str = "KT201") -> list[tuple[int, int, int | None]]:
    """Returns where the findings are."""
    locations = [item.location for item in check_document(document, Selection((select,)))]
    return [(place.row, place.column, place.cell) for place in locations]


def markdown(source: str) -> Document:
    """Returns the document of a Markdown text."""
    return parse_document(Text(textwrap.dedent(source)), "x.md", ".md")


def notebook(*cells: str | list[str], **metadata: Any) -> str:
    """Returns the text of a notebook with code cells."""
    return json.dumps(
        {
            "cells": [
                {"cell_type": "markdown", "metadata": {}, "source": ["# Title"]},
                *({"cell_type": "code", "metadata": {}, "outputs": [], "source": s} for s in cells),
            ],
            "metadata": metadata,
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        indent=1,
    )


@pytest.mark.parametrize(
    "mark", ["python", "py", "Python", "python3", "{python}", "python title='a'"]
)
def test_fences_marked_as_python(mark: str) -> None:
    assert places(markdown(f"# Title\n\n```{mark}\n{STALE}\n```\n")) == [(5, 5, None)]


@pytest.mark.parametrize("mark", ["bash", "text", "console"])
def test_fences_of_any_language_count_if_they_are_python_and_speak_of_keras(mark: str) -> None:
    assert places(markdown(f"```{mark}\n{STALE}\n```\n")) == [(3, 5, None)]
    assert markdown(f"keras\n```{mark}\nx = 1\n```\n").chunks == []
    assert markdown(f"keras\n```{mark}\npip install keras\n```\n").chunks == []


@pytest.mark.parametrize("mark", ["json", "r"])
def test_other_fences(mark: str) -> None:
    assert places(markdown(f"```{mark}\n{STALE}\n```\n")) == []


def test_fences_without_a_mark_count_if_they_are_python_and_speak_of_keras() -> None:
    assert places(markdown(f"```\n{STALE}\n```\n")) == [(3, 5, None)]
    assert markdown("keras\n```\nx = 1\n```\n").chunks == []
    assert markdown("```\nuse keras here\n```\n").chunks == []


def test_columns_count_from_the_margin_of_the_file() -> None:
    source = "- item\n\n  ~~~python\n  from keras.optimizers import SGD\n  SGD(lr=0.1)\n  ~~~\n"
    assert places(markdown(source)) == [(5, 7, None)]
    quoted = "> ```python\n> from keras.optimizers import SGD\n> SGD(lr=0.1)\n> ```\n"
    assert places(markdown(quoted)) == [(3, 7, None)]


def test_prompts() -> None:
    source = (
        "```pycon\n>>> from keras.optimizers import SGD\n>>> SGD(\n...     lr=0.1)\n<SGD>\n```\n"
    )
    assert places(markdown(source)) == [(4, 9, None)]


def test_blocks_share_their_names() -> None:
    source = "```python\nfrom keras.optimizers import SGD\n```\ntext\n```python\nSGD(lr=1)\n```\n"
    assert places(markdown(source)) == [(6, 5, None)]


def test_columns_count_characters_and_not_bytes() -> None:
    document = parse_document(
        Text("from keras.optimizers import SGD\nx = '学习率', SGD(lr=0.1)"), "x.py", ".py"
    )
    assert places(document) == [(2, 16, None)]


def test_cells_share_their_names_and_are_counted() -> None:
    text = notebook("from keras.optimizers import SGD\n", ["a = 1\n", "SGD(lr=0.1)"])
    assert places(parse_document(Text(text), "x.ipynb", ".ipynb")) == [(2, 5, 2)]


@pytest.mark.parametrize(
    "magic",
    [
        "%matplotlib inline",
        "!pip install keras",
        "pip install keras",
        "files = !ls",
        "%time x = 1",
        "%timeit -n 3 x = 1",
        "%%time",
        "keras?",
        "?keras",
        "!pip install \\\n    keras",
        "%%capture out",
    ],
)
def test_lines_of_ipython(magic: str) -> None:
    text = notebook(f"{magic}\n{STALE}")
    document = parse_document(Text(text), "x.ipynb", ".ipynb")
    row = magic.count("\n") + 3
    assert places(document) == [(row, 5, 1)]
    assert places(document, "KT000") == []


def test_code_behind_a_magic_is_read() -> None:
    text = notebook("from keras.optimizers import SGD", "%time SGD(lr=0.1)")
    assert places(parse_document(Text(text), "x.ipynb", ".ipynb")) == [(1, 11, 2)]


def test_what_a_cell_writes_into_a_module_is_read() -> None:
    text = notebook(
        "%%writefile -a net.py\nfrom keras.optimizers import SGD\nSGD(lr=0.1)", "%run net"
    )
    assert places(parse_document(Text(text), "x.ipynb", ".ipynb")) == [(3, 5, 1)]


@pytest.mark.parametrize("first", ["%%bash", "%%writefile a.txt", "%%html", "%%javascript"])
def test_cells_in_another_language(first: str) -> None:
    document = parse_document(Text(notebook(f"{first}\nkeras <- ('")), "x.ipynb", ".ipynb")
    assert check_document(document, Selection(("ALL",))) == []


def test_notebooks_of_another_kernel() -> None:
    text = notebook("library(keras)\nx <- 1", kernelspec={"name": "ir", "language": "R"})
    assert parse_document(Text(text), "x.ipynb", ".ipynb").chunks == []


def test_notebooks_of_format_3() -> None:
    cells = [{"cell_type": "code", "input": STALE.splitlines(keepends=True), "language": "python"}]
    text = json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3, "metadata": {}})
    assert places(parse_document(Text(text), "x.ipynb", ".ipynb")) == [(2, 5, 1)]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"cells": 3}', "3", "[" * 100_000])
def test_what_is_no_notebook(text: str) -> None:
    with pytest.raises(UnreadableError, match="expected a notebook"):
        parse_document(Text(text), "x.ipynb", ".ipynb")


def test_a_block_that_is_not_python_is_reported_and_the_rest_goes_on() -> None:
    document = markdown(f"```python\nimport keras\ndef f(:\n```\n\n```python\n{STALE}\n```\n")
    assert places(document, "KT000") == [(3, 7, None)]
    assert places(document) == [(8, 5, None)]


def test_the_rest_of_a_block_that_is_not_python_goes_on() -> None:
    source = f"import keras\nx = = 1\n\ndef f():\n    return (\n\n{STALE}\n"
    document = parse_document(Text(source), "x.py", ".py")
    assert len(places(document, "KT000")) == 1
    assert places(document) == [(8, 5, None)]


@pytest.mark.parametrize(("returned", "count"), [("a", 1), ("f", 0), ("b", 0)])
def test_a_function_that_ends_too_early(returned: str, count: int) -> None:
    source = f"```\nimport keras\n\ndef f():\n    a = keras.Input(3)\nreturn {returned}\n```\n"
    assert len(places(markdown(source), "KT000")) == count


def test_python_2() -> None:
    source = f"{STALE}\nprint 'loss', 3\nfor i in range(3):\n    print i\nSGD(lr=0.2)\n"
    document = parse_document(Text(source), "x.py", ".py")
    findings = check_document(document, Selection(("KT000",)))
    assert {one.message() for one in findings} == {"not valid Python: a Python 2 print statement"}
    assert [one.location[:2] for one in findings] == [(3, 1), (5, 5)]
    assert places(document) == [(2, 5, None), (6, 5, None)]


@pytest.mark.parametrize(
    "content",
    [
        STALE.encode("utf-8-sig"),
        STALE.encode("utf-16"),
        STALE.replace("\n", "\r\n").encode(),
        b"# coding: latin-1\n# \xe9\n" + STALE.encode(),
        "# coding: gbk\n# 学习率\n".encode("gbk") + STALE.encode(),
    ],
)
def test_encodings(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_bytes(content)
    assert [place[1] for place in places(read_document(path))] == [5]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"keras\0\x01", "binary data"), (b"import keras # \xff\xfe\xfd", "expected utf-8 text")],
)
def test_what_is_no_text(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=message):
        read_document(path)


@pytest.mark.parametrize(
    "source",
    [
        "import keras\nx = " + "(" * 3000 + ")" * 3000,
        "import keras\nx = " + "-" * 20_000 + "1",
        "import keras\nx = " + " + ".join(["1"] * 20_000),
        "import keras\nx" + ".a" * 20_000,
        "import keras\nf" + "(1)" * 5000,
    ],
)
def test_deep_nesting_ends_in_a_finding_or_none(source: str) -> None:
    document = parse_document(Text(source), "x.py", ".py")
    findings = check_document(document, Selection(("ALL",)))
    assert {finding.rule.code for finding in findings} <= {"KT000", "KT501"}
