"""What runs in the reader's browser does what Python does."""

import base64
import hashlib
import json
import runpy
import shutil
import subprocess
import sys
import tarfile
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import keras
import numpy as np
import pytest
import scenes
from book import ROOT, live, npm, policy, trying
from book.pages.lessons import section_names
from book.serving import served
from book.words import word

from kerastut.data import load, picture
from kerastut.digits import find, placing
from kerastut.errors import DataError
from kerastut.export.encode import encode
from kerastut.lint import load_rules
from kerastut.why import explain, tell

# One of each kind of step: light, lines, squares, a desk, turns, several digits, none.
PICTURES = (
    *("plain", "pencil", "colours", "light_on_dark", "desk_turned", "squares_grey", "margins"),
    *("hand_shadow", "turns", "several_ruled", "blank_lines", "texture", "scribble"),
)
FIND = """async (names) => {
  const { plane } = await import("/digits/pixels.js");
  const { find, readings } = await import("/digits/finding.js");
  const likeness = await (await import("/digits/likeness.js")).likenessFrom("/likeness.bin");
  const found = [];
  for (const [name, height, width] of names) {
    const data = new Uint8ClampedArray(await (await fetch(name)).arrayBuffer());
    const { digits, reason, dark } = find(plane(height, width, data), likeness);
    const read = await readings({ digits }, async () => [1]);
    const boxes = digits.map(({ box }) => box);
    found.push({ reason, dark, boxes, pixels: read.map(({ pixels }) => [...pixels.data]) });
  }
  return found;
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live") / "site"
    shutil.copytree(live.SCRIPTS, folder)
    live.write_likeness(folder)
    (folder / "index.html").write_text(policy.guarded('<!doctype html><meta charset="utf-8">'))
    return folder


@pytest.fixture(scope="module")
def page(browser: Any, folder: Path) -> Iterator[Any]:
    with served(folder) as root:
        tab = browser.new_page()
        tab.goto(f"{root}/index.html")
        yield tab
        tab.close()


def test_digits_are_found_where_python_finds_them(page: Any, folder: Path) -> None:
    test = load("mnist").test
    images = np.asarray(test.x)[..., 0]
    names: list[list[Any]] = []
    expected: list[dict[str, Any]] = []
    for name in PICTURES:
        pixels = picture(BytesIO(scenes.made(name, 0, images, test.y)[0]), 300, "RGB")
        opaque = np.full((*pixels.shape[:2], 1), 255, np.uint8)
        (folder / name).write_bytes(np.concatenate([pixels, opaque], 2).tobytes())
        names.append([f"/{name}", *pixels.shape[:2]])
        found = find(pixels)
        digits = found.digits
        expected.append(
            {
                "reason": found.reason,
                "dark": bool(found.dark),
                "boxes": [[int(side) for side in digit.box] for digit in digits],
                "pixels": [digit.pixels.ravel().tolist() for digit in digits],
            }
        )
    assert sum(len(one["boxes"]) for one in expected) > 10
    for name, one, other in zip(PICTURES, page.evaluate(FIND, names), expected, strict=True):
        assert one == other, name


def test_a_tiny_picture_and_turns_are_as_in_python(page: Any, folder: Path) -> None:
    seven = np.asarray(load("mnist").test.x)[0]
    rgba = np.concatenate([255 - seven] * 3 + [np.full_like(seven, 255)], 2)
    (folder / "seven").write_bytes(rgba.tobytes())
    (found,) = page.evaluate(FIND, [["/seven", 28, 28]])
    (digit,) = find(rgba[..., :3]).digits
    assert found["pixels"] == [digit.pixels.ravel().tolist()]
    large = np.kron(digit.ink, np.ones((4, 4), np.float32))[:, :-7]
    turned = page.evaluate(
        """async ([height, width, data]) => {
          const { rotated, plane } = await import("/digits/pixels.js");
          const found = rotated(plane(height, width, Float32Array.from(data)), -8);
          return [found.height, found.width, [...found.data]];
        }""",
        [*large.shape, large.ravel().tolist()],
    )
    expected = placing.turned(large, -8)
    assert turned[:2] == list(expected.shape)
    np.testing.assert_allclose(turned[2], expected.ravel(), atol=1e-5)


@pytest.mark.parametrize(
    ("split", "ngrams"), [("character", [1, 2]), ("character", [2]), ("whitespace", [1])]
)
def test_texts_become_the_same_numbers(
    page: Any, folder: Path, split: str, ngrams: list[int]
) -> None:
    texts = [
        "味道很好，分量也足。",
        "Not BAD at-all!\u3000ÄÖ\x0b x\n",
        "",
        "𠮷野家 好",
        "好 很 好 好",
    ]
    # A browser asks anew only for a file of another second.
    place = folder / f"{split}-{ngrams}"
    place.mkdir()
    tokens = [*("", "[UNK]", "好", "很 好", "味 道", "not", "bad", "at", "all", "Ä", "𠮷", "𠮷 野")]
    (place / "vocabulary.txt").write_bytes("".join(f"{one}\n" for one in tokens).encode())
    settings = {"lower": True, "strip_punctuation": True, "split": split, "ngrams": ngrams}
    (place / "encoding.json").write_text(json.dumps({**settings, "length": 9}))
    found = page.evaluate(
        """async ([texts, place]) => {
          const { lettersOf } = await import("/encoding.js");
          return texts.map(await lettersOf(new URL(place, location.href)));
        }""",
        [texts, f"{place.name}/"],
    )
    assert found == encode(texts, place)
    assert max(map(max, found)) > 1


def test_every_text_has_a_chinese_twin() -> None:
    scripts = "".join(path.read_text(encoding="utf-8") for path in live.SCRIPTS.rglob("*.js"))
    texts = live.texts(scripts)
    assert "Starting …" in texts
    assert all(word(text, "zh") != text for text in texts)
    for name in (*live.KINDS, *live.WIDGETS.values()):
        assert "Start" in live.section(name, "en")
        assert "启动" in live.section(name, "zh")
    assert live.section("other", "en") == ""


def test_each_widget_has_its_place_in_a_chapter() -> None:
    for chapter, anchor in live.WIDGETS:
        assert anchor in section_names(chapter)


def test_a_page_names_its_own_scripts_alone() -> None:
    page = '<meta charset="utf-8"><script src="a.js"></script><script>let x = "好";</script>'
    digest = hashlib.sha256('let x = "好";'.encode()).digest()
    found = policy.guarded(page)
    assert f"'sha256-{base64.b64encode(digest).decode()}'" in found
    assert found.count("sha256-") == 1
    assert "default-src 'self'" in found
    assert found.index("Content-Security-Policy") < found.index("<script")


def test_a_script_that_is_not_the_sites_own_does_not_run(browser: Any, tmp_path: Path) -> None:
    own, other = "document.title = 'own'", "<script>document.title = 'other'</script>"
    page = policy.guarded(f'<meta charset="utf-8"><script>{own}</script>')
    (tmp_path / "page.html").write_text(page + other)
    with served(tmp_path) as root:
        tab = browser.new_page()
        tab.goto(f"{root}/page.html")
        assert tab.title() == "own"
        tab.close()


def test_the_site_is_served_below_a_prefix_with_its_headers(tmp_path: Path) -> None:
    (tmp_path / "a.wasm").write_bytes(b"x")
    (tmp_path.parent / "secret").write_text("x")
    with served(tmp_path, "/below") as address:
        assert address.endswith("/below")
        with urllib.request.urlopen(f"{address}/a.wasm") as answer:
            assert answer.headers["Content-Type"] == "application/wasm"
            assert answer.headers["Cache-Control"] == "no-cache"
        for path in ("/a.wasm", "/belowa.wasm", "/below/../../secret", "/below/%2e%2e/secret"):
            with pytest.raises(HTTPError, match="404"):
                urllib.request.urlopen(address.removesuffix("/below") + path)


def test_another_package_than_the_tested_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = tmp_path / "package" / "dist" / "a.mjs"
    content.parent.mkdir(parents=True)
    content.write_text("x")
    archive = tmp_path / "one-1.0.tgz"
    with tarfile.open(archive, "w:gz") as file:
        file.add(tmp_path / "package", "package")
    monkeypatch.setattr(npm, "FETCHED", tmp_path)
    monkeypatch.setattr(npm, "TABLE", tmp_path / "npm.toml")
    right = hashlib.sha256(archive.read_bytes()).hexdigest()
    for digest in (right, "0" * 64):
        npm.TABLE.write_text(
            f'[one]\nversion = "1.0"\nsha256 = "{digest}"\nfiles = ["dist/a.mjs"]\n'
        )
        if digest == right:
            npm.write(tmp_path / "right", ["one"])
            assert (tmp_path / "right" / "one" / "a.mjs").read_text() == "x"
        else:
            with pytest.raises(DataError, match="expected the SHA-256 0000"):
                npm.write(tmp_path / "wrong", ["one"])
    monkeypatch.setenv("PATH", "")
    archive.unlink()
    with pytest.raises(npm.NpmError, match=r"install Node\.js"):
        npm.write(tmp_path / "none", ["one"])


@pytest.mark.parametrize(
    ("name", "optimizer"),
    [
        ("SGD", keras.optimizers.SGD(0.3)),
        ("Momentum", keras.optimizers.SGD(0.3, momentum=0.9)),
        ("Adagrad", keras.optimizers.Adagrad(0.3)),
        ("RMSprop", keras.optimizers.RMSprop(0.3)),
        ("Adam", keras.optimizers.Adam(0.3)),
    ],
)
def test_the_optimizers_step_as_keras_does(page: Any, name: str, optimizer: Any) -> None:
    found = page.evaluate(
        """async (name) => {
          const { gradient } = await import("/descent.js");
          const step = (await import("/optimizers.js")).OPTIMIZERS[name](0.3);
          const points = [[1, 2], [-0.5, 0.5]];
          let weights = [-1, 3];
          for (let time = 0; time < 10; time++) weights = step(weights, gradient(points, weights));
          return weights;
        }""",
        name,
    )
    weights = keras.Variable([-1.0, 3.0])
    for _ in range(10):
        weight, bias = weights.numpy()
        errors = [weight + bias - 2, -0.5 * weight + bias - 0.5]
        gradient = [errors[0] - 0.5 * errors[1], errors[0] + errors[1]]
        optimizer.apply([keras.ops.array(gradient, "float32")], [weights])
    np.testing.assert_allclose(found, weights.numpy(), rtol=2e-4)


def test_the_best_line_and_border_are_those_of_the_recipes(page: Any) -> None:
    random = np.random.default_rng(0)
    points = random.normal(size=(20, 2))
    labels = (points.sum(axis=1) + random.normal(size=20) > 0).astype(int)
    line, border = page.evaluate(
        """async ([points, labels]) => {
          const { leastSquares } = await import("/descent.js");
          const { newton } = await import("/boundary.js");
          const labelled = points.map((point, place) => [...point, labels[place]]);
          return [leastSquares(points), newton(labelled, 0.01)];
        }""",
        [points.tolist(), labels.tolist()],
    )
    np.testing.assert_allclose(line, np.polyfit(points[:, 0], points[:, 1], 1), atol=1e-9)
    recipe = runpy.run_path(str(ROOT / "recipes" / "logistic_regression.py"))
    expected = recipe["newton"](points, labels, 2, 0.01)[:, 0]
    np.testing.assert_allclose(border, expected, atol=1e-5)


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("stride", [1, 2, 3])
def test_the_convolution_is_that_of_keras(page: Any, stride: int, padding: str) -> None:
    random = np.random.default_rng(0)
    picture, kernel = random.normal(size=(9, 9)), random.normal(size=9)
    found = page.evaluate(
        """async ([picture, kernel, stride, padding]) =>
          (await import("/convolution.js")).convolved(picture, kernel, stride, padding).values""",
        [picture.tolist(), kernel.tolist(), stride, padding],
    )
    expected = keras.ops.conv(
        picture[None, :, :, None], kernel.reshape(3, 3, 1, 1), stride, padding
    )
    np.testing.assert_allclose(found, np.asarray(expected)[0, :, :, 0], atol=1e-5)


def test_penalties_find_the_lowest_point(page: Any) -> None:
    best, factor = [1.6, 0.2], 0.8
    ridge, lasso = page.evaluate(
        """async ([best, factor]) => {
          const { withAmounts, withSquares } = await import("/penalty.js");
          return [withSquares(best, factor), withAmounts(best, factor)];
        }""",
        [best, factor],
    )
    curve = np.array([[1, 0.6], [0.6, 1.5]])
    around = [np.array([x, y]) * 1e-3 for x in (-1, 0, 1) for y in (-1, 0, 1)]

    def lost(weights: Any, penalty: Any) -> float:
        apart = weights - np.array(best)
        return float(0.5 * apart @ curve @ apart + factor * penalty(weights))

    penalties = (lambda w: 0.5 * (w**2).sum()), (lambda w: np.abs(w).sum())
    for found, penalty in zip(np.array([ridge, lasso]), penalties, strict=True):
        assert min(lost(found + step, penalty) for step in around) == lost(found, penalty)
    assert lasso[1] == 0
    assert ridge[1] != 0


def test_the_perceptron_of_the_page_learns_by_the_gradient(page: Any) -> None:
    found = page.evaluate(
        """async () => {
          const { Net } = await import("/training.js");
          const net = new Net(5, 1, 6);
          const weights = () => [net.first, net.last, ...net.biases].map((one) => [...one]);
          const batch = [[[1, 0, 0.5, 0, 0.2, 1], 3], [[0, 1, 0.1, 0.7, 0, 0.3], 9]];
          const before = weights();
          net.step(batch.map(([pixels, label]) => ({ pixels, label })), 0.5);
          return [before, weights(), batch];
        }"""
    )
    before, after, batch = found
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(5, "relu")])
    model.add(keras.layers.Dense(10, "softmax"))
    first, last, hidden, output = (np.array(one, "float32") for one in before)
    model.set_weights([first.reshape(6, 5), hidden, last.reshape(5, 10), output])
    model.compile(keras.optimizers.SGD(0.5), "sparse_categorical_crossentropy")
    x, y = np.array([one for one, _ in batch]), np.array([label for _, label in batch])
    model.train_on_batch(x, y)
    shapes = [model.get_weights()[place].ravel() for place in (0, 2, 1, 3)]
    for one, other in zip(after, shapes, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_the_gates_are_those_of_keras(page: Any) -> None:
    layer = keras.layers.LSTM(3, return_sequences=True)
    vectors = np.random.default_rng(0).normal(size=(1, 4, 2)).astype("float32")
    layer.build(vectors.shape)
    layer.set_weights([*layer.get_weights()[:2], np.linspace(-1, 1, 12)])
    expected = np.asarray(layer(vectors))[0]
    kernel, recurrent, bias = (one.ravel().tolist() for one in layer.get_weights())
    found = page.evaluate(
        """async ([vectors, weights]) => {
          const { read } = await import("/gates.js");
          return read(vectors, weights).map(({ state }) => [...state]);
        }""",
        [
            vectors[0].tolist(),
            {"units": 3, "kernel": kernel, "recurrent": recurrent, "bias": bias},
        ],
    )
    np.testing.assert_allclose(found, expected, atol=1e-6)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of two pages with one widget."""
    site = tmp_path_factory.mktemp("site")
    shutil.copytree(live.SCRIPTS, site / "live")
    shutil.move(site / "live" / "worker.js", site)
    texts = live.texts((site / "live" / "descent.js").read_text(encoding="utf-8"))
    words = {text: word(text, "zh") for text in [*texts, "Starting …"]}
    (site / "live" / "words.json").write_text(json.dumps(words))
    (site / "live" / "files.json").write_text(json.dumps({"linear-regression": []}))
    static = live.SCRIPTS.parent / "_static"
    for language in ("en", "zh"):
        shutil.copytree(static, site / language / "_static")
        page = site / language / "recipes" / "line.html"
        page.parent.mkdir()
        head = f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        script = '<script src="../_static/kerastut.js"></script>'
        section = live.section("linear-regression", language)
        page.write_text(policy.guarded(head + script + section), encoding="utf-8")
    return site


