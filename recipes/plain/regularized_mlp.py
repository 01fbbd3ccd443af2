# Learns digits from 1,000 images, with and without a penalty on the weights (L2).
# zh: 只用 1000 幅图像学习识别数字，比较有无权重惩罚（L2 正则化）的差别。

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

# A fixed seed: run it again, and the result is the same.
# zh: 固定随机种子：再次运行，结果相同。
keras.utils.set_random_seed(0)

# MNIST: images of handwritten digits, 28 x 28 grey values, 0 to 255.
# The file lies beside this program. To get it: kerastut copy --data mnist
# Where the network allows, keras.datasets.mnist.load_data() has the same arrays.
# Three splits: training to fit the weights, validation to watch, test for the end.
# zh: MNIST：手写数字的图像，每幅 28 x 28 个灰度值（0～255）。
# zh: 数据文件与本程序放在同一文件夹，获取方法：kerastut copy --data mnist
# zh: 能联网时，keras.datasets.mnist.load_data() 也给出同样的数组。
# zh: 分成三份：训练集用来拟合权重，验证集用来观察训练过程，测试集留到最后。
with np.load("mnist.npz") as data:
    x_train = data["x_train"][:1000]
    y_train = data["y_train"][:1000]
    x_validation = data["x_train"][1000:3000]
    y_validation = data["y_train"][1000:3000]
    x_test = data["x_test"]
    y_test = data["y_test"]


# The same network twice: only the penalty differs. The loss contains the penalty;
# the cross entropy alone, which can be compared, is a metric. Training stops after
# 8 epochs without a lower one, and the weights of the best epoch come back.
# zh: 同样的网络训练两次，只有惩罚项不同。损失里含有惩罚项，
# zh: 所以把可以比较的交叉熵单独作为一个指标。
# zh: 它在验证集上连续 8 轮没有降低就停止训练，并恢复最好一轮的权重。
def train(penalty, label):
    model = keras.Sequential([
        keras.Input((28, 28)),
        layers.Rescaling(1 / 255),
        layers.Flatten(),
        layers.Dense(64, activation="relu", kernel_regularizer=penalty),
        layers.Dense(10, activation="softmax", kernel_regularizer=penalty),
    ])
    model.summary()
    cross_entropy = keras.metrics.SparseCategoricalCrossentropy("cross_entropy")
    loss = "sparse_categorical_crossentropy"
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy", cross_entropy])
    stop_early = keras.callbacks.EarlyStopping(
        monitor="val_cross_entropy", patience=8, restore_best_weights=True
    )
    history = model.fit(
        x_train,
        y_train,
        batch_size=32,
        epochs=40,
        validation_data=(x_validation, y_validation),
        callbacks=[stop_early],
        verbose=2,
    )
    training = history.history["cross_entropy"]
    validation = history.history["val_cross_entropy"]
    # Keras counts epochs from 0, the picture from 1.
    # zh: Keras 的轮次从 0 数起，图上从 1 数起。
    epochs = 1 + np.array(history.epoch)
    plt.plot(epochs, training, marker=".", label=f"training, {label}")
    plt.plot(epochs, validation, marker=".", label=f"validation, {label}")
    print(f"gap {label} {validation[-1] - training[-1]:.4f}")
    return model


# The gap between training and validation is what a penalty is to narrow.
# zh: 惩罚项要缩小的，是训练集与验证集之间的差距（泛化差距）。
train(None, "without penalty")
model = train(keras.regularizers.L2(0.01), "with penalty")
plt.xlabel("epoch")
plt.ylabel("cross entropy")
plt.legend()
plt.savefig("regularized_mlp.png")

# The test split is used once, now that nothing will be changed any more.
# zh: 一切都已确定之后，测试集只用这一次。
scores = model.evaluate(x_test, y_test, verbose=0, return_dict=True)
print(f"test accuracy {scores['accuracy']:.4f}")

# predict takes a batch, so one image is the slice [:1]; [0] would lose an axis.
# zh: predict 接收一批样本，所以一幅图像要写成切片 [:1]，写 [0] 会少一个维度。
sample = x_test[:1]
prediction = model.predict(sample, verbose=0)
print("true digit", y_test[0], "predicted digit", prediction[0].argmax())

# The file holds the whole model; loaded again, it predicts the same.
# zh: 文件里保存着整个模型，重新加载后预测相同。
model.save("regularized_mlp.keras")
loaded_model = keras.models.load_model("regularized_mlp.keras")
loaded_prediction = loaded_model.predict(sample, verbose=0)
print("loaded model agrees:", np.allclose(loaded_prediction, prediction))
