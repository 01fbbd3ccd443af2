"""Learning rates that change during training."""

import keras


def warmup_cosine(peak: float, total_steps: int) -> keras.optimizers.schedules.LearningRateSchedule:
    """Climbs to a peak and falls to zero.

    The rate goes from a tenth of the peak up to it in the first fifth of the steps, then down along
    half a cosine. The small steps at the end let the weights settle; a constant rate does not.

    Args:
        peak: Highest learning rate.
        total_steps: Optimizer steps of the whole training.

    Returns:
        A Keras schedule, to be given to an optimizer as its learning rate.

    Example:

    >>> keras.optimizers.Adam(warmup_cosine(4e-3, total_steps=1720))
    """
    warmup = total_steps // 5
    return keras.optimizers.schedules.CosineDecay(
        peak / 10, total_steps - warmup, warmup_target=peak, warmup_steps=warmup
    )
