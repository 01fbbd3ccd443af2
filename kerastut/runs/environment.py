"""What a result and its duration depend on: versions, processor, memory."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from kerastut.version import __version__


def packages() -> dict[str, str]:
    """Returns the versions of the packages that decide the bits of a result."""
    foreign = {name: _version(name) for name in ("keras", "tensorflow", "numpy")}
    return {**foreign, "kerastut": __version__}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # as long as it is a candidate
        return version(f"{name}-nightly")


def versions() -> dict[str, str]:
    """Returns the versions of Python and of those packages."""
    return {"python": platform.python_version(), **packages()}


def machine() -> dict[str, Any]:
    """Returns what the durations depend on."""
    system, processor = platform.platform(), platform.machine()
    return {"system": system, "processor": processor, "cores": os.cpu_count()}


def peak_memory() -> int | None:
    """Returns the most memory that this process has held, in MiB; `None` on Windows."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024**2 if sys.platform == "darwin" else 1024))
