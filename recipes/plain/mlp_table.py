# Tells three species of penguins apart by a table of numbers and words.
# zh: 用一张含数值和词语的表格区分三种企鹅。

import csv

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# A fixed seed: run it again, and the result is the same.
# zh: 固定随机种子：再次运行，结果相同。
keras.utils.set_random_seed(0)

# 344 penguins; NA where a value is missing, and such a row is left out.
# The file lies beside this program. To get it: kerastut copy --data penguins
# The rows are sorted by species, so they are shuffled.
# zh: 344 只企鹅；缺失的值写作 NA，这样的行不用。
# zh: 数据文件与本程序放在同一文件夹，获取方法：kerastut copy --data penguins
# zh: 表格按物种排序，所以先打乱。
with open("penguins.csv", encoding="utf-8", newline="") as file:
    rows = [row for row in csv.DictReader(file) if "NA" not in row.values()]
np.random.shuffle(rows)
names = ["Adelie", "Chinstrap", "Gentoo"]
labels = np.array([names.index(row["species"]) for row in rows])

# Keras's FeatureSpace turns a row into numbers: it normalises those of the table,
# and gives each word a 0 or a 1 of its own.
# zh: Keras 的 FeatureSpace 把一行变成一组数：数值标准化，每个词各占一个 0 或 1。
kinds = {"island": "string_categorical", "sex": "string_categorical"}
columns = {"island": tf.constant([row["island"] for row in rows])}
columns["sex"] = tf.constant([row["sex"] for row in rows])
for name in ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]:
    kinds[name] = "float_normalized"
    columns[name] = tf.constant([float(row[name]) for row in rows])
space = keras.utils.FeatureSpace(kinds, output_mode="concat")

# Means and words are those of the training rows alone.
# zh: 均值和词表只取自训练的行。
training = tf.data.Dataset.from_tensor_slices(columns).take(267)
space.adapt(training.batch(64))
features = np.array(space(columns))

# Three splits: training to fit the weights, validation to watch, test for the end.
# zh: 分成三份：训练集用来拟合权重，验证集用来观察训练过程，测试集留到最后。
x_train = features[:267]
y_train = labels[:267]
x_validation = features[267:300]
y_validation = labels[267:300]
x_test = features[300:]
y_test = labels[300:]

# Wide and deep: the last layer sees the hidden one and the row itself, so that
# the net holds a linear model. It starts from zeros.
# zh: 宽度与深度结合：最后一层既看隐藏层的输出，也直接看这一行，
# zh: 所以网络里包含线性模型。最后一层的权重从零开始。
inputs = keras.Input((features.shape[1],))
hidden = keras.layers.Dense(64, activation="relu")(inputs)
beside = keras.layers.Concatenate()([inputs, hidden])
last = keras.layers.Dense(3, activation="softmax", kernel_initializer="zeros")
model = keras.Model(inputs, last(beside))
model.summary()
model.compile(
    optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
validation = (x_validation, y_validation)
history = model.fit(
    x_train, y_train, epochs=40, validation_data=validation, verbose=2
)

# The loss after each epoch. Keras counts epochs from 0, the picture from 1.
# zh: 每轮之后的损失。Keras 的轮次从 0 数起，图上从 1 数起。
epochs = 1 + np.array(history.epoch)
plt.plot(epochs, history.history["loss"], label="training")
plt.plot(epochs, history.history["val_loss"], label="validation")
plt.xlabel("epoch")
plt.ylabel("cross entropy")
plt.legend()
plt.savefig("mlp_table.png")

# The test split is used once, now that nothing will be changed any more.
# The baseline is the best linear model: least squares on a 1 for each class.
# zh: 一切都已确定之后，测试集只用这一次。
# zh: 基线是最好的线性模型：对每个类别的 0 和 1 做最小二乘。
scores = model.evaluate(x_test, y_test, verbose=0, return_dict=True)
weights = np.linalg.lstsq(x_train, np.eye(3)[y_train], rcond=None)[0]
linear = np.mean(np.argmax(x_test @ weights, axis=1) == y_test)
print(f"test accuracy {scores['accuracy']:.4f}")
print(f"lead {scores['accuracy'] - linear:.4f}")

# predict takes a batch, so one row is the slice [:1]; [0] would lose an axis.
# zh: predict 接收一批样本，所以一行要写成切片 [:1]，写 [0] 会少一个维度。
sample = x_test[:1]
prediction = model.predict(sample, verbose=0)
print("true", names[y_test[0]], "predicted", names[prediction.argmax()])

# The file holds the whole model; loaded again, it predicts the same.
# zh: 文件里保存着整个模型，重新加载后预测相同。
model.save("mlp_table.keras")
loaded_model = keras.models.load_model("mlp_table.keras")
loaded_prediction = loaded_model.predict(sample, verbose=0)
print("loaded model agrees:", np.allclose(loaded_prediction, prediction))
