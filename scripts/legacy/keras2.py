"""Makes small models with a Keras 2 or tf.keras of its time, and computes with them.

Runs in an environment of its own, on Python 3.6 and later: `python keras2.py FOLDER`. Every model
is saved as the Keras of the day saved it, beside an `.npz` with inputs `x0..`, outputs `y0..`.
"""

import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import numpy as np

try:
    import keras

    if [int(part) for part in keras.__version__.split(".")[:2]] > [2, 3]:
        raise ImportError  # from here on it is tf.keras under another name
    tf = None
except ImportError:
    import tensorflow as tf

    keras = tf.keras
L, M = keras.layers, keras.models
VERSION = tuple(int(part) for part in (tf or keras).__version__.split(".")[:2])
NEW = tf is not None and VERSION >= (2, 0)
OUT = sys.argv[1]
RNG = np.random.RandomState(7)
MADE = {}


def kind(since=None, own=True, until=None):
    """Registers a function that returns model and inputs, for tf.keras since a version."""

    def register(function):
        fits = since is None if tf is None else (since or (0, 0)) <= VERSION
        fits = fits and (tf is None or until is None or until > VERSION)
        if fits and (own or tf is not None):
            MADE[function.__name__.rstrip("_")] = function
        return function

    return register


def x(*shape):
    return RNG.uniform(-1, 1, shape).astype("float32")


def numbers(most, *shape):
    return RNG.randint(0, most, shape).astype("float32")


@kind()
def mlp():
    rate = {"learning_rate": 0.01} if NEW or (not tf and VERSION >= (2, 3)) else {"lr": 0.01}
    model = M.Sequential(
        [
            L.Dense(
                8,
                activation="relu",
                input_shape=(6,),
                kernel_regularizer=keras.regularizers.l2(0.01),
                kernel_constraint=keras.constraints.max_norm(2.0),
            ),
            L.BatchNormalization(),
            L.Dropout(0.3),
            L.Dense(5, activation="tanh", kernel_initializer="he_normal"),
            L.GaussianNoise(0.1),
            L.Dense(3, activation="softmax", bias_regularizer=keras.regularizers.l1(0.01)),
        ]
    )
    if VERSION < (2, 11) or not NEW:
        rate["decay"] = 0.001
    model.compile(keras.optimizers.Adam(**rate), "categorical_crossentropy", metrics=["acc"])
    model.fit(x(8, 6), np.eye(3)[RNG.randint(0, 3, 8)], epochs=2, batch_size=4, verbose=0)
    return model, [x(4, 6)]


@kind()
def cnn():
    model = M.Sequential(
        [
            L.Conv2D(4, 3, activation="relu", input_shape=(10, 10, 2), padding="same"),
            L.BatchNormalization(axis=-1),
            L.MaxPooling2D(2),
            L.SpatialDropout2D(0.2),
            L.Conv2D(5, (3, 2), strides=(1, 2), use_bias=False, dilation_rate=1),
            L.Activation("elu"),
            L.AveragePooling2D((1, 2), padding="same"),
            L.Flatten(),
            L.Dense(4, activation="sigmoid"),
        ]
    )
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    if keras.backend.backend() == "tensorflow":  # Theano cannot train this pooling
        model.fit(x(4, 10, 10, 2), RNG.randint(0, 2, (4, 4)), epochs=1, verbose=0)
    return model, [x(3, 10, 10, 2)]


@kind()
def separable():
    layers = [L.SeparableConv2D(5, 3, input_shape=(9, 9, 2), depth_multiplier=2)]
    if hasattr(L, "DepthwiseConv2D"):
        layers.append(L.DepthwiseConv2D(3, depth_multiplier=2))
    layers += [L.GlobalAveragePooling2D(), L.Dense(2)]
    model = M.Sequential(layers)
    model.compile("sgd", "mse")
    return model, [x(3, 9, 9, 2)]


