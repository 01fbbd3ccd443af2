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
# problems whose best weights can be found in another way: a line, the mass of penguins, a yes or
# no. So we can see how near Keras comes, what a table of real measurements needs first, and what a
# low loss does not tell.
#
# - **Prerequisites**: [the first program](00_start.ipynb): the three splits;
#   [one neuron](01_neuron.ipynb): loss, gradient, learning rate, divergence; solving a system of
#   linear equations; the logarithm.
# - **You will be able to**: derive and solve the normal equations; fit a linear model to a real
#   table with `Normalization`; tell the loss that noise leaves from the loss that a wrong model
#   leaves; write down the sigmoid, the cross-entropy and their gradient; choose output units,
#   activation, form of the labels and loss for a task.
# - **Minutes**: about 75 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 回归：预测数值，预测概率
#
# 训练结束时总会得到一些数字，可没有人告诉你这些数字好不好。本章选的问题，最佳权重都可以另外求出：
# 一条直线，企鹅的体重，以及一个“是或否”的问题。这样就能看清 Keras 离最佳答案有多近，一张真实的测量
# 数据表首先需要什么，以及损失低并不说明什么。
#
# - **预备知识**：[第一个程序](00_start.ipynb)一章，即三份数据；[一个神经元](01_neuron.ipynb)一章，
#   即损失、梯度、学习率、发散；解线性方程组；对数。
# - **学完之后你能够**：推导并求解正规方程；用 `Normalization` 在真实数据表上拟合线性模型；分清哪部
#   分损失来自噪声，哪部分来自选错的模型；写出 sigmoid、交叉熵及其梯度；为一项任务选定输出单元、激
#   活函数、标签形式和损失函数。
# - **预计学习时间**：连同练习约 75 分钟。

# %% tags=["install"]
# %pip install --quiet kerastut

# %%
# %matplotlib inline
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers

import kerastut.data
from kerastut import plotting, teaching


# %%
# Points near the line y = 2x + 1; the noise has a standard deviation of 0.1.
# zh: 直线 y = 2x + 1 附近的点，噪声的标准差为 0.1。
def draw_points(seed):
    rng = np.random.default_rng(seed)
    x = rng.uniform(-1, 1, size=1000)
    y = 2 * x + 1 + rng.normal(0, 0.1, size=1000)
    return x, y


x, y = draw_points(seed=0)

# %% tags=["hide-input"]
teaching.alt(
    en="Points along a rising line, a line through them that is not steep enough, and an orange"
    " stick from each point to it.",
    zh="沿一条上升直线分布的点，一条穿过它们但不够陡的直线，每个点到它之间有一条橙色短线。",
)
teaching.residuals(x[:40], y[:40], (1.2, 1.3), "can another line do better?")

# %% [markdown] tags=["lang-en"]
# (best-line)=
# ## The best line
#
# This line is not bad, and still the points to the left lie below it and those to the right above.
# Which line has the smallest sum of squared sticks? Put weight and bias into one vector $\theta$,
# give $X$ a column of ones for the bias, and write all $n$ predictions at once:
#
# $$\hat{y} = X\theta, \qquad L(\theta) = \frac{1}{n} \lVert X\theta - y \rVert^2$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $X$ | $d$ columns of inputs, a column of ones | $(n, d + 1)$ |
# | $\theta$ | $d$ weights and the bias | $(d + 1)$ |
# | $y$, $\hat{y}$ | targets, predictions | $(n)$ |
# | $L$ | mean squared error | one number |
#
# For the line $d$ is 1. The loss is a bowl, so at its lowest point, and only there, the gradient is
# zero:
#
# $$\begin{aligned} \nabla L = \tfrac{2}{n} X^{\top}(X\theta - y) &= 0 \\
# X^{\top}X\,\theta &= X^{\top}y \end{aligned}$$
#
# These are the **normal equations**, here two of them for two unknowns. Nothing has to be trained.

# %% [markdown] tags=["lang-zh"]
# (best-line)=
# ## 最佳直线
#
# 这条直线不算差，但左边的点在它下方，右边的点在它上方。怎样的直线能让短线长度的平方和最小？把权重
# 和偏置合成一个向量 $\theta$，给 $X$ 加上一列 1 与偏置对应，就可以把全部 $n$ 个预测值写在一起：
#
# $$\hat{y} = X\theta, \qquad L(\theta) = \frac{1}{n} \lVert X\theta - y \rVert^2$$
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $X$ | $d$ 列输入，一列 1 | $(n, d + 1)$ |
# | $\theta$ | $d$ 个权重和偏置 | $(d + 1)$ |
# | $y$、$\hat{y}$ | 目标、预测值 | $(n)$ |
# | $L$ | 均方误差 | 一个数 |
#
# 对直线来说，$d$ 等于 1。损失的形状像碗，梯度为零的地方只有一处，就是碗底：
#
# $$\begin{aligned} \nabla L = \tfrac{2}{n} X^{\top}(X\theta - y) &= 0 \\
# X^{\top}X\,\theta &= X^{\top}y \end{aligned}$$
#
# 这就是**正规方程**，这里是两个方程、两个未知数，完全不需要训练。

# %%
columns = np.column_stack([x, np.ones(1000)])
theta = np.linalg.solve(columns.T @ columns, columns.T @ y)
print(theta)

# %% tags=["hide-input"]
by_numpy = np.linalg.lstsq(columns, y)[0]
teaching.match("normal equations and numpy.linalg.lstsq", theta, by_numpy)

# %% [markdown] tags=["lang-en"]
# One Keras unit can hold the same line. It knows nothing of normal equations: it starts at a random
# line and takes twenty steps downhill, each with all points.

# %% [markdown] tags=["lang-zh"]
# 用 Keras 的一个单元也能表示同样的直线。它对正规方程一无所知，只是从一条随机的直线出发，每步用全部
# 点，往下坡走二十步。


# %%
def build_line():
    model = keras.Sequential([keras.Input((1,)), layers.Dense(1)])
    model.compile(optimizer=keras.optimizers.SGD(0.75), loss="mean_squared_error")
    return model


line_losses = []
mean_losses = []
for seed in range(3):
    x_seed, y_seed = draw_points(seed)
    x_new, y_new = draw_points(seed + 100)
    keras.utils.set_random_seed(seed)
    line_model = build_line()
    line_model.fit(x_seed, y_seed, batch_size=1000, epochs=20, verbose=0)
    line_losses.append(line_model.evaluate(x_new, y_new, verbose=0))
    mean_losses.append(np.mean((y_seed.mean() - y_new) ** 2))
kernel, bias = line_model.get_weights()
learned_line = np.array([kernel[0, 0], bias[0]])

