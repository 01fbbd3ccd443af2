"""Kinds of faults with what is told of each, and what the fix writes in its place."""

import pytest

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.fixes.fixing import fix_text

K = "import keras\nimport numpy as np\n"
NET = K + "m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])\n"
RESNET = K + "m = keras.applications.ResNet50()\n"
LAYER = K + "class L(keras.layers.Layer):\n"
HOOK = K + "class C(keras.callbacks.Callback):\n    def {}: pass\n"


def found(text: str) -> list[str]:
    """Returns the codes of all findings but the notes, without those of undefined data."""
    told = check_document(parse_document(Text(text), "x.py", ".py"))
    return [one.rule.code for one in told if not one.rule.code.startswith("KT5")]


# What is written, the codes that are told of it, and what stands there after all fixes.
MENDED = {
    "a layer": (
        LAYER + "    def __init__(self, n, **more):\n        'Of n.'\n        self.n = n\n",
        "KT360",
        "        'Of n.'\n        super().__init__(**more)\n        self.n = n\n",
    ),
    "a metric": (
        K + "class M(keras.metrics.Metric):\n    def __init__(self):\n        self.n = 1\n",
        "KT360",
        "        super().__init__()\n        self.n = 1\n",
    ),
    "a data set": (
        K + "class D(keras.utils.PyDataset):\n    def __init__(self, x):\n        self.x = x\n",
        "KT434",
        "        super().__init__()\n        self.x = x\n",
    ),
    "the end of an epoch": (HOOK.format("on_epoch_end(self, logs={})"), "KT361", "epoch, logs={}"),
    "an epoch alone": (HOOK.format("on_epoch_end(self, epoch)"), "KT361", "epoch, logs=None"),
    "a batch by another name": (HOOK.format("on_batch_end(self, batch, log=None)"), "KT361", None),
    "the beginning": (HOOK.format("on_train_begin(self)"), "KT361", "(self, logs=None)"),
    "a test batch": (HOOK.format("on_test_batch_end(self)"), "KT361", "(self, batch, logs=None)"),
    "a variable": (
        LAYER + "    def build(self, s):\n        self.k = self.add_variable('k', shape=s)\n",
        "KT248",
        "self.add_weight(name='k', shape=s)",
    ),
    "a tensor of elsewhere in a layer": (
        K
        + "z = keras.layers.Dense(2)(keras.Input((2,)))\nclass L(keras.layers.Layer):\n"
        + "    def call(self, x):\n        return x + z\n",
        "KT429",
        None,
    ),
    "a tensor of elsewhere in a Lambda": (
        K + "z = keras.layers.Dense(2)(keras.Input((2,)))\nkeras.layers.Lambda(lambda x: x * z)",
        "KT429",
        None,
    ),
    "weights as numbers": (
        NET + "w, b = m.layers[0].get_weights()\nprint('%d%% %f, %s' % (3, b, w))",
        "KT274",
        "% (3, b.item(), w)",
    ),
    "the larger of two": (
        K + "n = max(np.max(a), np.max(b))\nkeras.layers.Embedding(n, 8)",
        "KT266 KT408",
        "Embedding(int(n) + 1, 8)",
    ),
    "a window": (K + "keras.layers.MaxPooling1D(np.max(n))", "KT266", "1D(int(np.max(n)))"),
    "a kernel": (K + "keras.layers.Conv1D(8, np.min(n))", "KT266", "(8, int(np.min(n)))"),
    "sizes that are exchanged": (
        K + "words = vocab_size = 900\nkeras.layers.Embedding(input_dim=8, output_dim=vocab_size)",
        "KT408",
        "(input_dim=vocab_size, output_dim=8)",
    ),
    "a slip of the pen": (NET + "m.compile('adma', 'mse')", "KT259", "compile('adam', 'mse')"),
    "the last block": (RESNET + "m.get_layer('activation_49')", "KT332", "'conv5_block3_out'"),
    "a sum": (RESNET + "m.get_layer(name='add_4')", "KT332", "name='conv3_block1_add'"),
    "a branch": (RESNET + "find(m, 'res4f_branch1')", "KT332", "'conv4_block6_0_conv'"),
    "a block by its name": (RESNET + "show('bn3b_branch2a')", "KT332", "'conv3_block2_1_bn'"),
}


@pytest.mark.parametrize("name", MENDED)
def test_a_kind_is_told_of_and_mended(name: str) -> None:
    text, codes, after = MENDED[name]
    assert found(text) == codes.split()
    mended = fix_text(Text(text), "x.py", Selection(), True)[0]
    assert after is None or after in mended
    assert (mended == text) == (after is None)


RIGHT = {
    "another start": LAYER + "    def __init__(self):\n        keras.layers.Layer.__init__(self)\n",
    "a schedule": K
    + "class S(keras.optimizers.schedules.LearningRateSchedule):\n"
    + "    def __init__(self):\n        self.rate = 1\n",
    "a layer that says nothing": LAYER + "    def __init__(self):\n        ...\n",
    "what begins by itself": HOOK.format("on_epoch_begin(self, number, log=None)"),
    "any number": HOOK.format("on_batch_end(self, *args, **kwargs)"),
    "more by default": HOOK.format("on_train_end(self, logs=None, more=1)"),
    "the shape of a tensor": K
    + "z = keras.layers.Dense(2)(keras.Input((2,)))\n"
    + "keras.layers.Lambda(lambda x: x * z.shape[-1])",
    "texts": NET + "print('%s' % m.layers[0].get_weights()[0])",
    "filters": K + "keras.layers.Conv2D(np.max(n), 3)",
    "one more": K + "keras.layers.Embedding(int(np.max(n)) + 1, 8)",
    "a name of one's own": RESNET + "keras.layers.Dense(3, name='res5c_branch2c')",
    "another net": K + "show('res5c_branch2c')",
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_like_it_and_right_is_not_told_of(name: str) -> None:
    assert found(RIGHT[name]) == []
