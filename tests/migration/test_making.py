"""Data are made up as a program uses them, before any run has told of them."""

import gzip
import json
import os
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest

from kerastut.migration.maker import Maker
from kerastut.migration.making import SENTENCE, Making
from kerastut.migration.uses import Use
from kerastut.migration.wanted import LABELS, Wanted


def made(source: str, loaded: str, name: str = "a.npy") -> Any:
    making = Making(Wanted([source]), [], [])
    making.begin(name)
    return making.value(making.wanted.uses.of(loaded))


def test_a_file_of_matlab_has_the_keys_of_a_known_one() -> None:
    making = Making(Wanted(["for key in loadmat('a'): print(key)"]), [], [])
    making.begin("a.mat")
    found = making.whole(Use("a"))
    assert [key for key in found.keys() if "DE" in key] == ["X097_DE_time"]  # noqa: SIM118
    assert found["X097_DE_time"].shape == (121_265, 1)
    asked = making.whole(Use("a"))
    assert asked["y"].ndim
    assert list(asked.keys()) == ["y"]


def test_a_table_of_weka_has_classes_where_texts_are_wanted() -> None:
    arff = pytest.importorskip("scipy.io").arff
    source = "arff.loadarff('a.arff')\nt['shut']\nt.columns[:14]\nDense(3)"
    content = Making(Wanted([source], {"texts": ["shut"]}), [], []).content("a.arff") or b""
    rows, kinds = arff.loadarff(StringIO(content.decode()))
    assert {*rows["shut"]} == {b"0", b"1", b"2"}
    assert kinds.types() == ["nominal", *["numeric"] * 14]


def test_a_log_of_a_car_has_its_columns_in_order() -> None:
    source = (
        "t = pandas.read_csv('data/driving_log.csv')\nx, y = t.iloc[:, 0], t.iloc[:, 3]\nt['wind']"
    )
    table = Making(Wanted([source]), [], []).frame()
    assert [*table.columns[:4], table.columns[7]] == ["center", "left", "right", "steering", "wind"]
    assert table["steering"].between(-1, 1).all()


@pytest.mark.parametrize(("source", "seconds"), [("'0a_nohash_0.wav'", 1), ("'song.wav'", 3)])
def test_a_word_is_a_second_long(source: str, seconds: int) -> None:
    content = Making(Wanted([f"librosa.load({source})"]), [], []).content("a.wav") or b""
    assert len(content) // (2 * 22_050) == seconds


def test_an_array_has_the_shape_that_it_is_brought_into() -> None:
    source = "side = 28\nx = load('a')\nx = x.reshape(len(x), side, side * 2, 1)"
    assert made(source, "load('a')").shape == (400, 28, 56, 1)
    whole = "data = load('a')\nx = np.array(data['x'][:]).reshape((30, 4, 5))\ny = data['y']"
    found = made(whole, "load('a')")
    assert (found["x"].shape, found["y"].ndim) == ((30, 4, 5), 1)
    got = "x = np.array(load('a').get('x'))\nx = x.reshape(-1, 6)"
    assert made(got, "load('a')")["x"].shape == (400, 6)
    assert made("x = load('a').reshape(50)", "load('a')").shape == (50,)
    open_ended = "x = load('a')\nx = x.reshape(-1, x.shape[1])"  # which tells nothing
    assert made(open_ended, "load('a')").shape == (400, 10)


def test_what_is_assigned_in_pairs_has_its_own_names() -> None:
    source = "x, y = load('x'), load('y')\nx, y = x['arr_0'], y['arr_0']"
    found = [made(source, f"load('{name}')") for name in "xy"]
    assert [one["arr_0"].ndim for one in found] == [2, 1]


def test_a_part_without_a_name_is_told_by_its_file() -> None:
    making = Making(Wanted(["f"]), [], [])
    making.begin("data/labels.npz")
    assert making.array("arr_0").ndim == 1
    making.begin("data/pixels.npz")
    assert making.array("arr_0").ndim == 2


