"""Kinds of faults around models, layers and the framework, and what stands beside them."""

import pytest

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.fixes.fixing import fix_text

K = "import keras\nimport numpy as np\n"
TF = K + "import tensorflow as tf\n"
NET = K + "m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, 'softmax')])\n"
FOLDER = TF + "d = tf.keras.utils.image_dataset_from_directory('a')\n"
GAN = K + "def f(g, d):\n    d.trainable = False\n    g.compile('sgd', 'mse')\n"
GAN += "    d.trainable = True\n    d.compile('sgd', 'mse')\n"
SPLIT = (
    NET.replace("3, 'softmax'", "1")
    + "import h\ndef f(x):\n    return np.array(x)\na = f([1, 2, 3])\n"
)
SPLIT += "{}m.compile('sgd', 'mse')\nm.fit(a, a, validation_split=0.2)\n"

REGRESSION = K + "m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])\n"
REGRESSION += "m.compile('sgd', {})\nm.save('a.{}')\nm = keras.models.load_model('a.{}'{})\n"

SIZES = TF + "class A(keras.layers.Layer):\n    def {}(self, {}, *rest):\n        return {}\n"

APPLIES = TF + "o = {}\ndef f(g, v):\n    o.apply_gradients(zip(g, v){})\n"

LOOP = TF + (
    "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
    "        self.body = keras.layers.Dense(8, 'relu')\n        self.head = {}\n"
    "    def call(self, x):\n        x = self.body(x)\n        return {}\n"
    "f = keras.losses.SparseCategoricalCrossentropy(from_logits=True)\nm = Net()\n{}\n"
)
STEP = "def step(x, y):\n    return loss_of(y, m(x))\ndef loss_of(y, p):\n    return f(y, p)"

WORDS = K + "m = keras.Sequential([keras.layers.Embedding(9, 3), keras.layers.LSTM(2)])\n"
WORDS += "m.compile('sgd', 'mean_squared_error')\nif new:\n    m.fit(x, y)\n"

BATCHES = K + "class A(keras.utils.PyDataset):\n    def __len__(self):\n        return {}\n"

