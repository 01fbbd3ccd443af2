"""What runs in the reader's browser: trained nets, widgets and the checker.

The scripts lie in `sphinx/live/`; both editions share what is written here, in `live/` of the site,
which asks no other host for anything. A page holds a section with a button, and loads nothing of it
before that is pressed.
"""

import hashlib
import json
import re
import shutil
import sys
import tempfile
from dataclasses import replace
from html import escape
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import keras
import matplotlib
import numpy as np

from book import ROOT, npm, packages
from book.figures import recipe_run
from book.words import word
from kerastut.data import load
from kerastut.demo import describe, open_net
from kerastut.digits import weights
from kerastut.export import export
from kerastut.quiet import without_retracing_warnings
from kerastut.runs import reopen, subject

HERE = Path(__file__).parent
SCRIPTS = HERE / "sphinx" / "live"
DEMO = Path(sys.modules["kerastut.demo"].__path__[0])
# The nets of the published runs: also the reduced edition shows these.
NETS = ("cnn-mnist", "mlp-mnist", "mlp-reviews", "text-lstm")
KINDS = {
    **dict.fromkeys(NETS, "demo"),
    "checker": "checker",
    "linear-regression": "line",
    "gradient-descent": "line",
    "logistic-regression": "boundary",
}
# Widgets at the ends of chapters' sections, by the anchors of these.
WIDGETS = {
    ("01_neuron", "gradient-descent"): "line",
    ("02_regression", "logistic-regression"): "boundary",
    ("03_optimizers", "six-update-rules"): "race",
    ("04_mlp", "train-it-and-look-at-the-history"): "training",
    ("05_regularisation", "a-penalty-on-the-weights-kernel-regularizer"): "penalty",
    ("06_convolution", "the-formula"): "convolution",
    ("07_text", "the-lstm-cell"): "gates",
}
# What a section of each kind loads before it starts, below `live/`.
LOADED = {
    "demo": (
        *("demo", "digits", "encoding.js", "pictures.js", "runtime.js", "likeness.bin"),
        *("onnxruntime-web", "nets/{name}"),
    ),
    "checker": ("checker.js", "python.js", "pyodide", "checker.zip"),
    "line": ("descent.js", "optimizers.js", "plot.js"),
    "race": ("descent.js", "optimizers.js", "plot.js"),
    "boundary": ("boundary.js", "plot.js"),
    "convolution": ("convolution.js",),
    "gates": (
        *("gates.js", "encoding.js", "nets/text-lstm/gates.bin", "nets/text-lstm/gates.json"),
        *("nets/text-lstm/vocabulary.txt", "nets/text-lstm/encoding.json"),
    ),
    "penalty": ("penalty.js", "plot.js"),
    "training": ("training.js", "plot.js", "digits.bin"),
}
# 2,000 to train on, the others to validate.
DIGITS = 2500
_WORD = re.compile(r"\bword\(\s*\"((?:[^\"\\]|\\.)*)\"")


def section(name: str, language: str) -> str:
    """Returns the part of a page where something live starts, as HTML; empty if there is none.

    Args:
        name: A recipe's, or that of a kind.
        language: The edition's.
    """
    kind = KINDS.get(name, name)
    if kind not in LOADED:
        return ""
    about = {"kind": kind, "name": name, "failed": word("It did not start: {error}", language)}
    about["served"] = word(
        "A browser runs this only from a web server, even one on this machine: run make live, or"
        " python -m http.server in the site's folder.",
        language,
    )
    data = "".join(f' data-{key}="{escape(value)}"' for key, value in about.items())
    return (
        f'<div class="kt-live"{data} data-pagefind-ignore>\n'
        f"<p>{escape(word(ABOUT[kind], language))}</p>\n"
        f'<p><button type="button" disabled>{escape(word("Start", language))}</button></p>\n'
        '<p role="status"></p>\n</div>'
    )


ABOUT = {
    "demo": "The net that this run has trained works here, in your browser. Nothing that you draw,"
    " drop or type leaves this page.",
    "checker": "kerastut check and kerastut why work here, in your browser: paste code or a"
    " traceback, or drop a .py, .ipynb or .md file. Nothing of it is run, and nothing leaves this"
    " page.",
    "line": "Move the points, choose the learning rate, and go down the loss step by step.",
    "race": "Five optimizers go down the same loss: choose the learning rate and the start.",
    "boundary": "Move the points, and see how the border between two classes follows.",
    "convolution": "Go through a convolution step by step; change the kernel, stride and padding.",
    "penalty": "Change λ, and see what an L1 and an L2 penalty do to two weights.",
    "gates": "Type a text, and see what the gates of a trained LSTM do at each place.",
    "training": "Train a multilayer perceptron here, in the page.",
}
# What the checker stands on, of kerastut; two wings and what reads Markdown come to it.
GROUND = ("__init__", "errors", "files", "language", "lazy", "records", "version")


