"""Names and arguments that a message gives, looked up in the tables of the checker's rules."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from kerastut.lint import Rule, api, find_gone, load_rules, refer

_MODULES = ("layers", "optimizers", "callbacks", "losses", "metrics", "regularizers", "constraints")
_HOMES = ("keras", *(f"keras.{module}" for module in (*_MODULES, "initializers", "utils")))
_KERAS = re.compile(r"[Kk]eras|[Tt]ensor[Ff]low|\btf\.")
_LIKE_KERAS = re.compile(  # in a text that does not speak of PyTorch
    r"model\.(?:fit|compile|add|predict|evaluate)\(|(?<!nn\.)layers\.|\b[xX]_(?:train|test)\b"
    r"|\b(?:Dense|Conv2D|LSTM|Embedding|Sequential|Activation|Flatten|BatchNormalization)\("
)
_NAME = r"'([A-Za-z_][\w.]{0,200})'"
_IMPORT = re.compile(rf"importname{_NAME}from(?:partiallyinitializedmodule)?{_NAME}")
_CUT_IMPORT = re.compile(r"(?:[a-z]{0,12}')?(\w{3,})'from'((?:keras|tensorflow)[\w.]*)'\(")
_OLD_IMPORT = re.compile(
    rf"from((?:keras|tensorflow)[\w.]{{0,80}}?)import.{{1,200}}?cannotimportname{_NAME}(?!from)"
)
_IMPORTING = re.compile(r"from +((?:tensorflow|keras)[\w.]*) +import +([\w, ]+)")
_MODULE = re.compile(rf"Nomodulenamed{_NAME}")
_MEMBER = re.compile(rf"module{_NAME}hasnoattribute{_NAME}")
_ATTRIBUTE = re.compile(rf"(?<!module){_NAME}objecthasnoattribute{_NAME}")
_LEGACY = re.compile(r"`(keras\.optimizers\.legacy)`isnotsupportedinKeras3")
_KEYWORDS = re.compile(r"Unrecognizedkeywordargumentspassedto(\w{1,100}):\{(?=')(.{1,400})")
_NUMPY = re.compile(r"`np\.(\w+)`was(?:adeprecatedalias|removedintheNumPy)")
_SETTINGS = re.compile(r"Argument\(s\)notrecognized:\{(?=')(.{1,400})")
_KEYWORD = re.compile(rf"\(\)gotanunexpectedkeywordargument{_NAME}")
_MISSING = re.compile(rf"\.__init__\(\)missing\d+requiredpositionalarguments?:{_NAME}")
_STRING = re.compile(r"Couldnotinterpret(\w{1,40}?)(?:function)?identifier:'?(\w{1,100})")
_TWICE = re.compile(rf"(\w{{1,100}})\.__init__\(\)gotmultiplevaluesforargument{_NAME}")
_UNDEFINED = re.compile(rf"NameError:(?:globalname)?name{_NAME}isnotdefined")
_SHAPES = ("output_shape", "input_shape", "get_output_at", "get_input_at")
_METHODS = ("get_weights", "set_weights", "get_gradients", "get_slot", "minimize")
_ATTRIBUTES = {  # by what an object is; those of the reader's own classes have signs
    "Model": {"reset_states": "KT315"},
    "Layer": dict.fromkeys(_SHAPES, "KT316"),
    "Optimizer": {"lr": "KT317", "get_updates": "KT334"} | dict.fromkeys(_METHODS, "KT399"),
    "Metric": {"reset_states": "KT321"},
    "Dataset": {},
}
_TRAINERS = re.compile(r"\w*Trainer|Sequential|Functional|Model")


_NEAREST = 20_000  # characters before the end in which the call is looked for
_MOST = 50  # of one kind of message, those at the end are read


class Stale(NamedTuple):
    """A rule of the checker that a message tells of."""

    code: str
    end: int  # where the message ends in the text
    rank: int
    details: dict[str, str]  # what fills in the rule's message


@lru_cache(4)
def speaks_of_keras(text: str) -> bool:
    """Tells whether a squeezed text is about Keras, and not about some other library."""
    others = "torch" in text or "sklearn" in text
    return bool(_KERAS.search(text) or (not others and _LIKE_KERAS.search(text)))


def stale(part: str, whole: str) -> Iterator[Stale]:
    """Yields what a traceback's names and arguments tell.

    Args:
        part: The squeezed traceback.
        whole: The whole squeezed text, which may show the lines of the program.
    """
    for match in _last(_LEGACY, part):
        yield from _gone(match[1], match.end())
    for match in _last(_IMPORT, part):
        yield from _beside(_gone(f"{match[2]}.{match[1]}", match.end()), whole)
    for match in _last(_OLD_IMPORT, part) if "cannotimportname" in part else ():
        yield from _gone(f"{match[1]}.{match[2]}", match.end())
    if cut := _CUT_IMPORT.match(whole):
        yield from _cut(cut[1], refer(cut[2]).name, cut.end())
    for match in _last(_MODULE, part):
        yield from _package(match[1], match.end())
        yield from _gone(match[1], match.end())
    for match in _last(_MEMBER, part):
        yield from _beside(_gone(f"{match[1]}.{match[2]}", match.end()), whole)
    for match in _last(_NUMPY, part):
        yield from _gone(f"numpy.{match[1]}", match.end())
    for match in _last(_ATTRIBUTE, part):
        yield from _attribute(match[1], match[2], match.end(), speaks_of_keras(whole))
    yield from _arguments(part, whole)
    for match in _last(_STRING, part):
        yield from _value(match[1], match[2], match.end())
    for match in _last(_TWICE, part):
        if api.has("keras.layers", match[1]):
            yield Stale("KT262", match.end(), 2, {"callee": match[1], "keyword": match[2]})
    for match in _last(_UNDEFINED, part):
        yield from _undefined(match[1], match.end(), whole)


def _beside(found: Iterator[Stale], whole: str) -> Iterator[Stale]:
    """Leaves out names of Python's own, which any library may use, where nobody speaks of Keras."""
    yield from (one for one in found if one.code != "KT156" or speaks_of_keras(whole))


