# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["lang-en"]
# # Regularisation and early stopping
#
# A network sees a thousand images and soon gets every one of them right. It has learned them by
# heart: on images that it has not seen it stops improving early, and then slowly gets worse. Which
# epoch would you keep, and could the decline have been prevented?
#
# - **Prerequisites**: the chapters on foundations and on the multilayer perceptron.
# - **You will be able to**: recognise overfitting in two curves; write down the L1 and L2 penalties
#   and their gradients; say why L1 gives zeros; compute dropout and early stopping by hand;
#   recognise leakage, which makes a validation score worthless.
# - **Minutes**: about 50 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 正则化与早停
#
# 网络看一千张图，没多久就能全部答对。可它只是把这些图背了下来：对没见过的图，
# 早早就不再进步，之后还慢慢变差。
# 你会留下哪一轮的权重？这种退步能不能避免？
#
# - **预备知识**：“基础”和“多层感知机”两章。
# - **学完之后你能够**：从两条曲线看出过拟合；写出 L1、L2 惩罚项及其梯度；
#   说清 L1 为什么会得到零；手工计算 Dropout 和早停；识别让验证分数失去意义的数据泄漏。
# - **用时**：连同练习约 50 分钟。

# %% tags=["install"]
# %pip install --quiet kerastut

# %%
# %matplotlib inline
import keras
import numpy as np
import tensorflow as tf

import kerastut
from kerastut import plotting, teaching

quick = teaching.scale({"epochs": 10, "batch_size": 50, "limit": 2000, "learning_rate": 5e-3}, {})
settings = quick | {"regularizer": "none", "patience": 99}  # nothing stops it
runs = [kerastut.run("regularized-mlp", seed=seed, verbose=0, **settings) for seed in range(3)]
teaching.hold(runs[0], accuracy=(0.85, 0.92), gap=teaching.scale((0.25, 0.6), (0.25, 0.7)))
epochs = range(1, runs[0].epochs + 1)
parts = {"training": "cross_entropy", "validation": "val_cross_entropy"}
lines = {part: [run.history[name] for run in runs] for part, name in parts.items()}
teaching.curves(lines, epochs, "epoch", "cross entropy", "learned by heart (mean ± sd, 3 seeds)")

# %% [markdown] tags=["lang-en"]
# ## Two ways to be wrong
#
# The blue curve goes towards zero, the orange one stops falling and turns round. The distance
# between them is the **gap**, and a growing gap is **overfitting**: the network learns what is
# special about these thousand images. The opposite is **underfitting**, when both curves stay high.
#
# Imagine that many networks are trained, each on a thousand other images. **Bias** is what is wrong
# with their average answer: the model is too simple, or it was trained too briefly. **Variance** is
# how much their answers differ: each depends on the images it happened to see. More data lowers the
# variance and does nothing against bias; a larger model mostly does the reverse. Everything in this
# chapter buys less variance at the price of some bias, and whether that pays has to be measured.
#
# ## A penalty on the weights
#
# The first way adds the size of the weights to the loss:
#
# $$\begin{aligned} J_2 &= L + \lambda \textstyle\sum_k w_k^2 \\
# J_1 &= L + \lambda \textstyle\sum_k |w_k| \end{aligned}$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $L$ | cross entropy, mean over the batch | one number |
# | $w_k$ | each weight of the dense layers, without biases | one number |
# | $\lambda$ | strength, zero or more | one number |
# | $J_2$, $J_1$ | what is minimised, with L2 or L1 | one number |
#
# Keras adds the penalty to the loss that it prints:

# %% [markdown] tags=["lang-zh"]
# ## 两种错法
#
# 蓝线趋向零，橙线却不再下降，慢慢掉头往上。两线之间的距离就是**差距**（gap），
# 差距越来越大就是**过拟合**：
# 网络学的是这一千张图的个别特点。反过来，两条曲线都居高不下，则是**欠拟合**。
#
# 设想训练许多个网络，每个用另外一千张图。**偏差**是它们的平均答案错了多少：模型太简单，
# 或者训练得太短。**方差**是它们的答案彼此差多少：各自取决于碰巧见到了哪些图。
# 增加数据能降低方差，对偏差却毫无作用；换更大的模型则大体相反。
# 本章的每种办法都是用一点偏差换取较小的方差，值不值得，要靠测量。
#
# ## 给权重加惩罚项
#
# 第一种办法是把权重的大小加进损失：
#
# $$\begin{aligned} J_2 &= L + \lambda \textstyle\sum_k w_k^2 \\
# J_1 &= L + \lambda \textstyle\sum_k |w_k| \end{aligned}$$
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $L$ | 交叉熵，对一批样本取平均 | 一个数 |
# | $w_k$ | 全连接层的各个权重，不含偏置 | 一个数 |
# | $\lambda$ | 强度，不小于零 | 一个数 |
# | $J_2$、$J_1$ | 加上 L2 或 L1 之后要最小化的量 | 一个数 |
#
# Keras 打印的损失里包含惩罚项：

