"""Migrates a script, a notebook, a document or a folder into a copy, and keeps the record."""

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from glob import escape
from pathlib import Path
from typing import Any

from kerastut.errors import (
    DataError,
    OutputError,
    ParameterError,
    listed,
    one_line,
    printable,
    shown_path,
)
from kerastut.files import placed, read
from kerastut.language import LANGUAGES
from kerastut.lint import LintError, Located, blocks_of, code_files, difference, mend
from kerastut.migration.mending import Story, bring, mended
from kerastut.migration.programs import Program, find_programs, imported_files, named_files
from kerastut.migration.report import page
from kerastut.migration.running import SECONDS, Execution, Runner
from kerastut.migration.telling import raised_by, reason
from kerastut.migration.wanted import Hints
from kerastut.version import __version__

RECORD, PAGE, COPY = "report.json", "report.html", "migrated"
MOST_FILES, LARGEST = 20_000, 100 * 2**20  # of a folder, and bytes of a file that is copied
MOST_LEFT = 50  # findings that are told of a file
_ABOVE = 4  # folders that may be the one from which a script imports, its own among them
CODE, RECORDED = 30_000_000, 100_000_000  # bytes of a file of code, and of a record
_SKIPPED = {"node_modules", "__pycache__", "site-packages", "venv", "env"}
Record = dict[str, Any]
Tell = Callable[[int, int, Path], None]


def migrate(
    source: Path,
    out: Path,
    run: bool = True,
    seconds: int = SECONDS,
    in_place: bool = False,
    tell: Tell = lambda *_: None,
) -> Record:
    """Leaves a copy that runs on Keras 3 as far as it can be brought, and a report.

    Args:
        source: A script, a notebook, a document, or a folder of such.
        out: A new folder, or that of a migration of the same source, which is gone on with.
        run: Whether the programs are run, each closed in; see `closing`.
        seconds: Of the processor that a program may take.
        in_place: Whether what has changed is written over the source as well.
        tell: Is called before each program with its number, their count and its path.

    Returns:
        The record, as it is in the report.

    Raises:
        KerastutError: If the source cannot be read, or the folder not be written.
    """
    root, names, left_out = _found(source)
    if in_place:
        _check_clean(root)
    if out.resolve().is_relative_to(root.resolve()) and source.is_dir():
        raise OutputError(
            f"{shown_path(out)}: expected a folder outside {shown_path(source)}. Choose another"
            " --out."
        )
    known = _known(out, source)
    copy = out / COPY
    contents, fixed = {}, {}
    wanted = {path.relative_to(root) for path in code_files(source)} if source.is_dir() else names
    for name in (name for name in names if name in wanted and _is_code(root / name, source)):
        try:
            contents[name] = read(root / name, "a text", CODE)
            fixed[name] = mended(contents[name], str(name), True).content
        except (LintError, DataError) as error:
            contents.pop(name, None)
            left_out.append(printable(str(error)))
    if not contents:
        raise DataError(
            f"{shown_path(source)}: expected code; {listed(left_out) or 'it has none'}."
        )
    for name in names:
        _copy(root / name, copy / name, name in contents)
    programs = find_programs(fixed) if source.is_dir() else [_alone(names[0], fixed)]
    helped = {name for program in programs for name in program.files}
    modules = [Program(name) for name in contents if name not in helped]
    record: Record = {
        "kerastut": __version__,
        "source": source.name or str(source.resolve()),
        "run": run,
        "complete": False,
        "left_out": left_out,
        "programs": [],
    }
    _keep(record, out)
    done: dict[Path, bytes] = {}  # what several programs share goes on from where it is
    with Runner(out / ".running", seconds) as runner:
        for number, program in enumerate([*programs, *modules], start=1):
            tell(number, len(programs) + len(modules), program.path)
            texts = {name: contents[name] for name in program.files}
            runs = run and number <= len(programs)
            digest = _digest(texts, runs, seconds)
            entry = known.get((str(program.path), digest))
            if entry is None or not _is_there(entry, copy):
                try:
                    story = bring(program, texts, done, _ran(runner, copy) if runs else None)
                    entry = _entry(program, texts, story, digest)
                except (LintError, RecursionError, MemoryError, ValueError) as error:
                    left_out.append(f"{program.path}: {one_line(error)}")
                    continue
                for name, content in story.texts.items():
                    _write(copy / name, content)
            done |= {name: (copy / name).read_bytes() for name in program.files}
            record["programs"].append(entry)
            _keep(record, out)
    record["complete"] = True
    _keep(record, out)
    if in_place:
        for name, content in contents.items():
            if (new := (copy / name).read_bytes()) != content:
                _write(root / name, new)
    return record


