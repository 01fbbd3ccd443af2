"""Has data made up that a program reads and nobody has any more, wherever it reads them."""

import os
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from kerastut.migration.maker import Maker
from kerastut.migration.making import Making
from kerastut.migration.packages import Absent, AnyKey, Faces, Nothing, take_nltk, take_tfds
from kerastut.migration.places import loose, nodes, parsed
from kerastut.migration.programs import WORK
from kerastut.migration.shortening import few, filmed
from kerastut.migration.wanted import PICTURE, Wanted

_SLOW = ("TSNE", "MDS", "Isomap", "SpectralEmbedding")  # with many rows
_READERS = "read_(?:csv|table|excel|json|pickle|hdf|feather|parquet)"  # of pandas


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
    inside = [f"{root / name}{os.sep}" for name in (WORK, "home", ".")]
    maker = Maker(root, Making(wanted, inside, parts), made_up)
    absent, making = maker.absent, maker.making
    endings = (".wav", PICTURE[0], ".txt", ".csv")
    sounded, shown, lines, tables = (partial(maker.opened, ending=one) for one in endings)
    flows = homes[1].preprocessing.image.ImageDataGenerator
    # A word by which a program names a library, where its functions are, their names, and what
    # takes their place.
    taken: Iterable[tuple[str, Any, str, Callable[[Any], Any]]] = (
        *(("", one.utils, ".*_from_directory", maker.pictured) for one in homes),
        *(("", one.preprocessing, ".*_from_directory", maker.pictured) for one in homes),
        *(("", one.utils, "get_file", maker.fetched) for one in homes),
        ("", flows, "flow_from_directory", maker.pictured),
        ("", flows, "flow_from_dataframe", maker.framed),
        # A model stays as it is where there are no weights.
        ("", homes[0].Model, "load_weights", partial(absent, make=lambda **_: None, place=1)),
        *(("", home, "open", maker.opened) for home in ("builtins", "io")),
        ("", "os", "listdir|scandir|walk|chdir", maker.listed),
        ("", "os.path", "isfile|isdir|exists", maker.asked),
        ("", "os.path", "getsize", maker.present),
        ("", "os", "rename|replace|remove|unlink", maker.present),
        ("", "shutil", "move|copy|copy2|copyfile|copytree|rmtree", maker.present),
        ("check_output", "subprocess", "check_output", maker.looked),
        ("", "pathlib:Path", "iterdir", maker.listed),
        *(("", home, "[ir]?glob", maker.matched) for home in ("glob", "pathlib:Path")),
        *(("", home, "loads?", maker.loaded) for home in ("pickle", "json", "numpy")),
        ("", "zipfile:ZipFile", "open", maker.unpacked),
        ("", "tarfile:TarFile", "extractfile", maker.unpacked),
        ("", "numpy", "(?:loadtxt|genfromtxt)", partial(maker.loaded, make=making.numbers)),
        ("", "urllib.request", "urlretrieve", lambda _: maker.retrieved),
        ("", "urllib.request", "urlopen", lambda _: maker.answered),
        ("pandas", "pandas", _READERS, partial(absent, make=making.frame)),
        ("pandas", "pandas", "read_sql(?:_query|_table)?", maker.queried),
        ("seaborn", "seaborn", "load_dataset", partial(absent, make=making.frame)),
        ("fetch_", "sklearn.datasets", "fetch_.*", maker.bunched),
        ("load_files", "sklearn.datasets", "load_files", maker.pictured),
        ("_csv_", "tensorflow.data.experimental", "make_csv_dataset", tables),
        ("TextLineDataset", "tensorflow.data", "TextLineDataset", lines),
        *((home, home, "load|read", sounded) for home in ("librosa", "soundfile")),
        *((home.split(".")[0], home, "imread", shown) for home in ("cv2", "imageio", "skimage.io")),
        ("Image", "PIL.Image", "open", shown),
        ("imread_collection", "skimage.io", "imread_collection", maker.matched),
        ("cv2", "cv2", "imshow|namedWindow|waitKey|destroy.*", lambda _: lambda *_, **__: AnyKey()),
        ("cv2", "cv2", "VideoCapture", maker.filmed),
        ("cv2", "cv2", "CascadeClassifier", lambda _: Faces),
        ("read_file", "tensorflow.io", "read_file", shown),
        ("requests", "requests", "get", lambda _: maker.responded),
        ("gfile", "tensorflow.io.gfile", "glob", maker.matched),
        ("gfile", "tensorflow.io.gfile", "listdir|walk", maker.listed),
        ("gfile", "tensorflow.io.gfile", "exists|isdir", maker.asked),
        ("animation", "matplotlib.animation:Animation", "save|to_(?:jshtml|html5_video)", filmed),
        ("loadmat", "scipy.io", "loadmat", maker.loaded),
        ("joblib", "joblib", "load", maker.loaded),
        ("yaml", "yaml", "(?:safe_|full_)?load", maker.loaded),
        ("onfig", "configparser:RawConfigParser", "read", maker.configured),
        *(("manifold", f"sklearn.manifold:{one}", "fit_transform", few) for one in _SLOW),
        ("gensim", "gensim.models:KeyedVectors", "load|load_word2vec_format", maker.vectors),
        ("gensim", "gensim.models:Word2Vec", "load", partial(maker.vectors, whole=True)),
        ("gensim", "gensim.downloader", "load", maker.vectors),
    )
    for word, home, names, take in taken:
        with suppress(ImportError):
            if word in wanted.source:
                owner = resolve_name(home) if isinstance(home, str) else home
                for name in filter(re.compile(names).fullmatch, dir(owner)):
                    setattr(owner, name, take(getattr(owner, name)))
    with suppress(ImportError):
        if "nltk" in wanted.source:
            take_nltk()
    with suppress(ImportError):
        if "tensorflow_datasets" in wanted.source:
            take_tfds(wanted.rows, made_up)
    with suppress(ImportError):
        if "tqdm" in wanted.source:  # a bar of a notebook wants what draws it
            drawn = resolve_name("tqdm.notebook")
            drawn.tqdm = drawn.tqdm_notebook = resolve_name("tqdm.std:tqdm")
    maker.take_hdf5()
    for folder in wanted.folders:
        maker.opens(Path(folder))
    Nothing.tells = staticmethod(making.constant)
    Absent(wanted.absent, maker.given, made_up, loose(nodes(parsed([wanted.source]))))
