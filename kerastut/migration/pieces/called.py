import keras


def called(function, *given, **options):
    """Calls a function of tensors, as a layer where these are those of a model."""
    whole = given, options
    tensors = [one for one in keras.tree.flatten(whole) if isinstance(one, keras.KerasTensor)]

    def call(values):
        left = iter(values if isinstance(values, list) else [values])
        given, options = keras.tree.map_structure(
            lambda one: next(left) if isinstance(one, keras.KerasTensor) else one, whole
        )
        return function(*given, **options)

    return keras.layers.Lambda(call)(tensors) if tensors else function(*given, **options)
