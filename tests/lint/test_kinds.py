"""Kinds of faults in public code, each with an example, and what is like it and right."""

import json

import pytest

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.fixes.fixing import fix_text

K = "import keras\n"
NET = K + "m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation='sigmoid')])\n"
TRAINED = (
    NET
    + "m.compile('adam', 'binary_crossentropy', metrics=[{}])\nh = m.fit(a, b, validation_data=v)\n"
)
RESUMED = (
    NET + "m.compile('sgd', 'mse')\nm.fit(a, b)\nm.save_weights('w.weights.h5')\n"
    "m = keras.models.clone_model(m)\n"
    "m.compile('adam', 'mse')\n{}"
)
SHARED = (
    NET + "o = keras.optimizers.Adam()\nm.compile(o, 'mse')\nm.fit(x, y)\n{}"
    "n = keras.models.clone_model(m)\nn.compile({}, 'mse')\nn.fit(x, y)"
)
GAN = (
    K + "o = keras.optimizers.Adam()\nd = keras.Sequential([keras.layers.Dense(1)])\n"
    "d.compile(o, 'mse')\nd.trainable = False\nz = keras.Input((2,))\n"
    "c = keras.Model(z, d(keras.layers.Dense(3)(z)))\n"
)
LAYER = K + "class L(keras.layers.Layer):\n    def call(self, x):\n        {}\n        return x\n"
OPTIMIZER = K + (
    "class O(keras.optimizers.Optimizer):\n    def __init__(self, lr=1, b=2, name='O', **k):\n"
    "        {}\n"
)
DATA = "import numpy as np\na, b = np.ones((4, 4)), np.ones(4)\n"


def codes(text: str, suffix: str = ".py") -> list[str]:
    """Returns the codes of all findings but the notes, without those of undefined data."""
    found = check_document(parse_document(Text(text), f"x{suffix}", suffix))
    return [one.rule.code for one in found if not one.rule.code.startswith("KT5")]


