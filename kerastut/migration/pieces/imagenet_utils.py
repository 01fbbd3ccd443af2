import keras


def obtain_input_shape(
    input_shape, default_size=224, min_size=32, data_format=None, require_flatten=True, **options
):
    """Returns the shape of the pictures that a network takes, as networks of Keras 2 asked."""
    if input_shape:
        return tuple(input_shape)
    size = default_size if options.get("include_top", require_flatten) else None
    first = (data_format or keras.config.image_data_format()) == "channels_first"
    return (3, size, size) if first else (size, size, 3)


_obtain_input_shape = obtain_input_shape
