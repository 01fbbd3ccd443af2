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

# What is written, the code that is told of it, and what is not told of.
KINDS = {
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
