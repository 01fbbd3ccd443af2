"""Puts every weight of an old file where it belongs: in order, and checked shape by shape."""

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from kerastut.arrays import Array
from kerastut.conversion.kernels import expected, translated
from kerastut.conversion.old import ConversionError, Old, Weight
from kerastut.errors import shown


@dataclass
class Placing:
    """Finds the variables that weights go to, and gives them their values.

    Args:
        old: Where the weights come from.
        planned: Whether the variables hold nothing yet: then shapes are compared and no more.
        names: Old names of layers, by their identity.
        children: The layers of a model in the old order, by its identity.
        order: Old names and variables in the old order; `None` once a weight has changed its form.
        taken: How many arrays of the file have found their place.
    """

    old: Old
    planned: bool = False
    names: Mapping[int, str] = field(default_factory=dict)
    children: Mapping[int, Sequence[keras.Layer]] = field(default_factory=dict)
    order: list[tuple[str, Any]] | None = field(default_factory=list)
    taken: int = 0
    _done: set[str] = field(default_factory=set)

    def by_name(self, model: keras.Model) -> None:
        """Places the weights of a model that was built from the file's configuration.

        Raises:
            ConversionError: If a weight is missing, left over, or of another shape.
        """
        left = {name for name, weights in self.old.weights.items() if weights}
        waiting = list(self._children_of(model))
        while waiting:
            layer = waiting.pop(0)
            name = self.name(layer)
            if name in self.old.weights:
                self._place(layer, self.old.weights[name])
                left.discard(name)
                self._done.add(name)
            elif isinstance(layer, keras.Model):
                waiting, name = self._of_model(layer, waiting)
                left.discard(name)
            elif layer.weights:
                raise ConversionError(
                    f"layer {shown(name)!r}: the file has no weights for it. Give the file that"
                    " has: --weights W.h5."
                )
        if left:
            raise ConversionError(
                f"layer {shown(sorted(left)[0])!r} has weights in the file, but the architecture"
                " has no such layer. Give the architecture that belongs to it."
            )

    def _of_model(self, model: keras.Model, waiting: list[Any]) -> tuple[list[Any], str]:
        """Places the weights of a model whose name the configuration does not tell.

        Keras 1 wrote the layers of such a model one by one, Keras 2 all of them under its name.

        Returns:
            The layers that are still to be done, and the name that was found.
        """
        inside = {self.name(layer) for layer in self._children_of(model)}
        others = inside | {self.name(layer) for layer in waiting}
        names = [
            name for name, w in self.old.weights.items() if w and name not in self._done | others
        ]
        if inside & self.old.weights.keys() or not names:
            return [*self._children_of(model), *waiting], ""
        self._place(model, self.old.weights[names[0]])
        self._done.add(names[0])
        return waiting, names[0]

    def by_order(self, model: keras.Model) -> None:
        """Places weights alone, into a model that is otherwise known.

        Raises:
            ConversionError: If a weight is missing, left over, or of another shape.
        """
        stored = {name: weights for name, weights in self.old.weights.items() if weights}
        layers = [layer for layer in self._children_of(model) if layer.weights]
        if len(layers) != len(stored):
            raise ConversionError(
                f"expected the weights of {len(layers)} layers, received those of {len(stored)}:"
                " --like names another architecture."
            )
        alike = {layer.name for layer in layers} == set(stored)
        for layer, weights in zip(layers, list(stored.values()), strict=True):
            self._place(layer, stored[layer.name] if alike else weights)

    def name(self, layer: keras.Layer) -> str:
        """Returns the name that a layer has in the file."""
        return self.names.get(id(layer), layer.name)

    def _children_of(self, model: keras.Model) -> Sequence[keras.Layer]:
        return self.children.get(id(model), model.layers)

    def _leaves(self, layer: keras.Layer) -> Iterator[keras.Layer]:
        """Yields the layers inside one that have weights of their own, in the old order."""
        if isinstance(layer, keras.Model):
            inside: Sequence[keras.Layer] = self._children_of(layer)
        elif isinstance(layer, keras.layers.Bidirectional):
            inside = (layer.forward_layer, layer.backward_layer)
        elif isinstance(layer, keras.layers.TimeDistributed):
            inside = (layer.layer,)
        elif type(layer) is keras.layers.RNN:
            inside = getattr(layer.cell, "cells", (layer.cell,))
        else:
            yield layer
            return
        for child in inside:
            yield from self._leaves(child)

    def _place(self, layer: keras.Layer, stored: Sequence[Weight]) -> None:
        leaves = [leaf for leaf in self._leaves(layer) if leaf.weights]
        counts = [expected(leaf, self.old, len(stored)) for leaf in leaves]
        wanted = sum(sum(count) for count in counts)
        if wanted != len(stored):
            raise ConversionError(
                f"layer {shown(self.name(layer))!r}: expected {wanted} weights, received"
                f" {len(stored)}."
            )
        deals = [_dealt(stored, counts, order) for order in self._orders(leaves, counts)]
        best = max(deals, key=lambda deal: self._score(leaves, deal))
        for leaf, weights in zip(leaves, best, strict=True):
            self._fill(leaf, weights)
        self.taken += len(stored)

    def _orders(self, leaves: Sequence[Any], counts: Sequence[tuple[int, int]]) -> list[list[Any]]:
        """Returns the orders in which an old Keras may have written the weights of several layers.

        It wrote those that it trained first. Which these were depends on layers that were frozen,
        and how, so that the names decide.
        """
        every = range(len(leaves))
        whole = [(i, part) for i in every for part in (0, 1)]
        if self.old.by_layer or len(leaves) == 1:
            return [whole]
        trained = [(i, 0) for i in every if leaves[i].trainable]
        rest = [(i, part) for i in every for part in (0, 1) if (i, part) not in trained]
        return [
            trained + rest,
            [(i, 0) for i in every] + [(i, 1) for i in every],
            whole,
        ]

    def _score(self, leaves: Sequence[keras.Layer], deal: Sequence[Sequence[Weight]]) -> int:
        """Returns how many names and shapes speak for weights that are dealt out so."""
        points = 0
        for leaf, weights in zip(leaves, deal, strict=True):
            same = len(weights) == len(leaf.weights)
            for place, weight in enumerate(weights):
                parts = weight.name.removesuffix(":0").split("/")
                points += self.name(leaf) in parts[:-1] or parts[-1].startswith(self.name(leaf))
                if same:
                    points += parts[-1].endswith(leaf.weights[place].name)
                    points += 2 * (weight.shape == tuple(leaf.weights[place].shape))
        return points

    def _array(self, weight: Weight) -> Array:
        """Reads a weight; where shapes alone are compared, an array of that shape will do."""
        return np.broadcast_to(np.float32(0), weight.shape) if self.planned else weight.read()

    def _fill(self, leaf: keras.Layer, weights: Sequence[Weight]) -> None:
        where = f"layer {shown(self.name(leaf))!r}"
        stored = [self._array(weight) for weight in weights]
        arrays = translated(leaf, stored, self.old)
        for variable, array in zip(leaf.weights, arrays, strict=True):
            if array.shape != tuple(variable.shape):
                raise ConversionError(
                    f"{where}: expected {variable.name} of shape {tuple(variable.shape)}, received"
                    f" {array.shape}."
                )
            if not self.planned:
                variable.assign(array)
        if isinstance(leaf, keras.layers.Normalization) and not self.planned:
            leaf.finalize_state()
        same = len(arrays) == len(stored) and all(map(operator.is_, arrays, stored))
        if self.order is not None and same:
            self.order += zip([weight.name for weight in weights], leaf.weights, strict=True)
        elif not same:
            self.order = None


def _dealt(
    stored: Sequence[Weight], counts: Sequence[tuple[int, int]], order: Sequence[tuple[int, int]]
) -> list[list[Weight]]:
    """Deals weights out to layers: for each, those that it trains and then the others."""
    rest = list(stored)
    parts: dict[tuple[int, int], list[Weight]] = {}
    for layer, part in order:
        count = counts[layer][part]
        parts[layer, part], rest = rest[:count], rest[count:]
    return [parts[i, 0] + parts[i, 1] for i in range(len(counts))]
