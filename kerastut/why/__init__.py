"""Reads a pasted traceback or warning, and says what happened, why, and what to write instead.

It looks the message up and runs nothing: no Keras, no TensorFlow. Stale code is explained by the
rules of the checker, everything else by the records that lie here as TOML.
`%load_ext kerastut.why` explains in a notebook, `python -m kerastut.why script.py` after a script.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.why.explaining import Cause as Cause
    from kerastut.why.explaining import Explanation as Explanation
    from kerastut.why.explaining import explain as explain
    from kerastut.why.hooks import load_ipython_extension as load_ipython_extension
    from kerastut.why.hooks import unload_ipython_extension as unload_ipython_extension
    from kerastut.why.pasted import MOST_BYTES as MOST_BYTES
    from kerastut.why.pasted import decode as decode
    from kerastut.why.telling import advice as advice
    from kerastut.why.telling import tell as tell

__getattr__, __dir__ = front_door(__name__, __file__)
