# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["lang-en"]
# # One neuron learns
#
# A neuron with one input holds two numbers. Nobody tells it which ones. It starts with a line that
# is plainly wrong, sees some points, and after a few steps its line runs through them. How does it
# know which way to turn, and how far?
#
# - **Prerequisites**: [the first program](00_start.ipynb): layers, `compile` and `fit`; Python with
#   NumPy; the derivative of a product and of a composed function; partial derivatives; the product
#   of two matrices; mean, variance and standard deviation. Eigenvalues occur once, where training
#   diverges, and that passage can be skipped.
# - **You will be able to**: write down a neuron, a loss and its gradient with their shapes; compute
#   a gradient in three independent ways and check one against another; train by gradient descent in
#   NumPy and in Keras; say why training diverges; carry a gradient back through two layers.
# - **Minutes**: about 60 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 一个神经元如何学习
#
# 只有一个输入的神经元，里面不过是两个数。没有人告诉它该取什么值：它从一条明显错误的直线出发，看到
# 一些数据点，走上几步，直线就穿过了这些点。它怎么知道该往哪边转、转多少？
#
# - **预备知识**：[第一个程序](00_start.ipynb)一章，即层、`compile` 和 `fit`；Python 和 NumPy；乘积
#   与复合函数的求导；偏导数；矩阵乘法；平均值、方差与标准差。特征值只在讲训练发散时出现一次，那一段
#   可以跳过。
# - **学完之后你能够**：写出神经元、损失和梯度，并说清每个量的形状；用三种互相独立的方法求梯度，彼
#   此核对；用 NumPy 和 Keras 做梯度下降；解释训练为什么会发散；把梯度反向传过两层网络。
# - **预计学习时间**：连同练习约 60 分钟。

# %% tags=["install"]
# %pip install --quiet kerastut

# %%
# %matplotlib inline
import keras
import numpy as np
import tensorflow as tf
from keras import layers

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
# A line is two numbers, its weight and its bias. This one is wrong.
# zh: 一条直线就是两个数：权重和偏置。这一条是错的。
wrong_line = np.array([-1.0, 3.0])

# %% tags=["hide-input"]
teaching.alt(
    en="Points along a rising line, a falling line through them, and an orange stick from each"
    " point to the falling line.",
    zh="沿一条上升直线分布的点，一条穿过它们的下降直线，每个点到下降直线之间有一条橙色短线。",
)
teaching.residuals(x[:40], y[:40], wrong_line, "which way should the line turn?")

# %% [markdown] tags=["lang-en"]
# The orange sticks, the **residuals**, are what the line gets wrong. To the left they are long and
# all on one side, so a smaller bias would help at once; tilting the line would help too. Everything
# below is a way of saying this in numbers.
#
# ## The neuron
#
# A neuron multiplies each input by a weight, adds up, adds a bias, and puts the sum through a
# nonlinear function, its **activation**:

# %% [markdown] tags=["lang-zh"]
# 橙色短线就是**残差**，表示直线在每个点上错了多少。左侧的残差很长，而且都在直线的同一侧，所以减小
# 偏置马上就有改善；把直线转一转也有帮助。下面要做的，就是用数字把这个判断说清楚。
#
# ## 神经元
#
# 神经元给每个输入乘上权重，求和，加上偏置，再让这个和通过一个非线性函数，即**激活函数**：

# %% tags=["hide-input"]
teaching.diagram("neuron")

# %% [markdown] tags=["lang-en"]
# For $n$ samples at once:
#
# $$\hat{y} = \varphi(Xw + b)$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $X$ | inputs, one sample a row | $(n, d)$ |
# | $w$ | weights | $(d)$ |
# | $b$ | bias, added to every sample | one number |
# | $\varphi$ | activation, applied to each value | as its input |
# | $\hat{y}$ | predictions | $(n)$ |
#
# Keras calls this `Dense(1)` and keeps $w$ as a matrix of shape $(d, 1)$, since its layers have any
# number of units. NumPy and Keras must give the same numbers, so let us ask both.

# %% [markdown] tags=["lang-zh"]
# 一次处理 $n$ 个样本时，写成：
#
# $$\hat{y} = \varphi(Xw + b)$$
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $X$ | 输入，每行一个样本 | $(n, d)$ |
# | $w$ | 权重 | $(d)$ |
# | $b$ | 偏置，加到每个样本上 | 一个数 |
# | $\varphi$ | 激活函数，逐个元素作用 | 与输入相同 |
# | $\hat{y}$ | 预测值 | $(n)$ |
#
# 在 Keras 里，这就是 `Dense(1)`。由于一层可以有任意多个单元，Keras 把 $w$ 存成形状为 $(d, 1)$ 的矩
# 阵。NumPy 和 Keras 应当算出同样的数，两边都算一遍看看。

# %%
# Five samples of three inputs; Keras draws the weights at the first call.
# zh: 五个样本，各有三个输入；第一次调用时，Keras 随机产生权重。
inputs = x[:15].reshape(5, 3)
keras.utils.set_random_seed(0)
unit = layers.Dense(1, activation="tanh", dtype="float64")
by_keras = unit(inputs)
w, b = unit.get_weights()
by_hand = np.tanh(inputs @ w + b)

# %% tags=["hide-input"]
teaching.match("one neuron, NumPy and Keras", by_hand, by_keras)

