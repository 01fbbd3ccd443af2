"""Converts an old model: reads it, builds it, places its weights, and proves what came of it."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import keras

from kerastut.conversion import compiling
from kerastut.conversion.building import Builder
from kerastut.conversion.like import reference
from kerastut.conversion.old import ConversionError, Old
from kerastut.conversion.placing import Placing
from kerastut.conversion.proof import Proof, prove
from kerastut.conversion.reading import reading
from kerastut.errors import DataError, KerastutError, OutputError, one_line, shown, shown_path
from kerastut.train import planned_variables

NO_PROOF = Proof(reason="it was not written to a file")
WRAPPED = "it is wrapped for inference: nothing in it can be trained or changed"


@dataclass(frozen=True)
class Converted:
    """A converted model, and what is known of it.

    Args:
        model: For Keras 3.
        keras: Version of the Keras that wrote the old one; empty if it told none.
        weights: Arrays of the old file, each of which was placed once.
        optimizer: What became of the optimizer's state.
        notes: What is different from before, and what was left out.
        proof: What a comparison with the old model has shown.
    """

    model: keras.Model
    keras: str
    weights: int
    optimizer: str
    notes: tuple[str, ...]
    proof: Proof = NO_PROOF


def convert(
    path: str | PathLike[str],
    weights: str | PathLike[str] | None = None,
    like: str | PathLike[str] | None = None,
    lambdas: Mapping[str, Callable[..., Any]] | None = None,
    layers: Mapping[str, Any] | None = None,
) -> keras.Model:
    """Returns a model that an old Keras saved, rebuilt for Keras 3.

    The file is read and nothing in it is run. `kerastut convert` also compares the outcome with
    the old model where tf-keras can compute it.

    Args:
        path: A `.h5` file of Keras 1, Keras 2 or tf.keras; an architecture as `.json` or `.yaml`; a
            `.keras` file of Keras 2.13 to 2.15; or a SavedModel folder.
        weights: A `.h5` file of weights for an architecture.
        like: A recipe's name, the folder of a run, or a `.keras` file, for a file of weights alone.
        lambdas: A function on `keras.ops` for each Lambda layer, by the layer's name.
        layers: Classes and functions that Keras 3 does not have, by the name in the file.

    Raises:
        DataError: If a file is missing, damaged, or something else.
        ConversionError: If the model holds what cannot be converted; the text names it.

    Example:

    >>> model = kerastut.convert("model-of-2018.h5", lambdas={"double": lambda x: 2 * x})
    """
    return _converted(
        Path(path), None if weights is None else Path(weights), like, lambdas or {}, layers or {}
    ).model


def convert_file(
    path: Path,
    target: Path,
    weights: Path | None = None,
    like: str | None = None,
    lambdas: Mapping[str, Callable[..., Any]] | None = None,
    layers: Mapping[str, Any] | None = None,
) -> Converted:
    """Writes the converted model as a `.keras` file, once it has been compared with the old one.

    Args:
        path: As for `convert`, and so are the others.
        target: A new file.
        weights: As for `convert`.
        like: As for `convert`.
        lambdas: As for `convert`.
        layers: As for `convert`.

    Raises:
        DisagreementError: If it computes something else than the old model. Nothing is left.
        OutputError: If the file exists or cannot be written.
    """
    if target.exists() or target.suffix != ".keras":
        raise OutputError(
            f"{shown_path(target)}: expected the name of a new .keras file. Choose another with -o."
        )
    try:
        with tempfile.TemporaryDirectory(prefix=f".{target.stem}-", dir=target.parent) as folder:
            staged = Path(folder) / target.name
            found = _converted(path, weights, like, lambdas or {}, layers or {}, staged)
            staged.rename(target)
    except OSError as error:
        raise OutputError(f"{shown_path(target)}: cannot write there: {error.strerror}.") from error
    return found


def _converted(
    path: Path,
    weights: Path | None,
    like: str | PathLike[str] | None,
    functions: Mapping[str, Callable[..., Any]],
    own: Mapping[str, Any],
    target: Path | None = None,
) -> Converted:
    with _foreign(path), reading(path, weights) as old:
        if old.config is None and path.is_dir():
            from kerastut.conversion.wrapping import wrapped

            return Converted(wrapped(path), "", 0, "", (WRAPPED,))
        if old.config is None:
            return _filled(old, like)
        with planned_variables():
            _built(old, functions, own, planned=True)
        model, builder, placing = _built(old, functions, own, planned=False)
        unused = sorted({*functions, *own} - builder.used - set(map(str, builder.notes)))
        notes = [*dict.fromkeys(builder.notes), *compiling.compile_model(model, old, own)]
        state = compiling.restore(model, old, placing.order) if model.compiled else ""
        notes += [f"{shown(name)} was given and is not in the model." for name in unused]
        plain = not builder.used
        found = Converted(model, old.keras, placing.taken, state, tuple(notes))
        return found if target is None else _proven(found, old, weights or path, target, plain)


def _proven(found: Converted, old: Old, weights: Path, target: Path, plain: bool) -> Converted:
    found.model.save(target)
    return replace(found, proof=prove(old, weights, target, plain))


def _built(
    old: Old, functions: Mapping[str, Any], own: Mapping[str, Any], planned: bool
) -> tuple[keras.Model, Builder, Placing]:
    builder = Builder(old, own, functions, planned)
    model = builder.model(old.config or {})
    for layer in builder.frozen:
        layer.trainable = False
    placing = Placing(old, planned, builder.names, builder.children)
    placing.by_name(model)
    return model, builder, placing


def _filled(old: Old, like: str | PathLike[str] | None) -> Converted:
    """Returns a model that is known otherwise, with old weights."""
    if like is None:
        raise ConversionError(
            f"{shown_path(old.path)}: holds weights alone. Tell what model they belong to: --like a"
            " recipe, the folder of a run, or a .keras file."
        )
    model = reference(like)
    placing = Placing(old)
    placing.by_order(model)
    return Converted(model, old.keras, placing.taken, "", ())


@contextmanager
def _foreign(path: Path) -> Iterator[None]:
    """Turns whatever a damaged configuration makes Python or Keras raise into one line."""
    try:
        yield
    except (KerastutError, OSError):
        raise
    except Exception as error:
        raise DataError(
            f"{shown_path(path)}: {type(error).__name__}: {shown(one_line(error), 200)}. The file"
            " is damaged, or its model is of a kind that cannot be converted."
        ) from error