def imported(text: str) -> Iterator[Stale]:
    """Yields what lines of a program in the text import and Keras 3 does not have."""
    for match in _last(_IMPORTING, text):
        for name in re.findall(r"\w+", match[2])[:_MOST]:
            yield from _gone(f"{match[1]}.{name}", 0)


def _gone(name: str, end: int) -> Iterator[Stale]:
    """Yields the rule about a name that is not there."""
    if name.startswith("tensorflow._api.v2."):
        name = f"tensorflow.{name.removeprefix('tensorflow._api.v2.')}"
    if name.startswith("keras._tf_keras.keras"):
        name = f"tensorflow.{name.removeprefix('keras._tf_keras.')}"
    ref = refer(name)
    found = find_gone(ref.name, ref.via)
    if found is not None:
        details = {"old": found.old, "new": found.new, "name": found.old.rpartition(".")[2]}
        yield Stale(found.rule.code, end, 2, details)
        return
    module, _, last = ref.name.rpartition(".")
    package = module.partition(".")[0]
    ours = (package == "keras" and ref.via in ("keras", "tf")) or package == "tensorflow"
    known = api.modules(package) if ours else {}
    if module in known and not last.startswith("_") and not api.has(module, last, ref.via):
        homes = [home for home, names in known.items() if last in names]
        like = api.likely(last, known[module], "it has", 0.8)
        hint = f"; `{homes[0]}` has it" if homes else like
        code = "KT199" if package == "keras" else "KT198"
        yield Stale(code, end, 1, {"module": module, "name": last, "hint": hint})


def _package(name: str, end: int) -> Iterator[Stale]:
    """Yields the rule about a package that is not kept up."""
    package = name.partition(".")[0]
    for rule in load_rules().values():
        if new := rule.match.get("packages", {}).get(package):
            yield Stale(rule.code, end, 2, {"old": package, "new": new})


def _cut(end_of_name: str, module: str, end: int) -> Iterator[Stale]:
    """Yields the rule about the one name of a module with this end: the text begins inside it."""
    codes = {
        rule.code
        for rule in load_rules().values()
        for old in (*rule.match.get("names", ()), *rule.match.get("modules", ()))
        if old.startswith(f"{module}.") and old.endswith(end_of_name)
    }
    if len(codes) == 1:
        yield Stale(codes.pop(), end, 1, {})


def _attribute(kind: str, name: str, end: int, keras: bool) -> Iterator[Stale]:
    """Yields the rule about an attribute that objects of a class do not have.

    PyTorch has classes of the same names: what no rule tells is told where `keras` is sure alone.
    """
    base = _base(kind)
    for rule in load_rules().values():
        new = rule.match.get("methods", {}).get(name)
        if new is not None and (rule.match.get("anywhere") or base == "Model"):
            yield Stale(rule.code, end, 2, {"old": name, "new": new, "name": name})
            return
    if base is not None and name in _ATTRIBUTES[base]:
        details = {"kind": base.lower(), "name": name, "hint": ""}
        yield Stale(_ATTRIBUTES[base][name], end, 2, details)
    elif base and (keras or base == "Dataset") and not {name} & api.members(base):
        like = api.likely(name, (m for m in api.members(base) if m[0] != "_"), "it has", 0.75)
        code = "KT398" if base == "Dataset" else "KT399"
        yield Stale(code, end, 1, {"kind": base.lower(), "name": name, "hint": like})


def _base(kind: str) -> str | None:
    """Returns what a class of Keras is, by its name, where Keras has one of that name."""
    if kind in ("Sequential", "Functional"):
        return "Model"
    if kind[:1] == "_" and kind.endswith("Dataset"):
        return "Dataset"
    for module, base in (("layers", "Layer"), ("optimizers", "Optimizer"), ("metrics", "Metric")):
        if kind[:1].isupper() and api.has(f"keras.{module}", kind):
            return base
    return None


