# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["lang-en"]
# # The multilayer perceptron: a layer finds its own features
#
# A handwritten 4 is a table of 784 numbers. Which of them make it a 4? Nobody can write the rule
# down, and nobody has to. A net of two layers finds one, and afterwards we can look at what it
# found.
#
# - **Prerequisites**: the first two chapters: gradient descent, backpropagation on a small net,
#   logistic regression; the product of two matrices.
# - **You will be able to**: write softmax, cross-entropy, a hidden layer and all their gradients in
#   NumPy, and check them; say what a hidden layer without activation is worth; train the recipe,
#   hold it against a baseline and read its confusion matrix; recognise a net whose units are all
#   alike.
# - **Minutes**: about 70 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 多层感知机：让一层自己找出特征
#
# 一个手写的 4 就是 784 个数组成的表格。其中哪些数让它成为 4？没有人写得出这条规则，也不需要有人写。
# 两层的网络自己就能找到，之后我们还可以看看它找到了什么。
#
# - **预备知识**：前两章的内容，即梯度下降、小网络上的反向传播、逻辑回归；矩阵乘法。
# - **学完之后你能够**：用 NumPy 写出 softmax、交叉熵、隐藏层及其全部梯度，并加以核对；说清没有激活
#   函数的隐藏层有什么用；训练配方，与基线比较，读懂混淆矩阵；认出“所有单元都一样”的网络。
# - **用时**：连同练习约 70 分钟。

# %% tags=["install"]
# %pip install --quiet kerastut

# %%
# %matplotlib inline
import keras
import numpy as np
import tensorflow as tf

import kerastut
from kerastut import plotting, teaching

LIMIT, SEEDS = teaching.scale(6000, None), (0, 1, 2)
recipe = teaching.recipe("mlp-mnist")
data = kerastut.load("mnist", limit=LIMIT)
teaching.digit_as_numbers(data.train.x[data.train.y == 4][0, ..., 0])

# %% [markdown] tags=["lang-en"]
# The strip at the bottom is all that the net receives: the rows of the picture, one after the
# other, as a point in a space of 784 dimensions. That two pixels are neighbours it is not told.
#
# **Predict.** Give each digit a table of 784 weights, multiply it with the picture pixel by pixel,
# add up, and let the digit with the largest sum win. How many of 100 unseen digits can the best
# such tables get right: 30, 60 or 90?
#
# ## From scores to probabilities
#
# The ten sums are scores on no particular scale. We want probabilities, and one number that says
# how bad they are.
#
# | symbol | meaning | shape |
# |---|---|---|
# | $X$ | $n$ images, one a row, pixels from 0 to 1 | $(n, 784)$ |
# | $y$ | their true classes, 0 to 9 | $(n)$ |
# | $Z$ | scores, also called logits | $(n, 10)$ |
# | $P$ | probabilities; each row adds up to 1 | $(n, 10)$ |
# | $L$ | the loss | one number |
#
# Softmax makes the scores positive and divides by their sum; cross-entropy is the mean surprise at
# the true class:
#
# $$P_{ik} = \frac{e^{Z_{ik}}}{\sum_{j=0}^{9} e^{Z_{ij}}}$$
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \ln P_{i, y_i}$$
#
# The code subtracts each row's largest score first. This changes no probability (exercise 1) and
# keeps $e^Z$ finite.

# %% [markdown] tags=["lang-zh"]
# 图中最下面的长条就是网络得到的全部输入：把图像的各行首尾相接，成为 784 维空间中的一个点。哪两个像
# 素相邻，网络并不知道。
#
# **先猜。** 给每个数字配一张 784 个权重的表，与图像逐像素相乘再求和，和最大的数字获胜。用最好的十张
# 表去认 100 个没见过的数字，能认对多少个：30、60 还是 90？
#
# ## 从得分到概率
#
# 这十个和只是得分，没有固定的尺度。我们要的是概率，还要用一个数说明这些概率有多糟。
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $X$ | $n$ 张图像，每行一张，像素取 0 到 1 | $(n, 784)$ |
# | $y$ | 真实类别，0 到 9 | $(n)$ |
# | $Z$ | 得分，也叫 logits | $(n, 10)$ |
# | $P$ | 概率，每行之和为 1 | $(n, 10)$ |
# | $L$ | 损失 | 一个数 |
#
# softmax 先把得分变成正数，再除以它们的和；交叉熵则是对真实类别的平均“意外程度”：
#
# $$P_{ik} = \frac{e^{Z_{ik}}}{\sum_{j=0}^{9} e^{Z_{ij}}}$$
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \ln P_{i, y_i}$$
#
# 代码先从每行减去该行的最大得分：概率不变（见练习 1），而 $e^Z$ 不会溢出。


