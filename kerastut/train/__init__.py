"""Training: prepare data and model, fit, evaluate. It knows no files.

What keeps a training on disk reaches it through the protocol in `keeping`. `speed` and `devices`
are how it uses processors; `keras_internals` alone touches what Keras does not promise.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.train.batches import Batches as Batches
    from kerastut.train.demand import batch_for as batch_for
    from kerastut.train.demand import check_demand as check_demand
    from kerastut.train.demand import fold_loops as fold_loops
    from kerastut.train.demand import numbers as numbers
    from kerastut.train.devices.cluster import STRATEGIES as STRATEGIES
    from kerastut.train.devices.cluster import Cluster as Cluster
    from kerastut.train.devices.cluster import read_strategy as read_strategy
    from kerastut.train.devices.team import Team as Team
    from kerastut.train.devices.team import assemble as assemble
    from kerastut.train.devices.team import peers as peers
    from kerastut.train.encoding import ENCODER as ENCODER
    from kerastut.train.encoding import encoded as encoded
    from kerastut.train.encoding import to_model_input as to_model_input
    from kerastut.train.encoding import words_of as words_of
    from kerastut.train.keeping import Keeper as Keeper
    from kerastut.train.keeping import Start as Start
    from kerastut.train.keras_internals import all_layers as all_layers
    from kerastut.train.keras_internals import compiled_again as compiled_again
    from kerastut.train.keras_internals import has_own_step as has_own_step
    from kerastut.train.keras_internals import planned_variables as planned_variables
    from kerastut.train.keras_internals import random_states as random_states
    from kerastut.train.keras_internals import reaches_out as reaches_out
    from kerastut.train.keras_internals import saved as saved
    from kerastut.train.keras_internals import saved_model as saved_model
    from kerastut.train.keras_internals import sync as sync
    from kerastut.train.preparation import Prepared as Prepared
    from kerastut.train.preparation import build_model as build_model
    from kerastut.train.preparation import load_data as load_data
    from kerastut.train.preparation import prepare as prepare
    from kerastut.train.run import Run as Run
    from kerastut.train.schedules import warmup_cosine as warmup_cosine
    from kerastut.train.seeds import epoch_order as epoch_order
    from kerastut.train.speed.halves import Halves as Halves
    from kerastut.train.speed.halves import share_threads as share_threads
    from kerastut.train.speed.threads import halve as halve
    from kerastut.train.speed.threads import of_a_kernel as of_a_kernel
    from kerastut.train.trainer import finish as finish
    from kerastut.train.trainer import fitted as fitted
    from kerastut.train.trainer import train as train

__getattr__, __dir__ = front_door(__name__, __file__)
