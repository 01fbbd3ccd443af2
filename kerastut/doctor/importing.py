"""Imports TensorFlow and Keras in a process of its own, which may end in any way."""

import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kerastut.doctor.line import BAD, NOTE, OK, Line
from kerastut.errors import one_line

# It ends with one line of JSON; what comes before it is for people.
PROBE = """
import json
import tensorflow as tf
import keras
devices = [tf.config.experimental.get_device_details(gpu).get("device_name", gpu.name)
           for gpu in tf.config.list_physical_devices("GPU")]
built = tf.sysconfig.get_build_info()
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
print()
print(json.dumps({"gpus": devices, "sum": float(tf.reduce_sum(tf.ones((2, 2)))),
                  "weights": model.count_params(), "cuda": built.get("cuda_version", ""),
                  "backend": keras.backend.backend()}))
"""
PATIENCE = 600  # seconds; a first import from a slow disk takes many
ILLEGAL = {-4, 0xC000001D, 132}  # exit statuses of a processor that lacks an instruction
WSL = Path("/usr/lib/wsl/lib")


def importing() -> Iterator[Line]:
    """Yields whether TensorFlow and Keras can be imported and compute, and on what."""
    subject = "import of TensorFlow and Keras"
    try:
        done = subprocess.run(
            [sys.executable, "-c", PROBE],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        details = {"seconds": PATIENCE}
        yield Line(subject, "it did not end within {seconds} seconds", BAD, details=details)
        return
    if done.returncode:
        yield _failure(subject, done.returncode, done.stderr)
        return
    found = json.loads(done.stdout.splitlines()[-1])
    yield Line(subject, "works; Keras computes with {backend}", details=found)
    yield _gpu(found)


def _failure(subject: str, status: int, errors: str) -> Line:
    """Says why the import failed, as `kerastut why` would."""
    details: dict[str, Any] = {"status": status}
    if status in ILLEGAL:
        value = "the processor lacks an instruction that TensorFlow was compiled for"
        return Line(subject, value, BAD, "turn AVX on in the virtual machine, or use Colab")
    lines = [line for line in errors.splitlines() if line.strip()] or [""]
    details["error"] = one_line(ValueError(lines[-1]))
    if not lines[-1]:
        return Line(subject, "it ended with status {status} and no message", BAD, "", details)
    from kerastut.why import explain

    causes = explain(errors).causes
    if causes:
        advice = {language: text.instead for language, text in causes[0].texts.items()}
        return Line(subject, "{error}", BAD, details=details, advice=advice)
    return Line(subject, "{error}", BAD, "python -m pip check", details)


def _gpu(found: dict[str, Any]) -> Line:
    """Says what TensorFlow computes on, and why not on a GPU that is there."""
    if found["gpus"]:
        return Line("GPU", "{names}", OK, details={"names": ", ".join(map(str, found["gpus"]))})
    if platform.system() == "Windows":
        value = "none: TensorFlow since 2.11 has none on Windows"
        return Line("GPU", value, NOTE, "in WSL2 it has: https://www.tensorflow.org/install/pip")
    if WSL.is_dir() and not shutil.which("nvidia-smi", path=str(WSL)):
        value = "none; this is WSL, and Windows has lent it no driver"
        return Line("GPU", value, NOTE, "install NVIDIA's driver on Windows, then: wsl --update")
    if shutil.which("nvidia-smi"):
        value = "TensorFlow uses none, though NVIDIA's driver is there"
        return Line("GPU", value, NOTE, 'python -m pip install "tensorflow[and-cuda]"')
    return Line("GPU", "none; the processor suffices for every recipe")