# %%
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy(p, y):
    return -np.log(p[np.arange(len(y)), y]).mean()


rng = np.random.default_rng(0)
x, y = data.train.x[:8].reshape(8, 784) / 255, data.train.y[:8]
scores, loss = rng.normal(size=(8, 10)), keras.losses.SparseCategoricalCrossentropy(dtype="float64")
teaching.match("softmax", softmax(scores), keras.ops.softmax(scores))
teaching.match("cross-entropy", cross_entropy(softmax(scores), y), loss(y, softmax(scores)))

# %% [markdown] tags=["lang-en"]
# A net that knows nothing gives every class one tenth, and its loss is $\ln 10$. An untrained net
# that starts far above that is badly initialised, and a trained one that stays near it has learned
# nothing.
#
# ## A hidden layer
#
# Between pixels and scores we put $m$ hidden units. Each weighs all pixels, adds a bias and cuts
# off what is negative; that cut is called relu. The scores then weigh the hidden units, not the
# pixels:
#
# $$\begin{aligned} A &= X W_1 + b_1 \\ H &= \max(0, A) \\ Z &= H W_2 + b_2 \end{aligned}$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $W_1$, $b_1$ | weights and biases of the hidden units | $(784, m)$, $(m)$ |
# | $A$, $H$ | hidden values before and after relu | $(n, m)$ |
# | $W_2$, $b_2$ | weights and biases of the scores | $(m, 10)$, $(10)$ |

# %% [markdown] tags=["lang-zh"]
# 一无所知的网络给每个类别十分之一的概率，损失就是 $\ln 10$。尚未训练的网络，若损失远高于它，说明初
# 始化不当；训练之后仍在它附近，说明什么也没学到。
#
# ## 隐藏层
#
# 在像素和得分之间放 $m$ 个隐藏单元。每个单元给所有像素加权求和，加上偏置，再把负值截成零，这一截断
# 叫 relu。得分由隐藏单元加权得到，不再直接来自像素：
#
# $$\begin{aligned} A &= X W_1 + b_1 \\ H &= \max(0, A) \\ Z &= H W_2 + b_2 \end{aligned}$$
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $W_1$、$b_1$ | 隐藏单元的权重和偏置 | $(784, m)$、$(m)$ |
# | $A$、$H$ | relu 之前、之后的隐藏值 | $(n, m)$ |
# | $W_2$、$b_2$ | 得分的权重和偏置 | $(m, 10)$、$(10)$ |


# %%
def forward(x, w1, b1, w2, b2):
    hidden = np.maximum(0, x @ w1 + b1)
    return hidden, softmax(hidden @ w2 + b2)


net = keras.Sequential([keras.layers.Dense(16, "relu"), keras.layers.Dense(10, "softmax")])
net.build((None, 784))
weights = [rng.normal(0, 0.1, w.shape).astype("float32").astype("float64") for w in net.weights]
net.set_weights(weights)
teaching.match("forward pass", forward(x, *weights)[1], net(x))
count = f"{recipe.build(units=64).layers[2].count_params():,}"
teaching.erratum("T0-29", en=f"`count_params()` says {count}.", zh=f"`count_params()` 得 {count}。")

# %% [markdown] tags=["lang-en"]
# ## Without the bend it is nothing new
#
# Leave relu out, and two layers fold into one. Substituting $H = XW_1 + b_1$ gives
#
# $$Z = X \, (W_1 W_2) + (b_1 W_2 + b_2)$$
#
# which is again one table of weights for each digit, however large $m$ is.
#
# **Predict.** Three nets see the same images, with the same optimizer and the same number of
# epochs: (a) pixels to scores directly; (b) 128 hidden units without activation, thirteen times as
# many weights; (c) 128 hidden units with relu. Is (b) nearer to (a) or to (c)?

