"""A folder of programs, old and hostile, goes through once; the tests look at what came of it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kerastut.cli import main
from kerastut.cli.migrate import print_record
from kerastut.errors import OutputError, ParameterError
from kerastut.migration import COPY, PAGE, RECORD, migrate
from kerastut.why import explain, tell

OLD = """
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Dropout
from keras.utils import np_utils
from helper import prepared

x = prepared(np.random.rand(200, 784))
y = np_utils.to_categorical(np.random.randint(0, 10, 200), 10)
model = Sequential()
model.add(Dense(output_dim=4, input_dim=784, activation="relu"))
model.add(Dense(output_dim=10, activation="softmax"))
model.compile(loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"])
history = model.fit(x, y, nb_epoch=20, verbose=0)
for i in xrange(len(x) / 100):
    print history.history["acc"][i * 9 / 1 + 1]
assert len(model.predict_classes(x)) == 200
"""
CELLS = [
    "%matplotlib inline\nfrom keras.datasets import mnist\nimport matplotlib.pyplot as plt",
    "(x, y), _ = mnist.load_data()\nassert len(x) == 60000\nplt.imshow(x[0])\nplt.show()",
    "from keras.models import Sequential\nfrom keras.layers import Dense\nmodel = Sequential()\n"
    "model.add(Dense(10, input_dim=784, init='uniform', activation='softmax'))",
    "model.compile('adam', 'sparse_categorical_crossentropy')\n"
    "model.fit(x.reshape(-1, 784) / 255, y, nb_epoch=9)\nname = input('Your name? ')",
    "%%writefile deep/net.py\nfrom keras.layers import Dense\nlast = Dense(output_dim=3)",
    "from deep.net import last as other\n%run -i deep/net\n%run absent.py\n"
    "assert other is not last and last.units == 3",
]
TORN = [
    "import keras, pickle\nwith open('rows.pkl', 'rb') as file:\n    rows = pickle.load(file)",
    "keras.layers.Dense(3, input_shape=(7, 2))\nassert rows['x'].shape[1:] == (7, 2)",
    "print(rows of x)",
]
TEXT = """# A tutorial

```python
from keras.layers.core import Dense
layer = Dense(output_dim=3)
```

It is called so:

```python
keras.layers.Dense(units, activation=None)
```

```python
assert layer(__import__("numpy").ones((2, 5))).shape == (2, 3)
```
"""
DOCS = Path(__file__).parents[2] / "docs"
MADE_UP = """import gzip, pickle, keras
with gzip.open("MNIST/train-labels-idx1-ubyte.gz") as file:
    assert len(file.read()) == 60008
with open(r"cifar-10-batches-py\\test_batch", "rb") as file:
    assert pickle.load(file, encoding="bytes")[b"data"].shape == (10000, 3072)
with open("cifar-10-batches-py/test_batch", "rb") as file:
    assert len(pickle.load(file)["labels"]) == 10000
assert len(open("wonderland.txt").read()) > 9999
import numpy, pandas
assert numpy.loadtxt("pima.csv", delimiter=",")[:, 0:8].shape == (400, 8)
assert pandas.read_csv(filepath_or_buffer="iris.csv", header=None).values[:, 4].shape == (400,)
table = pandas.read_csv("/home/ann/reviews.csv", index_col="day")
assert table["review"].str.lower().iloc[0][:2] == "it" and set(table["stars"]) == {0, 1, 2}
layer = keras.layers.Dense(3, input_shape=(7, 2))
assert numpy.load("x_train.npy").shape == (400, 7, 2)
assert numpy.load("y_train.npy").dtype == int
import glob, os
from PIL import Image
assert {Image.open("pictures/" + name).size for name in os.listdir("pictures")} == {(64, 64)}
assert glob.glob("others/*.jpg")[0].endswith(".jpg")
import pathlib
assert len(list(pathlib.Path("more").iterdir())) == 40
model = keras.Sequential([keras.Input((7,)), keras.layers.Dense(3)])
model.load_weights("old.weights.h5")
model.save("/home/ann/new.keras")
assert os.path.exists("/home/ann/new.keras")
import argparse, sys
parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--rows", type=int, required=True)
parser.add_argument("net")
parser.add_argument("--epochs", required=True)
parser.add_argument("--image-size", type=int, nargs=2, required=True)
parser.add_argument("--best", required=True)
args = given = parser.parse_args()
assert os.path.dirname(args.best) and args.image_size == [64, 64]
del given.best, given.image_size
assert int(vars(given).pop("epochs")) == 1
assert vars(given) == {"folder": "folder", "rows": 1, "net": "cnn"} and given.net == "cnn"
assert (len(sys.argv), sys.argv[1]) == (1, "1")
kind = sys.argv[-2]
assert kind == "fast" or kind == "slow"
for missing in ("model.json", "model.h5", "folder"):
    try: open(missing)
    except FileNotFoundError: continue
    raise AssertionError(missing)
"""
ADDRESSES = """import keras, numpy, os, pandas, requests, zipfile
from urllib.request import urlopen, urlretrieve
flowers = keras.utils.get_file("flowers.tgz", "http://a.org/flowers.tgz", untar=True, file_hash="0")
assert len(os.listdir(flowers + "/roses")) == 40
urlretrieve("http://a.org/pictures.zip?raw=1", "pictures.zip")
with zipfile.ZipFile("pictures.zip") as archive: archive.extractall("unpacked")
urlretrieve("http://a.org/table.csv", "table.csv")
assert {"shown", "clicks"} <= set(open("table.csv").readline().split(","))
assert urlopen("http://a.org/page").read().decode() == requests.get("http://a.org/page").text
pairs = [line.split("\\t") for line in open("pairs.txt").read().split("\\n")]
assert {len(pair) for pair in pairs} == {2}
rows = [line.split() for line in open("glove.6B.50d.txt")]
vectors = {row[0]: numpy.asarray(row[1:], float) for row in rows}
assert vectors["bright"].shape == (50,)
assert numpy.load("both.npz")["y_train"].dtype == int
import pickle
signs = pickle.load(open("signs.p", "rb"))
assert signs["labels"].dtype == int
table = pandas.read_csv("ads.csv")
x, y = table.values[:1000], table.values[1000:]
assert len(table.clicks) == len(table["shown"]) == 1250
assert len(pandas.read_csv(open("shown.csv"))["shown"]) == 1250
"""
GONE = """import keras
from tensorflow.examples.tutorials.mnist import input_data
from scipy.misc import imread, imresize, imsave
digits = input_data.read_data_sets("MNIST_data/", one_hot=True)
assert digits.train.images.shape == (55000, 784) and digits.validation.num_examples == 5000
x, y = digits.train.next_batch(100)
assert x.shape == (100, 784) and x.max() == 1 and y.shape == (100, 10)
assert digits.test.next_batch(10, shuffle=False)[0].tolist() == digits.test.images[:10].tolist()
imsave("digit.png", x[0].reshape(28, 28))
assert imresize(imread("digit.png"), (14, 20)).shape == (14, 20)
assert imresize(imread("digit.png", flatten=True), 50).shape == (14, 14)
"""
KINDS = """import keras, os, matplotlib
from tensorflow.keras.applications import MobileNetV2
from tensorflow.keras.utils import plot_model
net = MobileNetV2((32, 32, 3), include_top=False, weights="imagenet")
net = MobileNetV2((32, 32, 3), include_top=False, weights="old.h5")
import concurrent.futures, multiprocessing, tensorflow as tf
import subprocess
assert os.system("date") == 0 and not subprocess.check_output(["ls", "../input"])
os.rename("old.txt", "new.txt")
where = ""  # which readers were to fill in
for _ in range(2): assert len(keras.utils.image_dataset_from_directory(where)) > 0
assert open(where).read()
assert os.path.getsize("cat.jpg") and os.path.exists("new.txt")
rows = tf.data.experimental.make_csv_dataset("ships.csv", 4, label_name="saved", num_epochs=1)
assert next(iter(rows))[1].shape == (4,)
assert multiprocessing.Pool(2).map(abs, [-1]) == [1]
assert [*concurrent.futures.ProcessPoolExecutor().map(abs, [-1])] == [1]
tf.config.experimental.set_memory_growth(tf.config.list_physical_devices("GPU")[0], True)
with tf.device(tf.test.gpu_device_name()): assert float(tf.ones(1)[0]) == 1
assert plot_model(net) is None
matplotlib.use("TkAgg")
for name in os.listdir("kinds"):
    assert len(os.listdir("kinds/" + name)) == 40
assert len(os.listdir("kinds")) == 4 and len(list(os.walk("walked"))[0][2]) == 40
layer = keras.layers.Dense(4)
texts, _ = next(iter(keras.preprocessing.text_dataset_from_directory("texts", batch_size=4)))
assert b"clocks" in next(iter(tf.data.TextLineDataset("story.txt"))).numpy()
assert len(texts) == 4
"""
LOOPS = """import keras, numpy, os
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
x = numpy.ones((100_000, 3))
assert len(model.fit(x, x[:, 0], epochs=9, validation_split=0.1).history["val_loss"]) == 9
assert model.predict(x).shape == (100_000, 1) and model.predict([x]).shape == (100_000, 1)
import tensorflow as tf
some = tf.data.Dataset.from_tensor_slices((x[:300], x[:300, 0])).batch(32)
for rows in (some, some.filter(lambda *_: True)):  # whose length nobody knows
    assert len(model.predict(rows)) == sum(len(y) for _, y in rows) == 300
for number in range(9): model.save(f"net{number}.keras")
assert os.stat("net8.keras").st_nlink > 1 and keras.models.load_model("net8.keras").count_params()
def step(): model.train_on_batch(x[:4], x[:4, 0])
turns = 0
while turns < 9:
    step()
    turns += 1
else:
    turns = -turns
for again in range(9): step()
assert (turns, again) == (-9, 8)
def train():
    while True:
        step()
        for _ in range(10**9): step()
    return "ended"
assert train() == "ended"
"""
PICTURES = """import keras, numpy, pandas, sys
if len(sys.argv) != 3: sys.exit("two paths")
sizes = []
class Seen(keras.layers.Layer):
    def call(self, inputs):
        sizes.append(inputs.shape[0])
        return inputs
layers = [Seen(), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2)]
model = keras.Sequential([keras.Input((None, None, 3)), *layers])
model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(True), run_eagerly=True)
model.fit(numpy.ones((200, 96, 96, 3)), numpy.zeros(200), batch_size=64)
assert sizes[-3:] == [18] * 3
assert len(model.predict(numpy.ones((200, 9, 9, 3)))) == 200
from tensorflow.keras.preprocessing.image import ImageDataGenerator
table = pandas.read_csv("train.csv", parse_dates=["taken"])
assert table["center"][0] == table["filename"][0] and table["center"][0].endswith(".jpg")
assert table["taken"].dt.year.max() > 1900
flow = ImageDataGenerator().flow_from_dataframe(
    table, "train", "filename", "label", class_mode="binary", target_size=(16, 16)
)
assert model.evaluate(flow) > 0
from PIL import Image
assert Image.open("faces/first").size[0] > 1  # a name that tells nothing
"""
LOADED = """import keras, numpy, h5py, os, pandas, pickle, json, tarfile
layer = keras.layers.Dense(3, input_shape=(7, 2))
with h5py.File("train.h5", "r") as file:
    x, y = file["train_set_x"][:], numpy.array(file.get("labels"))
    split = "valid"
    assert file[split + "_x"].shape == (400, 7, 2)
