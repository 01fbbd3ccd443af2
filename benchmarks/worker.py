"""The process of one measurement: `python -m benchmarks.worker JOB`, JOB being JSON.

The result is one JSON line on standard output, after whatever the libraries print.
"""

import json
import resource
import sys
import time
from importlib import import_module
from typing import Any

from benchmarks import threads


def peak_mib() -> float:
    """Returns the most memory that this process has held, in MiB."""
    scale = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def main() -> None:
    """Measures, and prints the result."""
    job: dict[str, Any] = json.loads(sys.argv[1])
    threads.restrict(job["threads"])
    began = time.perf_counter()
    result = import_module(f"benchmarks.competitors.{job['module']}").measure(**job["options"])
    whole = {"wall": time.perf_counter() - began, "peak_mib": peak_mib()}
    print(json.dumps(whole | result), flush=True)


if __name__ == "__main__":
    main()
