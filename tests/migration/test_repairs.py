"""What a run tells is put right, and nothing beside it."""

from itertools import product
from pathlib import Path
from typing import Any

import keras
import numpy
import pandas
import pytest

from kerastut.migration.programs import Program
from kerastut.migration.repairs import repairs
from kerastut.migration.rewriting import piece
from kerastut.migration.running import Execution

REPAIRED = [
    (
        "import keras\ntf.contrib.eager.enable_eager_execution()\ntf.contrib.rnn.LSTMCell(3)",
        "AttributeError: module 'tensorflow._api.v2.compat.v1' has no attribute 'contrib'",
        "import keras\npass\ntf.contrib.rnn.LSTMCell(3)",
    ),
    (
        "import keras\nkeep = ModelCheckpoint(p, verbose=None, mode='max')",
        "TypeError: '>' not supported between instances of 'NoneType' and 'int'",
        "keep = ModelCheckpoint(p, mode='max', verbose=0)",
    ),
    *(
        (
            f"import keras\nx = {old}",
            "ValueError: Cannot convert '100' to a shape.",
            f"import keras\nx = {new}",
        )
        for old, new in (
            ("Input(shape=count, name='x')", "Input(shape=(count,), name='x')"),
            ("keras.Input(count)", "keras.Input((count,))"),
        )
    ),
    (
        "class Net(keras.Model):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        self.last = Dense(1)  # of all\n"
        "    def train_step(self, data):\n"
        "        return {}",
        "ValueError: You are saving a model that has not yet been built. Try building the model "
        "first by calling it on some data or by using `build()`.",
        "        super().__init__()\n"
        "        self.built = True\n"
        "        self.last = Dense(1)  # of all\n",
    ),
    *(
        (
            "import keras\n"
            "sizes = 2\n"
            "spread = keras.layers.Dense(2)(x)\n"
            f"net = Model(x, Loss()({old}))\n"
            "class Loss(keras.layers.Layer):\n"
            "    def call(self, inputs):\n"
            "        first = inputs\n"
            "        self.add_loss(spread + sizes)",
            error,
            f"net = Model(x, Loss()([{new}]))\n"
            "class Loss(keras.layers.Layer):\n"
            "    def call(self, inputs):\n"
            f"        self.spread = inputs[{count}]\n"
            f"        inputs = inputs[{kept}]\n"
            "        first = inputs\n"
            "        self.add_loss(self.spread + sizes)",
        )
        for old, new, count, kept in (("x", "x, spread", 1, 0), ("[x, y]", "x, y, spread", 2, ":2"))
        for error in (
            "ValueError: A KerasTensor cannot be used as input to a TensorFlow function.",
            "ValueError: `add_loss()` can only be called from inside `build()` or `call()`, on a "
            "tensor input. Received invalid value: <KerasTensor shape=()>",
        )
    ),
    (
        "import keras\nstop = EarlyStopping(monitor='val_crf_accuracy', mode='max')\n"
        "keep = ModelCheckpoint(monitor='val_crf_accuracy', filepath=p)",
        "ValueError: ModelCheckpoint callback received monitor=val_crf_accuracy, but Keras isn't "
        "able to automatically determine whether that metric should be maximized",
        "stop = EarlyStopping(monitor='val_crf_accuracy', mode='max')\n"
        "keep = ModelCheckpoint(monitor='val_crf_accuracy', mode='max', filepath=p)",
    ),
    (
        "import keras\nax.set_xticklabels(names, rotation=90)",
        "ValueError: The number of FixedLocator locations (3), usually from a call to set_ticks, "
        "does not match the number of labels (4).",
        "ax.set_xticklabels([*names, *[''] * len(ax.get_xticks())][:len(ax.get_xticks())]"
        ", rotation=90)",
    ),
    (
        "import keras\nprint(net.fit(x, y).history['loss'])",
        "AttributeError: 'KerasClassifier' object has no attribute 'history'",
        "print(net.fit(x, y).history_['loss'])",
    ),
    (
        "from cv2 import cv2",
        "ImportError: Bindings generation error. Submodule name should always start with a parent "
        "module name. Parent name: cv2.cv2. Submodule name: cv2",
        "import cv2 as cv2",
    ),
    (
        "table = table.drop(columns=2, axis=1)",
        "ValueError: Cannot specify both 'axis' and 'index'/'columns'",
        "table = table.drop(columns=2)",
    ),
    (
        "import keras\nprint(table.corr())",
        "ValueError: could not convert string to float: 'none'",
        "print(table.corr(numeric_only=True))",
    ),
    (
        "axes.set_xticks([1], ['one'])\naxes.set_xticks(range(9), 1.8)",
        "TypeError: labels=1.8 must be a sequence",
        "axes.set_xticks([1], ['one'])\naxes.set_xticks(range(9), minor=1.8)",
    ),
    (
        "table.fillna(method='ffill', inplace=True)\ntable.fillna(0, inplace=True)",
        "TypeError: NDFrame.fillna() got an unexpected keyword argument 'method'",
        "table.ffill(inplace=True)\ntable.fillna(0, inplace=True)",
    ),
    ("text = open(p, 'rU').read()", "ValueError: invalid mode: 'rU'", "text = open(p, 'r').read()"),
    (
        "size = font.getsize(word)",
        "AttributeError: 'FreeTypeFont' object has no attribute 'getsize'",
        "size = font.getbbox(word)[2:]",
    ),
    (
        "wide, high = drawing.textsize(word, font=font)",
        "AttributeError: 'ImageDraw' object has no attribute 'textsize'",
        "wide, high = drawing.textbbox((0, 0), word, font=font)[2:]",
    ),
    (
        "mean = table.groupby('kind').mean()",
        "TypeError: dtype 'str' does not support operation 'mean'",
        "mean = table.groupby('kind').mean(numeric_only=True)",
    ),
    (
        "import pandas\nall = pandas.concat([table, {'a': 3}], ignore_index=True)",
        "TypeError: cannot concatenate object of type '<class 'dict'>'; only Series and DataFrame "
        "objs are valid",
        "all = pandas.concat([table, pandas.DataFrame([{'a': 3}])], ignore_index=True)",
    ),
    (
        "import keras\nprint(table.mean(axis=0))",
        "TypeError: Cannot perform reduction 'mean' with string dtype",
        "print(table.mean(numeric_only=True, axis=0))",
    ),
    (
        "y = numpy.array(rows[-4:])",
        "ValueError: setting an array element with a sequence. The requested array has an "
        "inhomogeneous shape after 1 dimensions.",
        "y = numpy.array([numpy.squeeze(one) for one in rows[-4:]])",
    ),
    (
        "plt.plot(times, values)",
        "ValueError: setting an array element with a sequence. The requested array has an "
        "inhomogeneous shape after 1 dimensions.",
        "plt.plot(times, [numpy.squeeze(one) for one in values])",
    ),
    *(
        (
            f"import keras\nkeep = ModelCheckpoint({old})",
            "ValueError: ModelCheckpoint callback received monitor=val_accuracy, but Keras isn't "
            "able to automatically determine whether that metric should be maximized",
            f"keep = ModelCheckpoint({new})",
        )
        for old, new in (
            ("p, monitor='val_accuracy', mode='auto'", "p, monitor='val_accuracy', mode='max'"),
            ("p, monitor='val_accuracy'", "p, monitor='val_accuracy', mode='max'"),
        )
    ),
    (
        "import keras\nsearched = {'epochs': [1], 'rate': [0.1, 1]}",
        "scikeras/wrappers.py\nTypeError: made() missing 1 required positional argument: 'rate'",
        "searched = {'epochs': [1], 'model__rate': [0.1, 1]}",
    ),
    (
        "data = reuters\nx = data.load_data(nb_words=9)",
        "TypeError: load_data() got an unexpected keyword argument 'nb_words'",
        "data.load_data(num_words=9)",
    ),
    (
        "import keras\nmodel.fit(x, y=[1], validation_data=[a, b], epochs=n)",
        "ValueError: Unrecognized data type: x=[1, 2] (of type <class 'list'>)",
        "model.fit(x, y=numpy.array([1]), validation_data=[a, numpy.array(b)], epochs=n)",
    ),
    (
        "import keras\nmodel.predict(x)",
        "ValueError: Unrecognized data type: x=[1, 2] (of type <class 'list'>)",
        "import numpy\nimport keras\nmodel.predict(numpy.array(x))",
    ),
    (
        "import keras\nmodel.train_on_batch(x, [label])",
        "ValueError: Arguments `target` and `output` must have the same rank (ndim). Received:"
        " target.shape=(), output.shape=(1, 1)",
        "model.train_on_batch(numpy.array(x), numpy.array([label]))",
    ),
    (
        "first = net.layers[0].input\nModel(inputs=[first], outputs=net.layers[2].output)",
        "ValueError: `inputs` argument cannot be empty. Received:\ninputs=[[]]\noutputs=[]",
        "first = net.input\nModel(inputs=[first], outputs=net.layers[2].output)",
    ),
    (
        "from keras.callbacks import warnings, Callback",
        "ImportError: cannot import name 'warnings' from 'keras.callbacks' (callbacks/__init__.py)",
        "import warnings as warnings; from keras.callbacks import Callback",
    ),
    (
        "import pandas\ntable = pandas.read_csv('a.csv', squeeze=True)",
        "TypeError: read_csv() got an unexpected keyword argument 'squeeze'",
        "table = pandas.read_csv('a.csv').squeeze('columns')",
    ),
    (
        "import pandas\ntable = pandas.read_excel('a.xls', header=None, index=None)",
        "TypeError: read_excel() got an unexpected keyword argument 'index'",
        "table = pandas.read_excel('a.xls', header=None)",
    ),
    (
        "import plaidml.keras\nplaidml.keras.install_backend()\nimport keras",
        "ModuleNotFoundError: No module named 'plaidml'",
        "pass\npass\nimport keras",
    ),
    (
        "from keras_preprocessing.text import Tokenizer",
        "ModuleNotFoundError: No module named 'keras_preprocessing'",
        "from tensorflow.keras.preprocessing.text import Tokenizer",
    ),
    (
        "import efficientnet.keras as efn\nimport efficientnet.tfkeras",
        "ModuleNotFoundError: No module named 'efficientnet'",
        "import keras.applications as efn\n"
        "import keras.applications, keras.applications as efficientnet",
    ),
    (
        "import gym, keras\nfrom gym.wrappers import Monitor",
        "ModuleNotFoundError: No module named 'gym'",
        "import gymnasium as gym, keras\nfrom gymnasium.wrappers import Monitor",
    ),
    (
        "from keras.optimizers import Adam, optimizer_from_config",
        "ImportError: cannot import name 'optimizer_from_config' from 'keras.optimizers' (a.py)",
        "from keras.optimizers import deserialize as optimizer_from_config;"
        " from keras.optimizers import Adam",
    ),
    (
        "import keras\nnet.fit(flow(), samples_per_epoch=9, epochs=2)",
        "TypeError: TensorFlowTrainer.fit() got an unexpected keyword argument 'samples_per_epoch'",
        "net.fit(flow(), steps_per_epoch=9, epochs=2)",
    ),
    (
        "board = TensorBoard()\nboard.writer.flush()",
        "AttributeError: 'TensorBoard' object has no attribute 'writer'",
        "FileWriter(board.log_dir).flush()",
    ),
    (
        "x = K.reshape(numpy.reshape(y, newshape=(2, 3)))",
        "TypeError: reshape() got an unexpected keyword argument 'newshape'",
        "x = K.reshape(numpy.reshape(y, shape=(2, 3)))",
    ),
    (
        "from keras import backend as K\nsess = K.get_session()",
        "AttributeError: module 'keras.backend' has no attribute 'get_session'",
        "import tensorflow as tf\nfrom keras import backend as K\nsess = tf.compat.v1.Session()",
    ),
    (
        "print(len(K.tensorflow_backend._get_available_gpus()))",
        "AttributeError: module 'keras.backend' has no attribute 'tensorflow_backend'",
        "print(len(K._get_available_gpus()))",
    ),
    (
        "import tensorflow as tf\nx = tf.compat.v1.placeholder(tf.float32, (None, 3))",
        "RuntimeError: tf.placeholder() is not compatible with eager execution.",
        "import tensorflow as tf; tf.compat.v1.disable_eager_execution()\n"
        "import tensorflow as tf\nx = tf.compat.v1.placeholder(tf.float32, (None, 3))",
    ),
    (
        "saver = tf.train.Saver()",
        "AttributeError: module 'tensorflow._api.v2.train' has no attribute 'Saver'",
        "saver = tf.compat.v1.train.Saver()",
    ),
    (
        "class A:\n"
        "    def __init__(self):\n"
        "        self.session = tf.compat.v1.Session(graph=self.graph)\n"
        "        with self.graph.as_default(), writer.as_default():\n"
        "            self.session.run(start)\n"
        "            net.fit(x, y)",
        "RuntimeError: `tf.data.Dataset` only supports Python-style iteration in eager mode or",
        "import contextlib\nclass A:\n"
        "    def __init__(self):\n"
        "        self.session = tf.compat.v1.Session(graph=self.graph)\n"
        "        with contextlib.nullcontext(self.graph), writer.as_default():\n"
        "            (start)\n"
        "            net.fit(x, y)",
    ),
    (
        "import keras\nf = keras.Function(x + [K.learning_phase()], [y])",
        "AttributeError: module 'keras.backend' has no attribute 'learning_phase'",
        "import keras\nf = phased(x, [y])",
    ),
    (
        "net = Sequential([Dense(env.n), Activation('relu'), layers.Dense(units=n)])",
        "ValueError: Received an invalid value for `units`, expected a positive integer."
        " Received: units=2",
        "net = Sequential([Dense(int(env.n)), Activation('relu'), layers.Dense(units=int(n))])",
    ),
    (
        "from nets import *\nreg = l1l2(l1=0.1)",
        "NameError: name 'l1l2' is not defined",
        "from keras.regularizers import L1L2 as l1l2\nfrom nets import *\nreg = l1l2(l1=0.1)",
    ),
    (
        "import keras\nmodel.fit(safe_iter(), epochs=2)",
        "ValueError: Unrecognized data type: x=<__main__.safe_iter object at 0x7f> (of type",
        "model.fit((one for one in safe_iter()), epochs=2)",
    ),
    (
        "import matplotlib.pyplot as plt\nfrom matplotlib.finance import candle\nplt.plot(x)",
        "ModuleNotFoundError: No module named 'matplotlib.finance'",
        "import matplotlib.pyplot as plt\npass\nplt.plot(x)",
    ),
    (
        "import sys\nsys.setdefaultencoding('utf8')",
        "AttributeError: module 'sys' has no attribute 'setdefaultencoding'",
        "import sys\npass",
    ),
    (
        "import tensorflow as tf\ntf.python.control_flow_ops = tf",
        "AttributeError: module 'tensorflow' has no attribute 'python'",
        "import tensorflow as tf\npass",
    ),
    (
        "def on_epoch_end(self, epoch, logs):\n    print(logs['loss'].item())",
        "AttributeError: 'float' object has no attribute 'item'",
        "print(float(logs['loss']))",
    ),
    (
        "def train(net, flow):\n"
        "    net.fit_generator(flow, 20, 3, nb_val_samples=9, workers=4, callbacks=[stop])",
        "AttributeError: 'Sequential' object has no attribute 'fit_generator'",
        "net.fit(flow, steps_per_epoch=20, epochs=3, validation_steps=9, callbacks=[stop])",
    ),
    (
        "for _, row in table.iterrows():\n    row[0] = row[0].strip() + row['a']",
        'File "pandas/core/series.py", line 1, in get\nKeyError: 0',
        "row.iloc[0] = row.iloc[0].strip() + row['a']",
    ),
    (
        "words = model.wv.vocab",
        "AttributeError: The vocab attribute was removed from KeyedVector in Gensim 4.0.0.",
        "model.wv.key_to_index",
    ),
    (
        "import tensorflow as tf\nwriter = tf.summary.FileWriter('logs')",
        "AttributeError: module 'tensorflow._api.v2.summary' has no attribute 'FileWriter'",
        "writer = FileWriter('logs')",
    ),
    ("for i in xrange(3): pass", "NameError: name 'xrange' is not defined", "range(3)"),
    (
        "# head\nx = reduce(max, [1])",
        "NameError: name 'reduce' is not defined",
        "# head\nfrom functools import reduce\nx = reduce",
    ),
    (
        "from other import *\nx = keras.layers.Dense(3)",
        "NameError: name 'keras' is not defined",
        "import keras\nfrom other import *\nx = keras.layers.Dense(3)",
    ),
    (
        "import sys\nreload(sys)",
        "NameError: name 'reload' is not defined",
        "import importlib\nimport sys\nimportlib.reload(sys)",
    ),
    ("get_ipython().magic('pylab')", "NameError: name 'get_ipython' is not defined", "pass"),
    (
        "from IPython import get_ipython\nget_ipython().run_line_magic('matplotlib', 'inline')",
        "AttributeError: 'NoneType' object has no attribute 'run_line_magic'",
        "from IPython import get_ipython\npass",
    ),
    (
        "import commands",
        "ModuleNotFoundError: No module named 'commands'",
        "import subprocess as commands",
    ),
    (
        "from StringIO import StringIO",
        "ModuleNotFoundError: No module named 'StringIO'",
        "from io import StringIO",
    ),
    (
        "from sklearn.cross_validation import train_test_split as split",
        "ModuleNotFoundError: No module named 'sklearn.cross_validation'",
        "from sklearn.model_selection import train_test_split as split",
    ),
    (
        "from sklearn.preprocessing import Binarizer, Imputer as Mean",
        "ImportError: cannot import name 'Imputer' from 'sklearn.preprocessing' (unknown location)",
        "from sklearn.impute import SimpleImputer as Mean; from sklearn.preprocessing import Bin",
    ),
    (
        "from keras_preprocessing import text as t",
        "ModuleNotFoundError: No module named 'keras_preprocessing'",
        "from tensorflow.keras.preprocessing import text as t",
    ),
    (
        "x = batches.next()[0]",
        "AttributeError: 'DirectoryIterator' object has no attribute 'next'",
        "x = next(batches)[0]",
    ),
    (
        "import tensorflow\nx = tensorflow.placeholder(tensorflow.float32)",
        "AttributeError: module 'tensorflow' has no attribute 'placeholder'",
        "x = tensorflow.compat.v1.placeholder(tensorflow.float32)",
    ),
    (
        "x = net.layers[1].get_input_at(0)",
        "AttributeError: 'Dense' object has no attribute 'get_input_at'",
        "x = net.layers[1].input",
    ),
    (
        "for k in {}.iteritems(): pass",
        "AttributeError: 'dict' object has no attribute 'iteritems'",
        "{}.items()",
    ),
    (
        "1 in {} or {}.has_key(1)",
        "AttributeError: 'dict' object has no attribute 'has_key'",
        "or (1 in {})",
    ),
    (
        "from io import StringIO\nStringIO().write(b'')",
        "TypeError: string argument expected, got 'bytes'",
        "io.BytesIO().write(b'')",
    ),
    (
        "count = x.shape[0] / size\ny[:size] = 0.9\nfor i in range(count): y = len(x) / 2",
        "TypeError: 'float' object cannot be interpreted as an integer",
        "count = x.shape[0] // size\ny[:size] = 0.9\nfor i in range(count): y = len(x) / 2",
    ),
    (
        "import tensorflow as tf\none = tf.compat.v1.Session()\nx = one.run([a, b])\nother.run(x)",
        "RuntimeError: The Session graph is empty. Add operations to the graph before.",
        "x = ([a, b])\nother.run(x)",
    ),
    (
        "from keras.layers import Dense\nmodel.fit(table.values, y=y.values, epochs=3)",
        "ValueError: Invalid dtype: object",
        "model.fit(numpy.asarray(table.values, 'float32'), y=numpy.asarray(y.values, 'float32'), ",
    ),
    (
        "from tensorflow.python.keras.preprocessing.sequence import pad_sequences\n"
        "from tensorflow.python.keras.layers import Dense as D",
        "ModuleNotFoundError: No module named 'tensorflow.python.keras.preprocessing'",
        "from tensorflow.keras.preprocessing.sequence import pad_sequences\n"
        "from tensorflow.keras.layers import Dense as D",
    ),
    (
        "with tf.Session(config=c) as s:\n    print(s.run(a), s.run(a, feed_dict={}))",
        "RuntimeError: The Session graph is empty. Add operations to the graph before.",
        "print((a), s.run(a, feed_dict={}))",
    ),
    (
        "from keras.layers import Embedding\nEmbedding(x.max(), 3)",
        "ValueError: `input_dim` must be a positive integer. Received: input_dim=9 (of type int32)",
        "Embedding(int(x.max()), 3)",
    ),
    (
        "import keras\nkeras.layers.Dense(np.prod(shape))",
        "ValueError: Received an invalid value for `units`, expected a positive integer."
        " Received: units=3072",
        "keras.layers.Dense(int(np.prod(shape)))",
    ),
    (
        "from keras.layers import Dense\nmodel.add(Dense(classes))",
        "ValueError: Received an invalid value for `units`, expected a positive integer."
        " Received: units=46",
        "model.add(Dense(int(classes)))",
    ),
    (
        "from pandas import datetime, read_csv",
        "ImportError: cannot import name 'datetime' from 'pandas' (unknown location)",
        "from datetime import datetime as datetime; from pandas import read_csv",
    ),
    (
        "import tensorflow as tf\ngraph = tf.get_default_graph()",
        "AttributeError: module 'tensorflow' has no attribute 'get_default_graph'",
        "graph = tf.compat.v1.get_default_graph()",
    ),
    (
        "import os\nos.environ['KERAS_BACKEND'] = 'theano'\nimport keras",
        "ValueError: Unable to import backend : theano",
        "import os\npass\nimport keras",
    ),
    (
        "np.set_printoptions(threshold=np.nan)",
        "ValueError: threshold must be non-NAN, try sys.maxsize for untruncated representation",
        "np.set_printoptions(threshold=float('inf'))",
    ),
    (
        "both = red.append(white, ignore_index=True)",
        "AttributeError: 'DataFrame' object has no attribute 'append'",
        "import pandas\nboth = pandas.concat([red, white], ignore_index=True)",
    ),
    (
        "net = Model(x, y)\nnet.add_loss(loss)",
        "NotImplementedError",
        "net = keras.Model(net.inputs, AddedLoss()(net.outputs[0], loss), name=net.name)",
    ),
    (
        "'Title'\nimport numpy as np\nopen('logs/a.txt', 'w')",
        "FileNotFoundError: [Errno 2] No such file or directory: 'logs/a.txt'",
        "'Title'\nimport os\nos.makedirs('logs', exist_ok=True)\nimport numpy as np\n",
    ),
    (
        "import os\nos.mkdir('logs/first/')",
        "FileNotFoundError: [Errno 2] No such file or directory: 'logs/first/'",
        "os.makedirs('logs', exist_ok=True)",
    ),
    (
        "def show(key): print(history.history[key])\nshow('acc'), show('val_acc')",
        "KeyError: 'acc'",
        "show('accuracy'), show('val_accuracy')",
    ),
    (
        "class A:\n def f(self): self.m.save(c.PATH)\nload_model(c.PATH)\nself.m.save(c.PATH)",
        "ValueError: Invalid filepath extension for saving. Please add either a `.keras`",
        "save(c.PATH + '.keras')\nload_model(c.PATH + '.keras')\nself.m.save(c.PATH + '.keras')",
    ),
    (
        "import keras\nModelCheckpoint(filepath=path, verbose=1)",
        "ValueError: The filename must end in `.weights.h5`. Received: filepath=a",
        "ModelCheckpoint(filepath=path + '.weights.h5', verbose=1)",
    ),
    (
        "import tensorflow as tf\nx = keras.Input((3,))\ny = tf.reduce_sum(tf.abs(x), axis=1)",
        "ValueError: A KerasTensor cannot be used as input to a TensorFlow function.",
        "y = called(tf.reduce_sum, called(tf.abs, x), axis=1)",
    ),
    (
        "from keras.layers import Dense\nConv2D(3, input_shape=(1, 28, 28))",
        "ValueError: Computed output size would be zero or negative. Received `inputs shape=",
        "import keras\nkeras.backend.set_image_data_format('channels_first')\nfrom keras",
    ),
    (
        "x = table.iloc[:, 3:].values\ny = other.values\nx[:, 1] = 0",
        "ValueError: assignment destination is read-only",
        "x = table.iloc[:, 3:].to_numpy(copy=True)\ny = other.to_numpy(copy=True)",
    ),
    (
        "import keras\nx = net.layers[0].get_output_shape_at(0)[1:]",
        "AttributeError: 'Conv2D' object has no attribute 'get_output_shape_at'",
        "x = net.layers[0].output.shape[1:]",
    ),
    (
        "import keras\nx = net.input_shape",
        "AttributeError: 'Dense' object has no attribute 'input_shape'",
        "x = net.input.shape",
    ),
    (
        "try: x()\nexcept Exception as error: print(error.message)",
        "AttributeError: 'AttributeError' object has no attribute 'message'",
        "print(str(error))",
    ),
    (
        "hot = OneHotEncoder(categorical_features=[1], handle_unknown='ignore')",
        "TypeError: OneHotEncoder.__init__() got an unexpected keyword argument"
        " 'categorical_features'",
        "ColumnTransformer([('encoded', OneHotEncoder(handle_unknown='ignore'), [1])], "
        "remainder='passthrough', sparse_threshold=0)",
    ),
    (
        "x = hot.fit_transform(x).toarray()",
        "AttributeError: 'numpy.ndarray' object has no attribute 'toarray'",
        "x = hot.fit_transform(x)",
    ),
    (
        "import keras\ny = [round(x) for x in net.predict(z)]",
        "TypeError: type numpy.ndarray doesn't define __round__ method",
        "import numpy\nimport keras\ny = [numpy.round(x) for x",
    ),
    (
        "n = 9\nhalf = n / 2\nx = list(range(half))",
        "TypeError: 'float' object cannot be interpreted as an integer",
        "half = n // 2",
    ),
    (
        "from keras.layers import Dense\nDense(3, W_learning_rate_multiplier=2)",
        "ValueError: Unrecognized keyword arguments passed to Dense:"
        " {'W_learning_rate_multiplier': 2}",
        "Dense(3)",
    ),
    (
        "from keras.layers import Dense\nDense(3, init=f)",
        "ValueError: Unrecognized keyword arguments passed to Dense: {'init': 3}",
        "Dense(3, kernel_initializer=f)",
    ),
    (
        "x = table.drop('a', 1, inplace=True)",
        "TypeError: DataFrame.drop() takes from 1 to 2 positional arguments but 3 were given",
        "x = table.drop('a', axis=1, inplace=True)",
    ),
    (
        "x = table.get_value(3, 'a')",
        "AttributeError: 'DataFrame' object has no attribute 'get_value'",
        "x = table.at[3, 'a']",
    ),
    (
        "plt.style.use('seaborn-whitegrid')",
        "OSError: 'seaborn-whitegrid' is not a valid package style, path of style file",
        "plt.style.use('seaborn-v0_8-whitegrid')",
    ),
    (
        "axes = figure.gca(projection='3d')",
        "TypeError: FigureBase.gca() got an unexpected keyword argument 'projection'",
        "axes = figure.add_subplot(projection='3d')",
    ),
    (
        "sns.barplot(names, counts)",
        "TypeError: barplot() takes from 0 to 1 positional arguments but 2 were given",
        "sns.barplot(x=names, y=counts)",
    ),
    (
        "SMOTE(ratio='auto', k_neighbors=3)",
        "TypeError: SMOTE.__init__() got an unexpected keyword argument 'ratio'",
        "SMOTE(sampling_strategy='auto', k_neighbors=3)",
    ),
    (
        "x, y = sampler.fit_sample(x, y)",
        "AttributeError: 'RandomOverSampler' object has no attribute 'fit_sample'",
        "x, y = sampler.fit_resample(x, y)",
    ),
    (
        "sns.JointGrid(a, b, xlim=(0, 1))",
        "TypeError: JointGrid.__init__() takes from 1 to 2 positional arguments but 3 were given",
        "sns.JointGrid(x=a, y=b, xlim=(0, 1))",
    ),
    (
        "z = layers.Lambda(draw, output_shape=(2,))([mean, spread, 10])",
        "ValueError: Only input tensors may be passed as positional arguments. The following"
        " argument value should be passed as a keyword argument: 10 (of type <class 'int'>)",
        "z = numbered(layers.Lambda(draw, output_shape=(2,)), [mean, spread, 10])",
    ),
    (
        "plt.hist(x, normed=True)",
        "AttributeError: Rectangle.set() got an unexpected keyword argument 'normed'",
        "plt.hist(x, density=True)",
    ),
    (
        "x = np.load('a.npy')",
        "ValueError: Object arrays cannot be loaded when allow_pickle=False",
        "np.load('a.npy', allow_pickle=True)",
    ),
    (
        "x = pickle.load(file)",
        "UnicodeDecodeError: 'ascii' codec can't decode byte 0xa8 in position 4",
        "x = pickle.load(file, encoding='latin1')",
    ),
    (
        "x = np.array(rows)",
        "ValueError: setting an array element with a sequence. The requested array has an"
        " inhomogeneous shape after 1 dimensions.",
        "x = np.array(rows, dtype=object)",
    ),
    (
        "import h5py\nx = file['x'].value",
        "AttributeError: 'Dataset' object has no attribute 'value'",
        "x = file['x'][()]",
    ),
    (
        "image = cv2.imread(name, cv2.CV_LOAD_IMAGE_COLOR)",
        "AttributeError: module 'cv2' has no attribute 'CV_LOAD_IMAGE_COLOR'",
        "cv2.imread(name, cv2.IMREAD_COLOR)",
    ),
    (
        "_, contours, _ = cv2.findContours(a, b, c)",
        "ValueError: not enough values to unpack (expected 3, got 2)",
        "_, contours, _ = (None, *cv2.findContours(a, b, c))",
    ),
    (
        "x = line.decode('utf-8').strip()",
        "AttributeError: 'str' object has no attribute 'decode'",
        "x = line.strip()",
    ),
    (
        "x = str(line, 'utf-8')",
        "TypeError: decoding str is not supported",
        "x = line",
    ),
    (
        "x = y.get_shape().as_list()[1]",
        "AttributeError: 'KerasTensor' object has no attribute 'get_shape'",
        "x = y.shape.as_list()[1]",
    ),
    (
        "x = y.shape.as_list()[1]",
        "AttributeError: 'tuple' object has no attribute 'as_list'",
        "x = list(y.shape)[1]",
    ),
    (
        "x = net.predict_proba(images, batch_size=3)",
        "AttributeError: 'Functional' object has no attribute 'predict_proba'",
        "x = net.predict(images, batch_size=3)",
    ),
    (
        "rate = self.net.optimizer.lr",
        "AttributeError: 'Adam' object has no attribute 'lr'",
        "rate = self.net.optimizer.learning_rate",
    ),
    (
        "make(lr=0.1)",
        "ValueError: Argument(s) not recognized: {'lr': 0.1}",
        "make(learning_rate=0.1)",
    ),
    (
        "from keras.utils import normalize_tuple\nsize = normalize_tuple(3, 2)",
        "ImportError: cannot import name 'normalize_tuple' from 'keras.utils' (a.py)",
        "pass\nsize = normalize_tuple(3, 2)",
    ),
    (
        "from sklearn.metrics import auc, plot_confusion_matrix as plot",
        "ImportError: cannot import name 'plot_confusion_matrix' from 'sklearn.metrics' (a.py)",
        "import ConfusionMatrixDisplay; plot = ConfusionMatrixDisplay.from_estimator; from sklearn",
    ),
    (
        "def end(self, epoch, logs):\n    if logs.get('acc') > 0.9: stop()",
        "TypeError: '>' not supported between instances of 'NoneType' and 'float'",
        "logs.get('accuracy') > 0.9",
    ),
    (
        "net.compile('sgd', loss='categorical_crossentropy')\nnet.fit(x, y)",
        "Received: target.shape=(None,), output.shape=(None, 8)",
        "loss='sparse_categorical_crossentropy'",
    ),
    (
        "x = table.sort('day', ascending=False)",
        "AttributeError: 'DataFrame' object has no attribute 'sort'",
        "x = table.sort_values('day', ascending=False)",
    ),
    (
        "x = pd.rolling_mean(series, 7)",
        "AttributeError: module 'pandas' has no attribute 'rolling_mean'",
        "x = series.rolling(7).mean()",
    ),
    (
        "x = scaler.fit_transform(table['price'].reshape(-1, 1))",
        "AttributeError: 'Series' object has no attribute 'reshape'",
        "table['price'].to_numpy().reshape(-1, 1)",
    ),
    (
        "y = scaler.inverse_transform(found)",
        "ValueError: Expected 2D array, got 1D array instead:\narray=[0.1]",
        "y = scaler.inverse_transform(numpy.reshape(found, (-1, 1)))",
    ),
    (
        "fill = SimpleImputer(missing_values='NaN', strategy='mean', axis=0)",
        "TypeError: SimpleImputer.__init__() got an unexpected keyword argument 'axis'",
        "SimpleImputer(missing_values='NaN', strategy='mean')",
    ),
    (
        "fill = SimpleImputer(missing_values='NaN')\nfill.fit(x)",
        "ValueError: 'X' and 'missing_values' types are expected to be both numerical. Got",
        "SimpleImputer(missing_values=float('nan'))",
    ),
    (
        "import matplotlib.pyplot as plt\nplt.hold(True)",
        "AttributeError: module 'matplotlib.pyplot' has no attribute 'hold'",
        "plt\npass",
    ),
    (
        "class Own(Layer): pass\nnet = load_model('a.keras', compile=False)",
        "TypeError: Could not locate class 'Own'. Make sure custom classes are decorated",
        "load_model('a.keras', custom_objects={'Own': Own}, compile=False)",
    ),
    (
        "net.compile('adam', loss=own)\ndef own(x, y):\n    return mse(x, y) + K.sum(mean)",
        "ValueError: A KerasTensor cannot be used as input to a TensorFlow function.",
        "net = with_loss(net, own); net.compile('adam')",
    ),
    (
        "import keras\nloss = binary_crossentropy(x, y) * 784",
        "ValueError: A KerasTensor cannot be used as input to a TensorFlow function.",
        "loss = called(binary_crossentropy, x, y) * 784",
    ),
    (
        "K.set_learning_phase(1)\nx = 3",
        "AttributeError: module 'keras.backend' has no attribute 'set_learning_phase'",
        "pass\nx = 3",
    ),
    (
        "session.run(tf.compat.v1.global_variables_initializer())",
        "TypeError: Fetch argument None has invalid type <class 'NoneType'>.",
        "pass",
    ),
    (
        "file = open(os.path.join(folder, 'b.txt'), 'w')",
        "FileNotFoundError: [Errno 2] No such file or directory: 'logs/b.txt'",
        "os.makedirs('logs', exist_ok=True)",
    ),
    (
        "net.compile(loss='mse', optimizer='sgd')\nprint(net.evaluate(x, y)[1])",
        "TypeError: 'float' object is not subscriptable",
        "net.compile(loss='mse', metrics=['accuracy'], optimizer='sgd')",
    ),
    (
        "flow = pictures.flow_from_directory('train', (64, 64))\nnet.fit(flow)",
        "must have the same shape. Received: target.shape=(None, 2), output.shape=(None, 1)",
        "pictures.flow_from_directory('train', (64, 64), class_mode='binary')",
    ),
    (
        "net.fit(batches(x), epochs=2, validation_data=batches(y))",
        "ValueError: When passing a Python generator to a Keras model, the generator must return"
        " a tuple, either (input,) or (inputs, targets)",
        "net.fit((tuple(one) for one in batches(x)), epochs=2, "
        "validation_data=(tuple(one) for one in batches(y)))",
    ),
    (
        "net.fit(batches(x), epochs=2)",
        "the generator must return a tuple",
        "net.fit((tuple(one) for one in batches(x)), epochs=2)",
    ),
    (
        "import gym\nn = 4\nscene = gym.make('Pole-v0')\nx = numpy.reshape(scene.reset(), n)",
        "ValueError: setting an array element with a sequence. The requested array has an"
        " inhomogeneous shape after 1 dimensions.",
        "\nscene = OldSteps(gym.make('Pole-v0', disable_env_checker=True))\n",
    ),
    (
        "import keras\nx = tf.stack([np.array(one, copy=True), np.array(two, dtype='int8')])",
        "ValueError: Failed to convert a NumPy array to a Tensor (Unsupported object type float).",
        "tf.stack([np.array(one, dtype=float, copy=True), np.array(two, dtype='int8')])",
    ),
    (
        "import keras\nx = Dropout(rate=rate, seed=3)(x)",
        "ValueError: Invalid value received for argument `rate`. Expected a float value between 0"
        " and 1. Received: rate=100",
        "x = Dropout(rate=rate if rate < 1 else 0, seed=3)(x)",
    ),
    (
        "from matplotlib import numpy as n, pyplot\nimport keras",
        "ImportError: cannot import name 'numpy' from 'matplotlib' (/lib/matplotlib/__init__.py)",
        "import numpy as n; from matplotlib import pyplot\nimport keras",
    ),
    (
        "import gym\nscene = gym.make('Pole-v0')",
        "gym.error.DeprecatedEnv: Environment version v0 for `Pole` is deprecated. Please use"
        " `Pole-v1` instead.",
        "scene = gym.make('Pole-v1')",
    ),
    (
        "import pandas as pd\ntable = pd.read_csv('a')\ntable.loc[0, 'sex'] = 1",
        "TypeError: Invalid value '1' for dtype 'str'. Value should be a string",
        "import pandas; pandas.options.future.infer_string = False\nimport pandas as pd",
    ),
    (
        "table['sex'].replace({'m': 1}, inplace=True)\nfloat(table['sex'][0])",
        "ValueError: could not convert string to float: 'm'",
        "table['sex'] = table['sex'].replace({'m': 1})",
    ),
    (
        "frame = read()\nx = frame.values\ny = x[:, 1]\nz = d.values()\ny[0] = z",
        "ValueError: assignment destination is read-only",
        "x = frame.to_numpy(copy=True)\ny = x[:, 1]\nz = d.values()",
    ),
    (
        "weights = class_weight.compute_class_weight('balanced', classes, y)",
        " compute_class_weight('balanced', classes, y)\nTypeError: too many positional arguments",
        "compute_class_weight(class_weight='balanced', classes=classes, y=y)",
    ),
    (
        "folds = StratifiedKFold(y, n_splits=3, shuffle=True)",
        "TypeError: StratifiedKFold.__init__() got multiple values for argument 'n_splits'",
        "list(StratifiedKFold(n_splits=3, shuffle=True).split(numpy.zeros(len(y)), y))",
    ),
    (
        "small = cv2.resize(x, (len(x) / 2, 3))",
        "cv2.error: > - Can't parse 'dsize'. Sequence item with index 0 has a wrong type",
        "cv2.resize(x, (len(x) // 2, 3))",
    ),
    (
        "n = numpy.random.randint(0, 9, size=1)\nstate = numpy.asarray([0, n, n])",
        "ValueError: setting an array element with a sequence. The requested array has an"
        " inhomogeneous shape after 1 dimensions.",
        "state = numpy.asarray([numpy.squeeze(one) for one in [0, n, n]])",
    ),
    (
        "from keras import backend as K\ncost = K.ctc_batch_cost(a, b, c, d)",
        "AttributeError: module 'keras.backend' has no attribute 'ctc_batch_cost'",
        "cost = tf.keras.backend.ctc_batch_cost(a, b, c, d)",
    ),
    (
        "from keras.backend import epsilon, l2_normalize",
        "ImportError: cannot import name 'l2_normalize' from 'keras.backend' (a.py)",
        "from tensorflow.keras.backend import epsilon, l2_normalize",
    ),
    (
        "net.fit(x, y, callbacks=[scores], validation_data=(a, b), epochs=3)",
        "AttributeError: 'Scores' object has no attribute 'validation_data'",
        "net.fit(x, y, epochs=3, validation_data=(a, b),"
        " callbacks=[validated(one, (a, b)) for one in [scores]])",
    ),
    (
        "net.compile(loss='mse', optimizer=adam)",
        "ValueError: Unknown variable. This optimizer can only be called for the variables it was"
        " originally built with.",
        "compile(loss='mse', optimizer=keras.optimizers.get(keras.optimizers.serialize(adam)))",
    ),
    (
        "import cv2\ncv2.circle(x, (3, 3), 2, colors[1], -1)",
        "cv2.error: OpenCV(5.0.0) error: (-5:Bad argument) in function 'circle'\n"
        "> Overload resolution failed:\n>  - Scalar value for argument 'color' is not numeric",
        "cv2.circle(x, (3, 3), 2, numpy.asarray(colors[1]).tolist(), -1)",
    ),
    (
        "saved = Keeper('w.{epoch:02d}-{val_acc:.2f}.keras', monitor='val_acc')\nnet.fit(x)",
        "KeyError: 'Failed to format this callback filepath: \"w\". Reason: \\'val_acc\\''",
        "Keeper('w.{epoch:02d}-{val_accuracy:.2f}.keras', monitor='val_accuracy')",
    ),
    (
        "net.fit(x, steps_per_epoch=len(x) / 2)",
        "TypeError: 'float' object cannot be interpreted as an integer",
        "net.fit(x, steps_per_epoch=-int(-(len(x) / 2) // 1))",
    ),
    (
        "net.fit(x, y, epochs=3, batch_size=len(x) // 2., validation_steps=None)",
        "TypeError: 'float' object cannot be interpreted as an integer",
        "net.fit(x, y, epochs=3, batch_size=int(len(x) // 2.0), validation_steps=None)",
    ),
    (
        "net.fit(x, y, class_weight=weights)",
        "AttributeError: 'numpy.ndarray' object has no attribute 'get'",
        "net.fit(x, y, class_weight=dict(enumerate(weights)))",
    ),
    (
        "net.load_weights(tf.train.latest_checkpoint(folder))",
        "TypeError: stat: path should be string, bytes, os.PathLike or integer, not NoneType",
        "(max(map(str, pathlib.Path(folder).glob('*.weights.h5')), key=os.path.getmtime))",
    ),
    (
        "with open(f, 'wb') as file:\n pickle.dump([self.sizes, self.rate], file)",
        "AttributeError: Can't pickle local object 'Layer._initialize_tracker.<locals>.<lambda>'",
        "pickle.dump(plain([self.sizes, self.rate]), file)",
    ),
    (
        "tune = converter.parse(file)\nfirst = tune[0]\nfirst.write()",
        "AttributeError: 'Metadata' object has no attribute: 'write'",
        "tune = converter.parse(file).parts\nfirst = tune[0]",
    ),
    (
        "found = tune.flat.notes",
        "AttributeError: 'Metadata' object has no attribute: 'flat'",
        "found = tune.flatten().notes",
    ),
    (
        "net.compile('sgd', loss='')\nother.compile('sgd', loss='mse')",
        "ValueError: Could not interpret loss identifier:",
        "net.compile('sgd', loss=None)\nother.compile('sgd', loss='mse')",
    ),
    (
        "slower = LearningRateScheduler(decay)\nnet.fit(x)",
        "ValueError: The output of the `schedule` function should be a float. Got: 1",
        "slower = LearningRateScheduler(lambda *given: float(decay(*given)))",
    ),
    (
        "print('%d of %f' % (n, found[0]))",
        "TypeError: only 0-dimensional arrays can be converted to Python scalars",
        "print('%d of %f' % (numpy.squeeze(n), numpy.squeeze(found[0])))",
    ),
    (
        "print('{:.2f}'.format(found[0]))",
        "TypeError: unsupported format string passed to numpy.ndarray.__format__",
        "print('{:.2f}'.format(numpy.squeeze(found[0])))",
    ),
    (
        "import keras\nfrom __future__ import print_function, division\nfrom time import time",
        "SyntaxError: from __future__ imports must occur at the beginning of the file",
        "import keras\npass\nfrom time import time",
    ),
    (
        "self.W = 3\nself.trainable_weights += [self.W]",
        "AttributeError: property 'trainable_weights' of 'Attention' object has no setter",
        "self.W = 3\npass",
    ),
    (
        "self.model = model\nself.model = build(3)\nx = 1",
        "AttributeError: property 'model' of 'Stops' object has no setter",
        "pass\nself.model = build(3)\n",
    ),
    (
        "names = self.params['metrics']",
        "KeyError: 'metrics'",
        "names = (self.params.get('metrics') or [])",
    ),
    (
        "net.compile('sgd', loss='mse', metrics=['mae', 'mse'])",
        "ValueError: when providing the `metrics` argument as a list, it should have as many"
        " entries as the model has outputs. Received",
        "net.compile('sgd', loss='mse', metrics=[['mae', 'mse']] * len(net.outputs))",
    ),
    (
        "net.reset_states()",
        "AttributeError: 'Sequential' object has no attribute 'reset_states'",
        "[one.reset_state() for one in net.layers if getattr(one, 'stateful', False)]",
    ),
    (
        "import keras\nmodel.fit(x, labels, epochs=5)",
        "ValueError: Invalid dtype: str7328",
        "model.fit(numpy.asarray(x, 'float32'), numpy.asarray(labels, 'float32'), epochs=5)",
    ),
    (
        "matrix = confusion_matrix(y, model.predict(x))",
        "ValueError: Classification metrics can't handle a mix of binary and continuous targets",
        "matrix = confusion_matrix(y, numpy.round(model.predict(x)))",
    ),
    (
        "from sklearn.ensemble import IsolationForest\nIsolationForest(9, behaviour='new')",
        "TypeError: IsolationForest.__init__() got an unexpected keyword argument 'behaviour'",
        "\nIsolationForest(9)",
    ),
    (
        "text = BeautifulSoup(review, 'lxml').get_text()",
        "bs4.exceptions.FeatureNotFound: Couldn't find a tree builder with the features you"
        " requested: lxml. Do you need to install a parser library?",
        "text = BeautifulSoup(review, 'html.parser').get_text()",
    ),
    (
        "t = read_csv('a.csv', parse_dates=[['year', 'hour']], index_col=0, date_parser=parse)",
        "TypeError: list indices must be integers or slices, not list",
        "t = dated(read_csv, 'a.csv', ['year', 'hour'], index_col=0, date_parser=parse)",
    ),
    (
        "net = KerasClassifier(build_fn=build, verbose=0)\nGridSearchCV(net, {'units': [1]})",
        "ValueError: Invalid parameter units for estimator KerasClassifier.\nThis issue can",
        "net = KerasClassifier(build_fn=build, units=None, verbose=0)",
    ),
    (
        "grid = {'nb_epoch': [10, 50]}\nGridSearchCV(net, grid).fit(x)",
        "ValueError: Invalid parameter nb_epoch for estimator KerasClassifier.\nThis issue can",
        "grid = {'epochs': [10, 50]}",
    ),
    (
        "text = clean(page.get_text().encode('ascii', 'ignore'))",
        "TypeError: cannot use a string pattern on a bytes-like object",
        "text = clean(page.get_text().encode('ascii', 'ignore').decode('ascii'))",
    ),
    (
        "from scipy import interp",
        "ImportError: cannot import name 'interp' from 'scipy' (unknown location)",
        "from numpy import interp as interp",
    ),
]


