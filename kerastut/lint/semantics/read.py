"""Reads a document's program."""

from kerastut.lint.documents.document import Document
from kerastut.lint.semantics.interpreter import Interpreter
from kerastut.lint.semantics.program import Program


def interpret(document: Document) -> Program:
    """Walks through the chunks of a document that are valid Python, in one scope."""
    interpreter = Interpreter(document)
    interpreter.run([chunk.tree for chunk in document.chunks if chunk.tree is not None])
    return Program(document, interpreter)