# %% [markdown] tags=["lang-zh"]
# ## 不弯曲，就没有新东西
#
# 去掉 relu，两层就合成了一层。把 $H = XW_1 + b_1$ 代入，得
#
# $$Z = X \, (W_1 W_2) + (b_1 W_2 + b_2)$$
#
# 不管 $m$ 有多大，这仍然只是每个数字一张权重表。
#
# **先猜。** 三个网络用同样的图像、同样的优化器、同样的轮数训练：(a) 像素直接到得分；(b) 128 个没有
# 激活函数的隐藏单元，权重是 (a) 的十三倍；(c) 128 个带 relu 的隐藏单元。(b) 更接近 (a) 还是更接近
# (c)？

# %%
HIDDEN = {"none": [], "128, linear": [{}], "128, relu": [{"activation": "relu"}]}


def train(seed, hidden, start="glorot_uniform"):
    keras.utils.set_random_seed(seed)
    body = [keras.layers.Dense(128, kernel_initializer=start, **options) for options in hidden]
    head = keras.layers.Dense(10, "softmax", kernel_initializer=start)
    pixels = [keras.Input((28, 28, 1)), keras.layers.Rescaling(1 / 255), keras.layers.Flatten()]
    model = keras.Sequential([*pixels, *body, head])
    model.compile(keras.optimizers.Adam(3e-3), loss, metrics=["accuracy"])
    model.fit(data.train.x, data.train.y, batch_size=128, epochs=8, verbose=0)
    return model, model.evaluate(data.test.x, data.test.y, verbose=0, return_dict=True)["accuracy"]


nets = {name: [train(seed, hidden) for seed in SEEDS] for name, hidden in HIDDEN.items()}
found = {name: [accuracy for _, accuracy in trained] for name, trained in nets.items()}
w1, b1, w2, b2 = nets["128, linear"][0][0].get_weights()
folded = softmax(x @ (w1 @ w2) + b1 @ w2 + b2)
original = nets["128, linear"][0][0](data.train.x[:8])
teaching.match("two linear layers folded into one", folded, original, tolerance=1e-5)
rows = [{"hidden layer": name} for name in found]
plotting.comparison(rows, {"test accuracy": list(found.values())})[0].figure

# %%
none, linear, relu = map(teaching.spread, found.values())
measured = f"none {none}; linear {linear}; relu {relu}"
teaching.erratum("T0-32", en=f"Test accuracy: {measured}.", zh=f"测试准确率：{measured}。")

# %% [markdown] tags=["lang-en"]
# Tables of weights alone do better than most people guess: that is the baseline. The linear hidden
# layer cannot compute anything that the baseline cannot, and thirteen times the weights do not
# help. It need not give equal numbers, since a product of two matrices descends along another path.
# The bend is what makes the difference.
#
# ## The way back
#
# Training needs the derivative of $L$ by every weight. $G_V$ stands for the gradient of $L$ with
# respect to $V$ and has the shape of $V$; $Y$, of shape $(n, 10)$, has a 1 at each true class and 0
# elsewhere.

# %% [markdown] tags=["lang-zh"]
# 光靠权重表，成绩就比多数人猜的好：这就是基线。线性隐藏层能算的，基线也都能算，权重多到十三倍也无济
# 于事。两者的数字不必相等，因为两个矩阵相乘时，下降走的是另一条路。真正起作用的是那一下弯曲。
#
# ## 往回走
#
# 训练需要 $L$ 对每一个权重的导数。用 $G_V$ 表示 $L$ 对 $V$ 的梯度，形状与 $V$ 相同；$Y$ 的形状为
# $(n, 10)$，真实类别处为 1，其余为 0。

# %%
teaching.diagram("backpropagation")

# %% [markdown] tags=["lang-en"]
# Softmax and logarithm together have the simplest derivative one could wish for: probability minus
# truth. From there each orange arrow undoes one blue one:
#
# $$\begin{aligned} G_Z &= (P - Y) / n \\ G_H &= G_Z W_2^{\top} \\
# G_A &= G_H \odot [A > 0] \end{aligned}$$
#
# Here $\odot$ multiplies element by element and $[A > 0]$ is 1 where relu let the value pass and 0
# elsewhere. The weights follow:
#
# $$\begin{aligned} G_{W_2} &= H^{\top} G_Z, & G_{b_2} &= 1^{\top} G_Z \\
# G_{W_1} &= X^{\top} G_A, & G_{b_1} &= 1^{\top} G_A \end{aligned}$$
#
# where $1^{\top}$ adds up the rows. We check every one of the derivatives, by trying and by tape.

