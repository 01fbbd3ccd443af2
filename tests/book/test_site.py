"""The machinery behind notebooks, figures and site."""

import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path, PurePosixPath

import pytest
from book import LANGUAGES, ROOT, execution
from book.chapters import read
from book.chinese import joined, misplaced
from book.comments import commented, untranslated
from book.copies import copy
from book.counting import calls, crowded, nested, wide
from book.editions import edition
from book.execution import ChapterError, execute, pictures
from book.figures import commands, recipe_run
from book.linkcheck import problems
from book.links import for_site
from book.pages.api import modules
from book.pages.corrections import table
from book.pages.lessons import PagePreprocessor
from book.stubs import stub
from book.words import word
from matplotlib.font_manager import findfont
from matplotlib.ft2font import FT2Font
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from kerastut.cli import build_parser
from kerastut.corrections.catalogue import load_faults
from kerastut.plotting import LABELS as COMMON
from kerastut.plotting import label_pairs
from kerastut.plotting.fonts import FONT
from kerastut.registry import chinese_texts, list_recipes, translated
from kerastut.teaching import LABELS
from kerastut.version import __version__

CHAPTER = """# %% [markdown] tags=["lang-en"]
# # One neuron
#
# Which way?

# %% [markdown] tags=["lang-zh"]
# # 一个神经元
#
# 往哪边转，
# 转多少？

# %% tags=["install"]
# %pip install --quiet kerastut

# %% tags=["solution"]
def double(x):
    # BEGIN SOLUTION
    y = x + x
    return y
    # END SOLUTION
"""


@pytest.fixture
def chapter(tmp_path: Path) -> NotebookNode:
    path = tmp_path / "01_neuron.py"
    path.write_text(CHAPTER, encoding="utf-8")
    return read(path)


def notebook(*sources: str) -> NotebookNode:
    return new_notebook(cells=[new_code_cell(source) for source in sources])


def test_an_edition_has_one_language(chapter: NotebookNode) -> None:
    code = chapter.cells[2]
    code.outputs = [
        new_output("display_data", {"text/plain": text}, metadata=metadata)
        for text, metadata in (("one", {"lang": "en"}), ("一", {"lang": "zh"}), ("both", {}))
    ]
    for language, first, said in (
        ("en", "# One neuron", "one"),
        ("zh", "# 一个神经元", "一"),
    ):
        found = edition(chapter, language)
        assert [cell.cell_type for cell in found.cells] == ["markdown", "code", "code"]
        assert found.cells[0].source.startswith(first)
        printed, both = found.cells[1].outputs
        assert (printed.text, both.data["text/plain"]) == (f"{said}\n", "both")
    assert len(chapter.cells[2].outputs) == 3


def test_a_readers_copy_has_stubs_its_language_and_outputs(chapter: NotebookNode) -> None:
    chapter.cells[3].outputs = [new_output("stream", text="of the solution")]
    chapter.cells.append(new_code_cell("double(2)", id="last"))
    chapter.cells[4].outputs = [new_output("stream", text="of the check")]
    text = copy(chapter, "zh")
    assert "%env KERASTUT_LANG=zh" in text
    assert 'def double(x):\\n",\n    "    raise NotImplementedError  # 在这里写你的代码' in text
    assert "往哪边转，转多少？" in text
    assert "of the check" in text
    assert "of the solution" not in text
    assert f"kerastut-{__version__}-py3-none-any.whl" in text
    assert "One neuron" not in text
    assert copy(chapter, "zh") == text


def test_a_stub_keeps_what_is_not_marked() -> None:
    source = (
        "def f():\n    a = 1\n    # BEGIN SOLUTION\n    b = 2\n    # END SOLUTION\n    return a"
    )
    assert stub(source, "en") == (
        "def f():\n    a = 1\n    raise NotImplementedError  # your code here\n    return a"
    )