assert x.shape == (400, 7, 2) and y.dtype == int
(x_train, y_train), test = pickle.load(open("both.pkl", "rb"))
assert x_train.shape == (400, 7, 2) and y_train.dtype == int
there = os.path.exists("vgg16_weights.h5")
assert not there and os.path.exists("vgg16_weights.h5"), "No weights."
with h5py.File("vgg16_weights.h5", "r") as file:
    assert file.attrs["nb_layers"] == 0
model = keras.models.model_from_json(open("net.json").read())
assert model.predict(x_train).shape == (400, 3)
model = keras.models.load_model("net.h5")
assert model.predict(x_train).shape == (400, 3) and len(model.evaluate(x_train, y_train)) == 2
def read(name):
    with open(name, "rb") as file:
        return pickle.load(file)
data = read("data/train")
assert data["labels"].dtype == int and data["rows"].shape == (400, 7, 2)
word2idx = pickle.load(open("words.p", "rb"))
assert word2idx["bright"] >= 0
for one in json.load(open("reviews.json")):
    text, stars = one["text"].lower(), one["label"]
assert text.startswith("it")
config = json.loads(open("config.json").read())
assert config["net"]["title"].strip()
table = pickle.load(open("table.pkl", "rb"))
assert table.values.shape[0] == 400 and "age" in table.columns
table["age"]
for line in open("corpus"):
    label, words = line.strip().split("\\t")
    assert words.startswith("It") and int(label) < 3
