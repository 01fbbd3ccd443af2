"""Fixes change what has to be changed and nothing else."""

import json
import random
import stat
from pathlib import Path

import pytest

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.fixes.fixing import fix_text
from kerastut.lint.rules.rule import load_rules
from kerastut.lint.runner import Job, check_file

ALL = Selection(("KT1", "KT2", "KT3"))


def fix(source: str, name: str = "x.py", unsafe: bool = False) -> str:
    """Returns a source after its fixes, which must be done at once."""
    fixed, _ = fix_text(Text(source), name, ALL, unsafe)
    assert fix_text(Text(fixed), name, ALL, unsafe) == (fixed, 0)
    return fixed


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from keras.optimizers import SGD\nSGD( lr = 0.1 ,momentum=.9)  # fast\n",
            "from keras.optimizers import SGD\nSGD( learning_rate = 0.1 ,momentum=.9)  # fast\n",
        ),
        (
            "from keras.layers.core import Dense, Dropout  # layers\n",
            "from keras.layers import Dense, Dropout  # layers\n",
        ),
        (
            "from tensorflow.keras.layers.core import (\n    Dense,  # first\n    Dropout,\n)\n",
            "from tensorflow.keras.layers import (\n    Dense,  # first\n    Dropout,\n)\n",
        ),
        (
            "from keras.models import Sequential, Input\n",
            "from keras.models import Sequential\nfrom keras import Input\n",
        ),
        (
            "if True: from keras.models import Sequential, Input\n",
            "if True: from keras.models import Sequential; from keras import Input\n",
        ),
        (
            "def f():\n    from keras.models import Input, Model  # both\n    return Input\n",
            "def f():\n    from keras.models import Model\n    from keras import Input  # both\n"
            "    return Input\n",
        ),
        (
            "from keras.utils import np_utils\ny = np_utils.to_categorical([1], 2)\n",
            "from keras.utils import to_categorical\ny = to_categorical([1], 2)\n",
        ),
        (
            "from keras.utils import np_utils as u\ny = u.to_categorical([1], 2)\n",
            "from keras import utils as u\ny = u.to_categorical([1], 2)\n",
        ),
        (
            "from keras.utils import np_utils\nto_categorical = 3\n"
            "y = np_utils.to_categorical([1])\n",
            "from keras import utils\nto_categorical = 3\ny = utils.to_categorical([1])\n",
        ),
        (
            "import keras\ny = keras.utils.np_utils.to_categorical([1], 2)\n",
            "import keras\ny = keras.utils.to_categorical([1], 2)\n",
        ),
        (
            "import tensorflow as tf\ny = tf.keras.utils.np_utils.to_categorical([1], 2)\n",
            "import tensorflow as tf\ny = tf.keras.utils.to_categorical([1], 2)\n",
        ),
        (
            "from keras.layers import CuDNNLSTM, Dense\nCuDNNLSTM(3)\n",
            "from keras.layers import LSTM, Dense\nLSTM(3)\n",
        ),
        (
            "from keras.layers import CuDNNLSTM as C, Dense\nC(3)\n",
            "from keras.layers import LSTM as C, Dense\nC(3)\n",
        ),
        (
            "import keras\nmodel = keras.Sequential()\nmodel.fit_generator(g, steps_per_epoch=3)\n",
            "import keras\nmodel = keras.Sequential()\nmodel.fit(g, steps_per_epoch=3)\n",
        ),
        (
            "# 学习率\nfrom keras.optimizers import SGD\nx = '率', SGD(lr=0.1), SGD(lr=1)\n",
            "# 学习率\nfrom keras.optimizers import SGD\n"
            "x = '率', SGD(learning_rate=0.1), SGD(learning_rate=1.0)\n",
        ),
        (
            "from keras.optimizers import SGD\r\nSGD(lr=0.1)\r\n",
            "from keras.optimizers import SGD\r\nSGD(learning_rate=0.1)\r\n",
        ),
        (
            "from keras.optimizers import SGD\nSGD(lr=0.1, learning_rate=0.1)\n",
            "from keras.optimizers import SGD\nSGD(lr=0.1, learning_rate=0.1)\n",
        ),
        (
            "from keras.optimizers import SGD\nSGD(lr=0.1",
            "from keras.optimizers import SGD\nSGD(lr=0.1",
        ),
    ],
)
def test_safe_fixes(before: str, after: str) -> None:
    assert fix(before) == after


