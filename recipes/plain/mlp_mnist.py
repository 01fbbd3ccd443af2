# Reads handwritten digits (MNIST) with one hidden layer of 512 units.
# zh: 用一个含 512 个单元的隐藏层识别手写数字（MNIST）。

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
# zh: MNIST：60000 幅图像用于学习，10000 幅用于测试；28 x 28 个灰度值（0～255）。
# zh: 数据文件与本程序放在同一文件夹，获取方法：kerastut copy --data mnist
# zh: 能联网时，keras.datasets.mnist.load_data() 也给出同样的数组。
# zh: 分成三份：训练集用来拟合权重，验证集用来观察训练过程，测试集留到最后。
with np.load("mnist.npz") as data:
    x_train = data["x_train"][:55000]
    y_train = data["y_train"][:55000]
    x_validation = data["x_train"][55000:]
    y_validation = data["y_train"][55000:]
    x_test = data["x_test"]
    y_test = data["y_test"]

# Scaling to 0..1 is part of the model, so the saved model takes raw pixels.
# Softmax turns the ten outputs into probabilities.
# zh: 缩放到 0～1 是模型的一部分，因此保存的模型直接接收原始像素。
# zh: softmax 把十个输出变成概率。
model = keras.Sequential([
    keras.Input((28, 28)),
    layers.Rescaling(1 / 255),
    layers.Flatten(),
    layers.Dense(512, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
model.summary()

# Labels are whole numbers from 0 to 9; the sparse loss takes them as they are.
# zh: 标签是 0～9 的整数，名称以 sparse 开头的损失函数直接接收整数标签。
model.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)

# In an epoch the model sees every training image once, 128 in a step.
# zh: 一轮（epoch）中，模型把每幅训练图像看一遍，每步 128 幅。
history = model.fit(
    x_train,
    y_train,
    batch_size=128,
    epochs=5,
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
plt.savefig("mlp_mnist.png")

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
model.save("mlp_mnist.keras")
loaded_model = keras.models.load_model("mlp_mnist.keras")
loaded_prediction = loaded_model.predict(sample, verbose=0)
print("loaded model agrees:", np.allclose(loaded_prediction, prediction))
