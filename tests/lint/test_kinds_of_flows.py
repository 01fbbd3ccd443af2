"""Kinds of faults that the way through a program decides, and what pages show beside code."""

import json

import pytest

from kerastut.lint.check import check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text

K = "import keras\n"
TF = K + "import tensorflow as tf\nfrom keras import backend as K\n"
NET = K + "m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])\n"
RESUMED = (
    NET + "m.compile('sgd', 'mse')\nm.fit(a, b)\nm.save_weights('w.weights.h5')\n"
    "m = keras.models.clone_model(m)\nm.compile('adam', 'mse')\nlimit = 3\n"
    "if run:\n    {}\n    m.load_weights('w.weights.h5')\n"
    "for step in range(9):\n    if step > limit:\n        m.fit(a, b)\n"
)
PICTURES = (
    "from tensorflow.keras.preprocessing.image import ImageDataGenerator\n" + NET + "def g():\n"
    "    one, two = ImageDataGenerator(), ImageDataGenerator()\n"
    "    a = one.flow_from_directory('a')\n"
    "    b = {}\n    for x, y in zip(a, b):\n        yield x, y\n"
    "m.compile('sgd', 'mse')\nm.fit(g(), steps_per_epoch=3, epochs=3)\n"
)
RATE = NET + "m.compile(keras.optimizers.Adadelta(), 'mse')\ndef rate({}):\n    return 0.1\n"
RATE += "m.fit(x, y, callbacks=[keras.callbacks.LearningRateScheduler(rate)])\n"
TRIED = TF + "try:\n    {}\nexcept{}:\n    {}\n"
# Functions above those that call them, as most programs have them.
PATH = (
    "import os\n" + NET + "def keep(m, path):\n    m.save_weights(path)\n"
    "@command\ndef main(folder):\n    keep(m, os.path.join(folder, '{}'))\n"
)
FIELD = (
    K + "def block(x, n):\n    return keras.layers.Conv2D(8, n, n)(x)\n"
    "class A:\n    def __init__(self):\n        self.n = 3\n"
    "    def build(self):\n        return block(keras.Input((8, 8, 1)), self.n)\n"
    "def main():\n    A().build()\n"
)

# What is written, and the codes that are told of it.
FOUND = {
    "weights of a run that goes on": (RESUMED.format("print('again')"), "KT302"),
    "weights of steps that are all alike": (
        RESUMED.format("").replace("'adam'", "keras.optimizers.SGD(0.1)"),
        "",
    ),
    "weights of steps with a momentum": (
        RESUMED.format("").replace("'adam'", "keras.optimizers.SGD(0.1, 0.9)"),
        "KT302",
    ),
    "weights where training is put off": (RESUMED.format("limit = 999999999"), ""),
    "pictures without an end": (PICTURES.format("two.flow_from_directory('b')"), "KT150"),
    "pictures beside a list": (PICTURES.format("[1, 2, 3]"), "KT150 KT435"),
    "a rate that a schedule begins with": (RATE.format("epoch, rate"), "KT448"),
    "a rate that a schedule sets": (RATE.format("epoch"), ""),
    "a path through a parameter": (PATH.format("w.h5"), "KT301"),
    "a right path through a parameter": (PATH.format("a.weights.h5"), ""),
    "fields that a method sets, given to a helper": (FIELD, "KT416"),
    "a rate of what nothing imports": (NET + "m.compile(SGD(lr=0.1), 'mse')\n", "KT201"),
    "a rate of another library": (NET + "import torch\nm.compile(SGD(lr=0.1), 'mse')\n", ""),
    "a rate of one's own": (NET + "class SGD: ...\nm.compile(SGD(lr=0.1), 'mse')\n", ""),
    "a model under no name of its own": (K + "keras.ops\nmodel.save('a.json')\n", "KT309"),
    "a table under such a name": (K + "keras.ops\ntable.save('a.json')\n", ""),
    "tried twice alike": (
        TRIED.format("K.get_session()", "", "K.get_session().close()"),
        "KT124 KT124",
    ),
    "tried in another way": (
        TRIED.format("K.get_session()", "", "tf.compat.v1.keras.backend.get_session()"),
        "",
    ),
    "tried of another module": (
        TRIED.format(
            "K.get_session()", " AttributeError", "K = tf.compat.v1.K\n    K.get_session()"
        ),
        "",
    ),
}


def _codes(text: str, suffix: str = ".py") -> str:
    """Returns the codes of all findings but those of undefined data."""
    told = check_document(parse_document(Text(text), f"x{suffix}", suffix))
    return " ".join(one.rule.code for one in told if not one.rule.code.startswith("KT5"))


@pytest.mark.parametrize("name", FOUND)
def test_the_way_through_a_program_decides(name: str) -> None:
    text, codes = FOUND[name]
    assert _codes(text) == codes


def test_a_global_name_may_be_set_where_nobody_calls() -> None:
    lines = ["def read():", "    return AXIS", "def main():", "    begin()", "    read()"]
    lines += ["def begin():", "    global AXIS", "    AXIS = 3"]
    assert not check_document(parse_document(Text(K + "\n".join(lines)), "x.py", ".py"))


