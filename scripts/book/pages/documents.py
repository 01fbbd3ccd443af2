"""The README as guide, and the pages of docs."""

import re
import shutil
from pathlib import Path, PurePosixPath

from book import ROOT
from book.chinese import joined
from book.links import for_site
from book.pictures import framed
from book.relations import chapters_of_topic, titles
from book.words import word

# For who changes the code or the chapters.
# Pages of wide tables, which take the room of the list of contents.
WIDE = {"benchmarks", "choosing", "versions"}
LEFT_OUT = {"architecture", "writing-chapters"}
_PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\((?:/documents/(?:zh/)?)?(?P<file>[\w-]+\.png)\)")
README = {"en": "README.md", "zh": "README.zh-CN.md"}


def write(folder: Path, language: str) -> None:
    """Writes the guide, and the documents with their figures."""
    guide = (ROOT / README[language]).read_text(encoding="utf-8")
    title = guide.splitlines()[0]
    guide = joined(guide.replace(title, f"# {word('Guide', language)}", 1))
    guide = for_site(guide, PurePosixPath())
    # The guide lies beside the pictures' folder, topics lie in one of their own.
    guide = _framed(guide, ROOT / "docs", language, folder / "extra").replace(
        "../figures", "figures"
    )
    (folder / "guide.md").write_text(guide, encoding="utf-8")
    documents = folder / "documents"
    documents.mkdir()
    shutil.copytree(ROOT / "docs" / "cluster", documents / "cluster")
    pages = [path for path in (ROOT / "docs").glob("*.md") if path.stem not in LEFT_OUT]
    names = [_document(path, documents, language) for path in sorted(pages)]
    lines = [f"# {word('Topics', language)}", "", "```{toctree}", ":maxdepth: 1", ""]
    (documents / "index.md").write_text("\n".join([*lines, *names, "```", ""]), encoding="utf-8")


def _document(path: Path, folder: Path, language: str) -> str:
    """Writes a topic."""
    if language == "zh":
        text = joined((path.parent / "zh" / path.name).read_text(encoding="utf-8"))
        text = for_site(text, PurePosixPath("docs/zh"))
    else:
        text = for_site(path.read_text(encoding="utf-8"), PurePosixPath("docs"))
    text = _framed(text, path.parent, language, folder.parent / "extra")
    if chapters := chapters_of_topic(path.stem):
        names = titles(language)
        links = (f"[{names[chapter]}](/chapters/{chapter}.ipynb)" for chapter in chapters)
        text += f"\n## {word('In the chapters', language)}\n\n" + "\n".join(f"- {x}" for x in links)
    head = "---\nhide-toc: true\n---\n" if path.stem in WIDE else ""
    (folder / path.name).write_text(f"{head}{text.rstrip()}\n", encoding="utf-8")
    return path.stem


def _framed(text: str, docs: Path, language: str, extra: Path) -> str:
    """Returns Markdown whose pictures can be read on narrow screens, in Chinese if there are."""

    def frame(match: re.Match[str]) -> str:
        own = docs / "zh" / match["file"]
        path = own if language == "zh" and own.exists() else docs / match["file"]
        return framed(path, match["alt"], extra)

    return _PICTURE.sub(frame, text)
