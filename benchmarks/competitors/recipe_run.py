"""A recipe with its own settings: seconds of training and the test metric at its end."""

from typing import Any

from benchmarks.counterparts import counterpart


def measure(
    name: str, seed: int, epochs: int | None = None, limit: int | None = None
) -> dict[str, Any]:
    """Trains the recipe of a counterpart; `epochs` and `limit` shorten it."""
    from kerastut.quiet import startup

    chosen = counterpart(name)
    with startup(verbose=False):
        from kerastut.registry import get_recipe, resolve
        from kerastut.train import share_threads, train
    recipe = get_recipe(chosen.recipe)
    share_threads(recipe)
    # Without the recipe's own scores, for which some recipes train several nets.
    settings = resolve(recipe, chosen.parameters, seed=seed, epochs=epochs, limit=limit)
    run = train(settings)
    return {"seconds": run.seconds, "metric": run.metrics[chosen.metric]}
