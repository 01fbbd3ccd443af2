"""What stands beside Keras in code of its age: Python 2, NumPy, pandas, h5py and others."""

import ast
import re
from collections.abc import Sequence
from itertools import chain

from ..finding import Edit, span_of
from ..fixes import edits
from ..fixes.beside import dates_of, renamed
from ..fixes.tables import FOLDED, folded
from ..questions import beside as known
from ..questions import grouped
from ..questions.arrays import is_float
from ..questions.labels import scores_for_labels
from ..questions.paths import tails
from ..questions.probabilities import too_coarse
from ..questions.rows import rows_by_position as rows
from ..registering import Findings, detects
from ..rules.rule import Applicability, load_rules
from ..semantics.facts import Call, Result
from ..semantics.program import Program
from ..semantics.values import Attribute, Display
from .names import is_tried

# What takes the place of functions, up to how many arguments.
_SAFE = {"numpy.fromstring": ("frombuffer", 4), "yaml.load": ("safe_load", 2)}
# What takes spans of time of pandas: methods first, functions by name only.
_SPANNED = {"resample": 0, "asfreq": 0, "pandas.Grouper": None, "pandas.date_range": 3}
_FOLDS = {"KFold", "StratifiedKFold", "ShuffleSplit", "StratifiedShuffleSplit", "LeaveOneOut"}


@detects("KT341")
def methods_beside_keras(program: Program) -> Findings:
    """Finds `vocabulary.iteritems()`, `table.as_matrix()`, `table.ix[...]` and the like."""
    own = program.function_names | program.stored_names
    for access in program.accesses:
        tried = access.name != "message" and is_tried(access)  # what `except` says is no way out
        if access.name in own or access.stores or tried:
            continue
        new = known.successor(program, access)
        around = program.parents.get(id(access.node))
        call = around if isinstance(around, ast.Call) and around.func is access.node else None
        read = access.name in (*known.READ, *load_rules()["KT341"].match["read"])
        if new is not None and (call is not None or read):
            changes = renamed(program, access, call, new)
            hint = f": `{new.format('...')}`" if new else ""
            safe: Applicability | None = "unsafe" if access.name == "ix" else None
            name = known.PARTLY.get(access.name, access.name)
            yield from program.report("KT341", access, changes, None, safe, name=name, hint=hint)
    asked = known.asked_of_vectors, rows, grouped.asked_of_counts, grouped.asked_of_groups
    for place, name, hint, changes in chain.from_iterable(ask(program) for ask in asked):
        yield from program.report("KT341", place, changes, name=name, hint=hint)


@detects("KT270")
def values_beside_keras(program: Program) -> Findings:
    """Finds `pickle.load(open(path))`, `table.to_excel("a.xls")` and `style.use("seaborn")`."""
    seen: set[int] = set()
    binary, textual = (load_rules()["KT270"].match[key] for key in ("binary", "textual"))
    reading = program.calls(*binary, *textual)
    for call in chain(reading, program.method_calls(*known.TAKING_TEXT)):
        place = binary.get(call.name, textual.get(call.name))
        file = call.value(place) if place is not None else None
        made = file.call if isinstance(file, Result) else known.bytes_taken_for_text(call)
        if made and made.name == "builtins.open" and id(made) not in seen:
            seen.add(id(made))
            yield from _mode(program, made, call, call.name in binary)
    for call in chain(program.method_calls("to_excel"), program.calls("pandas.ExcelWriter")):
        path = call.expression(0, "excel_writer", "path")
        if any(name.endswith(".xls") for name in tails(call.value(0, "excel_writer", "path"))):
            yield from _renamed(program, call, path, f"{known.text_of(path, '...')}x")
    for call in program.all_calls:
        style = call.expression(0, "style") if call.name.endswith("style.use") else None
        for node in getattr(style, "elts", [style] if style is not None else []):
            old = known.text_of(node)
            if old.startswith("seaborn") and not old.startswith("seaborn-v0_8"):
                yield from _renamed(program, call, node, f"seaborn-v0_8{old[7:]}")
        learns, colored = call.name.startswith("sklearn."), call.keyword("cmap") is not None
        refuses = (call.last or call.method) in known.REFUSING or learns or colored
        for at, new, safe in known.refused(call) if refuses else ():
            if known.text_of(at):
                yield from _renamed(program, call, at, new, "safe")
                continue
            changes = [edits.replace(at, new)] if safe else dates_of(program, call)
            yield from _refused(program, call, program.source(at), new, changes, at, safe)
    for call in program.calls(*_SAFE):
        new, most = _SAFE[call.name]
        if call.node.args and len(call.args) < most and not call.has("sep", "Loader"):
            head = program.source(call.node.func).rpartition(".")[0]
            changes = [edits.replace(call.node.func, f"{head}.{new}")] if head else []
            yield from _refused(program, call, program.source(call.node.args[0]), new, changes)
    first = known.reduced, known.contours, known.counted_from_zero, scores_for_labels
    asked = *first, grouped.refused, too_coarse
    for call, node, new, changes in chain.from_iterable(ask(program) for ask in asked):
        yield from _refused(program, call, program.source(node), new, changes, node)
    lacking = known.uncounted(program), known.ragged(program), known.unwritable(program)
    for call, node, added in chain.from_iterable(lacking):
        added_to = [edits.add_argument(call.node, added)]
        yield from _refused(program, call, program.source(node), added, added_to)


