"""Programs of graphs: those of TensorFlow 1, and functions and gradients of Keras 2's backend."""

import json
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.fixes.fixing import fix_text

GRAPH = """\
import numpy as np
import tensorflow as tf  # of 2017

x = tf.placeholder(tf.float32, [None, 6, 6, 1])
h = tf.layers.conv2d(inputs=x, filters=4, kernel_size=[3, 3], activation=tf.nn.relu, name="one")
h = tf.layers.flatten(tf.layers.max_pooling2d(h, pool_size=[2, 2], strides=2))
y = tf.layers.dense(h, 2, kernel_initializer=tf.truncated_normal_initializer(stddev=0.1))
w = tf.get_variable("w", [2, 2], initializer=tf.contrib.layers.xavier_initializer())
y = tf.contrib.layers.fully_connected(tf.matmul(y, w), 2, activation_fn=None)
loss = tf.losses.softmax_cross_entropy(tf.one_hot([1, 1], 2), y)
loss += tf.contrib.layers.l2_regularizer(1e-4)(w)
step = tf.train.AdamOptimizer(0.01).minimize(loss)
rows = tf.data.Dataset.from_tensor_slices(np.ones((2, 6, 6, 1), "float32")).batch(2).repeat()
row = rows.make_one_shot_iterator().get_next()
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    losses = [session.run([loss, step], {x: session.run(row)})[0] for _ in range(20)]
print(losses[-1] < losses[0])
"""
FIRST = "import tensorflow.compat.v1 as tf"
MODEL = """\
import numpy as np
import keras
from keras import backend as K

model = keras.Sequential(
    [
        keras.Input((6, 6, 3)),
        keras.layers.Conv2D(4, 3, name="a"),
        keras.layers.Flatten(),
        keras.layers.Dense(2),
    ]
)
maps = model.get_layer("a").output
"""


def fixed(text: str, suffix: str = ".py") -> str:
    after, _ = fix_text(Text(text), f"x{suffix}", Selection(), True)
    assert fix_text(Text(after), f"x{suffix}", Selection(), True) == (after, 0)
    return after


def codes(text: str, suffix: str = ".py") -> list[str]:
    found = check_document(parse_document(Text(text), f"x{suffix}", suffix))
    return [one.rule.code for one in found]


def test_a_program_of_graphs_runs_as_it_did(tmp_path: Path) -> None:
    after = fixed(GRAPH)
    assert f"{FIRST}  # of 2017\ntf.disable_v2_behavior()\n\n" in after
    assert codes(after) == []
    (tmp_path / "graph.py").write_text(after, "utf-8")
    run = [sys.executable, str(tmp_path / "graph.py")]
    ended = subprocess.run(run, capture_output=True, text=True, timeout=300, check=False)
    assert ended.stdout == "True\n", ended.stderr[-2000:]


@pytest.mark.parametrize(
    "more",
    [
        "model = tf.keras.Sequential()\n",  # Keras trains none in graphs
        "import keras\nm = build()\nm.fit(a, b)\n",
        "@tf.function\ndef f(): pass\n",
        "with tf.GradientTape() as tape: pass\n",
        "tf.enable_eager_execution()\n",
    ],
)
def test_what_trains_keras_or_runs_at_once_keeps_its_tensorflow(more: str) -> None:
    assert FIRST not in fixed("import tensorflow as tf\ns = tf.Session()\n" + more)


def test_a_page_that_imports_nothing_is_given_the_first_version() -> None:
    page = "TensorFlow\n\n```python\nx = tf.placeholder(tf.float32)\ns = tf.Session()\n```\n"
    brought = f"{FIRST}\ntf.disable_v2_behavior()\nx = tf.placeholder(tf.float32)\n"
    page += "\n```python\ny = tf.placeholder(tf.float32)\n```\n"
    assert brought in fixed(page, ".md")
    assert fixed(page, ".md").count(FIRST) == 1


