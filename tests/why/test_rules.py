"""Every rule that raises is named from its own traceback, however that was pasted."""

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import keras
import matplotlib as mpl
import numpy as np
import pytest
from IPython.core.ultratb import FormattedTB

from kerastut.lint import load_rules
from kerastut.why import Explanation, decode, explain
from tests.why.raising import Pasted, pasted

# These take a package that is not here, have to come before Keras, leave nothing that could train
# after them, or take two processes.
APART = {"KT153", "KT154", "KT155", "KT436", "KT438"}
RULES = [rule for rule in load_rules().values() if rule.raises and rule.code not in APART]
# Defined further down, elsewhere or nowhere; `None` for which argument: a traceback cannot tell, so
# that all of them are named.
EITHER = {
    **{"KT502": "KT501", "KT504": "KT501", "KT252": "none-for-a-number"},
    **{"KT265": "output-too-small", "KT266": "size-not-a-whole-number", "KT268": "pickled-array"},
    **{"KT281": "missing-argument", "KT340": "never-called", "KT342": "number-of-weights"},
    **{"KT275": "array-of-objects", "KT363": "array-as-input", "KT460": "no-loss"},
}
# Of these warnings nothing but a line of source is left where the first of two lines is cut away.
CUT_AWAY = {"KT203", "KT208", "KT226", "KT242", "KT345", "KT505"}


@pytest.fixture(scope="module")
def raised(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Pasted]:
    """What the rules' examples raise on the installed Keras."""
    backend, state = mpl.get_backend(), np.random.get_state()
    order = keras.config.image_data_format()
    mpl.use("Agg")
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("rules"))
        patch.setattr(keras.datasets.mnist, "load_data", keras.datasets.mnist.load_data)
        for rule in RULES:
            found[rule.code] = _raised(rule.bad, str(rule.raises))
            keras.config.set_image_data_format(order)
            np.random.set_state(state)
            patch.delitem(vars(np), "object", raising=False)
    mpl.use(backend)
    return found


@pytest.fixture(scope="module")
def texts(raised: dict[str, Pasted]) -> dict[str, str]:
    """The same as text, without what TensorFlow says of one process that does so much."""
    retracing = re.compile(r"^WARNING:tensorflow:.*\n", re.MULTILINE)
    return {code: retracing.sub("", one.text) for code, one in raised.items()}


def _raised(bad: str, kind: str) -> Pasted:
    """Returns what an example leaves that raises: a script, or one of the blocks of a document."""
    blocks = re.findall(r"^```python\n(.*?)^```$", bad, re.MULTILINE | re.DOTALL) or [bad]
    for script in ["\n".join(blocks), *blocks]:
        one = pasted(script)
        if kind in one.kinds:
            return one
    raise AssertionError(f"it does not raise {kind}")


def colours(text: str) -> str:
    return "".join(f"\x1b[0;31m{line}\x1b[0m\r\n" for line in text.splitlines())


def lost_colours(text: str) -> str:
    return colours(text).replace("\x1b", "")


