"""The processor, memory, disk, terminal and fonts."""

import locale
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from kerastut.doctor.line import BAD, NOTE, Line
from kerastut.language import met, told

FEATURES = ("sse4_2", "avx", "avx2", "fma", "avx512f", "asimd")  # that kernels ask for
LEAST = 3 * 2**30  # bytes of memory; Keras alone maps 2.7 GiB and touches a third
SPACE = 2 * 2**30  # bytes of disk: a few runs, their checkpoints and pictures
SAMPLE = "数字"


def processor() -> Iterator[Line]:
    """Yields the processor, its cores, and the instructions that TensorFlow's kernels use."""
    cores = os.cpu_count() or 1
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else cores
    kind = platform.machine()
    found = _features()
    names = ", ".join(name for name in FEATURES if name in found) or "?"
    details = {"kind": kind, "usable": usable, "cores": cores, "features": names}
    value = "{kind}, {usable} of {cores} cores, {features}"
    if kind.lower() in ("x86_64", "amd64") and found and "avx" not in found:
        mend = "turn AVX on in the virtual machine, or use Colab"
        value = "{kind}, {usable} of {cores} cores, {features}; AVX is missing"
        yield Line("processor", value, BAD, mend, details)
    else:
        yield Line("processor", value, details=details)


def _features() -> set[str]:
    """Returns the processor's features; nothing where the system does not tell."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            name, _, values = line.partition(":")
            if name.strip() in ("flags", "Features"):
                return set(values.split())
    if sys.platform == "darwin":
        told = subprocess.run(
            ["/usr/sbin/sysctl", "-n", "machdep.cpu.features", "machdep.cpu.leaf7_features"],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        return set(told.stdout.lower().replace("avx1.0", "avx").split())
    return set()


def memory() -> Iterator[Line]:
    """Yields how much memory there is, and how much is free."""
    import psutil

    found = psutil.virtual_memory()
    details = {"total": f"{found.total / 2**30:.1f}", "free": f"{found.available / 2**30:.1f}"}
    value = "{total} GiB, {free} free"
    if found.available < LEAST:
        mend = "end other programs, or train with a smaller --batch-size"
        yield Line("memory", value, NOTE, mend, details)
    else:
        yield Line("memory", value, details=details)


def disk() -> Iterator[Line]:
    """Yields how much space the working folder has, and whether it can be written."""
    free = shutil.disk_usage(".").free
    details = {"free": f"{free / 2**30:.1f}", "folder": str(Path.cwd())}
    value, state, mend = "{free} GiB free in {folder}", "ok", ""
    if free < SPACE:
        state, mend = NOTE, "free some space, or choose another --output-dir"
    if not os.access(".", os.W_OK):
        value, state = "{folder} cannot be written; {free} GiB are free", BAD
        mend = "go to a folder of your own"
    yield Line("disk", value, state, mend, details)


def terminal() -> Iterator[Line]:
    """Yields the locale, and whether what is printed can be Chinese."""
    encoding = getattr(sys.stdout, "encoding", None) or "?"
    details = {"locale": locale.setlocale(locale.LC_CTYPE), "encoding": encoding}
    value = "{locale}, prints in {encoding}"
    if sys.platform == "win32":
        import ctypes

        page = ctypes.windll.kernel32.GetConsoleOutputCP()
        details["encoding"] = met(encoding, told(f" (code page {page})"))
    try:
        SAMPLE.encode(encoding)
    except (UnicodeError, LookupError):
        mend = "Windows: chcp 65001; elsewhere: export LANG=C.UTF-8; anywhere: PYTHONUTF8=1"
        value = "{locale}, prints in {encoding}; Chinese is escaped"
        yield Line("terminal", value, NOTE, mend, details)
    else:
        yield Line("terminal", value, details=details)


def fonts() -> Iterator[Line]:
    """Yields which fonts draw Chinese in figures."""
    from kerastut.plotting import family

    yield Line("Chinese in figures", "{names}", details={"names": ", ".join(family([SAMPLE])[1:])})