def repaired(source: str, error: str, name: str = "a.py") -> str | None:
    line = len(source.splitlines())
    trace = (
        f'Traceback (most recent call last):\n  File "{name}", line {line}, in <module>\n{error}'
    )
    texts = {Path(name): source.encode()}
    run = Execution("raised", trace, (line,))
    found = next(repairs(Program(Path(name)), texts, run), None)
    return found and found[1][Path(name)].decode()


@pytest.mark.parametrize(("source", "error", "expected"), REPAIRED)
def test_it_is_repaired(source: str, error: str, expected: str) -> None:
    assert expected in (repaired(source, error) or "")


NAMES = [
    ("from parts import *\nnet.add(Dense(3))", "Dense", "from keras.layers import Dense\n"),
    ("from parts import *\nK.clear_session()", "K", "from keras import backend as K\n"),
    ("from parts import *\nos.listdir()", "os", "import os\n"),
]


@pytest.mark.parametrize(("source", "name", "line"), NAMES)
def test_what_a_star_hides_is_imported(source: str, name: str, line: str) -> None:
    error = f"NameError: name '{name}' is not defined"
    assert repaired(source, error) == line + source


KEPT = [
    "(x, y), z = load()\nx = x / 255\nhalf = 3\nx[:half]",
    "x = load() / 255.0\nx[:3]",
    "x = image / 2\nx[:3]",
]


