"""Classes of a program: their methods, and what they are derived from."""

import ast
from collections.abc import Iterator

from ..rules.renames import find_gone
from ..semantics.facts import Access, Call, Definition, Result
from ..semantics.program import Program
from ..semantics.record import name_of
from ..semantics.scopes import LAYERS, Instance, UserClass, is_instance_of
from ..semantics.values import Attribute, Ref, Value, options

DATASETS = ("keras.utils.PyDataset", "keras.utils.Sequence")
Methods = dict[str, ast.FunctionDef]


def classes(program: Program) -> Iterator[tuple[Definition, UserClass, Methods]]:
    """Yields the classes of the document where they get their names, with their methods."""
    for one in program.classes:
        if isinstance(one.value, UserClass):
            body = one.value.node.body
            items = [item for item in body if isinstance(item, ast.FunctionDef)]
            yield one, one.value, {item.name: item for item in items}


def base_of(program: Program, call: Call) -> str:
    """Returns the class of Keras whose `__init__` a class derived from it alone calls, or ""."""
    upwards = call.receiver.call.name if isinstance(call.receiver, Result) else ""
    starts = upwards == "builtins.super" and call.method == "__init__"
    node = program.around(call.node, ast.ClassDef) if starts else None
    kinds = [one.value for one in program.definitions_at[id(node)]]
    bases = [base for kind in kinds if isinstance(kind, UserClass) for base in kind.bases]
    base = bases[0] if len(bases) == 1 else None
    name = base.canonical if isinstance(base, Ref) and base.via in ("keras", "tf") else ""
    # What derived classes tell the arguments of is not known here.
    return name if name.count(".") == 2 and not name.endswith(".Optimizer") else ""


def called_name(program: Program, call: Call) -> str:
    """Returns the name under which the table has a call's signature, or ""."""
    ref = call.ref
    if ref is not None:
        gone = find_gone(ref.name, ref.via) is not None
        # What takes the place of a function of the backend need not take its arguments.
        there = not gone if ref.name == ref.canonical else not ref.name.startswith("keras.backend.")
        ours = ref.via in ("keras", "tf") or ref.name.startswith("tensorflow.")
        return ref.canonical if ours and there else ""
    model = program.model_of(call.receiver)
    built = model is not None and model.kind in ("sequential", "functional")
    adds = call.method == "add_weight" and is_instance_of(call.receiver, *LAYERS)
    kind = "Model" if built or adds else "Optimizer" * is_optimizer(program, call.receiver)
    return f"{kind}.{call.method}" if kind else base_of(program, call)


def lacks(program: Program, kind: UserClass, name: str) -> bool:
    """Tells whether a class of layers has no such member, of its own or of the one of Keras."""
    base: Value | None = kind
    own = program.stores_hidden or name in program.function_names
    while isinstance(base, UserClass):
        own = own or name in base.members
        base = base.bases[0] if len(base.bases) == 1 else None
    known = isinstance(base, Ref) and base.via in ("keras", "tf") and not own
    return known and getattr(base, "canonical", "").startswith("keras.layers.")


def finds_weights(access: Access) -> bool:
    """Tells whether all that is listed are weights that a layer makes, as it sees by itself."""
    listed = getattr(access.statement, "value", None)
    kind = access.of.kind if isinstance(access.of, Instance) else None
    if kind is None or not isinstance(listed, ast.List):
        return False
    made = [getattr(kind.member(name_of(one)), "call", None) for one in listed.elts]
    own = [one and (one.ref or one.method or isinstance(one.callee, Result)) for one in made]
    return all(own)


def is_optimizer(program: Program, value: Value | None) -> bool:
    """Tells whether a value is an optimizer of Keras."""
    for option in options(value):
        if isinstance(option, Result) and is_class_of(option.call.name, "keras.optimizers."):
            return True
        if isinstance(option, Attribute) and option.name == "optimizer":
            return program.is_model(option.of)
    return False


def is_class_of(name: str, module: str) -> bool:
    """Tells whether a name is that of a class in a module."""
    head, _, last = name.rpartition(".")
    return head + "." == module and last[:1].isupper()
