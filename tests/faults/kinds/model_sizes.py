"""Models whose configurations ask for memory: widths, kernels, paddings, tables, steps, metrics."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image

from ..case import Case
from ..crafted import Node, functional, node, sequential, source, within, write
from ..tiny import copied

NUMBERS, PICTURE, TEXT = "1,2,3,4", "picture.png", "so good"
Drawn = tuple[Node, str]
SOON = ("predict", "predict", "predict", "plot", "export", "demo")


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Yields models of all these kinds."""
    for number in count():
        place = folder / f"model_sizes-{number}"
        run = copied(place)
        Image.new("L", (9, 9)).save(place / PICTURE)
        size = int(10 ** random.uniform(3.5, 10))
        kind = random.choice(KINDS)
        model, given = kind(random, size)
        if random.random() < 0.15:
            model["compile_config"] = _compiled(random, size)
        write(run / "model.keras", model)
        words = {
            "predict": ("predict", "run", given),
            "plot": ("plot", "run"),
            "export": ("export", "run", "--format", "keras"),
            "demo": ("demo", "run", "--port", "0"),
        }
        sure = size > 10**9
        command = random.choice(SOON) if sure else "predict"
        yield Case(
            f"{kind.__name__.strip('_')}, {size:,}: {command}",
            words[command],
            place,
            statuses=frozenset({2} if sure else {0, 2}),
        )


def _name(random: Random) -> str:
    return f"layer_{random.randrange(10**9)}"


def _of_numbers(random: Random, *layers: Node) -> Drawn:
    return sequential(source((4,)), *layers[:-1], *within(random, layers[-1])), NUMBERS


def _of_pictures(random: Random, *layers: Node) -> Drawn:
    return sequential(source((8, 8, 3)), *layers[:-1], *within(random, layers[-1])), PICTURE


def _of_texts(random: Random, *layers: Node) -> Drawn:
    return sequential(source((), "string"), *layers[:-1], *within(random, layers[-1])), TEXT


def _dense(random: Random, size: int) -> Drawn:
    widths = [size, *(random.choice((size, 1, 10**6)) for _ in range(random.randrange(3)))]
    return _of_numbers(random, *(node("Dense", name=_name(random), units=n) for n in widths))


def _einsum(random: Random, size: int) -> Drawn:
    layer = node("EinsumDense", name=_name(random), equation="ab,bc->ac", output_shape=size)
    return _of_numbers(random, layer)


def _embedding(random: Random, size: int) -> Drawn:
    rows, columns = random.choice(((size, 8), (8, size), (size, size)))
    layer = node("Embedding", name=_name(random), input_dim=rows, output_dim=columns)
    return _of_numbers(random, layer)


def _encoding(random: Random, size: int) -> Drawn:
    mode = random.choice(("one_hot", "multi_hot", "count"))
    layer = node("CategoryEncoding", name=_name(random), num_tokens=size, output_mode=mode)
    return _of_numbers(random, layer)


def _hashing(random: Random, size: int) -> Drawn:
    layer = node("Hashing", name=_name(random), num_bins=size, output_mode="one_hot")
    return _of_texts(random, node("Reshape", name=_name(random), target_shape=[1]), layer)


def _repeated(random: Random, size: int) -> Drawn:
    return _of_numbers(random, node("RepeatVector", name=_name(random), n=size))


def _steps(random: Random, size: int) -> Drawn:
    """Keras goes through the steps one by one, each with operations of its own."""
    inner = node("Dense", name=_name(random), units=2)
    layer = random.choice(
        (
            node("TimeDistributed", name=_name(random), layer=inner),
            node("SimpleRNN", name=_name(random), units=2, unroll=True),
            node("LSTM", name=_name(random), units=2, unroll=True),
        )
    )
    if random.random() < 0.2:
        layer = node("Pipeline", name=_name(random), layers=[layer])
    return _of_numbers(random, node("RepeatVector", name=_name(random), n=size), layer)


