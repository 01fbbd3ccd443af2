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
        ('loss=vae_loss)', 'loss=vae_loss, metrics=[vae_loss])'),
        ("Model(x, decoded)", "Model(x, [decoded, decoded])"),
        ("def vae_loss(x, x_decoded)", "def vae_loss(x, x_decoded, scale=1)"),
    ],
)
def test_a_loss_of_another_truth_or_shape_stays(old: str, new: str) -> None:
    assert old in CODER
    assert "add_loss" not in fixed(CODER.replace(old, new))