@pytest.mark.parametrize(("language", "text"), [("en", "SGD, step 21"), ("zh", "SGD，第 21 步")])
def test_a_widget_starts_below_a_prefix_and_works_without_a_network(
    browser: Any, site: Path, language: str, text: str
) -> None:
    context = browser.new_context()
    tab = context.new_page()
    problems: list[str] = []
    tab.on("console", lambda told: problems.extend([told.text] * (told.type == "error")))
    with served(site, "/below") as root:
        tab.goto(f"{root}/{language}/recipes/line.html")
        tab.click(".kt-live button")
        tab.locator(".kt-handle").first.wait_for()
        tab.evaluate(trying.KEPT)
        context.set_offline(True)
        tab.goto(f"{root}/{language}/recipes/line.html")
        tab.click(".kt-live button")
        for number in range(2):
            tab.locator(".kt-live-row button").nth(number).click()
        status = tab.locator(".kt-live [role=status]").last
        assert text in status.inner_text()
        before = status.inner_text()
        tab.locator(".kt-handle").first.press("ArrowUp")
        assert status.inner_text() != before
        assert tab.locator(".kt-handle").first.get_attribute("aria-label")
    assert not [one for one in problems if "favicon" not in one and "404" not in one], problems
    context.close()


@pytest.mark.parametrize(("language", "text"), [("en", "a web server"), ("zh", "网页服务器")])
def test_a_page_that_is_opened_as_a_file_says_what_to_do(
    browser: Any, site: Path, language: str, text: str
) -> None:
    tab = browser.new_page()
    tab.goto((site / language / "recipes" / "line.html").as_uri())
    tab.click(".kt-live button")
    tab.locator("[role=status]", has_text=text).wait_for()
    assert tab.locator(".kt-live button").is_enabled()
    tab.close()


