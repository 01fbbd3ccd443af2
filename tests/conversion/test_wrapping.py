"""SavedModel folders of which Keras told nothing: called where they only compute, else refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

import kerastut
from kerastut.conversion.old import ConversionError

X = np.array([[1.0, 2.0, 3.0]], "float32")


class Module(tf.Module):  # type: ignore[misc]
    """A model of TensorFlow's own, with a variable."""

    def __init__(self, also: Callable[[], Any]) -> None:
        super().__init__()
        self.also = also
        self.kernel = tf.Variable(tf.ones((3, 2)))

    @tf.function(input_signature=[tf.TensorSpec((None, 3), tf.float32, name="x")])  # type: ignore[untyped-decorator]
    def serve(self, x: Any) -> dict[str, Any]:
        self.also()
        return {"y": x @ self.kernel}


def folder(path: Path, also: Callable[[], Any] = lambda: None) -> Path:
    module = Module(also)
    tf.saved_model.save(module, str(path), signatures=module.serve)
    return path


def test_what_only_computes_is_called(tmp_path: Path) -> None:
    model = kerastut.convert(folder(tmp_path / "plain"))
    assert np.asarray(model(X)["y"]).tolist() == [[6.0, 6.0]]
    assert model.input_shape == (None, 3)


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("WriteFile", lambda: tf.io.write_file("written", "x")),
        ("ReadFile", lambda: tf.io.read_file("/etc/hostname")),
        ("MatchingFiles", lambda: tf.io.matching_files("/etc/*")),
        ("PrintV2", lambda: tf.print("x")),
        (
            "__inference_serve",
            lambda: tf.raw_ops.SaveV2(
                prefix="written", tensor_names=["x"], shape_and_slices=[""], tensors=[tf.ones(1)]
            ),
        ),
    ],
)
def test_what_reaches_out_is_refused(name: str, also: Callable[[], Any], tmp_path: Path) -> None:
    path = folder(tmp_path / "bad", also)
    with pytest.raises(ConversionError, match=f"its graph holds {name}") as refusal:
        kerastut.convert(path)
    assert "\n" not in str(refusal.value)
    assert not Path("written").exists()


def test_the_signature_must_be_one_that_keras_calls(tmp_path: Path) -> None:
    path = folder(tmp_path / "plain")
    graph = path / "saved_model.pb"
    content = graph.read_bytes()
    graph.write_bytes(content.replace(b"serving_default", b"serving_defeats"))
    with pytest.raises(ConversionError, match="expected a function serving_default"):
        kerastut.convert(path)