# %%
arms = {p: [run.vary("regularizer", [p])[p] for run in runs] for p in ("none", "l1", "l2")}
model, test = arms["l2"][0].model, runs[0].data.test
kernels = [layer.kernel.numpy() for layer in model.layers if hasattr(layer, "kernel")]
penalty = 0.01 * sum(np.sum(kernel**2) for kernel in kernels)
found = model.evaluate(test.x, test.y, batch_size=1000, verbose=0, return_dict=True)
teaching.match("penalty", penalty, sum(model.losses), tolerance=1e-5)
teaching.match("loss", found["cross_entropy"] + penalty, found["loss"], tolerance=1e-5)
share = f"{penalty / found['loss']:.0%}"
teaching.erratum("T1-05", en=f"{share} of the loss is penalty.", zh=f"惩罚项占损失的 {share}。")

# %% [markdown] tags=["lang-en"]
# What a penalty does to a single weight $w$ follows from its gradient, one number for each weight:
#
# $$\frac{\partial}{\partial w} \lambda w^2 = 2 \lambda w, \quad
# \frac{\partial}{\partial w} \lambda |w| = \lambda\, \mathrm{sign}(w)$$
#
# L2 pulls in proportion: a large weight hard, a small one hardly. L1 pulls every weight with the
# same force, however small it is already.

# %% [markdown] tags=["lang-zh"]
# 惩罚项对单个权重 $w$ 起什么作用，看它的梯度就知道，每个权重对应一个数：
#
# $$\frac{\partial}{\partial w} \lambda w^2 = 2 \lambda w, \quad
# \frac{\partial}{\partial w} \lambda |w| = \lambda\, \mathrm{sign}(w)$$
#
# L2 的拉力与权重成正比：大权重拉得重，小权重几乎不拉。L1 对每个权重的拉力都一样大，
# 不管它已经有多小。

# %%
w = kernels[-1][np.abs(kernels[-1]) > 1e-3][:50].astype("float64")  # |w| has a kink at 0
rules = keras.regularizers.L2(0.01), keras.regularizers.L1(0.001)
for rule, by_hand in zip(rules, (0.02 * w, 0.001 * np.sign(w)), strict=True):
    with tf.GradientTape() as tape:
        variable = tf.Variable(w)
        value = rule(variable)
    teaching.match("by finite differences", by_hand, teaching.finite_differences(rule, [w])[0])
    teaching.match("by tape", by_hand, tape.gradient(value, variable))

# %% [markdown] tags=["lang-en"]
# **Predict.** Where loss and penalty balance, which of the two leaves weights that are exactly
# zero?

# %% [markdown] tags=["lang-zh"]
# **先猜。** 损失与惩罚项相持不下的时候，L1 和 L2 哪一个会留下恰好等于零的权重？

# %%
teaching.diagram("penalties")

# %% [markdown] tags=["lang-en"]
# On the left, a penalty is read as a limit: the weights must stay within a radius $r$, which is
# smaller for a larger $\lambda$. The circle is touched anywhere, the diamond mostly at a corner,
# and at a corner a weight is zero. On the right, for one weight with the loss $(v - w)^2 / 2$,
# where $v$ is the new weight and $w$ the best one without a penalty:
#
# $$\begin{aligned} v_2 &= \frac{w}{1 + 2\lambda} \\
# v_1 &= \mathrm{sign}(w) \max(|w| - \lambda,\, 0) \end{aligned}$$
#
# The trained networks show the same, though gradient steps jitter around zero and seldom hit it:

# %% [markdown] tags=["lang-zh"]
# 左边两幅图把惩罚项看作限制：权重必须留在半径 $r$ 之内，$\lambda$ 越大，$r$ 越小。
# 圆的任何一点都可能被碰到，菱形则多半在角上被碰到，而在角上就有一个权重为零。
# 右图是只有一个权重的情形，损失为 $(v - w)^2 / 2$，其中 $v$ 是新的权重，$w$
# 是没有惩罚项时的最佳值：
#
# $$\begin{aligned} v_2 &= \frac{w}{1 + 2\lambda} \\
# v_1 &= \mathrm{sign}(w) \max(|w| - \lambda,\, 0) \end{aligned}$$
#
# 训练出来的网络也是如此，只是梯度更新会在零附近来回跳，很少正好落在零上：

