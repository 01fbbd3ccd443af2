"""Pictures too large for memory: decoded once into files, trained from there to the same bits."""

import json
import os
import re
import shutil
import signal
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow_datasets as tfds

import kerastut
from kerastut import DataOptions
from kerastut.arrays import Array
from kerastut.data.splits import Data, Rows, is_mapped
from kerastut.data.tfds import reading as room
from kerastut.data.tfds.stored import Stored
from kerastut.errors import DataError
from kerastut.export import export
from kerastut.runs import artifacts
from kerastut.runs.interrupts import Interrupted
from kerastut.runs.resume import checkpoint as checkpoints
from kerastut.runs.resume import keeper as checkpointing

SHAPE = (12, 10, 3)
COUNTS = {"train": 203, "validation": 105, "test": 111}
SETTINGS: dict[str, Any] = {"epochs": 2, "batch_size": 16, "verbose": 0, "units": 8}


@pytest.fixture(autouse=True)
def without_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawing takes longer than these trainings, and is tested elsewhere."""
    monkeypatch.setattr(artifacts, "draw", lambda run, folder: [])


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Returns a function that prepares a data set of these splits, once."""
    made: dict[tuple[str, ...], Path] = {}

    def prepared(*splits: str) -> Path:
        if splits not in made:
            made[splits] = _store(tmp_path_factory.mktemp("prepared"), splits)
        return made[splits]

    return prepared


@pytest.fixture
def folder(tmp_path: Path, prepared: Callable[..., Path]) -> Path:
    """Returns a prepared data set of train and test that nothing was decoded from yet."""
    copy = tmp_path / "prepared"
    ignored = shutil.ignore_patterns("decoded")
    return Path(shutil.copytree(prepared("train", "test"), copy, ignore=ignored))


