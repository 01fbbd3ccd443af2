"""Floating-point operations of the compared nets, from the shapes of their layers."""

from collections.abc import Sequence

# Kernel values, outputs: each output of a layer is a sum of as many products as its kernel has
# values, and each product with its addition counts as two operations.
Layer = tuple[str, int, int]

CNN: Sequence[Layer] = (
    ("convolution 3x3, 1 to 32 channels, 26x26", 3 * 3 * 1, 26 * 26 * 32),
    ("convolution 3x3, 32 to 64 channels, 11x11", 3 * 3 * 32, 11 * 11 * 64),
    ("dense 1,600 to 128", 1600, 128),
    ("dense 128 to 10", 128, 10),
)
MLP: Sequence[Layer] = (("dense 784 to 512", 784, 512), ("dense 512 to 10", 512, 10))
LAYERS = {"cnn": CNN, "mlp": MLP}
TRAINING = 3  # forward, gradient of the inputs, gradient of the weights


def forward(layer: Layer) -> int:
    """Returns the operations of a layer's forward pass for one sample."""
    _, kernel, outputs = layer
    return 2 * kernel * outputs


def per_sample(model: str) -> int:
    """Returns the operations of one training sample: three times the forward pass."""
    return TRAINING * sum(map(forward, LAYERS[model]))


def share(model: str, seconds_per_sample: float, peak: float) -> float:
    """Returns the share of the peak, in operations a second, that a training reaches."""
    return per_sample(model) / seconds_per_sample / peak
