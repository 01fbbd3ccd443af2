# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["lang-en"]
# # Foundations: one neuron learns
#
# A neuron with one input holds two numbers. Nobody tells it which ones. It starts with a line that
# is plainly wrong, sees some points, and after a few steps its line runs through them. How does it
# know which way to turn, and how far?
#
# - **Prerequisites**: Python with NumPy, the derivative of a product and of a composed function,
#   the product of two matrices.
# - **You will be able to**: write down a neuron, a loss and its gradient with their shapes; compute
#   a gradient in three independent ways and check one against another; say why a training run
#   diverges and below which learning rate it cannot; carry a gradient back through two layers.
# - **Minutes**: about 60 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 基础：一个神经元如何学习
#
# 只有一个输入的神经元，里面不过是两个数。没有人告诉它该取什么值：它从一条明显错误的直线出发，
# 看到一些数据点，走上几步，直线就穿过了这些点。它怎么知道该往哪边转、转多少？
#
# - **预备知识**：Python 和 NumPy；乘积与复合函数的求导；矩阵乘法。
# - **学完之后你能够**：写出神经元、损失和梯度，并说清每个量的形状；用三种互相独立的方法求梯度，
#   彼此核对；解释训练为什么会发散，以及学习率低于多少就不会发散；把梯度反向传过两层网络。
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

recipe = teaching.recipe("gradient-descent")
data = kerastut.load("line")
x, y = (part.astype("float64").ravel() for part in (data.train.x, data.train.y))
start = np.array([-1.0, 3.0])  # weight and bias, as in the recipe
teaching.residuals(x[:40], y[:40], start, "which way should the line turn?")

# %% [markdown] tags=["lang-en"]
# The red sticks are what the line gets wrong. To the left they are long and all on one side, so a
# smaller bias would help at once; tilting the line would help too. Everything below is a way of
# saying this in numbers.
#
# ## The neuron
#
# A neuron weighs its inputs, adds them up, adds a bias and bends the sum:

# %% [markdown] tags=["lang-zh"]
# 红色短线表示直线在每个点上的误差。左侧的红线很长，而且都在直线的同一侧，所以减小偏置马上就有改善；
# 把直线转一转也有帮助。下面要做的，就是用数字把这个判断说清楚。
#
# ## 神经元
#
# 神经元给每个输入乘上权重，求和，加上偏置，再把结果做一次非线性变换，也就是把它“弯”一下：

# %%
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
# 在 Keras 里，这就是 `Dense(1)`。由于一层可以有任意多个单元，Keras 把 $w$ 存成形状为 $(d, 1)$
# 的矩阵。NumPy 和 Keras 应当算出同样的数，两边都算一遍看看。

# %%
keras.utils.set_random_seed(0)
unit = keras.layers.Dense(1, activation="tanh", dtype="float64")
inputs = x[:15].reshape(5, 3)  # five samples of three inputs
by_keras = unit(inputs)  # Keras draws the weights at the first call
w, b = unit.get_weights()
teaching.match("one neuron, NumPy and Keras", np.tanh(inputs @ w + b), by_keras)

# %% [markdown] tags=["lang-en"]
# ## The loss
#
# The line of the first figure is the simplest neuron: one input ($d = 1$) and no bend,
# $\varphi(z) = z$. How wrong it is, all in all, is one number, the mean squared error:
#
# $$L(w, b) = \frac{1}{n} \sum_{i=1}^{n} (w x_i + b - y_i)^2$$
#
# Here $x_i$ and $y_i$ are the input and the target of sample $i$, one number each; $L$ is one
# number too. The data stay, the two weights move: so $L$ is a landscape over the plane of all
# lines.

# %% [markdown] tags=["lang-zh"]
# ## 损失
#
# 第一幅图里的直线是最简单的神经元：只有一个输入（$d = 1$），也不弯曲，$\varphi(z) = z$。
# 它总共错了多少，用一个数来表示，即均方误差：
#
# $$L(w, b) = \frac{1}{n} \sum_{i=1}^{n} (w x_i + b - y_i)^2$$
#
# 其中 $x_i$ 和 $y_i$ 是第 $i$ 个样本的输入和目标，各是一个数，$L$ 也是一个数。数据固定不动，
# 变的是权重和偏置；因此 $L$ 是铺在“所有直线”这个平面上的一片地形。


