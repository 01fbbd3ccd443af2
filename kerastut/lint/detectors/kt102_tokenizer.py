"""KT102, where not even the import stands: the obvious one would fail."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.arrays import is_tokenizer
from kerastut.lint.semantics import Program, Undefined


@detects("KT102")
def tokenizer_without_import(program: Program) -> Iterator[Finding]:
    """Finds `Tokenizer()` of Keras 2 in a document that never imports it."""
    for call in program.all_calls:
        unknown = isinstance(call.callee, Undefined) and is_tokenizer(call.result)
        if unknown and _reads_texts(program, call.result):
            yield from program.report("KT102", call, old="Tokenizer", new="")


def _reads_texts(program: Program, tokenizer: object) -> bool:
    return any(
        call.method == "fit_on_texts" and call.receiver is tokenizer for call in program.all_calls
    )
