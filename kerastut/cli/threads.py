"""The threads of a process that belongs to the command."""

from kerastut.registry import Recipe


def share_threads(recipe: Recipe, strategy: str | None = None) -> None:
    """Divides the threads between the halves of a batch, if the training computes them at once.

    `kerastut.run` does not: the threads are those of the caller's process, which may do more.
    """
    from kerastut.train.speed import halves, threads

    if halves.pay(recipe, strategy):
        threads.halve()
