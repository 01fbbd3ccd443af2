"""What a run raises tells how the data must be that were made up for it."""

from dataclasses import replace
from typing import Any

import pytest

from kerastut.migration.learning import absent, alternatives, learned
from kerastut.migration.places import nodes, parsed
from kerastut.migration.running import Execution
from kerastut.migration.uses import Uses, is_tried
from kerastut.migration.wanted import Wanted

SOURCE = "import pandas\ntable = pandas.read_csv('a')\ntable['day'], table['note']\n"
TOLD = [  # what a program says, the line of it, and what is learned
    ("KeyError: 'price'", "", {"columns": ["price"]}),
    ("KeyError: 'val_loss'", "", {"more": 100}),
    (
        "KeyError: \"None of [Index(['a', 'b'], dtype='str')] are in the [columns]\"",
        "",
        {"columns": ["a", "b"]},
    ),
    ("KeyError: \"['a'] not in index\"", "", {"columns": ["a"]}),
    (
        "ValueError: Index contains duplicate entries, cannot reshape",
        "wide = table.pivot(index='user', columns='film')",
        {"paired": ["user", "film"]},
    ),
    ("ValueError: Found array with 0 feature(s) (shape=(9, 0))", "", {"wider": 20}),
    (
        "AttributeError: Can only use .str accessor with string values, not integer",
        "table['note'].str.lower()",
        {"texts": ["note"]},
    ),
    ("AttributeError: 'int' object has no attribute 'lower'", "clean(x)", {"texts": ["*"]}),
    ("AttributeError: 'numpy.int64' object has no attribute 'lstrip'", "", {"texts": ["*"]}),
    (
        'ValueError: time data "1" doesn\'t match format "%d/%m/%Y". You might want to try:',
        "pandas.to_datetime(table['day'], format='%d/%m/%Y')",
        {"dates": "%d/%m/%Y", "dated": ["day"]},
    ),
    ("ValueError: could not convert string to float: 'It'", "", {"plain": True}),
    ("TypeError: Invalid value '[0.5 1.]' for dtype 'int64'", "", {"floats": True}),
    (
        "ValueError: invalid literal for int() with base 10: 'dog.3.jpg'",
        "",
        {"plain": True, "digits": 2},
    ),
    ("IndexError: index 3000 is out of bounds for axis 0 with size 400", "", {"rows": 3751}),
    ("IndexError: index 249 is out of bounds for axis 0 with size 61", "", {"rows": 2049}),
    ("IndexError: index 12 is out of bounds for axis 1 with size 10", "x[:, 12]", {"wider": 3}),
    ("IndexError: index 2 is out of bounds for axis 1 with size 0", "x[:, 2]", {"wider": 3}),
    (
        "ValueError: X has 12 features, but StandardScaler is expecting 4 features as input.",
        "",
        {"wider": 8},
    ),
    ("IndexError: index 5 is out of bounds for axis 0 with size 3", "eye[y]", {"classes": 3}),
    (
        "IndexError: index 5 is out of bounds for axis 1 with size 4",
        "y = to_categorical(y[:, 0], 4)",
        {"classes": 4},
    ),
    ("IndexError: list index out of range", "parts[4], parts[2]", {"fields": 5}),
    ("IndexError: list index out of range", "batches[0]", {"more": 10}),
    ("ValueError: not enough values to unpack (expected 3, got 1)", "", {"fields": 3}),
    (
        "expected axis -1 of input shape to have value 12, but received input with shape (32, 10)",
        "",
        {"shape": [12]},
    ),
    (
        "expected shape=(None, 28, 28, 1), found shape=(32, 64, 64, 3)",
        "",
        {"shape": [28, 28, 1], "wider": -2, "size": [28, 28, 1]},
    ),
    ("expected ndim=3, found ndim=2. Full shape", "", {"shape": [10, 8]}),
    (
        "ValueError: cannot reshape array of size 4000 into shape (28,28)",
        "",
        {"wider": 774, "shape": [784], "size": [28, 28]},
    ),
    (
        "ValueError: axes don't match array",
        "x.transpose((0, 2, 1))",
        {"shape": [10, 8], "shaped": True},
    ),
    (
        "Received a label value of 5 which is outside the valid range of [0, 3)",
        "",
        {"classes": 3},
    ),
    ("ValueError: cannot reshape array of size 16800 into shape (60,42)", "", {"rows": 420}),
    ("KeyError: 'Column not found: tag'", "t.groupby('a')[tag]", {"columns": ["tag"]}),
    (
        "ValueError: `sequences` must be a list of iterables. Found non-iterable: 0",
        "",
        {"shape": [10], "shaped": True},
    ),
    (
        "Layer embedding weight shape (90, 50) is not compatible with provided weight shape"
        " (41, 50)",
        "",
        {"words": 90},
    ),
    ("Data are ambiguous.'x' sizes: 400\n'y' sizes: 2000", "", {"rows": 2000}),
    ("ZeroDivisionError: division by zero", "", {"more": 10}),
    # Three axes are those of a picture.
    ("IndexError: tuple index out of range", "x.shape[1], x[0].shape[2]", {"shape": [64, 64, 3]}),
    (
        "must have the same rank (ndim). Received: target.shape=(None,), output.shape=(None, 8)",
        "",
        {"classes": 8, "hot": True},
    ),
    (
        "TypeError: join() argument must be str, bytes, or os.PathLike object, not 'int64'",
        "os.path.join('a', row['note'])",
        {"files": ["note"]},
    ),
    (
        'ValueError: unconverted data remains when parsing with format "%Y": "-01"',
        "pandas.to_datetime(table['day'], format='%Y')",
        {"dates": "%Y", "dated": ["day"]},
    ),
    ("MemoryError: Unable to allocate 17.1 GiB for an array", "", {"more": 0.1}),
    ("IndexError: tuple index out of range", "first", {"more": 10}),
    (
        "cv2.error: (-215:Assertion failed) !ssize.empty() in function 'resize'",
        "",
        {"size": [256, 256, 3]},
    ),
    (
        "ValueError: cannot reshape array of size 4000 into shape (300,68,newaxis)",
        "",
        {"rows": 300, "shape": [68], "wider": 58},
    ),
    (
        "ValueError: Length mismatch: Expected axis has 10 elements, new values have 26 elements",
        "",
        {"wider": 16},
    ),
    (
        "ValueError: string or file could not be read to its end due to unmatched data",
        "",
        {"vectors": True},
    ),
    ("ValueError: substring not found", "", {"digits": 1}),
    ("IsADirectoryError: [Errno 21] Is a directory: 'a/cat'", "", {"flat": True}),
    (
        "Received: target.shape=(4, 64, 64, 3), output.shape=(4, 64, 64)",
        "",
        {"size": [64, 64, 1]},
    ),
    (
        "Expected shape (None, 8, 8, 3), but input has incompatible shape (None,)",
        "",
        {"shape": [8, 8, 3], "size": [8, 8, 3]},
    ),
    ("IndexError: tuple index out of range", "Dense(y_train.shape[1])", {"hot": True}),
    (
        "IndexError: too many indices for array: array is 2-dimensional, but 3 were indexed",
        "x[:, :, 0]",
        {"shape": [10, 8], "hot": True},
    ),
    ("  • sequences=tf.Tensor(shape=(None, 0, 256), dtype=float32)", "", {"texts": ["*"]}),
    ("ValueError: Computed output size would be zero or negative.", "", {"shape": [100]}),
    (
        "ValueError: not enough values to unpack (expected 4, got 2)",
        "n, rows, columns, depth = x.shape",
        {"shape": [64, 64, 3]},
    ),
    ("ValueError: not enough values to unpack (expected 2, got 0)", "", {"more": 10}),
    ("Received shapes (10, 10) and (10, 200)", "", {"shape": [200]}),
    ("ValueError: Found array with dim 3, while dim <= 2 is required", "", {"shape": [10]}),
    ("TypeError: unhashable type: 'numpy.ndarray'", "", {"shape": []}),
    ("TypeError: only 0-dimensional arrays can be converted to Python", "", {"single": True}),
    ("AttributeError: 'numpy.ndarray' object has no attribute 'items'", "", {"mapped": True}),
    (
        "IndexError: only integers, slices (`:`) and boolean arrays are valid indices",
        "",
        {"keyed": True},
    ),
    (
        "OSError: Cannot save file into a non-existent directory: '../results'",
        "table.to_csv('../results/a.csv')",
        {"folders": ["../results"]},
    ),
    (
        "FileNotFoundError: [Errno 2] No such file or directory: 'models/one/a.keras'",
        "",
        {"folders": ["models/one"]},
    ),
    ("could not broadcast input array from shape (300,) into shape (99,)", "", {"vector": 99}),
    ("IndexError: index -2 is out of bounds for axis 1 with size 4", "", {"first": 2}),
    ("ValueError: label value of -1 which is outside the valid range of [0, 5)", "", {"first": 1}),
    ("ValueError: Input X contains infinity or a value too large", "", {"first": 1}),
    (
        "ValueError: Number of classes, 2, does not match size of target_names, 6. Try specifying",
        "",
        {"classes": 6},
    ),
    (
        "TypeError: Invalid comparison between dtype=int64 and str",
        "table[table['note'] > 'm']",
        {"texts": ["note"]},
    ),
    ("KeyError: 0", "level[i]", {"first": 1}),
    ("TypeError: float() argument must be a real number, not 'NAType'", "", {"more": 10}),
    (
        "ValueError: cannot reshape array of size 1 into shape (75,75)",
        "[np.array(one).reshape(75, 75) for one in table['note']]",
        {"lists": ["note"]},
    ),
]


