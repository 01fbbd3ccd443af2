"""Kinds of faults in how data are prepared, and beside Keras, with the fix of each."""

from typing import Any

import pytest

from kerastut.lint.check import Selection
from kerastut.lint.documents.text import Text
from kerastut.lint.fixes.fixing import fix_text

from .test_mended_kinds import HOOK, NET, K, found

PD = "import keras\nimport pandas as pd\nt = pd.read_csv('a')\n"
SCALED = K + "from sklearn.preprocessing import MinMaxScaler\ns = MinMaxScaler()\n"
SPLIT = "from sklearn.model_selection import train_test_split\n"
FOLD = K + "from sklearn.model_selection import KFold\n"
FITTED = NET + "m.compile('sgd', 'mse')\nm.fit(a, b, validation_data=(c, d), callbacks=[{}])\n"
STOP = "keras.callbacks.EarlyStopping()"
PARTS = K + "x = keras.Input((4,))\nfor i in range(4):\n    "

HEAD = K + "from sklearn.metrics import accuracy_score\nm = keras.Sequential([keras.Input((4,)), "
HEAD += "keras.layers.Dense({})])\nm.compile('sgd', '{}')\np = m.predict(x)\n"

BATCHES = NET + "def f():\n    for i in range({}):\n        yield x, y\n"
BATCHES += "m.compile('sgd', 'mse')\nm.fit(f(), steps_per_epoch=4, epochs=3)"

