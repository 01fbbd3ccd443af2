"""Migrates old programs: fixes them, runs them closed in, explains what they raise, fixes again.

It leaves a copy that runs on Keras 3 as far as it can be brought, and a report. The fixes are those
of `kerastut check`, the explanations those of `kerastut why`.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.migration.migrating import COPY as COPY
    from kerastut.migration.migrating import PAGE as PAGE
    from kerastut.migration.migrating import RECORD as RECORD
    from kerastut.migration.migrating import migrate as migrate
    from kerastut.migration.report import end_of as end_of
    from kerastut.migration.report import left_of as left_of
    from kerastut.migration.running import SECONDS as SECONDS

__getattr__, __dir__ = front_door(__name__, __file__)
