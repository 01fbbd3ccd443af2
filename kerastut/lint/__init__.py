"""The checker: finds Keras code that Keras 3 refuses or runs wrongly, and mends it.

It stands alone and is light: nothing of kerastut outside this folder is imported, and neither Keras
nor TensorFlow. `kerastut-check` is built from the same folder. The records of the rules lie in
`rules/`, the functions that find what they describe in `detectors/`.
"""

from .command import configure_check as configure_check
from .command import run_check as run_check
from .errors import LintError as LintError
from .explaining import configure_rule as configure_rule
from .explaining import run_rule as run_rule
from .finding import Located as Located
from .lean import main as main
from .mending import Mended as Mended
from .mending import blocks_of as blocks_of
from .mending import code_files as code_files
from .mending import difference as difference
from .mending import edited as edited
from .mending import mend as mend
from .mending import uses_keras as uses_keras
from .rules import api as api
from .rules.renames import find_gone as find_gone
from .rules.rule import Rule as Rule
from .rules.rule import load_rules as load_rules
from .rules.rule import word as word
from .runner import Job as Job
from .runner import Outcome as Outcome
from .runner import check_file as check_file
from .semantics.values import refer as refer
