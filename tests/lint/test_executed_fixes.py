"""Fixes of kinds that were told of and left as they were: what is mended is executed."""

from typing import Any

import numpy as np
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


CODER = """\
import numpy as np
from keras.layers import Input, Dense, Lambda
from keras.models import Model
from keras import backend as K
from keras.losses import binary_crossentropy

size = 4
x = Input(shape=(size,))
z_mean, z_log_var = Dense(2)(x), Dense(2)(x)

def sampling(args):
    mean, log_var = args
    return mean + K.exp(log_var / 2) * K.random_normal(K.shape(mean))

decoded = Dense(size, activation="sigmoid")(Lambda(sampling)([z_mean, z_log_var]))

def vae_loss(x, x_decoded):  # of the input
    entropy = size * binary_crossentropy(x, x_decoded)
    return entropy - 0.5 * K.sum(1 + z_log_var - K.square(z_mean) - K.exp(z_log_var), axis=-1)

vae = Model(x, decoded)
vae.compile(optimizer="rmsprop", loss=vae_loss)
rows = np.random.rand(8, size)
history = vae.fit(rows, rows, epochs=2, verbose=0, validation_data=(rows, rows))
"""


def test_the_loss_of_a_coder_that_reads_its_tensors_becomes_a_layer() -> None:
    names = run(CODER)
    assert np.isfinite(names["history"].history["val_loss"]).all()
    names["vae"].set_weights([np.zeros(one.shape) for one in names["vae"].get_weights()])
    loss = names["vae"].evaluate(names["rows"], names["rows"], verbose=0)
    assert loss == pytest.approx(4 * np.log(2), rel=1e-3)  # no other share than the entropy's


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("vae.fit(rows, rows,", "vae.fit(rows, 1 - rows,"),  # is told of another truth
        ("loss=vae_loss)", "loss=vae_loss, metrics=[vae_loss])"),
        ("Model(x, decoded)", "Model(x, [decoded, decoded])"),
        ("def vae_loss(x, x_decoded)", "def vae_loss(x, x_decoded, scale=1)"),
    ],
)
def test_a_loss_of_another_truth_or_shape_stays(old: str, new: str) -> None:
    assert old in CODER
    assert "add_loss" not in fixed(CODER.replace(old, new))


NEWEST = """\
import tempfile
import numpy as np
import tensorflow as tf

folder = tempfile.mkdtemp()
model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1)])
model.compile("sgd", "mse")
saves = tf.keras.callbacks.ModelCheckpoint(folder + "/cp-{epoch:04d}.ckpt", save_weights_only=True)
model.fit(np.ones((4, 2)), np.ones(4), epochs=3, verbose=0, callbacks=[saves])
latest = tf.train.latest_checkpoint(folder)
model.load_weights(latest)
"""


def test_the_newest_weights_are_those_that_were_saved_last() -> None:
    assert run(NEWEST)["latest"].endswith("cp-0003.weights.h5")


def test_the_newest_checkpoint_of_tensorflow_stays() -> None:
    kept = NEWEST.replace("model.load", "tf.train.Checkpoint().restore(latest)\nmodel.load")
    assert "glob" not in fixed(kept)
    assert "glob" not in fixed(NEWEST.replace("save_weights_only=True", "verbose=1"))


def test_no_loss_is_none() -> None:
    text = K + "m = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])\n"
    text += "m.compile('sgd', loss='')\n"
    assert fixed(text).endswith("m.compile('sgd', loss=None)\n")
    assert run(text)["m"].loss is None


def test_what_is_saved_of_an_unknown_model_is_renamed() -> None:
    text = (
        "import keras\nfrom lib import build\nnet = build()\nnet.save('../out/large.h5py', 'w+')\n"
    )
    assert "'../out/large.keras', 'w+'" in fixed(text)
    assert "'../out/large.txt'" in fixed(text.replace("h5py", "txt"))


def test_names_that_differ_by_an_s_are_those_of_keras() -> None:
    text = (
        "import tensorflow as tf\nimport keras\nfrom keras.layers import Inputs\nx = Inputs((3,))\n"
    )
    text += "f = tf.keras.model.load_models\nm = keras.model.Sequential([keras.layer.Dense(3)])\n"
    names = run(text)
    assert names["f"].__name__ == "load_model"
    assert names["x"].shape == (None, 3)
    assert "keras.models.Foo()" in fixed("import keras\nkeras.models.Foo()\n")


SCORES = """\
import numpy as np
import keras

x, y = np.random.rand(8, 4), np.arange(8) % 2
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
model.compile("sgd", "binary_crossentropy", metrics=["mse", "accuracy"])
scores = model.evaluate(x, y, verbose=0)
told = f"{model.metrics_names[2]} {model.metrics_names[1]}"
"""


def test_names_of_metrics_are_those_of_the_results() -> None:
    assert run(SCORES)["told"] == "accuracy mse"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("scores = model.evaluate(x, y, verbose=0)\n", ""),  # it has none yet
        ('"binary_crossentropy"', '["binary_crossentropy", "mse"]'),  # whose order is another
        ('["mse", "accuracy"]', '{"a": "mse", "b": "mae"}'),
    ],
)
def test_names_of_metrics_without_a_result_or_of_several_outputs_stay(old: str, new: str) -> None:
    assert "get_metrics_result" not in fixed(SCORES.replace(old, new))