@pytest.mark.parametrize("source", KEPT)
def test_pixels_are_not_cut_to_whole_numbers(source: str) -> None:
    new = repaired(source, "TypeError: slice indices must be integers or None")
    assert new is None or "//" not in new


def test_what_is_not_known_is_left_alone() -> None:
    gone = "FileNotFoundError: [Errno 2] No such file or directory: 'data/a.txt'"
    assert repaired("open('data/a.txt')", gone) is None
    assert repaired("x = 1", "ValueError: something else") is None
    gone = "ModuleNotFoundError: No module named 'gone'"
    assert repaired("from gone import a, b\na()", gone) is None
    own = "ImportError: cannot import name 'copy' from 'parts' (parts.py)"
    assert repaired("import keras\nfrom parts import copy", own) is None
    none = "ValueError: Received an invalid value for `units`, expected a positive integer."
    source = "from keras.layers import Dense\nDense(classes)"
    assert repaired(source, f"{none} Received: units=0") is None
    own = "TypeError: find() got an unexpected keyword argument 'index'"
    assert repaired("def find(): pass\nfind(index=3)", own) is None
    own = "TypeError: draw() got an unexpected keyword argument 'size'"
    assert repaired("def draw(): pass\ndraw(size=3)", own) is None
    assert repaired("x = yy", "NameError: name 'yy' is not defined") is None


