"""Has data made up that a program reads and nobody has any more, wherever it reads them."""

import ast
import builtins
import codecs
import glob
import inspect
import io
import json
import linecache
import os
import pickle
import re
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from email.message import Message
from functools import cache, wraps
from itertools import cycle, islice
from pathlib import Path, PureWindowsPath
from tarfile import TarFile
from types import FrameType
from typing import Any
from urllib.response import addinfourl
from zipfile import ZipFile

import h5py
import numpy as np

from kerastut.migration.making import SENTENCE, TEXT, Making
from kerastut.migration.packages import Absent, take_nltk
from kerastut.migration.places import innermost, statement
from kerastut.migration.uses import Use, is_tried
from kerastut.migration.wanted import PICTURE, Wanted

_NAMED = ("filepath_or_buffer", "fname", "io", "path_or_buf", "filepath")  # arguments of readers
_READERS = ("csv", "table", "excel", "json", "pickle", "hdf", "feather", "parquet")
_DIFFERENT = 5  # files of a folder; the others are like these
# What holds a model, which nothing can stand in for.
_MODELS = (".model", ".h5", ".hdf5", ".keras", ".weights", ".ckpt", ".pb", ".yaml", ".yml")


def stand_in(
    homes: Sequence[Any], root: Path, wanted: Wanted, made_up: list[str], parts: list[str]
) -> None:
    """Has data made up where they are not there.

    Args:
        homes: Keras and `tf.keras`, in this order.
        root: The folder that a program may write to.
        wanted: What the program expects of its data.
        made_up: Takes the names of what is made up.
        parts: Takes these and the names of their parts.
    """
    inside = [f"{root / name}{os.sep}" for name in ("work", "home")]
    maker = _Maker(root, Making(wanted, inside, parts), made_up)
    readers = [(home.utils, "image_dataset_from_directory") for home in homes]
    readers.append((homes[1].preprocessing.image.ImageDataGenerator, "flow_from_directory"))
    for owner, name in readers:
        setattr(owner, name, maker.pictured(getattr(owner, name)))
    for owner, name in ((builtins, "open"), (io, "open"), (os, "listdir")):
        setattr(owner, name, maker.opened(getattr(owner, name)))
    for owner, name in ((glob, "glob"), (glob, "iglob"), (Path, "glob"), (Path, "rglob")):
        setattr(owner, name, maker.matched(getattr(owner, name)))
    os.walk = maker.walked(os.walk)
    os.chdir = maker.entered(os.chdir)  # type: ignore[assignment]
    for owner, name in ((pickle, "load"), (json, "load"), (json, "loads"), (np, "load")):
        setattr(owner, name, maker.loaded(getattr(owner, name)))
    for owner, name in ((ZipFile, "open"), (TarFile, "extractfile")):
        setattr(owner, name, maker.unpacked(getattr(owner, name)))
    maker.take_hdf5()
    make = maker.making
    for name in ("loadtxt", "genfromtxt"):
        setattr(np, name, maker.absent(getattr(np, name), make.numbers))
    urllib.request.urlretrieve = maker.retrieved
    urllib.request.urlopen = maker.answered
    for home in homes:
        home.utils.get_file = maker.fetched(home.utils.get_file)
    load = homes[0].Model.load_weights  # a model stays as it is where there are none
    homes[0].Model.load_weights = maker.absent(load, lambda **_: None, place=1)
    Absent(wanted.absent, maker.given, made_up)
    _take_libraries(maker, wanted.source)


def _take_libraries(maker: "_Maker", source: str) -> None:
    """Has data made up by the libraries that a program names, as far as they are there."""
    with suppress(ImportError):
        if "pandas" in source:
            import pandas

            for name in (f"read_{kind}" for kind in _READERS):
                reads = getattr(pandas, name)
                setattr(pandas, name, maker.absent(reads, maker.making.frame))
    with suppress(ImportError):
        if "nltk" in source:
            take_nltk()
    with suppress(ImportError):
        if "fetch_" in source:
            import sklearn.datasets

            for name in filter(re.compile("fetch_").match, dir(sklearn.datasets)):
                setattr(sklearn.datasets, name, maker.bunched(name))
    with suppress(ImportError):
        if "gensim" in source:
            maker.take_gensim()
    with suppress(ImportError):
        if "librosa" in source:
            import librosa

            librosa.load = maker.opened(librosa.load, ending=".wav")
    with suppress(ImportError):
        if "cv2" in source:
            import cv2

            cv2.imread = maker.opened(cv2.imread, ending=PICTURE[0])
    with suppress(ImportError):
        if "requests" in source:
            import requests

            requests.get = maker.responded  # type: ignore[assignment]
    with suppress(ImportError):
        if "loadmat" in source:
            import scipy.io

            scipy.io.loadmat = maker.loaded(scipy.io.loadmat)
    with suppress(ImportError):
        if "joblib" in source:
            import joblib

            joblib.load = maker.loaded(joblib.load)