def _told(text: str, suffix: str, code: str) -> list[str]:
    """Returns the messages of a rule."""
    told = check_document(parse_document(Text(text), f"x{suffix}", suffix))
    return [one.message() for one in told if one.rule.code == code]


PAGE = "```python\nimport keras\nm = keras.Sequential([keras.layers.Dense(1)])\n{}\n```\n"
# What stands in the code of a page, and what it can only have forgotten.
FORGOTTEN = {
    "a slip of an import": (
        "from keras.utils import pad_sequences\nx = pad_sequence(x)",
        ["`pad_sequence` is never defined or imported"],
    ),
    "a slip beside a name": (
        "labels = [0, 1]\nprint(labels1)",
        ["`labels1` is never defined or imported"],
    ),
    "a name of the reader": ("labels = [0, 1]\nprint(labels, labels1)", []),
    "the items of what the reader has": ("for image in images:\n    print(3)", []),
    "a module of a whole program": (
        "x = keras.ops.ones((4, 2))\nm.compile('sgd', 'mse')\nm.fit(x, x)\nos.path.join('a', 'b')",
        ["`os` is never defined or imported (`import os`)"],
    ),
    "what Python 2 had built in": (
        "reload(mine)",
        ["`reload` is never defined or imported (`from importlib import reload`)"],
    ),
    "a module of a part": ("m.compile('sgd', 'mse')\nm.fit(x, x)\nos.path.join('a', 'b')", []),
}


@pytest.mark.parametrize("name", FORGOTTEN)
def test_a_page_forgets_what_its_reader_cannot_mean(name: str) -> None:
    lines, messages = FORGOTTEN[name]
    assert _told(PAGE.format(lines), ".md", "KT501") == messages


def test_lines_that_fall_out_of_a_function_are_told_of_once() -> None:
    fallen = "def f(m):\n    n = m + 1\nfor i in m:\n        print(n, other)\n    print(n)\n"
    told = check_document(parse_document(Text(K + fallen), "x.py", ".py"))
    assert [one.rule.code for one in told] == ["KT501", "KT000"]


def test_messages_say_where_and_which() -> None:
    cells = ({"cell_type": "code", "source": text} for text in ("import keras\nf(x)", "x = 3"))
    book = json.dumps({"cells": [*cells], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    (told,) = _told(book, ".ipynb", "KT502")
    assert told.endswith("defined only in line 1 (cell 2)")
    point = "keras.callbacks.ModelCheckpoint({}, save_weights_only=True)"
    (told,) = _told(K + point.format("folder + '/a.ckpt'"), ".py", "KT313")
    assert "'…/a.ckpt'" in told
    (told,) = _told(K + point.format("'/b/a.ckpt'"), ".py", "KT313")
    assert "'/b/a.ckpt'" in told
    load = "import tensorflow as tf\nm.load_weights(tf.train.latest_checkpoint('a'))"
    (told,) = _told(NET + load, ".py", "KT301")
    assert "'latest_checkpoint(...)'" in told


IMPORTED = "```python\nimport keras\nimport tensorflow as tf\n```\n\n"
OLD = "```python\no = keras.optimizers.SGD(lr=0.1)\n```\n"
# What stands on a page, and whether the old code in it is read.
PAGES = {
    "a printed tensor behind a prompt": ("    >>> tf.Tensor(1, shape=(), dtype=int32)\n", ""),
    "two printed tensors": ("```\n>>> tf.Tensor(1, shape=())\ntf.Tensor(2, shape=())\n```\n", ""),
    "a tensor printed between code": (
        "```python\ntf.Tensor(1, shape=())\nkeras.optimizers.SGD(lr=1)\n```\n",
        "KT201",
    ),
    "a call behind a prompt": ("    >>> keras.optimizers.SGD(lr=0.1)\n", "KT201"),
    "a fence right below HTML": ("<center>\n<img>\n</center>\n" + OLD, "KT201"),
    "a quoted fence right below HTML": (
        "<center><img></center>\n> ```python\n> keras.optimizers.SGD(lr=0.1)\n> ```\n",
        "KT201",
    ),
    "a fence in a comment": ("<!--\n" + OLD + "-->\n", ""),
    "a fence below a comment": ("<!-- more -->\n" + OLD, "KT201"),
    "a fence in a script": ("<script>\n" + OLD + "</script>\n", ""),
    "indented below HTML": ("<div>\n    keras.optimizers.SGD(lr=0.1)\n</div>\n", ""),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages_show_code_beside_what_is_none(name: str) -> None:
    shown, codes = PAGES[name]
    assert _codes(IMPORTED + shown, ".md") == codes


def test_a_magic_that_is_all_of_a_cell_needs_no_sign() -> None:
    def told(*sources: str) -> list[str]:
        cells = [{"cell_type": "code", "source": one} for one in ("import keras", *sources)]
        return _told(json.dumps({"cells": cells}), ".ipynb", "KT501")

    assert not told("reset -fs", "pwd", "who_ls")
    assert all(map(told, ("reset -fs\nx = 1", "reset = reset - fs", "resets -fs")))