# %%
first = {label: group[0].model.layers[-3].kernel.numpy() for label, group in arms.items()}
teaching.weight_sizes(first, "weights of the hidden layer")

# %% [markdown] tags=["lang-en"]
# Many of a hidden unit's inputs are border pixels, which are black in every image. Their gradient
# is zero, so without a penalty these weights stay as they were drawn. A penalty clears them away,
# and with them many that contribute little. L1 makes more of them small. At the very left the order
# turns: the pull of L2 fades with the weight, while that of L1 does not, so that each step of the
# optimizer carries such a weight to the other side of zero. That is how the two differ, and not by
# whether a model is "simple" or "complex":

# %% [markdown] tags=["lang-zh"]
# 隐藏单元的输入里有许多是边缘像素，在所有图里都是黑的。对应权重的梯度为零，没有惩罚项时，
# 它们就一直停在初始值；惩罚项把它们清掉，也清掉许多
# 贡献不大的权重，其中 L1 压小的更多。到了最左端，次序却反过来：L2 的拉力随权重一起减弱，
# L1 的拉力始终不变，优化器每走一步都会把这样的权重带到零的另一侧。两者的差别就在这里，
# 与模型“简单”还是“复杂”无关：

# %%
teaching.erratum("T1-23")

# %% [markdown] tags=["lang-en"]
# ## Dropout
#
# The second way makes the units unreliable. In each training step each hidden value is set to zero
# with probability $p$, so no unit can count on a particular other one
# ([Srivastava and others, 2014](https://jmlr.org/papers/v15/srivastava14a.html)):

# %% [markdown] tags=["lang-zh"]
# ## Dropout
#
# 第二种办法是让单元变得不可靠。训练的每一步，每个隐藏值都以概率 $p$ 被置零，
# 于是没有哪个单元能指望另外某一个
# （[Srivastava 等，2014](https://jmlr.org/papers/v15/srivastava14a.html)）：

# %%
teaching.diagram("dropout")

# %% [markdown] tags=["lang-en"]
# With hidden values $h$ and a mask $m$ of zeros and ones, both of shape $(n, u)$ for $n$ samples
# and $u$ units:
#
# $$\tilde{h} = \frac{m \odot h}{1 - p}, \quad P(m_{ij} = 1) = 1 - p$$
#
# Dividing by $1 - p$ keeps the mean of $\tilde{h}$, also of shape $(n, u)$, equal to that of $h$.
# So nothing has to be rescaled in prediction, where dropout does nothing at all.

# %% [markdown] tags=["lang-zh"]
# 设隐藏值为 $h$，由零和一组成的掩码为 $m$，形状都是 $(n, u)$，即 $n$ 个样本、$u$ 个单元：
#
# $$\tilde{h} = \frac{m \odot h}{1 - p}, \quad P(m_{ij} = 1) = 1 - p$$
#
# 除以 $1 - p$，是为了让 $\tilde{h}$（形状也是 $(n, u)$）的均值与 $h$ 相等。
# 这样预测时不必再缩放，Dropout 那时什么也不做。

# %%
h = np.random.default_rng(0).uniform(0.1, 1, size=(1000, 64)).astype("float32")
layer = keras.layers.Dropout(0.4, seed=0)
dropped = layer(h, training=True).numpy()
teaching.match("in training", (dropped != 0) * h / (1 - 0.4), dropped)
teaching.match("in prediction", h, layer(h, training=False))
means = f"{h.mean():.3f} → {dropped.mean():.3f}"
teaching.say(en=f"Mean before and after: {means}.", zh=f"前后的均值：{means}。")

# %% [markdown] tags=["lang-en"]
# **Predict.** The recipe `dropout-mlp` at three rates. At which one is training accuracy *below*
# validation accuracy, and is that a fault?

# %% [markdown] tags=["lang-zh"]
# **先猜。** 配方 `dropout-mlp` 取三种丢弃率。哪一种的训练准确率会*低于*验证准确率？这算不算出错？

# %%
thin = kerastut.run("dropout-mlp", verbose=0, **teaching.scale({"limit": 6000}, {}))
teaching.hold(thin, accuracy=(0.91, 0.95))
rates = thin.vary("dropout", [0.0, 0.2, 0.5]).items()
plotting.gaps({f"rate {rate}": run.history for rate, run in rates}, "accuracy")[0].get_figure()

