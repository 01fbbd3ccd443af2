"""The command that checks, as `kerastut check` and `kerastut-check` have it."""

import argparse
import sys
from pathlib import Path

from .errors import PROGRAM
from .report import FORMATS, diff, summary


def configure_check(parser: argparse.ArgumentParser, language: str) -> None:
    """Describes the command.

    Args:
        parser: Takes the arguments.
        language: The default of `--lang`.
    """
    parser.description = (
        "Find Keras code that Keras 3 refuses or runs wrongly, in .py, .ipynb and Markdown files,"
        " and mend what is safe to mend. Exit status: 0 nothing found, 1 findings, 2 wrong usage"
        " or a file that cannot be read, checked or written; the others are checked nevertheless."
    )
    parser.epilog = f"Example: {parser.prog} tutorials/ --fix"
    parser.add_argument(
        "paths", metavar="PATH", nargs="*", type=Path, default=[Path()], help="default: this folder"
    )
    parser.add_argument("--fix", action="store_true", help="mend the files where it is safe")
    parser.add_argument(
        "--unsafe-fixes", action="store_true", help="with --fix or --diff: all fixes there are"
    )
    parser.add_argument(
        "--diff", action="store_true", help="show what --fix would do, write nothing"
    )
    for name, text in (("select", "look for these only"), ("ignore", "do not look for these")):
        help_ = f"{text}: ALL, KT2, KT201,KT3; may be repeated"
        parser.add_argument(f"--{name}", metavar="CODES", action="append", default=[], help=help_)
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    add_language(parser, language)


def add_language(parser: argparse.ArgumentParser, language: str) -> None:
    """Adds `--lang`."""
    parser.add_argument(
        "--lang", choices=("en", "zh"), default=language, help="default: that of the locale"
    )


def run_check(options: argparse.Namespace, version: str) -> int:
    """Prints the findings in files and folders and returns the exit status.

    Args:
        options: As `configure_check` describes them.
        version: That of the tool, for SARIF.

    Raises:
        LintError: A code does not exist.
    """
    # The parser and the other command do without the detectors.
    from .configuration import read_codes
    from .runner import Job, check_files, find_files

    job = Job(
        select=read_codes(options.select, "--select"),
        ignore=read_codes(options.ignore, "--ignore"),
        fix="show" if options.diff else "write" if options.fix else "no",
        unsafe=options.unsafe_fixes,
    )
    files, errors = find_files(options.paths)
    try:
        outcomes = list(check_files(files, job))
    except KeyboardInterrupt as stop:
        mended = "interrupted; files that were mended before stay mended."
        raise KeyboardInterrupt(*[mended] * (job.fix == "write")) from stop
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    errors += [outcome.error for outcome in outcomes if outcome.error is not None]
    fixed = sum(outcome.fixed for outcome in outcomes)
    text = FORMATS[options.format](findings, options.lang, version)
    if options.diff:
        text = "".join(diff(str(one.path), one.before or "", one.after or "") for one in outcomes)
        print(text, end="")
    elif text or options.format != "text":
        print(text)
    for error in dict.fromkeys(errors):
        _say(f"{PROGRAM}: error: {error}")
    if fixed:
        _say(_fixed(fixed, options.diff, options.lang))
    if not errors or any(outcome.error is None for outcome in outcomes):
        _say(summary(findings, options.lang))
    return 2 if errors else int(bool(findings) or (options.diff and fixed > 0))


def _fixed(count: int, planned: bool, language: str) -> str:
    if language == "zh":
        return f"{'将修复' if planned else '已修复'} {count} 处。"
    return f"{'Would fix' if planned else 'Fixed'} {count}."


def _say(text: str) -> None:
    if sys.stderr is not None:  # as it is after `2>&-`
        print(text, file=sys.stderr, flush=True)
