"""Reads a SavedModel folder of tf.keras: its configuration, and its variables by name.

The graph that lies beside them is not run.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import tensorflow as tf
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from kerastut.conversion.old import Old, Weight, check_config, content_of, parsed
from kerastut.conversion.packed import PARTS
from kerastut.errors import DataError, refused, shown_path
from kerastut.train import saved_model

GRAPH, METADATA, VARIABLES = "saved_model.pb", "keras_metadata.pb", "variables"
ADVICE = "Save the model again with the old TensorFlow, best as .h5."
# Layers inside a layer; of a Bidirectional one `layer` is its first alone.
INSIDE = (*PARTS, "layer", "cells")


def read_folder(folder: Path) -> Old:
    """Returns the model of a SavedModel folder; its `config` is `None` if Keras told nothing of it.

    Raises:
        DataError: If the folder is no SavedModel, or damaged.
    """
    graph = saved_graph(folder)
    objects = graph.object_graph_def.nodes
    config = _plain(_metadata(folder, objects))
    checkpoint = _checkpoint(folder)
    if not isinstance(config.get("config"), dict) or "layers" not in config["config"]:
        held = checkpoint.get_variable_to_shape_map()
        arrays = [Weight(n, tuple(held[n]), partial(checkpoint.get_tensor, n)) for n in held]
        return Old(folder, None, keras="2.x-tf", weights={"": arrays})
    with refused(folder, ADVICE, ValueError, TypeError, LookupError, AttributeError):
        weights = _Objects(folder, objects, checkpoint).weights(check_config(folder, config))
        training = config.get("training_config")
    return Old(folder, config, training, "2.x-tf", "tensorflow", weights, by_layer=True)


def saved_graph(folder: Path) -> Any:
    """Returns the only graph of a SavedModel.

    Raises:
        DataError: If there is none.
    """
    content = content_of(folder / GRAPH, "a SavedModel folder", own=True)
    with refused(folder, ADVICE, Exception):
        found = saved_model(content)
    if len(found.meta_graphs) != 1:
        raise DataError(
            f"{shown_path(folder)}: expected a SavedModel folder of one graph, received"
            f" {len(found.meta_graphs)}."
        )
    return found.meta_graphs[0]


def _metadata(folder: Path, objects: Any) -> dict[str, Any]:
    """Returns what Keras told of the model itself."""
    path = folder / METADATA
    # TensorFlow 2.0 to 2.4 put it into the graph.
    text: str = objects[0].user_object.metadata if objects else ""
    if path.exists():
        found = _message()()
        content = content_of(path, "the metadata of Keras", own=True)
        with refused(path, ADVICE, Exception):
            found.ParseFromString(content)
        roots = [node.metadata for node in found.nodes if node.node_path == "root"]
        text = roots[0] if roots else text
    value = parsed(folder, text, "metadata") if text else {}
    return value if isinstance(value, dict) else {}


def _message() -> Any:
    """Returns the class of the metadata's message; TensorFlow does not come with it any more."""
    pool = descriptor_pool.DescriptorPool()
    file = descriptor_pb2.FileDescriptorProto(name="metadata.proto", package="kerastut")
    node = file.message_type.add(name="Node")
    for number, name in enumerate(("node_path", "identifier", "metadata"), start=3):
        node.field.add(name=name, number=number, type=9, label=1)  # an optional string
    whole = file.message_type.add(name="Metadata")
    whole.field.add(name="nodes", number=1, type=11, label=3, type_name=".kerastut.Node")
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("kerastut.Metadata"))


def _plain(value: Any) -> Any:
    """Returns metadata with lists in place of tuples, which they wrote out."""
    if isinstance(value, dict):
        if value.get("class_name") == "__tuple__":
            return [_plain(item) for item in value["items"]]
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _checkpoint(folder: Path) -> Any:
    held = folder / VARIABLES
    files = sorted(held.glob("variables.*")) if held.is_dir() else []
    if not files or any(
        file.is_symlink() or not file.is_file() for file in [held / "variables.index", *files]
    ):
        raise DataError(f"{shown_path(folder)}: its {VARIABLES} are missing. {ADVICE}")
    with refused(folder, ADVICE, Exception):
        checkpoint = tf.train.load_checkpoint(str(held / "variables"))
        kinds = checkpoint.get_variable_to_dtype_map()
        shapes = checkpoint.get_variable_to_shape_map()
        stated = sum(kinds[name].size * math.prod(shape) for name, shape in shapes.items())
    if stated > sum(file.stat().st_size for file in files):
        raise DataError(
            f"{shown_path(folder)}: its variables are larger than their files. {ADVICE}"
        )
    return checkpoint


@dataclass(frozen=True)
class _Objects:
    """The graph of objects of a SavedModel, and the variables beside it."""

    folder: Path
    nodes: Any
    checkpoint: Any

    def weights(self, config: Any) -> dict[str, list[Weight]]:
        """Returns the weights of each layer of a model by the layer's name."""
        layers = self._entries(config, 0, "")
        return {layer[0]: list(self._inside(*layer)) for layer in layers}

    def _entries(self, config: Any, number: int, key: str) -> Iterator[tuple[str, Any, int, str]]:
        """Yields name, configuration, number and key of each layer of a model."""
        entries = config["config"]["layers"]
        children = self.nodes[number].children
        below = {c.local_name: c.node_id for c in children if c.local_name.startswith("layer-")}
        if config["class_name"] == "Sequential":  # which counts its input in early versions alone
            entries = [entry for entry in entries if entry["class_name"] != "InputLayer"]
        # The first of several names is the one that the checkpoint goes by.
        keys = {c.node_id: c.local_name for c in reversed(children) if "layer" in c.local_name}
        for place, entry in enumerate(entries, start=len(below) - len(entries)):
            node = below[f"layer-{place}"]
            yield str(entry["config"].get("name")), entry, node, f"{key}{keys[node]}/"

    def _inside(self, name: str, config: Any, number: int, key: str) -> Iterator[Weight]:
        """Yields the weights of an object, its own first, in the order in which it got them."""
        if isinstance(config, dict) and isinstance(config["config"].get("layers"), list):
            for layer in self._entries(config, number, key):
                yield from self._inside(*layer)
            return
        below = {child.local_name: child.node_id for child in self.nodes[number].children}
        shapes = self.checkpoint.get_variable_to_shape_map()
        for local, node in below.items():
            full = f"{key}{local}/.ATTRIBUTES/VARIABLE_VALUE"
            if self.nodes[node].WhichOneof("kind") == "variable" and full in shapes:
                yield Weight(f"{name}/{local}", tuple(shapes[full]), partial(self._array, full))
        twice = {"layer"} if "forward_layer" in below else set()
        cells = sorted((part for part in below if part.isdigit()), key=int)
        for part in [*(part for part in INSIDE if part in below.keys() - twice), *cells]:
            inner = config["config"].get(part) if isinstance(config, dict) else None
            yield from self._inside(name, inner, below[part], f"{key}{part}/")

    def _array(self, key: str) -> Any:
        with refused(self.folder, ADVICE, Exception):
            return self.checkpoint.get_tensor(key)