# %% [markdown] tags=["lang-en"]
# At the highest rate, and it is no fault: training is measured with units missing, validation with
# all of them. Too high a rate underfits.
#
# ## Early stopping
#
# The third way costs no computing, it even saves some: keep the best epoch. What it does cost is
# data, since the validation images are missing in training. Let $V_t$ be the validation loss after
# epoch $t$ and $P$ the patience, a number of epochs. Training ends at the first $t$ with
#
# $$t - \arg\min_{s \le t} V_s = P$$
#
# and the weights of the best epoch return. Keras's callback does the same; by default, though, it
# keeps the *last* weights, so the recipe says `restore_best_weights=True`.

# %% [markdown] tags=["lang-zh"]
# 丢弃率最高的那种；这不算出错：训练准确率是在缺了一些单元时测的，验证时单元齐全。
# 丢弃率太高则会欠拟合。
#
# ## 早停
#
# 第三种办法不费计算，反而能省：留下最好的那一轮。它的代价是数据，因为验证集的图不能用来训练。
# 设第 $t$ 轮之后的验证损失为 $V_t$，耐心值为 $P$ 轮。
# 当第一次出现下式时，训练结束：
#
# $$t - \arg\min_{s \le t} V_s = P$$
#
# 并恢复最好一轮的权重。Keras 的回调做的正是这件事；不过它默认保留的是*最后*的权重，
# 所以配方里写了 `restore_best_weights=True`。


# %%
def stop(losses, patience):
    for epoch in range(1, len(losses) + 1):
        best = 1 + int(np.argmin(losses[:epoch]))
        if epoch - best == patience:
            break
    return epoch, best


stopped, held = runs[0].vary("patience", [3])[3], runs[0].data.validation
losses = runs[0].history["val_cross_entropy"]
epoch, best = stop(losses, patience=3)
restored = stopped.model.evaluate(held.x, held.y, batch_size=1000, verbose=0, return_dict=True)
teaching.match("last epoch", stopped.epochs, epoch)
teaching.match("best weights", restored["cross_entropy"], losses[best - 1], tolerance=1e-5)

# %% [markdown] tags=["lang-en"]
# ## One remedy at a time
#
# The same net, the same images, the same seeds; each curve has one remedy. Early stopping is the
# lowest point of each curve.

# %% [markdown] tags=["lang-zh"]
# ## 每次只用一种办法
#
# 网络、图像、种子都相同，每条曲线只用一种办法。早停取的就是各条曲线的最低点。

# %%
arms["dropout 0.5"] = [run.vary("dropout", [0.5])[0.5] for run in runs]
lines = {k: [run.history["val_cross_entropy"] for run in group] for k, group in arms.items()}
for label, group in arms.items():
    gap = teaching.spread([teaching.recipe("regularized-mlp").gap(run) for run in group])
    accuracy = teaching.spread([run.metrics["accuracy"] for run in group])
    print(f"{label}: gap {gap}, best epoch's test accuracy {accuracy}")
teaching.curves(lines, epochs, "epoch", "validation cross entropy", "one remedy at a time")

# %% [markdown] tags=["lang-en"]
# Read this with care. Both penalties close about half of the gap, and yet at these strengths they
# gain no accuracy: the smaller gap comes mostly from a higher training loss. **A narrower gap is
# not a better model.** Dropout narrows the gap and keeps the validation loss low. Without any
# remedy, the lowest point of the curve lies below those of both penalties and close to that of
# dropout: stopping in time is a regulariser too. The baseline is the net without any, `none`.
#
# The strength of a penalty decides more than its kind, and equal numbers are not equal strengths:
# the recipe gives L1 a tenth of what it gives L2. Try powers of ten, and choose on validation data:
# `kerastut compare regularized-mlp --vary regularizer=l1,l2 --vary strength=0.001,0.01` trains the
# whole table with several seeds.
#
# ## When it goes wrong: leakage
#
# All this rests on validation images that the network has not learned from. Suppose somebody makes
# four noisy copies of each of 500 images, in order to have more data, shuffles and splits.
#
# **Predict.** What will validation say, and what the test?