@kind()
def transposed():
    model = M.Sequential(
        [
            L.Conv2D(3, 3, strides=2, padding="same", input_shape=(8, 8, 1)),
            L.Conv2DTranspose(4, 3, strides=2, padding="same", activation="selu"),
            L.UpSampling2D((2, 1)),
            L.Conv2DTranspose(2, (2, 3), padding="valid"),
            L.Cropping2D(((1, 2), (0, 3))),
            L.ZeroPadding2D(((1, 0), (2, 1))),
        ]
    )
    model.compile("adadelta", "mean_absolute_error")
    return model, [x(2, 8, 8, 1)]


@kind()
def lstm_masked():
    model = M.Sequential(
        [
            L.Embedding(20, 5, mask_zero=True, input_length=7),
            L.LSTM(6, return_sequences=True, dropout=0.1, recurrent_dropout=0.1),
            L.LSTM(4),
            L.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["acc"])
    words = numbers(20, 3, 7)
    words[0, 4:] = words[1, 2:] = 0
    return model, [words]


@kind()
def bigru():
    extra = {"reset_after": False} if NEW else {}
    model = M.Sequential(
        [
            L.Bidirectional(L.GRU(4, return_sequences=True, **extra), input_shape=(6, 3)),
            L.Bidirectional(L.GRU(3, **extra), merge_mode="ave"),
            L.Dense(2),
        ]
    )
    model.compile("adagrad", "mse")
    return model, [x(3, 6, 3)]


@kind()
def bigru_reset():
    model = M.Sequential(
        [
            L.Bidirectional(L.GRU(4, reset_after=True), merge_mode="sum", input_shape=(6, 3)),
            L.Dense(2),
        ]
    )
    model.compile("adamax", "mse")
    return model, [x(3, 6, 3)]


@kind()
def multi_io():
    left, right = L.Input((6,), name="left"), L.Input((4,), name="right")
    a, b = L.Dense(5, activation="tanh")(left), L.Dense(5)(right)
    both = L.concatenate([a, b])
    added = L.add([L.Dense(10)(both), both])
    outputs = [
        L.Dense(1, name="value")(added),
        L.Dense(3, activation="softmax", name="kind")(added),
    ]
    model = M.Model([left, right], outputs)
    model.compile(
        "nadam",
        {"value": "mse", "kind": "categorical_crossentropy"},
        loss_weights={"value": 0.5, "kind": 1.0},
        metrics={"kind": "accuracy"},
    )
    model.fit(
        [x(4, 6), x(4, 4)],
        [x(4, 1), np.eye(3)[RNG.randint(0, 3, 4)]],
        verbose=0,
    )
    return model, [x(3, 6), x(3, 4)]


@kind()
def nested_frozen():
    inner = L.Input((6,))
    hidden = L.Dense(6, activation="relu", name="first")(inner)
    hidden = L.Dense(6, activation="tanh", name="frozen", trainable=False)(hidden)
    hidden = L.BatchNormalization(name="norm")(hidden)
    base = M.Model(inner, L.Dense(6, name="last")(hidden), name="base")
    head = M.Sequential([L.Dense(6, input_shape=(6,)), L.Dense(2)], name="head")
    outer = L.Input((6,))
    model = M.Model(outer, head(base(outer)))
    model.compile("sgd", "mse")
    return model, [x(3, 6)]


@kind()
def frozen_whole():
    base = M.Sequential(
        [L.Conv2D(3, 3, input_shape=(7, 7, 1)), L.BatchNormalization(), L.Conv2D(3, 3)], name="base"
    )
    base.trainable = False
    model = M.Sequential([base, L.GlobalMaxPooling2D(), L.Dense(2, activation="softplus")])
    model.compile("rmsprop", "mse")
    return model, [x(2, 7, 7, 1)]


@kind()
def convlstm():
    model = M.Sequential(
        [
            L.ConvLSTM2D(3, 3, input_shape=(4, 6, 6, 1), return_sequences=True),
            L.ConvLSTM2D(2, 2, padding="same"),
            L.Flatten(),
            L.Dense(1),
        ]
    )
    model.compile("adam", "mae")
    return model, [x(2, 4, 6, 6, 1)]


@kind()
def seq2seq():
    source, target = L.Input((None, 3), name="source"), L.Input((None, 4), name="target")
    _, h, c = L.LSTM(5, return_state=True, name="encoder")(source)
    decoded = L.LSTM(5, return_sequences=True, name="decoder")(target, initial_state=[h, c])
    model = M.Model([source, target], L.TimeDistributed(L.Dense(4, activation="softmax"))(decoded))
    model.compile("rmsprop", "categorical_crossentropy")
    return model, [x(2, 5, 3), x(2, 4, 4)]


@kind()
def stateful():
    model = M.Sequential([L.LSTM(4, stateful=True, batch_input_shape=(2, 5, 3)), L.Dense(1)])
    model.compile("rmsprop", "mse")
    return model, [x(2, 5, 3)]


@kind()
def lambda_():
    model = M.Sequential(
        [L.Dense(4, input_shape=(3,)), L.Lambda(lambda t: t * 2.0, name="double"), L.Dense(2)]
    )
    model.compile("sgd", "mse")
    return model, [x(3, 3)]


@kind()
def shared():
    left, right = L.Input((4,)), L.Input((4,))
    tower = M.Sequential([L.Dense(5, activation="tanh", input_shape=(4,)), L.Dense(3)])
    scale = L.Dense(3, activation="relu", name="scale")
    a, b = scale(tower(left)), scale(tower(right))
    again = scale(a)
    model = M.Model([left, right], [L.multiply([a, b]), again])
    model.compile("adam", "mse")
    return model, [x(3, 4), x(3, 4)]


@kind()
def activations():
    image = L.Input((6, 6, 2))
    a = L.Conv2D(3, 3)(image)
    a = L.PReLU(shared_axes=[1, 2])(a)
    a = L.LeakyReLU(0.2)(a)
    a = L.ELU(0.7)(a)
    a = L.ThresholdedReLU(0.1)(a)
    a = L.Flatten()(a)
    a = L.Dense(5, activation="softsign")(a)
    a = L.Dense(5, activation="hard_sigmoid")(a)
    a = L.Activation("hard_sigmoid")(a)
    a = L.Dense(4)(a)
    a = L.PReLU()(a)
    model = M.Model(image, L.Activation("softmax")(a))
    model.compile("sgd", "logcosh", metrics=["mae"])
    return model, [x(3, 6, 6, 2)]


@kind()
def conv1d():
    model = M.Sequential(
        [
            L.Embedding(15, 4, input_length=8),
            L.SpatialDropout1D(0.1),
            L.Conv1D(5, 3, padding="causal", dilation_rate=2, activation="relu"),
            L.MaxPooling1D(2),
            L.Conv1D(3, 2, padding="same", strides=2),
            L.GlobalMaxPooling1D(),
            L.Dense(2, activation="softmax"),
        ]
    )
    model.compile(
        "adam", "sparse_categorical_crossentropy", metrics=["sparse_categorical_accuracy"]
    )
    return model, [numbers(15, 3, 8)]


@kind()
def distributed():
    model = M.Sequential(
        [
            L.TimeDistributed(L.Conv2D(2, 3), input_shape=(3, 6, 6, 1)),
            L.TimeDistributed(L.BatchNormalization()),
            L.TimeDistributed(L.Flatten()),
            L.GRU(4),
            L.RepeatVector(3),
            L.SimpleRNN(3, return_sequences=True, go_backwards=True),
            L.TimeDistributed(L.Dense(2)),
        ]
    )
    model.compile("adam", "mse")
    return model, [x(2, 3, 6, 6, 1)]


@kind()
def conv3d():
    model = M.Sequential(
        [
            L.ZeroPadding3D(1, input_shape=(4, 4, 4, 1)),
            L.Conv3D(2, 3),
            L.MaxPooling3D(2),
            L.UpSampling3D(2),
            L.Cropping3D(1),
            L.GlobalAveragePooling3D(),
        ]
    )
    model.compile("sgd", "mse")
    return model, [x(2, 4, 4, 4, 1)]


@kind()
def merges():
    a, b = L.Input((4, 3)), L.Input((4, 3))
    c = L.Dense(3, activation="exponential" if hasattr(keras.activations, "exponential") else None)(
        a
    )
    outputs = [
        L.average([a, b]),
        L.maximum([a, c, b]),
        L.concatenate([a, b], axis=1),
        L.dot([a, c], axes=2),
        L.dot([a, b], axes=(1, 1), normalize=True),
    ]
    if hasattr(L, "subtract"):
        outputs.append(L.subtract([c, b]))
    model = M.Model([a, b], outputs)
    model.compile("sgd", "mse")
    return model, [x(2, 4, 3), x(2, 4, 3)]


@kind()
def masking():
    model = M.Sequential(
        [
            L.Masking(mask_value=-9.0, input_shape=(5, 3)),
            L.Bidirectional(L.LSTM(3, return_sequences=True, unroll=True), merge_mode="mul"),
            L.LSTM(3, recurrent_activation="sigmoid", unit_forget_bias=False, use_bias=False),
            L.Dense(2),
        ]
    )
    model.compile("adam", "mse")
    series = x(3, 5, 3)
    series[0, 3:] = series[1, 1:] = -9.0
    return model, [series]


@kind()
def reshapes():
    model = M.Sequential(
        [
            L.Reshape((3, 4), input_shape=(12,)),
            L.Permute((2, 1)),
            L.GaussianDropout(0.2),
            L.ActivityRegularization(l2=0.01),
            L.ZeroPadding1D(1),
            L.Cropping1D((1, 0)),
            L.UpSampling1D(2),
            L.AveragePooling1D(2),
            L.GlobalAveragePooling1D(),
            L.AlphaDropout(0.1),
        ]
    )
    model.compile("sgd", "mse")
    return model, [x(3, 12)]


@kind()
def norms():
    image = L.Input((4, 5, 3), name="image")
    a = L.BatchNormalization(axis=1)(image)
    b = L.BatchNormalization(scale=False, momentum=0.9, epsilon=0.01)(image)
    c = L.BatchNormalization(center=False, axis=3)(image)
    d = L.BatchNormalization(center=False, scale=False, axis=2)(image)
    model = M.Model(image, L.add([a, b, c, d]))
    model.compile("sgd", "mse")
    return model, [x(3, 4, 5, 3)]


@kind()
def cells():
    if not hasattr(L, "LSTMCell"):
        return None
    model = M.Sequential(
        [
            L.RNN([L.LSTMCell(4), L.GRUCell(3)], return_sequences=True, input_shape=(5, 2)),
            L.RNN(L.SimpleRNNCell(3)),
            L.Dense(1),
        ]
    )
    model.compile("adam", "mse")
    return model, [x(3, 5, 2)]


@kind()
def slashes():
    image = L.Input((5, 5, 1), name="image")
    a = L.Conv2D(2, 3, name="block/conv")(image)
    a = L.BatchNormalization(name="block/bn")(a)
    model = M.Model(image, L.Dense(2, name="top")(L.Flatten(name="block/flat")(a)))
    model.compile("sgd", "mse")
    return model, [x(3, 5, 5, 1)]


@kind()
def deep():
    model = M.Sequential(
        [
            M.Sequential(
                [L.Dense(4, input_shape=(3,)), M.Sequential([L.Dense(5, input_shape=(4,))])]
            ),
            L.Dense(2, kernel_initializer=keras.initializers.VarianceScaling(2.0, "fan_in")),
        ]
    )
    model.compile("sgd", "hinge")
    return model, [x(3, 3)]


@kind(until=(2, 0))
def cudnn():
    """The plain twin of two CuDNN layers; `as_cudnn` makes their file of it, without a GPU."""
    extra = {"recurrent_activation": "sigmoid", "return_sequences": True}
    model = M.Sequential(
        [
            L.Bidirectional(L.LSTM(4, **extra), input_shape=(5, 3)),
            L.Bidirectional(L.GRU(4, reset_after=True, **extra)),
            L.Dense(2),
        ]
    )
    model.compile("adam", "mse")
    return model, [x(3, 5, 3)]


def as_cudnn(path):
    """Writes CuDNN layers in place of plain ones, with the conversion of this very Keras."""
    import h5py

    if tf is None:
        from keras.engine.saving import _convert_rnn_weights
    else:
        from tensorflow.python.keras.saving.hdf5_format import _convert_rnn_weights
    with h5py.File(path, "r+") as file:
        config = json.loads(file.attrs["model_config"].decode())
        for entry in config["config"]["layers"]:
            if entry["class_name"] != "Bidirectional":
                continue
            inner = entry["config"]["layer"]
            name = "CuDNN" + inner["class_name"]
            fast = getattr(L, name)(4, return_sequences=True, name=inner["config"]["name"])
            inner["class_name"], inner["config"] = name, fast.get_config()
            group = file["model_weights"][entry["config"]["name"]]
            names = group.attrs["weight_names"]
            for first in (0, 3):
                arrays = [group[key][()] for key in names[first : first + 3]]
                for key, array in zip(names[first : first + 3], _convert_rnn_weights(fast, arrays)):
                    del group[key]
                    group[key] = array
        file.attrs["model_config"] = json.dumps(config).encode()


@kind()
def architecture():
    model = M.Sequential([L.Dense(4, input_shape=(3,), activation="relu"), L.Dense(2)])
    return model, [x(3, 3)]


@kind()
def locally():
    model = M.Sequential([L.LocallyConnected1D(3, 2, input_shape=(6, 2)), L.Flatten()])
    model.compile("sgd", "mse")
    return model, [x(2, 6, 2)]


@kind(since=(2, 0))
def attention():
    query, value = L.Input((4, 6)), L.Input((5, 6))
    a = L.Attention(use_scale=True)([query, value])
    b = L.AdditiveAttention()([query, value])
    c = L.LayerNormalization()(L.add([a, b]))
    if hasattr(L, "MultiHeadAttention"):
        c = L.MultiHeadAttention(2, 3)(c, value)
    model = M.Model([query, value], c)
    model.compile("adam", "mse")
    return model, [x(2, 4, 6), x(2, 5, 6)]


@kind(since=(2, 0))
def operations():
    a, b = L.Input((4, 3), name="a"), L.Input((4, 3), name="b")
    c = L.Dense(3)(a)
    d = (c + b) * 2.0 - 1.0
    e = tf.nn.relu(d)
    f = tf.concat([e, a], axis=-1)
    g = tf.reduce_mean(f, axis=1)
    h = tf.sqrt(tf.abs(g) + 0.5) / 3.0
    model = M.Model([a, b], [L.Dense(2)(h), tf.reshape(e, [-1, 12]), f[:, 1:, ::2]])
    model.compile("adam", "mse")
    return model, [x(2, 4, 3), x(2, 4, 3)]


@kind(since=(2, 6))
def preprocessing():
    norm = L.Normalization()
    norm.adapt(x(20, 6, 6, 2) * 3 + 1)
    model = M.Sequential(
        [
            keras.Input((6, 6, 2)),
            L.Rescaling(2.0, 0.5),
            norm,
            L.RandomFlip("horizontal"),
            L.RandomRotation(0.1),
            L.Resizing(4, 4),
            L.CenterCrop(3, 3),
            L.Conv2D(2, 2, groups=2),
            L.GlobalAveragePooling2D(keepdims=True),
        ]
    )
    model.compile("adam", "mse")
    return model, [x(2, 6, 6, 2)]


@kind(since=(2, 0))
def objects():
    """Losses, metrics and schedules as objects."""
    model = M.Sequential(
        [
            L.Dense(4, activation="swish" if VERSION >= (2, 2) else "relu", input_shape=(3,)),
            L.Dense(3),
        ]
    )
    rate = keras.optimizers.schedules.ExponentialDecay(0.01, 100, 0.9)
    model.compile(
        keras.optimizers.SGD(rate, momentum=0.9, nesterov=True),
        keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
        metrics=[
            keras.metrics.CategoricalAccuracy(name="share"),
            keras.metrics.TopKCategoricalAccuracy(2, name="two"),
            "mse",
        ],
    )
    model.fit(x(8, 3), np.eye(3)[RNG.randint(0, 3, 8)], epochs=2, batch_size=4, verbose=0)
    return model, [x(3, 3)]


def scatter(model):
    """Gives every weight a value that no initializer would."""
    weights, values = model.weights, []
    for weight, value in zip(weights, keras.backend.batch_get_value(weights)):
        if np.asarray(value).dtype.kind != "f":
            values.append(value)
            continue
        size = RNG.uniform(0.1, 0.6, np.shape(value))
        positive = "variance" in weight.name
        values.append(size if positive else size * RNG.choice([-1, 1], np.shape(value)))
    keras.backend.batch_set_value(list(zip(weights, values)))


def save(name, model, inputs, outputs=None):
    if name not in ("preprocessing", "objects", "mlp", "cnn", "multi_io"):
        scatter(model)
    if outputs is None:
        outputs = model.predict(inputs if len(inputs) > 1 else inputs[0])
        if name == "stateful":
            model.reset_states()
    outputs = outputs if isinstance(outputs, list) else [outputs]
    arrays = {"x%d" % i: a for i, a in enumerate(inputs)}
    arrays.update({"y%d" % i: np.asarray(a) for i, a in enumerate(outputs)})
    np.savez_compressed(os.path.join(OUT, name + ".npz"), **arrays)
    place = os.path.join(OUT, name)
    if name == "architecture":
        with open(place + ".json", "w") as file:
            file.write(model.to_json())
        if tf is None:
            with open(place + ".yaml", "w") as file:
                file.write(model.to_yaml())
        model.save_weights(place + "_weights.h5")
        return
    model.save(place + ".h5")
    if name == "cudnn":
        as_cudnn(place + ".h5")
    if NEW and VERSION >= (2, 13) and name not in ("lambda",):
        model.save(place + ".keras")
    if NEW and name in ("mlp", "nested_frozen", "lstm_masked"):
        traces = {} if VERSION < (2, 4) or name == "mlp" else {"save_traces": False}
        if traces or name == "mlp":
            model.save(place + ".saved", save_format="tf", **traces)


def main():
    wanted = sys.argv[2:]
    if not os.path.isdir(OUT):
        os.makedirs(OUT)
    for name, function in sorted(MADE.items()):
        if wanted and name not in wanted:
            continue
        if keras.backend.backend() == "tensorflow":
            keras.backend.clear_session()
        global RNG
        RNG = np.random.RandomState(7)
        try:
            found = function()
        except (TypeError, ValueError, AttributeError, ImportError) as error:
            print("skipped", name, repr(error)[:200])  # this version cannot do it
            continue
        try:
            if found:
                save(name, *found)
        except Exception as error:
            print("not saved", name, repr(error)[:200])
            for ending in (".h5", ".npz"):  # of the two, the model is not whole
                if os.path.exists(os.path.join(OUT, name + ending)):
                    os.remove(os.path.join(OUT, name + ending))
    with open(os.path.join(OUT, "versions.json"), "w") as file:
        json.dump(
            {
                "keras": getattr(keras, "__version__", None) or tf.__version__,
                "tensorflow": tf.__version__ if tf else None,
                "backend": "tensorflow" if tf else keras.backend.backend(),
                "python": "%d.%d" % sys.version_info[:2],
            },
            file,
        )


if __name__ == "__main__":
    main()
