"""Formulas, made by KaTeX when the site is built: pages load no script for them.

What is seen is HTML; a screen reader is served with MathML.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import playwright
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator

from book import BUILD, npm

FOLDER, STYLE = BUILD / "mathematics", "katex/katex.min.css"
SCRIPT = BUILD / "katex.min.js"
NODE = Path(playwright.__file__).parent / "driver" / "node"  # the one that Playwright brings
# What does not begin a line; into how many pieces a formula may be broken that it holds together.
MARKS, SHORT = tuple("，。；：、）！？”,.;:)"), 3
# The formulas of a page come as JSON: pairs of TeX and whether it stands on lines of its own.
_RENDER = """
const katex = require(process.argv[1]);
try {
  const made = JSON.parse(require("node:fs").readFileSync(0, "utf8")).map(([tex, displayMode]) =>
    katex.renderToString(tex, { displayMode, strict: "error" }));
  console.log(JSON.stringify(made));
} catch (error) {
  console.error(error.rawMessage ?? error.message);
  process.exitCode = 1;
}
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
    call = [str(NODE), "-e", _RENDER, str(SCRIPT)]
    done = subprocess.run(
        call, input=json.dumps(formulas), capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode:
        raise ExtensionError(f"KaTeX failed: {done.stderr.strip()}")
    return json.loads(done.stdout)


def register(app: Sphinx) -> None:
    """Has Sphinx show each formula as KaTeX makes it."""
    app.add_html_math_renderer("katex", (_visit, None), (_visit, None))
    app.connect("doctree-read", make, priority=100)  # before the table of contents is made


def make(_app: Sphinx | None, doctree: nodes.document) -> None:
    """Makes the formulas of a page."""
    found = [*doctree.findall(nodes.math), *doctree.findall(nodes.math_block)]
    formulas = [(node.astext(), isinstance(node, nodes.math_block)) for node in found]
    for node, html in zip(found, rendered(formulas) if found else (), strict=True):
        node["html"], node["mark"] = html, _taken(node) if html.count("katex-base") <= SHORT else ""


def _taken(node: nodes.Node) -> str:
    """Takes the mark right behind a formula from the text there; browsers would break between."""
    beside = node.next_node(descend=False, siblings=True)
    if not isinstance(beside, nodes.Text) or beside[:1] not in MARKS:
        return ""
    node.parent.replace(beside, nodes.Text(beside[1:]))
    return str(beside[:1])


def _visit(self: HTML5Translator, node: nodes.math | nodes.math_block) -> None:
    formula = f'<span class="math" translate="no">{node["html"]}</span>'
    if mark := node["mark"]:
        formula = f'<span class="kt-joined">{formula}{mark}</span>'
    self.body.append(formula)
    raise nodes.SkipNode
