"""The files that the commands of the pages suppose: data, pictures, old code, old models, runs."""

import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

from kerastut.data import load

OLD_MODELS = Path(__file__).parents[1] / "tests" / "conversion" / "models"
STALE = "from keras.layers.core import Dense\nlayer = Dense(output_dim=3)\n"
ERROR = "ModuleNotFoundError: No module named 'keras.layers.core'\n"
# A cluster of this machine alone.
ALONE = '{"cluster": {"worker": ["localhost:23456"]}, "task": {"type": "worker", "index": 0}}'
# What is answered where a command asks.
ANSWERS = {r"kerastut why$": ERROR}
# What was there before, where a page shows other ways to the same name.
BEFORE = {
    r".*(?:-o|--out|--output-dir|--explain|--picture) (\S+)(?!.*--resume)": r"rm -rf \1",
    r"kerastut predict model.keras": "cp runs/mine/model.keras model.keras",
    r"kerastut convert weights.h5": "cp like.h5 weights.h5; rm -f model.keras",
    r"kerastut copy cnn-mnist my": "rm -f my_cnn.py",
    r"kerastut new ": "rm -f my_net.py recipes/my_net.py",
    r".*my_cnn.py --resume": "rm -rf runs/mine; kerastut copy cnn-mnist my_cnn.py;"
    " kerastut run ./my_cnn.py --epochs 1 --limit 600 --output-dir runs/mine",
}
OLD = """
import tf_keras as keras
from tf_keras import layers
def cnn():
    yield layers.InputLayer((28, 28, 1))
    for count in (32, 64):
        yield from (layers.Conv2D(count, 3), layers.MaxPooling2D(), layers.Dropout(0.25))
    yield from (layers.Flatten(), layers.Dense(128), layers.Dropout(0.5), layers.Dense(10))
keras.Sequential(list(cnn())).save_weights("like.h5")
one, two = keras.Input((4,)), keras.Input((4,))
shared = layers.Dense(3)
apart = layers.Lambda(lambda pair: pair[0] - pair[1], name="lambda_1")
keras.Model([one, two], apart([shared(one), shared(two)])).save("siamese.h5")
square = layers.Lambda(lambda x: x**2, name="lambda_1")
keras.Sequential([keras.Input((4,)), layers.Dense(3), square]).save("net.h5")
"""


def houses() -> str:
    """Returns a table with an id, dates, a column that tells nothing, and missing values."""
    rows = ["id,sold,area,age,city,finish,price"]
    for number in range(400):
        area, age = 40 + number * 37 % 900 / 10, number * 7 % 31
        city = ("北京", "上海", "成都")[number % 3]
        price = 30 + 4.2 * area - 1.5 * age + 60 * (city == "北京") + number * 13 % 17
        date = f"2023-{1 + number % 12:02}-{1 + number % 28:02}"
        size = "" if number % 50 == 7 else f"{area:.1f}"
        rows.append(f"{1000 + number},{date},{size},{age},{city},plain,{price:.1f}")
    return "\n".join(rows) + "\n"


def write(folder: Path, page: Path) -> None:
    """Writes what needs no training: tables, texts and old code, the page's own among it."""
    table = "".join(f"第{n}次，{'很好' if n % 2 else '很差'},{n % 2}\n" for n in range(90))
    cell = '{{"cell_type": "code", "metadata": {{}}, "source": {}, "outputs": []}}'
    notebook = '{{"cells": [{}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 4}}'
    notebook = notebook.format(cell.format('"from keras.layers.core import Dense"'))
    texts = {
        "houses.csv": houses(),
        "new-houses.csv": "area,age,city\n80,5,北京\n95,12,上海\n",
        "reviews.csv": f"text,label\n{table}",
        "comments.csv": f"body,mood\n{table}",
        "complaints.csv": f"text,label\n{table}",
        "error.txt": ERROR,
        "tutorial.md": f"# Old\n\n```python\n{STALE}```\n",
        "notebook.ipynb": notebook,
        "notes.ipynb": notebook,
        "names.txt": "\n".join("0123456789"),
        "recipes/README": "",  # a clone has more in it
        **dict.fromkeys(("old_script.py", "train.py", "old-project/train.py"), STALE),
    }
    text = page.read_text(encoding="utf-8")
    own = {"converting.md": "mine.py", "checking.md": "lesson.md"}.get(page.name, "digits.py")
    blocks = re.findall(r"^(`{3,4})(?:python|markdown)\n(.*?)^\1$", text, re.MULTILINE | re.DOTALL)
    if blocks:
        texts[own] = blocks[0][1]
    for name, content in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="gb18030" if name == "houses.csv" else "utf-8")


def runs(folder: Path) -> Path:
    """Makes pictures, arrays, old models and finished runs in a folder, once for all pages."""
    folder.mkdir()
    test = load("mnist").test
    digits, labels = np.asarray(test.x)[..., 0], np.asarray(test.y)
    for number, digit in enumerate(digits[:60]):
        for place in ("photos", "pictures", "PetImages"):
            path = folder / place / f"{'cat' if labels[number] < 5 else 'dog'}/{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(digit).save(path)
    (folder / "PetImages/cat/bad.png").touch()
    page = np.full((300, 400), 255, np.uint8)
    page[60:172, 180:292] -= np.kron(digits[0], np.ones((4, 4), np.uint8))
    for name in ("digit.png", "three.png", "seven.jpg", "photo.png", "page.jpg"):
        Image.fromarray(page).save(folder / name)
    np.savez(folder / "arrays.npz", x=digits[:600, :, :, None], y=labels[:600])
    for name, count in (("train", 500), ("t10k", 100)):
        for kind, array in (("images-idx3", digits[:count]), ("labels-idx1", labels[:count])):
            path = folder / "idx" / f"{name}-{kind}-ubyte"
            path.parent.mkdir(exist_ok=True)
            sizes = np.array(array.shape, ">u4").tobytes()
            path.write_bytes(bytes([0, 0, 8, array.ndim]) + sizes + array.astype("u1").tobytes())
    _old_models(folder)
    rows = (f"{n % 90},{'Lyon' if n % 2 else 'Nice'},{n * 7 % 91}.5" for n in range(99))
    (folder / "area.csv").write_text("\n".join(["area,city,price", *rows]))
    (folder / "houses.csv").write_text(houses(), encoding="gb18030")
    for name in ("mine", "digits", "cnn-mnist-20260101-120000"):
        _train(folder, "cnn-mnist --limit 2000", name)
    _train(folder, "mlp-table --data area.csv", "houses")
    _train(folder, "mlp-table --data houses.csv", "mlp-table-20260101-120000")
    return folder


def _train(folder: Path, words: str, name: str) -> None:
    command = f"kerastut run {words} --epochs 1 -q --output-dir runs/{name}"
    subprocess.run(command, shell=True, cwd=folder, check=True, capture_output=True)


def _old_models(folder: Path) -> None:
    taken = {
        "cnn.h5": "model-of-2018.h5",
        "architecture.json": "architecture.json",
        "architecture_weights.h5": "weights.h5",
        "mlp.saved": "saved_model",
    }
    with tarfile.open(OLD_MODELS / "tensorflow-2.4.4.tar.xz") as archive:
        archive.extractall(folder / "old", filter="data")
    for old, name in taken.items():
        shutil.move(folder / "old" / old, folder / name)
    shutil.rmtree(folder / "old")
    subprocess.run([sys.executable, "-c", OLD], cwd=folder, check=True, capture_output=True)
