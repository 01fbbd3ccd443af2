"""What each replica of a model does with a batch.

TensorFlow's strategies keep a copy of the model, a replica, on every device, and add up gradients.
Every replica gets the whole batch and takes its own slice of it, so the batches are those of a
single device, also where they cannot be divided equally.
"""

import threading
from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from kerastut.data import Data, Split
from kerastut.errors import ParameterError
from kerastut.registry import Settings
from kerastut.train.batches import gatherer, one_sample, produced
from kerastut.train.devices.team import Team
from kerastut.train.keras_internals import Logs, build_for, local_devices, random_states, weigh_loss

Step = Callable[[Any], Logs]


def require_samples(team: Team, settings: Settings, inputs: Data) -> None:
    """Refuses batches that would leave a replica without any sample: TensorFlow would abort."""
    for part in ("train", "validation"):
        if len(getattr(inputs, part)) < team.replicas:
            raise ParameterError(
                f"{team.replicas} devices need at least as many samples to {part}; received"
                f" {len(getattr(inputs, part))}."
            )
    samples, size = len(inputs.train), settings.batch_size
    if 0 < samples % size < team.replicas:
        while 0 < samples % size < team.replicas:
            size += team.replicas
        raise ParameterError(
            f"An epoch's last batch has {samples % settings.batch_size} of {samples} samples, too"
            f" few for {team.replicas} devices. Pass --batch-size {size}."
        )


def adapt(team: Team, model: keras.Model, train: Split) -> None:
    """Makes a model that was built and compiled in the strategy's scope ready for `team.feed`."""
    with team.strategy.scope():
        build_for(model, *one_sample(train))
    model.steps_per_execution = 1  # collectives within TensorFlow's loops fail
    own = threading.local()  # the replicas of a machine are traced in a thread each
    train_step: Step = model.train_step
    test_step: Step = model.test_step

    def weighted(data: Any) -> Logs:
        part, own.weight = _slice(team, data)
        return train_step(part)

    weigh_loss(model.optimizer, lambda: own.weight)
    steps: tuple[Step, ...] = (weighted, lambda data: test_step(_slice(team, data)[0]))
    if team.cluster:
        steps = tuple(map(_reducible, steps))
    model.train_step, model.test_step = steps


def _slice(team: Team, batch: Any) -> tuple[Any, tf.Tensor]:
    """Returns a replica's slice of a batch, and the weight of its mean loss in the batch's."""
    replica = tf.cast(tf.distribute.get_replica_context().replica_id_in_sync_group, tf.int32)
    samples = tf.shape(tf.nest.flatten(batch)[0])[0]
    first, end = (number * samples // team.replicas for number in (replica, replica + 1))
    weight = tf.cast((end - first) * team.replicas, tf.float32) / tf.cast(samples, tf.float32)
    return tf.nest.map_structure(lambda tensor: tensor[first:end], batch), weight


def _reducible(step: Step) -> Step:
    """Returns the step with results that Keras can average over machines (keras#20585)."""

    def reducible(data: Any) -> Logs:
        return {name: tf.reshape(value, (1,)) for name, value in step(data).items()}

    return reducible


def batched(split: Split, batch_size: int) -> tf.data.Dataset:
    """Returns a split in batches as equal as can be, so that none is too small to be shared."""
    count, batches, gather = len(split), -(-len(split) // batch_size), gatherer(split)

    def batch(number: tf.Tensor) -> Any:
        return gather(tf.range(number * count // batches, (number + 1) * count // batches))

    return produced(tf.data.Dataset.range(batches), batch)


class OwnRandomness(keras.callbacks.Callback):  # type: ignore[misc]
    """Gives the random layers of each replica numbers of their own.

    They would else drop the same units of the first samples of every slice. It must stand after
    the callback that sets the epoch's random states.
    """

    def __init__(self, team: Team) -> None:
        super().__init__()
        self._strategy = team.strategy
        index = team.cluster.index if team.cluster else 0
        self._first = index * local_devices(team.strategy)

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Adds the replica's number to the first half of each state."""
        for state in random_states(self.model):
            copies = self._strategy.experimental_local_results(state.value)
            for replica, copy in enumerate(copies, start=self._first):
                copy.assign_add([replica, 0])
