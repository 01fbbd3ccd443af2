"""Finds the digits in a picture, however it was taken: steps on NumPy arrays, one after the other.

`ink` evens the light out, `lines` tells lines and squares of the paper from strokes, `parts` joins
what is connected, `placing` brings a digit to MNIST's place and size, `likeness` says whether it
looks like one at all. It knows no model and no files, and serves companion and demo alike.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.digits.finding import TURNS as TURNS
    from kerastut.digits.finding import Digit as Digit
    from kerastut.digits.finding import FoundDigits as FoundDigits
    from kerastut.digits.finding import find as find
    from kerastut.digits.likeness import weights as weights
    from kerastut.digits.placing import cut as cut
    from kerastut.digits.placing import placed as placed

__getattr__, __dir__ = front_door(__name__, __file__)
