"""What a fix must not do: collide with another, or change what a program does without a word."""

import pytest

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.fixes.fixing import fix_text

K = "import keras\n"
TF = "import tensorflow as tf\n"
FIRST = "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n"
SESSION = "tf.set_random_seed(7)\ns = tf.Session()\n"


def fixed(text: str, unsafe: bool = True, suffix: str = ".py") -> str:
    """Returns a text after all fixes, which are made at once."""
    after, _ = fix_text(Text(text), f"x{suffix}", Selection(), unsafe)
    assert fix_text(Text(after), f"x{suffix}", Selection(), unsafe) == (after, 0)
    return after


def codes(text: str) -> list[str]:
    """Returns the codes of what is found, without undefined names."""
    found = check_document(parse_document(Text(text), "x.py", ".py"))
    return [one.rule.code for one in found if not one.rule.code.startswith("KT5")]


@pytest.mark.parametrize(
    "more",
    [
        "from agents import Agent\na = Agent(s)\ndef f(x, y):\n    a.model.fit(x, y, verbose=0)\n",
        "def f(net, x):\n    return net.predict(x)\n",
        "from keras import backend as K\nfrom nets import net\nK.set_session(s)\n",
    ],
)
def test_a_model_of_elsewhere_keeps_its_tensorflow(more: str) -> None:
    after = fixed(TF + SESSION + more)
    assert "tf.random.set_seed(7)\ns = tf.compat.v1.Session()\n" in after
    assert "import tensorflow as tf" in after
    assert "disable_v2" not in after


@pytest.mark.parametrize(
    "more",
    [
        "class M:\n    def fit(self, x):\n        return s.run(x)\nM().fit(3)\n",
        "from sklearn.svm import SVC\nSVC().fit([[1]], [2])\n",
        "",
    ],
)
def test_a_program_of_graphs_keeps_the_names_of_the_first_version(more: str) -> None:
    assert fixed(TF + SESSION + more) == FIRST + SESSION + more
    # A later run with unsafe fixes would take the seed's new name away.
    assert fixed(TF + SESSION + more, unsafe=False) == TF + SESSION + more


RATES = {
    "keras.optimizers.Adadelta(lr=1)": "Adadelta(learning_rate=1.0)",
    "keras.optimizers.Adadelta(learning_rate = 1)": "Adadelta(learning_rate = 1.0)",
    "keras.optimizers.Adadelta(1)": "Adadelta(1.0)",
    "RATE = 1\nkeras.optimizers.SGD(lr=RATE)": "SGD(learning_rate=float(RATE))",
}


@pytest.mark.parametrize("text", RATES)
def test_no_optimizer_takes_a_whole_number(text: str) -> None:
    after = fixed(K + text, unsafe=False)
    assert RATES[text] in after
    assert codes(after) == []
    exec(after, {})


@pytest.mark.parametrize(
    "text",
    [
        "keras.optimizers.SGD(1.0)",
        "keras.optimizers.schedules.ExponentialDecay(1, 100, 0.9)",
        "def f(rate=1):\n    return keras.optimizers.SGD(rate)",
        "keras.optimizers.SGD(0.1, 1)",
    ],
)
def test_other_numbers_and_rates_stay(text: str) -> None:
    assert codes(K + text) == []


def test_a_wrapper_with_another_score_is_no_safe_fix() -> None:
    text = "from keras.wrappers.scikit_learn import KerasRegressor\nr = KerasRegressor(f)\n"
    assert fixed(text, unsafe=False) == text
    assert "from scikeras.wrappers import KerasRegressor\n" in fixed(text)


def test_normalization_of_samples_is_not_that_of_batches() -> None:
    text = K + "keras.layers.BatchNormalization(mode={})\n"
    assert fixed(text.format(0)) == K + "keras.layers.BatchNormalization()\n"
    assert fixed(text.format(1)) == text.format(1)
    assert codes(text.format(1)) == ["KT221"]
