"""`python -m kerastut.why script.py`: runs a script and explains what it raises."""

import sys
from pathlib import Path

from kerastut.why.hooks import run_script

if __name__ == "__main__":
    if len(sys.argv) < 2 or not Path(sys.argv[1]).is_file():
        sys.exit("kerastut.why: error: expected a script: python -m kerastut.why script.py.")
    run_script(Path(sys.argv[1]), sys.argv[2:])