# %% [markdown] tags=["lang-zh"]
# softmax 与对数合在一起，导数简单得不能再简单：概率减去真值。再往前，每个橙色箭头对应倒退一个蓝色箭
# 头：
#
# $$\begin{aligned} G_Z &= (P - Y) / n \\ G_H &= G_Z W_2^{\top} \\
# G_A &= G_H \odot [A > 0] \end{aligned}$$
#
# 其中 $\odot$ 表示逐元素相乘；$[A > 0]$ 在 relu 放行的地方为 1，其余为 0。于是权重的梯度为：
#
# $$\begin{aligned} G_{W_2} &= H^{\top} G_Z, & G_{b_2} &= 1^{\top} G_Z \\
# G_{W_1} &= X^{\top} G_A, & G_{b_1} &= 1^{\top} G_A \end{aligned}$$
#
# 这里 $1^{\top}$ 表示把各行加起来。下面对每一个导数都核对两遍：有限差分一遍，梯度带一遍。


# %%
def gradients(*weights):
    hidden, p = forward(x, *weights)
    g_z = (p - np.eye(10)[y]) / len(y)
    g_a = (g_z @ weights[2].T) * (hidden > 0)
    return x.T @ g_a, g_a.sum(axis=0), hidden.T @ g_z, g_z.sum(axis=0)


tried = teaching.finite_differences(lambda *w: cross_entropy(forward(x, *w)[1], y), weights)
with tf.GradientTape() as tape:
    value = loss(y, net(x))
taped = tape.gradient(value, net.weights)
for ours, by_trying, by_tape in zip(gradients(*weights), tried, taped, strict=True):
    teaching.match(f"{ours.shape} by finite differences", ours, by_trying)
    teaching.match(f"{ours.shape} by tape", ours, by_tape)

# %% [markdown] tags=["lang-en"]
# The tape works in single precision, hence its larger difference. From here on Keras may do the
# work.
#
# ## The recipe
#
# This is the tested recipe, shown from its file. Scaling is a layer, so that the saved net takes
# raw pixels; the labels stay whole numbers; and the learning rate climbs and falls.

# %% [markdown] tags=["lang-zh"]
# 梯度带用的是单精度，所以差别大一些。从现在起，这些事就交给 Keras。
#
# ## 配方
#
# 下面是经过测试的配方，直接取自源文件。缩放是网络里的一层，保存后的网络可以直接接收原始像素；标签保
# 持整数；学习率先升后降。

# %%
teaching.source(recipe.build)
runs = [kerastut.run("mlp-mnist", limit=LIMIT, seed=seed, verbose=0) for seed in SEEDS]
for run in runs:
    teaching.hold(run, accuracy=(0.92, 0.95))
result = teaching.spread([run.metrics["accuracy"] for run in runs])
teaching.say(en=f"Recipe {result}, baseline {none}.", zh=f"配方 {result}，基线 {none}。")
runs[0].plot()[0].figure

# %% [markdown] tags=["lang-en"]
# That is the accuracy on test images; the baseline is the tables of weights alone. One number hides
# which digits are hard. In the confusion matrix a row is a true digit and a column what the net
# says. Look for the fullest cells off the diagonal: mostly they are pairs of digits that share most
# of their strokes.

# %% [markdown] tags=["lang-zh"]
# 这是测试图像上的准确率，基线指只用权重表的网络。单独一个数看不出哪些数字难认。在混淆矩阵里，一行是
# 一个真实数字，一列是网络给出的答案。看看对角线以外哪些格子数目最大：它们多半是笔画大部分相同的两个
# 数字。

# %%
runs[0].figures()["confusion"].figure

# %% [markdown] tags=["lang-en"]
# ## What the hidden units look at
#
# Each column of $W_1$ has one weight for each pixel, so it can be drawn as a picture: blue counts
# for the unit, red against it. First the ten tables of the net without a hidden layer. Then the
# twenty hidden units of the recipe that have changed most, with their random start subtracted, and
# above each the digit whose score it raises most.

# %% [markdown] tags=["lang-zh"]
# ## 隐藏单元在看什么
#
# $W_1$ 的每一列给每个像素一个权重，所以可以画成一张图：蓝色表示支持该单元，红色表示反对。先看没有隐
# 藏层的网络的十张表，再看配方中变化最大的二十个隐藏单元：图中减去了随机的初始值，上方标出它最支持哪
# 个数字。

