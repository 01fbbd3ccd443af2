"""The demo: what its page shows is what the model says, in both languages, from this machine."""

import base64
import errno
import json
import os
import re
import shutil
import signal
import socket
import string
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image

import kerastut
from kerastut import Run
from kerastut.cli import main
from kerastut.demo import picture_page, text_page
from kerastut.demo.listening import address, is_loopback, listen
from kerastut.demo.markup import bars, characters
from kerastut.demo.mosaic import COLUMNS, GAP, MOST, data_url, mosaic
from kerastut.demo.net import SHOWS, Net, open_net
from kerastut.demo.occlusion import occlusion, reference
from kerastut.demo.pictures import seen
from kerastut.demo.words import EXAMPLES, WORDS
from kerastut.errors import DataError, ParameterError
from kerastut.predict.probabilities import Prediction
from kerastut.runs.record import recorded
from kerastut.train.encoding import to_model_input

# A 3, in shares of the board's width and height.
THREE = [(0.3, 0.3), (0.36, 0.22), (0.5, 0.18), (0.64, 0.24), (0.66, 0.36), (0.58, 0.46)]
THREE += [(0.46, 0.49), (0.6, 0.53), (0.68, 0.64), (0.64, 0.77), (0.5, 0.83), (0.36, 0.8)]
REVIEW = "菜品新鲜，服务也很好，非常满意！"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PATIENCE = 60  # seconds; a busy machine


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("digits") / "run"
    return kerastut.run("cnn-mnist", epochs=1, limit=8000, output_dir=folder, verbose=0)


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("reviews") / "run"
    return kerastut.run("mlp-reviews", epochs=1, output_dir=folder, verbose=0)


def opened(run: Run) -> Net:
    assert run.dir is not None
    return open_net(run.dir, recorded(run.dir))


@pytest.fixture(scope="module")
def digit_net(digits: Run) -> Net:
    return opened(digits)


@pytest.fixture(scope="module")
def review_net(reviews: Run) -> Net:
    return opened(reviews)


def status(*arguments: object) -> Any:
    with pytest.raises(SystemExit) as stopped:
        main(["demo", *map(str, arguments)])
    return stopped.value.code


def as_url(path: Path) -> str:
    return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode()}"


