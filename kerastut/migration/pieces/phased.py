import keras


def phased(inputs, outputs):
    """Returns what gives outputs for inputs; it is told the phase after these, which is no more."""
    flat = keras.tree.flatten(inputs)
    function = keras.Function(flat, outputs)

    def call(given):
        found = function(keras.tree.flatten(given)[: len(flat)])
        return [keras.ops.convert_to_numpy(one) for one in found]

    return call
