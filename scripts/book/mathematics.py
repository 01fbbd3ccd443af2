"""MathJax for the site, from a package, so that no page asks another host for it."""

import hashlib
import shutil
from importlib.metadata import distribution
from pathlib import Path

from book import BUILD
from kerastut.errors import DataError

PACKAGE = "sphinx-mathjax-offline"
SCRIPT = "mathjax/tex-chtml.js"
SHA256 = "0a6ded5abbce13331658dd239f34382abd06492c74b71b61e8caa8112ec55fa5"
FONTS = "output/chtml/fonts/woff-v2"


def folder() -> Path:
    """Returns a folder that holds `mathjax/` with the script and its fonts.

    Raises:
        DataError: If the package holds another script than the one that was tested.
    """
    source = Path(str(distribution(PACKAGE).locate_file(PACKAGE))) / "static" / "mathjax"
    script = source / Path(SCRIPT).name
    found = hashlib.sha256(script.read_bytes()).hexdigest()
    if found != SHA256:
        raise DataError(
            f"{script}: expected the SHA-256 {SHA256}; received {found}."
            f" Install the version of {PACKAGE} that constraints.txt names."
        )
    target = BUILD / "mathematics"
    (target / SCRIPT).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(script, target / SCRIPT)
    shutil.copytree(source / FONTS, target / "mathjax" / FONTS, dirs_exist_ok=True)
    return target
