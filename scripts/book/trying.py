"""Tries what runs in the reader's browser: each net, each widget and the checker of the built site.

`book.look` calls it with the network off: a digit is drawn, a photograph and a review are read,
code is checked and a traceback explained. Nets must agree with Keras, pages keep their budgets.
"""

import gzip
import time
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from urllib.parse import urlsplit

import numpy as np
import scenes
from playwright.sync_api import Browser, FrameLocator, Page, Response, Route

from book import PATIENCE, live
from book.chapters import paths
from book.figures import recipe_run
from kerastut.data import load
from kerastut.demo import open_net
from kerastut.predict import fitted, readings
from kerastut.runs import reopen, subject

# A 3, in shares of the board's width and height.
THREE = [(0.3, 0.3), (0.36, 0.22), (0.5, 0.18), (0.64, 0.24), (0.66, 0.36), (0.58, 0.46)]
THREE += [(0.46, 0.49), (0.6, 0.53), (0.68, 0.64), (0.64, 0.77), (0.5, 0.83), (0.36, 0.8)]
# How far a probability may be from Keras's, and on how many samples.
APART, PICTURES, TEXTS = 1e-5, 1000, 500
PHOTOGRAPHS = 2  # of each scene
# KiB of a page, compressed, before a figure or something live is asked for.
MOST = 350
RUN = """async ([root, name, rows]) => {
  const folder = new URL(`${root}/live/nets/${name}/`);
  const { openNet } = await import(`${root}/live/runtime.js`);
  const net = await (await fetch(new URL("net.json", folder))).json();
  const run = await openNet(new URL(net.file, folder));
  const { lettersOf } = await import(`${root}/live/encoding.js`);
  const encode = net.kind === "texts" ? await lettersOf(folder) : null;
  const found = [];
  for (const row of rows) {
    const values = encode ? BigInt64Array.from(encode(row), BigInt) : Float32Array.from(row);
    const [outputs] = await run(values, encode ? [1, values.length] : [1, ...net.shape]);
    found.push([...outputs]);
  }
  return found;
}"""
TIMES = """async () => {
  const { answered } = await import("./asking.js");
  const times = [];
  for (let time = 0; time < 9; time++) {
    const start = performance.now();
    await answered(document.querySelector("canvas"));
    times.push(performance.now() - start);
  }
  return times.sort((one, other) => one - other)[4];
}"""

# What the page reads in pictures, and the longest time for which it did nothing else meanwhile.
READ = """async (pictures) => {
  const { answered } = await import("./asking.js");
  const found = [];
  let [last, pause] = [performance.now(), 0];
  const clock = setInterval(() => {
    const now = performance.now();
    [last, pause] = [now, Math.max(pause, now - last)];
  }, 5);
  for (const picture of pictures) {
    const { read } = await answered(await (await fetch(picture)).blob());
    found.push(read ?? "");
  }
  clearInterval(clock);
  return [found, pause];
}"""

# Waits until the worker has kept the page and all that it has loaded.
KEPT = """async () => {
  const resources = performance.getEntriesByType("resource");
  const loaded = resources.filter((one) => one.responseStatus === 200);
  const urls = [location.href, ...loaded.map(({ name }) => name)];
  let missing = urls;
  for (let time = 0; time < 200; time++) {
    const kept = await Promise.all(urls.map((url) => caches.match(url)));
    missing = urls.filter((_, place) => !kept[place]);
    if (!missing.length) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`the worker has not kept ${missing}`);
}"""


def frame(page: Page) -> FrameLocator:
    """Returns the frame in which a net works."""
    return page.frame_locator(".kt-live iframe")


def draw(page: Page) -> None:
    """Draws a 3 with the mouse."""
    board = frame(page).locator("canvas")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in THREE]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=3)
    page.mouse.up()


def drawn(page: Page) -> None:
    """Draws a digit; expects the right answer."""
    draw(page)
    expect(page, "frame .top b", "3")


def digits(page: Page) -> None:
    """Draws a digit and chooses a photograph; expects the right answers."""
    drawn(page)
    content, wanted = photograph()
    chooser = frame(page).locator("input[type=file]")
    chooser.set_input_files({"name": "a.png", "mimeType": "image/png", "buffer": content})
    expect(page, "frame .top b", wanted)


