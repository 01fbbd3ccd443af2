"""The names that Keras 3 no longer has or has several of, as the records tell them."""

from dataclasses import dataclass
from functools import cache, lru_cache

from .rule import Rule, load_rules, read_api, read_table

LONGEST = 200  # characters of a name that may be one of Keras

_Table = dict[str, list[tuple[Rule, str]]]


@dataclass(frozen=True)
class Gone:
    """A name that is gone."""

    rule: Rule  # whose record has it
    old: str  # the part of the qualified name that the record has
    new: str  # the qualified name that replaces the whole, or ""
    whole_module: bool  # whether the record names the module around it


@lru_cache(10_000)
def find_gone(name: str, via: str | None) -> Gone | None:
    """Returns the most particular record for a name and a way to Keras; None if there is none."""
    if via == "src" or len(name) > LONGEST:
        return None  # the modules of the sources have names of their own
    copy = via in ("private", "gone")  # an older Keras: only the records about it count
    ways = (via,) if copy else (None, via)
    head = name
    while head:
        for rule, new in _table("names").get(head, ()):
            if rule.match.get("via") in ways:
                return Gone(rule, head, new + name[len(head) :] if new else "", False)
        for rule, new in _table("modules").get(head, ()):
            if rule.match.get("via") in ways:
                full = new + name[len(head) :] if new else ""
                here = Gone(rule, head, canonical(full) if copy else full, True)
                there = find_gone(full, via) if full not in ("", name) and not copy else None
                # What moved with its module may be gone from the new place as well.
                return Gone(there.rule, there.old, there.new, False) if there else here
        head = head.rpartition(".")[0]
    return _gone_beside(name) if via is None else None


def _gone_beside(name: str) -> Gone | None:
    """Returns what NumPy, pandas, SciPy, scikit-learn or Matplotlib lack of a name."""
    module, *parts = name.split(".")
    for part in parts:
        known = _beside().get(module)
        if known is None or part == "*" or part.startswith("_"):
            return None
        if part not in known:
            return Gone(load_rules()["KT156"], f"{module}.{part}", "", False)
        module = f"{module}.{part}"
    return None


@cache
def _beside() -> dict[str, frozenset[str]]:
    return {name: frozenset(names.split()) for name, names in read_api()["beside"].items()}


def is_part(name: str, via: str | None, whole: Gone) -> bool:
    """Tells whether a name is gone by itself, also from where its module went, or worse."""
    part = find_gone(name, via)
    own = part is not None and not part.whole_module and part.old != whole.old
    return own and part is not None and (part.rule is not whole.rule or part.old not in name)


def is_told(name: str) -> bool:
    """Tells whether a record names this very thing, not only the module that it was in."""
    return name in _table("names") or name in read_table("aliases.toml")["same"]


@cache
def _table(key: str) -> _Table:
    """Returns the records' `names` or `modules`, each with its rules and what replaces it."""
    table: _Table = {}
    for rule in load_rules().values():
        told = rule.match.get(key, {})
        for old, new in (told | rule.match.get("elsewhere", {}) if told else told).items():
            table.setdefault(old, []).append((rule, new))
    return table


@lru_cache(10_000)
def canonical(name: str) -> str:
    """Returns the name that Keras 3 has for a thing that once had this one."""
    for _ in range(3):
        name = _renamed(name)
    return name


def _renamed(name: str) -> str:
    names, modules = _renames()
    head = name
    while head:
        new = modules.get(head) if head != name and head in modules else names.get(head)
        if new:
            return new + name[len(head) :]
        head = head.rpartition(".")[0]
    return name


@cache
def _renames() -> tuple[dict[str, str], dict[str, str]]:
    """Returns the new names of names and of modules; what has several names comes first."""
    names, modules = (
        {old: new for old, told in _table(key).items() for _, new in told if new}
        for key in ("names", "modules")
    )
    return names | read_table("aliases.toml")["same"], modules
