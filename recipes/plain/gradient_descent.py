# Gradient descent on a line, three ways: by hand, with GradientTape, with Keras.
# zh: 用三种方式做梯度下降来拟合直线：手工计算、GradientTape、Keras。

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

# A fixed seed, and double precision, so that the three ways can be compared.
# zh: 固定随机种子，并使用双精度，便于比较三种方式。
keras.utils.set_random_seed(0)
keras.config.set_floatx("float64")
keras.config.set_dtype_policy("float64")

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


# By hand: how the mean squared error changes with the weight and with the bias.
# zh: 手工计算：均方误差对权重和偏置的导数。
def gradient(line, inputs, targets):
    error = line[0] * inputs + line[1] - targets
    return np.array([np.mean(2 * error * inputs), np.mean(2 * error)])


# Four epochs, 32 points in a step, each step a little way against the gradient.
# zh: 共四轮，每步取 32 个点，沿负梯度方向走一小段。
line = np.array([-1.0, 3.0])
for epoch in range(4):
    for start in range(0, 1000, 32):
        stop = start + 32
        line = line - 0.1 * gradient(line, x_train[start:stop], y_train[start:stop])
print("by hand: weight and bias", line)

# With GradientTape: automatic differentiation gives the same gradient.
# zh: 用 GradientTape（梯度带）：自动微分给出同样的梯度。
variable = tf.Variable(line)
with tf.GradientTape() as tape:
    loss = tf.reduce_mean((variable[0] * x_train + variable[1] - y_train) ** 2)
difference = tape.gradient(loss, variable) - gradient(line, x_train, y_train)
print(f"gradient_difference {np.abs(difference).max():.1e}")

# With Keras: the same start, and the same batches in the same order.
# zh: 用 Keras：起点相同，每批数据及其顺序也相同。
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.set_weights([np.array([[-1.0]]), np.array([3.0])])
model.summary()
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mean_squared_error")
history = model.fit(
    x_train,
    y_train,
    batch_size=32,
    epochs=4,
    validation_data=(x_validation, y_validation),
    shuffle=False,
    verbose=2,
)
weight, bias = model.get_weights()
print(f"step_difference {np.abs(np.append(weight, bias) - line).max():.1e}")

# The loss after each epoch.
# zh: 每轮之后的损失。
plt.plot(history.history["loss"], label="training")
plt.plot(history.history["val_loss"], label="validation")
# Keras counts epochs from 0, the picture from 1.
# zh: Keras 的轮次从 0 数起，图上从 1 数起。
plt.xticks(history.epoch, 1 + np.array(history.epoch))
plt.xlabel("epoch")
plt.ylabel("mean squared error")
plt.legend()
plt.savefig("gradient_descent.png")

# The test split is used once, now that nothing will be changed any more.
# The noise alone leaves a mean squared error of 0.01; no line is better on average.
# zh: 一切都已确定之后，测试集只用这一次。
# zh: 仅噪声就会留下 0.01 的均方误差，平均而言没有更好的直线。
test_loss = model.evaluate(x_test, y_test, verbose=0)
print(f"test loss {test_loss:.6f}")

# predict takes a batch, so one point is the slice [:1]; [0] would lose an axis.
# zh: predict 接收一批样本，所以一个点要写成切片 [:1]，写 [0] 会少一个维度。
sample = x_test[:1]
prediction = model.predict(sample, verbose=0)
print(f"true value {y_test[0, 0]:.3f} predicted value {prediction[0, 0]:.3f}")

# The file holds the whole model; loaded again, it predicts the same.
# zh: 文件里保存着整个模型，重新加载后预测相同。
model.save("gradient_descent.keras")
loaded_model = keras.models.load_model("gradient_descent.keras")
loaded_prediction = loaded_model.predict(sample, verbose=0)
print("loaded model agrees:", np.allclose(loaded_prediction, prediction))
