"""The chapters keep their promises: two languages alike, the rubric's numbers, no typed result."""

import ast
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from book import COPIES, LANGUAGES
from book.chapters import language, paths, programs, read, tags
from book.chinese import misplaced
from book.comments import commented, untranslated
from book.copies import copies
from book.counting import MOST_CALLS, crowded, nested, unfolded, wide
from book.counting import calls as calls_of_kerastut
from book.stubs import stub
from markdown_it import MarkdownIt
from nbformat import NotebookNode

from kerastut.data import BESIDE

STEMS = [path.stem for path in paths()]
CHAPTERS = [pytest.param(read(path), id=path.stem) for path in paths()]
# With a whole program in it.
NEW = [pytest.param(read(path), id=path.stem) for path in paths() if programs(read(path))]
each_chapter = pytest.mark.parametrize("chapter", CHAPTERS)
each_new_chapter = pytest.mark.parametrize("chapter", NEW)

EQUATION = re.compile(r"\$\$.*?\$\$", re.DOTALL)
MATHEMATICS = re.compile(r"\$\$.*?\$\$|\$[^$\n]+?(?:\n[^$\n]+?)?\$", re.DOTALL)
CODE = re.compile(r"^```.*?^```|`[^`]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)")
# A share or a measured value: to be computed where it stands.
RESULT = re.compile(r"\b\d+\.\d{2,}\b|\b\d+(?:\.\d+)?\s?%")


def markdown(chapter: NotebookNode, wanted: str) -> list[str]:
    """Returns the Markdown cells in a language."""
    return [cell.source for cell in chapter.cells if language(cell) == wanted]


def prose(text: str) -> str:
    """Returns Markdown without mathematics, code, addresses and markup."""
    text = LINK.sub(" ", CODE.sub(" ", MATHEMATICS.sub(" ", text)))
    return re.sub(r"<[^>]+>", " ", text)


def code(chapter: NotebookNode, tag: str | None = None) -> list[str]:
    """Returns the code cells with a tag, or all but the one that installs kerastut."""
    return [
        cell.source
        for cell in chapter.cells
        if cell.cell_type == "code" and (tag in tags(cell) if tag else "install" not in tags(cell))
    ]


def calls(chapter: NotebookNode) -> list[ast.Call]:
    """Returns every call in a chapter's code."""
    source = "\n".join(re.sub(r"^%.*$", "", cell, flags=re.MULTILINE) for cell in code(chapter))
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]


