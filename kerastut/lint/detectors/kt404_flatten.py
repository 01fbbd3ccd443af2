"""KT404: a Dense head that sees a feature map."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.semantics import Call, Model, Program

_MAPS = tuple(
    f"keras.layers.{name}"
    for name in (
        "Conv2D",
        "Convolution2D",
        "Conv3D",
        "SeparableConv2D",
        "DepthwiseConv2D",
        "MaxPooling2D",
        "MaxPool2D",
        "MaxPooling3D",
        "AveragePooling2D",
        "AvgPool2D",
        "ZeroPadding2D",
    )
)
_PLAIN = tuple(
    f"keras.layers.{name}"
    for name in (
        "Dense",
        "Dropout",
        "SpatialDropout2D",
        "Activation",
        "BatchNormalization",
        "LayerNormalization",
        "LeakyReLU",
        "ReLU",
        "Softmax",
    )
)


@detects("KT404")
def dense_on_a_feature_map(program: Program) -> Iterator[Finding]:
    """Finds models that go from convolution to Dense without flattening."""
    for model in program.models:
        head = _head(model) if model.complete else None
        if head is not None:
            yield from program.report("KT404", head)


def _head(model: Model) -> Call | None:
    """Returns the last Dense layer if only plain layers lie between it and the last map."""
    dense = None
    for layer in reversed(model.layers):
        if layer.name in _MAPS:
            return dense
        if layer.name not in _PLAIN:
            return None
        if dense is None and layer.name == "keras.layers.Dense":
            dense = layer
    return None