def test_fixes_of_several_rules_at_one_call() -> None:
    before = (
        "from keras.layers.convolutional import Convolution2D\n"
        "Convolution2D(8, (3, 3), border_mode='same', subsample=(2, 2))\n"
    )
    after = (
        "from keras.layers import Convolution2D\n"
        "Convolution2D(8, (3, 3), padding='same', strides=(2, 2))\n"
    )
    assert fix(before) == after


def test_unsafe_fixes_are_made_on_request() -> None:
    before = (
        "import keras\nmodel = keras.Sequential()\nh = model.fit(x, y)\nprint(h.history['acc'])\n"
    )
    assert fix(before) == before
    assert fix(before, unsafe=True) == before.replace("'acc'", "'accuracy'")


def test_markdown_keeps_everything_around() -> None:
    before = (
        "# SGD(lr=1)\n\n- item `SGD(lr=1)`\n\n  ```python\n"
        "  from keras.models import Sequential, Input\n  from keras.optimizers import SGD\n"
        "  SGD(\n      lr=1)\n  ```\n\n> ```py\n> SGD(lr=2)\n> ```\n"
    )
    after = (
        before.replace("  from keras.models import Sequential, Input", "  {}")
        .format("from keras.models import Sequential\n  from keras import Input")
        .replace("      lr=1)\n", "      learning_rate=1.0)\n")
        .replace("> SGD(lr=2)", "> SGD(learning_rate=2.0)")
    )
    assert fix(before, "x.md") == after


NOTEBOOK = """{
 "cells": [
  {"cell_type": "markdown", "source": "SGD(lr=1)",   "metadata": { }},
  {
   "cell_type": "code", "outputs": [{"text": ["SGD(lr=1)\\n"], "value": 1.50}],
   "source": [
    "%matplotlib inline\\n",
    "from keras.models import Sequential, Input\\n",
      "from keras.optimizers import SGD  # 率 \\u7387 \\/\\n",
    "SGD(lr=1)"
   ]
  },
  {"cell_type": "code", "source": "!ls\\nSGD(lr=2)\\n", "id": "a"}
 ],
 "metadata": {"x": 1e3}, "nbformat": 4, "nbformat_minor": 5
}"""


def test_a_notebook_is_kept_to_the_byte_where_nothing_is_fixed() -> None:
    after = (
        NOTEBOOK.replace(
            '"from keras.models import Sequential, Input\\n",\n',
            '"from keras.models import Sequential\\n",\n    "from keras import Input\\n",\n',
        )
        .replace('"SGD(lr=1)"\n', '"SGD(learning_rate=1.0)"\n')
        .replace("!ls\\nSGD(lr=2)", "!ls\\nSGD(learning_rate=2.0)")
    )
    assert fix(NOTEBOOK, "x.ipynb") == after
    assert json.loads(after)["cells"][1]["source"][1] == "from keras.models import Sequential\n"


def cells(*sources: str, output: str = "") -> str:
    made = [{"cell_type": "code", "source": one, "outputs": [output]} for one in sources]
    return json.dumps({"cells": made})


def test_a_notebook_with_pictures_is_mended_to_the_end() -> None:
    source = (
        "from keras.layers import Activation\n"
        "from keras.applications.mobilenet import relu6, DepthwiseConv2D\n"
        "x = Activation(relu6)\ny = DepthwiseConv2D(3)\n"
    )
    fixed = json.loads(fix(cells(source, output="A" * 2_000_000), "x.ipynb"))["cells"][0]["source"]
    assert "from keras.layers import DepthwiseConv2D\nfrom keras.activations import relu6" in fixed


def test_a_model_of_one_cell_is_given_its_shape_in_another() -> None:
    first = "from keras.models import Sequential\nfrom keras.layers import Dense\nm = Sequential()"
    added, later = "m.add(Dense(3, input_dim=2))\n", "m.add(Dense(1, input_dim=3))"
    after = json.loads(fix(cells(first, added, later), "x.ipynb"))["cells"]
    assert after[1]["source"] == "m.add(keras.Input(shape=(2,)))\nm.add(Dense(3))\n"
    assert after[2]["source"] == "m.add(Dense(1))"
    inner = "def made():\n    m = Sequential()\n    return m\nm = made()"
    kept = cells(f"{first}\n{inner}", added)
    assert fix(kept, "x.ipynb") == kept


