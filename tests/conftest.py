"""What the tests of several rooms have in common."""

import os
import shutil
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# What the tests compare is English, also on a Chinese system; those that ask for Chinese say so.
for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
    if os.environ.get(variable, "").startswith("zh"):
        os.environ[variable] = "C.UTF-8"
os.environ.pop("KERASTUT_LANG", None)

# Machines differ in speed.
SLOW = [HealthCheck.too_slow]
settings.register_profile("without a clock", deadline=None, suppress_health_check=SLOW)
settings.load_profile("without a clock")

# Rooms of many small tests. They come last, so that no worker is left alone with a long file.
QUICK = ("lint", "why", "house")
# A stranger's name that leads to this machine.
REBOUND = "--host-resolver-rules=MAP evil.test 127.0.0.1"
# Whether Keras is a candidate, as in the environment `next` of `make test-all`.
IS_NEXT = any(distributions(name="keras-nightly"))
# The candidate says so of a layer that gives a single output, where no mask is lost.
MASKED = "ignore:Layer '.*' .of type .*. was passed an input with a mask:UserWarning"


def pytest_configure(config: pytest.Config) -> None:
    """Lets a candidate's warning pass."""
    if IS_NEXT:
        config.addinivalue_line("filterwarnings", MASKED)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the quick rooms last, and marks what is known to differ with a candidate."""
    items.sort(key=lambda item: item.path.parent.name in QUICK)
    table = Path(__file__).with_name("next.toml").read_text(encoding="utf-8")
    for group in tomllib.loads(table)["known"] if IS_NEXT else ():
        for item in items:
            if item.nodeid.startswith(tuple(group["tests"])):
                item.add_marker(pytest.mark.xfail(reason=group["why"], strict=False))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, closed after each file: Playwright's event loop runs on until then.

    Nothing else in the process can use asyncio in the meantime.
    """
    tools = pytest.importorskip("playwright.sync_api")
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chrome")
    if not path:
        pytest.skip("no Chromium")
    with tools.sync_playwright() as tool:
        found = tool.chromium.launch(executable_path=path, args=["--no-sandbox", REBOUND])
        yield found
        found.close()
