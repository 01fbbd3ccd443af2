"""Has the old model computed by tf-keras, in a process of its own, and compares."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from kerastut.conversion.old import LAMBDA, DisagreementError, Old, nodes, settings
from kerastut.errors import shown_path

TOLERANCE = 1e-5
SECONDS = 600
MEMORY, TIMES = 3 * 2**30, 8  # bytes for the process, and for each byte of weights


@dataclass(frozen=True)
class Proof:
    """What a comparison has shown.

    Args:
        difference: The largest difference of two outputs, or `None` if there was no comparison.
        reason: Why there was none.
    """

    difference: float | None = None
    reason: str = ""


def prove(old: Old, weights: Path, model: Path) -> Proof:
    """Compares a converted model with the old one on random inputs.

    Args:
        old: What was converted.
        weights: The file that the weights are in.
        model: The `.keras` file that was written.

    Raises:
        DisagreementError: If an output differs by more than `TOLERANCE`.
    """
    if old.config is None or not all(map(_is_known, nodes(old.config))):
        return Proof(reason="tf-keras is given no file that names foreign modules or functions")
    if any(re.search("String|Text", str(node["class_name"])) for node in nodes(old.config)):
        return Proof(reason="it takes texts")
    if find_spec("tf_keras") is None:
        return Proof(reason='tf-keras is not installed: pip install "kerastut[convert]"')
    with tempfile.TemporaryDirectory() as folder:
        found = _asked(
            {
                "config": _looped(old.config),
                "weights": str(_unpacked(weights, Path(folder))),
                "model": str(model.resolve()),
                "memory": MEMORY + TIMES * model.stat().st_size,
                "most": _words(old.config),
                # tf-keras pads in another way than Keras did before it, see `Builder`.
                "least": int(old.apart),
            }
        )
    if found is None:
        return Proof(reason="computing the old model took too much memory or time")
    if "reason" in found:
        return Proof(reason=found["reason"])
    difference = float(found["difference"])
    if not difference <= TOLERANCE:  # NaN is no agreement
        raise DisagreementError(
            f"{shown_path(old.path)}: expected outputs within {TOLERANCE:g} of the old model's,"
            f" received a difference of {difference:.3g}. Nothing was written; please report the"
            " layers of the model."
        )
    return Proof(difference)


def _asked(question: dict[str, Any]) -> dict[str, Any] | None:
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "kerastut.conversion.oracle"],
            input=json.dumps(question),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},
        )
        found: dict[str, Any] = json.loads(answer.stdout.splitlines()[-1])
    except (subprocess.TimeoutExpired, ValueError, IndexError):
        return None
    return found


def _looped(value: Any) -> Any:
    """Returns a configuration whose recurrent layers loop; `load_model` does it to the new one."""
    if isinstance(value, dict):
        if value.get("class_name") == "Bidirectional":
            return value
        return {key: key != "unroll" and _looped(item) for key, item in value.items()}
    return [_looped(item) for item in value] if isinstance(value, list) else value


def _unpacked(weights: Path, folder: Path) -> Path:
    """Returns the file of weights in a form that tf-keras reads."""
    if weights.is_dir():
        return (weights / "variables" / "variables").resolve()
    if weights.suffix != ".keras":
        return Path(shutil.copy(weights, folder / "weights.h5"))  # tf-keras goes by the ending
    with zipfile.ZipFile(weights) as archive:
        return Path(archive.extract("model.weights.h5", folder))


def _is_known(node: dict[str, Any]) -> bool:
    """Tells whether a node names nothing but what Keras has itself."""
    module, kind = str(node.get("module") or "keras").partition(".")[0], node["class_name"]
    own = module == "keras" and node.get("registered_name") in (None, kind)
    return own and kind not in (*LAMBDA, "function")


def _words(config: dict[str, Any]) -> int:
    """Returns the size of the smallest vocabulary that an embedding has, 0 without one."""
    embeddings = [inner for kind, inner in settings(config) if kind == "Embedding"]
    sizes = [inner["input_dim"] for inner in embeddings if isinstance(inner.get("input_dim"), int)]
    return min(sizes, default=0)
