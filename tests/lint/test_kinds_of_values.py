"""Kinds of values that calls refuse or warn of, each with a neighbour that is right."""

import pytest

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.fixes.fixing import fix_text

K = "import keras\nimport numpy as np\n"
TWO = K + (
    "m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, activation='softmax')])\n"
    "m.compile('sgd', 'binary_crossentropy')\nm.fit(np.ones((3, 4)), {})\n"
)
ONE = K + "m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])\n"
GATHERED = ONE + (
    "from sklearn.model_selection import train_test_split\nm.compile('sgd', 'mse')\ny = list()\n"
    "for line in open('x'):\n    if 'a' in line:\n        y.append({0})\n    else:\n"
    "        y.append({0})\n"
    "a, b, c, d = train_test_split(np.ones((9, 4)), y)\nm.fit(a, {1})\n"
)
TENSOR = ONE + "x = m(keras.Input((4,)))\n"
CHOSEN = K + (
    "def cut(model, place):\n    return model.output[:, place]\nm = keras.applications.VGG16()\n"
    "cut(m, {})\n"
)
NET = K + (
    "class Net(keras.Model):\n    def __init__(self):\n        i = keras.Input((2,))\n"
    "        super().__init__({})\n    def build({}):\n        self.compile('sgd', 'mse')\n"
)
OWN = K + (
    "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n"
    "        self.d = keras.layers.Dense(1)\n    def call(self, x):\n        return self.d(x)\n"
    "{}n = Net()\n{}n.build(input_shape=(None, 4))\n"
)
SAVED = K + (
    "import tensorflow as tf\nm = keras.Sequential([keras.Input((4,))])\n"
    "m.add(keras.layers.Dense(2, activation={}))\nm.save('a.keras')\n"
    "keras.models.load_model({})\n"
)
PD = K + "import pandas as pd\nt = pd.read_csv('a.csv'{})\nc = t['a']\nprint(c[0])\n"
LEARN = K + (
    "from sklearn.linear_model import LogisticRegression\nfrom sklearn.svm import SVC\n"
    "from sklearn.linear_model import LogisticRegressionCV\n"
    "from sklearn.model_selection import RandomizedSearchCV\n"
    "from sklearn.ensemble import BaggingClassifier\n"
    "from sklearn.tree import DecisionTreeRegressor\n"
)
ENDS = "inputs=i, outputs=keras.layers.Dense(1)(i)"

BATCHES = ONE + "m.compile('sgd', 'mse')\nm.fit({}, epochs=2)\n"
OBJECTS = "class B:\n    def __iter__(self):\n        return self\n"
OBJECTS += "    def __next__(self):\n        return x, y\n"
LOCKED = OBJECTS + (
    "def locked(f):\n    def g(*args):\n        return B(f(*args))\n    return g\n"
    "{}def batches():\n    while True:\n        yield x, y\n"
)
LOSS = ONE + "from keras import backend\n"
LOSS += "def measure(y_true, y_pred):\n    return {}\nm.compile('sgd', 'mse', metrics=[measure])\n"

DRAWN = ONE + (
    "def draw(p, t):\n    p = {}\n    q = np.exp(p) / np.sum(np.exp(p))\n"
    "    return np.argmax(np.random.multinomial(1, q, 1))\n"
    "print(draw(m.predict(x)[0], 0.5))\n"
)