# %% tags=["hide-input"]
best_line = np.polyfit(x_seed, y_seed, 1)
teaching.match("Keras and least squares", learned_line, best_line, tolerance=1e-4)
teaching.alt(
    en="Points, the learned line and, dashed over it, the least-squares line: they coincide.",
    zh="数据点、学到的直线，以及以虚线画在上面的最小二乘直线：两者重合。",
)
lines = {"learned": learned_line, "least squares": best_line}
plotting.regression_line(x_seed, y_seed, lines).get_figure()

# %% [markdown] tags=["lang-en"]
# **Predict.** What happens to the loss on new points if it trains a hundred times as long?
#
# <details class="choice"><summary>it falls towards zero</summary>
#
# No: each target carries noise that no function of $x$ can foresee, of variance one hundredth.
#
# </details>
# <details class="choice"><summary>nothing</summary>
#
# Yes. The line has arrived, and what is left is noise.
#
# </details>
# <details class="choice"><summary>it rises, since the line learns the noise by heart</summary>
#
# No: a line has two numbers, too few to learn a thousand points by heart. Nets with many weights
# can, see chapter 5.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **先猜**：训练的时间延长到一百倍，它在新数据上的损失会怎样？
#
# <details class="choice"><summary>趋近于零</summary>
#
# 不对：每个目标都带有噪声，方差是百分之一，$x$ 的任何函数都预料不到。
#
# </details>
# <details class="choice"><summary>没有变化</summary>
#
# 对。直线已经到位，剩下的就是噪声。
#
# </details>
# <details class="choice"><summary>会上升，因为直线把噪声也记住了</summary>
#
# 不对：一条直线只有两个数，记不住一千个点。权重很多的网络才做得到，见第 5 章。
#
# </details>

# %% tags=["hide-input"]
assert 0.008 < np.mean(line_losses) < 0.0125, line_losses
longest = []
for seed in range(3):
    x_new, y_new = draw_points(seed + 100)
    longest.append(np.mean((np.polyval(np.polyfit(*draw_points(seed), 1), x_new) - y_new) ** 2))
assert np.allclose(longest, line_losses, rtol=1e-3), (longest, line_losses)
teaching.say(
    en=(
        f"Loss on new points over three seeds: Keras **{teaching.spread(line_losses)}**; where"
        f" endless training would end, least squares, {teaching.spread(longest)}; always the mean"
        f" (baseline) {teaching.spread(mean_losses)}; the noise alone 0.01."
    ),
    zh=(
        f"三个种子在新数据上的损失：Keras **{teaching.spread(line_losses)}**；"
        f"无限训练下去的终点，即最小二乘，{teaching.spread(longest)}；"
        f"总是预测平均值（基线）{teaching.spread(mean_losses)}；单是噪声就有 0.01。"
    ),
)

# %% [markdown] tags=["lang-en"]
# Why are twenty steps enough? [The last chapter](01_neuron.ipynb#divergence) gives the reason: a
# step multiplies the distance from the best line by $1 - \eta \kappa$ in each direction. Here
# $\kappa$ is about 2 for the bias and, since the mean of $x_i^2$ is about a third, about 2/3 for
# the weight. With $\eta = 3/4$ both distances halve at every step, and twenty halvings are six
# digits.
#
# (penguins)=
# ## Several inputs: a real table
#
# Near Palmer Station in the Antarctic 344 penguins of three species were measured. How heavy is a
# penguin whose bill and flipper one has measured? Each row of `penguins.csv` is a penguin; two rows
# lack their measurements and are left out. The rows are shuffled before they are split, because the
# file is sorted by species.

# %% [markdown] tags=["lang-zh"]
# 为什么二十步就够了？道理在[上一章](01_neuron.ipynb#divergence)：每走一步，到最佳直线的距离在各个方
# 向上都要乘以 $1 - \eta \kappa$。这里，偏置方向的 $\kappa$ 约为 2；由于 $x_i^2$ 的平均值约为三分之
# 一，权重方向的 $\kappa$ 约为 2/3。取 $\eta = 3/4$，两个距离每步都减半，减半二十次，距离缩小到约百
# 万分之一，即有六位数字准确。
#
# (penguins)=
# ## 多个输入：一张真实的数据表
#
# 在南极的帕尔默站附近，人们测量了三个物种的 344 只企鹅。量过一只企鹅的喙和鳍肢，能说出它有多重吗？
# `penguins.csv` 的每一行是一只企鹅；有两行没有测量值，要去掉。文件是按物种排序的，所以要先打乱各
# 行，再划分数据。

# %%
# Columns 2 to 4: bill length, bill depth, flipper length, in mm. 5: mass, in g.
# zh: 第 2 到 4 列：喙长、喙高、鳍肢长，单位毫米；第 5 列：体重，单位克。
table = np.genfromtxt(
    "penguins.csv",
    delimiter=",",
    skip_header=1,
    usecols=(2, 3, 4, 5),
    encoding="utf-8",
)
complete = ~np.isnan(table).any(axis=1)
penguins = table[complete]
order = np.random.default_rng(0).permutation(len(penguins))
lengths = penguins[order, :3]
mass = penguins[order, 3]
lengths_train = lengths[:222]
mass_train = mass[:222]
lengths_validation = lengths[222:282]
mass_validation = mass[222:282]
lengths_test = lengths[282:]
mass_test = mass[282:]
print(lengths_train.shape, lengths_validation.shape, lengths_test.shape)
print(lengths_train[0], mass_train[0])

# %% tags=["hide-input"]
teaching.alt(
    en="Body mass of the penguins over bill length, bill depth and flipper length: it rises most"
    " clearly with the flipper.",
    zh="企鹅的体重随喙长、喙高、鳍肢长的变化：随鳍肢长上升得最明显。",
)
figure, panels = plt.subplots(1, 3, figsize=(8.4, 3.2), sharey=True)
names = "bill length (mm)", "bill depth (mm)", "flipper length (mm)"
for axes, column, name in zip(panels, lengths_train.T, names, strict=True):
    axes.plot(column, mass_train, "o", markersize=3, alpha=0.6)
    axes.set_xlabel(name)
panels[0].set_ylabel("body mass (g)")
figure.tight_layout()
plt.show()

# %% [markdown] tags=["lang-en"]
# Now $d$ is 3, and the normal equations are the same, with three columns of inputs beside the
# column of ones. We judge by the **mean absolute error**, since it is in grams:

# %% [markdown] tags=["lang-zh"]
# 现在 $d$ 等于 3，正规方程不变，只是除了那列 1 之外有三列输入。我们用**平均绝对误差**来评判，因为它
# 的单位是克：


# %%
def with_ones(inputs):
    return np.column_stack([inputs, np.ones(len(inputs))])


