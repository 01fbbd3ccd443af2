"""What a fix must not do: collide with another, or change what a program does without a word."""

from pathlib import Path
from typing import Any

import numpy as np
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


THREADS = """\
tf.config.threading.set_intra_op_parallelism_threads(2)
tf.config.threading.set_inter_op_parallelism_threads(1)
"""


def test_threads_and_memory_of_a_session_are_set() -> None:
    start = f"{TF}from keras import layers, backend as K\n"
    made = "intra_op_parallelism_threads=2, inter_op_parallelism_threads=1"
    end = "s = tf.Session(config=c)\nK.set_session(s)\n"
    assert fixed(f"{start}c = tf.ConfigProto({made})\n{end}").endswith(THREADS)
    later = "c = tf.ConfigProto()\n" + "".join(f"c.{one}\n" for one in made.split(", "))
    assert fixed(start + later + end).endswith(THREADS)
    begun = fixed(f"{start}c = tf.ConfigProto({made})\nx = layers.Dense(2)\n{end}")
    assert "threading" not in begun
    part = "c = tf.ConfigProto()\nc.gpu_options.per_process_gpu_memory_fraction = 0.8\n"
    assert fixed(start + part + end).endswith(GROWS)


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


NET = (
    "import numpy as np\nimport keras\nfrom keras import backend as K\n"
    "m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dropout(0.5)])\n"
)


@pytest.mark.parametrize(
    ("made", "asked"),
    [
        ("K.function([m.inputs[0], K.learning_phase()], [m.outputs[0]])", "[x, 0])[0]"),
        ("K.function([m.inputs[0], K.learning_phase()], [m.outputs[0]])", "[x, 1])[0]"),
        ("K.function([m.inputs[0], K.learning_phase()], m.outputs)", "[x, 1])[0]"),
        ("K.function(m.inputs, m(m.inputs[0]))", "[x])"),
        ("K.function([m.inputs[0]], [m.outputs[0]], updates=[])", "[x])[0]"),
        ("K.function(inputs=m.inputs, outputs=[m.layers[0].output])", "[x])[0]"),
    ],
)
def test_functions_of_the_backend_give_arrays(made: str, asked: str) -> None:
    names: dict[str, Any] = {}
    after = fixed(f"{NET}x = np.ones((4, 3))\nf = {made}\na = f({asked}\na -= a.argmax()\n")
    exec(after, names)
    assert (type(names["a"]), names["a"].shape) == (np.ndarray, (4, 2))


def test_a_function_of_a_class_is_no_method() -> None:
    text = NET + "class A:\n    f = K.function(m.inputs, m.outputs)\n"
    names: dict[str, Any] = {}
    exec(fixed(text + "a = A().f([np.ones((4, 3))])[0]\n"), names)
    assert names["a"].shape == (4, 2)


NOISE = """
class Noise(keras.layers.Layer):
    def build(self, shape):
        self.noise = K.zeros(shape=(2,))
        self.scale = K.ones((2,))
        self.draw()
        super().build(shape)

    def call(self, x):
        return x + self.noise * self.scale

    def draw(self):
        K.set_value(self.noise, [3.0, 4.0])


def spent():
    total = K.zeros((), name="total")
    K.update_add(total, 5.0)
    return total


def plain():
    total = K.zeros(())
    return total


layer = Noise()
y = layer(np.zeros((1, 2)))
"""


def test_what_is_set_later_is_a_variable() -> None:
    names: dict[str, Any] = {}
    after = fixed(NET + NOISE)
    exec(after, names)
    assert names["y"].numpy().tolist() == [[3.0, 4.0]]
    assert [one.shape for one in names["layer"].trainable_variables] == [(2,)]
    assert float(names["spent"]()) == 5.0
    assert "    total = keras.ops.zeros(())\n" in after
    kept = NOISE.replace("self.draw()", "self._trainable_weights = [self.noise]")
    assert "trainable=False" not in fixed(NET + kept).partition("def spent")[0]


def test_gradients_that_are_overridden_are_left_to_a_person() -> None:
    text = TF + K + "g = tf.get_default_graph()\n{}m = keras.applications.VGG16(weights=None)\n"
    overrides = text.format("with g.gradient_override_map({'Relu': 'Guided'}):\n    ")
    assert fixed(overrides) == overrides
    assert codes(overrides) == ["KT141"]
    assert "tf.compat.v1.get_default_graph()" in fixed(text.format(""))


