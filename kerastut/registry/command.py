"""The command line that repeats a run."""

import shlex
from pathlib import Path
from typing import Any

from kerastut.registry.settings import Settings


def as_command(settings: Settings, folder: Path) -> str:
    """Returns `kerastut run ...` with all that differs from the recipe's own settings."""
    recipe = settings.recipe
    words = ["kerastut", "run", recipe.name if recipe.packaged else str(recipe.path)]
    own = {
        "--data": (settings.dataset, recipe.dataset),
        "--epochs": (settings.epochs, recipe.epochs),
        "--batch-size": (settings.batch_size, recipe.batch_size),
        "--seed": (settings.seed, 0),
        "--limit": (settings.limit, None),
    }
    for option, (value, default) in own.items():
        if value != default:
            words += [option, str(value)]
    for name, value in settings.data_options.given().items():
        size = name == "image_size"
        words += [f"--{name.replace('_', '-')}", "x".join(map(str, value)) if size else value]
    defaults = recipe.defaults()
    for name, value in settings.parameters.items():
        if value != defaults[name]:
            words += ["--set", f"{name}={_text(value)}"]
    return shlex.join([*words, "--output-dir", str(folder)])


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