theta = np.linalg.lstsq(with_ones(lengths_train), mass_train)[0]
predicted = with_ones(lengths_validation) @ theta
least_squares_error = np.mean(np.abs(predicted - mass_validation))
print(round(least_squares_error), "g")

# %% [markdown] tags=["lang-en"]
# ### When it goes wrong: raw measurements
#
# **Predict.** We give the same table to a Keras unit, with the learning rate 0.1, which served the
# line of the last chapter well. What happens?
#
# <details class="choice"><summary>it finds the same weights</summary>
#
# No. It would in the end, with a rate small enough and more steps than anybody has time for.
#
# </details>
# <details class="choice"><summary>the loss grows beyond all numbers</summary>
#
# Yes: one of the inputs is near 200, so the loss is far too steep for this rate.
#
# </details>
# <details class="choice"><summary>an error is raised, since the columns differ in size</summary>
#
# No: Keras takes any numbers.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# ### 出错的时候：原始的测量值
#
# **先猜**：把同样的表交给 Keras 的一个单元，学习率取 0.1，上一章的直线用它正合适。会怎样？
#
# <details class="choice"><summary>它找到同样的权重</summary>
#
# 不对。学习率足够小，再加上谁也没有的耐心，最后倒是能找到。
#
# </details>
# <details class="choice"><summary>损失越来越大，直到超出浮点数的范围</summary>
#
# 对：有一列输入在 200 左右，对这个学习率来说，损失实在太陡了。
#
# </details>
# <details class="choice"><summary>会报错，因为各列的大小不同</summary>
#
# 不对：什么数 Keras 都接受。
#
# </details>

# %%
keras.utils.set_random_seed(0)
raw_model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
raw_model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mean_squared_error")
history = raw_model.fit(lengths_train, mass_train, epochs=4, verbose=0)
print(history.history["loss"])

# %% tags=["hide-input"]
assert not np.isfinite(history.history["loss"][-1])


def curvatures(inputs):
    columns = with_ones(inputs)
    return np.linalg.eigvalsh(2 * columns.T @ columns / len(columns))


normalised = (lengths_train - lengths_train.mean(axis=0)) / lengths_train.std(axis=0)
raw = curvatures(lengths_train)
good = curvatures(normalised)
limit = 2 / raw.max()
halving = np.log(2) / (limit * raw.min())
teaching.say(
    en=(
        f"The curvatures $\\kappa$ lie between {raw.min():.3f} and {raw.max():,.0f}. So the rate"
        f" must stay below {limit:.0e}, and at that rate the flattest direction needs"
        f" {halving:,.0f} steps to halve its distance. With normalised columns $\\kappa$ lies"
        f" between {good.min():.2f} and {good.max():.1f}."
    ),
    zh=(
        f"曲率 $\\kappa$ 在 {raw.min():.3f} 和 {raw.max():,.0f} 之间。所以学习率必须低于"
        f" {limit:.0e}，而用这样的学习率，最平缓的方向要走 {halving:,.0f} 步，距离才减半。"
        f"各列标准化之后，$\\kappa$ 在 {good.min():.2f} 和 {good.max():.1f} 之间。"
    ),
)

# %% [markdown] tags=["lang-en"]
# (normalization)=
# ### `Normalization`
#
# So bring all columns to one scale: subtract from column $j$ its mean $\bar{x}_j$ and divide by the
# root of its variance $v_j$,
#
# $$\tilde{x}_{ij} = \frac{x_{ij} - \bar{x}_j}{\sqrt{v_j}}$$
#
# In Keras this is a layer, `Normalization`; `adapt` computes means and variances, $(d)$ each. Give
# it the training split alone: means that have seen the test penguins would be leakage. As a layer
# it is saved with the model, which then takes raw millimetres.

# %% [markdown] tags=["lang-zh"]
# (normalization)=
# ### `Normalization`（标准化）
#
# 所以要把各列变到同样的尺度：从第 $j$ 列减去它的均值 $\bar{x}_j$，再除以方差 $v_j$ 的平方根：
#
# $$\tilde{x}_{ij} = \frac{x_{ij} - \bar{x}_j}{\sqrt{v_j}}$$
#
# 在 Keras 里这是一个层，叫 `Normalization`；`adapt` 计算均值和方差，形状都是 $(d)$。只能给它训练
# 集：如果均值里包含了测试集的企鹅，就是数据泄漏。它作为一层随模型一起保存，模型因此可以直接接收毫
# 米数。

# %%
normalization = layers.Normalization()
normalization.adapt(lengths_train)
by_hand = (lengths_train - lengths_train.mean(axis=0)) / lengths_train.std(axis=0)
by_keras = normalization(lengths_train)

# %% tags=["hide-input"]
teaching.match("Normalization by hand", by_hand, by_keras, tolerance=1e-4)

# %%
mass_model = keras.Sequential([keras.Input((3,)), normalization, layers.Dense(1)])
mass_model.compile(
    optimizer=keras.optimizers.SGD(0.3),
    loss="mean_squared_error",
    metrics=["mean_absolute_error"],
)
history = mass_model.fit(
    lengths_train,
    mass_train,
    batch_size=222,
    epochs=100,
    validation_data=(lengths_validation, mass_validation),
    verbose=0,
)

# %%
teaching.alt(
    en="Mean absolute error over the first 20 epochs, training and validation; both"
    " fall fast and level off.",
    zh="前 20 轮的平均绝对误差，训练和验证：都迅速下降，然后持平。",
)
epochs = range(1, 21)
training = history.history["mean_absolute_error"]
validation = history.history["val_mean_absolute_error"]
plt.plot(epochs, training[:20], label="training")
plt.plot(epochs, validation[:20], label="validation")
plt.xticks(range(0, 21, 5))
plt.xlabel("epoch")
plt.ylabel("mean absolute error (g)")
plt.legend()
plt.show()

# %% tags=["hide-input"]
teaching.match(
    "Keras and least squares, in grams", validation[-1], least_squares_error, tolerance=0.1
)

# %% [markdown] tags=["lang-en"]
# Keras and the normal equations agree to a tenth of a gram. Only now the test split. Without
# `return_dict=True`, `evaluate` returns a list, the loss and then the metrics: `[1]` is the first
# metric. With so few penguins chance has its say in the split, so least squares is repeated for
# five splits:

# %% [markdown] tags=["lang-zh"]
# Keras 与正规方程的结果相差不到十分之一克。现在才用测试集。不写 `return_dict=True` 时，`evaluate`
# 返回一个列表，先是损失，后面是各个指标，所以 `[1]` 是第一个指标。企鹅这么少，怎样划分带有偶然性，
# 所以用最小二乘对五种划分各算一遍：

# %%
test_error = mass_model.evaluate(lengths_test, mass_test, verbose=0)[1]
print(round(test_error), "g")

