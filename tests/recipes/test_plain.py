"""The plain programs: they run without kerastut, reach their recipes' bands, and read easily."""

import ast
import io
import os
import re
import subprocess
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

from kerastut import list_recipes
from kerastut.cli.output import width
from kerastut.data.bundled.beside import BESIDE, content_beside
from kerastut.registry import Recipe
from kerastut.registry.recipe import in_band
from kerastut.teaching import plain_program
from tests.warm import warm

RECIPES = {recipe.name: recipe for recipe in list_recipes()}
FOLDER = next(iter(RECIPES.values())).path.with_name("plain")
# Has Python refuse `import kerastut` as if it were not installed, and run a program.
WITHOUT = "import runpy, sys; sys.modules['kerastut'] = None; runpy.run_path(sys.argv[1])"
# What programs call a metric that its recipe's name would not explain.
PRINTED = {"gap": "gap with penalty", "gap_without": "gap without penalty"}
LEFT_OUT = {"wrong_wells"}  # the second figure of gradient-descent


def ran(folder: Path, program: Path | str) -> subprocess.CompletedProcess[str]:
    """Runs a program in a folder, where kerastut cannot be imported."""
    return subprocess.run(
        [*warm(), "-c", WITHOUT, str(program)],
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "MPLBACKEND": "Agg", "TF_CPP_MIN_LOG_LEVEL": "3"},
        check=False,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a folder with the files that the programs read."""
    folder = tmp_path_factory.mktemp("data")
    for name, file in BESIDE.items():
        (folder / file).write_bytes(content_beside(name))
    return folder


def metrics(output: str, recipe: Recipe) -> dict[str, float]:
    """Returns the recipe's metrics that a program has printed."""
    lines = {name: rf"^(?:test )?{PRINTED.get(name, name)} (\S+)$" for name in recipe.expect}
    found = {name: re.search(line, output, re.MULTILINE) for name, line in lines.items()}
    return {name: float(match[1]) for name, match in found.items() if match}


def test_kerastut_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text("import kerastut\n")
    assert "ModuleNotFoundError: import of kerastut" in ran(tmp_path, "program.py").stderr


@pytest.mark.parametrize("name", RECIPES)
def test_it_runs_without_kerastut_and_lies_in_the_band(
    name: str, data: Path, tmp_path: Path
) -> None:
    recipe = RECIPES[name]
    program = tmp_path / recipe.path.name
    program.write_text(plain_program(recipe, "zh"), encoding="utf-8")
    for file in data.iterdir():
        (tmp_path / file.name).symlink_to(file)
    finished = ran(tmp_path, program)
    assert finished.returncode == 0, finished.stderr[-3000:]
    found = metrics(finished.stdout, recipe)
    lines = "expected a printed line such as 'test accuracy 0.98' for each metric with a band"
    assert found.keys() == recipe.expect.keys() - LEFT_OUT, lines
    for metric, value in found.items():
        band = recipe.expect[metric]
        assert in_band(value, band), f"{metric} {value}, band {band}: see step 9 of CONTRIBUTING.md"
    for line in ("Total params", "^true .+ predicted .+$", "^loaded model agrees: True$"):
        assert re.search(line, finished.stdout, re.MULTILINE), f"expected to be printed: {line}"
    picture, model = program.with_suffix(".png"), program.with_suffix(".keras")
    assert picture.read_bytes().startswith(b"\x89PNG"), f"expected {picture.name}"
    assert model.is_file(), f"expected {model.name}"


def hard_to_read(program: str) -> Iterator[str]:
    """Yields what a beginner would stumble over."""
    lines = program.splitlines()
    code = [line for line in lines if line.strip() and not line.strip().startswith("#")]
    if not 25 <= len(code) <= 60:
        yield f"{len(code)} lines of code, expected 25 to 60"
    yield from (f"wide: expected at most 84 columns: {line}" for line in lines if width(line) > 84)
    tree = ast.parse(program)
    modules = [line.split()[1].partition(".")[0] for line in code if "import " in line]
    yield from (
        f"imports {m}" for m in {*modules} - {"csv", "keras", "matplotlib", "numpy", "tensorflow"}
    )
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    yield from (
        f"short name: {name}: expected three letters"
        for name in names
        if len(name) < 3 and name != "np" and name != "tf"
    )
    if sum(isinstance(node, ast.FunctionDef) for node in tree.body) > 1:
        yield "several functions, expected one at most"
    for node in ast.walk(tree):
        match node:
            case ast.Lambda() | ast.NamedExpr() | ast.IfExp() | ast.ClassDef() | ast.DictComp():
                yield f"clever: {ast.unparse(node)}"
            case ast.Assign(targets=[_, _, *_]):
                yield f"two assignments: {ast.unparse(node)}"
            case ast.Assign(targets=[ast.Tuple()], value=ast.Tuple()):
                yield f"two assignments: {ast.unparse(node)}"
            case ast.ListComp():
                inner = [n for n in ast.walk(node) if isinstance(n, ast.comprehension)]
                if len(inner) > 1:
                    yield f"nested: {ast.unparse(node)}"


