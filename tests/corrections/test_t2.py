"""Proofs for tutorial T2: each test shows one fault and, beside it, the form that works."""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import keras
import matplotlib
import numpy as np
import pytest
from keras import layers

matplotlib.use("Agg")

STATIC_SHAPE_WARNING = re.escape("Do not pass an `input_shape`/`input_dim` argument to a layer.")


def run_cell(source: str, names: dict[str, Any]) -> None:
    """Execute one notebook cell in the namespace `names`."""
    exec(compile(source, "<cell>", "exec"), names)


def missing_name(source: str, names: dict[str, Any]) -> str:
    """Return the name whose absence stops the cell with a NameError."""
    with pytest.raises(NameError, match=r"name '\w+' is not defined") as caught:
        run_cell(source, names)
    return str(caught.value.name)


def clusters(count: int = 60, classes: int = 3, seed: int = 0) -> tuple[Any, Any]:
    """Return a learnable set: well separated clusters in 6 dimensions, integer labels."""
    rng = np.random.default_rng(seed)
    label = np.arange(count) % classes
    centre = 3.0 * np.eye(classes, 6)
    return (centre[label] + rng.normal(0, 0.4, (count, 6))).astype("float32"), label


def small_net(classes: int = 3, **settings: Any) -> Any:
    """Return a compiled classifier for `clusters`."""
    net = keras.Sequential(
        [keras.Input((6,)), layers.Dense(9, "tanh"), layers.Dense(classes, "softmax")]
    )
    settings = {"loss": "sparse_categorical_crossentropy", "optimizer": "adam"} | settings
    net.compile(**settings)
    return net


