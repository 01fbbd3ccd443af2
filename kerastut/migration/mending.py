"""Brings one program as far as it can be brought: fix, run, explain, fix again."""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache
from itertools import product
from pathlib import Path

from kerastut.lint import Mended, blocks_of, mend, uses_keras
from kerastut.migration.learning import absent, alternatives, learned
from kerastut.migration.places import calls, nodes, parsed, trees_of
from kerastut.migration.programs import Program, lines_of
from kerastut.migration.repairs import repairs
from kerastut.migration.running import Execution
from kerastut.migration.telling import is_stale
from kerastut.migration.wanted import Hints, Wanted

RUNS = 60  # of a program, with whatever it may be
LAST_RUNS = 15  # more, in which statements are passed over
ROUNDS = 30  # repairs of what runs have told, be it of the program or of made-up data
_ERROR = re.compile(r"(?m)^[\w.]+(?:Error|Exception|Exit|Interrupt)\b.*")
_FILE = re.compile(r'(?m)^ +File "(?![/<])([^"\n]+)"')
_FRAME = re.compile(_FILE.pattern + r", line (\d+)(.*)")
_INDENT = re.compile(rb"(?m)^[ \t]+")
_ESCAPE = re.compile(rb"(?<!\\)\\U(?![\da-fA-F]{8})")
_BESIDE = b"\n# Keras\n"  # after which the checker takes a module for one that has to do with it
_GRAPHS = "KT436"  # whose fix takes away what a repair has put there for sessions
Texts = Mapping[Path, bytes]
Runs = Callable[[Program, Texts, Hints], Execution]


@dataclass
class Story:
    """What became of a program."""

    texts: Texts  # at the end
    before: Execution | None = None  # how it ran as it was
    after: Execution | None = None
    withdrawn: list[str] = field(default_factory=list)  # rules whose fixes made it fail earlier
    repairs: list[str] = field(default_factory=list)  # what runs have told, as causes
    hints: Hints = field(default_factory=dict)  # and how data must be that are made up


def bring(program: Program, texts: Texts, done: Texts, run: Runs | None) -> Story:
    """Migrates a program.

    Args:
        program: With its helpers.
        texts: The files of both.
        done: Files that were migrated with another program.
        run: Runs it with such texts, and data as hints tell; `None` only fixes.
    """
    begun = {path: done.get(path, text) for path, text in texts.items()}
    if run is None:
        return Story(_fixed(begun, True, ()))
    story = Story(texts, before=run(program, texts, {}))
    _fix(story, begun, program, run)
    seen = {_key(story.texts, story.hints)}

    def helps(attempt: Texts, hints: Hints, again: bool = False) -> bool:
        assert story.after is not None
        most = RUNS + LAST_RUNS * ("passing" in hints)
        if _key(attempt, hints) in seen or len(seen) > most:
            return False
        seen.add(_key(attempt, hints))
        outcome = run(program, attempt, hints)
        if _is_idle(story) and not outcome.trained:
            return False
        moved = _moved(attempt, outcome, story.texts, story.after)
        same = _files(outcome) == _files(story.after)
        if moved < 0 or (moved == 0 and same and (again or _said(outcome) == _said(story.after))):
            return False
        story.texts, story.after, story.hints = attempt, outcome, hints
        return True

    def mends(cause: str, attempt: Texts) -> bool:
        again = story.repairs[-1:] == [cause]  # which has to bring it further
        kept = (*story.withdrawn, _GRAPHS)
        helped = helps(_fixed(attempt, True, kept), story.hints, again)
        story.repairs += [cause] * helped
        return helped

    kept: Story | None = None
    for _ in range(ROUNDS):
        assert story.after is not None
        # Data that were made up are at fault sooner than a program is.
        known = learned(story.after, _wanted(program, story), story.hints)
        if any(helps(story.texts, hints) for hints in known):
            continue
        if any(mends(*made) for made in repairs(program, story.texts, story.after)):
            continue
        before = replace(story, repairs=[*story.repairs])
        if helps(story.texts, absent(story.after, story.hints)):
            kept = kept or before
            continue
        stops = story.after.end == "raised" or _is_idle(story)
        if "passing" in story.hints or not stops:
            break
        others = alternatives(story.after, story.hints)
        if any(helps(story.texts, hints, again=True) for hints in others):
            continue
        # With what was learned, and without what may have led it astray.
        plain = {name: story.hints[name] for name in ("absent",) if name in story.hints}
        for hints in (story.hints, plain) if _trains(story.texts) else ():
            if story.after.end != "ran" and helps(story.texts, {**hints, "passing": True}):
                kept = kept or before
        if "passing" not in story.hints:
            break
    # What stands in for packages, or is passed over, is withdrawn where it does not bring a program
    # to its end, stands in for the training as well, or hides what is stale.
    assert story.after is not None
    brought = story.after.end == "ran" and not any(map(is_stale, story.after.passed))
    if not story.after.trained and _trains(story.texts):
        brought = False
    return story if brought or kept is None else kept


