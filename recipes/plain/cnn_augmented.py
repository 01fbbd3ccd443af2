# Learns digits from 2,000 images, with and without random turns and shifts.
# zh: 只用 2000 幅图像学习识别数字，比较有无数据增强（随机旋转和平移）的差别。

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
# Convolutions want an axis of channels; grey images have one.
# zh: MNIST：手写数字的图像，每幅 28 x 28 个灰度值（0～255）。
# zh: 数据文件与本程序放在同一文件夹，获取方法：kerastut copy --data mnist
# zh: 能联网时，keras.datasets.mnist.load_data() 也给出同样的数组。
# zh: 分成三份：训练集用来拟合权重，验证集用来观察训练过程，测试集留到最后。
# zh: 卷积层需要通道维，灰度图像只有一个通道。
with np.load("mnist.npz") as data:
    x_train = np.expand_dims(data["x_train"][:2000], axis=-1)
    y_train = data["y_train"][:2000]
    x_validation = np.expand_dims(data["x_train"][2000:4000], axis=-1)
    y_validation = data["y_train"][2000:4000]
    x_test = np.expand_dims(data["x_test"], axis=-1)
    y_test = data["y_test"]

# Turns of up to 15 degrees, as a part of a full turn; shifts of up to a tenth.
# These layers act in fit alone; evaluate and predict pass images on unchanged.
# A call of your own is model(x, training=False).
# zh: 旋转不超过 15 度（以整圈为单位表示），平移不超过十分之一。
# zh: 这些层只在 fit 里起作用，evaluate 和 predict 原样输出图像。
# zh: 自己调用模型时，要写 model(x, training=False)。
turn = layers.RandomRotation(15 / 360, fill_mode="constant")
shift = layers.RandomTranslation(0.1, 0.1, fill_mode="constant")


# The same network twice: only its first layers differ.
# zh: 同样的网络训练两次，只有最前面的层不同。
def train(first_layers, label):
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        *first_layers,
        layers.Rescaling(1 / 255),
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ])
    model.summary()
    loss = "sparse_categorical_crossentropy"
    model.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    history = model.fit(
        x_train,
        y_train,
        batch_size=32,
        epochs=15,
        validation_data=(x_validation, y_validation),
        verbose=2,
    )
    # Keras counts epochs from 0, the picture from 1.
    # zh: Keras 的轮次从 0 数起，图上从 1 数起。
    epochs = 1 + np.array(history.epoch)
    plt.plot(epochs, history.history["val_loss"], marker=".", label=label)
    return model


bare_model = train([], "not augmented")
model = train([turn, shift], "augmented")
plt.xlabel("epoch")
plt.ylabel("validation loss")
plt.legend()
plt.savefig("cnn_augmented.png")

# The test split comes last: as it is, then perturbed, that is, turned and shifted.
# training=True has the two layers act here as well. The gain is what they added.
# zh: 最后才用测试集：先用原图，再用扰动（旋转和平移）后的图像。
# zh: training=True 使这两层在这里也起作用。gain 是数据增强带来的提升。
scores = model.evaluate(x_test, y_test, verbose=0, return_dict=True)
print(f"test accuracy {scores['accuracy']:.4f}")
moved = shift(turn(x_test, training=True), training=True)
scores = model.evaluate(moved, y_test, verbose=0, return_dict=True)
bare_scores = bare_model.evaluate(moved, y_test, verbose=0, return_dict=True)
print(f"perturbed {scores['accuracy']:.4f}")
print(f"gain {scores['accuracy'] - bare_scores['accuracy']:.4f}")

# predict takes a batch, so one image is the slice [:1]; [0] would lose an axis.
# zh: predict 接收一批样本，所以一幅图像要写成切片 [:1]，写 [0] 会少一个维度。
sample = x_test[:1]
prediction = model.predict(sample, verbose=0)
print("true digit", y_test[0], "predicted digit", prediction[0].argmax())

# The file holds the whole model; loaded again, it predicts the same.
# zh: 文件里保存着整个模型，重新加载后预测相同。
model.save("cnn_augmented.keras")
loaded_model = keras.models.load_model("cnn_augmented.keras")
loaded_prediction = loaded_model.predict(sample, verbose=0)
print("loaded model agrees:", np.allclose(loaded_prediction, prediction))