def missing(program: str) -> set[str]:
    """Returns the steps of a whole program that this one leaves out, or takes more than once."""
    steps = {
        "set_random_seed(": 1,
        "model.summary()": 1,
        "model.compile(": 1,
        "history = model.fit(": 1,
        "plt.savefig(": 1,
        "model.evaluate(x_test, y_test, ": 1,
        "= model.predict(sample, ": 1,
        "model.save(": 1,
        "keras.models.load_model(": 1,
        "loaded_model.predict(sample, ": 1,
    }
    return {step for step, times in steps.items() if program.count(step) != times}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", RECIPES)
def test_a_beginner_can_read_it(name: str, language: str) -> None:
    program = plain_program(RECIPES[name], language)
    assert list(hard_to_read(program)) == []
    assert missing(program) == set(), "each of these steps is to be taken once"
    for split in ("x_train", "y_train", "validation", "x_test", "y_test"):
        assert split in program, f"expected the name {split}"


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("text = 1", "1 lines of code, expected 25 to 60"),
        (f"text = {'a' * 80!r}", "wide: expected at most 84 columns"),
        ("# " + "字" * 42, "wide: "),
        ("import kerastut", "imports kerastut"),
        ("from kerastut.data import load", "imports kerastut"),
        ("x = 1", "short name: x"),
        ("def add(a):\n    return a", "short name: a"),
        ("def one():\n    return 1\ndef two():\n    return 2", "several functions"),
        ("first = second = 1", "two assignments"),
        ("first, second = 1, 2", "two assignments"),
        ("rows = [cell for row in rows for cell in row]", "nested"),
        ("rows = [[cell for cell in row] for row in rows]", "nested"),
        ("double = lambda value: 2 * value", "clever"),
    ],
)
def test_what_is_hard_to_read_is_found(line: str, fault: str) -> None:
    assert any(found.startswith(fault) for found in hard_to_read(line))


def test_every_recipe_has_one_and_nothing_else_is_there() -> None:
    found, wanted = {p.name for p in FOLDER.glob("*.py")}, {r.path.name for r in RECIPES.values()}
    assert found == wanted, f"in recipes/plain: missing {wanted - found}, unknown {found - wanted}"


def runs_of_comments(program: str) -> Iterator[list[str]]:
    """Yields the comments of neighbouring lines together; each must have a line of its own."""
    last = -1
    run: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(program).readline):
        if token.type == tokenize.COMMENT:
            assert token.line.strip() == token.string
            if run and token.start[0] != last + 1:
                yield run
                run = []
            run.append(token.string)
            last = token.start[0]
    yield run


@pytest.mark.parametrize("name", RECIPES)
def test_every_comment_has_a_twin(name: str) -> None:
    source = (FOLDER / RECIPES[name].path.name).read_text(encoding="utf-8")
    english, chinese = (plain_program(RECIPES[name], language) for language in ("en", "zh"))
    assert (
        ast.dump(ast.parse(english)) == ast.dump(ast.parse(chinese)) == ast.dump(ast.parse(source))
    )
    assert not re.search("[一-鿿]|# zh", english)
    assert "# zh" not in chinese
    for run in runs_of_comments(source):
        marks = [comment.startswith("# zh: ") for comment in run]
        assert sorted(marks) == marks, run  # first all the English, then all the Chinese
        assert len(set(marks)) == 2, f"expected a comment and its Chinese, '# zh: ...', in {run}"
    assert len(list(runs_of_comments(english))) == len(list(runs_of_comments(source)))
    for run in runs_of_comments(chinese):
        for comment in run:
            assert re.search("[一-鿿]", comment), comment
