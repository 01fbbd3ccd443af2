"""Builds the layers and models of an old configuration with the classes of Keras 3."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import keras

from kerastut.conversion import operations
from kerastut.conversion.arguments import Arguments, clean, policy
from kerastut.conversion.graph import MODELS, Graph, Step, located, single
from kerastut.conversion.hints import output_shape
from kerastut.conversion.old import LAMBDA, LAYERS, ConversionError, Old, place, settings
from kerastut.conversion.slopes import SLOPE, check_slope, is_bent
from kerastut.conversion.tables import TABLES
from kerastut.conversion.theano import padded_by_theano
from kerastut.errors import shown

# They run code, open files, or build what their arguments name.
UNSAFE = (
    "TFSMLayer",
    "TorchModuleWrapper",
    "JaxLayer",
    "FlaxLayer",
    "Pipeline",
    "Layer",
    "Wrapper",
)


BATCH = 10_000  # samples, for each of which a layer may keep a state


@dataclass
class Builder:
    """Builds, and remembers what the weights need.

    Args:
        old: What is converted.
        own: Classes and functions of the reader's, by the name that the file has for them.
        functions: What stands for a Lambda, by its name or that of an operation of TensorFlow.
        notes: What is told of the conversion.
        names: The old names of layers, by their identity.
        children: The layers of a model in the old order, by its identity.
        frozen: Layers that are not to be trained.
        used: Names of `own` and `functions` that the model has.
        after: Name of the layer before the one that is called.
        planned: Whether the variables are to be planned alone, and hold nothing.
    """

    old: Old
    own: Mapping[str, Any]
    functions: Mapping[str, Callable[..., Any]]
    planned: bool = False
    notes: list[str] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    children: dict[int, list[keras.Layer]] = field(default_factory=dict)
    frozen: list[keras.Layer] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    after: str = ""
    _count: int = 0

    def __post_init__(self) -> None:
        self._arguments = Arguments(self.own, self.old.image_order, self.notes)

    def model(self, node: Mapping[str, Any], given: Any = None) -> keras.Model:
        """Returns the model of a configuration.

        Args:
            node: Class and configuration of a model.
            given: The tensor that it is called on, for a model that does not know its input.
        """
        config = node["config"]
        if node["class_name"] == "Sequential":
            model = self._sequential(config, given)
        elif isinstance(config, dict) and "output_layers" in config:
            model = self._functional(config)
        else:
            raise ConversionError(
                f"{place(node)}: holds no graph of layers, as a subclassed model does not. Build it"
                " in Python, and load its weights alone: --like MODEL.keras."
            )
        if isinstance(config, dict) and config.get("trainable") is False:
            self.frozen.append(model)
        return model

    def _sequential(self, config: Any, given: Any) -> keras.Model:
        entries = config if isinstance(config, list) else config["layers"]
        name = None if isinstance(config, list) else config.get("name")
        if not entries:
            raise ConversionError(f"the model {shown(name)} has no layers.")
        if entries[0]["class_name"] == "Merge":
            return self._branches(entries, name)
        if entries[0]["class_name"] == "InputLayer":
            start, entries = self.input(entries[0]["config"]), entries[1:]
        else:
            start = self._start(entries[0], config, given)
        steps = [self.step(entry) for entry in entries]
        layers = [step.layer for step in steps if step.layer is not None]
        if all(step.call is step.layer for step in steps):
            model = keras.Sequential([start, *layers], name=clean(name) if name else None)
        else:
            model = keras.Model(
                start, self._chain(start, steps), name=clean(name) if name else None
            )
        self.children[id(model)] = layers
        return model

    def _chain(self, x: Any, steps: Sequence[Step]) -> Any:
        for step in steps:
            x = step.call(x)
            self.after = step.name
        return x

    def _branches(self, entries: Sequence[Any], name: Any) -> keras.Model:
        """Returns a model of Keras 1 that begins with branches put together."""
        first = entries[0]
        branches = [self.model(node) for node in first.get("layers") or first["config"]["layers"]]
        x = self._merge(first["config"]).call([branch.outputs[0] for branch in branches])
        steps = [self.step(entry) for entry in entries[1:]]
        x = self._chain(x, steps)
        inputs = [tensor for branch in branches for tensor in branch.inputs]
        model = keras.Model(inputs, x, name=clean(name) if name else None)
        layers = [step.layer for step in steps if step.layer is not None]
        self.children[id(model)] = [*branches, *layers]
        return model

    def _start(self, entry: Mapping[str, Any], config: Any, given: Any) -> Any:
        """Returns the input of a model whose first layer tells its shape."""
        inner: Any = entry
        while isinstance(inner, dict):
            settings = inner["config"]
            if isinstance(settings, dict) and _shape(settings):
                return self.input({**settings, "name": None, "sparse": False, "ragged": False})
            layers = settings if isinstance(settings, list) else settings.get("layers")
            inner = layers[0] if layers else None
        shape = config.get("build_input_shape") if isinstance(config, dict) else None
        if shape:
            return keras.Input(batch_shape=shape)
        if given is not None:
            return keras.Input(batch_shape=given.shape, dtype=given.dtype)
        raise ConversionError(
            "the model does not say what shape its inputs have, as one that was never built. Build"
            " it in Python, and load its weights alone: --like MODEL.keras."
        )

    def input(self, config: Mapping[str, Any]) -> Any:
        """Returns an input of a model."""
        if config.get("sparse") or config.get("ragged"):
            raise ConversionError(
                f"the input {shown(config.get('name'))} is sparse or ragged, which Keras 3 has not."
            )
        name, shape = config.get("name"), _shape(config)
        if shape and (shape[0] or 0) > BATCH:
            raise ConversionError(
                f"the input {shown(name)} takes {shown(shape)}: more samples in a batch than"
                f" {BATCH:,}."
            )
        return keras.Input(
            batch_shape=shape,
            dtype=policy(config.get("dtype") or config.get("input_dtype") or "float32"),
            name=clean(name) if name else None,
        )

    def _functional(self, config: Mapping[str, Any]) -> keras.Model:
        graph = Graph(self, config)
        name = config.get("name")
        model = keras.Model(
            single(graph.tensors(config["input_layers"])),
            single(graph.tensors(config["output_layers"])),
            name=clean(name) if name else None,
        )
        self.children[id(model)] = [step.layer for step in graph.steps.values() if step.layer]
        return model

    def step(self, entry: Mapping[str, Any], given: Any = None) -> Step:
        """Returns one layer of a model.

        Args:
            entry: Class and configuration of a layer.
            given: What it is first called on.

        Raises:
            ConversionError: If Keras 3 has none of this class.
        """
        self._count += 1
        if self._count > LAYERS:
            raise ConversionError(f"the model has more than {LAYERS:,} layers.")
        kind, config = str(entry["class_name"]).rpartition(">")[2], entry["config"]
        name = str(config.get("name") if isinstance(config, dict) else entry.get("name"))
        if name in self.functions:
            self.used.add(name)
            return Step(name, partial(self.functions[name], **(config.get("arguments") or {})))
        if kind in LAMBDA:
            return Step(name, partial(self._refuse, name))
        if kind in ("TFOpLambda", "SlicingOpLambda", "TensorFlowOpLayer", "ThresholdedReLU"):
            return Step(name, self._operation(kind, config, place(entry)))
        if kind == "Merge":
            return self._merge(config)
        layer = self.layer(entry, given)
        if self.old.from_theano and getattr(layer, "padding", "") == "same":
            return Step(name, padded_by_theano(layer, place(entry)), layer)
        if isinstance(layer, keras.layers.Activation) and is_bent(layer.activation):
            slope = keras.layers.Rescaling(SLOPE, name=f"{layer.name}_slope")
            return Step(name, lambda x: layer(slope(x)), layer)
        if isinstance(config, dict) and config.get("time_major"):
            return Step(name, _time_first(layer), layer)
        return Step(name, layer, layer)

    def _refuse(self, name: str, x: Any, **_: Any) -> Any:
        shape = keras.tree.map_structure(lambda tensor: tuple(tensor.shape), x)
        raise ConversionError(
            f"layer {shown(name)!r} (Lambda), after {shown(self.after)!r}: holds Python bytecode,"
            f" which is never run. It takes {shape} and gives {output_shape(self.old, name)}. Write"
            f" a function on keras.ops: --lambda {shown(name)}=module:function, or name one of"
            f" them, such as --lambda {shown(name)}=square."
        )

    def _operation(self, kind: str, config: Mapping[str, Any], where: str) -> Callable[..., Any]:
        if kind == "ThresholdedReLU":
            return operations.threshold(config)
        if kind == "TFOpLambda":
            return operations.operation(config, where)
        return operations.slicing if kind == "SlicingOpLambda" else operations.node(config, where)

    def _merge(self, config: Mapping[str, Any]) -> Step:
        """Returns the layer that Keras 1's `Merge` was, by its mode."""
        mode, name = config.get("mode"), str(config.get("name"))
        if mode not in TABLES["merges"] or config.get("mode_type") == "lambda":
            raise ConversionError(
                f"layer {shown(name)!r} (Merge) merges by a function of its author's. Give one that"
                f" takes a list of tensors: --lambda {shown(name)}=module:function."
            )
        extra: dict[str, Any] = {}
        if mode == "concat":
            extra = {"axis": config.get("concat_axis", -1)}
        if mode in ("dot", "cos"):
            axes = config.get("dot_axes", 1)
            extra = {
                "axes": tuple(axes) if isinstance(axes, list) else axes,
                "normalize": mode == "cos",
            }
        layer = getattr(keras.layers, TABLES["merges"][mode])(name=clean(name), **extra)
        return Step(
            name, (lambda x: keras.ops.expand_dims(layer(x), 1)) if mode == "cos" else layer
        )

    def layer(self, entry: Mapping[str, Any], given: Any = None) -> keras.Layer:
        """Returns a layer, or a model that serves as one."""
        kind, config = str(entry["class_name"]).rpartition(">")[2], entry["config"]
        if kind in self.own:
            self.used.add(kind)
            layer = self.own[kind].from_config(dict(config))
        elif kind in MODELS:
            layer = self.model(entry, given)
        else:
            layer = self._plain(kind, dict(config), place(entry))
        if isinstance(config, dict):
            self.names[id(layer)] = str(config.get("name"))
            if config.get("trainable") is False:
                self.frozen.append(layer)
        elif "name" in entry:  # of a model of Keras 1 the entry alone tells the name
            self.names[id(layer)] = str(entry["name"])
        return layer

    def _tell_padding(self, where: str) -> None:
        found = settings(self.old.config)
        if any(kind == "Masking" or inner.get("mask_zero") for kind, inner in found):
            self.notes.append(
                f"{where}: at padded steps it gives zeros, as in every Keras since 2.4; earlier it"
                " repeated its last output."
            )

    def _plain(self, kind: str, config: dict[str, Any], where: str) -> keras.Layer:
        new = TABLES["layers"].get(kind, kind)
        cls = getattr(keras.layers, new, None)
        if (
            not isinstance(cls, type)
            or new in (*UNSAFE, *LAMBDA)
            or not issubclass(cls, keras.Layer)
        ):
            raise ConversionError(
                f"{where}: Keras 3 has no layer {shown(kind)}. Write a class with the same"
                f" arguments and give it: --layer {shown(kind)}=module:Class."
            )
        if kind == "BatchNormalization" and config.get("mode", 0) != 0:
            raise ConversionError(
                f"{where}: normalizes by mode={shown(config['mode'])} of Keras 1, which no later"
                " Keras has. Give a class of your own: --layer BatchNormalization=module:Class."
            )
        inner: dict[str, Any] = {}
        for part in ("layer", "backward_layer", "cell"):
            if isinstance(config.get(part), dict):
                inner[part] = self.layer(config.pop(part))
        if kind == "StackedRNNCells":
            inner["cells"] = [self.layer(cell) for cell in config.pop("cells")]
        config.pop("time_major", None)
        if self.old.apart:
            config.pop("unroll", None)  # unrolled, a later Keras takes the mask the wrong way round
            if kind == "Bidirectional" and getattr(inner["layer"], "return_sequences", False):
                self._tell_padding(where)
        if self.planned:
            config.pop("stateful", None)  # its states would be made at once
        arguments = self._arguments.of(cls, kind, config, where)
        with located(where):
            layer = cls(**arguments, **inner)
        check_slope(layer, where, self.notes)
        return layer


def _time_first(layer: keras.Layer) -> Callable[..., Any]:
    """Returns a call with time before samples, in and out."""

    def call(x: Any, **more: Any) -> Any:
        found = layer(keras.ops.swapaxes(x, 0, 1), **more)
        if not layer.return_sequences:
            return found
        sequences, *states = found if isinstance(found, (list, tuple)) else [found]
        turned = keras.ops.swapaxes(sequences, 0, 1)
        return [turned, *states] if states else turned

    return call


def _shape(config: Mapping[str, Any]) -> Any:
    return config.get("batch_input_shape") or config.get("batch_shape")
