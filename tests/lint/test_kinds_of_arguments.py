"""Kinds of faults in what is given, asked for and set, and what is like them and right."""

import pytest

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.finding import Finding
from kerastut.lint.fixes.fixing import fix_text

K = "import keras\nimport numpy as np\n"
NET = K + "m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation='sigmoid')])\n"
COMPILED = NET + "m.compile('sgd', 'binary_crossentropy', metrics=['accuracy'])\n"
PD = K + "import pandas as pd\nt = pd.read_csv('a.csv')\n"
LAYER = K + (
    "class L(keras.layers.Layer):\n    def __init__(self, units, **more):\n"
    "        super().__init__(**more)\n"
)
PLOT = "def plot(h):\n    print(h.history['acc'])\n"


def findings(text: str, suffix: str = ".py") -> list[Finding]:
    """Returns the findings without those of undefined data."""
    found = check_document(parse_document(Text(text), f"x{suffix}", suffix))
    return [one for one in found if not one.rule.code.startswith("KT5")]


HELPER = (
    K + "def freeze(net, value):\n    net.trainable = value\n    for one in net.layers:\n"
    "        one.trainable = value\n"
    "m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)])\nm.compile('sgd', 'mse')\n"
)
FOUND = {
    "a history without validation": (
        COMPILED + "h = m.fit(a, b)\nprint(h.history['val_loss'], h.history['val_acc'])",
        "KT422 KT422",
    ),
    "a history with a callback of Keras": (
        COMPILED + "h = m.fit(a, b, callbacks=[keras.callbacks.TerminateOnNaN()])\n"
        "print(h.history['val_loss'])",
        "KT422",
    ),
    "a rate that is halved": (K + "o = keras.optimizers.SGD()\no.lr = o.lr * 0.5", "KT317"),
    "a rate that is halved again": (
        K + "o = keras.optimizers.SGD()\no.lr = o.lr * 0.5\no.lr /= 2",
        "KT317 KT317",
    ),
    "the size of batches of a layer": (
        K + "m = keras.Sequential()\nm.add(keras.layers.LSTM(4, batch_size=2))",
        "KT222",
    ),
    "a number for the shape of a layer": (
        K + "m = keras.Sequential()\nm.add(keras.layers.Dense(4, input_shape=784))",
        "KT202 KT243",
    ),
    "a count for the shape of a layer": (
        K + "m = keras.Sequential([keras.layers.Dense(4, input_shape=(len(a)))])",
        "KT202 KT243",
    ),
    "halves of filters": (
        K + "n = 8\nkeras.layers.Conv2D(n / 2, 3, padding='same')\n"
        "keras.layers.Conv1DTranspose(filters=n / 2, kernel_size=3, padding='same')\n"
        "keras.layers.MultiHeadAttention(2, key_dim=n / 2)\nkeras.layers.ZeroPadding2D(n / 4)",
        "KT266 KT266 KT266 KT266",
    ),
    "channels first by a layer": (
        K + "m = keras.Sequential([keras.Input((28, 28)), keras.layers.Reshape((1, 28, 28)),\n"
        "    keras.layers.Conv2D(8, 3)])",
        "KT265",
    ),
    "rows of a table by position": (
        PD + "for i, row in t.iterrows():\n    print(row[0])\nm = t.dropna().mean()\n"
        "for i in range(len(m)):\n    print(m[i])\nprint(t.iloc[3][-1], t.dtypes[0])\n"
        "print(m[len(m) - 1])",
        "KT341 KT341 KT341 KT341 KT341",
    ),
    "what an exception said": (
        K + "try:\n    f()\nexcept (ValueError, OSError) as error:\n    print(error.message)",
        "KT341",
    ),
    "what whatever is raised says": (
        K + "try:\n    f()\nexcept Exception as error:\n    print(error.message)",
        "KT341",
    ),
    "a model frozen by a function": (HELPER + "freeze(m, False)\nm.fit(a, b)", "KT430"),
    "sorting by comparing": (
        K + "w = [3, 1]\nw.sort(lambda a, b: a - b)\nw.sort(cmp=f)\nsorted(w, lambda a, b: a - b)",
        "KT270 KT270 KT270",
    ),
    "the input of the first layer": (
        K + "i = keras.Input((4,))\nm = keras.Model(i, keras.layers.Dense(2)(i))\n"
        "n = keras.Model(m.layers[0].input, m.output)",
        "KT340",
    ),
    "a generator for a model of another file": (
        K + "from nets import build\ndef g():\n    while True:\n        yield ([a, b], [c, d])\n"
        "m = build()\nm.fit_generator(g(), steps_per_epoch=3)",
        "KT428 KT304",
    ),
    "weights of no size": (
        LAYER + "        self.k = self.add_weight(shape=(None, units))\n"
        "        self.b = self.add_weight((units / 2,), name='b')",
        "KT266 KT266",
    ),
}
CLEAN = {
    "a history with validation": COMPILED
    + "h = m.fit(a, b, 8, 2, 0, None, 0.2)\nprint(h.history['val_loss'])",
    "a history with whatever": COMPILED + "h = m.fit(*data)\nprint(h.history['val_loss'])",
    "a history that a callback may write": COMPILED
    + "from mine import Scores\nh = m.fit(a, b, callbacks=[Scores()])\nprint(h.history['val_f'])",
    "a history that is asked first": COMPILED
    + "h = m.fit(a, b)\nif 'val_loss' in h.history:\n    print(h.history['val_loss'])",
    "rows of a table by name": PD + "for i, row in t.iterrows():\n    print(row['a'])\n"
    "print(t.mean().iloc[0], t['a'][0], t.mean(axis=1)[0], t.iloc[3, 0], t.values[0][0])\n"
    "u = pd.read_csv('b', header=None)\nprint(u.mean()[0], u.iloc[3][1])\n"
    "for i, row in u.iterrows():\n    print(row[0])",
    "rows of a table with other columns": PD + "t.columns = range(3)\nprint(t.mean()[0])",
    "what an exception of another library says": K + "import tensorflow as tf\n"
    "try:\n    f()\nexcept tf.errors.OpError as error:\n    print(error.message)\n"
    "print(mail.message)",
    "what TensorFlow may have raised": K + "import tensorflow as tf\n"
    "try:\n    tf.train.load_variable('a', 'b')\n"
    "except Exception as error:\n    print(error.message)",
    "what an exception may be asked for": K + "try:\n    f()\nexcept Exception as error:\n"
    "    if hasattr(error, 'message'):\n        print(error.message)\n    try:\n"
    "        print(error.message)\n    except AttributeError:\n        print(error)",
    "a model frozen by a function, and freed": HELPER + "freeze(m, False)\nfreeze(m, True)\n"
    "m.fit(a, b)",
    "sorting by a key": K + "w = [3, 1]\nw.sort(key=lambda a: -a)\nsorted(w, key=f)\n"
    "from mine import sort\nsort(w, lambda a, b: a)\nrows.sort(lambda row: row)\n"
    "mine.compare(w, cmp=f)",
    "the input of another layer": NET + "print(m.layers[0].input)\nm.layers[0].output\n"
    "keras.Model(m.layers[0].input, m.layers[0].output)",
    "the name by which a history is asked": NET
    + "m.compile('sgd', 'binary_crossentropy', metrics=['accuracy'])\nh = m.fit(a, b)\n"
    "k = 'acc' if 'acc' in h.history else 'accuracy'\nprint(h.history[k])\n"
    "if 'acc' in h.history:\n    j = 'acc'\nelse:\n    j = 'accuracy'\nprint(h.history[j])",
    "what an exception may say": K + "try:\n    f()\nexcept Exception as error:\n"
    "    print(error.message if hasattr(error, 'message') else error)",
    "a generator of another thing": K + "import sklearn\ndef g():\n    yield ([a, b], [c, d])\n"
    "sklearn.linear_model.Ridge().fit(g())",
    "weights of a size": LAYER + "        self.k = self.add_weight(shape=(units, 2))\n"
    "        self.b = self.add_weight(shape=None)\n        self.i = keras.Input((None, 3))",
    "sizes that are whole": K + "n = 8\nkeras.layers.Conv2D(n // 2, 3, padding='same')\n"
    "keras.layers.Conv1DTranspose(np.max(a), 3)\nkeras.layers.Dropout(n / 16)\n"
    "keras.layers.Rescaling(n / 255)",
    "rows of one image": K
    + "m = keras.Sequential([keras.Input((28, 28)), keras.layers.Reshape((1, 28, 28)),\n"
    "    keras.layers.Conv2D(8, (1, 3)), keras.layers.Reshape((3, 20, 20)),\n"
    "    keras.layers.Flatten()])",
    "the size of batches of an input": K + "keras.layers.InputLayer(shape=(3,), batch_size=2)\n"
    "keras.Input((3,), batch_size=2)",
}


