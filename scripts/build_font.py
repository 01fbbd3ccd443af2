"""Rebuilds kerastut/plotting/font from the npm package @fontsource/noto-sans-sc 5.3.0.

Usage: python scripts/build_font.py [FOLDER]

Needs npm on the PATH and the extra `docs`. Kept are the symbols, kana and common characters of GB
2312, which are its first level of 3,755 but for four that the package lacks, and whatever else our
own texts hold; Latin letters come from the font before it. The same texts give the same bytes.
"""

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from kerastut.plotting import FONT

PACKAGE = "@fontsource/noto-sans-sc@5.3.0"
INSIDE = "package/files/noto-sans-sc-chinese-simplified-400-normal.woff"
ROOT = Path(__file__).parent.parent
# A name of its own: a complete font of the old name may be installed, and would look different.
NAME = "Kerastut Sans SC"


def common() -> set[str]:
    """Returns symbols (rows 1 to 5) and the first level (rows 16 to 55) of GB 2312."""
    rows = [*range(0xA1, 0xA6), *range(0xB0, 0xD8)]
    pairs = (bytes([row, cell]) for row in rows for cell in range(0xA1, 0xFF))
    return set("".join(pair.decode("gb2312", "ignore") for pair in pairs))


def written() -> set[str]:
    """Returns the Chinese characters of our own texts."""
    tables = [*(ROOT / "kerastut").rglob("*.toml"), *(ROOT / "notebooks_src").glob("*.py")]
    letters = set("".join(path.read_text(encoding="utf-8") for path in tables))
    return {letter for letter in letters if letter >= "\u2e80"}


def build(target: Path) -> None:
    """Writes the font and its licence."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as package:
            package.extract(INSIDE, folder, filter="data")
            licence = package.extractfile("package/LICENSE")
            assert licence is not None
            (target / "LICENSE").write_bytes(licence.read())
        cut(Path(folder) / INSIDE, target / FONT.name, common() | written())


def cut(source: Path, target: Path, letters: set[str]) -> None:
    """Writes a font with some characters of another one, under a name of its own."""
    font = TTFont(source, recalcTimestamp=False)
    options = subset.Options(hinting=False, layout_features=[], name_IDs=[0, 1, 2, 4, 6, 13, 14])
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(sorted(letters)))
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6):
            record.string = NAME if record.nameID != 6 else NAME.replace(" ", "")
    font.flavor = None
    font.save(target)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else FONT.parent)
