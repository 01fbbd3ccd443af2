"""Makes small models with Keras 1, and computes with them; see `keras2.py`.

Runs in an environment of its own, on Python 3.6: `KERAS_BACKEND=theano python keras1.py FOLDER`.
"""

import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from keras import backend
from keras import layers as L
from keras.models import Model, Sequential
from keras.regularizers import l2

OUT = sys.argv[1]
THEANO = backend.backend() == "theano"
RNG = np.random.RandomState(7)
MADE = {}


def kind(function):
    MADE[function.__name__.rstrip("_")] = function
    return function


def x(*shape):
    return RNG.uniform(-1, 1, shape).astype("float32")


def image(height, width, channels):
    return (channels, height, width) if THEANO else (height, width, channels)


ORDER = {"dim_ordering": "th" if THEANO else "tf"}


@kind
def mlp():
    model = Sequential()
    model.add(L.Dense(8, input_dim=6, init="he_normal", W_regularizer=l2(0.01)))
    model.add(L.BatchNormalization(epsilon=0.001))
    model.add(L.Activation("relu"))
    model.add(L.Dropout(0.3))
    model.add(L.GaussianNoise(0.1))
    model.add(L.Dense(5, activation="hard_sigmoid", bias=False, W_constraint="nonneg"))
    model.add(L.Dense(3, activation="softmax"))
    optimizer = keras.optimizers.SGD(lr=0.01, decay=1e-6, momentum=0.9, nesterov=True)
    model.compile(optimizer, "categorical_crossentropy", metrics=["accuracy"])
    model.fit(x(8, 6), np.eye(3)[RNG.randint(0, 3, 8)], nb_epoch=2, batch_size=4, verbose=0)
    return model, [x(4, 6)]


@kind
def cnn():
    model = Sequential()
    model.add(L.ZeroPadding2D((1, 1), input_shape=image(9, 9, 2), **ORDER))
    model.add(L.Convolution2D(4, 3, 2, activation="relu", **ORDER))
    model.add(L.BatchNormalization(axis=1 if THEANO else 3))
    model.add(L.MaxPooling2D((2, 2), **ORDER))
    model.add(L.Convolution2D(3, 3, 3, border_mode="same", subsample=(2, 1), **ORDER))
    model.add(L.AveragePooling2D((1, 2), **ORDER))
    model.add(L.Flatten())
    model.add(L.Dense(2, activation="sigmoid"))
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    return model, [x(3, *image(9, 9, 2))]


@kind
def atrous():
    model = Sequential()
    shape = {"input_shape": image(10, 10, 2)}
    model.add(L.AtrousConvolution2D(3, 3, 3, atrous_rate=(2, 2), **dict(ORDER, **shape)))
    model.add(L.Cropping2D(((1, 0), (0, 1)), **ORDER))
    model.add(L.UpSampling2D((2, 1), **ORDER))
    model.add(L.GlobalAveragePooling2D(**ORDER))
    model.compile("sgd", "mse")
    return model, [x(2, *image(10, 10, 2))]


@kind
def deconvolution():
    model = Sequential()
    shape = image(5, 5, 2)
    out = (None,) + image(11, 11, 3)
    model.add(
        L.Deconvolution2D(3, 3, 3, output_shape=out, subsample=(2, 2), input_shape=shape, **ORDER)
    )
    model.compile("sgd", "mse")
    return model, [x(2, *shape)]


@kind
def lstm():
    model = Sequential()
    model.add(L.Embedding(20, 5, input_length=7, mask_zero=True))
    model.add(L.LSTM(6, return_sequences=True, consume_less="mem", dropout_W=0.1, dropout_U=0.1))
    model.add(L.LSTM(4, inner_activation="sigmoid", go_backwards=True))
    model.add(L.Dense(1, activation="sigmoid"))
    model.compile("adam", "binary_crossentropy", class_mode="binary") if False else model.compile(
        "adam", "binary_crossentropy"
    )
    words = RNG.randint(1, 20, (3, 7)).astype("float32")
    words[0, 4:] = words[1, 2:] = 0
    return model, [words]


@kind
def gru():
    model = Sequential()
    model.add(L.Bidirectional(L.GRU(4, return_sequences=True), input_shape=(5, 3)))
    model.add(L.GRU(3, return_sequences=True))
    model.add(L.TimeDistributed(L.Dense(2)))
    model.add(L.SimpleRNN(3))
    model.add(L.RepeatVector(2))
    model.compile("adagrad", "mae")
    return model, [x(2, 5, 3)]


@kind
def conv1d():
    model = Sequential()
    model.add(L.Embedding(15, 4, input_length=8, dropout=0.1))
    model.add(L.Convolution1D(5, 3, border_mode="same", activation="tanh"))
    model.add(L.MaxPooling1D(2))
    model.add(L.Convolution1D(3, 2, subsample_length=2))
    model.add(L.GlobalMaxPooling1D())
    model.compile("adadelta", "poisson")
    return model, [RNG.randint(0, 15, (3, 8)).astype("float32")]


@kind
def merged():
    """Branches that a Merge layer puts together, at the start of a Sequential model."""
    left, right = Sequential(), Sequential()
    left.add(L.Dense(4, input_dim=3, activation="tanh"))
    right.add(L.Dense(4, input_dim=5))
    model = Sequential()
    model.add(L.Merge([left, right], mode="concat"))
    model.add(L.Dense(2))
    model.compile("sgd", "mse")
    return model, [x(3, 3), x(3, 5)]


