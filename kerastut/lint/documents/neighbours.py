"""The modules that lie beside a file, of which it imports everything."""

import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import UnreadableError
from .text import decode, read_bytes

# The name and text of what a file imports everything of, by the file and the module as it is
# written there; None where it cannot be read.
Beside = dict[tuple[str, str], tuple[str, str] | None]
_LARGEST = 500_000  # bytes of a neighbour
_PARTS = 10  # of its name
_MOST = 50  # modules that one file leads to
# At the beginning of a line, also in the texts of a notebook.
_STARS = re.compile(
    r"(?:^|\\n|\")[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*\(?[ \t]*\*", re.MULTILINE
)
_ANY_STAR = re.compile(r"import[ \t(]*\*")  # which most texts lack, and is looked for sooner
# What only Keras had, so that it tells that an unknown module brings it.
_ONLY_KERAS = re.compile(
    r"\.(?:fit|evaluate|predict)_generator\(|\.predict_classes\("
    r"|\b(?:nb_epoch|samples_per_epoch|nb_val_samples)\s*="
    r"|\.compile\([^\n]*\w\([^()\n]*\blr\s*="
    r"|\.add\([A-Z]\w+\([^\n]*\b(?:border_mode|subsample|input_(?:dim|shape))\s*="
)


def starred(text: str) -> Iterator[str]:
    """Yields the modules that a text imports everything of, as they are written."""
    if _ANY_STAR.search(text):
        yield from dict.fromkeys(match[1] for match in _STARS.finditer(text))


def _read(filename: str, module: str) -> tuple[str, str] | None:
    """Returns the name and text of a module that lies beside a file; None if none can be read."""
    parts = module.lstrip(".").split(".")
    folder = Path(filename).parent
    up = len(module) - len(module.lstrip("."))
    folders = [folder.joinpath(*[".."] * (up - 1))] if up else [folder, folder / ".."]
    # A package that the file lies in is named from the folder around it.
    folders += [one.parent for one in folder.absolute().parents if one.name == parts[0] and not up]
    if len(parts) > _PARTS or up > _PARTS or not all(parts):
        return None
    for one in folders:
        stem = one.joinpath(*parts)
        for path in (stem.with_name(f"{stem.name}.py"), stem / "__init__.py"):
            try:
                content = read_bytes(path, _LARGEST, own=True)
                return str(path), decode(content, str(path), python=True).content
            except UnreadableError:
                continue
    return None


def all_beside(filename: str, text: str) -> Beside:
    """Returns the neighbours of a file, and theirs."""
    found: Beside = {}
    waiting = [(filename, text)]
    while waiting and len(found) < _MOST:
        name, text = waiting.pop()
        for module in starred(text):
            if (name, module) not in found:
                found[name, module] = neighbour = _read(name, module)
                waiting += [neighbour] if neighbour is not None else []
    return found


def only_keras(text: str) -> bool:
    """Tells whether a text has words that only Keras had."""
    return _ONLY_KERAS.search(text) is not None
