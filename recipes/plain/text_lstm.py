# Reads Chinese reviews with a recurrent network (LSTM): positive or negative?
# zh: 用循环神经网络（LSTM）阅读中文评论，判断是正面还是负面。

import csv

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

# A fixed seed: run it again, and the result is the same.
# zh: 固定随机种子：再次运行，结果相同。
keras.utils.set_random_seed(0)

# 17,361 Chinese reviews in random order; the label 1 is positive, 0 negative.
# The file lies beside this program. To get it: kerastut copy --data reviews
# Keras takes arrays of texts with dtype=object.
# zh: 17361 条中文评论，顺序已打乱；标签 1 为正面，0 为负面。
# zh: 数据文件与本程序放在同一文件夹，获取方法：kerastut copy --data reviews
# zh: Keras 接收的文本数组要用 dtype=object。
with open("reviews.csv", encoding="utf-8", newline="") as file:
    rows = list(csv.DictReader(file))
texts = np.array([row["text"] for row in rows], dtype=object)
labels = np.array([int(row["label"]) for row in rows])

# Three splits: training to fit the weights, validation to watch, test for the end.
# Shuffle a table of your own first; its rows may be sorted.
# zh: 分成三份：训练集用来拟合权重，验证集用来观察训练过程，测试集留到最后。
# zh: 自己的表格要先打乱，因为行可能是排好序的。
x_train = texts[:13889]
y_train = labels[:13889]
x_validation = texts[13889:15625]
y_validation = labels[13889:15625]
x_test = texts[15625:]
y_test = labels[15625:]

# This layer turns a text into the numbers of its first 100 pairs of neighbouring
# characters (bigrams); shorter texts are padded with 0. Only training texts decide
# which 20,000 pairs have a number.
# zh: 这一层把文本变成前 100 个二元组（bigram，即相邻两字）的编号，不足的补 0。
# zh: 哪 20000 个二元组有编号，只由训练集的文本决定。
vectorize = layers.TextVectorization(
    max_tokens=20000, split="character", ngrams=(2,), output_sequence_length=100
)
vectorize.adapt(x_train)

# Each pair becomes a vector of 16 numbers; one LSTM reads forwards, one backwards.
# mask_zero skips the padding, behind which a short text would be forgotten.
# Vectorizing is part of the model, so the saved model takes texts.
# zh: 每个二元组变成 16 个数的向量；一个 LSTM 从前往后读，另一个从后往前读。
# zh: mask_zero 跳过填充，否则读完长长的填充，短文本早已被忘掉。
# zh: 文本的转换是模型的一部分，因此保存的模型直接接收文本。
model = keras.Sequential([
    keras.Input((), dtype="string"),
    vectorize,
    layers.Embedding(20000, 16, mask_zero=True),
    layers.Dropout(0.5),
    layers.Bidirectional(layers.LSTM(16)),
    layers.Dense(1, activation="sigmoid"),
])
model.summary()
optimizer = keras.optimizers.Adam(0.005)
model.compile(optimizer=optimizer, loss="binary_crossentropy", metrics=["accuracy"])

# Training stops after an epoch without a lower validation loss, and the weights
# of the best epoch come back.
# zh: 验证损失有一轮没有降低就停止训练，并恢复最好一轮的权重。
stop_early = keras.callbacks.EarlyStopping(
    monitor="val_loss", patience=1, restore_best_weights=True
)
history = model.fit(
    x_train,
    y_train,
    batch_size=256,
    epochs=5,
    validation_data=(x_validation, y_validation),
    callbacks=[stop_early],
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
plt.savefig("text_lstm.png")

# The test split is used once, now that nothing will be changed any more.
# zh: 一切都已确定之后，测试集只用这一次。
scores = model.evaluate(x_test, y_test, verbose=0, return_dict=True)
print(f"test accuracy {scores['accuracy']:.4f}")

# predict takes a batch, so one text is the slice [:1]. Above 0.5 means positive.
# zh: predict 接收一批样本，所以一条文本要写成切片 [:1]。大于 0.5 表示正面。
sample = x_test[:1]
prediction = model.predict(sample, verbose=0)
print(sample[0])
print("true label", y_test[0], "predicted label", int(prediction[0, 0] > 0.5))

# The file holds the whole model; loaded again, it predicts the same.
# zh: 文件里保存着整个模型，重新加载后预测相同。
model.save("text_lstm.keras")
loaded_model = keras.models.load_model("text_lstm.keras")
loaded_prediction = loaded_model.predict(sample, verbose=0)
print("loaded model agrees:", np.allclose(loaded_prediction, prediction))
