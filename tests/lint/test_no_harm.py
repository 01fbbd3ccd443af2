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
        "from keras.models import Model\nfrom nets import build\nbuild(Model)\n",
        "from keras import backend as K\nimport nets\nK.set_session(s)\n",
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


CRITIC = K + TF + "from critic import Critic\n"
GRAPH = """\
class A:
    def __init__(self):
        self.critic = Critic()
        self.graph = tf.get_default_graph()

    def act(self, x):
        with self.graph.as_default():
            # of the critic
            y = self.critic.explore(x)
        return y
"""


def test_a_graph_that_is_only_entered_goes_with_its_blocks() -> None:
    after = fixed(CRITIC + GRAPH)
    assert "graph" not in after
    assert (
        "        # of the critic\n        y = self.critic.explore(x)\n        return y\n" in after
    )
    shared = fixed(
        CRITIC + "graph = tf.get_default_graph()\n" + GRAPH.replace("self.graph", "graph")
    )
    assert "graph" not in shared


@pytest.mark.parametrize(
    "more",
    [
        "print(A().graph.get_operations())\n",
        "def g(a):\n    with a.graph.as_default():\n        return tf.constant(3)\n",
    ],
)
def test_a_graph_that_serves_more_stays(more: str) -> None:
    after = fixed(CRITIC + GRAPH + more)
    assert "self.graph = tf.compat.v1.get_default_graph()\n" in after
    assert "with self.graph.as_default():\n" in after


GROWS = """\
for gpu in tf.config.list_physical_devices("GPU"):
    tf.config.experimental.set_memory_growth(gpu, True)
"""


@pytest.mark.parametrize(
    ("start", "use"),
    [
        ("from keras.backend.tensorflow_backend import set_session", "set_session"),
        ("from keras import backend as K", "K.set_session"),
    ],
)
def test_memory_that_a_session_let_grow_grows(start: str, use: str) -> None:
    text = f"{TF}{start}\nconfig = tf.ConfigProto()\nconfig.gpu_options.allow_growth = True\n"
    after = fixed(f"{text}{use}(tf.Session(config=config))\n")
    assert after.endswith(GROWS)
    exec(after, {})
    # A session with nothing of its own leaves nothing behind.
    assert "set_memory" not in fixed(f"{TF}{start}\n{use}(tf.Session())\n")


def test_an_import_stands_above_the_comment_on_a_line() -> None:
    page = (
        "```python\nfrom keras.layers import Flatten\nm.add(Flatten())\n```\n\n"
        "```python\n# The net.\n\n# It is empty.\nm = Sequential()\n```\n"
    )
    new = "# The net.\n\nfrom keras.models import Sequential\n# It is empty.\nm = Sequential()\n"
    assert new in fixed(page, suffix=".md")
    page = page.replace("# It is empty.", "#!/usr/bin/env python")
    new = "#!/usr/bin/env python\nfrom keras.models import Sequential\n"
    assert new in fixed(page, suffix=".md")


@pytest.mark.parametrize("more", ["", "            tf.constant(1)\n"])
def test_a_graph_goes_everywhere_or_nowhere(more: str) -> None:
    source = (
        "import tensorflow as tf\nimport keras\ngraph = tf.Graph()\n"
        "class Agent:\n    def __init__(self):\n        with graph.as_default():\n"
        "            self.model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
        "            self.model.compile('sgd', 'mse')\n" + more + "    def train(self, x, y):\n"
        "        with graph.as_default():\n            self.model.fit(x, y)\n"
    )
    fixed = fix_text(Text(source), "x.py", Selection(("KT436",)), True)[0]
    assert fixed.count("as_default") == (2 if more else 0)