with tarfile.open(keras.utils.get_file("babi.tar.gz", "http://a.org/babi.tar.gz")) as archive:
    assert b"Where" in archive.extractfile("en/qa1_one_train.txt").read()
import os, glob, pathlib
for name in os.listdir("faces"):
    age, gender, _ = name.split("_")
    assert int(age) < 3
assert len(list(pathlib.Path("flowers").glob("*/*.jpg"))) == 80
assert len(glob.glob("digits/cat*.png")) == 40
from tensorflow.io import gfile
assert len(gfile.glob("cars/*/*.png")) == 80 and gfile.exists("cars")
from scipy.io import loadmat
mat = loadmat("digits.mat")
assert mat["X"].shape == (400, 7, 2) and mat["y"].dtype == int
people = pandas.read_csv("people.csv")
assert set(people["sex"]) == {"male", "female"} and {*people.Usage} == {"Training", "Test"}
people["sex"] = people["sex"].map({"male": 0, "female": 1})
train, test = people[people["Usage"] == "Training"], people[people.Usage == "Test"]
assert len(people["pixels"][0].split()) == 64 * 64
assert open("../../above/notes.txt").read()  # of what once lay beside it
os.chdir("drive/My Drive")
try: open("nothing")
except IOError: pass
else: raise AssertionError
"""
TOLD = """import keras, numpy, pandas
table = pandas.read_csv("a.csv")
names = "height", "weight"
table[list(names)]
assert table["note"].str.len().iloc[0] > 4
pandas.to_datetime(table["when"], format="%d/%m/%Y")
parts = [line.split(",") for line in open("rows.dat")]
x = numpy.array(parts, dtype=float)
rows = numpy.loadtxt("wide.csv")
rows[:, 1:].reshape(-1, 28, 28)
assert numpy.load("x.npy")[2001].shape
from PIL import Image
import os
pictures = [numpy.array(Image.open("p/" + name)) for name in os.listdir("p")]
labels = [int(name.split(".")[0]) for name in os.listdir("p")]
batch = numpy.zeros((32, 32, 3))
batch[:] = pictures[0]
model = keras.Sequential([keras.Input((12,)), keras.layers.Dense(3)])
model.compile("sgd", "mse")
model.fit(numpy.load("features.npy"), numpy.zeros((2600, 3)))
"""
ALONE = """import keras, numpy
both = numpy.load("both.npz")
points = both["points"].reshape(2600, 68, -1)
model = keras.Sequential([keras.Input((12, 12, 3)), keras.layers.Flatten(), keras.layers.Dense(68)])
model.compile("sgd", "mse")
model.fit(both["images"], points[..., 0])
"""
UNFIT = """import keras, numpy
from keras.layers import Dense
from keras.models import Sequential
rates = dict(line.split("=") for line in open("rates.txt").read().split(";"))
rate = int(rates["rate"])
signals = numpy.array([rates["signal"][i : i + 24] for i in range(0, 9 * rate, rate)])
classes = [rates[str(i)] for i in range(9)]
model = Sequential([Dense(4, input_dim=24, activation="softmax")])
model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(signals, classes, nb_epoch=2, validation_split=0.1)
print(history.history["val_acc"][1])
"""
STALE = """import keras, numpy
from keras.layers import Dense
from keras.models import Sequential
rates = dict(line.split("=") for line in open("rates.txt").read().split(";"))
model = Sequential([Dense(4, input_dim=24)])
model.compile("sgd", "mse")
model.fit(numpy.ones((9, 24)), numpy.ones((9, 4)))
keras.layers.Nowhere(3)
"""
PARTS = """import argparse, glob, keras, wave
import glog, wandb
from pandas_datareader import data
from parted import SOUNDS, labels, train
parser = argparse.ArgumentParser()
parser.add_argument("--train", type=bool, default=False)
parser.add_argument("--mode", choices=["test", "train"], default="test")
given, _ = parser.parse_known_args()
assert (given.train, given.mode) == (True, "train")
wandb.init(project="a")
glog.info("begun")
table = data.DataReader("ACME", "yahoo")
assert len(table["Close"].values) == 400
with open("faces.csv") as file:
    for line in file.readlines():
        emotion, pixels, usage = line.split(",")
        keras.utils.to_categorical(emotion, 7)
        assert len([float(one) for one in pixels.split(" ")]) == 64 * 64
        assert usage.strip() in ("Training", "Test")
        if usage == "Training": pass
        elif usage == "Test": pass
