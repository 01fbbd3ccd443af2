"""KT601: nothing is seeded."""

from collections.abc import Iterator

from kerastut.lint.detectors import detects
from kerastut.lint.finding import Finding
from kerastut.lint.questions.training import fits
from kerastut.lint.semantics import Call, Program

_SEEDS = (
    "keras.utils.set_random_seed",
    "numpy.random.seed",
    "tensorflow.random.set_seed",
    "tensorflow.set_random_seed",
    "tensorflow.random.set_random_seed",
    "random.seed",
)
_GENERATORS = ("numpy.random.default_rng", "numpy.random.RandomState")


@detects("KT601")
def no_seed(program: Program) -> Iterator[Finding]:
    """Finds the first random number or training of a document that never seeds."""
    trained = [fit for _, fit in fits(program)]
    if not trained or any(_seeds(call) for call in program.all_calls):
        return
    drawn = [call for call in program.all_calls if call.name.startswith("numpy.random.")]
    first = min([*drawn, *trained], key=lambda call: call.order)
    yield from program.report("KT601", first)


def _seeds(call: Call) -> bool:
    return call.name in _SEEDS or (call.name in _GENERATORS and bool(call.args or call.keywords))
