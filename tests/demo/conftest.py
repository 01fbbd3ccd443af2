"""Two runs, their nets, and a server, for all tests of the demo."""

from collections.abc import Iterator

import keras
import pytest

import kerastut
from kerastut import Run
from kerastut.demo import Server
from kerastut.demo.net import Net

from .tools import answering, opened, png


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("digits") / "run"
    keras.utils.clear_session()  # layers are named as in a process of their own
    return kerastut.run("cnn-mnist", epochs=1, limit=8000, output_dir=folder, verbose=0)


@pytest.fixture(scope="session")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("reviews") / "run"
    return kerastut.run("mlp-reviews", epochs=1, output_dir=folder, verbose=0)


@pytest.fixture(scope="session")
def digit_net(digits: Run) -> Net:
    return opened(digits)


@pytest.fixture(scope="session")
def review_net(reviews: Run) -> Net:
    return opened(reviews)


@pytest.fixture(scope="module")
def serving(digit_net: Net) -> Iterator[Server]:
    with answering(digit_net) as found:
        yield found


@pytest.fixture
def picture(digits: Run) -> bytes:
    """A PNG file of a 7."""
    return png(digits.data.test.x[0, :, :, 0])
