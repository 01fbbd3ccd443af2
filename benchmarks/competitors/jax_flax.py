"""JAX with Flax and Optax: jitted with donated buffers, step by step or a whole epoch in one scan.

Random numbers come from XLA's own generator, several times as fast on a CPU as JAX's default.
"""

import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from benchmarks import data
from benchmarks.competitors.flax_nets import NETS

State = tuple[Any, Any, Any, Any]  # weights, Adam's moments, random key, sum of the losses
Step = Callable[..., State]  # of state, numbers of the samples, all images, all labels


def measure(
    model: str, samples: int, batch: int, epochs: int, seed: int, scan: bool = False
) -> dict[str, Any]:
    """Times epochs after the compilation of what they call."""
    x, y, test_x, test_y = data.images(samples)
    feed = jax.device_put(data.scaled(x)), jax.device_put(y.astype(np.int32))
    net = NETS[model]()
    state, step = _start(net, feed[0], seed)
    rng = np.random.default_rng(seed)
    began = time.perf_counter()
    compiled = _compiled(step, state, feed, _parts(np.arange(samples), batch, scan))
    first, seconds = time.perf_counter() - began, []
    for _ in range(epochs):
        began = time.perf_counter()
        for part in _parts(rng.permutation(samples), batch, scan):
            state = compiled[part.shape](state, part, *feed)
        float(state[-1])
        seconds.append(time.perf_counter() - began)
    logits = net.apply(state[0], jnp.asarray(data.scaled(test_x)), training=False)
    return {
        "seconds": seconds,
        "first": first,
        "accuracy": float((logits.argmax(1) == jnp.asarray(test_y)).mean()),
        "parameters": sum(leaf.size for leaf in jax.tree.leaves(state[0])),
    }


def _start(net: Any, images: Any, seed: int) -> tuple[State, Step]:
    """Returns the untrained state and the function of one step."""
    rule = optax.adam(1e-3, eps=1e-7)
    key = jax.random.key(seed, impl="unsafe_rbg")
    weights = net.init(key, images[:1], training=False)

    def loss_of(weights: Any, x: Any, y: Any, key: Any) -> Any:
        logits = net.apply(weights, x, training=True, rngs={"dropout": key})
        return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()

    def step(state: State, part: Any, images: Any, labels: Any) -> State:
        weights, moments, key, total = state
        key, own = jax.random.split(key)
        loss, slopes = jax.value_and_grad(loss_of)(weights, images[part], labels[part], own)
        updates, moments = rule.update(slopes, moments)
        return optax.apply_updates(weights, updates), moments, key, total + loss

    return (weights, rule.init(weights), key, jnp.zeros(())), step


def _parts(order: Any, batch: int, scan: bool) -> list[Any]:
    """Returns the batches' sample numbers; for a scan all full ones in one array."""
    whole = len(order) // batch * batch
    rows = order[:whole].astype(np.int32).reshape(-1, batch)
    rest = [order[whole:].astype(np.int32)] if whole < len(order) else []
    return [*([rows] if scan else rows), *rest]


def _compiled(step: Step, state: State, feed: Any, parts: list[Any]) -> dict[Any, Step]:
    """Returns a compiled function for each shape of sample numbers."""

    def several(state: State, rows: Any, *feed: Any) -> Any:
        return jax.lax.scan(lambda now, part: (step(now, part, *feed), None), state, rows)[0]

    shapes = {part.shape: part for part in parts}
    return {
        shape: jax.jit(several if len(shape) == 2 else step, donate_argnums=0)
        .lower(state, part, *feed)
        .compile()
        for shape, part in shapes.items()
    }
