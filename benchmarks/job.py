"""What is run, how often, and what comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Record = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """The options of a whole run.

    Args:
        quick: Whether sizes are tiny: it shows that everything works, and no speeds.
        rounds: How often each competitor is measured, in turn with the others.
        seeds: Trainings of each recipe in the comparison of final metrics.
        threads: Processor cores that each process may use.
    """

    quick: bool
    rounds: int
    seeds: int
    threads: int


@dataclass(frozen=True)
class Job:
    """One thing to measure.

    Args:
        name: What the tables call it.
        module: Module with the function `measure`, below `benchmarks.competitors`.
        options: Keyword arguments of `measure`; each round adds its number as `seed`.
        threads: Cores for its process, if not those of the plan.
    """

    name: str
    module: str
    options: Mapping[str, Any] = field(default_factory=dict)
    threads: int | None = None
