"""What TensorFlow has no part in is refused before it is imported, which takes seconds."""

import json
import subprocess
import sys

import pytest
from filelock import FileLock

import kerastut

# Each line of standard input is a command; one answers with its status, and what it had imported.
SESSION = """
import json, sys
from kerastut.cli import main
for line in sys.stdin:
    try:
        main(json.loads(line))
    except SystemExit as end:
        print(end.code, "keras" in sys.modules, "tensorflow" in sys.modules)
"""
RUN = ("run", "linear-regression", "--output-dir")
NET = '{"class_name": "Sequential", "config": []}'
EXPORT = ("export", "run", "--format", "keras")
REFUSALS = {
    (*RUN, "run"): "run: expected a new or empty folder",
    (*RUN, "file"): "file: expected a folder, found a file",
    (*RUN, "used"): "used: in use, another run is writing there",
    (*RUN, "used", "--resume"): "used: in use, another run is writing there",
    (*RUN, "new", "--data", "no.csv"): "no.csv: expected a folder of idx files",
    (*RUN, "new", "--data", "no"): "Unknown data set 'no'",
    (*RUN, "new", "--data", "bad.csv"): "bad.csv: line 1: cannot tell the column",
    (*RUN, "new", "--data", "good.csv", "--label-column", "x"): "good.csv: expected a column 'x'",
    (*RUN, "new", "--data", "tfds:mnits"): "has no 'mnits'. Did you mean mnist",
    (*RUN, "new", "--data", "tfds:../x"): "Expected tfds:NAME, tfds:NAME/CONFIG",
    (*RUN, "new", "--encoding", "gbk"): "--encoding goes with a table",
    EXPORT: "expected a new or empty folder",
    (*EXPORT, "-o", "new", "--data", "no.csv"): "no.csv: expected a folder of idx files",
    ("plot", "run", "--data", "no.csv"): "no.csv: expected a folder of idx files",
    ("compare", "mlp-mnist", "--vary", "units=1,2", "--data", "no"): "Unknown data set 'no'",
    ("predict", "no.keras", "1"): "no.keras: No such file",
    ("predict", "run", "no.png"): "no.png: No such file or directory. Expected a picture, or",
    ("convert", "no.h5"): "no.h5: No such file",
    ("convert", "bad.csv"): "bad.csv: expected an old model",
    ("convert", "net.json"): "net.json: holds an architecture without weights",
    ("convert", "net.json", "--weights", "no.h5"): "no.h5: No such file",
    ("convert", "run/model.keras", "-o", "new.keras"): "received one of Keras 3",
    ("convert", "old.h5", "-o", "run/model.keras"): "expected the name of a new .keras file",
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], tuple[str, str]]:
    """Returns what each command of `REFUSALS` printed on the two streams."""
    folder = tmp_path_factory.mktemp("here")
    kerastut.run("linear-regression", epochs=1, output_dir=folder / "run", verbose=0)
    (folder / "run/exports/keras/model.keras").mkdir(parents=True)
    (folder / "used/checkpoints").mkdir(parents=True)
    (folder / "used/checkpoints/epoch-000001-step-000000").mkdir()
    for name, text in {
        "file": "x",
        "bad.csv": "a",
        "net.json": NET,
        "good.csv": "text,label\na,b\n",
    }.items():
        (folder / name).write_text(text)
    with FileLock(folder / "used/checkpoints/.lock"):
        finished = subprocess.run(
            [sys.executable, "-c", SESSION],
            input="\n".join(map(json.dumps, REFUSALS)),
            capture_output=True,
            text=True,
            cwd=folder,
            check=True,
        )
    assert not (folder / "new").exists()
    lines = zip(finished.stdout.splitlines(), finished.stderr.splitlines(), strict=True)
    return dict(zip(REFUSALS, lines, strict=True))


@pytest.mark.parametrize("command", REFUSALS, ids=" ".join)
def test_it_is_refused_before_tensorflow_is_imported(
    command: tuple[str, ...], refused: dict[tuple[str, ...], tuple[str, str]]
) -> None:
    answer, said = refused[command]
    assert answer == "2 False False"
    assert REFUSALS[command] in said
