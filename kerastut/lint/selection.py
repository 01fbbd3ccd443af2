"""Which rules are looked for."""

from dataclasses import dataclass
from functools import lru_cache

from .rules.rule import Rule, load_rules


@dataclass(frozen=True)
class Selection:
    """Which rules are looked for."""

    select: tuple[str, ...] = ()  # codes or their beginnings; ALL for all; none: all but notes
    ignore: tuple[str, ...] = ()  # as `select`; the longer beginning wins
    target: tuple[int, ...] = ()  # the version of Keras that the code is for; none: today's
    never: tuple[str, ...] = ()  # codes or their beginnings that are not looked for in this file

    @property
    def codes(self) -> frozenset[str]:
        """The rules that are looked for."""
        return _codes(self)

    def wants(self, rule: Rule) -> bool:
        """Tells whether a rule is looked for; the longest beginning that fits decides."""
        if _fit(rule, self.never) >= 0 or (self.target and not rule.concerns(self.target)):
            return False
        chosen = 0 if not self.select and rule.severity != "note" else _fit(rule, self.select)
        refused = _fit(rule, self.ignore)
        return chosen >= 0 and (refused < 0 or chosen > refused)


@lru_cache(100)
def _codes(selection: Selection) -> frozenset[str]:
    return frozenset(code for code, rule in load_rules().items() if selection.wants(rule))


def _fit(rule: Rule, beginnings: tuple[str, ...]) -> int:
    """Returns the length of the longest beginning that fits, -1 if none does."""
    heads = ["" if beginning == "ALL" else beginning for beginning in beginnings]
    return max((len(head) for head in heads if rule.code.startswith(head)), default=-1)
