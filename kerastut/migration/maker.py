"""Makes up what is not there: files, folders, and what functions of libraries would give."""

import ast
import codecs
import io
import linecache
import re
import sys
import urllib.parse
from collections.abc import Callable
from email.message import Message
from functools import partial, wraps
from inspect import BoundArguments
from itertools import cycle, islice
from pathlib import Path, PurePath, PureWindowsPath
from types import FrameType
from typing import Any
from urllib.response import addinfourl

import h5py

from kerastut.migration.making import SENTENCE, TEXT, Making
from kerastut.migration.packages import Camera
from kerastut.migration.places import calls, innermost, parsed, statement
from kerastut.migration.uses import Use, is_tried
from kerastut.migration.wanted import ASKED, LABELS, PICTURE, Wanted
from kerastut.migration.wrapping import taken

_NAMED = ("filepath_or_buffer", "fname", "io", "path_or_buf", "filepath", "name")  # of readers
_READS = ("r", "r+", None)  # modes of HDF5
_LONGEST = 1000  # characters of a name; what is loaded may be the text itself
_SHOWN = 80  # of a text that is no name
_DIFFERENT = 5  # files of a folder; the others are like these
# What holds a model, which nothing can stand in for.
_MODELS = (".model", ".h5", ".hdf5", ".keras", ".weights", ".ckpt", ".pb")
# What a program asks of its settings, and whether for a number.
_SETTING = re.compile(
    r"(?:(\w+) *=[^=\n]*?)?((?:int|float)\([\w.]*|\.get(?:int|float|boolean))?(?:\.get)?"
    r"[(\[]\s*[\"'](\w+)[\"']\s*(?:,|\]\[)\s*[\"'](\w+)[\"']"
)
_BLANK = "blank"  # for a path that readers were to fill in
# What stands in a folder for data that are not there.
_ABOUT = re.compile(r"(?i)read_?me\b|\.(?:git)?keep|\.gitignore|\.ds_store|place_?holder")
_LOOKS = ("ls", "dir", "nvidia-smi")  # commands
Function = Callable[..., Any]
TREES = dict[str, ast.Module]()  # of the program's files, by their names