CODE = {
    "old.py": "from keras.utils import np_utils\ny = np_utils.to_categorical([1])\nx = no_such\n",
    "two.py": "import keras\nprint 'x'\nkeras.layers.Dense(output_dim=3)\n",
    "broken.py": "import keras\ndef f(:\n",
    "right.py": "import keras\n",
    "book.md": "# Text\n\n```python\nimport keras\nkeras.layers.Dense(3, init='uniform')\n```\n",
    "note.ipynb": json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "source": ["from keras.layers import Conv2D\n", "Conv2D(8, 3, 3)\n"],
                    "metadata": {},
                    "outputs": [],
                    "execution_count": None,
                }
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    ),
    "damaged.ipynb": "{",
}


def test_what_the_page_loads_is_whole(tmp_path: Path) -> None:
    """Nothing but what lies in the archive is needed; no browser and no Pyodide for that."""
    shutil.copy(live.SCRIPTS / "checking.py", tmp_path)
    live.write_checker(tmp_path)
    shutil.unpack_archive(tmp_path / "checker.zip", tmp_path / "page")
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); import checking\n"
        "print(checking.check('old.py', sys.argv[2].encode(), 'zh'))\n"
        "print(checking.explained(sys.argv[3], 'zh'))"
    )
    line = "ImportError: cannot import name 'np_utils' from 'keras.utils'"
    command = [sys.executable, "-I", "-X", "utf8", "-c", script, str(tmp_path / "page")]
    done = subprocess.run(
        [*command, CODE["old.py"], line], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    found, explanation = map(json.loads, done.stdout.splitlines())
    assert found["findings"]
    assert explanation == {"explanation": tell(explain(line), "zh")}


@pytest.fixture(scope="module")
def python(page: Any, folder: Path) -> Any:
    if not any(npm.FETCHED.glob("pyodide-*.tgz")):
        pytest.skip("no Pyodide before the first make site")
    npm.write(folder, ["pyodide"])
    live.write_checker(folder)
    page.evaluate(
        """() => {
          const python = new Worker("/python.js", { type: "module" });
          window.ask = (question) => new Promise((resolve) => {
            python.onmessage = ({ data }) => resolve(data);
            python.postMessage({ ...question, content: new TextEncoder().encode(question.text) });
          });
        }"""
    )
    return lambda **question: page.evaluate("(question) => window.ask(question)", question)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_finds_what_the_command_finds(
    python: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.chdir(tmp_path)
    examples = {f"{rule.code}.py": rule.bad for rule in load_rules().values()}
    files = CODE | dict(list(examples.items())[:50])
    for folder in (Path(), Path("mended")):
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "kerastut", "check", "--lang", language]
    plain = [*command, *files, "--format", "json", "--no-cache"]
    done = subprocess.run(plain, capture_output=True, text=True, check=False)
    subprocess.run([*command, "mended", "--fix"], capture_output=True, check=False)
    expected: dict[str, list[Any]] = {name: [] for name in files}
    for one in json.loads(done.stdout):
        expected[one["filename"]].append(one)
    for name, text in files.items():
        found = python(kind="file", name=name, text=text, language=language)
        if found.get("error"):
            assert found["error"] in done.stderr
            continue
        assert found["findings"] == expected[name], name
        assert {one["code"] for one in found["findings"]} == set(found["rules"])
        mended = (Path("mended") / name).read_text(encoding="utf-8")
        assert (found["mended"] if found["fixed"] else text) == mended, name


def test_a_traceback_is_explained_in_the_page(python: Any) -> None:
    line = "ImportError: cannot import name 'np_utils' from 'keras.utils'"
    for language in ("en", "zh"):
        found = python(kind="traceback", name="", text=f"Traceback:\n{line}", language=language)
        assert found == {"explanation": tell(explain(line), language)}
