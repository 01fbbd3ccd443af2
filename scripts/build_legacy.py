"""Makes the old models that tests/conversion converts, with the Kerases of their days.

Usage: python scripts/build_legacy.py [--only NAME ...] [--keep]

Each version gets an environment of its own in build/legacy (gigabytes, minutes each), from the
package index, on the Python that it ran on: `pythonX.Y` on the PATH, or among pyenv's. There the
program of scripts/legacy for its generation makes the models, and what it leaves is packed into
tests/conversion/models, with the SHA-256 of every archive. Trained weights and compressed bytes
differ from machine to machine; the archives that are committed are those of one run.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
WORK = ROOT / "build" / "legacy"
TARGET = ROOT / "tests" / "conversion" / "models"
SUMS = TARGET / "SHA256SUMS"
H5PY = "h5py<3"  # later ones give old Kerases text where they expect bytes


@dataclass(frozen=True)
class Version:
    """A Keras of old.

    Args:
        python: The newest Python that it runs on.
        packages: What to install.
        program: Of scripts/legacy.
        environment: What it needs to be told.
    """

    python: str
    packages: tuple[str, ...]
    program: str = "keras2.py"
    environment: dict[str, str] = field(default_factory=dict)


THEANO = {"KERAS_BACKEND": "theano", "THEANO_FLAGS": "optimizer=fast_compile"}
VERSIONS = {
    "keras-1.2.2-theano": Version(
        "3.6",
        ("keras==1.2.2", "theano==0.9.0", "numpy<1.16", "scipy<1.3", H5PY, "pyyaml<5.4", "six"),
        "keras1.py",
        THEANO,
    ),
    "keras-1.2.2": Version(
        "3.6",
        (
            "keras==1.2.2",
            "theano==0.9.0",
            "tensorflow==1.4.0",
            "numpy<1.16",
            "scipy<1.3",
            H5PY,
            "pyyaml<5.4",
            "protobuf<3.18",
        ),
        "keras1.py",
        {"KERAS_BACKEND": "tensorflow"},
    ),
    "keras-2.0.9": Version(
        "3.6",
        ("keras==2.0.9", "tensorflow==1.4.0", "numpy<1.16", H5PY, "pyyaml<5.4", "protobuf<3.18"),
    ),
    "keras-2.2.4": Version(
        "3.6",
        ("keras==2.2.4", "tensorflow==1.13.2", "numpy<1.17", H5PY, "pyyaml<5.4", "protobuf<3.18"),
    ),
    "keras-2.3.1": Version(
        "3.7",
        ("keras==2.3.1", "tensorflow==1.15.5", "numpy<1.19", H5PY, "pyyaml<5.4", "protobuf<3.20"),
    ),
    "keras-2.3.1-theano": Version(
        "3.7",
        ("keras==2.3.1", "theano==1.0.5", "numpy<1.19", "scipy<1.6", H5PY, "pyyaml<5.4"),
        environment=THEANO,
    ),
    "tensorflow-1.15.5": Version(
        "3.7", ("tensorflow==1.15.5", "numpy<1.19", H5PY, "protobuf<3.20")
    ),
    "tensorflow-2.0.4": Version("3.7", ("tensorflow==2.0.4", "numpy<1.19", H5PY, "protobuf<3.20")),
    "tensorflow-2.3.4": Version("3.8", ("tensorflow==2.3.4", "numpy<1.19", "protobuf<3.20")),
    "tensorflow-2.4.4": Version("3.8", ("tensorflow==2.4.4", "protobuf<3.20")),
    "tensorflow-2.10.1": Version("3.10", ("tensorflow==2.10.1", "numpy<1.24", "protobuf<3.20")),
    "tensorflow-2.15.1": Version("3.11", ("tensorflow==2.15.1",)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the old models of the tests.")
    parser.add_argument("--only", nargs="+", choices=VERSIONS, default=list(VERSIONS))
    parser.add_argument("--keep", action="store_true", help="leave the environments")
    options = parser.parse_args()
    for name in options.only:
        build(name, VERSIONS[name])
        if not options.keep:
            shutil.rmtree(WORK / name, ignore_errors=True)
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}" for p in archives()]
    SUMS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def build(name: str, version: Version) -> None:
    """Makes the environment and the models of one version, and packs them."""
    place = WORK / name
    models = place / "models"
    python = environment(place / "env", version)
    program = ROOT / "scripts" / "legacy" / version.program
    shutil.rmtree(models, ignore_errors=True)
    subprocess.run([python, program, models], check=True, env={**os.environ, **version.environment})
    pack(models, TARGET / f"{name}.tar.xz")


def environment(folder: Path, version: Version) -> Path:
    """Returns the Python of a version's environment, which is made if it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([found(version.python), "-m", "venv", folder], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet"]
        free = {**os.environ, "PIP_CONSTRAINT": ""}
        subprocess.run([*pip, "--upgrade", "pip<24", "setuptools<60", "wheel<0.38"], check=True)
        subprocess.run([*pip, *version.packages], check=True, env=free)
    return python


def found(python: str) -> Path:
    """Returns a Python of a version."""
    here = shutil.which(f"python{python}")
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{python}.*/bin/python"))
    if here is None and not kept:
        sys.exit(f"Python {python} is not here.")
    return Path(here) if here else kept[-1]


def pack(models: Path, archive: Path) -> None:
    """Packs models without names of users and times."""

    def plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = member.mtime = 0
        member.uname = member.gname = ""
        return member

    archive.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive, "w:xz", preset=9) as packed:
        for path in sorted(models.iterdir()):
            packed.add(path, path.name, filter=plain)


def archives() -> list[Path]:
    return sorted(TARGET.glob("*.tar.xz"))


if __name__ == "__main__":
    main()
