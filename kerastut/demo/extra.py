"""A local page that shows a finished run at work: draw a digit, or type a review."""

import os
from importlib.util import find_spec

from kerastut.errors import KerastutError

# Read by Gradio, and by the Hugging Face client that it imports, when they are imported.
SILENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_OFFLINE": "1",
}


class MissingGradioError(KerastutError):
    """Gradio is not installed."""


def require() -> None:
    """Refuses to go on without Gradio; forbids it to report home.

    Raises:
        MissingGradioError: If the package is missing.
    """
    if find_spec("gradio") is None:
        raise MissingGradioError("kerastut demo needs Gradio: pip install 'kerastut[demo]'")
    os.environ.update(SILENT)
