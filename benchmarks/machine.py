"""What the durations depend on: processor, memory, versions, load."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks import threads

PACKAGES = (
    "kerastut",
    "tensorflow",
    "keras",
    "numpy",
    "torch",
    "jax",
    "jaxlib",
    "flax",
    "optax",
    "scikit-learn",
)
SIMD = ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_bf16", "asimd", "sve")
BUSY = 0.3  # load average over one minute above which the machine is not quiet


def described() -> dict[str, Any]:
    """Returns machine and versions in simple types, without any name of host or person."""
    return {
        "processor": _cpuinfo("model name") or platform.processor() or platform.machine(),
        "cores": threads.available(),
        "simd": [flag for flag in SIMD if has(flag)],
        "memory_gib": _memory_gib(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": versions(),
    }


def versions() -> dict[str, str]:
    """Returns the version of each package that is installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def load() -> float:
    """Returns the processes that ran or waited, on average over the last minute."""
    return os.getloadavg()[0]


def busy_seconds() -> float | None:
    """Returns the processor's working seconds since the start, of all processes; Linux alone."""
    path = Path("/proc/stat")
    if not path.exists():
        return None
    total = path.read_text().partition("\n")[0].split()[1:]
    user, nice, system, _, _, irq, softirq, steal, *_ = map(int, total)
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def has(flag: str) -> bool:
    """Says whether the processor has these instructions; Linux alone knows."""
    return flag in (_cpuinfo("flags") or _cpuinfo("Features")).split()


def _cpuinfo(key: str) -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((_value(line) for line in lines if line.partition(":")[0].strip() == key), "")


def _value(line: str) -> str:
    return line.partition(":")[2].strip()


def _memory_gib() -> float:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3, 1)
