"""What a program means, as far as it can be read without running it.

`interpret(document)` walks the chunks of a document in order, in one scope as a notebook runs them,
and returns a `Program`: every call, name, import and model with the values they are made of.
"""

from kerastut.lint.semantics.facts import (
    Access,
    Call,
    Definition,
    Import,
    Reference,
    Subscript,
    Use,
)
from kerastut.lint.semantics.models import Model
from kerastut.lint.semantics.program import Program
from kerastut.lint.semantics.values import (
    Attribute,
    Constant,
    Display,
    Join,
    Mapping,
    Operation,
    Parameter,
    Part,
    Ref,
    Result,
    Undefined,
    Unknown,
    UserClass,
    UserFunction,
    Value,
    origins,
)

__all__ = [
    "Access",
    "Attribute",
    "Call",
    "Constant",
    "Definition",
    "Display",
    "Import",
    "Join",
    "Mapping",
    "Model",
    "Operation",
    "Parameter",
    "Part",
    "Program",
    "Ref",
    "Reference",
    "Result",
    "Subscript",
    "Undefined",
    "Unknown",
    "Use",
    "UserClass",
    "UserFunction",
    "Value",
    "origins",
]