def run(error: str, line: str = "x", made_up: tuple[str, ...] = ("a",)) -> Execution:
    trace = f'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    {line}\n'
    return Execution("raised", trace + error, (3,), 0, made_up)


@pytest.mark.parametrize(("error", "line", "expected"), TOLD)
def test_it_is_learned(error: str, line: str, expected: dict[str, Any]) -> None:
    found = list(learned(run(error, line or "x"), Wanted([SOURCE]), {}))
    assert found[0] == expected


def test_what_is_drawn_tells_the_last_side_of_an_array() -> None:
    error = "ValueError: x and y must have same first dimension, but have shapes {} and (1, 22)"
    told, alike = (run(error.format(one)) for one in ("(90,)", "(1,)"))
    wanted = Wanted(["input_shape=(40, 1, 22)"])
    assert next(learned(told, wanted, {})) == {"shape": [40, 90]}
    assert [*learned(alike, wanted, {})] == []
    error = "input shape to have value 22, but received input with shape (None, 40)"
    assert {"shape": [22, 1, 22]} in learned(run(error), wanted, {})


def test_a_model_that_is_not_there_takes_what_it_is_given() -> None:
    error = "Input 0 is incompatible: expected shape=(None, 9), found shape=(32, 28, 28, 1)"
    run = Execution("raised", error, made_up=("net.h5",))
    program = "model = load_model('net.h5')\nmodel.predict(x)"
    assert {"loaded": [28, 28, 1]} in [*learned(run, Wanted([program]), {})]
    error = "expected axis -1 of input shape to have value 2, but received input with shape (9, 7)"
    narrow = Execution("raised", error, made_up=("net.h5",))
    assert {"loaded": [7]} in [*learned(narrow, Wanted([program]), {})]
    assert Wanted(["net = model_from_json(text)"]).loads
    built = f"def train():\n    return Sequential(layers)\n{program}"  # in what is never called
    assert Wanted([built]).loads
    assert not Wanted([f"{built}\ntrain()"]).loads
    own = f"net = Sequential(layers)\n{program}"
    assert {"loaded": [28, 28, 1]} not in [*learned(run, Wanted([own]), {})]