class _Maker:
    """Makes up what is not there, as a program seems to want it."""

    def __init__(self, root: Path, making: Making, made_up: list[str]) -> None:
        self._root, self._made_up, self.making = root, made_up, making
        self._texts = set[str]()  # files in whose place there are texts, which loaders refuse
        self._listed = False  # whether a folder was, of which the first may hold others

    def _begin(self, name: str) -> Wanted:
        """Returns what is wanted of some data that are made up from now on."""
        self._made_up.append(name)
        self.making.begin(name, name)
        return self.making.wanted

    def pictured(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Returns what reads a folder for each class."""
        signature = inspect.signature(original)

        @wraps(original)
        def read(*args: Any, **kwargs: Any) -> Any:
            bound = signature.bind(*args, **kwargs)
            given = bound.arguments
            folder = Path(given["directory"])
            if not any(one.suffix.lower() in PICTURE for one in folder.glob("*/**/*")):
                place, wanted = self._place(folder), self.making.wanted
                binary = "binary" in (given.get("class_mode"), given.get("label_mode"))
                names = given.get("classes") or given.get("class_names")
                names = names or [one.name for one in folder.glob("*") if one.is_dir()]
                names = names or [f"class{i:03}" for i in range(2 if binary else wanted.classes)]
                for name in map(str, names):
                    self._fill(place / name, max(wanted.pictures // len(names), 2), ".png")
                given["directory"] = str(place)
            return original(*bound.args, **bound.kwargs)

        return read

    def opened(self, original: Callable[..., Any], ending: str = "") -> Callable[..., Any]:
        """Returns what opens a file, of a kind that an ending may tell, or lists a folder."""
        lists = original.__name__ == "listdir"

        @wraps(original)
        def read(file: Any = ".", *args: Any, **kwargs: Any) -> Any:
            mode = str(args[0] if args else kwargs.get("mode", "r"))
            try:
                if ending and not Path(file).exists():
                    raise FileNotFoundError  # as native code would not
                found = original(file, *args, **kwargs)
                if not lists or found or not self._is_ours(sys._getframe(1)):
                    return found
            except (FileNotFoundError, NotADirectoryError):
                ours = not lists or self._is_ours(sys._getframe(1))
                if isinstance(file, int) or "w" in mode or "a" in mode or not ours:
                    raise
                found = None
            place = self._made(PureWindowsPath(str(file)), lists, sys._getframe(1), ending)
            if place is None:
                if found is None:
                    return original(file, *args, **kwargs)  # says it in its own words
                return found
            return original(str(place), *args, **kwargs)

        return read

    def matched(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Returns what lists the files of a pattern, or of one below a folder."""

        @wraps(original)
        def read(*args: Any, **kwargs: Any) -> Any:
            if not self._is_ours(sys._getframe(1)):
                return original(*args, **kwargs)
            found, pattern = list(original(*args, **kwargs)), Path(*args)
            ending = pattern.suffix.replace("*", "")
            if found or "*" not in str(pattern) or ending in _MODELS:
                return original(*args, **kwargs)
            folder, wanted = str(pattern.parent), self.making.wanted
            for kind in wanted.kinds if "*" in folder else ("",):
                place = self._place(Path(folder.replace("**", "").replace("*", kind)))
                wanted = self.making.wanted
                self._fill(place, wanted.pictures, ending or wanted.ending, pattern.stem)
            first = self._inside(Path(args[0]))
            return original(type(args[0])(first), *args[1:], **kwargs)

        return read

    def walked(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Returns what walks through a folder."""

        @wraps(original)
        def walk(top: Any, *args: Any, **kwargs: Any) -> Any:
            if not Path(top).exists():  # a library may walk for the program
                self._made(PureWindowsPath(str(top)), True, sys._getframe(1))
            return original(top, *args, **kwargs)

        return walk

    def entered(self, original: Callable[[Any], None]) -> Callable[[Any], None]:
        """Returns what changes the folder, to one that may not be there."""

        @wraps(original)
        def enter(path: Any) -> None:
            place = Path(os.fsdecode(path)) if isinstance(path, (str, bytes, Path)) else Path()
            if not place.exists() and place.resolve().is_relative_to(self._root):
                self._place(place).mkdir(parents=True)
            original(path)

        return enter

    def absent(
        self, original: Callable[..., Any], make: Callable[..., Any], place: int = 0
    ) -> Callable[..., Any]:
        """Returns what makes something else where a file, or an address, is not there."""

        @wraps(original)
        def read(*args: Any, **kwargs: Any) -> Any:
            names = (*args[place : place + 1], *map(kwargs.get, _NAMED))
            name = next((one for one in names if isinstance(one, (str, Path))), None)
            if name is None or Path(name).exists():
                return original(*args, **kwargs)
            self._begin(str(name))
            return make(**kwargs)

        return read

    def loaded(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Returns what loads an object from a file: where there is none, one as it is used."""

        @wraps(original)
        def load(*args: Any, **kwargs: Any) -> Any:
            try:
                return original(*args, **kwargs)
            except Exception as error:
                source, frame = next(iter((*args, *kwargs.values())), ""), sys._getframe(1)
                name = str(getattr(source, "name", source))
                is_gone = isinstance(error, FileNotFoundError)
                made = is_gone or name in self._texts or SENTENCE in name
                if not (made and self._is_ours(frame)):
                    raise
                if is_gone:
                    self._begin(name)
                self.making.begin(name)
                return self.making.value(self._use(frame, original.__name__))

        return load

    def unpacked(self, original: Callable[..., Any]) -> Callable[..., Any]:
        """Returns what opens a member of an archive."""

        @wraps(original)
        def member(archive: Any, name: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return original(archive, name, *args, **kwargs)
            except KeyError:
                names = getattr(archive, "namelist", getattr(archive, "getnames", list))
                if not isinstance(name, str) or names():
                    raise
                content = self.making.content(PureWindowsPath(name).name, known=False)
                return io.BytesIO(content or b"")

        return member

    def take_gensim(self) -> None:
        """Has vectors of words made up that gensim would load."""
        import gensim.downloader
        from gensim.models import KeyedVectors, Word2Vec

        def model(**_: Any) -> Any:
            lines = self.making.vectors("words.vec").splitlines()[1:]
            words = [[line.split()[0]] for line in lines]
            return Word2Vec(words, min_count=1, vector_size=len(lines[0].split()) - 1)

        for owner, name in ((KeyedVectors, "load_word2vec_format"), (KeyedVectors, "load")):
            setattr(owner, name, self.absent(getattr(owner, name), lambda **_: model().wv))
        Word2Vec.load = self.absent(Word2Vec.load, model)
        gensim.downloader.load = lambda name, **_: self._begin(name) and model().wv

    def bunched(self, name: str) -> Callable[..., Any]:
        """Returns what gives a data set of scikit-learn that would be downloaded."""
        from sklearn.utils import Bunch

        def fetch(*_: Any, **options: Any) -> Any:
            wanted = self._begin(name)
            told = "newsgroups" in name and "vectorized" not in name
            data = [SENTENCE] * wanted.rows if told else self.making.array("data")
            target = self.making.array("target")
            names = [str(number) for number in range(wanted.classes)]
            whole = Bunch(data=data, images=data, target=target, target_names=names)
            return (data, target) if options.get("return_X_y") else whole

        return fetch

    def given(self, name: str) -> Any:
        """Returns what a function gives of a package that is not there, if it is used as data."""
        frame = sys._getframe(2)
        use = self._use(frame, name.rpartition(".")[2]) if self._is_ours(frame) else Use("")
        if not use.shaped:
            return None
        self._begin(name)
        return self.making.frame() if use.keys or use.kind == "table" else self.making.value(use)

    def take_hdf5(self) -> None:
        """Has HDF5 files made up, with what is asked of them."""
        init, get, made = h5py.File.__init__, h5py.Group.__getitem__, set[str]()

        def opened(file: Any, name: Any, mode: Any = "r", *args: Any, **kwargs: Any) -> None:
            frame = sys._getframe(1)
            lacks = isinstance(name, (str, Path)) and not Path(name).exists()
            if lacks and mode in ("r", "r+") and self._is_ours(frame):
                name, mode = str(self._place(Path(name))), "w"
                Path(name).parent.mkdir(parents=True, exist_ok=True)
                made.add(name)
                init(file, name, mode, *args, **kwargs)
                for key in self._use(frame, "File").keys or ("data", "label"):
                    file[key] = self.making.array(key)
            else:
                init(file, name, "r+" if str(name) in made else mode, *args, **kwargs)

        def asked(group: Any, key: Any) -> Any:
            if isinstance(key, str) and group.file.filename in made and key not in group:
                group[key] = self.making.array(key)
            return get(group, key)

        h5py.File.__init__ = opened
        h5py.Group.__getitem__ = asked

    def fetched(self, original: Callable[..., str]) -> Callable[..., str]:
        """Returns what gets a file of our own for one that would be downloaded."""
        signature = inspect.signature(original)
        original.__globals__["urlretrieve"] = self.retrieved

        @wraps(original)
        def get_file(*args: Any, **kwargs: Any) -> str:
            given = signature.bind(*args, **kwargs).arguments
            for name in ("md5_hash", "file_hash"):
                given.pop(name, None)
            given["fname"] = Path(given["fname"]).name if given.get("fname") else None
            return original(**given)

        return get_file

    def retrieved(self, url: str, filename: Any = None, *_: Any, **__: Any) -> tuple[str, Any]:
        """Writes what an address might have given to a file."""
        path = Path(filename or Path.home() / self._last(url))
        path.write_bytes(self._downloaded(url))
        return str(path), Message()

    def answered(self, url: Any, *_: Any, **__: Any) -> Any:
        """Returns what an address might have given, as `urlopen` does."""
        address = url if isinstance(url, str) else url.full_url
        return addinfourl(io.BytesIO(self._downloaded(address)), Message(), address, 200)

    def responded(self, url: str, *_: Any, **__: Any) -> Any:
        """Returns what an address might have given, as `requests` does."""
        import requests

        response = requests.Response()
        response.status_code, response.url = 200, url
        response.raw = io.BytesIO(self._downloaded(url))
        return response

    def _downloaded(self, url: str) -> bytes:
        self._begin(url)
        return self.making.content(self._last(url)) or TEXT.encode()

    def _last(self, url: str) -> str:
        return urllib.parse.urlsplit(url).path.rpartition("/")[2] or "index.html"

    def _is_ours(self, frame: FrameType) -> bool:
        """Tells whether the program itself calls; libraries list folders of their own."""
        return frame.f_code.co_filename.startswith(str(self._root))

    def _use(self, frame: FrameType, loader: str) -> Use:
        """Returns how a program uses what it loads; what a function returns, outside of it."""
        trees = [_tree(frame.f_code.co_filename)]
        calls = [
            ast.unparse(node)
            for node in statement(trees, frame.f_lineno)
            if isinstance(node, ast.Call)
            and getattr(node.func, "attr", getattr(node.func, "id", "")) == loader
        ]
        use = self.making.wanted.uses.of(calls[0]) if calls else Use("")
        outer = frame.f_back
        returns = isinstance(innermost(trees, frame.f_lineno), ast.Return) and not use.shaped
        if returns and outer and self._is_ours(outer):
            return self._use(outer, frame.f_code.co_name)
        return use

    def _made(
        self, wanted: PureWindowsPath, is_folder: bool, frame: FrameType, ending: str = ""
    ) -> Path | None:
        path = Path(wanted.as_posix())
        if frame.f_code.co_filename == codecs.__file__ and frame.f_back:
            frame = frame.f_back
        # What a program is prepared to miss, and a model that is not there, are none of ours.
        known = not self._is_ours(frame) or path.suffix in _MODELS
        known = known or is_tried(_tree(frame.f_code.co_filename), frame.f_lineno)
        if not path.resolve().is_relative_to(self._root):
            return None  # what libraries look for in their own folders is none of ours
        if is_folder:
            place, needs = self._place(path), self.making.wanted
            place.unlink(missing_ok=True) if place.is_file() else None
            nests, self._listed = needs.nested and not self._listed, True
            kinds = islice(cycle(needs.kinds), needs.classes)
            for number, kind in enumerate(kinds if nests else ()):
                name = kind + str(number) * (number >= len(needs.kinds))
                self._fill(place / name, needs.pictures, needs.ending)
            if not nests:
                self._fill(place, needs.pictures, needs.ending)
            return place
        self.making.begin(str(path))
        name = wanted.name + ending * (wanted.suffix.lower() not in PICTURE)
        if content := self.making.content(name, known):
            place = self._place(path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            self._texts.add(str(place))
            return place
        return None

    def _place(self, wanted: Path) -> Path:
        """Returns where something can lie: at its own place, if that is not outside."""
        self._begin(str(wanted))
        return self._inside(wanted)

    def _inside(self, wanted: Path) -> Path:
        whole = wanted.resolve()
        inside = whole.is_relative_to(self._root)
        return wanted if inside else Path.home() / whole.relative_to(whole.anchor)

    def _fill(self, folder: Path, count: int, ending: str, pattern: str = "*") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{pattern.replace('*', 'one')}{ending}"
        some = cycle([self.making.content(name, known=False) or b"" for _ in range(_DIFFERENT)])
        for name, content in zip(self.making.names(count, ending), some, strict=False):
            stem = pattern.replace("*", name.removesuffix(ending))
            (folder / f"{stem}{ending}").write_bytes(content)


@cache
def _tree(name: str) -> ast.Module:
    """Returns the tree of a file of the program, with the lines that it is run with."""
    with suppress(SyntaxError, ValueError, RecursionError):
        return ast.parse("".join(linecache.getlines(name)))
    return ast.Module([], [])
