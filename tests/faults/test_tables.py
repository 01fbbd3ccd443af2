"""CSV and TSV files: what is read, and what is refused in a line that names the file."""

from pathlib import Path
from typing import Any

import pytest

from .corpus import read, refused, sizes


@pytest.mark.parametrize(
    ("name", "header", "join", "note"),
    [
        ("a.csv", ["text", "label"], ",", "text from column 'text', label from column 'label'"),
        ("a.csv", ["评论", "情感"], ";", "text from column '评论', label from column '情感'"),
        ("a.tsv", ["Review", "Mark"], "\t", "text from column 'Review', label from column 'Mark'"),
    ],
)
def test_table(tmp_path: Path, name: str, header: list[str], join: str, note: str) -> None:
    rows = [header, *([f"text {row}", str(9 + row % 2)] for row in range(20))]
    (tmp_path / name).write_text("\n".join(join.join(row) for row in rows), encoding="utf-8-sig")
    data = read(tmp_path / name, seed=0)
    assert sizes(data) == [16, 2, 2]
    assert data.classes == ("9", "10")
    assert data.source == f"{tmp_path / name}: {note}"
    for text, label in zip(data.train.x, data.train.y, strict=True):
        assert int(text.split()[1]) % 2 == label


def test_table_in_parts_with_a_quoted_line_break(tmp_path: Path) -> None:
    names = ["train"] * 8 + ["test"] * 2
    rows = [f'"one\ntwo, {row}",{row % 2},{name}' for row, name in enumerate(names)]
    (tmp_path / "a.csv").write_text("\n".join(["text,label,split", *rows]))
    data = read(tmp_path / "a.csv", seed=0)
    assert sizes(data) == [7, 1, 2]
    assert data.test.x.tolist() == ["one\ntwo, 8", "one\ntwo, 9"]


def test_table_with_a_named_encoding_and_columns(tmp_path: Path) -> None:
    rows = ["甲,乙,丙", *(f"好,{row % 2},书{row}" for row in range(8))]
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="gb18030")
    named: dict[str, Any] = {"text_column": "丙", "label_column": "乙", "encoding": "gb18030"}
    data = read(tmp_path / "a.csv", seed=0, **named)
    assert sorted(data.train.x)[0].startswith("书")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "expected a table, received an empty file."),
        ("\n \n\n", "expected a line of column names, received no text."),
        ("text,label", "expected several rows below the columns' names, received 0."),
        ("so good,1\nso bad,0", "line 1: cannot tell the column of text and label among"),
        (
            "a,b,label\nx,y,z\nx,y,w",
            "no column beside 'label' can be used: a (the same in every row), b",
        ),
        ("text,text,label\nx,y,z\nx,y,w", "For texts, name theirs with --text-column."),
        ("text,label\ngood,\nbad,0\nfine,", "line 2 (no label), line 4 (no label). Correct these"),
        ("text,label\n,1\n  ,0", "received no rows. Is another column the label?"),
        ("text,label\na,1,2\nb", "line 3 (1 fields, not 2). Correct these lines, or leave them"),
        ("text,label\n" + "a,\n" * 9, "line 4 (no label) and 6 more."),
        ("text,label\na,1\nb,1\nc,1", "two classes or more in column 'label', received 1."),
        (
            "text,label\na,1\nb,0\nc,0\nd,0",
            "class '1' has too few samples to train on: 1; expected at",
        ),
        ('text,label\na,1\n"b,0\nc,1', "line 3: unexpected end of data. Is a quotation mark left"),
        ('text,label\n"a"b,1', "line 2: ',' expected after '\"'."),
        ("text,label\na\0,1", "line 2: a NUL character; expected text."),
        ("text,label\n" + "a" * 200_000 + ",1", "line 2: field larger than field limit (131072)."),
        ("text,label,split\na,1,train\nb,0,exam", "line 3 (split 'exam', not train, validation,"),
        ("text,label\na,\x1b[31m\nb,\x07", r"class '\u0007' has too few samples to train on: 1;"),
    ],
)
def test_bad_table(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content)
    assert message in refused("table", path)


def test_a_utf8_table_with_a_damaged_byte_is_not_taken_for_another_encoding(tmp_path: Path) -> None:
    content = ("text,label\n" + "很好,1\n太差,0\n" * 9).encode()
    (tmp_path / "a.csv").write_bytes(content[:11] + b"\xff" + content[12:])
    found = refused("table", tmp_path / "a.csv")
    assert "expected utf-8, received a byte that is none at offset 11. Set --encoding" in found


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"encoding": "utf-99"}, "'utf-99' is no text encoding."),
        ({"encoding": "zlib"}, "'zlib' is no text encoding."),
        ({"encoding": "ascii"}, "expected ascii, received a byte that is none at offset 11. Leave"),
        ({"text_column": "txt"}, "expected a column 'txt' in line 1; Did you mean text?"),
        ({"label_column": "mark"}, "expected a column 'mark' in line 1; Known: label, text."),
        ({"text_column": "label"}, "cannot tell the column of text and label among"),
    ],
)
def test_bad_options_of_a_table(tmp_path: Path, options: Any, message: str) -> None:
    (tmp_path / "a.csv").write_text("text,label\n好,1\n坏,0")
    assert message in refused("table", tmp_path / "a.csv", **options)