# %% [markdown] tags=["lang-en"]
# ## The loss
#
# The line of the first figure is the simplest neuron: one input ($d = 1$) and no activation,
# $\varphi(z) = z$. How wrong it is, all in all, is one number, the **mean squared error**:
#
# $$L(w, b) = \frac{1}{n} \sum_{i=1}^{n} (w x_i + b - y_i)^2$$
#
# Here $x_i$ and $y_i$ are the input and the target of sample $i$, one number each; $L$ is one
# number too. The data stay, the weight and the bias move: so $L$ is a landscape over the plane of
# all lines.

# %% [markdown] tags=["lang-zh"]
# ## 损失
#
# 第一幅图里的直线是最简单的神经元：只有一个输入（$d = 1$），没有激活函数，即 $\varphi(z) = z$。
# 它总共错了多少，用一个数来表示，即**均方误差**：
#
# $$L(w, b) = \frac{1}{n} \sum_{i=1}^{n} (w x_i + b - y_i)^2$$
#
# 其中 $x_i$ 和 $y_i$ 是第 $i$ 个样本的输入和目标，各是一个数，$L$ 也是一个数。数据固定不动，变的是
# 权重和偏置；因此 $L$ 是铺在“所有直线”这个平面上的一片地形。


# %%
def loss(line):
    w, b = line
    return np.mean((w * x + b - y) ** 2)


predicted = wrong_line[0] * x + wrong_line[1]
loss_by_keras = keras.losses.mean_squared_error(y, predicted)

# %% tags=["hide-input"]
teaching.match("loss, NumPy and Keras", loss(wrong_line), loss_by_keras)

# %% tags=["hide-input"]
teaching.alt(
    en="Level lines of the loss over weight and bias, arrows that point downhill, the start and the"
    " lowest point.",
    zh="损失在权重与偏置平面上的等高线，箭头指向下坡方向，并标出起点和最低点。",
)
teaching.contours(x, y, wrong_line, best=np.polyfit(x, y, 1))

# %% [markdown] tags=["lang-en"]
# (gradient)=
# ## The gradient, three times
#
# The orange arrows point downhill. They are minus the **gradient**, the two partial derivatives of
# $L$:
#
# $$\begin{aligned} \nabla L &= \begin{pmatrix} \partial L / \partial w \\
# \partial L / \partial b \end{pmatrix} \\ &= \frac{2}{n} \sum_{i=1}^{n} (w x_i + b - y_i)
# \begin{pmatrix} x_i \\ 1 \end{pmatrix} \end{aligned}$$
#
# $\nabla L$ has one entry for each of the two numbers, so its shape is $(2)$. In words: each
# residual votes for the bias with its own size, and for the weight with its size times the input.
# A formula of one's own may be wrong, so we compute the gradient in three independent ways:
#
# 1. by hand, the formula above;
# 2. by finite differences, from the definition of a slope: move a number a little to either side
#    and see how the loss changes;
# 3. by a tape, which records each operation on the way forward and applies the chain rule
#    backwards. This is called automatic differentiation.

# %% [markdown] tags=["lang-zh"]
# (gradient)=
# ## 三种方法求梯度
#
# 橙色箭头指向下坡方向，也就是负**梯度**。梯度由 $L$ 的两个偏导数组成：
#
# $$\begin{aligned} \nabla L &= \begin{pmatrix} \partial L / \partial w \\
# \partial L / \partial b \end{pmatrix} \\ &= \frac{2}{n} \sum_{i=1}^{n} (w x_i + b - y_i)
# \begin{pmatrix} x_i \\ 1 \end{pmatrix} \end{aligned}$$
#
# 两个数各对应 $\nabla L$ 的一个分量，所以它的形状是 $(2)$。换句话说，每个残差都在投票：投给偏置的
# 是残差本身，投给权重的是残差乘以输入。自己推的公式可能有错，所以我们用三种互相独立的方法各算一遍：
#
# 1. 手工推导，即上面的公式；
# 2. 有限差分，直接用斜率的定义：把一个数向两边各挪一点点，看损失变化多少；
# 3. 梯度带（tape）：前向计算时记下每一步运算，再用链式法则倒着算回来。这叫做自动微分。


# %%
def gradient(line, x, y):
    w, b = line
    residual = w * x + b - y
    return 2 * np.array([np.mean(residual * x), np.mean(residual)])


def gradient_by_differences(line, step=1e-6):
    slopes = np.zeros(2)
    for i in range(2):
        shift = np.zeros(2)
        shift[i] = step
        slopes[i] = (loss(line + shift) - loss(line - shift)) / (2 * step)
    return slopes


def gradient_by_tape(line):
    variable = tf.Variable(line)
    with tf.GradientTape() as tape:
        value = tf.reduce_mean((variable[0] * x + variable[1] - y) ** 2)
    return tape.gradient(value, variable)


print(gradient(wrong_line, x, y))

# %% tags=["hide-input"]
teaching.match(
    "by finite differences", gradient_by_differences(wrong_line), gradient(wrong_line, x, y)
)
teaching.match("by tape", gradient_by_tape(wrong_line), gradient(wrong_line, x, y))

# %% [markdown] tags=["lang-en"]
# (gradient-descent)=
# ## Going downhill
#
# **Gradient descent** repeats one line. With the learning rate $\eta$, a positive number, and the
# step number $t$:
#
# $$\begin{pmatrix} w \\ b \end{pmatrix}_{t+1} = \begin{pmatrix} w \\ b \end{pmatrix}_{t} -
# \eta \, \nabla L$$
#
# The sum in $\nabla L$ may run over all samples, over a batch of a few, or over one alone. An
# **epoch** is one pass over all samples; the smaller the batch, the more steps fit into it and the
# noisier each of them is.

