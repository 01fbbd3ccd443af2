"""The README as guide, and the pages of docs."""

import shutil
from pathlib import Path, PurePosixPath

from book import ROOT
from book.chinese import joined
from book.links import for_site
from book.relations import chapters_of_topic, titles
from book.words import word

# For who changes the code or the chapters.
LEFT_OUT = {"architecture", "writing-chapters"}
README = {"en": "README.md", "zh": "README.zh-CN.md"}


def write(folder: Path, language: str) -> None:
    """Writes the guide, and the documents with their figures."""
    guide = (ROOT / README[language]).read_text(encoding="utf-8")
    title = guide.splitlines()[0]
    guide = joined(guide.replace(title, f"# {word('Guide', language)}", 1))
    (folder / "guide.md").write_text(for_site(guide, PurePosixPath()), encoding="utf-8")
    documents = folder / "documents"
    documents.mkdir()
    for figure in sorted((ROOT / "docs").glob("*.png")):
        shutil.copy(figure, documents)
    shutil.copytree(ROOT / "docs" / "cluster", documents / "cluster")
    pages = [path for path in (ROOT / "docs").glob("*.md") if path.stem not in LEFT_OUT]
    names = [_document(path, documents, language) for path in sorted(pages)]
    lines = [f"# {word('Topics', language)}", "", "```{toctree}", ":maxdepth: 2", ""]
    (documents / "index.md").write_text("\n".join([*lines, *names, "```", ""]), encoding="utf-8")


def _document(path: Path, folder: Path, language: str) -> str:
    """Writes a topic; the ones that are in English only say so in the Chinese edition."""
    chinese = path.parent / "zh" / path.name
    if language == "zh" and chinese.exists():
        text = joined(chinese.read_text(encoding="utf-8"))
        text = for_site(text, PurePosixPath("docs/zh"))
    else:
        text = for_site(path.read_text(encoding="utf-8"), PurePosixPath("docs"))
        if language == "zh":
            head, _, body = text.partition("\n")
            notice = word("This page exists in English only.", language)
            text = f"{head}\n\n:::{{note}}\n{notice}\n:::\n{body}"
    if chapters := chapters_of_topic(path.stem):
        names = titles(language)
        links = (f"[{names[chapter]}](/chapters/{chapter}.ipynb)" for chapter in chapters)
        text += f"\n## {word('In the chapters', language)}\n\n" + "\n".join(f"- {x}" for x in links)
    (folder / path.name).write_text(f"{text.rstrip()}\n", encoding="utf-8")
    return path.stem
