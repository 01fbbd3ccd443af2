"""`kerastut check`."""

import argparse
import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from kerastut.cli.output import say
from kerastut.language import add_language

if TYPE_CHECKING:
    from kerastut.lint.runner import Outcome

_FORMATS = ("text", "json", "github", "sarif")


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Find Keras code that Keras 3 refuses or runs wrongly, in .py, .ipynb and Markdown files,"
        " and mend what is safe to mend. Exit status: 0 nothing found, 1 findings, 2 wrong usage"
        " or a file that cannot be read."
    )
    parser.epilog = "Example: kerastut check tutorials/ --fix"
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
        parser.add_argument(
            f"--{name}",
            metavar="CODES",
            action="append",
            default=[],
            help=f"{text}: ALL, KT2, KT201,KT3; may be repeated",
        )
    parser.add_argument("--format", choices=_FORMATS, default="text", help="default: text")
    add_language(parser)
    parser.set_defaults(function=check_command)


def check_command(options: argparse.Namespace) -> int:
    """Prints the findings in files and folders."""
    # Every command builds this parser, and only this one needs the rules.
    from kerastut.lint.configuration import read_codes
    from kerastut.lint.files import find_files
    from kerastut.lint.report import FORMATS
    from kerastut.lint.report.text import summary
    from kerastut.lint.runner import Job, check_files

    job = Job(
        select=read_codes(options.select, "--select"),
        ignore=read_codes(options.ignore, "--ignore"),
        fix="show" if options.diff else "write" if options.fix else "no",
        unsafe=options.unsafe_fixes,
    )
    outcomes = list(check_files(find_files(options.paths), job))
    findings = [finding for outcome in outcomes for finding in outcome.findings]
    failed = [outcome.error for outcome in outcomes if outcome.error is not None]
    fixed = sum(outcome.fixed for outcome in outcomes)
    if options.diff:
        _print_diffs(outcome for outcome in outcomes if outcome.after is not None)
    elif (text := FORMATS[options.format](findings, options.lang)) or options.format != "text":
        print(text)
    for error in failed:
        say(f"kerastut: error: {error}")
    if fixed:
        say(_fixed(fixed, options.diff, options.lang))
    say(summary(findings, options.lang))
    if failed:
        return 2
    return int(bool(findings) or (options.diff and fixed > 0))


def _print_diffs(outcomes: Iterable["Outcome"]) -> None:
    for outcome in outcomes:
        texts = (outcome.before or "", outcome.after or "")
        before, after = (text.splitlines(keepends=True) for text in texts)
        name = str(outcome.path)
        lines = difflib.unified_diff(before, after, f"{name} (before)", f"{name} (after)")
        for line in lines:
            print(line, end="" if line.endswith("\n") else "\n\\ No newline at end of file\n")


def _fixed(count: int, planned: bool, language: str) -> str:
    if language == "zh":
        return f"{'将修复' if planned else '已修复'} {count} 处。"
    return f"{'Would fix' if planned else 'Fixed'} {count}."