def test_a_block_of_a_document_is_repaired_in_its_place() -> None:
    text = "# Text\n\n```python\nimport keras\nx = next(iter(error.message))\n```\n"
    source, error = text.encode(), "AttributeError: 'KeyError' object has no attribute 'message'"
    trace = f'Traceback (most recent call last):\n  File "a.md", line 5, in <module>\n{error}'
    run = Execution("raised", trace, (5,))
    found = next(repairs(Program(Path("a.md")), {Path("a.md"): source}, run))
    assert found[1][Path("a.md")].decode() == text.replace("error.message", "str(error)")


def test_modules_of_a_package_find_each_other() -> None:
    files = {
        "train.py": "from nets import one",
        "nets/__init__.py": "from one import first\nimport two\nimport keras",
        "nets/one.py": "from two import second as first",
        "nets/two.py": "def f():\n    global second\nsecond = 2",
    }
    texts = {Path(name): text.encode() for name, text in files.items()}
    error = "ModuleNotFoundError: No module named 'one'"
    trace = 'Traceback (most recent call last):\n  File "train.py", line 1, in <module>\n'
    trace += f'  File "nets/__init__.py", line 1, in <module>\n{error}'
    found = next(repairs(Program(Path("train.py")), texts, Execution("raised", trace, (1,))))
    new = {str(path): text.decode() for path, text in found[1].items()}
    assert new["nets/__init__.py"] == "from .one import first\nfrom . import two\nimport keras"
    assert new["nets/one.py"] == "from .two import second as first"
    assert new["train.py"] == files["train.py"]