@pytest.mark.parametrize("name", FOUND)
def test_a_kind_is_told_of(name: str) -> None:
    text, codes = FOUND[name]
    assert [one.rule.code for one in findings(text)] == codes.split()


@pytest.mark.parametrize("name", CLEAN)
def test_what_is_like_it_and_right_is_not_told_of(name: str) -> None:
    assert findings(CLEAN[name]) == []


def test_a_page_that_plots_before_any_model_may_mean_acc() -> None:
    blocks = [PLOT, COMPILED]
    pages = [
        "".join(f"```python\n{one}\n```\n\n" for one in part) for part in (blocks, blocks[::-1])
    ]
    assert [[one.rule.code for one in findings(page, ".md")] for page in pages] == [[], ["KT204"]]


def test_of_a_method_that_is_there_only_the_argument_is_gone() -> None:
    (one,) = findings(K + "import pandas as pd\npd.read_csv('a').fillna(method='pad')")
    assert one.message().startswith("`fillna(method=)` is gone")


@pytest.mark.parametrize("shape", ["784", "(784)", "len(a)"])
def test_a_number_becomes_a_shape_of_the_input(shape: str) -> None:
    text = K + f"m = keras.Sequential([keras.layers.Dense(4, input_shape={shape}, batch_size=2)])"
    after = fix_text(Text(text), "x.py", Selection(), False)[0]
    assert (
        f"keras.Input(shape=({shape.strip('()') if '7' in shape else shape},), batch_size=2)"
        in after
    )
    assert "Dense(4)" in after


def test_a_layer_that_is_applied_need_not_know_its_shape() -> None:
    found = findings(K + "keras.layers.Dense(4, input_shape=784)(keras.Input((784,)))")
    assert [one.rule.code for one in found] == ["KT202"]


def test_literals_are_not_asked_for_as_objects() -> None:
    text = K + "if n is 4 or n is not 'a' or n is None or n is m or n is not True:\n    pass\n"
    told = check_document(parse_document(Text(text), "x.py", ".py"))
    assert [one.rule.code for one in told if one.rule.code != "KT501"] == ["KT505", "KT505"]
    after = fix_text(Text(text), "x.py", Selection(), True)[0]
    assert "if n == 4 or n != 'a' or n is None or n is m or n is not True:" in after
