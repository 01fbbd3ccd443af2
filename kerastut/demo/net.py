"""The net of a finished run, ready to answer at once."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import keras
import numpy as np

from kerastut.arrays import Array
from kerastut.errors import DataError, refused, shown_path
from kerastut.predict import Prediction, Trained, predictions
from kerastut.runs import Subject, load_model
from kerastut.train import batch_for, to_model_input

LONGEST = 200  # characters of a text; each costs a prediction
# Numbers in all feature maps that are drawn, a quarter of what is left in those of one layer at the
# most: VGG16 has 13,547,520, of them 3,211,264 in one layer.
MAPS = 2**24
SHOWS = (
    "the demo shows runs that tell classes of pictures or of texts apart, such as cnn-mnist,"
    " mlp-mnist, text-lstm or mlp-reviews"
)


@dataclass(frozen=True)
class Net:
    """A trained model and what is known of it.

    Args:
        name: The recipe's.
        model: Takes pictures or texts, one input, and gives class probabilities.
        classes: Class names by class number.
        trained: What the model was trained on.
        scale: What pixels from 0 to 255 are multiplied by before they go in.
    """

    name: str
    model: keras.Model
    classes: tuple[str, ...]
    trained: Trained
    scale: float = 1

    @property
    def reads_texts(self) -> bool:
        """Whether the model takes strings; else it takes pictures."""
        return bool(self.model.inputs[0].dtype == "string")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels of the pictures."""
        height, width, channels = self.model.inputs[0].shape[1:]
        return height, width, channels

    def predict(self, samples: Array) -> list[Prediction]:
        """Predicts pixels or strings, as many at once as memory may hold."""
        parts = [
            self.model.predict_on_batch(to_model_input(samples[start : start + self._batch]))
            for start in range(0, len(samples), self._batch)
        ]
        return predictions(np.concatenate(parts), self.classes)

    def ask(self, pixels: Array) -> list[Prediction]:
        """Predicts pictures `(n, height, width, channels)` from 0 to 255."""
        return self.predict(pixels * self.scale)

    def look(self, pixels: Array) -> tuple[Prediction, Mapping[str, Array]]:
        """Predicts one picture, and returns what each convolution layer makes of it.

        Args:
            pixels: `(height, width, channels)`.

        Returns:
            The prediction, and feature maps `(height, width, filters)` by the layers' names.
        """
        outputs, maps = self._watched.predict_on_batch([pixels[None] * self.scale])
        found = {name: batch[0] for name, batch in maps.items()}
        return predictions(outputs, self.classes)[0], found

    def weigh(self, text: str) -> tuple[Prediction, list[float], str]:
        """Predicts a text, and once more without each of its characters.

        Args:
            text: Not empty.

        Returns:
            The prediction for the whole text; for each character the probability with it minus the
            probability without it; and the class that this speaks of.
        """
        shorter = [text[:place] + text[place + 1 :] for place in range(len(text))]
        whole, *others = self.predict(np.array([text, *shorter], dtype=object))
        name = reference(whole, self.classes)
        given = whole.probabilities[name]
        return whole, [given - other.probabilities[name] for other in others], name

    @cached_property
    def _batch(self) -> int:
        return batch_for(self.model, LONGEST)

    @cached_property
    def _watched(self) -> keras.Model:
        """The model with the outputs of its convolution layers beside its own."""
        maps, left = {}, MAPS
        for layer in self.model.layers:
            if isinstance(layer, keras.layers.Conv2D) and None not in layer.output.shape[1:]:
                size = math.prod(layer.output.shape[1:])
                if size <= left // 4:
                    maps[layer.name], left = layer.output, left - size
        return keras.Model(self.model.inputs, (self.model.outputs[0], maps))


def reference(prediction: Prediction, classes: Sequence[str]) -> str:
    """Returns the class that contributions speak of: the second of two, else the most probable."""
    return classes[1] if len(classes) == 2 else prediction.label


def open_net(known: Subject, scale: float = 1) -> Net:
    """Loads a model and computes with it once, so that later answers come at once.

    Args:
        known: The model's file, and what is known of it.
        scale: What pixels from 0 to 255 are multiplied by before they go in.

    Raises:
        DataError: If the model cannot be loaded, or is none of pictures or texts.
    """
    trained = Trained(known.data, known.background, known.fit, known.bits)
    model = load_model(known.model)
    where = shown_path(known.model)
    if not _fits(model):
        raise DataError(f"{where}: {SHOWS}; received a model of other inputs or outputs.")
    classes = known.classes_of(model.outputs[0].shape)
    net = Net(known.name, model, classes, trained, scale)
    # Keras and TensorFlow may raise anything for a stranger's model.
    with refused(known.model, "The demo cannot compute with this model.", Exception):
        answer = _warm(net)
    if not answer.probabilities:
        raise DataError(f"{where}: {SHOWS}; received a model whose outputs are no probabilities.")
    return net


def _fits(model: keras.Model) -> bool:
    """Returns whether the model has one output, and one input of texts or of pictures."""
    if len(model.inputs) > 1 or len(model.outputs) > 1:
        return False
    shape = tuple(model.inputs[0].shape[1:])
    pictures = len(shape) == 3 and shape[2] in (1, 3) and None not in shape
    return pictures or model.inputs[0].dtype == "string"


def _warm(net: Net) -> Prediction:
    if not net.reads_texts:
        return net.look(np.zeros(net.shape, np.uint8))[0]
    # After two sizes of batch the compiled function takes any.
    return [net.predict(np.array(["。"] * size, dtype=object)) for size in (1, 2, 3)][-1][0]