def test_items_that_are_gone_through_have_single_values() -> None:
    source = """
for one in load(f)["images"]:
    open(one["file_name"]), one["id"], one["label"], one["caption"], one["vector"]
    for pattern in one["patterns"]: print(pattern)
"""
    found = made(source, "load(f)")
    first, second = found["images"][:2]
    assert [one["id"] for one in (first, second)] == [0, 1]
    assert (first["file_name"], first["label"], first["vector"].shape) == ("0000.txt", 0, (10,))
    assert first["caption"] != second["caption"]
    assert len(first["patterns"]) == 3
    assert isinstance(first["patterns"][0], str)


@pytest.mark.parametrize("name", ["y", "y_train", "ytrain", "trainY", "test_y", "labels", "Yval"])
def test_names_of_labels_are_known(name: str) -> None:
    assert LABELS.search(name)


@pytest.mark.parametrize("name", ["x", "xtrain", "yes", "array", "yaml", "display", "days"])
def test_other_names_are_none_of_labels(name: str) -> None:
    assert not LABELS.search(name)


@pytest.mark.parametrize(
    ("source", "ending"),
    [
        ("librosa.load(f)", ".wav"),
        ("if f.endswith('.mp3'): librosa.load(f)", ".mp3"),
        ("if f.endswith('.csv'): pandas.read_csv(f)", ".csv"),
        ("if splitext(f)[1] == '.png': cv2.imread(f)", ".png"),
        ("if f.endswith('.xml'): cv2.imread('a.jpg')", ".jpg"),
        (r"re.search('\.(bmp|png)$', f) and cv2.imread(f)", ".bmp"),
        ("sound = tf.audio.decode_wav(tf.io.read_file(f))", ".wav"),
        ("tune = mido.MidiFile(f)", ".mid"),
        ("open(f)", ".txt"),
    ],
)
def test_files_of_a_folder_are_of_the_kind_that_is_read(source: str, ending: str) -> None:
    assert Wanted([source]).ending == ending


def test_large_items_are_few() -> None:
    assert Wanted(["input_shape=(1221, 242)"]).rows == 113
    assert Wanted(["input_shape=(28, 28)"]).rows == 400
    assert Wanted(["numpy.empty(shape=(0, 90))"]).rows == 400


def test_what_is_loaded_may_have_parts_or_words() -> None:
    def whole(name: str, hints: dict[str, Any]) -> Any:
        making = Making(Wanted(["x = load(a)"], hints), [], [])
        making.begin(name)
        return making.whole(making.wanted.uses.of("load(a)"))

    assert whole("a.npz", {})["y_test"].ndim == 1
    assert whole("a.pkl", {"keyed": True})["x"].shape == (400, 10)
    assert len(whole("a.pkl", {"mapped": True})["bright"]) == 10
    assert whole("a.pkl", {"single": True}) == 10
    assert whole("a.pkl", {"shape": []}).dtype == int


def test_a_column_has_more_words_than_a_program_names_if_a_run_has_told() -> None:
    source = "a = table[table['mood'] == 'good']"
    moods = [
        Making(Wanted([source], hints), [], []).frame()["mood"] for hints in ({}, {"classes": 3})
    ]
    assert [set(one) for one in moods] == [{"good"}, {"good", "other1", "other2"}]


def test_numbers_may_have_logarithms() -> None:
    table = Making(Wanted(["t['price']"], {"first": 1}), [], []).frame()
    assert set(table["price"]) == {1, 2}


def test_labels_begin_with_the_first_class() -> None:
    making = Making(Wanted(["y -= 7\nDense(3)"], {"first": 7}), [], [])
    assert {*making.array("y")} == {7, 8, 9}
    assert making.array("x").max() < 1


def test_a_column_may_hold_lists() -> None:
    source, hints = ["input_shape=(75, 75, 3)", "t['band']"], {"lists": ["band"]}
    table = Making(Wanted(source, hints), [], []).frame()
    assert {len(one) for one in table["band"]} == {75 * 75}


