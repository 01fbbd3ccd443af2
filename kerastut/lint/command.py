"""The command that checks, as `kerastut check` and `kerastut-check` have it."""

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from .errors import PROGRAM, LintError

if TYPE_CHECKING:
    from .finding import Counts
    from .runner import Job, Outcome

FORMATS = ("text", "concise", "json", "github", "gitlab", "junit", "sarif")
_PAUSE = 0.5  # seconds between two looks at the files


def _say(text: str) -> None:
    if sys.stderr is not None:  # as it is after `2>&-`
        print(text, file=sys.stderr, flush=True)


def configure_check(
    parser: argparse.ArgumentParser, language: str, say: Callable[[str], None] = _say
) -> None:
    """Describes the command.

    Args:
        parser: Takes the arguments.
        language: The default of `--lang`.
        say: Prints a line that is no result.
    """
    parser.set_defaults(say=say)
    parser.description = (
        "Find Keras code that Keras 3 refuses or runs wrongly, in scripts, notebooks and documents,"
        " and mend what is safe to mend. Exit status: 0 nothing found, 1 findings, 2 wrong usage"
        " or a file that cannot be read, checked or written; the others are checked nevertheless."
    )
    parser.epilog = f"Example: {parser.prog} tutorials/ --fix"
    parser.set_defaults(intermixed=True)  # an option may stand between paths
    add = parser.add_argument
    paths = "default: this folder; - for standard input"
    add("paths", metavar="PATH", nargs="*", type=Path, default=[Path()], help=paths)
    add("--fix", action="store_true", help="mend the files where it is safe")
    add("--diff", action="store_true", help="show what --fix would do, write nothing")
    noqa = "silence what is found, each line with a comment"
    add("--add-noqa", action="store_true", help=noqa)
    add("--unsafe-fixes", action="store_true", help="with --fix or --diff: all fixes there are")
    for name, text in (("select", "look for these only"), ("ignore", "do not look for these")):
        help_ = f"{text}: ALL, KT2, KT201,KT3; may be repeated"
        add(f"--{name}", metavar="CODES", action="append", default=[], help=help_)
    target = "of Keras that the code is for, such as 2.15: what changed later is not looked for"
    add("--target-version", metavar="VERSION", default="", help=target)
    add("--format", choices=FORMATS, default="text", help="default: text")
    add("--output-file", metavar="FILE", type=Path, help="write the findings there")
    add("--statistics", action="store_true", help="show how often each rule was found")
    add("--stdin-filename", metavar="NAME", type=Path, help="what standard input is called")
    add("--exit-zero", action="store_true", help="exit with 0 also if there are findings")
    add("--exit-non-zero-on-fix", action="store_true", help="exit with 1 if anything was mended")
    add("--no-cache", action="store_true", help="check files anew that have not changed")
    add("--watch", action="store_true", help="check again whenever a file changes, until Ctrl-C")
    add_language(parser, language)


def configure_server(parser: argparse.ArgumentParser, language: str) -> None:
    """Describes the language server; `language` holds where the editor names none."""
    parser.description = "Check in an editor: a language server on standard input and output."
    parser.add_argument("--stdio", action="store_true", help="as it does anyway")
    add_language(parser, language)


def add_language(parser: argparse.ArgumentParser, language: str) -> None:
    """Adds `--lang`."""
    parser.add_argument(
        "--lang", choices=("en", "zh"), default=language, help="default: that of the system"
    )


def run_check(options: argparse.Namespace, version: str) -> int:
    """Prints the findings in files and folders and returns the exit status.

    Args:
        options: As `configure_check` describes them.
        version: That of the tool, for SARIF.

    Raises:
        LintError: A code does not exist, or options do not go together.
    """
    # The parser and the other command do without the rest.
    from .cache import open_cache
    from .configuration import configuration_for, read_codes, read_version
    from .runner import Job

    given = Path("-") in options.paths
    if given and (len(options.paths) > 1 or options.watch or options.add_noqa):
        raise LintError("expected '-' alone, without --watch and --add-noqa; name files instead.")
    if options.add_noqa and (options.fix or options.diff):
        raise LintError("expected --add-noqa without --fix and --diff; run one after the other.")
    acts = {"show": options.diff, "write": options.fix, "silence": options.add_noqa}
    job = Job(
        select=read_codes(options.select, "--select"),
        ignore=read_codes(options.ignore, "--ignore"),
        target=read_version(options.target_version, "--target-version"),
        fix=next((name for name, wanted in acts.items() if wanted), "no"),
        unsafe=options.unsafe_fixes,
        format=options.format,
        language=options.lang,
    )
    if given:
        return _check_given(options, job, version)
    if job.fix == "no" and not options.no_cache:
        with suppress(LintError):  # is told of the files
            cache = open_cache(configuration_for(Path()).folder, version)
            job = replace(job, cache=cache)
    if options.watch:
        _watch(options, job, version)
    return _check_paths(options, job, version)


