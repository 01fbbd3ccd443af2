"""What a result and its duration depend on: versions, processor, memory."""

import os
import platform
import sys
from importlib.metadata import version
from typing import Any

# What decides the bits of a result.
PACKAGES = ("keras", "tensorflow", "numpy", "kerastut")


def versions() -> dict[str, str]:
    """Returns the versions of Python and of the packages that decide a result."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def machine() -> dict[str, Any]:
    """Returns what the durations depend on."""
    return {
        "system": platform.platform(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
    }


def peak_memory() -> int | None:
    """Returns the most memory that this process has held, in MiB; `None` on Windows."""
    if sys.platform == "win32":
        return None
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024**2 if sys.platform == "darwin" else 1024))
