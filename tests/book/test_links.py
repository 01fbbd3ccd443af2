"""Anchors, links between pages, and what belongs together."""

from pathlib import Path, PurePosixPath

import nbformat
from book import LANGUAGES, anchors
from book.chapters import paths, programs, read
from book.links import for_site
from book.pages.lessons import linked
from book.relations import chapters_of_fault, chapters_of_recipe, recipes_of, titles, topics_of
from nbformat.v4 import new_markdown_cell, new_notebook

from kerastut.registry.lookup import list_recipes


def test_anchors_are_those_of_the_english_headings(tmp_path: Path) -> None:
    ends = "\n\n```\n# no heading\n```\n\n## {0}\n\n## {0}"
    english = "# A *net*\n\n(cost)=\n## What it costs" + ends.format("The end")
    chinese = "# 网络\n\n(cost)=\n## 要花多少" + ends.format("结尾")
    folders = {language: tmp_path / language for language in LANGUAGES}
    for folder, text in zip(folders.values(), (english, chinese), strict=True):
        folder.mkdir()
        notebook = new_notebook(cells=[new_markdown_cell(anchors.hidden(text))])
        nbformat.write(notebook, folder / "a.ipynb")
        (folder / "b.md").write_text("# One" if text is english else "# 一\n\n## 二")
    anchors.write(folders)
    written = {(folder / anchors.FILE).read_text() for folder in folders.values()}
    assert written == {'{"a": ["a-net", "cost", "the-end", "the-end-2"]}'}
    assert "(cost)=" not in anchors.without(english)


def test_names_of_recipes_and_faults_become_links() -> None:
    text = "T1-05 and cnn-mnist, `cnn-mnist`, $x$, [mlp-mnist](a.md)\n```\nmlp-mnist\n```\n"
    text += "[there](04_mlp.ipynb#cost)"
    assert linked(text) == (
        "<a href='../corrections.html#T1-05'>T1-05</a> and"
        " <a href='../recipes/cnn-mnist.html'>cnn-mnist</a>, `cnn-mnist`, $x$,"
        " [mlp-mnist](a.md)\n```\nmlp-mnist\n```\n<a href='04_mlp.html#cost'>there</a>"
    )


def test_what_belongs_together_is_found_from_both_sides() -> None:
    for path in paths():
        for recipe in recipes_of(path.stem):
            assert path.stem in chapters_of_recipe(recipe)
        shown = {program.replace("_", "-") for program in programs(read(path))}
        assert shown <= set(recipes_of(path.stem)), path.stem
        assert titles("zh")[path.stem] != titles("en")[path.stem]
        assert isinstance(topics_of(path.stem), list)
    assert {r.name for r in list_recipes() if chapters_of_recipe(r.name)}
    assert chapters_of_fault("T1-05")
    assert not chapters_of_fault("T9-99")


def test_a_link_to_a_rule_leads_into_its_table() -> None:
    """Sphinx knows no anchors within a table, nor the English ones of Chinese pages."""
    for folder in ("docs", "docs/zh"):
        link = for_site("[KT101](rules.md#kt101)", PurePosixPath(folder))
        assert link == '<a href="rules.html#kt101">KT101</a>'
    there = for_site("[halves](backends.md#halves)", PurePosixPath("docs/zh"))
    assert there == '<a href="backends.html#halves">halves</a>'
    there = for_site("[halves](backends.md#halves)", PurePosixPath("docs"))
    assert there == "[halves](/documents/backends.md#halves)"
