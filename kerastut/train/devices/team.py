"""The devices and machines that train one model together, and how they keep in step."""

import faulthandler
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import keras
import tensorflow as tf

from kerastut.errors import KerastutError, ParameterError, PeerError
from kerastut.registry import Settings
from kerastut.train.devices import meeting as rendezvous
from kerastut.train.devices.cluster import Cluster, require_shares
from kerastut.train.keras_internals import local_devices, state_length

# Raised when a worker does not answer, though its machine still accepts connections.
SILENT = (tf.errors.UnavailableError, tf.errors.DeadlineExceededError)


@dataclass(frozen=True)
class Team:
    """The devices that train one model together."""

    strategy: tf.distribute.Strategy
    cluster: Cluster | None  # the machines, or `None` for this one alone

    @property
    def replicas(self) -> int:
        """Copies of the model."""
        return int(self.strategy.num_replicas_in_sync)

    @property
    def name(self) -> str:
        """The strategy's, as the caller gives it."""
        return "multi-worker" if self.cluster else "mirrored"

    @property
    def is_chief(self) -> bool:
        """Whether this process prints and writes the results."""
        return self.cluster is None or self.cluster.is_chief

    def __str__(self) -> str:
        """Returns what decides the bits of a result."""
        if self.cluster is None:
            return f"mirrored on {self.replicas} devices"
        return f"{len(self.cluster.workers)} workers with {self.replicas} devices"

    def feed(self, batches: tf.data.Dataset) -> tf.distribute.DistributedDataset:
        """Returns the batches in the form in which every replica gets each of them."""
        here, steps = local_devices(self.strategy), int(batches.cardinality())
        if here > 1:  # a pipeline serves the devices of its machine in turn
            batches = batches.flat_map(lambda *b: tf.data.Dataset.from_tensors(b).repeat(here))
        fed = self.strategy.distribute_datasets_from_function(lambda context: batches)
        state_length(fed, steps)
        return fed

    def gather(self, numbers: list[int]) -> list[list[int]]:
        """Returns the numbers of each worker; all must call it, with equally many."""
        if self.cluster is None:
            return [numbers]
        rows = self.strategy.gather(tf.constant([numbers], tf.int64), axis=0)
        return [[int(number) for number in row] for row in rows.numpy()]


def assemble(name: str | None, cluster: Cluster | None, settings: Settings) -> Team | None:
    """Brings together the devices that a strategy works on; `None` if that is a single one.

    Raises:
        ParameterError: If Keras does not run on TensorFlow, or the batch cannot be shared.
        PeerError: If a worker does not come.
    """
    if name is None:
        return None
    if keras.config.backend() != "tensorflow":
        raise ParameterError(
            f"strategy {name} needs the TensorFlow backend; received {keras.config.backend()}."
            " Set KERAS_BACKEND=tensorflow."
        )
    if cluster is None or len(cluster.workers) == 1:
        team = Team(_mirror(), None)
    else:
        team = Team(_join(cluster), cluster)
    require_shares(settings.batch_size, team.replicas, "devices")
    return team if team.replicas > 1 else None


@cache  # collectives of a second one on the same devices fail
def _mirror() -> tf.distribute.Strategy:
    return tf.distribute.MirroredStrategy()


@cache
def _join(cluster: Cluster) -> tf.distribute.Strategy:
    rendezvous.meet(cluster)
    # TensorFlow holds Python's lock while it waits, so nothing gentler could end it.
    faulthandler.dump_traceback_later(rendezvous.PATIENCE, exit=True, file=2)
    try:
        strategy = tf.distribute.MultiWorkerMirroredStrategy()
    except RuntimeError as error:
        raise ParameterError(
            "multi-worker must start before anything else uses TensorFlow in this process."
            " Start Python anew."
        ) from error
    finally:
        faulthandler.cancel_dump_traceback_later()
    if threading.current_thread() is threading.main_thread():
        # TensorFlow has put a handler of its own there, which ignores the signal.
        signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGTERM))
    return strategy


@contextmanager
def peers(team: Team | None) -> Iterator[None]:
    """Turns what TensorFlow raises when another worker has ended into an error of one line."""
    try:
        yield
    except (tf.errors.OpError, KerastutError) as error:
        cause = error if isinstance(error, tf.errors.OpError) else error.__cause__
        if team is None or team.cluster is None or not isinstance(cause, tf.errors.OpError):
            raise
        lost = rendezvous.gone(team.cluster)
        if not lost and not isinstance(cause, SILENT):
            raise
        who = team.cluster.named(*lost) if lost else "another worker"
        raise PeerError(
            f"The training has stopped, since {who} has ended or cannot be reached. Start the"
            " command on every worker of TF_CONFIG again, with --resume."
        ) from error
