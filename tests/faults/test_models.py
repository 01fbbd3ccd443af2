"""Models of unknown origin: loaded safely, or refused in a line that names the file."""

import io
import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keras import layers
from keras.src.backend.common import global_state

from kerastut.runs.saved_model import load_model

from .corpus import damaged, fuzz, trials

Content = dict[str, bytes]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "good.keras"
    inputs = keras.Input((4,))
    hidden = layers.Dense(3, activation="relu", name="hidden")(inputs)
    model = keras.Model(inputs, layers.Dense(2, name="last")(hidden))
    model.compile("adam", "mse")
    model.optimizer.build(model.trainable_variables)  # Keras warns when it reads an unbuilt one
    model.save(path)
    return path


def members(path: Path) -> Content:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewritten(path: Path, content: Content) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def refused(path: Path) -> str:
    with trials("model") as attempt:
        text = attempt(path, lambda: load_model(path))
    assert text, "was accepted"
    return text


def test_a_good_model(saved: Path) -> None:
    x = np.ones((2, 4), np.float32)
    expected = keras.models.load_model(saved).predict(x, verbose=0)
    loaded = load_model(saved)
    np.testing.assert_array_equal(loaded.predict(x, verbose=0), expected)
    assert loaded.compiled


def without(name: str) -> Callable[[Content], Content]:
    return lambda found: {key: value for key, value in found.items() if key != name}


def edited(old: str, new: str) -> Callable[[Content], Content]:
    def edit(found: Content) -> Content:
        config = found["config.json"].decode()
        assert old in config
        return found | {"config.json": config.replace(old, new, 1).encode()}

    return edit


def added(name: str) -> Callable[[Content], Content]:
    return lambda found: found | {name: b"content"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without("config.json"), "config.json is missing. Save the model again with model.save."),
        (without("model.weights.h5"), "model.weights.h5 is missing."),
        (lambda found: found | {"config.json": b"{"}, "Its config.json is not JSON."),
        (lambda found: found | {"config.json": b"\xff\xfe"}, "Its config.json is not JSON."),
        (lambda found: found | {"config.json": b"[]"}, "its config.json describes no model."),
        (lambda found: found | {"config.json": b'"text"'}, "its config.json describes no model."),
        (lambda found: found | {"config.json": b"null"}, "its config.json describes no model."),
        (lambda found: found | {"model.weights.h5": b""}, "Save it again with this version of"),
        (lambda found: found | {"model.weights.h5": b"x" * 999}, "Save it again with this version"),
        (edited('"class_name": "Functional"', '"class_name": "Nothing"'), "Could not"),
        (edited('"units": 3', '"units": 5'), "Save the model again with this version of Keras."),
        (edited('"units": 3', '"units": -3'), "Save the model again with this version of Keras."),
        (
            edited('"units": 3', '"units": "many"'),
            "Save the model again with this version of Keras.",
        ),
        (
            edited('"units": 3', '"units": 1000000000'),
            "received input with shape (None, 1000000000). Save the model again with this version",
        ),
        (edited('"units": 3', '"units": 1e999'), "Save the model again with this version of"),
        (edited('"relu"', '"get_file"'), "Save the model again with this version of Keras."),
        (
            edited(
                '"module": "keras.layers", "class_name": "Dense"',
                '"module": "os", "class_name": "system"',
            ),
            "layer 'hidden': is of the class system, which is not registered here. Import the",
        ),
        (
            edited('"class_name": "Dense"', '"class_name": "TFSMLayer"'),
            "layer 'hidden': holds a TFSMLayer, which can run any code and is never loaded.",
        ),
        (
            edited(
                '"module": "keras.layers", "class_name": "Dense"',
                '"module": "keras.utils", "class_name": "get_file"',
            ),
            "not a modeling function",
        ),
        (added("../out"), "its member '../out' leaves the archive's folder. Do not use this file."),
        (added("assets/../../out"), "leaves the archive's folder."),
        (added("/tmp/out"), "leaves the archive's folder."),
        (added("..\\out"), "leaves the archive's folder."),
    ],
)
def test_bad_models(
    saved: Path, tmp_path: Path, change: Callable[[Content], Content], message: str
) -> None:
    path = rewritten(tmp_path / "bad.keras", change(members(saved)))
    assert message in refused(path)
    assert [child.name for child in tmp_path.iterdir()] == ["bad.keras"]