# %%
def loss(w):
    return np.mean((w[0] * x + w[1] - y) ** 2)


teaching.match("loss", loss(start), recipe.build().evaluate(x, y, verbose=0), tolerance=1e-5)
teaching.contours(x, y, start, best=np.polyfit(x, y, 1))

# %% [markdown] tags=["lang-en"]
# ## The gradient, three times
#
# The orange arrows point downhill. They are minus the gradient, the two slopes of $L$:
#
# $$\begin{aligned} \nabla L &= \begin{pmatrix} \partial L / \partial w \\
# \partial L / \partial b \end{pmatrix} \\ &= \frac{2}{n} \sum_{i=1}^{n} (w x_i + b - y_i)
# \begin{pmatrix} x_i \\ 1 \end{pmatrix} \end{aligned}$$
#
# $\nabla L$ has the shape of the weights, $(2)$. In words: each residual votes for the bias with
# its own size, and for the weight with its size times the input. A formula of one's own may be
# wrong, so we compute the gradient in three ways that share nothing:
#
# 1. by hand, the formula above;
# 2. by finite differences, from the definition of a slope: move a weight a little to either side
#    and see how the loss changes;
# 3. by a tape, which records each operation on the way forward and applies the chain rule
#    backwards.

# %% [markdown] tags=["lang-zh"]
# ## 三种方法求梯度
#
# 橙色箭头指向下坡方向，也就是负梯度。梯度由 $L$ 的两个斜率组成：
#
# $$\begin{aligned} \nabla L &= \begin{pmatrix} \partial L / \partial w \\
# \partial L / \partial b \end{pmatrix} \\ &= \frac{2}{n} \sum_{i=1}^{n} (w x_i + b - y_i)
# \begin{pmatrix} x_i \\ 1 \end{pmatrix} \end{aligned}$$
#
# $\nabla L$ 与权重形状相同，为 $(2)$。换句话说，每个残差都在投票：投给偏置的是残差本身，
# 投给权重的是残差乘以输入。自己推的公式可能有错，所以我们用三种毫无共同之处的方法各算一遍：
#
# 1. 手工推导，即上面的公式；
# 2. 有限差分，直接用斜率的定义：把一个权重向两边各挪一点点，看损失变化多少；
# 3. 梯度带（tape）：前向计算时记下每一步运算，再用链式法则倒着算回来。

# %%
for way in (recipe.gradient, teaching.finite_differences, recipe.tape_gradient):
    teaching.source(way)
by_hand = recipe.gradient(x, y, start)
teaching.match("by finite differences", by_hand, teaching.finite_differences(loss, [start])[0])
teaching.match("by tape", by_hand, recipe.tape_gradient(x, y, start))

# %% [markdown] tags=["lang-en"]
# ## Going downhill
#
# Gradient descent repeats one line. With the learning rate $\eta$, a positive number, and the step
# number $t$:
#
# $$\begin{pmatrix} w \\ b \end{pmatrix}_{t+1} = \begin{pmatrix} w \\ b \end{pmatrix}_{t} -
# \eta \, \nabla L$$
#
# The sum in $\nabla L$ may run over all samples, over a batch of a few, or over one alone. An epoch
# is one pass over all samples; the smaller the batch, the more steps fit into it and the noisier
# each of them is.
#
# **Predict.** Three runs go through the 1,000 points the same number of times, at the same learning
# rate: with all points in a step, with 32, with one. Which one ends nearest to the best line?

