"""Names are resolved, not matched as text."""

import json
import subprocess
import sys
import textwrap

import pytest

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text


def codes(source: str, select: str = "ALL", name: str = "x.py") -> list[str]:
    """Returns the codes of the findings in a source."""
    text = Text(textwrap.dedent(source))
    document = parse_document(text, name, f".{name.rpartition('.')[2]}")
    selection = Selection(tuple(select.split(",")))
    return [finding.rule.code for finding in check_document(document, selection)]


@pytest.mark.parametrize(
    "source",
    [
        "import keras\nkeras.optimizers.SGD(lr=0.1)",
        "import keras as k\nk.optimizers.SGD(lr=0.1)",
        "from keras import optimizers\noptimizers.SGD(lr=0.1)",
        "from keras.optimizers import SGD\nSGD(lr=0.1)",
        "from keras.optimizers import SGD as Descent\nDescent(lr=0.1)",
        "from keras.optimizers import *\nSGD(lr=0.1)",
        "from keras import *\noptimizers.SGD(lr=0.1)",
        "import tensorflow as tf\ntf.keras.optimizers.SGD(lr=0.1)",
        "import tensorflow\ntensorflow.keras.optimizers.SGD(lr=0.1)",
        "import tensorflow.keras as K\nK.optimizers.SGD(lr=0.1)",
        "from tensorflow import keras\nkeras.optimizers.SGD(lr=0.1)",
        "from tensorflow.keras.optimizers import SGD\nSGD(lr=0.1)",
        "import keras.optimizers\nkeras.optimizers.SGD(lr=0.1)",
        "import keras.optimizers as ko\nko.SGD(lr=0.1)",
        "import keras\nSGD = keras.optimizers.SGD\nSGD(lr=0.1)",
        "import keras\noptimizers = keras.optimizers\noptimizers.SGD(lr=0.1)",
        "import keras\ndef f():\n    return keras.optimizers.SGD(lr=0.1)",
        "def f():\n    from keras.optimizers import SGD\n    return SGD(lr=0.1)",
        "import keras\nclass A:\n    best = keras.optimizers.SGD(lr=0.1)",
        "import keras\nclass A:\n    def go(self):\n        keras.optimizers.SGD(lr=0.1)",
        "import keras\nx = [keras.optimizers.SGD(lr=r) for r in (1, 2)]",
        "import keras\nf = lambda r: keras.optimizers.SGD(lr=r)",
        "try:\n    import keras\nexcept ImportError:\n    from tensorflow import keras\n"
        "keras.optimizers.SGD(lr=0.1)",
        "from keras import optimizers as o\nif o:\n    s = o.SGD\nelse:\n    s = o.SGD\ns(lr=1)",
        "import keras\nkeras.optimizers.SGD(\n    momentum=0.9,\n    lr=0.1,\n)",
    ],
)
def test_every_way_to_reach_keras(source: str) -> None:
    assert codes(source, "KT201") == ["KT201"]


@pytest.mark.parametrize(
    "source",
    [
        "import keras\nfrom torch.optim import SGD\nSGD(lr=0.1)",
        "import keras\nimport torch\ntorch.optim.SGD(lr=0.1)",
        "from keras.optimizers import SGD\nfrom torch.optim import SGD\nSGD(lr=0.1)",
        "from keras.optimizers import SGD\nclass SGD:\n    pass\nSGD(lr=0.1)",
        "from keras.optimizers import SGD\ndef SGD(lr):\n    return lr\nSGD(lr=0.1)",
        "from keras.optimizers import SGD\ndef f(SGD):\n    return SGD(lr=0.1)",
        "from keras.optimizers import SGD\nfor SGD in ():\n    SGD(lr=0.1)",
        "from keras.optimizers import SGD\nx = [SGD(lr=0.1) for SGD in y]",
        "import keras\nkeras = object()\nkeras.optimizers.SGD(lr=0.1)",
        "import keras\n# keras.optimizers.SGD(lr=0.1)\n",
        "import keras\ntext = 'keras.optimizers.SGD(lr=0.1)'",
        "import keras\nprint(keras.optimizers.SGD.__doc__, dict(lr=0.1))",
        "import my_keras as keras\nkeras.optimizers.SGD(lr=0.1)",
        "from .keras.optimizers import SGD\nSGD(lr=0.1)",
        "import keras\nif keras.__version__ < '3':\n    keras.optimizers.SGD(lr=0.1)",
    ],
)
def test_what_is_not_keras(source: str) -> None:
    assert codes(source, "KT201") == []


