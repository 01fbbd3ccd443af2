# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["lang-en"]
# # Regression: a value, and a probability
#
# Training always ends with some numbers, and nobody says whether they are good. This chapter takes
# two problems whose best answer is known from elsewhere: a line, where least squares gives it in
# one formula, and a yes or no, where Newton's method finds it in a few steps. So we can see how
# near Keras comes, and what a low loss does not tell.
#
# - **Prerequisites**: the chapter on foundations (loss, gradient, learning rate); solving a system
#   of linear equations; the logarithm.
# - **You will be able to**: derive and solve the normal equations; tell the loss that noise leaves
#   from the loss that a wrong model leaves; write down the sigmoid, the cross entropy and their
#   gradient; compare gradient descent with Newton's method.
# - **Minutes**: about 60 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 回归：预测数值，预测概率
#
# 训练结束时总会得到一些数字，可没有人告诉你这些数字好不好。本章选了两个问题，
# 它们的最佳答案可以另外求出：一个是直线，最小二乘用一个公式就能给出答案；另一个是“是或否”，
# 牛顿法几步就能求出。这样就能看清 Keras 离最佳答案有多近，也能看清损失低并不说明什么。
#
# - **预备知识**：“基础”一章（损失、梯度、学习率）；解线性方程组；对数。
# - **学完之后你能够**：推导并求解正规方程；分清哪部分损失来自噪声，哪部分来自选错的模型；写出
#   sigmoid、交叉熵及其梯度；比较梯度下降与牛顿法。
# - **用时**：连同练习约 60 分钟。

# %% tags=["install"]
# %pip install --quiet kerastut

# %%
# %matplotlib inline
import keras
import numpy as np
import tensorflow as tf

import kerastut
from kerastut import teaching

linear, logistic = map(teaching.recipe, ("linear-regression", "logistic-regression"))
data = kerastut.load("line")
x, y = (part.astype("float64").ravel() for part in (data.train.x, data.train.y))
teaching.residuals(x[:40], y[:40], (1.2, 1.3), "can another line do better?")

# %% [markdown] tags=["lang-en"]
# ## The best line
#
# This line is not bad, and still most red sticks to the left lie below it and those to the right
# above. Which line has the smallest sum of squared sticks? Write all $n$ predictions at once:
#
# $$\hat{y} = X\theta, \qquad L(\theta) = \frac{1}{n} \lVert X\theta - y \rVert^2$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $X$ | a column of inputs, a column of ones | $(n, 2)$ |
# | $\theta$ | slope and intercept | $(2)$ |
# | $y$, $\hat{y}$ | targets, predictions | $(n)$ |
# | $L$ | mean squared error | one number |
#
# The loss is a bowl, so at its lowest point, and only there, the gradient is zero:
#
# $$\begin{aligned} \nabla L = \tfrac{2}{n} X^{\top}(X\theta - y) &= 0 \\
# X^{\top}X\,\theta &= X^{\top}y \end{aligned}$$
#
# These are the normal equations, two of them for two unknowns. Nothing has to be trained.

# %% [markdown] tags=["lang-zh"]
# ## 最佳直线
#
# 这条直线不算差，但左边的红线大多在直线下方，右边的大多在上方。怎样的直线能让红线长度的平方和最小？
# 把全部 $n$ 个预测值写在一起：
#
# $$\hat{y} = X\theta, \qquad L(\theta) = \frac{1}{n} \lVert X\theta - y \rVert^2$$
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $X$ | 一列输入，一列 1 | $(n, 2)$ |
# | $\theta$ | 斜率和截距 | $(2)$ |
# | $y$、$\hat{y}$ | 目标、预测值 | $(n)$ |
# | $L$ | 均方误差 | 一个数 |
#
# 损失的形状像碗，梯度为零的地方只有一处，就是碗底：
#
# $$\begin{aligned} \nabla L = \tfrac{2}{n} X^{\top}(X\theta - y) &= 0 \\
# X^{\top}X\,\theta &= X^{\top}y \end{aligned}$$
#
# 这就是正规方程：两个方程，两个未知数，完全不需要训练。

# %%
columns = np.vander(x, 2)  # x and 1
theta = np.linalg.solve(columns.T @ columns, columns.T @ y)
teaching.match("normal equations, numpy.linalg.lstsq", theta, np.linalg.lstsq(columns, y)[0])
teaching.source(linear.build)

