"""Rebuilds kerastut/data/files/penguins from the PyPI package palmerpenguins 0.1.6.

Usage: python scripts/build_penguins.py [FOLDER]

The table is copied unchanged.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from checksums import report

from kerastut.data import FILES, FOLDER

PACKAGE = "palmerpenguins==0.1.6"


def build(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--only-binary=:all:", "--dest", folder, PACKAGE], check=True)
        (archive,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(archive) as package:
            for name in FILES["penguins"]:
                (target / name).write_bytes(package.read(f"palmerpenguins/data/{name}"))


if __name__ == "__main__":
    destination = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / "penguins"
    build(destination)
    sys.exit(report(destination, FILES["penguins"]))
