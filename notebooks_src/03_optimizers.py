# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["lang-en"]
# # Optimizers, and how to measure which is better
#
# Four settings, A to D, of one net. Each was trained three times, and each dot below is the
# accuracy of one training on images that the net has not seen. Which setting would you choose, and
# how sure are you?
#
# - **Prerequisites**: [the first program](00_start.ipynb), [one neuron](01_neuron.ipynb) and
#   [regression](02_regression.ipynb): layers, loss, gradient descent, the three splits; mean and
#   standard deviation.
# - **You will be able to**: say how many repeats a difference needs before you believe it; write
#   SGD, momentum, Adagrad, RMSprop, Adam and AdamW in NumPy and check them against Keras; compare
#   them fairly, each at its own learning rate; use `CosineDecay` with a warm-up; choose an
#   activation by measurement.
# - **Minutes**: about 90 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 优化器，以及怎样测量哪个更好
#
# 同一个网络的四种设置，记作 A 到 D。每种设置训练了三次，图中每个点是一次训练在没见过的图像上的准确
# 率。你会选哪一种？有多大把握？
#
# - **预备知识**：[第一个程序](00_start.ipynb)、[一个神经元](01_neuron.ipynb)和
#   [回归](02_regression.ipynb)三章：层、损失、梯度下降、三份数据；平均值与标准差。
# - **学完之后你能够**：说出一个差异要重复多少次才可信；用 NumPy 写出 SGD、动量法、Adagrad、
#   RMSprop、Adam 和 AdamW，并与 Keras 核对；让每种优化器用各自合适的学习率，公平地比较；使用带预
#   热的 `CosineDecay`；用测量来选择激活函数。
# - **预计学习时间**：连同练习约 90 分钟。

# %% tags=["install"]
# %pip install --quiet kerastut

# %%
# %matplotlib inline
import math

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers

from kerastut import plotting, teaching
from kerastut.teaching import hand_activations, hand_perceptron

# %%
# A small part of MNIST, so that many trainings take little time.
# teaching.scale: the first number in a quick run, the second if FULL=1 is set.
# zh: 只用 MNIST 的一小部分，这样训练很多次也不费时间。
# zh: teaching.scale：快速运行用第一个数，设了 FULL=1 则用第二个数。
count = teaching.scale(4000, 20000)
with np.load("mnist.npz") as data:
    x_few = data["x_train"][:count]
    y_few = data["y_train"][:count]
    x_validation = data["x_train"][55000:]
    y_validation = data["y_train"][55000:]
    x_test = data["x_test"]
    y_test = data["y_test"]


# %%
def train(seed, activation="relu", learning_rate=0.003):
    keras.utils.set_random_seed(seed)
    net = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(32, activation=activation),
            layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile(
        optimizer=keras.optimizers.Adam(learning_rate),
        loss="sparse_categorical_crossentropy",
    )
    net.fit(x_few, y_few, batch_size=64, epochs=3, verbose=0)
    answers = net.predict(x_validation, batch_size=1000, verbose=0)
    # For each validation image: is the answer right?
    # zh: 每张验证图像答对了没有？
    return answers.argmax(axis=1) == y_validation


right = []
for seed in range(12):
    right.append(train(seed))
right = np.array(right)
found = right.mean(axis=1)

# %% tags=["hide-input"]
teaching.alt(
    en="Validation accuracy of three trainings for each of the settings A to D: the means differ.",
    zh="A 到 D 四种设置各三次训练的验证准确率，平均值各不相同。",
)
rows = [{"setting": name} for name in "ABCD"]
plotting.comparison(rows, {"validation accuracy": found.reshape(4, 3)})[0].get_figure()

# %% [markdown] tags=["lang-en"]
# If you chose, you chose luck: the four are **one and the same setting**. Look at the code: twelve
# trainings that differ in their seed alone, that is, in the initial weights and the order of the
# images, cut into four groups of three. The distance between the best and the worst group is pure
# chance. Before we compare optimizers, we need a way to tell such luck from merit.
# (`FULL` in the code is an environment variable, set before the notebook is started.)
#
# ## How many repeats
#
# | symbol | meaning | shape |
# |---|---|---|
# | $r$ | repeats of one setting, each with its own seed | one number |
# | $\xi$ | their results | $(r)$ |
# | $\bar\xi$ | the mean of the results | one number |
# | $s$ | the standard deviation of the results | one number |
# | $D$ | the difference of the means of two settings, as measured | one number |
# | $\Delta$ | the true difference: that of infinitely many repeats | one number |
# | $c$ | how many standard deviations we ask for | one number |
#
# $$s^2 = \frac{1}{r - 1} \sum_{i=1}^{r} (\xi_i - \bar\xi)^2$$
#
# The mean of $r$ results has the standard deviation $s / \sqrt{r}$, and the difference of two such
# means $s \sqrt{2 / r}$. We call a difference real if
#
# $$|D| > c \, s \sqrt{\frac{2}{r}}$$
#
# and choose $c$ so that chance alone passes this threshold once in twenty comparisons. With many
# repeats $c$ is about 2. With few it is larger, because $s$ is itself a guess from few numbers;
# the values are **Student's**, and every book of statistics has them. You can also find them by
# trying: make up two settings that are truly equal, a hundred thousand times.

# %% [markdown] tags=["lang-zh"]
# 不管选了哪个，选中的都是运气：四种设置**其实是同一种**。看看代码：十二次训练只有随机种子不同，也就
# 是初始权重和图像的顺序不同，然后每三次分为一组。最好与最差的组之间的差距，纯属偶然。在比较优化器之
# 前，先要有办法把这种运气和真本事分开。（代码里的 `FULL` 是环境变量，在启动 Notebook 之前设置。）
#
# ## 要重复多少次
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $r$ | 一种设置重复的次数，每次用不同的种子 | 一个数 |
# | $\xi$ | 各次的结果 | $(r)$ |
# | $\bar\xi$ | 结果的平均值 | 一个数 |
# | $s$ | 结果的标准差 | 一个数 |
# | $D$ | 两种设置平均值之差的测量值 | 一个数 |
# | $\Delta$ | 真正的差异，即重复无穷多次得到的差 | 一个数 |
# | $c$ | 要求超过多少个标准差 | 一个数 |
#
# $$s^2 = \frac{1}{r - 1} \sum_{i=1}^{r} (\xi_i - \bar\xi)^2$$
#
# $r$ 个结果的平均值，标准差为 $s / \sqrt{r}$；两个这样的平均值之差，标准差为 $s \sqrt{2 / r}$。满足
# 下式时，我们说差异是真实的：
#
# $$|D| > c \, s \sqrt{\frac{2}{r}}$$
#
# $c$ 的取法是：单凭偶然，平均每二十次比较才有一次超过这个阈值。重复次数多时，$c$ 约为 2；次数少时要
# 更大，因为 $s$ 本身也是由寥寥几个数估计出来的。这些数值出自 **Student 的 t 分布**，任何一本统计书
# 里都有。也可以自己试出来：虚构两种完全一样的设置，比较十万次。

# %%
rng = np.random.default_rng(0)


def ratios(r, gap=0.0, experiments=100_000):
    # Two settings whose results scatter by 1; their means differ by the gap.
    # zh: 两种设置，结果的标准差都是 1，平均值相差 gap。
    first = rng.normal(gap, 1, (experiments, r))
    second = rng.normal(0, 1, (experiments, r))
    variance = (first.var(axis=1, ddof=1) + second.var(axis=1, ddof=1)) / 2
    difference = first.mean(axis=1) - second.mean(axis=1)
    return np.abs(difference) / np.sqrt(variance * 2 / r)


# From a book: c for some numbers of repeats.
# zh: 查书得到的 c，随重复次数而定。
student = {2: 4.30, 3: 2.78, 4: 2.45, 5: 2.31, 10: 2.10, 20: 2.02}
tried = {}
for r in student:
    tried[r] = np.quantile(ratios(r), 0.95)

# %% tags=["hide-input"]
teaching.match("c, tried and from the book", list(tried.values()), list(student.values()), 0.1)
alarms = np.mean(ratios(3) > 2)
assert 0.1 < alarms < 0.13, alarms
teaching.say(
    en=(
        f"With 3 repeats $c$ is {student[3]}. Whoever takes 2 all the same, calls **{alarms:.0%}**"
        " of all differences between equal settings real, in place of 5 %."
    ),
    zh=(
        f"重复 3 次时，$c$ 为 {student[3]}。如果仍然取 2，两种设置明明一样，却有 **{alarms:.0%}** "
        "的时候会说差异是真实的，而不是 5%。"
    ),
)

