"""`kerastut-check` and `python -m kerastut_check`; the build puts this file to the others."""

from kerastut_check.lean import main as check
from kerastut_check.version import __version__


def main() -> None:
    """Runs the command line and exits with its status."""
    check(__version__)


if __name__ == "__main__":
    main()
