"""The table of docs/own-data.md: what is said of each kind of data, in both languages."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kerastut.cli import main
from kerastut.data import describe
from kerastut.data.options import DataOptions
from kerastut.errors import DataError
from kerastut.language import speaking, told

DOCS = Path(__file__).parents[2] / "docs"
HEADINGS = {DOCS / "own-data.md": "## What is said", DOCS / "zh" / "own-data.md": "## 会说什么"}
HOUSES = "area,age,price\n" + "".join(f"{40 + n}.5,{n % 7},{n * 30 % 77}.25\n" for n in range(30))
IDS = "id,day,kind," + HOUSES.replace("\n", "\n7,2024-01-03,x,").rpartition("\n")[0]
TEXTS = "text,label\n" + "".join(f"好{n},{n % 2}\n" for n in range(20))


def pictures(folder: Path, bits: int = 8, names: tuple[str, ...] = ("cat", "dog")) -> Path:
    for name in names:
        for number in range(4):
            path = folder / name / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            kind = np.uint8 if bits == 8 else np.uint16
            Image.fromarray(np.full((4, 6), 2**bits - 1, kind)).save(path)
    return folder


def beside(folder: Path, name: str) -> Path:
    (pictures(folder) / name).touch()
    return folder


def listed(folder: Path) -> Path:
    names = "\n".join(f"{n}.png,{'ab'[n % 2]}" for n in range(4))
    (pictures(folder, names=("img",)) / "labels.csv").write_text(f"file,label\n{names}")
    return folder


def unlabelled(folder: Path) -> Path:
    pictures(folder / "train")
    pictures(folder, names=("test",))
    return folder


def without_pictures(folder: Path) -> Path:
    folder.mkdir()
    (folder / "a.svg").write_text("<svg/>")
    return folder


def channels_first(folder: Path) -> Path:
    path = folder.with_suffix(".npz")
    np.savez(path, x=np.zeros((40, 3, 8, 8), np.uint8), y=np.arange(40) % 4)
    return path


def table(text: str, encoding: str = "utf-8", suffix: str = ".csv") -> Callable[[Path], Path]:
    def made(folder: Path) -> Path:
        path = folder.with_suffix(suffix)
        path.write_bytes(text.encode(encoding))
        return path

    return made


KINDS: list[tuple[Callable[[Path], Path], DataOptions]] = [
    (pictures, DataOptions(fit="pad")),
    (lambda folder: pictures(folder, bits=12), DataOptions()),
    (lambda folder: beside(folder, "notes.txt"), DataOptions()),
    (lambda folder: beside(folder, "cat/bad.png"), DataOptions()),
    (lambda folder: beside(folder, "cat/bad.png"), DataOptions(skip_bad=True)),
    (unlabelled, DataOptions()),
    (listed, DataOptions()),
    (lambda folder: pictures(folder, names=("Cat", "cat", "dog")), DataOptions()),
    (without_pictures, DataOptions()),
    (channels_first, DataOptions()),
    (table(TEXTS, "gbk"), DataOptions()),
    (table(TEXTS, "utf-16"), DataOptions()),
    (table(TEXTS + ",1\n"), DataOptions()),
    (table(TEXTS + "很好,下次还来,1\n"), DataOptions()),
    (table(TEXTS.replace(",1", ",Pos").replace(",Pos", ",pos ", 1)), DataOptions()),
    (table(re.sub(r"(.+),(.)", r"__label__\2 \1", TEXTS[11:]), suffix=".txt"), DataOptions()),
    (table(TEXTS + "很好,\n"), DataOptions()),
    (table(TEXTS + "很好,2\n"), DataOptions()),
    (table(IDS), DataOptions()),
    (table(HOUSES.replace("40.5", "NA")), DataOptions()),
    (table(HOUSES.replace("40.5", "NA")), DataOptions(missing="mean")),
    (table("房价,,\n" + HOUSES), DataOptions()),
    (table(HOUSES.replace("age", "area")), DataOptions()),
    (table(HOUSES.replace(".5,", ".5㎡,")), DataOptions()),
    (table(HOUSES.replace(".5,", ".5㎡,").replace("㎡", " sq ft", 7)), DataOptions()),
    (table(HOUSES.replace("price", "EUR")), DataOptions()),
]


@pytest.mark.parametrize("page", HEADINGS, ids=["en", "zh"])
def test_the_table_tells_what_is_said(page: Path, tmp_path: Path) -> None:
    section = page.read_text(encoding="utf-8").partition(HEADINGS[page] + "\n")[2]
    rows = re.findall(r"^\| (.+) \| `(.+)` \|$", section.partition("\n## ")[0], re.MULTILINE)
    assert len(rows) == len(KINDS)
    for place, ((kind, wanted), (make, options)) in enumerate(zip(rows, KINDS, strict=True)):
        try:
            found, _ = describe(str(make(tmp_path / str(place))), options)
            said = f"{found['understood']}\n{found['problem'] or ''}"
        except DataError as error:
            said = str(error)
        with speaking("zh" if "zh" in page.parts else "en"):
            assert wanted in "\n".join(map(told, said.split("\n"))), kind


def test_the_command_prints_it_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(TEXTS, "gbk")(tmp_path / "a")
    with pytest.raises(SystemExit, match="0"):
        main(["data", "describe", str(path), "--lang", "zh"])
    assert "按 gb18030 读取" in capsys.readouterr().out