@pytest.mark.parametrize(
    ("saved", "read", "renames"),
    [
        ("tmp/net.{epoch:02d}.h5", "tmp/net.07.h5", True),
        ("tmp/net.{epoch:02d}.h5", "/content/tmp/net.07.h5", True),
        ("tmp/net.{epoch:02d}.h5", "given/net.07.h5", False),
        ("tmp/net.{epoch:02d}.h5", "tmp/net.base.h5", False),
        ("tmp/w.h5", "./tmp/w.h5", True),
        ("tmp/w.h5", "given/w.h5", False),
    ],
)
def test_only_files_that_are_written_get_new_names(saved: str, read: str, renames: bool) -> None:
    text = (
        f"{NET}path = '{read}'\nm.load_weights(path)\n"
        f"c = keras.callbacks.ModelCheckpoint('{saved}', save_weights_only=True)\n"
    )
    wanted = text.replace(saved, saved.replace(".h5", ".weights.h5"))
    wanted = wanted.replace(read, read.replace(".h5", ".weights.h5")) if renames else wanted
    assert fixed(text) == wanted


def test_checkpoints_of_every_few_epochs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = (
        "import os\nimport keras\nfrom keras.callbacks import ModelCheckpoint\n"
        "def train(m, x):\n"
        "    one = ModelCheckpoint('a{epoch}.h5', period=2, save_weights_only=True)\n"
        "    two = ModelCheckpoint('b{epoch}.keras', monitor='loss', period=1)\n"
        "    six = ModelCheckpoint('c{epoch}.hdf5',  # few\n        period=2 * 3)\n"
        "    m.fit(x, x, epochs=7, verbose=0, callbacks=[one, two, six])\n"
        "m = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])\n"
        "m.compile('sgd', 'mse')\ntrain(m, keras.ops.ones((2, 1)))\n"
    )
    after = fixed(text)
    exec(after, {})
    found = sorted(path.name for path in tmp_path.iterdir())
    few = ["a2.weights.h5", "a4.weights.h5", "a6.weights.h5"]
    assert found == [*few, *(f"b{i}.keras" for i in range(1, 8)), "c6.keras"]
    # A class at the top cannot inherit from what a function imports.
    inner = "def f():\n    from keras.callbacks import ModelCheckpoint\n    " + text.split("\n")[4]
    assert "period" in fixed(inner.replace("    one", "one"))
    assert "Periodic" not in fixed(inner.replace("    one", "one"))


def test_metrics_of_a_callback_that_it_adds_itself() -> None:
    text = (
        "import numpy as np\nimport keras\n"
        "class F1(keras.callbacks.Callback):\n    def on_train_begin(self, logs=None):\n"
        "        if not ('f1' in self.params['metrics']):\n"
        "            self.params['metrics'].append('f1')\n"
        "    def on_epoch_end(self, epoch, logs=None):\n        logs['f1'] = 0.5\n"
        "m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
        "m.compile('sgd', 'mse')\nx, y = np.ones((4, 3)), np.ones((4, 1))\n"
        "history = m.fit(x, y, verbose=0, callbacks=[F1()]).history\n"
    )
    names: dict[str, Any] = {}
    exec(fixed(text), names)
    assert names["history"]["f1"] == [0.5]
    others = text.replace(".append('f1')", ".append('f2')").replace("'f1' in", "'acc' in")
    assert "'acc' in self.params['metrics']" in fixed(others)


LAYER = (
    "import keras\nfrom keras import backend as K\nclass L(keras.layers.Layer):\n"
    "    def call(self, x):\n        self.add_loss({}, inputs=x)\n        return x\n"
)


@pytest.mark.parametrize(
    ("loss", "new"),
    [
        ("K.sum(x, axis=-1)", "keras.ops.mean(keras.ops.sum(x, axis=-1))"),
        ("-0.5 * K.mean(x)", "-0.5 * keras.ops.mean(x)"),
        ("[K.mean(x)]", "[keras.ops.mean(x)]"),
    ],
)
def test_a_loss_of_each_sample_is_shown_as_their_mean(loss: str, new: str) -> None:
    after = fixed(LAYER.format(loss))
    assert f"self.add_loss({new})\n" in after
    names: dict[str, Any] = {}
    exec(after, names)
    layer = names["L"]()
    layer(np.ones((4, 3), "float32"))
    assert all(one.shape == () for one in layer.losses)


