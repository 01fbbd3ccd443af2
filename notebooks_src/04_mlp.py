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
# - **Prerequisites**: [one neuron](01_neuron.ipynb), [regression](02_regression.ipynb) and
#   [optimizers](03_optimizers.ipynb): gradient descent, backpropagation on a small net, logistic
#   regression, Adam and its moving averages; the product of two matrices.
# - **You will be able to**: write softmax, cross-entropy, a hidden layer and all their gradients in
#   NumPy, and check them; say what a hidden layer without activation is worth; read a confusion
#   matrix, precision and recall, also where one class is rare; compute `BatchNormalization` by
#   hand; recognise a net whose units are all alike.
# - **Minutes**: about 80 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 多层感知机：让一层自己找出特征
#
# 一个手写的 4 就是 784 个数组成的表格。其中哪些数让它成为 4？没有人写得出这条规则，也不需要有人写。
# 两层的网络自己就能找到，之后我们还可以看看它找到了什么。
#
# - **预备知识**：[一个神经元](01_neuron.ipynb)、[回归](02_regression.ipynb)和
#   [优化器](03_optimizers.ipynb)三章，即梯度下降、小网络上的反向传播、逻辑回归、Adam 及其指数移动平
#   均；矩阵乘法。
# - **学完之后你能够**：用 NumPy 写出 softmax、交叉熵、隐藏层及其全部梯度，并加以核对；
#   说清没有激活函数的隐藏层有什么用；读懂混淆矩阵、精确率和召回率，包括某一类很少见的情形；
#   手工计算 `BatchNormalization`；认出“所有单元都一样”的网络。
# - **预计学习时间**：连同练习约 80 分钟。

# %% tags=["install"]
# %pip install --quiet kerastut

# %%
# %matplotlib inline
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers

from kerastut import plotting, teaching

# %%
# teaching.scale: the first number in a quick run; the second if the environment
# variable FULL was set to 1 before the notebook was started.
# zh: teaching.scale：快速运行用第一个数；启动 Notebook 之前把环境变量 FULL
# zh: 设为 1，则用第二个数。
count = teaching.scale(6000, 55000)
with np.load("mnist.npz") as data:
    x_train = data["x_train"][:count]
    y_train = data["y_train"][:count]
    x_validation = data["x_train"][55000:]
    y_validation = data["y_train"][55000:]
    x_test = data["x_test"]
    y_test = data["y_test"]

# %% tags=["hide-input"]
teaching.alt(
    en="A handwritten 4 as a picture, and below it the same pixels as one long strip.",
    zh="一个手写的 4，下方是同样的像素排成的一长条。",
)
teaching.digit_as_numbers(x_train[y_train == 4][5])

# %% [markdown] tags=["lang-en"]
# The strip at the bottom is all that the net receives: the rows of the picture, one after the
# other, as a point in a space of 784 dimensions. It is not told which pixels are neighbours.
#
# **Predict.** Give each digit a table of 784 weights, multiply it with the picture pixel by pixel,
# add up, and let the digit with the largest sum win. How many of 100 unseen digits can the best
# such tables get right?
#
# <details class="choice"><summary>about 30</summary>
#
# More: the place of the ink says a lot.
#
# </details>
# <details class="choice"><summary>about 60</summary>
#
# Still more. Ten tables are a stronger net than they look.
#
# </details>
# <details class="choice"><summary>about 90</summary>
#
# Yes. That is the baseline which a hidden layer has to beat.
#
# </details>
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
# $$P_{ij} = \frac{e^{Z_{ij}}}{\sum_{l=0}^{9} e^{Z_{il}}}$$
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \ln P_{i, y_i}$$
#
# The code subtracts each row's largest score first. This changes no probability, since the factor
# cancels, and keeps $e^Z$ finite.

# %% [markdown] tags=["lang-zh"]
# 图中最下面的长条就是网络得到的全部输入：把图像的各行首尾相接，成为 784 维空间中的一个点。
# 哪两个像素相邻，网络并不知道。
#
# **先猜**：给每个数字配一张 784 个权重的表，与图像逐像素相乘再求和，总和最大的数字获胜。
# 用最好的十张表去认 100 个没见过的数字，能认对多少个？
#
# <details class="choice"><summary>大约 30 个</summary>
#
# 不止：墨迹在什么位置，本身就很能说明问题。
#
# </details>
# <details class="choice"><summary>大约 60 个</summary>
#
# 还要多。十张表比看上去能干。
#
# </details>
# <details class="choice"><summary>大约 90 个</summary>
#
# 对。这就是隐藏层要超过的基线。
#
# </details>
#
# ## 从得分到概率
#
# 这十个和只是得分，没有固定的尺度。我们要的是概率，还要用一个数说明这些概率有多糟。
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $X$ | $n$ 张图像，每行一张，像素取 0 到 1 | $(n, 784)$ |
# | $y$ | 真实类别，0 到 9 | $(n)$ |
# | $Z$ | 得分，也叫 logit | $(n, 10)$ |
# | $P$ | 概率，每行之和为 1 | $(n, 10)$ |
# | $L$ | 损失 | 一个数 |
#
# softmax 先把得分变成正数，再除以它们的和；交叉熵则是对真实类别的平均“意外程度”：
#
# $$P_{ij} = \frac{e^{Z_{ij}}}{\sum_{l=0}^{9} e^{Z_{il}}}$$
#
# $$L = -\frac{1}{n} \sum_{i=1}^{n} \ln P_{i, y_i}$$
#
# 代码先从每行减去该行的最大得分：公因子约去，概率不变，而 $e^Z$ 不会溢出。


# %%
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def cross_entropy(p, y):
    true_class = p[np.arange(len(y)), y]
    return -np.log(true_class).mean()


