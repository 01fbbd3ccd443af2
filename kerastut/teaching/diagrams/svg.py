"""Diagrams without computed numbers: the SVG files of this folder."""

from pathlib import Path
from xml.etree import ElementTree

from kerastut.errors import UnknownNameError, did_you_mean
from kerastut.teaching.telling.showing import languages, show

ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def diagram(name: str) -> None:
    """Shows a diagram, with its words in the languages that `say` shows.

    Args:
        name: Of a file beside this one, such as `"lstm-cell"`. In the file an element with the
            attribute `xml:lang` is for that language alone.

    Raises:
        UnknownNameError: If there is no such diagram.
    """
    files = {path.stem: path for path in Path(__file__).parent.glob("*.svg")}
    if name not in files:
        raise UnknownNameError(f"No diagram named {name!r}. {did_you_mean(name, files)}")
    for language in languages():
        root = ElementTree.parse(files[name]).getroot()
        for parent in root.iter():
            for child in list(parent):
                if child.get(_LANGUAGE, language) != language:
                    parent.remove(child)
        text = ElementTree.tostring(root, encoding="unicode")
        title = root.findtext("{*}title", default=name)
        show({"image/svg+xml": text, "text/plain": title}, language)
