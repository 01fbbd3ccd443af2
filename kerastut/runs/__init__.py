"""A run's folder: started, written whole, reopened; and its model, loaded without trust.

`resume` keeps checkpoints and finds its way back to them.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.runs.artifacts import draw as draw
    from kerastut.runs.artifacts import machine as machine
    from kerastut.runs.artifacts import versions as versions
    from kerastut.runs.folder import CHECKPOINTS as CHECKPOINTS
    from kerastut.runs.interrupts import Interrupted as Interrupted
    from kerastut.runs.interrupts import watch as watch
    from kerastut.runs.record import recorded as recorded
    from kerastut.runs.reopening import reopen as reopen
    from kerastut.runs.resume.checkpoint import Checkpoint as Checkpoint
    from kerastut.runs.resume.journal import Journal as Journal
    from kerastut.runs.resume.keeper import Checkpoints as Checkpoints
    from kerastut.runs.saved_model import load_model as load_model
    from kerastut.runs.start import run as run

__getattr__, __dir__ = front_door(__name__, __file__)
