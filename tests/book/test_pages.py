"""What a reader takes home, what stands on each page, and what is looked for on it."""

import datetime
import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from book import ROOT, execution, mathematics, npm, stamp
from book.execution import ChapterError, execute
from book.look import wrong
from book.packages import BOOK, book
from book.pages import lessons
from book.pages.reference import glossary, symbols
from book.pdf import joined
from book.pictures import framed
from book.untranslated import blocks
from docutils import nodes
from docutils.utils import new_document
from nbformat.v4 import new_code_cell, new_notebook
from sphinx.errors import ExtensionError

from kerastut.plotting.histories import history
from kerastut.plotting.style import save


def test_the_whole_book_is_the_same_file_twice(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder / "notebooks").mkdir(parents=True)
        (tmp_path / folder / "notebooks" / "a.ipynb").write_text("{}")
    (tmp_path / "kerastut.whl").write_bytes(b"wheel")
    for folder in ("one", "two"):
        book(tmp_path / folder, tmp_path / "kerastut.whl")
    files = [tmp_path / folder / BOOK for folder in ("one", "two")]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert ZipFile(files[0]).namelist() == ["kerastut-book/a.ipynb", "kerastut-book/kerastut.whl"]


def test_the_stamp_tells_date_size_and_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamp, "epoch", lambda: 1_700_000_000)
    date = datetime.date(2023, 11, 14).isoformat()
    for full, english, chinese in ((True, "in full", "完整"), (False, "Reduced", "精简")):
        monkeypatch.setattr(stamp, "FULL", full)
        for line, words in ((stamp.stamp("en"), english), (stamp.stamp("zh"), chinese)):
            assert words in line
            assert date in line
            assert "TensorFlow 2" in line


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("reduced edition", "first of its numbers", "one epoch")), ("zh", ("精简版", "一轮"))],
)
def test_a_page_of_the_reduced_edition_says_what_is_shortened(
    monkeypatch: pytest.MonkeyPatch, language: str, words: tuple[str, ...]
) -> None:
    scaled, plain = new_code_cell("count = teaching.scale(1, 2)"), new_code_cell("x = 1")
    program = new_code_cell('np.load("mnist.npz")', metadata={"tags": ["program"]})
    monkeypatch.setattr(lessons, "FULL", False)
    monkeypatch.setattr(execution, "FULL", False)
    said = lessons.shortening([scaled, plain, program], language)
    assert all(one in said for one in words)
    assert "teaching.scale" not in lessons.shortening([program], language)
    assert not lessons.shortening([plain], language)
    monkeypatch.setattr(lessons, "FULL", True)
    assert not lessons.shortening([scaled, plain, program], language)


def test_a_given_date_is_the_buildings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    assert stamp.epoch.__wrapped__() == 5
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert stamp.epoch.__wrapped__() > 1_700_000_000


def test_rules_of_the_layout() -> None:
    good = {"code": 20, "cut": 0, "mute": 0, "small": 0, "contents": True}
    assert wrong(good, 1280) == wrong(good | {"contents": None}, 1280) == []
    assert wrong(good | {"cut": 2, "contents": False}, 390) == []
    assert wrong(good | {"cut": 3}, 390) == ["cuts off 3 of 20 blocks of code"]
    assert wrong(good | {"cut": 1, "mute": 1, "small": 1, "contents": False}, 1280) == [
        "cuts off 1 of 20 blocks of code",
        "shows 1 pictures without words",
        "shows 1 pictures too small to read",
        "shows no contents",
    ]


def test_a_saved_figure_says_how_wide_it_has_to_be(tmp_path: Path) -> None:
    """Its smallest text, of 8 points at 150 dots per inch, has 9 pixels there."""
    save(history({"loss": [2.0, 1.0]})[0], tmp_path / "a.png")
    text = framed(tmp_path / "a.png", 'the "loss"', tmp_path / "extra")
    assert 'alt="the &quot;loss&quot;"' in text
    assert 'width="422"' in text  # 4.4 inches
    assert "min-width: 356px" in text
    assert (tmp_path / "extra" / "figures" / tmp_path.name / "a.png").exists()


def test_the_printed_book_has_all_articles_unfolded(tmp_path: Path) -> None:
    for name in ("a", "b"):
        text = f"<body><article><h1>{name}</h1><details><img loading='lazy'></details></article>"
        (tmp_path / f"{name}.html").write_text(text)
    text = joined(tmp_path, ["a", "b"])
    assert text.count("<h1>") == text.count('<details open="">') == 2
    assert "lazy" not in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_pages_of_words_and_symbols(language: str) -> None:
    assert "| backpropagation | 反向传播 |" in glossary(language)
    assert "| $\\eta$ | " in symbols(language)


