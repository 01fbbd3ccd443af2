"""The chapters as pages of the site."""

import base64
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jupytext
import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from book import BRANCH, CHAPTERS, PROGRAMS, REPOSITORY, packages, pdf
from book.anchors import hidden, slugs, titles
from book.chapters import hook, language, read, tags, title
from book.comments import commented
from book.copies import copy
from book.editions import edition
from book.execution import is_shortened, pictures
from book.live import WIDGETS, section
from book.pictures import element
from book.relations import recipes_of, topics_of
from book.stamp import shortened
from book.stubs import stub, unmarked
from book.words import word
from kerastut.registry import list_recipes
from kerastut.teaching import FULL, LEAST_TEXT

GITHUB, COLAB = "https://github.com/", "https://colab.research.google.com/github/"
SCALED = (
    "`teaching.scale` gives the first of its numbers, mostly fewer samples (the second where the"
    " environment variable `FULL=1` is set)"
)
_FAULT = re.compile(r"(?<![\w`/#-])(T\d-\d\d)(?![\w`])")
_CHAPTER = re.compile(r"\[([^\]]*)\]\((\d\d_\w+)\.ipynb(#[\w-]+)?\)")
# Code, formulas and links, in which nothing is linked.
_APART = re.compile(
    r"(^```.*?^```|`[^`\n]+`|\$\$.*?\$\$|\$[^$\n]+\$|\[[^\]]*\]\([^)]*\)|<a .*?</a>)",
    re.MULTILINE | re.DOTALL,
)


