"""Recipes in files of the reader's own: names that clash, execution, settings, messages."""

import inspect
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec import convert

import kerastut
from kerastut import get_recipe
from kerastut.cli import main
from kerastut.errors import KerastutError, ParameterError, RecipeError, one_line
from kerastut.registry import Choices, Settings, bands, from_record, load_module, resolve
from kerastut.registry.recipe import RESERVED
from kerastut.train import build_model, prepare
from kerastut.why import explain, tell
from tests.warm import warm

LINE = kerastut.get_recipe("linear-regression")


def written(path: Path, old: str, new: str) -> Path:
    """Writes a copy of the line's recipe with one change."""
    text = LINE.path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_the_reserved_names_are_the_arguments_of_run() -> None:
    arguments = inspect.signature(kerastut.run).parameters.values()
    assert {a.name for a in arguments if a.kind is not a.VAR_KEYWORD} == RESERVED


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_hyperparameter_named_as_an_argument_of_run_is_refused(name: str, tmp_path: Path) -> None:
    path = written(tmp_path / "my_line.py", "learning_rate: float", f"{name}: float")
    lines = path.read_text(encoding="utf-8").splitlines()
    (number,) = (n for n, line in enumerate(lines, start=1) if f"{name}: float" in line)
    message = f"{path}:{number}: the hyperparameter {name!r} has the name of an argument of"
    with pytest.raises(RecipeError, match=re.escape(message)) as caught:
        kerastut.get_recipe(path)
    assert str(caught.value).endswith("Rename it.")


def test_a_file_is_executed_once_and_again_when_it_has_changed(tmp_path: Path) -> None:
    count = tmp_path / "count"
    note = f"with pathlib.Path({str(count)!r}).open('a') as file:\n    file.write('x')\n"
    path = written(tmp_path / "my_line.py", "RECIPE =", f"import pathlib\n{note}RECIPE =")
    recipe = kerastut.get_recipe(path)
    kerastut.run(recipe, epochs=1, limit=20, verbose=0).figures()
    assert count.read_text() == "x"
    first = load_module(recipe)
    assert load_module(recipe) is first
    path.write_text(path.read_text() + "\n# edited\n")
    assert load_module(recipe) is not first
    assert count.read_text() == "xx"


def test_the_steps_of_a_call_are_the_recipes_choice(tmp_path: Path) -> None:
    path = written(
        tmp_path / "my_line.py", "optimizer=chosen", "steps_per_execution=3, optimizer=chosen"
    )
    settings = resolve(kerastut.get_recipe(path), {}, batch_size=1, limit=100)
    prepared = prepare(settings)
    assert prepared.model.steps_per_execution == 3
    own = build_model(prepared.module, resolve(LINE, {}, batch_size=1, limit=100), prepared.inputs)
    assert own.steps_per_execution == 3  # the same module
    plain = prepare(resolve(LINE, {}, batch_size=1, limit=100))
    assert plain.model.steps_per_execution == 12


@pytest.mark.parametrize(
    "settings",
    [
        resolve(LINE, {}),
        resolve(LINE, {"learning_rate": 0.5}, epochs=3, batch_size=7, seed=9, limit=11),
        resolve(
            kerastut.get_recipe("mlp-mnist"),
            {"units": 9},
            data="photos",
            data_options=kerastut.DataOptions(image_size=(20, 24)),
        ),
    ],
)
def test_settings_come_back_from_their_record(settings: Settings) -> None:
    kept = json.loads(json.dumps(settings.record()))
    assert kept == settings.record()
    assert from_record(settings.recipe, convert(kept, Choices)) == settings


def test_only_what_differs_is_a_change() -> None:
    assert resolve(LINE, {}).changes() == {}
    assert resolve(LINE, {}, seed=3).full
    assert not resolve(LINE, {}, epochs=LINE.epochs + 1).full
    assert not resolve(LINE, {"learning_rate": 0.5}).full
    assert resolve(LINE, {}, limit=5, seed=2).changes() == {"seed": 2, "limit": 5}


def test_a_message_in_bold_is_plain_text_on_one_line() -> None:
    bold = ValueError(
        "Exception encountered.\n\n\x1b[1mInput 0 is\x07 wrong\x1b[0m\n\nArguments: x"
    )
    assert one_line(bold) == "Exception encountered. Input 0 is\\u0007 wrong Arguments: x"


