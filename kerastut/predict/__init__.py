"""Pictures, texts and numbers of the reader's own, put to a finished run."""

from typing import TYPE_CHECKING

from kerastut.lazy import front_door

if TYPE_CHECKING:
    from kerastut.predict.answering import Reading as Reading
    from kerastut.predict.answering import notes_of as notes_of
    from kerastut.predict.answering import readings as readings
    from kerastut.predict.explaining import explain as explain
    from kerastut.predict.explaining import marked as marked
    from kerastut.predict.inputs import Inputs as Inputs
    from kerastut.predict.inputs import read_inputs as read_inputs
    from kerastut.predict.inputs import trained_on as trained_on
    from kerastut.predict.pictures import CENTRED as CENTRED
    from kerastut.predict.pictures import Fitted as Fitted
    from kerastut.predict.pictures import Trained as Trained
    from kerastut.predict.pictures import fitted as fitted
    from kerastut.predict.probabilities import Prediction as Prediction
    from kerastut.predict.probabilities import predict as predict
    from kerastut.predict.probabilities import predictions as predictions

__getattr__, __dir__ = front_door(__name__, __file__)