# %% [markdown] tags=["lang-zh"]
# ## 沿着下坡走
#
# 梯度下降反复执行同一行式子。设学习率为正数 $\eta$，步数为 $t$：
#
# $$\begin{pmatrix} w \\ b \end{pmatrix}_{t+1} = \begin{pmatrix} w \\ b \end{pmatrix}_{t} -
# \eta \, \nabla L$$
#
# $\nabla L$ 中的求和可以取遍全部样本，也可以只取一小批，甚至只取一个样本。
# 把所有样本过一遍叫一轮（epoch）；批越小，一轮里走的步数就越多，每一步的噪声也越大。
#
# **先猜。** 三次训练把 1,000 个点过同样多遍，学习率也相同，区别只在于每步用全部点、32 个点还是 1
# 个点。结束时哪一次离最佳直线最近？

# %%
runs = [kerastut.run("gradient-descent", seed=seed, verbose=0) for seed in range(3)]
teaching.hold(runs[0])
plots = runs[0].figures()
plots["trajectories"].get_figure()

# %% [markdown] tags=["lang-en"]
# All three paths were computed by the formula above; `step_difference` is how far the orange one
# ends from the weights that Keras reached. One seed is an anecdote, so here are three, each with
# other points and another order. The distance is measured to the least-squares line of the same
# points; the test loss is that of batches of 32, and the baseline always predicts the mean.

# %% [markdown] tags=["lang-zh"]
# 三条路径都是用上面的公式算出来的；`step_difference` 是橙色路径的终点与 Keras 所到权重之间的差距。
# 只看一个随机种子不足为凭，下面换三个种子，数据点和样本顺序都不同。
# 距离指到同一批点的最小二乘直线的距离；测试损失取自每步 32 个点的训练，基线则总是预测平均值。


# %%
def distance(run, batch_size):
    best = np.polyfit(run.data.train.x[:, 0], run.data.train.y, 1)
    return np.linalg.norm(recipe.descend(run, batch_size)[-1] - best)


far = [teaching.spread([distance(run, size) for run in runs]) for size in (1000, 32, 1)]
test = teaching.spread([run.metrics["loss"] for run in runs])
mean = teaching.spread([np.var(run.data.test.y) for run in runs])
teaching.say(
    en=f"Distance: all {far[0]}, 32 **{far[1]}**, one {far[2]}. Test loss {test}, baseline {mean}.",
    zh=f"距离：全部 {far[0]}，32 个 **{far[1]}**，1 个 {far[2]}。测试损失 {test}，基线 {mean}。",
)

# %% [markdown] tags=["lang-en"]
# The noise of the data has a variance of one hundredth, and no model can have a smaller expected
# test loss than that: the middle run has all there is to get. All points in a step point straight
# at the goal, but four epochs are four steps. One point a step is there soon and then never comes
# to rest. This is the case for small batches, and it has nothing to do with local minima.
#
# ## When it goes wrong
#
# **Predict.** The learning rate is a little too large, by a twentieth. Will the loss fall more
# slowly, level off, or something else?

# %% [markdown] tags=["lang-zh"]
# 数据噪声的方差是百分之一，任何模型的期望测试损失都不可能比它更小：每步 32 个点的那次，
# 能学的都学到了。每步用全部点，方向最准，可四轮只有四步；每步只用一个点，很快就到了附近，
# 却永远停不下来。小批量之所以成为惯例，原因就在这里，与局部极小值无关。
#
# ## 出错的时候
#
# **先猜。** 学习率只比界限大一点点，超出二十分之一。损失会降得慢一些，会停住不动，还是别的情形？

# %%
curvature = 2 * np.vander(x, 2).T @ np.vander(x, 2) / len(x)  # columns x and 1
limit = 2 / np.linalg.eigvalsh(curvature).max()
whole = kerastut.run("gradient-descent", batch_size=len(x), epochs=30, verbose=0)
rates = whole.vary("learning_rate", [share * limit for share in (0.1, 0.5, 0.95, 1.05)])
losses = {f"{rate / limit:.2f} × limit": run.history["loss"] for rate, run in rates.items()}
teaching.curves(losses, range(1, 31), title="loss by learning rate", xlabel="step", yscale="log")

