"""Python, the packages, whether they fit each other, and what stands in their way."""

import json
import os
import platform
import re
import struct
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from kerastut.doctor.line import BAD, NOTE, Line
from kerastut.version import __version__

FITTING = ((3, 11), (3, 14))  # Pythons that TensorFlow has wheels for, the second no more
NEEDED = ("tensorflow", "keras", "numpy", "protobuf", "h5py", "matplotlib")
# Packages that disturb where they stand beside TensorFlow.
DISTURBING = {
    "tensorflow-metal": "it trains wrongly on Apple's GPUs (tensorflow#62361)",
    "tensorflow-gpu": "the package tensorflow has held it since 2.1, and this name is empty",
    "tensorflow-cpu": "it has the same files as tensorflow, and the later one wins",
    "tf-nightly": "it has the same files as tensorflow, and the later one wins",
    "keras-nightly": "it has the same files as keras, and the later one wins",
    "tensorflow-intel": "it belongs to TensorFlow up to 2.18 on Windows",
    "tensorflow-macos": "it belongs to TensorFlow up to 2.15 on Apple silicon",
}
TOGETHER = 'python -m pip install --upgrade tensorflow keras "numpy>=2" protobuf'


def python() -> Iterator[Line]:
    """Yields which Python runs, and whether TensorFlow has wheels for it."""
    bits = 8 * struct.calcsize("P")
    details = {"version": platform.python_version(), "bits": bits, "path": sys.executable}
    value = "{version}, {bits} bits, {path}"
    if bits == 64 and FITTING[0] <= sys.version_info[:2] < FITTING[1]:
        yield Line("Python", value, details=details)
    else:
        launcher = "py -3.13" if os.name == "nt" else "python3.13"
        mend = "use a 64-bit Python 3.11, 3.12 or 3.13, as TensorFlow has: {command}"
        details["command"] = f"{launcher} -m venv .venv"
        yield Line("Python", value, BAD, mend, details)


def packages() -> Iterator[Line]:
    """Yields the packages with their versions."""
    yield Line("kerastut", "{version}", details={"version": __version__})
    for name in NEEDED:
        try:
            details = {"version": version(name), "package": name}
            yield Line("{package}", "{version}", details=details)
        except PackageNotFoundError:
            mend = "python -m pip install {package}"
            yield Line("{package}", "not installed", BAD, mend, {"package": name})


def fitting() -> Iterator[Line]:
    """Yields what a package asks of another and does not get, as NumPy 2 with an old TensorFlow."""
    from packaging.requirements import Requirement

    found = False
    for name in ("kerastut", "tensorflow", "keras", "ml-dtypes", "h5py", "tf-keras"):
        asked: list[str] = []
        with suppress(PackageNotFoundError):
            asked = requires(name) or []
        for text in asked:
            wanted = Requirement(text)
            if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
                continue
            try:
                have = version(wanted.name)
            except PackageNotFoundError:
                have = ""
            if not have or not wanted.specifier.contains(have, prereleases=True):
                found = True
                details = {"asker": name, "wanted": f"{wanted.name}{wanted.specifier}"}
                value = "{asker} asks for {wanted}; there is {have}"
                if not have:
                    value = "{asker} asks for {wanted}; there is none"
                yield Line("packages", value, BAD, TOGETHER, details | {"have": have})
    if not found:
        yield Line("packages", "they fit each other")
    for name, why in DISTURBING.items():
        with suppress(PackageNotFoundError):
            details = {"package": name, "version": version(name)}
            yield Line("{package} {version}", why, NOTE, "pip uninstall {package}", details)


def surroundings() -> Iterator[Line]:
    """Yields files and variables that lead Python or Keras astray."""
    for name in ("keras", "tensorflow", "numpy", "random", "kerastut"):
        places = (Path(f"{name}.py"), Path(name) / "__init__.py")
        for place in places:
            if place.is_file() and not (name == "kerastut" and Path("pyproject.toml").is_file()):
                value = "Python finds this file before the package {package}"
                mend = "rename {place}, and delete the folder __pycache__ beside it"
                details = {"place": str(place), "package": name}
                yield Line("{place}", value, BAD, mend, details)
    if (backend := _backend()) not in ("", "tensorflow"):
        value = "Keras computes with {backend}, kerastut with tensorflow"
        mend = "unset KERAS_BACKEND, or write tensorflow in keras.json"
        yield Line("KERAS_BACKEND", value, NOTE, mend, {"backend": backend})
    if os.environ.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true"):
        value = "tf.keras is the old Keras 2 of the package tf-keras"
        yield Line("TF_USE_LEGACY_KERAS", value, NOTE, "unset TF_USE_LEGACY_KERAS")


def _backend() -> str:
    """Returns the backend that the environment or the reader's own keras.json names."""
    home = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")
    found = os.environ.get("KERAS_BACKEND", "")
    with suppress(OSError, ValueError, AttributeError):
        text = (home / "keras.json").read_bytes()[: 2**16].decode()
        found = found or str(json.loads(text).get("backend", ""))
    return re.sub(r"[^\w.-]", "?", found)[:40]