def test_what_is_true_or_not_has_two_classes() -> None:
    error = "ValueError: multiclass-multioutput format is not supported"
    several = Wanted(["y = table[['rude', 'odd', 'mild']]\nDense(3)"])
    assert next(learned(run(error), several, {})) == {"classes": 2}
    assert [*learned(run(error.replace("multiclass-multioutput", "other")), several, {})] == []


def test_marks_between_parts_are_tried_in_their_order() -> None:
    wanted = Wanted(["a, b = line.split(mark)", "marks = ',', '::', '\\t'"])
    error = "ValueError: invalid literal for int() with base 10: '0 1 0'"
    assert next(learned(run(error), wanted, {})) == {"mark": ","}
    wanted = Wanted(["a, b = line.split(mark)", "marks = ',', '::', '\\t'"], {"mark": "::"})
    assert next(learned(run(error.replace(" 1 ", "::1::")), wanted, {})) == {"mark": "\t"}
    plain = learned(run("ValueError: invalid literal for int() with base 10: 'cat'"), wanted, {})
    assert next(plain) == {"plain": True, "digits": 1}


def test_several_things_may_be_learned() -> None:
    error = "ValueError: cannot reshape array of size 3600 into shape (400,8)"
    found = learned(run(error), Wanted([SOURCE], {"wider": -1}), {"wider": -1})
    assert list(found)[1] == {"wider": -1, "unlabeled": True}  # only the table to test with


