"""Writes what turns texts into token numbers, for runtimes that know no strings."""

import json
import runpy
import shutil
from pathlib import Path
from typing import Any

import keras
import numpy as np

from kerastut.arrays import Array
from kerastut.export.formats import ExportError

SOURCE = Path(__file__).with_name("encode.py")
SPLITS = ("character", "whitespace")
STANDARDIZATIONS = (None, "lower", "strip_punctuation", "lower_and_strip_punctuation")


def write(encoder: keras.layers.TextVectorization, folder: Path) -> None:
    """Writes `vocabulary.txt`, `encoding.json` and `encode.py`, which reads the two.

    Raises:
        ExportError: If `encode.py` cannot do what the layer does.
    """
    settings = _settings(encoder.get_config())
    tokens = encoder.get_vocabulary()
    if any("\n" in token for token in tokens):
        raise ExportError(
            "a token has a line break in it, and vocabulary.txt has one token a line. Take the"
            " line breaks out of the texts, or choose saved_model."
        )
    (folder / "vocabulary.txt").write_bytes("".join(f"{t}\n" for t in tokens).encode("utf-8"))
    (folder / "encoding.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    shutil.copyfile(SOURCE, folder / SOURCE.name)


def encoded(texts: Array, folder: Path) -> Array:
    """Returns token numbers, `(n, length)` int64, computed by the `encode.py` in the folder."""
    encode = runpy.run_path(str(folder / SOURCE.name))["encode"]
    return np.array(encode(list(texts)), np.int64)


def _settings(config: dict[str, Any]) -> dict[str, Any]:
    standardize, split, ngrams = config["standardize"], config["split"], config["ngrams"]
    plain = config["output_mode"] == "int" and not config["ragged"]
    if standardize not in STANDARDIZATIONS or split not in SPLITS or not plain:
        raise ExportError(
            "its TextVectorization has a function of its own, splits no text, or gives no token"
            " numbers, which the encoder beside the file cannot repeat. Choose saved_model."
        )
    widths = range(1, (ngrams or 1) + 1) if not isinstance(ngrams, (list, tuple)) else ngrams
    return {
        "lower": "lower" in (standardize or ""),
        "strip_punctuation": "strip_punctuation" in (standardize or ""),
        "split": split,
        "ngrams": list(widths),
        "length": config["output_sequence_length"],
    }