GONE = [
    (
        "from tensorflow.examples.tutorials.mnist import input_data\n"
        "mnist = input_data.read_data_sets('MNIST/', one_hot=True)",
        "ModuleNotFoundError: No module named 'tensorflow.examples'",
        "\npass\nmnist = read_data_sets('MNIST/', one_hot=True)",
    ),
    (
        "import tensorflow.examples.tutorials.mnist.input_data as data\ndata.read_data_sets('a')",
        "ModuleNotFoundError: No module named 'tensorflow.examples'",
        "\npass\nread_data_sets('a')",
    ),
    (
        "from google.colab import drive\ndrive.mount('/content/drive')",
        "ModuleNotFoundError: No module named 'google.colab'",
        "\npass\ndrive.mount('/content/drive')",
    ),
    (
        "from google.colab import auth\nauth.authenticate_user()",
        "ModuleNotFoundError: No module named 'google.colab'",
        "\npass\nauth.authenticate_user()",
    ),
    (
        "from google.colab import files\nuploaded = files.upload()\nx = uploaded['a.csv']",
        "ModuleNotFoundError: No module named 'google.colab'",
        "\npass\nuploaded = files.upload()\nx = uploaded['a.csv']",
    ),
    (
        "from google.colab import auth\nauth.authenticate_user()",
        "ModuleNotFoundError: No module named 'google.colab'",
        "\npass\nauth.authenticate_user()",
    ),
    (
        "from keras.engine.training import slice_X\nslice_X(x, 3)",
        "ModuleNotFoundError: No module named 'keras.engine'",
        "\nslice_X = slice_arrays\n\npass\nslice_X(x, 3)",
    ),
    (
        "from keras.layers import Dense, LocallyConnected1D\nLocallyConnected1D(2, 3)",
        "ImportError: cannot import name 'LocallyConnected1D' from 'keras.layers' (a.py)",
        "\nfrom keras.layers import Dense\nLocallyConnected1D(2, 3)",
    ),
    (
        "import tensorflow_addons as tfa\nx = tfa.layers.InstanceNormalization()(x)\n"
        "net.compile(tfa.optimizers.AdamW(1e-4))",
        "ModuleNotFoundError: No module named 'tensorflow_addons'",
        "\npass\nx = InstanceNormalization()(x)\nnet.compile(AdamW(1e-4))",
    ),
    (
        "from keras.preprocessing.image import apply_transform, load_img\napply_transform(x, m)",
        "ImportError: cannot import name 'apply_transform' from 'keras.preprocessing.image' (a.py)",
        "\nfrom keras.preprocessing.image import load_img\napply_transform(x, m)",
    ),
    (
        "from keras_contrib.layers import CRF\nfrom keras_contrib.losses import crf_loss\n"
        "net.add(CRF(3))\nnet.compile('adam', crf_loss)",
        "ModuleNotFoundError: No module named 'keras_contrib'",
        "\npass\npass\nnet.add(CRF(3))\nnet.compile('adam', crf_loss)",
    ),
    (
        "from scipy.misc import imread, imresize",
        "ImportError: cannot import name 'imread' from 'scipy.misc' (unknown location)",
        "\npass",
    ),
    (
        "import scipy.misc\nx = scipy.misc.imresize(scipy.misc.imread('a'), 50)",
        "AttributeError: module 'scipy.misc' has no attribute 'imread'",
        "\nimport scipy\nx = imresize(imread('a'), 50)",
    ),
    (
        "from sklearn.datasets import load_boston, load_iris\nload_boston()",
        "ImportError: \n`load_boston` has been removed from scikit-learn since version 1.2.",
        "\nfrom sklearn.datasets import load_iris\nload_boston()",
    ),
    (
        "from keras.layers.merge import _Merge\nclass Mean(_Merge):\n    pass",
        "ModuleNotFoundError: No module named 'keras.layers.merge'",
        "\npass\nclass Mean(_Merge):\n    pass",
    ),
    (
        "from keras.layers import AtrousConvolution2D, merge",
        "ImportError: cannot import name 'AtrousConvolution2D' from 'keras.layers' (a.py)",
        "\npass",
    ),
    (
        "import keras\nclass Log(keras.callbacks.BaseLogger):\n    pass",
        "AttributeError: module 'keras.callbacks' has no attribute 'BaseLogger'",
        "\nclass Log(BaseLogger):\n    pass",
    ),
    (
        "from keras.utils import conv_utils, Sequence\nclass A(Sequence): pass\n"
        "x = conv_utils.normalize_tuple(3, 2, '')",
        "ImportError: cannot import name 'conv_utils' from 'keras.utils' (a.py)",
        "\nfrom keras.utils import Sequence\nclass A(Sequence): pass\n"
        "x = normalize_tuple(3, 2, '')",
    ),
    (
        "from keras.legacy import interfaces\n@interfaces.legacy_dense_support\ndef f(): pass",
        "ImportError: cannot import name 'interfaces' from 'keras.legacy' (a.py)",
        "\npass\n@interfaces.legacy_dense_support\ndef f(): pass",
    ),
    (
        "from keras.applications.imagenet_utils import _obtain_input_shape as shape_of",
        "ImportError: cannot import name '_obtain_input_shape' from"
        " 'keras.applications.imagenet_utils' (a.py)",
        "\nshape_of = _obtain_input_shape",
    ),
    (
        "from scipy import ndimage, stats\nx = ndimage.rotate(ndimage.imread('a'), 90)",
        "AttributeError: module 'scipy.ndimage' has no attribute 'imread'",
        "\nfrom scipy import ndimage, stats\nx = ndimage.rotate(imread('a'), 90)",
    ),
]


