"""TensorFlow Datasets: prepared on disk, refused within seconds where there is no network."""

import re
import socket
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf
import tensorflow_datasets as tfds

import kerastut
from kerastut import DataOptions
from kerastut.arrays import Array
from kerastut.data.tfds import downloading
from kerastut.data.tfds.downloading import unreachable
from kerastut.errors import DataError, KerastutError, UnknownNameError

NAMES = ["circle", "square", "star"]
MNIST = "https://storage.googleapis.com/cvdf-datasets/mnist/train-images-idx3-ubyte.gz"


def store(folder: Path, x: dict[str, Any], feature: Any, **label: Any) -> str:
    """Prepares a data set named `shapes`; returns its folder.

    Args:
        folder: Of prepared data.
        x: Samples of each split.
        feature: What a sample is.
        **label: A label for all samples of a split, in place of 0, 1, 2, 0, ...
    """

    def samples(split: str, values: Any) -> Any:
        for number, value in enumerate(values):
            yield number, {"sample": value, "kind": label.get(split, number % len(NAMES))}

    kind = tfds.features.ClassLabel(names=NAMES)
    features = tfds.features.FeaturesDict({"sample": feature, "kind": kind})
    tfds.dataset_builders.store_as_tfds_dataset(
        name="shapes",
        version="1.0.0",
        features=features,
        split_datasets={split: list(samples(split, values)) for split, values in x.items()},
        data_dir=folder,
        disable_shuffling=True,
    )
    return str(folder)


def images(count: int, height: int = 12, width: int = 10) -> Array:
    return np.random.default_rng(count).integers(0, 256, (count, height, width, 3), np.uint8)


def load(data_dir: str, **options: Any) -> Any:
    return kerastut.load("tfds:shapes", options=DataOptions(data_dir=data_dir, **options))


def test_images_keep_their_pixels_and_order(tmp_path: Path) -> None:
    x = {"train": images(40), "test": images(9)}
    data = load(store(tmp_path, x, tfds.features.Image(shape=(12, 10, 3))))
    assert [len(part) for part in (data.train, data.validation, data.test)] == [36, 4, 9]
    np.testing.assert_array_equal(data.test.x, x["test"])
    assert data.test.y.tolist() == [0, 1, 2] * 3
    assert (str(data.train.x.dtype), str(data.train.y.dtype)) == ("uint8", "int32")
    assert data.classes == tuple(NAMES)
    assert data.source == "tfds:shapes: shapes/1.0.0 of TensorFlow Datasets, sample and kind"


def test_the_validation_part_is_a_tenth_of_train_by_the_seed(tmp_path: Path) -> None:
    x = {"train": images(90), "test": images(9)}
    options = DataOptions(data_dir=store(tmp_path, x, tfds.features.Image(shape=(12, 10, 3))))
    one, again, other = (
        kerastut.load("tfds:shapes", seed=seed, options=options) for seed in (1, 1, 2)
    )
    assert np.bincount(one.validation.y).tolist() == [3, 3, 3]
    np.testing.assert_array_equal(one.validation.x, again.validation.x)
    assert not np.array_equal(one.validation.x, other.validation.x)
    np.testing.assert_array_equal(one.test.x, other.test.x)
    assert one.sha256 == other.sha256
    assert len(kerastut.load("tfds:shapes", limit=5, options=options).train) == 5


def test_images_of_many_sizes_are_resized(tmp_path: Path) -> None:
    sizes = [(12, 10), (40, 33), (28, 28), (7, 90)]
    mixed = [np.full((*sizes[n % 4], 3), 5 * n, np.uint8) for n in range(48)]
    folder = store(tmp_path, {"train": mixed}, tfds.features.Image())
    data = load(folder)
    assert data.train.x.shape == (38, 28, 28, 3)
    assert len(data.test) == len(data.validation) == 5
    assert all(len(np.unique(picture)) == 1 for picture in data.train.x)
    assert "sample and kind, resized to 28x28; no part test, so one is drawn" in data.source
    assert load(folder, image_size=(9, 8)).train.x.shape[1:] == (9, 8, 3)


def test_a_recipe_trains_on_prepared_images_and_resumes(tmp_path: Path) -> None:
    x = {"train": images(40), "test": images(9)}
    folder = store(tmp_path / "prepared", x, tfds.features.Image(shape=(12, 10, 3)))
    settings: dict[str, Any] = {
        "data": "tfds:shapes",
        "data_options": DataOptions(data_dir=folder),
        "output_dir": tmp_path / "run",
        "verbose": 0,
        "units": 8,
    }
    run = kerastut.run("mlp-mnist", epochs=1, **settings)
    assert run.model.input_shape[1:] == (12, 10, 3)
    assert kerastut.run("mlp-mnist", epochs=2, resume=True, **settings).epochs == 2


def test_texts_with_a_validation_split_alone(tmp_path: Path) -> None:
    texts = [f"第{number}条" for number in range(60)]
    x = {"train": texts[:45], "validation": texts[45:], "unsupervised": texts[:3]}
    data = load(store(tmp_path, x, tfds.features.Text()))
    assert data.test.x.tolist() == texts[45:]
    assert len(data.validation) == 4
    assert data.source.endswith("without unsupervised; no part test, so validation is the test")