# %%
tables = nets["none"][0][0].get_weights()[0].T.reshape(-1, 28, 28)
teaching.image_grid(tables, [f"{digit}" for digit in range(10)], signed=True)

# %%
keras.utils.set_random_seed(SEEDS[0])
change = runs[0].model.get_weights()[0] - recipe.build().get_weights()[0]
blank = runs[0].data.train.x.max(axis=0).ravel() == 0
teaching.match("change at pixels that are always blank", change[blank], 0 * change[blank])
most = np.argsort(-np.linalg.norm(change, axis=0))[:20]
speaks_for = [f"for {digit}" for digit in runs[0].model.get_weights()[2][most].argmax(axis=1)]
teaching.image_grid(change.T[most].reshape(-1, 28, 28), speaks_for, signed=True)

# %% [markdown] tags=["lang-en"]
# A table has to serve all ways of writing its digit at once, so it is a blurred average: a blue
# ring for 0 with a red middle. A hidden unit may specialise: a stroke here, a gap there. Where all
# training images are blank, the gradient is zero and the weights keep their random start for ever:
# the check above is exact. The speckle in the corners of the ten tables is that start, not a
# feature.
#
# **Opinion.** Read such pictures sparingly: they show where a unit looks, not what the net does
# with it. And the theorem that one hidden layer can approximate any continuous function is a poor
# reason to stop at one: it says neither how many units that takes nor that training finds them, see
# [Goodfellow, Bengio and Courville, Deep Learning, section
# 6.4.1](https://www.deeplearningbook.org/contents/mlp.html).
#
# ## When it goes wrong: all units alike
#
# **Predict.** The random start looks untidy. Set all weights to the same small number instead: what
# will 128 hidden units learn?

# %% [markdown] tags=["lang-zh"]
# 一张表要同时应付一个数字的所有写法，只能是模糊的平均：0 的表是一圈蓝色，中间发红。隐藏单元则可以各
# 管一处：这里一笔，那里一个缺口。凡是训练图像全为空白的像素，梯度都是零，权重永远停在随机的初始值
# 上：上面的核对结果是“exact”。十张表四角的杂色斑点就是这些初始值，并不是特征。
#
# **个人看法。** 这类图片不宜过度解读：它说明单元在看哪里，不说明网络拿它做什么。另外，“一个隐藏层
# 就能逼近任意连续函数”的定理，也不足以成为只用一层的理由：它既没说需要多少个单元，也没说训练能找到
# 它们，见 [Goodfellow、Bengio、Courville，Deep Learning，6.4.1
# 节](https://www.deeplearningbook.org/contents/mlp.html)。
#
# ## 出错的时候：所有单元都一样
#
# **先猜。** 随机的初始值看着杂乱。改成所有权重都等于同一个小数，128 个隐藏单元会学到什么？

# %%
twins = [train(seed, HIDDEN["128, relu"], keras.initializers.Constant(0.01)) for seed in SEEDS]
fallen = teaching.spread([accuracy for _, accuracy in twins])
apart = np.ptp(twins[0][0].get_weights()[0], axis=1).max()
teaching.say(en=f"Accuracy {fallen}; apart by {apart:g}.", zh=f"准确率 {fallen}；相差 {apart:g}。")

# %% [markdown] tags=["lang-en"]
# The second number is the largest difference between the weights of any two of the 128 units. Units
# that start alike receive the same gradient and stay alike for ever: 128 units do the work of one.
# No error is raised and the loss does fall a little, which makes this fault hard to see. Random
# weights are there to break the symmetry; biases may start at zero.
#
# ## Exercises
#
# **Exercise 1.** Show that adding the same number $c$ to all scores of an image changes none of its
# probabilities.
#
# <details><summary>Answer</summary>
#
# The factor $e^c$ stands in the numerator and in every term of the sum, and cancels.
#
# </details>
#
# **Exercise 2.** We shuffle the 784 pixels of all images, training and test, by one fixed
# permutation, so that no human can read them. What happens to the accuracy of the perceptron?
#
# <details><summary>Answer</summary>
#
# Nothing, up to chance. Permuting the rows of $W_1$ in the same way gives the same net. The
# perceptron does not use that pixels are neighbours; the next chapter is about a net that does.
#
# </details>
#
# **Exercise 3.** What do the rows of a confusion matrix add up to, what the columns, and when is
# the share of correct answers a bad summary?
#
# <details><summary>Answer</summary>
#
# A row adds up to the number of images of that digit, a column to how often the net says it. If one
# class is rare, the net may miss it altogether and still have a high share of correct answers.
#
# </details>
#
# **Exercise 4.** Why does the derivative $G_Z$ never vanish for a confident mistake, and what would
# happen with the squared error on a sigmoid output?
#
# <details><summary>Answer</summary>
#
# The entry of the true class is $(P_{i, y_i} - 1) / n$, and it is largest in size when $P_{i, y_i}$
# is near 0. The squared error multiplies it by the slope of the sigmoid, which is nearly zero
# there, so a confident mistake would hardly be corrected.
#
# </details>
#
# **Exercise 5.** Taking softmax first and then the logarithm fails when a probability is rounded to
# zero. Write the loss directly from the scores: $-Z_{i, y_i} + \ln \sum_j e^{Z_{ij}}$, with the
# row's largest score taken out, so that scores of a thousand do no harm.

