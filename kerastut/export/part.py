"""The part of a model that a file can hold, as it is in prediction."""

from dataclasses import dataclass
from typing import Any

import keras

from kerastut.export.formats import ExportError

# What the only input of an exported model is called.
ONLY = "inputs"


@dataclass(frozen=True)
class Part:
    """A model to write, and the encoder that stays outside.

    Args:
        model: In inference mode whoever calls it; its only input is called `inputs`, several keep
            their names.
        encoder: The layer from texts to the model's inputs, or `None`.
    """

    model: keras.Model
    encoder: keras.Layer | None = None


def part(model: keras.Model, strings: bool) -> Part:
    """Returns what a format can hold of a model.

    Args:
        model: Trained, and built.
        strings: Whether the format knows strings.

    Raises:
        ExportError: If the model's inputs are not known, or are strings that cannot be kept out.
    """
    structure = _structure(model)
    if not strings and "string" in {tensor.dtype for tensor in model.inputs}:
        return _behind_encoder(model)
    inputs = {
        name: keras.Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=name)
        for name, tensor in _named(structure).items()
    }
    packed = keras.tree.pack_sequence_as(structure, keras.tree.flatten(inputs))
    # Some random layers are in training mode unless told otherwise.
    return Part(keras.Model(unwrapped(inputs), model(packed, training=False), name=model.name))


def unwrapped(inputs: dict[str, Any]) -> Any:
    """Returns the only input itself; several as they are, by name."""
    return inputs[ONLY] if set(inputs) == {ONLY} else inputs


def _structure(model: keras.Model) -> Any:
    if isinstance(model, keras.Sequential):
        return model.inputs[0]  # it has no `input` before it is called
    try:
        return model.input
    except AttributeError as error:
        raise ExportError(
            f"expected a Sequential or functional model, received {type(model).__name__}, whose"
            " inputs are not known. Build it as one of the two."
        ) from error


def _named(structure: Any) -> dict[str, Any]:
    if isinstance(structure, dict):
        return structure
    if isinstance(structure, (list, tuple)):
        return {tensor.name: tensor for tensor in structure}
    return {ONLY: structure}


def _behind_encoder(model: keras.Model) -> Part:
    encoder = model.layers[0] if isinstance(model, keras.Sequential) else None
    if not isinstance(encoder, keras.layers.TextVectorization):
        raise ExportError(
            "the format knows no strings, and they can be left out only where TextVectorization is"
            " the first layer of a Sequential model. Choose saved_model."
        )
    length = encoder.get_config()["output_sequence_length"]
    inputs = outputs = keras.Input((length,), dtype="int64", name=ONLY)
    for layer in model.layers[1:]:
        outputs = layer(outputs, training=False)
    return Part(keras.Model(inputs, outputs, name=model.name), encoder)