FOUND = {
    # Channels first
    "channels first": (
        K + "keras.layers.Conv2D(8, 3)(keras.Input((1, 28, 28)))",
        "KT265",
    ),
    "channels first by name": (
        K + "def build(width, height):\n    shape = (3, height, width)\n"
        "    return keras.layers.MaxPooling2D(2)(keras.Input(shape=shape))",
        "KT265",
    ),
    "channels first of an array": (
        K + "def build(x):\n    shape = 1, x.shape[2], x.shape[3]\n"
        "    return keras.layers.ZeroPadding2D(1)(keras.Input(shape))",
        "KT265",
    ),
    # Sizes
    "product": (K + "import numpy as np\nkeras.layers.Dense(np.prod((28, 28)))", "KT266"),
    "largest": (K + "import numpy as np\nn = np.max(x) + 1\nkeras.layers.Embedding(n, 8)", "KT266"),
    "largest label": (K + "keras.layers.GRU(units=y.max() + 1)", "KT266"),
    "half": (K + "units = 64\nkeras.layers.LSTM(units / 2)", "KT266"),
    "quarters": (K + "n = 28\nkeras.layers.Reshape((n / 4, n / 4, 8))", "KT266 KT266"),
    "range": (K + "for i in range(len(x) / 32):\n    print(i)", "KT269"),
    "name of an initializer": (
        K + "class L(keras.layers.Layer):\n    def __init__(self, init):\n"
        "        super().__init__()\n        self.init = keras.initializers.get(init)\n"
        "    def get_config(self):\n"
        "        return {'init': self.init.__name__}",
        "KT399",
    ),
    "swapped": (K + "vocabulary_size = 9000\nkeras.layers.Embedding(64, vocabulary_size)", "KT408"),
    # What stands beside Keras
    "cross_validation": (
        K + "from sklearn.cross_validation import train_test_split as split",
        "KT156",
    ),
    "joblib": (K + "from sklearn.externals import joblib\njoblib.dump(m, 'm')", "KT156"),
    "imread": (K + "import scipy.misc\nscipy.misc.imread('a.png')", "KT157 KT156"),
    "urllib2": (K + "import urllib2", "KT156"),
    "clock": (K + "import time\ntime.clock()", "KT156"),
    "iteritems": (K + "for word, index in vocabulary.iteritems():\n    print(word)", "KT341"),
    "as_matrix": (K + "import pandas as pd\npd.read_csv('a.csv').as_matrix()", "KT341"),
    "ix": (K + "import pandas as pd\npd.read_csv('a.csv').ix[:, 0]", "KT341"),
    "trained by position": (
        K + "class G(keras.Model):\n    def call(self, x, training=None):\n        return x\n"
        "def learn(g, x, is_training):\n    return g(x, is_training)\n"
        "g = None\nif p:\n    g = keras.models.load_model('g.keras')\nelse:\n    g = G()\n"
        "learn(g, x, True)",
        "KT338",
    ),
    "squeezed": (K + "import pandas as pd\npd.read_csv('a', squeeze=True)", "KT267"),
    "parsed dates": (K + "import pandas as pd\npd.read_csv('a', date_parser=f)", "KT267"),
    "index of a sheet": (K + "import pandas as pd\npd.read_excel('a', index=None)", "KT267"),
    "sparse encoder": (
        K + "from sklearn.preprocessing import OneHotEncoder\nOneHotEncoder(sparse=False)",
        "KT267",
    ),
    "tables below each other": (
        K + "import pandas as pd\ndef f(a, b):\n    c = a.append(b)\n    return c.mean()\n"
        "d = pd.read_csv('a')\nd = d.append(d, ignore_index=True)",
        "KT341 KT341",
    ),
    "bad lines": (K + "import pandas as pd\npd.read_csv('a', error_bad_lines=False)", "KT267"),
    "objects": (K + "import numpy as np\nnp.load('a.npy', encoding='latin1').item()", "KT268"),
    # Sequential models
    "input of a Sequential": (NET + "keras.Model(m.input, m.layers[0].output)", "KT340"),
    "input of a model that is shown": (
        NET + "keras.utils.plot_model(m)\nprint(m, m.input)",
        "KT340",
    ),
    "output of a Sequential": (NET + "keras.Model(m.inputs, m.output)", "KT340"),
    "weights before building": (
        K + "m = keras.Sequential()\nm.add(keras.layers.Embedding(9, 4))\n"
        "m.add(keras.layers.LSTM(2))\nm.layers[0].set_weights([a])",
        "KT342",
    ),
    "build without a shape": (
        K + "class L(keras.layers.Layer):\n    def build(self, input_shape):\n"
        "        super(L, self).build()",
        "KT343",
    ),
    # What runs and is wrong
    "seed": (
        "import numpy as np\nnp.random.seed(7)\n" + NET + "m.compile('sgd', 'mse')\nm.fit(a, b)",
        "KT444",
    ),
    "seed of what is imported": (
        K + "import numpy as np\nimport nets\nnp.random.seed(7)\nnets.build().fit(a, b, epochs=3)",
        "KT444",
    ),
    "softmax twice": (
        K + "m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation='softmax'),"
        " keras.layers.Activation('softmax')])",
        "KT445",
    ),
    "augmented validation": (
        K
        + "from tensorflow.keras.preprocessing import image\n"
        + NET.removeprefix(K)
        + "g = image.ImageDataGenerator(zoom_range=0.2)\nm.compile('sgd', 'mse')\n"
        "m.fit(a, b, validation_data=g.flow_from_directory('v'))",
        "KT150 KT446",
    ),
    "shared initializer": (
        K + "init = keras.initializers.RandomNormal(stddev=0.02)\n"
        "for layer in (keras.layers.Dense, keras.layers.LSTM):\n"
        "    keras.layers.Dense(3, kernel_initializer=init)\n"
        "keras.layers.Dense(3, kernel_initializer=init)",
        "KT447",
    ),
    "all names of metrics": (TRAINED.format("'mae'") + "print(m.metrics_names)", "KT431"),
    "default rate": (K + "keras.optimizers.Adadelta()", "KT448"),
    # Layers by their names, and those of a model that nothing is known of
    "layer by its name": (K + "def show(layer):\n    print(layer.output_shape)", "KT316"),
    "layer of layers": (
        K + "import nets\nconv_layers, rest = nets.split(m)\nprint(conv_layers[-1].input_shape)",
        "KT316",
    ),
    "layers of a parameter": (
        K + "def show(m):\n    for i, one in enumerate(m.layers):\n        print(one.output_shape)",
        "KT316",
    ),
    "shapes of a model": (NET + "m.get_input_shape_at(0)", "KT316"),
    # Arguments
    "weight named by position": (
        K + "class L(keras.layers.Layer):\n    def build(self, shape):\n"
        "        self.w = self.add_weight((3, 2), 'uniform', '{}_W'.format(self.name))",
        "KT248",
    ),
    "regularizer of an embedding": (
        K + "keras.layers.Embedding(9, 4, W_regularizer='l2')",
        "KT225",
    ),
    "reduction of tf.keras": (
        "import tensorflow as tf\n"
        "tf.keras.losses.MeanSquaredError(reduction=tf.keras.losses.Reduction.AUTO)",
        "KT240",
    ),
    "either optimizer": (
        "from keras.optimizers import Adam, SGD\nmake = SGD if plain else Adam\nmake(lr=0.1)",
        "KT201",
    ),
    "arguments of contrib": (
        "from tensorflow.contrib.keras.api.keras.optimizers import Adam\nAdam(lr=0.1)",
        "KT152 KT201",
    ),
    "counted size of Keras 0.x": (K + "keras.layers.Dense(512, len(words))", "KT255"),
    "shape of an input": (
        K + "def show(model):\n    print(model.layers[-1].output.get_shape())",
        "KT320",
    ),
    "each print": (K + "print 3\nprint 4", "KT000 KT000"),
    # Objects of unknown origin
    "imported": (K + "from nets import build\nm = build()\nm.fit_generator(g, 3)", "KT304"),
    "pickled": (K + "import pickle\nm = pickle.load(f)\nm.predict_classes(x)", "KT307"),
    "starred": (K + "from nets import *\nnet = make()\nnet.evaluate_generator(g)", "KT305"),
    "attribute": (
        K + "class T:\n    net = None\n    def run(self):\n"
        "        self.net.predict_generator(self.g)",
        "KT306",
    ),
    "module": (K + "import nets\nnets.model.fit(x, y, nb_epoch=3)", "KT228"),
    "keyword": (K + "import nets\nm = nets.get()\nm.fit(x, y, samples_per_epoch=3)", "KT229"),
    "instance": (K + "from nets import Net\nn = Net()\nn.fit_generator(g, epochs=2)", "KT304"),
    # Freezing
    "gan": (
        NET + "m.compile('adam', 'mse')\nm.trainable = False\n"
        "for _ in range(3):\n    m.train_on_batch(x, y)",
        "KT430",
    ),
    "gan layers": (
        NET + "m.compile('adam', 'mse')\nfor layer in m.layers:\n"
        "    layer.trainable = False\nm.fit(x, y)",
        "KT430",
    ),
    # Names of metrics
    "names": (TRAINED.format("'accuracy'") + "print(m.metrics_names[1])", "KT431"),
    "paired": (TRAINED.format("'accuracy'") + "dict(zip(m.metrics_names, s))", "KT431"),
    "run through": (TRAINED.format("'mae'") + "for n in m.metrics_names:\n    print(n)", "KT431"),
    "mae": (TRAINED.format("'mae'") + "h.history['val_mean_absolute_error']", "KT204"),
    "long": (TRAINED.format("'mean_squared_error'") + "h.history['mse']", "KT204"),
    "class": (TRAINED.format("keras.metrics.BinaryAccuracy()") + "h.history['acc']", "KT204"),
    "rate": (TRAINED.format("'mae'") + "h.history['lr']", "KT204"),
    "table": (
        TRAINED.format("'mae'") + "import pandas as pd\n"
        "pd.DataFrame(h.history)['mean_absolute_error']",
        "KT204",
    ),
    "in turn": (
        TRAINED.format("'accuracy'") + "for k in ['acc', 'loss']:\n    h.history[k]",
        "KT204",
    ),
    "file": (
        TRAINED.format("'accuracy'") + "keras.callbacks.ModelCheckpoint('w-{val_acc:.2f}.keras')",
        "KT204",
    ),
    "monitor": (
        K
        + "def f1(t, p):\n    return p\n"
        + TRAINED.format("f1")
        + "keras.callbacks.ReduceLROnPlateau(monitor='val_f1')",
        "KT433",
    ),
    # Files
    "get_file": (
        K + "import os\np = keras.utils.get_file('a.zip', u, extract=True)\n"
        "d = os.path.join(os.path.dirname(p), 'a')",
        "KT432",
    ),
    "parent": (
        K + "from pathlib import Path\np = Path(keras.utils.get_file('a', u, untar=True)).parent",
        "KT432",
    ),
    "untar": (
        K + "p = keras.utils.get_file('a', u, untar=True)\n"
        "keras.utils.image_dataset_from_directory(p)",
        "KT432",
    ),
    "joined": (NET + "import os\nm.save(os.path.join('out', 'net'))", "KT309"),
    "slash": (NET + "m.save(folder + '/net')", "KT309"),
    "path": (NET + "from pathlib import Path\nm.save(Path('out') / 'net')", "KT309"),
    "f-string": (NET + "m.save_weights(f'{out}/w-{epoch:02d}')", "KT301"),
    "percent": (NET + "m.save('net-%d' % 3)", "KT309"),
    "format": (NET + "m.save_weights('w-%02d.h5' % i)", "KT301"),
    "saved": (NET + "m.save('m.tf', save_format='tf')", "KT310"),
    # Generators
    "sequence": (
        K + "class G(keras.utils.Sequence):\n    def __getitem__(self, i):\n"
        "        return [self.a, self.b], self.y",
        "KT428",
    ),
    "no super": (
        K + "class G(keras.utils.PyDataset):\n    def __init__(self, x):\n        self.x = x",
        "KT434",
    ),
    "finite": (
        NET + "def g():\n    for i in range(8):\n        yield i, i\nm.compile('sgd', 'mse')\n"
        "m.fit(g(), steps_per_epoch=3, epochs=3)",
        "KT435",
    ),
    "quotient": (NET + "m.compile('sgd', 'mse')\nm.fit(g, steps_per_epoch=n / 32)", "KT257"),
    "ceil": (
        NET + "import numpy as np\nm.compile('sgd', 'mse')\nm.evaluate(g, steps=np.ceil(n / 32))",
        "KT257",
    ),
    "next": (
        "from tensorflow.keras.preprocessing import image\n"
        "image.ImageDataGenerator().flow(x, y).next()",
        "KT150 KT330",
    ),
    # Values
    "position": (NET + "m.compile('adam', 'cosine_proximity')", "KT241"),
    "listed": (NET + "m.compile('adam', loss=['mse', 'logcosh'])", "KT241"),
    "mapped": (NET + "m.compile('adam', loss={'a': 'huber_loss'})", "KT468 KT241"),
    "epsilon": (K + "keras.optimizers.RMSprop(epsilon=None)", "KT252"),
    "clips": (K + "keras.optimizers.Adam(clipnorm=1.0, clipvalue=0.5)", "KT253"),
    "weights": (
        NET + "m.compile('sgd', 'mse')\nw = {'0': 1.0}\nm.fit(x, y, class_weight=w)",
        "KT254",
    ),
    "units": (K + "keras.layers.LSTM(128, 64)", "KT255"),
    "stack": (K + "keras.layers.Conv2D(32, 3, 5, 5)", "KT255"),
    "no list": (K + "keras.Sequential(keras.layers.Flatten(), keras.layers.Dense(2))", "KT258"),
    "options": (NET + "m.save('m.keras', signatures=None)", "KT251"),
    "batch": (
        NET + "m.compile('sgd', 'mse')\nm.train_on_batch(x, y, reset_metrics=False)",
        "KT299",
    ),
    "split": (
        K + "v = keras.layers.TextVectorization(max_tokens=9)\nv.adapt(['深度学习很有意思'])",
        "KT437",
    ),
    "one layer": (K + "keras.Sequential(keras.layers.Dense(2))", "KT258"),
    "shape of a block": (
        K + "def block(x):\n    for _ in range(3):\n"
        "        x = keras.layers.concatenate([x, x])\n    return x\n"
        "def end(x):\n    return x.shape.as_list()\n"
        "end(block(keras.Input((4,))))",
        "KT320",
    ),
    # Classes and attributes
    "metric": (LAYER.format("self.add_metric(x, name='x')"), "KT326"),
    "update": (LAYER.format("self.add_update([])"), "KT326"),
    "dynamic": (
        K + "class L(keras.layers.Layer):\n    def __init__(self):\n"
        "        super(L, self).__init__(dynamic=True)",
        "KT256",
    ),
    "weight": (
        K + "class M(keras.metrics.Metric):\n    def __init__(self):\n"
        "        super().__init__()\n        self.t = self.add_weight('t')",
        "KT248",
    ),
    "variable": (LAYER.format("self.add_variable('b', shape=[3])"), "KT248"),
    "optimizer": (
        K + "class O(keras.optimizers.Optimizer):\n"
        "    def get_updates(self, loss, params):\n        return []",
        "KT329",
    ),
    "what others give as a data set": (
        K + "import tensorflow_datasets as tfds\nd, i = tfds.load('x', with_info=True)\n"
        "a = d['a'].shuffle(3)\na = a.padded_batch(3, a.output_shapes)\n"
        "a.make_one_shot_iterator()",
        "KT398 KT398",
    ),
    "called where any exception is told of": (
        K + "def f(x):\n    return keras.backend.sum(x)\ntry:\n    print(f(3))\n"
        "except Exception as e:\n    print('failed', e)",
        "KT122",
    ),
    "variables for an application": (
        "import tensorflow as tf\nfrom tensorflow.keras.applications import vgg19\n"
        "a, b = tf.Variable(x), tf.constant(y)\nvgg19.VGG19(input_tensor=a)\n"
        "vgg19.VGG19(input_tensor=tf.concat([a, b], 0))\n"
        "vgg19.VGG19(input_tensor=tf.keras.Input((9, 9, 3)))",
        "KT363 KT363",
    ),
    "shape of whatever is given": (K + "def f(x):\n    return x._keras_shape[1]\nf(g())", "KT320"),
    "model of no module, which is no value": (
        "import keras\nfrom tensorflow.copy.keras import Inception\nn = Inception()\n"
        "x = keras.layers.Flatten()(n.output)\nkeras.Model(n.input, x)",
        "KT198",
    ),
    "base of an optimizer": (
        OPTIMIZER.format("super(O, self).__init__(name, **k)\n        self._set_hyper('b', b)"),
        "KT280 KT399",
    ),
    "rate of an optimizer": (
        OPTIMIZER.format("super().__init__(**k)\n        self.lr = keras.Variable(lr)"),
        "KT280",
    ),
    "slots of an optimizer": (
        OPTIMIZER.format(
            "super().__init__(lr, name=name, **k)\n    def _create_slots(self, var_list):\n"
            "        for var in var_list:\n            self.add_slot(var, 'm')\n"
            "    def _resource_apply_dense(self, grad, var):\n        t = var.dtype.base_dtype\n"
            "        m = self.get_slot(var, 'm') * self._get_hyper('b', t)\n"
            "        super()._resource_apply_dense(grad, var)\n        return self._decayed_lr(t)"
        ),
        "KT329 KT399 KT329 KT399 KT399 KT399 KT399 KT399",
    ),
    "compiled": (
        K + "class M(keras.Model):\n    def train_step(self, data):\n"
        "        self.compiled_metrics.update_state(1, 2)",
        "KT327",
    ),
    "callback": (
        K + "class C(keras.callbacks.Callback):\n    def on_epoch_end(self, e, logs=None):\n"
        "        x = self.model.validation_data[0]",
        "KT318",
    ),
    "names of outputs": (NET + "m.output_names", "KT399"),
    "op of each": (NET + "a = [one.op.name for one in m.outputs]", "KT320"),
    "op of what a builder makes": (
        K + "class A:\n    def f(self):\n        self.m = self.make()\n"
        "        return self.m.outputs[0].op",
        "KT320",
    ),
    "op": (NET + "m.outputs[0].op.name", "KT320"),
    "shape": (NET + "m.inputs[0].shape.as_list()", "KT320"),
    "onnx": (NET + "import tf2onnx\ntf2onnx.convert.from_keras(m)", "KT328"),
    "workers": (
        NET + "import tensorflow as tf\ntf.distribute.MultiWorkerMirroredStrategy()",
        "KT438",
    ),
    # TensorFlow
    "graph mode": (NET + "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()", "KT436"),
    "div": (K + "import tensorflow as tf\ntf.div(1.0, 2.0)", "KT149"),
    "examples": (K + "from tensorflow.examples.tutorials.mnist import input_data", "KT198"),
    "keep_dims": (K + "import tensorflow as tf\ntf.reduce_sum(x, keep_dims=True)", "KT298"),
    "iterator": (
        K + "import tensorflow as tf\nds = tf.data.Dataset.from_tensor_slices(x).batch(2)\n"
        "it = ds.make_one_shot_iterator()",
        "KT398",
    ),
    "subscript": (
        K + "import tensorflow as tf\ni = keras.Input((8, 8, 1))\n"
        "x = keras.layers.Conv2D(4, 3)(i)[:, :, :, :1]\ny = tf.concat([x, x], -1)\n"
        "z = tf.cast(2 * y, 'float32')",
        "KT425 KT425",
    ),
    # Indirection
    "stars": (K + "keras.optimizers.Adam(**{'lr': 0.1})", "KT201"),
    "dict": (K + "p = dict(lr=0.1)\nkeras.optimizers.SGD(**p)", "KT201"),
    "partial": (
        K + "from functools import partial\n"
        "conv = partial(keras.layers.Conv2D, border_mode='same')",
        "KT213",
    ),
    "getattr": (K + "getattr(keras.optimizers, name)(lr=0.1)", "KT201"),
    "named": (K + "from keras import layers\ngetattr(layers, 'CuDNNGRU')(4)", "KT115"),
    # Strings, keys and paths
    "initializer": (K + "keras.layers.Dense(3, kernel_initializer='unifornm')", "KT259"),
    "activation": (K + "keras.layers.Activation('rleu')", "KT259"),
    "in compile": (NET + "m.compile('adma', 'mes')", "KT259 KT259"),
    "metric and padding": (
        NET
        + "m.compile('sgd', 'mse', metrics=['acuracy'])\nkeras.layers.Conv2D(8, 3, padding='smae')",
        "KT259 KT259",
    ),
    "called": (TRAINED.format("'accuracy'") + "h.history('loss')", "KT331"),
    "words": ("from keras.datasets import reuters\nreuters.load_data(nb_words=9)", "KT260"),
    "replaced": (NET + "p = 'net'\nif a:\n    p = q\nm.save_weights(p)", "KT301"),
    "on a branch": (NET + "p = 'm.keras'\nif a:\n    p = 'net'\nm.save(p)", "KT309"),
    "checkpoint": (K + "keras.callbacks.ModelCheckpoint(folder + '/best.h5')", "KT311"),
    "of any origin": (K + "import nets\nnets.all[0].save_weights('w.h5')", "KT301"),
    "another's Keras": (
        "from bert4keras.backend import keras\nm = keras.models.Model(a, b)\nm.save_weights('w')",
        "KT301",
    ),
    "to_yaml": (K + "import nets\nnets.get().to_yaml()", "KT314"),
    "ResNet50": (K + "keras.applications.ResNet50().get_layer('activation_49')", "KT332"),
    "rate insisted on": (
        K + "class C(keras.callbacks.Callback):\n    def on_epoch_begin(self, e, logs=None):\n"
        "        if not hasattr(self.model.optimizer, 'lr'):\n            raise ValueError\n"
        "        rate = self.model.optimizer.lr",
        "KT317 KT317",
    ),
    "shape asked for": (
        K + "def f(x):\n    if hasattr(x, '_keras_shape'):\n        n = x._keras_shape[1]\n"
        "    elif hasattr(x, 'int_shape'):\n        n = x.int_shape[1]\n    return n",
        "KT320",
    ),
    "add_loss": (LAYER.format("self.add_loss(x, inputs=x)"), "KT261"),
    "add_weight": (LAYER.format("self.add_weight(name='x', partitioner=None)"), "KT299"),
    "untracked": (
        K + "import tensorflow as tf\nclass M(keras.Model):\n    def build(self, s):\n"
        "        self.w = tf.Variable(1.0)",
        "KT439",
    ),
    "gradients": (K + "import tensorflow as tf\ntf.gradients(a, b)", "KT333"),
    "held against": (
        DATA + NET + "from sklearn.metrics import r2_score\nx_test, y_test = a, b\n"
        "m.compile('sgd', 'mse')\nm.fit(a, b, validation_data=(x_test, y_test))\n"
        "r2_score(y_test, m.predict(x_test))",
        "KT406",
    ),
    "predicted": (
        DATA + NET + "from sklearn.metrics import classification_report\nx_test = a\n"
        "m.compile('sgd', 'mse')\nm.fit(a, b, validation_data=(x_test, b_test))\n"
        "classification_report(y_test, np.round(m.predict(x_test)))",
        "KT406",
    ),
    "twice": (K + "keras.layers.Dense(32, units=784)", "KT262"),
    "twice in fit": (NET + "m.compile('sgd', 'mse')\nm.fit(a, b, y=b)", "KT262"),
    "get_updates": (K + "import nets\nnets.optimizer.get_updates(a, [], b)", "KT334"),
    "next of a generator": (K + "def g():\n    yield 1\nbatches = g()\nbatches.next()", "KT330"),
    "in a loop with more": (
        K + "for i in range(3):\n    o = keras.optimizers.Adam(lr=0.1)\n    x = = 3\n",
        "KT201 KT000",
    ),
    "under a bad line": (K + "if x = 3:\n    keras.optimizers.Adam(lr=0.1)\n", "KT000 KT201"),
    "printed in Python 2": (K + "print keras.optimizers.Adam(lr=0.1), \\\n    x", "KT000 KT201"),
    "printed to a file": (
        K + "print 3\nprint >>f, keras.optimizers.Adam(lr=0.1)",
        "KT000 KT000 KT201",
    ),
    "below an indentation": (
        K
        + "o = keras.optimizers.Adam(\n    lr=0.1)\n  # saved\n  o = keras.optimizers.SGD(lr=0.1)",
        "KT201 KT000 KT201",
    ),
    "given another name": (K + "L = keras.layers.CuDNNLSTM\nL(3)\nL(4)", "KT115"),
    # Models that another module makes, and this one compiles
    "compiled here": (
        K + "from nets import build\nm = build()\nm.compile(optimizer='sgd', loss='mse')\n"
        "m.save('net')",
        "KT309",
    ),
    "compiled as given": (
        K + "def run(net):\n    net.compile(loss='mse', optimizer='sgd')\n    net.save('net')",
        "KT309",
    ),
    "weights of one compiled here": (
        K + "from nets import Net\nn = Net()\nn.compile(optimizer='sgd', loss='mse')\n"
        "n.save_weights('w.h5')",
        "KT301",
    ),
    "one of two names": (
        K + "import os\np = os.path.join(a, 'n.ckpt' if b else 'm')\n"
        "keras.callbacks.ModelCheckpoint(p)",
        "KT313",
    ),
    # Keys that a later call gives, directions that nothing tells
    "plotted later": (
        TRAINED.format("'accuracy'") + "def plot(h, key):\n    h.history.get(key)\n"
        "plot(h, 'loss')\nplot(h, 'val_acc')",
        "KT204",
    ),
    "automatic": (
        "def f1(y, p):\n    return p\n"
        + TRAINED.format("f1")
        + "keras.callbacks.EarlyStopping(monitor='val_f1', mode='auto')",
        "KT433",
    ),
    # Arguments by position, of a base, of several outputs
    "a function for a loss": (
        K + "import nets\nfor layer in nets.get().layers:\n    layer.add_loss(lambda: f(layer))",
        "KT337",
    ),
    "add_loss by position": (LAYER.format("self.add_loss(x, x)"), "KT261"),
    "arguments of a base": (
        K + "class T(keras.callbacks.TensorBoard):\n    def __init__(self, d):\n"
        "        super(T, self).__init__(log_dir=d, batch_size=32)",
        "KT299",
    ),
    "weights of one loss": (NET + "m.compile('sgd', 'mse', loss_weights=[1.0, 0.2])", "KT442"),
    # What is around Keras
    "transformers": (K + "from transformers import AutoTokenizer, TFBertModel", "KT153"),
    "backend": ("import os\nos.environ['KERAS_BACKEND'] = 'plaidml.keras.backend'\n" + K, "KT154"),
    "keras_bert": ("from keras_bert.backend import backend as B\nB.placeholder((3,))", "KT126"),
    "test_split": ("from keras.datasets import imdb\nimdb.load_data(test_split=0.1)", "KT264"),
    # What once was false
    "relu": (K + "keras.backend.relu(x, max_value=6)", "KT122"),
    "resumed": (RESUMED.format("m.load_weights('w.weights.h5')\nm.fit(a, b)"), "KT302"),
    "copy": ("from tensorflow.keras.preprocessing.text import Tokenizer\nTokenizer()", "KT150"),
    "private": ("from tensorflow.python.keras import backend as K\nK.clear_session()", "KT140"),
    "private and gone": ("from tensorflow.python.keras.datasets import mnist", "KT151"),
    # An optimizer of several models
    "two models": (SHARED.format("", "o"), "KT440"),
    "gan unfrozen": (
        GAN + "c.compile(o, 'mse')\nd.trainable = True\nd.train_on_batch(x, y)\n"
        "d.trainable = False\nc.train_on_batch(z, y)",
        "KT440",
    ),
    "gan apart": (
        GAN + "c.compile(o, 'mse')\nc.train_on_batch(z, y)\n"
        "e = keras.Sequential([keras.layers.Dense(1)])\ne.compile(o, 'mse')\ne.fit(x, y)",
        "KT440",
    ),
    "freed": (
        NET + "o = keras.optimizers.Adam()\nm.layers[0].trainable = False\nm.compile(o, 'mse')\n"
        "m.fit(x, y)\nm.layers[0].trainable = True\nm.compile(o, 'mse')\nm.fit(x, y)",
        "KT440",
    ),
    # Names that Keras gives
    "numbered": (NET + "m.get_layer('dense_1')", "KT336"),
    "compared": (NET + "[x for x in m.layers if x.name == 'dense_1']", "KT336"),
    # Files
    "data file": (K + "keras.datasets.imdb.load_data('/data/imdb.npz')", "KT335"),
    "joined file": (K + "import os\nkeras.utils.get_file(os.path.join(d, 'a'), u)", "KT335"),
    # Where names come from
    "core": ("from tensorflow_core.python.keras.models import Sequential", "KT152"),
    "short": ("from tf.keras.layers import Dense", "KT152"),
    "api": ("from tensorflow.keras.api.keras.models import Sequential", "KT152"),
    "versioned": ("from tensorflow.keras.api._v2.keras.layers import Dense", "KT152"),
    "not copied": ("from tensorflow.python.keras.optimizers import Adam", "KT151"),
    "copied": ("from tensorflow.python.keras.utils import conv_utils", "KT140"),
    "layers by name": (NET + "d = {x.name: x for x in m.layers}\nd[n].output_shape", "KT316"),
    "dict of pairs": (NET + "d = dict([(x.name, x) for x in m.layers])\nd[n].input_shape", "KT316"),
    "several outputs": (
        K + "z = keras.Input((2,))\nm = keras.Model(z, [a(z), b(z)])\n"
        "m.compile('sgd', 'mse', metrics=['mae'])",
        "KT441",
    ),
    "class given": (NET + "m.compile(keras.optimizers.Adam, 'mse')", "KT263"),
    "unknown model": (K + "import nets\nnets.make().save('net.h5')", "KT311"),
    "inner model": (
        K + "b = keras.applications.MobileNetV2(include_top=False)\nd = keras.layers.Dense(1)\n"
        "m = keras.Sequential([b, d])\nm.compile('adam', 'binary_crossentropy')",
        "KT419",
    ),
    "unknown format": (K + "import nets\nnets.make().save(p, save_format='h5')", "KT310"),
    "data set": (K + "import tensorflow as tf\ntf.data.Dataset.from_slices(x)", "KT198"),
    "lists split": (
        NET + "m.compile('adam', 'mse')\nfrom sklearn.model_selection import train_test_split\n"
        "x, x2 = train_test_split(t.texts_to_sequences(s))\nm.fit(x, y)",
        "KT427",
    ),
    "imported model": (
        K + "import nets\nmodel = nets.make()\nmodel.save('runs/net')",
        "KT309",
    ),
    "compiled elsewhere": (
        K + "import nets\nn = nets.make()\nn.compile(loss='mse', optimizer='sgd')\n"
        "n.save('net.model')",
        "KT309",
    ),
    "embedding with a shape": (K + "keras.layers.Embedding(9, 4, input_shape=(3,))", "KT202"),
    "no shape taken": (K + "keras.layers.SpatialDropout1D(0.1, input_shape=(3, 4))", "KT299"),
    # Layers of TensorFlow Hub
    "hub listed": (
        K + "import tensorflow_hub as hub\n"
        "m = keras.Sequential([hub.KerasLayer(u), keras.layers.Dense(1)])",
        "KT155",
    ),
    "hub added": (
        K + "import tensorflow_hub as hub\ne = hub.KerasLayer(u)\nm = keras.Sequential()\nm.add(e)",
        "KT155",
    ),
    "hub called": (
        K + "import tensorflow_hub as hub\nhub.KerasLayer(u)(keras.Input((), dtype='string'))",
        "KT155",
    ),
    # What TensorFlow keeps to itself, and moved
    "tracking": (
        K + "from tensorflow.python.training.tracking import data_structures",
        "KT198",
    ),
    "seq2seq": (K + "from tensorflow.python.ops import rnn, seq2seq", "KT198"),
    "estimator": (K + "from tensorflow.python.estimator import keras as k", "KT198"),
    "python of tf": (K + "import tensorflow as tf\ntf.python.ops.rnn.x(1)", "KT198"),
    "keras of tf.python": (
        K + "import tensorflow as tf\ntf.python.keras.layers.Dense(1)",
        "KT198",
    ),
    # Layers that are called as Keras 2 let them be
    "flag by position": (LAYER.format("return self.d(x)") + "L()(x, True)", "KT338"),
    "training by position": (
        K + "class A(keras.layers.Layer):\n    def call(self, x, training, mask):\n"
        "        return x\nclass B(keras.Model):\n    def __init__(self):\n"
        "        super().__init__()\n        self.all = [A() for _ in range(3)]\n"
        "    def call(self, x, training, mask):\n        for i, a in enumerate(self.all):\n"
        "            x = a(x, training, mask)\n        return self.all[0](x, training=True)",
        "KT338",
    ),
    "dropout by position": (K + "keras.layers.Dropout(0.5)(x, True)", "KT338"),
    "number among inputs": (
        K + "class N(keras.Model):\n    def call(self, x):\n        return x[1]\nN()([0.0, x])",
        "KT338",
    ),
    # Properties and counters of Keras's own
    "callback's own model": (
        K + "class C(keras.callbacks.Callback):\n    def set_model(self, model):\n"
        "        self.model = model",
        "KT339",
    ),
    "iterations": (
        K + "class O(keras.optimizers.Optimizer):\n    def __init__(self):\n"
        "        super().__init__(0.1)\n        self.iterations = 0",
        "KT339",
    ),
    "input of a layer": (LAYER.format("self.input = x"), "KT339"),
    "step": (
        K + "import tensorflow as tf\n"
        "class S(keras.optimizers.schedules.LearningRateSchedule):\n"
        "    def __call__(self, step):\n        return tf.math.rsqrt(step)",
        "KT443",
    ),
    # Names that come from elsewhere
    "backend of another": ("from nets.keras_yolo import K, net\nK.get_session()", "KT124"),
    "underscored": (K + "keras.backend._EPSILON", "KT199"),
    "parts of a private copy": (
        "from tensorflow.python import keras\nkeras.datasets.imdb.load_data()",
        "KT140 KT151",
    ),
    "one branch": (
        "from keras.layers import LSTM\nif gpu:\n    from keras.layers import CuDNNLSTM as LSTM\n"
        "LSTM(3)",
        "KT115",
    ),
    "save_format of a class": (
        K + "from nets import Net\nn = Net()\nn.save(p, save_format='tf')",
        "KT310",
    ),
    # Paths that are put together
    "latest checkpoint": (
        NET + "import tensorflow as tf\nm.load_weights(tf.train.latest_checkpoint('runs'))",
        "KT301",
    ),
    "number of the epoch": (
        NET + "import os\np = os.path.join('runs', 'w_{epoch}')\nm.save_weights(p.format(epoch=3))",
        "KT301",
    ),
    "path of a class": (
        NET + "class G:\n    @staticmethod\n    def path(name):\n"
        "        return name + '-weights.h5'\nm.save_weights(G.path('a'))",
        "KT301",
    ),
    "field of a class": (
        K + "from keras.preprocessing.text import Tokenizer\nclass T:\n    words = None\n"
        "    @staticmethod\n    def read(texts):\n        T.words = Tokenizer()\n"
        "        T.words.fit_on_texts(texts)\nT.read(x)\n"
        "keras.layers.Embedding(len(T.words.word_index), 4)",
        "KT102 KT408",
    ),
    "inputs listed before": (
        NET + "def g():\n    while True:\n        pair = [a, b]\n        yield pair, c\n"
        "m.compile('sgd', 'mse')\nm.fit(g(), steps_per_epoch=3)",
        "KT428",
    ),
    "accuracy of the first": (
        TRAINED.format("'accuracy'")
        + "h.history['acc']\n"
        + NET
        + "m.compile('sgd', 'mse', metrics=['acc'])",
        "KT204",
    ),
    # Optimizers that come from elsewhere
    "optimizer given": (K + "def f(optimizer):\n    optimizer.lr = 0.1", "KT317"),
    "optimizer of a field": (
        K + "class T:\n    def __init__(self, model):\n        self.model = model\n"
        "    def f(self):\n        return self.model.optimizer.lr",
        "KT317",
    ),
    "asked of the backend": (
        K + "from keras import backend as B\ndef f(o):\n    return B.get_value(o.lr)",
        "KT128 KT317",
    ),
    "gradients of an optimizer": (
        K + "def f(opt, loss, weights):\n    return opt.get_gradients(loss, weights)",
        "KT334",
    ),
    "writer": (
        K + "class T(keras.callbacks.TensorBoard):\n    def on_epoch_end(self, epoch, logs=None):\n"
        "        self.writer.flush()",
        "KT399",
    ),
    "model of a callback": (
        K + "class C(keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs=None):\n"
        "        self.model.total_loss",
        "KT399",
    ),
    "path of attributes": (
        K + "from tensorflow.compat.v1.keras.layers import Dense\nDense(3)",
        "KT152",
    ),
    "private copy": (K + "from tensorflow.python.keras.layers import CuDNNLSTM", "KT151"),
    # Once, where a name or field gets what is gone
    "field": (
        K + "import numpy as np\nclass C(keras.callbacks.Callback):\n    def __init__(self):\n"
        "        super().__init__()\n        self.best = np.Inf\n    def f(self):\n"
        "        return self.best",
        "KT148",
    ),
    # A value that is no number is prepared for, and all become that.
    "type in a try": (
        K + "import numpy as np\ndef f(x):\n    try:\n        return np.float(x)\n"
        "    except:\n        return np.nan",
        "KT148",
    ),
    "another name": (K + "T = keras.backend.theano.tensor\nT.zeros(3)", "KT199"),
    "own rate": (
        K + "from keras import backend as B\nclass O:\n    def f(self):\n        self.lr = 3\n"
        "        return B.get_value(self.lr)",
        "KT128",
    ),
    "private copy as it was": (
        K + "from tensorflow.python.keras.layers import Dense\nDense(3, input_shape=(2,))",
        "KT140",
    ),
    "data set of a branch": (
        K + "import tensorflow as tf\nd = tf.data.Dataset.from_tensor_slices(x)\n"
        "if s:\n    d = d.shuffle(9)\nd.batch(3).make_one_shot_iterator()",
        "KT398",
    ),
    "weights of Theano": (
        K + "def f(model):\n    for w in model.weights:\n        w.set_value(w.get_value() * 2)",
        "KT399 KT399",
    ),
    "gradients of an own optimizer": (
        K + "class O(keras.optimizers.Optimizer):\n    def get_updates(self, loss, params):\n"
        "        return self.get_gradients(loss, params)",
        "KT329 KT334",
    ),
    "what a class's object returns": (
        K + "import nets\nm = nets.Net()(3)\nm.save('m.h5')",
        "KT311",
    ),
    "path of constants": (NET + "s = '20-1'\nm.save(f'nets/net-{s}')", "KT309"),
    "handed on": (
        NET + "m.compile('sgd', 'mse')\ndef g(n):\n    while True:\n        yield [a, b], c\n"
        "def w(n):\n    if n == 0:\n        return None\n    return g(n)\nm.fit(w(3))",
        "KT428",
    ),
    # Paths that are put together
    "given or put together": (
        K + "class C:\n    def __init__(self, name, path=''):\n"
        "        self.path = path or name + '_best.h5'\n        self.model = keras.Sequential()\n"
        "    def save(self):\n        self.model.save_weights(self.path)",
        "KT301",
    ),
    "default path": (K + "def f(model, path='best.h5'):\n    model.save_weights(path)", "KT301"),
    "number at the end": (
        NET + "for epoch in a:\n    m.save_weights(b + 'w_' + str(epoch))\n"
        "    m.save(f'net_{epoch}')\n    m.save('out/{}'.format(epoch))",
        "KT301 KT309 KT309",
    ),
    "joined texts": (
        K + "keras.callbacks.ModelCheckpoint(''.join([a, 'net-', b, '.hdf5']))",
        "KT313",
    ),
    # Beside Keras
    "files of text for bytes": (
        K + "import pickle\nimport numpy as np\nnp.save(open('a.npy', 'w'), x)\n"
        "with open('a.pickle') as f:\n    y = pickle.load(f)",
        "KT270 KT270",
    ),
    "files of bytes for text": (
        K + "import csv\nw = csv.writer(open('a.csv', 'wb'))\nw.writerow(x)",
        "KT270",
    ),
    "old tables": (K + "import pandas as pd\npd.DataFrame(x).to_excel('a.xls')", "KT270"),
    "old styles": (
        K + "import matplotlib.pyplot as plt\nplt.style.use(['seaborn-white', 'ggplot'])",
        "KT270",
    ),
    "bytes as numbers": (K + "import numpy as np\nnp.fromstring(raw, np.uint8)", "KT270"),
    "part of a map": (K + "a = map(int, b)\nprint(a[0], len(a))", "KT271"),
    "keys in order": (K + "names = vocabulary.keys()\nnames.sort()", "KT271"),
    "array of a zip": (K + "import numpy as np\na = np.array(zip(b, c))", "KT271"),
    "numbers in disorder": (K + "import random\nr = range(4)\nrandom.shuffle(r)", "KT271"),
    "axis by position": (
        K + "import pandas as pd\nt = pd.read_csv('a', ';').drop('b', 1)\npd.concat([t, t], 1)",
        "KT272 KT272 KT272",
    ),
    "gaps filled": (K + "import pandas as pd\npd.read_csv('a').fillna(method='pad')", "KT341"),
    "data of h5py": (K + "import h5py\nwith h5py.File('a') as f:\n    x = f['x'].value", "KT341"),
    "words of gensim": (
        K + "from gensim.models import Word2Vec\nw = Word2Vec(s, size=100)\nprint(w.wv.vocab)",
        "KT267 KT341",
    ),
    "smoother images": (K + "from PIL import Image\nim.resize((2, 2), Image.ANTIALIAS)", "KT156"),
    # Several outputs
    "outputs one by one": (
        K + "x = keras.Input((3,))\ny = [keras.layers.Dense(2)(x) for i in range(4)]\n"
        "m = keras.Model(x, y)\nm.compile('sgd', 'mse', metrics=['mae'])",
        "KT441",
    ),
    "targets one by one": (
        NET + "m.compile('sgd', 'mse')\ndef g():\n    while True:\n"
        "        y = [f(i) for i in range(4)]\n        yield x, y\nm.fit(g())",
        "KT428",
    ),
    # Models that are made further down, or in another file
    "model of a later method": (
        K + "class C:\n    def export(self):\n        return keras.Model(self.model.input, x)\n"
        "    def build(self):\n        self.model = keras.Sequential([keras.layers.Dense(1)])",
        "KT340",
    ),
    "flag for a model of another file": (
        K + "from nets import Generator\ndef f(generator, x, is_training):\n"
        "    return generator(x, is_training)\nf(Generator(), x, True)",
        "KT338",
    ),
    "flag for a copy of a model": (
        K + "class G(keras.Model):\n    def __init__(self, generator):\n"
        "        super().__init__()\n"
        "        self.copied_generator = keras.models.clone_model(generator)\n"
        "    def make(self, x, training):\n        return self.copied_generator(x, training)",
        "KT338",
    ),
    "flag for what is called a model": (K + "def f(model, x):\n    return model(x, True)", "KT338"),
    # Initializers
    "function of Keras 1": (
        K + "def start(shape, name=None):\n    return f(shape)\n"
        "keras.layers.Dense(3, kernel_initializer=start)",
        "KT273",
    ),
    "named initializer": (
        LAYER.format("self.w = keras.initializers.get('one')((3,), name='w')"),
        "KT273",
    ),
    "number of samples": (
        K + "def f(model, batches):\n    model.fit(batches, steps_per_epoch=batches.nb_sample)",
        "KT399",
    ),
    "named numbers of Keras 0.x": (K + "keras.layers.Dense(n_hidden, nb_classes)", "KT255"),
    # From practice
    "sigmoid of several classes": (
        NET.replace("Dense(1", "Dense(3") + "m.compile('sgd', 'categorical_crossentropy')",
        "KT449",
    ),
    "seed beside scikit-learn": (
        K + "import numpy as np\nfrom scikeras.wrappers import KerasClassifier\n"
        "np.random.seed(7)\nn = KerasClassifier(build)\nn.fit(a, b)",
        "KT444",
    ),
    "columns for seaborn": (
        K + "import seaborn as sns\nsns.boxplot('a', data=data)\nsns.countplot(data['a'])",
        "KT272 KT272",
    ),
    "axes of seaborn": (K + "import seaborn as sns\nsns.lmplot('a', 'b', data)", "KT272"),
    "arguments of librosa": (
        K + "import librosa\nx, rate = librosa.load('a.wav', None)\nlibrosa.feature.mfcc(x, rate)\n"
        "librosa.feature.mfcc(y=x, sr=rate)\nlibrosa.stft(x)",
        "KT272 KT272",
    ),
    "waves of librosa": (
        K + "import librosa.display\nlibrosa.display.waveshow(x, rate)\n"
        "librosa.display.waveshow(x, sr=rate)\nlibrosa.effects.time_stretch(x, 2.0)\n"
        "librosa.feature.zero_crossing_rate(x)",
        "KT272 KT272",
    ),
    "engine of models": (
        "from keras.engine.functional import Functional\nprint(Functional)",
        "KT109",
    ),
    "real path": (NET + "import os\nm.save(os.path.realpath(os.path.join(a, 'b.h5')))", "KT311"),
    "accuracy of Keras 1": (
        K + "m = keras.Sequential([keras.layers.Dense(output_dim=1)])\n"
        "m.compile('sgd', 'mse', metrics=['accuracy'])",
        "KT210 KT424",
    ),
    "backend of an old star": (
        "from keras.layers.core import *\ndef f(x):\n    return K.mean(x)",
        "KT106 KT122",
    ),
    "called where an object was asked": (
        K + "def f(x):\n    return keras.backend.mean(x)\n"
        "def g(layer):\n    if hasattr(layer, 'previous'):\n        f(layer)",
        "KT122",
    ),
    "errors of os": (K + "import os\nprint(os.errno.EEXIST)", "KT156"),
    "ends of a model set": (
        K + "m = keras.applications.VGG16()\nm.outputs = [m.layers[-2].output]",
        "KT339",
    ),
    "weights put into a list": (
        LAYER.format("self._trainable_weights.append(self.w)"),
        "KT322",
    ),
    "theano": (K + "import theano.tensor as T\nprint(T)", "KT147"),
    "names of files in a folder": (
        NET + "from os.path import join\np = join(a, 'net_{}_model'.format(b))\nm.save_weights(p)\n"
        "m.save_weights(join(a, b + '_w'))",
        "KT301 KT301",
    ),
    "all of an array": (K + "import numpy as np\nnp.set_printoptions(threshold=np.nan)", "KT270"),
    "layers of a generator": (
        K + "class V:\n    def f(self, all):\n        return (one for one in all if g(one))\n"
        "    def h(self, all):\n        for layer in self.f(all):\n"
        "            print(layer.output_shape)",
        "KT316",
    ),
    "ends of a callback's model": (
        NET + "m.compile('sgd', 'mse')\nclass C(keras.callbacks.Callback):\n"
        "    def on_epoch_end(self, epoch, logs=None):\n        f(self.model.input)\n"
        "m.fit(x, y, callbacks=[C()])",
        "KT340",
    ),
    "prediction as a number": (
        K + "import numpy as np\ndef f(model, x):\n    a = float(model.predict(x))\n"
        "    b = int(model.predict(x)[0])\n"
        "    return a, b, int(np.argmax(model.predict(x), axis=1))",
        "KT274 KT274 KT274",
    ),
    "kernel by the name of its side": (
        K + "keras.layers.Convolution2D(n, size, size, border_mode='same')",
        "KT416 KT213",
    ),
    "length for a shape": (K + "def f(max_len):\n    return keras.Input((max_len))", "KT243"),
    "word of gensim": (
        K + "from gensim.models import Word2Vec\nv = Word2Vec.load('a')['b']",
        "KT341",
    ),
    "words like others": (
        K + "from gensim.models import Word2Vec\nw = Word2Vec.load('a')\nw.most_similar('b')",
        "KT341",
    ),
    "function of keras 1 that initializes": (
        K + "from keras import initializations\nx = initializations.normal((3, 2), scale=0.1)",
        "KT130 KT273",
    ),
    "order of an image": (
        K
        + "from keras.preprocessing import image\nimage.img_to_array(x, dim_ordering='th')\nx = 1",
        "KT217",
    ),
    "modules of scikit-learn": (
        K + "from sklearn.metrics.classification import f1_score\nprint(f1_score)",
        "KT156",
    ),
    "a module below compat.v1": (
        "import tensorflow.compat.v1.keras.backend as K\n"
        "from tensorflow.compat.v1.keras.layers import Dense",
        "KT152 KT152",
    ),
    "what a backend module that is gone is asked for": (
        "from keras.backend import tensorflow_backend as KTF\nKTF.set_session(s)\n"
        "KTF.set_learning_phase(1)\nx = KTF.epsilon()",
        "KT124 KT124 KT125",
    ),
    "members of a backend module that is gone": (
        "from keras.backend.tensorflow_backend import set_session, floatx",
        "KT124 KT124",
    ),
    "annotations": (
        "import keras.backend as K\ndef f(y: K.tf.Tensor, *, n: int = 3) -> K.tf.Tensor:\n"
        "    z: K.tf.Tensor = y\n    return z\nlimit: K.tf.Tensor = 3",
        "KT124 KT124 KT124",
    ),
    "a number at the end of a name": (
        NET + "n = 3\nm.save_weights('w_{}'.format(n))\nm.load_weights(f'a/w_{n}')",
        "KT301 KT301",
    ),
    "weights of what an unknown class makes": (
        K + "from nets import FCN\nm = FCN()\nm.summary()\nm.save_weights('a.h5')\n"
        "n = FCN()\nn.fit(x, y, epochs=3)\nn.load_weights('a')",
        "KT301 KT301",
    ),
    "what a layer's base has no more": (
        K + "class P(keras.layers.ZeroPadding2D):\n    def call(self, x):\n"
        "        return x[self.top_pad:]\nclass Q(P):\n    def size(self):\n"
        "        return self.left_pad, self.padding",
        "KT399 KT399",
    ),
    "numbers of arrays that numpy makes": (
        K + DATA + "float(np.random.rand(1))\nint(np.array([3]))\nc = np.zeros((8, 1))\n"
        "for one in c:\n    int(one)\nint(c[3])\n'%d' % np.random.randint(0, 9, size=1)",
        "KT274 KT274 KT274 KT274 KT274",
    ),
    "what tensors of a Lambda have not": (
        K + "f = keras.layers.Lambda(lambda x: (x[0] * x[1]).sum(-1))\n"
        "g = keras.layers.Lambda(function=lambda x: 2 * x.mean(1))",
        "KT320 KT320",
    ),
    "pictures of python 2": (K + "import Image\nImage.open('a')", "KT156 KT156"),
}
CLEAN = {
    "op of a layer's own": K + "class A:\n    def f(self):\n        return self.make().op",
    "called where there is another way": K
    + "def f(x):\n    return keras.backend.sum(x)\ndef g(x):\n    return keras.ops.sum(x)\n"
    "try:\n    y = f(3)\nexcept Exception:\n    y = g(3)",
    "types of an own class": K + "import tensorflow as tf\ntf.data\nclass A:\n    def f(self):\n"
    "        self.output_types = 3\ndef f(a):\n    return a.output_types",
    "optimizer of today": OPTIMIZER.format(
        "super().__init__(learning_rate=lr, name=name, **k)\n        self.decay = b\n"
        "    def update_step(self, g, variable, rate):\n"
        "        variable.assign_sub(g * rate * self.decay)\n"
        "    def _resource_apply_dense(self, g, variable):\n        return self.add(variable, 'm')"
    ),
    "optimizer that is handed its rate": OPTIMIZER.format(
        "k.setdefault('learning_rate', lr)\n        super().__init__(**k)"
    ),
    "helper of an optimizer": OPTIMIZER.format(
        "super().__init__(lr, name)\n    def _get_hyper(self, name):\n        return 1\n"
        "    def step(self):\n        return self._get_hyper('b')"
    ),
    "channels last": K + "keras.layers.Conv2D(8, 3)(keras.Input((28, 28, 1)))",
    "channels first as told": K + "keras.config.set_image_data_format('channels_first')\n"
    "keras.layers.Conv2D(8, 3)(keras.Input((1, 28, 28)))",
    "images of one row": K + "keras.layers.Conv2D(8, (1, 3))(keras.Input((1, 128, 64)))",
    "small maps": K + "keras.layers.Conv2D(8, 3)(keras.Input((3, 3, 512)))",
    "size as an integer": K + "import numpy as np\nkeras.layers.Dense(int(np.prod((28, 28))))",
    "size of an axis": K + "import numpy as np\nkeras.layers.Dense(len(np.unique([1, 2])))",
    "embedding in order": K + "vocab_size = 9000\nkeras.layers.Embedding(vocab_size, 64)",
    "type that is prepared for": K + "import numpy as np\ndef f(x):\n    try:\n"
    "        return np.float(x)\n    except Exception:\n        return float(x)",
    "type that may not be there": K + "import numpy as np\ntry:\n    y = np.int(3)\n"
    "except AttributeError:\n    y = 3",
    "attribute of the first version": K + "from tensorflow.compat.v1 import keras as first\n"
    "import tensorflow as tf\nfirst.layers.Dense(3)\ntf.compat.v1.keras.layers.Dense(3)",
    "prepared": K + "try:\n    import cPickle as pickle\nexcept ImportError:\n    import pickle",
    "own method": K + "class D:\n    def iteritems(self):\n        return []\nD().iteritems()",
    "arrays": K + "import numpy as np\nnp.load('a.npy', allow_pickle=True).item()",
    "called model": NET + "n = m(keras.Input((4,)))\nkeras.Model(m.input, m.output)",
    "functional model": K + "i = keras.Input((4,))\nm = keras.Model(i, keras.layers.Dense(1)(i))\n"
    "keras.Model(m.input, m.layers[0].output)",
    "built": K + "m = keras.Sequential([keras.layers.Embedding(9, 4)])\nm.build((None, 3))\n"
    "m.layers[0].set_weights([a])",
    "seeded": "import numpy as np\n" + NET + "np.random.seed(7)\nkeras.utils.set_random_seed(7)\n"
    "m.compile('sgd', 'mse')\nm.fit(a, b)",
    "seed of data": "import numpy as np\n" + NET + "np.random.seed(7)\nx = np.random.rand(9, 4)\n"
    "m.compile('sgd', 'mse')\nm.fit(x, x[:, :1])",
    "seed of no training": K + "import numpy as np\nnp.random.seed(7)",
    "either data": K + "import tensorflow as tf\ndef data(whole):\n    d = {'a': [1]}\n"
    "    if whole:\n        return tf.data.Dataset.from_tensor_slices(d)\n    return d\n"
    "data(False).items()",
    "own generator": K
    + "from tensorflow.keras.preprocessing import image  # noqa\n"
    + NET.removeprefix(K)
    + "g = image.ImageDataGenerator(rescale=0.1)  # noqa\n"
    "m.compile('sgd', 'mse')\nm.fit(a, b, validation_data=g.flow_from_directory('v'))",
    "seeded initializer": K + "init = keras.initializers.RandomNormal(seed=1)\n"
    "[keras.layers.Dense(3, kernel_initializer=init) for _ in range(2)]\n"
    "keras.layers.Dense(3, kernel_initializer=init)",
    "default rate of tf.keras": "import tensorflow as tf\ntf.keras.optimizers.Adadelta()",
    "own shape": K + "class L:\n    def __init__(self):\n        self.output_shape = 3\n"
    "def show(layer):\n    return layer.output_shape",
    "frozen after training": NET + "m.compile('sgd', 'mse')\nm.fit(x, y)\nm.trainable = False\n"
    "m.fit(x, y)",
    "one layer frozen": NET + "m.compile('sgd', 'mse')\nm.layers[0].trainable = False\nm.fit(x, y)",
    "branch for a backend that is gone": (
        K + "from keras import backend as B\nif B.backend() == 'theano':\n    B.theano.f(B.clip(x))"
    ),
    "shape asked of tf.keras": (
        "import tensorflow as tf\nx = tf.keras.Input((3,))\ntf.keras.backend.int_shape(x)"
    ),
    "own method of an optimizer": (
        K + "class O(keras.optimizers.SGD):\n    def get_gradients(self, loss, params):\n"
        "        return 1\n    def f(self):\n        return self.get_gradients(1, 2)"
    ),
    "options": K + "def f(opt):\n    return opt.lr",
    "Keras that a package chooses": (
        "from keras_tuner.backend import keras\nprint(keras.saving.load_model)"
    ),
    "optimizer of torch": "import keras, torch\ndef f(optimizer):\n    return optimizer.lr",
    "gradients of something else": K + "def f(agent):\n    return agent.get_gradients(1, 2)",
    "own writer": (
        K + "class T(keras.callbacks.TensorBoard):\n    def set_model(self, model):\n"
        "        self.writer = make()\n        self.writer.flush()"
    ),
    "own method of a model elsewhere": (
        K + "class C(keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs=None):\n"
        "        self.model.forward()"
    ),
    "one of two names": (
        K + "import os\nkeras.callbacks.ModelCheckpoint(os.path.join(a, 'n' if b else 'm.keras'))"
    ),
    "an abstract base": (
        K + "class O(keras.optimizers.Optimizer):\n    def __init__(self):\n"
        "        super().__init__(learning_rate=0.1, name='o')"
    ),
    "any number by position": K + "keras.ops.meshgrid(a, b, indexing='ij')",
    "weights as drawn": (
        NET + "m.save_weights('w.weights.h5')\nfor d in data:\n    m.load_weights('w.weights.h5')\n"
        "    m.compile('sgd', 'mse')\n    m.fit(d)"
    ),
    "one compile, one of two models": (
        NET + "if a:\n    m = keras.models.load_model('m.keras')\ndef train(m):\n"
        "    m.compile(keras.optimizers.SGD(0.1), 'mse')\n    m.fit(x, y)\ntrain(m)"
    ),
    "classes in order, drawn": (
        DATA + NET + "from sklearn.model_selection import train_test_split\n"
        "y = np.concatenate([np.ones(n), np.zeros(n)])\nx, u, y, v = train_test_split(q, y)\n"
        "m.compile('sgd', 'mse')\nm.fit(x, y, validation_split=0.25)"
    ),
    "another base": (
        K + "class T(Mixin, keras.callbacks.TensorBoard):\n    def __init__(self, d):\n"
        "        super().__init__(log_dir=d, batch_size=32)"
    ),
    "a loss for each weight": NET + "m.compile('sgd', ['mse', 'mae'], loss_weights=[1.0, 0.2])",
    "another's compile": (
        K + "from nets import Net\nn = Net()\nn.compile(optimizer='sgd', loss='mse')\nn.save('net')"
    ),
    "compiled without a loss": K
    + "from rl import agent\na = agent()\na.compile('adam')\na.save('a')",
    "transformers for torch": K + "from transformers import AutoModel, TrainingArguments",
    "a backend that is there": "import os\nos.environ['KERAS_BACKEND'] = 'jax'\n" + K,
    "another's split": "from keras.datasets import reuters\nreuters.load_data(test_split=0.1)",
    "each output": K + "z = keras.Input((2,))\nm = keras.Model(z, [a(z), b(z)])\n"
    "m.compile('sgd', 'mse', metrics=[['mae'], ['mae']])",
    "critic of both, trained first": (
        GAN + "c.compile(o, 'mse')\nw = keras.Input((1,))\nf = keras.layers.Dense(3)\n"
        "a = keras.Model(z, d(f(z)))\nb = keras.Model([z, w], [d(f(z)), d(w)])\n"
        "a.compile(o, 'mse')\nb.compile(o, 'mse')\nb.train_on_batch([x, y], [y, y])\n"
        "a.train_on_batch(x, y)"
    ),
    "stack trained first": (
        K + "o = keras.optimizers.Adam()\ng = keras.Sequential([keras.layers.Dense(1)])\n"
        "g.compile(o, 'mse')\nn = keras.Sequential()\nn.add(g)\nn.add(keras.layers.Dense(1))\n"
        "n.compile(o, 'mse')\nn.fit(x, y)\ng.fit(x, y)"
    ),
    "own optimizers": SHARED.format("", "keras.optimizers.Adam()"),
    "either model": SHARED.format("if a:\n    m.fit(x, y)\n    raise SystemExit\n", "'adam'"),
    "gan frozen": GAN.replace("d.compile(o", "d.compile('sgd'") + "c.compile(o, 'mse')",
    "refitted": NET + "o = keras.optimizers.Adam()\n"
    "for i in range(2):\n    m.compile(o, 'mse')\n    m.fit(x, y)",
    "own number": NET.replace("1, ", "1, name='dense_1', ") + "m.get_layer('dense_1')",
    "second": NET + "n = keras.layers.Dense(2)\nm.get_layer('dense_1')",
    "plain file": K + "keras.datasets.imdb.load_data('imdb.npz')",
    "old version": K + "old = keras.__version__ < '2'\nif old:\n    keras.layers.Merge()",
    "copied backend": "from tensorflow.keras import backend as K\nK.reshape(x, shape=(2, 2))",
    "generator": K + "from keras.layers import Dense\ng = keras.Sequential([Dense(3, 'tanh')])\n"
    "g.compile('adam', 'binary_crossentropy')\nc = keras.Model(z, d(g(z)))",
    "strings": K
    + "keras.layers.LSTM(3, activation='swish', kernel_initializer='normal')\n"
    + NET
    + "m.compile('Adam', 'MSE')\nm.compile('sgd', 'crossentropy')\nm.compile('??', '...')",
    "more strings": NET
    + "m.compile('sgd', 'mse', metrics=['acc', 'MAE', 'ce', 'AUC', 'auc', 'false_positives'])\n"
    + "keras.layers.Conv1D(8, 3, padding='CAUSAL', kernel_constraint='non_neg')",
    "own strings": K + "keras.utils.get_custom_objects()['a'] = f\n" + NET + "m.compile('a', 'b')",
    "metric of an object": K
    + "from crf import CRF\ncrf = CRF(3)\n"
    + NET
    + "m.compile('adam', 'mse', metrics=[crf.accuracy])\nh = m.fit(a, b)\nh.history['acc']",
    "shape of one's own": K + "class T:\n    def set(self, s):\n        self._keras_shape = s\n"
    "        return self._keras_shape\n",
    "shape or else": K + "def f(x):\n    n = 3\n    if hasattr(x, '_keras_shape'):\n"
    "        n = x._keras_shape[1]\n    return n",
    "asks for a rate": K + "class C(keras.callbacks.Callback):\n"
    "    def on_epoch_begin(self, e, logs=None):\n"
    "        if hasattr(self.model.optimizer, 'lr'):\n            r = self.model.optimizer.lr",
    "counter": K + "import tensorflow as tf\nclass L(keras.layers.Layer):\n"
    "    def build(self, s):\n        self.n = tf.Variable(0, trainable=False)",
    "in a graph": K + "import tensorflow as tf\n@tf.function\ndef f(a):\n"
    "    return tf.gradients(a * a, a)",
    "layers of today": K + "keras.applications.ResNet50().get_layer('conv1_relu')",
    "own class": K
    + "class T:\n    def fit_generator(self, g):\n        return g\nT().fit_generator(3)",
    "wrapper": K + "from nets import Trainer\nTrainer().fit_generator(a, b, 0.1)",
    "of torch": K + "import torch\nm = torch.load(f)\nm.fit(x, y, nb_epoch=3)",
    "no Keras": "import nets\nm = nets.get()\nm.fit_generator(g)",
    "freed": NET + "m.compile('sgd', 'mse')\nm.trainable = False\nm.trainable = True\nm.fit(x, y)",
    "grown": NET + "def widen(m):\n    for layer in m.layers:\n        layer.trainable = False\n"
    "    m.add(keras.layers.Dense(1))\ndef train(m):\n    m.compile('sgd', 'mse')\n"
    "    m.fit(x, y)\n"
    "train(m)\nwiden(m)\ntrain(m)",
    "then compiled": NET + "m.trainable = False\nm.compile('sgd', 'mse')\nm.fit(x, y)",
    "loss only": TRAINED.format("'mae'") + "print(m.metrics_names[0], len(m.metrics_names))",
    "own key": K + "def f(logs):\n    logs['lr'] = 0.1\n    return logs['lr']",
    "right key": TRAINED.format("'mae'") + "h.history['val_mae']",
    "moded": K
    + "def f1(t, p):\n    return p\n"
    + TRAINED.format("f1")
    + "keras.callbacks.EarlyStopping(monitor='val_f1', mode='max')",
    "joined below": K + "import os\np = keras.utils.get_file('a.zip', u, extract=True)\n"
    "d = os.path.join(p, 'a')",
    "unknown end": NET + "m.save(f'{name}')\nm.save('net-%s' % name)\nm.save(folder + name)",
    "endless": NET + "def g():\n    while True:\n        yield 1, 1\nm.compile('sgd', 'mse')\n"
    "m.fit(g(), steps_per_epoch=3, epochs=3)",
    "whole": NET + "m.compile('sgd', 'mse')\nm.fit(g, steps_per_epoch=n // 32)",
    "cut": K + "v = keras.layers.TextVectorization()\nv.adapt(['深度 学习 很 有意思'])",
    "characters": K
    + "v = keras.layers.TextVectorization(split='character')\nv.adapt(['深度学习'])",
    "implementation": K + "keras.layers.LSTM(4, implementation=2)",
    "branches": RESUMED.format(
        "if test:\n    m.load_weights('w.weights.h5')\nelse:\n    m.fit(a, b)"
    ),
    "left": RESUMED.format(
        "def f():\n    if test:\n        m.load_weights('w.weights.h5')\n"
        "        return\n    m.fit(a, b)\nf()"
    ),
    "appended to lists": K + "import pandas as pd\na = []\na.append(pd.read_csv('a'))\n"
    "class C:\n    def append(self, x):\n        return self\nb = C().append(1)",
    "several inputs": NET + "m.compile('sgd', 'mse')\n"
    "m.fit([a, b], [c, c, c], validation_split=0.1)",
    "no layer": "from keras.src.layers.layer import Layer\n"
    "from keras.src.layers.input_spec import InputSpec\nprint(InputSpec(ndim=2).shape)",
    "of the API": K
    + "import tensorflow as tf\ntf.math.log(tf.random.uniform([2])), tf.io.gfile.glob('*')",
    "patches": K + "keras.layers.Conv2D(96, 4, 4)",
    "filled later": NET + "import numpy as np\ny = []\nfor i in d:\n    y.append(i)\n"
    "y = np.array(y)\nm.compile('sgd', 'mse')\nm.fit(x, y, validation_split=0.1)",
    "one by one": K + "keras.layers.Conv2D(8, 1, 1)",
    "saved for others": K + "import gensim, nets\nv = gensim.models.Word2Vec.load('v')\n"
    "v.save('v.model')\nnets.model.save('net.keras')\nfigure = nets.draw()\nfigure.save('a')\n"
    "nets.model.save('net.pkl')",
    "embedding by name": K + "keras.layers.Embedding(input_dim=9, output_dim=4)",
    "by name": LAYER.format("return self.d(x)")
    + "L()(x, training=True)\nL()(x, None)\nL()([x, y])",
    "words by position": K + "keras.layers.TextVectorization()(['a', 'b'])\n"
    "keras.Sequential([keras.Input((2,))])([[0.0, 1.0]])",
    "layer of another": K + "from nets import Net\nNet()(x, True)",
    "own properties": K + "class C(keras.callbacks.Callback):\n    def __init__(self, other):\n"
    "        super().__init__()\n        self.other = other\n"
    "class D(keras.layers.Layer):\n    dtype = 'x'\n    def build(self, shape):\n"
    "        self.dtype = 3",
    "step cast": K + "import tensorflow as tf\n"
    "class S(keras.optimizers.schedules.LearningRateSchedule):\n"
    "    def __call__(self, step):\n        step = tf.cast(step, 'float32')\n"
    "        return tf.math.rsqrt(step)",
    "public of the backend": K + "keras.backend.epsilon()\nkeras.backend.__name__",
    "K of another": "import keras\nfrom cluster import K\nK.get_session()",
    "path of a file": NET + "class G:\n    def path(self, name):\n"
    "        return name + '-weights.h5'\nm.save_weights(G.path(G(), 'a'))",
    "loaded and trained apart": NET + "p = 'w.weights.h5'\nclass A:\n    def load(self):\n"
    "        m.load_weights(p)\n    def learn(self):\n        m.compile('sgd', 'mse')\n"
    "        m.fit(a, b)\n        m.save_weights(p)",
    "shown and made again": "from tensorflow.keras.utils import to_categorical\n"
    + NET
    + "d = keras.Sequential([keras.layers.RandomFlip()])\n"
    "d = keras.Sequential([keras.layers.RandomFlip()])\nm.compile('sgd', 'mse')\nm.fit(d(a), b)",
    "defined for an old version": K + "old = keras.__version__ < '3'\nif old:\n"
    "    def where(x):\n        return keras.backend.shape(x)\n"
    "    class M(keras.Model):\n        def learn(self, x):\n            self.fit_generator(x)",
    "name given to a module": K + "keras.backend.dtype = f\nkeras.backend.dtype(x)\n"
    "keras.losses.mine = f\nkeras.losses.mine(y, z)",
    "suffix asked for": K + "class N(keras.Model):\n"
    "    def load_weights(self, path, **more):\n        if path.endswith('.pt'):\n"
    "            return read(path)\n        super().load_weights(path, **more)\n"
    "N().load_weights('a.pt')",
    "loss of a function": "def f(x):\n    return x\n" + NET + "z = keras.Input((2,))\nf(z)\n"
    "m.compile('sgd', lambda a, b: f(b) - a)",
    "hub on tensors": K + "import tensorflow_hub as hub\ne = hub.KerasLayer(u)\ne(['a text'])",
    "hub of Keras 2": "import tf_keras as keras\nimport tensorflow_hub as hub\n"
    "m = keras.Sequential([hub.KerasLayer(u)])",
    "private and there": K + "from tensorflow.python.ops import rnn\n"
    "from tensorflow.python.client import device_lib\n"
    "import tensorflow.python.ops.array_ops as a\na.shape(1)\n"
    "from tensorflow.python.framework.ops import x",
    "validated": DATA + NET + "x_test = y_test = a\nm.compile('sgd', 'mse')\n"
    "m.fit(a, b, validation_data=(x_test, y_test))",
    "text of anything at the end": NET + "m.save_weights(a + str(b))\nm.save(f'{a}_{b}')",
    "files of bytes": K + "import csv, pickle\nx = pickle.load(open('a', 'rb'))\n"
    "pickle.dump(x, open('b', mode))\nw = csv.writer(open('c', 'w'))\nw.writerow(x)",
    "lists of today": K + "import numpy as np\na = list(map(int, b))[0]\nr = range(4)\n"
    "print(r[0], len(r), len(d.keys()), np.array(r))\nfor i, j in zip(a, r):\n    print(i[0])",
    "named of pandas": K
    + "import pandas as pd\nt = pd.read_csv('a', sep=';').drop(['b'], axis=1)\n"
    "t.to_csv('a')\nt.fillna(0)\nfiles = []\nfiles.append(t)\nprint(t.keys()[0], t['a'].value)",
    "functions of two": K + "from nets import Pairs\ndef f(loss, x):\n    return loss(x, True)\n"
    "def g(model, x, y):\n    return model(x, y), Pairs()(x, True)",
    "initializers of today": K + "def start(shape, dtype=None):\n    return f(shape, dtype)\n"
    "def other(shape, **more):\n    return f(shape)\n"
    "keras.layers.Dense(3, kernel_initializer=start, bias_initializer=other)",
    "data of seaborn": K + "import seaborn as sns\nsns.boxplot(data['a'])\n"
    "sns.barplot(x='a', y='b', data=data)\nsns.countplot(data)\nsns.countplot(x=data['a'])",
    "outputs of one's own": K + "class N(keras.Model):\n    def f(self):\n        self.outputs = 3",
    "methods of one's own": K + "from nets import Net\nn = Net()\n"
    "n.fit_generator(g, nb_epoch=3, samples_per_epoch=4, folder='a')",
    "methods called like functions of pandas": K + "import pandas as pd\na.concat([b], 1)\n",
    "numbers of predictions": K + "import numpy as np\ndef f(model, x):\n"
    "    return float(model.predict(x)[0, 0]), int(np.argmax(model.predict(x)))",
    "kernel and stride by name": K + "keras.layers.Conv2D(n, size, step, name='a')",
    "shape in parentheses": K + "def f(image_shape):\n    return keras.Input((image_shape))",
    "vectors of gensim": K
    + "from gensim.models import Word2Vec\nw = Word2Vec.load('a')\nw.wv.similarity(w.wv['b'])",
    "initializer of a layer": K + "class A(keras.layers.Layer):\n    def build(self, shape):\n"
    "        self.start = keras.initializers.RandomNormal(stddev=0.1)\n"
    "        assert not self.trainable_weights",
    "attributes of compat.v1": "from tensorflow.compat.v1 import keras\n"
    "import tensorflow.compat.v1 as tf\ntf.keras.layers.Dense(3)\nkeras.layers.Dense(3)",
    "annotations that are not read": "from __future__ import annotations\n"
    "import keras.backend as K\ndef f(y: K.tf.Tensor) -> 'K.tf.Tensor':\n    return y",
    "what wraps a model": K + "from nets import Storage\ndef f(model):\n"
    "    store = Storage(model=model, path='a')\n    store.save(save_format='keras')",
    "a version in a name": NET + "n = 'b.weights.h5'\nm.save_weights('w_{}'.format(n))",
    "weights of another package": K + "from xgboost import Net\nm = Net()\nm.summary()\n"
    "m.save_weights('a.h5')",
    "a method for weights of an own class": K + "class Net:\n    def summary(self):\n"
    "        pass\n    def save_weights(self, path):\n        pass\nn = Net()\nn.summary()\n"
    "n.save_weights('a.h5')",
    "what a layer of one's own has": K + "class A(keras.layers.Dense):\n    side = 3\n"
    "    def help(self):\n        return self.side\n    @property\n    def area(self):\n"
    "        return self.width\nclass B(A):\n    width = 3\n    def call(self, x):\n"
    "        self.depth = self.help()\n        return self.area, self.depth, self.side, self.units",
    "what a mixin may have": K + "from nets import Padded\n"
    "class P(Padded, keras.layers.ZeroPadding2D):\n    def f(self):\n        self.top_pad",
    "what is set by its name": K + "class P(keras.layers.Dense):\n    def f(self, names):\n"
    "        for name in names:\n            setattr(self, name, 1)\n        return self.top_pad",
    "single numbers of numpy": K + DATA + "float(np.random.rand())\nint(np.random.randint(9))\n"
    "int(np.zeros((8, 1))[3][0])\nint(np.zeros(3)[0])\nint(np.argmax(np.array([1, 2]), axis=0))\n"
    "float(np.array(3))\nfor one in np.ones(4):\n    int(one)",
    "arrays in other functions": K + "import numpy as np\nf = lambda x: x.sum(-1)\n"
    "g = keras.layers.Lambda(lambda x: x * np.ones(3).sum())\n"
    "h = keras.layers.Lambda(lambda x: list(map(lambda y: y.sum(), x)))",
    "image of pillow": K + "from PIL import Image\nImage.open('a')",
}


