import keras
from keras import ops


class LocallyConnected2D(keras.layers.Layer):
    """A convolution with kernels of its own at each place."""

    def __init__(self, filters, kernel_size, strides=1, activation=None, use_bias=True, **options):
        wanted = ("name", "input_shape", "trainable", "dtype")
        super().__init__(**{name: options[name] for name in wanted if name in options})
        self.filters, self.kernel_size, self.strides = filters, kernel_size, strides
        self.activation = keras.activations.get(activation)
        self.use_bias, self.options = use_bias, options

    def build(self, input_shape):
        patches = self.patches(keras.KerasTensor(input_shape)).shape[1:]
        options = {"regularizer": self.options.get("kernel_regularizer")}
        options["initializer"] = self.options.get("kernel_initializer", "glorot_uniform")
        self.kernel = self.add_weight(shape=(*patches, self.filters), **options)
        if self.use_bias:
            self.bias = self.add_weight(shape=(*patches[:2], self.filters), initializer="zeros")

    def patches(self, inputs):
        return ops.image.extract_patches(inputs, self.kernel_size, self.strides, padding="valid")

    def call(self, inputs):
        outputs = ops.einsum("nrcp,rcpf->nrcf", self.patches(inputs), self.kernel)
        return self.activation(outputs + self.bias if self.use_bias else outputs)


class LocallyConnected1D(LocallyConnected2D):
    def __init__(self, filters, kernel_size, strides=1, **options):
        size, step = (
            one[0] if isinstance(one, (list, tuple)) else one for one in (kernel_size, strides)
        )
        super().__init__(filters, (size, 1), (step, 1), **options)

    def patches(self, inputs):
        return super().patches(ops.expand_dims(inputs, 2))

    def call(self, inputs):
        return ops.squeeze(super().call(inputs), 2)


class Highway(keras.layers.Layer):
    """A dense layer, and a gate that lets its inputs pass."""

    def __init__(self, activation=None, **options):
        super().__init__(**options)
        self.activation = activation

    def build(self, input_shape):
        self.dense = keras.layers.Dense(input_shape[-1], self.activation)
        self.gate = keras.layers.Dense(input_shape[-1], "sigmoid")
        self.dense.build(input_shape)
        self.gate.build(input_shape)

    def call(self, inputs):
        gate = self.gate(inputs)
        return gate * self.dense(inputs) + (1 - gate) * inputs


class AtrousConvolution2D(keras.layers.Conv2D):
    def __init__(self, filters, *size, atrous_rate=1, **options):
        size = options.pop("kernel_size", size[0] if len(size) == 1 else size)
        super().__init__(filters, size, **{"dilation_rate": atrous_rate, **options})


class _Merge(keras.layers.Layer):
    """What layers that make one tensor of several were derived from."""

    def call(self, inputs):
        return self._merge_function(inputs)


def merge(inputs, mode="sum", concat_axis=-1, dot_axes=-1, output_shape=None, name=None):
    """Makes one tensor of several."""
    if callable(mode):
        return keras.layers.Lambda(mode, output_shape, name=name)(inputs)
    if mode in ("dot", "cos"):
        return keras.layers.Dot(dot_axes, normalize=mode == "cos", name=name)(inputs)
    if mode == "concat":
        return keras.layers.Concatenate(concat_axis, name=name)(inputs)
    kinds = {"sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum"}
    return getattr(keras.layers, kinds[mode])(name=name)(inputs)


def Merge(layers=None, *given, **options):  # noqa: N802
    """Returns a model of the inputs of several, which makes one tensor of their outputs."""
    if layers is None:
        return lambda inputs: merge(inputs, *given, **options)
    inputs = [one for layer in layers for one in layer.inputs]
    outputs = [layer.outputs[0] for layer in layers]
    return keras.Model(inputs, merge(outputs, *given, **options))
