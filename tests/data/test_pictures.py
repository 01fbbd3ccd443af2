"""Folders of pictures as people have them: formats, bits, layouts, what is left out."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kerastut import DataOptions
from kerastut.data import load
from kerastut.data.own import images
from kerastut.data.own.images import picture
from kerastut.errors import DataError

SHADES = {"cat": 60, "dog": 190}


def shade(path: Path, value: int, size: tuple[int, int] = (6, 6)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", size, value).save(path)
    return path


def classes(folder: Path, per_class: int = 3, suffix: str = ".png") -> Path:
    for name, value in SHADES.items():
        for number in range(per_class):
            shade(folder / name / f"{number}{suffix}", value)
    return folder


def read(folder: Path, **options: Any) -> tuple[dict[str, dict[str, int]], str]:
    """Returns the samples of each class by part, and the note; their shades must fit."""
    found = images.read(folder, (6, 6), **options)
    counts = {}
    for part, split in found.parts.items():
        names = [found.classes[label] for label in split.y]
        counts[part] = dict(Counter(names))
        for pixels, name in zip(split.x, names, strict=True):
            if name in SHADES:
                assert abs(int(pixels.mean()) - SHADES[name]) < 4
    return counts, found.note


@pytest.mark.parametrize("suffix", [".webp", ".tif", ".TIFF", ".jfif", ".avif", ".heic", ".gif"])
def test_formats_of_phones_and_scanners(tmp_path: Path, suffix: str) -> None:
    if suffix == ".heic":
        pytest.importorskip("pillow_heif").register_heif_opener()
    if suffix == ".avif" and ".avif" not in Image.registered_extensions():
        pytest.skip("this Pillow has no AVIF")
    folder = tmp_path / "pets"
    for name, value in SHADES.items():
        for number in range(2):
            (folder / name).mkdir(parents=True, exist_ok=True)
            kind = {".jfif": "JPEG", ".heic": "HEIF"}.get(suffix)
            Image.new("RGB", (16, 16), (value,) * 3).save(folder / name / f"{number}{suffix}", kind)
    assert read(folder)[0] == {"whole": {"cat": 2, "dog": 2}}


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "TIFF"])
def test_of_several_frames_the_first(tmp_path: Path, kind: str) -> None:
    frames = [Image.new("L", (8, 8), value) for value in (30, 220)]
    frames[0].save(tmp_path / "a", kind, save_all=True, append_images=frames[1:])
    assert abs(int(picture(tmp_path / "a", (8, 8), "L").mean()) - 30) < 4


@pytest.mark.parametrize(
    ("values", "shown"), [((0, 255), 255), ((0, 4095), 255), ((0, 65535), 255), ((0, 2048), 128)]
)
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_sixteen_bits_that_hold_fewer(
    tmp_path: Path, values: tuple[int, int], shown: int, suffix: str
) -> None:
    pixels = np.full((6, 6), values[0], np.uint16)
    pixels[:3] = values[1]
    Image.fromarray(pixels).save(tmp_path / f"a{suffix}")
    found = picture(tmp_path / f"a{suffix}", (6, 6), "L")
    assert (found[0, 0, 0], found[5, 5, 0]) == (shown, 0)


def test_the_bits_of_a_folder_are_those_of_its_brightest_picture(tmp_path: Path) -> None:
    for name, value in (("cat", 60), ("dog", 190)):
        for number in range(2):
            (tmp_path / "pets" / name).mkdir(parents=True, exist_ok=True)
            pixels = np.full((6, 6), value << 4, np.uint16)
            Image.fromarray(pixels).save(tmp_path / "pets" / name / f"{number}.png")
    dark = np.full((6, 6), 200, np.uint16)  # 12 of 255 in these twelve bits; would be 200 in eight
    Image.fromarray(dark).save(tmp_path / "pets" / "cat" / "dark.png")
    found = images.read(tmp_path / "pets", (6, 6))
    assert sorted({int(p.mean()) for p in found.parts["whole"].x}) == [12, 60, 190]
    assert "16 bits of which 12 are used" in found.note


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ("training", "testing"),
        ("Train", "TEST"),
        ("train", "val"),
        ("train", "test1"),
        ("训练集", "测试集"),
        ("seg_train/seg_train", "seg_test/seg_test"),
        ("dataset/training_set/training_set", "dataset/test_set/test_set"),
    ],
)
def test_parts_of_any_name(tmp_path: Path, train: str, test: str) -> None:
    classes(tmp_path / "x" / train)
    classes(tmp_path / "x" / test, 1)
    wanted = {"train": {"cat": 3, "dog": 3}, "test": {"cat": 1, "dog": 1}}
    found, note = read(tmp_path / "x")
    assert found == wanted
    assert ("no part test, so validation is the test" in note) == (test == "val")
    (tmp_path / "x" / "docs").mkdir()
    (tmp_path / "x" / "docs" / "readme.md").write_text("about")
    found, note = read(tmp_path / "x")
    assert (found, "passed over: other files: 1" in note) == (wanted, True)


@pytest.mark.parametrize("around", ["PetImages", "a/b", "archive/Train"])
def test_one_folder_around_everything(tmp_path: Path, around: str) -> None:
    classes(tmp_path / "pets" / around)
    shade(tmp_path / "pets" / "__MACOSX" / "cat" / "0.png", 0)
    found, note = read(tmp_path / "pets")
    assert found == {"whole": {"cat": 3, "dog": 3}}
    assert "passed over: hidden files: 1" in note


@pytest.mark.parametrize(
    "form", ["{0}.{1}.jpg", "{0}_{1}.png", "{0} ({1}).jpg", "{0}{1}.PNG", "{0}_{1}_7.png"]
)
@pytest.mark.parametrize("around", ["", "photos"])
def test_flat_pictures_with_their_class_in_the_name(tmp_path: Path, form: str, around: str) -> None:
    for name, value in SHADES.items():
        for number in range(3):
            shade(tmp_path / "pets" / around / form.format(name, number), value)
    assert read(tmp_path / "pets")[0] == {"whole": {"cat": 3, "dog": 3}}


def test_parts_inside_the_classes(tmp_path: Path) -> None:
    for part, count in (("train", 3), ("test", 1)):
        for name, value in SHADES.items():
            for number in range(count):
                shade(tmp_path / "pets" / name / part / f"{number}.png", value)
    found, _ = read(tmp_path / "pets")
    assert found == {"train": {"cat": 3, "dog": 3}, "test": {"cat": 1, "dog": 1}}


def test_classes_that_differ_in_case_are_one(tmp_path: Path) -> None:
    classes(tmp_path / "pets" / "train")
    for name, value in SHADES.items():
        shade(tmp_path / "pets" / "test" / name.upper() / "0.png", value)
    found, note = read(tmp_path / "pets")
    assert found == {"train": {"cat": 3, "dog": 3}, "test": {"cat": 1, "dog": 1}}
    assert "the labels 'CAT', 'cat' are one" in note


def test_a_folder_without_pictures_says_what_is_there(tmp_path: Path) -> None:
    for name in ("cat/1.svg", "dog/1", "dog/.hidden"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    with pytest.raises(DataError, match=r"jpg\. Passed over: .*other files: 2.*\.$"):
        read(tmp_path)


def test_kaggles_flat_parts_of_which_one_has_no_labels(tmp_path: Path) -> None:
    for name, value in SHADES.items():
        for number in range(3):
            shade(tmp_path / "pets" / "train" / f"{name}.{number}.jpg", value)
    shade(tmp_path / "pets" / "test1" / "1.jpg", 0)
    found, note = read(tmp_path / "pets")
    assert found == {"whole": {"cat": 3, "dog": 3}}
    assert (
        "no part test, so one is drawn from train; pictures to test without labels, left out: 1;"
        in note
    )
    assert note.endswith(f"kerastut predict latest {tmp_path / 'pets' / 'test1' / '*.jpg'}")


@pytest.mark.parametrize("place", ["test/1.png", "test/unknown/1.png", "test/test/1.png"])
def test_a_test_part_without_labels(tmp_path: Path, place: str) -> None:
    classes(tmp_path / "pets" / "train")
    shade(tmp_path / "pets" / place, 0)
    found, note = read(tmp_path / "pets")
    assert found == {"whole": {"cat": 3, "dog": 3}}
    files = (tmp_path / "pets" / place).parent / "*.png"
    assert note.endswith(f"left out: 1; to predict them: kerastut predict latest {files}")
    classes(tmp_path / "pets" / "val", 1)
    assert read(tmp_path / "pets")[0] == {
        "train": {"cat": 3, "dog": 3},
        "test": {"cat": 1, "dog": 1},
    }


def test_a_competitions_table_of_names(tmp_path: Path) -> None:
    for number in range(6):
        shade(
            tmp_path / "pets" / "train" / f"a{number}b.png", SHADES["cat" if number % 2 else "dog"]
        )
        shade(tmp_path / "pets" / "test" / f"c{number}d.png", 30)
    rows = "\n".join(f"a{n}b,{'cat' if n % 2 else 'dog'}" for n in range(6))
    (tmp_path / "pets" / "train.csv").write_text(f"id,label\n{rows}")
    answer = "\n".join(f"c{n}d,cat" for n in range(6))
    (tmp_path / "pets" / "sample_submission.csv").write_text(f"id,label\n{answer}")
    found, note = read(tmp_path / "pets")
    assert found == {"whole": {"cat": 3, "dog": 3}}
    assert "; classes from train.csv; pictures to test without labels, left out: 6; to" in note


@pytest.mark.parametrize("written", ["{}.png", "{}", "img/{}.png", "./img/{}.png", "img\\{}.png"])
def test_a_table_of_names_and_labels(tmp_path: Path, written: str) -> None:
    lines = ["filename,label"]
    for name, value in SHADES.items():
        for number in range(3):
            path = shade(tmp_path / "pets" / "img" / f"{value + number}.png", value)
            lines.append(f"{written.format(path.stem)},{name}")
    shade(tmp_path / "pets" / "img" / "7.png", 0)
    (tmp_path / "pets" / "labels.csv").write_text("\n".join([*lines, "../../etc/passwd,cat"]))
    found, note = read(tmp_path / "pets")
    assert found == {"whole": {"cat": 3, "dog": 3}}
    assert "names without a picture: 1, pictures without a class: 1" in note
    assert note.endswith("; classes from labels.csv")
    rows = [f"{line},{('Test', 'train')[n % 3 > 0]}" for n, line in enumerate(lines[1:])]
    (tmp_path / "pets" / "labels.csv").write_text("\n".join(["filename,label,split", *rows]))
    found, note = read(tmp_path / "pets")
    assert found == {"train": {"cat": 2, "dog": 2}, "test": {"cat": 1, "dog": 1}}
    assert "pictures beside the parts: 1" in note


def test_bad_pictures_are_left_out_and_listed_if_asked(tmp_path: Path) -> None:
    folder = classes(tmp_path / "pets")
    (folder / "cat" / "a.jpg").write_bytes(b"")
    (folder / "dog" / "b.jpg").write_bytes(b"\xff\xd8 no picture")
    with pytest.raises(DataError, match=r"cat/a\.jpg \(empty\)\. Replace .* with --skip-bad\."):
        read(folder)
    found, note = read(folder, skip_bad=True)
    assert found == {"whole": {"cat": 3, "dog": 3}}
    assert "left out: cat/a.jpg (empty), dog/b.jpg (" in note
    data = load(str(folder), options=DataOptions(skip_bad=True, image_size=(6, 6)))
    assert len(data.train) + len(data.validation) + len(data.test) == 6


def test_a_link_that_leaves_is_never_followed(tmp_path: Path) -> None:
    folder = classes(tmp_path / "pets")
    (folder / "cat" / "out.png").symlink_to(shade(tmp_path / "secret.png", 60))
    (folder / "fox").symlink_to(tmp_path)
    os.mkfifo(folder / "dog" / "p.png")
    found, note = read(folder, skip_bad=True)
    assert found == {"whole": {"cat": 3, "dog": 3}}
    assert "cat/out.png (a link that leaves the folder)" in note


@pytest.mark.parametrize(
    ("fit", "row"),
    [("squash", [0, 0, 200, 200]), ("crop", [0, 0, 200, 200]), ("pad", [0, 0, 200, 200])],
)
def test_how_a_picture_fits(tmp_path: Path, fit: Any, row: list[int]) -> None:
    pixels = np.zeros((40, 80), np.uint8)
    pixels[:, 40:] = 200
    Image.fromarray(pixels).save(tmp_path / "a.png")
    found = picture(tmp_path / "a.png", (8, 8), "L", fit)[..., 0]
    assert [int(value) for value in found[4, [0, 2, 5, 7]]] == row
    assert (found[0, 7] == 0) == (fit == "pad")


def test_the_fit_is_recorded(tmp_path: Path) -> None:
    folder = classes(tmp_path / "pets", 4)
    data = load(str(folder), options=DataOptions(fit="pad", image_size=(6, 6)))
    assert "pictures padded to 6x6" in data.source


def test_arrays_without_a_division_are_divided(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "a.npz", X=rng.integers(0, 9, (40, 8, 8), np.uint8), y=np.arange(40) % 4)
    data = load(str(tmp_path / "a.npz"))
    assert [len(part) for part in (data.train, data.validation, data.test)] == [32, 4, 4]
    assert data.train.x.shape[1:] == (8, 8, 1)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.eye(4)[np.arange(40) % 4], r"y: expected numbers of shape \(n,\), .* y\.argmax"),
        (np.arange(39) % 4, "x has 40 samples and y 39; expected as many"),
        (np.arange(40) % 4 - 1, "y: expected class numbers from 0 to"),
    ],
)
def test_arrays_are_called_as_they_are_named(tmp_path: Path, labels: Any, message: str) -> None:
    np.savez(tmp_path / "a.npz", x=np.zeros((40, 8, 8), np.uint8), y=labels)
    with pytest.raises(DataError, match=message):
        load(str(tmp_path / "a.npz"))


@pytest.mark.parametrize("shape", [(40, 3, 8, 8), (40, 1, 8, 8)])
def test_channels_that_come_first_are_named(tmp_path: Path, shape: tuple[int, ...]) -> None:
    np.savez(tmp_path / "a.npz", x=np.zeros(shape, np.uint8), y=np.arange(40) % 4)
    with pytest.raises(DataError, match=r"x: .* channels first; expected .* x\.transpose\(0, 2, 3"):
        load(str(tmp_path / "a.npz"))


def test_foreign_files_deep_in_a_folder_change_nothing(tmp_path: Path) -> None:
    folder = classes(tmp_path / "pets")
    bare = json.dumps(read(folder)[0])
    for place in ("cat", "notes/a/b/c"):
        for number in range(9):
            path = folder / place / "deep" / "er" / f"{number}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("no picture")
    found, note = read(folder)
    assert (json.dumps(found), "other files: 18" in note) == (bare, True)


@pytest.mark.parametrize(
    "names",
    [
        ("X_train", "Y_train", "X_test", "Y_test"),
        ("train_images", "train_labels", "test_images", "test_labels"),
        ("trainX", "trainY", "testX", "testY"),
        ("X_TRAIN", "Y_TRAIN", "X_TEST", "Y_TEST"),
    ],
)
def test_arrays_of_other_names(tmp_path: Path, names: tuple[str, ...]) -> None:
    words = np.array(["cat", "dog", "Dog ", "cat"] * 3)
    arrays = (np.zeros((12, 4, 4), np.uint8), words, np.ones((4, 4, 4), np.uint8), words[:4])
    named: dict[str, Any] = {**dict(zip(names, arrays, strict=True)), "more": words}
    np.savez(tmp_path / "a.npz", **named)
    data = load(str(tmp_path / "a.npz"))
    assert (data.classes, data.test.y.tolist()) == (("cat", "dog"), [0, 1, 1, 0])
    assert (data.test.x.min(), data.train.x.max()) == (1, 0)
    np.savez(tmp_path / "b.npz", images=arrays[0], labels=np.arange(12) % 2)
    assert load(str(tmp_path / "b.npz")).classes == ("0", "1")