# %%
errors = []
baselines = []
weights_of_bill = []
for seed in range(5):
    order = np.random.default_rng(seed).permutation(len(penguins))
    train = penguins[order[:222]]
    test = penguins[order[282:]]
    theta = np.linalg.lstsq(with_ones(train[:, :3]), train[:, 3])[0]
    errors.append(np.mean(np.abs(with_ones(test[:, :3]) @ theta - test[:, 3])))
    baselines.append(np.mean(np.abs(train[:, 3].mean() - test[:, 3])))
    weights_of_bill.append(theta[0])

# %% tags=["hide-input"]
assert max(errors) < min(baselines), (errors, baselines)
low, high = min(weights_of_bill), max(weights_of_bill)
assert low < 0 < high, weights_of_bill
teaching.say(
    en=(
        f"Mean absolute error on the test penguins: **{teaching.spread(errors)} g**; always the"
        f" mean (baseline): {teaching.spread(baselines)} g. From split to split the weight of the"
        f" bill length goes from {low:.1f} to {high:.1f} g/mm: even its sign changes."
    ),
    zh=(
        f"测试集上的平均绝对误差：**{teaching.spread(errors)} 克**；总是预测平均值（基线）："
        f"{teaching.spread(baselines)} 克。换一种划分，喙长的权重从 {low:.1f} 到 {high:.1f}"
        f" 克/毫米，连符号都变了。"
    ),
)

# %% [markdown] tags=["lang-en"]
# The error is much the same for every split, a single weight is not: the three lengths are
# correlated, and what one of them loses another takes over. So read weights with care, even those
# of a linear model.
#
# (looks-fine)=
# ## A loss that looks fine
#
# One of the old tutorials gives a line another target, $y = x^2$ for $x$ between 0 and 1, without
# noise. The loss falls steadily and comes to rest.
#
# **Predict.** One line learns $2x + 1$ with noise, the other $x^2$ without. Which one ends with the
# lower training loss?
#
# <details class="choice"><summary>the one that fits its data: 2<i>x</i> + 1</summary>
#
# No. Its loss cannot fall below the noise.
#
# </details>
# <details class="choice"><summary>the one that does not fit: <i>x</i>²</summary>
#
# Yes. Between 0 and 1 a parabola is not far from a line, and that little is less than the noise.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# 换一种划分，误差相差不多，单个权重却不稳定：三个长度彼此相关，一个权重减小，另一个就会补上。所
# 以，即使是线性模型，解读权重也要谨慎。
#
# (looks-fine)=
# ## 看似正常的损失
#
# 有一篇旧教程让直线去学另一个目标：$y = x^2$，$x$ 在 0 和 1 之间，没有噪声。损失稳步下降，最后不再
# 变化。
#
# **先猜**：一条直线学习带噪声的 $2x + 1$，另一条学习不带噪声的 $x^2$。哪一条的训练损失最后更低？
#
# <details class="choice"><summary>与数据相符的那条：2<i>x</i> + 1</summary>
#
# 不对。它的损失不可能低于噪声。
#
# </details>
# <details class="choice"><summary>与数据不符的那条：<i>x</i>²</summary>
#
# 对。在 0 和 1 之间，抛物线与直线相差不多，这点差别比噪声还小。
#
# </details>

# %%
x_01 = (x + 1) / 2
squares = x_01**2
keras.utils.set_random_seed(0)
right_line = build_line()
right_run = right_line.fit(x, y, batch_size=1000, epochs=60, verbose=0)
wrong_line = build_line()
wrong_run = wrong_line.fit(x_01, squares, batch_size=1000, epochs=60, verbose=0)

# %% tags=["hide-input"]
teaching.alt(
    en="Training loss of two lines over sixty steps: the one that learns the parabola ends lower.",
    zh="两条直线六十步的训练损失：学习抛物线的那条最后更低。",
)
losses = {
    "$2x + 1$ with noise": right_run.history["loss"],
    "$x^2$": wrong_run.history["loss"],
}
assert losses["$x^2$"][-1] < losses["$2x + 1$ with noise"][-1]
teaching.curves(losses, title="the same line, two targets", xlabel="step", yscale="log")

# %% tags=["hide-input"]
teaching.alt(
    en="The parabola and the line that was trained on it from 0 to 1; beyond 1 they part.",
    zh="抛物线，以及在 0 到 1 上用它训练出的直线；超过 1 之后两者分开。",
)
far = np.linspace(0, 2, 50)
ahead = {"$x^2$": far**2, "the line trained on it": wrong_line(far.reshape(50, 1))}
teaching.curves(ahead, far, points=(x_01, squares), title="beyond the samples", xlabel="$x$")

# %% tags=["hide-input"]
share = 1 - losses["$x^2$"][-1] / np.var(squares)
teaching.erratum("T0-01", en=f"R² is still {share:.2f}.", zh=f"R² 仍有 {share:.2f}。")

# %% [markdown] tags=["lang-en"]
# The wrong model has the lower loss. What is left of the first loss is noise, and what is left of
# the second is the bend that a line cannot follow; one number does not tell them apart. Residuals
# do: noise scatters without order along $x$, a wrong model leaves a pattern. So look at them, hold
# the loss against a floor that you know, and test on new data.
#
# (logistic-regression)=
# ## A probability
#
# Now the answer is no or yes, 0 or 1. A line would predict values below 0 and above 1; so its
# result $z$, called the **logit**, goes through the sigmoid, which makes it a probability:
#
# $$z = X\theta, \qquad p = \sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# The loss is the **cross-entropy**, the mean of $-\log$ of the probability that was given to the
# true label:
#
# $$\begin{aligned} L = -\frac{1}{n} \sum_{i=1}^{n} \bigl( & y_i \log p_i \\
# & + (1 - y_i) \log (1 - p_i) \bigr) \end{aligned}$$
#
# Our points lie in a plane, so $d$ is 2, $X$ is $(n, 3)$ with its column of ones, and $\theta$ is
# $(3)$. $z$, $p$ and the labels $y$ are $(n)$. The probability is above one half exactly where
# $z > 0$, so the border between the two answers is the straight line $z = 0$. In Keras this is
# `Dense(1, activation="sigmoid")`. Why not the squared error again?

