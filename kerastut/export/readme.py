"""The README beside an exported model: the lines that load it, and what goes in and out."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras

from kerastut.errors import printable
from kerastut.export.formats import Format
from kerastut.export.part import ONLY, Part
from kerastut.version import __version__

TEXTS, WORD = '["物流很快", "a review"]', '[["a word"]]'


def write(
    name: str,
    classes: tuple[str, ...],
    columns: Mapping[str, str],
    format: Format,
    part: Part,
    folder: Path,
    agreement: str,
) -> None:
    """Writes the page, with one sentence on the agreement of the file with the model.

    A table's `columns` are told by the names of the inputs that they became.
    """
    lines = [
        f"# {printable(name)}: {format.file}",
        "",
        f"Written by kerastut {__version__} with Keras {keras.__version__}. {agreement}",
        f"To load it: `pip install {format.install}`, then in this folder:",
        "",
        "```python",
        *_example(format, part),
        "```",
        "",
        *_inputs(part, columns),
        *_outputs(part.model, classes),
    ]
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _example(format: Format, part: Part) -> list[str]:
    strings = "string" in {tensor.dtype for tensor in part.model.inputs}
    imports = {format.imports, "import tensorflow as tf" if strings else "import numpy as np"}
    if part.encoder is not None:
        imports.add("from encode import encode")
    ordered = sorted(imports, key=lambda line: (line.startswith("from"), line))
    return [*ordered, "", format.load, f"inputs = {_values(format, part)}", format.call]


def _values(format: Format, part: Part) -> str:
    values = {tensor.name: _value(tensor, part) for tensor in part.model.inputs}
    if format.named or set(values) != {ONLY}:
        return "{" + ", ".join(f'"{name}": {value}' for name, value in values.items()) + "}"
    return values[ONLY]


def _value(tensor: Any, part: Part) -> str:
    if part.encoder is not None:
        return f'np.array(encode(["物流很快"]), "{tensor.dtype}")'
    if tensor.dtype == "string":
        return f"tf.constant({TEXTS if len(tensor.shape) == 1 else WORD})"
    # Keras takes no arrays beside tensors, which strings are.
    zeros = "tf" if "string" in {other.dtype for other in part.model.inputs} else "np"
    return f'{zeros}.zeros({(1, *tensor.shape[1:])}, "{tensor.dtype}")'


def _inputs(part: Part, columns: Mapping[str, str]) -> list[str]:
    what = "token numbers from `encode.py`" if part.encoder else "raw as the recipe reads it"
    named = {key: f", the column {printable(name)}" for key, name in columns.items() if key != name}
    return [
        f"- input `{tensor.name}`{named.get(tensor.name, '')}: {tensor.dtype}, {_shape(tensor)},"
        f" {what}"
        for tensor in part.model.inputs
    ]


def _outputs(model: keras.Model, classes: tuple[str, ...]) -> list[str]:
    if not isinstance(model.output, dict):
        outputs = keras.tree.flatten(model.output)
        return [f"- output: {_shape(output)}{_meaning(output, classes)}" for output in outputs]
    return [f"- output `{name}`: {_shape(output)}" for name, output in sorted(model.output.items())]


def _meaning(output: Any, classes: tuple[str, ...]) -> str:
    if not classes or len(output.shape) != 2:
        return ""
    names = [printable(name) for name in classes]
    if output.shape[-1] == len(names):
        return f", one number for each class: {', '.join(names)}"
    if output.shape[-1] == 1 and len(names) == 2:
        return f", from 0 for {names[0]} to 1 for {names[1]}"
    return ""


def _shape(tensor: Any) -> str:
    return f"({', '.join(['n', *map(str, tensor.shape[1:])])})"