def test_a_symbol_means_one_thing_in_all_chapters() -> None:
    """Each symbol of a chapter's table stands once on the page of symbols, whatever its index."""
    rows = re.findall(r"(?m)^\| \$(.*?)\$ \|", symbols("en"))
    listed = [one for row in rows for one in re.split(r",\\ ", row)]
    assert sorted(set(listed)) == sorted(listed)
    for path in sorted((ROOT / "notebooks_src").glob("*.py")):
        for first in re.findall(r"(?m)^# \| (\$[^|]*\$) \|", path.read_text(encoding="utf-8")):
            for one in re.findall(r"\$(.*?)\$", first):
                assert {one, re.sub(r"_(\w|\{.*\})$", "", one)} & set(listed), (path.name, one)


# Words of earlier editions, and those that the book has instead.
OUTDATED = {
    "池化": "汇聚",
    "往回走": "反向传播",
    "词对": "二元组（bigram）",
    "早停法": "提前停止",
    "滑动平均": "指数移动平均",
    "逐比特": "逐位",
    "下载笔记本": "下载 Notebook",
    "个人看法": "观点",
    "耐心值": "容忍轮数",
    "瞎猜": "随机猜测",
    "批大小": "批量大小",
    "批量归一化": "批量规范化",
}
NAMED_ONCE = {"glossary.toml": {"池化"}, "06_convolution.py": {"池化"}}


def test_one_word_for_one_thing_in_all_chinese_texts() -> None:
    folders = "docs", "kerastut", "notebooks_src", "recipes", "scripts"
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.suffix in {".md", ".py", ".toml"}:
                text = path.read_text(encoding="utf-8")
                found = {word for word in OUTDATED if word in text}
                assert found == NAMED_ONCE.get(path.name, set()), path


def test_a_figure_without_words_fails_the_build() -> None:
    source = "from kerastut import teaching\nteaching.curves({'loss': [1, 2]})"
    with pytest.raises(ChapterError, match=r"teaching\.alt says nothing"):
        execute(new_notebook(cells=[new_code_cell(source)]), "a.py")


def test_no_button_leads_nowhere() -> None:
    """The addresses of the project stand in pyproject.toml, once there are any."""
    for path in [*(ROOT / "scripts" / "book").rglob("*.py"), *(ROOT / "scripts").rglob("*.md")]:
        assert "github.com/kerastut" not in path.read_text(encoding="utf-8"), path.name


def test_english_blocks_of_a_chinese_page_are_found() -> None:
    page = (
        "<p>outside of the article it is another matter</p><article>"
        "<p>This sentence has not been translated.</p><p>这里 this is about one thing only</p>"
        "<ul><li>Goodfellow, Bengio</li><li><p>An item that is in English too</p></li></ul>"
        "<p><code>a line of code in English words</code></p></article>"
    )
    assert list(blocks(page)) == [
        "This sentence has not been translated.",
        "An item that is in English too",
    ]


def test_formulas_are_made_when_the_site_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not any(npm.FETCHED.glob("katex-*.tgz")):
        pytest.skip("no KaTeX before the first make site")
    monkeypatch.setattr(mathematics, "FOLDER", tmp_path / "mathematics")
    monkeypatch.setattr(mathematics, "SCRIPT", tmp_path / "katex.min.js")
    mathematics.write()
    style = (mathematics.FOLDER / mathematics.STYLE).read_text(encoding="utf-8")
    fonts = set(re.findall(r"url\(([^)]*)\)", style))
    assert len(fonts) == 20
    assert all((mathematics.FOLDER / "katex" / font).exists() for font in fonts)
    inline, display = mathematics.rendered([("a<b", False), (r"\frac{\text{损失}}{n}", True)])
    assert "<mi>a</mi><mo>&lt;</mo>" in inline
    assert display.startswith('<span class="katex-display">')
    with pytest.raises(ExtensionError, match=r"KaTeX failed: .*\\nothing"):
        mathematics.rendered([("x", False), (r"\nothing", False)])
    page = new_document("page")
    page += nodes.paragraph("", "", nodes.math("", "x"), nodes.Text("，而"), nodes.math("", "y"))
    mathematics.make(None, page)
    assert [one["mark"] for one in page.findall(nodes.math)] == ["，", ""]
    assert page.astext() == "x而y"