# %% [markdown] tags=["lang-en"]
# The recipe builds the same line as one Keras unit and knows nothing of normal equations. It starts
# anywhere and takes twenty steps downhill, each with all points.
#
# **Predict.** To how many digits will its slope agree with least squares? And will its loss on new
# points reach zero if it trains longer?

# %% [markdown] tags=["lang-zh"]
# 配方用一个 Keras 单元搭出同样的直线，它对正规方程一无所知，只是从随机位置出发，每步用全部点，
# 往下坡走二十步。
#
# **先猜。** 它学到的斜率与最小二乘会有几位数字相同？如果训练得更久，它在新数据上的损失会降到零吗？

# %%
runs = [kerastut.run("linear-regression", seed=seed, verbose=0) for seed in range(3)]
teaching.hold(runs[0])
best = linear.least_squares(runs[0])
teaching.match("Keras, least squares", linear.learned(runs[0]), best, tolerance=1e-3)
teaching.match("predictions", runs[0].predict()[:, 0], np.polyval(best, data.test.x[:, 0]), 1e-3)
linear.figures(runs[0])["line"].get_figure()

# %%
keras_loss = teaching.spread([run.metrics["loss"] for run in runs])
mean_loss = teaching.spread([np.var(run.data.test.y) for run in runs])
teaching.say(
    en=f"Test loss over three seeds: Keras {keras_loss}; always the mean (baseline) {mean_loss}.",
    zh=f"三个随机种子的测试损失：Keras {keras_loss}；总是预测平均值（基线）{mean_loss}。",
)

# %% [markdown] tags=["lang-en"]
# Why are twenty steps enough? The last chapter gives the reason: a step multiplies the distance
# from the best line by $1 - \eta \lambda$ in each direction. The curvatures $\lambda$ are about 2
# for the intercept and, since the mean of $x_i^2$ is a third, about 2/3 for the slope. With
# $\eta = 3/4$ both distances halve at every step, and twenty halvings are six digits.
#
# Longer training would not lower the test loss. Each target carries noise of variance one
# hundredth, which no function of $x$ can foresee: this much is left to the best of models, give or
# take the luck of the test points. Least squares and Keras have both arrived.
#
# ## When it goes wrong: a loss that looks fine
#
# An old tutorial gives the same model another target, $y = x^2$ for $x$ between 0 and 1, without
# noise. The loss falls steadily and comes to rest.
#
# **Predict.** One line learns $2x + 1$ with noise, the other $x^2$ without. Which one ends with the
# lower training loss?

# %% [markdown] tags=["lang-zh"]
# 为什么二十步就够了？道理在上一章：每走一步，到最佳直线的距离在各个方向上都要乘以
# $1 - \eta \lambda$。曲率 $\lambda$ 对截距约为 2；由于 $x_i^2$ 的平均值是三分之一，对斜率约为 2/3。
# 取 $\eta = 3/4$，两个距离每步都减半，减半二十次就是六位数字。
#
# 训练再久，测试损失也不会更低。每个目标都带有方差为百分之一的噪声，而噪声是 $x$
# 的任何函数都预料不到的：最好的模型也会剩下这么多损失，只因测试点的偶然性而略有出入。最小二乘和
# Keras 都已到达终点。
#
# ## 出错的时候：看似正常的损失
#
# 有一篇旧教程给同样的模型换了一个目标：$y = x^2$，$x$ 在 0 和 1 之间，没有噪声。损失稳步下降，
# 最后不再变化。
#
# **先猜。** 一条直线学习带噪声的 $2x + 1$，另一条学习不带噪声的 $x^2$。哪一条的训练损失最后更低？

# %%
keras.utils.set_random_seed(0)
inputs = (x + 1) / 2  # from 0 to 1
options = {"batch_size": len(x), "epochs": 100, "verbose": 0}
wrong = linear.build()
losses = {"$2x + 1$ with noise": linear.build().fit(x, y, **options).history["loss"]}
losses["$x^2$"] = wrong.fit(inputs, inputs**2, **options).history["loss"]
teaching.curves(losses, title="the same line, two targets", xlabel="step", yscale="log")

# %%
far = np.linspace(0, 2, 50)
ahead = {"$x^2$": far**2, "the line trained on $x^2$": wrong.predict(far, verbose=0)[:, 0]}
teaching.curves(ahead, far, points=(inputs, inputs**2), title="beyond the samples", xlabel="$x$")