def test_a_picture_becomes_a_file_with_words_for_who_cannot_see_it(chapter: NotebookNode) -> None:
    drawing = "<svg width='800' height='350'><text font-size='12'/></svg>"
    about = {"lang": "en", "alt": 'a "line"'}
    chapter.cells[2].outputs = [
        new_output("display_data", {"image/svg+xml": drawing}, metadata=about),
        new_output(
            "display_data",
            {"image/png": "AAAA"},
            metadata=about | {"image/png": {"width": 40, "height": 30}, "least_width": 20},
        ),
    ]
    chapter.cells[2].metadata.tags = []
    step = PagePreprocessor("01_neuron", "en")
    page = edition(chapter, "en", step)
    assert list(step.pictures) == ["01_neuron-1.svg", "01_neuron-2.png"]
    first, second = (out.data["text/html"] for out in page.cells[1].outputs)
    assert 'alt="a &quot;line&quot;" width="800" height="350" style="min-width: 600px"' in first
    assert 'width="40" height="30" style="min-width: 20px"' in second


def test_a_page_shows_the_stub_and_folds_the_solution(chapter: NotebookNode) -> None:
    page = edition(chapter, "zh", PagePreprocessor("01_neuron", "zh"))
    exercise, solution, _ = page.cells[1:]
    assert "raise NotImplementedError" in exercise.source
    assert solution.source == "def double(x):\n    y = x + x\n    return y"
    assert solution.metadata.tags == ["solution", "hide-input"]
    assert solution.metadata.mystnb["code_prompt_show"] == "显示答案"


def test_wrapped_chinese_is_joined() -> None:
    assert joined("一个数，\n即损失\nL。\n\n- 甲，\n  乙") == "一个数，即损失\nL。\n\n- 甲，乙"
    assert joined("# 标题\n正文") == "# 标题\n正文"
    assert joined("| 甲 |\n\n（乙）") == "| 甲 |\n\n（乙）"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("训练时，\n`fit` 更新权重", "训练时，`fit` 更新权重"),
        ("- 甲，\n  **乙**（\n  c）", "- 甲，**乙**（c）"),
        ("运行 `check`\n（可省略）", "运行 `check`（可省略）"),
        ("见下表。\n[第一章](a.md)", "见下表。[第一章](a.md)"),
        *((f"分三种：\n{block}",) * 2 for block in ("- a", "1. a", "| a |", "$$x$$", "<b>", "")),
        ("分三种：\n```\n# 甲，\nb\n```", "分三种：\n```\n# 甲，\nb\n```"),
        ("权重\nw 是", "权重\nw 是"),
    ],
)
def test_no_blank_stands_beside_a_wide_mark(text: str, expected: str) -> None:
    """A browser shows a line break as a blank, beside code and formulas too."""
    assert joined(text) == expected
    assert not misplaced(expected)
    assert misplaced("训练时， `fit` 更新权重")


def test_a_chapter_that_raises_fails_the_build() -> None:
    with pytest.raises(ChapterError, match="wrong on purpose"):
        execute(notebook("1 + 1", "raise ValueError('wrong on purpose')"), "chapter.py")
    bad = ("import sys; print('careful', file=sys.stderr)", "print('a WARNING')", "print('1\\b2')")
    with pytest.raises(ChapterError, match=r"chapter\.py: expected neither") as caught:
        execute(notebook(*bad), "chapter.py")
    assert str(caught.value).splitlines()[1:] == [
        "  careful",
        "  a WARNING",
        "  a progress bar: pass verbose=2 or verbose=0",
    ]


FIGURES = """
import matplotlib.pyplot as plt
from kerastut import teaching
teaching.alt(en="Two bars.", zh="两个条形。")
figure, axes = plt.subplots()
axes.bar(["training", "validation"], [1, 2], label="learning rate 0.1")
axes.set(xlabel="epoch", title="mlp-mnist", ylabel="$x_i$")
axes.legend()
plt.show()
"""