# %% [markdown] tags=["lang-zh"]
# 选错的模型损失反而更低。前一个损失剩下的是噪声，后一个剩下的是直线跟不上的弯曲，单看一个数分不清
# 二者。残差却能分清：噪声沿 $x$ 杂乱分布，选错的模型则留下规律。所以要看残差，要拿损失与已知的下限
# 比较，还要用新数据测试。
#
# (logistic-regression)=
# ## 预测概率
#
# 现在答案是“否”或“是”，即 0 或 1。直线会给出小于 0 或大于 1 的值，所以要让它的结果 $z$（称为
# **logit**）再经过 sigmoid，变成一个概率：
#
# $$z = X\theta, \qquad p = \sigma(z) = \frac{1}{1 + e^{-z}}$$
#
# 损失用**交叉熵**，也就是模型给真实标签的概率取 $-\log$，再求平均：
#
# $$\begin{aligned} L = -\frac{1}{n} \sum_{i=1}^{n} \bigl( & y_i \log p_i \\
# & + (1 - y_i) \log (1 - p_i) \bigr) \end{aligned}$$
#
# 数据点在平面上，所以 $d$ 等于 2；加上一列 1，$X$ 的形状是 $(n, 3)$，$\theta$ 是 $(3)$。$z$、$p$ 和
# 标签 $y$ 都是 $(n)$。$z > 0$ 的地方概率恰好大于二分之一，所以两种答案的分界就是直线 $z = 0$。在
# Keras 里写作 `Dense(1, activation="sigmoid")`。为什么不继续用平方误差？

# %% tags=["hide-input"]
teaching.alt(
    en="What a sample of label 1 costs, by its logit: on the left the cross-entropy rises steadily,"
    " while the squared error is flat.",
    zh="标签为 1 的样本的损失随 logit 的变化：左侧交叉熵一直有坡度，平方误差则变平。",
)
logits = np.linspace(-6, 6, 121)
chances = 1 / (1 + np.exp(-logits))
costs = {"cross-entropy": -np.log(chances), "squared error": (1 - chances) ** 2}
teaching.curves(
    costs, logits, title="what a sample of label 1 costs", xlabel="logit $z$", ylabel="loss"
)

# %% [markdown] tags=["lang-en"]
# Look at the left end, where the model is sure and wrong. The squared error is flat there, so its
# gradient is almost zero and the mistake stays; the cross-entropy keeps its slope. Its gradient is
# as simple as that of the line, since the derivative of the sigmoid cancels:
#
# $$\nabla L = \frac{1}{n} X^{\top}(p - y)$$
#
# Its shape is $(3)$, that of $\theta$. By hand, by finite differences and by tape:

# %% [markdown] tags=["lang-zh"]
# 看左端，那里模型很有把握，却答错了。平方误差在那里几乎是平的，梯度接近零，错误就改不过来；交叉熵
# 则一直有坡度。它的梯度和直线的一样简单，因为 sigmoid 的导数恰好消去：
#
# $$\nabla L = \frac{1}{n} X^{\top}(p - y)$$
#
# 它与 $\theta$ 同形状，为 $(3)$。下面分别用手工公式、有限差分和梯度带来算：


# %%
# Two round clouds of points, their centres 2 apart, with a standard deviation of 1.
# zh: 两团圆形的点，中心相距 2，标准差为 1。
def draw_clouds(seed, count):
    rng = np.random.default_rng(seed)
    labels = rng.permutation(np.arange(count) % 2)
    centres = np.array([[-0.3, -0.2], [1.3, 1.0]])
    points = centres[labels] + rng.normal(0, 1, size=(count, 2))
    return points, labels


clouds, sides = draw_clouds(seed=0, count=2000)
cloud_columns = with_ones(clouds)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def cross_entropy(theta):
    p = sigmoid(cloud_columns @ theta)
    return -np.mean(sides * np.log(p) + (1 - sides) * np.log(1 - p))


def entropy_gradient(theta):
    p = sigmoid(cloud_columns @ theta)
    return cloud_columns.T @ (p - sides) / len(sides)


theta = np.array([0.5, -0.2, 0.1])
loss_of_logits = keras.losses.BinaryCrossentropy(from_logits=True, dtype="float64")
variable = tf.Variable(theta)
with tf.GradientTape() as tape:
    logit = tf.linalg.matvec(cloud_columns, variable)
    by_keras = loss_of_logits(sides.astype("float64"), logit)
taped = tape.gradient(by_keras, variable)

# %% tags=["hide-input"]
tried = teaching.finite_differences(cross_entropy, [theta])[0]
teaching.match("cross-entropy, NumPy and Keras", cross_entropy(theta), by_keras)
teaching.match("gradient by finite differences", tried, entropy_gradient(theta))
teaching.match("gradient by tape", taped, entropy_gradient(theta))

# %% [markdown] tags=["lang-en"]
# No formula gives the best $\theta$ here, since $p$ depends on $\theta$ through the sigmoid. But
# the loss is still a bowl, and gradient descent finds its lowest point:

# %% [markdown] tags=["lang-zh"]
# 这里没有公式能直接给出最佳的 $\theta$，因为 $p$ 通过 sigmoid 依赖于 $\theta$。不过损失的形状仍像
# 碗，梯度下降能找到最低点：


# %%
def build_classifier():
    model = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.SGD(4.0),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    return model


accuracies = []
classifiers = []
histories = []
for seed in range(3):
    old_clouds, old_sides = draw_clouds(seed, count=2000)
    new_clouds, new_sides = draw_clouds(seed + 100, count=20000)
    keras.utils.set_random_seed(seed)
    classifier = build_classifier()
    run = classifier.fit(
        old_clouds,
        old_sides,
        batch_size=2000,
        epochs=60,
        verbose=0,
    )
    accuracies.append(classifier.evaluate(new_clouds, new_sides, verbose=0)[1])
    classifiers.append(classifier)
    histories.append(run.history["loss"])
kernel, bias = classifiers[0].get_weights()
learned_border = np.append(kernel, bias)

# %% [markdown] tags=["lang-en"]
# <details><summary>Newton's method: the same point in a few steps</summary>
#
# The curvature of this loss is known, a matrix of shape $(3, 3)$,
#
# $$\nabla^2 L = \frac{1}{n} X^{\top} \operatorname{diag}\bigl(p(1 - p)\bigr) X$$
#
# where $\operatorname{diag}$ puts the $n$ numbers on the diagonal of an $(n, n)$ matrix. Gradient
# descent takes the same rate $\eta$ in all directions. Newton's method divides by the curvature and
# goes to the bottom of the parabola that fits the bowl best where it stands:
#
# $$\theta_{t+1} = \theta_t - (\nabla^2 L)^{-1} \nabla L$$
#
# Its price is a system of linear equations at every step, with as many unknowns as weights: cheap
# for three, out of the question for millions. See
# [Boyd and Vandenberghe, Convex Optimization, chapter 9](https://web.stanford.edu/~boyd/cvxbook/).
#
# </details>

