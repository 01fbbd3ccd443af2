"""The command line. Each subcommand is one file with `configure(parser)`.

Results go to standard output, all else to standard error. Exit status: 0 done; 1 the run or check
failed; 2 wrong usage, unknown name or bad input; 130 interrupted.
"""

import argparse
import re
import shutil
import sys
import traceback
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from kerastut.cli.output import failure, wrapped
from kerastut.errors import (
    KerastutError,
    ParameterError,
    TrainingError,
    one_line,
    unwritable,
)
from kerastut.files import matching
from kerastut.language import LANGUAGES, preferred, speaking, spoken, told
from kerastut.streams import say, say_told, standard_streams
from kerastut.version import __version__

COMMANDS = {
    "list": "list the recipes",
    "show": "explain a recipe, a fault of the tutorials, or a block of theirs",
    "copy": "copy a recipe's file or its plain Keras program, to edit it, or data",
    "new": "begin a recipe of your own from another one",
    "run": "train a recipe and test it",
    "runs": "list runs with recipe, data, metric, date and state",
    "compare": "train a recipe with different settings and compare the results",
    "plot": "draw a finished run again",
    "predict": "predict your own pictures, texts or numbers with a finished run",
    "export": "export a finished run's model for another runtime, and check it there",
    "demo": "show a finished run at work on a local page: draw a digit, type a review",
    "band": "propose a recipe's band from several seeds",
    "verify": "run recipes in full and check their results",
    "check": "find stale Keras code in any file, and mend it",
    "rule": "explain a rule of check",
    "why": "explain a pasted traceback or warning",
    "migrate": "bring old programs to Keras 3, and prove it by running them",
    "convert": "rebuild a model that an old Keras saved",
    "data": "list, verify or describe data, also your own",
    "doctor": "examine Python, packages and machine, and tell how to mend what is wrong",
}


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, and whose words are in the language that is spoken.

    Args:
        module: The subcommand's module, imported when the subcommand is used and not before, so
            that `list` does not pay for `compare`.
        **options: As for `argparse.ArgumentParser`.
    """

    def __init__(self, module: str | None = None, **options: Any) -> None:
        if spoken() == "zh":  # argparse cannot break lines that have no blanks
            options["formatter_class"] = argparse.RawTextHelpFormatter
        super().__init__(**options)
        self._module = module

    def add_argument(self, *names: str, **options: Any) -> argparse.Action:
        """Adds an argument; its help text is translated."""
        if options.get("help", argparse.SUPPRESS) is not argparse.SUPPRESS:
            options["help"] = _fitting(options["help"], 26)
        return super().add_argument(*names, **options)

    def format_help(self) -> str:
        """Returns the help text in the language that is spoken."""
        self.description = self.description and _fitting(self.description)
        self.epilog = self.epilog and _fitting(self.epilog)
        text = super().format_help()
        for heading in ("positional arguments:", "options:", "usage: "):
            text = re.sub(f"^{heading}", told(heading), text, flags=re.MULTILINE)
        return text

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parses, after the subcommand's module has described its arguments."""
        module, self._module = self._module, None
        if module is not None:
            import_module(module).configure(self)
        if self.get_default("lang") is None:
            text = "default: that of the system"
            self.add_argument("--lang", choices=LANGUAGES, default=spoken(), help=text)
        if module is not None and self.get_default("intermixed"):
            # An option may stand between the arguments.
            return self.parse_known_intermixed_args(args, namespace)
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Prints the error in one line and exits with status 2."""
        say(f"{self.prog}: error: {message}. See '{self.prog} --help'.")
        self.exit(2)


def _fitting(text: str, indent: int = 0) -> str:
    """Returns a text of the help in the language that is spoken, broken for the terminal."""
    if spoken() == "en":
        return text
    return wrapped(told(text), shutil.get_terminal_size().columns - 2 - indent)


def build_parser() -> argparse.ArgumentParser:
    """Returns the parser of all subcommands."""
    parser = Parser(
        prog="kerastut",
        description="Corrected, tested recipes for five widely copied Keras tutorials.",
        epilog="Example: kerastut run cnn-mnist",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"kerastut {__version__}",
        help="show program's version number and exit",
    )
    parser.set_defaults(function=partial(_help, parser))
    subparsers = parser.add_subparsers(metavar="COMMAND")
    for name, text in COMMANDS.items():
        # A module of the name `list` would hide the built-in one from its neighbours.
        module = f"kerastut.cli.{'list_' if name == 'list' else name}"
        subparsers.add_parser(name, help=_fitting(text, 26), module=module)
    return parser


def _help(parser: argparse.ArgumentParser, _: argparse.Namespace) -> int:
    """Shows what there is to who gives no command."""
    parser.print_help()
    return 0


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs the command line and exits with its status."""
    words = matching(sys.argv[1:] if arguments is None else arguments)
    with standard_streams(), speaking(_language(words)):
        status = _status(partial(_run, words))
        unprinted = _status(sys.stdout.flush)
    sys.exit(status or unprinted)


def _language(words: Sequence[str]) -> str:
    """Returns the language: help texts and errors of usage are in it, so it is known at first."""
    asked = re.findall(r"^--la(?:ng?)?[=\n](en|zh)$", "\n".join(words), re.MULTILINE)
    return asked[-1] if asked else preferred()


def _run(words: Sequence[str]) -> int:
    options = build_parser().parse_args(words)
    try:
        return int(options.function(options))
    except Exception:
        if getattr(options, "verbose", False):
            traceback.print_exc()
        raise


def _status(act: Callable[[], int | None]) -> int:
    """Returns the exit status of what it calls; an error is told in one line."""
    try:
        return act() or 0
    except SystemExit as end:  # of the parser
        return int(end.code or 0)
    except KerastutError as error:
        return _failed(error)
    except KeyboardInterrupt as stop:
        text = told(f"kerastut: {str(stop) or 'interrupted; nothing was written.'}")
        print(text, file=sys.stderr)
        return getattr(stop, "exit_status", 130)
    except OSError as error:
        # Without a name it is the working folder, which may have been removed.
        return _failed(unwritable(error, error.filename or "the working folder"))
    except MemoryError as error:
        return _failed(TrainingError(f"The memory does not suffice: {one_line(error)}."))
    except ModuleNotFoundError as error:
        if (error.name or "kerastut").startswith("kerastut"):
            raise
        return _failed(
            ParameterError(
                f"{sys.executable} has no package '{error.name}'. Enter the environment that has"
                " kerastut (after make: source .venv/bin/activate), or install it: python -m pip"
                " install ."
            )
        )
    except Exception:  # a fault of kerastut; told here, its text passes the stream as well
        traceback.print_exc()
        return 1


def _failed(error: KerastutError) -> int:
    say_told(failure(error))
    return error.exit_status


def run_file(path: str) -> NoReturn:
    """Runs a recipe's file with the options that the process was started with.

    The last two lines of a recipe call it, so that `python my_cnn.py --epochs 1` trains a copy.
    """
    started = getattr(sys.modules["__main__"], "__file__", None)
    if not (started and Path(started).exists() and Path(started).samefile(path)):
        raise RuntimeError('expected `if __name__ == "__main__":` before run_file(__file__)')
    main(["run", path, *sys.argv[1:]])
