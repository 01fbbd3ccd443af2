"""Data as train, validation and test splits of NumPy arrays: by name, by path, or from arrays.

`bundled` has the sets that come with kerastut, `own` reads the reader's files and folders, `tfds`
those of TensorFlow Datasets. Nothing here knows recipes or Keras.
"""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.data.background import background_of as background_of
    from kerastut.data.background import border as border
    from kerastut.data.background import is_light as is_light
    from kerastut.data.bundled.reviews import FILES as FILES
    from kerastut.data.bundled.reviews import FOLDER as FOLDER
    from kerastut.data.checks import check as check
    from kerastut.data.in_memory import from_arrays as from_arrays
    from kerastut.data.loading import NAMES as NAMES
    from kerastut.data.loading import embedded_files as embedded_files
    from kerastut.data.loading import load as load
    from kerastut.data.loading import summary as summary
    from kerastut.data.mapped import Rows as Rows
    from kerastut.data.mapped import is_mapped as is_mapped
    from kerastut.data.options import DataOptions as DataOptions
    from kerastut.data.own.images import FORMATS as FORMATS
    from kerastut.data.own.images import picture as picture
    from kerastut.data.pipelines import untuned as untuned
    from kerastut.data.splits import Data as Data
    from kerastut.data.splits import Split as Split
    from kerastut.data.zipped import check_sums as check_sums
    from kerastut.data.zipped import opened as opened

__getattr__, __dir__ = front_door(__name__, __file__)
