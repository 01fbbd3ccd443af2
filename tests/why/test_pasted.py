"""Texts of any encoding and form are read."""

import codecs
import html
import json

import pytest

from kerastut.why import MOST_BYTES, decode, explain

TEXT = (
    "(tf) C:\\Users\\张三>python 训练.py\n"
    "Traceback (most recent call last):\n"
    '  File "C:\\Users\\张三\\训练.py", line 1, in <module>\n'
    "    from keras.utils import np_utils  # 标签\n"
    "ImportError: cannot import name 'np_utils' from 'keras.utils' (C:\\envs\\keras\\utils.py)\n"
)


def code(text: str) -> list[str]:
    return [cause.id for cause in explain(text).causes]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("gbk", b""),
        ("gb18030", b""),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
    ],
)
def test_encodings(encoding: str, mark: bytes) -> None:
    assert decode(mark + TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16-le"])
@pytest.mark.parametrize("start", range(13, 19))
def test_a_cut_through_a_character(encoding: str, start: int) -> None:
    content = TEXT.encode(encoding)
    assert code(decode(content[start:])) == ["KT104"]
    assert code(decode(content[: content.index("张".encode(encoding), 60) + 1])) == []


def test_forms() -> None:
    typographic = TEXT.replace(" '", " ‘").replace("' ", "’ ")
    full_width = TEXT.replace("ImportError: ", "ImportError：").replace("(", "（")
    quoted = "".join(f"> {line}\n" for line in TEXT.splitlines())
    web_page = html.escape(TEXT)
    console = "".join(f"web_1  | {line}\n" for line in TEXT.splitlines())
    for text in (typographic, full_width, quoted, web_page, console, TEXT.replace("\n", "\r\n")):
        assert code(text) == ["KT104"]


def test_a_notebook_and_what_an_editor_copies() -> None:
    coloured = [f"\x1b[0;31m{line}\x1b[0m" for line in TEXT.splitlines()]
    error = {"output_type": "error", "ename": "ImportError", "traceback": coloured}
    notebook = {"cells": [{"cell_type": "code", "source": ["1"], "outputs": [error]}]}
    assert code(json.dumps(notebook)) == ["KT104"]
    assert code(json.dumps({"name": "ImportError", "message": "x", "stack": TEXT})) == ["KT104"]
    stream = {"output_type": "stream", "name": "stderr", "text": TEXT.splitlines(keepends=True)}
    assert code(json.dumps({"cells": [{"outputs": [stream]}]})) == ["KT104"]


def test_the_old_forms_of_messages() -> None:
    old = "    from keras.utils import np_utils\nImportError: cannot import name 'np_utils'\n"
    assert code(old) == ["KT104"]
    assert code("ImportError: cannot import name 'np_utils'") == []  # of what, nobody knows
    twice = "TypeError: {}() got multiple values for argument 'data'"
    assert code(twice.format("countplot")) == ["KT272"]
    assert code(twice.format("read")) == []


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "\x00", "\ud800", "{", "[" * 99_999, '{"traceback":' * 9_999, "'" * 99_999),
        *("Traceback (most recent call last):", "Error", "\x1b]", "from keras import ", "Dense("),
    ],
)
def test_nothing_to_explain(text: str) -> None:
    assert explain(text).causes == ()
    assert decode(text.encode("utf-8", "surrogatepass")) is not None


@pytest.mark.parametrize(
    "piece",
    [
        *("a", "KeyError: 'acc' ", "fromkeras", "f() got an unexpected keyword argument 'x'\n"),
        *("\x1b]", "NameError: name 'x' is not defined\n", "Traceback (most recent call last)\n"),
    ],
)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    """What takes the square of the length does not come back here."""
    explain((piece * MOST_BYTES)[: MOST_BYTES // 8])
