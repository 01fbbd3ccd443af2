"""Models of Keras 1, Keras 2 and tf.keras, rebuilt for Keras 3: their files are read, never run.

`reading` opens what there is, `building` makes the layers, `placing` puts every weight where it
belongs, `proof` computes the old model with tf-keras and compares.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.conversion.converting import Converted as Converted
    from kerastut.conversion.converting import convert as convert
    from kerastut.conversion.converting import convert_file as convert_file
    from kerastut.conversion.given import imported as imported
    from kerastut.conversion.given import require_new as require_new
    from kerastut.conversion.reading import require_readable as require_readable

__getattr__, __dir__ = front_door(__name__, __file__)
