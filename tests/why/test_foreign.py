"""What is not about Keras is not explained as if it were."""

import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kerastut.why import explain, tell

LINES = [
    line
    for line in Path(__file__).with_name("foreign.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
MODULES = (
    *("argparse", "ast", "asyncio", "configparser", "csv", "datetime", "decimal", "fractions"),
    *("functools", "gzip", "importlib.metadata", "io", "json", "math", "multiprocessing", "pickle"),
    *("re", "shutil", "socket", "sqlite3", "struct", "subprocess", "sys", "threading"),
    *("urllib.request", "zipfile"),
)
# PyTorch, scikit-learn and others, in the words they use; they are not installed here.
OTHERS = (
    "RuntimeError: mat1 and mat2 shapes cannot be multiplied (64x784 and 128x10)",
    "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 512.00 MiB",
    "TypeError: Embedding.__init__() missing 1 required positional argument: 'embedding_dim'",
    "TypeError: LSTM.__init__() got an unexpected keyword argument 'hidden'",
    "AttributeError: 'Adam' object has no attribute 'param_group'",
    "AttributeError: 'Model' object has no attribute 'summary'",
    "TypeError: Model.__init__() got an unexpected keyword argument 'input'",
    "TypeError: LogisticRegression.__init__() got an unexpected keyword argument 'epochs'",
    "ValueError: could not convert string to float: 'male'",
    "ImportError: DLL load failed while importing cv2: 找不到指定的模块。",
    "ModuleNotFoundError: No module named 'models.layers'",
    "ImportError: cannot import name 'layers' from 'models' (/home/me/models/__init__.py)",
    "NameError: name 'Model' is not defined",
    "TypeError: 'CustomDataset' object is not subscriptable",
    "ERROR: No matching distribution found for torch",
    "epoch 3 train loss: nan",
)


def raised(line: str) -> str:
    """Returns the traceback of a line."""
    names: dict[str, Any] = {"np": np, "import_module": import_module}
    for module in MODULES:
        import_module(module)
        names[module.partition(".")[0]] = import_module(module.partition(".")[0])
    try:
        exec(compile(line, "/home/me/a.py", "exec"), names)
    except (Exception, SystemExit) as error:
        return "".join(traceback.format_exception(error))
    raise AssertionError(f"{line} does not raise")


@pytest.mark.parametrize("line", LINES)
@pytest.mark.filterwarnings("ignore")
def test_no_answer_to_other_libraries(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert explain(raised(line)).causes == ()


@pytest.mark.parametrize("line", OTHERS)
def test_no_answer_to_libraries_with_classes_of_the_same_names(line: str) -> None:
    assert explain(line).causes == ()
    assert (
        explain(f'Traceback (most recent call last):\n  File "a.py", line 1\n{line}').causes == ()
    )


def test_there_are_enough() -> None:
    assert len(LINES) >= 100


def test_it_says_that_it_does_not_know() -> None:
    told = tell(explain(raised("1 / 0")), "en")
    assert told.splitlines() == [
        "This message is not known here, so nothing is said of its cause.",
        "received: ZeroDivisionError: division by zero",
        "Nothing that is known comes near it.",
    ]
