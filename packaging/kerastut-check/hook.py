#!/usr/bin/env python3
"""The pre-commit hook: checks with this checkout as it is, so that nothing has to be installed."""

import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 (python3 may be any)
    sys.exit("kerastut check: expected Python >= 3.11 as python3; activate one.")

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kerastut.lint import main  # noqa: E402
from kerastut.version import __version__  # noqa: E402

main(__version__)
