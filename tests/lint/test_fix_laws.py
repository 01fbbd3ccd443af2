"""The laws of fixes: nothing is lost, nothing new is wrong, and the program runs as before."""

import ast
import io
import itertools
import random
import re
import tokenize
import warnings
from collections import Counter
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.fixes.fixing import fix_text
from kerastut.lint.fixes.rewriting import templates
from kerastut.lint.rules.rule import load_rules

ALL = Selection(("ALL",))
RULES = [rule for rule in load_rules().values() if "```" not in rule.bad]


def fixed(text: str, unsafe: bool = False) -> str:
    return fix_text(Text(text), "x.py", ALL, unsafe)[0]


def codes(text: str) -> Counter[str]:
    found = check_document(parse_document(Text(text), "x.py", ".py"), ALL)
    return Counter(one.rule.code for one in found if one.rule.severity != "note")


def comments(text: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return sorted(token.string for token in tokens if token.type == tokenize.COMMENT)


def commented(text: str) -> str:
    """Returns a text with a comment at the end of each line and after each comma in brackets."""
    numbers, lines, depth = itertools.count(), text.splitlines(), 0
    places = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        depth += (token.string in "([{") - (token.string in ")]}") if token.string else 0
        if token.type in (tokenize.NEWLINE, tokenize.NL) and token.string:
            places.append((token.start, ""))
        elif token.string == "," and depth:
            places.append((token.end, "\n            "))
    for (row, column), after in reversed(places):
        line = lines[row - 1]
        rest = line[column:].lstrip() if after else line[column:]
        lines[row - 1] = f"{line[:column]}  # comment {next(numbers)}.{after}{rest}"
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])
def test_no_fix_loses_a_comment_and_no_safe_one_has_a_new_finding(rule: Any) -> None:
    for text in (rule.bad.lstrip(), commented(rule.bad.lstrip())):
        for unsafe in (False, True):
            after = fixed(text, unsafe)
            if codes(text)["KT000"]:
                continue
            ast.parse(after)
            assert comments(after) == comments(text)
            assert unsafe or codes(after) <= codes(text)


def test_nor_in_mutants() -> None:
    source = random.Random(0)
    names = ("keras", "K", "losses", "Input", "np", "tf")
    for _ in range(300):
        text = "\n".join(source.choice(RULES).bad.strip() for _ in range(2)) + "\n"
        name = source.choice(names)
        match source.randrange(5):
            case 0:  # a parameter or local of the name that a fix may want
                text += f"def loss(y, p, {name}=None):\n    from keras import backend as B\n"
                text += "    return B.mean(y - p)\n"
            case 1:
                text += f"for {name} in range(3):\n    pass\n"
            case 2:  # what no path leads to
                text += "def f():\n    return 1\n    objectives.mse, np_utils.x, K.sum\n"
            case 3:
                text = "if True:\n" + re.sub(r"(?m)^(?=.)", "    ", text)
            case 4:
                text = text.replace("(", "(\n        ", 1)
        text = commented(text) if source.random() < 0.5 else text
        after = fixed(text)
        if not codes(text)["KT000"]:
            ast.parse(after)
            assert comments(after) == comments(text)
            assert codes(after) <= codes(text)
        assert fixed(after) == after


HEAD = """
import keras
import numpy as np

def batches():
    for _ in range(50):
        yield np.ones((4, 3)), np.ones((4, 1))
    raise RuntimeError("an endless generator was not left")

def inputs():
    for x, _ in batches():
        yield (x,)

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
"""


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("model.predict_generator(inputs(), 3)", "(12, 1)"),
        ("model.predict_generator(inputs(), steps=3)", "(12, 1)"),
        ("model.predict_generator(generator=inputs(), steps=3, workers=2)", "(12, 1)"),
        (
            "model.predict_generator(steps=3, generator=inputs(), use_multiprocessing=False)",
            "(12, 1)",
        ),
        ("model.evaluate_generator(batches(), 2)", "()"),
        ("model.evaluate_generator(generator=batches(), steps=2)", "()"),
        ("model.fit_generator(batches(), 5, 2).epoch", "(2,)"),
        ("model.fit_generator(batches(), 5, 2, 0, [], batches(), 3).epoch", "(2,)"),
        ("model.fit_generator(batches(), 5, epochs=2, max_queue_size=3).epoch", "(2,)"),
        ("model.fit_generator(generator=batches(), steps_per_epoch=5, epochs=2).epoch", "(2,)"),
        ("model.predict_proba(np.ones((6, 3)), 2, 0)", "(6, 1)"),
    ],
)
def test_arguments_of_renamed_methods_keep_their_meaning(call: str, value: str) -> None:
    names: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(fixed(f"{HEAD}result = np.shape({call})\n"), names)
    assert str(names["result"]) == value