@pytest.mark.parametrize(("source", "error", "expected"), GONE)
def test_what_is_gone_is_put_into_the_program(source: str, error: str, expected: str) -> None:
    new = repaired(source, error)
    assert new is not None
    assert new.endswith(expected)
    compile(new, "a.py", "exec")


def test_a_loss_is_put_right_in_the_module_that_compiles() -> None:
    source = "def loss(x, y): return x - mean\nnet.compile('sgd', loss=loss)\n"
    texts = {Path("train.py"): b"from net import net\nnet.fit(x, x)\n"}
    texts[Path("net.py")] = source.encode()
    error = "ValueError: A KerasTensor cannot be used as input to a TensorFlow function."
    trace = f'Traceback (most recent call last):\n  File "train.py", line 2, in <module>\n{error}'
    found = next(repairs(Program(Path("train.py")), texts, Execution("raised", trace, (2,))))
    assert b"net = with_loss(net, loss); net.compile('sgd')" in found[1][Path("net.py")]
    assert found[1][Path("train.py")] == texts[Path("train.py")]
    other = trace.replace(error, "ValueError: Invalid `metrics`. It should match the output names")
    texts[Path("net.py")] = b"net.compile('sgd', metrics=['mae'])\n"
    found = next(repairs(Program(Path("train.py")), texts, Execution("raised", other, (2,))))
    assert b"metrics=[['mae']] * len(net.outputs)" in found[1][Path("net.py")]
    other = trace.replace(error, "NameError: name 'xrange' is not defined")
    texts[Path("net.py")] = b"xrange(3)\n"
    assert [*repairs(Program(Path("train.py")), texts, Execution("raised", other, (2,)))] == []
    texts[Path("net.py")] = b"import gym\nscene = gym.make('a')\n"
    other = trace.replace(error, "AttributeError: 'tuple' object has no attribute 'reshape'")
    found = next(repairs(Program(Path("train.py")), texts, Execution("raised", other, (2,))))
    assert b"\nscene = OldSteps(gym.make('a'" in found[1][Path("net.py")]