def write(folder: Path) -> None:
    """Writes everything that both editions load.

    Raises:
        NpmError: If a package cannot be fetched.
        DataError: If one is not what was tested.
        ExportError: If an exported net does not agree with its model.
    """
    shutil.copytree(SCRIPTS, folder)
    for name in ("page.html", "page.css", "page.js"):
        shutil.copyfile(DEMO / name, folder / "demo" / name)
    write_likeness(folder)
    write_digits(folder)
    npm.write(folder, ["onnxruntime-web", "pyodide"])
    write_checker(folder)
    for name in NETS:
        _write_net(name, folder / "nets" / name)
    _finish(folder)


def _finish(folder: Path) -> None:
    """Writes the texts that the scripts show, what each section loads, and the worker's state."""
    scripts = "".join(path.read_text(encoding="utf-8") for path in SCRIPTS.rglob("*.js"))
    words = {text: word(text, "zh") for text in texts(scripts)}
    (folder / "words.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    kinds = {kind: kind for kind in WIDGETS.values()} | KINDS
    sizes = {name: _loaded(folder, kind, name) for name, kind in kinds.items()}
    (folder / "files.json").write_text(json.dumps(sizes), encoding="utf-8")
    worker = folder / "worker.js"
    text = worker.read_text(encoding="utf-8").replace("STATE", _state(folder))
    worker.unlink()
    # It speaks for pages beside and below itself.
    (folder.parent / worker.name).write_text(text, encoding="utf-8")


def texts(scripts: str) -> list[str]:
    """Returns the texts that scripts show."""
    return sorted(set(_WORD.findall(scripts)))


def write_likeness(folder: Path) -> None:
    """Writes the net that tells digits from other things, its numbers one after the other."""
    np.concatenate([np.ravel(one) for one in weights()]).tofile(folder / "likeness.bin")


def write_digits(folder: Path) -> None:
    """Writes digits to train on in the page: a label and its pixels, one after the other."""
    train = load("mnist").train
    rows = np.column_stack([train.y[:DIGITS], train.x[:DIGITS].reshape(DIGITS, -1)])
    rows.astype(np.uint8).tofile(folder / "digits.bin")


def write_checker(folder: Path) -> None:
    """Writes the checker, and what explains tracebacks, as one archive for the page's Python."""
    package = ROOT / "kerastut"
    files = [package / f"{name}.py" for name in GROUND]
    files += package.glob("*.toml")
    for wing in ("lint", "why", "corrections"):
        files += [
            path for path in (package / wing).rglob("*") if path.suffix in (".py", ".toml", ".json")
        ]
    contents = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in files}
    contents["checking.py"] = (folder / "checking.py").read_bytes()
    (folder / "checking.py").unlink()
    for name in ("markdown-it-py", "mdurl"):
        for file in distribution(name).files or ():
            if file.suffix == ".py" and ".." not in file.parts:
                contents[file.as_posix()] = file.read_binary()
    packages.archive(folder / "checker.zip", contents)


def _loaded(folder: Path, kind: str, name: str) -> list[tuple[str, int]]:
    """Returns the files that a section loads before it starts, with their bytes."""
    places = [folder / place.format(name=name) for place in LOADED[kind]]
    files = [file for place in places for file in (sorted(place.glob("*")) or [place])]
    return [(file.relative_to(folder).as_posix(), file.stat().st_size) for file in files]


def _state(folder: Path) -> str:
    """Returns a digest of all that lies there."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@without_retracing_warnings()
def _write_net(name: str, folder: Path) -> None:
    """Writes a net as `kerastut export` does, and what the demo's page wants to know of it."""
    place, _ = recipe_run(name, full=True)
    run = reopen(place)
    model, maps = (
        run.model,
        [one for one in run.model.layers if isinstance(one, keras.layers.Conv2D)],
    )
    if maps:
        outputs = [model.outputs[0], *(layer.output for layer in maps)]
        model = keras.Model(model.inputs[0], outputs, name=model.name)
    with tempfile.TemporaryDirectory() as parent:
        written = export(replace(run, model=model), "onnx", Path(parent, name))
        about: dict[str, Any] = describe(open_net(subject(place)), "en")
        about["file"] = written.file.name
        about["maps"] = [
            {"name": one.name, "shape": one.output.shape[1:], "shown": 64} for one in maps
        ]
        about["colours"] = matplotlib.colormaps["magma"](range(256), bytes=True)[:, :3].tolist()
        shutil.copytree(written.folder, folder, ignore=shutil.ignore_patterns("*.py", "*.md"))
    # Behind the layer that splits texts lies the net.
    for net in (one for one in run.model.layers if isinstance(one, keras.Model)):
        for layer in net.layers:
            if isinstance(layer, keras.layers.Bidirectional):
                _write_gates(net, layer.forward_layer, folder)
    (folder / "net.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


def _write_gates(model: keras.Model, layer: keras.Layer, folder: Path) -> None:
    """Writes the vectors of the tokens and an LSTM's weights, one after the other."""
    (vectors,) = (one for one in model.layers if isinstance(one, keras.layers.Embedding))
    numbers = [np.asarray(one) for one in (vectors.embeddings, *layer.weights)]
    np.concatenate([np.ravel(one) for one in numbers]).astype("<f4").tofile(folder / "gates.bin")
    tokens, size = numbers[0].shape
    about = {"tokens": tokens, "size": size, "units": layer.units}
    (folder / "gates.json").write_text(json.dumps(about))