@pytest.mark.parametrize(
    "call",
    [
        "model.fit_generator(*arguments)",
        "model.fit_generator(g, 5, 2, 1, [], v, 3, {0: 1.0})",  # class_weight, or validation_freq
        "model.evaluate_generator(g, 3, 10)",  # callbacks, or the length of the queue
        "model.fit_generator(g, 1000, nb_epoch=3)",  # samples
        "model.predict_generator(arrays(), steps=3)",  # only tuples are taken from generators
        "keras.backend.relu(x, *rest)",
        "keras.layers.Conv2D(8, 3, border_mode='full')",
        "keras.layers.Dense(8, dim_ordering='tf')",
    ],
)
def test_what_has_no_certain_meaning_is_left(call: str) -> None:
    head = "import keras\ndef arrays():\n    yield x\nmodel = keras.Sequential()\n"
    left = fixed(f"{head}{call}\n")
    assert call.replace("nb_epoch", "epochs") in left.replace("nb_epoch", "epochs")


X = "np.arange(1, 13, dtype='float32').reshape(3, 4)"
# Arguments by the names that old functions have for them; another array where it matters.
VALUES = {
    **dict.fromkeys(("x", "target", "tensors", "reference", "condition"), X),
    **dict.fromkeys(("y", "a", "then_expression"), f"{X} / 7"),
    **dict.fromkeys(("increment", "new_x", "decrement"), f"{X} / 7"),
    **{"axis": "1", "axes": "1", "dim": "1", "pattern": "(1, 0)", "shape": "(2, 6)", "n": "(2, 3)"},
    **{"min_value": "2", "max_value": "8", "indices": "[2, 0]", "num_classes": "4", "size": "3"},
    **{"dtype": "'float32'", "start": "1", "stop": "9", "step": "2", "from_logits": "True"},
    **{"bias": "np.ones(4, 'float32')", "fn": "lambda one: one * 2", "elems": X, "rep": "2"},
    **{"momentum": "0.9"},
    **{"strides": "1", "padding": "'same'", "data_format": "'channels_last'", "value": X},
    **{"dilation_rate": "1", "variables": X, "else_expression": f"-{X}", "name": "'v'"},
    **{"pool_size": "(2, 2)", "pool_mode": "'max'", "dim_ordering": "'tf'", "output": f"{X} / 50"},
}
OF = {
    "shape": {"shape": "(2, 6)"},
    "concatenate": {"tensors": f"[{X}, {X}]"},
    "one_hot": {"indices": "[2, 0]"},
    "batch_dot": {"x": f"{X}.reshape(3, 2, 2)", "y": f"{X}.reshape(3, 2, 2)", "axes": "[2, 1]"},
    "dot": {"y": f"{X}.reshape(4, 3)"},
    "squeeze": {"x": f"{X}.reshape(3, 1, 4)"},
    "repeat": {"n": "3"},
    "conv1d": {"x": f"{X}.reshape(1, 6, 2)", "kernel": f"{X}[:2, :].reshape(2, 2, 2)"},
    "conv2d": {"x": f"{X}.reshape(1, 3, 2, 2)", "kernel": f"{X}[:2].reshape(2, 1, 2, 2)"},
    "sparse_categorical_crossentropy": {"target": "np.array([1, 0, 3])", "axis": "-1"},
    "relu": {"x": f"{X} - 5", "alpha": "0.1", "threshold": "0.5"},
    "batch_flatten": {"x": f"{X}.reshape(3, 2, 2)"},
    "pool2d": {"x": f"{X}.reshape(1, 3, 4, 1)", "padding": "'valid'", "strides": "(1, 1)"},
    "spatial_2d_padding": {"x": f"{X}.reshape(1, 3, 4, 1)", "padding": "((1, 1), (2, 2))"},
    "temporal_padding": {"x": f"{X}.reshape(1, 3, 4)", "padding": "(1, 2)"},
    "resize_images": {
        "x": f"{X}.reshape(1, 3, 4, 1)",
        "height_factor": "2",
        "width_factor": "2",
        "interpolation": "'nearest'",
    },
    "batch_get_value": {"tensors": f"[{X}]"},
}
# No arrays that could be compared; CTC is tried by itself.
DRAWN = re.compile(r"random|dropout|ctc|set_image|image_dim|resize")