# %% [markdown] tags=["lang-zh"]
# 读这幅图要小心。两种惩罚项都把差距缩小了大约一半，可在这样的强度下，准确率并没有提高：
# 差距变小，主要是因为训练损失变高了。**差距小，并不等于模型好。**
# Dropout 既缩小了差距，验证损失也低。什么办法都不用，曲线的最低点也低于两种惩罚项，接近 Dropout：
# 及时停下，本身就是一种正则化。比较的基线就是三种办法都不用的网络，即 `none`。
#
# 惩罚项的强度比种类更要紧，而且数值相同并不等于强度相同：配方给 L1 的系数只有 L2 的十分之一。
# 强度按十的幂次去试，在验证集上挑选；
# `kerastut compare regularized-mlp --vary regularizer=l1,l2 --vary strength=0.001,0.01`
# 会用几个种子把整张表训练一遍。
#
# ## 出错的时候：数据泄漏
#
# 以上一切都有一个前提：验证集里的图，网络不曾从中学习。假设有人嫌数据少，把 500 张图各做四份
# 带噪声的副本，打乱之后再划分。
#
# **先猜。** 验证集会给出多高的分数？测试集呢？


# %%
def accuracies(seed, leak):
    rng, small = np.random.default_rng(seed), kerastut.load("mnist", limit=500, seed=seed)
    x = np.repeat(small.train.x, 4, axis=0) + rng.normal(0, 32, (2000, 28, 28, 1))
    y = np.repeat(small.train.y, 4)
    order = rng.permutation(2000) if leak else np.arange(2000)  # copies side by side
    train, held = order[:1600], order[1600:]
    keras.utils.set_random_seed(seed)
    model = teaching.recipe("regularized-mlp").build(regularizer="none", learning_rate=3e-3)
    model.fit(x[train], y[train], epochs=6, batch_size=50, verbose=0)
    splits = (x[held], y[held]), (small.test.x, small.test.y)
    return [model.evaluate(*part, verbose=0, return_dict=True)["accuracy"] for part in splits]


measured, rows = [], []
for label, leak in (("copy, then split", True), ("split, then copy", False)):
    measured += np.transpose([accuracies(seed, leak) for seed in range(3)]).tolist()
    rows += [{"order": label, "measured on": part} for part in ("validation", "test")]
for row, values in zip(rows, measured, strict=True):
    print(*row.values(), teaching.spread(values), sep=" | ")
plotting.comparison(rows, {"accuracy": measured})[0].get_figure()

# %% [markdown] tags=["lang-en"]
# Validation is all but perfect and worth nothing: of nearly every image in it, other copies were
# trained on. No early stopping would ever stop here. Split first, copy afterwards, and validation
# and test agree. Copies are the plain case; scaling with the mean of all data, and patients or
# customers who stand in two splits, are the same mistake. A survey found it in hundreds of
# published studies ([Kapoor and Narayanan, 2023](https://doi.org/10.1016/j.patter.2023.100804)).
#
# **Opinion.** Use early stopping always, dropout or augmentation next, and a penalty only if
# validation data show that it helps. The reasons are in
# [Goodfellow, Bengio and Courville, chapter 7](https://www.deeplearningbook.org/contents/regularization.html).
# **Caveats**: one small net, one strength for each penalty, a thousand images. And the picture of
# bias against variance is not the whole story: very large networks can get better again beyond the
# point where they fit everything
# ([Belkin and others, 2019](https://doi.org/10.1073/pnas.1903070116)).
#
# ## Exercises

# %% [markdown] tags=["lang-zh"]
# 验证分数近乎完美，却毫无价值：验证集里几乎每张图，都有别的副本参加了训练。
# 在这种情形下，早停永远不会触发。先划分、再复制，验证与测试的结果就一致了。
# 副本只是最明显的一种；用全部数据的均值做标准化，同一位病人或顾客出现在两个划分里，
# 都是同样的错误。有一项调查在数百篇已发表的研究里发现了这类问题
# （[Kapoor 和 Narayanan，2023](https://doi.org/10.1016/j.patter.2023.100804)）。
#
# **个人看法。** 早停总是该用；其次是 Dropout 或数据增强；惩罚项只有在验证集表明有用时才加。
# 理由见
# [Goodfellow、Bengio 和 Courville，
# 第 7 章](https://www.deeplearningbook.org/contents/regularization.html)。
# **注意**：这里只有一个小网络，每种惩罚项只试了一个强度，图也只有一千张。
# 而且偏差与方差此消彼长并不是全部：非常大的网络在能拟合一切之后，还可能再次变好
# （[Belkin 等，2019](https://doi.org/10.1073/pnas.1903070116)）。
#
# ## 练习

