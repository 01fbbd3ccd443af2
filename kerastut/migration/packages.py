"""Stands in for packages that are not there, or that ask a service, and for texts of NLTK."""

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import numpy as np

from kerastut.migration.making import SENTENCE, TEXT
from kerastut.migration.rewriting import TABLES

# What gives data, or takes news of a training, over the network alone.
_SERVICES = ("yfinance", "pandas_datareader", "quandl", "Quandl", "tushare", "wandb", "comet_ml")
_SENTENCES = 200
FRAMES = 20  # of a film
_WORD = re.compile(r"\w+|[^\w\s]")
_KEPT = ExitStack()  # what would end with the last of its names
_PASSED = (range, enumerate, zip, map, list)
Gives = Callable[[str], Any]


class Nothing(MagicMock):
    """Stands in for whatever a package would give.

    Args:
        of: The name of the package, and of what it is asked for.
        gives: What a call gives instead, by such a name.
    """

    # What a setting is, by a name with its home; nothing if it is none.
    tells: Callable[[str], Any] = staticmethod(lambda _: None)

    def __init__(self, *, of: str, gives: Gives, **options: Any) -> None:
        super().__init__(**options)
        self.__dict__.update(_of=of, _gives=gives)
        self.__bool__.return_value = False

    def __getattr__(self, name: str) -> Any:
        home = self.__dict__.get("_of", "")
        told = self.tells(f"{home}.{name}") if home and name[:1] != "_" else None
        return super().__getattr__(name) if told is None else told

    def _get_child_mock(self, **options: Any) -> MagicMock:
        name = options.get("name") or ""
        if name.startswith("__"):
            return MagicMock(**options)
        return Nothing(of=f"{self._of}.{name}", gives=self._gives, **options)

    def __call__(self, *args: Any, **_: Any) -> Any:
        given = args[0] if len(args) == 1 else None
        if isinstance(given, (FunctionType, type)):
            return given  # which it decorates
        found = self._gives(self._of)
        if found is None and (isinstance(given, _PASSED) or _is_text(given)):
            return given  # which it goes through with a bar, or cleans
        return self if found is None else found

    def __mro_entries__(self, _: tuple[Any, ...]) -> tuple[()]:
        """Is no base of a class."""
        return ()


def _is_text(value: object) -> bool:
    return isinstance(value, str) and " " in value


class Absent(Loader, MetaPathFinder):
    """Finds modules of packages that are not there.

    Args:
        names: Of the packages, beside those of services.
        gives: What a call of theirs gives.
        made_up: Takes the names of those that are imported.
        loose: Names that a program takes from wherever it imports all.
    """

    def __init__(
        self, names: Sequence[str], gives: Gives, made_up: list[str], loose: Iterable[str] = ()
    ) -> None:
        self._names, self._gives, self._made_up = {*names, *_SERVICES}, gives, made_up
        self._loose = {*loose}
        sys.meta_path.insert(0, self)

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        """Returns how to import a module, if it is one of these."""
        ours = any(f"{name}.".startswith(f"{one}.") for one in self._names)
        return ModuleSpec(name, self) if ours else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Makes a module which has whatever it is asked for."""
        module, nothing = ModuleType(spec.name), Nothing(of=spec.name, gives=self._gives)

        def given(name: str) -> Any:
            known = sys._getframe(1).f_globals
            return [*self._loose.difference(known)] if name == "__all__" else getattr(nothing, name)

        module.__path__ = []
        module.__getattr__ = given  # type: ignore[method-assign]
        if spec.name in self._names:
            self._made_up.append(spec.name)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Gives it what is known of its package."""
        exec(TABLES["absent"].get(module.__name__, ""), module.__dict__)


class AnyKey(int):
    """Stands in for whichever key a program waits for."""

    __hash__ = int.__hash__

    def __and__(self, _: int) -> "AnyKey":
        return self

    def __eq__(self, _: object) -> bool:
        return True