def photograph() -> tuple[bytes, str]:
    """Returns a picture like a photograph of a digit, and the digit."""
    test = load("mnist").test
    return scenes.made("hand_shadow", 1, np.asarray(test.x)[..., 0], test.y)


def review(page: Page) -> None:
    """Types a review; expects its sentiment and a number for each character."""
    frame(page).locator("textarea").fill("菜品新鲜，服务也很好，非常满意！")
    expect(page, "frame .characters b", "！")
    positive = frame(page).locator(".bar.best > span").first
    assert positive.inner_text() in ("positive", "正面"), positive.inner_text()


def code(page: Page) -> None:
    """Looks at the example's findings; mends it; pastes a traceback."""
    expect(page, ".kt-findings code", "KT104")
    with page.expect_download() as download:
        page.click(".kt-live a[download]")
    mended = download.value.path().read_text(encoding="utf-8")
    assert "np_utils" not in mended, mended
    page.fill(".kt-live textarea", "ImportError: cannot import name 'np_utils' from 'keras.utils'")
    page.locator(".kt-live-row button").click()
    expect(page, ".kt-live pre", "KT104")


def moved(page: Page) -> None:
    """Moves the last point of a plot with an arrow key; expects that what is told changes."""
    status = page.locator(".kt-live [role=status]").last
    before = status.inner_text()
    page.locator(".kt-handle").last.press("ArrowLeft")
    assert status.inner_text() != before


def stepped(page: Page) -> None:
    """Goes one step on; expects that what is told changes."""
    status = page.locator(".kt-live [role=status]").last
    before = status.inner_text()
    page.locator(".kt-live-row button").last.click()
    assert status.inner_text() != before


def descended(page: Page) -> None:
    """Goes down, and moves a point."""
    page.locator(".kt-live-row button").nth(1).click()
    expect(page, ".kt-live [role=status]", "20")
    moved(page)


def trained(page: Page) -> None:
    """Trains the perceptron."""
    page.locator(".kt-live-row button").click()
    expect(page, ".kt-live [role=status]", "20")


def typed(page: Page) -> None:
    """Types a text; expects a column for each pair."""
    page.fill(".kt-live textarea", "很满意")
    expect(page, ".kt-gates thead th", "满意")


def expect(page: Page, selector: str, text: str = "") -> None:
    """Waits until an element, in the frame if need be, holds a text."""
    place = frame(page) if selector.startswith("frame ") else page
    found = place.locator(selector.removeprefix("frame ")).filter(has_text=text)
    found.first.wait_for()


# What is there once each kind has started, and how it is tried.
READY: dict[str, tuple[str, Callable[[Page], None]]] = {
    "demo": ("frame .bar", digits),
    "checker": (".kt-findings li", code),
    "line": (".kt-handle", descended),
    "race": (".kt-handle", descended),
    "boundary": (".kt-handle", moved),
    "penalty": (".kt-handle", moved),
    "convolution": (".kt-kernel", stepped),
    "gates": (".kt-gates td", typed),
    "training": (".kt-plot", trained),
}


def acts() -> Iterator[tuple[str, str, Callable[[Page], None]]]:
    """Yields a name, the address within an edition and how it is tried, for all that is live."""
    for name, kind in live.KINDS.items():
        address = "checker.html" if name == "checker" else f"recipes/{name}.html"
        yield name, address, _act(kind, review if "reviews" in name or "text" in name else None)
    for (chapter, _), kind in live.WIDGETS.items():
        yield f"{chapter}-{kind}", f"chapters/{chapter}.html", _act(kind)


def _act(kind: str, other: Callable[[Page], None] | None = None) -> Callable[[Page], None]:
    ready, act = READY[kind]

    def started(page: Page) -> None:
        page.click(".kt-live button")
        expect(page, ready)
        (other or act)(page)

    return started


def disagreements(browser: Browser, root: str) -> Iterator[str]:
    """Yields a line for each net whose probabilities in the page are not Keras's."""
    page = browser.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{root}/en/install.html")
    for name in live.NETS:
        run = reopen(recipe_run(name, full=True)[0])
        x = run.data.test.x[: TEXTS if run.data.test.x.ndim == 1 else PICTURES]
        rows = [one if isinstance(one, str) else one.ravel().tolist() for one in x]
        found = np.array(page.evaluate(RUN, [root, name, rows]))
        apart = float(np.abs(found - run.model.predict(x, verbose=0)).max())
        print(f"{name}: at most {apart:.1e} from Keras on {len(x)} samples")
        if not apart < APART:
            yield f"{name} is {apart:.1e} from Keras"
    page.close()


