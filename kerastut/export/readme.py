"""The README beside an exported model: the lines that load it, and what goes in and out."""

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import keras

from kerastut.export.part import ONLY, Part
from kerastut.version import __version__

if TYPE_CHECKING:
    from kerastut.train import Run

TEXTS = '["物流很快", "a review"]'


def write(run: "Run", module: ModuleType, part: Part, folder: Path, agreement: str) -> None:
    """Writes the page.

    Args:
        run: Whose model was exported.
        module: The format.
        part: What was written.
        folder: Where the file lies.
        agreement: One sentence on the comparison with the model.
    """
    lines = [
        f"# {run.settings.recipe.name}: {module.FILE}",
        "",
        f"Written by kerastut {__version__} with Keras {keras.__version__}. {agreement}",
        f"To load it: `pip install {module.INSTALL}`, then in this folder:",
        "",
        "```python",
        *_example(module, part),
        "```",
        "",
        *_inputs(part),
        *_outputs(part.model, run.data.classes),
    ]
    (folder / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _example(module: ModuleType, part: Part) -> list[str]:
    strings = part.model.inputs[0].dtype == "string"
    imports = {*module.IMPORTS, "import tensorflow as tf" if strings else "import numpy as np"}
    if part.encoder is not None:
        imports.add("from encode import encode")
    ordered = sorted(imports, key=lambda line: (line.startswith("from"), line))
    return [*ordered, "", module.LOAD, f"inputs = {_values(module, part)}", module.CALL]


def _values(module: ModuleType, part: Part) -> str:
    values = {tensor.name: _value(tensor, part) for tensor in part.model.inputs}
    if module.NAMED or set(values) != {ONLY}:
        return "{" + ", ".join(f'"{name}": {value}' for name, value in values.items()) + "}"
    return values[ONLY]


def _value(tensor: Any, part: Part) -> str:
    if part.encoder is not None:
        return f'np.array(encode(["物流很快"]), "{tensor.dtype}")'
    if tensor.dtype == "string":
        return f"tf.constant({TEXTS})"
    return f'np.zeros({(1, *tensor.shape[1:])}, "{tensor.dtype}")'


def _inputs(part: Part) -> list[str]:
    lines = [
        f"- input `{tensor.name}`: {tensor.dtype}, {_shape(tensor)}, raw as the recipe reads it"
        for tensor in part.model.inputs
    ]
    if part.encoder is not None:
        lines[0] = lines[0].replace("raw as the recipe reads it", "token numbers from `encode.py`")
    return lines


def _outputs(model: keras.Model, classes: tuple[str, ...]) -> list[str]:
    if not isinstance(model.output, dict):
        outputs = keras.tree.flatten(model.output)
        return [f"- output: {_shape(output)}{_meaning(output, classes)}" for output in outputs]
    return [f"- output `{name}`: {_shape(output)}" for name, output in sorted(model.output.items())]


def _meaning(output: Any, classes: tuple[str, ...]) -> str:
    if not classes or len(output.shape) != 2:
        return ""
    if output.shape[-1] == len(classes):
        return f", one number for each class: {', '.join(classes)}"
    if output.shape[-1] == 1 and len(classes) == 2:
        return f", from 0 for {classes[0]} to 1 for {classes[1]}"
    return ""


def _shape(tensor: Any) -> str:
    return f"({', '.join(['n', *map(str, tensor.shape[1:])])})"
