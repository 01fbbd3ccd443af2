"""Runs the chapters, once for both languages."""

import base64
import os
import re
import shutil
import tomllib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import (
    CellExecutionError,
    CoalesceStreamsPreprocessor,
    ExecutePreprocessor,
)
from nbformat import NotebookNode

from book import BUILD, ROOT
from book.chapters import paths, program, programs, read, tags
from book.memory import remember, remembers, state_of
from kerastut.data import BESIDE, content_beside
from kerastut.errors import KerastutError
from kerastut.teaching import FULL

TEACHING = ROOT / "kerastut" / "teaching"
LEAST_FIGURES = 3
# Chapters and recipes that run side by side: each waits for a part of its time.
AT_ONCE = 2
EXECUTED = BUILD / "executed"
# A folder for each kernel: data files for the programs lie there, and what the chapter writes.
KERNELS = BUILD / "kernels"
KERNEL_LOG = BUILD / "kernel.log"
# No warning that kernel and build talk by TCP on this machine.
KERNEL_OPTIONS = ["--log-level=ERROR"]
ENVIRONMENT = {"KERASTUT_LANG": "both", "PYTHONHASHSEED": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}
# Figures are outputs whatever the process that builds has set, as kerastut's command does.
ENVIRONMENT["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
# TensorFlow's native code writes lines with a time and a process id when it is imported.
NATIVE_LOG = re.compile(
    r"\d{4}-\d\d-\d\d .*|[IWEF]\d{4} .*|WARNING: All log messages before absl.*"
    r"|To enable the following instructions.*|\s*"
)
# What Keras says of the time in a line of `fit(verbose=2)`.
DURATION = re.compile(r" - \d+s - \d+(?:\.\d+)?[mun]?s/step")
EPOCHS = re.compile(r"\bepochs=\d+")
# What the figures of whole programs show.
PROGRAM_FIGURES = Path(__file__).with_name("programs.toml")


class ChapterError(KerastutError):
    """A chapter that failed, or that wrote to standard error."""

    exit_status = 1


class LoggedExecution(ExecutePreprocessor):
    """Runs a notebook; what the kernel says beside its outputs goes to a file of the build."""

    def start_new_kernel(self, **options: Any) -> None:
        """Starts the kernel."""
        with KERNEL_LOG.open("a") as log:
            super().start_new_kernel(stderr=log, env={**os.environ, **ENVIRONMENT}, **options)


def run_all(names: Sequence[str] = ()) -> dict[str, NotebookNode]:
    """Returns the named chapters with their outputs, or all, by the name of their file.

    Raises:
        ChapterError: If some fail; the others have been run.
    """
    wanted = [path for path in paths() if not names or path.stem in names]
    with ProcessPoolExecutor(AT_ONCE) as pool:
        started = [pool.submit(run, path) for path in wanted]
    if faults := [error for one in started if (error := one.exception())]:
        raise ChapterError("\n".join(map(str, faults)))
    return {path.stem: one.result() for path, one in zip(wanted, started, strict=True)}


def run(path: Path) -> NotebookNode:
    """Returns a chapter with its outputs; one whose code has not changed is not run again.

    Raises:
        ChapterError: If a cell raises or writes to standard error, which nobody meant for a page,
            or if there are too few figures.
    """
    target, chapter = EXECUTED / f"{path.stem}.ipynb", read(path)
    code = [cell.source for cell in _code(chapter)]
    state = state_of(*code, os.environ.get("FULL", ""), *_called(path))
    if not remembers(target, state):
        print(f"running {path.name}", flush=True)
        notebook = execute(read(path), path.name)
        if (number := len(pictures(notebook, "en"))) < LEAST_FIGURES:
            raise ChapterError(f"{path.name}: expected {LEAST_FIGURES} figures; received {number}.")
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)
        remember(target, state)
    executed = nbformat.read(target, as_version=4)
    for cell, run_once in zip(_code(chapter), _code(executed), strict=True):
        cell.outputs = run_once.outputs
        cell.execution_count = run_once.execution_count
    return chapter


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _called(path: Path) -> list[Path]:
    """Returns what a chapter calls, programs and labels included."""
    files = [file for file in sorted(TEACHING.rglob("*")) if file.suffix in (".py", ".svg")]
    labels = [TEACHING / "labels" / f"{name}.toml" for name in ("common", path.stem)]
    shown = list(map(program, programs(read(path))))
    return [*files, *filter(Path.exists, labels), *shown, PROGRAM_FIGURES]


