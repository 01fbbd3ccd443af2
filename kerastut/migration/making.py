"""Makes up what files would hold: tables, arrays, texts, pictures, and data sets that are known."""

import gzip
import io
import math
import pickle
import re
import struct
import tarfile
import wave
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import numpy as np

from kerastut.arrays import Array
from kerastut.data import FILES, FOLDER
from kerastut.migration.datasets import served
from kerastut.migration.uses import Use
from kerastut.migration.wanted import (
    COLUMNS,
    DRIVING,
    LABELS,
    LINES,
    LONG,
    NOTES,
    NUMBERS,
    PICTURE,
    SOUND,
    Wanted,
)

SENTENCE = "It was a bright cold day, and the clocks were striking."
_BEARING = ("X097_DE_time", "X097_FE_time")  # of sensors, as the Case Western Reserve calls them
_RATE = 22050  # of a sound, by the second
_NOTES = 120  # of a tune, each a sixteenth of a bar
_INNER = 3  # items of an item
_LONG = 10_000  # makes numbers of several digits, which can be taken apart as texts
TEXT = "\n".join([SENTENCE] * LINES)  # which ends as the last of a split into lines expects it
_STORY = "1 Mary went to the hall.\n2 Where is Mary? \thall\t1\n"  # as bAbI tells them
_CHINESE = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"
_WORDS = re.compile(
    r"(?i)text|review|tweet|comment|sentence|title|content|headline|question|message|^msg|^v2$"
)
_SAID = re.compile(rf"(?i)pattern|caption|answer|response|^name$|{_WORDS.pattern[4:]}")
_KINDS = re.compile(r"(?i)^(?:tags?|intent|genre|type|sentiment)$|categor")
_DATES = re.compile(r"(?i)^(?:date|time|datetime|date_?time|timestamp|日期|时间)$")
_TAGGED = (".data", ".txt", ".train", ".test", ".dev", ".conll", ".bio", ".tsv")
_LABELED = re.compile(  # a file of nothing else
    r"(?i)^(?:y|labels?|targets?)(?:[_-]?(?:train|test|val\w*|dev))?$"
    r"|^(?:train|test|val\w*|dev)[_-]?(?:y|labels?|targets?)$"
)
_TIMES = re.compile(r"(?i)^(?:year|month|day|hour|minute)$")
_PIXELS = re.compile(r"^(?:[Pp]ixels|Image)$")
_FILES = re.compile(
    r"(?i)^(?:im(?:age|g)|file)_?(?:names?|paths?|files?|ids?)$|^(?:path|file)s?$|^id_code$"
    r"|^(?:center|left|right)(?:_im(?:age|g)s?)?$"  # of cameras of a car
)
# Of captions, of such without the endings of the pictures, and of a list of pictures alone.
_CAPTIONS = re.compile(
    r"(?i)token\w*\.|caption|descriptions?(\.)|((?:image|img)s?\w*\.(?:txt|lst)$)"
)
_SAYINGS = 5  # of each picture
_VECTORS = re.compile(r"(?i)glove.*\.txt|(?:vec|embedding)\w*\.(?:txt|vec)|\.vec$")
# A word on each line.
_VOCABULARY = re.compile(r"(?i)(?:^|_)(?:words?|vocab\w*|dict\w*|stop_?words?)\.(?:txt|lst)$")
_SIGN = r"(?:word|char|token|label|tag|class)e?s?"
_NUMBER = r"(?:index|indices|inds?|idx|id|int|ix|num)"
_NUMBERED = re.compile(rf"(?i){_SIGN}_?(?:2|to)?_?{_NUMBER}|vocab|dictionary")
_SIGNS = re.compile(rf"(?i){_NUMBER}_?(?:2|to)?_?{_SIGN}")
_IDS = re.compile(r"(?i)(?:^|_)(?:id|index|number|count|age|year)$")
_RATED = re.compile(r"(?i)^(?:is|has)_|stars?$|rating|overall|score|polarity")
_UNTOLD = re.compile(r"^arr_\d+$")  # names that say nothing of what they hold
# As the objects in a picture are told of.
_OBJECTS = (
    "<annotation><folder>pictures</folder><filename>{0}</filename><path>{0}</path><size>"
    "<width>{1}</width><height>{2}</height><depth>3</depth></size>{3}</annotation>"
)
_BOX = (
    "<object><name>{}</name><truncated>0</truncated><difficult>0</difficult><bndbox><xmin>{}</xmin>"
    "<ymin>{}</ymin><xmax>{}</xmax><ymax>{}</ymax></bndbox></object>"
)
_CHANNELS = 4  # at most; the other sides of a picture are more
_SETTINGS = re.compile(r"(?i)(?:conf|param|setting|option)\w*\.json$|\.ya?ml$")
_NUMBERS = re.compile(
    r"(?i)((?:^|_)rate|^lr$|drop|decay|momentum|split$|ratio)"
    r"|^(?:nb|num|n|max|min)_|epochs?$|(?:size|dim|len(?:gth)?|units|width|height|steps|seed|count)s?$"
)
# What holds settings, which other modules name in capitals alone, and what they are.
_SETS = re.compile(r"(?i)conf|cfg|setting|param|hyper|const|option|flags|\b(?:args|opts?)\b")
_PLACED = re.compile(r"(?i)(?:path|dir|directory|folder|file|filename|root|url|name)$")
_NAMES = re.compile(r"(?i)^(?:class|label|categor)(?:es|s|ies|_?names|_?list)$")
SIDE = re.compile(r"(?i)im(?:age|g)_?(?:size|w|h|rows|cols|dim)|width|height")  # of pictures
# What Keras knows.
_USUAL = (("optim", "adam"), ("loss", "mse"), ("activation", "relu"), ("metric", "accuracy"))
# How many of something, or how long.
COUNTED = re.compile(
    r"(?i)^(?:n|num|nb|max|min)_(?!to_)|^max_?len|^vocab_?size"
    r"|(?:^|_)(?:size|dim|len|length|count|steps|width|height|channels)$"
)
_TEXTS = re.compile(r"(?i)texts|sentences|corpus|documents|tweets|reviews|questions")


