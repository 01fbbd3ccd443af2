import keras


def multi_gpu_model(model, *_, **__):
    """Returns the model, which once was put on several devices."""
    return model


def print_summary(model, **options):
    model.summary(**options)


def convert_all_kernels_in_model(model):
    """Turns no kernels, which only those of Theano wanted."""


def HDF5Matrix(datapath, dataset, start=0, end=None, normalizer=None):  # noqa: N802
    """Returns rows of a data set in a file."""
    import h5py

    with h5py.File(datapath, "r") as file:
        rows = file[dataset][start:end]
    return normalizer(rows) if normalizer else rows


def normalize_tuple(value, n, name=""):
    return (value,) * n if isinstance(value, int) else tuple(value)


def normalize_padding(value):
    return value.lower()


def normalize_data_format(value):
    return (value or keras.config.image_data_format()).lower()


def conv_output_length(input_length, filter_size, padding, stride, dilation=1):
    """Returns how long the output of a convolution is."""
    if input_length is None:
        return None
    size = (filter_size - 1) * dilation + 1
    length = input_length + {"valid": 1 - size, "full": size - 1}.get(padding, 0)
    return (length + stride - 1) // stride


def deconv_length(dim_size, stride_size, kernel_size, padding, *_, **__):
    """Returns how long the output of a transposed convolution is."""
    if dim_size is None:
        return None
    wider = {"valid": max(kernel_size - stride_size, 0), "full": 2 - stride_size - kernel_size}
    return dim_size * stride_size + wider.get(padding, 0)
