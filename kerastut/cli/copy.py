"""`kerastut copy`."""

import argparse
from contextlib import suppress
from pathlib import Path

from kerastut.cli.output import print_line
from kerastut.errors import OutputError, unwritable
from kerastut.registry import get_recipe
from kerastut.streams import say


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = "Copy a recipe's file. 'kerastut run ./FILE.py' runs the copy."
    parser.epilog = "Example: kerastut copy cnn-mnist my_cnn.py"
    parser.add_argument("recipe", metavar="RECIPE", help="a name from 'kerastut list'")
    parser.add_argument(
        "file", metavar="FILE", nargs="?", type=Path, help="where to; default: its own name, here"
    )
    parser.set_defaults(function=copy_command)


def copy_command(options: argparse.Namespace) -> int:
    """Writes the recipe's text to a new file; an existing one is never overwritten."""
    recipe = get_recipe(options.recipe)
    target: Path = options.file or Path(recipe.path.name)
    if target.is_dir():
        target = target / recipe.path.name
    if target.suffix != ".py":
        raise OutputError(f"{target}: expected a name that ends in .py, so that it can be run.")
    content = recipe.path.read_bytes()
    try:
        with target.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise OutputError(f"{target}: exists already. Choose another name.") from None
    except OSError as error:
        with suppress(OSError):
            target.unlink()  # a part of it, on a full disk
        raise unwritable(error, f"{target}: cannot write there") from error
    print_line(str(target))
    shown = target if target.parent != Path() else f"./{target}"
    say(f"Edit it, then: kerastut run {shown}")
    return 0