def test_a_layer_of_the_first_resnet_is_renamed_where_its_name_is_given() -> None:
    text = "from keras.applications import ResNet50\nlast = 'activation_49'\n"
    text += "net = ResNet50(weights=None)\nmaps = net.get_layer(last).output\n"
    assert run(text)["maps"].shape[-1] == 2048
    assert "'activation_49'" in fixed(text.replace("ResNet50", "VGG16"))


REPORT = """\
import numpy as np
import keras

seen = []

class Report(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        x, y = self.model.validation_data[0], self.validation_data[1]  # as it was given
        seen.append((x.shape, y.shape))

x, y, late, last = np.ones((8, 4)), np.ones(8), np.ones((3, 4)), np.ones(3)
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
history = model.fit(x, y, verbose=0, validation_data=(late, last), callbacks=[Report()])
"""


def test_callbacks_are_given_what_is_validated_with() -> None:
    assert run(REPORT)["seen"] == [((3, 4), (3,))]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("validation_data=(late, last)", "validation_split=0.5"),
        ("validation_data=(late, last)", "validation_data=([late], last)"),
        ("validation_data=(late, last)", "validation_data=(load(), last)"),
        ("self.validation_data[1]", "self.validation_data[2]"),
    ],
)
def test_callbacks_of_data_that_nobody_can_name_stay(old: str, new: str) -> None:
    assert old in REPORT
    assert "Report.validation_data" not in fixed(REPORT.replace(old, new))


OLD = """\
from keras.layers import Dense, Activation, PReLU
from keras.models import Sequential

model = Sequential()
model.add(Dense(3, input_dim=2))
model.Activation("relu")
model.layers[0].b.set_value([1.0, 2, 3])
kernel, bias = model.layers[0].W.get_value(borrow=True).T, model.layers[0].b
slope = PReLU(init="one")
"""


def test_weights_of_layers_and_layers_of_models_are_reached_as_they_are_today() -> None:
    names = run(OLD)
    assert names["kernel"].shape == (3, 2)
    assert list(names["bias"].numpy()) == [1, 2, 3]
    assert [type(one).__name__ for one in names["model"].layers] == ["Dense", "Activation"]
    embedded = OLD.replace("Dense(3, input_dim=2)", "keras.layers.Embedding(3, 2)")
    assert "layers[0].W." in fixed(embedded)


CUSTOM = """\
import numpy as np
from keras.layers import Dense, Input, Layer
from keras.models import Model
from keras import backend as K

x = Input((4,))
mean, spread = Dense(2)(x), Dense(2)(x)
decoded = Dense(4, activation="sigmoid")(mean)

class Loss(Layer):
    def distance(self, x, decoded):
        return K.mean(K.square(x - decoded)) - 0.5 * K.mean(1 + spread - K.exp(spread))

    def call(self, inputs):
        x, decoded = inputs[0], inputs[1]
        self.add_loss(self.distance(x, decoded), inputs=inputs)
        return x

model = Model(x, Loss()([x, decoded]))
model.compile("sgd", loss=None)
history = model.fit(np.random.rand(8, 4), verbose=0)
"""
UNPACKED = CUSTOM.replace("inputs[0], inputs[1]", "inputs")
DIRECT = UNPACKED.replace("loss(self.distance(x, decoded)", "loss(K.mean(decoded) + K.mean(spread)")
DIRECT = DIRECT.replace(" + spread - K.exp(spread)", "")


@pytest.mark.parametrize("text", [CUSTOM, UNPACKED, DIRECT])
def test_a_layer_is_given_the_tensors_that_its_methods_read(text: str) -> None:
    assert "Loss()([x, decoded, spread])" in fixed(text)
    assert np.isfinite(run(text)["history"].history["loss"]).all()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("inputs[0], inputs[1]", "split(inputs)"),
        ("Loss()([x, decoded])", "Loss()(both)"),
        ("return x\\n", "return x + 0 * self.distance(*inputs)\\n"),
    ],
)
def test_a_layer_that_uses_all_it_is_given_stays(old: str, new: str) -> None:
    assert old.replace("\\n", "\n") in CUSTOM
    after = fixed(CUSTOM.replace(old.replace("\\n", "\n"), new.replace("\\n", "\n")))
    assert "spread])" not in after


def test_a_part_of_a_page_begins_where_a_whole_batch_is_told_of() -> None:
    page = "```python\nfrom keras.layers import LSTM\n```\n\nThen\n\n```python\n{}```\n"
    line = "model.add(LSTM(3, batch_input_shape=(1, 5, 2)))\n"
    begun = "model.add(keras.Input(batch_shape=(1, 5, 2)))\nmodel.add(LSTM(3))\n"
    assert begun in fixed(page.format(line), ".md")
    assert "keras.Input" not in fixed(page.format("model.add(LSTM(4))\n" + line), ".md")
    assert "keras.Input" not in fixed("from keras.layers import LSTM\n" + line)


def test_each_class_of_callbacks_is_given_the_data() -> None:
    second = "class Other(keras.callbacks.Callback):\n    def on_train_end(self, logs=None):\n"
    second += "        seen.append(self.validation_data[0].shape)\n\nx, y, late"
    text = REPORT.replace("x, y, late", second, 1).replace("[Report()]", "[Report(), Other()]")
    assert run(text)["seen"] == [((3, 4), (3,)), (3, 4)]
