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
    from kerastut.data.bundled.beside import BESIDE as BESIDE
    from kerastut.data.bundled.beside import content_beside as content_beside
    from kerastut.data.bundled.blobs import bayes_accuracy as bayes_accuracy
    from kerastut.data.bundled.embedded import FILES as FILES
    from kerastut.data.bundled.embedded import FOLDER as FOLDER
    from kerastut.data.bundled.embedded import embedded_files as embedded_files
    from kerastut.data.checks import check as check
    from kerastut.data.describing import contact_sheet as contact_sheet
    from kerastut.data.describing import describe as describe
    from kerastut.data.kinds import TABLES as TABLES
    from kerastut.data.kinds import recognised as recognised
    from kerastut.data.loading import from_arrays as from_arrays
    from kerastut.data.loading import load as load
    from kerastut.data.options import NAMES as NAMES
    from kerastut.data.options import TFDS as TFDS
    from kerastut.data.options import DataOptions as DataOptions
    from kerastut.data.options import Fit as Fit
    from kerastut.data.options import located as located
    from kerastut.data.own.columns import ABSENT as ABSENT
    from kerastut.data.own.columns import UNKNOWN as UNKNOWN
    from kerastut.data.own.columns import has_decimal_comma as has_decimal_comma
    from kerastut.data.own.columns import quantity as quantity
    from kerastut.data.own.images import picture as picture
    from kerastut.data.own.layouts import PICTURES as PICTURES
    from kerastut.data.own.sheets import read_sheet as read_sheet
    from kerastut.data.pipelines import untuned as untuned
    from kerastut.data.splits import SPLITS as SPLITS
    from kerastut.data.splits import Data as Data
    from kerastut.data.splits import Rows as Rows
    from kerastut.data.splits import Split as Split
    from kerastut.data.splits import is_mapped as is_mapped
    from kerastut.data.zipped import opened as opened

__getattr__, __dir__ = front_door(__name__, __file__)
