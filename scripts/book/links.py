"""Leads the links of a repository's Markdown file to the site's pages."""

import re
from pathlib import Path, PurePosixPath

from book import BRANCH, REPOSITORY, ROOT

_LINK = re.compile(
    r"\[(?P<text>(?:[^\[\]]|\[[^\]]*\])*)\]"
    r"\((?!https?:|#|mailto:)(?P<target>[^)#\s]+)(?P<anchor>#[^)]*)?\)"
)

TOPICS = PurePosixPath("/documents")
RULES = "/documents/rules.md"  # whose anchors lie in a table, where Sphinx does not look


def for_site(text: str, folder: PurePosixPath) -> str:
    """Returns the text with its links to files of the repository as links of the site.

    What is no page of the site is linked in the repository, if that has an address.

    Args:
        text: Markdown.
        folder: Where the file lies in the repository, such as `docs`.
    """

    chinese = folder.name == "zh"  # its sections get the English anchors when they are read

    def replace(match: re.Match[str]) -> str:
        page = _page(match["target"], folder)
        topic = PurePosixPath(page)
        if match["text"] == match["target"] and topic.parent == TOPICS:
            return f"[]({page})"  # which Sphinx shows by its title
        if match["anchor"] and (page == RULES or (chinese and topic.parent == TOPICS)):
            return f'<a href="{topic.stem}.html{match["anchor"]}">{match["text"]}</a>'
        return f"[{match['text']}]({page}{match['anchor'] or ''})" if page else match["text"]

    return _LINK.sub(replace, text)


def _page(target: str, folder: PurePosixPath) -> str:
    path = Path(ROOT, folder, target).resolve().relative_to(ROOT)
    match path.parts:
        case ("README.md" | "README.zh-CN.md",):
            return "/guide.md"
        case ("notebooks", *_):
            return "/chapters/index.md"
        case ("recipes", name) if name.endswith(".py"):
            return f"/recipes/{path.stem.replace('_', '-')}.md"
        case ("docs", "zh", *inner) | ("docs", *inner):
            return f"/documents/{'/'.join(inner)}"
    return REPOSITORY and f"{REPOSITORY}/blob/{BRANCH}/{path.as_posix()}"
