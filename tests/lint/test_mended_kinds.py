"""Kinds of faults with what is told of each, and what the fix writes in its place."""

import pytest

from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.fixes.fixing import fix_text

K = "import keras\nimport numpy as np\n"
NET = K + "m = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])\n"
RESNET = K + "m = keras.applications.ResNet50()\n"
LAYER = K + "class L(keras.layers.Layer):\n"
TF = K + "import tensorflow as tf\n"
TABLE = K + "import pandas as pd\nt = pd.read_csv('a.csv')\n"
HOOK = K + "class C(keras.callbacks.Callback):\n    def {}: pass\n"


def found(text: str, suffix: str = ".py") -> list[str]:
    """Returns the codes of all findings but the notes, without those of undefined data."""
    told = check_document(parse_document(Text(text), f"x{suffix}", suffix))
    return [one.rule.code for one in told if not one.rule.code.startswith("KT5")]


NEW = K + (
    "class N(keras.layers.Layer):\n    def __init__(self, init):\n        super().__init__()\n"
    "        self.init = init\n        self.start = keras.initializers.get('ones')\n"
    "    def build(self, shape):\n        self.a = self.init(shape)\n"
)
SUB = "class S(N):\n    def build(self, shape):\n        self.b = self.start(shape, name='b')\n"

