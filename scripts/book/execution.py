"""Runs the chapters, once for both languages."""

import base64
import os
import re
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
from book.chapters import paths, read
from book.memory import remember, remembers, state_of
from kerastut.errors import KerastutError

TEACHING = ROOT / "kerastut" / "teaching"
LEAST_FIGURES = 3
EXECUTED = BUILD / "executed"
KERNEL_LOG = BUILD / "kernel.log"
# Sharp pictures on sharp screens; no warning that kernel and build talk by TCP on this machine.
KERNEL_OPTIONS = ["--InlineBackend.figure_formats={'retina'}", "--log-level=ERROR"]
ENVIRONMENT = {"KERASTUT_LANG": "both", "PYTHONHASHSEED": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}
# TensorFlow's native code writes lines with a time and a process id when it is imported.
NATIVE_LOG = re.compile(
    r"\d{4}-\d\d-\d\d .*|[IWEF]\d{4} .*|WARNING: All log messages before absl.*"
    r"|To enable the following instructions.*|\s*"
)


class ChapterError(KerastutError):
    """A chapter that failed, or that wrote to standard error."""

    exit_status = 1


class LoggedExecution(ExecutePreprocessor):
    """Runs a notebook; what the kernel says beside its outputs goes to a file of the build."""

    def start_new_kernel(self, **options: Any) -> None:
        """Starts the kernel."""
        with KERNEL_LOG.open("a") as log:
            super().start_new_kernel(stderr=log, env={**os.environ, **ENVIRONMENT}, **options)


def run_all() -> dict[str, NotebookNode]:
    """Returns every chapter with its outputs, by the name of its file."""
    return {path.stem: run(path) for path in paths()}


def run(path: Path) -> NotebookNode:
    """Returns a chapter with its outputs; one that has not changed is not run again.

    Raises:
        ChapterError: If a cell raises or writes to standard error, which nobody meant for a page,
            or if there are too few figures.
    """
    target = EXECUTED / f"{path.stem}.ipynb"
    called = [file for file in sorted(TEACHING.rglob("*")) if file.suffix in (".py", ".svg")]
    state = state_of(path, os.environ.get("FULL", ""), *called)
    if not remembers(target, state):
        print(f"running {path.name}", flush=True)
        notebook = execute(read(path), path.name)
        if (number := len(pictures(notebook))) < LEAST_FIGURES:
            raise ChapterError(f"{path.name}: expected {LEAST_FIGURES} figures; received {number}.")
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, target)
        remember(target, state)
    return nbformat.read(target, as_version=4)


def execute(notebook: NotebookNode, name: str) -> NotebookNode:
    """Runs a notebook's cells, except the one that installs kerastut.

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
    BUILD.mkdir(exist_ok=True)
    try:
        notebook, _ = step.preprocess(notebook, {"metadata": {"path": str(BUILD)}})
    except CellExecutionError as error:
        raise ChapterError(f"{name}: {error}") from error
    # A kernel sends what a cell prints in pieces, as the machine's load has it.
    notebook = _coalesced(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [out for out in cell.outputs if not _only_native_log(out, name)]
    return _coalesced(notebook)


def pictures(notebook: NotebookNode) -> list[bytes]:
    """Returns the figures of an executed chapter, as PNG."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    found = (output.get("data", {}).get("image/png") for output in outputs)
    return [base64.b64decode(picture) for picture in found if picture]


def _coalesced(notebook: NotebookNode) -> NotebookNode:
    return CoalesceStreamsPreprocessor(enabled=True)(notebook, {})[0]


def _only_native_log(output: NotebookNode, name: str) -> bool:
    if output.get("name") != "stderr":
        return False
    lines = [line for line in output.text.splitlines() if not NATIVE_LOG.fullmatch(line)]
    if lines:
        raise ChapterError(f"{name}: expected nothing on standard error; received: {lines[0]}")
    return True