def _mode(program: Program, made: Call, user: Call, bytes_wanted: bool) -> Findings:
    """Reports a file that is opened as text where bytes are wanted, or the other way round."""
    given = made.given(1, "mode")
    mode = getattr(given[0], "value", None) if given else "r"
    if not isinstance(mode, str) or ("b" in mode) is bytes_wanted or made.has("encoding"):
        return
    bare = mode.replace("U", "").replace("b", "")
    new = f"{bare or 'r'}b" if bytes_wanted else bare
    at = given[1] if given else None
    changes = [edits.add_argument(made.node, f'"{new}"')] if at is None else []
    if isinstance(at, ast.Constant):
        changes = [edits.replace_string(program, at, new)]
    values = {"callee": user.last or user.method, "given": mode, "new": new}
    safe: Applicability = "unsafe" if user.method else "safe"  # it may be decoded elsewhere
    yield from program.report("KT270", made, changes, at, safe, **values)


def _renamed(
    program: Program, call: Call, node: ast.expr | None, new: str, safe: Applicability | None = None
) -> Findings:
    """Reports a text that is written otherwise today."""
    changes = [edits.replace_string(program, node, new)] if isinstance(node, ast.Constant) else []
    yield from _refused(program, call, known.text_of(node, "..."), new, changes, node, safe)


def _refused(
    program: Program,
    call: Call,
    given: str,
    new: str,
    changes: Sequence[Edit] = (),
    at: ast.AST | None = None,
    applicability: Applicability | None = None,
) -> Findings:
    values = {"callee": call.last or call.method, "given": given, "new": new}
    yield from program.report("KT270", call, changes, at, applicability, **values)


@detects("KT270")
def spans_of_time(program: Program) -> Findings:
    """Finds `table.resample("H")`, and `how="mean"` in it."""
    spans = load_rules()["KT270"].match["spans"]
    for call in program.all_calls if "pandas" in program.packages else ():
        called = call.name or call.method or ""
        span = call.expression(_SPANNED.get(called), "freq", "rule") if called in _SPANNED else None
        old = re.fullmatch(r"(\d*)([A-Z])", known.text_of(span))
        if old is not None and old[2] in spans:
            yield from _renamed(program, call, span, old[1] + spans[old[2]])
        how = call.keyword("how") if called == "resample" else None
        if how is not None and known.text_of(how.value).isidentifier():
            new = f".{known.text_of(how.value)}()"
            end = span_of(call.node).end
            changes = [edits.remove_keyword(program, call.node, how), edits.insert(end, new)]
            yield from _refused(program, call, "how", new, changes, how, "safe")


@detects("KT270")
def folds(program: Program) -> Findings:
    """Finds `KFold(len(x), n_folds=5)`, which was told of the data, and seeds without shuffling."""
    for call in program.all_calls:
        if not call.name.startswith("sklearn."):
            continue
        seed = call.keyword("random_state") if call.last in ("KFold", "StratifiedKFold") else None
        shuffles = call.literal(None, "shuffle") if call.has("shuffle") else False
        seeded = len(call.args) < 2 and call.literal(None, "random_state") is not None
        if seed and seeded and shuffles is False:  # which had no effect
            changes = [edits.remove_keyword(program, call.node, seed)]
            given = program.source(seed)
            yield from _refused(program, call, given, "shuffle=True", changes, seed, "safe")
        data = call.given(0, "n", "y") if call.last in _FOLDS else None
        second = call.literal(1, *FOLDED)
        told = len(call.args) > 1 or call.has(*FOLDED) or call.last == "LeaveOneOut"
        told = told and len(call.args) < 3 and call.certain(len(call.args) - 1)
        if told and data is not None and not isinstance(second, bool):
            new = folded(program, call, data[1])
            given = ", ".join(map(program.source, [*call.node.args, *call.node.keywords]))
            yield from _refused(program, call, given, new, [edits.replace(call.node, new)])


