"""The first page of an edition, and the search page."""

from pathlib import Path

from nbformat import NotebookNode

from book.chinese import joined
from book.figures import DEMO, recipe_run
from book.pages import gallery, lessons
from book.words import word
from kerastut.corrections import load_blocks, load_faults
from kerastut.language import speaking, told
from kerastut.registry import get_recipe, list_recipes

TEXTS = Path(__file__).parent.parent / "texts"
_TREE = (
    *(
        "install",
        "guide",
        "chapters/index",
        "recipes/index",
        "checker",
        "corrections",
        "documents/index",
    ),
    *("glossary", "symbols", "cheatsheet", "next", "api/index"),
)


def write(folder: Path, language: str, chapters: dict[str, NotebookNode]) -> None:
    """Writes both pages. The text of the first lies in `texts/`, its numbers come from the data."""
    text = joined((TEXTS / f"home.{language}.md").read_text(encoding="utf-8"))
    _, demo = recipe_run(DEMO, full=True)
    low, high = get_recipe(DEMO).expect["accuracy"]
    accuracy = f"{demo['metrics']['accuracy']:.4g}  (within {low:g} to {high:g})"
    with speaking(language):
        tested = f"{told('test accuracy')}   {told(accuracy)}"
    numbers = {
        "FAULTS": len(load_faults()),
        "BLOCKS": len(load_blocks()),
        "BROKEN": sum(not block.runs for block in load_blocks()),
        "RECIPES": len(list_recipes()),
        "CHAPTERS": len(chapters),
        "FIRST": next(iter(chapters), "index"),
        "TESTED": tested,
        "CHAPTER_CARDS": lessons.cards(chapters, language, "chapters/"),
        "SHORTENED": gallery.shortening(language),
        "RECIPE_CARDS": gallery.cards(language, "recipes/figures", "recipes/"),
    }
    for name, value in numbers.items():
        text = text.replace(f"@{name}@", str(value))
    tree = "\n".join(["```{toctree}", ":hidden:", "", *_TREE, "```", ""])
    (folder / "index.md").write_text(f"{text}\n{tree}", encoding="utf-8")
    (folder / "search.md").write_text(_search(language), encoding="utf-8")


def _search(language: str) -> str:
    return (
        f"---\norphan: true\nhide-toc: true\n---\n# {word('Search', language)}\n\n"
        "```{raw} html\n<div id='kt-search' data-pagefind-ignore></div>\n"
        "<link rel='stylesheet' href='../pagefind/pagefind-ui.css'>\n"
        "<script src='../pagefind/pagefind-ui.js'></script>\n"
        "<script src='_static/search.js'></script>\n```\n"
    )