def weights_equal(one: Any, other: Any) -> bool:
    """Tell whether two models hold the same weights, bit for bit."""
    pairs = zip(one.get_weights(), other.get_weights(), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


def test_t2_01_training_needs_data_that_exists() -> None:
    """Arrays that were never made stop the cell; a generated linear rule is learnt."""
    assert missing_name("net.fit(reviews, liked)", {"net": small_net()}) == "reviews"

    keras.utils.set_random_seed(1)
    rng = np.random.default_rng(1)
    score = rng.normal(size=100)
    x = rng.normal(size=(1400, 100)).astype("float32")
    y = (x @ score > 0).astype("int32")
    net = keras.Sequential([keras.Input((100,)), layers.Dense(40, "relu"), layers.Dense(1)])
    bce = keras.losses.BinaryCrossentropy(from_logits=True)
    hit = keras.metrics.BinaryAccuracy(threshold=0.0, name="accuracy")
    net.compile(loss=bce, optimizer=keras.optimizers.RMSprop(0.003), metrics=[hit])
    net.fit(x[:1000], y[:1000], epochs=8, verbose=0)
    held_out = net.evaluate(x[1000:], y[1000:], verbose=0, return_dict=True)
    assert 0.80 < held_out["accuracy"] < 0.99
    assert held_out["loss"] < 0.45 < math.log(2)


def test_t2_02_input_dim_is_deprecated() -> None:
    """`input_dim` still builds the layer but warns; an Input object builds it in silence."""
    with pytest.warns(UserWarning, match=STATIC_SHAPE_WARNING):
        old = keras.Sequential([layers.Dense(5, input_dim=12)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        new = keras.Sequential([keras.Input((12,)), layers.Dense(5)])
    assert old.count_params() == new.count_params() == 65


def test_t2_03_evaluate_returns_an_unlabelled_list(capsys: pytest.CaptureFixture[str]) -> None:
    """A kept result says nothing by itself and has no names; `return_dict=True` gives them."""
    x, y = clusters()
    net = small_net(metrics=["accuracy"])
    kept = net.evaluate(x, y, verbose=0)
    assert capsys.readouterr().out == ""
    assert type(kept) is list
    assert len(kept) == 2
    named = net.evaluate(x, y, verbose=0, return_dict=True)
    assert set(named) == {"loss", "accuracy"}
    assert kept == pytest.approx([named["loss"], named["accuracy"]], abs=1e-6)


def test_t2_04_placeholders_stop_the_sequential_block() -> None:
    """Undefined sizes raise one NameError after the other; concrete sizes build."""
    cell = "net = keras.Sequential([keras.Input((width,)), keras.layers.Dense(labels)])"
    names: dict[str, Any] = {"keras": keras}
    assert missing_name(cell, names) == "width"
    names["width"] = 784
    assert missing_name(cell, names) == "labels"
    names["labels"] = 10
    run_cell(cell, names)
    assert names["net"].output_shape == (None, 10)
    assert names["net"].count_params() == 7850


@pytest.mark.filterwarnings("ignore:Do not pass an:UserWarning")
def test_t2_05_input_dim_rejects_a_tuple() -> None:
    """A tuple for `input_dim` is no shape, an image shape runs on to a 4-D output."""
    message = "Cannot convert '((784,),)' to a shape. Found invalid dimension '(784,)'"
    with pytest.raises(ValueError, match=re.escape(message)):
        keras.Sequential([layers.Dense(8, input_dim=(784,))])
    silent = keras.Sequential([layers.Dense(8, input_shape=(28, 28, 1))])
    assert silent.output_shape == (None, 28, 28, 8)

    flat = keras.Sequential([keras.Input((784,)), layers.Dense(8)])
    image = keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(8)])
    assert flat.output_shape == image.output_shape == (None, 8)
    assert flat.count_params() == image.count_params() == 6280


def test_t2_06_input_is_not_in_keras_models() -> None:
    """`keras.models` has no Input; `keras.Input` and `keras.layers.Input` are one function."""
    message = "cannot import name 'Input' from 'keras.models'"
    with pytest.raises(ImportError, match=re.escape(message)):
        run_cell("from keras.models import Input", {})
    names: dict[str, Any] = {}
    run_cell("from keras import Input, Model", names)
    assert names["Input"] is layers.Input
    assert names["Model"] is keras.models.Model


def test_t2_07_activation_has_to_be_imported() -> None:
    """A layer class used without its import is a NameError; both correct forms agree."""
    head = "import keras\nfrom keras.layers import Dense\nstart = keras.Input((4,))\n"
    assert missing_name(head + "end = Activation('relu')(Dense(3)(start))", {}) == "Activation"

    names: dict[str, Any] = {}
    cell = "end = keras.layers.Activation('relu')(Dense(3, name='step')(start))\n"
    run_cell(head + cell + "inline = Dense(3, activation='relu', name='one')(start)", names)
    both = keras.Model(names["start"], [names["end"], names["inline"]])
    both.get_layer("one").set_weights(both.get_layer("step").get_weights())
    left, right = both.predict(np.linspace(-2, 2, 20).reshape(5, 4), verbose=0)
    assert np.array_equal(left, right)
    assert left.min() == 0.0 < left.max()


def test_t2_08_placeholders_stop_the_functional_block() -> None:
    """Each undefined size of the image model is a NameError of its own; numbers build it."""
    cell = (
        "picture = keras.Input((tall, wide, planes))\n"
        "flat = keras.layers.Flatten()(picture)\n"
        "net = keras.Model(picture, keras.layers.Dense(kinds)(flat))\n"
    )
    names: dict[str, Any] = {"keras": keras}
    sizes = {"tall": 28, "wide": 28, "planes": 1, "kinds": 10}
    for name, size in sizes.items():
        assert missing_name(cell, names) == name
        names[name] = size
    run_cell(cell, names)
    assert names["net"].input_shape == (None, 28, 28, 1)
    assert names["net"].output_shape == (None, 10)


def test_t2_09_one_element_lists_change_the_interface() -> None:
    """One-element lists make `input` and `output` lists but leave the prediction as it is."""
    start = keras.Input((4,))
    end = layers.Dense(2)(start)
    listed = keras.Model(inputs=[start], outputs=[end])
    plain = keras.Model(inputs=start, outputs=end)
    assert [type(listed.input), type(listed.output)] == [list, list]
    assert plain.input is start
    assert plain.output is end
    x = np.ones((3, 4))
    assert np.array_equal(listed.predict(x, verbose=0), plain.predict(x, verbose=0))
    with pytest.raises(ValueError, match="Unrecognized keyword arguments passed to Model"):
        keras.Model(input=start, output=end)


def test_t2_10_optimizers_has_to_be_imported() -> None:
    """The bare module name is a NameError; `keras.optimizers.Adam` is the way."""
    cell = "net.compile(loss='mse', optimizer=optimizers.Adam())"
    assert missing_name(cell, {}) == "net"
    net = small_net()
    assert missing_name(cell, {"net": net}) == "optimizers"
    run_cell("from keras import optimizers\n" + cell, {"net": net})
    assert type(net.optimizer) is keras.optimizers.Adam
    assert float(net.optimizer.learning_rate) == pytest.approx(0.001)


def test_t2_11_a_shared_name_trains_the_wrong_model() -> None:
    """After a failed cell the old model is trained without a word; builders cannot do that."""
    x, y = clusters()
    names: dict[str, Any] = {"keras": keras, "small_net": small_net, "x": x, "y": y}
    run_cell("net = small_net()", names)
    dense_size = names["net"].count_params()
    with pytest.raises(ImportError):
        run_cell("from keras.models import Input\nnet = 'the convolutional one'", names)
    run_cell("net.compile('sgd', 'sparse_categorical_crossentropy')", names)
    run_cell("past = net.fit(x, y, verbose=0)", names)
    assert len(names["past"].history["loss"]) == 1
    assert names["net"].count_params() == dense_size == 93

    def convolutional() -> Any:
        sizes = [keras.Input((6, 1)), layers.Conv1D(4, 3), layers.Flatten(), layers.Dense(3)]
        return keras.Sequential(sizes)

    assert convolutional().count_params() == 67 != dense_size


def test_t2_12_names_in_fit_must_match_the_data() -> None:
    """A different capital or an unset batch size is a NameError; one convention trains."""
    x, y = clusters()
    names: dict[str, Any] = {"net": small_net(), "points": x, "kinds": y}
    cell = "past = net.fit(points, Kinds, batch_size=chunk, verbose=0)"
    assert missing_name(cell, names) == "Kinds"
    cell = cell.replace("Kinds", "kinds")
    assert missing_name(cell, names) == "chunk"
    names["chunk"] = 20
    run_cell(cell, names)
    assert names["past"].params["steps"] == 3


def test_t2_13_integer_labels_need_the_sparse_loss() -> None:
    """Integers with categorical_crossentropy differ in rank; two correct forms agree."""
    x, y = clusters()
    message = (
        "Arguments `target` and `output` must have the same rank (ndim). "
        "Received: target.shape=(None,), output.shape=(None, 3)"
    )
    net = small_net(loss="categorical_crossentropy")
    with pytest.raises(ValueError, match=re.escape(message)):
        net.fit(x, y, verbose=0)

    one_hot = net.evaluate(x, keras.utils.to_categorical(y, 3), verbose=0)
    net.compile(loss="sparse_categorical_crossentropy")
    assert net.evaluate(x, y, verbose=0) == pytest.approx(one_hot, rel=1e-5)


@pytest.mark.parametrize("name", ["weights-of-monday", "weights-of-monday.ckpt"])
def test_t2_14_weight_files_need_the_new_suffix(name: str, tmp_path: Path) -> None:
    """A path without a known suffix can be neither read nor written; .weights.h5 can."""
    net = small_net()
    message = f"File format not supported: filepath={tmp_path / name}."
    with pytest.raises(ValueError, match=re.escape(message)):
        net.load_weights(str(tmp_path / name))
    with pytest.raises(ValueError, match=re.escape("The filename must end in `.weights.h5`")):
        net.save_weights(tmp_path / name)

    net.save_weights(tmp_path / "monday.weights.h5")
    other = small_net()
    assert not weights_equal(net, other)
    other.load_weights(tmp_path / "monday.weights.h5")
    assert weights_equal(net, other)


@pytest.mark.filterwarnings("ignore:Skipping variable loading:UserWarning")
def test_t2_15_nothing_was_saved_to_load(tmp_path: Path) -> None:
    """A file that nothing wrote cannot be opened; a ModelCheckpoint writes one that can."""
    x, y = clusters()
    net = small_net()
    target = tmp_path / "last.weights.h5"
    net.fit(x, y, verbose=0)
    with pytest.raises(FileNotFoundError, match="unable to open file"):
        net.load_weights(target)

    save = keras.callbacks.ModelCheckpoint(target, save_weights_only=True)
    net.fit(x, y, verbose=0, callbacks=[save])
    other = small_net()
    other.load_weights(target)
    assert weights_equal(net, other)

    with pytest.raises(ValueError, match=re.escape("must end in `.keras`")):
        keras.callbacks.ModelCheckpoint("last")
    with pytest.raises(TypeError, match="unexpected keyword argument 'period'"):
        keras.callbacks.ModelCheckpoint("last.keras", period=2)


def test_t2_16_loading_weights_does_not_resume(tmp_path: Path) -> None:
    """Fresh optimizer state gives other losses; a built optimizer or load_model gives the same."""
    keras.utils.set_random_seed(0)
    x, y = clusters(90)
    fit = {"batch_size": 30, "epochs": 2, "shuffle": False, "verbose": 0}
    rate = 0.02
    first = small_net(optimizer=keras.optimizers.Adam(rate), run_eagerly=True)
    first.fit(x, y, **fit)
    first.save_weights(tmp_path / "half.weights.h5")
    first.save(tmp_path / "half.keras")
    uninterrupted = first.fit(x, y, **fit).history["loss"]

    plain = small_net(optimizer=keras.optimizers.Adam(rate), run_eagerly=True)
    with pytest.warns(UserWarning, match="Skipping variable loading for optimizer"):
        plain.load_weights(tmp_path / "half.weights.h5")
    assert int(plain.optimizer.iterations) == 0
    again = plain.fit(x, y, **fit)
    assert again.epoch == [0, 1]
    assert abs(again.history["loss"][1] - uninterrupted[1]) > 5e-3

    built = small_net(optimizer=keras.optimizers.Adam(rate), run_eagerly=True)
    built.optimizer.build(built.trainable_variables)
    built.load_weights(tmp_path / "half.weights.h5")
    assert int(built.optimizer.iterations) == 6
    resumed = built.fit(x, y, **(fit | {"initial_epoch": 2, "epochs": 4}))
    assert resumed.epoch == [2, 3]
    assert resumed.history["loss"] == pytest.approx(uninterrupted, abs=1e-5)

    whole = keras.models.load_model(tmp_path / "half.keras")
    assert int(whole.optimizer.iterations) == 6
    assert whole.fit(x, y, **fit).history["loss"] == pytest.approx(uninterrupted, abs=1e-5)


def test_t2_17_pyplot_has_to_be_imported() -> None:
    """The customary short name is not there by itself; its import line makes it."""
    cell = "plt.close(plt.figure())"
    assert missing_name(cell, {}) == "plt"
    run_cell("import matplotlib.pyplot as plt\n" + cell, {})


def test_t2_18_history_keys_follow_the_metric_string() -> None:
    """'accuracy' gives no 'acc' key, and a monitor of that name never stops the training."""
    x, y = clusters()
    net = small_net(metrics=["accuracy"], run_eagerly=True)
    deaf = keras.callbacks.EarlyStopping("val_acc", mode="max", patience=0)
    with pytest.warns(UserWarning, match="metric `val_acc` which is not available"):
        past = net.fit(x, y, epochs=4, validation_split=0.2, callbacks=[deaf], verbose=0)
    assert len(past.epoch) == 4
    assert set(past.history) == {"loss", "accuracy", "val_loss", "val_accuracy"}
    with pytest.raises(KeyError, match="'acc'"):
        past.history["acc"]
    assert all(len(values) == 4 for values in past.history.values())

    with pytest.raises(ValueError, match="received monitor=val_acc"):
        net.fit(x, y, callbacks=[keras.callbacks.EarlyStopping("val_acc")], verbose=0)

    hearing = keras.callbacks.EarlyStopping("val_accuracy", patience=0, baseline=2.0)
    past = net.fit(x, y, epochs=4, validation_split=0.2, callbacks=[hearing], verbose=0)
    assert len(past.epoch) == 2 < 4
    without = net.fit(x, y, verbose=0).history
    assert set(without) == {"loss", "accuracy"}

    short = small_net(metrics=["acc"], run_eagerly=True)
    assert set(short.evaluate(x, y, verbose=0, return_dict=True)) == {"loss", "acc"}


@pytest.mark.filterwarnings("ignore:FigureCanvasAgg is non-interactive:UserWarning")
def test_t2_19_show_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a display `show` leaves nothing behind; `savefig` writes a labelled picture."""
    import matplotlib.pyplot as plt

    monkeypatch.chdir(tmp_path)
    figure, axes = plt.subplots()
    try:
        axes.plot([0.9, 0.5, 0.3], label="training")
        assert axes.get_xlabel() == axes.get_ylabel() == axes.get_title() == ""
        plt.show()
        assert list(tmp_path.iterdir()) == []

        axes.set(xlabel="epoch", ylabel="loss", title="history")
        figure.savefig("history.png")
        assert (tmp_path / "history.png").read_bytes().startswith(b"\x89PNG")
    finally:
        plt.close(figure)


def test_t2_20_theano_is_no_backend() -> None:
    """Keras refuses Theano at import; the backend in use is one of today's."""
    done = subprocess.run(
        [sys.executable, "-c", "import keras"],
        env=os.environ | {"KERAS_BACKEND": "theano"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "ValueError: Unable to import backend : theano" in done.stderr
    assert keras.backend.backend() in {"tensorflow", "jax", "torch", "openvino"}


def test_t2_21_an_epoch_is_many_iterations() -> None:
    """One epoch makes ceil(n / batch) weight updates, not one."""
    net = small_net()
    done = 0
    for count, batch, updates in [(100, 32, 4), (1600, 128, 13)]:
        past = net.fit(*clusters(count), batch_size=batch, epochs=1, verbose=0)
        assert int(net.optimizer.iterations) - done == past.params["steps"] == updates
        assert updates == math.ceil(count / batch) != 1
        done += updates


def test_t2_22_the_last_layer_is_the_output() -> None:
    """Between input and output there is one hidden layer; Dropout has no weights."""
    stack = [layers.Dense(8, "relu"), layers.Dropout(0.3), layers.Dense(1, "sigmoid")]
    net = keras.Sequential([keras.Input((20,)), *stack])
    assert [layer.count_params() for layer in net.layers] == [168, 0, 9]
    assert net.output_shape == net.layers[-1].output.shape == (None, 1)
    assert (100 + 1) * 64 + (64 + 1) * 1 == 6529


def test_t2_23_two_hidden_layers_and_an_output() -> None:
    """Three weighted layers are two hidden ones and the output; the input is an object apart."""
    stack = [layers.Dense(7, "relu"), layers.Dropout(0.2), layers.Dense(5, "relu")]
    net = keras.Sequential([keras.Input((11,)), *stack, layers.Dropout(0.2), layers.Dense(4)])
    weighted = [layer for layer in net.layers if layer.count_params()]
    assert [layer.count_params() for layer in weighted] == [84, 40, 24]
    assert len(weighted[:-1]) == 2
    assert len(net.layers) == 5
    assert not any(isinstance(layer, layers.InputLayer) for layer in net.layers)
    assert 785 * 64 + 65 * 64 + 65 * 10 == 55_050


def test_t2_24_same_padding_keeps_height_and_width() -> None:
    """'same' keeps both sizes at stride 1 only; at stride 2 the ratio stays, the sizes do not."""
    shape = (None, 28, 20, 1)

    def after(padding: str, strides: int) -> Any:
        return layers.Conv2D(2, 3, padding=padding, strides=strides).compute_output_shape(shape)

    assert after("same", 1) == (None, 28, 20, 2)
    assert after("valid", 1) == (None, 26, 18, 2)
    assert after("same", 2) == (None, 14, 10, 2)


def test_t2_25_compile_takes_no_epochs() -> None:
    """`compile` refuses epochs and batch size; `fit` takes them, the optimizer the rate."""
    for setting in ("epochs", "batch_size"):
        message = f"compile() got an unexpected keyword argument '{setting}'"
        with pytest.raises(TypeError, match=re.escape(message)):
            small_net(**{setting: 20})

    net = small_net(optimizer=keras.optimizers.SGD(learning_rate=0.25))
    past = net.fit(*clusters(60), epochs=3, batch_size=15, verbose=0)
    assert float(net.optimizer.learning_rate) == 0.25
    assert (len(past.epoch), past.params["steps"]) == (3, 4)


def test_t2_26_validation_split_takes_the_last_rows() -> None:
    """The split is the tail of the arrays before shuffling: ordered labels ruin it."""
    x = np.ones((100, 1), "float32")
    y = np.repeat([0.0, 1.0], [80, 20])
    constant = keras.Sequential([keras.Input((1,)), layers.Dense(1, kernel_initializer="zeros")])
    constant.compile(keras.optimizers.SGD(0.0), "mse", metrics=["accuracy"], run_eagerly=True)
    past = constant.fit(x, y, validation_split=0.2, verbose=0).history
    assert past["accuracy"] == [1.0]
    assert past["val_accuracy"] == [0.0]

    keras.utils.set_random_seed(2)
    x, y = clusters(300, classes=5)
    net = small_net(5, optimizer=keras.optimizers.Adam(0.05), metrics=["accuracy"])
    start = net.get_weights()
    scores = []
    fit: dict[str, Any] = {"epochs": 3, "batch_size": 8, "validation_split": 0.2, "verbose": 0}
    for order in (np.argsort(y, kind="stable"), np.random.default_rng(0).permutation(300)):
        net.set_weights(start)
        past = net.fit(x[order], y[order], **fit).history
        scores.append((past["accuracy"][-1], past["val_accuracy"][-1]))
    (sorted_train, sorted_val), (mixed_train, mixed_val) = scores
    assert sorted_train > 0.9
    assert sorted_val < 0.05
    assert min(mixed_train, mixed_val) > 0.9


def test_t2_27_fit_saves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After `fit` the folder is empty; `save` writes a file that predicts the same."""
    monkeypatch.chdir(tmp_path)
    x, y = clusters()
    net = small_net(run_eagerly=True)
    net.fit(x, y, epochs=2, verbose=0)
    assert list(tmp_path.iterdir()) == []

    net.save("trained.keras")
    back = keras.models.load_model("trained.keras")
    assert [path.name for path in tmp_path.iterdir()] == ["trained.keras"]
    assert np.array_equal(back.predict(x, verbose=0), net.predict(x, verbose=0))
