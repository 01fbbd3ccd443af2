"""The faults of the five tutorials, each with its mend and its proof."""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.corrections.catalogue import KINDS as KINDS
    from kerastut.corrections.catalogue import Block as Block
    from kerastut.corrections.catalogue import Fault as Fault
    from kerastut.corrections.catalogue import faults_of as faults_of
    from kerastut.corrections.catalogue import get as get
    from kerastut.corrections.catalogue import get_fault as get_fault
    from kerastut.corrections.catalogue import is_id as is_id
    from kerastut.corrections.catalogue import load_blocks as load_blocks
    from kerastut.corrections.catalogue import load_faults as load_faults

__getattr__, __dir__ = front_door(__name__, __file__)
