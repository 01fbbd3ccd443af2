"""Every rule proves itself: on the installed Keras, and on its own examples."""

import contextlib
import importlib
import inspect
import io
import json
import os
import re
import socket
import string
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import keras
import matplotlib as mpl
import numpy as np
import pytest

from kerastut.corrections.catalogue import load_faults
from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.text import Text
from kerastut.lint.finding import Finding
from kerastut.lint.fixes.fixing import fix_text
from kerastut.lint.rules.rule import Rule, Texts, load_rules
from kerastut.registry.lookup import list_recipes
from tests.warm import warm

RULES = list(load_rules().values())
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# Punctuation of the other script beside a Chinese character, or a blank between two.
HALF_WIDTH = re.compile(r"[一-鿿] ?[,;:?!]|[,;:?!] ?[一-鿿]|[一-鿿] [一-鿿]")
# Another argument of the same layer; the only way to a Tokenizer is an import that is a finding.
ALSO = {"KT223": {"KT202"}, "KT408": {"KT150"}, "KT330": {"KT150"}, "KT329": {"KT280"}}
ALSO["KT311"] = {"KT346"}  # a loss that such a file is not read with
# The stub can be imported and raises when it is called; the private copy and KT157 only warn.
REACHABLE = {"KT111", "KT140", "KT151", "KT152", "KT157"}
# All that these had asks for Keras 2.
REACHABLE |= {"tensorflow.compat.v1.layers", "tensorflow.compat.v1.nn.rnn_cell"}
# These leave nothing that could train after them, or have to come before Keras.
APART = {"KT154", "KT436"}
# This one takes two processes, and has a test of its own.
SEVERAL = {"KT438"}

# An unsafe fix leads to the copy that TensorFlow keeps, of which the rule goes on to warn.
BRIDGED = {"KT101", "KT102"}

# What it takes besides: the file's name.
BESIDES = {"KT310": ("KT309",)}

# What the next version raises, or None where it does no longer fail.
VERSION = tuple(map(int, keras.__version__.split(".")[:2]))
OTHERWISE: dict[str, str | None] = {}
if VERSION >= (3, 16):
    OTHERWISE |= {"KT250": "ValueError", "KT254": None, "KT311": None}

# A package that the fix of KT110 leads to, and that the tests need not have.
ABSENT = ("scikeras", "scikeras.wrappers")

# Arguments of their own, of which the rule about those of other calls says nothing.
OWN = {("keras.layers.Embedding", "input_dim")}
OWN |= {("scipy.linalg.eigh", "b"), ("scipy.linalg.eigvalsh", "b")}

each_rule = pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])


@pytest.fixture(autouse=True)
def untouched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Runs an example in a folder of its own and puts back what it may have changed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(keras.datasets.mnist, "load_data", keras.datasets.mnist.load_data)
    for name in ABSENT:
        module = ModuleType(name)
        vars(module)["KerasClassifier"] = object
        monkeypatch.setitem(sys.modules, name, module)
    state, order = np.random.get_state(), keras.config.image_data_format()
    backend = mpl.get_backend()
    mpl.use("Agg")
    keras.utils.set_random_seed(0)
    yield
    mpl.use(backend)
    keras.config.set_image_data_format(order)
    np.random.set_state(state)


def blocks(example: str) -> list[str]:
    """Returns the scripts of an example: itself, or the blocks of a Markdown document."""
    fenced = re.findall(r"^```python\n(.*?)^```$", example, re.MULTILINE | re.DOTALL)
    return fenced or [example]


def run(script: str) -> tuple[dict[str, Any], set[str], set[str]]:
    """Returns a script's names, and the classes of its exception and of its warnings."""
    names: dict[str, Any] = {"__name__": "__main__"}
    raised: set[str] = set()
    with warnings.catch_warnings(record=True) as seen, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        try:
            exec(compile(script, "example", "exec"), names)
        except Exception as error:
            raised = {kind.__name__ for kind in type(error).__mro__}
    return names, raised, {item.category.__name__ for item in seen}


def run_apart(script: str) -> set[str]:
    """Returns the class of the exception that a script raises in a process of its own."""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return set(re.findall(r"^(\w+Error)\b", done.stderr, re.MULTILINE))


@each_rule
def test_bad_fails_as_stated(rule: Rule) -> None:
    assert rule.raises or rule.wrong or rule.severity == "note"
    if rule.code in APART:
        assert rule.raises in run_apart(rule.bad)
    if rule.code in APART | SEVERAL:
        return
    alone = [run(block)[1] for block in blocks(rule.bad)] if len(blocks(rule.bad)) > 1 else []
    names, raised, warned = run("\n".join(blocks(rule.bad)))
    if expected := OTHERWISE.get(rule.code, rule.raises):
        assert expected in raised | warned | set().union(*alone)
    else:
        assert not raised
    if rule.wrong and rule.code not in OTHERWISE:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Keras itself warns of some
            assert eval(rule.wrong, names)


@pytest.mark.slow
def test_two_workers_fail_as_stated() -> None:
    rule = load_rules()["KT438"]
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(2)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        addresses = [f"127.0.0.1:{one.getsockname()[1]}" for one in sockets]
    workers = []
    for index in range(2):
        task = {"type": "worker", "index": index}
        config = json.dumps({"cluster": {"worker": addresses}, "task": task})
        command = [*warm(), "-c", rule.bad]
        environment = os.environ | {"TF_CONFIG": config}
        options: dict[str, Any] = {"stderr": subprocess.PIPE, "text": True, "env": environment}
        workers.append(subprocess.Popen(command, **options))
    told = [worker.communicate(timeout=200)[1] for worker in workers]
    assert any(f"{rule.raises}: Attempt to convert a value (PerReplica" in text for text in told)