@each_chapter
def test_every_markdown_cell_has_its_twin_at_once(chapter: NotebookNode) -> None:
    for cell in chapter.cells:
        assert (language(cell) in LANGUAGES) == (cell.cell_type == "markdown"), cell.source
    found = [language(cell) for cell in chapter.cells if cell.cell_type == "markdown"]
    assert found == ["en", "zh"] * (len(found) // 2)
    for before, cell in zip(chapter.cells, chapter.cells[1:], strict=False):
        if language(cell) == "zh":
            assert language(before) == "en", cell.source


def shape(text: str) -> dict[str, object]:
    """Returns what both languages of a cell must have alike."""
    plain = CODE.sub("", MATHEMATICS.sub("", text))
    return {
        "headings": re.findall(r"^#+(?= )", plain, re.MULTILINE),
        "equations": EQUATION.findall(text),
        # A book may have a Chinese edition of its own.
        "links": sorted(target.replace("//zh.", "//") for _, target in LINK.findall(text)),
        "pictures": [target for mark, target in LINK.findall(text) if mark],
        "items": sum(token.type == "list_item_open" for token in MarkdownIt().parse(text)),
        "rows": len(re.findall(r"^\|", plain, re.MULTILINE)),
        "answers": text.count("<details>"),
        "choices": text.count('<details class="choice">'),
        "exercises": re.findall(r"\*\*(?:Exercise|练习) ?(\d+)", text),
    }


@each_chapter
def test_twins_are_alike(chapter: NotebookNode) -> None:
    for english, chinese in zip(markdown(chapter, "en"), markdown(chapter, "zh"), strict=True):
        assert shape(chinese) == shape(english)
        assert re.search("[\u4e00-\u9fff]", chinese), chinese


@each_chapter
def test_it_opens_with_title_hook_and_aims(chapter: NotebookNode) -> None:
    for wanted, words in (
        ("en", ("Prerequisites", "You will be able to", "Minutes")),
        ("zh", ("预备知识", "能够", "")),
    ):
        first = markdown(chapter, wanted)[0]
        title, hook, aims = first.strip().split("\n\n", 2)
        assert title.startswith("# ")
        assert "$" not in hook, "the question comes before the formula"
        items = re.findall(r"^- .*", aims, re.MULTILINE)
        assert len(items) == 3
        for item, expected in zip(items, words, strict=True):
            assert expected in item


@each_chapter
def test_it_installs_kerastut_first(chapter: NotebookNode) -> None:
    first, second = [cell for cell in chapter.cells if cell.cell_type == "code"][:2]
    assert (tags(first), first.source) == (["install"], "%pip install --quiet kerastut")
    assert re.search(r"^from kerastut import .*\bteaching$", second.source, re.MULTILINE)


@each_new_chapter
def test_a_beginner_can_read_the_code(chapter: NotebookNode) -> None:
    for cell in unfolded(chapter):
        assert calls_of_kerastut(cell) <= MOST_CALLS, cell
        assert nested(cell) == 0, cell
        assert not crowded(cell)
        assert not wide(cell)
    for source in code(chapter):
        assert not untranslated(source)


@each_new_chapter
def test_a_whole_program_stands_before_the_exercises(chapter: NotebookNode) -> None:
    cells = [cell for cell in chapter.cells if language(cell) != "zh"]
    places = [number for number, cell in enumerate(cells) if "program" in tags(cell)]
    exercises = [n for n, cell in enumerate(cells) if "**Exercise 1" in cell.source]
    assert places[0] < exercises[0]


@each_new_chapter
def test_there_are_exercises_of_each_kind(chapter: NotebookNode) -> None:
    text = "\n".join(markdown(chapter, "en"))
    kinds = Counter(re.findall(r"\*\*Exercise \d+\.?\*\* ★{1,3} \(([\w ]+)\)", text))
    assert kinds["by hand"] >= 2
    assert kinds["build"] >= 1
    assert kinds["repair"] >= 1
    assert '<details class="choice">' in text


@each_new_chapter
def test_chinese_is_set_as_chinese(chapter: NotebookNode) -> None:
    for cell in chapter.cells:
        if language(cell) == "zh":
            assert not misplaced(cell.source)
        elif cell.cell_type == "code":
            assert not misplaced(commented(cell.source, "zh"))


@each_chapter
def test_exercises_have_answers_or_checks(chapter: NotebookNode) -> None:
    text = "\n".join(markdown(chapter, "en"))
    exercises = re.findall(r"\*\*Exercise (\d+)", text)
    assert exercises == [str(number) for number in range(1, len(exercises) + 1)]
    assert 4 <= len(exercises) <= 8
    solutions = code(chapter, "solution")
    assert len(solutions) >= 2
    quizzes = [part for part in text.split("**Exercise ")[1:] if "(quiz)" in part]
    assert all('<details class="choice">' in quiz for quiz in quizzes)
    assert len(exercises) <= text.count("<details>") + len(solutions) + len(quizzes)
    for source in solutions:
        assert "raise NotImplementedError" in stub(source, "en")
        ast.parse(stub(source, "zh"))
    following = zip(chapter.cells, chapter.cells[1:], strict=False)
    assert all("check" in tags(after) for cell, after in following if "solution" in tags(cell))


@each_chapter
def test_no_result_is_typed(chapter: NotebookNode) -> None:
    """What a build task demands is no result: its check asks for the same."""
    checks = "\n".join(code(chapter, "check"))
    for wanted in LANGUAGES:
        for cell in markdown(chapter, wanted):
            found = RESULT.findall(prose(cell))
            if "(build)" in cell or "（构建）" in cell:
                assert all(number in checks for number in found), cell
            else:
                assert not found, cell


@each_chapter
def test_it_predicts_flags_opinion_and_corrects(chapter: NotebookNode) -> None:
    english, chinese = ("\n".join(markdown(chapter, wanted)) for wanted in LANGUAGES)
    assert english.count("**Predict") == len(re.findall(r"\*\*(?:先)?猜", chinese)) >= 1
    assert english.count("**Opinion") == len(re.findall(r"\*\*(?:观点|个人看法)", chinese)) >= 1
    called = {ast.unparse(call.func) for call in calls(chapter)}
    needed = {"erratum", "match", "say"}
    assert needed <= {name.removeprefix("teaching.") for name in called}


@each_chapter
def test_runs_are_held_and_silent(chapter: NotebookNode) -> None:
    found = calls(chapter)
    runs = [call for call in found if ast.unparse(call.func) == "kerastut.run"]
    assert not runs or "teaching.hold" in {ast.unparse(call.func) for call in found}
    for call in runs:
        assert any(
            keyword.arg is None or (keyword.arg == "verbose" and ast.unparse(keyword.value) == "0")
            for keyword in call.keywords
        ), f"its lines hold durations: {ast.unparse(call)}"


@each_chapter
def test_it_is_plain_markdown_with_links_that_lead_somewhere(chapter: NotebookNode) -> None:
    for cell in markdown(chapter, "en"):
        assert "```{" not in cell
        assert ":::" not in cell
        for _, target in LINK.findall(cell):
            name = target.partition("#")[0]
            assert target.startswith("https://") or Path(name).stem in STEMS, target


def test_the_readers_notebooks_are_those_of_the_chapters() -> None:
    wanted = dict(copies())
    assert set(COPIES.glob("*/*.ipynb")) == set(wanted), "run: make notebooks"
    for path, text in wanted.items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run: make notebooks"


@pytest.mark.parametrize("path", sorted(COPIES.glob("*/*.ipynb")), ids=lambda path: path.stem)
def test_the_readers_notebooks_hold_their_outputs(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    outputs = [output for cell in cells for output in cell.outputs]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 3
    assert not [output for output in outputs if output.output_type == "error"]
    silent = [cell.source for cell in cells if not cell.outputs and "solution" not in tags(cell)]
    speaking = r"^(?:print|teaching\.(?:say|tell|erratum|match|hold|diagram)|plt\.show)\("
    assert not [source for source in silent if re.search(speaking, source, re.M)]


@pytest.mark.parametrize("name", ["00_start", "02_regression", "07_text"])
def test_the_first_cell_brings_what_the_notebook_reads(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = nbformat.read(COPIES / "zh" / f"{name}.ipynb", as_version=4)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    assert '"install --quiet ../.."' in first.source
    monkeypatch.chdir(tmp_path)
    exec(re.sub(r"^%.*$", "", first.source, flags=re.MULTILINE))
    text = "".join(cell.source for cell in notebook.cells)
    assert {path.name for path in tmp_path.iterdir()} == {f for f in BESIDE.values() if f in text}
