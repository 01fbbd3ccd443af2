"""Tables of texts as people have them: each with the samples that it holds and what is said."""

import json
from pathlib import Path
from typing import Any

import pytest

from kerastut import DataOptions
from kerastut.data.own.columns import Column, column
from kerastut.data.own.decoding import decoded
from kerastut.data.own.table import read
from kerastut.errors import DataError

REVIEWS = {"很好，下次还来": "正面", "太差了": "负面", "味道不错": "正面", "服务不好": "负面"}
COMMAS = "\n".join(['"评论","标签"', *(f'"{text}","{label}"' for text, label in REVIEWS.items())])
SHORT = {"好": "1", "差": "0"}
GOOD = '{"text": "好", "label": 1}'


def found(path: Path, content: str | bytes, **options: Any) -> tuple[dict[str, str], str]:
    """Returns texts with their classes, and the note."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    read_ = read(path, DataOptions(**options))
    split = read_.parts["whole"]
    return {t: read_.classes[n] for t, n in zip(split.x, split.y, strict=True)}, read_.note


@pytest.mark.parametrize(
    ("name", "content", "samples", "said"),
    [
        ("gbk.csv", COMMAS.encode("gbk"), REVIEWS, "; read as gb18030"),
        ("u16.csv", COMMAS.replace(",", "\t").encode("utf-16"), REVIEWS, "; read as utf-16"),
        ("u16.csv", COMMAS.encode("utf-16-le"), REVIEWS, "; read as utf-16-le"),
        ("sep.csv", f"sep=,\n{COMMAS}\n", REVIEWS, ""),
        ("sep.csv", f"SEP=;\r\n{COMMAS.replace(',', ';')}\r\n", REVIEWS, ""),
        ("bom.csv", COMMAS.encode("utf-8-sig"), REVIEWS, ""),
        (
            "big5.csv",
            "評論,標籤\n很好,正面\n太差,負面\n".encode("big5"),
            {"很好": "正面", "太差": "負面"},
            "text from column '評論', label from column '標籤'; read as big5",
        ),
        (
            "ja.csv",
            "レビュー,label\n良い映画だった,1\nつまらない,0\n".encode("shift_jis"),
            {"良い映画だった": "1", "つまらない": "0"},
            "read as shift_jis",
        ),
        (
            "latin.csv",
            "text,label\ncafé,1\nMüll,0\n".encode("latin-1"),
            {"café": "1", "Müll": "0"},
            "read as cp1252",
        ),
        (
            "windows.csv",
            "text,label\nit’s “good”,1\nbad,0\n".encode("cp1252"),
            {"it’s “good”": "1", "bad": "0"},
            "read as cp1252",
        ),
        (
            "mix.csv",
            "text,label\nok 好,1\nbad,0\n".encode("gbk"),
            {"ok 好": "1", "bad": "0"},
            "read as gb18030",
        ),
        ("chn.csv", "label,review\n1,好\n0,差\n", SHORT, "text from column 'review', label from"),
        ("fl.csv", "text,label\n好,1.0\n差,0.0\n", SHORT, ""),
        ("ft.csv", "__label__1\t好 \n__label__0 差\n", SHORT, "; fastText"),
        ("ft.csv", "__label__1 好\n__label__0 差\n", SHORT, "; fastText"),
        ("ft.txt", "\n__label__1 好\n\n__label__0 差\n", SHORT, "; fastText"),
        ("fw.csv", "text，label\n好，1\n差，0\n", SHORT, ""),
        ("fw.csv", "text，label\n好,1\n差,0\n", SHORT, ""),
        ("fw.csv", "text,label\n好，1\n差，0\n", SHORT, ""),
        ("idx.csv", "\ufeff,text,label\n0,好,1\n1,差,0\n", SHORT, ""),
        (
            "nan.csv",
            "text,label\n好,1\n,0\n差,0\n",
            SHORT,
            "; rows without a text, left out: 1",
        ),
        (
            "sp.csv",
            "text,label\n好,pos \n好好,Pos\n棒,pos\n差,neg\n",
            {"好": "pos", "好好": "pos", "棒": "pos", "差": "neg"},
            "; the labels 'pos', 'Pos' are one",
        ),
        ("star.csv", "comment,star\n好,1\n差,0\n", SHORT, "label from column 'star'"),
        (
            "uq.csv",
            "text,label\n很好,下次还来,1\n差,0\n",
            {"很好,下次还来": "1", "差": "0"},
            "; texts with ',' between no quotation marks: 1",
        ),
        ("a.jsonl", '{"text": "好", "label": 1}\n\n{"label": 0.0, "text": "差"}\n', SHORT, ""),
        ("a.json", '[{"text": "好", "label": 1}, {"text": "差", "label": 0}]', SHORT, ""),
        ("a.json", '{"data": [{"text": "好", "label": 1}, {"text": "差", "label": 0}]}', SHORT, ""),
        ("a.json", f'{{"5": {GOOD}, "6": {{"text": "差", "label": 0}}, "9": {GOOD}}}', SHORT, ""),
        ("a.json", '{"text": {"0": "好", "1": "差"}, "label": {"0": 1, "1": 0}}', SHORT, ""),
        ("a.json", '{\n"text": ["好", "差"],\n"label": [1, 0]\n}', SHORT, ""),
        ("a.txt", "text\tlabel\n好\t1\n差\t0\n", SHORT, ""),
        ("a.csv", "\n\ntext;label\n好;1\n差;0\n", SHORT, ""),
        ("a.csv", "text,label\n好,1,\n差,0,,\n", SHORT, ""),
        (
            "a.csv",
            "2024年评论,\ntext,label\n好,1\n差,0\n",
            SHORT,
            "; lines above the columns' names",
        ),
    ],
)
def test_a_table_as_people_have_it(
    tmp_path: Path, name: str, content: str | bytes, samples: dict[str, str], said: str
) -> None:
    got, note = found(tmp_path / name, content)
    assert got == samples
    assert said in note if said else note.startswith("text from column") and ";" not in note


AREAS = "".join(f"{40 + 7 * n % 50}.5,{n % 9},{30 * n % 77}.25\n" for n in range(30))


@pytest.mark.parametrize(
    ("content", "columns", "said"),
    [
        (f"area,age,price\n{AREAS}", "area, age", ""),
        (f"# my houses\n# of 2024\narea,age,price\n{AREAS}", "area, age", "names, left out: 2"),
        (f"房价数据,,\n面积,房龄,价格\n{AREAS}", "面积, 房龄", "names, left out: 1"),
        (f"area,age,price\nm2,years,EUR\n{AREAS}", "area, age", "missing value, left out: 1"),
        (f"area,age,price\n{AREAS}total,,990\n", "area, age", "missing value, left out: 1"),
        (f"面积(平米),房龄（年）,总价（万元）\n{AREAS}", "面积(平米), 房龄（年）", ""),
        (f"area,area,price\n{AREAS}", "area, area.1", ""),
        (f",area,price\n{AREAS}", "column 1, area", ""),
        (f"area,age,price\n{AREAS}".replace("\n", ",\n"), "area, age", "column 4 (empty)"),
        (f"area,age,price\n{AREAS.replace(chr(10), ',' + chr(10))}", "area, age", ""),
        (f"area age price\n{AREAS}".replace(",", " "), "area, age", ""),
        (f"  area  age   price\n{AREAS}".replace(",", "   "), "area, age", ""),
        (f"surface,age,price\n{AREAS}".replace(",", ";").replace(".", ","), "surface, age", ""),
        (f"sep=;\narea,age,price\n{AREAS}".replace(",", ";"), "area, age", ""),
        (f"area,age,price\n{AREAS}".replace(",", "|"), "area, age", ""),
        (f"area,age,price\n{AREAS}".replace("\n", "\r"), "area, age", ""),
    ],
)
def test_a_table_of_numbers_as_people_have_it(
    tmp_path: Path, content: str, columns: str, said: str
) -> None:
    (tmp_path / "a.csv").write_text(content, newline="")
    found = read(tmp_path / "a.csv", DataOptions())
    assert ", ".join(found.columns.values()) == columns
    wanted = [[40 + 7 * n % 50 + 0.5, n % 9, 30 * n % 77 + 0.25] for n in range(30)]
    split = found.parts["whole"]
    got = [split.x[name][:, 0].tolist() for name in found.columns]
    assert [list(row) for row in zip(*got, split.y.tolist(), strict=True)] == wanted
    assert said in found.note if said else ";" not in found.note


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (AREAS, "line 1: cannot tell the label among '40.5, 0, 0.25'. Name it with --label-column"),
        (AREAS.replace("0.25", "y", 1), "line 1: cannot tell the label among '40.5, 0, y'. Name"),
        ("a,age,price\n1,2,3\n", "several rows below the columns' names, received 1."),
        ("a,age,price\n", "several rows below the columns' names, received 0."),
        (
            f"a,b,c\n{AREAS}",
            "cannot tell the label among 'a, b, c'. Name it with --label-column, or",
        ),
        (f"a,b,age,price\n{AREAS}", "line 2 (3 fields, not 4), line 3 (3 fields, not 4), line 4 ("),
    ],
)
def test_tables_of_numbers_that_cannot_be_read(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        found(tmp_path / "a.csv", content)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("first", "second", "one", "other", "unit"),
    [
        ("{}㎡", "{} ㎡", 10, 11, "m2"),
        ("{}.5 m²", "{}.5m2", 10.5, 11.5, "m2"),
        ("{}万", "{}.1万", 100_000, 111_000, ""),
        ("{}万元", "{},000元", 100_000, 11_000, "元"),
        ("1,{}4.5元", "1,{}4.50元", 1104.5, 1114.5, "元"),
        ("¥3,2{}", "￥3,2{}", 3210, 3211, "¥"),
        ("{} kg", "{}kg", 10, 11, "kg"),
        ("{}%", "{} ％", 10, 11, "%"),
        ("１{}３", "1{}3", 1103, 1113, ""),
        ("3.{}k", "3.{}K", 3100, 3110, ""),
        ("1.{}亿", "1{}0000万", 110_000_000, 1_110_000 * 1e4, ""),
        ("2{}M", "2{}.0M", 210e6, 211e6, ""),
        ("1.234,{} €", "234,{} €", 1234.1, 234.11, "€"),
        ("1.2{}", "1.2{},5", 1210, 1211.5, ""),
        ("1 2{}", "2{}", 1210, 211, ""),
        ("$-{}", "-${}", -10, -11, "$"),
        ("−{}℃", "-{}°C", -10, -11, "°C"),
    ],
)
def test_units_of_numbers(first: str, second: str, one: float, other: float, unit: str) -> None:
    found = column("area", [(first, second)[n % 2].format(10 + n) for n in range(30)])
    assert isinstance(found, Column)
    assert (*found.values[:2], found.unit) == (one, other, unit)


LINES = [f"{40 + 7 * n % 50}.5,{n % 9},{30 * n % 77}.25" for n in range(30)]


@pytest.mark.parametrize(
    ("name", "cells", "why"),
    [
        ("when", ["2024-01-03T10:30:00Z", "2024-01-04T11:30:00Z"], "dates"),
        ("when", ["Jan-24", "Feb-24"], "dates"),
        ("when", ["January 3, 2024", "Feb 12, 2024"], "dates"),
        ("when", ["3 Mar 2024 10:30", "12. Oct 2023 9:15"], "dates"),
        ("timestamp", ["1700000000", "1700000977.5"], "dates"),
        ("time", ["1700000000000", "1700000977000"], "dates"),
        ("客户ID", ["7", "12"], "an id"),
        ("a", ["—", "/"], "empty"),
        ("a", ["\\N", "暂无", "#DIV/0!", "NaT", "<NA>"], "empty"),
        ("a", ["may", "march"], None),
        ("a", ["2024年", "2023年"], None),
        ("a", ["1e400", "1"], "the same in every row"),
    ],
)
def test_columns_that_are_left_out(name: str, cells: list[str], why: str | None) -> None:
    found = column(name, cells)
    assert found == why if why else isinstance(found, Column)


def test_objects_in_objects_are_columns(tmp_path: Path) -> None:
    rows = [line.split(",") for line in LINES]
    objects = [{"house": {"area": a, "more": {"age": b}}, "price": c, "x": {}} for a, b, c in rows]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, objects)), encoding="utf-8")
    found = read(tmp_path / "a.jsonl", DataOptions())
    assert [*found.columns.values()] == ["house.area", "house.more.age"]


def test_an_excel_file_whose_first_sheet_is_a_note(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["houses of 2024"])
    sheet = book.create_sheet("houses")
    for row in ["area,age,price", *LINES]:
        sheet.append(row.split(","))
    book.save(tmp_path / "a.xlsx")
    found = read(tmp_path / "a.xlsx", DataOptions())
    assert [*found.columns.values()] == ["area", "age"]
    assert found.note.endswith("; sheet 'houses' of 2")


def test_units_that_differ_are_not_guessed(tmp_path: Path) -> None:
    cells = [f"{40 + 7 * n % 50}{('㎡', '')[n % 2]}" for n in range(30)]
    assert column("area", cells) == "units differ: m2, no unit"
    packs = column("pack", ["5kg", "500g", "5kg", "500g"])
    assert isinstance(packs, Column)
    assert packs.units_differ == "kg, g"
    rows = "".join(f"{cell},{n % 7}\n" for n, cell in enumerate(cells))
    (tmp_path / "a.csv").write_text(f"price,age\n{rows}", encoding="utf-8")
    with pytest.raises(DataError, match=r"numbers of 'price' have several units: m2, no unit\. W"):
        read(tmp_path / "a.csv", DataOptions())


def test_a_given_encoding_is_taken_and_not_said(tmp_path: Path) -> None:
    got, note = found(tmp_path / "a.csv", COMMAS.encode("gbk"), encoding="gbk")
    assert (got, "read as" in note) == (REVIEWS, False)


@pytest.mark.parametrize(
    "encoding", ["gb18030", "big5", "shift_jis", "euc_kr", "cp1251", "cp1252", "utf-8", "utf-16"]
)
def test_whole_texts_of_each_encoding(tmp_path: Path, encoding: str) -> None:
    text = {
        "gb18030": "这家餐厅的服务很好，价格也不贵。\n电池不到半年就坏了，客服也不理人。",
        "big5": "這家餐廳的服務很好，價格也不貴。\n電池不到半年就壞了，客服也不理人。",
        "euc_kr": "배터리가 금방 닳아요. 다시는 안 삽니다.\n정말 재미있어요, 추천합니다.",
        "cp1251": "Очень хороший фильм\nплохо и скучно",
        "shift_jis": "この映画はとても面白かったです。\n時間の無駄でした。二度と見ません。",
        "cp1252": "El niño está aquí – “qué bien”.\nSchöne Größe, très bon café.",
    }.get(encoding, "好：good, très bon")
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    assert decoded(path, None) == (text, "" if encoding == "utf-8" else encoding)
    for line in text.split("\n"):
        path.write_bytes(line.encode(encoding))
        assert decoded(path, None)[0] == line


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("shift_jis", "\n".join(f"とても良い映画でした{n},{'良悪'[n % 2]}" for n in range(30))),
        ("gb18030", "\n".join(f"物流很快{n},{'正负'[n % 2]}" for n in range(30))),
        ("big5", "服務,1\n電池,0"),
        ("euc_kr", "배송이 빨라요\n최악이다"),
        ("cp1251", "Не работает"),
        ("cp1252", "Müll,1\nÅngström,0"),
        ("cp1252", "ça va déjà"),
    ],
)
def test_few_words_of_each_encoding(tmp_path: Path, encoding: str, text: str) -> None:
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    assert decoded(tmp_path / "a.txt", None)[0] == text


def test_lines_that_are_no_samples_are_refused_or_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    content = "text,label\n好,1\n差,0\n没有\n坏,\n"
    with pytest.raises(DataError, match=r"line 4 \(1 fields, not 2\), line 5 \(no label\)\. Corr"):
        found(path, content)
    assert found(path, content, skip_bad=True)[0] == SHORT
    assert read(path, DataOptions(skip_bad=True)).left_out == {
        "line 4": "1 fields, not 2",
        "line 5": "no label",
    }


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.jsonl", '{"text": "a", "label": 1}\n{"text"', "line 2: no JSON: Expecting ':' delim"),
        ("a.jsonl", "[1, 2]", "a.jsonl: 1: expected an object with the columns' names, received"),
        ("a.json", '[\n{"text": 1},\n{"text"}]', "line 3: no JSON: Expecting ':' delimiter"),
        ("a.json", "{}", "expected objects, received none."),
        ("a.jsonl", "[" * 100_000, "no JSON: "),
        ("a.json", '{"text": ' + "9" * 5000 + "}", "no JSON: Exceeds the limit"),
        ("a.txt", "__label__a good\nbad", "line 2: expected one __label__NAME before the text."),
        ("a.txt", "__label__a __label__b good", "line 1: expected one __label__NAME before the"),
    ],
)
def test_bad_files_of_other_kinds(tmp_path: Path, name: str, content: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        found(tmp_path / name, content)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_excel_and_a_parquet_file_hold_what_their_csv_does(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    book = openpyxl.Workbook()
    for row in [("text", "label", None), *SHORT.items(), (None, None)]:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    columns = {"text": list(SHORT), "label": [1.0, 0.0]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    for name in ("a.xlsx", "a.parquet"):
        got, note = found(tmp_path / name, (tmp_path / name).read_bytes())
        assert (got, json.dumps(note)) == (
            SHORT,
            "\"text from column 'text', label from column 'label'\"",
        )


@pytest.mark.parametrize("name", ["a.xlsx", "a.parquet"])
def test_damaged_files_of_packages(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match=rf"{name}: .*(Excel|Parquet) file"):
        found(tmp_path / name, b"PK\x03\x04 or PAR1")
