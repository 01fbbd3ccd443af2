"""What demonstrations of faults share."""

import pytest


@pytest.fixture
def same_seed() -> None:
    """Starts a test from the same seed."""
    import keras

    keras.utils.set_random_seed(11)