def execute(notebook: NotebookNode, name: str) -> NotebookNode:
    """Runs a notebook's cells, except the one that installs kerastut.

    Unless the edition is full, whole programs that read a file of data are run for one epoch.

    Args:
        notebook: Without outputs.
        name: For messages.

    Raises:
        ChapterError: If a cell raises or writes to standard error.
    """
    step = LoggedExecution(
        timeout=7200,
        record_timing=False,
        skip_cells_with_tag="install",
        extra_arguments=KERNEL_OPTIONS,
    )
    folder = KERNELS / Path(name).stem
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shown = [cell.source for cell in notebook.cells]
    text = "".join(cell.source for cell in notebook.cells)
    for data, file in BESIDE.items():
        if file in text:
            (folder / file).write_bytes(content_beside(data))
    for cell in notebook.cells:
        if is_shortened(cell):
            cell.source = EPOCHS.sub("epochs=1", cell.source)
    try:
        notebook, _ = step.preprocess(notebook, {"metadata": {"path": str(folder)}})
    except CellExecutionError as error:
        raise ChapterError(f"{name}: {error}") from error
    # A kernel sends what a cell prints in pieces, as the machine's load has it.
    notebook = _coalesced(notebook)
    said: list[str] = []
    for cell, source in zip(notebook.cells, shown, strict=True):
        cell.source = source
        if "program" in tags(cell):
            _describe(cell)
        for output in cell.get("outputs", ()):
            said += _said(output)
            if "text" in output:
                output.text = DURATION.sub("", output.text)
        if cell.cell_type == "code":
            cell.outputs = [out for out in cell.outputs if out.get("name") != "stderr"]
    if said:
        lines = "\n  ".join(dict.fromkeys(said))
        raise ChapterError(f"{name}: expected neither errors nor warnings; received:\n  {lines}")
    return _coalesced(notebook)


def is_shortened(cell: NotebookNode) -> bool:
    """Tells whether a cell holds a whole program that this edition runs for one epoch."""
    reads = any(file in cell.source for file in BESIDE.values())
    return reads and "program" in tags(cell) and not FULL


def _describe(cell: NotebookNode) -> None:
    """Gives the figures of a whole program their words."""
    told = tomllib.loads(PROGRAM_FIGURES.read_text(encoding="utf-8"))
    words = told.get(cell.metadata.program, {})
    for output in cell.outputs:
        if output.get("metadata", {}).get("alt") == "":
            output.metadata.alt = words.get(output.metadata.lang, "")


def _said(output: NotebookNode) -> list[str]:
    """Returns the lines of an output that nobody meant for a page."""
    text = output.get("text") or output.get("data", {}).get("text/plain", "")
    if output.get("name") == "stderr":
        return [line for line in text.splitlines() if not NATIVE_LOG.fullmatch(line)]
    if "\b" in text:
        return ["a progress bar: pass verbose=2 or verbose=0"]
    if output.get("metadata", {}).get("alt") == "":
        return ["a figure that teaching.alt says nothing of"]
    return [line for line in text.splitlines() if "WARNING" in line]


def pictures(notebook: NotebookNode, language: str) -> list[bytes]:
    """Returns the figures of an executed chapter in a language, as PNG."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    shown = (out for out in outputs if out.get("metadata", {}).get("lang") == language)
    found = (output.get("data", {}).get("image/png") for output in shown)
    return [base64.b64decode(picture) for picture in found if picture]


def _coalesced(notebook: NotebookNode) -> NotebookNode:
    return CoalesceStreamsPreprocessor(enabled=True)(notebook, {})[0]