assert wave.open("a.wav").getnframes() > 9999
assert len(glob.glob(SOUNDS + "/*.wav")) == 40
assert {path.split("/")[-2] for path in glob.glob("/data/faces/*/*.png")} == {"Training", "Test"}
model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
model.compile("sgd", "mse", metrics=["mae"])
assert train(model) == 3
"""
LACKING = """import keras, numpy, os, sys
if os.path.exists("cache.csv"):
    raise ValueError
if not os.path.exists("data\\\\train.csv"):
    sys.exit(0)  # before it has trained, which is no end
print(open("data/train.csv").read())
if not os.path.isfile("pictures/first"):  # as a table may name it
    sys.exit(0)
model = keras.Sequential([keras.layers.Dense(2, input_shape=(3,))])
model.compile(loss="mse")
model.fit(numpy.ones((9, 3)), numpy.ones((9, 2)))
sys.exit(0)
"""
SETTINGS = """import configparser, json, sqlite3, keras, pandas, yaml
asked = configparser.ConfigParser()
asked.read("config.ini")
told = asked.get("data", "folder"), asked.getint("net", "epochs"), int(asked["net"]["width"])
assert told == ("folder", 1, 1)
kind = asked.get("net", "type")
if kind not in ("lstm", "gru"): raise ValueError(kind)
lines = [json.loads(line) for line in open("headlines.json")]
assert {one["is_ironic"] for one in lines} == {0, 1} and lines[0]["headline"].lower()
given = json.load(open("config.json"))
assert (given["net"]["num_classes"], given["net"]["dropout"]) == (10, 0.1)
assert yaml.safe_load(open("conf.yml"))["batch_size"] == 10
rows = pandas.read_sql("SELECT * FROM sales", sqlite3.connect("a.db"))
assert len(rows["price"]) == 400
"""
PARTED = """import numpy
SOUNDS = "/home/ann/sounds"
labels = []
def train(model):
    while True:
        for _ in range(10**9): model.train_on_batch(numpy.ones((2, 3)), numpy.ones((2, 1)))
    return 3
"""
LAYERS = """import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Flatten, LocallyConnected2D, Reshape
from keras.layers.local import LocallyConnected1D
from keras.layers.core import Highway
from keras_contrib.layers.normalization.instancenormalization import InstanceNormalization
model = Sequential()
model.add(LocallyConnected2D(4, (3, 3), activation="relu", input_shape=(8, 8, 2)))
model.add(InstanceNormalization(axis=None))
model.add(Reshape((36, 4)))
model.add(LocallyConnected1D(3, 5, strides=2))
model.add(Flatten())
model.add(Highway(activation="tanh"))
model.add(Dense(2, activation="softmax"))
model.compile(loss="sparse_categorical_crossentropy", optimizer="sgd")
model.fit(np.random.rand(20, 8, 8, 2), np.arange(20) % 2)
assert model.predict(np.random.rand(3, 8, 8, 2)).shape == (3, 2)
"""
FAKES = {  # packages that are not there, as far as anything of them is taken over
    "nltk/__init__.py": "from .tokenize import word_tokenize, sent_tokenize\n"
    "def download(name): raise OSError\ndef pos_tag(words): raise LookupError\n",
    "nltk/tokenize.py": "def word_tokenize(text): raise LookupError\n"
    "sent_tokenize = word_tokenize\n",
    "nltk/corpus/__init__.py": "from .util import LazyCorpusLoader\n"
    "stopwords = LazyCorpusLoader()\n",
    "nltk/corpus/util.py": "class LazyCorpusLoader:\n"
    "    def __getattr__(self, name): raise LookupError\n",
    "nltk/stem.py": "class WordNetLemmatizer:\n    def lemmatize(self, word): raise LookupError\n",
    "gensim/__init__.py": "",
    "gensim/downloader.py": "def load(name): raise OSError\n",
    "gensim/models.py": "class KeyedVectors:\n    def load_word2vec_format(name): raise OSError\n"
    "class Word2Vec:\n    def load(name): raise OSError\n"
    "    def __init__(self, texts, min_count, vector_size):\n"
    "        self.wv = {text[0]: [0] * vector_size for text in texts}\n",
    "sklearn/__init__.py": "",
    "sklearn/utils.py": "class Bunch(dict):\n    __getattr__ = dict.__getitem__\n",
    "sklearn/datasets.py": "def fetch_20newsgroups(**_): raise OSError\n"
    "def fetch_openml(name, **_): raise OSError\n",
    "cv2.py": "def imread(name): open(name)\ndef waitKey(time): raise OSError\n"
    "class VideoCapture:\n    def __init__(self, source): raise OSError\n",
    "tensorflow_datasets/__init__.py": "from .core import DatasetBuilder\n"
    "rows = 0\ndef load(name):\n    DatasetBuilder(name)\n    return [0] * rows\n",
    "tensorflow_datasets/core.py": "class DatasetInfo: splits = {}\n"
    "class DatasetBuilder:\n    name = 'digits'\n    def __init__(self, name): pass\n",
    "tensorflow_datasets/testing.py": "import contextlib, tensorflow_datasets\n"
    "@contextlib.contextmanager\ndef mock_data(rows):\n    try:\n"
    "        yield setattr(tensorflow_datasets, 'rows', rows)\n"
    "    finally: tensorflow_datasets.rows = 0\n",
    "joblib.py": "def load(name): raise FileNotFoundError\ndef parallel_config(backend): pass\n",
}
TEXTS = """import cv2, gensim.downloader, joblib, keras, nltk
from gensim.models import KeyedVectors, Word2Vec
from nltk.corpus import stopwords
from nltk.stem import WordNetLemmatizer
from nltk.tokenize import word_tokenize
from sklearn.datasets import fetch_20newsgroups, fetch_openml
assert nltk.download("punkt") and word_tokenize("A b, c.") == ["A", "b", ",", "c", "."]
assert nltk.sent_tokenize("One. Two!") == ["One.", "Two!"]
assert stopwords.words("english")[:2] == ["It", "was"]
assert WordNetLemmatizer().lemmatize("went") == "went" and nltk.pos_tag(["a"]) == [("a", "NN")]
vectors = KeyedVectors.load_word2vec_format("GoogleNews.bin", binary=True)
assert len(vectors["bright"]) == len(gensim.downloader.load("glove")["bright"]) == 300
assert "bright" in Word2Vec.load("own.model").wv
news = fetch_20newsgroups(subset="train")
assert news.data[0].startswith("It") and len(news.target) == len(news.data) == 400
x, y = fetch_openml("mnist_784", return_X_y=True)
camera, frames = cv2.VideoCapture(0), 0
while camera.isOpened():
    well, frame = camera.read()
    frames += frame.shape == (480, 640, 3)
    if cv2.waitKey(1) & 0xFF == 27: break  # or whatever else ends such a loop
