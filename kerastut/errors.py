"""The errors a user can cause, each with one line of text and an exit status."""


class KerastutError(Exception):
    """An error with a message for the user: what was expected, what came, what to do next."""

    exit_status = 2


class UnknownNameError(KerastutError):
    """A recipe, data set or parameter name that does not exist."""


class RecipeError(KerastutError):
    """A recipe file that cannot be read, or two of the same name."""


class ParameterError(KerastutError):
    """A value that a parameter cannot take."""


class DataError(KerastutError):
    """Data that are missing, damaged or unfit for the recipe."""


class OutputError(KerastutError):
    """An output file or directory that cannot be written."""


class ResumeError(KerastutError):
    """A run that cannot be resumed as asked, since the result would be another."""


class TrainingError(KerastutError):
    """A run that started and failed."""

    exit_status = 1


class PeerError(TrainingError):
    """A worker that others wait for and that does not come, or has ended."""


class CheckpointError(TrainingError):
    """A checkpoint that cannot be written, or none that can be read."""


def one_line(error: BaseException, longest: int = 300) -> str:
    """Returns the message of a foreign exception on one line, cut to `longest` characters."""
    return " ".join(str(error).split())[:longest] or type(error).__name__
