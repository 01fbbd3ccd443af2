"""A training as the command runs it, with the comparison's settings or the recipe's own."""

from typing import Any

import numpy as np

from benchmarks import data

SETTINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "cnn": ("cnn-mnist", {"conv_dropout": 0.25, "dense_dropout": 0.5, "learning_rate": 1e-3}),
    "mlp": ("mlp-mnist", {"learning_rate": 1e-3}),
}


def measure(
    model: str,
    samples: int,
    batch: int,
    epochs: int,
    seed: int,
    warm: int = 1,
    own: bool = False,
    policy: str = "float32",
) -> dict[str, Any]:
    """Times epochs after `warm` others, the first of which compiles the training step.

    A recipe may have callbacks of its own; the clock comes in as one, so nothing else is changed.
    `steady` is the seconds of all training without its first call, `steady_samples` their samples.
    """
    import kerastut
    from kerastut.quiet import startup
    from kerastut.registry import get_recipe, load_module

    with startup(verbose=False):
        import keras

        from benchmarks.clock import Clock
        from kerastut.train import share_threads
    name, parameters = SETTINGS[model]
    share_threads(get_recipe(name))
    x, y, test_x, test_y = data.images(samples)
    test = test_x, test_y.astype(np.int32)
    arrays = kerastut.from_arrays(
        (x, y.astype(np.int32)), test, test, classes=tuple("0123456789"), name="mnist"
    )
    clock = Clock()
    keras.config.set_dtype_policy(policy)
    module = load_module(get_recipe(name))
    vars(module)["callbacks"] = lambda: [clock]
    run = kerastut.run(
        name,
        data=arrays,
        epochs=warm + epochs,
        batch_size=batch,
        seed=seed,
        verbose=0,
        **({} if own else {"schedule": "constant", **parameters}),
    )
    return {
        "seconds": clock.seconds[warm:],
        "first": clock.first,
        "steady": sum(clock.seconds) - clock.first,
        "steady_samples": (warm + epochs) * samples - clock.first_steps * batch,
        "data_mib": (x.nbytes + 4 * samples) / 1024**2,
        "accuracy": run.metrics["accuracy"],
        "parameters": run.parameter_count,
    }
