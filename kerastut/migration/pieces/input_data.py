import keras
import numpy


class _Images:
    """Gives images of MNIST in batches, as the tutorials of TensorFlow 1 did."""

    def __init__(self, images, labels):
        self.images, self.labels = images, labels
        self.num_examples, self.epochs_completed, self._next = len(images), 0, 0

    def next_batch(self, batch_size, fake_data=False, shuffle=True):
        if self._next + batch_size > self.num_examples or (shuffle and not self._next):
            self.epochs_completed += self._next > 0
            self._next = 0
            order = numpy.arange(self.num_examples)
            if shuffle:
                numpy.random.shuffle(order)
            self.images, self.labels = self.images[order], self.labels[order]
        start, self._next = self._next, self._next + batch_size
        return self.images[start : self._next], self.labels[start : self._next]


class _MNIST:
    def __init__(self, train, validation, test):
        self.train, self.validation, self.test = train, validation, test


def read_data_sets(
    train_dir="", fake_data=False, one_hot=False, reshape=True, validation_size=5000, **_
):
    (x, y), (x_test, y_test) = keras.datasets.mnist.load_data()

    def images(x, y):
        x = x.reshape((-1, 784) if reshape else (-1, 28, 28, 1)).astype("float32") / 255
        return _Images(x, keras.utils.to_categorical(y, 10).astype("float64") if one_hot else y)

    kept = images(x[:validation_size], y[:validation_size])
    return _MNIST(images(x[validation_size:], y[validation_size:]), kept, images(x_test, y_test))