BARE = (
    "import numpy as np\nimport keras\ndef g():\n    while True:\n        x = {}\n"
    "        yield x\nm = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
    "out = m.predict_generator(generator=g(), steps=2)\n"
)


def test_predict_is_given_tuples_of_a_generator_of_arrays() -> None:
    after = fixed(BARE.format("np.ones((4, 3))"))
    assert "m.predict(x=((batch,) for batch in g()), steps=2)" in after
    names: dict[str, Any] = {}
    exec(after, names)
    assert names["out"].shape == (8, 1)
    # Pairs are what `predict` takes.
    assert "m.predict(x=g(), steps=2)" in fixed(BARE.format("np.ones((4, 3)), np.ones(4)"))


SESSION_OF_KERAS = "import tensorflow as tf\nfrom keras import backend as K\n"


def test_what_writes_a_session_stays_for_those_who_read_its_files() -> None:
    text = SESSION_OF_KERAS + "def f(saver):\n    saver.save(K.get_session(), 'x.chkp')\n"
    assert fixed(text) == text
    run = "K.get_session().run(tf.global_variables_initializer())\n"
    assert "run" not in fixed(SESSION_OF_KERAS + run)


@pytest.mark.parametrize(
    ("path", "kept"),
    [("os.path.join(d, 'LSTM_' + k)", True), ("path", True), ("d + '/m.h5'", False)],
)
def test_a_format_is_told_until_the_suffix_does(path: str, kept: bool) -> None:
    text = (
        "import os\nimport keras\nm = keras.Sequential([keras.layers.Dense(1)])\n"
        f"def save(d, k, path):\n    m.save({path}, save_format='h5')\n"
    )
    assert ("save_format" in fixed(text)) is kept


def test_an_import_that_a_page_speaks_of_stays_on_it() -> None:
    line = "from keras.preprocessing.image import ImageDataGenerator\n"
    page = "In Keras there is\n\n```python\n{}```\n\nfor this.\n"
    assert fixed(page.format(line), suffix=".md") == page.format(
        line.replace("from ", "from tensorflow.")
    )
    assert fixed(page.format(f"{line}x = 1\n"), suffix=".md") == page.format("x = 1\n")


def test_all_samples_of_a_generator_are_its_batches() -> None:
    text = (
        "import keras\nfrom tensorflow.keras.preprocessing.image import ImageDataGenerator\n"
        "m = keras.Sequential([keras.layers.Dense(1)])\n"
        "batches = ImageDataGenerator().flow_from_directory('d', batch_size=8)\n"
        "m.predict_generator(batches, batches.{})\nm.evaluate_generator(batches, val_samples=9)\n"
    )
    assert "m.predict(batches, steps=len(batches))" in fixed(text.format("nb_sample"))
    assert "m.predict(batches, steps=batches.steps)" in fixed(text.format("steps"))


def test_what_a_program_of_a_page_needs_is_imported_where_it_begins() -> None:
    one = "```python\nimport numpy\nfrom keras.layers import {}\nprint({})\n```\n\n"
    page = one.replace("{}", "Dense") + one.replace("{}", "LSTM") + "```python\n{}\n```\n"
    after = fixed(page.format("n = numpy.math.ceil(3.5)"), suffix=".md")
    assert after.partition("import math\n")[2].startswith("from keras.layers import LSTM")
    assert "n = math.ceil(3.5)" in after


def test_a_function_with_imports_of_its_own_imports_what_is_written_in_it() -> None:
    own = (
        "def build():\n    from tensorflow.keras.layers import Dense\n"
        "    from tensorflow.keras.models import Sequential\n"
        "    m = Sequential()\n    m.add(Dense(5, input_shape=(4,)))\n    return m\n"
    )
    starts = "    from tensorflow import keras\n    from tensorflow.keras.layers import Dense\n"
    assert starts in fixed(own)
    page = "```python\nfrom tensorflow import keras\n{}```\n\n```python\n{}{}```\n"
    use = "print(keras.layers.Dense(1))\n"
    assert starts in fixed(page.format(use, "", own), suffix=".md")
    top = "from tensorflow import keras\n"
    assert starts not in fixed(page.format(use, f"{top}{use}", own), suffix=".md")
    assert fixed(top + use + own).count(top) == 1


