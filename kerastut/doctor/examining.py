"""All examinations, in the order in which they are told."""

from collections.abc import Callable, Iterator

from kerastut.doctor.importing import importing
from kerastut.doctor.line import NOTE, Line
from kerastut.doctor.machine import disk, fonts, memory, processor, terminal
from kerastut.doctor.packages import fitting, packages, python, surroundings

EXAMINATIONS: tuple[Callable[[], Iterator[Line]], ...] = (
    *(python, packages, fitting, surroundings, importing),
    *(processor, memory, disk, terminal, fonts),
)


def examine() -> Iterator[Line]:
    """Yields what is found, one line a thing; an examination that fails is a line itself.

    Example:

    >>> [line for line in examine() if line.state == "bad"]
    []
    """
    for examination in EXAMINATIONS:
        try:
            yield from examination()
        except Exception as error:  # the machine may be broken in any way
            details = {"name": examination.__name__, "error": f"{type(error).__name__}: {error}"}
            yield Line("{name}", "cannot be examined: {error}", NOTE, details=details)