def test_days_lie_around_those_that_a_program_names() -> None:
    source = "old = t[t['when'] < '2015-01-01']\nnew = t['2016-01-01':]\nt['size'] > '2'"
    making = Making(Wanted([source]), [], [])
    days = making.frame()["when"]
    assert ((days < "2015-01-01").sum(), (days > "2016-01-01").sum()) == (100, 100)
    assert "2016-01-01" not in making.frame().columns
    hours = making.frame(index_col=0, parse_dates=True).index
    assert (hours[0].year, hours[-1].year) == (2014, 2016)
    usual = Making(Wanted(["t['date']"]), [], []).frame()["date"]
    assert list(usual[:2]) == ["2019-01-01 00:00:00", "2019-01-01 01:00:00"]


def test_lines_of_a_table_are_split_at_the_mark_that_a_program_names() -> None:
    source = "for line in open('a.csv'):\n    int(line.split('::')[0]), line.split('::')[2]"
    content = Making(Wanted([source]), [], []).content("a.csv") or b""
    assert content.decode().splitlines()[1].split("::")[0] == "1"
    assert len(content.decode().splitlines()[1].split("::")) == 3
    both = f"{source}\ntable = pd.read_csv('b.csv')\ntable['price']"  # which is another file
    assert Making(Wanted([both]), [], []).content("a.csv") == content


def test_words_have_tags_where_entities_are_told() -> None:
    source = "tags = ['O', 'B-LOC', 'I-LOC']\nword, tag = line.split()"
    for known in (source, "from keras_contrib.layers import CRF\nline.split()[1]"):
        content = (Making(Wanted([known]), [], []).content("train.txt") or b"").decode()
        sentences = [part.splitlines() for part in content.split("\n\n")]
        assert {len(one) for one in sentences} == {11}
        tags = {line.split()[1] for one in sentences for line in one}
        assert tags in ({"O", "B-LOC", "I-LOC"}, {"O", "B-PER", "I-PER"})
    plain = Making(Wanted(["x = 'O'\nword, tag = line.split()"]), [], []).content("train.txt")
    assert b"\n\n" not in (plain or b"")
    signs = Making(Wanted(["import CRF\nTokenizer(char_level=True)"]), [], [])
    first = (signs.content("train.txt") or b"").decode().split("\n\n")[0]
    assert first.splitlines()[1] == "t I-PER"


def test_vectors_have_the_words_of_a_program() -> None:
    source = "vectors['kitchen'], vectors['</s>']"
    found = Making(Wanted([source]), [], []).vectors("glove.50d.txt")
    assert "\nkitchen " in found
    assert "</s> " in found


def test_objects_in_pictures_are_told_as_usual() -> None:
    wanted = Wanted(["input_shape=(32, 48, 3)", "if kind == 'car': pass\nif kind == 'bus': pass"])
    root = ElementTree.fromstring(Making(wanted, [], []).content("a/1.xml") or b"")
    assert (root.findtext("filename"), root.findtext("size/width")) == ("1.jpg", "48")
    assert [one.findtext("name") for one in root.iter("object")] == ["car", "bus"]
    sides = root.findall("object[1]/bndbox/*")
    assert [int(side.text or 0) for side in sides] == [12, 8, 24, 16]


def test_a_tune_is_as_midi_has_it() -> None:
    content = Making(Wanted([""]), [], []).content("a.mid") or b""
    assert content[:14] == b"MThd\0\0\0\6\0\0\0\1\1\xe0"
    assert content[14:18] == b"MTrk"
    assert int.from_bytes(content[18:22]) == len(content[22:])
    assert content[22:26] == b"\0\x90\x3c\x40"  # the first note
    assert content.endswith(b"\xff\x2f\0")


def test_sentences_are_chinese_where_a_program_looks_for_their_commas() -> None:
    def lines(source: str) -> str:
        return (Making(Wanted([source]), [], []).content("poetry.txt") or b"").decode()

    source = "title, text = line.split(':')\nif text[5] == '，': poems.append(text)"
    title, text = lines(source).splitlines()[0].split(":")
    assert (title[5], text[5], len(text)) == ("，", "，", 24)
    assert lines("print('诗，词')\npoems = file.read()").startswith("It was")


