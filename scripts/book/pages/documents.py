"""The README as guide, and the pages of docs."""

import shutil
from pathlib import Path, PurePosixPath

from book import ROOT
from book.chinese import joined
from book.links import for_site
from book.words import word

# For who changes the code: it draws its map where the repository is read.
LEFT_OUT = {"architecture"}
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
    pages = [path for path in (ROOT / "docs").glob("*.md") if path.stem not in LEFT_OUT]
    names = [_document(path, documents, language) for path in sorted(pages)]
    lines = [f"# {word('Topics', language)}", "", "```{toctree}", ":maxdepth: 2", ""]
    (documents / "index.md").write_text("\n".join([*lines, *names, "```", ""]), encoding="utf-8")


def _document(path: Path, folder: Path, language: str) -> str:
    text = for_site(path.read_text(encoding="utf-8"), PurePosixPath("docs"))
    if language == "zh":
        head, _, body = text.partition("\n")
        notice = word("This page exists in English only.", language)
        text = f"{head}\n\n:::{{note}}\n{notice}\n:::\n{body}"
    (folder / path.name).write_text(text, encoding="utf-8")
    return path.stem
