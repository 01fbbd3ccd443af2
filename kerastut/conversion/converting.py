"""Converts an old model: reads it, builds it, places its weights, and proves what came of it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import keras

from kerastut.conversion import compiling
from kerastut.conversion.building import Builder
from kerastut.conversion.given import ELSEWHERE, require_new
from kerastut.conversion.like import reference
from kerastut.conversion.old import Old
from kerastut.conversion.placing import Placing
from kerastut.conversion.proof import Proof, prove
from kerastut.conversion.reading import reading, require_old
from kerastut.errors import (
    DataError,
    KerastutError,
    one_line,
    shown,
    shown_path,
    unwritable,
)
from kerastut.files import placed
from kerastut.train import planned_variables, saved

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
    proof: Proof


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
    require_new(target)
    try:
        with placed(target.parent) as folder:
            staged = folder / target.name
            return _converted(path, weights, like, lambdas or {}, layers or {}, staged)
    except OSError as error:
        raise unwritable(error, f"{shown_path(target)}: cannot write there", ELSEWHERE) from error


def _converted(
    path: Path,
    weights: Path | None,
    like: str | PathLike[str] | None,
    functions: Mapping[str, Callable[..., Any]],
    own: Mapping[str, Any],
    target: Path | None = None,
) -> Converted:
    """Converts, and with a `target` also writes and proves."""
    model = None if like is None else reference(like)
    about = model and {"class_name": type(model).__name__, "config": model.get_config()}
    with _foreign(path), reading(path, weights, about) as old:
        old.check_size()
        require_old(old, like)
        if old.config is not None:
            found = _rebuilt(old, functions, own)
        elif path.is_dir():
            from kerastut.conversion.wrapping import wrapped

            found = Converted(wrapped(path), "", 0, "", (WRAPPED,), Proof(reason="it is the same"))
        else:
            found = _filled(old, model)
        if target is None:
            return found
        target.write_bytes(saved(found.model.save, target.name))
        if found.proof.reason:
            return found
        return replace(found, proof=prove(old, weights or path, target))


def _rebuilt(old: Old, functions: Mapping[str, Any], own: Mapping[str, Any]) -> Converted:
    """Returns a model that is built from its configuration, with its weights."""
    with planned_variables():  # so that sizes are compared before memory is taken
        _built(old, functions, own, planned=True)
    model, builder, placing = _built(old, functions, own, planned=False)
    notes = [*dict.fromkeys(builder.notes), *compiling.compile_model(model, old, own)]
    state = compiling.restore(model, old, placing.order) if model.compiled else ""
    unused = sorted(functions.keys() - builder.used)
    notes += [f"--lambda {shown(name)}: the model has no such layer." for name in unused]
    proof = Proof()
    if builder.used:
        reason = "it has functions or classes of yours, which tf-keras does not know"
        proof = Proof(reason=reason)
    return Converted(model, old.keras, placing.taken, state, tuple(notes), proof)


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


def _filled(old: Old, model: keras.Model) -> Converted:
    """Returns a model that is known otherwise, with old weights."""
    placing = Placing(old)
    placing.by_order(model)
    proof = Proof(reason="the file tells no architecture")
    return Converted(model, old.keras, placing.taken, "", (), proof)


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
