# Two digits in, two answers out: their sum, and whether the sum is odd.
# zh: 输入两个数字的图像，输出两个答案：它们的和，以及和是否为奇数。

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

# A fixed seed: run it again, and the result is the same.
# zh: 固定随机种子：再次运行，结果相同。
keras.utils.set_random_seed(0)


# Each image gets another one, drawn at random, as its partner. Inputs and targets
# have names; the model below has the same names. Convolutions want a channel axis.
# zh: 每幅图像与随机抽取的另一幅配成一对。输入和目标都有名称，
# zh: 下面的模型使用同样的名称。卷积层需要通道维。
def make_pairs(images, digits):
    images = np.expand_dims(images, axis=-1)
    partners = np.random.permutation(len(images))
    total = digits + digits[partners]
    inputs = {"left": images, "right": images[partners]}
    return inputs, {"sum": total, "parity": total % 2}


# MNIST: images of handwritten digits, 28 x 28 grey values, 0 to 255.
# The file lies beside this program. To get it: kerastut copy --data mnist
# Where the network allows, keras.datasets.mnist.load_data() has the same arrays.
# Three splits: training to fit the weights, validation to watch, test for the end.
# zh: MNIST：手写数字的图像，每幅 28 x 28 个灰度值（0～255）。
# zh: 数据文件与本程序放在同一文件夹，获取方法：kerastut copy --data mnist
# zh: 能联网时，keras.datasets.mnist.load_data() 也给出同样的数组。
# zh: 分成三份：训练集用来拟合权重，验证集用来观察训练过程，测试集留到最后。
with np.load("mnist.npz") as data:
    images = data["x_train"]
    digits = data["y_train"]
    x_train, y_train = make_pairs(images[:20000], digits[:20000])
    validation = make_pairs(images[20000:25000], digits[20000:25000])
    x_test, y_test = make_pairs(data["x_test"], data["y_test"])

# Both images go through the same layers, with the same weights.
# zh: 两幅图像经过同样的层，共享权重。
tower = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Rescaling(1 / 255),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(),
    layers.Conv2D(32, 3, activation="relu"),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dense(64, activation="relu"),
])
left = keras.Input((28, 28, 1), name="left")
right = keras.Input((28, 28, 1), name="right")
joined = layers.Concatenate()([tower(left), tower(right)])
hidden = layers.Dense(128, activation="relu")(joined)

# The sum is one of 19 classes, 0 to 18; odd or even takes a single probability.
# zh: 和有 19 种取值（0～18），是 19 类的分类；奇偶只需要一个概率。
total = layers.Dense(19, activation="softmax")(hidden)
odd = layers.Dense(1, activation="sigmoid")(hidden)
model = keras.Model({"left": left, "right": right}, {"sum": total, "parity": odd})
model.summary()

# 5 epochs of 209 steps: the learning rate falls to zero along half a cosine.
# Each output has its own loss and metric; the two losses are added.
# zh: 5 轮，每轮 209 步：学习率沿半个余弦降到零。
# zh: 每个输出有自己的损失函数和指标，总损失是两个损失之和。
learning_rate = keras.optimizers.schedules.CosineDecay(0.003, decay_steps=1045)
optimizer = keras.optimizers.Adam(learning_rate)
losses = {"sum": "sparse_categorical_crossentropy", "parity": "binary_crossentropy"}
metrics = {"sum": ["accuracy"], "parity": ["accuracy"]}
model.compile(optimizer=optimizer, loss=losses, metrics=metrics)
history = model.fit(
    x_train, y_train, batch_size=96, epochs=5, validation_data=validation, verbose=2
)

plt.plot(history.history["val_sum_accuracy"], marker=".", label="sum")
plt.plot(history.history["val_parity_accuracy"], marker=".", label="parity")
# Keras counts epochs from 0, the picture from 1.
# zh: Keras 的轮次从 0 数起，图上从 1 数起。
plt.xticks(history.epoch, 1 + np.array(history.epoch))
plt.xlabel("epoch")
plt.ylabel("validation accuracy")
plt.legend()
plt.savefig("functional_multi_io.png")

# The test split is used once, now that nothing will be changed any more.
# zh: 一切都已确定之后，测试集只用这一次。
scores = model.evaluate(x_test, y_test, verbose=0, return_dict=True)
print(f"test sum_accuracy {scores['sum_accuracy']:.4f}")
print(f"test parity_accuracy {scores['parity_accuracy']:.4f}")

# predict takes a batch, so one pair is the slice [:1] of either input.
# zh: predict 接收一批样本，所以一对图像是两个输入各取切片 [:1]。
sample = {"left": x_test["left"][:1], "right": x_test["right"][:1]}
prediction = model.predict(sample, verbose=0)["sum"]
print("true sum", y_test["sum"][0], "predicted sum", prediction[0].argmax())

# The file holds the whole model; loaded again, it predicts the same.
# zh: 文件里保存着整个模型，重新加载后预测相同。
model.save("functional_multi_io.keras")
loaded_model = keras.models.load_model("functional_multi_io.keras")
loaded_prediction = loaded_model.predict(sample, verbose=0)["sum"]
print("loaded model agrees:", np.allclose(loaded_prediction, prediction))
