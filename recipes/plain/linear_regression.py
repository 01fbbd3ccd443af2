# Fits a straight line to noisy points: one unit learns a weight and a bias.
# zh: 用直线拟合带噪声的点：一个单元学习一个权重和一个偏置。

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

# A fixed seed: run it again, and the result is the same.
# zh: 固定随机种子：再次运行，结果相同。
keras.utils.set_random_seed(0)

# The points: y = 2x + 1, plus noise with a standard deviation of 0.1.
# zh: 数据点：y = 2x + 1，加上标准差为 0.1 的噪声。
inputs = np.random.uniform(-1, 1, size=(2200, 1))
targets = 2 * inputs + 1 + np.random.normal(0, 0.1, size=(2200, 1))

# Three splits: training to fit the weights, validation to watch, test for the end.
# zh: 分成三份：训练集用来拟合权重，验证集用来观察训练过程，测试集留到最后。
x_train = inputs[:1000]
y_train = targets[:1000]
x_validation = inputs[1000:1200]
y_validation = targets[1000:1200]
x_test = inputs[1200:]
y_test = targets[1200:]

# A unit without an activation computes weight * x + bias.
# zh: 没有激活函数的单元计算 weight * x + bias。
model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
model.summary()

# Gradient descent with all 1,000 points in each step: here, an epoch is one step.
# With a learning rate above 1 or so, training diverges.
# zh: 梯度下降，每一步使用全部 1000 个点，所以这里的一轮（epoch）就是一步。
# zh: 学习率超过 1 左右，训练就会发散。
optimizer = keras.optimizers.SGD(learning_rate=0.75)
model.compile(optimizer=optimizer, loss="mean_squared_error")
history = model.fit(
    x_train,
    y_train,
    batch_size=1000,
    epochs=20,
    validation_data=(x_validation, y_validation),
    verbose=2,
)

# The loss after each epoch. Keras counts epochs from 0, the picture from 1.
# zh: 每轮之后的损失。Keras 的轮次从 0 数起，图上从 1 数起。
epochs = 1 + np.array(history.epoch)
plt.plot(epochs, history.history["loss"], label="training")
plt.plot(epochs, history.history["val_loss"], label="validation")
plt.yscale("log")
plt.xticks(epochs[4::5])
plt.xlabel("epoch")
plt.ylabel("mean squared error")
plt.legend()
plt.savefig("linear_regression.png")

# The test split is used once, now that nothing will be changed any more.
# The noise alone leaves a mean squared error of 0.01; no line is better on average.
# zh: 一切都已确定之后，测试集只用这一次。
# zh: 仅噪声就会留下 0.01 的均方误差，平均而言没有更好的直线。
test_loss = model.evaluate(x_test, y_test, verbose=0)
print(f"test loss {test_loss:.6f}")

# The best line for the training points is known: least squares.
# zh: 训练点的最优直线是已知的，即最小二乘解。
weights = model.get_weights()
learned = np.array([weights[0][0, 0], weights[1][0]])
best = np.polyfit(x_train[:, 0], y_train[:, 0], deg=1)
print("learned: weight and bias", learned, "least squares", best)
print(f"weight_error {abs(learned[0] - best[0]):.7f}")
print(f"bias_error {abs(learned[1] - best[1]):.7f}")

# predict takes a batch, so one point is the slice [:1]; [0] would lose an axis.
# zh: predict 接收一批样本，所以一个点要写成切片 [:1]，写 [0] 会少一个维度。
sample = x_test[:1]
prediction = model.predict(sample, verbose=0)
print(f"true value {y_test[0, 0]:.3f} predicted value {prediction[0, 0]:.3f}")

# The file holds the whole model; loaded again, it predicts the same.
# zh: 文件里保存着整个模型，重新加载后预测相同。
model.save("linear_regression.keras")
loaded_model = keras.models.load_model("linear_regression.keras")
loaded_prediction = loaded_model.predict(sample, verbose=0)
print("loaded model agrees:", np.allclose(loaded_prediction, prediction))
