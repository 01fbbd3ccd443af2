"""Runs jobs in processes of their own, in turn: A B C C B A."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import machine
from benchmarks.job import Job, Record

ROOT = Path(__file__).parents[1]
LONGEST = 1800.0  # seconds for one measurement


def alternate(jobs: Sequence[Job], rounds: int, threads: int) -> Iterator[Record]:
    """Yields a record for each job and round; a job that fails is not tried again.

    Args:
        jobs: What to measure.
        rounds: How often; the jobs take turns, so that a slow minute of the machine hits all, and
            every other round goes backwards, so that none always finds the files read by another.
        threads: Cores for each process.
    """
    failed: set[str] = set()
    for number in range(rounds):
        for job in jobs if number % 2 == 0 else reversed(jobs):
            if job.name not in failed:
                record = measured(job, number, job.threads or threads)
                if record["error"]:
                    failed.add(job.name)
                yield record


def measured(job: Job, number: int, threads: int) -> Record:
    """Returns the record of one job: `result`, or `error` in one line."""
    options = {**job.options, "seed": number}
    record: Record = {
        "job": job.name,
        "module": job.module,
        "options": options,
        "round": number,
        "threads": threads,
        "result": None,
        "error": None,
    }
    order = json.dumps({"module": job.module, "options": options, "threads": threads})
    began, before = time.perf_counter(), _foreign_seconds()
    output, problem = _run([sys.executable, "-m", "benchmarks.worker", order])
    record["process_seconds"] = time.perf_counter() - began
    record["others"] = _others(before, record["process_seconds"])
    if problem:
        return record | {"error": problem}
    return record | {"result": json.loads(output.splitlines()[-1])}


def _foreign_seconds() -> float | None:
    """Returns the processor's working seconds that were not for this program's jobs."""
    busy, own = machine.busy_seconds(), resource.getrusage(resource.RUSAGE_CHILDREN)
    return None if busy is None else busy - own.ru_utime - own.ru_stime


def _others(before: float | None, seconds: float) -> float | None:
    """Returns the cores that other programs kept busy meanwhile, on average."""
    after = _foreign_seconds()
    if before is None or after is None:
        return None
    return max(0.0, (after - before) / seconds)


def _run(command: Sequence[str]) -> tuple[str, str]:
    """Returns standard output and, if the process failed, the last line of what it said."""
    # In a session of its own, Ctrl-C reaches this process alone, which then ends the other.
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        output, errors = process.communicate(timeout=LONGEST)
    except subprocess.TimeoutExpired:
        _end(process)
        return "", f"took more than {LONGEST:.0f} s"
    except BaseException:
        _end(process)
        raise
    if process.returncode:
        return "", _last_line(errors) or f"ended with status {process.returncode}"
    return output, ""


def _end(process: subprocess.Popen[str]) -> None:
    """Ends the process and those that it started, all in its session."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()  # waits for it, and closes its pipes


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""