# What is written, the code that is told of it, and what is not told of.
KINDS = {
    "a logarithm of NumPy in a metric": (
        LOSS.format("-10 * np.log10(backend.mean(backend.square(y_pred - y_true)))"),
        "KT425",
        LOSS.format("keras.ops.mean(y_pred) / np.log(10.0) / np.prod(y_pred.shape[1:])"),
    ),
    "a function of NumPy in a layer": (
        K + "class A(keras.layers.Layer):\n    def call(self, x):\n        return np.exp(x)\n",
        "KT425",
        K + "class A(keras.layers.Layer):\n    def build(self, shape):\n"
        "        self.n = np.prod(shape[1:])\n    def call(self, x):\n"
        "        return keras.ops.exp(x) * np.sqrt(self.n) + np.prod(np.shape(x)[1:])\n",
    ),
    "a function of NumPy in a Lambda": (
        K + "keras.layers.Lambda(lambda x: np.clip(x, 0, 1))\n",
        "KT425",
        K + "keras.layers.Lambda(lambda x: x * np.sqrt(3))\n",
    ),
    "two flows as one": (
        BATCHES.format("zip(a, b)"),
        "KT428",
        BATCHES.format("(pair for pair in zip(a, b))"),
    ),
    "an object that is no data set": (
        OBJECTS + BATCHES.format("B()"),
        "KT428",
        OBJECTS.replace("B:", "B(keras.utils.PyDataset):") + BATCHES.format("B()"),
    ),
    "a generator behind a lock": (
        LOCKED.format("@locked\n") + BATCHES.format("batches()"),
        "KT428",
        LOCKED.format("") + BATCHES.format("batches()"),
    ),
    "words of reviews by position": (
        "from keras.datasets import imdb\nimdb.load_data(1000)\n",
        "KT260",
        "from keras.datasets import imdb\nimdb.load_data('imdb.npz', 1000)\n",
    ),
    "more arguments than there are": (
        K + "keras.utils.to_categorical(y, 10, 'float32')\n",
        "KT299",
        K + "keras.utils.to_categorical(y, 10)\nkeras.Model(x, y)\n",
    ),
    "more arguments of a layer": (
        K + "keras.layers.Dropout(0.5, None, 1, 'drop')\n",
        "KT299",
        K + "keras.layers.Dropout(0.5, None, 1, name='drop')\nkeras.layers.Dropout(*given)\n",
    ),
    "more arguments of TensorFlow": (
        K + "import tensorflow as tf\ntf.reduce_mean(x, 1, True, 'a', 1)\n",
        "KT298",
        K + "import tensorflow as tf\ntf.reduce_mean(x, 1, True, 'a')\ntf.group(a, b, c, d)\n",
    ),
    "summaries without a step": (
        K + "import tensorflow as tf\ntf.summary.scalar('a', x)\n",
        "KT281",
        K + "import tensorflow as tf\ntf.summary.scalar('a', x, step=1)\n"
        "tf.summary.scalar('a', x, 1)\n",
    ),
    "an axis of a scaled column": (
        PD.format("") + "d = ((c - c.mean()) / c.std())[:-1][:, None]\n",
        "KT341",
        PD.format("") + "d = ((c - c.mean()) / c.std()).values[:, None]\n",
    ),
    "a picture that has a value": (
        K + "from keras import backend\nx = backend.concatenate([backend.variable(a)])\n"
        "keras.applications.VGG16(input_tensor=x)\n",
        "KT363",
        K + "from keras import backend\n"
        "x = backend.concatenate([backend.variable(a), backend.placeholder((1, 8, 8, 3))])\n"
        "keras.applications.VGG16(input_tensor=x)\n",
    ),
    "single probabilities to draw from": (
        DRAWN.format("np.log(p) / t"),
        "KT270",
        DRAWN.format("np.log(p.astype('float64')) / t"),
    ),
    "a name of another branch": (
        K + "def f(x, two):\n    if two:\n        y = x\n        return y\n    return y\n",
        "KT501",
        K + "def f(x, two):\n    if two:\n        y = x\n        return y\n    x = x + 1\n"
        "    if two:\n        return y\n    return x\n",
    ),
    "two units": (TWO.format("np.array([0, 1, 1])"), "KT417", TWO.format("np.eye(2)[[0, 1, 1]]")),
    "a list that grows": (GATHERED.format(1, "c"), "KT427", GATHERED.format(1, "[a]")),
    "rows that a loop appends": (
        GATHERED.format("line.split()", "c"),
        "KT427",
        GATHERED.format("line.split()", "np.array(c)"),
    ),
    "such a list as an array": (
        GATHERED.format(0, "c"),
        "KT427",
        GATHERED.format(0, "np.array(c)"),
    ),
    "softmax of one filter": (
        K + "keras.layers.Conv2D(1, 1, activation='softmax')\n",
        "KT403",
        K + "keras.layers.Conv2D(2, 1, activation='softmax')\n",
    ),
    "softmax along the rows": (
        K + "keras.layers.Conv1D(1, 3, activation='softmax')\n",
        "KT403",
        K + "keras.layers.Conv1D(1, 3, activation='softmax', data_format='channels_first')\n",
    ),
    "methods of arrays": (TENSOR + "x.max(axis=1)\n", "KT320", TENSOR + "x.reshape((2, 2))\n"),
    "means of arrays": (
        TENSOR + "((x - 1) ** 2).mean()\n",
        "KT320",
        TENSOR + "m.predict(np.ones((2, 4))).mean()\n",
    ),
    "places of NumPy": (CHOSEN.format("np.argmax(p)"), "KT266", CHOSEN.format("int(np.argmax(p))")),
    "tensors as places": (TENSOR + "x[:, x]\n", "KT266", TENSOR + "x[:, :2], x[:, 0]\n"),
    "samples of arrays": (
        K + "import random\nrandom.sample(np.arange(9), 2)\n",
        "KT270",
        K + "import random\nrandom.sample(range(9), 2)\nrandom.sample(list(np.arange(9)), 2)\n",
    ),
    "samples of keys": (
        K + "import random\nrandom.sample({1: 2}.keys(), 1)\n",
        "KT270",
        K + "import random\nrandom.sample([*{1: 2}.keys()], 1)\n",
    ),
    "no size of a kernel": (
        K + "keras.layers.Conv2D(32, padding='same')\n",
        "KT281",
        K + "keras.layers.Conv2D(...)\nkeras.layers.Conv2D(32, *x)\nkeras.layers.Conv2D(**x)\n"
        "from functools import partial\npartial(keras.layers.Conv2D, kernel_size=3)\n"
        "keras.layers.Dense(output_dim=3)\nkeras.layers.Conv2D(32, kernel_size=3)\n",
    ),
    "no loss": (
        ONE + "m.compile('sgd', loss='')\n",
        "KT259",
        ONE + "m.compile('sgd', loss='a>b')\nm.compile('sgd', loss='...')\n",
    ),
    "a loss in words": (
        ONE + "m.compile('sgd', 'mean squared error')\n",
        "KT259",
        ONE + "m.compile('sgd', 'mean_squared_error')\n",
    ),
    "an activation of TensorFlow": (
        SAVED.format("tf.nn.softmax", "'a.keras'"),
        "KT346",
        SAVED.format("tf.nn.relu", "'a.keras'"),
    ),
    "an activation of TensorFlow in a file of elsewhere": (
        SAVED.format("tf.nn.swish", "'a.keras'"),
        "KT346",
        SAVED.format("tf.nn.swish", "'b.keras'"),
    ),
    "arguments of scikit-learn": (
        LEARN + "LogisticRegression(multi_class='auto')\n",
        "KT267",
        LEARN + "RandomizedSearchCV(x, {}, n_iter=5)\nLogisticRegression(max_iter=5)\n",
    ),
    "what others are made of": (
        LEARN + "BaggingClassifier(base_estimator=x)\n",
        "KT267",
        LEARN + "BaggingClassifier(estimator=x)\n",
    ),
    "what scikit-learn will take away": (
        LEARN + "SVC(probability=True)\n",
        "KT157",
        LEARN + "SVC(gamma='auto')\nf(probability=True)\nLogisticRegression(C=10)\n",
    ),
    "defaults that scikit-learn changes": (
        LEARN + "LogisticRegressionCV(max_iter=9)\n",
        "KT157",
        LEARN + "LogisticRegressionCV(l1_ratios=(0,), scoring='f1', use_legacy_attributes=False)\n",
    ),
    "values of scikit-learn": (
        LEARN + "DecisionTreeRegressor(criterion='mse')\n",
        "KT270",
        LEARN + "DecisionTreeRegressor(criterion='poisson')\nf(criterion='mse')\n",
    ),
    "prices by their dates": (
        K + "import yfinance as yf\nt = yf.download('A').dropna()\nt['Close'][0]\n",
        "KT341",
        K + "import yfinance as yf\nt = yf.download('A')\nt['Close'].iloc[0], t['Close']['2020']\n"
        "t = t.reset_index()\nt['Close'][0]\n",
    ),
    "rows by dates that were read": (
        PD.format(", index_col='day', parse_dates=True"),
        "KT341",
        PD.format(", index_col=0, parse_dates=True")
        + PD.format(", index_col='n', parse_dates=True")
        + PD.format(", index_col='day'")
        + PD.format(""),
    ),
    "layers that stay unbuilt": (
        OWN.format("", ""),
        "KT345",
        OWN.format("", "n(np.ones((1, 4)))\n")
        + OWN.format("    def build(self, shape):\n        self.d.build(shape)\n", "")
        + "m = keras.Sequential([keras.layers.Dense(1)])\nm.build((None, 4))\n",
    ),
    "a model that is built": (
        NET.format(ENDS, "self"),
        "KT361",
        NET.format(ENDS, "self, input_shape=None") + NET.format("", "self"),
    ),
}