def _keep(record: Record, out: Path) -> None:
    _write(out / RECORD, json.dumps(record, indent=1).encode())
    _write(out / PAGE, page(record).encode())


def _check_clean(folder: Path) -> None:
    """Refuses to write over a folder whose state git could not bring back."""
    command = ["git", "-c", "core.fsmonitor=false", "status", "--porcelain", "--", "."]
    try:
        found = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    except OSError as error:
        raise ParameterError("--in-place: expected git to be installed. Leave it out.") from error
    if found.returncode or found.stdout:
        kind = "no work tree" if found.returncode else "changes that are not committed"
        raise ParameterError(
            f"--in-place: expected a clean git work tree in {shown_path(folder)}, received {kind}."
            " Commit them, or leave it out: the copy is in --out."
        )


def _found(source: Path) -> tuple[Path, list[Path], list[str]]:
    """Returns a folder, the files from there that belong to the source, and what is left out."""
    if source.is_dir():
        names, left_out = [], []
        for parent, folders, files in os.walk(source):
            folders[:] = sorted(name for name in folders if name[0] != "." and name not in _SKIPPED)
            for path in (Path(parent, name) for name in sorted(files)):
                name = path.relative_to(source)
                if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
                    left_out.append(str(name))
                else:
                    names.append(name)
            if len(names) > MOST_FILES:
                raise DataError(
                    f"{shown_path(source)}: expected at most {MOST_FILES:,} files, received more."
                    " Name the folder of the programs alone."
                )
        return source, names, left_out
    read(source, "a script, a notebook or a document", CODE)  # tells what is wrong with it
    root = _root(source.absolute())
    waiting = [source.absolute().relative_to(root)]
    home, around = waiting[0].parent, {*waiting[0].parents}
    found: dict[Path, None] = dict.fromkeys(waiting)
    while waiting:
        name = waiting.pop()
        paths: list[Path] = []
        with suppress(LintError):
            text = mend((root / name).read_bytes(), str(name), True).content
            paths = list(named_files(name, text, home))
        # Not the folders around it: a name of theirs is no name of data.
        named = (path for path in paths if Path(os.path.normpath(path)) not in around)
        for other in (one for path in named for one in _files(root, path)):
            if other not in found:
                found[other] = None
                waiting += [other] if other.suffix == ".py" else []
    return root, list(found), []


def _root(source: Path) -> Path:
    """Returns the folder, its own or one above, from which a file finds most of what it imports."""
    homes, text = source.parents[:_ABOVE], b""
    with suppress(LintError):
        text = mend(source.read_bytes(), source.name, True).content

    def modules(home: Path) -> int:
        found = imported_files(source.relative_to(home), text)
        return sum((home / one).is_file() for one in found)

    return max(homes, key=modules)


def _files(root: Path, name: Path) -> Iterator[Path]:
    """Yields a file, data of that name with any ending, or a folder's files, below the root."""
    with suppress(OSError, ValueError):
        path = root / name
        if not path.resolve().is_relative_to(root.resolve()):
            return
        ended = path.parent.glob(f"{escape(path.name)}.*")  # `"sound" + ".wav"`
        found = [path] if path.exists() else [one for one in ended if one.suffix != ".py"]
        for one in sorted(path.rglob("*") if path.is_dir() else found):
            if one.is_file() and not one.is_symlink() and one.stat().st_size <= LARGEST:
                yield one.relative_to(root)


def _is_code(path: Path, source: Path) -> bool:
    is_wanted = path.suffix == ".py" or source.is_dir() or path.samefile(source)
    return path.stat().st_size > 0 and is_wanted


def _alone(name: Path, contents: dict[Path, bytes]) -> Program:
    """Returns a file that was named as a program, whatever is in it."""
    found = {program.path: program for program in find_programs(contents)}
    return found.get(name, Program(name))