# What is written, the codes that are told of it, and what stands there after all fixes.
MENDED = {
    "weights that the layer does not see by itself": (
        NEW + "        self.trainable_weights = [self.a]\n",
        "KT322",
        None,
    ),
    "weights of what the class above starts them with": (
        NEW + SUB + "        self.trainable_weights = [self.b]\n",
        "KT273 KT322",
        "        self.b = self.add_weight(shape, initializer=self.start, name='b')\n",
    ),
    "a model that is built for its samples": (
        NET + "m.build((32, 4))\nm.build((4,))\nm.build(input_shape=(None, 4))\n"
        "n = keras.Sequential([keras.layers.Dense(1)])\nn.build((32, 4))\n",
        "KT343 KT343",
        "m.build((None, 4))\nm.build((None, 4))\nm.build(input_shape=(None, 4))\n",
    ),
    "a list added to what was one": (
        K + "r = range(3) + [4]\nd = {}\nk = d.keys() + d.keys()\nr = range(3) + np.ones(3)\n",
        "KT271 KT271 KT271",
        "r = list(range(3)) + [4]\nd = {}\nk = list(d.keys()) + list(d.keys())\nr = range(3) + np",
    ),
    "an iterator of Python 2": (
        K + "class B:\n    def __init__(self, of):\n        self.of = of\n"
        "    def __iter__(self):\n        return self\n"
        "    def next(self):\n        return self.of.next()\nopen('a').next()\n",
        "KT330 KT330 KT330",
        "        return next(self.of)\n    __next__ = next\nnext(open('a'))\n",
    ),
    "a series of pandas": (
        K + "import pandas as pd\ns = pd.Series([1, 2])\ny = s.reshape(-1, 1)\n",
        "KT341",
        "y = s.values.reshape(-1, 1)\n",
    ),
    "either name of a file": (
        NET + "if len(x) > 3:\n    f, t = '_a-{epoch:02d}.hdf5', ['mae']\nelse:\n"
        "    f, t = '_b-{val_acc:.2f}.hdf5', ['accuracy']\nm.compile('sgd', 'mse', metrics=t)\n"
        "c = keras.callbacks.ModelCheckpoint(name + f, save_weights_only=True)\n"
        "m.fit(x, y, callbacks=[c])\n",
        "KT313 KT204",
        "'_a-{epoch:02d}.weights.h5', ['mae']\nelse:\n    f, t = '_b-{val_accuracy:.2f}.weights",
    ),
    "pictures by a star": (
        "from keras.preprocessing.image import *\ng = ImageDataGenerator()\n",
        "KT101",
        "from tensorflow.keras.preprocessing.image import ImageDataGenerator\n",
    ),
    "a rate by the backend of tf.keras": (
        "from tensorflow import keras\nK = keras.backend\no = keras.optimizers.Adam()\n"
        "K.set_value(o.learning_rate, 0.1)\n",
        "KT128",
        "\no.learning_rate.assign(0.1)\n",
    ),
    "a scaled loss": (
        "from tensorflow import keras\ndef step(o, x):\n    return o.get_scaled_loss(x)\n",
        "KT399",
        "o.scale_loss(x)",
    ),
    "slopes that were scaled": (
        "from tensorflow import keras\ndef step(o, x):\n    return o.get_unscaled_gradients(x)\n",
        "KT399",
        "    return x\n",
    ),
    "metrics that add up": (
        NET + "m.compile('sgd', 'mse')\nm.train_on_batch(x, y, reset_metrics=False)\n",
        "KT299",
        "m.train_on_batch(x, y)\n",
    ),
    "layers without a list": (
        K + "keras.Sequential(keras.layers.Dense(2), keras.layers.Dense(1))\n",
        "KT258",
        "([keras.layers.Dense(2), keras.layers.Dense(1)])",
    ),
    "classes of a model that nobody knows": (
        K + "m = keras.models.load_model('a.keras')\nc = m.predict_classes(np.ones((2, 3)))\n",
        "KT307",
        '(odds > 0.5).astype("int32"))(m.predict(np.ones((2, 3))))',
    ),
    "an option of pandas": (
        K + "import pandas as pd\npd.set_option('max_columns', 9, 'display.max_colwidth', -1)\n",
        "KT270 KT270",
        "('display.max_columns', 9, 'display.max_colwidth', None)",
    ),
    "words that none has": (
        K + "from sklearn.feature_extraction.text import CountVectorizer\n"
        "CountVectorizer(min_df=0)\n",
        "KT270",
        "(min_df=1)",
    ),
    "eigenvalues by number": (
        K + "from scipy.linalg import eigh\neigh(np.eye(3), eigvals=(1, 2))\n",
        "KT267",
        "(np.eye(3), subset_by_index=(1, 2))",
    ),
    "a grid of seaborn": (
        K + "import seaborn as sns\nsns.FacetGrid(table, hue='a', size=6)\n",
        "KT267",
        "hue='a', height=6)",
    ),
    "an addition of TensorFlow 1": (
        TF + "def add(seen):\n    return tf.assign_add(seen, 1.0)\n",
        "KT141",
        "    return seen.assign_add(1.0)\n",
    ),
    "pictures of the abandoned package": (
        "from keras_preprocessing import image\nfrom keras.preprocessing import image\n"
        "image.load_img('a')\n",
        "KT147",
        "from tensorflow.keras.preprocessing import image\n",
    ),
    "a quotient of steps is rounded up": (
        NET + "m.compile('sgd', 'mse')\nm.fit(g, steps_per_epoch=n / 32)",
        "KT257",
        "m.fit(g, steps_per_epoch=math.ceil(n / 32))",
    ),
    "what NumPy has rounded is made whole": (
        NET + "m.compile('sgd', 'mse')\nm.fit(g, steps_per_epoch=np.floor(n / 32))",
        "KT257",
        "m.fit(g, steps_per_epoch=int(np.floor(n / 32)))",
    ),
    "a quotient of epochs": (
        NET + "m.compile('sgd', 'mse')\nm.fit(g, epochs=n / 2)",
        "KT257",
        "m.fit(g, epochs=int(n / 2))",
    ),
    "what each column gives as a number": (
        TABLE + "int(t[['a']].copy().max())",
        "KT274",
        "int(t[['a']].copy().max().item())",
    ),
    "a column as a number": (
        TABLE + "float(t[t.a == 1]['b'])",
        "KT274",
        "float(t[t.a == 1]['b'].item())",
    ),
    "an array of a column as a number": (
        TABLE + "int(t[t.a == 1]['b'].values)",
        "KT274",
        "int(t[t.a == 1]['b'].values.item())",
    ),
    "a layer": (
        LAYER + "    def __init__(self, n, **more):\n        'Of n.'\n        self.n = n\n",
        "KT360",
        "        'Of n.'\n        super().__init__(**more)\n        self.n = n\n",
    ),
    "a metric": (
        K + "class M(keras.metrics.Metric):\n    def __init__(self):\n        self.n = 1\n",
        "KT360",
        "        super().__init__()\n        self.n = 1\n",
    ),
    "a data set": (
        K + "class D(keras.utils.PyDataset):\n    def __init__(self, x):\n        self.x = x\n",
        "KT434",
        "        super().__init__()\n        self.x = x\n",
    ),
    "the end of an epoch": (HOOK.format("on_epoch_end(self, logs={})"), "KT361", "epoch, logs={}"),
    "an epoch alone": (HOOK.format("on_epoch_end(self, epoch)"), "KT361", "epoch, logs=None"),
    "a batch by another name": (HOOK.format("on_batch_end(self, batch, log=None)"), "KT361", None),
    "the beginning": (HOOK.format("on_train_begin(self)"), "KT361", "(self, logs=None)"),
    "a test batch": (HOOK.format("on_test_batch_end(self)"), "KT361", "(self, batch, logs=None)"),
    "a function of TensorFlow after a layer of one's own": (
        TF + LAYER + "    pass\nx = L()(keras.Input((4,)))\nx = tf.reduce_mean(x, axis=1)\n",
        "KT425",
        "x = keras.ops.mean(x, axis=1)\n",
    ),
    "... at the end of a model": (
        TF + "m = keras.applications.VGG16()\ny = tf.math.sqrt(m.get_layer('fc1').output)",
        "KT425",
        "y = keras.ops.sqrt(m.get_layer('fc1').output)",
    ),
    "... after a branch": (
        TF + "x = keras.Input((4,))\nif norm():\n    x = keras.layers.Dense(2)(x)\n"
        "y = tf.concat([x, x], 1)",
        "KT425",
        "y = keras.ops.concatenate([x, x], axis=1)",
    ),
    "... in a function that builds a part": (
        TF + "def part(x):\n    x = keras.layers.Dense(2)(x)\n    return tf.nn.relu(x)\n",
        "KT425",
        "    return keras.ops.relu(x)\n",
    ),
    "... that keras.ops does not have": (
        TF + "x = keras.Input((4, 4, 8))\ny = tf.nn.depth_to_space(x, 2)",
        "KT425",
        "y = keras.layers.Lambda(lambda x: tf.nn.depth_to_space(x, 2))(x)",
    ),
    "... of the backend of tf.keras": (
        "from tensorflow import keras\nfrom tensorflow.keras import backend as K\n"
        "y = K.reshape(keras.Input((4,)), (-1, 2))",
        "KT425",
        "keras.ops.reshape(keras.Input((4,)), (-1, 2))",
    ),
    "a placeholder without a graph": (
        TF + "x = tf.compat.v1.placeholder('float32')",
        "KT333",
        None,
    ),
    "a session without a graph": (
        TF + "s = tf.compat.v1.Session()\ns.run(keras.ops.ones(2))",
        "KT333",
        None,
    ),
    "a model of what is called like a class": (
        K + "from nets import C3D_model\nm = C3D_model(4)\n"
        "m.compile(optimizer='adam', loss='mse')\nm.evaluate_generator(batches, workers=4)",
        "KT305 KT230",
        "m.evaluate(batches)",
    ),
    "what a session started": (
        TF + "def go(s):\n    s.run(tf.global_variables_initializer())\n    return s\n",
        "KT141",
        "def go(s):\n    return s\n",
    ),
    "what a session starts for more": (
        TF + "def go(s, loss):\n    s.run(tf.global_variables_initializer())\n    s.run(loss)\n",
        "KT141",
        None,
    ),
    "training without data": (
        NET + "m.compile('sgd', 'mse')\nm.fit(epochs=2, steps_per_epoch=3)",
        "KT364",
        None,
    ),
    "an input with a value": (
        TF + "x = keras.Input(tensor=tf.random.normal((2, 3)))",
        "KT363",
        None,
    ),
    "an iterator that is asked for": (
        TF + "d = tf.data.Dataset.range(3)\ni = d.make_one_shot_iterator()",
        "KT398",
        "i = iter(d)",
    ),
    "a strategy": (
        TF + "s = tf.distribute.MirroredStrategy()\ns.experimental_run_v2(f, args=(1,))",
        "KT398",
        "s.run(f, args=(1,))",
    ),
    "a generator saved to a folder": (
        K + "from nets import build\nclass G:\n    def __init__(self):\n"
        "        self.generator = build()\n"
        "    def keep(self):\n        self.generator.save('gen.model')\n",
        "KT309",
        "save('gen.keras')",
    ),
    "bilinear sizes": (
        TF
        + "x = tf.image.resize_bilinear(keras.ops.ones((1, 2, 2, 1)), (4, 4), align_corners=True)",
        "KT149",
        "tf.image.resize(keras.ops.ones((1, 2, 2, 1)), (4, 4), method='bilinear')",
    ),
    "a pair of numbers": (
        K + "from keras.utils import conv_utils\ndef two(n):\n"
        "    return conv_utils.normalize_tuple(n, 2, 'size')\n",
        "KT105",
        "    return ((n,) * (2) if isinstance(n, int) else tuple(n))\n",
    ),
    "a loop of the backend": (
        TF + "from keras import backend as K\ny = K.control_flow_ops.while_loop(a, b, [x])",
        "KT124",
        "y = tf.while_loop(a, b, [x])",
    ),
    "a module that is imported under a short name": (
        "import keras.engine as KE\nimport keras\nclass L(KE.Layer):\n    pass\n",
        "KT109",
        "class L(keras.layers.Layer):",
    ),
    "tensors of metrics": (
        K + "def add(net):\n    net.compile(optimizer='adam', loss=[None])\n"
        "    net.metrics_tensors.append(1)\n",
        "KT399",
        None,
    ),
    "the model of a callback": (
        NET + "c = keras.callbacks.CSVLogger('a.csv')\nc.model = m\n",
        "KT339",
        "c.set_model(m)\n",
    ),
    "a type of C": (
        K + "x = keras.Input((4,), dtype='float')",
        "KT276",
        "keras.Input((4,), dtype='float32')",
    ),
    "a metric in the name of a file": (
        K + "def keep(m):\n    name = 'w-acc-{acc:.2f}.keras'\n"
        "    m.compile('sgd', 'mse', metrics=['accuracy'])\n"
        "    keras.callbacks.ModelCheckpoint(name)\n",
        "KT204",
        "name = 'w-acc-{accuracy:.2f}.keras'\n",
    ),
    "an average of the backend": (
        K + "from keras import backend as B\n"
        "def move(x, value, rate):\n    B.moving_average_update(x, value, rate)\n",
        "KT128",
        "    x.assign(x * rate + value * (1 - rate))\n",
    ),
    "weights under a number with zeros": (
        K + "def keep(m, folder, epoch):\n    m.save_weights(folder + '.' + str(epoch).zfill(5))\n",
        "KT301",
        'str(epoch).zfill(5) + ".weights.h5")',
    ),
    "the name of an initializer": (
        K + "def name(one):\n    return keras.initializers.get(one).__name__\n",
        "KT399",
        "keras.initializers.get(one).__class__.__name__",
    ),
    "a variable": (
        LAYER + "    def build(self, s):\n        self.k = self.add_variable('k', shape=s)\n",
        "KT248",
        "self.add_weight(name='k', shape=s)",
    ),
    "a tensor of elsewhere in a layer": (
        K
        + "z = keras.layers.Dense(2)(keras.Input((2,)))\nclass L(keras.layers.Layer):\n"
        + "    def call(self, x):\n        return x + z\n",
        "KT429",
        None,
    ),
    "a tensor of elsewhere in a Lambda": (
        K + "z = keras.layers.Dense(2)(keras.Input((2,)))\nkeras.layers.Lambda(lambda x: x * z)",
        "KT429",
        None,
    ),
    "weights as numbers": (
        NET + "w, b = m.layers[0].get_weights()\nprint('%d%% %f, %s' % (3, b, w))",
        "KT274",
        "% (3, b.item(), w)",
    ),
    "the larger of two": (
        K + "n = max(np.max(a), np.max(b))\nkeras.layers.Embedding(n, 8)",
        "KT266 KT408",
        "Embedding(int(n) + 1, 8)",
    ),
    "a window": (K + "keras.layers.MaxPooling1D(np.max(n))", "KT266", "1D(int(np.max(n)))"),
    "a kernel": (K + "keras.layers.Conv1D(8, np.min(n))", "KT266", "(8, int(np.min(n)))"),
    "sizes that are exchanged": (
        K + "words = vocab_size = 900\nkeras.layers.Embedding(input_dim=8, output_dim=vocab_size)",
        "KT408",
        "(input_dim=vocab_size, output_dim=8)",
    ),
    "a slip of the pen": (NET + "m.compile('adma', 'mse')", "KT259", "compile('adam', 'mse')"),
    "the last block": (RESNET + "m.get_layer('activation_49')", "KT332", "'conv5_block3_out'"),
    "a sum": (RESNET + "m.get_layer(name='add_4')", "KT332", "name='conv3_block1_add'"),
    "a branch": (RESNET + "find(m, 'res4f_branch1')", "KT332", "'conv4_block6_0_conv'"),
    "print and then fill": (
        K + "print('%d of %d') % (n, 3)",
        "KT285",
        "print('%d of %d' % (n, 3))",
    ),
    "print and then format": (K + "print('{}').format(n)", "KT285", "print('{}'.format(n))"),
    "four names": (
        K + "a, b, c, d = keras.datasets.cifar10.load_data()",
        "KT362",
        "(a, b), (c, d) = keras",
    ),
    "no loss": (NET + "m.compile('adam')\nm.fit(a, b)", "KT460", None),
    "a scaler": (
        K + "from sklearn.preprocessing import StandardScaler\ns = StandardScaler()\n"
        "x_train = s.fit_transform(x_train)\nx_test = s.fit_transform(x_test)",
        "KT461",
        "x_test = s.transform(x_test)",
    ),
    "a scaler of another array": (
        K + "from sklearn.preprocessing import MinMaxScaler\ns = MinMaxScaler()\n"
        "y_train = s.fit_transform(y_train)\nx_test = s.fit_transform(x_test)",
        "KT461",
        None,
    ),
    "an image as an input": (
        K + "import tensorflow as tf\nx = tf.Variable(np.ones(3))\n"
        "keras.applications.vgg16.VGG16(input_tensor=x, include_top=False)",
        "KT363",
        None,
    ),
    "images that are tested": (
        "from tensorflow.keras.preprocessing.image import ImageDataGenerator as I\n"
        "g = I(rotation_range=9)\nt = g.flow_from_directory('test')\n"
        "from tensorflow import keras\nm = keras.models.load_model('m.keras')\nm.evaluate(t)",
        "KT150 KT446",
        None,
    ),
    "a module of Python 2": (
        K + "import Tkinter\nw = Tkinter.Tk()",
        "KT156 KT156",
        "import numpy as np\nimport tkinter\nw = tkinter.Tk()",
    ),
    "a sheet": (
        K + "import pandas as pd\npd.read_excel('a.xls', index='Date', sheetname=0)",
        "KT267 KT267",
        "read_excel('a.xls', sheet_name=0)",
    ),
    "several devices": (
        K + "from keras.utils import multi_gpu_model\nn = multi_gpu_model(m, gpus=2)",
        "KT135",
        "n = m",
    ),
    "a summary": (K + "keras.utils.print_summary(m)", "KT137", "m.summary()"),
    "the backend of a module": (
        "from keras.layers.core import K\nK.clear_session()",
        "KT106",
        "backend.clear_session()",
    ),
    "a loss of old": (
        K + "import tensorflow as tf\ntf.losses.log_loss(a, b)",
        "KT199",
        "tf.compat.v1.losses.log_loss(a, b)",
    ),
    "what TensorFlow moved": (
        K + "import tensorflow as tf\ntf.svd(a)\ntf.image.resize_images(a, (2, 2))",
        "KT198 KT149",
        "tf.linalg.svd(a)\ntf.image.resize(a, (2, 2))",
    ),
    "classes of a model of elsewhere": (
        K + "m = keras.models.load_model('m.keras')\ny = keras.utils.to_categorical(y)\n"
        "m.predict_classes(x)",
        "KT307",
        "np.argmax(m.predict(x), axis=-1)",
    ),
    "weights without a suffix": (
        NET + "m.save_weights('net.h5')\nm.load_weights('net')",
        "KT301 KT301",
        "m.load_weights('net.weights.h5')",
    ),
    "an index of weights": (
        NET + "import os\np = 'a/net.ckpt'\nif os.path.exists(p + '.index'):\n"
        "    m.load_weights(p)\nm.save_weights(p)",
        "KT301 KT301",
        "exists(p):",
    ),
    "other ends of HDF5": (
        K + "def f(large, book):\n    large.save('a/b.h5py', 'w+')\n    book.save('a.xlsx', 'w')\n",
        "KT309",
        "large.save('a/b.keras', 'w+')\n",
    ),
    "classes of the document": (
        LAYER + "    def call(self, x):\n        return x\n"
        "m = keras.Sequential([L()])\nm.save('net')\nkeras.models.load_model('net')",
        "KT309 KT312",
        "load_model('net.keras', custom_objects={\"L\": L})",
    ),
    "a file that h5py opens": (
        NET + "import h5py\nm.save('a.h5')\nh5py.File('a.h5')",
        "KT311",
        None,
    ),
    "classes that come later": (
        NET + "m.save('net')\nkeras.models.load_model('net')\n" + LAYER[len(K) :] + "    pass",
        "KT309 KT312",
        "keras.models.load_model('net.keras')\n",
    ),
    "layers of Keras alone": (
        LAYER + "    pass\n" + NET[len(K) :] + "m.save('net')\nkeras.models.load_model('net')",
        "KT309 KT312",
        "keras.models.load_model('net.keras')",
    ),
    "another metric": (NET + "m.compile('sgd', 'mse', metrics=['f2_score'])", "KT259", None),
    "the root of a loss": (NET + "m.compile('sgd', 'rmse')", "KT259", None),
    "pictures of bytes": (
        K + "from scipy.misc import imsave\nx = f()\nimsave('a.png', x)",
        "KT156",
        "keras.utils.save_img('a.png', np.atleast_3d(x), scale=x.dtype != \"uint8\")",
    ),
    "a module that nobody uses": ("from keras.utils import np_utils\nx = 3", "KT104", "x = 3"),
    "two stars": (
        "from keras.layers.core import *\nfrom keras.layers.convolutional import *\nx = Dense(3)",
        "KT106 KT106",
        "from keras.layers import *\nx = Dense(3)",
    ),
    "targets": (NET + "m.compile('sgd', 'mse', target_tensors=[y])", "KT232", None),
    "graphs for all": (
        NET + "import tensorflow as tf\ntf.compat.v1.disable_eager_execution()\nm.summary()",
        "KT436",
        "import tensorflow as tf\nm.summary()",
    ),
    "a seed of TensorFlow": (
        NET + "import tensorflow as tf\nnp.random.seed(7)\ntf.random.set_seed(7)\n"
        "a = np.random.rand(9, 4)\n"
        "m.compile('sgd', 'mse')\nm.fit(a, b)",
        "KT444",
        "np.random.seed(7)\nkeras.utils.set_random_seed(7)\n",
    ),
    "accuracy asked of fit": (
        NET + "m.compile('sgd', 'mse')\nm.fit(a, b, show_accuracy=True)\n"
        "m.evaluate(a, b, show_accuracy=True)\n",
        "KT231 KT231",
        "m.compile('sgd', 'mse', metrics=[\"accuracy\"])\nm.fit(a, b)\nm.evaluate(a, b)\n",
    ),
    "a metric in a part of a name": (
        NET + "m.compile('sgd', loss, metrics=['accuracy'])\nm.fit(a, b, validation_split=0.2)\n"
        "path = folder + 'w-{val_acc:.2f}.keras'\nkeras.callbacks.ModelCheckpoint(path)\n",
        "KT204",
        "folder + 'w-{val_accuracy:.2f}.keras'",
    ),
    "a half as a bound": (
        K + "x = np.ones((9, 4))\nhalf = len(x) / 2\na, b = x[:half], x[half:]\n",
        "KT269 KT269",
        "half = len(x) // 2\na, b = x[:half], x[half:]\n",
    ),
    "rows of pictures": (
        K + "import matplotlib.pyplot as plt\nk = np.ceil(np.sqrt(9))\nfig = plt.figure()\n"
        "fig.add_subplot(k, 3, 1)\nplt.subplot(9 / 3, 3, 1)\n",
        "KT269 KT269",
        "fig.add_subplot(int(k), 3, 1)\nplt.subplot(int(9 / 3), 3, 1)\n",
    ),
    "the mean of a map": (
        K + "a = np.mean(map(np.array_equal, b, c))\n",
        "KT271",
        "a = np.mean(list(map(np.array_equal, b, c)))\n",
    ),
    "a class of one prediction": (
        K + "def f(model, x):\n    y = model.predict(x)\n    a = int(np.argmax(x, axis=1))\n"
        "    return a, int(y.argmax(axis=-1))\n",
        "KT274 KT274",
        "int(np.argmax(x, axis=1).item())\n    return a, int(y.argmax(axis=-1).item())\n",
    ),
    "what is raised where a model is not there yet": (
        K + "from keras.models import load_model\ndef f():\n    m = keras.Sequential()\n"
        "    m.save('a.h5')\n    return m\n"
        "try:\n    m = load_model('a.h5')\nexcept IOError:\n    m = f()\n"
        "try:\n    m = load_model('a.h5')\nexcept Exception:\n    m = f()\n",
        "KT311",
        "    m = load_model('a.keras')\nexcept (IOError, ValueError):\n    m = f()\n"
        "try:\n    m = load_model('a.keras')\nexcept Exception:\n",
    ),
    "targets with the name of the only output": (
        K + "i = keras.Input((3,))\nm = keras.Model(i, keras.layers.Dense(1, name='a')(i))\n"
        "m.compile('sgd', {'a': 'mse'})\ndef f():\n    while True:\n        t = {'a': y}\n"
        "        yield x, t\nm.fit(f(), validation_data=(x, {'a': y}), steps_per_epoch=3)\n",
        "KT468 KT468",
        "        t = y\n        yield x, t\nm.fit(f(), validation_data=(x, y), steps",
    ),
    "a loss with the name of the only output": (
        NET + "m.compile('sgd', loss={'a': 'mse'})\n",
        "KT468",
        "m.compile('sgd', loss='mse')\n",
    ),
    "rows of predictions": (
        NET + "p = (m.predict(x) > 0.5).astype('int32')\nfor i in range(5):\n"
        "    print('%d %d' % (p[i], y[i]))\nfor row in m.predict(x):\n    print('%.2f' % row)\n",
        "KT274 KT274",
        "% (p[i].item(), y[i]))\nfor row in m.predict(x):\n    print('%.2f' % row.item())\n",
    ),
    "classes of one unit": (
        K + "m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])\n"
        "p = m.predict_classes(x)\nfor i in range(5):\n    print('%s %d' % (x[i], p[i]))\n",
        "KT307 KT274",
        "print('%s %d' % (x[i], p[i].item()))",
    ),
    "predictions as items of an array": (
        K + "import math\ndef f(model, x):\n    y = np.zeros(len(x))\n    z = np.zeros((9, 2))\n"
        "    for i in range(9):\n        y[i] = model.predict(x[i : i + 1])\n"
        "        z[i, 0] = model.predict(x)[i]\n    return math.sqrt(model.predict(x)[0])\n",
        "KT274 KT274 KT274",
        "y[i] = model.predict(x[i : i + 1]).item()\n        z[i, 0] = model.predict(x)[i].item()\n"
        "    return math.sqrt(model.predict(x)[0].item())\n",
    ),
    "bytes of what was cPickle": (
        K + "import cPickle\ncPickle.dump(a, open('b', 'w+'))\n",
        "KT156 KT156 KT270",
        "import pickle\npickle.dump(a, open('b', 'w+b'))\n",
    ),
    "a share as a bound": (
        K + "x = np.ones((9, 4))\nsplit = len(x) * 0.8\na, b = x[:split], x[:, 1 : len(x) / 2]\n",
        "KT269 KT269",
        "x[:int(split)], x[:, 1 : int(len(x) / 2)]",
    ),
    "a metric in a name of a name": (
        NET + "m.compile('sgd', loss, metrics=['accuracy'])\nm.fit(a, b, validation_split=0.2)\n"
        "last = 'w-{val_acc:.2f}.keras'\npath = folder + last\n"
        "keras.callbacks.ModelCheckpoint(path)\n",
        "KT204",
        "last = 'w-{val_accuracy:.2f}.keras'",
    ),
    "sizes of Keras 0": (
        K + "m = keras.Sequential()\nm.add(keras.layers.Dense(414, 1024, activation='relu'))\n",
        "KT255",
        "m.add(keras.layers.Dense(1024, activation='relu'))",
    ),
    "a product for a shape": (K + "x = keras.Input((28 * 28))", "KT243", "keras.Input((28 * 28,))"),
    "pictures of the private copy": (
        "from tensorflow.python.keras.preprocessing.image import img_to_array\nimg_to_array(x)",
        "KT151",
        "from tensorflow.keras.preprocessing.image import img_to_array\n",
    ),
    "what only TensorFlow 2 asked for": (
        K + "def prepare(m):\n    m.compile('sgd', 'mse', experimental_run_tf_function=False)\n",
        "KT232",
        "m.compile('sgd', 'mse')\n",
    ),
    "a first layer where a function imports for itself": (
        "def f():\n    import keras\n    from keras import layers\n"
        "    return keras.Sequential([layers.Dense(4, input_shape=(2,))])\n",
        "KT202",
        "keras.Sequential([keras.Input(shape=(2,)), layers.Dense(4)])",
    ),
    "a model that runs in a graph": (
        NET + "import tensorflow as tf\ngraph = tf.Graph()\ndef f(x):\n"
        "    with graph.as_default():\n        # of a\n        y = m.predict(x)\n"
        "        return (y,\n                y)\n",
        "KT436",
        "def f(x):\n    # of a\n    y = m.predict(x)\n    return (y,\n            y)\n",
    ),
    "... without a comment": (
        NET + "import tensorflow as tf\ngraph = tf.get_default_graph()\ndef f(x):\n"
        "    with graph.as_default():\n        y = m.predict(x)\n        return (y,\n"
        "                y)\n",
        "KT141 KT436",
        "def f(x):\n    y = m.predict(x)\n    return (y,\n            y)\n",
    ),
    "... of a session": (
        NET + "import tensorflow as tf\nwith tf.compat.v1.Session() as s:\n    m.predict(x)\n"
        "    m.predict(y)",
        "KT436",
        "m.predict(x)\nm.predict(y)",
    ),
    "an input behind a layer": (
        K + "m = keras.Sequential()\nm.add(keras.layers.Dense(3))\nm.add(keras.Input((3,)))\n",
        "KT344",
        "m.add(keras.layers.Dense(3))\n",
    ),
    "... in a list": (
        K + "m = keras.Sequential([keras.layers.Dense(3), keras.layers.InputLayer((3,))])",
        "KT344",
        None,
    ),
    "what a callback logs": (
        HOOK.format("on_epoch_end(self, epoch, logs=None): print(logs['loss'].item())\n  #"),
        "KT399",
        "print(logs['loss'])",
    ),
    "... one after the other": (
        K + "class C(keras.callbacks.Callback):\n    def on_batch_end(self, batch, logs=None):\n"
        "        logs = logs or {}\n        for n, v in logs.items(): f(n, v.item())\n",
        "KT399",
        "f(n, v)",
    ),
    "a value of a weight": (
        K + "def f(m):\n    for w in m.weights:\n        w.set_value(w.get_value() / 2)",
        "KT399 KT399",
        "w.assign(w.numpy() / 2)",
    ),
    "a word behind a name": (
        NET + "def f(n):\n    m.save_weights('%s_last' % n)\n    m.load_weights('%s_last' % n)",
        "KT301 KT301",
        "m.save_weights('%s_last.weights.h5' % n)\n    m.load_weights('%s_last.weights.h5' % n)",
    ),
    "... in a field": (
        NET + "class A:\n    def __init__(self, name):\n        self.file = name + '_net'\n"
        "    def save(self):\n        m.save_weights(self.file)\n",
        "KT301",
        "name + '_net.weights.h5'",
    ),
    "... that nothing names": (
        NET + "def f(name):\n    m.save_weights(name + 'net')\nf('my')",
        "KT301",
        "m.save_weights(name + 'net.weights.h5')",
    ),
    "a file that is written by a number": (
        NET + "c = keras.callbacks.ModelCheckpoint('out/net-{epoch:02d}.hdf5', monitor='loss')\n"
        "m = keras.models.load_model('out/net-07.hdf5')",
        "KT313",
        "load_model('out/net-07.keras')",
    ),
    "a module of the utils": (
        "from keras.utils.image_dataset import image_dataset_from_directory as f\nf('a')",
        "KT105",
        "from keras.utils import image_dataset_from_directory as f\n",
    ),
    "what the private copy alone has": (
        "from tensorflow.python.keras.datasets.cifar import load_batch\nload_batch('a')",
        "KT151",
        None,
    ),
    "a picture of another size": (
        K + "from scipy.misc import imresize\ndef f(x):\n    return imresize(x, size=(2, 3))\n",
        "KT156",
        ".resize(((2, 3))[1::-1], 2))\n",
    ),
    "... by a factor": (
        K + "from scipy.misc import imresize\ndef f(x):\n    return imresize(x, 0.5)\n",
        "KT156",
        None,
    ),
    "a kernel of three sides": (
        K + "keras.layers.Convolution3D(8, 2, 3, 3, border_mode='same')",
        "KT416 KT213",
        "keras.layers.Convolution3D(8, (2, 3, 3), padding='same')",
    ),
    "a layer that moved and its argument": (
        "from keras.layers.convolutional import SeparableConv2D\n"
        "SeparableConv2D(8, 3, kernel_initializer='ones')",
        "KT106 KT299",
        "from keras.layers import SeparableConv2D\nSeparableConv2D(8, 3)",
    ),
    "a loss of a finished model": (
        K + "def f(x, y):\n    m = keras.Model(x, y)\n    m.add_loss(keras.ops.mean(y))\n"
        "    m.compile('adam')\n",
        "KT324",
        "            return outputs\n\n    m = keras.Model(m.inputs, AddLoss()(m.output, "
        "keras.ops.mean(y)), name=m.name)\n",
    ),
    "... after compiling": (
        K + "m = keras.Model(x, y)\nm.compile('adam')\nm.add_loss(keras.ops.mean(y))\n",
        "KT324",
        None,
    ),
    "as many steps as a quotient": (
        K + "for i in xrange(len(x) / 2):\n    y = [0] * (len(x) / 2) + [1]\n",
        "KT269 KT269",
        "range(int(len(x) / 2)):\n    y = [0] * (int(len(x) / 2)) + [1]",
    ),
    "models that are merged": (
        NET + "from keras.layers import Merge\na = keras.Sequential([Merge([m, m], mode='sum')])",
        "KT118",
        "keras.Sequential([keras.Model([*m.inputs, *m.inputs], "
        "keras.layers.add([m.outputs[0], m.outputs[0]]))])",
    ),
    "... that nothing begins": (
        K + "from keras.layers import Merge\nm = keras.Sequential([keras.layers.Dense(3)])\n"
        "a = keras.Sequential([Merge([m, m], mode='sum')])",
        "KT118",
        None,
    ),
    "a function of TensorFlow of a list of tensors": (
        TF + "x = [keras.layers.Dense(2)(keras.Input((3,))) for i in range(2)]\n"
        "y = tf.concat(x, axis=1)\nfor one in x:\n    tf.exp(one)",
        "KT425 KT425",
        "y = keras.ops.concatenate(x, axis=1)\nfor one in x:\n    keras.ops.exp(one)",
    ),
    "... of a property": (
        TF + "class N:\n    def __init__(self):\n        self.x = keras.Input((3,))\n"
        "    @property\n    def y(self):\n        return keras.layers.Dense(2)(self.x)\n"
        "    def z(self):\n        return tf.exp(self.y)\n",
        "KT425",
        "        return keras.ops.exp(self.y)\n",
    ),
    "a module but for an underscore": (
        "from keras.applications.mobilenetv2 import MobileNetV2\nMobileNetV2()",
        "KT199",
        "from keras.applications.mobilenet_v2 import MobileNetV2\n",
    ),
    "a blank in a name": (
        NET.replace("1)]", "1, name='a b')], name='c d'")
        + "m.compile('sgd', 'mse')\nm.fit(x, y)\nm.get_layer('a b')\nprint('c d')",
        "KT247 KT247",
        "name='a_b')], name='c_d')\nm.compile('sgd', 'mse')\nm.fit(x, y)\n"
        "m.get_layer('a_b')\nprint('c d')",
    ),
    "a function of graphs": (
        TF + "from tensorflow.python.framework import graph_util\n"
        "g = graph_util.convert_variables_to_constants(a, b, c)",
        "KT149",
        "g = tf.compat.v1.graph_util.convert_variables_to_constants(a, b, c)",
    ),
    "outputs that a loop appends": (
        K + "def f(n=4):\n    x, y = keras.Input((3,)), []\n    for _ in range(n):\n"
        "        y.append(keras.layers.Dense(2)(x))\n    m = keras.Model(x, y)\n"
        "    m.compile('sgd', 'mse', metrics=['mae'])",
        "KT441",
        "metrics=[['mae']] * n)",
    ),
    "files that a callback numbers": (
        NET + "c = keras.callbacks.ModelCheckpoint(folder + '/{epoch:02d}.hdf5')\n"
        "m = keras.models.load_model('model/11.hdf5')",
        "KT313",
        "'/{epoch:02d}.keras')\nm = keras.models.load_model('model/11.keras')",
    ),
    "a slash in a name": (
        NET + "x = keras.Input((3,), name='a/b')\nm.get_layer('a/b')",
        "KT247",
        "name='a_b')\nm.get_layer('a_b')",
    ),
    "a grey picture": (
        K + "keras.utils.load_img('a.png', grayscale=True)",
        "KT299",
        "load_img('a.png', color_mode=\"grayscale\")",
    ),
    "a phase in a list of its own": (
        NET
        + "f = keras.backend.function([m.input] + [keras.backend.learning_phase()], m.outputs)\n"
        "y = f([x] + [0])",
        "KT126 KT340 KT125",
        "f = lambda inputs, run=keras.Function([m.inputs[0]], m.outputs): "
        "[keras.ops.convert_to_numpy(one) for one in run(inputs)]\ny = f([x])",
    ),
    "an import within a function": (
        "import tensorflow as tf\nm = tf.keras.Sequential()\ndef f(x):\n"
        "    from keras_preprocessing import image\n    return image.img_to_array(x)\n",
        "KT147",
        "    from tensorflow.keras.preprocessing import image\n    return image.img_to_array(x)\n",
    ),
    "weights to start from": (
        K + "keras.layers.Dense(2, weights=[np.ones((3, 2)), np.zeros(2)])",
        "KT224",
        "keras.layers.Dense(2, kernel_initializer=keras.initializers.Constant(np.ones((3, 2))), "
        "bias_initializer=keras.initializers.Constant(np.zeros(2)))",
    ),
    "... by a name": (
        K + "w = [np.ones((3, 2)), np.zeros(2)]\nkeras.layers.Dense(2, weights=w)",
        "KT224",
        "kernel_initializer=keras.initializers.Constant(w[0]), bias_initializer=",
    ),
    "... of another layer": (
        NET + "keras.layers.Dense(2, weights=m.layers[0].get_weights())",
        "KT224",
        None,
    ),
    "the shape of a network's pictures": (
        "from keras import Input\n"
        "from keras.applications.imagenet_utils import _obtain_input_shape\n"
        "def f(shape, top):\n    return Input(_obtain_input_shape(shape, default_size=9,\n"
        "        min_size=8, data_format=None, require_flatten=top))\n",
        "KT145",
        "    return Input((shape or ((9, 9, 3) if top else (None, None, 3))))",
    ),
    "a model that a callback is given": (
        HOOK.format(
            "__init__(self, m):\n        super().__init__()\n        self.model = m\n    #"
        ),
        "KT339",
        "        self.set_model(m)\n",
    ),
    "kernels of another backend": (
        "from keras.utils import layer_utils\nfrom keras import backend as K\ndef f(m):\n"
        "    if K.backend() == 'theano':\n        layer_utils.convert_all_kernels_in_model(m)\n"
        "    return m\n",
        "KT105",
        "from keras import backend as K\ndef f(m):\n    if K.backend() == 'theano':\n"
        "        pass\n    return m\n",
    ),
    "the slope of a tensor of the model": (
        TF + "m = keras.applications.VGG16()\nc = m.get_layer('block5_conv3').output\n"
        "g = keras.backend.gradients(m.output[:, 3], c)[0]\n"
        "h = keras.backend.gradients(m.output[:, 4], m.input)\n",
        "KT126 KT126",
        "        return tape.gradient(y, x)\n\n\n"
        "g = Gradient(keras.Function(c, m.output[:, 3]))(c)\n"
        "h = [Gradient(keras.Function(m.input, m.output[:, 4]))(m.input)]\n",
    ),
    "... of what a loss is given": (
        TF + "def penalty(y, p, x):\n    return keras.backend.gradients(p, x)[0]\n",
        "KT126",
        None,
    ),
    "patches of pictures": (
        TF + "p = tf.image.extract_image_patches(x, ksizes=[1, 2, 2, 1], strides=[1, 2, 2, 1],\n"
        "    rates=[1, 1, 1, 1], padding='SAME')",
        "KT149",
        "tf.image.extract_patches(x, [1, 2, 2, 1], [1, 2, 2, 1],\n    [1, 1, 1, 1], 'SAME')",
    ),
    "a block by its name": (RESNET + "show('bn3b_branch2a')", "KT332", "'conv3_block2_1_bn'"),
}