def test_texts_have_as_many_words_as_a_run_has_told() -> None:
    making = Making(Wanted(["x = t['text']"], {"words": 900}), [], [])
    words = {word for text in making.frame()["text"] for word in text.split()}
    assert 900 < len(words) < 1300
    lines = Making(Wanted(["open(f)"], {"words": 900}), [], []).content("a.txt") or b""
    assert len(set(lines.decode().split())) > 900


def test_a_list_of_words_has_one_on_each_line() -> None:
    for name in ("words.txt", "en_vocab.txt", "stop_words.txt"):
        lines = (Making(Wanted(["if word == 'kitchen': x"]), [], []).content(name) or b"").split()
        assert {b"clocks", b"kitchen"} <= {*lines}
    lines = (Making(Wanted(["x"]), [], []).content("swords.txt") or b"").splitlines()
    assert lines[0].decode() == SENTENCE


def test_a_folder_of_files_by_class_is_made_for_scikit_learn(tmp_path: Path) -> None:
    def load_files(container_path: str, categories: Any = None) -> list[str]:
        return sorted(
            f"{path.parent.name}{path.suffix}" for path in Path(container_path).glob("*/*")
        )

    read = Maker(tmp_path, Making(Wanted(["Dense(3)\ncv2.imread(f)"]), [], []), []).pictured(
        load_files
    )
    assert {*read(str(tmp_path / "dogs"))} == {f"class00{number}.jpg" for number in range(3)}
    assert {*read(str(tmp_path / "pets"), ["cat", "dog"])} == {"cat.jpg", "dog.jpg"}


def test_folders_that_are_listed_at_one_place_are_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = """
def read(folder):
    names = {}
    for name in listdir(folder):
        if name in ["ill", "well"]:
            names[name] = listdir(folder + "/" + name)
    return names
pair = read("train"), read("test")
flat = listdir("unseen")
"""
    maker = Maker(tmp_path, Making(Wanted([source]), [str(tmp_path)], []), [])
    names: dict[str, Any] = {"listdir": maker.listed(os.listdir)}
    exec(compile(source, str(tmp_path / "a.py"), "exec"), names)
    assert [{key: len(files) for key, files in one.items()} for one in names["pair"]] == [
        {"ill": 40, "well": 40},
        {"ill": 40, "well": 40},
    ]
    assert len(names["flat"]) == 40


def test_a_folder_that_only_tells_of_itself_is_filled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("faces/readme.txt", "cats/.gitkeep", "notes/today.txt"):
        Path(name).parent.mkdir()
        Path(name).touch()
    source = "found = [listdir(home) for home in ('faces', 'cats', 'notes')]"
    maker = Maker(tmp_path, Making(Wanted([source, "imread(one)"]), [str(tmp_path)], []), [])
    names: dict[str, Any] = {"listdir": maker.listed(os.listdir)}
    exec(compile(source, str(tmp_path / "a.py"), "exec"), names)
    *made, own = names["found"]
    assert [{Path(one).suffix for one in some} for some in made] == [{".jpg"}] * 2
    assert own == ["today.txt"]


def test_a_part_that_a_function_returns_is_as_its_caller_uses_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = """
def load(name):
    with open(name) as file:
        data = json.load(file)
    return data["data"]
def read(name):
    found = []
    for page in load(name):
        for part in page["parts"]:
            for asked in part["questions"]:
                for one in asked["answers"]:
                    found.append(one["text"] + asked["question"])
    return found
found = read("a.json")
"""
    (tmp_path / "a.py").write_text(source)
    maker = Maker(tmp_path, Making(Wanted([source]), [str(tmp_path)], []), [])
    loads = SimpleNamespace(load=maker.loaded(json.load))
    names: dict[str, Any] = {"open": maker.opened(open), "json": loads}
    exec(compile(source, str(tmp_path / "a.py"), "exec"), names)
    assert len(names["found"]) == 400 * 27
    assert all(SENTENCE in one for one in names["found"])


def test_kinds_are_no_endings_of_pictures() -> None:
    assert Wanted(["if kind in ('png', 'jpg') or kind in {'sick', 'fit'}: load(kind)"]).kinds == [
        "sick",
        "fit",
    ]


