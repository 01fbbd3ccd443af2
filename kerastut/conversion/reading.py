"""Opens old models: `.h5`, `.json`, `.yaml`, `.keras` of Keras 2, and folders of tf.keras."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from kerastut.conversion.hdf5 import Hdf5
from kerastut.conversion.old import PARSED, ConversionError, Old, check_config, content_of, parsed
from kerastut.conversion.packed import by_class, packed
from kerastut.errors import DataError, KerastutError, refused, shown, shown_path
from kerastut.files import opened
from kerastut.memory import check_memory

EXPECTED = "an old model: .h5, .json or .yaml with --weights, .keras, or a SavedModel folder"
YAML = (".yaml", ".yml")
SLOW = 16  # times as much as JSON takes
CLASSES = "2.13"  # laid out weights by the classes of layers first


@contextmanager
def reading(path: Path, weights: Path | None, like: Any = None) -> Iterator[Old]:
    """Yields an old model, whose weights can be read in the block.

    Args:
        path: What the old Keras wrote.
        weights: A `.h5` file for an architecture, or `None`.
        like: Class and configuration of the model that weights alone belong to, or `None`.

    Raises:
        DataError: If a file is missing, damaged, or something else.
    """
    suffix = path.suffix.lower()
    if suffix == ".json" or suffix in YAML:
        old = _architecture(path)
        if weights is None:
            raise DataError(
                f"{shown_path(path)}: holds an architecture without weights. Add --weights W.h5."
            )
        with _hdf5(weights) as file:
            found = file.old(weights) if file.by_name else by_class(file, old, weights)
            merged = replace(
                old,
                weights=found.weights,
                by_layer=found.by_layer,
                backend=old.backend or found.backend,
                keras=old.keras or found.keras,
            )
            yield merged
    elif path.is_dir():
        from kerastut.conversion.saved_model import read_folder

        yield read_folder(path)
    elif suffix == ".keras":
        with packed(path) as old:
            yield old
    else:
        with _hdf5(path) as file:
            if like and not file.by_name:
                found = by_class(file, Old(path, like, keras=CLASSES), path)
                yield replace(found, config=None)
                return
            old = file.old(path)
            if weights is None:
                yield old
            else:
                with _hdf5(weights) as other:
                    yield replace(old, weights=other.old(weights).weights)


def require_readable(path: Path, weights: Path | None, like: object) -> None:
    """Refuses a file that cannot be converted for what it is, before Keras is imported.

    A folder is left to TensorFlow, and what damage makes Python raise to the conversion.
    """
    if path.is_dir():
        return
    try:
        if like:
            opened(path, EXPECTED).close()
            return
        with reading(path, weights) as old:
            require_old(old, like)
    except KerastutError:
        raise
    except Exception:
        return


def require_old(old: Old, like: object) -> None:
    """Refuses a model of Keras 3, and weights that belong to no model."""
    if old.keras.startswith("3."):
        raise ConversionError(
            f"{shown_path(old.path)}: expected a model of Keras 1 or 2, received one of Keras"
            f" {old.keras}. keras.models.load_model reads it as it is."
        )
    if old.config is None and like is None and not old.path.is_dir():
        raise ConversionError(
            f"{shown_path(old.path)}: holds weights alone. Tell what model they belong to: --like a"
            " recipe, the folder of a run, or a .keras file."
        )


@contextmanager
def _hdf5(path: Path) -> Iterator[Hdf5]:
    with opened(path, EXPECTED) as stream:
        _check_signature(path, stream)
        with Hdf5.opened(path, stream) as file:
            yield file


def _check_signature(path: Path, stream: IO[bytes]) -> None:
    start = stream.read(8)
    stream.seek(0)
    if start != b"\x89HDF\r\n\x1a\n":
        raise DataError(
            f"{shown_path(path)}: expected {EXPECTED}; received a file that is none of them. Check"
            " the path."
        )


def _architecture(path: Path) -> Old:
    content = content_of(path, "an architecture")
    with refused(path, "Save the architecture again.", ValueError, RecursionError, AttributeError):
        text = content.decode("utf-8-sig")
        found = _yaml(path, text) if path.suffix.lower() in YAML else parsed(path, text, "text")
    if isinstance(found, str):  # to_json of a day put into a file by json.dump
        found = parsed(path, found, "text")
    config = check_config(path, found)
    return Old(
        path, config, keras=text_of(config, "keras_version"), backend=text_of(config, "backend")
    )


def text_of(config: dict[str, Any], key: str) -> str:
    """Returns a text of a configuration; an empty one if there is none."""
    value = config.get(key)
    return shown(value) if isinstance(value, str) else ""


def _yaml(path: Path, text: str) -> Any:
    try:
        import yaml
    except ImportError as error:
        raise DataError(
            f'{shown_path(path)}: reading YAML needs PyYAML: pip install "kerastut[convert]"'
        ) from error

    check_memory(f"{shown_path(path)}: parsing it", SLOW * PARSED * len(text))

    class Loader(yaml.SafeLoader):  # type: ignore[misc]
        """Knows the one tag beyond YAML's own that Keras wrote, a tuple."""

    Loader.add_constructor("tag:yaml.org,2002:python/tuple", Loader.construct_yaml_seq)
    Loader.add_constructor("tag:yaml.org,2002:python/unicode", Loader.construct_yaml_str)
    with refused(path, "Save the architecture as JSON.", yaml.YAMLError):
        # The events are counted before anything is built: an alias may stand for a million values.
        if sum(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)) > 10_000:
            raise DataError(f"{shown_path(path)}: holds more aliases than any Keras writes.")
        return yaml.load(text, Loader)
