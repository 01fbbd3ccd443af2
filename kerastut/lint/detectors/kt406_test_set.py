"""KT406: the test set as validation data."""

import ast
import re
from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.training import fits
from kerastut.lint.semantics import Program

_TEST = re.compile(r"(^|_)test(_|\d|$)|^test|test$", re.IGNORECASE)


@detects("KT406")
def test_set_as_validation(program: Program) -> Iterator[Finding]:
    """Finds `validation_data` whose name says that they are the test set."""
    for _, fit in fits(program):
        given = fit.expression(7, "validation_data")
        if given is not None and any(map(_TEST.search, _names(given))):
            yield from program.report("KT406", fit, at=given)


def _names(expression: ast.expr) -> list[str]:
    """Returns the names of an array or of a tuple of arrays."""
    if isinstance(expression, (ast.Tuple, ast.List)):
        return [name for item in expression.elts for name in _names(item)]
    if isinstance(expression, ast.Attribute):
        return [expression.attr]
    return [expression.id] if isinstance(expression, ast.Name) else []