def test_kinds_are_what_names_begin_with() -> None:
    sources = "name.startswith('good') or name.startswith('bad')", "name[:4] in ('good', 'bad')"
    assert [Wanted([one]).kinds for one in sources] == [["good", "bad"]] * 2
    assert Wanted(["row['a'] == 'good' or row['a'] == 'bad'"]).kinds == ["cat", "dog"]


def test_columns_lie_around_the_numbers_that_a_program_compares_them_with() -> None:
    source = "t = t[(t['age'] > 20) & (t.age < 60)]\nt[t['code'] == 7]\nt['kind'] > 0"
    table = Making(Wanted([source]), [], []).frame()
    assert (table["age"].min(), table["age"].max()) == (0, 80)
    assert 100 < table["age"].between(21, 59).sum() < 300
    assert 7 in {*table["code"]}
    assert {*table["kind"]} == {0, 1}


def test_a_table_may_hold_labels_alone() -> None:
    making = Making(Wanted(["Dense(3)\nt['id']"]), [], [])
    widths = []
    for name in ("data/y_train.txt", "data/x_train.txt"):
        making.begin(name)
        widths.append(making.frame(header=None).shape[1])
    named = Making(Wanted(["t = read_csv('labels.csv')\nt['id'], t['breed']"]), [], [])
    named.begin("labels.csv")
    assert (widths, [*named.frame().columns[:2]]) == ([1, 10], ["id", "breed"])


def test_a_line_may_be_an_item() -> None:
    items = [Making(Wanted(["x = 1"]), [], []).item(row) for row in (2, 3)]
    assert [one["is_ironic"] for one in items] == [0, 1]
    assert items[0]["headline"] != items[1]["headline"]
    assert [one["overall"] for one in items] == [one["label"] for one in items]
    assert items[1]["user_id"] == 3


def test_settings_have_what_a_program_chooses_from() -> None:
    making = Making(Wanted(["if kind == 'cnn': x\nif a['mode'] in ('test', 'train'): x"]), [], [])
    found = [making.setting(*names) for names in (("net", "kind"), ("mode",), ("optimizer",))]
    assert found == ["cnn", "train", "adam"]
    assert (making.setting("folder", "where"), making.setting("epochs")) == ("folder", 10)


def test_settings_of_a_module_that_is_absent_are_as_their_names_tell() -> None:
    making = Making(Wanted(["input_shape=(32, 48, 1)\nDense(7)"]), [], [])
    numbers = {"IMG_WIDTH": 32, "IMG_CHANNELS": 1, "NUM_CLASSES": 7, "EPOCHS": 10}
    for home in ("config", "tools"):
        assert {one: making.constant(f"{home}.{one}") for one in numbers} == numbers
    told = {"config.FILTER_NUMBER": 10, "net.Config.dropout": 0.1, "params.data_dir": "data_dir"}
    told |= {"config.INPUT_SHAPE": (32, 48, 1), "config.OPTIMIZER": "adam"}
    assert {one: making.constant(one) for one in told} == told
    others = "layers.CRF", "tools.size", "config.load", "config.Config"
    assert [making.constant(one) for one in others] == [None] * 4


@pytest.mark.parametrize(("source", "count"), [("add('--label_len', default=7)", 7), ("x", 4)])
def test_names_and_lines_tell_the_characters_that_are_to_be_read(source: str, count: int) -> None:
    source += "\nname, text = line.split(':')"
    making = Making(Wanted([source], {"digits": 2}), [], [])
    assert len(next(making.names(1, ""))) == count
    line = (making.content("labels.txt") or b"").decode().splitlines()[1]
    assert line.split(":")[1] == "1".zfill(count)


def test_numbers_stand_beside_arrays() -> None:
    source = "x, y, max_len, num_classes = pickle.load(file)\nDense(7)\nheights = x"
    x, y, longest, classes = made(source, "pickle.load(file)")
    assert (x.shape[0], y.shape, longest, classes) == (400, (400,), 10, 7)
    assert made("sizes = numpy.load('sizes.npy')", "numpy.load('sizes.npy')").shape[0] == 400


