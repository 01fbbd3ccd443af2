"""The names that Keras 3 no longer has, as the records of KT1xx tell them."""

from dataclasses import dataclass
from functools import cache

from kerastut.lint.rules.rule import Rule, load_rules
from kerastut.lint.semantics import Ref


@dataclass(frozen=True)
class Gone:
    """A name that is gone.

    Attributes:
        rule: Whose record has it.
        old: The part of the qualified name that the record has.
        new: The qualified name that replaces the whole, or "".
        whole_module: Whether the record names the module around it.
    """

    rule: Rule
    old: str
    new: str
    whole_module: bool


def find_gone(ref: Ref) -> Gone | None:
    """Returns the record for a name, the most particular one; None if there is none."""
    return _find(ref.name, ref.via)


@cache
def _find(name: str, via: str | None) -> Gone | None:
    if via == "src":
        return None  # the modules of the sources have names of their own
    names, modules = _tables()
    head = name
    while head:
        for rule, new in names.get(head, ()):
            if _reached(rule, via):
                return Gone(rule, head, new + name[len(head) :] if new else "", False)
        for rule, new in modules.get(head, ()):
            if _reached(rule, via):
                here = Gone(rule, head, new + name[len(head) :] if new else "", True)
                there = _find(here.new, via) if here.new not in ("", name) else None
                # What moved with its module may be gone from the new place as well.
                return Gone(there.rule, name, there.new, False) if there else here
        head = head.rpartition(".")[0]
    return None


def _reached(rule: Rule, via: str | None) -> bool:
    wanted = rule.match.get("via")
    return wanted is None or wanted == via


_Table = dict[str, list[tuple[Rule, str]]]


@cache
def _tables() -> tuple[_Table, _Table]:
    names: _Table = {}
    modules: _Table = {}
    for rule in load_rules().values():
        for table, key in ((names, "names"), (modules, "modules")):
            for old, new in rule.match.get(key, {}).items():
                table.setdefault(old, []).append((rule, new))
    return names, modules
