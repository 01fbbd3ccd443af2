"""`kerastut new`."""

import argparse
from importlib.util import find_spec
from pathlib import Path

from kerastut.cli.copy import write_new
from kerastut.errors import OutputError, ParameterError, shown
from kerastut.registry import as_argument, get_recipe, list_recipes
from kerastut.streams import say
from kerastut.teaching import new_recipe


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = (
        "Begin a recipe of your own from another one: its code, without its texts and its band."
    )
    parser.epilog = "Example: kerastut new my-net --from text-lstm"
    parser.add_argument(
        "name",
        metavar="NAME",
        help="its name, such as my-net: the file my_net.py is written here; or folder and name",
    )
    parser.add_argument(
        "--from",
        metavar="RECIPE",
        required=True,
        dest="origin",
        help="the nearest one: a name from 'kerastut list', or a file",
    )
    parser.set_defaults(function=new_command)


def new_command(options: argparse.Namespace) -> int:
    """Writes a new recipe file and tells what comes next; nothing is overwritten."""
    origin, target = get_recipe(options.origin), _target(options.name)
    write_new(target, new_recipe(origin, options.lang).encode("utf-8"))
    file = as_argument(target)
    say(f"Edit it, then: kerastut run {file}")
    say(f"When it is as it should be: kerastut band {file} --seeds 3")
    return 0


def _target(name: str) -> Path:
    """Returns the file of a recipe of that name, which must be one that Python can import."""
    path = Path(name.removesuffix(".py"))
    stem = path.name.replace("-", "_")
    if not stem.isidentifier() or stem.startswith("_"):
        raise ParameterError(
            "NAME must be letters, digits and hyphens, beginning with a letter, such as my-net;"
            f" received {shown(repr(name))}."
        )
    taken = {recipe.path.stem for recipe in list_recipes()}
    target = path.with_name(f"{stem}.py")
    if not target.exists() and (stem.lower() in taken or find_spec(stem)):
        raise OutputError(
            f"{stem.replace('_', '-')}: a recipe or a module of Python has this name. Choose"
            " another one."
        )
    return target