@pytest.mark.parametrize("name", FOUND)
def test_a_kind_of_fault_is_found(name: str) -> None:
    source, expected = FOUND[name]
    assert codes(source) == expected.split()


STARRED = "from keras.layers.core import *\n"


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("print(len(x), MaxPooling1D())", []),
        ("Merge([a, b], mode='sum')\nMaxoutDense(3)", ["KT118", "KT117"]),
        ("Convolution1D(3, 3, border_mode='same')", ["KT213"]),
    ],
)
def test_a_star_of_a_module_that_is_gone_is_told_of_once(text: str, more: list[str]) -> None:
    assert codes(STARRED + text) == ["KT106", *more]


@pytest.mark.parametrize("name", CLEAN)
def test_what_is_like_it_and_right_is_not(name: str) -> None:
    assert codes(CLEAN[name]) == []


@pytest.mark.parametrize("leaves", ["break", "continue"])
def test_what_a_loop_defines_before_it_is_left_is_defined(leaves: str) -> None:
    text = (
        K + f"def f(pairs):\n    for i, p in enumerate(pairs):\n        if i == 3:\n"
        f"            x = p\n            {leaves}\n        print(i)\n    return x"
    )
    assert not check_document(parse_document(Text(text), "x.py", ".py"))


def test_a_prompt_in_a_text_of_a_block_is_none() -> None:
    block = "from keras.layers import Merge\ndef f():\n    '''Example:\n    >>> f()\n    '''"
    assert codes(page(block), ".md") == ["KT118"]