class PagePreprocessor(Preprocessor):
    """Fits a chapter to the site.

    Adds buttons and links to the corrections, shows a stub above its folded solution, and keeps
    the pictures as files beside the pages.
    """

    def __init__(self, name: str, language: str) -> None:
        super().__init__()
        self.name, self.language = name, language
        self.pictures: dict[str, bytes] = {}

    def preprocess(
        self, notebook: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Fits the whole notebook."""
        head = notebook.cells[0]
        first, _, rest = head.source.partition("\n")
        above = buttons(self.name, self.language) + shortening(notebook.cells, self.language)
        head.source = f"{first}\n\n{above}\n{rest}"
        notebook.cells = self._with_widgets(notebook.cells)
        notebook.cells = [fitted for cell in notebook.cells for fitted in self._fitted(cell)]
        notebook.cells.append(new_markdown_cell(related(self.name, self.language), id="related"))
        return notebook, resources

    def _with_widgets(self, cells: list[NotebookNode]) -> list[NotebookNode]:
        """Returns the cells with what the reader can try at the ends of sections."""
        names, wanted, found = iter(section_names(self.name)), "", []
        for cell in cells:
            count = len(titles(hidden(cell.source))) if cell.cell_type == "markdown" else 0
            if count and wanted:
                found.append(widget(wanted, self.language))
            for _ in range(count):
                wanted = WIDGETS.get((self.name, next(names)), "")
            found.append(cell)
        return found

    def _fitted(self, cell: NotebookNode) -> list[NotebookNode]:
        """Returns the cells of the page that take the place of one."""
        _link(cell)
        for output in cell.get("outputs", ()):
            self._file_picture(output)
        if "install" in tags(cell):
            return []
        if "program" in cell.metadata:
            button = _button(
                f"../programs/{cell.metadata.program}.py", f"{cell.metadata.program}.py"
            )
            row = _row(button)
            if is_shortened(cell):
                # The outputs below are those of fewer epochs than the code says.
                row += f"\n\n{word('In this reduced edition it ran for one epoch.', self.language)}"
            return [new_markdown_cell(row, id=f"{cell.id}-file"), cell]
        if "solution" in tags(cell):
            exercise = new_code_cell(stub(cell.source, self.language), id=f"{cell.id}-stub")
            cell.source = unmarked(cell.source)
            cell.metadata.tags = [*tags(cell), "hide-input"]
            prompts = (f"{verb} the solution" for verb in ("Show", "Hide"))
            show, hide = (word(prompt, self.language) for prompt in prompts)
            cell.metadata.mystnb = {"code_prompt_show": show, "code_prompt_hide": hide}
            return [exercise, cell]
        return [cell]

    def _file_picture(self, output: NotebookNode) -> None:
        """Replaces a picture by an element that shows its file."""
        data, about = output.get("data", {}), dict(output.get("metadata", {}))
        if "image/png" in data:
            suffix, content = "png", base64.b64decode(data["image/png"])
            about |= about["image/png"]
        elif "image/svg+xml" in data:
            suffix, content = "svg", data["image/svg+xml"].encode()
            about |= drawn_size(data["image/svg+xml"])
        else:
            return
        name = f"{self.name}-{len(self.pictures) + 1}.{suffix}"
        self.pictures[name] = content
        width, height, least = (about[side] for side in ("width", "height", "least_width"))
        picture = element(f"../figures/{name}", about["alt"], width, height, least)
        output.data = {"text/html": picture}


def section_names(name: str) -> list[str]:
    """Returns the anchors of a chapter's headings."""
    cells = read(CHAPTERS / f"{name}.py").cells
    return slugs(titles(hidden("\n\n".join(c.source for c in cells if language(c) == "en"))))


def widget(name: str, language: str) -> NotebookNode:
    """Returns the cell where a widget starts."""
    source = f"```{{raw}} html\n{section(name, language)}\n```"
    return new_markdown_cell(source, id=f"live-{name}")


def buttons(name: str, language: str) -> str:
    """Returns the links that open or download the reader's notebook."""
    files = {"ipynb": word("Download notebook", language), "py": word("Download as .py", language)}
    found = [f"<a href='../install.html'>{word('Run it yourself', language)}</a>"]
    found += [_button(f"../notebooks/{name}.{kind}", label) for kind, label in files.items()]
    if REPOSITORY.startswith(GITHUB):
        file = f"{REPOSITORY.removeprefix(GITHUB)}/blob/{BRANCH}/notebooks/{language}/{name}.ipynb"
        found.append(f"<a href='{COLAB}/{file}'>{word('Open in Colab', language)}</a>")
    return _row(*found)


def shortening(cells: list[NotebookNode], language: str) -> str:
    """Returns what the reduced edition makes shorter in a chapter; the full one, nothing."""
    if FULL:
        return ""
    found = []
    if any("teaching.scale(" in cell.source for cell in cells):
        found.append(word(SCALED, language))
    if any(map(is_shortened, cells)):
        found.append(word("whole programs run for one epoch", language))
    parts = word(", ", language).join(found)
    return f"\n{shortened(parts, language)}\n" if found else ""


def _button(target: str, label: str) -> str:
    return f"<a href='{target}' download>{label}</a>"


def _row(*found: str) -> str:
    return f"<p class='kt-buttons' data-pagefind-ignore>{''.join(found)}</p>\n"


def drawn_size(drawing: str) -> dict[str, int]:
    """Returns a drawing's width and height, and the width at which its smallest text is legible."""
    root = ElementTree.fromstring(drawing)
    sizes = [float(part.get("font-size", "inf")) for part in root.iter()]
    width, height = int(root.get("width", 0)), int(root.get("height", 0))
    return {"width": width, "height": height, "least_width": round(width * LEAST_TEXT / min(sizes))}


def write(folder: Path, language: str, chapters: dict[str, NotebookNode]) -> None:
    """Writes the chapters' pages, their thumbnails, their index and the readers' notebooks."""
    pages, extra = folder / "chapters", folder / "extra"
    for place in (pages, extra / "notebooks", extra / "figures", extra / "programs"):
        place.mkdir(parents=True)
    for name, notebook in chapters.items():
        step = PagePreprocessor(name, language)
        nbformat.write(edition(notebook, language, step), pages / f"{name}.ipynb")
        for file, content in step.pictures.items():
            (extra / "figures" / file).write_bytes(content)
        text = copy(notebook, language)
        (extra / "notebooks" / f"{name}.ipynb").write_text(text, encoding="utf-8")
        script = jupytext.writes(nbformat.reads(text, as_version=4), fmt="py:percent")
        (extra / "notebooks" / f"{name}.py").write_text(script, encoding="utf-8")
        (pages / f"{name}.png").write_bytes(pictures(notebook, language)[0])
    for path in sorted(PROGRAMS.glob("*.py")):
        text = commented(path.read_text(encoding="utf-8"), language)
        (extra / "programs" / path.name).write_text(text, encoding="utf-8")
    intro = word("From the first neuron to a model in use.", language)
    files = [packages.BOOK, *([pdf.BOOK] if pdf.wanted() else [])]
    label = word("The whole book", language)
    links = [_button(f"../{file}", f"{label} ({file.rpartition('.')[2]})") for file in files]
    text = f"# {word('Chapters', language)}\n\n{intro}\n\n{_row(*links)}\n"
    text += cards(chapters, language, "")
    text += "\n```{toctree}\n:hidden:\n\n" + "\n".join(chapters) + "\n```\n"
    (pages / "index.md").write_text(text, encoding="utf-8")


def cards(chapters: dict[str, NotebookNode], language: str, prefix: str) -> str:
    """Returns a card for each chapter.

    Args:
        chapters: The executed chapters by name.
        language: The edition's.
        prefix: Folder of their pages, seen from the page that shows the cards, with a slash if
            not empty.
    """
    found = ["::::{grid} 1 2 2 3", ":gutter: 3", ":class-container: kt-cards", ""]
    for name, notebook in chapters.items():
        found += [
            f":::{{grid-item-card}} {title(notebook, language)}",
            f":img-top: {prefix}{name}.png",
            f":img-alt: {title(notebook, language)}",
            f":link: {prefix}{name}",
            ":link-type: doc",
            "",
            hook(notebook, language),
            ":::",
        ]
    return "\n".join([*found, "::::", ""])


def related(name: str, language: str) -> str:
    """Returns the end of a chapter: recipes, topics and the page of words that belong to it."""
    recipes = [f"[{recipe}](/recipes/{recipe}.md)" for recipe in recipes_of(name)]
    topics = [f"{{doc}}`/documents/{topic}`" for topic in topics_of(name)]
    words = [f"{{doc}}`/{page}`" for page in ("glossary", "symbols", "cheatsheet")]
    lines = [f"## {word('See also', language)}", ""]
    for head, found in (("Recipes", recipes), ("Topics", topics), ("Look up", words)):
        if found:
            lines.append(f"- {word(head, language)}{word(': ', language)}{' · '.join(found)}")
    return "\n".join(lines)


def _link(cell: NotebookNode) -> None:
    if cell.cell_type == "markdown":
        cell.source = hidden(linked(cell.source))
    for output in cell.get("outputs", ()):
        if "text/markdown" in output.get("data", {}):
            output.data["text/markdown"] = linked(output.data["text/markdown"])


def linked(text: str) -> str:
    """Returns Markdown whose ids of faults and names of recipes, outside of code, are links."""
    parts = _APART.split(text)
    names = "|".join(recipe.name for recipe in list_recipes())
    recipe = re.compile(rf"(?<![\w/-])({names})(?![\w-])")
    for place in range(0, len(parts), 2):
        found = _FAULT.sub(r"<a href='../corrections.html#\1'>\1</a>", parts[place])
        parts[place] = recipe.sub(r"<a href='../recipes/\1.html'>\1</a>", found)
    text = "".join(parts)
    return _CHAPTER.sub(r"<a href='\2.html\3'>\1</a>", text)
