"""A file as a program: what of it runs, and what becomes of it when all is mended."""

import json
from pathlib import Path

import pytest

from kerastut.lint import blocks_of, code_files, difference, edited, mend, uses_keras

STALE = b"from keras.layers.core import Dense\nlayer = Dense(output_dim=3)\n"


def test_what_was_fixed_and_what_is_left() -> None:
    found = mend(STALE, "a.py", unsafe=True)
    assert found.content == b"from keras.layers import Dense\nlayer = Dense(units=3)\n"
    assert (found.fixed, found.left) == ({"KT106": 1, "KT210": 1}, ())
    kept = mend(STALE, "a.py", unsafe=True, ignore=["KT210"])
    assert b"output_dim" in kept.content
    assert [one.rule.code for one in kept.left] == ["KT210"]


def test_changed_defaults_are_left_and_other_notes_are_not() -> None:
    code = b"import tensorflow as tf\noptimizer = tf.keras.optimizers.Adadelta()\nmodel.fit(x, y)\n"
    assert "KT611" in [one.rule.code for one in mend(code, "a.py", unsafe=False).left]
    assert "KT601" not in [one.rule.code for one in mend(code, "a.py", unsafe=False).left]


def test_blocks_of_each_kind() -> None:
    assert blocks_of(b"x = 1\ny = (", "a.py") == [(1, "x = 1\ny = (")]
    cells = [
        {"cell_type": "code", "source": text} for text in ("!pip install keras", "x = 1\ny = 2")
    ]
    notebook = json.dumps({"cells": cells, "nbformat": 4}).encode()
    assert blocks_of(notebook, "a.ipynb") == [(1, "pass".ljust(18)), (2, "x = 1\ny = 2")]
    text = b"# Title\n\n```python\nimport keras\n```\n\n```bash\nls\n```\n"
    assert blocks_of(text, "a.md") == [(4, "import keras")]


@pytest.mark.parametrize(
    ("code", "runs"),
    [
        ("keras.layers.Dense(units, activation=None)", False),
        ("Dense(units)", False),
        ("tf.keras.layers.Conv2D(filters, kernel_size, strides=(1, 1))", False),
        ("units = 3\nDense(units)", True),
        ("Dense(width)", True),  # is no argument's name
        ("model.add(layer)", True),
        ("layer = Dense(units)", True),
    ],
)
def test_how_something_is_called_does_not_run(code: str, runs: bool) -> None:
    page = f"```python\nimport keras\n```\n\n```python\n{code}\n```\n"
    assert len(blocks_of(page.encode(), "a.md")) == 1 + runs
    given = page.replace("import keras", "units = filters = 3")
    assert len(blocks_of(given.encode(), "a.md")) == 2 - ("kernel_size" in code)


@pytest.mark.parametrize(
    ("block", "runs"),
    [
        ("[10 20 30] 40\n[20 30 40] 50", False),
        ("# It prints:\n(2, 2)\n[[ 1.5e-3 -2. ]\n [ 3.  4. ]]", False),
        ("[10, 20]", True),  # is Python
        ("x = [10 20]", True),  # and this should be
    ],
)
def test_numbers_that_are_printed_do_not_run(block: str, runs: bool) -> None:
    page = f"```python\nimport keras\n```\n\n```python\n{block}\n```\n"
    assert len(blocks_of(page.encode(), "a.md")) == 1 + runs


def test_an_edit_is_made_at_its_place() -> None:
    text = "# Title\n\n    >>> import keras\n    >>> x = '数' + y\n".encode()
    new = edited(text, "a.md", [(4, 12, 4, 13, "z")])
    assert new == text.replace(b" y", b" z")
    assert difference("a.md", text, new).endswith("+    >>> x = '数' + z\n")


def test_code_is_found(tmp_path: Path) -> None:
    for name in ("a.py", "b.ipynb", "c.txt"):
        (tmp_path / name).write_text("keras")
    assert [path.name for path in code_files(tmp_path)] == ["a.py", "b.ipynb"]
    assert uses_keras(b"import TensorFlow")
    assert not uses_keras(b"import torch")
