# Reads handwritten digits (MNIST) with two hidden layers and dropout after each.
# zh: 用两个隐藏层识别手写数字（MNIST），每个隐藏层之后都有 Dropout（暂退法）。

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

# In training, each dropout layer sets a random fifth of its inputs to zero.
# In evaluation and prediction it does nothing; nothing has to be switched off.
# zh: 训练时，每个 Dropout 层把随机五分之一的输入置零。
# zh: 评估和预测时它什么也不做，不必手动关闭。
model = keras.Sequential([
    keras.Input((28, 28)),
    layers.Rescaling(1 / 255),
    layers.Flatten(),
    layers.Dense(64, activation="relu"),
    layers.Dropout(0.2),
    layers.Dense(64, activation="relu"),
    layers.Dropout(0.2),
    layers.Dense(10, activation="softmax"),
])
model.summary()

# Labels are whole numbers from 0 to 9; the sparse loss takes them as they are.
# zh: 标签是 0～9 的整数，名称以 sparse 开头的损失函数直接接收整数标签。
model.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)

# After each epoch the first callback writes the training into a folder: stopped and
# started again, the program goes on with the epoch that was under way. The second
# keeps the weights of the epoch with the lowest validation loss.
# zh: 第一个回调在每一轮之后把训练状态写进一个文件夹：程序中断后再次启动，
# zh: 就从没走完的那一轮接着训练。第二个回调留住验证损失最低的一轮的权重。
go_on_after_a_stop = keras.callbacks.BackupAndRestore("dropout_mlp_backup")
keep_best = keras.callbacks.ModelCheckpoint(
    "dropout_mlp.weights.h5",
    monitor="val_loss",
    save_best_only=True,
    save_weights_only=True,
)
history = model.fit(
    x_train,
    y_train,
    batch_size=128,
    epochs=12,
    validation_data=(x_validation, y_validation),
    callbacks=[go_on_after_a_stop, keep_best],
    verbose=2,
)
model.load_weights("dropout_mlp.weights.h5")

# Validation is better than training here, since dropout acts in training alone.
# zh: 这里验证集的准确率比训练集高，因为 Dropout 只在训练时起作用。
plt.plot(history.history["accuracy"], marker=".", label="training")
plt.plot(history.history["val_accuracy"], marker=".", label="validation")
# Keras counts epochs from 0, the picture from 1.
# zh: Keras 的轮次从 0 数起，图上从 1 数起。
plt.xticks(history.epoch, 1 + np.array(history.epoch))
plt.xlabel("epoch")
plt.ylabel("accuracy")
plt.legend()
plt.savefig("dropout_mlp.png")

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
model.save("dropout_mlp.keras")
loaded_model = keras.models.load_model("dropout_mlp.keras")
loaded_prediction = loaded_model.predict(sample, verbose=0)
print("loaded model agrees:", np.allclose(loaded_prediction, prediction))