class Maker:
    """Makes up what is not there, as a program seems to want it.

    Args:
        root: The folder that a program may write to.
        making: What makes the contents.
        made_up: Takes the names of what is made up.
    """

    def __init__(self, root: Path, making: Making, made_up: list[str]) -> None:
        self._root, self._made_up, self.making = root, made_up, making
        self._filled = set[Path]()  # folders of which all is made up
        self._texts = set[Path]()  # files in whose place there are texts, which loaders refuse
        self._lines = 0  # that were taken for items
        self._listed = ("", 0)  # where folders are that hold others: the first place for all

    def _begin(self, name: str) -> Wanted:
        """Returns what is wanted of some data that are made up from now on."""
        self._made_up.append(name)
        self.making.begin(name, name)
        return self.making.wanted

    def pictured(self, original: Function) -> Function:
        """Returns what reads a folder for each class: of pictures, texts or sounds."""
        kind = original.__name__.partition("_")[0]
        known = {"text": (".txt",), "audio": (".wav",), "load": (self.making.wanted.ending,)}
        endings = known.get(kind, (".png", *PICTURE))

        def read(bound: BoundArguments) -> Any:
            given = bound.arguments
            key = next(name for name in ("directory", "container_path") if name in given)
            folder = Path(given[key] or _BLANK)
            given[key] = str(folder)
            if not any(one.suffix.lower() in endings for one in folder.glob("*/**/*")):
                place, wanted = self._place(folder), self.making.wanted
                binary = "binary" in (given.get("class_mode"), given.get("label_mode"))
                names = given.get("classes") or given.get("class_names") or given.get("categories")
                names = names or [one.name for one in folder.glob("*") if one.is_dir()]
                names = names or [f"class{i:03}" for i in range(2 if binary else wanted.classes)]
                for name in map(str, names):
                    self._fill(place / name, max(wanted.pictures // len(names), 2), endings[0])
                given[key] = str(place)
            return original(*bound.args, **bound.kwargs)

        return taken(original, read)

    def framed(self, original: Function) -> Function:
        """Returns what reads the pictures whose names stand in a table."""

        def read(bound: BoundArguments) -> Any:
            given = bound.arguments
            names, folder = given["dataframe"][given["x_col"]], Path(given["directory"] or ".")
            if not any((folder / str(name)).exists() for name in names):
                place = self._place(folder)
                place.mkdir(parents=True, exist_ok=True)
                names = [f"{name}{'' if str(name).endswith(PICTURE) else '.png'}" for name in names]
                picture = self.making.content(f"one{PICTURE[0]}") or b""
                for name in names:
                    (place / name).write_bytes(picture)
                told = {given["x_col"]: names}
                if isinstance(given["y_col"], str) and given["class_mode"] != "raw":
                    told[given["y_col"]] = given["dataframe"][given["y_col"]].astype(str)
                given |= {"directory": str(place), "dataframe": given["dataframe"].assign(**told)}
            return original(*bound.args, **bound.kwargs)

        return taken(original, read)

    def opened(self, original: Function, ending: str = "") -> Function:
        """Returns what opens a file, of a kind that an ending may tell."""

        @wraps(original)
        def read(file: Any, *args: Any, **kwargs: Any) -> Any:
            mode = str(args[0] if args else kwargs.get("mode", "r"))
            if "w" in mode and isinstance(file, (str, Path)):
                self._texts.discard(Path(file).resolve())  # it holds what the program writes
            # Native code does not raise that there is none.
            lacks = ending and isinstance(file, (str, Path)) and not Path(file).exists()
            try:
                if not lacks:
                    return original(file, *args, **kwargs)
            except (FileNotFoundError, NotADirectoryError):
                if isinstance(file, int) or "w" in mode or "a" in mode:
                    raise
            place = self._made(
                PureWindowsPath(str(file) or f"{_BLANK}.txt"), sys._getframe(1), ending
            )
            # Where nothing is made up, it says so in its own words.
            return original(str(place) if place else file, *args, **kwargs)

        return read

    def listed(self, original: Function) -> Function:
        """Returns what lists a folder, or goes to it: one that is not there has files."""
        walks = original.__name__ == "walk"  # which a library may do for the program

        @wraps(original)
        def read(folder: Any = ".", *args: Any, **kwargs: Any) -> Any:
            ours = self._is_ours(sys._getframe(1))
            if (ours or walks) and isinstance(folder, (str, Path)):
                folder = folder or _BLANK
                path = Path(PureWindowsPath(folder).as_posix())
                inside = path.resolve().is_relative_to(self._root)
                lacks = not (path.is_dir() and (not ours or self._has_files(path)))
                if lacks and (inside or not path.exists()):
                    folder = type(folder)(self._made_folder(path))
            return original(folder, *args, **kwargs)

        return read

    def _has_files(self, folder: Path) -> bool:
        """Tells whether a folder has files of its own, or was filled: not one that was named."""
        if folder.resolve() in self._filled:
            return True
        inside = (one for one in folder.rglob("*") if one.is_file() and not _ABOUT.match(one.name))
        return any(one.resolve() not in self._texts for one in inside)

    def asked(self, original: Function) -> Function:
        """Returns what tells of a file, which Windows may name so, whether it is there."""

        @wraps(original)
        def tell(path: Any) -> Any:
            frame = sys._getframe(1)
            if not (isinstance(path, (str, Path)) and str(path) and self._is_ours(frame)):
                return original(path)
            path = PureWindowsPath(path).as_posix()
            if original(path):
                return True
            self.making.begin(path, f"{path}{ASKED}")
            if path.endswith(_MODELS):  # which nothing stands in for, but what loads it takes none
                place = innermost([_tree(frame.f_code.co_filename)], frame.f_lineno)
                return isinstance(place, ast.Assert)
            if self.making.wanted.there:  # as it does not go on without
                kind, ending = original.__name__, self.making.wanted.ending
                folder = kind == "isdir" or (kind != "isfile" and not Path(path).suffix)
                ending = "" if Path(path).suffix else ending
                made = partial(self._made, frame=frame, ending=ending)
                (self._made_folder if folder else made)(Path(path))
            return original(path)

        return tell

    def present(self, original: Function) -> Function:
        """Returns what moves, removes or measures a file or a folder, which is there before."""

        @wraps(original)
        def change(path: Any, *args: Any, **kwargs: Any) -> Any:
            frame = sys._getframe(1)
            lacks = isinstance(path, (str, Path)) and not Path(path).exists()
            if lacks and self._is_ours(frame):
                wanted = PureWindowsPath(path)
                folder = original.__name__.endswith("tree")
                made = self._made_folder(Path(wanted)) if folder else self._made(wanted, frame)
                path = str(made or path)
            return original(path, *args, **kwargs)

        return change

    def looked(self, original: Function) -> Function:
        """Returns what starts another program, but for one that shows a folder: it shows none."""

        @wraps(original)
        def start(command: Any, *args: Any, **kwargs: Any) -> Any:
            words = command.split() if isinstance(command, str) else command
            looks = self._is_ours(sys._getframe(1)) and words[0] in _LOOKS
            return b"" if looks else original(command, *args, **kwargs)

        return start

    def matched(self, original: Function) -> Function:
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

    def absent(self, original: Function, make: Function, place: int = 0) -> Function:
        """Returns what makes something else where a file, or an address, is not there."""

        @wraps(original)
        def read(*args: Any, **kwargs: Any) -> Any:
            names = (*args[place : place + 1], *map(kwargs.get, _NAMED))
            name = next((one for one in names if isinstance(one, (str, Path))), None)
            if name is None or (name and Path(name).exists() and not self._is_text(name)):
                return original(*args, **kwargs)
            self._begin(str(name or _BLANK))
            return make(**kwargs)

        return read

    def queried(self, original: Function) -> Function:
        """Returns what asks a data base: where that has no such table, one that is made up."""

        @wraps(original)
        def read(sql: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return original(sql, *args, **kwargs)
            except Exception:
                self._begin(str(sql))
                return self.making.frame(**kwargs)

        return read

    def loaded(self, original: Function, make: Function | None = None) -> Function:
        """Returns what loads an object from a file: where there is none, one as it is used.

        Args:
            original: What loads.
            make: Makes it where nothing tells its shape, nor that it is of labels.
        """

        @wraps(original)
        def load(*args: Any, **kwargs: Any) -> Any:
            source, frame = next(iter((*args, *kwargs.values())), ""), sys._getframe(1)
            name, is_gone = str(getattr(source, "name", source)), False
            try:
                found = original(*args, **kwargs)
                word = isinstance(found, str) and SENTENCE in found  # as which YAML takes a text
                if not (word and self._is_ours(frame)):
                    return found
            except Exception as error:
                is_gone = isinstance(error, FileNotFoundError)
                made = is_gone or SENTENCE in name or self._is_text(name)
                if not (made and self._is_ours(frame)):
                    raise
            if is_gone:
                self._begin(name)
            self.making.begin(name[:_SHOWN])
            use = self._use(frame, original.__name__)
            if original.__module__ == "json" and original.__name__ == "loads" and not use.shaped:
                self._lines += 1
                return self.making.item(self._lines)
            if make and not (use.shape or LABELS.search(use.name)):
                return make(**kwargs)
            return self.making.whole(use)

        return load

    def configured(self, original: Function) -> Function:
        """Returns what reads settings: where there are none, those that a program asks for."""

        @wraps(original)
        def read(parser: Any, names: Any, *args: Any, **kwargs: Any) -> Any:
            found = original(parser, names, *args, **kwargs)
            wanted = _SETTING.findall(self.making.wanted.source) if not found else ()
            for name, number, section, option in wanted:
                self._made_up += [str(names)] * (str(names) not in self._made_up)
                if section != "DEFAULT" and not parser.has_section(section):
                    parser.add_section(section)
                parser.set(section, option, str(1 if number else self.making.setting(option, name)))
            return found

        return read

    def filmed(self, original: Function) -> Function:
        """Returns what opens a film: where there is none, a camera of our own."""

        @wraps(original)
        def read(source: Any = 0, *args: Any, **kwargs: Any) -> Any:
            if isinstance(source, str) and Path(source).exists():
                return original(source, *args, **kwargs)
            self._begin(str(source))
            return Camera()

        return read

    def unpacked(self, original: Function) -> Function:
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

    def vectors(self, original: Function, whole: bool = False) -> Function:
        """Returns what gives vectors of words that gensim would load, or their whole model."""

        def make(**_: Any) -> Any:
            from gensim.models import Word2Vec

            lines = self.making.vectors("words.vec").splitlines()[1:]
            words = [[line.split()[0]] for line in lines]
            model = Word2Vec(words, min_count=1, vector_size=len(lines[0].split()) - 1)
            return model if whole else model.wv

        return self.absent(original, make)

    def bunched(self, original: Function) -> Function:
        """Returns what gives a data set of scikit-learn that would be downloaded."""
        from sklearn.utils import Bunch

        def fetch(*_: Any, **options: Any) -> Any:
            name = original.__name__
            wanted = self._begin(name)
            told = "newsgroups" in name and "vectorized" not in name
            data = self.making.sentences() if told else self.making.array("data")
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

        def made(kind: type, name: Any = "", mode: Any = "r", *_: Any, **__: Any) -> Any:
            frame = sys._getframe(1)
            there = not isinstance(name, (str, Path)) or Path(name).exists() or mode not in _READS
            if there or not self._is_ours(frame):
                return object.__new__(kind)
            self._begin(str(name))
            use = self._use(frame, "File")
            return self.making.value(Use("", keys=use.keys or {"data": Use(""), "label": Use("")}))

        h5py.File.__new__ = staticmethod(made)

    def fetched(self, original: Function) -> Function:
        """Returns what gets a file of our own for one that would be downloaded."""
        original.__globals__["urlretrieve"] = self.retrieved

        def fetch(bound: BoundArguments) -> Any:
            name = bound.arguments["fname"]
            changed = {"md5_hash": None, "file_hash": None, "fname": name and Path(name).name}
            return original(**{**bound.arguments, **changed})

        return taken(original, fetch)

    def retrieved(self, url: str, filename: Any = None, *_: Any, **__: Any) -> tuple[str, Any]:
        """Writes what an address might have given to a file."""
        path = Path(filename or Path.home() / self._last(url))
        path.write_bytes(self._downloaded(url))
        self._texts.add(path.resolve())
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

    def _is_text(self, name: str | Path) -> bool:
        """Tells whether a file was made up; what reads it may want another kind of text."""
        return len(str(name)) < _LONGEST and Path(name).resolve() in self._texts

    def _is_ours(self, frame: FrameType) -> bool:
        """Tells whether the program itself calls; libraries list folders of their own."""
        return frame.f_code.co_filename.startswith(str(self._root))

    def _use(self, frame: FrameType, loader: str) -> Use:
        """Returns how a program uses what it loads; what a function returns, outside of it."""
        trees = [_tree(frame.f_code.co_filename)]
        made = [*map(ast.unparse, calls(statement(trees, frame.f_lineno), loader))]
        whole = innermost(trees, frame.f_lineno)
        if isinstance(whole, ast.Assign) and [ast.unparse(whole.value)] == made:
            # Others may be loaded by the same words, as with `pickle.load(file)`.
            made = [ast.unparse(one) for one in whole.targets if not isinstance(one, ast.Tuple)]
            made = made or [ast.unparse(whole.value)]
        use = self.making.wanted.uses.of(made[0]) if made else Use("")
        outer = frame.f_back
        ends = (one for one in ast.walk(trees[0]) if isinstance(one, ast.Return) and one.value)
        given = {ast.unparse(one.value) for one in ends if one.value}
        if not (outer and self._is_ours(outer)):
            return use
        if (isinstance(whole, ast.Return) or use.name in given) and not use.shaped:
            return self._use(outer, frame.f_code.co_name)
        for key in (key for key, part in use.keys.items() if part.name in given):
            if not use.keys[key].shaped:
                use.keys[key] = self._use(outer, frame.f_code.co_name)
        return use

    def _made(self, wanted: PurePath, frame: FrameType, ending: str = "") -> Path | None:
        """Returns a file that is made up, if its name tells what is in it."""
        path = Path(wanted.as_posix())
        if frame.f_code.co_filename == codecs.__file__ and frame.f_back:
            frame = frame.f_back
        # What a program is prepared to miss, and a model that is not there, are none of ours.
        known = not self._is_ours(frame) or path.suffix in _MODELS
        known = known or is_tried(_tree(frame.f_code.co_filename), frame.f_lineno)
        if not path.resolve().is_relative_to(self._root):
            return None  # what libraries look for in their own folders is none of ours
        self.making.begin(str(path))
        name = wanted.name + ending * (wanted.suffix.lower() not in PICTURE)
        if content := self.making.content(name, known):
            place = self._place(path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            self._texts.add(place.resolve())
            return place
        return None

    def _made_folder(self, path: Path) -> Path:
        """Returns a folder of files, or of one for each class."""
        place, wanted = self._place(path), self.making.wanted
        for one in (place, *filter(lambda one: _ABOUT.match(one.name), place.glob("*"))):
            one.unlink() if one.is_file() else None
        self._filled.add(place.resolve())
        frame = sys._getframe(2)
        here = frame.f_code.co_filename, frame.f_lineno
        self._listed = self._listed if all(self._listed) else here
        nests = wanted.nested and self._listed == here
        kinds = islice(cycle(wanted.kinds), wanted.classes) if nests else [""]
        for number, kind in enumerate(kinds):
            name = kind + str(number) * (number >= len(wanted.kinds))
            self._fill(place / name, wanted.pictures, wanted.ending)
        return place

    def opens(self, folder: Path) -> None:
        """Makes an empty folder, which a program writes to."""
        self._place(folder).mkdir(parents=True, exist_ok=True)

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
        self._filled.add(folder.resolve())
        name = f"{pattern.replace('*', 'one')}{ending}"
        some = cycle([self.making.content(name, known=False) or b"" for _ in range(_DIFFERENT)])
        for name, content in zip(self.making.names(count, ending), some, strict=False):
            stem = pattern.replace("*", name.removesuffix(ending))
            place = folder / f"{stem}{ending}"
            place.write_bytes(content)
            self._texts.add(place.resolve())


def _tree(name: str) -> ast.Module:
    """Returns the tree of a file of the program, with the lines that it is run with."""
    if name not in TREES:
        TREES[name] = next(parsed(["".join(linecache.getlines(name))]), ast.Module([], []))
    return TREES[name]
