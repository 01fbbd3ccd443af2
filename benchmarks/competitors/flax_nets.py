"""The compared nets in Flax; they return logits, as Optax's cross entropy wants them."""

from typing import Any

from flax import linen as nn


class Cnn(nn.Module):  # type: ignore[misc]
    """T4's net."""

    @nn.compact  # type: ignore[untyped-decorator]
    def __call__(self, x: Any, training: bool) -> Any:
        for filters in (32, 64):
            x = nn.relu(nn.Conv(filters, (3, 3), padding="VALID")(x))
            x = nn.max_pool(x, (2, 2), strides=(2, 2))
            x = nn.Dropout(0.25, deterministic=not training)(x)
        x = nn.relu(nn.Dense(128)(x.reshape(len(x), -1)))
        return nn.Dense(10)(nn.Dropout(0.5, deterministic=not training)(x))


class Mlp(nn.Module):  # type: ignore[misc]
    """T3's net."""

    @nn.compact  # type: ignore[untyped-decorator]
    def __call__(self, x: Any, training: bool) -> Any:
        return nn.Dense(10)(nn.relu(nn.Dense(512)(x.reshape(len(x), -1))))


NETS: dict[str, Any] = {"cnn": Cnn, "mlp": Mlp}