# %% [markdown] tags=["lang-en"]
# So much for false alarms. The other mistake is to miss a difference that is there. Let the true
# difference $\Delta$ be exactly as large as the threshold with $c = 2$:
#
# $$\Delta = 2 s \sqrt{\frac{2}{r}} \quad \Longleftrightarrow \quad r = 8 \, \frac{s^2}{\Delta^2}$$
#
# The measured $D$ scatters around $\Delta$, so it falls **below the threshold in half of the
# experiments**. To find the difference in four experiments out of five, $\Delta$ must lie another
# $0.84$ standard deviations above the threshold:
#
# $$\Delta = (1.96 + 0.84) \, s \sqrt{\frac{2}{r}} \quad \Longleftrightarrow \quad
# r \approx 16 \, \frac{s^2}{\Delta^2}$$
#
# The share of experiments that find a difference is called the **power**. Half the difference takes
# four times the repeats.

# %% [markdown] tags=["lang-zh"]
# 这是误报。另一种错误是漏报：差异明明存在，却没有发现。设真正的差异 $\Delta$ 恰好等于 $c = 2$ 时的
# 阈值：
#
# $$\Delta = 2 s \sqrt{\frac{2}{r}} \quad \Longleftrightarrow \quad r = 8 \, \frac{s^2}{\Delta^2}$$
#
# 测得的 $D$ 在 $\Delta$ 上下波动，所以**有一半的实验低于阈值**。要在五次实验中有四次发现它，
# $\Delta$ 还必须比阈值再高出 $0.84$ 个标准差：
#
# $$\Delta = (1.96 + 0.84) \, s \sqrt{\frac{2}{r}} \quad \Longleftrightarrow \quad
# r \approx 16 \, \frac{s^2}{\Delta^2}$$
#
# 能发现差异的实验所占的比例叫做**检验功效**（power）。差异小一半，重复次数就要多到四倍。

# %%
repeats = [2, 3, 4, 6, 8, 10, 12, 14, 16, 20, 24]
power = []
for r in repeats:
    c = np.quantile(ratios(r), 0.95)
    # The true difference is one standard deviation.
    # zh: 真正的差异为一个标准差。
    power.append(np.mean(ratios(r, gap=1.0) > c))

# %% tags=["hide-input"]
teaching.alt(
    en="The share of experiments that find a difference of one standard deviation, rising with the"
    " repeats: about a half at 8, about four fifths at 16.",
    zh="能发现一个标准差之差异的实验比例，随重复次数上升：8 次时约一半，16 次时约五分之四。",
)
plt.plot(repeats, power, marker="o")
plt.axvline(8, color=plotting.COLOURS[1], linestyle="--", label="$r = 8$")
plt.axvline(16, color=plotting.COLOURS[2], linestyle=":", label="$r = 16$")
plt.xlabel("repeats of each setting")
plt.ylabel("share of experiments that find it")
plt.title("a true difference of one standard deviation")
plt.legend()
plt.show()