def _copy(source: Path, target: Path, is_code: bool) -> None:
    """Copies a file that is new or has changed; code that is there may be migrated already."""
    with suppress(OSError):
        if is_code or target.stat().st_mtime_ns == source.stat().st_mtime_ns:
            target.stat()
            return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def _known(out: Path, source: Path) -> dict[tuple[str, str], Record]:
    """Returns what is known from a migration that was interrupted, by path and digest.

    Raises:
        OutputError: If the folder holds anything else.
    """
    if not out.exists() or (out.is_dir() and not any(out.iterdir())):
        return {}
    try:
        found = json.loads(read(out / RECORD, "a migration's record", RECORDED, own=True))
        entries = {(str(one["path"]), str(one["digest"])): one for one in found["programs"]}
        same = found["source"] == (source.name or str(source.resolve()))
    except (DataError, ValueError, KeyError, TypeError):
        same = False
    if not same:
        raise OutputError(
            f"{shown_path(out)}: expected a new or empty folder, or one of a migration of"
            f" {shown_path(source)}. Choose another --out, or remove it."
        )
    return entries


def _digest(texts: dict[Path, bytes], run: bool, seconds: int) -> str:
    """Returns what tells whether a program has to be migrated again."""
    whole = hashlib.sha256(f"{__version__} {run} {seconds}".encode())
    for name, content in sorted(texts.items()):
        whole.update(os.fsencode(name) + hashlib.sha256(content).digest())
    return whole.hexdigest()


def _is_there(entry: Record, copy: Path) -> bool:
    """Tells whether the files of a program are as they were left."""
    try:
        return all(
            hashlib.sha256((copy / one["path"]).read_bytes()).hexdigest() == one["digest"]
            for one in entry["files"]
        )
    except (OSError, KeyError, TypeError):
        return False


def _ran(runner: Runner, copy: Path) -> Callable[[Program, Mapping[Path, bytes], Hints], Execution]:
    """Returns what runs a program with some texts and data, each but once."""
    known: dict[tuple[object, ...], Execution] = {}

    def run(program: Program, texts: Mapping[Path, bytes], hints: Hints) -> Execution:
        key = (*(texts[name] for name in program.files), repr(hints))
        if key not in known:
            blocks = blocks_of(texts[program.path], str(program.path))
            known[key] = runner.run(copy, dict(texts), program.path, blocks, program.package, hints)
        return known[key]

    return run


def _entry(program: Program, texts: dict[Path, bytes], story: Story, digest: str) -> Record:
    """Returns what the report says of a program."""
    files = []
    for name, before in texts.items():
        after = story.texts[name]
        found = mended(before, str(name), True, tuple(story.withdrawn))
        left = mended(after, str(name), False, ("ALL",)).left
        files.append(
            {
                "path": str(name),
                "digest": hashlib.sha256(after).hexdigest(),
                "diff": difference(str(name), before, after) if after != before else "",
                "fixed": dict(found.fixed) if after != before else {},
                "left": [
                    {
                        "code": one.rule.code,
                        "place": _place(one.location),
                        **{language: one.message(language) for language in LANGUAGES},
                    }
                    for one in left[:MOST_LEFT]
                ],
            }
        )
    last = story.after
    return {
        "path": str(program.path),
        "digest": digest,
        "before": _told(program, texts, story.before),
        "after": _told(program, story.texts, last),
        "withdrawn": story.withdrawn,
        "repairs": story.repairs,
        "files": files,
        "stopped_by": reason(last) if last is not None and last.end != "ran" else None,
    }


def _told(program: Program, texts: Mapping[Path, bytes], run: Execution | None) -> Record | None:
    if run is None:
        return None
    told = {"end": run.end, "trained": run.trained, "traceback": run.traceback, "place": ""}
    told |= {"made_up": list(run.made_up), "passed": [*map(_short, run.passed)]}
    if run.lines:
        blocks = blocks_of(texts[program.path], str(program.path))
        line, cell = run.lines[-1], None
        if program.path.suffix == ".ipynb":
            cell = sum(first <= line for first, _ in blocks)
            line -= blocks[cell - 1][0] - 1
        told["place"] = _place(Located(line, 1, cell))
    return told


def _short(traceback: str) -> str:
    """Returns where a statement was passed over, and the error for it."""
    places = re.findall(r'(?m)^  File "(?![/<])([^"\n]+)", line (\d+)', traceback)
    last = one_line(ValueError(raised_by(traceback)))
    return f"{':'.join(places[-1])}: {last}" if places else last


def _place(place: Located) -> str:
    return f"{place.cell}:{place.row}" if place.cell is not None else f"{place.row}"


def _write(path: Path, content: bytes) -> None:
    """Writes a file that appears whole, with the rights of the one that it replaces."""
    with placed(path.parent) as folder:
        (folder / path.name).write_bytes(content)
        if path.exists():
            shutil.copymode(path, folder / path.name)
