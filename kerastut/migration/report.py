"""Draws the record of a migration as a page that needs no other file, in both languages."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from kerastut.errors import printable
from kerastut.language import LANGUAGES, preferred, word
from kerastut.lint import load_rules

Record = dict[str, Any]
_PAGE = Path(__file__).with_name("page.html")
ENDS = {
    "ran": "runs to its end",
    "raised": "stops with an error",
    "limit": "its time was over",
    "disk": "wrote too much",
    "killed": "ended by the system",
    "left": "ended by itself",
}
NOT_RUN = "was not run"
PASSED = "runs, but for statements that take in data"


def end_of(told: Record | None) -> str:
    """Returns how a run ended, in English."""
    if told is None:
        return NOT_RUN
    return PASSED if told["end"] == "ran" and told["passed"] else ENDS[told["end"]]


def left_of(program: Record, language: str) -> str:
    """Returns what stands in a program's way, or what it took to run it."""
    if stopped := program["stopped_by"]:
        return f"{stopped['id']}: {stopped[language]['what']}"
    after = program["after"] or {"passed": (), "made_up": ()}
    if passed := after["passed"]:
        text = "Nobody has its data, and made-up ones did not get through these: {places}. Run it with your own."  # noqa: E501
        places = dict.fromkeys(one.partition(": ")[0] for one in passed)
        return word(text, language).format(places=", ".join(places))
    text = "With made-up data in the place of what is not there."
    return word(text, language) if after["made_up"] else ""


def page(record: Record) -> str:
    """Returns the page of a record."""
    headers = ("program", "before", "now", "fixes", "what is left")
    rows = ["".join(f"<th>{_both(header)}</th>" for header in headers)]
    rows += [_row(number, program) for number, program in enumerate(record["programs"])]
    chinese = preferred() == "zh"
    return Template(_PAGE.read_text(encoding="utf-8")).substitute(
        source=_shown(record["source"]),
        english="" if chinese else "checked",
        chinese="checked" if chinese else "",
        summary="".join(f"<p>{line}</p>" for line in _summary(record)),
        table="\n".join(f"<tr>{row}</tr>" for row in rows),
        programs="\n".join(map(_program, range(len(record["programs"])), record["programs"])),
    )


def _summary(record: Record) -> Iterable[str]:
    run = [one for one in record["programs"] if one["after"] is not None]
    before, after = (sum(one[time]["end"] == "ran" for one in run) for time in ("before", "after"))
    if run:
        counts = {"before": before, "after": after, "count": len(run)}
        yield _both(
            "{after} of {count} programs run to their end; before it were {before}.", **counts
        )
        if passed := sum(end_of(one["after"]) == PASSED for one in run):
            yield _both(
                "In {passed} of them, statements were passed over that made-up data did not get through; the programs name them.",  # noqa: E501
                passed=passed,
            )
        yield _both(
            "Each ran in a closed process: training cut to a few steps, no network, data sets of Keras replaced. That it runs does not mean that it learns: train it and compare."  # noqa: E501
        )
    else:
        yield _both("Nothing was run.")
    if not record["complete"]:
        yield _both("The migration was interrupted; the same command goes on with it.")
    if record["left_out"]:
        yield f"{_both('Left out:')} {_names(record['left_out'][:20])}"


def _row(number: int, program: Record) -> str:
    ends = (program["before"], program["after"])
    cells = [f'<a href="#p{number}">{_shown(program["path"])}</a>', *map(_end, ends)]
    cells.append(str(sum(sum(one["fixed"].values()) for one in program["files"])))
    cells.append(_languages({language: left_of(program, language) for language in LANGUAGES}))
    return "".join(f"<td>{cell}</td>" for cell in cells)


def _end(told: Record | None) -> str:
    kind = "" if told is None else "ran" if told["end"] == "ran" else "stopped"
    return f'<span class="{kind}">{_both(end_of(told))}</span>'


def _program(number: int, program: Record) -> str:
    parts = [f'<h2 id="p{number}">{_shown(program["path"])}</h2>']
    for title, told in (("before", program["before"]), ("now", program["after"])):
        if told is not None:
            parts.append(f"<p>{_both(title)}: {_end(told)} {_place(told['place'])}</p>")
            if told["made_up"]:
                parts.append(
                    f"<p>{_both('Made-up data stood in for:')} {_names(told['made_up'])}</p>"
                )
            if told["passed"]:
                lines = "\n".join(told["passed"])
                parts.append(
                    f"<p>{_both('Passed over, since made-up data did not get through:')}</p>"
                )
                parts.append(f"<pre>{_shown(lines)}</pre>")
            if told["traceback"]:
                parts.append(f"<pre>{_shown(told['traceback'][-2000:].strip())}</pre>")
    if stopped := program["stopped_by"]:
        parts.append(f"<p><b>{_shown(stopped['id'])}</b> {_languages(stopped, 'what')}</p>")
        parts.append(f"<p>{_both('what to do')}: {_languages(stopped, 'instead')}</p>")
    for title in ("withdrawn", "repairs"):
        if program[title]:
            parts.append(f"<p>{_both(_LISTS[title])} {_names(program[title])}</p>")
    for file in program["files"]:
        parts += _file(file)
    return "\n".join(parts)


_LISTS = {
    "withdrawn": "Fixes of these rules were withdrawn, since it failed earlier with them:",
    "repairs": "Repaired after what runs have told:",
}


def _file(file: Record) -> Iterable[str]:
    if file["fixed"] or file["left"] or file["diff"]:
        yield f"<h3>{_shown(file['path'])}</h3>"
    rules = load_rules()
    for code, count in sorted(file["fixed"].items()):
        if rule := rules.get(code):
            texts = {language: rule.texts(language) for language in LANGUAGES}
            told = {one: {"what": f"{text.what} {text.why}"} for one, text in texts.items()}
            yield f"<p><b>{code}</b> {_shown(rule.name)} ×{count}: {_languages(told, 'what')}</p>"
    if file["left"]:
        items = (
            f"<li>{_place(one['place'])} <b>{_shown(one['code'])}</b> {_languages(one)}</li>"
            for one in file["left"]
        )
        yield f"<p>{_both('Left for a person')}:</p><ul>{''.join(items)}</ul>"
    if file["diff"]:
        yield f"<details><summary>{_both('difference')}</summary>"
        yield f"<pre>{_diff(file['diff'])}</pre></details>"


def _diff(text: str) -> str:
    tags = {"+": "ins", "-": "del"}
    return "\n".join(
        f"<{tags[line[0]]}>{_shown(line)}</{tags[line[0]]}>" if line[:1] in tags else _shown(line)
        for line in text.splitlines()
    )


def _place(place: str) -> str:
    cell, _, row = place.rpartition(":")
    if cell:
        return _both("cell {cell}, line {row}", cell=cell, row=row)
    return _both("line {row}", row=row) if row else ""


def _both(text: str, **values: object) -> str:
    """Returns an English text of ours and its Chinese twin."""
    return _languages({language: word(text, language).format(**values) for language in LANGUAGES})


def _languages(texts: Record, key: str | None = None) -> str:
    told = {one: texts[one] if key is None else texts[one][key] for one in LANGUAGES}
    return "".join(f'<span lang="{one}">{_shown(text)}</span>' for one, text in told.items())


def _names(names: Iterable[str]) -> str:
    return _shown(", ".join(names))


def _shown(text: object) -> str:
    """Returns text of any origin as a page shows it."""
    return escape(printable(str(text), "\n\t"))