def test_texts_are_in_the_column_that_a_name_was_given() -> None:
    error = 'TypeError: can only concatenate str (not "int") to str'
    source = SOURCE + "for _, row in table.iterrows():\n    note = row['note']\n    whole += note"
    found = [next(learned(run(error, line), Wanted([source]), {})) for line in ("a + note", "a")]
    assert found == [{"texts": ["note"]}, {"texts": ["*"]}]


def test_a_table_may_have_columns_beside_those_that_are_dropped() -> None:
    error = "IndexError: index {} is out of bounds for axis 1 with size {}"
    for index, size, wider in ((0, 0, True), (9, 8, False)):
        found = learned(run(error.format(index, size), "y = data[:, 0]"), Wanted([SOURCE]), {})
        assert ({"wider": 20} in found) == wider


def test_labels_may_be_pictures() -> None:
    error = "ValueError: Input data in `NumpyArrayIterator` should have rank 4. You passed an array"
    pictures = {"shape": [64, 64, 3]}
    found = list(learned(run(f"{error} with shape (400,)"), Wanted([SOURCE]), {}))
    assert found[0] == pictures
    assert {**pictures, "shaped": True} in found


def test_a_key_of_one_character_may_be_one_that_is_to_be_read() -> None:
    found = list(learned(run("KeyError: 'w'"), Wanted([SOURCE]), {}))
    assert found == [{"columns": ["w"]}, {"digits": 2}]
    assert len(list(learned(run("KeyError: 'width'"), Wanted([SOURCE]), {}))) == 1


def test_columns_that_are_taken_together_may_name_files() -> None:
    source = "x = table[['left', 'right']].values\ny = table['steering']"
    found = learned(run("'numpy.int64' object has no attribute 'split'"), Wanted([source]), {})
    assert {"files": ["left", "right"]} in list(found)


def test_texts_are_in_the_column_that_is_read() -> None:
    line = "table['note'] = table['day'].apply(cut)"  # which is put into another
    error = "AttributeError: 'int' object has no attribute 'lower'"
    assert next(learned(run(error, line), Wanted([SOURCE]), {})) == {"texts": ["day"]}
    within = "table['note'].apply(words)\n  File \"a.py\", line 1, in <lambda>\n    cut(text)"
    assert next(learned(run(error, within), Wanted([SOURCE]), {})) == {"texts": ["note"]}
    unnamed = Wanted(["pandas.read_csv(a, header=None)"])
    assert next(learned(run(error, "table[0].apply(cut)"), unnamed, {})) == {"texts": ["0"]}


def test_numbers_of_a_part_are_counted() -> None:
    source = "label, pixels = line.split(',')\nx = pixels.split(' ')"
    error = "expected axis -1 of input shape to have value 99, but received input with shape (3, 9)"
    assert {"many": 99} in learned(run(error), Wanted([source]), {})