# %% [markdown] tags=["lang-en"]
# It diverges: every step overshoots and lands higher on the other side. The limit is known here.
# The second derivatives of $L$ form a matrix $A$ of shape $(2, 2)$, and a step multiplies the
# distance from the lowest point, along each eigenvector of $A$ with eigenvalue $\lambda$, by
# $1 - \eta \lambda$. That shrinks everything only if
#
# $$\eta < \frac{2}{\lambda_{\max}}$$
#
# A steep direction caps the rate, and a flat one then has to crawl at it. Deep networks have no
# such formula, but the same picture: a loss that grows or becomes NaN asks for a smaller rate
# first.
#
# A second limit has nothing to do with the rate. Downhill leads to *a* lowest point near the start.
# A bowl has just one, and many losses are not bowls:

# %% [markdown] tags=["lang-zh"]
# 结果是发散：每一步都冲过头，落到对面更高的地方。在这个例子里，界限可以算出来。$L$
# 的二阶导数组成形状为 $(2, 2)$ 的矩阵 $A$；沿着 $A$ 的每个特征向量（特征值为 $\lambda$），
# 走一步就把到最低点的距离乘以 $1 - \eta \lambda$。要让各个方向都缩小，必须
#
# $$\eta < \frac{2}{\lambda_{\max}}$$
#
# 陡的方向限制了学习率，平缓的方向就只能慢慢挪。深层网络没有这样的公式，情形却一样：损失变大或变成
# NaN 时，首先应该调小学习率。
#
# 另一个局限与学习率无关：往下走，到达的只是起点附近的*某个*最低点。碗形的损失只有一个最低点，
# 但许多损失并不是碗形：

# %%
plots["double_well"].get_figure()

# %%
lost = [start for start in recipe.STARTS if recipe.roll(start)[-1] > 0]
teaching.erratum("T3-11", en=f"{lost} end in the wrong well.", zh=f"{lost} 停在较浅的谷里。")

# %% [markdown] tags=["lang-en"]
# ## Backpropagation: the chain rule, backwards
#
# A line cannot bend. Put a hidden layer of $m$ neurons in front of it and it can. With inputs $X$
# of shape $(n, 1)$ and targets $y$ of shape $(n, 1)$:
#
# $$\begin{aligned} Z &= X W_1 + b_1 \\ H &= \tanh Z \\ \hat{y} &= H w_2 + b_2 \\
# L &= \tfrac{1}{n} \textstyle\sum (\hat{y} - y)^2 \end{aligned}$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $W_1$, $b_1$ | weights and biases of the hidden layer | $(1, m)$, $(m)$ |
# | $Z$, $H$ | before and after the bend | $(n, m)$ |
# | $w_2$, $b_2$ | weights and bias of the output | $(m, 1)$, $(1)$ |
# | $\delta$, $\Delta$ | gradients with respect to $\hat{y}$, $Z$ | $(n, 1)$, $(n, m)$ |
#
# Now start at the loss and walk back. Each step multiplies what arrives by its own derivative;
# $\odot$ and the square work element by element, and $\tanh' = 1 - \tanh^2$.

# %% [markdown] tags=["lang-zh"]
# ## 反向传播：倒着用链式法则
#
# 直线不会弯。在它前面加一个有 $m$ 个神经元的隐藏层，就能弯了。设输入 $X$ 和目标 $y$ 的形状都是
# $(n, 1)$：
#
# $$\begin{aligned} Z &= X W_1 + b_1 \\ H &= \tanh Z \\ \hat{y} &= H w_2 + b_2 \\
# L &= \tfrac{1}{n} \textstyle\sum (\hat{y} - y)^2 \end{aligned}$$
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $W_1$、$b_1$ | 隐藏层的权重和偏置 | $(1, m)$、$(m)$ |
# | $Z$、$H$ | 激活之前、激活之后 | $(n, m)$ |
# | $w_2$、$b_2$ | 输出层的权重和偏置 | $(m, 1)$、$(1)$ |
# | $\delta$、$\Delta$ | 对 $\hat{y}$、对 $Z$ 的梯度 | $(n, 1)$、$(n, m)$ |
#
# 现在从损失出发往回走，每一步都把传来的梯度乘上自己的导数。$\odot$ 和平方都是逐元素运算，而
# $\tanh' = 1 - \tanh^2$。