def test_helpers_of_keras_2_are_as_they_were() -> None:
    given: dict[str, Any] = {}
    exec(piece("utils"), given)
    assert given["conv_output_length"](10, 3, "valid", 2, dilation=2) == 3
    assert given["conv_output_length"](10, 3, "same", 2) == 5
    assert given["normalize_tuple"](3, 2, "size") == (3, 3)


def test_layers_of_keras_1_are_as_they_were() -> None:
    given: dict[str, Any] = {}
    exec(piece("layers"), given)
    holes = given["AtrousConvolution2D"](2, 3, 3, atrous_rate=(2, 2), padding="same")
    assert (holes.kernel_size, holes.dilation_rate) == ((3, 3), (2, 2))
    left, right = keras.Input((3,)), keras.Input((3,))
    models = [keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]) for _ in range(2)]
    both = keras.Sequential([given["Merge"](models, "concat"), keras.layers.Dense(1)])
    assert both.predict([numpy.ones((4, 3))] * 2, verbose=0).shape == (4, 1)
    assert given["Merge"](mode="cos")([left, right]).shape == (None, 1)
    for mode in ("sum", "mul", "ave", "max", lambda pair: pair[0] - pair[1]):
        assert given["merge"]([left, right], mode).shape == (None, 3)
    own = type("Mean", (given["_Merge"],), {"_merge_function": lambda _, pair: sum(pair) / 2})
    assert own()([left, right]).shape == (None, 3)