def test_words_of_settings_are_none_of_a_table() -> None:
    source = "if layer['type'] == 'dense': size = config['sizes'][0]\nx = table['type'], table['a']"
    assert Wanted([source]).columns == ["type", "a"]
    hints = list(learned(run("could not convert string to float: 'dense'"), Wanted([source]), {}))
    assert [Wanted([source], one).values for one in ({}, hints[1])] == [{"type": ["dense"]}, {}]


def test_a_folder_may_be_lacking_where_no_data_are() -> None:
    error = "FileNotFoundError: [Errno 2] No such file or directory: 'models/a.h5'"
    assert [*learned(run(error, made_up=()), Wanted([SOURCE]), {})] == [{"folders": ["models"]}]
    beside = error.replace("models/", "")
    assert not list(learned(run(beside, made_up=()), Wanted([SOURCE]), {}))


def test_only_the_targets_have_another_size() -> None:
    error = "Received: target.shape=(4, 64, 64, 1, 3), output.shape=(4, 64, 64, 1)"
    told = replace(run(error), parts=("left", "depth"))
    gray = {"size": [64, 64, 1]}
    found = [*learned(told, Wanted([SOURCE]), {})]
    assert found == [{"alone": {"depth": gray}}, {"alone": {"left": gray}}, gray]


def test_no_index_makes_rows_without_end() -> None:
    error = "IndexError: index {} is out of bounds for axis 0 with size 400"
    found = [*learned(run(error.format(90_000_000)), Wanted([SOURCE]), {})]
    assert not any("rows" in one for one in found)
    assert {"rows": 112_501} in learned(run(error.format(90_000)), Wanted([SOURCE]), {})


def test_rows_may_lack_classes() -> None:
    error = "must have the same shape. Received: target.shape=(None, 3), output.shape=(None, 6)"
    assert [*learned(run(error), Wanted([SOURCE]), {})] == [{"classes": 6}, {"more": 10}]


def test_windows_want_many_groups_of_many_rows() -> None:
    error = "UnboundLocalError: cannot access local variable 'batch_outputs' where it is not"
    found = [*learned(run(error), Wanted([SOURCE]), {})]
    assert found == [{"more": 10}, {"classes": 50, "more": 10}]


def test_it_may_be_learned_of_some_data_alone() -> None:
    error = "ValueError: could not convert string to float: 'It'"
    told = replace(run(error), parts=("a.csv", "b.npz/points"))
    found = list(learned(told, Wanted([SOURCE]), {"alone": {"a.csv": {"rows": 9}}}))
    assert found[0] == {"alone": {"a.csv": {"rows": 9}}, "plain": True}
    assert found[1] == {"alone": {"a.csv": {"rows": 9, "plain": True}}}
    assert found[2] == {"alone": {"a.csv": {"rows": 9}, "b.npz/points": {"plain": True}}}
    wanted = Wanted([SOURCE], found[2])
    assert (wanted.plain, wanted.of("a.csv").rows, wanted.of("b.npz/points").plain) == (
        False,
        9,
        True,
    )


def test_folders_of_folders_are_seen() -> None:
    nested = "names = os.listdir(a)\nfor name in names:\n    files = os.listdir(a + '/' + name)"
    both = "for name in ('train', 'test'):\n    for file in os.listdir(name): open(file)"
    tried = (
        "if not os.path.isdir('out'): os.makedirs('out')\nfor one in os.listdir('data'): open(one)"
    )
    known = "for one in os.listdir('data'):\n    if os.path.isdir(one): print(one)"
    found = [Wanted([one]).nested for one in (nested, both, tried, known)]
    assert found == [True, False, False, True]


def test_a_program_tells_its_numbers() -> None:
    source = "if len(sys.argv) < 3: exit(1)\nrows, cols = 28, 20\ninput_shape=(rows, cols, 1)"
    wanted = Wanted([source])
    assert (wanted.argued, wanted.shape) == (3, (28, 20, 1))