rng = np.random.default_rng(0)
x = x_train[:8].reshape(8, 784) / 255
y = y_train[:8]
z = rng.normal(size=(8, 10))
loss = keras.losses.SparseCategoricalCrossentropy(dtype="float64")

# %% tags=["hide-input"]
teaching.match("softmax", softmax(z), keras.ops.softmax(z))
teaching.match("cross-entropy", cross_entropy(softmax(z), y), loss(y, softmax(z)))

# %% [markdown] tags=["lang-en"]
# A net that knows nothing gives every class one tenth, and its loss is $\ln 10 \approx 2.30$. An
# untrained net that starts far above that is badly initialised, and a trained one that stays near
# it has learned nothing.
#
# ## A hidden layer
#
# Between pixels and scores we put $m$ hidden units. Each weighs all pixels, adds a bias and cuts
# off what is negative; that cut is called ReLU. The scores then weigh the hidden units, not the
# pixels:
#
# $$\begin{aligned} A &= X W_1 + b_1 \\ H &= \max(0, A) \\ Z &= H W_2 + b_2 \end{aligned}$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $W_1$, $b_1$ | weights and biases of the hidden units | $(784, m)$, $(m)$ |
# | $A$, $H$ | hidden values before and after ReLU | $(n, m)$ |
# | $W_2$, $b_2$ | weights and biases of the scores | $(m, 10)$, $(10)$ |

# %% [markdown] tags=["lang-zh"]
# 一无所知的网络给每个类别十分之一的概率，损失就是 $\ln 10 \approx 2.30$。尚未训练的网络，若损失远高
# 于它，说明初始化不当；训练之后仍在它附近，说明什么也没学到。
#
# ## 隐藏层
#
# 在像素和得分之间放 $m$ 个隐藏单元。每个单元给所有像素加权求和，加上偏置，再把负值截成零，
# 这一截断叫 ReLU。得分由隐藏单元加权得到，不再直接来自像素：
#
# $$\begin{aligned} A &= X W_1 + b_1 \\ H &= \max(0, A) \\ Z &= H W_2 + b_2 \end{aligned}$$
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $W_1$、$b_1$ | 隐藏单元的权重和偏置 | $(784, m)$、$(m)$ |
# | $A$、$H$ | ReLU 之前、之后的隐藏值 | $(n, m)$ |
# | $W_2$、$b_2$ | 得分的权重和偏置 | $(m, 10)$、$(10)$ |


# %%
def forward(x, w1, b1, w2, b2):
    hidden = np.maximum(0, x @ w1 + b1)
    return hidden, softmax(hidden @ w2 + b2)