# %% [markdown] tags=["lang-zh"]
# 第二个数是 128 个单元中任意两个的权重的最大差别。起点相同的单元，得到的梯度也相同，于是永远相
# 同：128 个单元只抵得上一个。程序不报错，损失也会略有下降，所以这个毛病很难发现。权重取随机值，正是
# 为了打破这种对称；偏置可以从零开始。
#
# ## 练习
#
# **练习 1。** 证明：给一张图像的所有得分加上同一个数 $c$，它的各个概率都不变。
#
# <details><summary>答案</summary>
#
# 分子和求和的每一项都带有因子 $e^c$，约去即可。
#
# </details>
#
# **练习 2。** 用同一个固定的排列打乱所有图像（训练和测试）的 784 个像素，人已经完全认不出来。感知机
# 的准确率会怎样？
#
# <details><summary>答案</summary>
#
# 除去随机波动，没有变化：把 $W_1$ 的各行按同样的排列打乱，就是同一个网络。感知机并没有利用像素的相
# 邻关系；下一章的网络会利用。
#
# </details>
#
# **练习 3。** 混淆矩阵每行之和是什么，每列之和是什么？什么时候准确率不足以概括结果？
#
# <details><summary>答案</summary>
#
# 一行之和是该数字的图像数，一列之和是网络给出该答案的次数。如果某个类别很少见，网络可能完全认不出
# 它，准确率却仍然很高。
#
# </details>
#
# **练习 4。** 对“很有把握的错误”，为什么 $G_Z$ 从不消失？如果在 sigmoid 输出上用平方误差，又会怎
# 样？
#
# <details><summary>答案</summary>
#
# 真实类别的那一项是 $(P_{i, y_i} - 1) / n$，当 $P_{i, y_i}$ 接近 0 时绝对值最大。平方误差还要再乘上
# sigmoid 的斜率，而那里的斜率几乎为零，于是很有把握的错误几乎得不到纠正。
#
# </details>
#
# **练习 5。** 先算 softmax 再取对数，遇到概率被舍入为零就会出错。请直接由得分计算损失
# $-Z_{i, y_i} + \ln \sum_j e^{Z_{ij}}$，并先减去每行的最大得分，使得分上千也不出问题。


# %% tags=["solution"]
def loss_from_scores(z, y):
    # BEGIN SOLUTION
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(y)), y])
    # END SOLUTION


# %% tags=["check"]
assert np.isclose(loss_from_scores(scores, y), cross_entropy(softmax(scores), y))
assert loss_from_scores(np.array([[1000.0, 0.0]]), [1]) == 1000, "subtract the row's maximum"
print("right")

# %% [markdown] tags=["lang-en"]
# **Exercise 6.** Write the number of weights and biases of a perceptron from the widths of its
# layers, the inputs first: `parameters([784, 512, 10])`.

# %% [markdown] tags=["lang-zh"]
# **练习 6。** 由各层的宽度（输入在最前）算出感知机的权重和偏置总数：`parameters([784, 512, 10])`。


# %% tags=["solution"]
def parameters(widths):
    # BEGIN SOLUTION
    return (np.array(widths[:-1]) + 1) @ widths[1:]
    # END SOLUTION


# %% tags=["check"]
assert parameters([784, 512, 10]) == runs[0].parameter_count, "one bias for every unit"
print("right")