@pytest.mark.parametrize("name", MENDED)
def test_a_kind_is_told_of_and_mended(name: str) -> None:
    text, codes, after = MENDED[name]
    assert found(text) == codes.split()
    mended = fix_text(Text(text), "x.py", Selection(), True)[0]
    assert after is None or after in mended
    assert (mended == text) == (after is None)


RIGHT = {
    "what one column gives": TABLE + "int(t['a'].max())\nint(t.a.sum())\nint(t.max().max())",
    "what a named column gives": TABLE + "n = 'a'\nint(t[n].max())\nint(t[t.columns[0]].max())",
    "one of a column": TABLE + "int(t['a'][0])\nint(t[t.a == 1]['b'].iloc[0])\nint(t.max()['a'])",
    "a row": TABLE
    + "def f(t):\n    return int(t['a'])\ng = t.apply(lambda df: int(df['a']), axis=1)",
    "a cell by its place": TABLE + "int(t.iloc[0]['a'])\nint(t.loc[3, 'a'])\nint(t.at[3, 'a'])",
    "whatever was kept": TABLE + "int(pd.read_pickle('kept')['a'])",
    "each row": TABLE + "for i, one in t.iterrows():\n    int(one['a'])",
    "an iterator of both Pythons": K + "class B:\n    def __iter__(self):\n        return self\n"
    "    def __next__(self):\n        return self.next()\n    def next(self):\n        return 1\n"
    "class C(six.Iterator):\n    def __iter__(self):\n        return self\n"
    "    def next(self):\n        return 1\nB().next()\nqueue.next()\n",
    "names of several outputs, and of one that the model names": K
    + "i = keras.Input((3,))\na, b = keras.layers.Dense(1)(i), keras.layers.Dense(1)(i)\n"
    "m = keras.Model(i, [a, b])\nm.compile('sgd', {'a': 'mse'})\nm.fit(x, {'a': y})\n"
    "m = keras.Model(i, {'a': a})\nm.compile('sgd', {'a': 'mse'})\nm.fit(x, {'a': y})\n",
    "classes of several units, and what holds rows": K
    + "m = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation='softmax')])\n"
    "p, y = m.predict(x).argmax(axis=-1), np.zeros((9, 2))\nz = [0] * 9\n"
    "for i in range(9):\n    print('%d' % p[i])\n    y[i] = m.predict(x[i : i + 1])\n"
    "    z[i] = m.predict(x)[i]\n",
    "a variable of TensorFlow": "import tensorflow as tf\nK = tf.keras.backend\n"
    "K.set_value(tf.Variable(1.0), 2.0)\nrate = K.get_value(keras_rate)\n",
    "options and counts that are taken": K
    + "import pandas as pd\nimport seaborn as sns\nfrom sklearn.feature_extraction.text import *\n"
    "pd.set_option('display.max_columns', 9, 'max_seq_items', -1)\n"
    "TfidfVectorizer(min_df=0.0)\nsns.relplot(data=table, x='a', y='b', size='c')\n",
    "two matrices": K + "from scipy.linalg import eigh\neigh(np.eye(3), b=np.eye(3))",
    "a list of layers": K + "keras.Sequential([keras.layers.Dense(2)])",
    "another start": LAYER + "    def __init__(self):\n        keras.layers.Layer.__init__(self)\n",
    "a schedule": K
    + "class S(keras.optimizers.schedules.LearningRateSchedule):\n"
    + "    def __init__(self):\n        self.rate = 1\n",
    "a layer that says nothing": LAYER + "    def __init__(self):\n        ...\n",
    "what begins by itself": HOOK.format("on_epoch_begin(self, number, log=None)"),
    "any number": HOOK.format("on_batch_end(self, *args, **kwargs)"),
    "more of a batch": HOOK.format("on_batch_end(self, batch, **more)"),
    "logs by name": HOOK.format("on_train_batch_end(self, batch, *, logs=None)"),
    "one class": NET + "m.compile('sgd')\nprint('%d' % np.argmax(m.predict(x), axis=-1)[0])",
    "more by default": HOOK.format("on_train_end(self, logs=None, more=1)"),
    "the shape of a tensor": K
    + "z = keras.layers.Dense(2)(keras.Input((2,)))\n"
    + "keras.layers.Lambda(lambda x: x * z.shape[-1])",
    "texts": NET + "print('%s' % m.layers[0].get_weights()[0])",
    "filters": K + "keras.layers.Conv2D(np.max(n), 3)",
    "one more": K + "keras.layers.Embedding(int(np.max(n)) + 1, 8)",
    "a name of one's own": RESNET + "keras.layers.Dense(3, name='res5c_branch2c')",
    "what a loop defined before": K
    + "for i in range(3):\n    if i:\n        print(last)\n    last = i\n",
    "one of two generators": "from tensorflow import keras\n"
    "I = keras.preprocessing.image.ImageDataGenerator  # noqa\n"
    "a, b = I(rotation_range=9), I(rescale=2)\n"
    + NET.replace(K, "")
    + "m.compile('sgd', 'mse')\nm.fit(a.flow(x, y))",
    "accuracy of a choice": NET
    + "m.compile('sgd', 'mse', metrics=['accuracy'])\nm.fit(a, np.array([0, 1, 1, 0]))",
    "a loss of a layer": NET + "m.layers[0].add_loss(1)\nm.compile('adam')\nm.fit(a, b)",
    "one column again": K
    + "from sklearn.preprocessing import MinMaxScaler\ns = MinMaxScaler()\n"
    + "a = s.fit_transform(x)\ns.fit_transform(valid)",
    "folds that are split": K
    + "from sklearn.model_selection import KFold\nfor a, b in KFold(3).split(x): pass",
    "a folder that Keras 3 makes": K
    + "import os\nf = keras.utils.get_file('a.tgz', 'http://a.b/a.tgz', extract=True)\n"
    + "os.path.join(os.path.dirname(f), 'a_extracted')",
    "seeds of Python as well": NET
    + "import random\nimport tensorflow as tf\nrandom.seed(7)\ntf.random.set_seed(7)\n"
    + "m.compile('sgd', 'mse')\nm.fit(a, b)",
    "another net": K + "show('res5c_branch2c')",
    "what of TensorFlow takes anything": TF
    + "x = keras.Input((4,))\ntf.print(x)\ntf.is_tensor(x)\ntf.nest.flatten([x])",
    "a tensor that is none of Keras": TF + "def f(x):\n    return tf.nn.relu(x)\n",
    "a layer's own call": TF
    + "class L(keras.layers.Layer):\n    def call(self, x):\n"
    + "        return tf.nn.relu(keras.layers.Dense(2)(x))\n",
    "a graph of one's own": TF
    + "with tf.Graph().as_default():\n    x = tf.compat.v1.placeholder('float32')",
    "data by a dictionary": NET + "m.compile('sgd', 'mse')\nm.fit(**given)",
    "a trainer of one's own": K + "class T:\n    def fit(self, epochs): pass\nT().fit(epochs=2)",
    "a model that is no callback's": K + "class H: pass\nH().model = 1",
    "a picture": K + "from PIL import Image\nImage.new('L', (2, 2)).save('net')",
    "bounds that are whole": K + "x = np.ones((9, 4))\nn = int(len(x) * 0.8)\nx[:n], x[n // 2 :]",
    "a bound of labels": K + "half = 1 / 2\ntable.loc[:half]",
    "a helper of a layer of another file": TF
    + "from graphs import Base\nclass L(Base):\n    def help(self, x):\n"
    "        return tf.reshape(self.d(x), [-1])\n"
    "    def __init__(self):\n        super().__init__()\n        self.d = keras.layers.Dense(2)\n",
    "a choice that is no file": NET
    + "def f(weights='imagenet'):\n    if weights == 'imagenet':\n        print(1)\n"
    + "    elif weights:\n        m.load_weights(weights)",
    "a picture by its mode": K + "keras.utils.load_img('a.png', color_mode='grayscale')",
    "a kernel of one side": K + "keras.layers.Conv3D(8, 3, 2)",
    "a list by a number": K + "x = [0] * (4 * 2) + [1, 2] * (a / b)",
    "a list of arrays": TF + "x = [np.ones(3) for i in range(2)]\ntf.concat(x, axis=0)",
    "a model before a graph": NET
    + "import tensorflow as tf\nm.predict(x)\nwith tf.Graph().as_default():\n    print(m.name)",
    "a strategy's scope": NET
    + "import tensorflow as tf\nwith tf.device('cpu'), s.scope():\n    m.predict(x)",
    "one of two inputs": K
    + "m = keras.Sequential()\nif a:\n    m.add(keras.layers.Dense(3))\n"
    + "else:\n    m.add(keras.Input((3,)))\nm.add(keras.layers.Dense(3))",
    "an item of an array": K
    + "class C(keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs=None):\n"
    + "        self.best = np.min(logs['loss']).item()",
    "an item of what is asked for": K
    + "class C(keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs=None):\n"
    + "        for v in logs.values():\n            if isinstance(v, np.ndarray): v.item()",
    "an end that a name may be": NET + "def f(name, ext):\n    m.save_weights(name + '_x' + ext)",
    "an end of a suffix": NET + "def f(name):\n    m.save(name + 'keras')",
    "a symbolic tensor as an input": K + "x = keras.Input(tensor=keras.Input((3,)))",
    "a layer of another file": K
    + "m = keras.models.load_model('a.keras', custom_objects=x)\nm.get_layer('a').slope.assign(1)",
    "blanks that name no layer": NET
    + "x = keras.Input((3,), name='a b')\nd = keras.layers.Dense(1, name='a-b.c_d')\n"
    + "m.compile('sgd', 'mse')\nm.fit(x, y)\nprint('a b')",
    "an output that a loop appends once": K
    + "x, y = keras.Input((3,)), []\nfor _ in range(1):\n    y.append(keras.layers.Dense(2)(x))\n"
    + "m = keras.Model(x, y)\nm.compile('sgd', 'mse', metrics=['mae'])",
    "outputs that a loop appends, of any number": K
    + "x, y = keras.Input((3,)), []\nfor _ in range(n):\n    y.append(keras.layers.Dense(2)(x))\n"
    + "m = keras.Model(x, y)\nm.compile('sgd', 'mse', metrics=['mae'])",
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_like_it_and_right_is_not_told_of(name: str) -> None:
    assert found(RIGHT[name]) == []


BLOCKS = {
    "a base that is started": [
        "class L(Layer):\n  def __init__(self):\n    super().__init__( if)\n    self.n = 1"
    ],
    "numbers": ["[ 0.  1.]\n[ 1.  0.]"],
    "sentences": ["Gets to 98% after a day\n(there is a lot of room for more of it)."],
    "dots for arguments": ["x = Lambda(....)(y)\nz = f(x,\n      .....)"],
    "augmentation that no parser reads": [
        "g = RandomFlip()",
        "m = Sequential([Input((4,)), Dense(1)])\nm.compile('sgd', 'mse')\nm.fit(x, y)",
        "m.fit(g(x) if)",
    ],
    "what is left out between": [
        "m = Sequential([Input((8, 8, 1))])\nm.add(Conv2D(8, 3))",
        "m.add(Dense(2))",
    ],
    "losses to choose from": [
        "m = Sequential([Input((8,)), Dense(1)])",
        "m.compile('sgd', 'binary_crossentropy')",
        "m.compile('sgd', 'categorical_crossentropy')",
    ],
}


@pytest.mark.parametrize("name", BLOCKS)
def test_blocks_of_a_page_may_be_parts_or_no_code(name: str) -> None:
    imports = "from keras import *\nfrom keras.layers import *"
    page = "".join(f"```python\n{block}\n```\n\nThen\n\n" for block in [imports, *BLOCKS[name]])
    assert found(page, ".md") == ["KT000"] * page.count(" if)")


def test_blocks_without_a_mark_that_call_tensorflow_are_read() -> None:
    page = "Beneath Keras:\n\n```\nx = tf.placeholder(tf.float32)\n```\n\n```\ntf. and more\n```\n"
    assert found(page, ".md") == ["KT141"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("keras.experimental.export_saved_model(m, path)", "m.save(path)"),
        (
            "keras.experimental.load_from_saved_model(path)",
            "keras.models.load_model(path)",
        ),
        (
            "keras.backend.tensorflow_backend._get_available_gpus()",
            "tf.config.list_physical_devices('GPU')",
        ),
        (
            "scipy.misc.imresize(a, b.shape[:2])",
            "np.asarray(keras.utils.array_to_img(np.atleast_3d(a), "
            "scale=np.asarray(a).dtype != 'uint8').resize(b.shape[:2][1::-1], 2))",
        ),
        ("scipy.misc.imresize(a, size)", ""),
    ],
)
def test_what_is_gone_has_another_way(old: str, new: str) -> None:
    text = f"{TF}import scipy.misc\nm = net()\n{{}}\n"
    assert (new or old) in fix_text(Text(text.format(old)), "x.py", Selection(), True)[0]