net = keras.Sequential(
    [
        keras.Input((784,)),
        layers.Dense(16, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
weights = []
for variable in net.weights:
    drawn = rng.normal(0, 0.1, variable.shape).astype("float32")
    weights.append(drawn.astype("float64"))
net.set_weights(weights)

# %% tags=["hide-input"]
teaching.match("forward pass", forward(x, *weights)[1], net(x))
parameters = f"{teaching.recipe('mlp-mnist').build(units=64).layers[2].count_params():,}"
teaching.erratum(
    "T0-29", en=f"`count_params()` says {parameters}.", zh=f"`count_params()` 得 {parameters}。"
)

# %% [markdown] tags=["lang-en"]
# ## Without the activation it is nothing new
#
# Leave ReLU out, and two layers fold into one. Substituting $H = XW_1 + b_1$ gives
#
# $$Z = X \, (W_1 W_2) + (b_1 W_2 + b_2)$$
#
# which is again one table of weights for each digit, however large $m$ is.
#
# **Predict.** Three nets see the same images, with the same optimizer and the same number of
# epochs: (a) pixels to scores directly; (b) 128 hidden units without activation, thirteen times as
# many weights; (c) 128 hidden units with ReLU. Is (b) nearer to (a) or to (c)?
#
# <details class="choice"><summary>nearer to (a)</summary>
#
# Yes: it can express just what (a) can, one table for each digit.
#
# </details>
# <details class="choice"><summary>nearer to (c), for its many weights</summary>
#
# No: thirteen times as many weights still make one table for each digit.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# ## 没有激活函数，就没有新东西
#
# 去掉 ReLU，两层就合成了一层。把 $H = XW_1 + b_1$ 代入，得
#
# $$Z = X \, (W_1 W_2) + (b_1 W_2 + b_2)$$
#
# 不管 $m$ 有多大，这仍然只是每个数字一张权重表。
#
# **先猜**：三个网络用同样的图像、同样的优化器、同样的轮数训练：(a) 像素直接到得分；(b) 128
# 个没有激活函数的隐藏单元，权重是 (a) 的十三倍；(c) 128 个带 ReLU 的隐藏单元。(b) 更接近 (a)
# 还是更接近 (c)？
#
# <details class="choice"><summary>更接近 (a)</summary>
#
# 对：它能表达的和 (a) 完全相同，都是每个数字一张表。
#
# </details>
# <details class="choice"><summary>更接近 (c)，因为权重多</summary>
#
# 不对：十三倍的权重，合起来仍是每个数字一张表。
#
# </details>


# %%
def build_model(hidden, start="glorot_uniform"):
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            *hidden,
            layers.Dense(10, activation="softmax", kernel_initializer=start),
        ]
    )
    # Three times Adam's default rate, as eight epochs are few: see chapter 3.
    # zh: 默认学习率的三倍，因为八轮并不多；怎样选学习率，见第 3 章。
    model.compile(
        optimizer=keras.optimizers.Adam(0.003),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def accuracy_on(model, x, y):
    return model.evaluate(x, y, verbose=0, return_dict=True)["accuracy"]


def train(model, seed):
    keras.utils.set_random_seed(seed)
    model.fit(x_train, y_train, batch_size=128, epochs=8, verbose=0)
    return accuracy_on(model, x_validation, y_validation)


# %%
nets = {"none": [], "128, linear": [], "128, relu": []}
found = {"none": [], "128, linear": [], "128, relu": []}
for seed in range(3):
    for name in nets:
        keras.utils.set_random_seed(seed)
        activation = "relu" if name == "128, relu" else None
        hidden = [layers.Dense(128, activation=activation)]
        if name == "none":
            hidden = []
        model = build_model(hidden)
        found[name].append(train(model, seed))
        nets[name].append(model)

# %% tags=["hide-input"]
teaching.alt(
    en="Validation accuracy of three nets, three seeds each: no hidden layer, a linear one, one"
    " with ReLU; the last lies highest.",
    zh="三种网络的验证准确率，各三个种子：无隐藏层、线性隐藏层、带 ReLU 的隐藏层；最后一种最高。",
)
w1, b1, w2, b2 = nets["128, linear"][0].get_weights()
folded = softmax(x @ (w1 @ w2) + b1 @ w2 + b2)
original = nets["128, linear"][0](x_train[:8])
teaching.match("two linear layers folded into one", folded, original, tolerance=1e-5)
rows = [{"hidden layer": name} for name in found]
plotting.comparison(rows, {"validation accuracy": list(found.values())})[0].get_figure()

# %% tags=["hide-input"]
none, linear, relu = map(teaching.spread, found.values())
middles = [np.mean(values) for values in found.values()]
to_none = abs(middles[1] - middles[0])
to_relu = middles[2] - middles[1]
assert to_none < to_relu, middles
teaching.erratum(
    "T0-32",
    en=(
        f"Accuracy without a hidden layer {none}; with a linear one {linear}; with ReLU {relu}. The"
        f" linear one is {to_none:.3f} away from none, and {to_relu:.3f} from ReLU."
    ),
    zh=(
        f"准确率：无隐藏层 {none}；线性隐藏层 {linear}；带 ReLU {relu}。线性隐藏层与没有隐藏层相差"
        f" {to_none:.3f}，与带 ReLU 相差 {to_relu:.3f}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# Tables of weights alone get this far: that is the baseline. The linear hidden layer can express
# the same, but its training moves two matrices, not one: after eight epochs it stands somewhere
# else, and may be a little better or worse. The nonlinear activation is what makes the difference.
#
# ## Backpropagation
#
# Training needs the derivative of $L$ with respect to every weight. $G$ stands for a gradient of
# $L$: $G_Z$ is that with respect to $Z$ and has the shape of $Z$, and so on. $Y$, of shape
# $(n, 10)$, has a 1 at each true class and 0 elsewhere.

# %% [markdown] tags=["lang-zh"]
# 光靠权重表，就能做到这个地步：这就是基线。线性隐藏层能表达的与它相同，但训练时改动的是两个矩阵，
# 八轮之后走到的地方也就不同，所以结果可能略好或略差。真正起作用的是非线性的激活函数。
#
# ## 反向传播
#
# 训练需要 $L$ 对每一个权重的导数。用 $G$ 表示 $L$ 的梯度：$G_Z$ 是对 $Z$ 的梯度，形状与 $Z$ 相
# 同，其余类推；$Y$ 的形状为 $(n, 10)$，真实类别处为 1，其余为 0。

# %% tags=["hide-input"]
teaching.diagram("backpropagation")

# %% [markdown] tags=["lang-en"]
# Softmax and logarithm together have the simplest derivative one could wish for: probability minus
# truth. From there each orange arrow undoes one blue one:
#
# $$\begin{aligned} G_Z &= (P - Y) / n \\ G_H &= G_Z W_2^{\top} \\
# G_A &= G_H \odot [A > 0] \end{aligned}$$
#
# Here $\odot$ multiplies element by element and $[A > 0]$ is 1 where ReLU let the value pass and 0
# elsewhere. The weights follow:
#
# $$\begin{aligned} G_{W_2} &= H^{\top} G_Z, & G_{b_2} &= 1^{\top} G_Z \\
# G_{W_1} &= X^{\top} G_A, & G_{b_1} &= 1^{\top} G_A \end{aligned}$$
#
# where $1^{\top}$ adds up the rows. We check every one of the derivatives as in
# [chapter 1](01_neuron.ipynb#gradient): by finite differences, that is, by moving a weight a
# little, and by tape, that is, by automatic differentiation.

# %% [markdown] tags=["lang-zh"]
# softmax 与对数合在一起，导数简单得不能再简单：概率减去真值。再往前，每个橙色箭头对应倒退一个蓝色
# 箭头：
#
# $$\begin{aligned} G_Z &= (P - Y) / n \\ G_H &= G_Z W_2^{\top} \\
# G_A &= G_H \odot [A > 0] \end{aligned}$$
#
# 其中 $\odot$ 表示逐元素相乘；$[A > 0]$ 在 ReLU 放行的地方为 1，其余为 0。于是权重的梯度为：
#
# $$\begin{aligned} G_{W_2} &= H^{\top} G_Z, & G_{b_2} &= 1^{\top} G_Z \\
# G_{W_1} &= X^{\top} G_A, & G_{b_1} &= 1^{\top} G_A \end{aligned}$$
#
# 这里 $1^{\top}$ 表示把各行加起来。下面像[第 1 章](01_neuron.ipynb#gradient)那样，对每一个导数都核
# 对两遍：有限差分（把权重挪动一点点）一遍，梯度带（自动微分）一遍。


# %%
def gradients(w1, b1, w2, b2):
    hidden, p = forward(x, w1, b1, w2, b2)
    g_z = (p - np.eye(10)[y]) / len(y)
    g_a = (g_z @ w2.T) * (hidden > 0)
    return x.T @ g_a, g_a.sum(axis=0), hidden.T @ g_z, g_z.sum(axis=0)


with tf.GradientTape() as tape:
    value = loss(y, net(x))
taped = tape.gradient(value, net.weights)

# %% tags=["hide-input"]
tried = teaching.finite_differences(lambda *w: cross_entropy(forward(x, *w)[1], y), weights)
for ours, by_trying, by_tape in zip(gradients(*weights), tried, taped, strict=True):
    teaching.match(f"{ours.shape} by finite differences", ours, by_trying)
    teaching.match(f"{ours.shape} by tape", ours, by_tape)

# %% [markdown] tags=["lang-en"]
# The tape works in single precision, hence its larger difference. From here on Keras may do the
# work.
#
# ## Train it, and look at the history

# %% [markdown] tags=["lang-zh"]
# 梯度带用的是单精度，所以差别大一些。从现在起，这些事就交给 Keras。
#
# ## 训练，并查看历史

# %%
keras.utils.set_random_seed(0)
wide = build_model([layers.Dense(512, activation="relu")])
history = wide.fit(
    x_train,
    y_train,
    batch_size=128,
    epochs=8,
    validation_data=(x_validation, y_validation),
    verbose=0,
)
predicted = wide.predict(x_validation, verbose=0).argmax(axis=1)

# %%
teaching.alt(
    en="Accuracy over eight epochs, a curve for training and one for validation.",
    zh="八轮中的准确率，训练和验证各一条曲线。",
)
plt.plot(range(1, 9), history.history["accuracy"], label="training")
plt.plot(range(1, 9), history.history["val_accuracy"], label="validation")
plt.xlabel("epoch")
plt.ylabel("accuracy")
plt.legend()
plt.show()

# %% tags=["hide-input"]
accuracies = [accuracy_on(wide, x_test, y_test)]
for seed in (1, 2):
    keras.utils.set_random_seed(seed)
    another = build_model([layers.Dense(512, activation="relu")])
    train(another, seed)
    accuracies.append(accuracy_on(another, x_test, y_test))
least, most = teaching.scale((0.92, 0.96), (0.97, 0.988))
assert least <= np.mean(accuracies) <= most, accuracies
baseline = [accuracy_on(net, x_test, y_test) for net in nets["none"]]
assert max(baseline) < min(accuracies), baseline
teaching.say(
    en=(
        f"Test accuracy of three seeds {teaching.spread(accuracies)}; the tables of weights alone"
        f" reach {teaching.spread(baseline)}."
    ),
    zh=(
        f"三个种子的测试准确率为 {teaching.spread(accuracies)}；只用权重表时为"
        f" {teaching.spread(baseline)}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# ## Which digits are hard: confusion, precision, recall
#
# The test split has given its number; single answers we look at on the validation split. One number
# hides which digits are hard. In the confusion matrix a row is a true digit and a column what the
# net says. Look for the fullest cells off the diagonal: many of them are pairs of digits that are
# written with similar strokes.

# %% [markdown] tags=["lang-zh"]
# ## 哪些数字难认：混淆矩阵、精确率、召回率
#
# 测试集已经给出了它的数；逐个分析答案，用的是验证集。单独一个数看不出哪些数字难认。在混淆矩阵里，
# 一行是一个真实数字，一列是网络给出的答案。看看对角线以外哪些格子数目最大：其中不少是笔画相近的两个
# 数字。

# %%
# Each image adds 1 in the row of its digit, in the column of the answer.
# zh: 每张图像在“真实数字”那一行、“答案”那一列加 1。
confusion = np.zeros((10, 10), dtype=int)
np.add.at(confusion, (y_validation, predicted), 1)
print(confusion)

# %% tags=["hide-input"]
teaching.alt(
    en="Confusion matrix of the ten digits on the validation images; nearly all counts lie on the"
    " diagonal.",
    zh="十个数字在验证图像上的混淆矩阵，几乎所有的数都在对角线上。",
)
axes = plotting.confusion_matrix(y_validation, predicted, tuple(map(str, range(10))))
wrong = confusion.sum() - np.trace(confusion)
axes.set_title(f"{wrong} of {confusion.sum()} validation images wrong", loc="left")
axes.get_figure()

# %% [markdown] tags=["lang-en"]
# For one class, say the digit 5, every answer is one of four kinds. $TP$: it is a 5 and the net
# says so. $FP$: the net says 5 and is wrong. $FN$: it is a 5 and the net says something else. Then
# **precision**, on the left, and **recall**, on the right, are
#
# $$\frac{TP}{TP + FP} \qquad \frac{TP}{TP + FN}$$
#
# Precision asks: when the net says 5, how often is it right? Recall asks: of all 5s, how many does
# it find? $F_1 = 2\, TP / (2\, TP + FP + FN)$ is their harmonic mean.

# %% [markdown] tags=["lang-zh"]
# 就一个类别而言，比如数字 5，每个答案属于四种情形之一。$TP$：是 5，网络也说是 5。$FP$：网络说是 5，
# 但说错了。$FN$：是 5，网络却说是别的。**精确率**（左）和**召回率**（右）为
#
# $$\frac{TP}{TP + FP} \qquad \frac{TP}{TP + FN}$$
#
# 精确率问的是：网络说“5”的时候，有多少次是对的？召回率问的是：所有的 5 当中，它找出了多少？
# $F_1 = 2\, TP / (2\, TP + FP + FN)$ 是两者的调和平均。

# %%
is_five = y_validation == 5
says_five = predicted == 5
true_positives = np.sum(is_five & says_five)
precision = true_positives / np.sum(says_five)
recall = true_positives / np.sum(is_five)
print("precision", round(precision, 4), "recall", round(recall, 4))

# %% tags=["hide-input"]
by_keras = keras.metrics.Precision(name="precision"), keras.metrics.Recall(name="recall")
for metric, ours in zip(by_keras, (precision, recall), strict=True):
    metric.update_state(is_five, says_five)
    teaching.match(metric.name, ours, metric.result())

# %% [markdown] tags=["lang-en"]
# **Predict.** Now the question is only: "is it a 5?", and only one image in fifty is a 5. A net
# answers always "no". What are its accuracy and its recall?
#
# <details class="choice"><summary>accuracy 1 in 2, recall 1 in 2</summary>
#
# No: "no" is right far more often than that.
#
# </details>
# <details class="choice"><summary>accuracy 49 in 50, recall 0</summary>
#
# Yes. Accuracy looks excellent, and the net has found nothing at all.
#
# </details>
# <details class="choice"><summary>accuracy 1 in 50, recall 1</summary>
#
# That is the net which always says "yes".
#
# </details>
#
# So with a rare class look at its recall and precision. Where a missed sample is the worse mistake,
# give its samples more weight. In Keras that is `class_weight` in `fit`, whose keys are the numbers
# of the classes; a class that is left out has weight 1. Here a 5 has weight 49, for there are 49
# others to each: so both classes count alike in the loss.
#
# `keras.metrics.Precision` and `Recall` are for one yes-or-no output: a probability above 0.5
# counts as "yes", `thresholds=` moves that, and a net that never says "yes" has precision 0. With
# ten outputs and whole-number labels they end in an error, `Incompatible shapes`: there, compute
# both from the answers, as above.

# %% [markdown] tags=["lang-zh"]
# **先猜**：现在只问“是不是 5”，而且五十张图里只有一张是 5。一个网络总是回答“不是”。
# 它的准确率和召回率各是多少？
#
# <details class="choice"><summary>准确率 1/2，召回率 1/2</summary>
#
# 不对：回答“不是”对的时候要多得多。
#
# </details>
# <details class="choice"><summary>准确率 49/50，召回率 0</summary>
#
# 对。准确率看上去极好，网络却一个也没找出来。
#
# </details>
# <details class="choice"><summary>准确率 1/50，召回率 1</summary>
#
# 那是总回答“是”的网络。
#
# </details>
#
# 所以，遇到很少见的类别，要看它的召回率和精确率。如果漏掉它是更严重的错误，就给它的样本更大的权重。
# 在 Keras 里用 `fit` 的 `class_weight`，键是类别的编号，没写的类别权重为 1。这里 5 的权重取 49，因
# 为每张 5 配有 49 张其他数字：这样两类在损失里的分量相同。
#
# `keras.metrics.Precision` 和 `Recall` 只适用于“是/否”这一个输出：概率大于 0.5 算“是”（可用
# `thresholds=` 改）；一次“是”都没说时，精确率按 0 算。十个输出配整数标签时，它们会报错
# `Incompatible shapes`：那就像上面那样，由答案自己算。

# %%
# 49 images of other digits for each 5.
# zh: 每一张 5 配 49 张其他数字。
fives = np.flatnonzero(y_train == 5)[:60]
others = np.flatnonzero(y_train != 5)[: 49 * 60]
chosen = rng.permutation(np.concatenate([fives, others]))
x_rare = x_train[chosen]
y_rare = (y_train[chosen] == 5).astype("int32")


# %%
def find_fives(class_weight, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile(
        optimizer="adam",
        loss="binary_crossentropy",
        metrics=[
            keras.metrics.Precision(name="precision"),
            keras.metrics.Recall(name="recall"),
        ],
    )
    model.fit(x_rare, y_rare, epochs=10, class_weight=class_weight, verbose=0)
    rare = y_validation == 5
    return model.evaluate(x_validation, rare, verbose=0, return_dict=True)


plain = [find_fives(None, seed) for seed in range(3)]
weighted = [find_fives({0: 1.0, 1: 49.0}, seed) for seed in range(3)]

# %% tags=["hide-input"]
recalls = []
precisions = []
for group in (plain, weighted):
    recalls.append([values["recall"] for values in group])
    precisions.append([values["precision"] for values in group])
assert min(recalls[1]) > max(recalls[0]) + 0.1, recalls
assert max(precisions[1]) < min(precisions[0]), precisions
parts = []
parts_zh = []
names = ("with equal weights", "权重相同"), ("with 49 for a 5", "5 的权重为 49")
for (name, name_zh), *found in zip(names, recalls, precisions, strict=True):
    of_all, of_said = map(teaching.spread, found)
    parts.append(f"{name}: recall {of_all}, precision {of_said}")
    parts_zh.append(f"{name_zh}：召回率 {of_all}，精确率 {of_said}")
share = np.mean(y_validation == 5)
recall = np.mean(recalls[1])
false_alarms = recall * share * (1 / np.mean(precisions[1]) - 1) / (1 - share)
as_rare = 0.02 * recall / (0.02 * recall + 0.98 * false_alarms)
teaching.say(
    en=(
        f"On the validation images, of which {share:.0%} are 5s, three seeds, {parts[0]};"
        f" {parts[1]}. The weight buys recall with precision. Precision depends on how rare the"
        " class is: were only one image in fifty a 5, as in training, that of the weighted nets"
        f" would be {as_rare:.2f}."
    ),
    zh=(
        f"在验证集上（其中 5 占 {share:.0%}），三个种子，{parts_zh[0]}；{parts_zh[1]}。"
        "加大权重，是用精确率换召回率。精确率还取决于这一类有多少见："
        f"假如像训练时那样五十张里只有一张 5，加了权重的网络的精确率会是 {as_rare:.2f}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# ## `BatchNormalization`
#
# A layer that is put between others in deeper nets
# ([Ioffe and Szegedy, 2015](https://arxiv.org/abs/1502.03167)): it subtracts from each hidden value
# the mean of the batch and divides by the standard deviation, so that the next layer meets values
# of much the same size in every step. With the values $H$ of shape $(n, m)$, mean $\bar{H}$ and
# variance $v_H$ of each column, both of shape $(m)$, and two learned vectors $\gamma$ and $\beta$
# of shape $(m)$:
#
# $$\hat{H} = \gamma \odot \frac{H - \bar{H}}{\sqrt{v_H + \epsilon}} + \beta$$
#
# where $\epsilon$ is a small number that keeps the division finite. In prediction there may be no
# batch: there the layer uses moving averages of $\bar{H}$ and $v_H$ that it has kept in training.
# By hand and in Keras:

# %% [markdown] tags=["lang-zh"]
# ## `BatchNormalization`（批量规范化）
#
# 这是较深的网络里插在其他层之间的一层
# （[Ioffe 和 Szegedy，2015](https://arxiv.org/abs/1502.03167)）：它从每个隐藏值减去这一批次的均值，
# 再除以标准差，使下一层遇到的数值大小始终相近。设隐藏值 $H$ 的形状为 $(n, m)$，各列的均值为
# $\bar{H}$，方差为 $v_H$，形状都是 $(m)$，另有两个学习得到的向量 $\gamma$ 和 $\beta$，形状也是
# $(m)$：
#
# $$\hat{H} = \gamma \odot \frac{H - \bar{H}}{\sqrt{v_H + \epsilon}} + \beta$$
#
# 其中 $\epsilon$ 是一个很小的数，防止除以零。预测时未必有一整个批次，所以这一层改用训练时积累的
# $\bar{H}$ 和 $v_H$ 的指数移动平均。手工计算，再与 Keras 对照：

# %%
h = rng.normal(3, 2, size=(32, 4)).astype("float32")
layer = layers.BatchNormalization(momentum=0.9, epsilon=0.001)
in_training = layer(h, training=True)
by_hand = (h - h.mean(axis=0)) / np.sqrt(h.var(axis=0) + 0.001)
moving_mean = 0.9 * 0 + 0.1 * h.mean(axis=0)
moving_variance = 0.9 * 1 + 0.1 * h.var(axis=0)
by_hand_later = (h - moving_mean) / np.sqrt(moving_variance + 0.001)
in_prediction = layer(h, training=False)

# %% tags=["hide-input"]
teaching.match("in training", by_hand, in_training, tolerance=1e-5)
teaching.match("in prediction", by_hand_later, in_prediction, tolerance=1e-5)

# %% [markdown] tags=["lang-en"]
# At the start $\gamma$ is 1 and $\beta$ is 0, the moving mean 0 and the moving variance 1. The two
# results differ: a model with this layer must know whether it trains, as with Dropout (chapter 5).
#
# ## What the hidden units look at
#
# Each column of $W_1$ has one weight for each pixel, so it can be drawn as a picture: blue counts
# for the unit, red against it. First the ten tables of the net without a hidden layer. Then the
# twenty hidden units of the wide net that have changed most, with their random start subtracted.

# %% [markdown] tags=["lang-zh"]
# 一开始 $\gamma$ 为 1、$\beta$ 为 0，指数移动平均的均值为 0、方差为 1。两个结果并不相同：含有这一
# 层的模型必须知道自己是否在训练，和 Dropout（第 5 章）一样。
#
# ## 隐藏单元在看什么
#
# $W_1$ 的每一列给每个像素一个权重，所以可以画成一张图：蓝色表示支持该单元，红色表示反对。
# 先看没有隐藏层的网络的十张表，再看宽网络中变化最大的二十个隐藏单元，图中减去了随机的初始值。

# %% tags=["hide-input"]
teaching.alt(
    en="Ten tables of weights as pictures, one for each digit, blue where a pixel counts for it.",
    zh="十张权重表画成的图，每个数字一张，蓝色表示像素支持该数字。",
)
tables = nets["none"][0].get_weights()[0].T.reshape(-1, 28, 28)
teaching.image_grid(tables, [f"{digit}" for digit in range(10)], signed=True)

# %% tags=["hide-input"]
teaching.alt(
    en="Twenty hidden units as pictures: strokes and gaps at different places.",
    zh="二十个隐藏单元画成的图：不同位置的笔画和缺口。",
)
keras.utils.set_random_seed(0)
start = build_model([layers.Dense(512, activation="relu")]).get_weights()[0]
change = wide.get_weights()[0] - start
blank = x_train.max(axis=0).ravel() == 0
teaching.match("change at pixels that are always blank", change[blank], 0 * change[blank])
most = np.argsort(-np.linalg.norm(change, axis=0))[:20]
speaks_for = [f"for {digit}" for digit in wide.get_weights()[2][most].argmax(axis=1)]
teaching.image_grid(change.T[most].reshape(-1, 28, 28), speaks_for, signed=True)

# %% [markdown] tags=["lang-en"]
# A table has to serve all ways of writing its digit at once: for 0 the middle is red, where a 0 has
# hardly any ink, with blue around it. A hidden unit may specialise: a stroke here, a gap there.
# Where all training images are blank, the gradient is zero and the weights keep their random start
# for ever: the check above is exact. So what the corners of the ten tables show, however faint, is
# that start and not a feature.
#
# ## When it goes wrong: all units alike
#
# **Predict.** The random start looks untidy. Set all weights to the same small number instead: what
# will 128 hidden units learn?
#
# <details class="choice"><summary>the same as before, only more slowly</summary>
#
# No: then they would have to become different from each other at some point.
#
# </details>
# <details class="choice"><summary>all the same thing</summary>
#
# Yes: units that start alike receive the same gradient and stay alike for ever.
#
# </details>
# <details class="choice"><summary>nothing: an error is raised</summary>
#
# No. It would be better, for then one would notice.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# 一张表要同时应付一个数字的所有写法：0 的表中间发红，那里是 0 几乎没有墨迹的地方，周围偏蓝。
# 隐藏单元则可以各管一处：这里一笔，那里一个缺口。凡是训练图像全为空白的像素，梯度都是零，
# 权重永远停在随机的初始值上：上面的核对没有丝毫差别。所以十张表的四角哪怕有一点淡淡的颜色，也只是
# 这些初始值，并不是特征。
#
# ## 出错的时候：所有单元都一样
#
# **先猜**：随机的初始值看着杂乱。改成所有权重都等于同一个小数，128 个隐藏单元会学到什么？
#
# <details class="choice"><summary>和原来一样，只是慢一些</summary>
#
# 不对：那样它们总得在某一刻变得彼此不同。
#
# </details>
# <details class="choice"><summary>全都学到同一样东西</summary>
#
# 对：起点相同的单元，得到的梯度也相同，于是永远相同。
#
# </details>
# <details class="choice"><summary>什么也学不到：会报错</summary>
#
# 不对。报错倒好了，至少能发现。
#
# </details>

# %%
same = keras.initializers.Constant(0.01)
twins = build_model(
    [layers.Dense(128, activation="relu", kernel_initializer=same)],
    start=same,
)
fallen = train(twins, seed=0)

# %% tags=["hide-input"]
apart = np.ptp(twins.get_weights()[0], axis=1).max()
assert fallen < 0.6, fallen
assert apart < 1e-3, apart
teaching.say(
    en=(
        f"Validation accuracy {fallen:.3f}. The weights of any two of the 128 units differ by"
        f" {apart:g} at the most: 128 units do the work of one."
    ),
    zh=(
        f"验证准确率 {fallen:.3f}。128 个单元中任意两个的权重最多相差 {apart:g}："
        "128 个单元只抵得上一个。"
    ),
)

# %% [markdown] tags=["lang-en"]
# No error is raised and the loss does fall a little, which makes this fault hard to see. Random
# weights are there to break the symmetry; biases may start at zero.
#
# ## The whole program

# %% [markdown] tags=["lang-zh"]
# 程序不报错，损失也会略有下降，所以这个毛病很难发现。权重取随机值，正是为了打破这种对称；
# 偏置可以从零开始。
#
# ## 完整程序

# %% tags=["program"]
# program: mlp_mnist

# %% [markdown] tags=["lang-en"]
# The recipe mlp-mnist, a short file that comes with kerastut, does the same, with a learning rate
# that rises and falls, a band for its result and everything that is needed to resume it:
# `kerastut run mlp-mnist`.
#
# **Opinion.** Read pictures of weights sparingly: they show where a unit looks, not what the net
# does with it. And the theorem that one hidden layer can approximate any continuous function is a
# poor reason to stop at one: it says neither how many units that takes nor that training finds
# them, see
# [Goodfellow, Bengio and Courville, Deep Learning, section 6.4.1](https://www.deeplearningbook.org/contents/mlp.html).
#
# ## Exercises

# %% [markdown] tags=["lang-zh"]
# 配方 mlp-mnist（kerastut 附带的一个短小的文件）做的是同一件事，只是学习率先升后降，结果有规定的范
# 围，并保存断点续训所需的一切：`kerastut run mlp-mnist`。
#
# **观点**：权重的图像不宜过度解读：它说明单元在看哪里，不说明网络拿它做什么。另外，“一个隐藏层就能
# 逼近任意连续函数”的定理，也不足以成为只用一层的理由：它既没说需要多少个单元，也没说训练能找到它
# 们，见
# [Goodfellow、Bengio、Courville，Deep Learning，6.4.1 节](https://www.deeplearningbook.org/contents/mlp.html)。
#
# ## 练习

# %% [markdown] tags=["lang-en"]
# **Exercise 1** ★★ (by hand). Taking softmax first and then the logarithm fails when a probability
# is rounded to zero. Write the loss directly from the scores,
# $-Z_{i, y_i} + \ln \sum_j e^{Z_{ij}}$, with the row's largest score taken out, so that scores of a
# thousand do no harm.

# %% [markdown] tags=["lang-zh"]
# **练习 1** ★★（手算）。先算 softmax 再取对数，遇到概率被舍入为零就会出错。请直接由得分计算损失
# $-Z_{i, y_i} + \ln \sum_j e^{Z_{ij}}$，并先减去每行的最大得分，使得分上千也不出问题。


# %% tags=["solution"]
def loss_from_scores(z, y):
    # BEGIN SOLUTION
    z = z - z.max(axis=1, keepdims=True)
    log_sum = np.log(np.exp(z).sum(axis=1))
    return np.mean(log_sum - z[np.arange(len(y)), y])
    # END SOLUTION


# %% tags=["check"]
assert np.isclose(loss_from_scores(z, y), cross_entropy(softmax(z), y))
# Subtract the row's maximum.
# zh: 先减去每行的最大值。
assert loss_from_scores(np.array([[1000.0, 0.0]]), [1]) == 1000
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 2** ★ (by hand). Write the number of weights and biases of a perceptron from the widths
# of its layers, the inputs first: `count_parameters([784, 512, 10])`.

# %% [markdown] tags=["lang-zh"]
# **练习 2** ★（手算）。由各层的宽度（输入在最前）算出感知机的权重和偏置总数：
# `count_parameters([784, 512, 10])`。


# %% tags=["solution"]
def count_parameters(widths):
    # BEGIN SOLUTION
    total = 0
    inputs = widths[0]
    for outputs in widths[1:]:
        total += (inputs + 1) * outputs
        inputs = outputs
    return total
    # END SOLUTION


# %% tags=["check"]
# One bias for every unit.
# zh: 每个单元一个偏置。
assert count_parameters([784, 512, 10]) == wide.count_params()
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 3** ★★ (build). Build a net with two hidden layers, each `Dense` without activation,
# then `BatchNormalization`, then `layers.Activation("relu")`. Compile it and train it for four
# epochs on the first 6,000 training images. It must reach 0.91 on the validation images.

# %% [markdown] tags=["lang-zh"]
# **练习 3** ★★（构建）。搭建有两个隐藏层的网络，每层依次是不带激活函数的 `Dense`、
# `BatchNormalization`、`layers.Activation("relu")`。编译它，用前 6,000 张训练图像训练四轮，
# 它在验证集上要达到 0.91。


# %% tags=["solution"]
def train_normalised():
    # BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(128),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Dense(128),
            layers.BatchNormalization(),
            layers.Activation("relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    model.fit(x_train[:6000], y_train[:6000], batch_size=64, epochs=4, verbose=0)
    return model
    # END SOLUTION


# %% tags=["check"]
keras.utils.set_random_seed(1)
normalised = train_normalised()
kinds = [type(layer).__name__ for layer in normalised.layers]
assert kinds.count("BatchNormalization") == 2, kinds
answers = np.argmax(normalised(x_validation), axis=1)
reached = np.mean(answers == y_validation)
assert 0.91 <= reached <= 0.99, reached
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 4** ★★ (repair). This function raises an error as soon as the net is trained on
# MNIST's whole-number labels. There are two ways to mend it: one makes a row of ten numbers of each
# label, a single 1 and nine zeros (one-hot, by `keras.utils.to_categorical`); take the other one,
# that leaves the labels as they are.
#
# ```python
# def classifier():
#     net = keras.Sequential(
#         [
#             keras.Input((28, 28)),
#             layers.Rescaling(1 / 255),
#             layers.Flatten(),
#             layers.Dense(64, activation="relu"),
#             layers.Dense(10, activation="softmax"),
#         ]
#     )
#     net.compile(
#         optimizer="adam",
#         loss="categorical_crossentropy",
#         metrics=["accuracy"],
#     )
#     return net
# ```

# %% [markdown] tags=["lang-zh"]
# **练习 4** ★★（修复）。MNIST 的标签是整数，用它们一训练这个网络就会报错。改法有两种：一种是用
# `keras.utils.to_categorical` 把每个标签变成一行十个数，一个 1、九个 0（独热编码）；请用另一种，即
# 不改动标签的那一种。
#
# ```python
# def classifier():
#     net = keras.Sequential(
#         [
#             keras.Input((28, 28)),
#             layers.Rescaling(1 / 255),
#             layers.Flatten(),
#             layers.Dense(64, activation="relu"),
#             layers.Dense(10, activation="softmax"),
#         ]
#     )
#     net.compile(
#         optimizer="adam",
#         loss="categorical_crossentropy",
#         metrics=["accuracy"],
#     )
#     return net
# ```


# %% tags=["solution"]
def classifier():
    # BEGIN SOLUTION
    net = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    # The sparse loss takes whole numbers.
    # zh: 名称以 sparse 开头的损失函数接收整数。
    net.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return net
    # END SOLUTION


# %% tags=["check"]
keras.utils.set_random_seed(1)
mended = classifier()
mended.fit(x_train[:5000], y_train[:5000], epochs=3, verbose=0)
mended_accuracy = accuracy_on(mended, x_validation, y_validation)
assert 0.8 <= mended_accuracy <= 0.99, mended_accuracy
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 5** ★★ (quiz). We shuffle the 784 pixels of all images, training and test, by one fixed
# permutation, so that no human can read them. What happens to the accuracy of the perceptron?
#
# <details class="choice"><summary>it falls to a blind guess</summary>
#
# No: the net never knew which pixels are neighbours.
#
# </details>
# <details class="choice"><summary>nothing, up to chance</summary>
#
# Right: permuting the rows of $W_1$ in the same way gives the same net. Chapter 6 is about a net
# that uses the neighbourhood.
#
# </details>
# <details class="choice"><summary>it rises, since the net cannot memorise any more</summary>
#
# No: it can memorise shuffled images as well.
#
# </details>
#
# **Exercise 6** ★★ (quiz). Why is the squared error on a sigmoid output a poor loss for
# classification?
#
# <details class="choice"><summary>it can become negative</summary>
#
# No, it cannot.
#
# </details>
# <details class="choice"><summary>a confident mistake is hardly corrected</summary>
#
# Right: its gradient contains the slope of the sigmoid, which is nearly zero there. The gradient of
# the cross-entropy, $P - Y$, is largest just there.
#
# </details>
# <details class="choice"><summary>Keras does not offer it</summary>
#
# It does, and raises no error.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **练习 5** ★★（测验）。用同一个固定的排列打乱所有图像（训练和测试）的 784 个像素，人已经完全认不
# 出来。感知机的准确率会怎样？
#
# <details class="choice"><summary>降到随机猜测的水平</summary>
#
# 不对：网络本来就不知道哪些像素相邻。
#
# </details>
# <details class="choice"><summary>除去随机波动，没有变化</summary>
#
# 对：把 $W_1$ 的各行按同样的排列打乱，就是同一个网络。第 6 章的网络会利用像素的相邻关系。
#
# </details>
# <details class="choice"><summary>会上升，因为网络没法死记了</summary>
#
# 不对：打乱的图像同样可以死记。
#
# </details>
#
# **练习 6** ★★（测验）。为什么在 sigmoid 输出上用平方误差做分类不好？
#
# <details class="choice"><summary>它可能变成负数</summary>
#
# 不会。
#
# </details>
# <details class="choice"><summary>很有把握的错误几乎得不到纠正</summary>
#
# 对：它的梯度里含有 sigmoid 的斜率，而那里的斜率几乎为零。交叉熵的梯度 $P - Y$ 恰恰在那里最大。
#
# </details>
# <details class="choice"><summary>Keras 不提供</summary>
#
# 提供，而且不会报错。
#
# </details>