# %%
teaching.diagram("chain")

# %% [markdown] tags=["lang-en"]
# $$\begin{aligned} \delta &= \tfrac{2}{n} (\hat{y} - y) \\ \Delta &= \delta w_2^{\top} \odot
# (1 - H^2) \\ \frac{\partial L}{\partial W_1} &= X^{\top} \Delta, \quad
# \frac{\partial L}{\partial b_1} = \textstyle\sum_i \Delta_i \\
# \frac{\partial L}{\partial w_2} &= H^{\top} \delta, \quad
# \frac{\partial L}{\partial b_2} = \textstyle\sum_i \delta_i \end{aligned}$$
#
# The sums run over the samples $i$. Shapes are the best check while writing: each gradient must
# have the shape of its weights, and mostly there is just one way to multiply that gives it. In the
# code $m$ is three, and the target is $x^2$, which no line fits.

# %% [markdown] tags=["lang-zh"]
# $$\begin{aligned} \delta &= \tfrac{2}{n} (\hat{y} - y) \\ \Delta &= \delta w_2^{\top} \odot
# (1 - H^2) \\ \frac{\partial L}{\partial W_1} &= X^{\top} \Delta, \quad
# \frac{\partial L}{\partial b_1} = \textstyle\sum_i \Delta_i \\
# \frac{\partial L}{\partial w_2} &= H^{\top} \delta, \quad
# \frac{\partial L}{\partial b_2} = \textstyle\sum_i \delta_i \end{aligned}$$
#
# 求和取遍所有样本 $i$。推导时最好的检查就是形状：每个梯度都要和对应的权重同形状，
# 而能乘出这个形状的写法往往只有一种。代码里 $m$ 取三，目标取 $x^2$，任何直线都拟合不了它。

# %%
grid = np.linspace(-1, 1, 200)[:, None]
target = grid**2


def forward(w1, b1, w2, b2):
    hidden = np.tanh(grid @ w1 + b1)
    return hidden, hidden @ w2 + b2


def error(*weights):
    return np.mean((forward(*weights)[1] - target) ** 2)


def backward(w1, b1, w2, b2):
    hidden, output = forward(w1, b1, w2, b2)
    delta = 2 * (output - target) / len(grid)
    back = (delta @ w2.T) * (1 - hidden**2)
    return grid.T @ back, back.sum(axis=0), hidden.T @ delta, delta.sum(axis=0)


# %% [markdown] tags=["lang-en"]
# The same net in Keras, with the same weights. The tape records what Keras computes.

# %% [markdown] tags=["lang-zh"]
# 用 Keras 搭同样的网络，放入同样的权重；梯度带记录的就是 Keras 的运算。

# %%
net = keras.Sequential([keras.layers.Dense(3, "tanh"), keras.layers.Dense(1)])
net.build((None, 1))
weights = [part.astype("float64") for part in net.get_weights()]
with tf.GradientTape() as tape:
    value = tf.reduce_mean((net(grid) - target) ** 2)
taped, tried = tape.gradient(value, net.weights), teaching.finite_differences(error, weights)
for ours, *others in zip(backward(*weights), tried, taped, strict=True):
    teaching.match(f"{ours.shape} by finite differences", ours, others[0])
    teaching.match(f"{ours.shape} by tape, single precision", ours, others[1], tolerance=1e-5)

# %% [markdown] tags=["lang-en"]
# **Predict.** Finite differences move a weight by a small step. Is the result the better, the
# smaller the step?

# %% [markdown] tags=["lang-zh"]
# **先猜。** 有限差分要把权重挪动一小步。步长是不是越小，结果就越准？

# %%
teaching.step_sizes(error, weights, backward(*weights))

# %% [markdown] tags=["lang-en"]
# On the right the slope is taken over too wide a stretch, and the error falls with the square of
# the step. On the left two almost equal losses are subtracted and only their rounding errors
# remain. A step in the middle is right, and even there some digits are lost. Now the hand-written
# gradient has to train the net:

