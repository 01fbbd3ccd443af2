"""Files of models put together without Keras: what they state need not be what they hold."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import h5py
import numpy as np

Node = dict[str, Any]
CONFIG, WEIGHTS = "config.json", "model.weights.h5"


def node(kind: str, module: str = "keras.layers", **config: Any) -> Node:
    """Returns what Keras writes of an object."""
    return {"module": module, "class_name": kind, "config": config, "registered_name": None}


def source(shape: Sequence[int | None] = (1,), dtype: str = "float32", batch: Any = None) -> Node:
    """Returns an input."""
    return node("InputLayer", batch_shape=[batch, *shape], dtype=dtype, name="source")


def sequential(*layers: Node, name: str = "model") -> Node:
    """Returns a model of layers one after another, the first an input."""
    return node("Sequential", "keras", name=name, layers=list(layers))


def functional(*steps: tuple[Node, Sequence[str]]) -> Node:
    """Returns a model of layers, each with those that it takes inputs from; the last is its end."""
    layers = []
    for layer, origins in steps:
        name = layer["config"]["name"]
        tensors = [tensor(origin) for origin in origins]
        arguments = tensors if len(tensors) != 1 else tensors[0]
        together = layer["class_name"] in ("Add", "Concatenate", "Average")
        calls = [
            {"args": [arguments] if together or len(tensors) == 1 else arguments, "kwargs": {}}
        ]
        layers.append({**layer, "name": name, "inbound_nodes": calls if origins else []})
    first, last = steps[0][0]["config"]["name"], steps[-1][0]["config"]["name"]
    ends = {"input_layers": [[first, 0, 0]], "output_layers": [[last, 0, 0]]}
    module = "keras.src.models.functional"
    return node("Functional", module, name="model", trainable=True, layers=layers, **ends)


def tensor(origin: str) -> Node:
    """Returns what stands for the output of a layer."""
    config = {"shape": [None, 1], "dtype": "float32", "keras_history": [origin, 0, 0]}
    return {"class_name": "__keras_tensor__", "config": config}


def line() -> Node:
    """Returns a good model of one number, whose weights `line_weights` writes."""
    return sequential(source(), node("Dense", name="dense", units=1))


def line_weights(sets: Mapping[str, Any] | None = None) -> bytes:
    """Returns a file of weights; without sets those of `line`."""
    good = {"0": np.ones((1, 1), np.float32), "1": np.zeros(1, np.float32)}
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        for name, numbers in (good if sets is None else sets).items():
            file[f"layers/dense/vars/{name}"] = numbers
    return content.getvalue()


def write(path: Path, config: Any, weights: bytes | None = None, **members: bytes) -> None:
    """Writes a model's file."""
    text = config if isinstance(config, (str, bytes)) else json.dumps(config)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("metadata.json", '{"keras_version": "3.15.1"}')
        archive.writestr(CONFIG, text)
        archive.writestr(WEIGHTS, line_weights({}) if weights is None else weights)
        for name, content in members.items():
            archive.writestr(name, content)


def within(random: Random, layer: Node) -> list[Node]:
    """Returns layers that amount to this one, some of them models that hold it."""
    layers = [layer]
    while random.random() < 0.3:
        deeper = sequential(*layers, name=f"part-{random.randrange(10**6)}")
        before = node("Identity", name=f"before-{random.randrange(10**6)}")
        layers = [deeper] if random.random() < 0.5 else [before, deeper]
    return layers
