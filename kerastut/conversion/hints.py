"""Tells what shape a layer gives, as far as the old file says without running anything."""

from collections.abc import Iterator
from typing import Any

from kerastut.conversion.old import Old, nodes, settings


def output_shape(old: Old, name: str) -> str:
    """Returns the shape that a Lambda gives: as it states, or as the next layer's weights tell."""
    for _, config in settings(old.config):
        if config.get("name") == name:
            stated = config.get("output_shape")
            if isinstance(stated, list) and all(isinstance(n, int) for n in stated):
                return str((None, *stated))
    for follower in _followers(old.config, name):
        weights = old.weights.get(follower, ())
        if weights and len(weights[0].shape) >= 2:
            return f"{weights[0].shape[-2]} along the last axis, by the weights of {follower!r}"
    return "an output of a shape that the file does not tell"


def _followers(config: Any, name: str) -> Iterator[str]:
    for node in nodes(config):
        inner = node.get("config")
        held = inner.get("layers") if isinstance(inner, dict) else inner
        layers = held if isinstance(held, list) else []
        for before, entry in zip([None, *layers], layers, strict=False):
            called = f'"{name}"' in str(entry.get("inbound_nodes", "")).replace("'", '"')
            straight = "inbound_nodes" not in entry and _name(before) == name
            if called or straight:
                yield _name(entry)


def _name(entry: Any) -> str:
    config = entry.get("config") if isinstance(entry, dict) else None
    return str(config.get("name")) if isinstance(config, dict) else ""
