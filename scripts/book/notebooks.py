"""Makes the notebooks: executed ones in build/notebooks, the readers' in notebooks.

Usage: PYTHONPATH=scripts python -m book.notebooks [CHAPTER ...]

The readers' take the outputs of the full edition alone (`FULL=1`).
"""

import sys

import nbformat

from book import BUILD, LANGUAGES
from book.copies import write
from book.editions import edition
from book.execution import ChapterError, run_all
from kerastut.teaching import FULL

EXECUTED_EDITIONS = BUILD / "notebooks"


def main(names: list[str]) -> int:
    """Writes both kinds of notebooks, in both languages; runs the named chapters alone, if any."""
    try:
        chapters = run_all(names)
    except ChapterError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    write(chapters if FULL else {})
    for language in LANGUAGES:
        folder = EXECUTED_EDITIONS / language
        folder.mkdir(parents=True, exist_ok=True)
        for name, notebook in chapters.items():
            nbformat.write(edition(notebook, language), folder / f"{name}.ipynb")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
