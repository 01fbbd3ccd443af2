"""Looks at all that a run depends on, and tells what is wrong and the line that mends it.

Python, packages and whether they fit, the import of TensorFlow, devices, processor, memory, disk,
locale, fonts. It works where TensorFlow, Keras or NumPy cannot be imported, and says why.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.doctor.examining import examine as examine
    from kerastut.doctor.line import BAD as BAD
    from kerastut.doctor.line import Line as Line

__getattr__, __dir__ = front_door(__name__, __file__)