# %% [markdown] tags=["lang-zh"]
# (gradient-descent)=
# ## 沿着下坡走
#
# **梯度下降**反复执行同一行式子。设学习率为正数 $\eta$，步数为 $t$：
#
# $$\begin{pmatrix} w \\ b \end{pmatrix}_{t+1} = \begin{pmatrix} w \\ b \end{pmatrix}_{t} -
# \eta \, \nabla L$$
#
# $\nabla L$ 中的求和可以取遍全部样本，也可以只取一小批，甚至只取一个样本。把所有样本过一遍叫
# **一轮**（epoch）；批量越小，一轮里走的步数就越多，每一步的噪声也越大。


# %%
def descend(x, y, batch_size, epochs=4, rate=0.1):
    line = wrong_line
    path = [line]
    for _ in range(epochs):
        for first in range(0, len(x), batch_size):
            batch = slice(first, first + batch_size)
            line = line - rate * gradient(line, x[batch], y[batch])
            path.append(line)
    return np.array(path)


# %% [markdown] tags=["lang-en"]
# **Predict.** Three runs go through the 1,000 points the same number of times, at the same learning
# rate: with all points in a step, with 32, with one. Which one ends nearest to the best line?
#
# <details class="choice"><summary>all points in a step: its gradient is exact</summary>
#
# No: four epochs are then only four steps, each of them exact, and four steps are not enough.
#
# </details>
# <details class="choice"><summary>32 points in a step</summary>
#
# Yes: enough steps to arrive, and a mean over 32 points has little noise left.
#
# </details>
# <details class="choice"><summary>one point in a step: it takes the most steps</summary>
#
# No: it is there soon, but every step follows the noise of its one point, so it never comes to
# rest.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **先猜**：三次训练把 1,000 个点过同样多遍，学习率也相同，区别只在于每步用全部点、32 个点还是 1 个
# 点。结束时哪一次离最佳直线最近？
#
# <details class="choice"><summary>每步用全部点：它的梯度是精确的</summary>
#
# 不对：这样四轮只有四步，每一步都很准，但四步走不到。
#
# </details>
# <details class="choice"><summary>每步用 32 个点</summary>
#
# 对：步数足够走到，而对 32 个点取平均，噪声已所剩无几。
#
# </details>
# <details class="choice"><summary>每步用一个点：它走的步数最多</summary>
#
# 不对：它很快就到了附近，可是每一步都跟着那一个点的噪声走，所以永远停不下来。
#
# </details>

# %%
paths = {}
paths["one point a step"] = descend(x, y, batch_size=1)
paths["32 points a step"] = descend(x, y, batch_size=32)
paths["all points"] = descend(x, y, batch_size=1000)

# %% tags=["hide-input"]
teaching.alt(
    en="Three paths on the level lines of the loss, from the same start: a short straight one, a"
    " smooth one to the lowest point, and a jagged one that wanders around it.",
    zh="损失等高线上从同一起点出发的三条路径：一条短而直，一条平滑地走到最低点，"
    "一条曲折，在最低点周围徘徊。",
)


def landscape(weight, bias):
    residual = weight[..., None] * x + bias[..., None] - y
    return np.mean(residual**2, axis=-1)


plotting.trajectories(landscape, paths, ("weight", "bias")).get_figure()

# %% [markdown] tags=["lang-en"]
# Keras takes the same steps: an optimizer, `SGD`, and the same batches in the same order.

# %% [markdown] tags=["lang-zh"]
# Keras 走的是同样的步子：优化器用 `SGD`，批次及其顺序都相同。

# %%
unit = layers.Dense(1, dtype="float64")
model = keras.Sequential([keras.Input((1,), dtype="float64"), unit])
model.set_weights([wrong_line[:1].reshape(1, 1), wrong_line[1:]])
model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mean_squared_error")
model.fit(x, y, batch_size=32, epochs=4, shuffle=False, verbose=0)
learned = np.concatenate([unit.get_weights()[0][0], unit.get_weights()[1]])

# %% tags=["hide-input"]
teaching.match("all steps, NumPy and Keras", learned, paths["32 points a step"][-1])

# %% [markdown] tags=["lang-en"]
# One set of points is an anecdote, so here are five, drawn with five seeds. The distance is
# measured to the least-squares line of the same points (the next chapter computes it), and the test
# loss on 1,000 new points. The baseline always predicts the mean.

# %% [markdown] tags=["lang-zh"]
# 只看一组点不足为凭，下面用五个种子各取一组。距离指到同一批点的最小二乘直线的距离（下一章会算它）；
# 测试损失在另外 1,000 个新点上测得；基线总是预测平均值。

# %%
distances = {1: [], 32: [], 1000: []}
test_losses = []
baseline_losses = []
for seed in range(5):
    x_seed, y_seed = draw_points(seed)
    x_test, y_test = draw_points(seed + 100)
    best = np.polyfit(x_seed, y_seed, 1)
    for batch_size in distances:
        line = descend(x_seed, y_seed, batch_size)[-1]
        distances[batch_size].append(np.linalg.norm(line - best))
    w, b = descend(x_seed, y_seed, batch_size=32)[-1]
    test_losses.append(np.mean((w * x_test + b - y_test) ** 2))
    baseline_losses.append(np.mean((y_seed.mean() - y_test) ** 2))