# %% [markdown] tags=["lang-zh"]
# 右边步长太大，斜率取自一段太宽的区间，误差随步长的平方减小；左边是两个几乎相等的损失相减，
# 剩下的只有舍入误差。步长取中间才合适，即便如此也会丢掉几位有效数字。
# 下面让手写的梯度真正去训练网络：

# %%
fits = {"$x^2$": target, f"best line: error {target.var():.4f}": target.mean() + 0 * grid}
for _ in range(teaching.scale(3000, 20000)):
    weights = [w - 0.2 * slope for w, slope in zip(weights, backward(*weights), strict=True)]
fits[f"3 hidden neurons: error {error(*weights):.4f}"] = forward(*weights)[1]
teaching.curves(fits, grid, title="a hidden layer can bend", xlabel="$x$", ylabel="$y$")

# %% [markdown] tags=["lang-en"]
# This is all that a framework does for networks of any size: a forward pass that keeps its values,
# and a backward pass that multiplies. The method became widely known through
# [Rumelhart, Hinton and Williams, 1986](https://doi.org/10.1038/323533a0).
#
# **Opinion.** Compare every gradient that you write by hand with finite differences before training
# with it: a slightly wrong gradient often trains, only worse.
# [Bottou, Stochastic Gradient Descent Tricks, 2012](https://doi.org/10.1007/978-3-642-35289-8_25)
# gives the same advice. **Caveat**: a line, ten weights and no noise in the last figure show how
# the method works, not how it fares on large networks; the next chapters measure that.
#
# ## Exercises

# %% [markdown] tags=["lang-zh"]
# 无论网络多大，框架做的也就是这些：前向计算并保留中间值，反向逐步相乘。这一方法广为人知，始于
# [Rumelhart、Hinton 和 Williams 1986 年的论文](https://doi.org/10.1038/323533a0)。
#
# **个人看法。** 凡是手写的梯度，都应先用有限差分核对再拿去训练：梯度稍有差错，往往照样能训练，
# 只是效果变差。
# [Bottou，Stochastic Gradient Descent Tricks，2012](https://doi.org/10.1007/978-3-642-35289-8_25)
# 也这样建议。**注意**：一条直线、十个权重、最后一幅图里没有噪声，这些只说明方法如何运作，
# 并不说明它在大型网络上表现如何；那要由后面各章来测量。
#
# ## 练习

# %% [markdown] tags=["lang-en"]
# **Exercise 1.** A neuron sees grey images of 28 × 28 pixels in batches of 32. Which shapes have
# $X$, $w$ and $\hat{y}$, and how many numbers does the neuron learn?
#
# <details><summary>Answer</summary>
#
# With $d = 28 \cdot 28$: $X$ is $(32, d)$, $w$ is $(d)$, $\hat{y}$ is $(32)$. It learns $d + 1$
# numbers, whatever the batch.
#
# </details>
#
# **Exercise 2.** There are $n$ samples, and the batch size $B$ does not divide $n$. How many steps
# has an epoch, and what is special about the last?
#
# <details><summary>Answer</summary>
#
# $\lceil n / B \rceil$, rounded up. The last batch is smaller, so its mean gradient is noisier, and
# yet it moves the weights by the same $\eta$.
#
# </details>
#
# **Exercise 3.** All weights $W_1$, $b_1$ and $w_2$ start at zero. Which gradients are zero at the
# first step? Can the hidden neurons ever become different from each other?
#
# <details><summary>Answer</summary>
#
# $H = 0$ and $w_2 = 0$, so all gradients but that of $b_2$ are zero, and stay so: only $b_2$
# learns. With equal but nonzero weights the neurons would move, all alike for ever. Hence the
# random start.
#
# </details>
#
# **Exercise 4.** A network has $p$ weights. How many times must the loss be computed for one
# gradient by central differences, and how does backpropagation compare?
#
# <details><summary>Answer</summary>
#
# $2p$ times. Backpropagation costs a small multiple of one forward pass, whatever $p$ is. So finite
# differences check, and backpropagation trains.
#
# </details>
#
# **Exercise 5.** The sigmoid is $\sigma(z) = 1 / (1 + e^{-z})$. Write its derivative as a function
# of $s = \sigma(z)$, as the code above does for tanh.

