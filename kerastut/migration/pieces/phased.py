import keras


def phased(inputs, outputs):
    """Returns what gives outputs for inputs; it is told the phase after these, which is no more."""
    function = keras.Function(inputs, outputs)

    def call(given):
        return [keras.ops.convert_to_numpy(one) for one in function(given[: len(inputs)])]

    return call