def test_what_a_later_cell_imports_is_understood_before() -> None:
    sources = ["layer = keras.layers.Dense(3, init='uniform')", "import keras"]
    cells = [{"cell_type": "code", "source": source} for source in sources]
    document = parse_document(Text(json.dumps({"cells": cells})), "x.ipynb", ".ipynb")
    assert [one.rule.code for one in check_document(document)] == ["KT502", "KT211"]


def page(*blocks: str) -> str:
    return "\n".join(f"```python\n{block}\n```\n" for block in blocks)


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        (["keras.layers.Dense(4, init='uniform')"], ["KT211"]),
        (["opt = tf.keras.optimizers.Adam(lr=0.1)"], ["KT201"]),
        (["SGD(lr=0.1)", "from keras.optimizers import SGD"], ["KT201"]),
        (["Dense(4, init='uniform')", "import keras"], ["KT211"]),
        (["m.add(Dense(4))", "from keras.layers.core import Dense"], ["KT106"]),
        (["# first\n    m = keras.layers.Dense(4)\n    m.build()"], []),
        (["y = np_utils.to_categorical(K.sum(y))", "import keras"], ["KT104", "KT122"]),
        (["import keras", "import torch\nAdam(net.parameters(), lr=0.1)"], []),
        (["CuDNNLSTM(4)", "import keras"], ["KT115"]),
        (
            [
                NET.replace("sigmoid", "linear"),
                "m.compile('sgd', 'binary_crossentropy')\nm.compile('adam', 'poisson')",
            ],
            [],
        ),
        (["metrics.append(SGD(net.parameters(), lr=0.1))"], []),
        (["model.fit(x_train, y_train)", "import keras\nmodel = keras.Sequential()"], []),
        (["import keras\nm.compile('sgd', metrics=[metrics.mae])\nmetrics.append(3)"], ["KT133"]),
    ],
)
def test_a_page_is_read_as_if_it_had_its_imports(blocks: list[str], expected: list[str]) -> None:
    assert codes(page(*blocks), ".md") == expected


