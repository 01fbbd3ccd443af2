"""What a recipe declares about itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

# Arguments of a recipe's functions that the runner fills in, so they are not hyperparameters.
SUPPLIED = frozenset({"total_steps", "classes", "shape", "features"})
# The arguments of `kerastut.run`, which takes a recipe's hyperparameters beside them.
RESERVED = frozenset(
    {"recipe", "data", "data_options", "epochs", "batch_size", "seed", "limit", "balance"}
    | {"output_dir", "resume", "force", "strategy", "verbose"}
)
# How a training may use a processor; see `Recipe`.
SPEEDS = ("xla", "halves")


@dataclass(frozen=True)
class Parameter:
    """A hyperparameter of a recipe."""

    default: Any
    choices: tuple[Any, ...] = ()  # empty if any value of the default's type will do
    help: str = ""  # what it means, one line, from the builder's docstring


@dataclass(frozen=True)
class Recipe:
    """The header of a recipe file, and what the registry reads beside it.

    A recipe file writes `RECIPE = Recipe(...)` with literal keyword arguments only, so that the
    registry can read it without importing Keras.

    Args:
        dataset: Name that `kerastut.load` understands.
        epochs: Number of passes over the training data.
        batch_size: Samples in one optimizer step.
        expect: For each test metric, the lowest and the highest value that a correct run shows;
            empty until they are known.
        speed: How a processor trains it fastest, for the engine: `"xla"` compiles several steps at
            once, which serves dense and recurrent nets; `"halves"` computes the two halves of a
            batch side by side, which serves convolutions; `None` takes Keras's own steps.
        samples: Training samples to use, a stratified subset; all if `None`.
        tutorials: The tutorial sections that the recipe replaces, such as `"T0 4.2"`.
        name: Command-line name, from the file's name. Filled by the registry.
        summary: First line of the file's docstring. Filled by the registry.
        description: The rest of the docstring. Filled by the registry.
        path: The recipe's file, or `Path()` if a run's record alone tells of it. Filled by the
            registry.
        packaged: Whether it comes with kerastut, not from the reader. Filled by the registry.
        parameters: Hyperparameters by name. Filled by the registry.

    Example:

    >>> Recipe(dataset="mnist", epochs=4, batch_size=128, expect={"accuracy": (0.989, 0.996)})
    """

    dataset: str
    epochs: int
    batch_size: int
    expect: Mapping[str, tuple[float, float]]
    speed: str | None = None
    samples: int | None = None
    tutorials: tuple[str, ...] = ()
    name: str = ""
    summary: str = ""
    description: str = ""
    path: Path = Path()
    packaged: bool = False
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Digest of the file, which decides what the recipe does."""
        return sha256(self.path.read_bytes()).hexdigest()

    def defaults(self) -> dict[str, Any]:
        """Returns the default value of every hyperparameter."""
        return {name: parameter.default for name, parameter in self.parameters.items()}


def in_band(value: float | None, band: tuple[float, float]) -> bool:
    """Tells whether a value lies between two others, or is one of them; NaN and none do not."""
    return value is not None and band[0] <= value <= band[1]
