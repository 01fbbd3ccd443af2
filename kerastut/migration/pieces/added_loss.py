import keras


class AddedLoss(keras.layers.Layer):
    def call(self, outputs, loss):
        self.add_loss(loss)
        return outputs