# What is written, the codes that are told of it, and what stands there after all fixes.
MENDED: dict[str, tuple[str, ...]] = {
    "a shape that a layer is built of": (
        SIZES.format("build", "shape", "shape.as_list()"),
        "KT320",
        "return list(shape)",
    ),
    "a size that a layer is built of": (
        SIZES.format("compute_output_shape", "shape", "shape[-1].value"),
        "KT320",
        "return shape[-1]",
    ),
    "a size of a tensor": (
        SIZES.format("call", "x", "x.get_shape()[1].value, x.shape[1].value"),
        "KT320 KT320",
        "return x.get_shape()[1], x.shape[1]",
    ),
    "shapes of TensorFlow": (
        SIZES.format("call", "x", "x.shape.as_list(), x.shape.dims[1].value, x[1].value")
        + SIZES.format("build", "s", "tf.TensorShape(s).as_list()")
        + SIZES.format("build", "s", "s.as_list() if hasattr(s, 'as_list') else s")
        + SIZES.format("build", "s", "s.as_list()").replace("layers.Layer", "Model"),
        "",
    ),
    "a size in TensorFlow 1": (
        "import keras\nimport tensorflow.compat.v1 as tf\ntf.disable_v2_tensorshape()\n"
        "def f(x):\n    return x.shape[1].value\n",
        "",
    ),
    "what TensorFlow writes in another way": (
        TF + "tf.test.is_gpu_available()\nd.apply(tf.data.experimental.map_and_batch(f, 4))\n"
        "from tensorflow.data.experimental import unbatch\nd.apply(unbatch())\n",
        "KT157 KT157 KT157",
    ),
    "what TensorFlow calls otherwise": (
        TF + "tf.config.experimental_run_functions_eagerly(True)\n",
        "KT157",
        "tf.config.run_functions_eagerly(True)",
    ),
    "what TensorFlow keeps": (
        TF + "tf.test.gpu_device_name()\ntf.data.experimental.AUTOTUNE\n"
        "tf.config.experimental.list_physical_devices('GPU')\nd.unbatch().ignore_errors()\n",
        "",
    ),
    "a converter of files": (
        TF + "tf.lite.TFLiteConverter.from_keras_model_file('a.h5')\n",
        "KT149",
        "tf.lite.TFLiteConverter.from_keras_model(keras.models.load_model('a.h5'))",
    ),
    "a variable's first value": (
        TF + "w = tf.Variable(v.initialized_value())\n",
        "KT398",
        "tf.Variable(v.read_value())",
    ),
    "logits of a class": (
        LOOP.format("keras.layers.Dense(3, 'softmax')", "self.head(x)", "m.compile('sgd', f)"),
        "KT418",
    ),
    "logits of a layer of its own": (
        LOOP.format("keras.layers.Softmax()", "self.head(x)", "m.compile('sgd', f)"),
        "KT418",
    ),
    "logits of a loop": (
        LOOP.format("keras.layers.Dense(3, 'softmax')", "self.head(x)", STEP),
        "KT418",
    ),
    "logits of another loop": (LOOP.format("keras.layers.Dense(3)", "self.head(x)", STEP), ""),
    "logits of what is computed": (
        LOOP.format("keras.layers.Dense(3, 'softmax')", "tf.math.log(self.head(x))", STEP),
        "",
    ),
    "logits of a class that is given its head": (
        LOOP.format("head", "self.head(x)", "m.compile('sgd', f)"),
        "",
    ),
    "weights in place of a training": (
        WORDS + "else:\n    m.load_weights('a.weights.h5')\n",
        "KT342",
    ),
    "weights after a training": (WORDS + "m.load_weights('a.weights.h5')\n", ""),
    "a size of noise": (
        K + "def f(noise_size):\n    return keras.Input(shape=noise_size)\n",
        "KT243",
    ),
    "a shape of noise": (
        K + "def f(noise_shape, z_dim=(9,)):\n    keras.Input(noise_shape), keras.Input(z_dim)\n"
        "    latent_dim = (9,)\n    return keras.Input(shape=latent_dim)\n",
        "",
    ),
    "half a batch": (BATCHES.format("len(x) / 8"), "KT269", "return int(len(x) / 8)"),
    "batches that NumPy rounds": (
        BATCHES.format("np.ceil(len(x) / 8)"),
        "KT269",
        "return int(np.ceil(len(x) / 8))",
    ),
    "whole batches": (BATCHES.format("int(np.ceil(len(x) / 8)) + len(x) // 8"), ""),
    "names of steps": (
        APPLIES.format("tf.keras.optimizers.Adam()", ", name='a'"),
        "KT299",
        "o.apply_gradients(zip(g, v))",
    ),
    "counts of steps": (APPLIES.format("keras.optimizers.SGD()", ", global_step=n"), "KT299"),
    "names of steps of elsewhere": (
        APPLIES.format("tf.compat.v1.train.AdamOptimizer()", ", global_step=n"),
        "",
    ),
    "names of steps of an unknown one": (APPLIES.format("g.optimizer()", ", name='a'"), ""),
    "steps of a model's own": (
        "import keras\nclass A(keras.Model):\n    def train_step(self, data):\n"
        "        self.optimizer.apply_gradients(data, experimental_aggregate_gradients=False)\n",
        "KT299",
        "apply_gradients(data)",
    ),
    "a short loss in HDF5": (
        REGRESSION.format("loss='mse'", "h5", "h5", ", {}"),
        "KT311 KT346",
        'loss="mean_squared_error")',
    ),
    "a short loss in a file of Keras": (REGRESSION.format("'mse'", "keras", "keras", ""), ""),
    "a whole loss in HDF5": (
        REGRESSION.format("'mean_squared_error'", "h5", "h5", ""),
        "KT311",
        "'a.keras'",
    ),
    "a short loss that is not read": (
        REGRESSION.format("'mae'", "h5", "h5", ", compile=False"),
        "KT311",
        "'a.keras'",
    ),
    "a short loss of a file of elsewhere": (
        REGRESSION.format("'mae'", "h5", "hdf5", ""),
        "KT311",
        "'a.keras'",
    ),
    "classes of a folder": (FOLDER + "d.class_names\nd.file_paths\nd = d.cache()\n", ""),
    "classes of what a method makes": (FOLDER + "d = d.cache()\nd.class_names\n", "KT398"),
    "a loss of sequences": (
        K + "K = keras.backend\ndef f(a):\n    return K.ctc_batch_cost(a[1], a[0], a[2], a[3])\n",
        "KT123",
        "tf.keras.backend.ctc_batch_cost(",
    ),
    "counts of values": (
        K + "import pandas as pd\npd.value_counts(y)\npd.value_counts(y['a'], sort=True)\n",
        "KT156 KT156",
        "\npd.Series(y).value_counts()\npd.Series(y['a']).value_counts(sort=True)\n",
    ),
    "freed again before another is trained": (GAN, "KT430"),
    "frozen again before another is trained": (GAN + "d.trainable = False\ng.fit(z)\n", ""),
    "freed for a second training": (
        K + "def f(m, d):\n    d.trainable = False\n    m.compile('sgd', 'mse')\n    m.fit(x, y)\n"
        "    d.trainable = True\n    m.fit(x, y)\n",
        "",
    ),
    "freed for a second compilation": (GAN + "    g.compile('sgd', 'mse')\n", ""),
    "freed before another is compiled": (
        K + "def f(g, d):\n    d.trainable = False\n    d.trainable = True\n    g.compile('sgd')\n",
        "",
    ),
    "values of a text in a line of its own": (
        K + "def f(n):\n    print 'a'\n    t = ('%d of %d'\n        %(1, n))\n"
        "    keras.optimizers.SGD(lr=0.1)\n",
        "KT000 KT201",
        "SGD(learning_rate=0.1)",
    ),
    "nodes, and places of shapes": (
        K + "def f(m):\n    return m.inbound_nodes, m.get_input_shape_at(0)\n",
        "KT399 KT316",
        "m.input.shape",
    ),
    "half a choice": (
        K + "n = np.random.choice(len(x) / 2)\n",
        "KT269",
        "choice(int(len(x) / 2))",
    ),
    "losses by their whole names in tf.keras": (
        "import tensorflow as tf\nfrom tensorflow.keras.losses import mean_squared_error\n"
        "from tensorflow.keras.metrics import mean_absolute_error as mae\n"
        "a = mean_squared_error, mae, tf.keras.losses.kl_divergence(1, 2)\n",
        "KT199 KT199 KT199",
        "losses import mse as mean_squared_error\n",
        "metrics import mae\n",
        "tf.keras.losses.kld(1, 2)",
    ),
    "losses by their short names in tf.keras": (
        "import tensorflow as tf\nimport keras\n"
        "tf.keras.losses.mse, tf.keras.losses.MeanSquaredError, keras.losses.mean_squared_error\n",
        "",
    ),
    "what saves, of a module that nothing loads": (
        "import tensorflow as tf\nm = tf.keras.saving.load_model('a.keras')\n"
        "@tf.keras.saving.register_keras_serializable()\ndef f(x):\n    return x\n",
        "KT199 KT199",
        "m = tf.keras.models.load_model('a.keras')\n@tf.keras.utils.register_keras_serializable()",
    ),
    "what saves, of a module that is loaded": (
        "import tensorflow as tf\nfrom tensorflow.keras.saving import load_model\n"
        "import keras\nm = load_model('a.keras')\n"
        "tf.keras.saving.load_model, keras.saving.load_model\n",
        "",
    ),
    "an inner name of OpenCV": (
        K + "from cv2 import cv2\ncv2.imread('a.png')\n",
        "KT156",
        "import cv2\ncv2.imread",
    ),
    "few samples of a function": (SPLIT.format(""), "KT407"),
    "few samples of one call of a function": (SPLIT.format("a = f(h.load())\n"), ""),
    "a path of a folder and a parameter": (
        K + "def f(m, name='best.hdf5'):\n    m.save_weights('nets/' + name)\n",
        "KT301",
        "name='best.weights.h5'",
    ),
    "a path of a parameter without a name": (
        K + "def f(m, name=None):\n    m.save_weights('nets/' + name)\n",
        "",
    ),
    "what only models had": (K + "def f(m):\n    return m.loss_functions\n", "KT399"),
    "what others may have as well": (K + "def f(m):\n    return m.targets\n", ""),
    "halves as sizes of inputs": (
        K + "keras.layers.Dense(2, input_shape=(9 / 3, 2))\n",
        "KT202 KT266",
        "(int(9 / 3), 2)",
    ),
    "halves as sizes of arrays": (
        K + "n = len(h)\nnp.zeros((n / 2, 3))\nnp.ones(3).reshape(1, n / 2)\n"
        "np.reshape(h, (n / 2,))\n",
        "KT269 KT269 KT269",
        "np.zeros((int(n / 2), 3))",
        ".reshape(1, int(n / 2))",
    ),
    "whole sizes of arrays": (
        K + "n = len(h)\nnp.zeros((n // 2, 3))\nnp.full((3,), n / 2)\nnp.ones(3).reshape(1, n)\n",
        "",
    ),
    "an optimizer of the first version": (
        NET + "import tensorflow.compat.v1 as tf\nm.compile(tf.train.AdamOptimizer(0.1), 'mse')\n",
        "KT143",
        "m.compile(keras.optimizers.Adam(0.1, 0.9, 0.999, 1e-08), 'mse')",
    ),
    "an optimizer of the first version with its own steps": (
        NET + "import tensorflow.compat.v1 as tf\ntf.train.AdamOptimizer(0.1).minimize(loss)\n",
        "",
    ),
}


def _codes(text: str, suffix: str = ".py") -> str:
    """Returns the codes of all findings but those of undefined data."""
    told = check_document(parse_document(Text(text), f"x{suffix}", suffix))
    return " ".join(one.rule.code for one in told if not one.rule.code.startswith("KT5"))


@pytest.mark.parametrize("name", MENDED)
def test_a_kind_of_models_is_told_of_and_mended(name: str) -> None:
    text, codes, *after = MENDED[name]
    assert _codes(text) == codes
    mended = fix_text(Text(text), "x.py", Selection(), True)[0]
    assert all(one in mended for one in after)
    assert bool(after) == (mended != text)


def test_a_script_of_the_page_is_no_python() -> None:
    script = "function Click(){\\n    console.log('kept');\\n}\\nsetInterval(Click, 60000)"
    cell = '{"cell_type": "code", "metadata": {}, "outputs": [], "source": "%s"}'
    cells = ", ".join(cell % one for one in ("import keras\\nkeras.Input((3,))", script))
    book = f'{{"cells": [{cells}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}'
    told = check_document(parse_document(Text(book), "x.ipynb", ".ipynb"))
    assert [one.rule.code for one in told] == ["KT000"]
