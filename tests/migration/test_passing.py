"""What made-up data cannot get through is passed over; what is no matter of data still raises."""

import ast
import traceback
from inspect import signature
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from matplotlib import pyplot
from matplotlib.animation import FuncAnimation

from kerastut.migration.passing import ENTERS, GIVES, LETS, TRIES, Passed, Passing
from kerastut.migration.shortening import DRAWN, STEPS, cut_model, few, filmed
from kerastut.migration.wanted import Wanted

MADE_UP = ["x.npy"]


def ran(source: str, made_up: list[str] = MADE_UP) -> tuple[dict[str, Any], list[str]]:
    """Runs a program in which statements are passed over; returns its names, and what was."""
    passed = Passed(Path("/nowhere"), Wanted([source]), made_up)
    ours = {LETS: passed.lets, GIVES: passed.gives, TRIES: passed.tries, ENTERS: passed.enters}
    names = {**ours, "np": np}
    exec(compile(Passing().visit(ast.parse(source)), "old.py", "exec"), names)
    return names, [one.strip().splitlines()[-1] for one in passed.told]


def test_a_statement_that_fails_is_left_out() -> None:
    names, told = ran("x = np.ones(5)\nx = x.reshape(2, 3)\ny = x.shape")
    assert names["y"] == (5,)
    assert told == ["ValueError: cannot reshape array of size 5 into shape (2,3)"]


def test_names_get_what_they_tell_of() -> None:
    source = """
x, y = np.ones(5).reshape(2, 3), 1
n_words, words = int("a"), [float(one) for one in "ab"]
count = int("b")
df = {}["a"].dropna()
index = {one: float(one) for one in "ab"}
mask = np.ones(2) > np.ones(3)
def load():
    return {}["a"], {}["labels"]
a, labels = load()
"""
    names, _ = ran(source)
    assert names["x"].shape == (400, 3)  # as it is brought into
    assert (names["y"].ndim, names["labels"].ndim) == (1, 1)
    assert (type(names["n_words"]), type(names["count"])) == (int, int)
    assert len(names["words"]) > 2
    assert (names["mask"].dtype, type(names["index"])) == (bool, dict)
    assert len(names["df"].columns) == 10


def test_parts_of_what_others_have_made_are_left() -> None:
    source = """
import pandas
class Data:
    def __init__(self):
        self.rows = int("a")
table = pandas.DataFrame({"a": [1]})
table.columns = ["a", "b"]
rows = Data().rows
"""
    names, told = ran(source)
    assert [*names["table"].columns] == ["a"]
    assert (names["rows"], len(told)) == (10, 2)


def test_what_is_in_a_statement_that_fails_still_has_names() -> None:
    names, told = ran("for row in 5:\n    x = row\nif {}['a']:\n    y = 1\nx, y")
    assert names["x"].ndim
    assert len(told) == 2
    names, told = ran("if {}['a']:\n    y = 1\nelif np.ones(2):\n    y = 2\nelse:\n    y = 3")
    assert (names["y"], len(told)) == (3, 2)


def test_what_is_entered_still_runs() -> None:
    names, told = ran("with open('/nowhere/a') as file:\n    done = True\n")
    assert names["done"]
    assert len(told) == 1


def test_an_argument_that_fails_does_not_keep_from_training() -> None:
    source = "class Model:\n    def fit(self, x, epochs): return x, epochs\n"
    names, told = ran(f"{source}history = Model().fit(int('a'), epochs=2 * 3)")
    assert names["history"] == (None, 6)
    assert len(told) == 1


def test_a_side_that_is_not_there_does_not_keep_from_building() -> None:
    names, told = ran("x = np.ones(3)\nsize = (x.shape[0], x.shape[1])")
    assert names["size"] == (3, 10)
    assert told == ["IndexError: tuple index out of range"]


