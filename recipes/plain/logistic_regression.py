# Tells two overlapping classes in the plane apart with one sigmoid unit.
# zh: 用一个 sigmoid 单元区分平面上两个相互重叠的类别。

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

# A fixed seed: run it again, and the result is the same.
# zh: 固定随机种子：再次运行，结果相同。
keras.utils.set_random_seed(0)

# Two round clouds of points, their centres 2 apart, with a standard deviation of 1.
# zh: 两团圆形的点，中心相距 2，标准差为 1。
centres = np.array([[-0.3, -0.2], [1.3, 1.0]])
labels = np.random.permutation(np.arange(22500) % 2)
points = centres[labels] + np.random.normal(0, 1, size=(22500, 2))

# Three splits: training to fit the weights, validation to watch, test for the end.
# zh: 分成三份：训练集用来拟合权重，验证集用来观察训练过程，测试集留到最后。
x_train = points[:2000]
y_train = labels[:2000]
x_validation = points[2000:2500]
y_validation = labels[2000:2500]
x_test = points[2500:]
y_test = labels[2500:]

# The unit computes the probability of class 1 from two weights and a bias.
# Labels must be 0 and 1: with -1 and 1, this loss is wrong without an error.
# zh: 该单元由两个权重和一个偏置算出类别 1 的概率。
# zh: 标签必须是 0 和 1；若用 -1 和 1，这个损失不会报错，结果却是错的。
model = keras.Sequential([keras.Input((2,)), layers.Dense(1, activation="sigmoid")])
model.summary()

# Gradient descent with all 2,000 points in each step: here, an epoch is one step.
# zh: 梯度下降，每一步使用全部 2000 个点，所以这里的一轮（epoch）就是一步。
optimizer = keras.optimizers.SGD(learning_rate=4.0)
model.compile(optimizer=optimizer, loss="binary_crossentropy", metrics=["accuracy"])
# Sixty lines would be much to read: verbose=0 prints none, the picture shows them.
# zh: 六十行太长，verbose=0 一行也不打印，改看下面的图。
history = model.fit(
    x_train,
    y_train,
    batch_size=2000,
    epochs=60,
    validation_data=(x_validation, y_validation),
    verbose=0,
)

# The loss after each epoch. Keras counts epochs from 0, the picture from 1.
# zh: 每轮之后的损失。Keras 的轮次从 0 数起，图上从 1 数起。
epochs = 1 + np.array(history.epoch)
plt.plot(epochs, history.history["loss"], label="training")
plt.plot(epochs, history.history["val_loss"], label="validation")
plt.xlabel("epoch")
plt.ylabel("binary cross entropy")
plt.legend()
plt.savefig("logistic_regression.png")

# The test split is used once, now that nothing will be changed any more.
# The classes overlap: even the best classifier is right only 84.13 % of the time.
# zh: 一切都已确定之后，测试集只用这一次。
# zh: 两个类别相互重叠，最好的分类器也只能达到 84.13% 的准确率。
scores = model.evaluate(x_test, y_test, verbose=0, return_dict=True)
print(f"test accuracy {scores['accuracy']:.4f}")

# The best weights for the training points are known: Newton's method finds them.
# zh: 训练点的最优权重是已知的，可以用牛顿法求出。
design = np.column_stack([x_train, np.ones(2000)])
best = np.zeros(3)
for step in range(10):
    probability = 1 / (1 + np.exp(-design @ best))
    gradient = design.T @ (probability - y_train)
    curvature = design.T @ np.diag(probability * (1 - probability)) @ design
    best = best - np.linalg.solve(curvature, gradient)
weights = model.get_weights()
learned = np.append(weights[0], weights[1])
print("learned: weights and bias", learned, "Newton", best)
print(f"weight_error {np.abs(learned - best).max():.7f}")

# predict takes a batch, so one point is the slice [:1]; [0] would lose an axis.
# zh: predict 接收一批样本，所以一个点要写成切片 [:1]，写 [0] 会少一个维度。
sample = x_test[:1]
prediction = model.predict(sample, verbose=0)
print("true class", y_test[0], "predicted class", int(prediction[0, 0] > 0.5))

# The file holds the whole model; loaded again, it predicts the same.
# zh: 文件里保存着整个模型，重新加载后预测相同。
model.save("logistic_regression.keras")
loaded_model = keras.models.load_model("logistic_regression.keras")
loaded_prediction = loaded_model.predict(sample, verbose=0)
print("loaded model agrees:", np.allclose(loaded_prediction, prediction))