class Camera:
    """Stands in for a camera, and for a film that is not there: some pictures of chance."""

    def __init__(self) -> None:
        self._left, self._told = FRAMES, {3: 640, 4: 480, 5: 30, 7: FRAMES}  # as OpenCV numbers

    def get(self, what: int) -> float:
        """Returns the width, the height, the pictures in a second, or in all."""
        return self._told.get(what, 0)

    def read(self) -> tuple[bool, Any]:
        """Returns the next picture, as long as there are some."""
        self._left -= 1
        picture = np.random.default_rng(self._left % FRAMES).integers(0, 256, (480, 640, 3))
        return (True, picture.astype(np.uint8)) if self._left >= 0 else (False, None)

    def __getattr__(self, name: str) -> Callable[..., bool]:
        """Returns what opens or closes it, or tells whether there are more."""
        return lambda *_: self._left > 0


class Faces:
    """Stands in for what finds faces: in a picture of chance there is one, which fills it."""

    def __init__(self, *_: Any) -> None:
        """Needs no file."""

    def detectMultiScale(self, image: Any, *_: Any, **__: Any) -> Any:  # noqa: N802
        """Returns where the face is: left, top, width and height."""
        return np.array([[0, 0, *image.shape[1::-1]]])

    def load(self, *_: Any) -> bool:
        """Needs no file."""
        return True

    def empty(self) -> bool:
        """Tells that it can be used."""
        return False


class _Splits(dict[str, Any]):
    """Has parts of a data set by any name, each with as many rows."""

    def __init__(self, rows: int) -> None:
        part = SimpleNamespace(num_examples=rows, num_bytes=0)
        super().__init__(train=part, test=part)
        self.total_num_examples = rows

    def __missing__(self, name: str) -> Any:
        return self["train"]


def take_tfds(rows: int, made_up: list[str]) -> None:
    """Has TensorFlow Datasets give rows of chance, with the features that each of its sets has."""
    from tensorflow_datasets import core, testing

    core.DatasetInfo.splits, builder = _Splits(rows), core.DatasetBuilder
    _KEPT.enter_context(testing.mock_data(rows))
    begin = builder.__init__

    def named(self: Any, *args: Any, **kwargs: Any) -> None:
        made_up.append(self.name)
        begin(self, *args, **kwargs)

    builder.__init__ = named


def take_nltk() -> None:
    """Has NLTK do without its data: it takes texts apart by a pattern, and knows one sentence."""
    import nltk
    from nltk.corpus.util import LazyCorpusLoader
    from nltk.stem import WordNetLemmatizer

    words = _WORD.findall(SENTENCE)

    def given(tag: str) -> dict[str, Any]:
        tagged = [(word, tag) for word in words]
        return {
            "words": words * _SENTENCES,
            "raw": TEXT,
            "sents": [words] * _SENTENCES,
            "paras": [[words]] * _SENTENCES,
            "tagged_words": tagged * _SENTENCES,
            "tagged_sents": [tagged] * _SENTENCES,
            "iob_sents": [[(*one, "O") for one in tagged]] * _SENTENCES,
            "strings": [SENTENCE] * _SENTENCES,
            "fileids": [f"text{number}" for number in range(_SENTENCES)],
            "categories": ["neg", "pos"],
        }

    load = LazyCorpusLoader.__getattr__

    def corpus(self: Any, name: str) -> Any:
        with suppress(LookupError):
            return load(self, name)
        return lambda *_, tagset="", **__: given("NOUN" if tagset else "NN").get(name, [])

    LazyCorpusLoader.__getattr__ = corpus
    WordNetLemmatizer.lemmatize = lambda self, word, pos="n": word
    nltk.download = lambda *_, **__: True
    nltk.pos_tag = lambda tokens, *_, **__: [(token, "NN") for token in tokens]
    for home in (nltk, nltk.tokenize):
        home.word_tokenize = lambda text, *_, **__: _WORD.findall(text)
        home.sent_tokenize = lambda text, *_, **__: re.split(r"(?<=[.!?])\s+", text.strip())