def _arguments(part: str, whole: str) -> Iterator[Stale]:
    """Yields the rules about arguments that a call does not take, or that are missing."""
    for match in _last(_KEYWORDS, part):
        words = re.findall(r"'(\w+)':", match[2].partition("}")[0])
        yield from _refused(_called(match[1]), words, match.end(1))
    for match in _last(_SETTINGS, part):
        words = re.findall(r"'(\w+)':", match[1].partition("}")[0])
        yield from _refused(["keras.optimizers.Nadam"], words, match.end(), unknown=False)
    for match in _last(_KEYWORD, part):
        owner, name = _callee(part, match.start())
        if name == "__init__":
            known = owner != "Model" or speaks_of_keras(whole)  # other libraries have models too
            names = _called(owner or "") if known else []
        elif owner and _TRAINERS.fullmatch(owner):
            names = [f"Model.{name}"]
        else:
            names = [] if owner else _called(name)
        yield from _refused(names, [match[1]], match.end(), unknown=speaks_of_keras(whole))
    for match in _last(_MISSING, part):
        kind = _callee(part, match.start())[1]
        call = re.search(rf"\b{kind}\(((?:[^()]|\([^()]{{0,99}}\)){{0,300}})\)", whole[-_NEAREST:])
        names, words = _called(kind), re.findall(r"\b(\w+)=", call[1]) if call else []
        yield from _refused(names, words, match.end(), unknown=False)
        if any(match[1] in (api.arguments(name) or ()) for name in names):
            yield Stale("missing-argument", match.end(), 1, {})


def _last(pattern: re.Pattern[str], text: str) -> Iterable[re.Match[str]]:
    return deque(pattern.finditer(text), maxlen=_MOST)


def _callee(text: str, end: int) -> tuple[str, str]:
    """Returns the owner, or "", and the name of what is called where a text goes on with `()`."""
    owner, _, name = re.split(r"[^\w.]", text[max(end - 200, 0) : end])[-1].rpartition(".")
    return owner.rpartition(".")[2], name


def _called(name: str) -> list[str]:
    """Returns the qualified names that Keras, and packages beside it, have for a callee."""
    ours = [f"{home}.{name}" for home in _HOMES if api.has(home, name)]
    told = (call for rule in load_rules().values() for call in rule.match.get("calls", ()))
    beside = (call for call in told if not call.startswith(("keras.", "Model.")))
    return ours + [call for call in beside if call.rpartition(".")[2] == name]


def _refused(names: list[str], words: list[str], end: int, unknown: bool = True) -> Iterator[Stale]:
    """Yields the rule about the first keyword that one has; with `unknown`, else KT299."""
    for word in words:
        for rule in load_rules().values():
            told = rule.match.get("keywords", ())
            if word in told and any(_matches(name, rule) for name in names):
                new = rule.match.get("keywords", {}).get(word, "")
                last = names[0].rpartition(".")[2]
                yield Stale(
                    rule.code, end, 2, {"old": word, "new": new, "callee": last, "keyword": word}
                )
                return
    for name in names if unknown else ():
        known = api.arguments(name)
        for word in words:
            if known is not None and word not in known:
                details = {"callee": name.rpartition(".")[2], "keyword": word}
                hint = api.likely(word, known, "it takes", 0.75)
                yield Stale("KT299", end, 1, details | {"hint": hint})
                return


def _matches(name: str, rule: Rule) -> bool:
    return {name, f"{name.rpartition('.')[0]}.*"} & set(rule.match.get("calls", ())) != set()


def _value(kind: str, value: str, end: int) -> Iterator[Stale]:
    """Yields the rule about a string that Keras does not read; what follows it may be a log."""
    if value[:1].isdecimal():
        yield Stale("KT255", end, 2, {})
    for rule in load_rules().values():
        for word, table in rule.match.get("values", {}).items():
            old = max((key for key in table if value.startswith(key)), key=len, default=None)
            if old is not None and "keywords" not in rule.match:
                details = {"old": old, "new": table[old], "keyword": word}
                yield Stale(rule.code, end, 2, details)
                return
    value = re.sub(r"(?:\d{4}|[IWE]tensorflow)$", "", value)  # what a log's next line begins with
    if hint := api.likely(value, api.strings(kind), "there is", 0.7):
        yield Stale("KT259", end, 1, {"kind": kind, "name": value, "hint": hint})


def _undefined(name: str, end: int, whole: str) -> Iterator[Stale]:
    """Yields the rule about a name that is not defined, in a program that is about Keras."""
    if speaks_of_keras(whole):
        layer = name[:1].isupper() and (api.has("keras.layers", name) or api.has("keras", name))
        yield Stale("KT503" if layer else "KT501", end, 1, {"name": name, "hint": ""})
