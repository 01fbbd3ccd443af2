"""The command line that repeats a run."""

from pathlib import Path
from typing import Any

from kerastut.errors import quoted
from kerastut.registry.settings import Settings, as_text


def as_command(settings: Settings, folder: Path) -> str:
    """Returns `kerastut run ...` with all that differs from the recipe's own settings."""
    recipe, defaults = settings.recipe, settings.recipe.defaults()
    words = ["kerastut", "run", recipe.name if recipe.packaged else str(recipe.path)]
    for name, value in settings.changes().items():
        words += _words("data" if name == "dataset" else name, value)
    for name, value in settings.data_options.given().items():
        words += _words(name, "x".join(map(str, value)) if name == "image_size" else value)
    for name, value in settings.parameters.items():
        if value != defaults[name]:
            words += ["--set", f"{name}={as_text(value)}"]
    return quoted(*words, "--output-dir", str(folder))


def as_argument(path: Path) -> str:
    """Returns a path as a command takes it: quoted, and told from a name."""
    return quoted(str(path) if len(path.parts) > 1 else f"./{path}")


def _words(name: str, value: Any) -> list[str]:
    """Returns an option and its value; a switch has none."""
    return [f"--{name.replace('_', '-')}", *([] if value is True else [str(value)])]