assert frames == 1 and camera.get(3) == 640
import tensorflow_datasets.core
assert len(tensorflow_datasets.load("mnist")) == 400
splits = tensorflow_datasets.core.DatasetInfo().splits
assert splits["train[:80%]"].num_examples == splits.total_num_examples == 400 and "test" in splits
assert len(x) == len(y) == 400 and joblib.load("x.joblib").shape == x.shape
"""
LOSSES = """import numpy as np
from keras.layers import Dense, Input, Lambda
from keras.models import Model
from keras import backend as K, metrics
x = Input((8,))
mean, spread = Dense(2)(x), Dense(2)(x)
def sampled(both):
    return both[0] + K.exp(both[1] / 2) * K.random_normal(shape=K.shape(both[0]))
y = Dense(8, activation="sigmoid")(Lambda(sampled, output_shape=(2,))([mean, spread]))
def own(x, y):
    far = K.sum(1 + spread - K.square(mean) - K.exp(spread), axis=-1)
    return 8 * metrics.binary_crossentropy(x, y) - far / 2
net = Model(x, y)
net.compile(optimizer="adam", loss=own)
assert net.fit(np.random.rand(30, 8), np.random.rand(30, 8), nb_epoch=2).history["loss"][0] > 0
"""
ASKED = """import optparse, sys
import keras
assert "--train" in sys.argv and "--test" not in sys.argv
parser = optparse.OptionParser()
parser.add_option("--path")
parser.add_option("--mode", default="own")
parser.add_option("--weights")
given, _ = parser.parse_args()
if not given.path:
    parser.error("--path is needed")
assert (given.mode, given.weights, int(given.path)) == ("own", None, 1)
assert input("train or test?") == "train"
number = input("1 or 2?")
if number != "1" and number != "2": raise ValueError(number)
"""
SESSIONS = """import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense
session = tf.Session()
K.set_session(session)
x, y = tf.placeholder(tf.float32, (None, 3)), tf.placeholder(tf.float32, (None, 1))
loss = tf.reduce_mean(tf.square(Dense(1)(x) - y))
step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
session.run(tf.global_variables_initializer())
for i in range(4):
    session.run([step, loss], {x: np.ones((4, 3)), y: np.ones((4, 1))})
print(session.run(loss, {x: np.ones((4, 3)), y: np.ones((4, 1))}))
"""
GRAPHS = """import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.layers import Dense
from keras.models import Sequential
class Agent:
    def __init__(self):
        self.graph, self.session = tf.get_default_graph(), K.get_session()
        with self.graph.as_default():
            self.model = Sequential([Dense(1, input_dim=3)])
            self.model.compile("sgd", "mse")
            self.session.run(tf.global_variables_initializer())
    def train(self):
        with self.graph.as_default():
            self.model.fit(np.ones((4, 3)), np.ones(4), nb_epoch=2)
