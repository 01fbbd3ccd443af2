"""`kerastut new`: begins a recipe of one's own."""

import ast
import re
from pathlib import Path
from typing import TypeGuard

import pytest

from kerastut.cli import main
from kerastut.registry import Recipe, get_recipe, list_recipes
from kerastut.teaching import new_recipe


def called(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main(["new", *words])
    printed = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    return stop.value.code, printed.out, printed.err


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C")


def code(path: Path) -> str:
    """Returns a file's code without its header, docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if not isinstance(node, ast.Assign | ast.Expr)]
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:]
    return ast.dump(tree)


def is_function(node: ast.AST) -> TypeGuard[ast.FunctionDef]:
    return isinstance(node, ast.FunctionDef)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("origin", list_recipes(), ids=lambda recipe: recipe.name)
def test_it_has_the_code_and_nothing_that_was_said_or_measured(
    origin: Recipe, language: str
) -> None:
    path = Path("my_net.py")
    path.write_text(new_recipe(origin, language), encoding="utf-8")
    recipe = get_recipe(path)
    assert (recipe.name, dict(recipe.expect), recipe.tutorials) == ("my-net", {}, ())
    for field in ("dataset", "epochs", "batch_size", "speed", "samples"):
        assert getattr(recipe, field) == getattr(origin, field)
    assert recipe.defaults() == origin.defaults()
    assert code(path) == code(origin.path)
    texts = [recipe.summary, recipe.description, *(p.help for p in recipe.parameters.values())]
    for text in texts:
        assert bool(re.search("[一-鿿]", text)) == (language == "zh"), f"no Chinese for {text!r}"
    if language == "zh":
        text = path.read_text(encoding="utf-8")
        read = [ast.get_docstring(one) for one in ast.parse(text).body if is_function(one)]
        for said in [*filter(None, read), *re.findall(r"(?:^| ) # (.*)", text)]:
            assert re.search("[一-鿿]", said), said
    assert len(recipe.summary) <= 80
    assert len(recipe.description) < 200  # it is still to be written


@pytest.mark.parametrize(
    ("name", "file"),
    [("my-net", "my_net.py"), ("my_net.py", "my_net.py"), ("a b/My-Net", "a b/My_Net.py")],
)
def test_where_it_is_written_and_what_comes_next(
    name: str, file: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    Path("a b").mkdir()
    status, out, err = called(capsys, name, "--from", "mlp-mnist")
    shown = f"'{file}'" if " " in file else f"./{file}"
    assert (status, out) == (0, f"{file}\n")
    assert err.splitlines() == [
        f"Edit it, then: kerastut run {shown}",
        f"When it is as it should be: kerastut band {shown} --seeds 3",
    ]
    assert Path(file).is_file()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["kept", "--from", "cnn-mnist"], "kept.py: exists already. Choose another name."),
        (["cnn-mnist", "--from", "mlp-mnist"], "cnn-mnist: a recipe or a module of Python has"),
        (["json", "--from", "mlp-mnist"], "json: a recipe or a module of Python has this name."),
        (["2nd", "--from", "mlp-mnist"], "letters, digits and hyphens, beginning with a letter"),
        (["_net", "--from", "mlp-mnist"], "such as my-net; received '_net'."),
        (["", "--from", "mlp-mnist"], "such as my-net; received ''."),
        (["my net", "--from", "mlp-mnist"], "such as my-net; received 'my net'."),
        (["no/net", "--from", "mlp-mnist"], "no/net.py: cannot write there: No such file"),
        (["net", "--from", "mlp-minst"], "Unknown recipe 'mlp-minst'. Did you mean mlp-mnist"),
        (["net"], "the following arguments are required: --from"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("kept.py").write_text("mine")
    status, out, err = called(capsys, *words)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert message in err
    assert [path.name for path in Path().iterdir()] == ["kept.py"]
    assert Path("kept.py").read_text() == "mine"