def signatures() -> list[tuple[str, str, str]]:
    found = []
    for code, key in itertools.product(
        ("KT122", "KT123", "KT128"), ("rewrites", "unsafe_rewrites")
    ):
        for name, pairs in templates(code, key).items():
            found += [(name.removeprefix("keras.backend."), old, key) for old, _ in pairs]
    return [one for one in found if not DRAWN.search(one[0])]


@pytest.mark.parametrize(("name", "signature", "key"), signatures())
def test_backend_functions_compute_the_same(name: str, signature: str, key: str) -> None:
    parsed: Any = ast.parse(signature, mode="eval").body
    required = [arg.id for arg in parsed.args]
    optional = [keyword.arg for keyword in parsed.keywords]
    values = VALUES | OF.get(name, {})
    old = getattr(tf.keras.backend, name, None)
    wanted = "dim" not in required  # the name that it had in Keras 1
    forms = [", ".join(values[one] for one in required)]
    forms += [", ".join(f"{one}={values[one]}" for one in required)] if required != ["x"] else []
    forms += [f"{forms[0]}, {one}={values[one]}" for one in optional if one != "name"]
    forms += [", ".join(values[one] for one in (*required, *optional[:1]))]
    for form in forms:
        text = f"import numpy as np\nfrom keras import backend as K\nresult = K.{name}({form})\n"
        if name in ("update", "update_add", "update_sub", "set_value", "moving_average_update"):
            more = ", 0.9" if "momentum" in required else ""
            start, value = X, values[required[1]]
            form = f"x={start}, {required[1]}={value}"
            text = (
                "import numpy as np\nimport keras\nfrom keras import backend as K\n"
                f"v = keras.Variable({start})\nK.{name}(v, {value}{more})\nresult = v\n"
            )
        after = fixed(text, unsafe=key == "unsafe_rewrites")
        assert "K." not in after
        names: dict[str, Any] = {}
        exec(after, names)
        if wanted:
            shapes = name in ("int_shape", "get_variable_shape")
            got = None if shapes else keras.ops.convert_to_numpy(names["result"])
            expected = expectation(old, name, eval(f"dict_of({form!r}, {required + optional})"))
            if got is not None and expected is not None:
                np.testing.assert_allclose(got, expected, rtol=1e-5)


@pytest.mark.parametrize("name", ["normal", "uniform"])
@pytest.mark.parametrize("ends", ["", ", 2, 3", ", {}=2, {}=3", ", {}=2, {}=3, seed=1"])
def test_random_functions_draw_what_they_drew(name: str, ends: str) -> None:
    words = {"normal": [("mean", "std"), ("mean", "stddev")]}
    for pair in words.get(name, [("low", "high"), ("minval", "maxval")]):
        call = f"K.random_{name}((50, 50){ends.format(*pair)})"
        names: dict[str, Any] = {}
        exec(fixed(f"from keras import backend as K\nresult = {call}\n"), names)
        drawn = keras.ops.convert_to_numpy(names["result"])
        assert drawn.shape == (50, 50)
        assert not ends or 1.5 < drawn.mean() < 3


def dict_of(form: str, names: list[str]) -> dict[str, Any]:
    call: Any = ast.parse(f"f({form})", mode="eval").body
    given = dict(zip(names, call.args, strict=False))
    given |= {keyword.arg: keyword.value for keyword in call.keywords}
    return {name: eval(ast.unparse(node), {"np": np}) for name, node in given.items()}


def expectation(old: Any, name: str, given: dict[str, Any]) -> Any:
    """Returns what TensorFlow's copy computes, or NumPy where that asks for variables."""
    if name in ("update", "set_value"):
        return given.get("new_x", given.get("value"))
    if name in ("update_add", "update_sub"):
        return given["x"] + given.get("increment", 0) - given.get("decrement", 0)
    if name == "moving_average_update":
        return given["x"] * 0.9 + given["value"] * 0.1
    if name in ("get_value", "eval", "dtype", "count_params", "batch_get_value") or old is None:
        return {"get_value": given.get("x"), "eval": given.get("x"), "count_params": 12}.get(name)
    tensors = {
        key: tf.convert_to_tensor(value) if isinstance(value, np.ndarray) else value
        for key, value in given.items()
    }
    if name in ("concatenate",):
        tensors["tensors"] = [tf.convert_to_tensor(one) for one in given["tensors"]]
    if name == "switch":
        tensors["condition"] = tf.cast(given["condition"], bool)
    return np.asarray(old(**tensors))