@pytest.mark.parametrize(
    ("use", "code"),
    [
        ("tf.layers.dropout(x)", "KT141"),
        ("tf.nn.rnn_cell.GRUCell(3)", "KT141"),
        ("tf.contrib.layers.flatten(x)", "KT139"),
        ("tf.estimator.ModeKeys.TRAIN", "KT138"),
        ("tf.nn.dynamic_rnn(c, x)", None),
        ("tf.get_variable('w', [2])", None),
        ("tf.data.Dataset.range(3).make_one_shot_iterator()", None),
    ],
)
def test_what_the_first_version_lost_with_keras_2(use: str, code: str | None) -> None:
    text = f"{FIRST}\ntf.disable_v2_behavior()\ns = tf.Session()\nc = x = None\n{use}\n"
    assert codes(text) == ([code] if code else [])


def test_gradients_of_the_backend_are_those_of_the_model_between() -> None:
    before = MODEL + (
        "loss = K.mean(maps[:, :, :, 0])\n"
        "slopes = K.gradients(loss, model.inputs[0])[0]\n"
        "ask = K.function([model.inputs[0]], [loss, slopes])\n"
        "value, change = ask([np.ones((1, 6, 6, 3))])\n"
        "change *= 2\n"
        "weights = K.mean(K.gradients(model.outputs[0][:, 1], maps)[0], axis=(0, 1, 2))\n"
        "one, two = K.function([model.inputs[0]], [weights, maps[0]])([np.ones((1, 6, 6, 3))])\n"
        "two[:, :, 0] *= one[0]\n"
        "kernel = model.get_layer('a').kernel.numpy()\n"
    )
    found: dict[str, Any] = {}
    exec(fixed(before), found)
    # The mean of 16 places sees each pixel as often as its window covers it.
    expected = 2 * found["kernel"][..., 0] / 16
    np.testing.assert_allclose(found["change"][0, 0, 0], expected[0, 0], rtol=1e-4)
    assert (found["change"].shape, found["two"].shape) == ((1, 6, 6, 3), (4, 4, 4))


def test_logits_of_the_first_version_come_before_the_labels() -> None:
    call = "tf.nn.softmax_cross_entropy_with_logits({})"
    start = "import tensorflow as tf\nx = tf.placeholder(tf.float32, [3, 2])\ny = x\n"
    after = fixed(start + call.format("x, y"))
    assert after.endswith(call.format("logits=x, labels=y"))
    assert codes(after) == []
    for plain in ("y, x", "labels=y, logits=x"):
        assert fixed(start + call.format(plain)).endswith(call.format(plain))


def test_gradients_within_a_loss_stay() -> None:
    text = MODEL + (
        "def penalty(samples):\n    def of_slopes(y_true, y_pred):\n"
        "        return K.gradients(y_pred, samples)[0]\n    return of_slopes\n"
        "model.compile('sgd', penalty(model.inputs[0]))\n"
    )
    assert fixed(text) == text


def test_numbers_for_a_layer_that_are_drawn_beside_it_stay() -> None:
    text = MODEL + "w = K.random_uniform((8, 1)){}\n"
    beside = text.format("\ny = keras.layers.Lambda(lambda t: w * t)(maps)")
    assert fixed(beside) == beside
    assert "w = keras.random.uniform((8, 1))\n" in fixed(text.format("\nprint(w)"))
    inside = text.replace("w =", "y = keras.layers.Lambda(lambda t: t *").format(")(maps)")
    assert "lambda t: t * keras.random.uniform((8, 1)))" in fixed(inside)


def test_gradients_of_weights_and_functions_of_a_list_stay() -> None:
    text = MODEL + "K.gradients(loss, model.trainable_weights)\nK.gradients(loss, some)\n"
    assert fixed(text) == text


def test_losses_that_are_added_up_from_layers_have_gradients() -> None:
    before = MODEL.replace("keras.Input((6, 6, 3))", "keras.Input((None, None, 3))")
    before = before.replace("        keras.layers.Flatten(),\n        keras.layers.Dense(2),\n", "")
    before += (
        "loss = K.variable(0.)\n"
        "scaling = K.prod(K.cast(K.shape(maps), 'float32'))\n"
        "loss += 2.0 * K.sum(K.square(maps[:, 1:-1, 1:-1, :])) / scaling\n"
        "dream = model.inputs[0]\n"
        "outputs = [loss, K.gradients(loss, dream)[0]]\n"
        "value, slopes = K.function([dream], outputs)([np.ones((1, 6, 6, 3))])\n"
        "inner = model.predict(np.ones((1, 6, 6, 3)), verbose=0)\n"
    )
    found: dict[str, Any] = {}
    exec(fixed(before), found)
    expected = 2 * (found["inner"][:, 1:-1, 1:-1] ** 2).sum() / found["inner"].size
    np.testing.assert_allclose(found["value"], expected, rtol=1e-4)
    assert found["slopes"].shape == (1, 6, 6, 3)