def test_what_is_printed_of_a_file_stays_true() -> None:
    text = NET + "m.save('net.h5')\n"
    told = "print('net.h5保存成功')\nprint(f'Saved net.h5 of {m.name}.')\n"
    assert fixed(text + told) == (text + told).replace("net.h5", "net.keras")
    others = "print('my_net.h5')\nprint('a.h5 as net.h5')\nprint('net.h5x')\nsay('of net.h5')\n"
    assert fixed(text + others).endswith(others)


def test_a_function_of_a_layer_makes_no_variable() -> None:
    text = (
        "import keras\nfrom keras import backend as K\n"
        "def f(x):\n    return x + K.random_normal_variable((4, 2), 0., 1.){}\n{}"
    )
    draw, layer = "keras.random.normal((4, 2), 0., 1.)", "layer = keras.layers.Lambda(f)\n"
    assert f"return x + {draw} * keras.ops.convert_to_tensor(2.0, " in fixed(
        text.format(" * K.variable(2.0)", layer)
    )
    assert f"return x + keras.Variable({draw})\n" in fixed(text.format("", ""))


def test_a_seed_of_the_second_version_is_named_as_in_the_first() -> None:
    bad = "from keras.model import Sequential\n"  # without which it is a program of graphs
    seed = "tf.set_random_seed(7)\n"
    after = fixed(f"{TF}{bad}{seed}x = tf.placeholder(tf.float32)\nprint(tf.Session().run(x))\n")
    assert after.startswith(FIRST + seed)


SEARCH = """\
from keras.wrappers.scikit_learn import KerasClassifier
from sklearn.model_selection import GridSearchCV
from nets import other
def build(optimizer="adam", units=3):
    return other(optimizer, units)
wrapper = KerasClassifier(build_fn={}, verbose=0)
grid = {}
search = GridSearchCV(estimator=wrapper, param_grid=grid).fit(x, y)
print(search.best_params_["units"], search.best_params_["epochs"])
"""


@pytest.mark.parametrize(
    ("grid", "wanted"),
    [
        (
            "dict(optimizer=['sgd'], units=[1], epochs=[5])",
            "dict(model__optimizer=['sgd'], model__units=[1], epochs=[5])",
        ),
        (
            "[{'units': [1], 'epochs': [5]}, {'batch_size': [8]}]",
            "[{'model__units': [1], 'epochs': [5]}, {'batch_size': [8]}]",
        ),
    ],
)
def test_a_search_names_what_a_model_is_built_with(grid: str, wanted: str) -> None:
    after = fixed(SEARCH.format("build", grid))
    assert f"grid = {wanted}\n" in after
    assert 'best_params_["model__units"], search.best_params_["epochs"]' in after
    assert f"grid = {grid}\n" in fixed(SEARCH.format("other", grid))  # which nobody knows


def test_images_of_several_channels_are_still_told_so() -> None:
    text = "import keras\nfrom skimage.measure import compare_ssim as ssim\nssim(a, b{})\n"
    new = "import keras\nfrom skimage.metrics import structural_similarity as ssim\nssim(a, b{})\n"
    for given, now in (
        (", multichannel=True", ", channel_axis=-1"),
        (", multichannel=False, full=True", ", full=True"),
        (", multichannel=flag", ", multichannel=flag"),
        (", data_range=1", ", data_range=1"),
    ):
        assert fixed(text.format(given)) == new.format(now)


def test_what_a_comment_says_of_a_file_stays_true() -> None:
    text = (
        f"{NET}m.save('net.h5')  # creates a HDF5 file 'net.h5'\n"
        "m.save_weights('w.h5')  # 存为 HDF5 文件 w.h5\nm.save('a.h5')  # as b.h5 is\n"
    )
    after = fixed(text)
    assert "m.save('net.keras')  # creates a file 'net.keras'\n" in after
    assert "m.save_weights('w.weights.h5')  # 存为 HDF5 文件 w.weights.h5\n" in after
    assert "m.save('a.keras')  # as b.h5 is\n" in after