# %%
share = 1 - losses["$x^2$"][-1] / np.var(inputs**2)
teaching.erratum("T0-01", en=f"R² is still {share:.2f}.", zh=f"R² 仍有 {share:.2f}。")

# %% [markdown] tags=["lang-en"]
# The wrong model has the lower loss. What is left of the first loss is noise, and what is left of
# the second is the bend that a line cannot follow; one number does not tell them apart. Residuals
# do: noise scatters without order along $x$, a wrong model leaves a pattern. So look at them, hold
# the loss against a floor that you know, and test on new data.
#
# ## A probability
#
# Now the answer is no or yes, 0 or 1. A line would predict values below 0 and above 1; so its
# result $z$, the logit, goes through the sigmoid, which bends it into a probability:
#
# $$z = X\theta, \qquad p = \sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# The loss is the cross entropy, the mean of $-\log$ of the probability that was given to the true
# label:
#
# $$\begin{aligned} L = -\frac{1}{n} \sum_{i=1}^{n} \bigl( & y_i \log p_i \\
# & + (1 - y_i) \log (1 - p_i) \bigr) \end{aligned}$$
#
# The points lie in a plane, so $X$ is $(n, 3)$ with its column of ones and $\theta$ is $(3)$: two
# weights and a bias. $z$, $p$ and the labels $y$ are $(n)$. The probability is above one half
# exactly where $z > 0$, so the border between the two answers is the straight line $z = 0$. In
# Keras this is `Dense(1, activation="sigmoid")`. Why not the squared error again?

# %% [markdown] tags=["lang-zh"]
# 选错的模型损失反而更低。前一个损失剩下的是噪声，后一个剩下的是直线跟不上的弯曲，
# 单看一个数分不清二者。残差却能分清：噪声沿 $x$ 杂乱分布，选错的模型则留下规律。所以要看残差，
# 要拿损失与已知的下限比较，还要用新数据测试。
#
# ## 预测概率
#
# 现在答案是“否”或“是”，即 0 或 1。直线会给出小于 0 或大于 1 的值，所以要让它的结果 $z$（称为
# logit）再经过 sigmoid，弯成一个概率：
#
# $$z = X\theta, \qquad p = \sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# 损失用交叉熵，也就是模型给真实标签的概率取 $-\log$，再求平均：
#
# $$\begin{aligned} L = -\frac{1}{n} \sum_{i=1}^{n} \bigl( & y_i \log p_i \\
# & + (1 - y_i) \log (1 - p_i) \bigr) \end{aligned}$$
#
# 数据点在平面上，加上一列 1，$X$ 的形状是 $(n, 3)$，$\theta$ 是 $(3)$：两个权重，一个偏置。$z$、
# $p$ 和标签 $y$ 都是 $(n)$。$z > 0$ 的地方概率恰好大于二分之一，所以两种答案的分界就是直线
# $z = 0$。在 Keras 里写作 `Dense(1, activation="sigmoid")`。为什么不继续用平方误差？

# %%
z = np.linspace(-6, 6, 121)
p = 1 / (1 + np.exp(-z))
costs = {r"cross entropy $-\log\,p$": -np.log(p), "squared error $(1 - p)^2$": (1 - p) ** 2}
teaching.curves(costs, z, title="what a sample of label 1 costs", xlabel="logit $z$", ylabel="loss")

# %% [markdown] tags=["lang-en"]
# Look at the left end, where the model is sure and wrong. The squared error is flat there, so its
# gradient is almost zero and the mistake stays; the cross entropy keeps its slope. Its gradient is
# as simple as that of the line, since the derivative of the sigmoid cancels:
#
# $$\nabla L = \frac{1}{n} X^{\top}(p - y)$$
#
# Its shape is $(3)$, that of $\theta$. By hand, by finite differences and by tape:

# %% [markdown] tags=["lang-zh"]
# 看左端，那里模型很有把握，却答错了。平方误差在那里几乎是平的，梯度接近零，错误就改不过来；
# 交叉熵则一直有坡度。它的梯度和直线的一样简单，因为 sigmoid 的导数恰好消去：
#
# $$\nabla L = \frac{1}{n} X^{\top}(p - y)$$
#
# 它与 $\theta$ 同形状，为 $(3)$。下面分别用手工公式、有限差分和梯度带来算：

# %%
clouds = kerastut.load("blobs").train
points, labels = np.column_stack([clouds.x, np.ones(len(clouds))]).astype("float64"), clouds.y