@pytest.mark.parametrize(
    ("prose", "expected"),
    [
        ("> 1. Then `model.fit(x, y, nb_epoch=5)` 训练.", ["KT228"]),
        ("`m.compile('sgd', optimizer=keras.optimizers.SGD(lr=0.1))`", ["KT201"]),
        ("`fit_generator`, `model.fit_generator(...)` and `nb_epoch=5` are gone.", []),
        ("`model.fit(x, y, epochs=5)`", []),
    ],
)
def test_code_within_prose_is_told_of_what_it_calls(prose: str, expected: list[str]) -> None:
    assert codes(f"# Keras\n\n{prose}\n", ".md") == expected


def test_blanks_of_a_page_are_put_right() -> None:
    block = (
        "from keras.datasets import imdb\nx, y = imdb.load_data(\n\u00a0\u3000 nb_words=9)  # 中"
    )
    text = Text(page(block))
    found = check_document(parse_document(text, "x.md", ".md"))
    assert [(one.rule.code, one.location.column) for one in found] == [("KT000", 1), ("KT260", 4)]
    mended, _ = fix_text(text, "x.md", Selection(("KT0", "KT2")), unsafe=False)
    assert mended == page(block).replace("\u00a0\u3000", "  ").replace("nb_words", "num_words")


def test_prints_beside_what_cannot_be_read_are_told_of() -> None:
    text = page("import keras\nx = keras.Input((3,))\nprint x, 3\n'''\n[0.3,")
    found = check_document(parse_document(Text(text), "x.md", ".md"))
    assert [(one.rule.code, one.location.row) for one in found] == [("KT000", 4), ("KT000", 5)]