@pytest.fixture
def small_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes any picture too large for memory."""
    monkeypatch.setattr(room, "available_memory", lambda: 0)


def _store(folder: Path, splits: tuple[str, ...]) -> Path:
    kind = tfds.features.ClassLabel(names=["circle", "square", "star"])
    image = tfds.features.Image(shape=SHAPE)
    tfds.dataset_builders.store_as_tfds_dataset(
        name="shapes",
        version="1.0.0",
        features=tfds.features.FeaturesDict({"image": image, "kind": kind}),
        split_datasets={split: list(_samples(COUNTS[split])) for split in splits},
        data_dir=folder,
        disable_shuffling=True,
    )
    return folder


def _samples(count: int) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, image in enumerate(_images(count)):
        yield number, {"image": image, "kind": number % 3}


def _images(count: int) -> Array:
    return np.random.default_rng(count).integers(0, 256, (count, *SHAPE), np.uint8)


def _load(folder: Path, **options: Any) -> Data:
    return kerastut.load("tfds:shapes", options=DataOptions(data_dir=str(folder)), **options)


def _run(folder: Path, **settings: Any) -> kerastut.Run:
    options = DataOptions(data_dir=str(folder))
    return kerastut.run("mlp-mnist", data="tfds:shapes", data_options=options, **settings)


def _decoded(folder: Path) -> Path:
    return folder / "shapes" / "1.0.0" / "decoded"


@pytest.mark.parametrize("splits", [("train", "validation", "test"), ("train", "test"), ("train",)])
def test_a_training_from_files_has_the_bits_of_one_in_memory(
    splits: tuple[str, ...], prepared: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = prepared(*splits)
    expected = _run(folder, **SETTINGS)
    monkeypatch.setattr(room, "available_memory", lambda: 0)
    found = _run(folder, **SETTINGS)
    for split in ("train", "validation", "test"):
        mapped, array = (getattr(run.data, split) for run in (found, expected))
        assert (is_mapped(mapped.x), is_mapped(array.x)) == (True, False)
        np.testing.assert_array_equal(mapped.x, array.x)
        np.testing.assert_array_equal(mapped.y, array.y)
        assert found.predict(split).tobytes() == expected.predict(split).tobytes()
    assert (found.history, found.metrics) == (expected.history, expected.metrics)
    assert (found.data.sha256, found.data.source) == (expected.data.sha256, expected.data.source)
    for one, other in zip(found.model.get_weights(), expected.model.get_weights(), strict=True):
        assert one.tobytes() == other.tobytes()


def test_a_stopped_training_from_files_resumes_to_the_same_bits(
    folder: Path, tmp_path: Path, small_memory: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _run(folder, output_dir=tmp_path / "whole", **SETTINGS)
    monkeypatch.setattr(checkpointing, "SHARE", float("inf"))  # save after every call
    monkeypatch.setattr(checkpointing, "LONGEST", 0.0)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "save", _stopping(checkpoints.save, 3))
        with pytest.raises(Interrupted):
            _run(folder, output_dir=tmp_path / "cut", **SETTINGS)
    again = _run(folder, output_dir=tmp_path / "cut", resume=True, **SETTINGS)
    assert (again.history, again.metrics) == (whole.history, whole.metrics)
    records = [json.loads((tmp_path / name / "run.json").read_text()) for name in ("cut", "whole")]
    assert records[0]["data_sha256"] == records[1]["data_sha256"]
    for one, other in zip(again.model.get_weights(), whole.model.get_weights(), strict=True):
        assert one.tobytes() == other.tobytes()


def _stopping(save: Callable[..., None], number: int) -> Callable[..., None]:
    calls = iter(range(1, 1000))

    def stopping(*arguments: Any) -> None:
        save(*arguments)
        if next(calls) == number:
            os.kill(os.getpid(), signal.SIGINT)

    return stopping


def test_the_pictures_are_decoded_once(
    folder: Path, small_memory: None, capsys: pytest.CaptureFixture[str]
) -> None:
    first = _load(folder)
    (place,) = (path for path in _decoded(folder).iterdir() if path.is_dir())
    told = f"tfds:shapes: too large for memory, decoding once into {place} (0.1 MB)\n"
    assert capsys.readouterr().err == told
    np.testing.assert_array_equal(np.load(place / "test-images.npy"), _images(COUNTS["test"]))
    again = _load(folder)
    assert capsys.readouterr().err == ""
    np.testing.assert_array_equal(first.train.x, again.train.x)


def test_another_size_is_decoded_beside(folder: Path, small_memory: None) -> None:
    _load(folder)
    options = DataOptions(data_dir=str(folder), image_size=(6, 5))
    assert kerastut.load("tfds:shapes", options=options).test.x.shape == (111, 6, 5, 3)
    assert _load(folder).test.x.shape == (111, *SHAPE)


@pytest.mark.parametrize(
    ("file", "change"),
    [
        *(("train-images.npy", change) for change in ("short", "long", "empty", "garbage")),
        *(("test-labels.npy", change) for change in ("short", "missing")),
    ],
)
def test_a_damaged_file_is_decoded_again(
    file: str, change: str, folder: Path, small_memory: None
) -> None:
    expected = np.asarray(_load(folder).train.x)
    (path,) = _decoded(folder).rglob(file)
    _damage(path, change)
    data = _load(folder)
    np.testing.assert_array_equal(data.train.x, expected)
    np.testing.assert_array_equal(data.test.x, _images(COUNTS["test"]))
    assert data.test.y.tolist() == [0, 1, 2] * 37


def _damage(path: Path, change: str) -> None:
    content = path.read_bytes()
    path.unlink()
    changed = {"short": content[:-1], "long": content + b"0", "empty": b"", "garbage": b"x" * 999}
    if change in changed:
        path.write_bytes(changed[change])


@pytest.mark.parametrize("error", [KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_an_interrupted_decoding_leaves_nothing(
    error: BaseException, folder: Path, small_memory: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Stored.batches

    def cut(stored: Stored, split: str) -> Iterator[tuple[Array, Array]]:
        yield next(whole(stored, split))
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Stored, "batches", cut)
        with pytest.raises((KeyboardInterrupt, DataError)) as caught:
            _load(folder)
    if isinstance(error, OSError):
        assert re.fullmatch(
            r"tfds:shapes: cannot be decoded into .*: No space left on device\. Pass --data-dir .*",
            str(caught.value),
        )
    assert [path.name for path in _decoded(folder).iterdir()] == ["lock"]
    assert len(_load(folder).test) == COUNTS["test"]


def test_what_a_killed_process_left_is_removed(folder: Path, small_memory: None) -> None:
    _load(folder)
    (place,) = (path for path in _decoded(folder).iterdir() if path.is_dir())
    place.rename(place.with_name(f".{place.name}-left"))
    _load(folder)
    assert sorted(path.name for path in _decoded(folder).iterdir()) == sorted([place.name, "lock"])


def test_fewer_samples_than_announced_are_refused(
    folder: Path, small_memory: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Stored.batches
    monkeypatch.setattr(Stored, "batches", lambda *arguments: [next(whole(*arguments))])
    message = "tfds:shapes: expected 203 samples in train, received 100. Prepare it again."
    with pytest.raises(DataError, match=re.escape(message)):
        _load(folder)
    assert [path.name for path in _decoded(folder).iterdir()] == ["lock"]


def test_a_full_disk_is_told_before_anything_is_written(
    folder: Path, small_memory: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(54_321))
    message = (
        f"tfds:shapes: too large for memory, and decoding it into {_decoded(folder)} takes 0.1 MB;"
        " the disk has 0.1 MB free. Pass --data-dir with a copy on a disk that has room, or a"
        " smaller --image-size."
    )
    with pytest.raises(DataError) as caught:
        _load(folder)
    assert str(caught.value) == message
    assert [path.name for path in _decoded(folder).iterdir()] == ["lock"]


def test_a_limit_takes_the_same_samples(
    folder: Path, small_memory: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapped = _load(folder, limit=30, seed=4)
    assert isinstance(mapped.test.x, Rows)
    monkeypatch.undo()
    array = _load(folder, limit=30, seed=4)
    np.testing.assert_array_equal(mapped.train.x, array.train.x)
    np.testing.assert_array_equal(mapped.test.x, array.test.x)


def test_an_export_is_compared_on_pictures_in_files(
    folder: Path, tmp_path: Path, small_memory: None
) -> None:
    run = _run(folder, **SETTINGS | {"epochs": 1})
    assert export(run, "keras", tmp_path / "exported").samples == COUNTS["test"]


def test_arrays_that_the_caller_mapped_stay_in_their_files(tmp_path: Path) -> None:
    x, y = _images(90), np.arange(90, dtype=np.int32) % 3
    np.save(tmp_path / "x.npy", x)
    expected, found = (
        kerastut.run("mlp-mnist", data=_divided(images, y), **SETTINGS)
        for images in (x, np.load(tmp_path / "x.npy", mmap_mode="r"))
    )
    assert is_mapped(found.data.train.x)
    assert (found.history, found.metrics) == (expected.history, expected.metrics)


def _divided(x: Array, y: Array) -> Data:
    train, validation, test = (slice(60), slice(60, 75), slice(75, 90))
    return kerastut.from_arrays(
        (x[train], y[train]), (x[validation], y[validation]), (x[test], y[test]), ("a", "b", "c")
    )