def _recurrent(random: Random, size: int) -> Drawn:
    kind = random.choice(("LSTM", "GRU", "SimpleRNN"))
    layer = node(kind, name=_name(random), units=size)
    cells = [node(f"{kind}Cell", name=_name(random), units=size) for _ in range(2)]
    layer = random.choice(
        (
            layer,
            node("Bidirectional", name=_name(random), layer=layer),
            node(
                "RNN",
                name=_name(random),
                cell=node("StackedRNNCells", name=_name(random), cells=cells),
            ),
        )
    )
    return _of_numbers(random, node("RepeatVector", name=_name(random), n=3), layer)


def _normalized(random: Random, size: int) -> Drawn:
    inner = node("Dense", name=_name(random), units=size)
    return _of_numbers(random, node("SpectralNormalization", name=_name(random), layer=inner))


def _convolution(random: Random, size: int) -> Drawn:
    side = random.choice((3, int(size**0.5)))
    kinds: dict[str, Any] = {
        "Conv2D": {"filters": size, "kernel_size": [side, side], "padding": "same"},
        "Conv2DTranspose": {"filters": 2, "kernel_size": [side, side], "strides": [side, side]},
        "SeparableConv2D": {"filters": 2, "kernel_size": [3, 3], "depth_multiplier": size},
        "DepthwiseConv2D": {"kernel_size": [3, 3], "depth_multiplier": size},
    }
    kind = random.choice(list(kinds))
    return _of_pictures(random, node(kind, name=_name(random), **kinds[kind]))


def _in_space(random: Random, size: int) -> Drawn:
    side = round(size ** random.choice((1, 1 / 2, 1 / 3)))
    kinds: dict[str, Any] = {
        "Conv3D": {"filters": side, "kernel_size": [1, 3, 3]},
        "Conv3DTranspose": {"filters": 1, "kernel_size": [1, side, side]},
        "ZeroPadding3D": {"padding": [[0, 1], [side, side], [side, side]]},
        "UpSampling3D": {"size": [1, side, side]},
        "ConvLSTM2D": {"filters": side, "kernel_size": [3, 3]},
    }
    kind = random.choice(list(kinds))
    folded = node("Reshape", name=_name(random), target_shape=[1, 8, 8, 3])
    return _of_pictures(random, folded, node(kind, name=_name(random), **kinds[kind]))


def _larger(random: Random, size: int) -> Drawn:
    side = random.choice((size, round(size**0.5)))
    kinds: dict[str, Any] = {
        "ZeroPadding2D": {"padding": [[side, 0], [0, side]]},
        "UpSampling2D": {"size": [side, side], "interpolation": "bilinear"},
        "Resizing": {"height": side, "width": side},
        "CenterCrop": {"height": side, "width": side},
        "RandomCrop": {"height": side, "width": side},
    }
    kind = random.choice(list(kinds))
    layers = [node(kind, name=_name(random), **kinds[kind])]
    while random.random() < 0.3:
        layers.append(node("UpSampling2D", name=_name(random), size=[7, 7]))
    return _of_pictures(random, *layers)


def _augmented(random: Random, size: int) -> Drawn:
    kinds: dict[str, Any] = {
        "RandAugment": {"num_ops": size},
        "AugMix": {"num_chains": size},
        "Equalization": {"bins": size},
    }
    kind = random.choice(list(kinds))
    return _of_pictures(random, node(kind, name=_name(random), **kinds[kind]))


def _vocabulary(random: Random, size: int) -> Drawn:
    words = {"vocabulary": ["so", "good"]}
    choices: tuple[dict[str, Any], ...] = (
        {"output_mode": "int", "output_sequence_length": size},
        {"output_mode": "multi_hot", "max_tokens": size, "pad_to_max_tokens": True},
        {"output_mode": "int", "ngrams": size},
        {"output_mode": "count", "ngrams": {"class_name": "__tuple__", "items": [1, size]}},
        {
            **{"output_mode": "tf_idf", "idf_weights": [1.0, 2.0]},
            **{"max_tokens": size, "pad_to_max_tokens": True},
        },
    )
    chosen = (
        {"standardize": None, "split": "whitespace", "ngrams": None}
        | words
        | random.choice(choices)
    )
    return _of_texts(random, node("TextVectorization", name=_name(random), **chosen))