def entropy(theta):
    p = 1 / (1 + np.exp(-points @ theta))
    return -np.mean(np.log(np.where(labels == 1, p, 1 - p)))


def slope(theta):
    return points.T @ (1 / (1 + np.exp(-points @ theta)) - labels) / len(labels)


unit = logistic.build()
theta = np.concatenate([np.ravel(part) for part in unit.get_weights()]).astype("float64")
with tf.GradientTape() as tape:
    loss = keras.losses.binary_crossentropy(labels, unit(clouds.x)[:, 0])
taped = np.concatenate([np.ravel(part) for part in tape.gradient(loss, unit.weights)])
teaching.match("cross entropy, Keras", entropy(theta), loss)
teaching.match("finite differences", slope(theta), teaching.finite_differences(entropy, [theta])[0])
teaching.match("tape", slope(theta), taped)

# %% [markdown] tags=["lang-en"]
# ## Newton's method
#
# No formula gives the best $\theta$ here, since $p$ depends on $\theta$ through the sigmoid. But
# the loss is still a bowl, and its curvature is known, a matrix $A$ of shape $(3, 3)$:
#
# $$A = \frac{1}{n} X^{\top} \operatorname{diag}\bigl(p(1 - p)\bigr) X$$
#
# Here $\operatorname{diag}$ puts the $n$ numbers on the diagonal of an $(n, n)$ matrix. Gradient
# descent takes the same rate $\eta$ in all directions. Newton's method divides by the curvature and
# goes to the bottom of the parabola that fits the bowl best where it stands:
#
# $$\theta_{t+1} = \theta_t - A^{-1} \nabla L$$
#
# **Predict.** Gradient descent has a good rate and sixty steps. How many does Newton's method need
# to get closer than that?

# %% [markdown] tags=["lang-zh"]
# ## 牛顿法
#
# 这里没有公式能直接给出最佳的 $\theta$，因为 $p$ 通过 sigmoid 依赖于 $\theta$。不过损失仍然像碗，
# 而且曲率已知，是一个形状为 $(3, 3)$ 的矩阵 $A$：
#
# $$A = \frac{1}{n} X^{\top} \operatorname{diag}\bigl(p(1 - p)\bigr) X$$
#
# 其中 $\operatorname{diag}$ 把 $n$ 个数放到 $(n, n)$ 矩阵的对角线上。
# 梯度下降在所有方向上都用同一个学习率 $\eta$；牛顿法则除以曲率，
# 一步走到当前位置上与碗最贴合的抛物面的底部：
#
# $$\theta_{t+1} = \theta_t - A^{-1} \nabla L$$
#
# **先猜。** 梯度下降选了合适的学习率，走六十步。牛顿法要几步才能比它更接近最低点？

# %%
teaching.source(logistic.newton)
best = logistic.newton(clouds.x, labels)
lowest = entropy(best)
newton = [entropy(logistic.newton(clouds.x, labels, steps)) - lowest for steps in range(8)]
theta, descent = np.zeros(3), []
for _ in range(60):
    descent.append(entropy(theta) - lowest)
    theta = theta - 4.0 * slope(theta)
above = {"gradient descent": np.array(descent), "Newton": np.array(newton + 52 * newton[-1:])}
above = {label: np.maximum(values, 1e-16) for label, values in above.items()}
teaching.curves(above, title="distance of the loss from the lowest", xlabel="step", yscale="log")

# %% [markdown] tags=["lang-en"]
# On this scale gradient descent runs along a straight line: every step gains the same share of a
# digit. Newton's method doubles the number of right digits at each step, until the sixteen of
# double precision are used up. Its price is a system of linear equations at every step, with as
# many unknowns as weights: cheap for three, out of the question for millions, see
# [Boyd and Vandenberghe, Convex Optimization, chapter 9](https://web.stanford.edu/~boyd/cvxbook/).
#
# The recipe does the sixty steps in Keras. How good can a classifier be here at all? The clouds
# overlap, and the normal distribution tells how often the best one possible is right.

# %% [markdown] tags=["lang-zh"]
# 在这个刻度下，梯度下降走的是一条直线：每步多得到的位数一样多。牛顿法每走一步，正确的位数就翻一倍，
# 直到双精度的十六位用完为止。代价是每步都要解一个线性方程组，未知数与权重一样多：三个权重很便宜，
# 几百万个就无从谈起，参见
# [Boyd 与 Vandenberghe，Convex Optimization，第 9 章](https://web.stanford.edu/~boyd/cvxbook/)。
#
# 配方用 Keras 走这六十步。在这个问题上，分类器最好能好到什么程度？两团点相互重叠，
# 由正态分布可以算出最好的分类器答对的比例。