def _check_paths(options: argparse.Namespace, job: "Job", version: str) -> int:
    from .runner import check_files, find_files

    files, errors = find_files(options.paths)
    try:
        outcomes = list(check_files(files, job))
    except KeyboardInterrupt as stop:
        mended = "interrupted; files that were mended before stay mended."
        raise KeyboardInterrupt(*[mended] * (job.fix in ("write", "silence"))) from stop
    return _tell(options, outcomes, errors, version)


def _check_given(options: argparse.Namespace, job: "Job", version: str) -> int:
    """Checks standard input; what `--fix` makes of it goes to standard output."""
    from .documents.text import LARGEST
    from .runner import check_file

    if sys.stdin is None:
        raise LintError("standard input: expected a text, received nothing; it is closed.")
    content = sys.stdin.buffer.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise LintError(f"standard input: expected at most {LARGEST:,} bytes; name a file.")
    job = replace(job, fix="give") if job.fix == "write" else job
    outcome = check_file(options.stdin_filename or Path("-"), job, content)
    if job.fix != "give":
        return _tell(options, [outcome], [], version)
    if sys.stdout is not None:  # as it is after `>&-`
        sys.stdout.flush()
        sys.stdout.buffer.write(outcome.given)
    return _tell(options, [outcome], [], version, sys.stderr)


def _tell(
    options: argparse.Namespace,
    outcomes: "list[Outcome]",
    errors: list[str],
    version: str,
    stream: TextIO | None = None,
) -> int:
    """Prints what came of the files and returns the exit status."""
    from .report import FORMATS
    from .report.people import statistics, summary
    from .report.programs import statistics_array

    errors = list(dict.fromkeys([*errors, *(one.error for one in outcomes if one.error)]))
    fixed = sum(outcome.fixed for outcome in outcomes)
    counts: Counts = Counter()
    for outcome in outcomes:
        counts.update(outcome.counts)
    parts = [outcome.text for outcome in outcomes if outcome.text]
    if options.diff:
        text = "".join(parts)
    elif options.statistics and options.format == "json":
        text = statistics_array(counts)
    elif options.statistics:
        text = statistics(counts, options.lang)
    else:
        text = FORMATS[options.format].join(parts, options.lang, version)
    text += "\n" * (bool(text) and not options.diff)
    if options.output_file is not None:
        _write(options.output_file, text)
    else:
        print(text, end="", file=stream)
    for error in errors:
        options.say(f"{PROGRAM}: error: {error}")
    if fixed:
        options.say(_fixed(fixed, options))
    unread = len(errors) - sum(bool(one.error and one.counts) for one in outcomes)
    if len(errors) < len(outcomes) or not errors:
        options.say(summary(counts, options.lang, unread))
    if errors:
        return 2
    if fixed and (options.diff or options.exit_non_zero_on_fix):
        return 1
    return int(bool(counts) and not (options.exit_zero or options.add_noqa))


def _fixed(count: int, options: argparse.Namespace) -> str:
    if options.add_noqa:
        return (
            f"已添加 {count} 条 noqa 注释。"
            if options.lang == "zh"
            else f"Silenced {count} line{'s' * (count != 1)}."
        )
    if options.lang == "zh":
        return f"{'将修复' if options.diff else '已修复'} {count} 处。"
    return f"{'Would fix' if options.diff else 'Fixed'} {count}."


def _write(path: Path, text: str) -> None:
    """Writes a report that appears whole, or into what is no file, such as /dev/stdout."""
    try:
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        descriptor, name = tempfile.mkstemp(prefix=".kerastut-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise LintError(f"{path}: cannot be written: {reason}; name another file.") from error


def _watch(options: argparse.Namespace, job: "Job", version: str) -> NoReturn:
    """Checks again and again, whenever a file is another than before."""
    from .configuration import forget
    from .runner import find_files

    def states() -> list[tuple[Path, object]]:
        forget()
        files, _ = find_files(options.paths)
        folders = {folder for file in files for folder in file.absolute().parents}
        return [(path, _state(path)) for path in [*files, *(f / "pyproject.toml" for f in folders)]]

    before = None
    while True:
        now = states()
        if now != before:
            if sys.stdout.isatty():
                print("\x1b[2J\x1b[H", end="")
            _check_paths(options, job, version)
            sys.stdout.flush()
            before = now if job.fix in ("no", "show") else states()
        time.sleep(_PAUSE)


def _state(path: Path) -> object:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
