"""What is compared: each module says which jobs there are and what is made of their records."""

from importlib import import_module
from types import ModuleType

NAMES = ("cnn", "step", "mlp", "metric", "overhead", "memory", "scaling")


def section(name: str) -> ModuleType:
    """Returns a section: `jobs(plan)`, `rounds(plan)` and `report(records)`."""
    return import_module(f"benchmarks.sections.{name}")
