"""`kerastut rule`."""

import argparse
from dataclasses import asdict
from typing import Any

from kerastut.cli.options import add_json
from kerastut.cli.output import print_json, print_table, print_text
from kerastut.errors import KerastutError
from kerastut.language import add_language

_SEVERITIES = {"error": "错误", "warning": "警告", "note": "提示"}
_FIXES = {"safe": "安全", "unsafe": "可能改变含义", "none": "无"}
_LABELS = {
    "severity": "级别",
    "what happens": "现象",
    "why": "原因",
    "since": "自",
    "what to do": "改法",
    "fix": "自动修复",
    "raises": "异常",
    "recipe": "配方",
    "before": "改前",
    "after": "改后",
    "rule": "规则",
    "name": "名称",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the subcommand."""
    parser.description = "Explain a rule of 'kerastut check', with code before and after."
    parser.epilog = "Example: kerastut rule KT201, kerastut rule --all --json"
    parser.add_argument("rule", metavar="RULE", nargs="?", help="a code or a name")
    parser.add_argument("--all", action="store_true", help="all rules")
    add_language(parser)
    add_json(parser)
    parser.set_defaults(function=rule_command)


def rule_command(options: argparse.Namespace) -> int:
    """Prints a rule, or all of them."""
    from kerastut.lint.rules.rule import get_rule, load_rules

    if (options.rule is None) != options.all:
        raise KerastutError(
            "expected the code of a rule or --all; for example: kerastut rule KT201."
        )
    if options.all:
        rules = list(load_rules().values())
        if options.json:
            print_json([_record(rule, options.lang) for rule in rules])
        else:
            _print_all(rules, options.lang)
    elif options.json:
        print_json(_record(get_rule(options.rule), options.lang))
    else:
        _print_one(get_rule(options.rule), options.lang)
    return 0


def _record(rule: Any, language: str) -> dict[str, Any]:
    kept = ("code", "name", "severity", "fix", "since", "recipe", "raises", "bad", "good")
    record = {key: getattr(rule, key) for key in kept}
    record["bad"], record["good"] = rule.bad.strip() + "\n", rule.good.strip() + "\n"
    return record | asdict(rule.texts(language))


def _print_all(rules: list[Any], language: str) -> None:
    headers = ("rule", "name", "severity", "fix", "what happens")
    rows = [
        (
            rule.code,
            rule.name,
            _word(rule.severity, _SEVERITIES, language),
            _word(rule.fix, _FIXES, language),
            rule.texts(language).what,
        )
        for rule in rules
    ]
    print_table([_label(header, language) for header in headers], rows)


def _print_one(rule: Any, language: str) -> None:
    texts = rule.texts(language)
    facts = {
        "severity": _word(rule.severity, _SEVERITIES, language),
        "what happens": texts.what,
        "why": texts.why,
        "since": rule.since,
        "raises": rule.raises,
        "what to do": texts.instead,
        "fix": _word(rule.fix, _FIXES, language),
        "recipe": rule.recipe and f"kerastut show {rule.recipe}",
    }
    print_text(f"{rule.code} {rule.name}\n")
    rows = [(_label(key, language), value) for key, value in facts.items() if value]
    print_table(("", ""), rows)
    for key, code in (("before", rule.bad), ("after", rule.good)):
        print(f"\n{_label(key, language)}:\n")
        print("\n".join(f"    {line}".rstrip() for line in code.strip().splitlines()))


def _label(text: str, language: str) -> str:
    return _LABELS[text] if language == "zh" else text


def _word(text: str, chinese: dict[str, str], language: str) -> str:
    return chinese[text] if language == "zh" else text
