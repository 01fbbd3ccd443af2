"""A trained model for other runtimes; each file is checked against the model."""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.export.formats import FORMATS as FORMATS
    from kerastut.export.formats import ExportError as ExportError
    from kerastut.export.formats import MissingExtraError as MissingExtraError
    from kerastut.export.formats import require as require
    from kerastut.export.session import open_session as open_session
    from kerastut.export.writing import export as export
    from kerastut.export.writing import export_file as export_file

__getattr__, __dir__ = front_door(__name__, __file__)