# %%
runs = [kerastut.run("logistic-regression", seed=seed, verbose=0) for seed in range(3)]
teaching.hold(runs[0])
teaching.match("Keras, Newton", logistic.learned(runs[0]), best, tolerance=1e-3)
logistic.figures(runs[0])["boundary"].get_figure()

# %%
right = teaching.spread([run.metrics["accuracy"] for run in runs])
half, ceiling = np.mean(labels), kerastut.data.bayes_accuracy()
teaching.say(
    en=f"Test accuracy: {right}; one class (baseline): {half}; best possible: {ceiling:.4f}.",
    zh=f"测试准确率：{right}；总猜同一类（基线）：{half}；理论上限：{ceiling:.4f}。",
)

# %% [markdown] tags=["lang-en"]
# Judged by itself the accuracy looks poor; beside the ceiling nothing is missing. A result needs
# both neighbours: the baseline below and, if one can know it, the best possible above.
#
# A second mistake from the old tutorials costs more. Only the form of the labels changes, from 0
# and 1 to −1 and 1, and nothing warns:

# %% [markdown] tags=["lang-zh"]
# 单看准确率似乎不怎么样，与上限一比，其实一点也不差。一个结果要有两个参照：下面是基线，
# 上面是（如果能知道的话）理论上限。
#
# 旧教程里的另一个错误代价更大。只是标签的形式变了，从 0 和 1 变成 −1 和 1，却没有任何警告：

# %%
signed = logistic.build().fit(clouds.x, 2 * labels - 1, batch_size=2000, epochs=60, verbose=0)
losses = {"labels 0 and 1": runs[0].history["loss"], "labels −1 and 1": signed.history["loss"]}
teaching.curves(losses, title="a loss below zero", xlabel="step", ylabel="cross entropy")

# %%
low = -signed.history["loss"][-1]
teaching.erratum("T4-12", en=f"The loss fell to −{low:.1f}.", zh=f"损失降到了 −{low:.1f}。")

# %% [markdown] tags=["lang-en"]
# A cross entropy is never negative, so a negative one says that labels and loss do not fit.
#
# **Opinion.** Fit the linear model first, on every new problem: it trains in seconds, its weights
# can be read, and what a network gains over it is the only honest measure of the network. The
# [Rules of Machine Learning](https://developers.google.com/machine-learning/guides/rules-of-ml),
# rule 4, say so too: keep the first model simple. **Caveat**: both data sets here are drawn from
# the very model that is fitted. Real data have no known best answer, only baselines.
#
# ## Exercises

# %% [markdown] tags=["lang-zh"]
# 交叉熵不可能为负；出现负值，就说明标签与损失不匹配。
#
# **个人看法。** 遇到新问题，先拟合线性模型：几秒就能训练好，权重可以读懂，而神经网络究竟好在哪里，
# 只有与它相比才说得清。
# [Rules of Machine Learning](https://developers.google.com/machine-learning/guides/rules-of-ml)
# 的第 4 条也主张第一个模型要简单。**注意**：本章的两份数据正是由所拟合的模型生成的；
# 真实数据没有已知的最佳答案，只有基线。
#
# ## 练习

# %% [markdown] tags=["lang-en"]
# **Exercise 1.** All inputs $x_i$ are equal. What happens to the normal equations, and what to
# gradient descent?
#
# <details><summary>Answer</summary>
#
# The columns of $X$ are multiples of each other, $X^{\top}X$ has no inverse, and infinitely many
# lines are equally good. Gradient descent still ends at one of them; which one depends on the
# start.
#
# </details>
#
# **Exercise 2.** Derive $\nabla L = \frac{1}{n} X^{\top}(p - y)$ from
# $\sigma' = \sigma(1 - \sigma)$.
#
# <details><summary>Answer</summary>
#
# For one sample, $\partial L / \partial p = (p - y) / (p (1 - p))$, and
# $\partial p / \partial z = p(1 - p)$. The product is $p - y$; $\partial z / \partial \theta$ is
# the sample's row of $X$.
#
# </details>
#
# **Exercise 3.** A line separates the two classes without an error. Where does gradient descent on
# the cross entropy lead?
#
# <details><summary>Answer</summary>
#
# Nowhere: doubling $\theta$ makes every probability surer and the loss smaller, so the weights grow
# without end while the border hardly moves. Newton's matrix $A$ becomes singular. A penalty on the
# weights, or early stopping, gives an answer again.
#
# </details>
#
# **Exercise 4.** The accuracy on the test data is a little above the best possible. Is that an
# error?
#
# <details><summary>Answer</summary>
#
# No. The best possible holds on average over all points that could be drawn. With $n$ test points
# chance moves an accuracy $a$ by about $\sqrt{a(1 - a)/n}$.
#
# </details>
#
# **Exercise 5.** A line cannot follow $x^2$, but least squares can, if $X$ has a column for it.
# Write the fit for any $X$, and give it three columns.