def test_a_test_split_without_labels_is_left_out(tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(60)]
    x = {"train": texts[:40], "validation": texts[40:50], "test": texts[50:]}
    data = load(store(tmp_path, x, tfds.features.Text(), test=-1))
    assert data.test.x.tolist() == texts[40:50]
    assert data.source.endswith("without test; no part test, so validation is the test")


def test_data_that_are_not_of_classes_are_named(tmp_path: Path) -> None:
    speech = tfds.features.Tensor(shape=(3,), dtype=tf.float32)
    folder = store(tmp_path, {"train": np.zeros((9, 3), np.float32)}, speech)
    message = (
        "tfds:shapes: expected one image or text and one class label, received kind (ClassLabel),"
        " sample (Tensor)."
    )
    with pytest.raises(DataError, match=re.escape(message)):
        load(folder)


def test_a_damaged_file_is_one_line(tmp_path: Path) -> None:
    folder = store(tmp_path, {"train": images(9), "test": images(9)}, tfds.features.Image())
    (path,) = tmp_path.rglob("*train*tfrecord*")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"^tfds:shapes: cannot be read from .*shapes") as caught:
        load(folder)
    assert "\n" not in str(caught.value)
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match="cannot be read from"):
        load(folder)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("tfds:fashion_mnits", "has no 'fashion_mnits'. Did you mean fashion_mnist"),
        ("tfds:shapes:2.0.0", "has no 'shapes:2.0.0'"),
        ("tfds:", "Expected tfds:NAME, tfds:NAME/CONFIG or tfds:NAME:1.2.3; received 'tfds:'."),
        ("tfds:../shapes", "Expected tfds:NAME"),
        ("tfds:huggingface:imdb", "Expected tfds:NAME"),
        ("tfds:mnist:9.9.9", "mnist"),
        ("tfds:mnist/no_config", "mnist"),
    ],
)
def test_names_that_are_none(name: str, message: str) -> None:
    with pytest.raises(KerastutError, match=re.escape(message)) as caught:
        kerastut.load(name)
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, (UnknownNameError, DataError))


def test_data_that_are_not_prepared_without_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "create_connection", refuse)
    start = time.monotonic()
    with pytest.raises(DataError) as caught:
        kerastut.load("tfds:mnist", options=DataOptions(data_dir=str(tmp_path)))
    assert time.monotonic() - start < 10
    assert str(caught.value) == (
        f"tfds:mnist: not prepared in {tmp_path}/mnist/3.0.1, and storage.googleapis.com cannot be"
        ' reached. On a machine with a network run: python -c "import tensorflow_datasets as tfds;'
        " tfds.builder('mnist').download_and_prepare()\" and copy its ~/tensorflow_datasets here;"
        " then pass --data-dir COPY."
    )
    assert list(tmp_path.iterdir()) == []


def refuse(place: tuple[str, int], timeout: float) -> socket.socket:
    raise OSError("no network")


def test_a_download_that_fails_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any, **options: Any) -> None:
        raise ConnectionError("reset\nby peer")

    monkeypatch.setattr(downloading, "unreachable", lambda urls: [])
    monkeypatch.setattr(tfds.core.DatasetBuilder, "download_and_prepare", fail)
    with pytest.raises(DataError, match="tfds:mnist: cannot be prepared: reset by peer"):
        kerastut.load("tfds:mnist", options=DataOptions(data_dir=str(tmp_path)))


def test_hosts_that_answer_refuse_and_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    connect = socket.create_connection

    def slow(place: tuple[str, int], timeout: float) -> socket.socket:
        if place[0] == "hangs.invalid":  # as a resolver that gets no answer, for no timeout
            time.sleep(2)
        return connect(place, timeout)

    monkeypatch.setattr(socket, "create_connection", slow)
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        answers = f"http://127.0.0.1:{server.getsockname()[1]}/file"
        refuses = f"http://localhost:{closed.getsockname()[1]}/file"
        start = time.monotonic()
        found = unreachable([answers, refuses, "https://hangs.invalid/x", "no address"], 0.5)
    assert time.monotonic() - start < 1.5
    assert found == ["localhost", "hangs.invalid", "no address"]


def test_a_proxy_is_tried_in_place_of_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{server.getsockname()[1]}")
        monkeypatch.setenv("no_proxy", "direct.invalid")
        assert unreachable(["https://far.invalid/x"], 1.0) == []
        assert unreachable(["https://direct.invalid/x"], 1.0) == ["direct.invalid"]


@pytest.mark.network
def test_mnist_of_tensorflow_datasets_is_our_mnist(tmp_path: Path) -> None:
    if unreachable([MNIST]):
        pytest.skip("storage.googleapis.com cannot be reached")
    theirs = kerastut.load("tfds:mnist", options=DataOptions(data_dir=str(tmp_path)))
    ours = kerastut.load("mnist")
    assert len(theirs.test) == len(ours.test)
    rows = {picture.tobytes() for picture in ours.test.x}
    assert {picture.tobytes() for picture in theirs.test.x} == rows
