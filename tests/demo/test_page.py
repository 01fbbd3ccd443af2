"""The page in a real browser, in both languages."""

import base64
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from PIL import Image

from kerastut import Run
from kerastut.demo import answers
from kerastut.demo.answers import EXAMPLES, PICTURE, describe
from kerastut.demo.net import Net

from .tools import PATIENCE, answering, served

# A 3, in shares of the board's width and height.
THREE = [(0.3, 0.3), (0.36, 0.22), (0.5, 0.18), (0.64, 0.24), (0.66, 0.36), (0.58, 0.46)]
THREE += [(0.46, 0.49), (0.6, 0.53), (0.68, 0.64), (0.64, 0.77), (0.5, 0.83), (0.36, 0.8)]
REVIEW, MARKED = "菜品新鲜，服务也很好，非常满意！", "<b>好</b>\n{label}"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@contextmanager
def page_of(browser: Any, root: str, errors: int = 0) -> Iterator[Any]:
    """Yields a page that has met so many errors and has asked nobody else for anything."""
    problems: list[str] = []
    others: list[str] = []

    def asked(request: Any) -> None:
        if not request.url.startswith((root, "data:", "blob:")):
            others.append(request.url)

    context = browser.new_context(viewport=DESKTOP, locale="en-GB")
    context.set_default_timeout(1000 * PATIENCE)
    context.on("request", asked)
    page = context.new_page()
    page.on("console", lambda text: problems.extend([text.text] * (text.type == "error")))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(root)
    page.locator("nav button").first.wait_for()  # the script knows the net
    yield page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
    assert others == []
    assert len(problems) == errors, problems


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
    page.locator(".top", has_text=text).wait_for()


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
        assert page.locator("canvas").get_attribute("aria-label") == "Board to draw on"
        draw(page, THREE)
        # The end of the stroke counts, however quickly it followed the last prediction.
        drawn = page.evaluate("document.querySelector('canvas').toDataURL()")
        found = answers.of_picture(base64.b64decode(drawn.partition(",")[2]), digit_net)
        assert found["label"] == "3"
        top(page, f"3 {dict(found['rows'])['3']:.1%}")
        assert page.locator(".bar.best > span").first.inner_text() == "3"
        assert page.locator(".layers figure").count() == 2
        assert page.locator("figcaption").first.inner_text() == "conv2d 32 filters, 26 × 26"
        page.get_by_text("Clear").click()
        top(page, "Nothing to recognise yet")
        assert page.locator("figure").count() == 0
        page.locator("input[type=file]").set_input_files(light)
        top(page, "7")
        page.get_by_text("dark and light exchanged").wait_for()
        page.get_by_alt_text("What was found in the picture").wait_for()

        page.get_by_text("中文").click()
        page.get_by_text("各类别的概率").wait_for()
        page.get_by_text("已反色").wait_for()  # what was shown stays, in the other language
        assert page.evaluate("document.documentElement.lang") == "zh"
        assert page.locator("canvas").get_attribute("aria-label") == "画板"
        page.get_by_text("清除").click()
        top(page, "还没有可识别的内容")
        page.set_viewport_size(PHONE)
        draw(page, THREE)
        top(page, "3")
        page.get_by_text("卷积层看到了什么").wait_for()


def test_a_file_that_is_no_picture(browser: Any, digit_net: Net, tmp_path: Path) -> None:
    small, large = tmp_path / "small.png", tmp_path / "large.png"
    small.write_bytes(b"no picture")
    large.write_bytes(bytes(PICTURE + 1))
    with answering(digit_net) as server, page_of(browser, server.address, errors=1) as page:
        for path in (large, small):
            page.locator("input[type=file]").set_input_files(path)
            page.get_by_text("of at most 4 MB.").wait_for()
            top(page, "Nothing to recognise yet")
            page.get_by_text("Clear").click()
            page.get_by_role("alert").wait_for(state="detached")


def test_names_are_no_html(browser: Any, digit_net: Net) -> None:
    names = tuple(f"<img src=x onerror=alert(1)>{number}" for number in range(10))
    net = replace(digit_net, classes=names, name="<b>own</b>")
    with answering(net) as server, page_of(browser, server.address) as page:
        assert page.locator("h1").inner_text() == "<b>own</b>"
        assert page.locator(".bar > span").first.inner_text() == names[0]
        draw(page, THREE)
        top(page, names[3])


