"""What a reader takes home: the wheel of kerastut and the whole book in one file."""

import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from book import ROOT
from book.stamp import epoch

BOOK = "kerastut-book.zip"


def wheel(folder: Path) -> Path:
    """Builds kerastut's wheel into a folder; returns its path."""
    with tempfile.TemporaryDirectory() as parent:
        call = [sys.executable, "-m", "build", "--wheel", "--outdir", parent, str(ROOT)]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch())}
        subprocess.run(call, check=True, stdout=subprocess.DEVNULL, env=environment)
        (built,) = Path(parent).glob("*.whl")
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(built, folder))


def book(edition: Path, wheel: Path) -> None:
    """Packs an edition's notebooks and whole programs, and the wheel, into one file.

    Args:
        edition: Folder of the built edition, with `notebooks` and `programs`.
        wheel: What the first cell of a notebook finds beside it and installs.
    """
    files = sorted([*edition.glob("notebooks/*"), *edition.glob("programs/*")])
    inner = {f"kerastut-book/{path.name}": path.read_bytes() for path in [*files, wheel]}
    archive(edition / BOOK, inner)


def archive(path: Path, contents: dict[str, bytes]) -> None:
    """Writes an archive whose bytes depend on the contents alone, which come by their names."""
    moment = datetime.fromtimestamp(epoch(), UTC).timetuple()[:6]
    with ZipFile(path, "w") as file:
        for name, content in sorted(contents.items()):
            file.writestr(ZipInfo(name, moment), content, ZIP_DEFLATED)