def test_files_that_are_no_models(saved: Path, tmp_path: Path) -> None:
    path, content = tmp_path / "bad.keras", saved.read_bytes()
    assert "No such file or directory. Expected a .keras file: check the path." in refused(path)
    for short in (len(content) // 2, len(content) - 4):
        path.write_bytes(content[:short])
        assert "File is not a zip file. Expected a .keras file: the file is dam" in refused(path)
    path.write_bytes(b"")
    assert "expected a .keras file, received an empty file." in refused(path)
    path.unlink()
    path.mkdir()
    assert "expected a .keras file, received a folder." in refused(path)
    os.mkfifo(tmp_path / "pipe.keras")
    assert "received a device or pipe." in refused(tmp_path / "pipe.keras")
    assert "the old HDF5 format. Convert it: kerastut convert" in refused(tmp_path / "old.h5")
    assert "its name must end in .keras." in refused(tmp_path / "saved_model")


def test_a_flipped_bit_of_the_weights(saved: Path, tmp_path: Path) -> None:
    content = bytearray(saved.read_bytes())
    place = content.index(b"\x89HDF") + 3000
    content[place] ^= 1
    (tmp_path / "bad.keras").write_bytes(content)
    text = refused(tmp_path / "bad.keras")
    assert "its member model.weights.h5 is damaged: the CRC differs. Get the file again." in text


def test_a_lambda_is_never_executed(tmp_path: Path) -> None:
    marker, path = tmp_path / "executed", tmp_path / "lambda.keras"
    name = str(marker)
    harmful = layers.Lambda(lambda x: (__import__("pathlib").Path(name).touch(), x)[1], name="harm")
    keras.Sequential([keras.Input((2,)), harmful]).save(path)
    marker.unlink()
    text = refused(path)
    assert "layer 'harm': holds a Lambda, which can run any code and is never loaded." in text
    # The same code in a layer of another kind.
    content = members(path)
    hidden = content["config.json"].replace(b'"Lambda"', b'"Identity"')
    rewritten(path, content | {"config.json": hidden})
    assert "layer 'harm': holds a __lambda__, which can run any code" in refused(path)
    assert not marker.exists()
    rewritten(path, content)
    keras.models.load_model(path, safe_mode=False)
    assert marker.exists(), "the test's own Lambda does no harm"


def test_a_lambda_is_refused_though_unsafe_loading_is_enabled(tmp_path: Path) -> None:
    path = tmp_path / "lambda.keras"
    keras.Sequential([keras.Input((2,)), layers.Lambda(lambda x: x, name="harm")]).save(path)
    keras.config.enable_unsafe_deserialization()
    try:
        assert "layer 'harm': holds a Lambda" in refused(path)
    finally:
        global_state.set_global_attribute("safe_mode_saving", None)


def test_a_class_of_ones_own(tmp_path: Path) -> None:
    class Own(layers.Layer):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x

    path = tmp_path / "own.keras"
    keras.Sequential([keras.Input((2,)), Own(name="mine")]).save(path)
    text = refused(path)
    assert "layer 'mine': is of the class Own, which is not registered here. Import the" in text
    with keras.saving.custom_object_scope({"Own": Own}):
        assert load_model(path).layers[-1].name == "mine"


def test_a_vocabulary_is_not_read_from_other_files(tmp_path: Path) -> None:
    secret, path = tmp_path / "secret.txt", tmp_path / "words.keras"
    secret.write_text("user\npassword\n")
    lookup = layers.StringLookup(vocabulary=["user", "password"], name="words")
    keras.Sequential([keras.Input((1,), dtype="string"), lookup]).save(path)
    content = members(path)
    found = content["config.json"].replace(
        b'["user", "password"]', json.dumps(str(secret)).encode()
    )
    assert found != content["config.json"]
    rewritten(path, content | {"config.json": found})
    assert "Save the model again with this version of Keras." in refused(path)


def test_damaged_files(saved: Path, tmp_path: Path) -> None:
    path, good = tmp_path / "bad.keras", saved.read_bytes()

    @fuzz(60)
    @given(damaged(good) | st.binary(max_size=60))
    def run(content: bytes) -> None:
        path.write_bytes(content)
        attempt(path, lambda: load_model(path))

    with trials("model") as attempt:
        run()


VALUES = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=5)
    | st.sampled_from(["Dense", "Lambda", "keras.layers", "os", [], {}, [None, 4], 10**12, -9, 0.5])
)  # fmt: skip


def test_damaged_configs(saved: Path, tmp_path: Path) -> None:
    """One value of the config is replaced by another, below the zip's CRC."""
    path, content = tmp_path / "bad.keras", members(saved)
    places = list(paths_of(json.loads(content["config.json"])))

    @fuzz(60)
    @given(st.sampled_from(places), VALUES)
    def run(place: tuple[Any, ...], value: Any) -> None:
        config = json.loads(content["config.json"])
        node = config
        for key in place[:-1]:
            node = node[key]
        node[place[-1]] = value
        rewritten(path, content | {"config.json": json.dumps(config).encode()})
        attempt(path, lambda: load_model(path))

    with trials("model") as attempt:
        run()


def test_damaged_weights(saved: Path, tmp_path: Path) -> None:
    """The weights are damaged below the zip's CRC: what loads may hold other numbers."""
    path, content = tmp_path / "bad.keras", members(saved)

    @fuzz(30)
    @given(damaged(content["model.weights.h5"]))
    def run(weights: bytes) -> None:
        rewritten(path, content | {"model.weights.h5": weights})
        attempt(path, lambda: load_model(path))

    with trials("model") as attempt:
        run()


def paths_of(node: Any, place: tuple[Any, ...] = ()) -> Any:
    children = node.items() if isinstance(node, dict) else enumerate(node)
    for key, child in children:
        yield (*place, key)
        if isinstance(child, (dict, list)):
            yield from paths_of(child, (*place, key))


def test_an_archive_with_a_member_twice(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "bad.keras"
    path.write_bytes(saved.read_bytes())
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(path, "a") as archive,
    ):
        archive.writestr("config.json", b"{}")
    assert "its member config.json stands there 2 times;" in refused(path)


def test_an_encrypted_member(saved: Path, tmp_path: Path) -> None:
    path, content = tmp_path / "bad.keras", bytearray(saved.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    path.write_bytes(content)
    assert "is encrypted, password required for extraction. Expected a .keras" in refused(path)


def test_a_buffer_is_no_path() -> None:
    with pytest.raises(TypeError):
        load_model(io.BytesIO())  # type: ignore[arg-type]