def test_a_fix_never_makes_invalid_python() -> None:
    source = "import keras\nx = (keras\n .layers\n .core.Dense)\nkeras.optimizers.SGD(lr=1)\n"
    fixed = fix(source)
    document = parse_document(Text(fixed), "x.py", ".py")
    assert check_document(document, Selection(("KT000", "KT1", "KT2"))) == []


def test_files_keep_their_rights_and_encoding(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_bytes(
        "# coding: gbk\n# 率\nfrom keras.optimizers import SGD\nSGD(lr=1)".encode("gbk")
    )
    path.chmod(0o640)
    outcome = check_file(path, Job(fix="write"))
    assert (outcome.fixed, bool(outcome.counts), outcome.error) == (1, False, None)
    assert path.read_bytes().decode("gbk").endswith("SGD(learning_rate=1.0)")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [item.name for item in tmp_path.iterdir()] == ["x.py"]


def test_damaged_programs_end_in_findings_and_their_fixes_are_done_at_once() -> None:
    source = random.Random(0)
    examples = [rule.bad for rule in load_rules().values()]
    for _ in range(400):
        text = source.choice(examples)
        for _ in range(source.randint(1, 5)):
            start = source.randrange(len(text) + 1)
            stop = min(len(text), start + source.randint(0, 20))
            insert = source.choice(["", "(", ")", '"', "\n", "\t", "漢", "%", "\\", text[:80]])
            text = text[:start] + insert + text[stop:]
        fixed, _ = fix_text(Text(text), "x.py", Selection(("ALL",)), unsafe=True)
        assert fix_text(Text(fixed), "x.py", Selection(("ALL",)), unsafe=True) == (fixed, 0)


def added(source: str, name: str = "a.md") -> str:
    return fix_text(Text(source), name, Selection(("KT501",)), unsafe=True)[0]


def test_an_undefined_name_of_keras_is_imported_where_its_block_imports_from() -> None:
    before = "```python\nfrom keras.layers import Dense\nx = [Dense(1), Flatten()]\n```\n"
    assert added(before) == before.replace("Dense\n", "Dense, Flatten\n", 1)


def test_customary_names_are_imported_at_the_head_of_the_block() -> None:
    before = '"""A title."""\nmodel = keras.Sequential([tf.ones(3), np.ones(3)])\n'
    lines = "import keras\nimport tensorflow as tf\nimport numpy as np\n"
    assert added(before, "a.py") == before.replace("model", f"{lines}model")


def test_tensorflow_keras_stays_tensorflow_keras() -> None:
    before = "from tensorflow.keras import layers\nx = EarlyStopping()\n"
    line = "from tensorflow.keras.callbacks import EarlyStopping\n"
    assert added(before, "a.py") == line + before


def test_a_name_that_may_be_anything_is_not_imported() -> None:
    before = "import keras\nprint(x_train, mean, get, config, keras.ops)\n"
    assert added(before, "a.py") == before


def test_a_safe_fix_imports_nothing() -> None:
    before = "import keras\nmodel = Sequential()\n"
    assert fix_text(Text(before), "a.py", Selection(()), unsafe=False)[1] == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("%%time\nm = keras.ops\n", "%%time\nimport keras\nm = keras.ops\n"),
        ("@keras.f\ndef f(): ...\n", "@keras.f\ndef f(): ...\n"),
        (
            "x = Dense(1)\nfrom keras.layers import Flatten\n",
            "from keras.layers import Dense\nx = Dense(1)\nfrom keras.layers import Flatten\n",
        ),
    ],
)
def test_an_import_is_added_above_the_use_and_below_a_magic(before: str, after: str) -> None:
    cell = {"cell_type": "code", "metadata": {}, "source": before, "outputs": []}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    fixed = json.loads(added(json.dumps(notebook), "a.ipynb"))
    assert fixed["cells"][0]["source"] == after
