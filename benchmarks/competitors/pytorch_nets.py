"""The compared nets in PyTorch; they return logits, as its cross entropy wants them."""

from torch import nn


def cnn(conv_dropout: float = 0.25, dense_dropout: float = 0.5) -> nn.Module:
    """Returns T4's net."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Dropout(conv_dropout),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Dropout(conv_dropout),
        nn.Flatten(),
        nn.Linear(1600, 128),
        nn.ReLU(inplace=True),
        nn.Dropout(dense_dropout),
        nn.Linear(128, 10),
    )


def mlp() -> nn.Module:
    """Returns T3's net."""
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 512), nn.ReLU(inplace=True), nn.Linear(512, 10)
    )


NETS = {"cnn": cnn, "mlp": mlp}
