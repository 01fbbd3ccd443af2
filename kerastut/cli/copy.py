"""`kerastut copy`."""

import argparse
from pathlib import Path

from kerastut.cli.output import print_line
from kerastut.data import BESIDE, content_beside
from kerastut.errors import KerastutError, OutputError, quoted, unwritable
from kerastut.language import told
from kerastut.registry import as_argument, get_recipe
from kerastut.streams import say
from kerastut.teaching import plain_program


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Copy a recipe's file, which 'kerastut run ./FILE.py' runs; or the recipe as a program in"
        " plain Keras, which python runs; or the data that the program reads beside it."
    )
    parser.epilog = (
        "Example: kerastut copy cnn-mnist my_cnn.py, kerastut copy cnn-mnist --script,"
        " kerastut copy --data mnist"
    )
    parser.add_argument(
        "recipe", metavar="RECIPE", nargs="?", help="a name from 'kerastut list'; not with --data"
    )
    parser.add_argument(
        "file", metavar="FILE", nargs="?", type=Path, help="where to; default: its own name, here"
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--script", action="store_true", help=told("the recipe in plain Keras, without kerastut")
    )
    what.add_argument("--data", choices=BESIDE, help=told("the data for such programs"))
    parser.set_defaults(function=copy_command, intermixed=True)


def copy_command(options: argparse.Namespace) -> int:
    """Writes a new file; an existing one is never overwritten."""
    if options.data:
        _copy_data(options)
        return 0
    if options.recipe is None:
        raise KerastutError("Expected a recipe, a name from 'kerastut list', or --data.")
    recipe = get_recipe(options.recipe)
    target = _target(options.file, recipe.path.name)
    if options.script:
        text = plain_program(recipe, options.lang)
        write_new(target, text.encode("utf-8"))
        for command in _how_to_run(target, text):
            say(f"Next: {command}")
    else:
        write_new(target, recipe.path.read_bytes())
        say(f"Edit it, then: kerastut run {as_argument(target)}")
    return 0


def _copy_data(options: argparse.Namespace) -> None:
    """Writes the file of a data set; what follows the command is where to."""
    if options.file is not None:
        raise KerastutError(f"--data takes one FILE; received {options.recipe} {options.file}.")
    target = _target(options.recipe and Path(options.recipe), BESIDE[options.data])
    write_new(target, content_beside(options.data))


def _target(file: Path | None, name: str) -> Path:
    """Returns where to write: the file asked for, or one of that name, here or in a folder."""
    target = file or Path(name)
    if target.is_dir():
        target = target / name
    if target.suffix != Path(name).suffix:
        raise OutputError(
            f"{target}: expected a folder, or a name that ends in {Path(name).suffix}."
        )
    return target


def write_new(target: Path, content: bytes) -> None:
    """Writes a new file, whole or not at all, and prints its name."""
    try:
        with target.open("xb") as file:
            try:
                file.write(content)
                file.flush()
            except BaseException:
                target.unlink()
                raise
    except FileExistsError:
        raise OutputError(f"{target}: exists already. Choose another name.") from None
    except OSError as error:
        raise unwritable(error, f"{target}: cannot write there") from error
    print_line(str(target))


def _how_to_run(target: Path, text: str) -> list[str]:
    """Returns how to get the data that a program reads, and to run it beside them."""
    folder = "" if target.parent == Path() else f" {quoted(str(target.parent))}"
    commands = [f"cd{folder}"] if folder else []
    commands.append(f"python {quoted(target.name)}")
    for data, file in BESIDE.items():
        if f'"{file}"' in text and not (target.parent / file).exists():
            commands.insert(0, f"kerastut copy --data {data}{folder}")
    return commands