@detects("KT270")
def formats(program: Program) -> Findings:
    """Finds `"{:s}".format(x.shape)`, `"{:d}".format(a / b)` and `text.encode("utf8") + "a"`."""
    for call in program.method_calls("format", "encode"):
        text = getattr(call.receiver, "value", None) if call.method == "format" else None
        node = getattr(call.node.func, "value", None)
        literal = node if isinstance(node, ast.Constant) else None
        signs = re.findall(r"\{:?([^{}]*)\}", str(text or ""))
        for value, sign in zip(call.args, signs, strict=False):
            shape = isinstance(value, Attribute) and value.name.endswith("shape")
            listed = isinstance(value, Display) or shape
            new = "{}" if sign == "s" and listed else "{:.0f}" if is_float(value) else ""
            if sign in ("s", "d") and new and (sign == "d") is (new != "{}"):
                old = literal if str(text).count(f"{{:{sign}}}") == 1 else None
                whole = str(text).replace(f"{{:{sign}}}", new)
                changes = [edits.replace_string(program, old, whole)] if old is not None else []
                yield from _refused(program, call, f"{{:{sign}}}", new, changes)
        around = program.parents.get(id(call.node)) if call.method == "encode" else None
        adds = isinstance(around, ast.BinOp) and isinstance(around.op, ast.Add)
        sides = [around.left, around.right] if isinstance(around, ast.BinOp) and adds else []
        if any(known.text_of(one) for one in sides) and isinstance(call.node.func, ast.Attribute):
            given, new = program.source(call.node), program.source(call.node.func.value)
            changes = [edits.replace(call.node, new)]
            yield from program.report("KT270", call, changes, callee="+", given=given, new=new)


@detects("KT285")
def formatted_prints(program: Program) -> Findings:
    """Finds `print("%d images") % n` and `print("{}").format(n)`."""
    for call in program.calls("builtins.print"):
        around = program.parents.get(id(call.node))
        part = program.parents.get(id(around)) if isinstance(around, ast.Attribute) else around
        formats = isinstance(around, ast.Attribute) and around.attr == "format"
        percent = isinstance(part, ast.BinOp) and part.left is call.node
        if part is not None and (percent or (formats and isinstance(part, ast.Call))):
            end = span_of(call.node).end
            closing = Edit(end._replace(column=end.column - 1), "")
            alone = len(call.node.args) == 1 and not call.node.keywords
            changes = [closing, edits.insert(span_of(part).end, ")")] if alone else []
            sign = "%" if percent else ".format"
            yield from program.report("KT285", part, changes, operator=sign)


@detects("KT272")
def positions_beside_keras(program: Program) -> Findings:
    """Finds `table.drop("name", 1)`, `confusion_matrix(y, guess, labels)` and the like."""
    tables = load_rules()["KT272"].match
    used = not program.packages.isdisjoint(("pandas", "seaborn", "librosa", "sklearn"))
    for call in program.all_calls if used else ():
        package = call.name.partition(".")[0]
        named = call.last if package == "pandas" else call.method or ""
        named = named if call.method is None or not named.startswith(("con", "read_")) else ""
        first, *names = tables["named"].get(named, [0])
        columns = package == "seaborn" and known.takes_columns(call)
        if package in ("librosa", "sklearn") or columns:
            first, *names = tables[package].get(call.last, [0])
        given = call.node.args[first:]
        most = len(given) if package == "sklearn" else len(names)  # it takes no more anyhow
        if not names or not 0 < len(given) <= most or not call.certain(len(call.args) - 1):
            continue
        # The number of samples came first there once, which is another rule's.
        told = named == "drop" and call.literal(1) not in (0, 1, "index", "columns")
        if told or (call.last in _FOLDS and not isinstance(call.literal(1), bool)):
            continue
        pairs = zip(given, names, strict=False)
        changes = [edits.insert(span_of(node), f"{name}=") for node, name in pairs]
        changes = changes if len(given) <= len(names) else []
        values = {"callee": named or call.last, "keyword": names[0]}
        yield from program.report("KT272", call, changes, given[0], None, **values)