# %% tags=["hide-input"]
at = dict(zip(repeats, power, strict=True))
assert 0.4 < at[8] < 0.55, at
assert 0.72 < at[16] < 0.83, at
s = found.std(ddof=1)
groups = found.reshape(4, 3).mean(axis=1)
limit = student[3] * s * np.sqrt(2 / 3)
passed = np.ptp(groups) > limit
need = [f"{gap}: {np.ceil(16 * (s / gap) ** 2):.0f}" for gap in (0.005, 0.002, 0.001)]
teaching.say(
    en=(
        f"A difference of one $s$ is found by {at[3]:.0%} of the experiments with 3 repeats, by"
        f" {at[8]:.0%} with 8 and by {at[16]:.0%} with 16.\n\nOur twelve trainings have"
        f" $s$ = {s:.4f}. Best and worst group differ by **{np.ptp(groups):.4f}**; the threshold"
        f" for 3 repeats is {limit:.4f}, which is"
        f" {'passed: a false alarm' if passed else 'not passed'}. Difference, and repeats of each"
        f" setting that it takes to find it four times out of five: {', '.join(need)}."
    ),
    zh=(
        f"差异为一个 $s$ 时，重复 3 次的实验有 {at[3]:.0%} 能发现它，8 次有 {at[8]:.0%}，16 次有"
        f" {at[16]:.0%}。\n\n上面十二次训练的 $s$ = {s:.4f}。最好与最差的组相差"
        f" **{np.ptp(groups):.4f}**，重复 3 次的阈值是 {limit:.4f}，"
        f"{'超过了：这是一次误报' if passed else '没有超过'}。"
        f"差异，以及五次中有四次能发现它所需的重复次数（每种设置）：{'、'.join(need)}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# We shall use the rule as a function. It takes the results of two settings, with as many repeats
# each:

# %% [markdown] tags=["lang-zh"]
# 后面要反复用到这条规则，把它写成函数。输入是两种设置的结果，重复次数相同：


# %%
def compare(first, second):
    r = len(first)
    difference = np.mean(first) - np.mean(second)
    s = np.sqrt((np.var(first, ddof=1) + np.var(second, ddof=1)) / 2)
    threshold = student[r] * s * np.sqrt(2 / r)
    return difference, threshold


# %% [markdown] tags=["lang-en"]
# **Caveats.** Whoever looks at the best and the worst of four settings makes six comparisons at
# once, and one of six passes by chance more often than one of one. And this $s$ holds for these
# images. Other training images would add their own chance, and so would other validation images:
# with $n$ of them and a true accuracy of $p$, counting alone contributes $\sqrt{p (1 - p) / n}$,
# for every net, however many repeats.
#
# ## The best of many
#
# **Predict.** We choose the best of the twelve nets on 200 images. All come from one setting, so
# next to nothing can be gained. What will the winner show?
#
# <details class="choice"><summary>the same accuracy on those 200 images as on fresh ones</summary>
#
# No: it won because those 200 images suited it.
#
# </details>
# <details class="choice"><summary>more on those 200 images than on fresh ones</summary>
#
# Yes: to choose is to read luck as merit.
#
# </details>
# <details class="choice"><summary>more on both than the other nets</summary>
#
# Hardly: on fresh images nearly all of its luck is gone.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **注意**：从四种设置里看最好的和最差的，等于一次做了六个比较；六个之中有一个碰巧超过阈值，比一个超
# 过要容易。另外，这个 $s$ 只对这批图像成立。换一批训练图像会带来新的随机性，换一批验证图像也一样：
# 验证图像有 $n$ 张、真实准确率为 $p$ 时，光是计数就带来 $\sqrt{p (1 - p) / n}$ 的波动，每个网络都
# 躲不掉，重复再多也没有用。
#
# ## 多中选优
#
# **先猜**：用 200 张图像从十二个网络里选出最好的一个。它们出自同一种设置，选谁都几乎没有收益。胜者
# 的成绩会怎样？
#
# <details class="choice"><summary>在这 200 张图像上和在新图像上一样</summary>
#
# 不对：它胜出，正是因为这 200 张图像合它的胃口。
#
# </details>
# <details class="choice"><summary>在这 200 张图像上比在新图像上高</summary>
#
# 对：选择会把运气当成本事。
#
# </details>
# <details class="choice"><summary>在两处都比其他网络高</summary>
#
# 差不多没有：到了新图像上，运气几乎全没了。
#
# </details>

# %% tags=["hide-input"]
teaching.alt(
    en="Accuracy of the winner against the number of equal nets: it rises steeply on the images of"
    " the choice and hardly on fresh ones.",
    zh="胜者的准确率随候选网络个数的变化：在用来选择的图像上明显升高，在新图像上几乎不变。",
)
seen, fresh = teaching.best_of(right, size=200)
lines = {"on the 200 images of the choice": seen, "on fresh images": fresh}
teaching.curves(lines, range(1, 13), xlabel="best of how many equal nets", ylabel="accuracy")

# %% tags=["hide-input"]
assert seen[-1] - fresh[-1] > 0.005
teaching.say(
    en=(
        f"The best of twelve claims **{seen[-1]:.3f}** and keeps {fresh[-1]:.3f}; a net taken"
        f" without looking has {fresh[0]:.3f}."
    ),
    zh=(
        f"十二选一的胜者自称 **{seen[-1]:.3f}**，实际只有 {fresh[-1]:.3f}；"
        f"不加挑选的网络是 {fresh[0]:.3f}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# The more candidates, the more luck. The score on which you chose is too good to be reported.
# Hence the three splits: train on the first, choose on the second (validation), and count once on
# the third (test), when nothing is left to choose. A choice on test data turns them into
# validation data, and then there is no test.
#
# ## Six update rules
#
# Now to what we want to compare. All weights of a net form one vector.
#
# | symbol | meaning | shape |
# |---|---|---|
# | $\theta$ | all $q$ weights and biases | $(q)$ |
# | $g$ | gradient of the loss with respect to $\theta$, on the batch of this step | $(q)$ |
# | $t$ | number of the step, from 1 | one number |
# | $\eta$ | learning rate | one number |
# | $\bar g$ | what is kept of earlier gradients; starts at 0 | $(q)$ |
# | $v$ | what is kept of their squares; starts at 0 | $(q)$ |
# | $u$ | direction of the step | $(q)$ |
# | $\mu$ | momentum, here $0.9$ | one number |
# | $\epsilon$ | $10^{-7}$, against division by zero | one number |
#
# Every rule takes the step $\theta \leftarrow \theta - \eta u$, with another $u$. Squares, roots
# and divisions are taken entry by entry.
#
# | rule | what is kept | direction of the step |
# |---|---|---|
# | SGD | nothing | $u = g$ |
# | momentum | $\bar g \leftarrow \mu \bar g + g$ | $u = \bar g$ |
# | Adagrad | $v \leftarrow v + g^2$ | $u = g / \sqrt{v + \epsilon}$ |
# | RMSprop | $v \leftarrow 0.9 \, v + 0.1 \, g^2$ | $u = g / \sqrt{v + \epsilon}$ |
#
# Momentum goes on in the direction of the steps before. Adagrad divides each entry by the size of
# all its gradients so far, so its steps become shorter and shorter; in Keras its $v$ starts at
# $0.1$. RMSprop forgets old gradients. **Adam** takes both ideas, and corrects for the start at
# zero:
#
# $$\begin{aligned} \bar g &\leftarrow 0.9 \, \bar g + 0.1 \, g \\
# v &\leftarrow 0.999 \, v + 0.001 \, g^2 \\
# u &= \frac{\sqrt{1 - 0.999^t}}{1 - 0.9^t} \, \frac{\bar g}{\sqrt{v} + \epsilon} \end{aligned}$$
#
# **AdamW** is Adam with weight decay of the strength $\lambda$: each step first shrinks all weights
# by the same share, and then goes along Adam's $u$:
#
# $$\theta \leftarrow \theta - \eta \lambda \theta - \eta u$$
#
# A penalty in the loss would add its pull to $g$, and Adam would divide it by $\sqrt{v}$: a weight
# with large gradients would hardly feel it
# ([Loshchilov and Hutter, 2017](https://arxiv.org/abs/1711.05101)).

# %% [markdown] tags=["lang-zh"]
# 候选越多，运气成分越大。用来做选择的那个分数偏高，不能拿来报告。所以数据要分成三份：第一份用来训
# 练，第二份（验证集）用来选择，等到没有什么可选了，再在第三份（测试集）上算一次成绩。在测试集上做
# 选择，测试集就成了验证集，测试也就不存在了。
#
# ## 六种更新规则
#
# 现在来看要比较的对象。把网络的所有权重排成一个向量。
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $\theta$ | 全部 $q$ 个权重和偏置 | $(q)$ |
# | $g$ | 在这一步的小批量上，损失对 $\theta$ 的梯度 | $(q)$ |
# | $t$ | 步的编号，从 1 开始 | 一个数 |
# | $\eta$ | 学习率 | 一个数 |
# | $\bar g$ | 以往梯度留下的记录，从 0 开始 | $(q)$ |
# | $v$ | 以往梯度平方留下的记录，从 0 开始 | $(q)$ |
# | $u$ | 这一步的方向 | $(q)$ |
# | $\mu$ | 动量系数，这里取 $0.9$ | 一个数 |
# | $\epsilon$ | $10^{-7}$，避免除以零 | 一个数 |
#
# 每种规则走的都是 $\theta \leftarrow \theta - \eta u$，不同的只是 $u$。平方、开方、除法都逐元素进
# 行。
#
# | 规则 | 留下的记录 | 这一步的方向 |
# |---|---|---|
# | SGD | 不留 | $u = g$ |
# | 动量法 | $\bar g \leftarrow \mu \bar g + g$ | $u = \bar g$ |
# | Adagrad | $v \leftarrow v + g^2$ | $u = g / \sqrt{v + \epsilon}$ |
# | RMSprop | $v \leftarrow 0.9 \, v + 0.1 \, g^2$ | $u = g / \sqrt{v + \epsilon}$ |
#
# 动量法沿着之前各步的方向继续走。Adagrad 把每个分量除以它至今所有梯度的大小，所以步子越来越小；在
# Keras 里，它的 $v$ 从 $0.1$ 开始。RMSprop 会忘掉旧的梯度。**Adam** 两种想法都用，并修正它们从零开
# 始造成的偏差：
#
# $$\begin{aligned} \bar g &\leftarrow 0.9 \, \bar g + 0.1 \, g \\
# v &\leftarrow 0.999 \, v + 0.001 \, g^2 \\
# u &= \frac{\sqrt{1 - 0.999^t}}{1 - 0.9^t} \, \frac{\bar g}{\sqrt{v} + \epsilon} \end{aligned}$$
#
# **AdamW** 是带权重衰减的 Adam，强度为 $\lambda$：每一步先把所有权重缩小同样的比例，再沿 Adam 的
# $u$ 走：
#
# $$\theta \leftarrow \theta - \eta \lambda \theta - \eta u$$
#
# 如果改在损失里加惩罚项，它的拉力就会并入 $g$，再被 Adam 除以 $\sqrt{v}$：梯度大的权重几乎感觉不到
# 它（[Loshchilov 和 Hutter，2017](https://arxiv.org/abs/1711.05101)）。


# %%
# A rule takes the gradient, what was kept, and the number of the step.
# zh: 规则的输入：梯度、以往留下的记录、步的编号。
def sgd(g, g_mean, v, t):
    return g, g_mean, v


def momentum(g, g_mean, v, t):
    g_mean = 0.9 * g_mean + g
    return g_mean, g_mean, v


def adagrad(g, g_mean, v, t):
    v = v + g**2
    return g / np.sqrt(v + 1e-7), g_mean, v


def rmsprop(g, g_mean, v, t):
    v = 0.9 * v + 0.1 * g**2
    return g / np.sqrt(v + 1e-7), g_mean, v


def adam(g, g_mean, v, t):
    g_mean = 0.9 * g_mean + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    correction = math.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return correction * g_mean / (np.sqrt(v) + 1e-7), g_mean, v


# %%
def descend(rule, rates, theta, gradient, decay=0.0):
    g_mean = np.zeros_like(theta)
    v = np.full_like(theta, 0.1 if rule is adagrad else 0.0)
    visited = [theta]
    # One learning rate for each step.
    # zh: 每一步一个学习率。
    for t, rate in enumerate(rates, start=1):
        g = gradient(theta, t)
        u, g_mean, v = rule(g, g_mean, v, t)
        theta = theta - float(rate) * (decay * theta + u)
        visited.append(theta)
    return visited


# %% [markdown] tags=["lang-en"]
# A valley of two weights, $L = \frac{1}{2} (\theta_1^2 + 30 \, \theta_2^2)$, is thirty times as
# steep across as along. Each rule takes forty steps in it, and so does the optimizer of Keras:

# %% [markdown] tags=["lang-zh"]
# 取一个只有两个权重的山谷 $L = \frac{1}{2} (\theta_1^2 + 30 \, \theta_2^2)$，横向比纵向陡三十倍。
# 每种规则在里面走四十步，Keras 的优化器也走四十步：


# %%
steep = np.array([1.0, 30.0])
start = np.array([-1.2, 0.5])
optimizers = {
    "SGD": keras.optimizers.SGD(0.06),
    "momentum": keras.optimizers.SGD(0.06, momentum=0.9),
    "Adagrad": keras.optimizers.Adagrad(0.06),
    "RMSprop": keras.optimizers.RMSprop(0.06),
    "Adam": keras.optimizers.Adam(0.06),
    "AdamW": keras.optimizers.AdamW(0.06, weight_decay=0.1),
}
rules = {
    "SGD": sgd,
    "momentum": momentum,
    "Adagrad": adagrad,
    "RMSprop": rmsprop,
    "Adam": adam,
    "AdamW": adam,
}
decays = {"AdamW": 0.1}


def path(name, factor=1.0):
    def gradient(theta, t):
        return factor * steep * theta

    rates = np.full(40, 0.06)
    decay = decays.get(name, 0.0)
    return np.array(descend(rules[name], rates, start, gradient, decay))


def keras_path(optimizer):
    theta = keras.Variable(start, dtype="float64")
    visited = [start]
    for _ in range(40):
        optimizer.apply([steep * theta.numpy()], [theta])
        visited.append(theta.numpy())
    return np.array(visited)


# %% tags=["hide-input"]
teaching.alt(
    en="Six panels with the path of each rule in the valley. SGD bounces across, momentum"
    " overshoots, Adagrad creeps, RMSprop, Adam and AdamW go about as fast along as across.",
    zh="六幅图，分别是每种规则在山谷里的路径。SGD 横向来回弹跳，动量法冲过头，Adagrad 缓慢爬行，"
    "RMSprop、Adam、AdamW 横向纵向差不多快。",
)
paths = {name: path(name) for name in rules}
for name, optimizer in optimizers.items():
    expected = keras_path(optimizer)
    teaching.match(f"{name}, 40 steps", paths[name], expected, tolerance=1e-5)
figure = teaching.valley_paths(paths, lambda w: np.sum(steep * w**2) / 2)
figure.set_size_inches(7.2, 6.4)
figure

# %% [markdown] tags=["lang-en"]
# SGD bounces across and creeps along; momentum gathers speed and overshoots both ways; Adagrad's
# steps become shorter before it has arrived; RMSprop, Adam and AdamW divide by the recent size of
# each entry and walk about as fast along as across.
#
# **Predict.** We multiply the loss by two, everything else stays. Its lowest point is where it was.
# Which paths change most?
#
# <details class="choice"><summary>all of them alike: the gradient is twice as large</summary>
#
# No: some rules divide by the size of the gradient.
#
# </details>
# <details class="choice"><summary>SGD and momentum</summary>
#
# Yes: for them, twice the loss is the same as twice the learning rate.
#
# </details>
# <details class="choice"><summary>none: the lowest point is where it was</summary>
#
# No: the point is the same, but the steps towards it are made of gradients.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# SGD 在横向来回弹跳，纵向缓慢爬行；动量法越走越快，两个方向都会冲过头；Adagrad 还没走到，步子就越
# 来越小；RMSprop、Adam 和 AdamW 把每个分量除以它最近的大小，横向纵向走得差不多快。
#
# **先猜**：把损失乘以二，其余不变，最低点也还在原处。哪些路径变化最大？
#
# <details class="choice"><summary>都一样变：梯度大了一倍</summary>
#
# 不对：有些规则会除以梯度的大小。
#
# </details>
# <details class="choice"><summary>SGD 和动量法</summary>
#
# 对：对它们来说，损失翻倍等于学习率翻倍。
#
# </details>
# <details class="choice"><summary>都不变：最低点还在原处</summary>
#
# 不对：最低点没变，可走向它的每一步都由梯度决定。
#
# </details>

# %% tags=["hide-input"]
moves = {name: np.abs(path(name, factor=2.0) - paths[name]).max() for name in rules}
assert moves["SGD"] > 1e3, moves
assert moves["momentum"] > 0.1, moves
assert moves["Adam"] < 1e-4, moves
moved = ", ".join(f"{name} {move:.2g}" for name, move in moves.items())
moved_zh = "、".join(
    f"{'动量法' if name == 'momentum' else name} {move:.2g}" for name, move in moves.items()
)
teaching.say(en=f"The path moves by at most: {moved}.", zh=f"路径上的点最多移动：{moved_zh}。")

# %% [markdown] tags=["lang-en"]
# SGD **diverges**: its rate was just below the limit of [the first chapter](01_neuron.ipynb).
# RMSprop, Adam and AdamW do not notice, for $g / \sqrt{v}$ has no units; Adagrad notices only that
# its $v$ did not start at zero. So one and the same number $\eta$ means different things to
# different rules, and a comparison at one common rate compares rates.
#
# ## Each at its own learning rate
#
# A fair comparison tries several rates for each. To do that often, we take a small net whose
# gradient is written in NumPy; [the next chapter](04_mlp.ipynb) derives it. Here it is enough that
# it gives a gradient:

# %% [markdown] tags=["lang-zh"]
# SGD **发散**了：它的学习率本来就略低于[第一章](01_neuron.ipynb)的界限。RMSprop、Adam 和 AdamW 毫
# 无察觉，因为 $g / \sqrt{v}$ 没有量纲；Adagrad 只察觉到一点，因为它的 $v$ 不从零开始。可见同一个
# $\eta$ 对不同的规则含义不同，用同一个学习率去比，比的是学习率。
#
# ## 各用各的学习率
#
# 公平的比较要给每种规则都试几个学习率。训练的次数很多，所以用一个小网络，梯度用 NumPy 写成，
# [下一章](04_mlp.ipynb)会推导它。这里只要知道它能给出梯度：

# %%
# Every second pixel both ways, from 0 to 1: 196 numbers an image.
# zh: 横竖各隔一个取一个像素，数值从 0 到 1：每张图像 196 个数。
x = x_few[:, ::2, ::2].reshape(-1, 196) / np.float32(255)
x_held = x_validation[:, ::2, ::2].reshape(-1, 196) / np.float32(255)
x_last = x_test[:, ::2, ::2].reshape(-1, 196) / np.float32(255)


def train_by_hand(rule, rates, seed, decay=0.0):
    rng = np.random.default_rng(seed)
    batches = rng.integers(len(x), size=(len(rates), 64))

    def gradient(theta, t):
        batch = batches[t - 1]
        return hand_perceptron.gradient(theta, x[batch], y_few[batch])

    theta = hand_perceptron.start(seed)
    # A rate that is too large ends in infinity; NumPy need not tell.
    # zh: 学习率太大会算出无穷大；不必让 NumPy 提醒。
    with np.errstate(all="ignore"):
        return descend(rule, rates, theta, gradient, decay)[-1]


def accuracy(theta, inputs, labels):
    with np.errstate(all="ignore"):
        answers = hand_perceptron.forward(theta, inputs)[1]
    return np.mean(answers.argmax(axis=1) == labels)


# %% tags=["hide-input"]
some = hand_perceptron.start(0).astype("float64")
few = (x[:4], y_few[:4])
tried = teaching.finite_differences(lambda w: hand_perceptron.cross_entropy(w, *few), [some])[0]
ours = hand_perceptron.gradient(some, *few)
teaching.match("gradient by finite differences", ours, tried)
teaching.match("gradient by tape", ours, hand_perceptron.tape_gradient(some, *few))

# %%
steps = teaching.scale(200, 600)
rates = 10.0 ** np.arange(-3, 1, 0.5)
trained = {}
swept = {}
for name, rule in rules.items():
    trained[name] = []
    swept[name] = []
    decay = decays.get(name, 0.0)
    for seed in range(5):
        ends = []
        reached = []
        for rate in rates:
            end = train_by_hand(rule, np.full(steps, rate), seed, decay)
            ends.append(end)
            reached.append(accuracy(end, x_held, y_validation))
        trained[name].append(ends)
        swept[name].append(reached)

# %% tags=["hide-input"]
teaching.alt(
    en="Validation accuracy against the learning rate for six rules, mean and spread of five seeds:"
    " every curve rises, has its best stretch and falls, each at other rates.",
    zh="六种规则的验证准确率随学习率的变化，五个种子的均值与离散程度：每条曲线先升，有一段最佳区间，再下"
    "降，位置各不相同。",
)
teaching.curves(swept, rates, "learning rate", "validation accuracy, 5 seeds", xscale="log")

# %% [markdown] tags=["lang-en"]
# At the left edge RMSprop, Adam and AdamW are far ahead, and all that says is that their best rates
# are smaller. Further right they fail first. Now each rule gets the rate that is
# best for it on the **validation** images, and is counted once on the **test** images:

# %% [markdown] tags=["lang-zh"]
# 在最左边，RMSprop、Adam 和 AdamW 遥遥领先，这只说明它们合适的学习率较小；再往右，最先垮掉的也是它
# 们。现在让每种规则用它在**验证**图像上最好的学习率，再在**测试**图像上算一次成绩：

# %%
final = {}
chosen = {}
for name in rules:
    best = np.argmax(np.mean(swept[name], axis=0))
    chosen[name] = rates[best]
    final[name] = [accuracy(ends[best], x_last, y_test) for ends in trained[name]]

# %% tags=["hide-input"]
teaching.alt(
    en="Test accuracy of the six rules, five seeds each, at their own rates: close together.",
    zh="六种规则的测试准确率，各五个种子，各用自己的学习率，彼此很接近。",
)
rows = [{"optimizer": f"{name}, {chosen[name]:.2g}"} for name in rules]
plotting.comparison(rows, {"test accuracy": list(final.values())})[0].get_figure()

# %% tags=["hide-input"]
base = np.bincount(y_test).max() / len(y_test)
zh_name = {name: "动量法" if name == "momentum" else name for name in rules}
verdicts = {"en": [], "zh": []}
for name in rules:
    if name == "Adam":
        continue
    difference, threshold = compare(final["Adam"], final[name])
    apart = abs(difference) > threshold
    verdicts["en"].append(
        f"{name} {difference:+.4f}, threshold {threshold:.4f}:"
        f" {'real' if apart else 'not told apart'}"
    )
    verdicts["zh"].append(
        f"{zh_name[name]} {difference:+.4f}，阈值 {threshold:.4f}："
        f"{'差异真实' if apart else '分不出高下'}"
    )
listed = "; ".join(f"{name} {teaching.spread(final[name])}" for name in rules)
listed_zh = "；".join(f"{zh_name[name]} {teaching.spread(final[name])}" for name in rules)
left = {name: np.mean(swept[name], axis=0)[0] for name in rules}
teaching.erratum(
    "T1-19",
    en=(
        f"Test accuracy, each at its own rate, batches of 64: {listed}. Always the most frequent"
        f" digit: {base:.3f}. At the smallest rate of the plot, SGD is behind Adam by"
        f" {left['Adam'] - left['SGD']:.2f}."
    ),
    zh=(
        f"测试准确率，各用自己的学习率，批量大小 64：{listed_zh}。总猜最常见的数字：{base:.3f}。"
        f"在图中最小的学习率处，SGD 落后 Adam {left['Adam'] - left['SGD']:.2f}。"
    ),
)
kept = (1 - chosen["AdamW"] * decays["AdamW"]) ** steps
teaching.say(
    en=(
        f"Adam minus each other rule, five seeds: {'; '.join(verdicts['en'])}.\n\nBy its weight"
        f" decay alone, AdamW would leave {kept:.0%} of a weight after these {steps} steps."
    ),
    zh=(
        f"Adam 减去其他规则，五个种子：{'；'.join(verdicts['zh'])}。\n\n单凭权重衰减，"
        f"走完这 {steps} 步，AdamW 会让一个权重只剩下 {kept:.0%}。"
    ),
)
for name in rules:
    assert 0 < np.argmax(np.mean(swept[name], axis=0)) < len(rates) - 1, name

# %% [markdown] tags=["lang-en"]
# Read the verdicts with the two caveats from above: these are five comparisons, and five repeats
# miss small differences. The distance at the left edge of the sweep is many times as large as all
# that is left when each rule has its own rate. Weight decay takes only a share $\eta \lambda$ of
# the weights a step, but the steps add up, see the last number above. Whether that is of use on new
# images depends on $\lambda$ as well, and only one $\lambda$ was tried here.
#
# ## Schedules and warm-up
#
# A large rate is good at the start, where the way is long, and bad at the end, where it makes the
# weights jump about the lowest point. A **schedule** lowers it on the way. A **warm-up** raises it
# first; one explanation is that at the very beginning Adam's averages are filled with few gradients
# and vary much ([Liu and others, 2019](https://arxiv.org/abs/1908.03265)). With $T$ steps in all,
# the first $T_1$ of them warm-up, and the highest rate $\eta$, step $t$, counted from 0, takes the
# rate
#
# $$\eta_t = \begin{cases} \eta \, t / T_1 & t < T_1 \\[4pt]
# \dfrac{\eta}{2} \left( 1 + \cos \dfrac{\pi (t - T_1)}{T - T_1} \right) & t \ge T_1 \end{cases}$$

# %% [markdown] tags=["lang-zh"]
# 看这些结论时，别忘了前面的两点注意：这里有五个比较，而重复五次会漏掉小的差异。搜索范围最左端的差
# 距，是各用各的学习率之后剩下的差距的许多倍。权重衰减每一步只把权重缩小 $\eta \lambda$ 的比例，
# 但一步步会累积起来，见上面最后一个数。它对新图像有没有好处，还取决于 $\lambda$，而这里只试了一个
# $\lambda$。
#
# ## 学习率调度与预热
#
# 开始时路还很长，大的学习率好；到了最后，它会让权重在最低点附近跳来跳去，就不好了。**学习率调度**
# 在途中把它降下来。**预热**则先让它慢慢升高；有一种解释是，一开始 Adam 的指数移动平均里还没有几个梯
# 度，波动很大（[Liu 等，2019](https://arxiv.org/abs/1908.03265)）。设总步数为 $T$，其中前 $T_1$ 步
# 用于预热，最高学习率为 $\eta$，步的编号 $t$ 从 0 开始，则
#
# $$\eta_t = \begin{cases} \eta \, t / T_1 & t < T_1 \\[4pt]
# \dfrac{\eta}{2} \left( 1 + \cos \dfrac{\pi (t - T_1)}{T - T_1} \right) & t \ge T_1 \end{cases}$$

# %%
t = np.arange(steps)
warm_up = steps // 5


def cosine(rate):
    return rate / 2 * (1 + np.cos(np.pi * t / steps))


def warm_up_cosine(rate):
    rising = rate * t / warm_up
    falling = rate / 2 * (1 + np.cos(np.pi * (t - warm_up) / (steps - warm_up)))
    return np.where(t < warm_up, rising, falling)


schedule = keras.optimizers.schedules.CosineDecay(
    initial_learning_rate=0.0,
    warmup_target=0.1,
    warmup_steps=warm_up,
    decay_steps=steps - warm_up,
)
by_keras = [float(schedule(step)) for step in range(steps)]

# %% tags=["hide-input"]
teaching.match("schedule, NumPy and Keras", warm_up_cosine(0.1), by_keras)
teaching.alt(
    en="Learning rate over the steps: constant; falling along a cosine; rising, then falling.",
    zh="学习率随步数的变化：恒定；沿余弦下降；先上升再下降。",
)
shapes = {
    "constant": lambda rate: np.full(steps, rate),
    "cosine": cosine,
    "warm-up and cosine": warm_up_cosine,
}
lines = {name: shape(0.1) for name, shape in shapes.items()}
teaching.curves(lines, t, xlabel="step", ylabel="learning rate")

# %% [markdown] tags=["lang-en"]
# **Predict.** Adam trains the same net under the three schedules, at rates far above its best
# constant one. What does a warm-up bring?
#
# <details class="choice"><summary>a better result at every rate</summary>
#
# No: at a small rate there is nothing to protect the net from.
#
# </details>
# <details class="choice"><summary>the net stands larger rates than without it</summary>
#
# Yes: it carries the training over its most fragile moment, the start.
#
# </details>
# <details class="choice"><summary>nothing: Adam adapts by itself</summary>
#
# No: it adapts the entries to each other; how far a step goes is still up to the rate.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **先猜**：用 Adam 在三种调度下训练同一个网络，学习率最大的远超最佳恒定值。预热有什么好处？
#
# <details class="choice"><summary>在每个学习率下结果都更好</summary>
#
# 不对：学习率小的时候，没有什么需要防备的。
#
# </details>
# <details class="choice"><summary>能承受比没有预热时更大的学习率</summary>
#
# 对：训练最脆弱的时刻是开头，预热帮它渡过这一关。
#
# </details>
# <details class="choice"><summary>没有好处：Adam 自己会适应</summary>
#
# 不对：它只让各个分量彼此相称，一步迈多远仍由学习率决定。
#
# </details>

# %%
large = 10.0 ** np.arange(-2, 0.25, 0.25)
scheduled = {}
for name, shape in shapes.items():
    scheduled[name] = []
    for seed in range(5):
        row = []
        for rate in large:
            end = train_by_hand(adam, shape(rate), seed)
            row.append(accuracy(end, x_held, y_validation))
        scheduled[name].append(row)

# %% tags=["hide-input"]
teaching.alt(
    en="Validation accuracy against the highest rate for three schedules: with a warm-up the curve"
    " falls at larger rates than without.",
    zh="三种调度的验证准确率随最高学习率的变化：有预热时，曲线到更大的学习率才下降。",
)
teaching.curves(
    scheduled, large, "highest learning rate", "validation accuracy, 5 seeds", xscale="log"
)

# %% tags=["hide-input"]
averages = {name: np.mean(rows, axis=0) for name, rows in scheduled.items()}
place = int(np.argmax(averages["warm-up and cosine"] - averages["cosine"]))
gained = [averages[name][place] for name in shapes]
assert gained[2] - max(gained[:2]) > 0.1, gained
bests = {
    name: np.array(scheduled[name])[:, int(np.argmax(mean))] for name, mean in averages.items()
}
told = {"en": [], "zh": []}
names_zh = {"constant": "恒定", "cosine": "余弦", "warm-up and cosine": "预热加余弦"}
for first, second in (("cosine", "constant"), ("warm-up and cosine", "cosine")):
    difference, threshold = compare(bests[first], bests[second])
    apart = abs(difference) > threshold
    told["en"].append(
        f"{first} minus {second} {difference:+.4f}, threshold {threshold:.4f}:"
        f" {'real' if apart else 'not told apart'}"
    )
    told["zh"].append(
        f"{names_zh[first]}减{names_zh[second]} {difference:+.4f}，阈值 {threshold:.4f}："
        f"{'差异真实' if apart else '分不出高下'}"
    )
teaching.say(
    en=(
        f"Its gain is largest at the rate {large[place]:.2g}: constant {gained[0]:.3f},"
        f" cosine {gained[1]:.3f}, warm-up and cosine **{gained[2]:.3f}**. Each at its best"
        f" rate: {'; '.join(told['en'])}."
    ),
    zh=(
        f"预热的好处在学习率 {large[place]:.2g} 处最大：恒定 {gained[0]:.3f}，"
        f"余弦 {gained[1]:.3f}，预热加余弦"
        f" **{gained[2]:.3f}**。各用最好的学习率：{'；'.join(told['zh'])}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# Each best rate was chosen on the same validation images on which it is compared here, so all three
# are a little too good, and alike. That is enough to compare them, but not to report one of them.
#
# In Keras a schedule takes the place of the number. Large nets are trained like this too, by
# `AdamW` with a warm-up and a cosine, see for example
# [Touvron and others, 2023](https://arxiv.org/abs/2302.13971):

# %% [markdown] tags=["lang-zh"]
# 每种调度的最佳学习率，就是在这里用来比较的那批验证图像上选出来的，所以三者都略微偏高，程度相近。
# 用来互相比较是够了，但不能拿其中一个去报告。
#
# 在 Keras 里，把调度放在原来写学习率的地方就行。大型网络也有这样训练的，用带预热和余弦下降的
# `AdamW`，例如 [Touvron 等，2023](https://arxiv.org/abs/2302.13971)：

# %%
steps_per_epoch = math.ceil(len(x_few) / 64)
learning_rate = keras.optimizers.schedules.CosineDecay(
    initial_learning_rate=0.0,
    warmup_target=0.01,
    warmup_steps=steps_per_epoch // 2,
    decay_steps=4 * steps_per_epoch - steps_per_epoch // 2,
)
keras.utils.set_random_seed(0)
digits = keras.Sequential(
    [
        keras.Input((28, 28)),
        layers.Rescaling(1 / 255),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
digits.compile(
    optimizer=keras.optimizers.AdamW(learning_rate, weight_decay=0.004),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
history = digits.fit(
    x_few,
    y_few,
    batch_size=64,
    epochs=4,
    validation_data=(x_validation, y_validation),
    verbose=2,
)

# %% tags=["hide-input"]
after = float(digits.optimizer.learning_rate)
reached = [digits.evaluate(x_validation, y_validation, verbose=0)[1]]
for seed in (1, 2):
    keras.utils.set_random_seed(seed)
    again = keras.models.clone_model(digits)
    again.compile(
        optimizer=keras.optimizers.AdamW(learning_rate, weight_decay=0.004),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    again.fit(x_few, y_few, batch_size=64, epochs=4, verbose=0)
    reached.append(again.evaluate(x_validation, y_validation, verbose=0)[1])
least, most = teaching.scale((0.91, 0.955), (0.95, 0.985))
assert least < np.mean(reached) < most, reached
assert after < 1e-4
frequent = np.bincount(y_validation).max() / len(y_validation)
teaching.say(
    en=(
        f"Validation accuracy of three seeds {teaching.spread(reached)}; always the most frequent"
        f" digit: {frequent:.3f}. The learning rate has ended at {after:.1g}."
    ),
    zh=(
        f"三个种子的验证准确率为 {teaching.spread(reached)}；总猜最常见的数字：{frequent:.3f}。"
        f"学习率最后降到了 {after:.1g}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# ## Activations
#
# The same ways of measuring serve every other choice. An activation $\varphi$ acts on each entry of
# its input $z$ and keeps the shape. In backpropagation the gradient is multiplied by the slope
# $\varphi'(z)$. With $\Phi$ for the cumulative distribution function of the normal distribution:
#
# $$\begin{aligned} \mathrm{ReLU}(z) &= \max(0, z) \\ \sigma(z) &= 1 / (1 + e^{-z}) \\
# \mathrm{GELU}(z) &= z \, \Phi(z) \end{aligned}$$

# %% [markdown] tags=["lang-zh"]
# ## 激活函数
#
# 同样的测量方法，可以用于任何别的选择。激活函数 $\varphi$ 作用于输入 $z$ 的每个元素，形状不变。反
# 向传播时，梯度要乘以导数 $\varphi'(z)$。用 $\Phi$ 表示正态分布的累积分布函数：
#
# $$\begin{aligned} \mathrm{ReLU}(z) &= \max(0, z) \\ \sigma(z) &= 1 / (1 + e^{-z}) \\
# \mathrm{GELU}(z) &= z \, \Phi(z) \end{aligned}$$

# %% tags=["hide-input"]
teaching.alt(
    en="Four activations on the left, their slopes on the right; the slope of sigmoid is at most a"
    " quarter.",
    zh="左边是四种激活函数，右边是它们的导数；sigmoid 的导数至多四分之一。",
)
z = np.linspace(-4, 4, 80)
for name, (activation, slope) in hand_activations.PAIRS.items():
    value, taped = hand_activations.by_keras(name, z)
    tried = teaching.finite_differences(lambda z, f=activation: f(z).sum(), [z])[0]
    teaching.match(name, activation(z), value)
    teaching.match(f"{name}, slope by finite differences", slope(z), tried)
    teaching.match(f"{name}, slope by tape", slope(z), taped)
teaching.activations(hand_activations.PAIRS)

# %% [markdown] tags=["lang-en"]
# The slope of sigmoid never exceeds a quarter; the **slopes** of ten such layers together multiply
# a gradient by at most $4^{-10}$. But that is not the whole factor: on its way through a layer with
# the weights $W$ the gradient $g$ is multiplied by the weights as well,
#
# $$g \leftarrow \bigl( g \odot \varphi'(z) \bigr) W^{\top}$$
#
# so large weights can make up for small slopes. Ten layers of 64 units, not trained, with the
# weights as Keras draws them, and four times as large:

# %% [markdown] tags=["lang-zh"]
# sigmoid 的导数从不超过四分之一；十层的**导数**合起来，至多把梯度乘以 $4^{-10}$。但这还不是全部的
# 倍数：梯度 $g$ 穿过权重为 $W$ 的一层时，还要乘以权重，
#
# $$g \leftarrow \bigl( g \odot \varphi'(z) \bigr) W^{\top}$$
#
# 所以大的权重可以弥补小的导数。取十层，每层 64 个单元，未经训练，权重分别按 Keras 的默认值和四倍大
# 小抽取：


# %%
def gradient_sizes(activation, factor=1.0):
    keras.utils.set_random_seed(0)
    wide = keras.initializers.VarianceScaling(factor**2, "fan_avg", "uniform")
    values = [tf.random.normal((200, 64))]
    noise = tf.random.normal((200, 64))
    with tf.GradientTape() as tape:
        tape.watch(values[0])
        for _ in range(10):
            layer = layers.Dense(64, activation=activation, kernel_initializer=wide)
            values.append(layer(values[-1]))
        end = tf.reduce_sum(values[-1] * noise)
    gradients = tape.gradient(end, values)
    sizes = np.array([np.linalg.norm(gradient) for gradient in gradients])
    # Layer by layer back from the last one, whose gradient counts as 1.
    # zh: 从最后一层逐层往回，最后一层的梯度算作 1。
    return sizes[::-1] / sizes[-1]


sizes = {
    "relu": gradient_sizes("relu"),
    "tanh": gradient_sizes("tanh"),
    "sigmoid": gradient_sizes("sigmoid"),
    "sigmoid, weights × 4": gradient_sizes("sigmoid", 4.0),
}

# %% tags=["hide-input"]
teaching.alt(
    en="Size of the gradient over ten layers back, on a logarithmic scale: sigmoid falls steeply,"
    " with four times the weights much less, as ReLU does; tanh least.",
    zh="梯度的大小随往回的层数变化（对数刻度）：sigmoid 陡降，权重放大四倍后缓和得多，"
    "与 ReLU 相近；tanh 下降最少。",
)
teaching.curves(sizes, range(11), "layers back", "size of the gradient", yscale="log")

# %% tags=["hide-input"]
assert sizes["sigmoid"][10] < 4.0**-10 * 100 < 1e-3 < sizes["sigmoid, weights × 4"][10]
teaching.say(
    en=(
        f"After ten layers of sigmoid {sizes['sigmoid'][10]:.0e} of the gradient is left, with four"
        f" times the weights {sizes['sigmoid, weights × 4'][10]:.2g}; tanh {sizes['tanh'][10]:.2g},"
        f" ReLU {sizes['relu'][10]:.2g}. The bound on the slopes alone is {4.0**-10:.0e}."
    ),
    zh=(
        f"经过十层 sigmoid，梯度剩下 {sizes['sigmoid'][10]:.0e}；权重放大四倍时剩下"
        f" {sizes['sigmoid, weights × 4'][10]:.2g}；tanh 剩下 {sizes['tanh'][10]:.2g}，ReLU 剩下"
        f" {sizes['relu'][10]:.2g}。只看导数的上界是 {4.0**-10:.0e}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# How much of this is felt in a net with a single hidden layer, only a measurement tells. Five
# seeds, all at the same rate, and sigmoid at a larger one as well:

# %% [markdown] tags=["lang-zh"]
# 在只有一个隐藏层的网络里，这种差别有多大影响，只有测了才知道。五个种子，学习率都相同；sigmoid 另
# 外再用一个较大的学习率：

# %%
by_activation = {"relu": list(found[:5])}
for activation in ("tanh", "gelu", "sigmoid"):
    by_activation[activation] = []
    for seed in range(5):
        by_activation[activation].append(train(seed, activation).mean())
larger = []
for seed in range(5):
    larger.append(train(seed, "sigmoid", learning_rate=0.01).mean())
by_activation["sigmoid, larger rate"] = larger

# %% tags=["hide-input"]
teaching.alt(
    en="Validation accuracy of the activations, five seeds each at a common rate, and of sigmoid"
    " at a larger one as well.",
    zh="各种激活函数的验证准确率，各五个种子，学习率相同；sigmoid 另有一个较大的学习率。",
)
rows = [{"activation": name} for name in by_activation]
plotting.comparison(rows, {"validation accuracy": list(by_activation.values())})[0].get_figure()

# %% tags=["hide-input"]
shown = {
    "relu": "ReLU",
    "tanh": "tanh",
    "gelu": "GELU",
    "sigmoid": "sigmoid",
    "sigmoid, larger rate": "sigmoid, larger rate",
}
shown_zh = shown | {"sigmoid, larger rate": "sigmoid（较大的学习率）"}
told = {"en": [], "zh": []}
for name in list(by_activation)[1:]:
    difference, threshold = compare(by_activation["relu"], by_activation[name])
    apart = abs(difference) > threshold
    told["en"].append(
        f"{shown[name]} {difference:+.4f}, threshold {threshold:.4f}:"
        f" {'real' if apart else 'not told apart'}"
    )
    told["zh"].append(
        f"{shown_zh[name]} {difference:+.4f}，阈值 {threshold:.4f}："
        f"{'差异真实' if apart else '分不出高下'}"
    )
measured = "; ".join(f"{shown[n]} {teaching.spread(v)}" for n, v in by_activation.items())
measured_zh = "；".join(f"{shown_zh[n]} {teaching.spread(v)}" for n, v in by_activation.items())
teaching.erratum(
    "T1-17",
    en=f"Validation accuracy: {measured}.",
    zh=f"验证准确率：{measured_zh.replace('） ', '）')}。",
)
teaching.say(
    en=f"ReLU minus each other one, five seeds: {'; '.join(told['en'])}.",
    zh=f"ReLU 减去其他各种，五个种子：{'；'.join(told['zh']).replace('） ', '）')}。",
)

# %% [markdown] tags=["lang-en"]
# Whether small slopes are a fault or only ask for a larger rate is thus a question that a
# comparison at one common rate cannot answer.
#
# In a terminal, `kerastut compare` does such comparisons for any setting of any recipe (a short
# file that comes with kerastut: a model, its data and the result it must reach), with the verdicts,
# such as `kerastut compare mlp-mnist --vary activation=relu,tanh,gelu --repeats 5 --limit 6000`.
#
# ## The whole program
#
# The program below uses Adam with its default rate. To try `AdamW` with a schedule in it, write the
# schedule from above before `compile`, count its steps by the program's own `x_train`, batch size
# and epochs, and put `keras.optimizers.AdamW(learning_rate, weight_decay=0.004)` in the place of
# `"adam"`. A program that has such a schedule in it stands in
# [chapter 6](06_convolution.ipynb).

# %% [markdown] tags=["lang-zh"]
# 可见，导数小究竟是缺点，还是只需要更大的学习率，用同一个学习率去比较是回答不了的。
#
# 在终端里，`kerastut compare` 能对任何配方（kerastut 附带的短小文件，写明模型、数据和应当达到的结
# 果）的任何设置做这样的比较，并给出结论，例如
# `kerastut compare mlp-mnist --vary activation=relu,tanh,gelu --repeats 5 --limit 6000`。
#
# ## 完整程序
#
# 下面的程序用的是 Adam 和它的默认学习率。想在里面试试带调度的 `AdamW`，就把上面的学习率调度写在
# `compile` 之前，步数按程序自己的 `x_train`、批量大小和轮数来算，再用
# `keras.optimizers.AdamW(learning_rate, weight_decay=0.004)` 替换 `"adam"`。带有这种调度的完整程
# 序，见[第 6 章](06_convolution.ipynb)。

# %% tags=["program"]
# program: mlp_mnist

# %% [markdown] tags=["lang-en"]
# **Opinion.** Start with ReLU and Adam, and spend the time that is left on the learning rate: it is
# often the most important hyperparameter of all, says
# [Bengio, Practical Recommendations, 2012](https://arxiv.org/abs/1206.5533). And where a paper
# ranks optimizers, look first at how each one's rate was tuned:
# [Choi and others, 2019](https://arxiv.org/abs/1910.05446) turn rankings round by tuning alone.
# **Caveat**: one data set, small nets, short trainings.
#
# ## Exercises

# %% [markdown] tags=["lang-zh"]
# **观点**：从 ReLU 和 Adam 开始，剩下的时间用来调学习率：它往往是最重要的超参数，见
# [Bengio，Practical Recommendations，2012](https://arxiv.org/abs/1206.5533)。论文里给优化器排名
# 时，先看每种优化器的学习率是怎么调的：[Choi 等，2019](https://arxiv.org/abs/1910.05446) 仅凭调参
# 就让名次颠倒过来。**注意**：本章只用了一个数据集、小网络和很短的训练。
#
# ## 练习

# %% [markdown] tags=["lang-en"]
# **Exercise 1** ★ (by hand). Write `repeats_needed(s, gap)`: how many repeats of each of two
# settings find a true difference `gap` in four experiments out of five, if the results have the
# standard deviation `s`? Take the factor 16 from above. At least 3, a whole number.

# %% [markdown] tags=["lang-zh"]
# **练习 1** ★（手算）。写出 `repeats_needed(s, gap)`：结果的标准差为 `s` 时，两种设置各重复多少
# 次，才能在五次实验中有四次发现真正的差异 `gap`？系数取上面的 16。至少 3 次，取整数。


# %% tags=["solution"]
def repeats_needed(s, gap):
    # BEGIN SOLUTION
    return max(3, math.ceil(16 * (s / gap) ** 2))
    # END SOLUTION


# %% tags=["check"]
# 8 would find it in half of the experiments.
# zh: 重复 8 次，只有一半的实验能发现差异。
assert repeats_needed(1, 1) == 16
# Half the difference, four times the repeats.
# zh: 差异减半，重复次数就要变成四倍。
assert repeats_needed(1, 0.5) == 64
assert repeats_needed(1, 10) == 3
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 2** ★★ (by hand). Nesterov's momentum looks ahead: it updates $\bar g$ as momentum does
# and takes $u = g + \mu \bar g$. Write it as a rule like those above, with $\mu = 0.9$. The check
# compares it with `keras.optimizers.SGD(0.02, momentum=0.9, nesterov=True)`.

# %% [markdown] tags=["lang-zh"]
# **练习 2** ★★（手算）。Nesterov 动量会往前看一步：$\bar g$ 的更新与动量法相同，但取
# $u = g + \mu \bar g$。请仿照上面写出这条规则，$\mu = 0.9$。自检会与
# `keras.optimizers.SGD(0.02, momentum=0.9, nesterov=True)` 比较。


# %% tags=["solution"]
def nesterov(g, g_mean, v, t):
    # BEGIN SOLUTION
    g_mean = 0.9 * g_mean + g
    return g + 0.9 * g_mean, g_mean, v
    # END SOLUTION


# %% tags=["check"]
by_keras = keras_path(keras.optimizers.SGD(0.02, momentum=0.9, nesterov=True))
ours = descend(nesterov, np.full(40, 0.02), start, lambda theta, t: steep * theta)
# Update the mean first, then look ahead.
# zh: 先更新均值，再向前看一步。
assert np.allclose(ours, by_keras, atol=1e-5)
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 3** ★★ (build). Write `train_scheduled()`: build a net of one hidden layer, compile it
# with `SGD` with momentum and a `CosineDecay` that begins with a warm-up, train it on `x_few`,
# `y_few` for four epochs and return it. It must reach 0.90 on the validation images.

# %% [markdown] tags=["lang-zh"]
# **练习 3** ★★（构建）。写出 `train_scheduled()`：搭建有一个隐藏层的网络，用带动量的 `SGD` 和以预
# 热开头的 `CosineDecay` 编译，在 `x_few`、`y_few` 上训练四轮，返回这个网络。它在验证图像上要达到
# 0.90。


# %% tags=["solution"]
def train_scheduled():
    # BEGIN SOLUTION
    all_steps = 4 * math.ceil(len(x_few) / 64)
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        warmup_target=0.1,
        warmup_steps=30,
        decay_steps=all_steps - 30,
    )
    net = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile(
        optimizer=keras.optimizers.SGD(rate, momentum=0.9),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    net.fit(x_few, y_few, batch_size=64, epochs=4, verbose=0)
    return net
    # END SOLUTION


# %% tags=["check"]
keras.utils.set_random_seed(1)
built = train_scheduled()
settings = built.optimizer.get_config()
# Give SGD a momentum.
# zh: 给 SGD 加上动量。
assert settings["momentum"] > 0
# Pass the schedule as the rate.
# zh: 把学习率调度作为学习率传进去。
assert settings["learning_rate"]["class_name"] == "CosineDecay"
# Begin with a warm-up.
# zh: 开头要有预热。
assert settings["learning_rate"]["config"]["warmup_steps"] > 0
reached = built.evaluate(x_validation, y_validation, verbose=0)[1]
assert 0.90 <= reached <= 0.99, reached
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 4** ★★ (repair). This function was meant to give Adam a rate that starts at `0.01` and
# halves every hundred steps. Keras 3 rejects `lr` and ignores `decay`. Mend it with
# `keras.optimizers.schedules.ExponentialDecay`, so that the rate falls a little in every step.
#
# ```python
# def falling_adam():
#     return keras.optimizers.Adam(lr=0.01, decay=0.5)
# ```

# %% [markdown] tags=["lang-zh"]
# **练习 4** ★★（修复）。这个函数本想让 Adam 的学习率从 `0.01` 开始，每一百步减半。Keras 3 不接受
# `lr`，也不理会 `decay`。请用 `keras.optimizers.schedules.ExponentialDecay` 改好，让学习率每一步都
# 降低一点。
#
# ```python
# def falling_adam():
#     return keras.optimizers.Adam(lr=0.01, decay=0.5)
# ```


# %% tags=["solution"]
def falling_adam():
    # BEGIN SOLUTION
    rate = keras.optimizers.schedules.ExponentialDecay(
        initial_learning_rate=0.01,
        decay_steps=100,
        decay_rate=0.5,
    )
    return keras.optimizers.Adam(rate)
    # END SOLUTION


# %% tags=["check"]
mended = falling_adam()
moving = keras.Variable(np.zeros(1, "float32"))
seen_rates = []
for _ in range(200):
    seen_rates.append(float(mended.learning_rate))
    mended.apply([np.ones(1, "float32")], [moving])
# Start at 0.01.
# zh: 从 0.01 开始。
assert np.isclose(seen_rates[0], 0.01)
# Halve it in 100.
# zh: 100 步减半。
assert np.isclose(seen_rates[100], 0.005)
# A little in every step.
# zh: 每一步减一点。
assert seen_rates[0] > seen_rates[50] > seen_rates[100]
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 5** ★ (quiz). In a sweep the best rate is the largest one tried. What may you report?
#
# <details class="choice"><summary>that rate, as the best</summary>
#
# Not yet: the best may lie beyond the edge. Go on until the curve falls on both sides.
#
# </details>
# <details class="choice"><summary>nothing yet</summary>
#
# Right: a best value at the edge says only on which side to go on.
#
# </details>
# <details class="choice"><summary>the mean of all rates</summary>
#
# No: nobody will train at all rates at once.
#
# </details>
#
# **Exercise 6** ★★ (quiz). Fifty rates, one seed each; the best on the validation images wins. What
# is cheap to mend?
#
# <details class="choice"><summary>choose on the test images</summary>
#
# That makes it worse: then no number is left that was not chosen.
#
# </details>
# <details class="choice"><summary>train the best few with new seeds, choose by the mean</summary>
#
# Right: the first round was a lottery among neighbours, the second one measures. Then test once.
#
# </details>
# <details class="choice"><summary>try a hundred rates</summary>
#
# No: the more candidates, the luckier the winner.
#
# </details>
#
# **Exercise 7** ★★ (quiz). For every training image the input of a ReLU unit in the first hidden
# layer is negative. What becomes of it?
#
# <details class="choice"><summary>it comes back as the biases of the next layer change</summary>
#
# No: what follows the unit does not enter its own input.
#
# </details>
# <details class="choice"><summary>it gives 0 and learns no more</summary>
#
# Right: the slope is 0 for every image, and with it the gradient. The unit is dead; a rate that is
# too large can do it. Only weight decay still moves its weights, and for a few more steps what a
# momentum has kept.
#
# </details>
# <details class="choice"><summary>it learns more slowly</summary>
#
# No: zero times anything is zero.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **练习 5** ★（测验）。一次搜索中，最好的学习率恰好是试过的最大值。可以报告什么？
#
# <details class="choice"><summary>这个学习率就是最好的</summary>
#
# 还不能：最好的可能在范围之外。继续往外试，直到曲线两侧都下降为止。
#
# </details>
# <details class="choice"><summary>还什么都不能报告</summary>
#
# 对：最佳值落在边缘，只说明该往哪一侧继续试。
#
# </details>
# <details class="choice"><summary>所有学习率的平均成绩</summary>
#
# 不对：没有人会同时用所有的学习率训练。
#
# </details>
#
# **练习 6** ★★（测验）。试了五十个学习率，每个一个种子，取验证图像上最好的。怎样花小代价补救？
#
# <details class="choice"><summary>改在测试图像上选</summary>
#
# 那更糟：这样就没有一个数不是挑出来的了。
#
# </details>
# <details class="choice"><summary>把最好的几个换新种子重新训练，按平均值选</summary>
#
# 对：第一轮只是在相邻的学习率之间抽签，第二轮才是测量。最后测试一次。
#
# </details>
# <details class="choice"><summary>试一百个学习率</summary>
#
# 不对：候选越多，胜者的运气成分越大。
#
# </details>
#
# **练习 7** ★★（测验）。第一个隐藏层里有一个 ReLU 单元，对每张训练图像，它的输入都是负的。它会怎
# 样？
#
# <details class="choice"><summary>下一层的偏置变了，它就会恢复</summary>
#
# 不对：它后面的层不影响它自己的输入。
#
# </details>
# <details class="choice"><summary>它只给出 0，再也学不到东西</summary>
#
# 对：对每张图像导数都是 0，梯度也就是 0。这个单元“死”了；学习率过大就可能造成这种情况。只有权重衰
# 减还会改变它的权重；动量里留下的旧梯度也还能再推它几步。
#
# </details>
# <details class="choice"><summary>它学得慢一些</summary>
#
# 不对：零乘以任何数都是零。
#
# </details>
