import keras
import numpy
from sklearn.utils import Bunch


def load_boston(**options):
    train, test = keras.datasets.boston_housing.load_data()
    x, y = (numpy.concatenate(parts) for parts in zip(train, test, strict=True))
    names = "CRIM ZN INDUS CHAS NOX RM AGE DIS RAD TAX PTRATIO B LSTAT"
    if options.get("return_X_y"):
        return x, y
    return Bunch(data=x, target=y, feature_names=numpy.array(names.split()))


def fetch_mldata(dataname, *_, **__):
    train, test = keras.datasets.mnist.load_data()
    x, y = (numpy.concatenate(parts) for parts in zip(train, test, strict=True))
    return Bunch(data=x.reshape(-1, 784), target=y.astype(float))