def _trains(texts: Texts) -> bool:
    trees = (tree for path, text in texts.items() for tree in trees_of(text, str(path)))
    return any(calls(nodes(trees), "fit", "fit_generator", "train_on_batch"))


def _is_idle(story: Story) -> bool:
    """Tells whether a program got to its end without a training: it may have found no data."""
    run = story.after
    return run is not None and run.end == "ran" and not run.trained and _trains(story.texts)


def _said(run: Execution) -> str:
    return "".join(_ERROR.findall(run.traceback)[-1:])


def _files(run: Execution) -> list[str]:
    """Returns the files of a program in which it has stopped, from its own to the innermost."""
    return _FILE.findall(run.traceback)


def _wanted(program: Program, story: Story) -> Wanted:
    blocks = blocks_of(story.texts[program.path], str(program.path))
    helpers = [story.texts[path].decode(errors="replace") for path in program.helpers]
    return Wanted([*(source for _, source in blocks), *helpers], story.hints)


def _fix(story: Story, texts: Texts, program: Program, run: Runs) -> None:
    """Makes all fixes, but for those after which the program fails earlier."""
    original, before, codes = story.texts, story.before, sorted(_codes(texts))
    assert before is not None
    story.after = before
    if _fixed(texts, True, ()) == original:
        return
    ignored = [(), *((code,) for code in codes if len(codes) > 1)]
    for unsafe, ignore in product((True, False), ignored):
        attempt = _fixed(texts, unsafe, ignore)
        outcome = run(program, attempt, {}) if attempt != original else before
        if attempt != original and _moved(attempt, outcome, original, before) >= 0:
            risky = set() if unsafe else _codes(texts) - _codes(texts, False)
            story.withdrawn = sorted({*ignore} | risky)
            story.texts, story.after = attempt, outcome
            return
    story.withdrawn = codes


def _key(texts: Texts, hints: Hints) -> tuple[bytes, ...]:
    return *(texts[path] for path in sorted(texts)), repr(sorted(hints.items())).encode()


def _fixed(texts: Texts, unsafe: bool, ignore: tuple[str, ...]) -> Texts:
    return {path: mended(text, str(path), unsafe, ignore).content for path, text in texts.items()}


def _codes(texts: Texts, unsafe: bool = True) -> set[str]:
    return {one for path, text in texts.items() for one in mended(text, str(path), unsafe).fixed}


@cache
def mended(content: bytes, name: str, unsafe: bool, ignore: tuple[str, ...] = ()) -> Mended:
    """Returns a file of a program after all fixes, also a module that does not name Keras."""
    script = name.endswith(".py")
    if script and not [*parsed([content])]:
        # Python 2 took a tab for as many as eight spaces, and the `\U` of a path as it stands.
        content = _INDENT.sub(lambda found: found[0].expandtabs(), content)
        content = _ESCAPE.sub(rb"\\\\U", content)
    beside = _BESIDE if script and not uses_keras(content) else b""
    found = mend(content + beside, name, unsafe, ignore)
    return replace(found, content=found.content.removesuffix(beside))


def _moved(new: Texts, after: Execution, old: Texts, before: Execution) -> int:
    """Tells whether a program stops before (-1), at (0) or after (1) where it did."""
    if "ran" in (after.end, before.end):
        return 1 if after.end == "ran" else -1
    frames = (_frames(one, texts) for one, texts in ((after, new), (before, old)))
    for (path, line, within), (other, there, instead) in zip(*frames, strict=False):
        if (path, within) != (other, instead):  # called from the same line, through a library
            break
        name = str(path)
        here = _starts(new[path], name).get(line, line)
        there = _starts(old[path], name).get(there, there)
        if (here := _places(new[path], old[path], name).get(here, here)) != there:
            return 1 if here > there else -1
    return 0


def _frames(run: Execution, texts: Texts) -> list[tuple[Path, int, str]]:
    """Returns where in its own files a program has stopped, and in which function."""
    last = run.traceback.rpartition("Traceback")[2]
    found = ((Path(name), int(line), within) for name, line, within in _FRAME.findall(last))
    return [frame for frame in found if frame[0] in texts]


@cache
def _places(new: bytes, old: bytes, name: str) -> dict[int, int]:
    """Returns where the lines of a file were before a repair."""
    old_lines, new_lines = (lines_of(blocks_of(text, name)) for text in (old, new))
    found: dict[int, int] = {}
    matcher = SequenceMatcher(None, new_lines, old_lines, autojunk=False)
    for kind, first, last, start, stop in matcher.get_opcodes():
        for line in range(first, last):
            found[line + 1] = start + line - first + 1 if kind == "equal" else max(stop, start + 1)
    return found


@cache
def _starts(content: bytes, name: str) -> dict[int, int]:
    """Returns where the statements begin that lines belong to; what fails may be on any of them."""
    found = dict[int, int]()
    for node in nodes(list(trees_of(content, name))):  # the inner ones come last
        if isinstance(node, ast.stmt):
            found |= dict.fromkeys(range(node.lineno, (node.end_lineno or 0) + 1), node.lineno)
    return found