def test_one_execution_gives_figures_in_both_languages() -> None:
    said = "teaching.tell(en='one', zh='一'); teaching.tell(en='two', zh='二'); print(3)"
    timed = "print('9/9 - 1s - 15ms/step - loss: 0.5')"
    done = execute(notebook(FIGURES, said, timed), "chapter.py")
    shown = [output.metadata for output in done.cells[0].outputs]
    assert [(about.lang, about.alt) for about in shown] == [
        ("en", "Two bars."),
        ("zh", "两个条形。"),
    ]
    english, chinese = (pictures(done, language)[0] for language in LANGUAGES)
    assert english != chinese
    _, lines, times = edition(done, "zh").cells
    assert [out.text for out in lines.outputs] == ["一\n二\n3\n"]
    assert times.outputs[0].text == "9/9 - loss: 0.5\n"
    with pytest.raises(ChapterError, match="no Chinese label for 'a strange title'"):
        execute(notebook(FIGURES.replace("mlp-mnist", "a strange title")), "chapter.py")


def test_a_chapter_is_run_again_where_its_code_changes_not_its_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "EXECUTED", tmp_path / "executed")
    monkeypatch.setattr(execution, "KERNELS", tmp_path / "kernels")
    monkeypatch.setattr(execution, "LEAST_FIGURES", 0)
    chapter, seen = tmp_path / "00_new.py", []
    clock = "import time; time.time_ns()"
    for text, code in (("One", clock), ("Two", clock), ("Two", "1 + 2")):
        chapter.write_text(f"# %% [markdown]\n# {text}\n\n# %%\n{code}\n")
        shown, cell = execution.run(chapter).cells
        assert shown.source == text
        seen.append(cell.outputs[0].data["text/plain"])
    assert seen[0] == seen[1]
    assert seen[2] == "3"


CODE = """# one
# and more
# zh: 一
x = 1

def f(x):
    # BEGIN SOLUTION
    # two
    # zh: 二
    return x
    # END SOLUTION"""


def test_comments_are_those_of_the_edition() -> None:
    assert commented(CODE, "en") == re.sub(r"\n *# zh:.*", "", CODE)
    assert commented(CODE, "zh").splitlines()[:2] == ["# 一", "x = 1"]
    assert "    # BEGIN SOLUTION\n    # 二\n" in commented(CODE, "zh")
    assert untranslated(CODE) == []
    assert sorted(untranslated("# a\nx = 1  # b\n# c\n\n# zh: d")) == ["# a", "# b", "# c"]


def test_code_for_beginners_is_counted() -> None:
    assert calls("teaching.say(kerastut.load('mnist').train, plt.show())") == 2
    assert nested("[[a for a in b] for b in c]; [d for d in e]") == 1
    assert crowded("a, b = 1, 2\nc, d = f()\ne = g = 3\nh = 1; i = 2") == [
        "i = 2",
        "a, b = (1, 2)",
        "e = g = 3",
    ]
    assert len(wide("x" * 84 + "\n" + "数" * 43)) == 1


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("损失,即一个数", True),
        ("是吗?", True),
        ("$x$\n，即", True),
        ("`a`: 说明", True),
        ("（ 好", True),
        ("损失，即 `f(x, y)` 的值：$a, b$。", False),
        ("见 [这里](https://a.org/b?c=d)。", False),
    ],
)
def test_half_width_marks_among_chinese_are_found(text: str, wrong: bool) -> None:
    assert bool(misplaced(text)) == wrong


def test_a_chapter_whose_recipe_leaves_its_band_fails_the_build() -> None:
    source = (
        "import kerastut\nfrom kerastut import teaching\n"
        "run = kerastut.run('linear-regression', epochs=1, limit=64, verbose=0)\n"
        "teaching.hold(run, loss=(0.0, 1e-9))"
    )
    with pytest.raises(ChapterError, match="expected loss within 0 to 1e-09"):
        execute(notebook(source), "chapter.py")