# %% [markdown] tags=["lang-en"]
# **Exercise 1.** $\lambda$ grows without bound, and biases are not penalised. What does the network
# predict in the end?
#
# <details><summary>Answer</summary>
#
# All weights go to zero, so the input no longer matters. Only the biases of the output remain, and
# the best they can do is to predict the shares of the ten classes.
#
# </details>
#
# **Exercise 2.** Two runs print losses of $0.31$ with $\lambda = 0.01$ and $0.24$ with
# $\lambda = 0$. Which of them is better?
#
# <details><summary>Answer</summary>
#
# That cannot be said: the first number contains a penalty. Compare the cross entropy or the
# accuracy on validation data.
#
# </details>
#
# **Exercise 3.** A straight line is fitted to points of a parabola. Will a thousand times more
# points help? Which of bias and variance is at work?
#
# <details><summary>Answer</summary>
#
# No. It is bias: no line is a parabola. A square term would help. `kerastut explain T1-15` has the
# numbers.
#
# </details>
#
# **Exercise 4.** Of 50 training runs somebody keeps the one with the best *test* accuracy and
# reports that number. Nobody trained on test images. Is it leakage?
#
# <details><summary>Answer</summary>
#
# Yes: the choice was made with the test data, and the best of 50 noisy numbers is too high. Choose
# on validation data, and use the test data once.
#
# </details>
#
# **Exercise 5.** Write the L1 solution $v_1$ from above for arrays of any shape.

# %% [markdown] tags=["lang-zh"]
# **练习 1。** $\lambda$ 无限增大，而偏置不受惩罚。网络最后会预测什么？
#
# <details><summary>答案</summary>
#
# 所有权重都趋于零，输入不再起作用，只剩输出层的偏置，它们最多只能给出十个类别各自的比例。
#
# </details>
#
# **练习 2。** 两次训练打印的损失分别是 $0.31$（$\lambda = 0.01$）和 $0.24$（$\lambda = 0$）。
# 哪一次更好？
#
# <details><summary>答案</summary>
#
# 无法判断：前一个数里含有惩罚项。应当比较验证集上的交叉熵或准确率。
#
# </details>
#
# **练习 3。** 用直线去拟合抛物线上的点。点数增加一千倍会有帮助吗？这是偏差还是方差的问题？
#
# <details><summary>答案</summary>
#
# 没有帮助。这是偏差：直线成不了抛物线，加一个平方项才有用。具体数字见 `kerastut explain T1-15`。
#
# </details>
#
# **练习 4。** 有人训练了 50 次，留下*测试*准确率最高的一次，报告这个数。没有人用测试图训练过，
# 这算数据泄漏吗？
#
# <details><summary>答案</summary>
#
# 算。挑选时用到了测试集，而 50 个带噪声的数里最大的那个必然偏高。应当在验证集上挑选，
# 测试集只用一次。
#
# </details>
#
# **练习 5。** 写出上文 L1 的解 $v_1$，输入可以是任意形状的数组。


# %% tags=["solution"]
def soft_threshold(w, strength):
    # BEGIN SOLUTION
    return np.sign(w) * np.maximum(np.abs(w) - strength, 0)
    # END SOLUTION


# %% tags=["check"]
w, v = np.array([-2.0, -0.3, 0.0, 1.7]), np.linspace(-3, 3, 6001)[:, None]
best = v[np.argmin((v - w) ** 2 / 2 + 0.5 * np.abs(v), axis=0), 0]  # of all v tried
assert np.allclose(soft_threshold(w, 0.5), best, atol=1e-3), "subtract, and stop at zero"
print("right")

# %% [markdown] tags=["lang-en"]
# **Exercise 6.** Write dropout for training: `rng.uniform(size=...)` draws numbers from 0 to 1, and
# `rate` is $p$.

# %% [markdown] tags=["lang-zh"]
# **练习 6。** 写出训练时的 Dropout：`rng.uniform(size=...)` 给出 0 到 1 之间的随机数，
# `rate` 就是 $p$。


# %% tags=["solution"]
def dropout(h, rate, rng):
    # BEGIN SOLUTION
    return h * (rng.uniform(size=h.shape) >= rate) / (1 - rate)
    # END SOLUTION


# %% tags=["check"]
ours = dropout(np.ones((400, 400)), 0.3, np.random.default_rng(0))
assert np.allclose(np.unique(ours), [0, 1 / 0.7]), "drop, or divide by 1 - p"
assert abs(ours.mean() - 1) < 0.01, "the mean stays"
print("right")