def test_words_are_looked_up() -> None:
    sources = ["sets = {'mnist': one, 'cifar': two}\nx = sets[args.data]\ny = {'a': 1}[kind]"]
    assert Wanted(sources).values == {"data": ["mnist", "cifar"], "kind": ["a"]}
    got = "marks = {'low': 0, 'high': 1}\ny = [marks.get(row['mark'], 2) for row in rows]\n"
    others = "environ.get(name)\nmarks.get('low')"
    assert Wanted([got + others]).values == {"mark": ["low", "high"]}


def test_a_program_is_given_as_few_arguments_as_it_needs() -> None:
    source = "if len(sys.argv) < 3: exit()\nelif len(sys.argv) < 4: train()\nelse: more()"
    assert Wanted([source]).argued == 3
    assert Wanted(["folder, rate, depth = sys.argv[1:]"]).argued == 4


def test_a_file_that_is_asked_for_may_have_to_be_there() -> None:
    told = replace(run("AssertionError: not found"), parts=("a.csv", "b.csv?"))
    assert not list(learned(told, Wanted([SOURCE]), {}))
    assert next(alternatives(told, {})) == {"alone": {"b.csv?": {"there": True}}}
    more = replace(run("ZeroDivisionError: division by zero"), parts=("a.csv", "b.csv?"))
    assert {"alone": {"a.csv": {"more": 10}}} in list(learned(more, Wanted([SOURCE]), {}))
    assert {"alone": {"b.csv?": {"more": 10}}} not in list(learned(more, Wanted([SOURCE]), {}))


def test_a_package_may_be_absent() -> None:
    gone = run("ModuleNotFoundError: No module named 'glog.log'")
    assert absent(gone, {"rows": 3}) == {"rows": 3, "absent": ["glog.log"]}  # as `glog` is there
    assert absent(run("ModuleNotFoundError: No module named 'keras.engine'"), {}) == {}
    error = "ImportError: cannot import name 'cut' from 'tools' ({})"
    assert absent(run(error.format("unknown location")), {}) == {"absent": ["tools"]}
    assert absent(run(error.format("tools.py")), {}) == {}  # which has another name


def test_what_was_known_is_kept() -> None:
    known = {"columns": ["a"], "plain": True}
    found = next(learned(run("KeyError: 'b'"), Wanted([SOURCE], known), known))
    assert found == {"columns": ["a", "b"], "plain": True}


def test_nothing_is_learned_of_data_that_are_there() -> None:
    assert not list(learned(run("KeyError: 'b'", made_up=()), Wanted([SOURCE]), {}))
    assert not list(learned(run("ValueError: something else"), Wanted([SOURCE]), {}))
    old = "AttributeError: 'DataFrame' object has no attribute 'ix'"
    assert list(learned(run(old), Wanted([SOURCE]), {})) == [{}]  # which is the program's


USED = """
(x, y), z = load(a)
b = load(b)
b['one'].lower(), b.get('two')
for c in load(c): c['text'].strip()
d, e = load(d)['rows'].values()
f = load(f).item()
f['k']
"""


def test_what_is_loaded_is_used() -> None:
    uses = Uses(nodes(parsed([USED])))
    both, last = uses.of("load(a)").parts
    assert ([one.name for one in both.parts], last.name) == (["x", "y"], "z")
    keys = uses.of("load(b)").keys
    assert (set(keys), keys["one"].kind) == ({"one", "two"}, "text")
    element = uses.of("load(c)").element
    assert element is not None
    assert element.keys["text"].kind == "text"
    assert list(uses.of("load(d)").keys["rows"].keys) == ["d", "e"]
    found = uses.of("load(f)")
    assert (list(found.keys), found.kind) == (["k"], "item")


def test_a_program_may_be_prepared() -> None:
    (tree,) = parsed(
        ["try:\n    open(a)\nexcept OSError:\n    open(b)\ntry: x\nexcept KeyError: y"]
    )
    assert [is_tried(tree, line) for line in (2, 4, 5)] == [True, False, False]
