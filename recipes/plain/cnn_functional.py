# Reads handwritten digits (MNIST): a convolutional network in the Functional API.
# zh: 识别手写数字（MNIST）：用函数式 API 搭建的卷积神经网络。

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

# A fixed seed: run it again, and the result is the same.
# zh: 固定随机种子：再次运行，结果相同。
keras.utils.set_random_seed(0)

# MNIST: 60,000 images to learn from, 10,000 to test on; 28 x 28 greys, 0 to 255.
# The file lies beside this program. To get it: kerastut copy --data mnist
# Where the network allows, keras.datasets.mnist.load_data() has the same arrays.
# Three splits: training to fit the weights, validation to watch, test for the end.
# Convolutions want an axis of channels; grey images have one.
# zh: MNIST：60000 幅图像用于学习，10000 幅用于测试；28 x 28 个灰度值（0～255）。
# zh: 数据文件与本程序放在同一文件夹，获取方法：kerastut copy --data mnist
# zh: 能联网时，keras.datasets.mnist.load_data() 也给出同样的数组。
# zh: 分成三份：训练集用来拟合权重，验证集用来观察训练过程，测试集留到最后。
# zh: 卷积层需要通道维，灰度图像只有一个通道。
with np.load("mnist.npz") as data:
    x_train = np.expand_dims(data["x_train"][:55000], axis=-1)
    y_train = data["y_train"][:55000]
    x_validation = np.expand_dims(data["x_train"][55000:], axis=-1)
    y_validation = data["y_train"][55000:]
    x_test = np.expand_dims(data["x_test"], axis=-1)
    y_test = data["y_test"]

# Each layer is called with a tensor and returns the next one. At the end, a model
# is made of the first tensor and the last. Padding keeps 28 x 28 in a convolution.
# zh: 每一层以一个张量为输入来调用，返回下一个张量；最后由首尾两个张量构成模型。
# zh: 填充（padding）使卷积后仍是 28 x 28。
inputs = keras.Input((28, 28, 1))
features = layers.Rescaling(1 / 255)(inputs)
features = layers.Conv2D(32, 3, padding="same", activation="relu")(features)
features = layers.MaxPooling2D()(features)
features = layers.Conv2D(64, 3, padding="same", activation="relu")(features)
features = layers.MaxPooling2D()(features)
features = layers.Flatten()(features)
features = layers.Dense(128, activation="relu")(features)
outputs = layers.Dense(10, activation="softmax")(features)
model = keras.Model(inputs, outputs)
model.summary()

# 2 epochs of 430 steps: the learning rate falls to zero along half a cosine.
# zh: 2 轮，每轮 430 步：学习率沿半个余弦降到零。
learning_rate = keras.optimizers.schedules.CosineDecay(0.002, decay_steps=860)
optimizer = keras.optimizers.Adam(learning_rate)

# Labels are whole numbers from 0 to 9; the sparse loss takes them as they are.
# zh: 标签是 0～9 的整数，名称以 sparse 开头的损失函数直接接收整数标签。
model.compile(
    optimizer=optimizer,
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
history = model.fit(
    x_train,
    y_train,
    batch_size=128,
    epochs=2,
    validation_data=(x_validation, y_validation),
    verbose=2,
)

# The loss after each epoch. Once only the training loss still falls, it overfits.
# zh: 每轮之后的损失。如果只有训练损失还在下降，模型就开始过拟合了。
plt.plot(history.history["loss"], marker=".", label="training")
plt.plot(history.history["val_loss"], marker=".", label="validation")
# Keras counts epochs from 0, the picture from 1.
# zh: Keras 的轮次从 0 数起，图上从 1 数起。
plt.xticks(history.epoch, 1 + np.array(history.epoch))
plt.xlabel("epoch")
plt.ylabel("loss")
plt.legend()
plt.savefig("cnn_functional.png")

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
model.save("cnn_functional.keras")
loaded_model = keras.models.load_model("cnn_functional.keras")
loaded_prediction = loaded_model.predict(sample, verbose=0)
print("loaded model agrees:", np.allclose(loaded_prediction, prediction))