@pytest.mark.parametrize("inverted", [False, True])
def test_pictures_give_what_predict_gives(
    inverted: bool,
    digits: Run,
    digit_net: Net,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = np.pad(digits.data.test.x[0, :, :, 0].repeat(9, axis=0).repeat(9, axis=1), (40, 70))
    path = tmp_path / "digit.png"
    Image.fromarray(255 - page if inverted else page).save(path)
    with pytest.raises(SystemExit):
        main(["predict", str(digits.dir), str(path), "--json"])
    (expected,) = json.loads(capsys.readouterr().out)
    found = seen(as_url(path), digit_net)
    prediction, _ = digit_net.look(found.pixels)
    assert prediction.label == expected["label"] == "7"
    assert prediction.probabilities == pytest.approx(expected["probabilities"], abs=1e-6)
    assert found.inverted == inverted
    for language, text in (("en", "dark and light exchanged"), ("zh", "已反色")):
        assert (text in picture_page.show(as_url(path), digit_net, language)[1]) == inverted


def test_feature_maps_are_the_layers_outputs(digits: Run, digit_net: Net) -> None:
    pixels = digits.data.test.x[3]
    _, maps = digit_net.look(pixels)
    x, expected = pixels[None].astype(np.float32), {}
    for layer in digit_net.model.layers:
        x = layer(x, training=False) if isinstance(layer, keras.layers.Dropout) else layer(x)
        if isinstance(layer, keras.layers.Conv2D):
            expected[layer.name] = np.asarray(x)[0]
    assert list(maps) == list(expected)
    assert [found.shape for found in maps.values()] == [(26, 26, 32), (11, 11, 64)]
    for name, found in maps.items():
        assert np.allclose(found, expected[name], atol=1e-5)
    html = picture_page.show(data_url(pixels[..., 0]), digit_net, "en")[2]
    for name in maps:
        assert f"<figcaption><b>{name}</b>" in html


def test_a_net_without_convolution_has_no_maps(tmp_path: Path) -> None:
    run = kerastut.run("mlp-mnist", epochs=1, limit=300, output_dir=tmp_path / "run", verbose=0)
    net = opened(run)
    prediction, maps = net.look(run.data.test.x[0])
    expected = run.model.predict(run.data.test.x[:1], verbose=0)[0]
    assert list(prediction.probabilities.values()) == pytest.approx(expected.tolist(), abs=1e-6)
    assert maps == {}
    assert picture_page.show(data_url(run.data.test.x[0, :, :, 0]), net, "en")[2] == ""


def test_mosaic() -> None:
    maps = np.random.default_rng(0).random((5, 3, 11), np.float32)
    maps[..., 9] = 0
    found = mosaic(maps)
    assert found.shape == (2 * (5 + GAP) - GAP, COLUMNS * (3 + GAP) - GAP, 4)
    brightness = found[..., :3].sum(axis=2, dtype=int)
    for number in range(11):
        row, column = divmod(number, COLUMNS)
        pane = brightness[row * 6 : row * 6 + 5, column * 4 : column * 4 + 3]
        order = np.argsort(maps[..., number].ravel(), kind="stable")
        assert (np.diff(pane.ravel()[order]) >= 0).all()
    assert (found[5::6, :, 3] == 0).all()
    assert mosaic(np.zeros((2, 2, 3))).shape == (2, 3 * 3 - GAP, 4)
    assert mosaic(np.zeros((1, 1, 200))).shape[0] == MOST // COLUMNS * 2 - GAP


@pytest.mark.parametrize(
    "picture", ["", "data:image/png;base64,", "data:;base64,AAAA", "x;base64,!"]
)
def test_what_is_no_picture(picture: str, digit_net: Net) -> None:
    with pytest.raises(DataError):
        seen(picture, digit_net)
    for language in WORDS:
        chances, message, maps = picture_page.show(picture, digit_net, language)
        assert WORDS[language]["unreadable"] in message
        assert WORDS[language]["nothing"] in chances
        assert maps == ""


def test_contributions_against_leaving_out_one_by_one(reviews: Run, review_net: Net) -> None:
    text = "房间很干净，<b>可惜</b> {{吵}}\n"

    def positive(text: str) -> float:
        array = to_model_input(np.array([text], dtype=object))
        return float(reviews.model.predict(array, verbose=0)[0, 0])

    prediction, shares = occlusion(text, review_net)
    assert prediction.probabilities["positive"] == pytest.approx(positive(text), abs=1e-6)
    expected = [positive(text) - positive(text[:i] + text[i + 1 :]) for i in range(len(text))]
    assert shares == pytest.approx(expected, abs=1e-5)
    assert max(map(abs, shares)) > 0.01
    html = text_page.show(text, review_net, "zh")[1]
    assert "<b>可惜" not in html
    assert re.findall(r"<small>(.*?)</small>", html) == [
        f"{100 * share:+.1f}".replace("-", "−") if abs(100 * share) >= 0.05 else "·"
        for share in shares
    ]


@pytest.mark.parametrize("text", ["好", "\ud83d", "a" * 5000, "x.txt", "-"])
def test_any_text_can_be_typed(text: str, review_net: Net) -> None:
    chances, contributions = text_page.show(text, review_net, "en")
    assert "kt-best" in chances
    assert contributions.count("<small>") == min(len(text), text_page.LONGEST)


def test_no_text_is_no_prediction(review_net: Net) -> None:
    chances, contributions = text_page.show(" \n", review_net, "zh")
    assert WORDS["zh"]["nothing"] in chances
    assert contributions == ""


def test_class_of_the_contributions() -> None:
    three = Prediction((0.2, 0.7, 0.1), {"a": 0.2, "b": 0.7, "c": 0.1})
    assert reference(three, "abc") == "b"
    two = Prediction((0.2,), {"negative": 0.8, "positive": 0.2})
    assert reference(two, ("negative", "positive")) == "positive"


def test_many_classes_and_names_that_are_html() -> None:
    shares = {f"<i>{number}": number / 4950 for number in range(100)}
    html = bars(Prediction(tuple(shares.values()), shares), tuple(shares), "en")
    assert "<i>9" not in html
    assert re.findall(r"<span>&lt;i&gt;(\d+)</span>", html) == [str(n) for n in range(99, 89, -1)]
    assert "&lt;b&gt;" in characters("a", [0.1], "<b>", "en")


def test_both_languages_say_the_same() -> None:
    assert list(WORDS["en"]) == list(WORDS["zh"])
    for key, text in WORDS["en"].items():
        other = WORDS["zh"][key]
        fields = [{name for _, name, _, _ in string.Formatter().parse(t)} for t in (text, other)]
        assert fields[0] == fields[1], key
        assert text.isascii() or not re.search("[一-鿿]", text)
        assert re.search("[一-鿿]", other), key


@pytest.mark.parametrize("recipe", ["linear-regression", "functional-multi-io"])
def test_runs_it_cannot_show(
    recipe: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "run"
    kerastut.run(recipe, epochs=1, limit=100, output_dir=folder, verbose=0)
    assert status(folder, "--port", 0) == 2
    reason = f"{folder}: {SHOWS}; received a model of other inputs or outputs."
    assert capsys.readouterr().err == f"kerastut: error: {reason}\n"


def test_outputs_that_are_no_probabilities(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten()])
    model.add(keras.layers.Dense(2, bias_initializer="ones"))
    model.save(tmp_path / "model.keras")
    record = {"recipe": "own", "data": "own", "classes": ["a", "b"], "background": None}
    with pytest.raises(DataError, match=r"received a model whose outputs are no probabilities\.$"):
        open_net(tmp_path, record)


def test_no_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(tmp_path) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"kerastut: error: {tmp_path}: expected the folder of a finished run")
    assert error.count("\n") == 1