def test_what_a_program_catches_is_its_own_matter() -> None:
    source = "try:\n    x = int('a')\nexcept ValueError:\n    x = 'caught'\n    y = int('b')\n"
    names, told = ran(source)
    assert names["x"] == "caught"
    assert told == ["ValueError: invalid literal for int() with base 10: 'b'"]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        ("import absent_package", ImportError),
        ("absent_name", NameError),
        ("np.float", AttributeError),  # a name of a library that is gone
        ("{}.has_key(1)", AttributeError),  # Python 2
        ("np.ones(2).sum(axes=1)", TypeError),  # an argument that is gone
        ("def f(a): return a\nf()", TypeError),
        ("import keras\nkeras.layers.Dense(-1)", ValueError),
        ("import keras\nx = keras.Input((3,))\nnp.sum(x)", ValueError),
        ("next(iter([]))", StopIteration),  # which ends something
    ],
)
def test_what_is_no_matter_of_data_raises(source: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        ran(source)
    frames = [one for one in traceback.extract_tb(caught.tb) if one.filename == "old.py"]
    assert frames[0].lineno == len(source.splitlines())
    assert len({(one.lineno, one.name) for one in frames}) == len(frames)  # none of them twice


def test_nothing_is_passed_over_where_nothing_is_made_up() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        ran("int('a')", [])
    assert ran("open('/nowhere/a')", [])[1]  # but what wants files that nobody has


def test_a_model_trains_on_data_of_its_own_shapes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("fit", "evaluate", "predict", "train_on_batch", "test_on_batch"):
        monkeypatch.setattr(keras.Model, name, getattr(keras.Model, name))
    for name in ("train_step", "test_step", "predict_step", "predict_on_batch"):
        monkeypatch.setattr(keras.Model, name, getattr(keras.Model, name))
    for name in ("save", "save_weights"):
        monkeypatch.setattr(keras.Model, name, getattr(keras.Model, name))
    passed, trained = Passed(Path(__file__).parent, Wanted([""]), MADE_UP), [0]
    cut_model(keras, trained, passed.fits)
    for loss, y in (("sparse_categorical_crossentropy", np.zeros(9)), ("mse", np.zeros((9, 7)))):
        words, sizes = keras.Input((4,), dtype="int32"), keras.Input((3,))
        flat = keras.layers.Flatten()(keras.layers.Embedding(50, 2)(words))
        both = keras.layers.concatenate([flat, sizes])
        model = keras.Model([words, sizes], keras.layers.Dense(5, "softmax")(both))
        model.compile("sgd", loss, metrics=["accuracy"])
        history = model.fit(np.zeros((9, 2)), y, epochs=4, validation_data=([], y), verbose=0)
        assert len(history.history["val_loss"]) == 4
        assert np.isfinite(model.evaluate([], y, verbose=0)).all()
        assert model.predict(np.zeros((11, 1)), verbose=0).shape == (11, 5)
    told = keras.Sequential([keras.layers.Embedding(50, 2), keras.layers.LSTM(3)])
    series = keras.Sequential([keras.layers.Conv1D(2, 3), keras.layers.LSTM(3)])
    for model in (told, series):  # neither is built before it has seen data
        model.compile("sgd", "mse")
        model.fit(np.array([[1], []], dtype=object), np.zeros(2), verbose=0)
    kept = keras.callbacks.Callback()
    kept.period = 5  # epochs, of which there is but one
    told.fit(np.zeros((4, 2)), np.zeros((4, 3)), epochs=9, callbacks=[kept], verbose=0)
    assert kept.period == 1
    assert trained == [5]
    large = keras.Sequential([keras.Input((300, 300, 3)), keras.layers.GlobalMaxPooling2D()])
    pictures = np.arange(9)[:, None, None, None] + np.zeros((1, 300, 300, 3))
    assert large.predict(pictures, verbose=0)[:, 0].tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 0]
    assert large.predict(pictures[:2], verbose=0)[:, 0].tolist() == [0, 1]
    assert len(passed.told) == 4  # lines of the program


def test_what_fails_on_data_of_a_model_s_own_shapes_raises() -> None:
    def loss(_: Any, __: Any) -> Any:
        raise RuntimeError("stale")

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile("sgd", loss)
    passed, fit = Passed(Path("/nowhere"), Wanted([""]), MADE_UP), keras.Model.fit
    bound = signature(fit).bind(model, np.zeros((4, 9)), np.zeros(4), verbose=0)
    bound.apply_defaults()
    with pytest.raises(ValueError, match="mine"):
        passed.fits(fit, bound, ValueError("mine"))
    assert passed.told == []


def test_a_drawing_shows_the_first_rows_and_others_like_them() -> None:
    class Drawing:
        def fit_transform(self, X: Any, y: Any = None) -> Any:  # noqa: N803
            assert len(X) <= DRAWN
            return np.asarray(X) * 2

    draw = few(Drawing.fit_transform)
    assert draw(Drawing(), np.arange(3)).tolist() == [0, 2, 4]
    found = draw(Drawing(), X=np.arange(2 * DRAWN))
    assert (len(found), found[DRAWN], found[-1]) == (2 * DRAWN, 0, 2 * DRAWN - 2)


def test_an_animation_shows_its_first_pictures() -> None:
    figure, axes = pyplot.subplots()
    shown = list[int]()

    def draw(number: int) -> list[Any]:
        shown.append(number)
        return axes.plot([number])

    film = FuncAnimation(figure, draw, frames=99, init_func=lambda: [], blit=True)
    save: Any = filmed(FuncAnimation.save)
    assert save(film, "film.mp4", extra_args=["-vcodec", "libx264"]) == ""
    assert shown == [*range(STEPS)]
