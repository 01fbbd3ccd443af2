"""What was said to a pseudo-terminal."""

from contextlib import suppress


def heard(ours: int) -> str:
    """Returns all of it until the other end is closed, and closes this end."""
    shown = b""
    with open(ours, "rb", buffering=0) as terminal, suppress(OSError):  # EIO is its end
        while piece := terminal.read(65536):  # which may be a part of a line
            shown += piece
    return shown.decode()
