"""`kerastut data describe`: what is understood of data before any training."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from kerastut.cli import main


def described(capsys: pytest.CaptureFixture[str], *words: str, status: str = "0") -> Any:
    with pytest.raises(SystemExit, match=status):
        main(["data", "describe", *words, "--json"])
    return json.loads(capsys.readouterr().out)


def test_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"{n},{n % 7}.5,{'ab'[n % 2]},2024-01-0{n % 9 + 1},{n * 1.5}" for n in range(30)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["id,area,kind,day,price", *rows]))
    found = described(capsys, str(path))
    assert found["columns"] == {"area": "numbers", "kind": "words"}
    assert found["left_out"] == {"id": "an id", "day": "dates"}
    assert found["parts"]["whole"] == {
        "samples": 30,
        "values": {"lowest": 0.0, "mean": 21.75, "highest": 43.5},
    }
    assert found["samples"][1] == {"area": 1.5, "kind": "b", "label": 1.5}
    assert found["problem"] is None
    with pytest.raises(SystemExit, match="0"):
        main(["data", "describe", str(path)])
    said = capsys.readouterr().out
    assert "left out: id" in said
    assert "30 samples: lowest 0, mean 21.75, highest 43.5" in said


def test_what_a_training_would_refuse_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,label\ngood,1\nbad,0\nbroken\n")
    found = described(capsys, str(path), status="1")
    assert found["left_out"] == {"line 4": "1 fields, not 2"}
    assert "line 4 (1 fields, not 2). Correct these lines, or leave them out" in found["problem"]
    found = described(capsys, str(path), "--skip-bad", status="1")
    assert "too few samples to train on: 1" in found["problem"]


def test_pictures_and_a_sheet_of_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, value in (("cat", 60), ("dog", 200)):
        (tmp_path / "pets" / name).mkdir(parents=True)
        for number in range(4):
            Image.new("L", (9, 9), value).save(tmp_path / "pets" / name / f"{number}.png")
    (tmp_path / "pets" / "cat" / "bad.jpg").write_bytes(b"")
    (tmp_path / "pets" / "dog" / "notes.txt").write_text("x")
    words = [str(tmp_path / "pets"), "--image-size", "9x9"]
    found = described(capsys, *words, "--picture", str(tmp_path / "s.png"), status="1")
    assert found["parts"]["whole"]["classes"] == {"cat": 4, "dog": 4}
    assert found["left_out"] == {"cat/bad.jpg": "empty", "other files": "1 passed over"}
    assert "--skip-bad" in found["problem"]
    with Image.open(tmp_path / "s.png") as image:
        pixels = np.asarray(image)
    assert pixels.shape == (18, 90)
    assert (pixels[4, 4], pixels[13, 4], pixels[4, 80]) == (60, 200, 255)


@pytest.mark.parametrize("name", ["mnist", "reviews", "penguins", "line", "mnist-pairs"])
def test_the_bundled_data(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = described(capsys, name)
    assert set(found["parts"]) == {"train", "validation", "test"}
    assert len(found["samples"]) == 9


@pytest.mark.parametrize("words", [["none.csv"], ["line", "--picture", "a.png"]])
def test_what_cannot_be_described(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["data", "describe", *words])
    said = capsys.readouterr().err
    assert said.startswith("kerastut: error: ")
    assert said.count("\n") == 1
