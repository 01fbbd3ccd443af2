"""Fixes of kinds that were told of and left as they were: what is mended is executed."""

from typing import Any

import pytest

from kerastut.lint.check import Selection
from kerastut.lint.documents.text import Text
from kerastut.lint.fixes.fixing import fix_text

K = "import numpy as np\nimport keras\n"
CTC = """\
import numpy as np
from keras import backend as K

odds = np.full((2, 8, 5), 0.2, "float32")
labels, lengths = np.array([[1, 2, 0], [3, 1, 2]]), np.array([[2], [3]])
loss = K.ctc_batch_cost(labels, odds, np.full((2, 1), 8), lengths)
best = K.ctc_decode(odds, input_length=np.full((2,), 8), greedy=True)[0][0]
large = K.resize_images(K.constant(np.ones((1, 2, 2, 1))), 2, 3, "channels_last")
"""


def fixed(text: str, suffix: str = ".py") -> str:
    """Returns a program after all fixes, which find nothing to mend in it a second time."""
    after, _ = fix_text(Text(text), f"x{suffix}", Selection(), True)
    assert fix_text(Text(after), f"x{suffix}", Selection(), True) == (after, 0)
    return after


def run(text: str) -> dict[str, Any]:
    """Returns the names of a program that was mended and executed."""
    names: dict[str, Any] = {"__name__": "x"}
    exec(compile(fixed(text), "x.py", "exec"), names)  # of our own, as they stand here
    return names


def test_the_backend_that_tensorflow_keeps_is_bridged_to() -> None:
    names = run(CTC)
    assert names["loss"].shape == (2, 1)
    assert names["best"].shape[0] == 2
    assert names["large"].shape == (1, 4, 6, 1)