def test_a_message_of_keras_reaches_the_reader_as_plain_text(tmp_path: Path) -> None:
    """Keras writes what went wrong inside a layer in bold."""
    path = written(
        tmp_path / "my_line.py",
        "    model.compile(",
        "    keras.layers.Conv2D(2, 3)(keras.KerasTensor((None, 2, 2, 1)))\n    model.compile(",
    )
    with pytest.raises(ParameterError) as caught:
        kerastut.run(path, verbose=0)
    assert "\x1b" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert re.match(r"\S*my_line\.py:\d+: ValueError: ", str(caught.value))


TRAINED = "    model.compile("
SLIPS = [  # what is written before which line of the line's recipe, and what is told of that line
    ("RECIPE =", "nmae", "NameError: name 'nmae' is not defined"),
    ("RECIPE =", "import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
    ("RECIPE =", "raise RuntimeError('a\\nb')", "RuntimeError: a b"),
    ("RECIPE =", "raise RuntimeError", "RuntimeError"),
    ("RECIPE =", "return 3", "SyntaxError: 'return' outside function"),
    (TRAINED, "    modle.add(3)", "NameError: name 'modle' is not defined"),
    (
        TRAINED,
        "    keras.layers.Flaten()",
        "AttributeError: module 'keras.layers' has no attribute",
    ),
    (TRAINED, "    len(3)", "TypeError: object of type 'int' has no len()"),
    (TRAINED, "    {}['a']", "KeyError: 'a'"),
    (TRAINED, "    return None", "build must return a compiled keras.Model; received NoneType"),
    (
        "RECIPE =",
        "run_file(__file__)",
        'RuntimeError: expected `if __name__ == "__main__":` before',
    ),
    ("RECIPE =", "import half", "SyntaxError: '(' was never closed (half.py, line 2)"),
    ("RECIPE =", "def callbacks(needed):\n    pass", "TypeError: callbacks() missing 1 required"),
    ("RECIPE =", "def callbacks():\n    return [nmae]", "NameError: name 'nmae' is not defined"),
]


@pytest.mark.parametrize(("before", "slip", "told"), SLIPS)
def test_a_slip_is_told_by_its_line(
    before: str, slip: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    Path("half.py").write_text("\nprint(")
    path = written(Path("my line.py"), before, f"{slip}\n{before}")
    lines = path.read_text(encoding="utf-8").splitlines()
    # Arguments that do not fit are a slip of the line that takes them, and so is what comes back.
    at = {"build must": "def build(", "TypeError: callbacks()": "def callbacks("}
    text = next((text for start, text in at.items() if told.startswith(start)), None)
    text = text or slip.splitlines()[-1]
    (number,) = (n for n, line in enumerate(lines, start=1) if line.startswith(text))
    with pytest.raises(KerastutError) as caught:
        kerastut.run("my line.py", epochs=1, limit=40, verbose=0)
    assert str(caught.value).startswith(f"my line.py:{number}: {told}")
    assert "\n" not in str(caught.value)


def test_the_command_and_python_resolve_alike(tmp_path: Path) -> None:
    command = [*warm(), "-m", "kerastut", "run", "linear-regression", "-q", "--epochs", "2"]
    options = [
        "--limit",
        "40",
        "--lr",
        "0.25",
        "--seed",
        "5",
        "--output-dir",
        str(tmp_path / "run"),
    ]
    subprocess.run([*command, *options], check=True, capture_output=True)
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    run = kerastut.run(LINE, epochs=2, limit=40, seed=5, learning_rate=0.25, verbose=0)
    assert record["settings"] == run.settings.record()
    assert record["metrics"] == run.metrics


def test_a_copy_runs_by_itself(tmp_path: Path) -> None:
    """`python my_line.py`, with the options of `kerastut run`."""
    copy = tmp_path / "my_line.py"
    subprocess.run(
        [sys.executable, "-m", "kerastut", "copy", "linear-regression", str(copy)],
        check=True,
        capture_output=True,
    )
    finished = subprocess.run(
        [*warm(), "my_line.py", "-q", "--json", "--output-dir", "out"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(finished.stdout)["recipe"] == "my-line"
    assert json.loads((tmp_path / "out" / "run.json").read_text())["within_band"]


def test_a_copy_that_runs_by_itself_is_executed_once(tmp_path: Path) -> None:
    count = tmp_path / "count"
    note = f"with pathlib.Path({str(count)!r}).open('a') as file:\n    file.write('x')\n"
    path = written(tmp_path / "my_line.py", "RECIPE =", f"import pathlib\n{note}RECIPE =")
    command = [*warm(), str(path), "-q", "--limit", "40", "--output-dir", "out"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert count.read_text() == "x"


def test_a_recipe_may_hold_a_dataclass(tmp_path: Path) -> None:
    """Dataclasses with annotations in quotes look their module up by its name."""
    kept = "from dataclasses import dataclass\n\n@dataclass\nclass Kept:\n    run: 'Run'\n\n"
    path = written(tmp_path / "json.py", "RECIPE =", f"{kept}RECIPE =")
    assert load_module(kerastut.get_recipe(path)).Kept
    assert json.loads("1") == 1  # a module of the reader's hides no other of its name


def test_a_band_belongs_to_a_recipe_and_its_data(tmp_path: Path) -> None:
    """An edited copy and the reader's data have none; a recipe of the reader's own has its own."""
    line = get_recipe("linear-regression")
    copy = tmp_path / "copy.py"
    copy.write_bytes(line.path.read_bytes())
    assert bands(line, "line") == bands(get_recipe(copy), "line") == dict(line.expect) != {}
    assert bands(line, "houses.csv") == bands(get_recipe(copy), "houses.csv") == {}
    copy.write_bytes(line.path.read_bytes() + b"# edited\n")
    assert bands(get_recipe(copy), "line") == {}
    text = re.sub(r"expect=\{.*?\}", 'expect={"loss": (0.0, 0.5)}', copy.read_text("utf-8"))
    copy.write_text(text, encoding="utf-8")
    assert bands(get_recipe(copy), "line") == {"loss": (0.0, 0.5)}


def test_own_data_stand_beside_the_largest_class(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [f"{n % 7},{n % 2},{'yes' if n % 3 else 'no'}" for n in range(90)]
    (tmp_path / "a.csv").write_text("\n".join(["x,z,label", *rows]), encoding="utf-8")
    words = ["run", "mlp-table", "--data", str(tmp_path / "a.csv"), "--epochs", "1", "-q"]
    words += ["--output-dir", str(tmp_path / "run")]
    with pytest.raises(SystemExit):
        main(words)
    told = capsys.readouterr().out
    assert "full run" not in told
    assert "OUTSIDE" not in told
    assert "largest class alone" in told
    assert "only 9 to test: a single one moves the accuracy by 0.11" in told
    record = json.loads((tmp_path / "run" / "run.json").read_text("utf-8"))
    assert (record["expected"], record["within_band"]) == ({}, None)


def test_faults_of_the_tutorials_are_told_as_why_tells_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A forgotten Flatten, and one-hot labels that a loss expects and does not get."""
    text = get_recipe("cnn-mnist").path.read_text(encoding="utf-8")
    path = tmp_path / "my_cnn.py"
    for old, new, language, fault, message in (
        (
            "    model.add(layers.Flatten())\n",
            "",
            "en",
            "T0-11",
            "(n, 5, 5, 10). Flatten missing? Put `Fl",
        ),
        (
            "    model.add(layers.Flatten())\n",
            "",
            "zh",
            "T0-11",
            "(n, 5, 5, 10)。是否缺少 Flatten？在最后",
        ),
        (
            "sparse_",
            "",
            "en",
            "T0-14",
            "Is sparse_categorical_crossentropy meant? Keep the integers",
        ),
    ):
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(SystemExit) as stop:
            main(["run", str(path), "--limit", "100", "-q", "--lang", language])
        told = capsys.readouterr().err
        assert (stop.value.code, told.count("\n")) == (2, 1)
        assert message in told
        assert told.endswith(f"kerastut show {fault}\n")
        if language == "en":
            words = tell(explain(told), "en")
            assert f"fault: kerastut show {fault}" in words
            assert words.partition("what to do: ")[2].partition("\n")[0] in told