# What is written, the codes that are told of it, and what stands there after all fixes.
MENDED = {
    "files that are there no longer": (
        NET + "import glob\nfor f in glob.glob('a/*.index'):\n    m.load_weights(f[:-6])",
        "KT301",
        None,
    ),
    "contours of OpenCV 3": (
        K + "import cv2\n_, c, h = cv2.findContours(x, 1, 2)\ncv2.line(x, a, b, 1, cv2.CV_AA)",
        "KT270 KT156",
        "_, c, h = (x, *cv2.findContours(x, 1, 2))\ncv2.line(x, a, b, 1, cv2.LINE_AA)",
    ),
    "weights of several outputs": (
        NET + "m.compile('sgd', 'mse')\nm.fit(x, y, class_weight=[a, b])",
        "KT250",
        None,
    ),
    "arrays that are told to be objects": (
        NET + "m.compile('sgd', 'mse')\na = np.array(rows, dtype=object)[::2]\nm.fit(a, y)",
        "KT275",
        'np.array(rows, dtype="float32")[::2]',
    ),
    "a table of one name": (
        PD + "u = t\nprint(u)\nt.drop('a', axis=1, inplace=True)",
        "KT278",
        "t = t.drop('a', axis=1)",
    ),
    "a table of two names": (
        PD + "u = t\nt.drop('a', axis=1, inplace=True)\nprint(u)",
        "KT278",
        None,
    ),
    "a table of the caller": (
        PD + "def f(x):\n    x.drop('a', axis=1, inplace=True)\nf(t)",
        "KT278",
        None,
    ),
    "a table that is returned": (
        PD + "def f(x):\n    x.drop('a', axis=1, inplace=True)\n    return x\nt = f(t)",
        "KT278",
        "    x = x.drop('a', axis=1)\n    return x",
    ),
    "a scaler of another column": (
        SCALED + "a = s.fit_transform(train[['a']])\nb = s.fit_transform(train[['b']])\n"
        "c = s.fit_transform(test[['a']])\nd = s.fit_transform(test[['b']])",
        "KT461 KT461",
        None,
    ),
    "places of a grid from 0 on": (
        K + "import matplotlib.pyplot as plt\nfor i in range(5):\n"
        "    plt.subplot(2, 5, i)\n    plt.subplot(2, 5, i + 5)",
        "KT270",
        "plt.subplot(2, 5, i + 1)\n    plt.subplot(2, 5, i + 5 + 1)",
    ),
    "an empty module": (K + "from scipy import misc, stats\nstats.mode(x)", "KT157", None),
    "the most frequent text": (
        PD + "from scipy import stats\nm = stats.mode(t['a'][:9])[0][0]",
        "KT270",
        "m = t['a'][:9].mode()[0]",
    ),
    "numbers stored in a column": (
        PD + "y = t['a'].astype(int).values\ny[y == 2] = 0\ny[0] = -1\n",
        "KT279",
        "y = t['a'].astype(int).to_numpy(copy=True)\ny[y == 2] = 0\n",
    ),
    "the writer of a board": (
        "import keras\nb = keras.callbacks.TensorBoard('a')\nb.writer.flush()\n"
        "def log(callback):\n    callback.writer.flush()",
        "KT399 KT399",
        None,
    ),
    "a period by its place": (
        "import keras\nc = keras.callbacks.ModelCheckpoint('a.keras', 'loss', 0, True, False, "
        "'auto', 5)",
        "KT233",
        "PeriodicCheckpoint('a.keras', 'loss', 0, True, False, 'auto', period=5)",
    ),
    "the axes of a table": (PD + "t.plot(axes=ax)", "KT267", "t.plot(ax=ax)"),
    "axes that draw on themselves": (
        K + "ax[0].plot([1], axes=ax[0], color='r')",
        "KT267",
        "ax[0].plot([1], color='r')",
    ),
    "shapes of quotients": (
        K + "a = np.zeros((n / 2, 3))\nb = np.linspace(0, 1, n / 2)\nc = a.reshape(n / 3, 2)\n"
        "d = np.random.normal(0.5, size=n / 2)",
        "KT269 KT269 KT269 KT269",
        "c = a.reshape(int(n / 3), 2)",
    ),
    "the most frequent": (
        K + "from scipy import stats\nm = stats.mode(x)[0][0], stats.mode(x).mode[0]",
        "KT270 KT270",
        "stats.mode(x, keepdims=True)[0][0], stats.mode(x, keepdims=True).mode[0]",
    ),
    "probabilities of one class": (
        HEAD.format("1, activation='sigmoid'", "binary_crossentropy")
        + "a = accuracy_score(y, p.flatten())",
        "KT270",
        "accuracy_score(y, (p.flatten() > 0.5))",
    ),
    "probabilities of several classes": (
        HEAD.format("3, activation='softmax'", "categorical_crossentropy")
        + "a = accuracy_score(y, p)",
        "KT270",
        "accuracy_score(y.argmax(axis=-1), p.argmax(axis=-1))",
    ),
    "probabilities of numbered classes": (
        HEAD.format("3, activation='softmax'", "sparse_categorical_crossentropy")
        + "a = accuracy_score(y, p)",
        "KT270",
        "accuracy_score(y, p.argmax(axis=-1))",
    ),
    "an array of weights": (
        NET + "from sklearn.utils.class_weight import compute_class_weight\n"
        "m.compile('sgd', 'mse')\nw = compute_class_weight('balanced', classes=c, y=y)\n"
        "m.fit(x, y, class_weight=w)",
        "KT250",
        "class_weight=dict(enumerate(w))",
    ),
    "a list of weights": (
        NET + "m.compile('sgd', 'mse')\nm.fit(x, y, class_weight=[1, 5])",
        "KT250",
        "class_weight=dict(enumerate([1, 5]))",
    ),
    "weights by position": (
        K + "from sklearn.utils import class_weight\n"
        "class_weight = class_weight.compute_class_weight('balanced', np.unique(y), y)",
        "KT272",
        "compute_class_weight('balanced', classes=np.unique(y), y=y)",
    ),
    "labels by position": (
        K + "from sklearn.metrics import confusion_matrix\nc = confusion_matrix(y, z, [0, 1])",
        "KT272",
        "confusion_matrix(y, z, labels=[0, 1])",
    ),
    "folds that are shuffled": (
        FOLD + "k = KFold(5, True, 7)",
        "KT272",
        "KFold(5, shuffle=True, random_state=7)",
    ),
    "a column of another shape": (
        PD + SPLIT + "a, b = train_test_split(t['a'].fillna(0))\nc = b.reshape(-1, 1)",
        "KT341",
        "c = b.values.reshape(-1, 1)",
    ),
    "a column by its place": (PD + "y = t.iloc[:, -1]\ny.ravel()", "KT341", "y.values.ravel()"),
    "a column with an axis": (PD + "x = t['a'][:, None]", "KT341", "t['a'].values[:, None]"),
    "groups of columns": (
        PD + "g = t.groupby('a')['b', 'c'].mean()",
        "KT341",
        "t.groupby('a')[['b', 'c']].mean()",
    ),
    "numbers that are cut": (PD + "t = t.clip_lower(0)", "KT341", "t = t.clip(lower=0)"),
    "a cell": (PD + "n = t.get_value(3, 'a')", "KT341", "n = t.at[3, 'a']"),
    "the title of a window": (
        K + "import matplotlib.pyplot as plt\nplt.gcf().canvas.set_window_title('a')",
        "KT341",
        "plt.gcf().canvas.manager.set_window_title('a')",
    ),
    "colours of old": (
        K + "import matplotlib.pyplot as plt\nplt.imshow(x, cmap='spectral')",
        "KT270",
        "cmap='nipy_spectral'",
    ),
    "as many folds as told": (
        FOLD + "for a, b in KFold(len(x), n_folds=5): pass",
        "KT270",
        "in list(KFold(n_splits=5).split(range(len(x)))): pass",
    ),
    "folds of classes": (
        K + "from sklearn.cross_validation import StratifiedKFold\nk = StratifiedKFold(y, 3)",
        "KT156 KT270",
        "k = list(StratifiedKFold(n_splits=3).split(y, y))",
    ),
    "a seed without shuffling": (
        FOLD + "k = KFold(n_splits=5, random_state=7)",
        "KT270",
        "k = KFold(n_splits=5)",
    ),
    "a table that is sorted": (PD + "t = t.sort('a')", "KT341", "t.sort_values('a')"),
    "a column to sort by": (
        PD + "t.sort(columns='a', inplace=True)",
        "KT341",
        "t = t.sort_values(by='a')",
    ),
    "rows of a table": (
        PD + "u = t[:3].append(t, ignore_index=True)",
        "KT341",
        "u = pd.concat([t[:3], t], ignore_index=True)",
    ),
    "rows of a dictionary": (
        PD + "u = t.append([{'a': 1}], ignore_index=True)",
        "KT341",
        "pd.concat([t, pd.DataFrame([{'a': 1}])], ignore_index=True)",
    ),
    "a row of means": (
        PD + "means = t.mean(axis=0)\nt = t.append(means, ignore_index=True)",
        "KT341",
        "t = pd.concat([t, pd.DataFrame([means])], ignore_index=True)",
    ),
    "rows one by one": (
        PD + "u = pd.DataFrame()\nfor _, row in t.iterrows():\n"
        "    u = u.append(row, ignore_index=True)\nu = u.append(t.iloc[0], ignore_index=True)",
        "KT341 KT341",
        "[u, pd.DataFrame([row])], ignore_index=True)\nu = pd.concat([u, pd.DataFrame([t.iloc[0]])",
    ),
    "what may be a row": (
        PD + "def f(row):\n    u = t.append(row, ignore_index=True)\n    return u",
        "KT341",
        "[t, pd.DataFrame([row]) if isinstance(row, (dict, pd.Series)) else row], ignore_index",
    ),
    "a column below another": (
        PD + "s = t['a'].append(t['b'], ignore_index=True)",
        "KT341",
        "pd.concat([t['a'], t['b']], ignore_index=True)",
    ),
    "some rows below others": (
        PD + "u = t.append(t.loc[t['a'] > 2], ignore_index=True)",
        "KT341",
        "pd.concat([t, t.loc[t['a'] > 2]], ignore_index=True)",
    ),
    "what may be a table or columns": (
        PD + "def f(a, b):\n    u = a.append(b, ignore_index=True)\n    return u",
        "KT341",
        None,
    ),
    "gaps that are filled by columns": (
        K + "from sklearn.preprocessing import Imputer, StandardScaler\n"
        "a = Imputer('NaN', 'median', axis=0), Imputer(), StandardScaler()\n",
        "KT156",
        "import StandardScaler\na = SimpleImputer(strategy='median'), SimpleImputer(), Standard",
    ),
    "gaps that are filled by rows": (
        K + "from sklearn.preprocessing import Imputer\na = Imputer(axis=1)\n",
        "KT156",
        None,
    ),
    "an item of a column": (PD + "t['a'][i] = 1", "KT464", "t.loc[i, 'a'] = 1"),
    "rows of a column": (
        PD + "t = t.copy()\nt['a'][t['a'] > 1] = 1",
        "KT464",
        "t.loc[t['a'] > 1, 'a'] =",
    ),
    "gaps of a column": (
        PD + "t['a'].fillna(t['a'].mean(), inplace=True)",
        "KT464",
        "t['a'] = t['a'].fillna(t['a'].mean())",
    ),
    "gaps of an attribute": (
        PD + "t.a.replace(1, 2, inplace=True)",
        "KT464",
        "t.a = t.a.replace(1, 2)",
    ),
    "more of a class": (
        K + "from imblearn.over_sampling import SMOTE\nx, y = SMOTE().fit_sample(x, y)",
        "KT341",
        "SMOTE().fit_resample(x, y)",
    ),
    "hours": (PD + "u = t.resample('12H', how='mean')", "KT270 KT270", "t.resample('12h').mean()"),
    "blanks": (
        K + "import pandas as pd\npd.read_csv('a', delim_whitespace=True)",
        "KT267",
        "pd.read_csv('a', sep=r'\\s+')",
    ),
    "training of a model of words": (
        K
        + "from gensim.models import Word2Vec\nw = Word2Vec(min_count=1)\n"
        + "w.build_vocab(x)\nw.train(x)\nprint(w.vocab.keys())",
        "KT270 KT341",
        "w.train(x, total_examples=w.corpus_count, epochs=w.epochs)\n"
        "print(w.wv.key_to_index.keys())",
    ),
    "a file of settings": (
        K + "import yaml\ns = yaml.load(f)",
        "KT270",
        "yaml.safe_load(f)",
    ),
    "a word in a model": (
        K + "from gensim.models import Word2Vec\nw = Word2Vec.load('a')\nif 'a' in w: pass",
        "KT341",
        "if 'a' in w.wv: pass",
    ),
    "a shape as text": (K + "print('{:s}'.format(x.shape))", "KT270", "'{}'.format(x.shape)"),
    "a quotient as a number": (K + "print('{:d}'.format(n / 2))", "KT270", "'{:.0f}'"),
    "bytes and text": (K + "f.write(a.encode('utf-8') + '\\n')", "KT270", "f.write(a + '\\n')"),
    "text that is decoded": (
        K + "for line in open('a'):\n    print(line.strip().decode('utf-8'))",
        "KT341",
        "print(line.strip())",
    ),
    "rows of two lists": (
        K + "rows = []\nfor w in words:\n    x, y = [], list(empty)\n    rows.append([x, y])\n"
        "rows = np.array(rows)\nx = rows[:, 0]",
        "KT270",
        "rows = np.array(rows, dtype=object)\n",
    ),
    "dummies beside numbers": (
        PD
        + NET
        + "m.compile('sgd', 'mse')\nx = pd.get_dummies(t, columns=['a']).values\nm.fit(x, y)",
        "KT275",
        "pd.get_dummies(t, columns=['a'], dtype=\"uint8\").values",
    ),
    "other numbers for testing": (
        SCALED + "a = s.fit_transform(x_train)\nb = MinMaxScaler().fit_transform(x_test)",
        "KT461",
        None,
    ),
    "what fit gives back": (
        SCALED + "n = MinMaxScaler().fit(x_train)\nb = n.fit_transform(x_test)",
        "KT461",
        "b = n.transform(x_test)",
    ),
    "scaled and then split": (
        SCALED + SPLIT + "x = s.fit_transform(x)\na, b = train_test_split(x)",
        "KT462",
        None,
    ),
    "scaled and then sliced": (
        SCALED + "x = s.fit_transform(x)\ntrain, test = x[:9, :], x[9:, :]",
        "KT462",
        None,
    ),
    "sliced and then scaled": (
        SCALED + "x = np.load('a')\ntrain, valid = x[:9, :], x[9:, :]\ny = s.fit_transform(x)",
        "KT462",
        None,
    ),
    "fitted and then split": (
        SCALED
        + SPLIT
        + "x = np.load('a')\ns.fit(x)\na, b = train_test_split(x)\na = s.transform(a)",
        "KT462",
        None,
    ),
    "one of two that a function gives": (
        SCALED
        + SPLIT
        + "x, y = mine()\nx = s.fit_transform(x)\na, b, c, d = train_test_split(x, y)",
        "KT462",
        None,
    ),
    "a column that is scaled": (
        PD
        + "from sklearn.preprocessing import StandardScaler\n"
        + SPLIT
        + "t['a'] = StandardScaler().fit_transform(t[['a']])\na, b = train_test_split(t)",
        "KT462",
        None,
    ),
    "copies on both sides": (
        K
        + "from imblearn.over_sampling import SMOTE\n"
        + SPLIT
        + "x, y = SMOTE().fit_resample(x, y)\na, b, c, d = train_test_split(x, y)",
        "KT462",
        None,
    ),
    "stopped by the test set": (
        FITTED.format(STOP).replace("(c, d)", "(x_test, y_test[:, 0])")
        + "m.evaluate(x_test, y_test[:, 0])",
        "KT406",
        None,
    ),
    "a class beyond a sigmoid": (
        K
        + "m = keras.Sequential([keras.layers.Dense(1, activation='sigmoid')])\n"
        + "m.compile('sgd', 'binary_crossentropy')\nm.fit(x, np.array([[0], [1], [2]]))",
        "KT465",
        None,
    ),
    "a slice that is read late": (
        PARTS + "keras.layers.Lambda(lambda t: t[:, i])(x)",
        "KT463",
        "Lambda(lambda t, i=i: t[:, i])(x)",
    ),
    "a size before the units": (K + "keras.layers.Dense(300, 300)", "KT255", "Dense(300)"),
    "a size of an object before the units": (
        K
        + "class A:\n    def __init__(self):\n        self.n = 9\n"
        + "    def f(self):\n        return keras.layers.LSTM(self.n, self.n)\n",
        "KT255",
        "LSTM(self.n)",
    ),
    "a metric in a file's name": (
        NET
        + "m.compile('sgd', 'mse', metrics=['accuracy'])\n"
        + "p = 'a{val_acc}.keras'\nkeras.callbacks.ModelCheckpoint(p)",
        "KT424 KT204",
        "p = 'a{val_accuracy}.keras'",
    ),
    "a table that is called so": (
        NET
        + "import pandas as pd\nm.compile('sgd', 'mse', metrics=['accuracy'])\nh = m.fit(a, b)\n"
        + "t = pd.DataFrame()\nt['acc'] = h.history['acc']",
        "KT424 KT204",
        "t['acc'] = h.history['accuracy']",
    ),
    "a seed by its name": (
        NET + "n = 7\nnp.random.seed(n)\nm.compile('sgd', 'mse')\nm.fit(a, b)",
        "KT444",
        "keras.utils.set_random_seed(n)",
    ),
    "an encoding": (
        K + "reload(sys)\nsys.setdefaultencoding('utf8')\nimport sys",
        "",
        "from importlib import reload\n",
    ),
    "what Python 2 built in": (
        K + "from mine import *\nfor i in xrange(3): pass",
        "",
        "in range(3)",
    ),
    "text that is text": (K + "print(unicode(a, errors='ignore'))", "", "print(str(a))"),
    "a module of Python": (K + "m = pickle.load(f)", "", "import pickle\nimport keras\n"),
    "numbers that are gathered": (
        NET
        + "m.compile('sgd', 'mse')\ny = []\nfor i in range(9): y.append([float(i)])\nm.fit(x, y)",
        "KT427",
        "m.fit(x, np.array(y))",
    ),
    "a choice of numbers": (
        NET + "m.compile('sgd', 'mse')\nm.fit(x, [1 if i else 0 for i in z])",
        "KT427",
        "m.fit(x, np.array([1 if i else 0 for i in z]))",
    ),
    "lists for validation": (
        NET + "m.compile('sgd', 'mse')\nm.fit(x, y, validation_data=(a, [[1], [0]]))",
        "KT427",
        "validation_data=(a, np.array([[1], [0]]))",
    ),
    "a version in a file's name": (
        K
        + "import os\nversion = 'v2-' + net\nif os.path.exists(version):\n    pass\n"
        + "else:\n    d = keras.layers.Dense(output_dim=3)",
        "KT210",
        "keras.layers.Dense(units=3)",
    ),
    "bytes that a text splits": (
        K + "lines = open('a', 'rb').read().split('\\n')",
        "KT270",
        "open('a', 'r').read()",
    ),
    "lines of bytes": (
        K + "with open('a', 'rb') as f:\n    for line in f:\n        line.strip().split(',')",
        "KT270",
        "open('a', 'r')",
    ),
    "tabs that do not fit together": (
        K + "if x:\n\td = '''\n\t'''\n        e = 1",
        "KT000",
        "if x:\n        d = '''\n\t'''\n        e = 1",
    ),
    "tabs behind what prints": (
        K + "print 'a'\nif x:\n\td = 1\n        e = 1",
        "KT000 KT000",
        "print('a')\nif x:\n        d = 1\n        e = 1",
    ),
    "numbers among texts": (
        PD + "t.loc[t['a'] == 'x', 'a'] = 1\nt.loc[t.a == 'y', ['a']] = 0",
        "KT277 KT277",
        "\nt['a'] = t['a'].astype(object)\nt.loc[t['a'] == 'x', 'a'] = 1\nt.loc[t.a",
    ),
    "numbers among texts of a copy": (
        PD + "t.a[t.a == 'x'] = 1\nt['a'][t['a'] == 'y'] = 0",
        "KT277 KT277",
        "\nt.loc[t.a == 'x', 'a'] = 1\nt.loc[t['a'] == 'y', 'a'] = 0",
    ),
    "codes of texts": (
        PD
        + "from sklearn.preprocessing import LabelEncoder\ne = LabelEncoder()\n"
        + "t.iloc[:, 4] = e.fit_transform(t.iloc[:, 4])\nt.loc[:, 'a'] = e.fit_transform(t['a'])",
        "KT277 KT277",
        "t.isetitem(4, e.fit_transform(t.iloc[:, 4]))\nt['a'] = e.fit_transform(t['a'])",
    ),
    "an item of an attribute": (PD + "t.a[i] = 1", "KT464", "t.loc[i, 'a'] = 1"),
    "fewer batches than are drawn": (BATCHES.format("11"), "KT435", None),
    "what no workbook has": (
        PD + "t = pd.read_excel('a.xlsx', sep=',', header=0)\nt.to_csv('b', line_terminator='')",
        "KT267 KT267",
        "pd.read_excel('a.xlsx', header=0)\nt.to_csv('b', lineterminator='')",
    ),
    "a metric by itself": (
        NET + "m.compile('sgd', 'mse', metrics=keras.metrics.MeanSquaredError())",
        "KT249",
        "metrics=[keras.metrics.MeanSquaredError()]",
    ),
    "optimizers out of models": (
        "from keras.models import optimizers\no = optimizers.Adam(lr=0.1)",
        "KT199 KT201",
        "from keras import optimizers\no = optimizers.Adam(learning_rate=0.1)",
    ),
    "a file that is written to": (
        K + "import h5py\nwith h5py.File('a.h5') as f:\n    f['x'] = 1",
        "KT270",
        "h5py.File('a.h5', mode=\"a\")",
    ),
    "a place by numbers": (PD + "u = t.ix[3:4, 1:5]", "KT341", "u = t.iloc[3:4, 1:5]"),
    "a place by names": (PD + "u = t.ix[:, ['a', 'b']]", "KT341", "u = t.loc[:, ['a', 'b']]"),
    "rows that are asked for": (PD + "u = t.ix[t.a > 3]", "KT341", "u = t.loc[t.a > 3]"),
    "a place by anything": (PD + "u = t.ix[i, c]", "KT341", None),
    "columns of an array": (
        PD + "x = t.as_matrix(columns=['a', 'b'])",
        "KT341",
        "x = t[['a', 'b']].to_numpy()",
    ),
    "a size that is counted": (
        K + "d = keras.layers.Dense(n, len(words))",
        "KT255",
        "d = keras.layers.Dense(len(words))",
    ),
    "modules of SciPy": (
        K + "from scipy.ndimage.interpolation import zoom\nx = np.row_stack([a, b])",
        "KT157 KT157",
        "from scipy.ndimage import zoom\nx = np.vstack([a, b])",
    ),
    "columns to encode": (
        K
        + "from sklearn.preprocessing import OneHotEncoder\n"
        + "e = OneHotEncoder(categorical_features=[1])",
        "KT267",
        'e = ColumnTransformer([("one_hot", OneHotEncoder(), [1])], remainder="passthrough"',
    ),
    "gaps of a column by another name": (
        PD + "a = t['a']\na.fillna(0, inplace=True)\nx = t.values",
        "KT464",
        "t['a'] = a = a.fillna(0)",
    ),
    "one of two ends of a path": (
        NET + "f = 'a%s.h5' % n if n else name\nm.save_weights(path + f)",
        "KT301",
        "f = 'a%s.weights.h5' % n if n else name",
    ),
    "the beginning of each branch": (
        K + "m = keras.Sequential()\nif a:\n    m.add(keras.layers.LSTM(3, input_shape=(4, 2)))\n"
        "elif b:\n    m.add(keras.layers.GRU(3, input_shape=(4, 2)))\n",
        "KT202 KT202",
        "elif b:\n    m.add(keras.Input(shape=(4, 2)))\n    m.add(keras.layers.GRU(3))",
    ),
    "columns of texts": (
        PD
        + "a = [c for c in t.columns if t[c].dtype == 'object']\nb = t.columns[t.dtypes == object]",
        "KT466 KT466",
        't[c].dtype == "str"]\nb = t.columns[t.dtypes == "str"]',
    ),
    "a choice of columns of texts": (
        PD + "a = t.select_dtypes(include=['object', 'bool'])\nb = t.select_dtypes(exclude='O')",
        "KT466 KT466",
        'include=["str", \'bool\'])\nb = t.select_dtypes(exclude="str")',
    ),
    "a variable of a loss": (
        NET + "from keras import backend as K\ndef f(a, b):\n    e = K.variable(1e-7)\n"
        "    return e\nm.compile('sgd', loss=f)\n"
        "def weighted(w):\n    w = K.variable(w)\n    def g(y_true, y_pred):\n"
        "        return K.variable(2.0)\n    return g\n",
        "KT128 KT128 KT128",
        "    e = keras.ops.convert_to_tensor(1e-7, dtype='float32')\n"
        "    return e\nm.compile('sgd', loss=f)\n"
        "def weighted(w):\n    w = keras.Variable(w, dtype='float32')\n"
        "    def g(y_true, y_pred):\n"
        "        return keras.ops.convert_to_tensor(2.0, dtype='float32')\n",
    ),
    "sides by names": (
        K + "keras.layers.Conv2D(8, rows, sides[0], border_mode='same')",
        "KT416 KT213",
        "keras.layers.Conv2D(8, (rows, sides[0]), padding='same')",
    ),
    "a product for an activation": (
        K + "keras.layers.LSTM(size, size * 2, return_sequences=True)",
        "KT255",
        "keras.layers.LSTM(size * 2, return_sequences=True)",
    ),
    "units that are a part of the size": (
        K + "keras.layers.LSTM(wide * 2, wide)",
        "KT255",
        "keras.layers.LSTM(wide)",
    ),
    "how two kernels begin": (
        K + "keras.layers.SeparableConv2D(8, 3, init='uniform')",
        "KT211",
        "(8, 3, depthwise_initializer='uniform', pointwise_initializer='uniform')",
    ),
    "a kernel that begins otherwise": (
        K + "keras.layers.DepthwiseConv2D(3, kernel_initializer='he_normal')",
        "KT299",
        "keras.layers.DepthwiseConv2D(3)",
    ),
    "columns of a history": (
        PD + "def plot(hist):\n    t = pd.DataFrame(hist)\n    t[['acc', 'loss']].plot()\n"
        "    print(hist['val_acc'])\n",
        "KT204 KT204",
        "    t[['accuracy', 'loss']].plot()\n    print(hist['val_accuracy'])\n",
    ),
    "classes of probabilities": (
        "import keras\nfrom keras.utils import np_utils\n"
        "c = np_utils.categorical_probas_to_classes(p)\n",
        "KT104",
        "c = np.argmax(p, axis=1)\n",
    ),
    "a model within an object": (
        "import keras\nfrom agents import Agent\na = Agent(3)\na.model.save_weights('a.h5')\n",
        "KT301",
        "a.model.save_weights('a.weights.h5')\n",
    ),
    "the ending of what is renamed": (
        NET + "import glob\nm.save_weights('a.h5')\nm.save_weights('b.h5')\n"
        "for name in glob.glob('out/*.h5'):\n    print(name.replace('.h5', ''))\n",
        "KT301 KT301",
        "glob('out/*.weights.h5'):\n    print(name.replace('.weights.h5', ''))\n",
    ),
    "the ending of others as well": (
        NET + "m.save_weights('a.h5')\nprint(name.replace('.h5', ''), 'table.h5')\n",
        "KT301",
        "m.save_weights('a.weights.h5')\nprint(name.replace('.h5', ''), 'table.h5')\n",
    ),
    "a value of a tensor": (
        K + "keras.Input((3,)).eval(session=s)",
        "KT320",
        None,
    ),
    "a network that is freed, compiled and frozen": (
        K + "from nets import net\ndef f():\n    d, g = net(), net()\n    d.trainable = True\n"
        "    o = keras.optimizers.Adam()\n    d.compile(loss='mse', optimizer=o)\n"
        "    d.trainable = False\n    m = keras.Sequential([g, d])\n"
        "    m.compile(loss='mse', optimizer=o)\n    d.train_on_batch(x, y)\n"
        "    m.train_on_batch(x, y)\n",
        "KT430",
        None,
    ),
    "epochs that nobody tells": (
        NET + "keras.layers.Dense(3, W_regularizer='l2')\nm.compile('sgd', 'mse')\n"
        "m.fit(x, y, batch_size=2)\nm.fit(x, y, 2, 3)\nm.fit(x, y, **more)\nsvm.fit(x, y)\n",
        "KT212 KT448",
        "keras.layers.Dense(3, kernel_regularizer='l2')",
    ),
    "weights that are none": (
        K + "keras.layers.Conv3D(8, 3, weights=None, padding='same')",
        "KT224",
        "keras.layers.Conv3D(8, 3, padding='same')",
    ),
    "a size that was given before": (
        K + "import scipy\nclass L:\n    def __init__(self, size=(8, 8)):\n"
        "        self.size = size\n"
        "    def read(self, x):\n        return scipy.misc.imresize(x, self.size)\n",
        "KT156",
        ".resize(self.size[1::-1], 2))",
    ),
    "NumPy by the backend": (
        K + "from keras import backend as K\nx = K.np.ones(3)\n",
        "KT122",
        "x = np.ones(3)\n",
    ),
    "values of a phase": (
        K + "from keras import backend as K\nclass L(keras.layers.Layer):\n"
        "    def call(self, x, training=None):\n        def f():\n            return x\n"
        "        y = K.in_train_phase(f, x, training=training)\n"
        "        return y + K.in_test_phase(x, lambda: 2 * x, training)\n",
        "KT125 KT125",
        "        y = (f() if training else x)\n        return y + (2 * x if training else x)\n",
    ),
    "values of whatever phase it is": (
        K + "from keras import backend as K\ndef f(x):\n    return K.in_train_phase(x, 2 * x)\n",
        "KT125",
        None,
    ),
    "what a program does as a whole": (
        K
        + "from keras import backend as K\ntry:\n    order = K.image_dim_ordering()\n"
        + "    print(order)\n" * 10
        + "except Exception as error:\n    print(error)\n",
        "KT127",
        "if keras.config.image_data_format() == 'channels_first' else 'tf')\n",
    ),
    "arguments that are given at times": (
        K + "def f(first):\n    a = {}\n    if first:\n        a['input_shape'] = (3,)\n"
        "    b = {'lr': 0.1} if first else {}\n"
        "    return keras.layers.Dense(3, **a), keras.optimizers.Adam(**b)\n",
        "KT202 KT201",
        None,
    ),
    "layers of a parameter": (
        K + "def f(net):\n    net.layers.pop()\n    return keras.Model(net.input, net.output)\n",
        "KT426",
        "    net = keras.Model(net.inputs, net.layers[-2].output)\n",
    ),
    "dates that a function reads": (
        PD + "a = pd.read_csv('a', parse_dates=[0], index_col=0, squeeze=True, date_parser=read)",
        "KT267 KT267",
        "a = pd.read_csv('a', index_col=0).rename(index=read).squeeze(\"columns\")",
    ),
    "dates in a column that a function reads": (
        PD + "a = pd.read_csv('a', parse_dates=['Day'], date_parser=read)",
        "KT267",
        "a = pd.read_csv('a').assign(Day=lambda table: table[\"Day\"].map(read))",
    ),
    "dates of several columns": (
        PD + "a = pd.read_csv('a', parse_dates=[['day', 'hour']], index_col=0)",
        "KT270",
        "table[['day', 'hour']].astype(str).agg(\" \".join, axis=1)",
    ),
    "dates of several columns that nothing is said of": (
        PD + "a = pd.read_csv('a', parse_dates={'d': ['day', 'hour']})",
        "KT270",
        None,
    ),
    "words and what is between them": (
        K + "import re\nw = re.split('(\\W+)?', 'so it is')",
        "KT270",
        "re.split(r'(\\W+)', 'so it is')",
    ),
    "a place of a grid that is divided": (
        K + "import matplotlib.pyplot as plt\nn = 9 / 3\nplt.subplot2grid((n, 2), (0, 1))",
        "KT269",
        "plt.subplot2grid((int(n), 2), (0, 1))",
    ),
    "keys that a loop runs through": (
        PD
        + NET
        + "m.compile('sgd', 'mse', metrics=['accuracy'])\nt = pd.DataFrame(m.fit(x, y).history)\n"
        + "for key in ['acc', 'loss']:\n    t[[key, f'val_{key}']].plot()",
        "KT424 KT204",
        "for key in ['accuracy', 'loss']:",
    ),
    "numbers for the texts of a column": (
        PD
        + NET
        + SPLIT
        + "m.compile('sgd', 'mse')\nt['a'] = t['a'].replace({'yes': 1, 'no': 0})\n"
        + "a, b, c, d = train_test_split(t[['a', 'b']].values, t['y'])\nm.fit(a, c)",
        "KT275",
        "t['a'].replace({'yes': 1, 'no': 0}).infer_objects()\n",
    ),
    "numbers for the texts of a table": (
        PD
        + NET
        + "m.compile('sgd', 'mse')\nt.replace(['yes', 'no'], [1, 0], inplace=True)\n"
        + "m.fit(t.drop('y', axis=1), t['y'].replace('x', 1))",
        "KT275 KT275",
        "t = t.replace(['yes', 'no'], [1, 0]).infer_objects()\n",
    ),
    "axes in space": (
        K + "import matplotlib.pyplot as plt\nf = plt.figure()\na = f.gca(projection='3d')",
        "KT267",
        "a = f.add_subplot(projection='3d')",
    ),
    "axes in space of the figure that is drawn": (
        K + "import matplotlib.pyplot as plt\na = plt.gca(projection='3d')",
        "KT267",
        "a = plt.subplot(projection='3d')",
    ),
    "processes of a clustering": (
        K + "from sklearn.cluster import KMeans\nk = KMeans(3, n_jobs=4)",
        "KT267",
        "k = KMeans(3)",
    ),
    "weeks of dates": (
        PD + "w = t['day'].dt.week",
        "KT341",
        "w = t['day'].dt.isocalendar().week",
    ),
    "the rate of what another module builds": (
        "from builder import *\nimport keras\nm = build()\nm.optimizer.lr = 0.1\nm.fit(x, y)",
        "KT317",
        "m.optimizer.learning_rate = 0.1\n",
    ),
    "counts of columns that are named": (
        PD + "t = pd.read_csv('a', names=['img', 'label'])\nn = t.count()[0]",
        "KT341",
        "n = t.count().iloc[0]",
    ),
    "a picture that is made grey": (
        K + "import scipy.misc\nx = scipy.misc.imread('a.png', flatten=True)",
        "KT157 KT156",
        "np.asarray(keras.utils.load_img('a.png', color_mode='grayscale'), dtype='float32')",
    ),
    "a model among layers": (
        "from tensorflow.keras import layers\nm = layers.Model(x, y)",
        "KT199",
        "m = keras.models.Model(x, y)",
    ),
    "gaps that are filled in place": (
        PD + "t.fillna(method='ffill', inplace=True)\nt['a'].fillna(method='bfill', limit=3)",
        "KT341 KT341",
        "t.ffill(inplace=True)\nt['a'].bfill(limit=3)",
    ),
    "labels that scikit-learn refuses": (
        PD + "from sklearn.svm import SVC\ny = t['y'].replace('a', 0).replace('b', 1)\n"
        "SVC().fit(t[['x']], y)",
        "KT275",
        ".replace('b', 1).infer_objects()",
    ),
    "lists of unequal length": (
        K + "rows = []\nfor text in texts:\n    rows.append([ord(c) for c in text])\n"
        "rows = np.array(rows)\nx = keras.utils.pad_sequences(rows[:9])",
        "KT270",
        "np.array(rows, dtype=object)",
    ),
    "numbers of words": (
        K + "x = np.asarray(words.texts_to_sequences(a))\nkeras.utils.pad_sequences(x)",
        "KT270",
        "np.asarray(words.texts_to_sequences(a), dtype=object)",
    ),
    "files that an option names": (
        NET + "import argparse\np = argparse.ArgumentParser()\n"
        "p.add_argument('-o', '--out-file', default='net')\no = p.parse_args()\nm.save(o.out_file)",
        "KT309",
        'm.save(o.out_file + ".keras")',
    ),
    "files that are put together": (
        NET + "import os\nfrom functools import reduce\nfor k in range(3):\n"
        "    m.save_weights(f'a/w_{k}')\nm.save(reduce(os.path.join, ['a', 'b', 'n']))\n"
        "m.save_weights('n.h5'.replace('n', 'm'))",
        "KT301 KT309 KT301",
        "['a', 'b', 'n.keras']",
    ),
    "scores that are numbers of Python": (
        NET + "m.compile('sgd', 'mse')\ns = m.evaluate(x, y)\nprint(s[0].astype('float'))\n"
        "h = m.fit(x, y)\nprint(h.history['loss'][-1].numpy())",
        "KT399 KT399",
        "print(s[0])\nh = m.fit(x, y)\nprint(h.history['loss'][-1])",
    ),
    "batches that are shuffled": (
        NET + "from sklearn.utils import shuffle\ndef f():\n    while True:\n"
        "        yield shuffle(np.ones((2, 4)), np.ones(2))\nm.compile('sgd', 'mse')\n"
        "m.fit(f(), steps_per_epoch=2)",
        "KT428",
        "yield tuple(shuffle(np.ones((2, 4)), np.ones(2)))",
    ),
    "batches that grow": (
        NET + "def f():\n    while True:\n        x, y = [], []\n        for i in range(3):\n"
        "            x.append(a[i])\n            y.append(i)\n        yield x, np.array(y)\n"
        "m.compile('sgd', 'mse')\nm.fit(f(), steps_per_epoch=2)",
        "KT428",
        "yield np.array(x), np.array(y)",
    ),
    "a callback that asks for the decay": (
        HOOK.format("f(self): print(self.model.optimizer.decay)\n    def g(self)"),
        "KT399",
        None,
    ),
    "nodes of a graph": (
        K + "def f(layer):\n    return layer._inbound_nodes[0].inbound_layers",
        "KT399",
        None,
    ),
    "tensors that an object keeps": (
        K + "class V:\n    def __init__(self):\n        x = keras.Input((3,))\n"
        "        self.z = keras.layers.Dense(2)(x)\n        m = keras.Model(x, self.z)\n"
        "        m.compile('sgd', self.f)\n    def f(self, x, y):\n        return self.g(x)\n"
        "    def g(self, x):\n        return keras.ops.mean(self.z)\nV()",
        "KT429",
        None,
    ),
    "modules of scikit-learn": (
        "import keras\nfrom sklearn.datasets import kddcup99\nd = kddcup99.fetch_kddcup99()",
        "KT156",
        "from sklearn.datasets import fetch_kddcup99\nd = fetch_kddcup99()",
    ),
    "slices of sums of floats": (
        K + "c = x.shape[0] / 2\nprint(x[c - 3:c + 3])",
        "KT269 KT269",
        "print(x[int(c - 3):int(c + 3)])",
    ),
    "pairs that are run through again": (
        K + "p = zip(x, y)\nfor a, b in p:\n    print(a)\nprint(list(p))",
        "KT271",
        "p = list(zip(x, y))",
    ),
    "pairs that a loop runs through": (
        K + "p = map(str, x)\nfor epoch in range(3):\n    for a in p:\n        print(a)",
        "KT271",
        "p = list(map(str, x))",
    ),
    "groups by a column": (
        PD + "print(t.groupby('a').apply(lambda g: list(zip(g['a'], g.b))))",
        "KT341",
        "t.groupby('a')[t.columns.tolist()].apply(",
    ),
    "counts in columns": (
        PD + "c = t['a'].value_counts().reset_index()\nprint(c['index'])\n"
        "d = t['b'].value_counts().reset_index().rename(columns={'index': 'x', 'b': 'n'})\n"
        "e = t['c'].value_counts().to_frame()\nprint(e['c'])",
        "KT341 KT341 KT341",
        "print(c['a'])\nd = t['b'].value_counts().reset_index()"
        ".rename(columns={'b': 'x', 'count': 'n'})\n",
    ),
    "numbers of groups that are named": (
        PD + "t.groupby('a')['b'].agg({'low': 'min', 'high': 'max'})",
        "KT270",
        "t.groupby('a')['b'].agg(**{'low': 'min', 'high': 'max'})",
    ),
    "columns in order": (
        PD + "print(t['a'].is_monotonic)",
        "KT341",
        "t['a'].is_monotonic_increasing",
    ),
    "texts among numbers": (
        PD + "print(t.corr())\nu = t.dropna()\nu['a'] = u['a'].map({'x': 0})\nprint(u.mean())",
        "KT270",
        "print(t.corr(numeric_only=True))\n",
    ),
    "wrappers": (
        "from keras.wrappers.scikit_learn import KerasRegressor\nKerasRegressor(f, nb_epoch=3)",
        "KT110 KT228",
        "from scikeras.wrappers import KerasRegressor\nKerasRegressor(f, epochs=3)",
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_a_kind_is_told_of_and_mended(name: str) -> None:
    text, codes, after = MENDED[name]
    assert found(text) == codes.split()
    mended = fix_text(Text(text), "x.py", Selection(), True)[0]
    assert after is None or after in mended
    assert (mended == text) == (after is None)


RIGHT = {
    "objects that hold texts": K
    + "m = keras.Sequential([keras.layers.TextVectorization(), keras.layers.Dense(1)])\n"
    + "m.compile('sgd', 'mse')\nm.fit(np.array(texts, dtype=object), y)",
    "contours of OpenCV 4": K
    + "import cv2\nc, h = cv2.findContours(x, 1, 2)\nd = cv2.findContours(x, 1, 2)[-2]\n"
    + "_, c, h = (x, *cv2.findContours(x, 1, 2))",
    "files that TensorFlow writes": NET
    + "import glob\nimport tensorflow as tf\nc = tf.train.Checkpoint(model=m)\n"
    + "print(glob.glob('a/*.index'))\nm.load_weights('a.weights.h5')",
    "values of Theano": PD + "w = [p.get_value() for p in parameters]",
    "objects that become numbers": NET
    + "m.compile('sgd', 'mse')\na = np.array(rows, dtype=object)\nm.fit(np.stack(a), y)\n"
    + "m.fit(a.astype('float32'), y)",
    "arrays of their own": PD
    + "a = t['a'].values.astype(float)\na[0] = 1\nb = t['a'].to_numpy(copy=True)\nb[0] = 1\n"
    + "c = t.iloc[:, 1:3].values\nc[:, 0] = 1\nd = t['d'].values\nd[0] = 'x'",
    "batches between two savings": "import keras\n"
    + "c = keras.callbacks.ModelCheckpoint('a.keras', 'loss', 0, True, False, 'auto', 'epoch')",
    "floats that are no shapes": K
    + "a = np.random.uniform(n / 2, 0.5)\nb = np.linspace(n / 2, 0.5, 3)\nc = np.full(3, 0.5)\n"
    + "np.random.choice(a, p=b / 2)",
    "the most frequent with its axis": K
    + "from scipy import stats\nm = stats.mode(x, keepdims=True)[0][0], stats.mode(x)[0]",
    "labels of probabilities": HEAD.format("1, activation='sigmoid'", "binary_crossentropy")
    + "a = accuracy_score(y, p > 0.5), accuracy_score(y, np.round(p))\n"
    + "p[p > 0.5] = 1\np[p <= 0.5] = 0\nb = accuracy_score(y, p)",
    "weights that are numbered": NET
    + "m.compile('sgd', 'mse')\nw = dict(enumerate(np.array([1, 5])))\n"
    + "m.fit(x, y, class_weight=w)\nm.fit(x, y, class_weight={0: 1, 1: 5})",
    "arguments by name": K
    + "from sklearn.metrics import confusion_matrix, f1_score\n"
    + "c, f = confusion_matrix(y, z), f1_score(y, z, average='macro')",
    "an array of a column": PD + "a = t['a'].values.reshape(-1, 1)\nb = a[:, None]\na.ravel()",
    "what may be an array": PD + "def f(y):\n    return y.reshape(-1, 1)[:, None]",
    "a list of columns": PD + "t.groupby('a')[['b', 'c']].mean()\nt.groupby('a')['b'].mean()",
    "the window of a figure": K
    + "import matplotlib.pyplot as plt\nplt.get_current_fig_manager().set_window_title('a')",
    "folds of today": FOLD + "KFold(5, shuffle=True, random_state=7)\nKFold(n_splits=3)",
    "folds without a seed": FOLD + "KFold(5, random_state=None)",
    "a list that is sorted": PD + "rows = [3, 1]\nrows.sort(reverse=True)",
    "a list that grows": PD + "rows = []\nrows.append(t)",
    "items of a list": PD + "d = {'a': [1]}\nd['a'][0] = 2",
    "a table itself": PD + "t.fillna(0, inplace=True)\nt['a'] = 1\nt.loc[0, 'a'] = 2",
    "texts among texts, numbers among numbers": PD
    + "t.loc[t['a'] == 'x', 'a'] = 'y'\nt.loc[t['a'] == 'x', 'b'] = 1\nt.loc[t['a'] == 2, 'a'] = 1",
    "objects": PD + "t['a'] = t['a'].astype(object)\nt.loc[t['a'] == 'x', 'a'] = 1",
    "codes in arrays": PD
    + "from sklearn.preprocessing import LabelEncoder\nx = t.values\n"
    + "e = LabelEncoder()\nx[:, 1] = e.fit_transform(x[:, 1])\nt['a'] = e.fit_transform(t['a'])",
    "as many batches as are drawn": BATCHES.format("12"),
    "a round for each epoch": NET
    + "def f(x):\n    for _ in range(3):\n        for a in x:\n            yield a, a\n"
    + "m.compile('sgd', 'mse')\nm.fit(f(x), steps_per_epoch=4, epochs=3)",
    "what separates texts": PD
    + "pd.read_csv('a', sep=',', encoding='utf8')\nt.to_csv('b', sep=';')",
    "a file that is read": K
    + "import h5py\nf = h5py.File('a.h5')\nx = f['x'][:]\ng = h5py.File('b.h5', 'w')\ng['x'] = x",
    "what is only called a test": FITTED.format(STOP).replace("(c, d)", "(x_test, y_test)"),
    "a column that is all that is used": PD + "a = t['a']\na.fillna(0, inplace=True)\nprint(a)",
    "objects of NumPy": PD
    + "x = t.values\nif x.dtype == object or x[0].dtype == 'O': pass\n"
    + "if t['a'].dtype == 'float': t.select_dtypes(include=[np.number])",
    "a column of its own": PD + "a = t['a'].copy()\na[0] = 1",
    "months of a period": PD + "t.index.to_period('M')\npd.date_range('2020', freq='D', periods=3)",
    "a model of words that is told": K
    + "from gensim.models import Word2Vec\nw = Word2Vec(x)\n"
    + "w.train(x, total_examples=9, epochs=1)",
    "settings with a loader": K + "import yaml\nyaml.load(f, Loader=yaml.SafeLoader)",
    "words in a list": K + "from gensim.models import Word2Vec\nif 'a' in words: pass",
    "numbers as such": K + "print('{:d} {:.2f} {:s}'.format(n // 2, n / 2, name))",
    "bytes with bytes": K + "a.encode('utf-8') + b'a'\n'%s' % a.encode('utf-8')",
    "bytes that are decoded": K + "open('a', 'rb').read().decode('utf-8').split(',')",
    "bytes that bytes split": K
    + "open('a', 'rb').read().split(b',')\nopen('a', 'rb').read().split()",
    "tabs alone": K + "if x:\n\td = 1\n\te = 1\nif x:\n    d = 1",
    "dates of one column": PD
    + "pd.read_csv('a', parse_dates=['day', 'hour'])\npd.read_csv('a', parse_dates=True)\n"
    + "import re\nre.split('(\\\\W+)', 'so it is')\nre.split(',( )?', 'a, b')",
    "places of a grid": K
    + "import matplotlib.pyplot as plt\nfor i in range(1, 9):\n    plt.subplot(3, 3, i)\n"
    + "for i, x in enumerate(y):\n    if i > 0:\n        plt.subplot(3, 3, i)\n"
    + "    plt.subplot(3, 3, i + 1)\n"
    + "plt.subplot(9 // 3, int(9 / 3), 1)\n"
    + "plt.subplot2grid((9 // 3, 2), (0, 1))\n"
    + "plt.subplots(3, 3, figsize=(9 / 2, 4.5))",
    "means of what is a list": K
    + "np.mean(list(map(int, b)))\nnp.mean(range(3))\nnp.sum([int(i) for i in b])",
    "one largest place": K
    + "def f(model, x):\n    y = model.predict(x)\n    a = int(y.argmax()), int(np.argmax(y))\n"
    + "    return a, int(y[0].argmax(axis=-1)), int(x.argmax(axis=1)), int(np.argmax(x, axis=0))",
    "rows of one length": K + "rows = []\nrows.append([a, b])\nx = np.array(rows)[:, 0]",
    "dummies that are scaled": PD
    + NET
    + "from sklearn.preprocessing import StandardScaler\nm.compile('sgd', 'mse')\n"
    + "x = pd.get_dummies(t, columns=['a']).values\nm.fit(StandardScaler().fit_transform(x), y)",
    "dummies alone": PD
    + NET
    + "m.compile('sgd', 'mse')\nm.fit(x, pd.get_dummies(t['a']).values)\n"
    + "m.fit(pd.get_dummies(t['a']).values, y)",
    "texts that become numbers, and are told to": PD
    + NET
    + "m.compile('sgd', 'mse')\nt['a'] = t['a'].replace({'yes': 1}).astype(int)\n"
    + "t['b'] = t['b'].replace({1: 2})\nt['c'] = t['c'].replace('x', 'y')\n"
    + "t['d'] = t['d'].replace({'yes': 1})\nm.fit(t[['a', 'b', 'c']], t['y'])\n"
    + "m.fit(t[['a', 'd']].values.astype('float32'), keras.utils.to_categorical(t['d']))",
    "a week of its own": PD + "t.week = 3\nprint(t.week)",
    "axes of a figure": K + "import matplotlib.pyplot as plt\nplt.figure().gca()\nplt.gca()",
    "a rate of what is never trained": K
    + "from builder import *\nm = build()\nm.optimizer.lr = 0.1",
    "counts of columns of any names": PD + "t = pd.read_csv('a', names=k)\nn = t.count()[0]",
    "columns that are given types": PD
    + NET
    + "m.compile('sgd', 'mse')\nt['a'] = t['a'].replace({'yes': 1})\n"
    + "for c in t.columns:\n    t[c] = t[c].astype(float)\nm.fit(t, y)",
    "fitted to the training data": SCALED
    + SPLIT
    + "a, b = train_test_split(x)\na = s.fit_transform(a)\nb = s.transform(b)",
    "fitted to a part": SCALED + "s.fit(x[:9])\nx = s.transform(x)\ntrain, test = x[:9], x[9:]",
    "split again for validation": SCALED
    + SPLIT
    + "x_train = s.fit_transform(x_train)\nx_train, x_val = train_test_split(x_train)",
    "labels that are counted": K
    + SPLIT
    + "from sklearn.preprocessing import LabelEncoder\n"
    + "y = LabelEncoder().fit_transform(y)\na, b = train_test_split(y)",
    "stopped by what is called otherwise": FITTED.format(STOP) + "m.evaluate(c, d)",
    "stopped by other data": FITTED.format(STOP) + "m.evaluate(e, f)",
    "watched, not chosen by": FITTED.format("") + "m.evaluate(c, d)",
    "classes of a sparse loss": K
    + "m = keras.Sequential([keras.layers.Dense(3, activation='softmax')])\n"
    + "m.compile('sgd', 'sparse_categorical_crossentropy')\nm.fit(x, np.array([0, 1, 2]))",
    "numbers that are repeated": K
    + "m = keras.Sequential([keras.layers.Dense(1, activation='sigmoid')])\n"
    + "m.compile('sgd', 'binary_crossentropy')\nm.fit(x, np.array([0] * 5 + [1] * 5))",
    "a slice that is kept": PARTS + "keras.layers.Lambda(lambda t, i=i: t[:, i])(x)",
    "a name of its own": PARTS + "keras.layers.Lambda(lambda i: i * 2)(x)",
    "after the loop": PARTS + "pass\nkeras.layers.Lambda(lambda t: t[:, i])(x)",
    "arrays that are gathered": NET
    + "m.compile('sgd', 'mse')\nx, y = [], []\nx.append(np.ones(3))\ny.append(1)\n"
    + "m.fit(x, np.array(y), validation_data=([a, b], [c]))",
    "another version of Keras": K
    + "old = keras.__version__ < '2'\nif old:\n    d = keras.layers.Dense(output_dim=3)\n"
    + "if tf_version < 2:\n    d = keras.layers.Dense(output_dim=3)",
    "strides that are given": K + "keras.layers.Conv2D(8, rows, steps, padding='same')",
    "an activation by name": K
    + "keras.layers.LSTM(size, activation)\nkeras.layers.Dense(wide * 2, act or 'relu')",
    "what an object saves itself": "import keras\nfrom agents import Agent\n"
    + "a = Agent(3)\na.save_weights('a.h5')\n",
    "epochs of Keras 2": NET + "m.compile('sgd', 'mse')\nm.fit(x, y)",
    "modes of torch": NET + "import torch\nnet.eval()\nm.outputs[0].shape",
    "a network that is freed again": K
    + "from nets import net\nd = net()\nd.compile(loss='mse', optimizer='sgd')\n"
    + "d.trainable = False\nd.trainable = True\nd.train_on_batch(x, y)\n",
    "layers of an object": K
    + "class N:\n    def __init__(self):\n        self.layers = []\n"
    + "    def f(self):\n        self.layers.pop()\n",
    "what may be missing": K
    + "from keras import backend as K\ntry:\n    order = K.image_dim_ordering()\n"
    + "except Exception as error:\n    print(error)\n",
    "labels of numbers": PD
    + "from sklearn.metrics import mean_squared_error\ny = t['y'].replace('a', 0)\n"
    + "mean_squared_error(y, t['z'])",
    "lists of equal length": K
    + "rows = []\nfor i in range(9):\n    rows.append(text[i:i + 3])\n"
    + "a = keras.utils.pad_sequences(np.array(rows))\nb = np.array([[1, 2], [3, 4]])\n"
    + "b = keras.utils.pad_sequences(b)\nc = np.array([[ord(c) for c in t] for t in d])",
    "files that an option may name": NET
    + "import argparse\np = argparse.ArgumentParser()\np.add_argument('--net', default='n.keras')\n"
    + "p.add_argument('out')\no = vars(p.parse_args())\nm.save(o['net'])\nm.save(o['out'])\n"
    + "def f(folder='out'):\n    m.save(f'{folder}/n.keras')\n",
    "scores of other kinds": NET
    + "m.compile('sgd', 'mse')\ndef f(logs):\n    return logs['loss'].mean()\n"
    + "s = np.array(m.evaluate(x, y)).mean()\np = m.predict(x).astype('float')",
    "batches that are whole": NET
    + "from sklearn.utils import shuffle\ndef f():\n    while True:\n"
    + "        x, y = shuffle(np.ones((2, 4)), np.ones(2))\n        yield x, y\n"
    + "m.compile('sgd', 'mse')\nm.fit(f(), steps_per_epoch=2)",
    "shapes that an object keeps": K
    + "class V:\n    def __init__(self):\n        x = keras.Input((3,))\n"
    + "        self.z = keras.layers.Dense(2)(x)\n        m = keras.Model(x, self.z)\n"
    + "        m.compile('sgd', self.f)\n    def f(self, x, y):\n"
    + "        return keras.ops.mean(x - y) * self.z.shape[1]\nV()",
    "pairs that are run through once": K
    + "p = zip(x, y)\nnext(p)\nfor i, a in enumerate(p):\n    print(a)\n"
    + "for b in x:\n    q = zip(b, b)\n    print(list(q))\n"
    + "r = map(str, x)\nr = list(r)\nprint(sum(r), max(r))\n"
    + "def f():\n    s = zip(x, y)\n    if x:\n        return list(s)\n    else:\n"
    + "        return tuple(s)\n",
    "groups of all columns": PD
    + "t.groupby('a')[['a', 'b']].apply(lambda g: g['a'].sum())\n"
    + "t.groupby('a').apply(lambda g: g['b'].sum())\nt.apply(lambda g: g['a'])",
    "counts of today": PD
    + "c = t['a'].value_counts().reset_index()\nc.columns = ['index', 'n']\nprint(c['index'])\n"
    + "d = t['a'].value_counts().reset_index()\nprint(d['a'], d['count'])\n"
    + "t.groupby('a')['b'].agg(low='min')\nt.groupby('a').agg({'b': 'min'})\n"
    + "t['a'].agg({'low': 'min'})",
    "numbers alone": PD
    + "print(t[t['a'] == 'x'])\nt['a'] = t['a'].map({'x': 0})\nprint(t.corr())\n"
    + "u = pd.read_csv('a')\nprint(u[u['a'] == 'x'])\nprint(u[['b']].corr())\n"
    + "print(u.mean(axis=1), u.corr(numeric_only=True), u['b'].mean())",
    "Python 2 and 3": K + "from six.moves import *\nfor i in xrange(3): pass",
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_like_it_and_right_is_not_told_of(name: str) -> None:
    assert found(RIGHT[name]) == []


def test_a_row_of_means_stands_below_the_table_with_its_columns() -> None:
    before = (
        "import keras\nimport pandas as pd\nt = pd.DataFrame({'a': [1, 2], 'b': [3, 4]})\n"
        "def below(row):\n    u = t.append(row, ignore_index=True)\n    return u\n"
        "u = t.append(t.mean(), ignore_index=True)\n"
        "whole = t.append(pd.Series([5, 6], index=['a', 'b']), ignore_index=True)\n"
        "three = [below(one) for one in (t.mean(), {'a': 1, 'b': 2}, t)]\n"
    )
    names: dict[str, Any] = {}
    exec(fix_text(Text(before), "x.py", Selection(), True)[0], names)
    assert names["u"].values.tolist() == [[1, 3], [2, 4], [1.5, 3.5]]
    assert {str(kind) for kind in names["whole"].dtypes} == {"int64"}
    assert [one.shape for one in names["three"]] == [(3, 2), (3, 2), (4, 2)]


def test_dates_of_several_columns_are_read_as_they_were() -> None:
    before = (
        "import io\nimport keras\nimport pandas as pd\nfrom datetime import datetime\n"
        "text = 'a,day,hour\\n1,2010-01-02,3\\n2,2010-01-02,4\\n'\n"
        "def read(text):\n    return datetime.strptime(text, '%Y-%m-%d %H')\n"
        "t = pd.read_csv(io.StringIO(text), parse_dates=[['day', 'hour']], index_col=0,\n"
        "                date_parser=read)\n"
        "u = pd.read_csv(io.StringIO(text.replace(',3', ',3:00').replace(',4', ',4:00')),\n"
        "                parse_dates={'at': [1, 2]}, index_col=['at'])\n"
    )
    names: dict[str, Any] = {}
    exec(fix_text(Text(before), "x.py", Selection(), True)[0], names)
    for table, name in ((names["t"], "day_hour"), (names["u"], "at")):
        assert [str(one) for one in table.index] == ["2010-01-02 03:00:00", "2010-01-02 04:00:00"]
        assert (table.index.name, list(table.columns)) == (name, ["a"])