def test_port_in_use(digits: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert status(digits.dir, "--port", port) == 2
    assert capsys.readouterr().err == (
        f"kerastut: error: cannot listen on port {port} of 127.0.0.1:"
        f" {os.strerror(errno.EADDRINUSE)}. Choose another --port (0 takes any that is free) or"
        " --host.\n"
    )


def test_bad_ports_and_hosts(digits: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for port in ("65536", "-1", "x", "8,0"):
        assert status(digits.dir, f"--port={port}") == 2
        assert f"expected 0 to 65535, received {port!r}" in capsys.readouterr().err
    for host in ("203.0.113.1", "no..name"):
        with pytest.raises(ParameterError, match=f"^cannot listen on port 0 of {re.escape(host)}"):
            listen(host, 0)


def test_addresses() -> None:
    for host, opens, local in (("127.0.0.1", "127.0.0.1", True), ("0.0.0.0", "127.0.0.1", False)):
        with listen(host, 0) as listener:
            assert address(listener) == f"http://{opens}:{listener.getsockname()[1]}/"
            assert is_loopback(listener) == local


def test_without_gradio(
    digits: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("kerastut.demo.extra.find_spec", lambda name: None)
    assert status(digits.dir) == 2
    reason = "kerastut demo needs Gradio: pip install 'kerastut[demo]'"
    assert capsys.readouterr().err == f"kerastut: error: {reason}\n"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from kerastut.cli import main\n"
        "try: main(['demo', '--help'])\n"
        "finally: print(*sorted({'gradio', 'keras', 'tensorflow'} & set(sys.modules)), 'end')"
    )
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout
    assert "usage: kerastut demo" in output
    assert output.splitlines()[-1] == "end"


# Runs the command and notes to whom the server itself speaks.
WATCHED = """
import sys
from kerastut.cli import main
def note(event, values):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        place = values[0] if event == "socket.getaddrinfo" else values[1]
        if "127.0.0.1" not in (place, place[0]):
            print(event, place, file=sys.stderr)
sys.addaudithook(note)
main(sys.argv[1:])
"""


@contextmanager
def served(run: Run, folder: Path, *options: str, start: tuple[str, ...]) -> Iterator[str]:
    """Starts the demo in a folder; yields its address; stops it with Ctrl-C."""
    command = [sys.executable, *start, "demo", str(run.dir), "--port", "0", *options]
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=-1, stderr=-1, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        try:
            (found,) = re.findall(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            yield found
            process.send_signal(signal.SIGINT)
            output, error = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert (process.returncode, output, error) == (130, "", "kerastut: stopped.\n")
    assert list(folder.iterdir()) == []


def test_the_server_speaks_to_nobody_and_ctrl_c_ends_it(digits: Run, tmp_path: Path) -> None:
    with served(digits, tmp_path, "--lang", "zh", start=("-c", WATCHED)) as root:
        pages = {}
        for path in ("", "en/"):
            with urllib.request.urlopen(root + path) as answer:
                pages[path] = answer.read().decode()
        with urllib.request.urlopen(f"{root}gradio_api/info") as answer:
            assert not any(json.load(answer).values())
    assert "画板" in pages[""]
    assert "Board to draw on" in pages["en/"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    tools = pytest.importorskip("playwright.sync_api")
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    if not path:
        pytest.skip("no Chromium")
    with tools.sync_playwright() as tool:
        found = tool.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


@contextmanager
def page_of(browser: Any, root: str) -> Iterator[Any]:
    """Yields a page that has met no error and has asked nobody else for anything."""
    problems: list[str] = []

    def asked(request: Any) -> None:
        if not request.url.startswith((root, "data:", "blob:")):
            problems.append(request.url)

    context = browser.new_context(viewport=DESKTOP, locale="en-GB")
    context.set_default_timeout(1000 * PATIENCE)
    context.on("request", asked)
    page = context.new_page()
    page.on("console", lambda text: problems.extend([text.text] * (text.type == "error")))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(root)
    yield page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
    assert problems == []


def draw(page: Any, points: list[tuple[float, float]]) -> None:
    """Draws with the mouse."""
    box = page.locator("canvas").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=3)
    page.mouse.up()


def top(page: Any, text: str) -> None:
    """Waits until the page's most probable class is this one."""
    page.locator(".kt-top", has_text=text).wait_for()


def test_drawing_a_three(browser: Any, digits: Run, digit_net: Net, tmp_path: Path) -> None:
    light = tmp_path / "light.png"
    Image.fromarray(255 - digits.data.test.x[0, :, :, 0]).save(light)
    folder = tmp_path / "empty"
    folder.mkdir()
    with (
        served(digits, folder, "--lang", "en", start=("-m", "kerastut")) as root,
        page_of(browser, root) as page,
    ):
        top(page, "Nothing to recognise yet")
        draw(page, THREE)
        # The end of the stroke counts, however quickly it followed the last prediction.
        drawn = page.evaluate("document.querySelector('canvas').toDataURL()")
        prediction, _ = digit_net.look(seen(drawn, digit_net).pixels)
        assert prediction.label == "3"
        top(page, f"3 {prediction.probability:.1%}")
        assert page.locator(".kt-bar.kt-best > span").first.inner_text() == "3"
        assert page.locator(".kt-layers figure").count() == 2
        page.get_by_text("Clear").click()
        top(page, "Nothing to recognise yet")
        page.locator("input[type=file]").set_input_files(light)
        top(page, "7")
        page.get_by_text("dark and light exchanged").wait_for()

        page.get_by_text("中文").click()
        page.get_by_text("各类别的概率").wait_for()
        assert page.evaluate("document.documentElement.lang") == "zh"
        page.set_viewport_size(PHONE)
        draw(page, THREE)
        top(page, "3")
        page.get_by_text("卷积层看到了什么").wait_for()


def test_typing_a_review(browser: Any, reviews: Run, review_net: Net, tmp_path: Path) -> None:
    prediction, shares = occlusion(REVIEW, review_net)
    assert prediction.probabilities["positive"] > 0.7
    with (
        served(reviews, tmp_path, "--lang", "zh", start=("-m", "kerastut")) as root,
        page_of(browser, root) as page,
    ):
        page.set_viewport_size(PHONE)
        page.locator("textarea").fill(REVIEW)
        top(page, f"正面 {prediction.probability:.1%}")
        cells = page.locator(".kt-text > span").all_inner_texts()
        assert [cell.split("\n")[0] for cell in cells] == list(REVIEW)
        assert f"{100 * max(shares):+.1f}" in "".join(cells)
        page.get_by_text(EXAMPLES[1]).last.click()
        top(page, "负面")
