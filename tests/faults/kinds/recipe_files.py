"""Records that name a file to run or to read."""

import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from ..case import Case
from ..tiny import RESUME, checkpoint, copied, recipe_text, rewrite

EVIL = 'import os, pathlib; pathlib.Path(os.environ["KERASTUT_CANARY"]).touch()\n'
NAMES = ("evil", "my_cnn", "Новая", "线", "a b", "linear_regression", "-x", "~", "__init__")


class Pickle:
    """Touches the canary when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[[str], Any], tuple[str]]:
        return exec, (EVIL,)


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields records of a run whose recipe, data or model is a stranger's file."""
    for number in count():
        place = folder / f"recipe_files-{number}"
        yield random.choice((_recipes, _names, _given, _data, _data, _resumed))(random, place)


def _evil(random: Random, place: Path) -> tuple[Path, str]:
    """Writes a recipe that runs code; returns its path and a way to name it."""
    inside = place / random.choice(("run", ".", "run/recipes", "elsewhere"))
    inside.mkdir(exist_ok=True)
    path = inside / f"{random.choice(NAMES)}{random.randrange(99)}.py"
    path.write_text(random.choice((recipe_text(EVIL), EVIL)), encoding="utf-8")
    (inside / "kerastut.py").write_text(EVIL)
    forms = (
        str(path),
        os.path.relpath(path, place),
        f"./{path.relative_to(place)}",
        f"{place}/run/../{path.relative_to(place)}",
        path.as_uri(),
        str(path.with_suffix("")),
        f"{path} ",
    )
    return path, random.choice(forms)


def _recipes(random: Random, place: Path) -> Case:
    """A recipe of the reader's own, so the record says."""
    run = copied(place)
    path, name = _evil(random, place)
    told = random.choice((path.stem, "my-cnn", "linear-regression", name))

    def change(record: dict[str, Any]) -> Any:
        record |= {"recipe_file": name, "recipe": told}
        if random.random() < 0.5:
            record["settings"]["parameters"] = {"x": random.choice((1, "a", [1, 2]))}
        return record

    rewrite(run / "run.json", change)
    command = random.choice((("plot", "run"), ("export", "run", "--format", "keras")))
    return Case(f"recipe_file {name!r}", command, place, statuses=frozenset({0}))


def _names(random: Random, place: Path) -> Case:
    """A path where a name is expected."""
    run = copied(place)
    path, name = _evil(random, place)
    modules = ("../recipes/cnn_mnist", "kerastut.recipes.x", "os", "__init__", "..", "cnn_mnist.py")
    name = random.choice((name, str(path), *modules))
    rewrite(run / "run.json", lambda record: record | {"recipe": name})
    command = random.choice((("plot", "run"), ("export", "run", "--format", "keras")))
    return Case(f"recipe {name!r}", command, place)


def _given(random: Random, place: Path) -> Case:
    """A recipe that is given again, and is not the one of the run."""
    run = copied(place)
    path, name = _evil(random, place)
    digest = random.choice((None, "", "0" * 64, str(random.random())))
    named = random.choice((None, name))
    rewrite(
        run / "run.json", lambda record: record | {"recipe_file": named, "recipe_sha256": digest}
    )
    given = str(path) if path.name[0] != "-" else f"./{path.relative_to(place)}"
    return Case(f"--recipe {path.name}", ("plot", "run", "--recipe", given), place)


def _data(random: Random, place: Path) -> Case:
    """Data that are none of the run's."""
    run = copied(place)
    kind = random.choice(("secret", "table", "npz", "pickle", "pipe", "system", "pictures", "tfds"))
    path = place / random.choice(("", "run")) / f"{random.choice(NAMES)}{random.randrange(99)}"
    options: dict[str, Any] = {}
    match kind:
        case "secret":
            path = path.with_suffix(random.choice((".csv", ".tsv", ".npz")))
            path.symlink_to(place.parent / "secret.txt")
        case "table":
            path = path.with_suffix(".csv")
            rows = "".join(f"text {row},{'ab'[row % 2]}\n" for row in range(random.randint(20, 60)))
            path.write_text(f"text,label\n{rows}")
            options = random.choice(({}, {"encoding": "hex"}, {"text_column": "secret"}))
        case "npz":
            path = path.with_suffix(".npz")
            x, y = np.zeros((40, 1), np.float32), np.zeros(40, np.float32)
            np.savez(path, x_train=x, y_train=y, x_test=x, y_test=y)
        case "pickle":
            path = path.with_suffix(".npz")
            odd = np.array([Pickle()], dtype=object)
            np.savez(path, allow_pickle=True, x_train=odd, y_train=odd, x_test=odd, y_test=odd)
        case "pipe":
            path = path.with_suffix(random.choice((".csv", ".npz")))
            os.mkfifo(path)
        case "system":
            system = ("/etc/passwd", "/dev/zero", "/proc/self/environ", "/dev/stdin", "/", "/proc")
            path = Path(random.choice((*system, f"{place.parent}/secret.txt", str(place.parent))))
        case "pictures":
            for name in "ab":
                (path / name).mkdir(parents=True)
                (path / name / "x.png").symlink_to(place.parent / "secret.txt")
            options = {"image_size": random.choice(([9, 9], [10**6, 10**6], [-1, 0], [4096, 4096]))}
        case "tfds":
            path = Path(f"tfds:{random.choice(('mnist', 'imdb_reviews', '../x', 'cifar10'))}")
            options = random.choice(({}, {"data_dir": str(place)}, {"data_dir": "http://[::1]:9/"}))
    name = random.choice((str(path), os.path.relpath(path, place))) if kind != "tfds" else str(path)

    def change(record: dict[str, Any]) -> Any:
        record["settings"] |= {"dataset": name, "data_options": options}
        return record | {"data_sha256": random.choice(("0" * 64, "", record["data_sha256"]))}

    rewrite(run / "run.json", change)
    command = random.choice((("plot", "run"), ("export", "run", "--format", "keras")))
    return Case(f"data {kind} {name!r} {options}", command, place)


def _resumed(random: Random, place: Path) -> Case:
    """A checkpoint that names another recipe, or tells a callback where to write."""
    run = copied(place)
    _, name = _evil(random, place)

    def change(state: dict[str, Any]) -> Any:
        if random.random() < 0.5:
            state["identity"]["recipe"] = name
        else:
            state["callbacks"] = [{"filepath": f"{place.parent}/written", "monitor": name}]
        return state

    rewrite(checkpoint(run) / "state.json", change)
    return Case(f"identity or callbacks name {name!r}", RESUME, place)