@pytest.mark.parametrize(
    "source",
    [
        "import tf_keras\ntf_keras.optimizers.Adam(lr=0.1)",
        "import tf_keras as keras\nfrom tf_keras.preprocessing.text import Tokenizer",
        "import os\nos.environ['TF_USE_LEGACY_KERAS'] = '1'\nimport tensorflow as tf\n"
        "tf.keras.preprocessing.image.ImageDataGenerator()",
    ],
)
def test_legacy_keras_silences_what_it_supports(source: str) -> None:
    assert codes(source, "KT1,KT2,KT3") == []


def test_plain_keras_beside_tf_keras_is_reported() -> None:
    source = "import tf_keras\nfrom keras.preprocessing.text import Tokenizer"
    assert codes(source, "KT102") == ["KT102"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from keras.utils import np_utils\nnp_utils.to_categorical(y)", ["KT104"]),
        ("import keras\nkeras.utils.np_utils.to_categorical(1)", ["KT104"]),
        ("try:\n    from keras.utils import np_utils\nexcept ImportError:\n    pass", []),
        (
            "try:\n    from keras.utils import to_categorical\nexcept ImportError:\n"
            "    from keras.utils.np_utils import to_categorical",
            [],
        ),
        ("from keras.layers import SpectralNormalisation", ["KT199"]),
        ("import keras\nkeras.layers.Dence(3)", ["KT199"]),
        ("import keras\nkeras.layers.Dense(3, activations='relu')", ["KT299"]),
        ("import keras\nkeras.layers.Dense(3, **options)", []),
        ("from keras.layers import SpectralNormalization", []),
    ],
)
def test_names_that_are_gone(source: str, expected: list[str]) -> None:
    assert codes(source, "KT1,KT299") == expected


MODEL = "import keras\nmodel = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"


@pytest.mark.parametrize(
    "source",
    [
        MODEL + "h = model.fit(x, y)\nh.history['acc']",
        MODEL + "h = model.fit(x, y, validation_split=0.1)\nd = h.history\nd['val_acc']",
        MODEL + "h = model.fit(x, y)\nh.history.get('acc')",
        MODEL + "model.fit(x, y)\nmodel.history.history['acc']",
        "import keras\ndef plot(history):\n    return history.history['acc']",
        "import keras\nkeras.callbacks.EarlyStopping(monitor='val_acc')",
        "import keras\nclass C(keras.callbacks.Callback):\n"
        "    def on_epoch_end(self, epoch, logs=None):\n        print(logs['acc'])",
        "import keras\ndef build():\n    m = keras.Sequential()\n    return m\n"
        "build().fit(x, y).history['acc']",
        "import keras\nclass T:\n    def __init__(self):\n        self.m = keras.Sequential()\n"
        "    def go(self):\n        return self.m.fit(x, y).history['acc']",
        "import keras\nclass M(keras.Model):\n    pass\nm = M()\nm.fit(x, y).history['acc']",
        "from keras.models import load_model\nload_model('a.keras').fit(x, y).history['acc']",
    ],
)
def test_the_history_of_a_model(source: str) -> None:
    assert codes(source, "KT204") == ["KT204"]