def test_a_stranger_s_name_for_this_machine_gets_nothing(browser: Any, digit_net: Net) -> None:
    with answering(digit_net) as server:
        page = browser.new_page()
        port = server.socket.getsockname()[1]
        for name in ("evil.test", "rebound.localhost"):
            for path in ("", "net.json"):
                assert page.goto(f"http://{name}:{port}/{path}").status == 403
        page.close()


# What a page of another origin may try; each gives what it has got hold of.
TRIES = """
async root => {
    const body = new Blob(["x"]), tries = [
        fetch(root + "net.json").then(answer => answer.text()),
        fetch(root + "net.json", {mode: "no-cors"}).then(answer => answer.text()),
        fetch(root + "ask", {method: "POST", body}).then(answer => answer.text()),
        fetch(root + "ask", {method: "POST", body, mode: "no-cors"}).then(answer => answer.text()),
        ...["script", "img", "iframe"].map(name => new Promise((done, failed) => {
            const element = document.createElement(name);
            element.onload = () => done(element.contentDocument?.body.textContent ?? "");
            element.onerror = failed;
            element.src = root + (name === "iframe" ? "" : "page.js");
            document.body.append(element);
        })),
        new Promise((done, failed) => {
            const line = new WebSocket(root.replace("http", "ws"));
            line.onopen = () => done("open");
            line.onerror = failed;
        }),
    ];
    return (await Promise.allSettled(tries)).map(one => one.value ?? "");
}
"""


def test_a_stranger_s_page_gets_nothing(
    browser: Any, digit_net: Net, monkeypatch: pytest.MonkeyPatch
) -> None:
    with answering(digit_net) as server, ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as other:
        asked: list[bytes] = []
        monkeypatch.setattr(server, "answer", asked.append)
        thread = Thread(target=other.serve_forever)
        thread.start()
        page = browser.new_page()
        for name in ("evil.test", "localhost"):
            page.goto(f"http://{name}:{other.server_port}/")
            assert page.evaluate(TRIES, server.address) == [""] * 8
        assert asked == []
        page.goto(server.address)
        assert (
            page.evaluate(TRIES, server.address)[:4]
            == [json.dumps(describe(digit_net, "en"))] * 2 + ["null"] * 2
        )
        assert asked == [b"x"] * 2
        page.close()
        other.shutdown()
        thread.join()


class Stranger(BaseHTTPRequestHandler):
    """Serves an empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing of a request."""


def test_a_server_that_has_ended(browser: Any, review_net: Net) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(answering(review_net))
        page = stack.enter_context(page_of(browser, server.address, errors=1))
        top(page, "positive")
        server.shutdown()
        server.server_close()
        page.locator("textarea").fill("好")
        page.get_by_text("The net gives no answer. Is kerastut demo still running?").wait_for()


def test_typing_a_review(browser: Any, reviews: Run, review_net: Net, tmp_path: Path) -> None:
    prediction, shares, _ = review_net.weigh(REVIEW)
    assert prediction.probabilities["positive"] > 0.7
    with (
        served(reviews, tmp_path, "--lang", "zh", start=("-m", "kerastut")) as root,
        page_of(browser, root) as page,
    ):
        page.set_viewport_size(PHONE)
        page.locator("textarea").fill(REVIEW)
        top(page, f"正面 {prediction.probability:.1%}")
        cells = page.locator(".characters > span").all_inner_texts()
        assert [cell.split("\n")[0] for cell in cells] == list(REVIEW)
        assert [cell.split("\n")[1] for cell in cells] == [
            f"{100 * share:+.1f}".replace("-", "−") if abs(100 * share) >= 0.05 else "·"
            for share in shares
        ]
        page.get_by_text(EXAMPLES[1]).last.click()
        top(page, "负面")
        page.get_by_text("每个字对“正面”的贡献").wait_for()
        page.locator("textarea").fill(MARKED)
        page.locator(".characters > span", has_text="⏎").wait_for()
        assert page.locator(".characters > span").count() == len(MARKED)
        page.locator("textarea").fill(" ")
        top(page, "还没有可识别的内容")