def _input(random: Random, size: int) -> Drawn:
    shape, batch = random.choice((((size,), None), ((size, size, 3), None), ((4,), size)))
    layer = node("Flatten", name=_name(random))
    return sequential(source(shape, batch=batch), layer), random.choice((NUMBERS, PICTURE))


def _branches(random: Random, size: int) -> Drawn:
    """Many outputs, none of them too large by itself, which are all there at once."""
    side = round((size / 64) ** 0.5) if size < 10**9 else size
    steps: list[tuple[Node, list[str]]] = [(source((8, 8, 3)), [])]
    for _ in range(random.randint(2, 40)):
        layer = node("UpSampling2D", name=_name(random), size=[side, side])
        steps.append((layer, ["source"]))
    names = [layer["config"]["name"] for layer, _ in steps[1:]]
    steps.append((node("Add", name="sum"), names))
    return functional(*steps), PICTURE


def _attention(random: Random, size: int) -> Drawn:
    steps: list[tuple[Node, list[str]]] = [
        (source((4,)), []),
        (node("RepeatVector", name="repeated", n=size), ["source"]),
        (
            node("MultiHeadAttention", name=_name(random), num_heads=2, key_dim=2),
            ["repeated"] * 2,
        ),
    ]
    return functional(*steps), NUMBERS


def _operation(random: Random, size: int) -> Drawn:
    kinds: dict[str, Any] = {
        "Tile": {"repeats": [1, size]},
        "Repeat": {"repeats": size, "axis": 1},
        "Split": {"indices_or_sections": size, "axis": 1},
        "ArraySplit": {"indices_or_sections": size, "axis": 1},
    }
    kind = random.choice(list(kinds))
    layer = node(kind, "keras.src.ops.numpy", name=_name(random), **kinds[kind])
    if random.random() < 0.2:
        layer = node("Unstack", "keras.src.ops.core", name=_name(random), num=size, axis=1)
    return functional((source((4,)), []), (layer, ["source"])), NUMBERS


def _numpy(random: Random, size: int) -> Drawn:
    dtype = random.choice((f"U{size}", f"S{size}", f"V{size}", f"({size},)f4", f"({size},9)u1"))
    mean = {"class_name": "__numpy__", "config": {"value": [1, 2], "dtype": dtype}}
    layer = node("Normalization", name=_name(random), mean=mean, variance=mean)
    return _of_numbers(random, layer)


def _of_unknown_size(random: Random, size: int) -> Drawn:
    """Its outputs are as large as the numbers that it is given."""
    name = _name(random)
    scale = node("Rescaling", name="scaled", scale=float(size), offset=0.0)
    whole = node("Cast", "keras.src.ops.core", name="whole", dtype="int32")
    row = node("Reshape", name="row", target_shape=[])
    layer = node("Activation", name=name, activation=random.choice(("ones", "zeros", "arange")))
    steps: list[tuple[Node, list[str]]] = [
        (source((1,)), []),
        (scale, ["source"]),
        (row, ["scaled"]),
        (whole, ["row"]),
    ]
    return functional(*steps, (layer, ["whole"])), "1"


def _named(random: Random, size: int) -> Drawn:
    name = "n" * min(size, 10**6)
    return _of_numbers(random, *(node("ReLU", name=f"{name}{i}") for i in range(9)))


def _compiled(random: Random, size: int) -> Node:
    metrics = (
        node("AUC", "keras.metrics", name="auc", num_thresholds=size),
        node("PrecisionAtRecall", "keras.metrics", recall=0.5, num_thresholds=size),
        node("MeanIoU", "keras.metrics", name="iou", num_classes=size),
    )
    return {
        "optimizer": random.choice(("adam", "sgd", node("Nadam", "keras.optimizers"))),
        "loss": "mse",
        "metrics": [random.choice(metrics)],
        "steps_per_execution": random.choice((1, size)),
    }


KINDS: tuple[Callable[[Random, int], Drawn], ...] = (
    *(_dense, _einsum, _embedding, _encoding, _hashing, _repeated, _steps, _recurrent, _normalized),
    *(_convolution, _in_space, _larger, _augmented, _vocabulary, _input, _branches, _attention),
    *(_operation, _numpy, _of_unknown_size, _named),
)