class Lazy(dict[str, Any]):
    """A dictionary that makes up what it is asked for."""

    def __init__(self, make: Callable[[str], Any]) -> None:
        super().__init__()
        self._make = make
        self.attrs = defaultdict[str, int](int)  # in HDF5: a model that is not there has no layers

    def __missing__(self, key: str) -> Any:
        self[key] = self._make(key)
        return self[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Returns what a key has, which is always there."""
        return self[key]

    def __enter__(self) -> "Lazy":
        return self

    def close(self, *_: object) -> None:
        """Closes nothing."""

    __exit__ = close

    def keys(self) -> Any:
        """The keys; those of a well-known file of MATLAB where nothing was asked for."""
        for one in () if len(self) else _BEARING:
            self[one] = np.sin(np.arange(121_265.0))[:, None]
        return super().keys()

    @property
    def files(self) -> list[str]:
        """The keys, as NumPy calls them."""
        return list(self)


def _dumped(parts: dict[bytes, Any]) -> bytes:
    """Returns what Python 2 pickled, whose names are bytes or texts as who loads it says."""
    pairs = ((name, pickle.dumps(value, 2)[2:-1]) for name, value in parts.items())
    told = (b"U" + bytes([len(name)]) + name + value + b"s" for name, value in pairs)
    return b"\x80\x02}" + b"".join(told) + b"."


class Making:
    """Makes up data as a program seems to want them.

    Args:
        wanted: What it wants.
        homes: The folders that names are told from.
        parts: Takes the names of what is made up one by one.
    """

    def __init__(self, wanted: Wanted, homes: Sequence[str], parts: list[str]) -> None:
        self._whole, self._homes, self._parts = wanted, homes, parts
        self._name = ""  # of what is made
        self._chance = np.random.default_rng(0)
        self.wanted = wanted

    def begin(self, name: str, *parts: str) -> None:
        """Takes what is wanted of some data, or of a part of them, from now on."""
        names = [name, *parts]
        for home in self._homes:
            names = [one.removeprefix(home) for one in names]
        self._name = names[0]
        self._parts += [one for one in names[1:] if one not in self._parts]
        self.wanted = self._whole.of(*names)

    def whole(self, use: Use) -> Any:
        """Returns what a file holds, which can be used in this way."""
        if self.wanted.mapped:
            return {word: self._one(use.name, row) for row, word in enumerate(self._words())}
        keyed = self.wanted.keyed or self._name.endswith((".npz", ".mat"))
        return Lazy(self.array) if keyed and not use.shaped else self.value(use)

    def value(self, use: Use, row: int | None = None) -> Any:
        """Returns what can be used in this way.

        Args:
            use: The way.
            row: The number of the item that it is of, among others that a program goes through.
        """
        if use.parts:
            return tuple(self.value(part, row) for part in use.parts)
        if use.kind == "table":
            return self.frame()
        if _SETTINGS.search(self._name) and not use.shaped:
            return self.setting(use.name)
        if row is None and not use.shape and COUNTED.search(use.name):
            return self.number(use.name)
        if _NUMBERED.search(use.name):
            return {word: number for number, word in enumerate(self._words())}
        if _SIGNS.search(use.name):
            return dict(enumerate(self._words()))
        if use.keys:
            found = Lazy(self.array)
            for key, part in use.keys.items():
                untold = _UNTOLD.search(key) and "[" not in part.name
                told = part if part.shaped or untold else Use(key, shape=part.shape)
                found[key] = self.value(told, row)
            return np.array(found, dtype=object) if use.kind == "item" else found
        if use.element and (use.element.shaped or row is not None):
            count = self.wanted.rows if row is None else _INNER
            return [self.value(use.element, number) for number in range(count)]
        if use.kind == "text":
            return self._said
        if _TEXTS.search(use.name):
            return self.sentences()
        return self.array(use.name, use.shape) if row is None else self._one(use.name, row)

    def array(self, name: str, shape: tuple[int, ...] = ()) -> Any:
        """Returns labels or numbers, as a name tells, of a shape that is known before a run."""
        self.begin(self._name, f"{self._name}/{name}")
        self.wanted = self.wanted.formed(shape)
        if _SETTINGS.search(self._name):
            return self.setting(name)
        if self.wanted.single:
            return COLUMNS
        told = Path(self._name).stem if _UNTOLD.search(name) else name
        if (LABELS.search(told) or not self.wanted.shape) and not self.wanted.shaped:
            labels = self._chance.integers(0, self.wanted.classes, self.wanted.rows)
            hot = self.wanted.hot
            return np.eye(self.wanted.classes)[labels] if hot else labels + self.wanted.first
        if "*" in self.wanted.texts:
            return np.full((self.wanted.rows, *self.wanted.shape), self._said, dtype=object)
        shape = (self.wanted.rows, *self.wanted.shape)
        large = math.prod(shape) > LONG
        return self._chance.random(shape, dtype=np.float32 if large else np.float64)

    def number(self, name: str) -> int:
        """Returns how many there are of what a name tells."""
        return self.wanted.classes if "class" in name.lower() else COLUMNS

    def setting(self, name: str, given: str = "") -> float | str:
        """Returns what a name stands for in settings: a choice, a number, or a file of that name.

        Args:
            name: Of the setting.
            given: The name that a program gives to it.
        """
        if choices := self.wanted.values.get(given) or self.wanted.values.get(name):
            return min(choices, key=lambda one: "train" not in one.lower())
        if usual := next((word for told, word in _USUAL if told in name.lower()), ""):
            return usual
        found = _NUMBERS.search(name)
        return name if found is None else 0.1 if found[1] else COLUMNS

    def constant(self, name: str) -> Any:
        """Returns what a setting is of a module that is not there; nothing if it is none.

        Args:
            name: Of the setting, with its home.
        """
        home, _, last = name.rpartition(".")
        if not (_SETS.search(home) or last.isupper()):
            return None
        if re.search("(?i)shape", last):
            return self._whole.size
        if _NAMES.search(last):
            return [*map("class{}".format, range(self._whole.classes))]
        if SIDE.search(last):
            return next((one for one in self._whole.size if one > _CHANNELS), COLUMNS)
        if re.search("(?i)channel", last):
            return min(self._whole.size)
        if "class" in last.lower():
            return self.wanted.classes
        known = _NUMBERS.search(last) or (_SETS.search(home) and _PLACED.search(last))
        usual = _SETS.search(home) and last.isupper()  # most of which are numbers
        found = self.setting(last) if known or usual else None
        return COLUMNS if found == last and not known else found

    def item(self, row: int) -> Any:
        """Returns what a line of a file holds by names."""
        return Lazy(lambda name: self._one(name, row))

    def _one(self, name: str, row: int) -> Any:
        """Returns what an item of several has by a name: a name of a file, a number, a text."""
        self.begin(self._name, f"{self._name}/{name}")
        wanted = self.wanted
        if LABELS.search(name) or _RATED.search(name):
            return row % wanted.classes
        if _IDS.search(name):
            return row
        if _FILES.search(name):
            return next(islice(self.names(row + 1, wanted.ending), row, None))
        if _KINDS.search(name):
            return wanted.kinds[row % len(wanted.kinds)]
        told = "*" in wanted.texts or _SAID.search(name)
        return self._sentence(row) if told else self._chance.random(wanted.shape)

    @property
    def _width(self) -> int:
        """Returns the width of a table; one to test with may lack the labels."""
        lacks = self.wanted.unlabeled and "test" in self._name.lower()
        return int(self.wanted.width - lacks)

    def numbers(self, usecols: Any = None, unpack: bool = False, **_: Any) -> Array:
        """Returns a table of numbers, as NumPy reads it."""
        table = self._values(self._width).astype(float)
        table = table if usecols is None else table[:, usecols]
        return table.T if unpack else table

    def frame(self, names: Any = None, usecols: Any = None, **options: Any) -> Any:
        """Returns a table of pandas, with the columns that the program names, and some others."""
        import pandas

        index, dates = options.get("index_col"), options.get("parse_dates")
        bare = options.get("header", 0) is None or not self.wanted.columns
        of_labels = bare and _LABELED.search(Path(self._name).stem)
        width = max(1 + self.wanted.wider, 1) if of_labels else self._width  # which lie alone
        if isinstance(dates, list) and any(isinstance(one, list) for one in dates):
            raise TypeError("list indices must be integers or slices, not list")  # as pandas does
        dates = [one for one in dates if isinstance(one, str)] if isinstance(dates, list) else []
        if names is None and options.get("header", 0) is not None:
            asked = (one for one in (index, *(usecols or ()), *dates) if isinstance(one, str))
            found = list(dict.fromkeys([*self.wanted.columns, *asked]))
            names = [*found, *map(str, range(len(found), width))]
        count = width if names is None else len(names)
        table = pandas.DataFrame(self._values(count), columns=names)
        for name in table.columns:
            table[name] = self._column(str(name), table[name])
        for name in dates:
            table[name] = pandas.to_datetime(table[name])
        if usecols is not None:
            whole = all(isinstance(one, int) for one in usecols)
            table = table.iloc[:, usecols] if whole else table[list(usecols)]
        table = table.set_index(index) if isinstance(index, str) else table
        if index is not None and options.get("parse_dates"):
            table.index = self._hours().rename(index)
        return table

    def _column(self, name: str, numbers: Any) -> Any:
        """Returns a column of a table: what its name tells, or numbers."""
        wanted = self.wanted
        if known := wanted.values.get(name):
            others = range(len(known), wanted.told_classes)  # that it does not name
            return list(islice(cycle([*known, *map("other{}".format, others)]), wanted.rows))
        if _PIXELS.search(name):
            return self._pixels()
        if name in DRIVING[3:6]:  # how far a wheel or a pedal is moved
            return self._chance.uniform(-1, 1, wanted.rows).round(3)
        if name in wanted.paired:
            rows = np.arange(wanted.rows)
            return rows // COLUMNS if name == wanted.paired[0] else rows % COLUMNS
        if name in wanted.lists:
            return self._chance.random((wanted.rows, wanted.many)).tolist()
        if name in wanted.files or (wanted.ending in PICTURE and _FILES.search(name)):
            return list(self.names(wanted.rows, wanted.ending))
        told = name in wanted.texts or ("*" in wanted.texts and not LABELS.search(name))
        if told or (_WORDS.search(name) and not wanted.plain):
            return (numbers + _LONG).astype(str) if wanted.plain else self.sentences()
        if _TIMES.search(name):
            return getattr(self._hours(), name.lower())
        if name in wanted.dated or (_DATES.search(name) and not wanted.plain):
            return self._hours().strftime(wanted.dates or "%Y-%m-%d %H:%M:%S")
        bounds = wanted.bounds.get(name, [0])
        if max(bounds) >= wanted.first + wanted.classes:  # which no class goes beyond
            lacks = (max(bounds) - min(bounds) or max(bounds)) / 2
            spread = np.linspace(min(bounds) - lacks, max(bounds) + lacks, wanted.rows)
            return self._chance.permutation(spread.round())
        return numbers

    def _hours(self) -> Any:
        """Returns an hour for each row, or times around the days that the program names."""
        import pandas

        rows, named = self.wanted.rows, [*self.wanted.days]
        days = pandas.to_datetime(named, format="mixed", errors="coerce").dropna()
        if not len(days):
            return pandas.date_range("2019", periods=rows, freq="h")
        around = max(days.max() - days.min(), pandas.Timedelta(hours=rows)) / 2
        first, last = days.min() - around, days.max() + around
        return pandas.date_range(first, last, periods=rows).floor("s")

    def names(self, count: int, ending: str) -> Iterator[str]:
        """Yields names of files, which tell a kind or a number as the program takes them apart."""
        wanted, (mark, parts) = self.wanted, self.wanted.named
        starts, ends = wanted.around if wanted.asked else ([""], [""])
        for number, kind in enumerate(islice(cycle(wanted.kinds), count)):
            label = str(number % wanted.classes)
            first = label if wanted.digits else kind
            if wanted.digits > 1 or wanted.captioned:
                stem = f"{number:0{wanted.signs}}"
            elif len(parts) > 1:
                inner = [label if part is True else kind for part in parts[1:-1]]
                stem = mark.join([label if parts[0] is True else first, *inner, str(number)])
            else:
                stem = f"{first}.{number}"
            start, end = starts[number % len(starts)], ends[number % len(ends)]
            yield f"{start}{stem}{end}{ending * ('.' not in end)}"

    def content(self, name: str, known: bool = True) -> bytes | None:
        """Returns the bytes of a file by its name: of MNIST, CIFAR-10, pictures, arrays, texts.

        Args:
            name: Of the file.
            known: Whether the name must tell what is in it; else it is a text.
        """
        packed = name.removesuffix(".gz").replace(".idx", "-idx") + ".gz"  # as some unpack it
        if packed in FILES["mnist"]:
            content = (FOLDER / "mnist" / packed).read_bytes()
            return content if name.endswith(".gz") else gzip.decompress(content)
        if re.fullmatch(r"data_batch_[1-5]|test_batch", name):
            pixels = self._chance.integers(0, 256, (10000, 3072), dtype=np.uint8)
            labels = self._chance.integers(0, 10, 10000).tolist()
            return _dumped({b"data": pixels, b"labels": labels, b"batch_label": name})
        if name.endswith(".gz") and ".tar" not in name:
            inner = self.content(name.removesuffix(".gz"), known=False)
            return gzip.compress(inner or b"")
        buffer = io.BytesIO()
        if name.endswith(PICTURE):
            self._picture(name, buffer)
        elif name.endswith(SOUND):
            with wave.open(buffer, "wb") as sound:
                sound.setparams((1, 2, _RATE, 0, "NONE", ""))
                sound.writeframes(
                    self._chance.integers(
                        -999, 999, _RATE * self.wanted.seconds, dtype="<i2"
                    ).tobytes()
                )
        elif name.endswith(NOTES):
            return _tune()
        elif name.endswith(".xml"):
            high, wide = [one for one in self.wanted.size if one > _CHANNELS][:2]
            kinds = (self.wanted.kinds * 2)[:2]
            boxes = (
                _BOX.format(kind, wide // 4, high // 4, wide // 2, high // 2) for kind in kinds
            )
            picture = Path(name).stem + PICTURE[0]
            return _OBJECTS.format(picture, wide, high, "".join(boxes)).encode()
        elif name.endswith(".arff"):
            return self._attributed().encode()
        elif name == "mnist.npz":
            (x, y), (x_test, y_test) = served()["mnist"]["load_data"]()
            np.savez(buffer, x_train=x, y_train=y, x_test=x_test, y_test=y_test)
        elif self.wanted.captioned and (told := _CAPTIONS.search(name)):
            return self._captions(bool(told[1]), bool(told[2])).encode()
        elif self.wanted.tags and name.endswith(_TAGGED) and not _VECTORS.search(name):
            return self._lined(self._tagged())
        elif self.wanted.headed or (
            name.endswith(".csv") and self.wanted.heads and self.wanted.mark in " ,"
        ):
            return bytes(self.frame().to_csv(index=False, sep=self.wanted.delimiter).encode())
        elif name.endswith((".csv", ".dat")) and self.wanted.mark != " " and self.wanted.line[1:]:
            return self._lined(self._text())
        elif name.endswith((".csv", ".data")):
            width = self.wanted.fields or max(self.wanted.width, COLUMNS)
            np.savetxt(buffer, self._values(width), fmt="%d", delimiter=",")
            buffer.truncate(buffer.tell() - 1)
        elif name.endswith(".zip"):
            ZipFile(buffer, "w").close()  # what is in it is made up when it is read
        elif ".tar" in name or name.endswith(".tgz"):
            tarfile.open(fileobj=buffer, mode="w:gz").close()
        elif self.wanted.vectors or _VECTORS.search(name):
            return self.vectors(name).encode()
        elif _VOCABULARY.search(name):
            return self._lined("\n".join(self._words()))
        elif re.match(r"qa\d+_", name):
            return _STORY.encode() * LINES
        elif name.endswith((".txt", ".p", ".pkl", ".pickle")) or not known:
            return self._lined(self._text())
        return buffer.getvalue() or None

    def _picture(self, name: str, buffer: io.BytesIO) -> None:
        from PIL import Image

        size = list(self.wanted.size)
        channels = min(size) if len(size) == 3 and min(size) in (1, 3, 4) else 0
        if channels:
            size.remove(channels)
        depth = (3,) if channels > 1 else ()
        pixels = self._chance.integers(0, 256, (*size[:2], *depth), dtype=np.uint8)
        kind = Image.registered_extensions()[Path(name).suffix.lower()]
        Image.fromarray(pixels).save(buffer, kind)

    @property
    def _said(self) -> str:
        """Returns a sentence; of Chinese where a program looks for its commas."""
        return _CHINESE if re.search(r"[\"'][，。]", self.wanted.source) else SENTENCE

    def _pixels(self) -> str:
        return " ".join(["0"] * self.wanted.many)

    def _lined(self, text: str) -> bytes:
        """Returns a text as a program wants its lines to end."""
        windows = re.search(r"split\([\"']\\r", self.wanted.source)
        return (text.replace("\n", "\r\n") if windows else text).encode()

    def _text(self) -> str:
        """Returns lines, each of which has as many parts as the program takes it apart into."""
        mark, line, values = self.wanted.mark, self.wanted.line, self.wanted.values
        if self.wanted.plain:
            line = [True] * max(len(line), self.wanted.width if self.wanted.splits else 1)
        lines = self.wanted.lines
        if len(line) < 2 and not self.wanted.plain:
            return "\n".join(map(self._saying, range(lines)))
        words = re.findall(r"\w+", self._said)
        rows = []
        for number in range(lines):
            whole = self._saying(number).replace(mark, "")
            word = words[number % len(words)] if mark.isspace() and mark != "\t" else whole
            word = f"{number:0{self.wanted.signs}}" if self.wanted.digits > 1 else word
            label = str(number % self.wanted.classes)
            known = {True: label, False: word, NUMBERS: self._pixels()}
            known |= {name: some[number % len(some)] for name, some in values.items()}
            rows.append(mark.join(known[part] for part in line))
        return "\n".join(rows)

    def _attributed(self) -> str:
        """Returns a table as Weka reads it, in which the classes stand for texts."""
        table, kinds = self.frame(), [*map(str, range(self.wanted.classes))]
        lines = ["@relation data"]
        for name in table:
            told = table[name].dtype.kind not in "iuf"
            table[name] = [*islice(cycle(kinds), len(table))] if told else table[name]
            kind = f"{{{','.join(kinds)}}}" if told else "numeric"
            lines.append(f"@attribute '{name}' {kind}")
        return "\n".join([*lines, "@data", table.to_csv(index=False, header=False)])

    def _captions(self, clean: bool, listed: bool) -> str:
        """Returns names of pictures, each with what is said of it, if they are not just listed."""
        mark = self.wanted.mark if self.wanted.mark in "\t,|" else " "
        names = [*self.names(self.wanted.pictures, "" if clean else PICTURE[0])]
        if listed:
            return "\n".join(names)
        end = "#0" * ("#" in self.wanted.source and not clean)
        rows = enumerate(names * _SAYINGS)
        return "\n".join(f"{name}{end}{mark}{self._sentence(row)}" for row, name in rows)

    def _tagged(self) -> str:
        """Returns a word and its tag on each line, with sentences apart."""
        wanted = self.wanted
        signs = re.search(r"char_level|char2", wanted.source)  # which have tags as words have
        words = re.findall(r"\w" if signs else r"\w+", SENTENCE)
        mark = "\t" if wanted.mark == "\t" else " "
        parts = max(len(wanted.line), wanted.fields, 2) - 1
        sentences = []
        for number in range(0, wanted.lines, len(words)):
            tags = (wanted.tags[(number + place) % len(wanted.tags)] for place in range(len(words)))
            pairs = zip(words, tags, strict=True)
            sentences.append("\n".join(mark.join([word, *[tag] * parts]) for word, tag in pairs))
        return "\n\n".join(sentences)

    def _values(self, columns: int) -> Array:
        """Returns numbers, each column of which could be that of the labels."""
        classes = np.arange(self.wanted.rows)[:, None] % self.wanted.classes
        whole = self._chance.permuted(np.repeat(classes, columns, axis=1), axis=0)
        whole += self.wanted.first
        return whole.astype(float) if self.wanted.floats else whole

    def sentences(self) -> list[str]:
        """Returns a text for each row, no two alike."""
        return [*map(self._sentence, range(self.wanted.rows))]

    def _saying(self, row: int) -> str:
        """Returns a line of a text: the same again, if not more words are wanted."""
        return self._sentence(row) if self.wanted.words else self._said

    def _sentence(self, row: int) -> str:
        count = self.wanted.words // self.wanted.rows + 1
        return " ".join([self._said, *map("word{}".format, range(row * count, (row + 1) * count))])

    def _words(self) -> list[str]:
        """Returns the words of the texts, those of the program, and as many as most want."""
        words = {*re.findall(r"\w+", SENTENCE.lower()), *map("word{}".format, range(1000))}
        return sorted(words | {*re.findall(r"</?\w+>|[^\W\d_]{2,}", self.wanted.source)})

    def vectors(self, name: str) -> str:
        """Returns vectors of words, as long as a name tells."""
        told = re.search(r"(\d+)d|dim_?(\d+)", name)
        usual = 300 if name.endswith(".vec") else 100
        size = self.wanted.vector or (int(told[1] or told[2]) if told else usual)
        words = self._words()
        head = f"{len(words)} {size}\n" if name.endswith(".vec") else ""
        rows = (" ".join(map("{:.4f}".format, self._chance.normal(size=size))) for _ in words)
        return head + "".join(f"{word} {row}\n" for word, row in zip(words, rows, strict=True))


def _tune() -> bytes:
    """Returns a MIDI file of one track, whose notes come one after the other."""
    pitches = (60 + number % 12 for number in range(_NOTES))
    events = (b"\0\x90%c\x40\x78\x80%c\0" % (pitch, pitch) for pitch in pitches)
    track = b"".join([*events, b"\0\xff\x2f\0"])
    return (
        b"MThd"
        + struct.pack(">IHHH", 6, 0, 1, 480)
        + b"MTrk"
        + struct.pack(">I", len(track))
        + track
    )
