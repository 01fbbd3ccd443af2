"""Turns texts into the token numbers that the model beside this file takes.

It needs nothing but Python: `vocabulary.txt` has one token a line, whose number is that of the
line, counted from 0 (padding) and 1 (unknown); `encoding.json` says how a text becomes tokens.
"""

import json
import re
import string
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}]")
# Letters beyond ASCII stay as they are, in TensorFlow too.
LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def encode(texts: list[str], folder: Path = HERE) -> list[list[int]]:
    """Returns the token numbers of each text.

    Args:
        texts: Any texts.
        folder: Holds `vocabulary.txt` and `encoding.json`.
    """
    lines = (folder / "vocabulary.txt").read_bytes().decode("utf-8").split("\n")
    numbers = {token: number for number, token in enumerate(lines[:-1])}
    settings = json.loads((folder / "encoding.json").read_bytes())
    length = settings["length"]
    found = [[numbers.get(token, 1) for token in tokens(text, settings)] for text in texts]
    longest = max(map(len, found), default=0) if length is None else length
    return [(row + [0] * longest)[:longest] for row in found]


def tokens(text: str, settings: dict[str, Any]) -> list[str]:
    """Returns the tokens of one text, the shortest runs of neighbours first."""
    if settings["lower"]:
        text = text.translate(LOWER)
    if settings["strip_punctuation"]:
        text = PUNCTUATION.sub("", text)
    # Splitting bytes knows ASCII white space alone, as TensorFlow does.
    parts = list(text) if settings["split"] == "character" else _words(text)
    return [
        " ".join(parts[first : first + count])
        for count in settings["ngrams"]
        for first in range(len(parts) - count + 1)
    ]


def _words(text: str) -> list[str]:
    return [word.decode("utf-8") for word in text.encode("utf-8").split()]
