"""How much memory data may take."""

from collections.abc import Iterator
from pathlib import Path

GROUPS = Path("/proc/self/cgroup")
CGROUPS = Path("/sys/fs/cgroup")
# Controllers of a line in GROUPS, the folder of their files, and the file of the limit.
LIMITS = {"": (CGROUPS, "memory.max"), "memory": (CGROUPS / "memory", "memory.limit_in_bytes")}


def available_memory() -> int:
    """Returns the bytes that this process can still take: the machine's, or its container's."""
    import psutil

    return min((int(psutil.virtual_memory().available), *_limits()))


def _limits() -> Iterator[int]:
    """Yields the limits of the control groups that the process is in; on Linux alone."""
    for line in GROUPS.read_text().splitlines() if GROUPS.exists() else ():
        _, controllers, path = line.split(":", 2)
        if controllers not in LIMITS:
            continue
        mounted, name = LIMITS[controllers]
        own = mounted / path.lstrip("/")
        # A container sees the path of its host, but not always the folders on it.
        for folder in (own, *own.parents):
            file = folder / name
            if file.is_file() and (limit := file.read_text().strip()).isdigit():
                yield int(limit)