def test_two_builds_of_figures_give_the_same_bytes(tmp_path: Path) -> None:
    """In processes of their own, so that nothing is remembered."""
    first, second = (
        {path.name: path.read_bytes() for path in folder.glob("*.png")}
        for folder, _ in (
            recipe_run("gradient-descent", True, tmp_path / name) for name in ("first", "second")
        )
    )
    names = ("double_well", "history", "trajectories")
    assert set(first) == {f"{name}{end}" for name in names for end in (".png", ".zh.png")}
    assert first == second


def test_every_command_above_a_figure_parses() -> None:
    found = [command for page in (ROOT / "docs").glob("*.md") for command in commands(page)]
    assert len(found) >= 4
    for command in found:
        build_parser().parse_args(command)


def test_links_lead_to_the_pages_of_the_site() -> None:
    text = "[a](recipes/cnn_mnist.py) [b](docs/choosing.md#x) [c](https://d.org) [e](LICENSE)"
    assert for_site(text, PurePosixPath()) == (
        "[a](/recipes/cnn-mnist.md) [b](/documents/choosing.md#x) [c](https://d.org) e"
    )
    assert for_site("![f](f.png)", PurePosixPath("docs")) == "![f](/documents/f.png)"


def test_broken_links_and_foreign_things_are_found(tmp_path: Path) -> None:
    page = "<h1 id='a'></h1><a href='#a'></a><a href='https://x.org'></a><a href='#b'></a>"
    page += "<img src='no.png'><script src='https://x.org/y.js'></script>"
    (tmp_path / "index.html").write_text(page)
    (tmp_path / "style.css").write_text("@import url(//x.org/z.css); a { background: url(b.png) }")
    assert problems(tmp_path) == [
        "index.html: the link #b leads nowhere.",
        "index.html: the link no.png leads nowhere.",
        "index.html: loads https://x.org/y.js from another host.",
        "style.css: loads //x.org/z.css from another host.",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_of_corrections_has_every_fault(language: str) -> None:
    found = re.findall(r"<tr id='(T\d-\d\d)'", table(language))
    assert found == [fault.id for fault in load_faults()]


def test_every_recipe_has_a_chinese_summary() -> None:
    names = [*(recipe.name for recipe in list_recipes()), "parameters"]
    assert list(chinese_texts()) == names, "recipes.zh.toml: expected a table each, in this order"
    for recipe in list_recipes():
        english = recipe.description
        other = joined(translated(recipe, "zh").description)
        assert english.count("\n- ") == other.count("\n- "), f"{recipe.name}: as many points"
        assert re.findall(r"\d\.\d{3,}|\d+,\d{3}", english) == re.findall(
            r"\d\.\d{3,}|\d+,\d{3}", other
        )
        assert not misplaced(other)
        for parameter in recipe.parameters.values():
            assert parameter.help in chinese_texts()["parameters"], (
                f"{recipe.name}: recipes.zh.toml has no Chinese for {parameter.help!r} under"
                " [parameters]"
            )


def test_every_label_has_a_chinese_form() -> None:
    sources = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "scripts" / "book").rglob("*.py")
    )
    for label in re.findall(r"\bword\(\"([^\"]+)\", (?:language|EDITION)\)", sources):
        assert word(label, "zh")


def test_every_room_has_a_page() -> None:
    names = list(modules())
    assert {"kerastut", "kerastut.train.trainer", "kerastut.plotting.histories"} <= set(names)
    assert not any("cli" in name or "_" in name.rpartition(".")[2][:1] for name in names)
    # A page is made by importing; what is put into programs needs packages of theirs.
    assert not any("pieces" in name for name in names)