def test_lines_end_as_a_program_splits_them() -> None:
    source = "import keras_contrib.layers.CRF\nlines = text.split('{}')"
    windows = Making(Wanted([source.format("\\r\\n\\r\\n")]), [], []).content("train.txt") or b""
    plain = Making(Wanted([source.format("\\n\\n")]), [], []).content("train.txt") or b""
    assert windows.count(b"\r\n\r\n") == plain.count(b"\n\n") > 9
    assert b"\r" not in plain


def test_captions_belong_to_the_pictures_that_are_listed() -> None:
    def lines(source: str, name: str) -> list[str]:
        content = Making(Wanted([source]), [], []).content(name) or b""
        return content.decode().splitlines()

    source = "captions = {}\nfor line in text:\n    tokens = line.split('\\t')\n"
    pictures = lines(source, "Flickr_8k.trainImages.txt")
    assert (len(set(pictures)), pictures[1]) == (40, "0001.jpg")
    told = lines(f"{source}name = tokens[0].split('#')", "Flickr8k.token.txt")
    assert (len(told), told[41]) == (200, f"0001.jpg#0\t{SENTENCE} word41")
    source = source.replace("'\\t'", "")
    assert lines(source, "descriptions.txt")[1] == f"0001 {SENTENCE} word1"
    assert lines(source, "story.txt")[0] == SENTENCE
    making = Making(Wanted([source]), [], [])
    assert [*making.names(2, ".jpg")] == ["0000.jpg", "0001.jpg"]  # of a folder


def test_names_of_files_are_as_a_program_asks() -> None:
    source = "name.startswith('img_') and name.endswith(('_ok.png', '.jpg')) and 'left' in name"
    for hints, first in (({}, "left.0.png"), ({"asked": True}, "img_left.0_ok.png")):
        making = Making(Wanted([source], hints), [], [])
        assert next(making.names(1, making.wanted.ending)) == first
    assert Wanted(["open('a')"], {"asked": True}).around == [[""], [""]]
    assert Wanted(["split == 'train'"]).kinds == ["train", "cat"]


def test_digits_are_known_by_each_name_of_their_files() -> None:
    making = Making(Wanted([""]), [], [])
    names = ("t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte")
    packed, dotted = ([making.content(name + end) for name in names] for end in (".gz", ""))
    assert dotted == [gzip.decompress(one or b"") for one in packed]
    assert len(dotted[1] or b"") == 10_008
    assert making.content("t10k.idx1-ubyte") is None


def test_columns_that_a_table_is_melted_to_are_not_there() -> None:
    source = "long = pandas.melt(table, ['zone'], var_name='hour', value_name='load')\n"
    assert Wanted([source + "long['hour'], long['load'], table['h1']"]).columns == ["h1"]
    assert Wanted(["table['hour'], table['load']"]).columns == ["hour", "load"]


def test_columns_may_tell_a_row_together() -> None:
    table = Making(Wanted(["table['user']"], {"paired": ["user", "film"]}), [], []).frame(
        ["user", "film", "stars"]
    )
    assert not table.duplicated(["user", "film"]).any()
    assert table["film"].nunique() == 10
    assert table.duplicated(["user", "stars"]).any()


def test_a_line_has_as_many_parts_as_a_program_keeps() -> None:
    def parts(test: str) -> list[bool | str]:
        source = (
            f"MARK = '\\t'\nfor line in file:\n    pair = line.split(MARK)\n    if {test}: pass"
        )
        return Wanted([source]).line

    assert len(parts("len(pair) != 3")) == len(parts("len(pair) > 2")) == 3
    assert len(parts("len(pair) < 4")) == len(parts("len(pair) >= 4")) == 4
    assert len(parts("len(line) < 9")) == len(parts("len(pair) < 500")) == 2


def test_what_makes_up_its_parts_is_closed() -> None:
    with Making(Wanted(["x = 1"]), [], []).whole(Use("", keys={"a": Use("a")})) as found:
        found.close()
    assert found.files == ["a"]
