import inspect

import keras
import numpy
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin


class _KerasEstimator(BaseEstimator):
    """Builds, trains and asks a model of Keras as the wrappers of Keras 2 did."""

    def __init__(self, build_fn=None, **given):
        self.build_fn = build_fn or given.pop("model")
        self.given = given

    def get_params(self, deep=True):
        return {"build_fn": self.build_fn, **self.given}

    def set_params(self, **new):
        self.__init__(**{**self.get_params(), **new})
        return self

    def fit(self, x, y, **options):
        taken = inspect.signature(self.build_fn).parameters
        given = dict(self.given)
        built = {name: given.pop(name) for name in taken if name in given}
        if "nb_epoch" in given:
            given["epochs"] = given.pop("nb_epoch")
        self.model = self.build_fn(**built)
        history = self.model.fit(numpy.asarray(x), self._targets(y), **{**given, **options})
        self.fitted_ = True
        return history

    def _targets(self, y):
        return numpy.asarray(y)

    def _outputs(self, x):
        return self.model.predict(numpy.asarray(x), verbose=self.given.get("verbose", 0))


class KerasClassifier(ClassifierMixin, _KerasEstimator):
    def _targets(self, y):
        y = numpy.asarray(y)
        if y.ndim > 1 and y.shape[1] > 1:
            self.classes_ = numpy.arange(y.shape[1])
            return y
        self.classes_, y = numpy.unique(y, return_inverse=True)
        if self.model.loss == "categorical_crossentropy":
            return keras.utils.to_categorical(y)
        return y.reshape(-1, 1)

    def predict_proba(self, x):
        found = self._outputs(x)
        return found if found.shape[1] > 1 else numpy.hstack([1 - found, found])

    def predict(self, x):
        return self.classes_[self.predict_proba(x).argmax(axis=-1)]

    def score(self, x, y):
        y = numpy.asarray(y)
        y = y.argmax(axis=-1) if y.ndim > 1 and y.shape[1] > 1 else y.ravel()
        return float((self.predict(x) == y).mean())


class KerasRegressor(RegressorMixin, _KerasEstimator):
    def predict(self, x):
        return self._outputs(x).squeeze(axis=-1)

    def score(self, x, y):
        return -float(numpy.mean((self.predict(x) - numpy.asarray(y).ravel()) ** 2))
