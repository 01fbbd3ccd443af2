"""The command that explains rules, as `kerastut rule` and `kerastut-check rule` have it."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from .command import add_language
from .errors import PROGRAM, LintError
from .rules.rule import Rule, get_rule, load_rules, word

Table = Callable[[Sequence[str], Sequence[Sequence[str]]], None]

_RECORD = ("code", "name", "severity", "fix", "since", "recipe", "raises", "bad", "good")


def configure_rule(parser: argparse.ArgumentParser, language: str) -> None:
    """Describes the command; `language` is the default of `--lang`."""
    parser.description = "Explain a rule of 'kerastut check', with code before and after."
    parser.epilog = f"Example: {parser.prog} KT201, {parser.prog} --all --json"
    parser.add_argument("rule", metavar="RULE", nargs="?", help="a code or a name")
    parser.add_argument("--all", action="store_true", help="all rules")
    add_language(parser, language)
    parser.add_argument("--json", action="store_true", help="print the result as JSON")


def run_rule(options: argparse.Namespace, table: Table) -> int:
    """Prints a rule, or all of them, and returns the exit status.

    Args:
        options: As `configure_rule` describes them.
        table: Prints headers and rows.

    Raises:
        LintError: There is no such rule.
    """
    if (options.rule is None) != options.all:
        raise LintError(f"expected the code of a rule or --all; for example: {PROGRAM} rule KT201.")
    rules = list(load_rules().values()) if options.all else [get_rule(options.rule)]
    if options.json:
        records = [_record(rule, options.lang) for rule in rules]
        result = records if options.all else records[0]
        print(json.dumps(result, indent=2, ensure_ascii=False))
    elif options.all:
        _print_all(rules, options.lang, table)
    else:
        _print_one(rules[0], options.lang, table)
    return 0


def _record(rule: Rule, language: str) -> dict[str, Any]:
    record = {key: getattr(rule, key) for key in _RECORD}
    record["bad"], record["good"] = rule.bad.strip() + "\n", rule.good.strip() + "\n"
    return record | asdict(rule.texts(language))


def _print_all(rules: list[Rule], language: str, table: Table) -> None:
    headers = ("rule", "name", "severity", "fix", "what happens")
    rows = []
    for rule in rules:
        words = word(rule.severity, language), word(rule.fix, language)
        rows.append((rule.code, rule.name, *words, rule.texts(language).what))
    table([word(text, language) for text in headers], rows)


def _print_one(rule: Rule, language: str, table: Table) -> None:
    texts = rule.texts(language)
    facts = {
        "severity": word(rule.severity, language),
        "what happens": texts.what,
        "why": texts.why,
        "since": word(rule.since, language),
        "raises": rule.raises,
        "what to do": texts.instead,
        "fix": word(rule.fix, language),
        "recipe": rule.recipe and f"kerastut show {rule.recipe}",
    }
    print(f"{rule.code} {rule.name}\n")
    table(("", ""), [(word(key, language), value) for key, value in facts.items() if value])
    for key, code in (("before", rule.bad), ("after", rule.good)):
        print(f"\n{word(key, language)}{word(':', language)}\n")
        print("\n".join(f"    {line}".rstrip() for line in code.strip().splitlines()))