def test_pictures_in_the_making_are_inputs() -> None:
    before = (
        "import numpy as np\nimport keras\nfrom keras import backend as K\n"
        "target = K.variable(np.zeros((1, 4, 4, 3)))\n"
        "made = K.placeholder((1, 4, 4, 3))\n"
        "both = K.concatenate([target, made], axis=0)\n"
        "maps = keras.layers.Conv2D(2, 3)(both)\n"
        "loss = K.variable(0.)\n"
        "loss = loss + K.sum(K.square(maps[0] - maps[1]))\n"
        "ask = K.function([made], [loss] + K.gradients(loss, made))\n"
        "ask = K.function([made], [loss, K.gradients(loss, made)[0]])\n"
        "value, slopes = ask([np.ones((1, 4, 4, 3))])\n"
        "nothing = ask([np.zeros((1, 4, 4, 3))])\n"
    )
    found: dict[str, Any] = {}
    after = fixed(before)
    assert "target = keras.Variable(np.zeros" in after
    exec(after, found)
    assert found["value"] > 0 == found["nothing"][0]
    assert found["slopes"].shape == (1, 4, 4, 3)
    assert np.any(found["slopes"] != 0)


def test_outputs_that_are_added_to_a_list_are_arrays_too() -> None:
    before = MODEL + (
        "def total(x):\n    assert K.ndim(x) == 4\n    return K.sum(x)\n"
        "outputs = [total(maps)]\n"
        "slopes = K.gradients(outputs[0], model.inputs[0])\n"
        "if type(slopes) in {list, tuple}:\n    outputs += slopes\n"
        "else:\n    outputs.append(slopes)\n"
        "flat = K.function([model.inputs[0]], outputs)([np.ones((1, 6, 6, 3))])[1].flatten()\n"
        "each = K.function([model.inputs[0]], [one.output for one in model.layers])\n"
        "row = each([np.ones((1, 6, 6, 3))])[-1].reshape(-1)\n"
    )
    found: dict[str, Any] = {}
    exec(fixed(before), found)
    assert (found["flat"].shape, found["row"].shape) == ((108,), (2,))


def test_a_notebook_on_one_line_is_read_by_its_lines() -> None:
    cell = (
        "from keras import backend as K  # of 2017\nmodel = build()\nloss = K.variable(0.)\n"
        "loss += K.sum(model.output)\nslopes = K.gradients(loss, model.input)[0]\n"
    )
    cells = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell}]
    after = fixed(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 4}), ".ipynb")
    assert "loss = 0." in after
    assert "KT333" not in codes(after, ".ipynb")


DREAM = """\
from keras import backend as K
from nets_of_elsewhere import load

def transfer(path):
    model, dream = load(path)
    outputs = dict([(layer.name, layer.output) for layer in model.layers])
    loss = K.variable(0.)
    loss = loss + 2.0 * K.sum(K.square(outputs["maps"][0]))
    slopes = K.gradients(loss, dream)[0]
    return K.function([dream], [loss, slopes])
"""


def test_gradients_by_what_a_function_is_fed(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(path: str) -> tuple[keras.Model, keras.KerasTensor]:
        dream = keras.Input(batch_shape=(1, 2))
        layer = keras.layers.Dense(1, kernel_initializer="ones", use_bias=False, name="maps")
        return keras.Model(dream, layer(dream)), dream

    nets = types.ModuleType("nets_of_elsewhere")
    vars(nets)["load"] = load
    monkeypatch.setitem(sys.modules, nets.__name__, nets)
    names: dict[str, Any] = {}
    exec(fixed(DREAM), names)
    value, slopes = names["transfer"]("a")([np.array([[1.0, 2.0]])])
    assert (float(value), slopes.tolist()) == (18.0, [[12.0, 12.0]])
    assert "K.gradients(loss, dream)" in fixed(DREAM.replace("[dream], [", "[other], ["))