def cut(text: str) -> str:
    return text[len(text) // 2 :]


def cut_lines(text: str) -> str:
    lines = text.splitlines()
    return "\n".join(lines[len(lines) // 2 :])


def joined(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), 80)


def wrapped(text: str) -> str:
    line = text.replace("\n", " ")
    return "\n".join(line[i : i + 80] for i in range(0, len(line), 80))


def prompted(text: str) -> str:
    return f"(tf) C:\\Users\\张三\\毕业设计>python 训练.py\n{text}\n(tf) C:\\Users\\张三\\毕业设计>"


def prompted_everywhere(text: str) -> str:
    return "".join(f"PS D:\\作业> {line}\n" for line in text.splitlines())


def gbk(text: str) -> str:
    return decode(prompted(text).encode("gb18030"))


def utf16(text: str) -> str:
    return decode(prompted(text).encode("utf-16"))


def logged(text: str) -> str:
    stamp = "2024-05-01 12:00:00.123456: "
    before = f"{stamp}I tensorflow/core/util/port.cc:153] oneDNN custom operations are on.\n"
    after = f"{stamp}W tensorflow/core/framework/local_rendezvous.cc:404] Rendezvous is aborting\n"
    return before + "".join(f"{stamp}{line}\n" for line in text.splitlines()) + after


def chained(text: str) -> str:
    first = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nKeyError: 1\n'
    return f"{first}\nDuring handling of the above exception, another exception occurred:\n\n{text}"


def boxed(text: str) -> str:
    return "".join(f"│ {line:<96} │\n" for line in text.splitlines())


def unnamed(texts: dict[str, str], disfigure: Callable[[str], str] = str) -> set[str]:
    """Returns the rules that are not the first answer, nor named beside the one of `EITHER`."""
    answers = {code: explain(disfigure(text)) for code, text in texts.items()}
    return {code for code, found in answers.items() if not _names(found, code)}


def _names(found: Explanation, code: str) -> bool:
    first = found.causes[0] if found.causes else None
    return first is not None and (
        first.id == code or (first.id == EITHER.get(code) and code in first.rules)
    )


def test_each_rule_is_named_from_its_traceback(texts: dict[str, str]) -> None:
    assert len(texts) == len(RULES) > 130
    assert unnamed(texts) == set()


def test_as_jupyter_and_colab_show_it(raised: dict[str, Pasted]) -> None:
    errors = {code: one.error for code, one in [*raised.items()][::4]}
    write = FormattedTB(mode="Context", theme_name="linux").text
    shown = {code: write(type(e), e, e.__traceback__) for code, e in errors.items() if e}
    assert unnamed(shown) == set()


@pytest.mark.parametrize(
    "disfigure",
    [
        *(colours, lost_colours, joined, wrapped, prompted, prompted_everywhere, gbk, utf16),
        *(logged, boxed),
    ],
)
def test_however_it_is_pasted(texts: dict[str, str], disfigure: Callable[[str], str]) -> None:
    assert unnamed(texts, disfigure) == set()


def test_in_a_chain(texts: dict[str, str]) -> None:
    assert (
        unnamed({code: text for code, text in texts.items() if "Error" in text}, chained) == set()
    )


@pytest.mark.parametrize("way", [cut, cut_lines])
def test_the_last_half_is_enough(texts: dict[str, str], way: Callable[[str], str]) -> None:
    """Where the call is cut away, the rules that a message leaves open are all named."""
    answers = {code: explain(way(text)) for code, text in texts.items()}
    named = {code for code, found in answers.items() if any(code in c.rules for c in found.causes)}
    assert set(answers) - named == (CUT_AWAY if way is cut_lines else set())
    assert len(named) >= 0.97 * len(answers)


def test_without_its_message_it_is_not_known_but_may_be_near() -> None:
    text = (
        'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\n'
        "    from keras.preprocessing.text import Tokenizer\n"
    )
    found = explain(text)
    assert found.causes == ()
    assert found.near[0].id == "KT102"


def test_what_a_rule_says_is_filled_in(tmp_path: Path) -> None:
    found = explain("ImportError: cannot import name 'merge' from 'keras.layers' (x.py)").causes[0]
    assert (found.id, found.name) == ("KT118", load_rules()["KT118"].name)
    assert "`keras.layers.merge`" in found.message["en"]
    assert found.good == load_rules()["KT118"].good.strip() + "\n"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (
            "KT436",
            "RuntimeError: `tf.data.Dataset` only supports Python-style iteration in eager mode or"
            " within tf.function.",
        ),
        (
            "transformers-and-keras-3",
            "ValueError: Your currently installed version of Keras is Keras 3, but this is not yet"
            " supported in Transformers.",
        ),
        ("unknown-backend", "ValueError: Unable to import backend : plaidml.keras.backend"),
        (
            "KT155",
            "ValueError: Only instances of `keras.Layer` can be added to a Sequential model."
            " Received: <tensorflow_hub.keras_layer.KerasLayer object at 0x7f0c4c0d3a10> (of type"
            " <class 'tensorflow_hub.keras_layer.KerasLayer'>)",
        ),
        ("KT438", "ValueError: Attempt to convert a value (PerReplica:{\n  0: <tf.Tensor: ...>}"),
    ],
)
def test_what_takes_a_process_of_its_own(code: str, message: str) -> None:
    assert explain(message).causes[0].id == code