@each_rule
def test_good_runs(rule: Rule) -> None:
    names, raised, warned = run("\n".join(blocks(rule.good)))
    assert not raised
    assert rule.raises not in warned
    assert not any(run(block)[1] for block in blocks(rule.good) if rule.raises)
    if rule.wrong:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert not eval(rule.wrong, names)


def name_of(example: str) -> str:
    return "example.md" if len(blocks(example)) > 1 else "example.py"


def check(example: str) -> list[Finding]:
    name = name_of(example)
    document = parse_document(Text(example.lstrip()), name, Path(name).suffix)
    return check_document(document, Selection(("ALL",)))


def serious(findings: list[Finding]) -> set[str]:
    return {finding.rule.code for finding in findings if finding.rule.severity != "note"}


@each_rule
def test_bad_is_found_and_good_is_not(rule: Rule) -> None:
    found, left = check(rule.bad), check(rule.good)
    assert rule.code in {finding.rule.code for finding in found}
    assert serious(found) | {rule.code} == {rule.code} | ALSO.get(rule.code, set())
    assert rule.code not in {finding.rule.code for finding in left}
    assert not serious(left)
    for finding in found:
        for language in ("en", "zh"):
            assert not re.search(r"\{\w*\}", finding.message(language))


@each_rule
@pytest.mark.parametrize("unsafe", [False, True])
def test_a_fix_mends_what_is_found(rule: Rule, unsafe: bool) -> None:
    wanted = Selection((rule.code, *BESIDES.get(rule.code, ())))
    name, found = name_of(rule.bad), check(rule.bad)
    fixes = [one.fix for one in found if one.fix is not None and one.rule is rule]
    fixed, count = fix_text(Text(rule.bad.lstrip()), name, wanted, unsafe)
    assert (count > 0) == any(unsafe or fix.applicability == "safe" for fix in fixes)
    assert count or rule.fix != "safe"
    if count:
        left = check(fixed)
        assert rule.code in BRIDGED or rule not in [finding.rule for finding in left]
        assert unsafe or serious(left) <= serious(found)
        assert fix_text(Text(fixed), name, wanted, unsafe=True) == (fixed, 0)
        names, raised, warned = run("\n".join(blocks(fixed)))
        assert not raised
        assert rule.raises not in warned
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert not rule.wrong or not eval(rule.wrong, names)


def prose(text: str) -> str:
    """Returns the text without `code` and 'strings'."""
    return re.sub(r"`[^`]+`|'[^']+'|\"[^\"]+\"", "", text)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@each_rule
def test_a_rule_is_told_in_both_languages(rule: Rule) -> None:
    for text in vars(rule.en).values():
        assert text == text.strip() != ""
        assert not CHINESE.search(text)
    for text in vars(rule.zh).values():
        assert text == text.strip()
        assert CHINESE.search(prose(text))
        assert not HALF_WIDTH.search(prose(text))
    for texts in (rule.en, rule.zh):
        assert isinstance(texts, Texts)
        assert "\n" not in texts.message
    assert placeholders(rule.en.message) == placeholders(rule.zh.message)


def test_codes_and_names() -> None:
    assert len(RULES) >= 75
    assert len({rule.name for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert re.fullmatch(r"KT\d{3}", rule.code)
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
        assert rule.severity in ("error", "warning", "note")
        assert rule.fix in ("safe", "unsafe", "none")
        assert rule.code[:3] != "KT6" or rule.severity == "note"
        assert rule.since


def test_a_rule_names_a_recipe_that_exists() -> None:
    recipes = {recipe.name for recipe in list_recipes()}
    assert {rule.recipe for rule in RULES} - {None} <= recipes


def test_the_corrections_name_rules_that_exist() -> None:
    codes = {fault.rule for fault in load_faults()} - {None}
    assert codes <= set(load_rules())


def reach(name: str) -> Any:
    """Returns what a qualified name stands for, or None."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            value = importlib.import_module(".".join(parts[:length]))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # NumPy warns of names that it will have again
                for part in parts[length:]:
                    value = getattr(value, part)
        except (ImportError, AttributeError):
            continue
        return value
    return None


@each_rule
def test_old_names_are_gone_and_new_ones_are_there(
    rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Keras's export to ONNX, of which other tests make use, gives NumPy this old name back.
    monkeypatch.delitem(vars(np), "object", raising=False)
    for table in ("names", "modules"):
        for old, new in rule.match.get(table, {}).items():
            assert not REACHABLE.isdisjoint((rule.code, old)) or reach(old) is None, old
            assert not new or reach(new) is not None, new


def signatures(pattern: str) -> list[set[str]]:
    """Returns the names of the arguments of what a pattern of a record stands for."""
    head, _, last = re.sub(r"^Model\.", "keras.Model.", pattern).rpartition(".")
    values = vars(reach(head)).values() if last == "*" else [reach(f"{head}.{last}")]
    return [set(inspect.signature(value).parameters) for value in values if callable(value)]


@each_rule
def test_old_arguments_are_gone_and_new_ones_are_there(rule: Rule) -> None:
    calls = [call for call in rule.match.get("calls", ()) if signatures(call)]
    for old, new in rule.match.get("keywords", {}).items():
        named = [call for call in calls if "*" not in call and (call, old) not in OWN]
        exact = [names for call in named for names in signatures(call)]
        assert not any(old in names for names in exact), old
        everywhere = [names for call in calls for names in signatures(call)]
        open_ended = {"args", "kwargs"} in everywhere
        assert not new or open_ended or any(new in names for names in everywhere), new
