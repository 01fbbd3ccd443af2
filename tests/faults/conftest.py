"""A judge for all tests of hostile cases."""

from collections.abc import Iterator

import pytest

from .judge import Judge


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    with Judge(tmp_path_factory.mktemp("judge")) as found:
        yield found
