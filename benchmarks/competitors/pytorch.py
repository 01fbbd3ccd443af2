"""PyTorch, eager or compiled: tensors in memory, no DataLoader, fused Adam."""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

import torch
from torch.nn import functional

from benchmarks import data
from benchmarks.competitors.pytorch_nets import NETS


def measure(
    model: str,
    samples: int,
    batch: int,
    epochs: int,
    seed: int,
    compiled: bool = False,
    channels_last: bool = False,
    bfloat16: bool = False,
    dropout: Sequence[float] = (),
) -> dict[str, Any]:
    """Times epochs after three batches, one of them of the last batch's size."""
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    torch.manual_seed(seed)
    layout = torch.channels_last if channels_last else torch.contiguous_format
    x, y, test_x, test_y = data.images(samples)
    images, labels = _tensors(x, y, layout)
    net = NETS[model](*dropout).to(memory_format=layout)
    forward = torch.compile(net, dynamic=False) if compiled else net
    precision = torch.autocast("cpu", torch.bfloat16) if bfloat16 else nullcontext()
    step = _step(forward, net.parameters(), precision)
    began = time.perf_counter()
    for size in (batch, samples % batch or batch, batch):
        step(images[:size], labels[:size])
    first, seconds = time.perf_counter() - began, []
    for _ in range(epochs):
        began = time.perf_counter()
        total = torch.zeros(())
        for part in torch.randperm(samples).split(batch):
            total += step(images[part], labels[part])
        total.item()
        seconds.append(time.perf_counter() - began)
    return {
        "seconds": seconds,
        "first": first,
        "accuracy": _accuracy(net, *_tensors(test_x, test_y, layout)),
        "parameters": sum(values.numel() for values in net.parameters()),
    }


def _step(forward: Any, parameters: Any, precision: Any) -> Callable[[Any, Any], Any]:
    """Returns the function that trains on one batch and returns its loss.

    Args:
        forward: The net.
        parameters: What to train.
        precision: The context of the forward pass.
    """
    optimizer = torch.optim.Adam(parameters, lr=1e-3, eps=1e-7, fused=True)

    def step(x: Any, y: Any) -> Any:
        optimizer.zero_grad(set_to_none=True)
        with precision:
            loss = functional.cross_entropy(forward(x), y)
        loss.backward()
        optimizer.step()
        return loss.detach()

    return step


def _tensors(x: data.Array, y: data.Array, layout: Any) -> tuple[Any, Any]:
    """Returns images `(n, 1, 28, 28)` from 0 to 1, and labels."""
    images = torch.from_numpy(data.scaled(x)).permute(0, 3, 1, 2)
    return images.contiguous(memory_format=layout), torch.from_numpy(y).long()


def _accuracy(net: Any, x: Any, y: Any) -> float:
    net.eval()
    with torch.inference_mode():
        return float((net(x).argmax(1) == y).float().mean())