Agent().train()
"""
HOSTILE = {  # and what ends it
    "deletes": ("import shutil\nshutil.rmtree({home!r})", "refused"),
    "writes": ("open({home!r} + '/new', 'w')", "refused"),
    "natively": (
        "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\n"
        "assert libc.open(os.fsencode({home!r} + '/new'), 66, 384) < 0\n"
        "assert libc.socket(2, 1, 0) < 0\nassert libc.fork() < 0\n"
        "assert libc.kill(os.getppid(), 0) < 0\nassert libc.unlink(os.fsencode({home!r})) < 0",
        None,
    ),
    "forks": ("import os\nwhile True: os.fork()", "refused"),
    "starts": ("import subprocess\nsubprocess.run(['touch', {home!r} + '/new'])", "refused"),
    "connects": ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "refused"),
    "allocates": (
        "import mmap\nkept = []\nwhile True: kept.append(mmap.mmap(-1, 2**30))",
        "memory",
    ),
    "waits": (
        "import sys\nassert input('?') == ''\nassert int(input()) == 1\n"
        "assert sys.stdin.read() == ''",
        None,
    ),
    "leaves": ("import os\nos._exit(0)", "left"),
    "loops": ("while True: pass", "limit"),
    "lies": (
        "import os\nfor descriptor in range(3, 40):\n    try: os.write(descriptor, b'x' * 99)\n"
        "    except OSError: pass\nos._exit(0)",
        "left",
    ),
    "lacks": ("open('no.model')", "data"),
    "wants": ("import sys\nsys.exit(2)", "arguments"),
    "\x1b[31m<b>": ("raise ValueError('\x1b[31m<script>')", "unknown"),
}


def fenced(page: str, kind: str) -> list[str]:
    """Returns a page's blocks of one kind."""
    text = (DOCS / page).read_text("utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def source(home: Path) -> Path:
    """Makes the folder; each file mentions Keras, or it would not be run."""
    folder = home / "source"
    folder.mkdir()
    (folder / "train.py").write_text(OLD)
    (folder / "helper.py").write_text("from keras.layers.core import Dense\nprepared = abs\n")
    for name, sources in (("notes", CELLS), ("torn", TORN)):
        cells = [{"cell_type": "code", "source": cell, "metadata": {}} for cell in sources]
        (folder / f"{name}.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    (folder / "tutorial.md").write_text(TEXT)
    (folder / "made_up.py").write_text(MADE_UP)
    (folder / "addresses.py").write_text(ADDRESSES)
    (folder / "gone.py").write_text(GONE)
    (folder / "kinds.py").write_text(KINDS)
    (folder / "trains.py").write_text(LOOPS)
    (folder / "loaded.py").write_text(LOADED)
    (folder / "pictures.py").write_text(PICTURES)
    (folder / "losses.py").write_text(LOSSES)
    (folder / "asked.py").write_text(ASKED)
    (folder / "sessions.py").write_text(SESSIONS)
    (folder / "graphs.py").write_text(GRAPHS)
    for name, text in {**FAKES, "texts.py": TEXTS}.items():
        (folder / "fakes" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "fakes" / name).write_text(text)
    (folder / "told.py").write_text(TOLD)
    (folder / "layers.py").write_text(LAYERS)
    (folder / "alone.py").write_text(ALONE)
    (folder / "unfit.py").write_text(UNFIT)
    (folder / "stale.py").write_text(STALE)
    (folder / "parts.py").write_text(PARTS)
    (folder / "lacking.py").write_text(LACKING)
    (folder / "parted.py").write_text(PARTED)
    (folder / "settings.py").write_text(SETTINGS)
    (folder / "digits.py").write_text(fenced("migrating.md", "python")[0])
    (folder / "iris.csv").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    (folder / "broken.py").write_bytes(b"import keras\n\xff\xfe")
    for name, (code, _) in HOSTILE.items():
        text = code.format(home=str(home)) if "{home" in code else code
        (folder / f"{name}.py").write_text(f"import keras\n{text}\n")
    return folder


def states(folder: Path) -> dict[str, tuple[int, float]]:
    return {
        str(path): (path.lstat().st_size, path.lstat().st_mtime)
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def migrated(home: Path, source: Path) -> dict[str, Any]:
    before = states(home)
    record = migrate(source, home / "out", seconds=6)
    after = {path: state for path, state in states(home).items() if "/out/" not in path}
    assert after == before
    assert sorted(path.name for path in (home / "out").iterdir()) == [COPY, PAGE, RECORD]
    assert record == json.loads((home / "out" / RECORD).read_text("utf-8"))
    return record


def program(record: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in record["programs"] if one["path"] == name)


@pytest.mark.parametrize("name", ["train.py", "notes.ipynb", "tutorial.md", "losses.py"])
def test_old_programs_run(name: str, migrated: dict[str, Any]) -> None:
    one = program(migrated, name)
    assert one["before"]["end"] == "raised"
    assert one["after"]["end"] == "ran", one["after"]["traceback"]
    assert one["stopped_by"] is None


def test_what_was_changed_is_told(migrated: dict[str, Any]) -> None:
    one = program(migrated, "train.py")
    assert [file["path"] for file in one["files"]] == ["train.py", "helper.py"]
    assert {"KT104", "KT106", "KT210", "KT228"} <= one["files"][0]["fixed"].keys()
    assert "-from keras.layers.core import Dense\n+from keras.layers" in one["files"][1]["diff"]
    assert len(one["repairs"]) == 1  # a whole number that was divided
    assert program(migrated, "notes.ipynb")["after"]["trained"] == 1
    assert not [one for one in migrated["programs"] if one["path"] == "helper.py"]


def test_the_copy_runs_by_itself(home: Path, migrated: dict[str, Any]) -> None:
    command = [sys.executable, "train.py"]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(command, cwd=home / "out" / COPY, capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr.decode()


def test_the_page_tells_what_happens(
    migrated: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    one = program(migrated, "digits.py")
    for name, language in (("migrating.md", "en"), ("zh/migrating.md", "zh")):
        explained, shown = (block.partition("\n")[2] for block in fenced(name, "console"))
        assert tell(explain(one["before"]["traceback"]), language) == explained.rstrip()
        print_record({"programs": [one]}, Path("migrated"), language)
        paths = str(Path("migrated").resolve())
        assert capsys.readouterr().out.replace(paths, "migrated") == shown
        assert fenced(name, "diff")[0].splitlines()[1] in one["files"][0]["diff"]
        assert fenced(name, "python")[0] == fenced("migrating.md", "python")[0]
    assert [found["code"] for found in one["files"][0]["left"]] == ["KT448"]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_programs_do_no_harm(name: str, migrated: dict[str, Any]) -> None:
    one = program(migrated, f"{name}.py")
    expected = HOSTILE[name][1]
    if expected is None:
        assert one["after"]["end"] == "ran", one["after"]["traceback"]
    elif expected == "memory":
        assert "memory" in one["stopped_by"]["error"]
    else:
        assert one["stopped_by"]["id"] == expected, one


def test_made_up_data_are_named(migrated: dict[str, Any]) -> None:
    after = program(migrated, "made_up.py")["after"]
    assert after["end"] == "ran", after["traceback"]
    made_up = ["wonderland.txt", "pima.csv", "iris.csv", "home/ann/reviews.csv", "x_train.npy"]
    made_up += ["y_train.npy", "pictures", "others", "more", "old.weights.h5"]
    assert after["made_up"][2:] == made_up


def test_what_addresses_give_is_made_up(migrated: dict[str, Any]) -> None:
    after = program(migrated, "addresses.py")["after"]
    assert after["end"] == "ran", after["traceback"]
    site = "http://a.org/"
    named = [f"{site}flowers.tgz", "datasets/flowers_extracted/roses"]
    named += [f"{site}pictures.zip?raw=1", f"{site}table.csv", *[f"{site}page"] * 2, "pairs.txt"]
    assert after["made_up"] == [
        *named,
        "glove.6B.50d.txt",
        "both.npz",
        "signs.p",
        "ads.csv",
        "shown.csv",
    ]


def test_what_is_gone_works_in_the_program(migrated: dict[str, Any]) -> None:
    one = program(migrated, "gone.py")
    assert one["after"]["end"] == "ran", one["after"]["traceback"]
    assert one["repairs"] == ["No module named 'tensorflow.examples'"]  # and the others with it


def test_layers_that_are_gone_work_in_the_program(migrated: dict[str, Any]) -> None:
    one = program(migrated, "layers.py")
    assert one["after"]["end"] == "ran", one["after"]["traceback"]
    assert (len(one["repairs"]), one["after"]["trained"]) == (1, 1)


def test_what_is_loaded_is_made_up_as_it_is_used(migrated: dict[str, Any]) -> None:
    one = program(migrated, "loaded.py")
    assert one["before"]["end"] == "ran", one["before"]["traceback"]
    assert {"train.h5", "net.h5", "corpus", "digits.mat"} <= set(one["after"]["made_up"])


def test_a_cell_that_cannot_be_read_leaves_the_others(migrated: dict[str, Any]) -> None:
    assert program(migrated, "torn.ipynb")["after"]["place"] == "3:1"


def test_what_a_run_tells_of_its_data_is_learned(migrated: dict[str, Any]) -> None:
    one = program(migrated, "told.py")
    assert one["before"]["end"] == "raised"
    assert one["after"]["end"] == "ran", one["after"]["traceback"]
    assert one["files"][0]["diff"] == ""


@pytest.mark.parametrize("name", ["alone.py", "parts.py", "lacking.py", "settings.py"])
def test_data_are_learned_of_one_by_one_and_packages_stood_in_for(
    name: str, migrated: dict[str, Any]
) -> None:
    one = program(migrated, name)
    assert one["after"]["end"] == "ran", one["after"]["traceback"]
    assert name != "parts.py" or {"glog", "wandb"} <= set(one["after"]["made_up"])


def test_what_made_up_data_do_not_get_through_is_passed_over_and_named(
    migrated: dict[str, Any], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    passing = [one for one in migrated["programs"] if (one["after"] or {}).get("passed")]
    assert [one["path"] for one in passing] == ["unfit.py"]  # no other goes without its statements
    after = passing[0]["after"]
    assert (after["end"], after["trained"], after["made_up"]) == ("ran", 1, ["rates.txt"])
    assert [int(one.split(":")[1]) for one in after["passed"]] == [4, 5, 6, 7, 10]
    assert after["passed"][0].startswith("unfit.py:4: ValueError: dictionary update sequence")
    assert (
        passing[0]["files"][0]["diff"].count("\n-") == 3
    )  # what was stale, and nothing of the data
    print_record({"programs": passing}, home, "en")
    assert "runs, but for statements that take in data" in capsys.readouterr().out
    page = (home / "out" / PAGE).read_text("utf-8")
    assert "unfit.py:10: " in page
    assert "其中 1 个跳过了" in page


def test_what_is_stale_is_not_passed_over(migrated: dict[str, Any]) -> None:
    one = program(migrated, "stale.py")
    assert (one["after"]["end"], one["after"]["passed"]) == ("raised", [])


def test_libraries_give_made_up_data(migrated: dict[str, Any]) -> None:
    after = program(migrated, "fakes/texts.py")["after"]
    assert after["end"] == "ran", after["traceback"]
    assert after["made_up"] == [
        *("GoogleNews.bin", "glove", "own.model"),
        *("fetch_20newsgroups", "fetch_openml", "0", "digits", "x.joblib"),
    ]


def test_a_folder_of_folders_is_made_up(migrated: dict[str, Any]) -> None:
    after = program(migrated, "kinds.py")["after"]
    assert after["end"] == "ran", after["traceback"]
    first = {"old.txt", "blank", "blank.txt", "cat.jpg", "ships.csv"}
    assert {*after["made_up"][:5]} == first
    assert after["made_up"][5:] == ["kinds", "walked", "texts", "story.txt"]


def test_large_pictures_are_few_and_those_of_a_table_made_up(migrated: dict[str, Any]) -> None:
    after = program(migrated, "pictures.py")["after"]
    assert after["end"] == "ran", after["traceback"]
    assert after["made_up"] == ["train.csv", "train", "faces/first"]


def test_loops_that_train_come_to_an_end(migrated: dict[str, Any]) -> None:
    after = program(migrated, "trains.py")["after"]
    assert after["end"] == "ran", after["traceback"]
    assert after["trained"] == 4


@pytest.mark.parametrize(("name", "trained"), [("asked", 0), ("sessions", 4), ("graphs", 1)])
def test_what_asks_and_sessions_run(name: str, trained: int, migrated: dict[str, Any]) -> None:
    after = program(migrated, f"{name}.py")["after"]
    assert (after["end"], after["trained"]) == ("ran", trained), after["traceback"]


def test_a_bad_file_is_left_out_and_named(migrated: dict[str, Any]) -> None:
    assert [text for text in migrated["left_out"] if "broken.py" in text]


def test_the_page_is_whole_and_escaped(home: Path, migrated: dict[str, Any]) -> None:
    text = (home / "out" / PAGE).read_text("utf-8")
    assert "\x1b" not in text
    assert "<script" not in text
    assert not re.search(r'(?:src|href)="(?!#|data:)', text)
    both = [text.count(f'<span lang="{language}">') for language in ("en", "zh")]
    assert both[0] == both[1] > 50


def test_a_migration_goes_on(home: Path, source: Path, migrated: dict[str, Any]) -> None:
    told: list[Path] = []

    def tell(number: int, count: int, path: Path) -> None:
        told.append(path)

    copy = home / "again"
    shutil.copytree(home / "out", copy)
    (copy / COPY / "wants.py").write_text("")  # somebody has been there
    record = migrate(source, copy, seconds=6, tell=tell)
    assert len(told) == len(migrated["programs"])
    assert record == migrated


def test_an_interrupted_migration_goes_on(source: Path, tmp_path: Path) -> None:
    told: list[Path] = []

    def tell(number: int, count: int, path: Path) -> None:
        told.append(path)
        if number == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        migrate(source, tmp_path / "out", run=False, tell=tell)
    half = json.loads((tmp_path / "out" / RECORD).read_text())
    assert (len(half["programs"]), half["complete"]) == (2, False)
    record = migrate(source, tmp_path / "out", run=False)
    assert record["programs"][:2] == half["programs"]
    assert record["complete"]
    assert record["programs"][-1]["path"] in (tmp_path / "out" / PAGE).read_text()


def test_nobody_is_asked_where_nobody_answers(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["migrate", str(source / "tutorial.md"), "--out", str(tmp_path / "out")]
    for more, status in (([], 2), (["--no-run", "--json"], 0)):
        with pytest.raises(SystemExit) as raised:
            main([*words, *more])
        assert raised.value.code == status
    said = capsys.readouterr()
    assert "expected --yes" in said.err
    assert json.loads(said.out)["programs"][0]["files"][0]["fixed"] == {"KT106": 1, "KT210": 1}


def test_nothing_else_is_written_into(home: Path, source: Path) -> None:
    with pytest.raises(OutputError, match="outside"):
        migrate(source, source / "out", run=False)
    with pytest.raises(OutputError, match="new or empty"):
        migrate(source, home, run=False)


def test_a_script_takes_its_modules_and_data_along(source: Path, tmp_path: Path) -> None:
    record = migrate(source / "train.py", tmp_path / "out", run=False)
    copied = sorted(path.name for path in (tmp_path / "out" / COPY).iterdir())
    assert copied == ["helper.py", "train.py"]
    assert record["programs"][0]["after"] is None


def test_modules_of_a_script_are_looked_for_above_it(tmp_path: Path) -> None:
    files = {"nets/one.py": "import keras\n", "jobs/deep/train.py": "from nets.one import keras\n"}
    files |= {"other.py": "import keras\n", "jobs/deep/alone.py": "import keras, other_one\n'..'\n"}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)

    def copied(name: str) -> list[str]:
        out = tmp_path / f"out of {name}"
        migrate(tmp_path / "jobs" / "deep" / name, out, run=False)
        found = (out / COPY).rglob("*.py")
        return sorted(path.relative_to(out / COPY).as_posix() for path in found)

    assert copied("train.py") == ["jobs/deep/train.py", "nets/one.py"]
    assert copied("alone.py") == ["alone.py"]


def test_in_place_wants_a_clean_work_tree(source: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    shutil.copy(source / "tutorial.md", tree)
    with pytest.raises(ParameterError, match="no work tree"):
        migrate(tree, tmp_path / "out", run=False, in_place=True)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "a"]):
        subprocess.run([*git, *words], cwd=tree, check=True)
    migrate(tree, tmp_path / "out", run=False, in_place=True)
    assert "units=3" in (tree / "tutorial.md").read_text()
    with pytest.raises(ParameterError, match="not committed"):
        migrate(tree, tmp_path / "out", run=False, in_place=True)


def test_data_are_found_from_where_a_program_starts(tmp_path: Path) -> None:
    home = tmp_path / "game"
    for name in ("game/parts/drawn.py", "game/pictures/pipe.png", "game/sounds/wing.ogg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = open('pictures/pipe.png'), open('sounds/wing' + e)")
    (home / "train.py").write_text("import keras\nfrom parts import drawn\n")
    (home / "sounds" / "other.ogg").write_text("")
    migrate(home / "train.py", tmp_path / "out", run=False)
    found = {path.name for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert found >= {"drawn.py", "pipe.png", "wing.ogg"}
    assert "other.ogg" not in found


def test_where_nothing_forks_nothing_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old.py").write_text("import keras\n", encoding="utf-8")
    monkeypatch.setattr("kerastut.migration.running.sys.platform", "win32")
    with pytest.raises(ParameterError, match="here only --no-run goes, or WSL"):
        migrate(tmp_path / "old.py", tmp_path / "out")
    assert migrate(tmp_path / "old.py", tmp_path / "new", run=False)["complete"]
