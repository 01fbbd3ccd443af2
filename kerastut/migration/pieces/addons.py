import keras
from keras import ops

gelu = keras.activations.gelu
mish = keras.activations.mish
GroupNormalization = keras.layers.GroupNormalization
SpectralNormalization = keras.layers.SpectralNormalization


class InstanceNormalization(keras.layers.GroupNormalization):
    def __init__(self, axis=-1, **options):
        super().__init__(groups=-1, axis=-1 if axis is None else axis, **options)


def AdamW(weight_decay, learning_rate=0.001, *given, **options):  # noqa: N802
    return keras.optimizers.AdamW(learning_rate, weight_decay, *given, **options)


def F1Score(num_classes, average=None, threshold=None, **options):  # noqa: N802
    return keras.metrics.F1Score(average, threshold, **options)


def SigmoidFocalCrossEntropy(from_logits=False, alpha=0.25, gamma=2.0, **_):  # noqa: N802
    """Returns a loss that weighs what is hard to tell: the mean of the classes, not their sum."""
    return keras.losses.BinaryFocalCrossentropy(True, alpha, gamma, from_logits)


CRFS = []  # the last of which a loss without a layer means


class CRF(keras.layers.Layer):
    """The likeliest classes of a sequence, each of which depends on the one before."""

    def __init__(self, units, *_, **options):
        wanted = ("name", "input_shape", "trainable", "dtype")
        super().__init__(**{name: options[name] for name in wanted if name in options})
        self.units, self.supports_masking = units, True
        CRFS.append(self)

    def build(self, input_shape):
        self.dense = keras.layers.Dense(self.units)
        self.dense.build(input_shape)
        self.chain = self.add_weight(shape=(self.units, self.units), name="chain")

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def compute_mask(self, inputs, previous_mask):
        """Lets no mask through: a sequence has one loss."""

    def call(self, inputs, mask=None):
        self.scores = self.dense(inputs)
        self.kept = ops.ones(ops.shape(inputs)[:2], "bool") if mask is None else mask
        state, states = self.go_along(ops.max)
        chain = ops.transpose(self.chain)
        last = ops.cast(ops.argmax(state, -1), "int32")

        def back(place, given):
            scores, kept = given
            before = ops.argmax(scores + ops.take(chain, place, 0), -1)
            before = ops.where(kept, ops.cast(before, "int32"), place)
            return before, before

        _, path = ops.scan(back, last, (states[:-1], ops.transpose(self.kept)[1:]), reverse=True)
        path = ops.concatenate([path, last[None]], 0)
        return ops.one_hot(ops.transpose(path), self.units)

    def go_along(self, best):
        """Returns the scores of the classes after the last step, and after each."""

        def step(state, given):
            score, kept = given
            new = ops.where(kept[:, None], best(state[:, :, None] + self.chain, 1) + score, state)
            return new, new

        scores, kept = ops.transpose(self.scores, (1, 0, 2)), ops.transpose(self.kept)
        last, states = ops.scan(step, scores[0], (scores[1:], kept[1:]))
        return last, ops.concatenate([scores[:1], states], 0)

    def loss_function(self, y_true, y_pred):
        total = ops.logsumexp(self.go_along(ops.logsumexp)[0], -1)
        y = ops.cast(y_true, self.scores.dtype)
        if y.shape[-1] != self.units or len(y.shape) < 3:
            y = ops.one_hot(ops.reshape(ops.cast(y, "int32"), ops.shape(self.kept)), self.units)
        kept = ops.cast(self.kept, y.dtype)
        chained = ops.einsum("bti,ij,btj,bt->b", y[:, :-1], self.chain, y[:, 1:], kept[:, 1:])
        kept = ops.concatenate([ops.ones_like(kept[:, :1]), kept[:, 1:]], 1)
        return total - chained - ops.einsum("btc,btc,bt->b", y, self.scores, kept)

    def accuracy(self, y_true, y_pred):
        sparse = y_true.shape[-1] != self.units
        kind = "sparse_categorical" if sparse else "categorical"
        return getattr(keras.metrics, f"{kind}_accuracy")(y_true, y_pred)


def crf_loss(y_true, y_pred):
    return CRFS[-1].loss_function(y_true, y_pred)


def crf_viterbi_accuracy(y_true, y_pred):
    return CRFS[-1].accuracy(y_true, y_pred)


crf_accuracy = crf_viterbi_accuracy
crf_marginal_accuracy = crf_viterbi_accuracy
