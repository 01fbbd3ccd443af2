"""What a model says of digits; where it is in doubt, once more with small turns undone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kerastut.arrays import Array
from kerastut.digits import TURNS, Digit
from kerastut.predict.pictures import Fitted
from kerastut.predict.probabilities import Prediction

# Below the first a digit is turned to and fro; below the second the answer is a guess. Most digits
# stand upright: of the probability of a turned one the third share counts.
SURE, GUESS, TURNED = 0.95, 0.5, 0.6

Ask = Callable[[Array], list[Prediction]]


@dataclass(frozen=True)
class Reading:
    """A digit and what a model says of it.

    Args:
        digit: As it was found.
        pixels: `(28, 28, 1)` uint8 that the model was asked.
        prediction: Its answer.
        box: Left, top, right and bottom, in pixels of the picture's own.
        turned: Degrees to the left that it was turned by.
    """

    digit: Digit
    pixels: Array
    prediction: Prediction
    box: tuple[int, ...]
    turned: int = 0

    @property
    def is_doubtful(self) -> bool:
        """Whether it looks little like a digit, or the model is not sure which."""
        return self.digit.is_doubtful or self.prediction.probability < GUESS


def readings(picture: Fitted, answers: Sequence[Prediction], ask: Ask) -> list[Reading]:
    """Returns what a model says of each digit in a picture.

    Args:
        picture: With the digits that were found.
        answers: What the model says of each as it stands.
        ask: Asks the model of `(n, 28, 28, 1)` uint8.
    """
    assert picture.found is not None
    found: list[Reading] = []
    for digit, pixels, answer in zip(picture.found.digits, picture.samples, answers, strict=True):
        top, left, bottom, right = (round(side * picture.scale) for side in digit.box)
        box = left, top, right, bottom
        tries = [Reading(digit, pixels, answer, box)]
        if answer.probability < SURE and digit.can_turn:
            turned = digit.turned[..., None]
            rows = zip(turned, ask(turned), TURNS, strict=True)
            tries += (Reading(digit, pixels, answer, box, by) for pixels, answer, by in rows)
        found.append(max(tries, key=weight))
    return found


def weight(reading: Reading) -> float:
    """Returns how much an answer counts among those of other turns."""
    return reading.prediction.probability * (TURNED if reading.turned else 1)


def notes_of(readings: Sequence[Reading]) -> list[str]:
    """Returns what is to be said of the answers."""
    turns = [f"turned by {abs(r.turned)} degrees" for r in readings if r.turned]
    doubts = [
        f"doubtful: {r.prediction.label}, which"
        + (" looks little like a digit" if r.digit.is_doubtful else " has a low probability")
        for r in readings
        if r.is_doubtful
    ]
    return turns + doubts
