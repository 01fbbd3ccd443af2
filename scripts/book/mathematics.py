"""Formulas, made by KaTeX when the site is built: pages load no script for them.

What is seen is HTML; a screen reader is served with MathML.
"""

import json
import re
import shutil
import subprocess

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator

from book import BUILD, npm

FOLDER, STYLE = BUILD / "mathematics", "katex/katex.min.css"
SCRIPT = BUILD / "katex.min.js"
# The formulas of a page come as JSON: pairs of TeX and whether it stands on lines of its own.
_RENDER = """
const katex = require(process.argv[1]);
const made = JSON.parse(require("node:fs").readFileSync(0, "utf8")).map(([tex, displayMode]) =>
  katex.renderToString(tex, { displayMode, strict: "error" }));
console.log(JSON.stringify(made));
"""


def write() -> None:
    """Writes KaTeX's style and fonts into the folder that the site serves.

    Raises:
        NpmError: If the package cannot be fetched.
        DataError: If it is not the one that was tested.
    """
    shutil.rmtree(FOLDER, ignore_errors=True)
    npm.write(FOLDER, ["katex"])
    (FOLDER / "katex" / SCRIPT.name).replace(SCRIPT)
    style = FOLDER / STYLE
    # Its fonts lie beside it, in the one form that every browser of today reads.
    text = re.sub(r",url\([^)]*\.(woff|ttf)\) format\([^)]*\)", "", style.read_text())
    style.write_text(text.replace("url(fonts/", "url("))


def rendered(formulas: list[tuple[str, bool]]) -> list[str]:
    """Returns the HTML of formulas.

    Args:
        formulas: TeX, and whether it stands on lines of its own.

    Raises:
        ExtensionError: If KaTeX cannot read one of them.
    """
    call = ["node", "-e", _RENDER, str(SCRIPT)]
    done = subprocess.run(
        call, input=json.dumps(formulas), capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = re.search(r"^\w*Error: .*", done.stderr, re.MULTILINE)
        raise ExtensionError(f"KaTeX failed: {reason[0] if reason else done.stderr}")
    return json.loads(done.stdout)


def register(app: Sphinx) -> None:
    """Has Sphinx show each formula as KaTeX makes it."""
    app.add_html_math_renderer("katex", (_visit, None), (_visit, None))
    app.connect("doctree-read", _make, priority=100)  # before the table of contents is made


def _make(app: Sphinx, doctree: nodes.document) -> None:
    found = [*doctree.findall(nodes.math), *doctree.findall(nodes.math_block)]
    formulas = [(node.astext(), isinstance(node, nodes.math_block)) for node in found]
    for node, html in zip(found, rendered(formulas) if found else (), strict=True):
        node["html"] = html


def _visit(self: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    self.body.append(f'<span class="math" translate="no">{node["html"]}</span>')
    raise nodes.SkipNode