def photographs(browser: Browser, root: str) -> Iterator[str]:
    """Yields a line for each picture in which page and Python read different digits."""
    test, net = load("mnist").test, open_net(subject(recipe_run("cnn-mnist", full=True)[0]))
    names = [(name, seed) for name in scenes.SCENES for seed in range(PHOTOGRAPHS)]
    made = [scenes.made(*name, np.asarray(test.x)[..., 0], test.y)[0] for name in names]
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{root}/en/recipes/cnn-mnist.html")
    page.click(".kt-live button")
    expect(page, "frame .bar")
    for number, content in enumerate(made):
        context.route(f"**/picture-{number}", partial(_fulfilled, content))
    (inner,) = (one for one in page.frames if "/live/" in urlsplit(one.url).path)
    found, pause = inner.evaluate(READ, [f"picture-{number}" for number in range(len(made))])
    context.close()
    print(f"longest pause of the page while it reads {len(made)} photographs: {pause:.0f} ms")
    for name, content, answer in zip(names, made, found, strict=True):
        picture = fitted(BytesIO(content), net.shape, net.trained)
        asked = net.ask(np.stack(picture.samples)) if picture.samples else []
        read = readings(picture, asked, net.ask)
        label = "".join(one.prediction.label for one in read)
        if answer != label:
            yield f"{name}: the page reads {answer!r}, Python {label!r}"


def _fulfilled(content: bytes, route: Route) -> None:
    route.fulfill(body=content)


def budgets(browser: Browser, root: str) -> Iterator[str]:
    """Prints what pages weigh and how long they take; yields a line for each that is too heavy."""
    plain = ["index.html", *(f"chapters/{path.stem}.html" for path in paths())]
    print("KiB of pages before anything is asked for, compressed")
    for address in plain:
        size = _weight(browser, f"{root}/en/{address}", lambda page: None)[0]
        print(f"  {address:32} {size:8.0f}")
        if size > MOST:
            yield f"{address} loads {size:.0f} KiB, more than {MOST}"
    print("KiB more, compressed and as they are, and seconds, once something live has started")
    for name, address, _ in acts():
        ready, _ = READY[live.KINDS.get(name) or name.partition("-")[2]]

        def started(page: Page, ready: str = ready) -> None:
            page.click(".kt-live button")
            expect(page, ready)

        size, whole, seconds = _weight(browser, f"{root}/en/{address}", started, "/live/")
        print(f"  {name:32} {size:8.0f} {whole:8.0f} {seconds:6.1f}")


def _weight(
    browser: Browser, address: str, act: Callable[[Page], None], part: str = ""
) -> tuple[float, float, float]:
    """Returns the KiB that arrive, compressed and as they are, without figures, and the seconds."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    arrived: dict[str, Response] = {}
    page.on("response", lambda one: arrived.update({one.url: one}))
    page.goto(address)
    page.evaluate("document.fonts.ready.then(() => null)")
    start = time.perf_counter()
    act(page)
    seconds = time.perf_counter() - start
    contents = [
        one.body()
        for url, one in list(arrived.items())  # while they are read others may come
        if part in url and one.ok and one.request.resource_type != "image"
    ]
    context.close()
    packed = sum(len(gzip.compress(content, 6)) for content in contents)
    return packed / 1024, sum(map(len, contents)) / 1024, seconds


def offline(browser: Browser, root: str) -> Iterator[str]:
    """Yields a line if a net that was loaded does not answer without a network."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    for network in (True, False):
        context.set_offline(not network)
        try:
            page.goto(f"{root}/en/recipes/cnn-mnist.html", wait_until="networkidle")
            _act("demo", drawn)(page)
            page.evaluate(KEPT)
        except Exception as error:
            yield f"cnn-mnist {'with' if network else 'without'} a network: {error}".splitlines()[0]
    times = [one.evaluate(TIMES) for one in page.frames if "/live/" in urlsplit(one.url).path]
    print("first answer after a stroke, milliseconds:", *(f"{one:.0f}" for one in times))
    context.close()
