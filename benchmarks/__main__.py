"""`python -m benchmarks`: measures, and writes docs/benchmarks.md and its figures."""

import argparse
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import machine, threads
from benchmarks.job import Plan, Record
from benchmarks.report import write
from benchmarks.runner import ROOT, alternate
from benchmarks.sections import NAMES, section
from benchmarks.store import Store

BUILD = ROOT / "build" / "bench"


def parse(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--only", nargs="+", choices=NAMES, default=NAMES, help="the sections to measure")
    add("--jobs", nargs="+", metavar="TEXT", default=[], help="only jobs whose name contains one")
    add(
        "--replace",
        action="store_true",
        help="put the jobs' results in place of their earlier ones in the complete page",
    )
    add("--rounds", type=int, default=3, help="how often each is measured, in turn (3)")
    add("--seeds", type=int, default=2, help="trainings of each in the section metric (2)")
    add("--threads", type=int, default=threads.available(), help="cores for each process (all)")
    add("--quick", action="store_true", help="tiny sizes: shows that it works, and no speeds")
    add("--report", action="store_true", help="measure nothing; write the page from what there is")
    options = parser.parse_args(arguments)
    if options.replace and (options.quick or not options.jobs):
        parser.error("--replace needs --jobs, and real sizes")
    if options.quick:
        options.rounds = options.seeds = 1
    return options


def main() -> None:
    """Measures section after section; Ctrl-C keeps what is finished."""
    options = parse()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    folder, page = places(options)
    store = Store(folder)
    load = machine.load()
    if load > machine.BUSY and not options.report:
        print(f"warning: the machine is busy (load {load:.2f}); times will be too long.")
    plan = Plan(options.quick, options.rounds, options.seeds, options.threads)
    try:
        for name in () if options.report else options.only:
            measure(name, plan, store, options.jobs, options.replace, load)
    except KeyboardInterrupt:
        print("interrupted; the report is made of what is finished.", file=sys.stderr)
    print(f"written: {_shown(write(store, page))}")


def places(options: argparse.Namespace) -> tuple[Path, Path]:
    """Returns where records and page go; what is tiny or a part never replaces the real ones."""
    if options.quick or (options.jobs and not options.replace):
        folder = BUILD / ("quick" if options.quick else "part")
        return folder, folder
    return BUILD, ROOT / "docs"


def measure(
    name: str, plan: Plan, store: Store, wanted: Sequence[str], replace: bool, load: float
) -> None:
    """Measures one section and saves it after each measurement."""
    room = section(name)
    jobs = [j for j in room.jobs(plan) if not wanted or any(text in j.name for text in wanted)]
    head = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "load": load,
        "machine": machine.described(),
        "command": " ".join(["python -m benchmarks", *sys.argv[1:]]),
        "threads": plan.threads,
        "quick": plan.quick,
    }
    kept: list[Record] = []
    if replace:
        head, kept = store.others(name, head, {job.name for job in jobs})
    records: list[Record] = []
    for record in alternate(jobs, room.rounds(plan), plan.threads):
        records.append(record)
        store.save(name, head, [*kept, *records])
        print(progress(name, record, len(jobs) * room.rounds(plan), len(records)), flush=True)


def progress(name: str, record: Record, total: int, done: int) -> str:
    """Returns one line on a finished measurement."""
    result = record["result"] or {}
    shown = [
        f"{key} {', '.join(f'{v:.3g}' for v in (value if isinstance(value, list) else [value]))}"
        for key, value in result.items()
        if key in ("seconds", "first", "peak", "training", "stepped", "metric", "peak_mib")
    ]
    what = record["error"] or "  ".join(shown)
    seconds = record["process_seconds"]
    return f"{name} {done}/{total}  {record['job']}: {what}  ({seconds:.0f} s in all)"


def _shown(path: Path) -> Path:
    return path.relative_to(ROOT) if path.is_relative_to(ROOT) else path


if __name__ == "__main__":
    main()