# %% [markdown] tags=["lang-zh"]
# **练习 1。** 一个神经元接收 28 × 28 像素的灰度图像，每批 32 张。$X$、$w$、$\hat{y}$ 各是什么形状？
# 它要学习多少个数？
#
# <details><summary>答案</summary>
#
# 令 $d = 28 \cdot 28$：$X$ 为 $(32, d)$，$w$ 为 $(d)$，$\hat{y}$ 为 $(32)$。要学的数有 $d + 1$ 个，
# 与批大小无关。
#
# </details>
#
# **练习 2。** 共有 $n$ 个样本，批大小 $B$ 不能整除 $n$。一轮有多少步？最后一步有什么特别之处？
#
# <details><summary>答案</summary>
#
# $\lceil n / B \rceil$ 步，即向上取整。最后一批样本较少，平均梯度的噪声更大，更新时用的却是同一个
# $\eta$。
#
# </details>
#
# **练习 3。** 若 $W_1$、$b_1$ 和 $w_2$ 全部从零开始，第一步有哪些梯度为零？
# 隐藏层的神经元有可能变得彼此不同吗？
#
# <details><summary>答案</summary>
#
# 此时 $H = 0$ 且 $w_2 = 0$，除 $b_2$ 外所有梯度都是零，而且以后一直是零：只有 $b_2$ 在学习。
# 若各神经元的权重相同但不为零，它们会动，却永远一模一样。所以要随机初始化。
#
# </details>
#
# **练习 4。** 网络有 $p$ 个权重。用中心差分求一次梯度，要计算多少次损失？反向传播又如何？
#
# <details><summary>答案</summary>
#
# $2p$ 次。反向传播的开销只是一次前向计算的几倍，与 $p$ 无关。所以有限差分用来核对，
# 反向传播用来训练。
#
# </details>
#
# **练习 5。** sigmoid 函数为 $\sigma(z) = 1 / (1 + e^{-z})$。仿照上面代码对 tanh 的处理，
# 把它的导数写成 $s = \sigma(z)$ 的函数。


# %% tags=["solution"]
def sigmoid_slope(s):
    # BEGIN SOLUTION
    return s * (1 - s)
    # END SOLUTION


# %% tags=["check"]
z = np.linspace(-4, 4, 9)
tried = teaching.finite_differences(lambda z: np.sum(1 / (1 + np.exp(-z))), [z])[0]
assert np.allclose(sigmoid_slope(1 / (1 + np.exp(-z))), tried, atol=1e-8), "check by hand"
print("right")

# %% [markdown] tags=["lang-en"]
# **Exercise 6.** Momentum keeps a speed $s$ of the weights' shape and a number $\mu$: first
# $s \leftarrow \mu s - \eta \nabla L$, then $w \leftarrow w + s$. Write one step; the check
# compares it with Keras.

# %% [markdown] tags=["lang-zh"]
# **练习 6。** 动量法多保存一个与权重同形状的速度 $s$ 和一个数 $\mu$：先
# $s \leftarrow \mu s - \eta \nabla L$，再 $w \leftarrow w + s$。写出其中一步，自检会与 Keras 对比。


# %% tags=["solution"]
def momentum_step(w, s, gradient, rate, mu):
    # BEGIN SOLUTION
    s = mu * s - rate * gradient
    return w + s, s
    # END SOLUTION


# %% tags=["check"]
w, s, kept = start, np.zeros(2), keras.Variable(start, dtype="float64")
optimizer = keras.optimizers.SGD(0.1, momentum=0.9)
for _ in range(3):
    optimizer.apply([recipe.gradient(x, y, kept.numpy())], [kept])
    w, s = momentum_step(w, s, recipe.gradient(x, y, w), 0.1, 0.9)
assert np.allclose(w, kept.numpy(), atol=1e-6), "the new speed moves the weights"
print("right")
