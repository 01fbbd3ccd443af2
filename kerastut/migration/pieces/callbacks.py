import keras


class BaseLogger(keras.callbacks.Callback):
    """Was the base of callbacks that log; what Keras logs is the mean of an epoch by itself."""

    def __init__(self, stateful_metrics=None):
        super().__init__()
        self.stateful_metrics = set(stateful_metrics or [])
