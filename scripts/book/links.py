"""Leads the links of a repository's Markdown file to the site's pages."""

import re
from pathlib import Path, PurePosixPath

from book import BRANCH, REPOSITORY, ROOT

_LINK = re.compile(r"(\]\()(?!https?:|#|mailto:)([^)#\s]+)(#[^)]*)?\)")


def for_site(text: str, folder: PurePosixPath) -> str:
    """Returns the text with its links to files of the repository as links of the site.

    Args:
        text: Markdown.
        folder: Where the file lies in the repository, such as `docs`.
    """

    def replace(match: re.Match[str]) -> str:
        return f"{match[1]}{_page(match[2], folder)}{match[3] or ''})"

    return _LINK.sub(replace, text)


def _page(target: str, folder: PurePosixPath) -> str:
    path = Path(ROOT, folder, target).resolve().relative_to(ROOT)
    match path.parts:
        case ("README.md" | "README.zh-CN.md",):
            return "/guide.md"
        case ("recipes", name) if name.endswith(".py"):
            return f"/recipes/{path.stem.replace('_', '-')}.md"
        case ("docs", name):
            return f"/documents/{name}"
    return f"{REPOSITORY}/blob/{BRANCH}/{path.as_posix()}"
