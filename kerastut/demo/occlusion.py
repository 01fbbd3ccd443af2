"""What each character contributes: how the probability changes when it is left out."""

from collections.abc import Sequence

import numpy as np

from kerastut.demo.net import Net
from kerastut.predict import Prediction


def occlusion(text: str, net: Net) -> tuple[Prediction, list[float]]:
    """Predicts a text, and once more without each of its characters.

    Args:
        text: Not empty.
        net: Of texts.

    Returns:
        The prediction for the whole text, and for each character the probability with it minus the
        probability without it, of the class that `reference` names.
    """
    shorter = [text[:place] + text[place + 1 :] for place in range(len(text))]
    whole, *others = net.predict(np.array([text, *shorter], dtype=object))
    name = reference(whole, net.classes)
    given = whole.probabilities[name]
    return whole, [given - other.probabilities[name] for other in others]


def reference(prediction: Prediction, classes: Sequence[str]) -> str:
    """Returns the class that contributions speak of: the second of two, else the most probable."""
    return classes[1] if len(classes) == 2 else prediction.label