def test_the_builders_say_what_they_do() -> None:
    """Each module that make calls can be imported by itself."""
    names = "book.notebooks", "book.figures", "book.site", "book.linkcheck", "book.counting"
    code = "; ".join(f"import {name}" for name in names)
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT / "scripts")


TOPICS = {path: ROOT / "docs" / path.name for path in sorted((ROOT / "docs/zh").glob("*.md"))}
TWINS = {**TOPICS, ROOT / "CONTRIBUTING.zh-CN.md": ROOT / "CONTRIBUTING.md"}
_FENCE = re.compile(r"^(`{3,4})\w*\n.*?^\1$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", TWINS, ids=lambda path: path.stem)
def test_a_topic_in_chinese_says_what_the_english_one_says(path: Path) -> None:
    """It has the same headings, code, tables, lists, links and numbers."""
    texts = [one.read_text(encoding="utf-8") for one in (TWINS[path], path)]
    english, chinese = (re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL) for text in texts)
    for form in (r"^#+ ", r"^\|", r"^- "):
        plain = [_FENCE.sub("", text) for text in (english, chinese)]
        found = [re.findall(form, text, re.MULTILINE) for text in plain]
        assert found[0] == found[1]
    blocks = [[_uncommented(m[0]) for m in _FENCE.finditer(text)] for text in (english, chinese)]
    assert blocks[0] == blocks[1]
    prose = joined(_FENCE.sub("", chinese))
    assert not misplaced(prose)
    links = [
        sorted(re.findall(r"\]\((?:\.\./|docs/zh/|docs/)?([^)]*)\)", text))
        for text in (english, chinese)
    ]
    assert links[0] == links[1]
    for target in re.findall(r"\]\((?!https:)([\w./-]+)[^)]*\)", chinese):
        assert (path.parent / target).exists(), target
    numbers = [
        Counter(re.findall(r"\d+\.\d+|\d+,\d{3}", _FENCE.sub("", t))) for t in (english, chinese)
    ]
    assert numbers[0] == numbers[1]


def _uncommented(block: str) -> str:
    """Returns code without what differs by the language: comments, and what a command prints."""
    if block.lstrip("`").startswith("console"):
        block = "\n".join(re.findall(r"(?m)^\$ .*", block))
        block = re.sub(r" --lang \w+", "", block)
    return re.sub(r" *# .*", "", block)


def test_the_topics_in_chinese() -> None:
    english = {path.stem for path in (ROOT / "docs").glob("*.md")}
    assert {path.stem for path in TOPICS} == english


def test_prose_of_the_site_is_set_as_chinese() -> None:
    folder = ROOT / "scripts" / "book"
    for path in folder.glob("texts/*.zh.md"):
        assert not misplaced(joined(path.read_text(encoding="utf-8"))), path.name
    for chinese_, _, _, means in glossary_words().values():
        assert not misplaced(chinese_ + means)
    for path in (COMMON, *sorted(LABELS.glob("*.toml"))):
        for english, other in label_pairs(path).items():
            assert not misplaced(other), english


def glossary_words() -> dict[str, tuple[str, str, str, str]]:
    text = (ROOT / "scripts" / "book" / "glossary.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def test_no_label_has_two_twins_and_every_letter_is_in_the_font() -> None:
    letters = set(FT2Font(str(FONT)).get_charmap())
    plain = set(FT2Font(findfont("DejaVu Sans")).get_charmap())
    known: dict[str, str] = {}
    for path in (COMMON, *sorted(LABELS.glob("*.toml"))):
        for english, other in label_pairs(path).items():
            assert known.setdefault(english, other) == other, f"{path.name}: {english}"
            missing = set(map(ord, other)) - letters - plain - {10}
            assert not missing, f"{english}: python scripts/build_font.py"
            plain_text = re.sub(r"\$[^$]*\$", "", english)
            blanks = [set(re.findall(r"\{\w+\}", text)) for text in (plain_text, other)]
            assert blanks[0] == blanks[1]