def test_a_chain_of_classes_is_the_likeliest() -> None:
    given: dict[str, Any] = {}
    exec(piece("addons"), given)
    x = numpy.random.default_rng(0).normal(size=(2, 4, 5)).astype("float32")
    layer = given["CRF"](3)
    found = keras.ops.convert_to_numpy(layer(x)).argmax(-1)
    scores, chain = map(keras.ops.convert_to_numpy, (layer.scores, layer.chain))
    ways = [*product(range(3), repeat=4)]
    for row, told in enumerate(found):
        steps = [scores[row, range(4), way].sum() + chain[way[:-1], way[1:]].sum() for way in ways]
        assert tuple(told) == ways[int(numpy.argmax(steps))]
        classes = numpy.array([[[0], [2], [1], [1]]] * 2)
        loss = float(layer.loss_function(keras.ops.convert_to_tensor(classes), None)[row])
        one = steps[ways.index((0, 2, 1, 1))]
        assert loss == pytest.approx(numpy.logaddexp.reduce(steps) - one)
    layer(x, mask=numpy.array([[True, True, True, False]] * 2))
    masked = layer.loss_function(keras.ops.convert_to_tensor(classes), None)
    layer(x[:, :3])
    short = layer.loss_function(keras.ops.convert_to_tensor(classes[:, :3]), None)
    assert keras.ops.convert_to_numpy(masked) == pytest.approx(keras.ops.convert_to_numpy(short))


def test_pictures_are_turned_as_they_were() -> None:
    given: dict[str, Any] = {}
    exec(piece("image"), given)
    x, half = numpy.arange(18.0).reshape(3, 3, 2), numpy.diag([-1.0, -1.0, 1.0])
    turn = given["transform_matrix_offset_center"](half, 2, 2)
    for axis in (2, 0):  # of the channels
        picture = numpy.moveaxis(x, 2, axis)
        turned = numpy.moveaxis(given["apply_transform"](picture, turn, axis), axis, 2)
        assert turned[1:, 1:].tolist() == x[1:, 1:][::-1, ::-1].tolist()
    assert given["flip_axis"](x, 1)[0, 0].tolist() == [4.0, 5.0]


def test_columns_tell_the_time_together(tmp_path: Path) -> None:
    given: dict[str, Any] = {}
    exec(piece("dated"), given)
    (tmp_path / "a.csv").write_text("No,year,month,day,x\n1,2010,1,2,3\n2,2010,1,3,4\n")
    names = ["year", "month", "day"]
    table = given["dated"](pandas.read_csv, tmp_path / "a.csv", names, index_col=0)
    assert list(table.columns) == ["No", "x"]
    assert (table.index.name, table.index[1]) == ("year_month_day", pandas.Timestamp("2010-01-03"))
    parse = "{} day".format
    table = given["dated"](pandas.read_csv, tmp_path / "a.csv", [1, 2], date_parser=parse)
    assert list(table["year_month"]) == ["2010 1 day"] * 2


def test_add_ons_are_as_they_were() -> None:
    given: dict[str, Any] = {}
    exec(piece("addons"), given)
    optimizer = given["AdamW"](0.01, learning_rate=0.5)
    assert (optimizer.weight_decay, float(optimizer.learning_rate)) == (0.01, 0.5)
    y, p = numpy.array([[1.0, 0.0]]), keras.ops.convert_to_tensor([[0.9, 0.2]])
    loss = given["SigmoidFocalCrossEntropy"]()(y, p)
    told = 0.25 * 0.1**2 * -numpy.log(0.9) + 0.75 * 0.2**2 * -numpy.log(0.8)
    assert float(loss[0]) == pytest.approx(told, rel=1e-5)
    assert given["F1Score"](num_classes=3, average="macro").average == "macro"


def test_networks_of_keras_2_ask_for_a_shape() -> None:
    given: dict[str, Any] = {}
    exec(piece("imagenet_utils"), given)
    shape = given["_obtain_input_shape"]
    assert shape((40, 40, 3), 224, 32, "channels_last", True) == (40, 40, 3)
    assert shape(None, default_size=64, min_size=32, include_top=False) == (None, None, 3)
    assert shape(None, 64, 32, data_format="channels_first") == (3, 64, 64)


def test_a_layer_of_a_function_is_given_numbers() -> None:
    given: dict[str, Any] = {}
    exec(piece("numbered"), given)
    x = keras.Input((2,))
    layer = keras.layers.Lambda(lambda three: three[0] * three[1] + three[2])
    model = keras.Model(x, given["numbered"](layer, [x, 3, x]))
    assert model(numpy.ones((1, 2))).numpy().tolist() == [[4, 4]]


def test_a_method_is_a_loss_with_tensors_of_its_object() -> None:
    given: dict[str, Any] = {}
    exec(piece("own_loss"), given)

    class Net:
        def __init__(self) -> None:
            self.x = keras.Input((2,))
            self.y = keras.layers.Dense(1)(self.x)

        def far(self) -> Any:
            return keras.ops.sum(self.x)

        def loss(self, _: Any, y: Any) -> Any:
            return self.far() + 0 * y

    net = Net()
    model = given["with_loss"](keras.Model(net.x, net.y), net.loss)
    model.compile("sgd")
    assert model.evaluate(numpy.ones((1, 2)), verbose=0) == 2


def test_a_function_is_told_the_phase_after_its_inputs() -> None:
    given: dict[str, Any] = {}
    exec(piece("phased"), given)
    x = keras.Input((2,))
    (y,) = given["phased"]([[x]], [keras.ops.sum(x, -1)])([numpy.ones((3, 2)), 0])
    assert y.tolist() == [2, 2, 2]
