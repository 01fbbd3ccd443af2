"""What `from model import *` brings: read in the file beside, or known by Keras's own words."""

import json
from pathlib import Path

import pytest

from kerastut.lint.cache import Cache
from kerastut.lint.runner import Job, check_files

MODEL = (
    "from keras.layers import *\nfrom keras.models import Model\nfrom keras import backend as K\n"
    "from keras.layers.convolutional import Conv2D\nfrom keras.utils import np_utils\n"
    "def build():\n    return Model(a, b)\n"
)
USES = (
    "from model import *\nm = build()\nm.fit_generator(g, steps_per_epoch=3)\n"
    "K.clip(x, 0, 1)\nConv2D(3, 3, border_mode='same')\nnp_utils.to_categorical(y)\n"
)


def found(folder: Path, files: dict[str, str], cache: Cache | None = None) -> list[str]:
    """Returns the lines and codes of what is found in the first of these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    job = Job(format="json", cache=cache, ignore=("KT5",))
    (outcome,) = check_files([folder / next(iter(files))], job)
    assert outcome.error is None
    told = json.loads(f"[{outcome.text}]")
    return [f"{one['location']['row']} {one['code']}" for one in told]


def test_what_the_neighbour_imports_is_known(tmp_path: Path) -> None:
    # What fails in the neighbour, the imports of lines 4 and 5, is told there.
    expected = ["3 KT304", "4 KT122", "5 KT213"]
    assert found(tmp_path, {"run.py": USES, "model.py": MODEL}) == expected


@pytest.mark.parametrize(
    ("star", "name"),
    [
        ("from .model import *", "model.py"),
        ("from nets.model import *", "nets/model.py"),
        ("from nets import *", "nets/__init__.py"),
        ("from ..nets import *", "../nets.py"),
    ],
)
def test_where_a_neighbour_lies(tmp_path: Path, star: str, name: str) -> None:
    uses = USES.replace("from model import *", star)
    assert found(tmp_path / "a", {"run.py": uses, name: MODEL})[1:2] == ["4 KT122"]


def test_a_package_is_named_from_the_folder_around_it(tmp_path: Path) -> None:
    files = {"p/q/r/run.py": USES.replace("model", "p.q.model", 1), "p/q/model.py": MODEL}
    # What is gone, that of line 6, is told of in the neighbour once that is found.
    assert found(tmp_path, files) == ["3 KT304", "4 KT122", "5 KT213"]


def test_a_neighbour_of_a_neighbour(tmp_path: Path) -> None:
    files = {"run.py": USES, "model.py": "from base import *\n", "base.py": MODEL}
    assert found(tmp_path, files)[0] == "3 KT304"
    circle = {"run.py": USES, "model.py": "from base import *\n", "base.py": "from model import *"}
    assert not found(tmp_path, circle)


def test_what_the_neighbour_defines_itself_is_its_own(tmp_path: Path) -> None:
    own = "from keras.layers import *\nclass Dense:\n    pass\nif 1:\n    K = 3\n"
    uses = "from model import *\nDense(3, init='x')\nK.clip(x)\nLSTM(3, init='x')\n"
    assert found(tmp_path, {"run.py": uses, "model.py": own}) == ["4 KT211"]
    listed = "__all__ = ['a']\nfrom keras import backend as K\n"
    assert not found(tmp_path, {"run.py": "from model import *\nK.clip(x)", "model.py": listed})


@pytest.mark.parametrize(
    ("uses", "expected"),
    [
        ("from nets import *\nm = unet()\nm.fit_generator(g, 3)", ["3 KT304"]),
        ("from nets import *\nm.fit(g, nb_epoch=3)\nm.compile(Adam(lr=1), 'mse')", ["2 KT228"]),
        ("from nets import *\nimport torch\nm = unet()\nm.fit_generator(g, 3)\nAdam(lr=1)", []),
        ("from nets import *\nm = unet()\nm.fit(g)\nAdam(lr=1)", []),
        ("import keras\nfrom numpy import *\nAdam(lr=1)", []),
        ("import keras\nfrom nets import *\nAttention(3, 4, 5)\nAdam(lr=1)", ["4 KT201"]),
    ],
)
def test_without_a_neighbour(tmp_path: Path, uses: str, expected: list[str]) -> None:
    assert found(tmp_path, {"run.py": uses})[: len(expected) or None] == expected


def test_a_link_is_not_followed_and_text_that_is_none_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "model.py").write_text(MODEL)
    (tmp_path / "near").mkdir()
    (tmp_path / "near" / "model.py").symlink_to(tmp_path / "far" / "model.py")
    assert found(tmp_path / "near", {"run.py": USES})[0] == "3 KT304"
    assert "4 KT122" not in found(tmp_path / "near", {"run.py": "from model import *\nC.clip(x)"})
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "model.py").write_bytes(b"\xff\0 def (")
    assert found(tmp_path / "bad", {"run.py": USES})[0] == "3 KT304"


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("suffix", ["py", "ipynb"])
def test_a_changed_neighbour_is_read_again(tmp_path: Path, suffix: str, indent: int | None) -> None:
    cells = [{"cell_type": "code", "source": USES.splitlines(keepends=True)}]
    notebook = json.dumps({"cells": cells, "nbformat": 4}, indent=indent)
    name, uses = f"run.{suffix}", USES if suffix == "py" else notebook
    cache = Cache(tmp_path / ".kerastut_cache", b"x" * 32, "1")
    assert "4 KT122" in found(tmp_path, {name: uses, "model.py": MODEL}, cache)
    files = {name: uses, "model.py": "def build():\n    pass\nK = np_utils = 3"}
    assert "4 KT122" not in found(tmp_path, files, cache)