@pytest.mark.parametrize(
    "source",
    [
        "import keras\nhistory = {'acc': 1}\nhistory['acc']",
        "import keras\nfrom sklearn.svm import SVC\nSVC().fit(x, y).history['acc']",
        MODEL + "h = model.fit(x, y)\nif 'acc' in h.history:\n    print(h.history['acc'])",
        MODEL + "h = model.fit(x, y)\nk = h.history['acc'] if 'acc' in h.history else 0",
        MODEL + "h = model.fit(x, y)\ntry:\n    h.history['acc']\nexcept KeyError:\n    pass",
        MODEL + "model.compile(metrics=['acc'])\nh = model.fit(x, y)\nh.history['acc']",
        MODEL + "h = model.fit(x, y)\nh.history['accuracy']",
    ],
)
def test_other_dictionaries_and_guards(source: str) -> None:
    assert codes(source, "KT204") == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import keras\nmodel.fit_generator(g)", ["KT304"]),
        ("import keras\ndef f(model):\n    model.fit_generator(g)", ["KT304"]),
        (MODEL + "model.predict_proba(x)", ["KT308"]),
        ("import keras\nfrom sklearn.svm import SVC\nSVC().predict_proba(x)", []),
        ("import keras\ndef f(model):\n    model.predict_proba(x)", []),
    ],
)
def test_methods(source: str, expected: list[str]) -> None:
    assert codes(source, "KT3") == expected


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import keras\nprint(x)", 1),
        ("import keras\nx = 1\nprint(x)", 0),
        ("import keras\ndef f():\n    return x\nx = 1", 0),
        ("import keras\nfrom somewhere import *\nprint(x)", 0),
        ("import keras\nfrom keras.layers import *\nDense(1)\nDance(1)", 1),
        ("import keras\nfor i in range(3):\n    z = i\nprint(z, i)", 0),
        ("import keras\nif y:\n    z = 1\nprint(z)", 1),
        ("import keras\ntry:\n    x\nexcept NameError:\n    x = 1", 0),
        ("import keras\nwith open('a') as f, g as (h, *i):\n    f, h, i", 1),
        ("import keras\nclass A:\n    b = 1\n    def c(self):\n        return b", 1),
        ("import keras\ndef f():\n    global x\n    x = 1\nf()\nprint(x)", 0),
        ("import keras\nx: int\nprint(x := 3, [x for x in (1,)], {k: v for k, v in {}})", 0),
        ("import keras\ndel keras\nkeras.layers", 1),
        ("import keras\nmatch 1:\n    case [a, *b]:\n        print(a, b)", 0),
        ("print(x)", 0),
    ],
)
def test_undefined_names(source: str, names: int) -> None:
    assert len(codes(source, "KT501")) == names


def test_a_name_defined_in_a_later_block() -> None:
    source = "import keras\nprint(units)\nunits = 3\n"
    (finding,) = check_document(parse_document(Text(source), "x.py", ".py"), Selection(("KT5",)))
    assert finding.rule.code == "KT502"
    assert "line 3" in finding.message()
    blocks = "```python\nimport keras\nprint(units)\n```\n\n```python\nunits = 3\n```\n"
    (finding,) = check_document(parse_document(Text(blocks), "x.md", ".md"), Selection(("KT5",)))
    assert finding.rule.code == "KT504"


@pytest.mark.parametrize(
    "source",
    [
        "from keras.layers import *\nfrom keras.models import *\nInput((3,))",
        "from keras.models import *\nfrom keras.layers import *\nInput((3,))",
    ],
)
def test_of_several_stars_the_one_that_has_the_name_today_brings_it(source: str) -> None:
    assert codes(source) == []


def test_a_metric_has_the_name_that_compile_gives() -> None:
    source = MODEL + "model.compile(metrics=['acc'])\nmodel.fit(x, y, validation_split=0.1)"
    assert codes(f"{source}.history['val_accuracy']", "KT204") == ["KT204"]
    # Where nothing is held out, no name is right.
    alone = source.replace(", validation_split=0.1", "")
    assert codes(f"{alone}.history['val_accuracy']", "KT204,KT422") == ["KT422"]


def test_the_table_of_the_api_is_that_of_the_installed_keras() -> None:
    import lint_api

    written = json.loads(lint_api.TABLE.read_text(encoding="utf-8"))
    beside = written.pop("beside")
    assert lint_api.read_api() == written
    # Other tests put things into these packages; scikit-learn need not be here.
    packages = sorted({*lint_api.BESIDE} - {"sklearn"})
    code = "import json, lint_api\n"
    code += f"print(json.dumps([lint_api.read_beside(one) for one in {packages}]))"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=lint_api.TABLE.parents[3] / "scripts"
    )
    for modules in json.loads(run.stdout):
        assert modules.items() <= beside.items()


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from sklearn.neighbors import LSHForest\nLSHForest()", ["KT156"]),
        ("import numpy as np\nnp.linalg.no_such_thing(3)", ["KT156"]),
        ("import numpy as np\nnp.mine = 3\nprint(np.mine, np.core, np.float128)", []),
        ("import numpy as np\ntry:\n    x = np.not_yet\nexcept AttributeError:\n    x = 3", []),
    ],
)
def test_packages_beside_keras_have_the_names_of_the_table(source: str, found: list[str]) -> None:
    assert codes(f"import keras\n{source}", "KT156") == found
