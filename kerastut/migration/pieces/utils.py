import keras


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