# %% [markdown] tags=["lang-zh"]
# **练习 1。** 如果所有输入 $x_i$ 都相等，正规方程会怎样？梯度下降又会怎样？
#
# <details><summary>答案</summary>
#
# 此时 $X$ 的两列成比例，$X^{\top}X$ 不可逆，有无穷多条直线同样好。梯度下降仍会停在其中一条，
# 停在哪一条取决于起点。
#
# </details>
#
# **练习 2。** 由 $\sigma' = \sigma(1 - \sigma)$ 推导 $\nabla L = \frac{1}{n} X^{\top}(p - y)$。
#
# <details><summary>答案</summary>
#
# 对单个样本，$\partial L / \partial p = (p - y) / (p (1 - p))$，而
# $\partial p / \partial z = p(1 - p)$，二者相乘得 $p - y$；$\partial z / \partial \theta$ 就是 $X$
# 中该样本所在的行。
#
# </details>
#
# **练习 3。** 如果一条直线能把两类完全分开，对交叉熵做梯度下降会走到哪里？
#
# <details><summary>答案</summary>
#
# 没有终点：把 $\theta$ 加倍，每个概率都更有把握，损失也更小，于是权重无止境地增大，
# 分界线却几乎不动。牛顿法的矩阵 $A$ 会趋于奇异。对权重加惩罚或提前停止，才会重新有答案。
#
# </details>
#
# **练习 4。** 测试数据上的准确率略高于理论上限，是算错了吗？
#
# <details><summary>答案</summary>
#
# 没有算错。上限是对所有可能抽到的点取平均而言的。测试点有 $n$ 个时，偶然因素会使准确率 $a$ 波动约
# $\sqrt{a(1 - a)/n}$。
#
# </details>
#
# **练习 5。** 直线跟不上 $x^2$，但只要给 $X$ 加上相应的一列，最小二乘就可以。写出适用于任意 $X$
# 的拟合函数，并用三列来试。


# %% tags=["solution"]
def least_squares(columns, y):
    # BEGIN SOLUTION
    return np.linalg.solve(columns.T @ columns, columns.T @ y)
    # END SOLUTION


# %% tags=["check"]
bend = least_squares(np.vander(inputs, 3), inputs**2)  # columns x², x and 1
assert np.allclose(bend, [1, 0, 0], atol=1e-8), "solve the normal equations"
print("right")

# %% [markdown] tags=["lang-en"]
# **Exercise 6.** For a logit of 1000 and a label of 0 the formula above takes the logarithm of
# zero. Written in the logit, one sample costs $\log(1 + e^z) - yz$. Compute it without overflow;
# NumPy's `logaddexp(a, b)` is $\log(e^a + e^b)$.

# %% [markdown] tags=["lang-zh"]
# **练习 6。** 当 logit 为 1000、标签为 0 时，上面的公式要对零取对数。改用 logit 来写，
# 一个样本的损失是 $\log(1 + e^z) - yz$。请在不溢出的情况下算出它；NumPy 的 `logaddexp(a, b)` 就是
# $\log(e^a + e^b)$。


# %% tags=["solution"]
def stable_entropy(z, y):
    # BEGIN SOLUTION
    return np.logaddexp(0, z) - y * z
    # END SOLUTION


# %% tags=["check"]
z, y = np.array([-1000.0, 0.5, 1000.0]), np.array([1.0, 0.0, 0.0])
by_keras = keras.losses.binary_crossentropy(y[:, None], z[:, None], from_logits=True)
assert np.allclose(stable_entropy(z, y), by_keras), "use logaddexp(0, z)"
print("right")