@kind
def functional():
    a, b = L.Input((4,), name="a"), L.Input((4,), name="b")
    shared = L.Dense(4, activation="relu", name="shared")
    c, d = shared(a), shared(b)
    outputs = [L.merge([c, d], mode=mode) for mode in ("sum", "mul", "ave", "max", "concat")]
    outputs.append(L.merge([c, d], mode="dot", dot_axes=1))
    outputs.append(L.merge([a, d], mode="cos", dot_axes=1))
    model = Model([a, b], outputs)
    model.compile("adam", "mse")
    return model, [x(3, 4), x(3, 4)]


@kind
def nested():
    inner = Sequential(name="inner")
    inner.add(L.Dense(4, input_dim=3, name="one"))
    inner.add(L.BatchNormalization(name="norm"))
    inner.add(L.Dense(4, name="two", trainable=False))
    base_in = L.Input((4,))
    base = Model(base_in, L.PReLU()(L.Dense(4)(base_in)), name="base")
    image_in = L.Input((3,))
    model = Model(image_in, L.LeakyReLU(0.2)(base(base(inner(image_in)))))
    model.compile("sgd", "mse")
    return model, [x(3, 3)]


@kind
def activations():
    model = Sequential()
    model.add(L.Dense(6, input_dim=4))
    model.add(L.ELU(0.5))
    model.add(L.ThresholdedReLU(0.1))
    model.add(L.Reshape((2, 3)))
    model.add(L.Permute((2, 1)))
    model.add(L.Masking(0.0))
    model.add(
        L.TimeDistributedDense(2)
        if hasattr(L, "TimeDistributedDense")
        else L.TimeDistributed(L.Dense(2))
    )
    model.add(L.Activation("hard_sigmoid"))
    model.compile("adamax", "hinge")
    return model, [x(3, 4)]


@kind
def lambda_():
    model = Sequential()
    model.add(L.Dense(4, input_dim=3))
    model.add(L.Lambda(lambda t: t * 2.0, name="double", output_shape=(4,)))
    model.add(L.Dense(2))
    model.compile("sgd", "mse")
    return model, [x(3, 3)]


@kind
def architecture():
    model = Sequential()
    model.add(L.Dense(4, input_dim=3, activation="relu"))
    model.add(L.Dense(2))
    return model, [x(3, 3)]


@kind
def convlstm():
    model = Sequential()
    model.add(L.ConvLSTM2D(3, 3, 3, input_shape=(4,) + image(5, 5, 1), border_mode="same", **ORDER))
    model.compile("sgd", "mse")
    return model, [x(2, 4, *image(5, 5, 1))]


@kind
def separable():
    if THEANO:
        raise ValueError("Theano has none")
    model = Sequential()
    model.add(L.SeparableConvolution2D(4, 3, 3, input_shape=image(7, 7, 2), **ORDER))
    model.compile("sgd", "mse")
    return model, [x(2, *image(7, 7, 2))]


@kind
def conv3d():
    model = Sequential()
    shape = (1, 5, 5, 5) if THEANO else (5, 5, 5, 1)
    model.add(L.Convolution3D(2, 3, 2, 2, input_shape=shape, **ORDER))
    model.add(L.MaxPooling3D((1, 2, 2), **ORDER))
    model.compile("sgd", "mse")
    return model, [x(2, *shape)]


def scatter(model):
    weights, values = model.weights, []
    for weight, value in zip(weights, backend.batch_get_value(weights)):
        size = RNG.uniform(0.1, 0.6, np.shape(value))
        positive = "_std" in weight.name or "variance" in weight.name
        values.append(size if positive else size * RNG.choice([-1, 1], np.shape(value)))
    backend.batch_set_value(list(zip(weights, values)))


def save(name, model, inputs):
    if name != "mlp":
        scatter(model)
    outputs = model.predict(inputs if len(inputs) > 1 else inputs[0])
    outputs = outputs if isinstance(outputs, list) else [outputs]
    arrays = {"x%d" % i: a for i, a in enumerate(inputs)}
    arrays.update({"y%d" % i: np.asarray(a) for i, a in enumerate(outputs)})
    np.savez_compressed(os.path.join(OUT, name + ".npz"), **arrays)
    place = os.path.join(OUT, name)
    if name == "architecture":
        with open(place + ".json", "w") as file:
            file.write(model.to_json())
        with open(place + ".yaml", "w") as file:
            file.write(model.to_yaml())
        model.save_weights(place + "_weights.h5")
    else:
        model.save(place + ".h5")


def main():
    wanted = sys.argv[2:]
    if not os.path.isdir(OUT):
        os.makedirs(OUT)
    for name, function in sorted(MADE.items()):
        if wanted and name not in wanted:
            continue
        global RNG
        RNG = np.random.RandomState(7)
        try:
            save(name, *function())
        except (TypeError, ValueError, AttributeError, ImportError, AssertionError) as error:
            print("skipped", name, repr(error)[:300])
    with open(os.path.join(OUT, "versions.json"), "w") as file:
        json.dump(
            {
                "keras": keras.__version__,
                "tensorflow": None,
                "backend": backend.backend(),
                "python": "%d.%d" % sys.version_info[:2],
            },
            file,
        )


if __name__ == "__main__":
    main()