def _codes(text: str) -> set[str]:
    told = check_document(parse_document(Text(text), "x.py", ".py"))
    return {one.rule.code for one in told}


@pytest.mark.parametrize("name", KINDS)
def test_kind_is_told_and_its_neighbour_is_not(name: str) -> None:
    text, code, neighbour = KINDS[name]
    assert code in _codes(text)
    assert code not in _codes(neighbour)


# What is written, and what stands there after all fixes.
FIXED = {
    "single probabilities to draw from": (
        KINDS["single probabilities to draw from"][0],
        'multinomial(1, q / q.sum(dtype="float64"), 1)',
    ),
    "a logarithm of NumPy in a metric": (
        KINDS["a logarithm of NumPy in a metric"][0],
        "-10 * keras.ops.log10(",
    ),
    "two flows as one": (KINDS["two flows as one"][0], "m.fit((batch for batch in zip(a, b)), "),
    "words of reviews by position": (
        KINDS["words of reviews by position"][0],
        "imdb.load_data(num_words=1000)",
    ),
    "an axis of a scaled column": (KINDS["an axis of a scaled column"][0], "[:-1].values[:, None]"),
    "samples of arrays": (KINDS["samples of arrays"][0], "random.sample(list(np.arange(9)), 2)"),
    "places of NumPy": (CHOSEN.format("np.argmax(p)"), "model.output[:, int(place)]"),
    "an activation of TensorFlow": (
        KINDS["an activation of TensorFlow"][0],
        'Dense(2, activation="softmax")',
    ),
    "arguments of scikit-learn": (KINDS["arguments of scikit-learn"][0], "LogisticRegression()"),
    "what others are made of": (KINDS["what others are made of"][0], "Classifier(estimator=x)"),
    "values of scikit-learn": (KINDS["values of scikit-learn"][0], "criterion='squared_error'"),
    "prices by their dates": (KINDS["prices by their dates"][0], "t['Close'].iloc[0]"),
    "layers that stay unbuilt": (
        KINDS["layers that stay unbuilt"][0],
        "n(keras.Input(batch_shape=(None, 4)))",
    ),
    "a loss in words": (KINDS["a loss in words"][0], "'mean_squared_error'"),
    "a model that is built": (NET.format(ENDS, "self"), "def build(self, input_shape=None):"),
}


@pytest.mark.parametrize("name", FIXED)
def test_fix_writes_what_runs(name: str) -> None:
    text, expected = FIXED[name]
    assert expected in fix_text(Text(text), "x.py", Selection(), True)[0]