def test_prints_of_a_page_are_told_of_where_nothing_says_python() -> None:
    text = "```\nimport keras\nx = keras.Input((3,))\nprint x, 3\n```\n"
    assert codes(text, ".md") == ["KT000"]


@pytest.mark.parametrize("mark", ["", "shell", "text"])
def test_python_under_another_mark_is_read(mark: str) -> None:
    blocks = "from keras.optimizers import Adam\nx = Adam(lr=0.1)", "pip install keras\nls"
    text = "".join(f"```{mark}\n{block}\n```\n\n" for block in blocks)
    assert codes(text, ".md") == ["KT201"]


def test_placeholders_of_a_page_are_notes() -> None:
    text = page("import keras\nmodel.fit(x_train, image)", "np.ones(3)")
    found = check_document(parse_document(Text(text), "x.md", ".md"))
    assert [(one.rule.code, one.values["name"]) for one in found] == [("KT501", "np")]


def test_a_kind_has_no_article() -> None:
    text = NET + "m.compile('sgd', 'mse')\nm.optimizer.zero_grad()"
    (found,) = check_document(parse_document(Text(text), "x.py", ".py"))
    assert found.message() == "optimizers of Keras 3 have no `zero_grad`"


INIT = "keras.layers.Dense(4, init='normal')"


