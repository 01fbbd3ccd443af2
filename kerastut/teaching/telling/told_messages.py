"""Messages for people, in a chapter."""

import sys
from contextlib import AbstractContextManager, redirect_stderr
from typing import TextIO


def messages() -> AbstractContextManager[TextIO]:
    """Shows what the block writes to standard error among the cell's outputs."""
    return redirect_stderr(sys.stdout)