def test_marks_around_a_word_of_prose_stay() -> None:
    text = "```python\nkeras\nx: array with shape `(len(sequences), 3)`\n```\n"
    assert fix_text(Text(text), "x.md", Selection(), False)[0] == text


def test_a_metric_whose_sign_has_turned_is_not_safely_renamed() -> None:
    text = NET + "m.compile('sgd', 'cosine_proximity', metrics=['cosine'])\n"
    after = fix_text(Text(text), "x.py", Selection(), False)[0]
    assert "'cosine_similarity', metrics=['cosine']" in after
    assert "['cosine_similarity']" in fix_text(Text(text), "x.py", Selection(), True)[0]


def test_a_page_leaves_the_data_of_a_model_out() -> None:
    line = "model.fit(epochs=3, callbacks=[keras.callbacks.TerminateOnNaN()])\n"
    assert found(K + line) == ["KT364"]
    assert "KT364" not in found(f"```python\n{K}{line}```\n", ".md")


def test_tabs_beside_blanks_are_worth_what_they_were_in_python_2() -> None:
    text = (
        "import keras\nif x:\n    a = 1\n    for i in y:\n\tb = i\n\tkeras.Input((3,))\n    c = 2\n"
    )
    after = fix_text(Text(text), "x.py", Selection(), True)[0]
    assert after == text.replace("\t", "        ")
    assert fix_text(Text(text), "x.py", Selection(), False)[0] == after
    tabs = text.replace("        ", "\t\t").replace("    ", "\t").replace("\tb", "\t\tb")
    assert "KT000" not in found(tabs.replace("\tkeras", "\t\tkeras"))
    odd = "import keras\nif x:\n  a = 1\n\tb = 2\n"
    assert fix_text(Text(odd), "x.py", Selection(), True)[0] == odd