# %% [markdown] tags=["lang-zh"]
# <details><summary>牛顿法：几步就到同一点</summary>
#
# 这个损失的曲率是已知的，它是一个形状为 $(3, 3)$ 的矩阵：
#
# $$\nabla^2 L = \frac{1}{n} X^{\top} \operatorname{diag}\bigl(p(1 - p)\bigr) X$$
#
# 其中 $\operatorname{diag}$ 把 $n$ 个数放到 $(n, n)$ 矩阵的对角线上。梯度下降在所有方向上都用同一个
# 学习率 $\eta$；牛顿法则除以曲率，一步走到当前位置上与碗最贴合的抛物面的底部：
#
# $$\theta_{t+1} = \theta_t - (\nabla^2 L)^{-1} \nabla L$$
#
# 代价是每步都要解一个线性方程组，未知数与权重一样多：三个权重很便宜，几百万个就无从谈起。参见
# [Boyd 与 Vandenberghe，Convex Optimization，第 9 章](https://web.stanford.edu/~boyd/cvxbook/)。
#
# </details>

# %% tags=["hide-input"]
newton = np.zeros(3)
steps_taken = 0
while np.abs(entropy_gradient(newton)).max() > 1e-12:
    p = sigmoid(cloud_columns @ newton)
    curvature = (cloud_columns.T * (p * (1 - p))) @ cloud_columns / len(sides)
    newton = newton - np.linalg.solve(curvature, entropy_gradient(newton))
    steps_taken += 1
teaching.match("Keras and Newton", learned_border, newton, tolerance=1e-3)
teaching.tell(
    en=f"Newton's method took {steps_taken} steps, gradient descent 60.",
    zh=f"牛顿法走了 {steps_taken} 步，梯度下降走了 60 步。",
)

# %% tags=["hide-input"]
teaching.alt(
    en="Two overlapping clouds of points and the straight border between them, learned and by"
    " Newton: the two coincide.",
    zh="两团相互重叠的点，以及它们之间的分界直线：学到的与牛顿法求出的重合。",
)
borders = {"learned": learned_border, "Newton": newton}
plotting.decision_boundary(clouds, sides, borders, ("first", "second")).get_figure()

