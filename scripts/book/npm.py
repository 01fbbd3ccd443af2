"""Packages of npm that the site serves itself, so that no page asks another host for them."""

import fnmatch
import hashlib
import shutil
import subprocess
import tarfile
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from book import BUILD
from kerastut.errors import DataError, KerastutError
from kerastut.records import fill

TABLE = Path(__file__).with_suffix(".toml")
FETCHED = BUILD / "npm"


@dataclass(frozen=True)
class Package:
    """A package, as `npm.toml` describes it.

    Args:
        version: The one that was tested.
        sha256: Of the package as npm hands it out.
        files: Those that are taken, by name or pattern.
    """

    version: str
    sha256: str
    files: tuple[str, ...]


class NpmError(KerastutError):
    """A package that could not be fetched."""

    exit_status = 1


def write(folder: Path, names: Sequence[str]) -> None:
    """Writes the files of packages into a folder, each package into one of its name.

    Args:
        folder: Is made if it is not there.
        names: The packages.

    Raises:
        NpmError: If npm is not there, or cannot fetch.
        DataError: If a package is not the one that was tested.
    """
    tables = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    for name in names:
        package = fill(Package, tables[name], name)
        (folder / name).mkdir(parents=True)
        with tarfile.open(_fetched(name, package)) as archive:
            for pattern in package.files:
                files = fnmatch.filter(archive.getnames(), f"package/{pattern}")
                assert files, pattern
                for file in files:
                    content = archive.extractfile(file)
                    assert content is not None, file
                    with content, (folder / name / Path(file).name).open("wb") as target:
                        shutil.copyfileobj(content, target)


def _fetched(name: str, package: Package) -> Path:
    """Returns the package's file, which is fetched once."""
    path = FETCHED / f"{name}-{package.version}.tgz"
    if not path.exists():
        FETCHED.mkdir(parents=True, exist_ok=True)
        call = ["npm", "pack", "--silent", f"{name}@{package.version}"]
        try:
            subprocess.run(call, cwd=FETCHED, check=True, capture_output=True, text=True)
        except FileNotFoundError as error:
            raise NpmError("expected npm, found none; install Node.js.") from error
        except subprocess.CalledProcessError as error:
            raise NpmError(f"{' '.join(call)} failed: {error.stderr.strip()[-500:]}") from error
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != package.sha256:
        raise DataError(f"{path}: expected the SHA-256 {package.sha256}; received {found}.")
    return path