# %% tags=["hide-input"]
one, some, every = (teaching.spread(distances[size]) for size in (1, 32, 1000))
assert max(distances[32]) < min(distances[1000]), distances
assert np.mean(distances[32]) < np.mean(distances[1]), distances
assert 0.009 < np.mean(test_losses) < 0.012, test_losses
wins = sum(few < single for few, single in zip(distances[32], distances[1], strict=True))
teaching.say(
    en=(
        f"Distance from the best line: all points {every}, 32 points **{some}**, one point {one}."
        f" 32 points are nearer than one in {wins} of 5 cases. Test loss with 32 points:"
        f" {teaching.spread(test_losses)}; baseline: {teaching.spread(baseline_losses)}."
    ),
    zh=(
        f"到最佳直线的距离：全部点 {every}，32 个点 **{some}**，1 个点 {one}。5 组之中有 {wins} 组"
        f"是 32 个点比 1 个点更近。32 个点的测试损失：{teaching.spread(test_losses)}；"
        f"基线：{teaching.spread(baseline_losses)}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# The noise of the data has a variance of one hundredth, and no model can have a smaller expected
# test loss than that: with 32 points nearly all has been learned that can be. A step with all
# points follows the exact gradient, but there are too few of them; a step with one point costs next
# to nothing, but it is noisy. This is the case for small batches: many steps for little computing.
# Here it has nothing to do with local minima, since this loss has a single minimum.
#
# (divergence)=
# ## When it goes wrong
#
# **Predict.** The learning rate is a little too large, by a twentieth. What does the loss do?
#
# <details class="choice"><summary>it falls more slowly</summary>
#
# No: it may fall for a step or two, and then it rises.
#
# </details>
# <details class="choice"><summary>it levels off somewhat too high</summary>
#
# No, that is what noise does to small batches. Here all points are in every step.
#
# </details>
# <details class="choice"><summary>it grows without end</summary>
#
# Yes: in the steepest direction every step overshoots and lands a little higher on the other side.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# 数据噪声的方差是百分之一，任何模型的期望测试损失都不可能比它更小：每步用 32 个点，能学的差不多都
# 学到了。每步用全部点，梯度是精确的，只是步数太少；每步用一个点，几乎不花计算，噪声却很大。
# 采用小批量的理由就在这里：用很少的计算走很多步。此处与局部极小值无关，因为这个损失只有一个极小值。
#
# (divergence)=
# ## 出错的时候
#
# **先猜**：学习率只比界限大一点点，超出二十分之一。损失会怎样？
#
# <details class="choice"><summary>降得慢一些</summary>
#
# 不对：它也许先降一两步，随后就上升。
#
# </details>
# <details class="choice"><summary>停在偏高的地方不动</summary>
#
# 不对，那是噪声对小批量的影响。这里每一步都用了全部点。
#
# </details>
# <details class="choice"><summary>无止境地增大</summary>
#
# 对：在最陡的方向上，每一步都冲过头，落到对面更高一点的地方。
#
# </details>

# %%
columns = np.column_stack([x, np.ones(1000)])
second_derivatives = 2 * columns.T @ columns / 1000
limit = 2 / np.linalg.eigvalsh(second_derivatives).max()
losses = {}
for share in (0.1, 0.5, 0.95, 1.05):
    path = descend(x, y, batch_size=1000, epochs=30, rate=share * limit)
    losses[f"{share:.2f} × limit"] = [loss(line) for line in path]

# %% tags=["hide-input"]
teaching.alt(
    en="The loss over thirty steps at four learning rates, on a logarithmic axis: three fall, the"
    " one above the limit rises.",
    zh="四个学习率下三十步的损失，纵轴为对数刻度：三条下降，超过界限的一条上升。",
)
assert losses["1.05 × limit"][-1] > losses["1.05 × limit"][0]
assert losses["0.95 × limit"][-1] < losses["0.95 × limit"][0]
teaching.curves(losses, title="loss by learning rate", xlabel="step", yscale="log")

# %% tags=["hide-input"]
first, last = (losses["1.05 × limit"][place] for place in (0, -1))
teaching.say(
    en=f"The limit is {limit:.3f}. Just above it the loss grows from {first:.1f} to {last:.0f}.",
    zh=f"界限是 {limit:.3f}。略高于它时，损失从 {first:.1f} 增大到 {last:.0f}。",
)

# %% [markdown] tags=["lang-en"]
# Training **diverges**. Where is the limit? The second derivatives of $L$ form a matrix
# $\nabla^2 L$ of shape $(2, 2)$. Along each of its eigenvectors, with eigenvalue $\kappa$, a step
# multiplies the distance from the lowest point by $1 - \eta \kappa$. Every distance shrinks if, and
# only if,
#
# $$\eta < \frac{2}{\kappa_{\max}}$$
#
# A steep direction caps the rate, and a flat one then has to crawl at it. For a deep net there is
# no such formula, but the picture is the same: if a loss grows or becomes NaN, try a smaller rate
# first.
#
# A second way to go wrong is there at small rates too. This loss is a bowl and has just one lowest
# point. Other losses have several valleys, and then descent with all points and small steps ends at
# the bottom of the valley in which it starts, which need not be the deepest. One of the old
# tutorials says the opposite. In the boxes of this book T0 to T4 are five old Keras tutorials, and
# the number after the hyphen is that of the mistake:

# %% [markdown] tags=["lang-zh"]
# 训练**发散**了。界限在哪里？$L$ 的二阶导数组成形状为 $(2, 2)$ 的矩阵 $\nabla^2 L$。沿着它的每个特
# 征向量（特征值为 $\kappa$），走一步就把到最低点的距离乘以 $1 - \eta \kappa$。各个方向的距离都缩
# 小，当且仅当
#
# $$\eta < \frac{2}{\kappa_{\max}}$$
#
# 陡的方向限制了学习率，平缓的方向就只能慢慢挪。深层网络没有这样的公式，情形却一样：损失变大或变成
# NaN 时，首先试试更小的学习率。
#
# 另一种出错，学习率再小也会发生。这里的损失像一只碗，最低点只有一个；别的损失可能有好几个谷，这时
# 用全部点、小步下降，会停在起点所在的那个谷的谷底，而它不一定最深。有一篇旧教程说的恰恰相反。本书的
# 勘误框里，T0 到 T4 指五篇 Keras 旧教程，连字符后面的数字是错误的编号：

# %% tags=["hide-input"]
recipe = teaching.recipe("gradient-descent")
starts = ", ".join(f"${w}$" for w in recipe.STARTS)
lost = ", ".join(f"${w}$" for w in recipe.STARTS if recipe.roll(w)[-1] > 0)
teaching.erratum(
    "T3-11",
    en=f"On $w^4 - 3w^2 + w$, of the starts {starts}, {lost} end in the shallower well.",
    zh=f"对 $w^4 - 3w^2 + w$，起点 {starts} 之中，{lost} 停在较浅的谷里。",
)

# %% [markdown] tags=["lang-en"]
# (backpropagation)=
# ## Backpropagation: the chain rule, backwards
#
# A line cannot bend. Put a hidden layer of $m$ neurons with a nonlinear activation in front of it,
# and it becomes a curve. With inputs $X$ of shape $(n, 1)$ and targets $y$ of shape $(n, 1)$:
#
# $$\begin{aligned} Z &= X W_1 + b_1 \\ H &= \tanh Z \\ \hat{y} &= H w_2 + b_2 \\
# L &= \tfrac{1}{n} \textstyle\sum (\hat{y} - y)^2 \end{aligned}$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $W_1$, $b_1$ | weights and biases of the hidden layer | $(1, m)$, $(m)$ |
# | $Z$, $H$ | before and after the activation | $(n, m)$ |
# | $w_2$, $b_2$ | weights and bias of the output | $(m, 1)$, $(1)$ |
# | $\delta$, $\delta_Z$ | gradients with respect to $\hat{y}$, $Z$ | $(n, 1)$, $(n, m)$ |
#
# Now start at the loss and go back. Each step multiplies what arrives by its own derivative;
# $\odot$ and the square work element by element, and $\tanh' = 1 - \tanh^2$.

# %% [markdown] tags=["lang-zh"]
# (backpropagation)=
# ## 反向传播：倒着用链式法则
#
# 直线只能表示线性关系。在它前面加一个有 $m$ 个神经元、激活函数为非线性的隐藏层，就能拟合曲线了。设
# 输入 $X$ 和目标 $y$ 的形状都是 $(n, 1)$：
#
# $$\begin{aligned} Z &= X W_1 + b_1 \\ H &= \tanh Z \\ \hat{y} &= H w_2 + b_2 \\
# L &= \tfrac{1}{n} \textstyle\sum (\hat{y} - y)^2 \end{aligned}$$
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $W_1$、$b_1$ | 隐藏层的权重和偏置 | $(1, m)$、$(m)$ |
# | $Z$、$H$ | 激活之前、激活之后 | $(n, m)$ |
# | $w_2$、$b_2$ | 输出层的权重和偏置 | $(m, 1)$、$(1)$ |
# | $\delta$、$\delta_Z$ | 对 $\hat{y}$、对 $Z$ 的梯度 | $(n, 1)$、$(n, m)$ |
#
# 现在从损失出发，逐步反向计算，每一步都把传来的梯度乘上自己的导数。$\odot$ 和平方都是逐元素运算，
# 而 $\tanh' = 1 - \tanh^2$。

# %% tags=["hide-input"]
teaching.diagram("chain")

# %% [markdown] tags=["lang-en"]
# $$\begin{aligned} \delta &= \tfrac{2}{n} (\hat{y} - y) \\ \delta_Z &= \delta w_2^{\top} \odot
# (1 - H^2) \\ \frac{\partial L}{\partial W_1} &= X^{\top} \delta_Z, \quad
# \frac{\partial L}{\partial b_1} = \textstyle\sum_i \delta_{Z,i} \\
# \frac{\partial L}{\partial w_2} &= H^{\top} \delta, \quad
# \frac{\partial L}{\partial b_2} = \textstyle\sum_i \delta_i \end{aligned}$$
#
# The sums run over the samples $i$. Shapes are the best check while writing: each gradient must
# have the shape of its weights, and mostly there is just one way to multiply that gives it. In the
# code $m$ is three, and the target is $x^2$, which no line fits.

# %% [markdown] tags=["lang-zh"]
# $$\begin{aligned} \delta &= \tfrac{2}{n} (\hat{y} - y) \\ \delta_Z &= \delta w_2^{\top} \odot
# (1 - H^2) \\ \frac{\partial L}{\partial W_1} &= X^{\top} \delta_Z, \quad
# \frac{\partial L}{\partial b_1} = \textstyle\sum_i \delta_{Z,i} \\
# \frac{\partial L}{\partial w_2} &= H^{\top} \delta, \quad
# \frac{\partial L}{\partial b_2} = \textstyle\sum_i \delta_i \end{aligned}$$
#
# 求和取遍所有样本 $i$。推导时最好的检查就是形状：每个梯度都要和对应的权重同形状，而能乘出这个形状
# 的写法往往只有一种。代码里 $m$ 取三，目标取 $x^2$，任何直线都拟合不了它。

# %%
grid = np.linspace(-1, 1, 200).reshape(200, 1)
target = grid**2


def forward(w1, b1, w2, b2):
    hidden = np.tanh(grid @ w1 + b1)
    return hidden, hidden @ w2 + b2


def error(w1, b1, w2, b2):
    output = forward(w1, b1, w2, b2)[1]
    return np.mean((output - target) ** 2)


def backward(w1, b1, w2, b2):
    hidden, output = forward(w1, b1, w2, b2)
    delta = 2 * (output - target) / len(grid)
    hidden_delta = (delta @ w2.T) * (1 - hidden**2)
    return (
        grid.T @ hidden_delta,
        hidden_delta.sum(axis=0),
        hidden.T @ delta,
        delta.sum(axis=0),
    )


# %% [markdown] tags=["lang-en"]
# The same net in Keras, with the same weights. The tape records what Keras computes.

# %% [markdown] tags=["lang-zh"]
# 用 Keras 搭同样的网络，放入同样的权重；梯度带记录的就是 Keras 的运算。

# %%
keras.utils.set_random_seed(0)
net = keras.Sequential(
    [
        keras.Input((1,)),
        layers.Dense(3, activation="tanh"),
        layers.Dense(1),
    ]
)
weights = [weight.astype("float64") for weight in net.get_weights()]
with tf.GradientTape() as tape:
    value = tf.reduce_mean((net(grid) - target) ** 2)
taped = tape.gradient(value, net.weights)

# %% tags=["hide-input"]
tried = teaching.finite_differences(error, weights)
for ours, by_trying, by_tape in zip(backward(*weights), tried, taped, strict=True):
    teaching.match(f"{ours.shape} by finite differences", ours, by_trying)
    teaching.match(f"{ours.shape} by tape", ours, by_tape, tolerance=1e-5)

# %% [markdown] tags=["lang-en"]
# Keras computes in single precision, about seven digits, unless told otherwise, hence the larger
# difference of the tape. How small a step should finite differences take?

# %% [markdown] tags=["lang-zh"]
# 若不另外指定，Keras 用单精度（约七位有效数字）计算，所以梯度带的差异大一些。有限差分的步长该取多
# 小？

# %% tags=["hide-input"]
rows = []
for power in range(1, 13):
    slopes = teaching.finite_differences(error, weights, 10.0**-power)
    pairs = zip(slopes, backward(*weights), strict=True)
    largest = max(np.abs(slope - exact).max() for slope, exact in pairs)
    rows.append((power, largest))
finest = min(rows, key=lambda row: row[1])[0]
assert 4 <= finest <= 7, rows
table = "\n".join(f"| $10^{{-{power}}}$ | {largest:.0e} |" for power, largest in rows)
teaching.say(
    en=(
        "<details><summary>Neither large nor tiny: a table</summary>\n\n"
        "| step | largest error |\n|---|---|\n" + table + "\n\nA large step takes the slope over"
        " too wide a stretch, and the error falls with the square of the step. With a tiny step two"
        " almost equal losses are subtracted, and what is left are their rounding errors. Here"
        f" $10^{{-{finest}}}$ is best.\n\n</details>"
    ),
    zh=(
        "<details><summary>不能太大，也不能太小：看表</summary>\n\n"
        "| 步长 | 最大误差 |\n|---|---|\n" + table + "\n\n步长太大，斜率取自一段太宽的区间，"
        "误差随步长的平方减小；步长太小，就是两个几乎相等的损失相减，剩下的只有舍入误差。"
        f"这里 $10^{{-{finest}}}$ 最好。\n\n</details>"
    ),
)

# %% [markdown] tags=["lang-en"]
# Now the gradient that was written by hand has to train the net:

# %% [markdown] tags=["lang-zh"]
# 下面让手写的梯度真正去训练网络：

# %%
for _ in range(20000):
    slopes = backward(*weights)
    for weight, slope in zip(weights, slopes, strict=True):
        weight -= 0.2 * slope
hidden, fitted = forward(*weights)

# %% tags=["hide-input"]
teaching.alt(
    en="A parabola, the best line, which is flat, and the curve of the net, which follows the"
    " parabola.",
    zh="一条抛物线，一条水平的最佳直线，以及紧贴抛物线的网络曲线。",
)
assert error(*weights) < target.var() / 20, error(*weights)
fits = {
    "$x^2$": target,
    f"best line: error {target.var():.6f}": target.mean() + 0 * grid,
    f"3 hidden neurons: error {error(*weights):.6f}": fitted,
}
teaching.curves(fits, grid, title="a hidden layer can bend", xlabel="$x$", ylabel="$y$")

# %% [markdown] tags=["lang-en"]
# For a gradient a framework does no more than this, whatever the size of the net: a forward pass
# that keeps its values, and a backward pass that multiplies. The method became widely known through
# [Rumelhart, Hinton and Williams, 1986](https://doi.org/10.1038/323533a0).
#
# ## The whole program
#
# Gradient descent by hand, by tape and in Keras, with three splits, from the points to the saved
# file. It computes in double precision, about sixteen digits, so that the three can be compared.

# %% [markdown] tags=["lang-zh"]
# 无论网络多大，框架求梯度时做的也就是这些：前向计算并保留中间值，反向逐步相乘。这一方法广为人知，
# 始于
# [Rumelhart、Hinton 和 Williams 1986 年的论文](https://doi.org/10.1038/323533a0)。
#
# ## 完整程序
#
# 手工、梯度带、Keras 三种方式的梯度下降，数据分成三份，从数据点一直到保存文件。程序使用双精度（约
# 十六位有效数字），以便比较这三种方式。

# %% tags=["program"]
# program: gradient_descent

# %% [markdown] tags=["lang-en"]
# **Opinion.** Compare every gradient that you write by hand with finite differences before training
# with it: a slightly wrong gradient often trains, only worse.
# [Bottou, Stochastic Gradient Descent Tricks, 2012](https://doi.org/10.1007/978-3-642-35289-8_25)
# gives the same advice. **Caveat**: a line, ten weights and a target without noise show how the
# method works, not how it fares on large nets; the next chapters measure that.
#
# ## Exercises

# %% [markdown] tags=["lang-zh"]
# **观点**：凡是手写的梯度，都应先用有限差分核对再拿去训练：梯度稍有差错，往往照样能训练，只是效果
# 变差。
# [Bottou，Stochastic Gradient Descent Tricks，2012](https://doi.org/10.1007/978-3-642-35289-8_25)
# 也这样建议。**注意**：一条直线、十个权重、没有噪声的目标，这些只说明方法如何运作，并不说明它在大
# 型网络上表现如何；那要由后面各章来测量。
#
# ## 练习

# %% [markdown] tags=["lang-en"]
# **Exercise 1** ★ (by hand). The sigmoid is $\sigma(z) = 1 / (1 + e^{-z})$. Write its derivative as
# a function of $p = \sigma(z)$, as the code above does for tanh.

# %% [markdown] tags=["lang-zh"]
# **练习 1** ★（手算）。sigmoid 函数为 $\sigma(z) = 1 / (1 + e^{-z})$。仿照上面代码对 tanh 的处理，
# 把它的导数写成 $p = \sigma(z)$ 的函数。


# %% tags=["solution"]
def sigmoid_slope(p):
    # BEGIN SOLUTION
    return p * (1 - p)
    # END SOLUTION


# %% tags=["check"]
z = np.linspace(-4, 4, 9)
tried = teaching.finite_differences(lambda z: np.sum(1 / (1 + np.exp(-z))), [z])[0]
# Check at z = 0: 1/4.
# zh: 用 z = 0 检查：应为 1/4。
assert np.allclose(sigmoid_slope(1 / (1 + np.exp(-z))), tried, atol=1e-8)
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 2** ★★ (by hand). Instead of the squares take the mean of the absolute values,
# $\frac{1}{n} \sum_i |w x_i + b - y_i|$. Write its gradient, shape $(2)$. The derivative of $|z|$
# is the sign of $z$, `np.sign`.

# %% [markdown] tags=["lang-zh"]
# **练习 2** ★★（手算）。把平方换成绝对值的平均，即 $\frac{1}{n} \sum_i |w x_i + b - y_i|$。写出它的
# 梯度，形状为 $(2)$。$|z|$ 的导数是 $z$ 的符号，即 `np.sign`。


# %% tags=["solution"]
def absolute_gradient(line, x, y):
    # BEGIN SOLUTION
    w, b = line
    sign = np.sign(w * x + b - y)
    return np.array([np.mean(sign * x), np.mean(sign)])
    # END SOLUTION


# %% tags=["check"]
def absolute_loss(line):
    return np.mean(np.abs(line[0] * x + line[1] - y))


tried = teaching.finite_differences(absolute_loss, [wrong_line])
# A vote has size one.
# zh: 每一票的大小都是 1。
assert np.allclose(absolute_gradient(wrong_line, x, y), tried[0], atol=1e-6)
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 3** ★★ (build). Write a function that builds, compiles and trains a Keras model on
# `grid` and `target`, with one hidden layer of `tanh` units. Any number of units, any optimizer, at
# most 300 epochs. Its mean squared error must be below one thousandth; the best line has about
# ninety times as much.

# %% [markdown] tags=["lang-zh"]
# **练习 3** ★★（构建）。写一个函数，搭建、编译一个 Keras 模型，并用 `grid` 和 `target` 训练它；模型
# 有一个由 `tanh` 单元组成的隐藏层。单元数和优化器随意，至多 300 轮。均方误差要低于千分之一；最佳直
# 线的误差大约是它的九十倍。


# %% tags=["solution"]
def train_curve():
    # BEGIN SOLUTION
    curve = keras.Sequential(
        [
            keras.Input((1,)),
            layers.Dense(16, activation="tanh"),
            layers.Dense(1),
        ]
    )
    curve.compile(optimizer=keras.optimizers.Adam(0.02), loss="mean_squared_error")
    curve.fit(grid, target, batch_size=50, epochs=100, verbose=0)
    return curve
    # END SOLUTION


# %% tags=["check"]
keras.utils.set_random_seed(1)
curve_error = train_curve().evaluate(grid, target, verbose=0)
assert 1e-9 < curve_error < 0.001, curve_error
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 4** ★★ (repair). This function is meant to find the line by tape. It raises an error,
# since the gradient is `None`; with that mended, the loss grows. Mend both.
#
# ```python
# def learn(x, y):
#     line = tf.Variable(wrong_line)
#     value = tf.reduce_mean((line[0] * x + line[1] - y) ** 2)
#     for _ in range(100):
#         with tf.GradientTape() as tape:
#             tape.watch(line)
#         line.assign_add(0.5 * tape.gradient(value, line))
#     return line.numpy()
# ```

# %% [markdown] tags=["lang-zh"]
# **练习 4** ★★（修复）。这个函数本想用梯度带找出直线。它会报错，因为梯度是 `None`；改好这一处之后，
# 损失却越来越大。请把两处都改好。
#
# ```python
# def learn(x, y):
#     line = tf.Variable(wrong_line)
#     value = tf.reduce_mean((line[0] * x + line[1] - y) ** 2)
#     for _ in range(100):
#         with tf.GradientTape() as tape:
#             tape.watch(line)
#         line.assign_add(0.5 * tape.gradient(value, line))
#     return line.numpy()
# ```


# %% tags=["solution"]
def learn(x, y):
    # BEGIN SOLUTION
    line = tf.Variable(wrong_line)
    for _ in range(100):
        # The tape sees only what is computed inside, so the loss belongs there.
        # zh: 梯度带只看得见在它里面进行的计算，所以损失要放在里面算。
        with tf.GradientTape() as tape:
            value = tf.reduce_mean((line[0] * x + line[1] - y) ** 2)
        # Downhill is minus the gradient.
        # zh: 下坡方向是负梯度。
        line.assign_sub(0.5 * tape.gradient(value, line))
    return line.numpy()
    # END SOLUTION


# %% tags=["check"]
# Compute the loss in the tape.
# zh: 损失要在梯度带之内计算。
assert np.allclose(learn(x, y), np.polyfit(x, y, 1), atol=1e-6)
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 5** ★ (quiz). There are 1,000 points and 32 in a batch. How many steps are there in an
# epoch?
#
# <details class="choice"><summary>31</summary>
#
# No: then eight points would never be used.
#
# </details>
# <details class="choice"><summary>32</summary>
#
# Yes: the number is rounded up, and the last batch is smaller. Its gradient is noisier, and yet it
# moves the line by the same $\eta$.
#
# </details>
# <details class="choice"><summary>1,000</summary>
#
# No, that is with one point in a step.
#
# </details>
#
# **Exercise 6** ★★ (quiz). All of $W_1$, $b_1$ and $w_2$ start at zero. What does the net learn?
#
# <details class="choice"><summary>the same curve, more slowly</summary>
#
# No: with $H = 0$ and $w_2 = 0$ the gradients of $W_1$, $b_1$ and $w_2$ are zero, and stay so.
#
# </details>
# <details class="choice"><summary>only the bias of the output</summary>
#
# Right, so a flat line. Were the weights equal but not zero, the hidden neurons would move, all
# alike for ever. Hence the random start.
#
# </details>
# <details class="choice"><summary>nothing at all</summary>
#
# Nearly: $\partial L / \partial b_2$ is the sum of $\delta$, and that is not zero until $b_2$ is
# the mean of the targets.
#
# </details>
#
# **Exercise 7** ★★ (quiz). A net has a million weights. How often is the loss computed for one
# gradient by finite differences, as above?
#
# <details class="choice"><summary>twice</summary>
#
# No: twice for each weight, since each is moved by itself.
#
# </details>
# <details class="choice"><summary>two million times</summary>
#
# Right. Backpropagation costs a small multiple of one forward pass, whatever the number of weights.
# So finite differences check, and backpropagation trains.
#
# </details>
# <details class="choice"><summary>a million times a million</summary>
#
# No: that would be the second derivatives, one for each pair of weights.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **练习 5** ★（测验）。共有 1,000 个点，每个批次 32 个。一轮有多少步？
#
# <details class="choice"><summary>31</summary>
#
# 不对：那样有八个点永远用不上。
#
# </details>
# <details class="choice"><summary>32</summary>
#
# 对：要向上取整，最后一个批次小一些。它的梯度噪声更大，更新时用的却是同一个 $\eta$。
#
# </details>
# <details class="choice"><summary>1,000</summary>
#
# 不对，那是每步一个点的情形。
#
# </details>
#
# **练习 6** ★★（测验）。$W_1$、$b_1$ 和 $w_2$ 全部从零开始，网络能学到什么？
#
# <details class="choice"><summary>同样的曲线，只是慢一些</summary>
#
# 不对：由于 $H = 0$ 且 $w_2 = 0$，$W_1$、$b_1$ 和 $w_2$ 的梯度都是零，而且以后一直是零。
#
# </details>
# <details class="choice"><summary>只有输出层的偏置</summary>
#
# 对，所以得到一条水平线。若权重相同但不为零，各隐藏神经元会变，却永远一模一样。所以要随机初始化。
#
# </details>
# <details class="choice"><summary>什么也学不到</summary>
#
# 差一点：$\partial L / \partial b_2$ 是 $\delta$ 的和，在 $b_2$ 等于目标的平均值之前，它不为零。
#
# </details>
#
# **练习 7** ★★（测验）。一个网络有一百万个权重。照上面的做法用有限差分求一次梯度，要计算多少次损
# 失？
#
# <details class="choice"><summary>两次</summary>
#
# 不对：每个权重都要单独挪动，所以每个权重两次。
#
# </details>
# <details class="choice"><summary>两百万次</summary>
#
# 对。反向传播的开销只是一次前向计算的几倍，与权重的个数无关。所以有限差分用来核对，反向传播用来训
# 练。
#
# </details>
# <details class="choice"><summary>一百万乘一百万次</summary>
#
# 不对：那是二阶导数的个数，每一对权重一个。
#
# </details>