# %% tags=["hide-input"]
ceiling = kerastut.data.bayes_accuracy()
chance = np.sqrt(ceiling * (1 - ceiling) / 20000)
assert ceiling - 0.015 < np.mean(accuracies) < ceiling + 0.008, accuracies
teaching.say(
    en=(
        f"Accuracy on 20,000 new points over three seeds: **{teaching.spread(accuracies)}**; always"
        f" the same class (baseline): {np.mean(new_sides):.2f}; the best possible, from the normal"
        f" distribution: {ceiling:.4f}. The best possible holds on average: on 20,000 points chance"
        f" moves an accuracy by about {chance:.4f}."
    ),
    zh=(
        f"三个种子在 20,000 个新点上的准确率：**{teaching.spread(accuracies)}**；总猜同一类"
        f"（基线）：{np.mean(new_sides):.2f}；由正态分布算出的理论上限：{ceiling:.4f}。上限"
        f"是就平均而言的：在 20,000 个点上，偶然因素会使准确率波动约 {chance:.4f}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# Judged by itself the accuracy looks poor; beside the ceiling nothing is missing. A result
# needs both neighbours: the baseline below and, if one can know it, the best possible above.
#
# A second mistake from the old tutorials costs more. Only the form of the labels changes, from 0
# and 1 to −1 and 1, and nothing warns:

# %% [markdown] tags=["lang-zh"]
# 单看准确率似乎不怎么样，与上限一比，其实一点也不差。一个结果要有两个参照：下面是基线，上面是（如
# 果能知道的话）理论上限。
#
# 旧教程里的另一个错误代价更大。只是标签的形式变了，从 0 和 1 变成 −1 和 1，却没有任何警告：

# %%
keras.utils.set_random_seed(0)
signed = build_classifier()
signs = 2 * sides - 1
signed_run = signed.fit(clouds, signs, batch_size=2000, epochs=60, verbose=0)

# %% tags=["hide-input"]
teaching.alt(
    en="The loss over sixty steps with both forms of labels; with −1 and 1 it falls far below"
    " zero.",
    zh="两种标签形式下六十步的损失：标签为 −1 和 1 时远远降到零以下。",
)
losses = {
    "labels 0 and 1": histories[0],
    "labels −1 and 1": signed_run.history["loss"],
}
teaching.curves(losses, title="a loss below zero", xlabel="step", ylabel="cross-entropy")

# %% tags=["hide-input"]
low = -signed_run.history["loss"][-1]
assert low > 0.1, low
teaching.erratum("T4-12", en=f"The loss fell to −{low:.1f}.", zh=f"损失降到了 −{low:.1f}。")

# %% [markdown] tags=["lang-en"]
# With labels of 0 and 1 a cross-entropy is never negative, so a negative one says that labels and
# loss do not fit. That brings us to the table that every beginner needs.
#
# (which-output)=
# ## Which output, which loss
#
# The last layer, the labels and the loss go together. $n$ is the number of samples, $k$ that of the
# classes:
#
# | task | output units | activation | form of the labels | loss |
# |---|---|---|---|---|
# | a number | 1 | none | numbers, $(n)$ | `mean_squared_error` |
# | several numbers | as many | none | numbers, a column each | `mean_squared_error` |
# | yes or no | 1 | `sigmoid` | 0 or 1, $(n)$ | `binary_crossentropy` |
# | one of $k$ classes | $k$ | `softmax` | 0 to $k - 1$, $(n)$ | `sparse_categorical_crossentropy` |
# | one of $k$ classes | $k$ | `softmax` | one-hot, $(n, k)$ | `categorical_crossentropy` |
# | any of $k$ labels at once | $k$ | `sigmoid` | 0 or 1, $(n, k)$ | `binary_crossentropy` |
#
# One-hot means a row with a 1 at the true class and 0 elsewhere. Softmax makes $k$ scores into
# probabilities that add up to 1; [the multilayer perceptron](04_mlp.ipynb) has its formula. Leave
# the last activation out and pass `from_logits=True` to the loss object if you want the logits
# themselves; both at once, or neither, is a mistake that raises no error, at best a warning. Rows
# four and five are one loss in two forms:

# %% [markdown] tags=["lang-zh"]
# 标签为 0 和 1 时，交叉熵不可能为负；出现负值，就说明标签与损失不匹配。这就引出了每个初学者都需要
# 的一张表。
#
# (which-output)=
# ## 用什么输出，用什么损失
#
# 最后一层、标签和损失函数要配套。$n$ 是样本数，$k$ 是类别数：
#
# | 任务 | 输出单元数 | 激活函数 | 标签形式 | 损失函数 |
# |---|---|---|---|---|
# | 一个数 | 1 | 无 | 数，$(n)$ | `mean_squared_error` |
# | 几个数 | 同样多 | 无 | 数，每个一列 | `mean_squared_error` |
# | 是或否 | 1 | `sigmoid` | 0 或 1，$(n)$ | `binary_crossentropy` |
# | $k$ 类中的一类 | $k$ | `softmax` | 0 到 $k - 1$，$(n)$ | `sparse_categorical_crossentropy` |
# | $k$ 类中的一类 | $k$ | `softmax` | 独热，$(n, k)$ | `categorical_crossentropy` |
# | $k$ 个标签中的任意几个 | $k$ | `sigmoid` | 0 或 1，$(n, k)$ | `binary_crossentropy` |
#
# 独热（one-hot）指一行中真实类别处为 1，其余为 0。softmax 把 $k$ 个得分变成和为 1 的概率，公式见
# [多层感知机](04_mlp.ipynb)一章。如果想要 logit 本身，就去掉最后的激活函数，并给损失对象传入
# `from_logits=True`；两者都有或两者都没有，都是错误，却不会报错，至多有一条警告。第四行和第五行是同
# 一个损失的两种写法：

# %%
probabilities = np.array([[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]])
classes = np.array([0, 2])
one_hot = keras.utils.to_categorical(classes, 3)
sparse_loss = keras.losses.sparse_categorical_crossentropy(classes, probabilities)
one_hot_loss = keras.losses.categorical_crossentropy(one_hot, probabilities)

# %% tags=["hide-input"]
teaching.match("whole numbers and one-hot rows", sparse_loss, one_hot_loss)

# %% [markdown] tags=["lang-en"]
# ## The whole programs
#
# A number: the line, from the splits to the saved file.

# %% [markdown] tags=["lang-zh"]
# ## 完整程序
#
# 预测一个数：直线，从数据划分一直到保存文件。

# %% tags=["program"]
# program: linear_regression

# %% [markdown] tags=["lang-en"]
# Yes or no: the two clouds.

# %% [markdown] tags=["lang-zh"]
# 是或否：两团点。

# %% tags=["program"]
# program: logistic_regression

# %% [markdown] tags=["lang-en"]
# **Opinion.** Fit the linear model first, on every new problem: it trains in seconds, and what a
# net gains over it is the only honest measure of the net. The
# [Rules of Machine Learning](https://developers.google.com/machine-learning/guides/rules-of-ml),
# rule 4, say so too: keep the first model simple. **Caveat**: the points and the clouds are drawn
# from the very model that is fitted. For real data, such as the penguins, nobody knows the best
# model; there are only baselines.
#
# ## Exercises

# %% [markdown] tags=["lang-zh"]
# **观点**：遇到新问题，先拟合线性模型：几秒就能训练好，而神经网络究竟好在哪里，只有与它相比才说得
# 清。[Rules of Machine Learning](https://developers.google.com/machine-learning/guides/rules-of-ml)
# 的第 4 条也主张第一个模型要简单。**注意**：本章的点和点团正是由所拟合的模型生成的；真实数据，比如
# 企鹅，没有人知道最好的模型，只有基线。
#
# ## 练习

# %% [markdown] tags=["lang-en"]
# **Exercise 1** ★ (by hand). A line cannot follow $x^2$, but least squares can, if $X$ has a column
# for it. Write the solution of the normal equations for any $X$. The check gives it three columns:
# $x^2$, $x$ and 1.

# %% [markdown] tags=["lang-zh"]
# **练习 1** ★（手算）。直线跟不上 $x^2$，但只要给 $X$ 加上相应的一列，最小二乘就可以。写出适用于任
# 意 $X$ 的正规方程的解。自检时用三列：$x^2$、$x$ 和 1。


# %% tags=["solution"]
def least_squares(columns, y):
    # BEGIN SOLUTION
    return np.linalg.solve(columns.T @ columns, columns.T @ y)
    # END SOLUTION


# %% tags=["check"]
parabola = least_squares(np.vander(x_01, 3), x_01**2)
# Solve the normal equations.
# zh: 解正规方程。
assert np.allclose(parabola, [1, 0, 0], atol=1e-8)
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 2** ★★ (by hand). For a logit of 1000 and a label of 0 the formula of the cross-entropy
# takes the logarithm of zero. Written in the logit, one sample costs $\log(1 + e^z) - yz$. Compute
# it without overflow; NumPy's `logaddexp(a, b)` is $\log(e^a + e^b)$.

# %% [markdown] tags=["lang-zh"]
# **练习 2** ★★（手算）。当 logit 为 1000、标签为 0 时，交叉熵的公式要对零取对数。改用 logit 来写，
# 一个样本的损失是 $\log(1 + e^z) - yz$。请在不溢出的情况下算出它；NumPy 的 `logaddexp(a, b)` 就是
# $\log(e^a + e^b)$。


# %% tags=["solution"]
def stable_entropy(z, y):
    # BEGIN SOLUTION
    return np.logaddexp(0, z) - y * z
    # END SOLUTION


# %% tags=["check"]
z = np.array([-1000.0, 0.5, 1000.0])
label = np.array([1.0, 0.0, 0.0])
by_keras = keras.losses.binary_crossentropy(label[:, None], z[:, None], from_logits=True)
# Use logaddexp(0, z).
# zh: 用 logaddexp(0, z)。
assert np.allclose(stable_entropy(z, label), by_keras)
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 3** ★★ (build). Is a penguin male or female? Here are four measurements and the sex of
# the 333 penguins for which it is known, female 0 and male 1. Build and train a model with
# `Normalization` and one sigmoid unit. It must be right for at least 80 of 100 held-out penguins.

# %% [markdown] tags=["lang-zh"]
# **练习 3** ★★（构建）。一只企鹅是雄是雌？下面是 333 只已知性别的企鹅的四个测量值和性别，雌为 0，雄
# 为 1。搭建并训练一个模型，含 `Normalization` 和一个 sigmoid 单元。对留出的 100 只企鹅，它至少要判
# 对 80 只。

# %%
sexes = np.genfromtxt(
    "penguins.csv",
    delimiter=",",
    skip_header=1,
    usecols=6,
    dtype=str,
    encoding="utf-8",
)
known = sexes != "NA"
sex_order = np.random.default_rng(0).permutation(known.sum())
measures = table[known][sex_order]
male = (sexes[known][sex_order] == "male").astype("int32")
measures_train = measures[:233]
male_train = male[:233]
measures_held_out = measures[233:]
male_held_out = male[233:]


# %% tags=["solution"]
def train_sex_model():
    # BEGIN SOLUTION
    scaling = layers.Normalization()
    scaling.adapt(measures_train)
    sex_model = keras.Sequential(
        [
            keras.Input((4,)),
            scaling,
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    sex_model.compile(
        optimizer=keras.optimizers.SGD(0.5),
        loss="binary_crossentropy",
        metrics=["accuracy"],
    )
    sex_model.fit(measures_train, male_train, epochs=60, verbose=0)
    return sex_model
    # END SOLUTION


# %% tags=["check"]
keras.utils.set_random_seed(1)
sex_model = train_sex_model()
share = sex_model.evaluate(measures_held_out, male_held_out, verbose=0)[1]
assert 0.8 <= share <= 0.99, share
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 4** ★★ (repair). This model is meant to predict the mass of penguins from their three
# lengths. No error is raised; its loss falls without end, its accuracy stays at zero, and all its
# answers are 1. Mend layers, loss and metric, so that the mean absolute error on the validation
# penguins is below 400 g.
#
# ```python
# def train_mass_model():
#     model = keras.Sequential(
#         [
#             keras.Input((3,)),
#             layers.Dense(1, activation="sigmoid"),
#         ]
#     )
#     model.compile(
#         optimizer=keras.optimizers.SGD(0.1),
#         loss="binary_crossentropy",
#         metrics=["accuracy"],
#     )
#     model.fit(lengths_train, mass_train, epochs=50, verbose=0)
#     return model
# ```

# %% [markdown] tags=["lang-zh"]
# **练习 4** ★★（修复）。这个模型本想由三个长度预测企鹅的体重。它不报错，可是损失不停地下降，准确率
# 一直是零，给出的答案全是 1。请改好层、损失函数和指标，使验证集上的平均绝对误差低于 400 克。
#
# ```python
# def train_mass_model():
#     model = keras.Sequential(
#         [
#             keras.Input((3,)),
#             layers.Dense(1, activation="sigmoid"),
#         ]
#     )
#     model.compile(
#         optimizer=keras.optimizers.SGD(0.1),
#         loss="binary_crossentropy",
#         metrics=["accuracy"],
#     )
#     model.fit(lengths_train, mass_train, epochs=50, verbose=0)
#     return model
# ```


# %% tags=["solution"]
def train_mass_model():
    # BEGIN SOLUTION
    scaling = layers.Normalization()
    scaling.adapt(lengths_train)
    # A mass is a number: no activation, the squared error, and an error in grams.
    # zh: 体重是一个数：不用激活函数，用平方误差，指标是以克为单位的误差。
    grams = keras.Sequential([keras.Input((3,)), scaling, layers.Dense(1)])
    grams.compile(
        optimizer=keras.optimizers.SGD(0.1),
        loss="mean_squared_error",
        metrics=["mean_absolute_error"],
    )
    grams.fit(lengths_train, mass_train, epochs=50, verbose=0)
    return grams
    # END SOLUTION


# %% tags=["check"]
keras.utils.set_random_seed(1)
grams_model = train_mass_model()
scores = grams_model.evaluate(lengths_validation, mass_validation, verbose=0, return_dict=True)
assert 200 < scores["mean_absolute_error"] < 400, scores
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 5** ★ (quiz). A photo may show a cat, a dog, both or neither. Which last layer?
#
# <details class="choice"><summary><code>Dense(2, activation="softmax")</code></summary>
#
# No: its two probabilities add up to 1, so "both" and "neither" cannot be said.
#
# </details>
# <details class="choice"><summary><code>Dense(2, activation="sigmoid")</code></summary>
#
# Right: two questions, each with its own yes or no; the loss is `binary_crossentropy`.
#
# </details>
# <details class="choice"><summary><code>Dense(1, activation="sigmoid")</code></summary>
#
# No: one number cannot answer two questions.
#
# </details>
#
# **Exercise 6** ★★ (quiz). All inputs $x_i$ are equal. What becomes of the normal equations?
#
# <details class="choice"><summary>they have no solution</summary>
#
# No: a best fit always exists.
#
# </details>
# <details class="choice"><summary>they have infinitely many solutions</summary>
#
# Right: the columns of $X$ are multiples of each other, and $X^{\top}X$ has no inverse. Gradient
# descent still ends at one of the best lines; which one depends on the start.
#
# </details>
# <details class="choice"><summary>the weight is zero</summary>
#
# That is one of the solutions, no better than the others.
#
# </details>
#
# **Exercise 7** ★★★ (quiz). A line separates the two classes without an error. Where does gradient
# descent on the cross-entropy lead?
#
# <details class="choice"><summary>to the line halfway between the classes, where it stops</summary>
#
# No: it never stops, see below.
#
# </details>
# <details class="choice"><summary>nowhere: the weights grow without end</summary>
#
# Right: doubling $\theta$ makes every probability surer and the loss smaller, while the border
# stays. A penalty on the weights, or early stopping, gives an answer again: chapter 5.
#
# </details>
# <details class="choice"><summary>to a negative loss</summary>
#
# No: with labels 0 and 1 the cross-entropy stays above zero.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **练习 5** ★（测验）。一张照片里可能有猫，可能有狗，可能都有，也可能都没有。最后一层该用什么？
#
# <details class="choice"><summary><code>Dense(2, activation="softmax")</code></summary>
#
# 不对：它的两个概率之和为 1，没法表示“都有”和“都没有”。
#
# </details>
# <details class="choice"><summary><code>Dense(2, activation="sigmoid")</code></summary>
#
# 对：两个问题，各自回答是或否；损失用 `binary_crossentropy`。
#
# </details>
# <details class="choice"><summary><code>Dense(1, activation="sigmoid")</code></summary>
#
# 不对：一个数回答不了两个问题。
#
# </details>
#
# **练习 6** ★★（测验）。如果所有输入 $x_i$ 都相等，正规方程会怎样？
#
# <details class="choice"><summary>无解</summary>
#
# 不对：最佳拟合总是存在的。
#
# </details>
# <details class="choice"><summary>有无穷多个解</summary>
#
# 对：$X$ 的两列成比例，$X^{\top}X$ 不可逆。梯度下降仍会停在某一条最佳直线上，停在哪一条取决于起点。
#
# </details>
# <details class="choice"><summary>权重为零</summary>
#
# 这只是其中一个解，并不比别的更好。
#
# </details>
#
# **练习 7** ★★★（测验）。如果一条直线能把两类完全分开，对交叉熵做梯度下降会走到哪里？
#
# <details class="choice"><summary>走到两类正中间的直线，停在那里</summary>
#
# 不对：它不会停，见下一项。
#
# </details>
# <details class="choice"><summary>没有终点：权重无止境地增大</summary>
#
# 对：把 $\theta$ 加倍，每个概率都更有把握，损失也更小，分界线却不变。对权重加惩罚或提前停止，才会重
# 新有答案，见第 5 章。
#
# </details>
# <details class="choice"><summary>走到负的损失</summary>
#
# 不对：标签为 0 和 1 时，交叉熵始终大于零。
#
# </details>