@pytest.mark.parametrize(
    ("lines", "rows"),
    [
        ([f"{INIT} {INIT} {INIT}"], [2, 2, 2]),
        (["def f():", f"    {INIT} return 3"], [3]),
        (["for a in b:", f"a.add({INIT})", "a.compile(metrics=[],", f"loss={INIT})"], [3, 5]),
        (["def f(n):", "x = keras.Sequential()", f"x.add(n, {INIT})", "return x"], [4]),
        (["def f():", "    x = 3", f"\tx = {INIT}", "    return x"], [4]),
        (["def f():", "\tx = 3", f"        x = {INIT}", "\treturn x"], [4]),
        (["f(3,", "  x=4 # c", f"  y={INIT})"], [4]),
        (["for a in b", f"    {INIT}"], [3]),
        (["def f():", "    a.add([", "        3,", f"    {INIT}", f"    {INIT}"], [5, 6]),
        (["x = 3", f"   {INIT}", "   f(3,", f"     {INIT})"], [3, 5]),
        (["x = f(..)", "y = g(3, ..)"], []),
        (["x = a['acc", f"y = {INIT}"], [3]),
    ],
)
def test_what_is_no_python_hides_little(lines: list[str], rows: list[int]) -> None:
    text = "\n".join(["import keras", *lines, INIT]) + "\n"
    found = check_document(parse_document(Text(text), "x.py", ".py"))
    told = [one for one in found if one.rule.code == "KT211"]
    assert [one.location.row for one in told] == [*rows, len(lines) + 2]
    assert {one.line[one.location.column - 1 :][:4] for one in told} == {"init"}
