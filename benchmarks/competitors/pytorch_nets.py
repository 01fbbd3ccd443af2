"""The compared nets in PyTorch; they return logits, as its cross entropy wants them."""

from torch import nn


def cnn() -> nn.Module:
    """Returns T4's net."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Dropout(0.25),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
        nn.Dropout(0.25),
        nn.Flatten(),
        nn.Linear(1600, 128),
        nn.ReLU(inplace=True),
        nn.Dropout(0.5),
        nn.Linear(128, 10),
    )


def mlp() -> nn.Module:
    """Returns T3's net."""
    return nn.Sequential(
        nn.Flatten(), nn.Linear(784, 512), nn.ReLU(inplace=True), nn.Linear(512, 10)
    )


NETS = {"cnn": cnn, "mlp": mlp}
