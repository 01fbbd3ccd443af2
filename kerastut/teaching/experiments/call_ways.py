"""Ways in which a trained net is called by those who get it; some of them are wrong."""

import keras

from kerastut.arrays import Array


def ways_of_calling(model: keras.Model, augmentation: keras.Layer, x: Array) -> dict[str, Array]:
    """Returns the net's answers by each way.

    Args:
        model: Takes pixels from 0 to 255 and scales them by its first layer.
        augmentation: Layers that turn and shift images in training.
        x: Pixels from 0 to 255.
    """
    bare = keras.Sequential(model.layers[1:])
    augmented = keras.Sequential([keras.Input(x.shape[1:]), augmentation, model])
    answers = {
        "as trained": model(x),
        "scaled twice": model(x / 255),
        "never scaled": bare(x),
        "augmented, predict(x)": augmented.predict(x, verbose=0),
        "augmented, training=False": augmented(x, training=False),
        "augmented, model(x)": augmented(x),
    }
    return {way: keras.ops.convert_to_numpy(answer) for way, answer in answers.items()}
