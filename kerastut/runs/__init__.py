"""A run's folder: started, written whole, reopened; and its model, loaded without trust.

`resume` keeps checkpoints and finds its way back to them.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.runs.environment import machine as machine
    from kerastut.runs.environment import versions as versions
    from kerastut.runs.folder import folder_of as folder_of
    from kerastut.runs.folder import in_use as in_use
    from kerastut.runs.folder import require_free as require_free
    from kerastut.runs.interrupts import Interrupted as Interrupted
    from kerastut.runs.interrupts import watch as watch
    from kerastut.runs.listing import RUNS as RUNS
    from kerastut.runs.listing import latest as latest
    from kerastut.runs.listing import list_runs as list_runs
    from kerastut.runs.record import CHECKPOINTS as CHECKPOINTS
    from kerastut.runs.record import Record as Record
    from kerastut.runs.record import model_file as model_file
    from kerastut.runs.record import recorded as recorded
    from kerastut.runs.redrawing import redraw as redraw
    from kerastut.runs.reopening import reopen as reopen
    from kerastut.runs.resume.checkpoint import begun as begun
    from kerastut.runs.resume.identity import continued as continued
    from kerastut.runs.resume.identity import require_same as require_same
    from kerastut.runs.running import run as run
    from kerastut.runs.running import start as start
    from kerastut.runs.saved_model import load_model as load_model
    from kerastut.runs.subjects import Subject as Subject
    from kerastut.runs.subjects import subject as subject
    from kerastut.runs.weights import check_weights as check_weights

__getattr__, __dir__ = front_door(__name__, __file__)
