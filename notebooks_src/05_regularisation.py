# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["lang-en"]
# # Regularisation: learning instead of memorising
#
# A network sees a thousand images and soon gets every one of them right. It has learned them by
# heart: on images that it has not seen it soon improves little, and in the end slowly gets worse.
# Which epoch would you keep, and could the decline have been prevented?
#
# - **Prerequisites**: [the multilayer perceptron](04_mlp.ipynb): Dense layers, cross-entropy, the
#   history of a training; [optimizers](03_optimizers.ipynb): repeats and thresholds.
# - **You will be able to**: recognise overfitting in two curves; write down the L1 and L2 penalties
#   and their gradients, and use `kernel_regularizer=`; compute `Dropout` and `EarlyStopping` by
#   hand and use them; lower the learning rate by `ReduceLROnPlateau`; recognise leakage, which
#   makes a validation score worthless.
# - **Minutes**: about 60 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 正则化：学会，而不是背下来
#
# 网络看一千张图，没多久就能全部答对。可它只是把这些图背了下来：对没见过的图，很快就没什么进步，
# 到最后还慢慢变差。你会留下哪一轮的权重？这种退步能不能避免？
#
# - **预备知识**：[多层感知机](04_mlp.ipynb)一章：全连接层、交叉熵、训练历史；
#   [优化器](03_optimizers.ipynb)一章：重复与阈值。
# - **学完之后你能够**：从两条曲线看出过拟合；写出 L1、L2 惩罚项及其梯度，会用
#   `kernel_regularizer=`；手工计算并使用 `Dropout` 和 `EarlyStopping`；用 `ReduceLROnPlateau` 降低
#   学习率；识别让验证分数失去意义的数据泄漏。
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
# Only 1,000 images to learn from, and 2,000 to watch.
# zh: 只用 1,000 张图学习，另有 2,000 张用于观察。
with np.load("mnist.npz") as data:
    x_train = data["x_train"][:1000]
    y_train = data["y_train"][:1000]
    x_validation = data["x_train"][55000:57000]
    y_validation = data["y_train"][55000:57000]
    x_test = data["x_test"]
    y_test = data["y_test"]


# %%
def build_model(penalty=None, dropout=0.0):
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(64, activation="relu", kernel_regularizer=penalty),
            layers.Dropout(dropout),
            layers.Dense(10, activation="softmax", kernel_regularizer=penalty),
        ]
    )
    # The loss contains the penalty; the cross-entropy alone can be compared.
    # zh: 损失里含有惩罚项；单独的交叉熵才可以互相比较。
    cross_entropy = keras.metrics.SparseCategoricalCrossentropy("cross_entropy")
    model.compile(
        optimizer=keras.optimizers.Adam(0.005),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy", cross_entropy],
    )
    return model


def train_net(seed, penalty=None, dropout=0.0, epochs=20, callbacks=None):
    keras.utils.set_random_seed(seed)
    model = build_model(penalty, dropout)
    history = model.fit(
        x_train,
        y_train,
        batch_size=50,
        epochs=epochs,
        validation_data=(x_validation, y_validation),
        callbacks=callbacks,
        verbose=0,
    )
    return model, history.history


# %%
plain = [train_net(seed) for seed in range(3)]

# %% tags=["hide-input"]
teaching.alt(
    en="Cross-entropy over 20 epochs, mean and spread of three seeds: training falls to zero,"
    " validation soon stops falling, goes up and down, and rises slowly in the end.",
    zh="20 轮中的交叉熵，三个种子的均值与离散程度：训练曲线降到零，"
    "验证曲线很快停止下降，起伏一阵，最后慢慢上升。",
)
lines = {
    "training": [history["cross_entropy"] for model, history in plain],
    "validation": [history["val_cross_entropy"] for model, history in plain],
}
teaching.curves(lines, range(1, 21), "epoch", "cross-entropy", "learned by heart (3 seeds)")

# %% [markdown] tags=["lang-en"]
# ## Two ways to be wrong
#
# The training curve goes towards zero; the validation curve soon stops falling, goes up and down,
# and rises slowly in the end. The distance between them is the **generalisation gap**, and a
# growing gap is **overfitting**: the network learns what is special about these thousand images.
# The opposite is **underfitting**, when both curves stay high.
#
# Imagine that many networks are trained, each on a thousand other images. **Bias** is what is wrong
# with their average answer: the model is too simple, or it was trained too briefly. **Variance** is
# how much their answers differ: each depends on the images it happened to see. More data lowers the
# variance and does nothing against bias; a larger model mostly does the reverse. Everything in this
# chapter buys less variance at the price of some bias, and whether that pays has to be measured.

# %% [markdown] tags=["lang-zh"]
# ## 两种错法
#
# 训练曲线趋向零；验证曲线却很快不再下降，起伏一阵，最后慢慢往上。两线之间的距离就是**泛化差距**，
# 差距越来越大就是**过拟合**：网络学的是这一千张图的个别特点。反过来，两条曲线都居高不下，则是**欠
# 拟合**。
#
# 设想训练许多个网络，每个用另外一千张图。**偏差**是它们的平均答案错了多少：模型太简单，
# 或者训练得太短。**方差**是它们的答案彼此差多少：各自取决于碰巧见到了哪些图。
# 增加数据能降低方差，对偏差却毫无作用；换更大的模型则大体相反。
# 本章的每种办法都是用一点偏差换取较小的方差，值不值得，要靠测量。

# %% tags=["hide-input"]
teaching.erratum("T1-15")

# %% [markdown] tags=["lang-en"]
# ## A penalty on the weights: `kernel_regularizer=`
#
# The first way adds the size of the weights to the loss:
#
# $$\begin{aligned} J_2 &= L + \lambda \textstyle\sum_j w_j^2 \\
# J_1 &= L + \lambda \textstyle\sum_j |w_j| \end{aligned}$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $L$ | cross-entropy, mean over the batch | one number |
# | $w_j$ | each weight of the dense layers, without biases | one number |
# | $\lambda$ | strength, zero or more | one number |
# | $J_2$, $J_1$ | what is minimised, with L2 or L1 | one number |
#
# In Keras each layer takes its own:
# `layers.Dense(64, kernel_regularizer=keras.regularizers.L2(0.01))`. The
# penalty is part of the loss that Keras prints:

# %% [markdown] tags=["lang-zh"]
# ## 给权重加惩罚项：`kernel_regularizer=`
#
# 第一种办法是把权重的大小加进损失：
#
# $$\begin{aligned} J_2 &= L + \lambda \textstyle\sum_j w_j^2 \\
# J_1 &= L + \lambda \textstyle\sum_j |w_j| \end{aligned}$$
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $L$ | 交叉熵，对一批样本取平均 | 一个数 |
# | $w_j$ | 全连接层的各个权重，不含偏置 | 一个数 |
# | $\lambda$ | 强度，不小于零 | 一个数 |
# | $J_2$、$J_1$ | 加上 L2 或 L1 之后要最小化的量 | 一个数 |
#
# 在 Keras 里，每一层各自设定：`layers.Dense(64, kernel_regularizer=keras.regularizers.L2(0.01))`。
# 惩罚项包含在 Keras 打印的损失里：

# %%
l2 = keras.regularizers.L2(0.01)
with_l2 = [train_net(seed, penalty=l2) for seed in range(3)]
model = with_l2[0][0]
hidden_kernel = model.layers[2].kernel.numpy()
output_kernel = model.layers[4].kernel.numpy()
penalty = 0.01 * (np.sum(hidden_kernel**2) + np.sum(output_kernel**2))
found = model.evaluate(
    x_validation,
    y_validation,
    batch_size=1000,
    verbose=0,
    return_dict=True,
)

# %% tags=["hide-input"]
teaching.match("penalty", penalty, sum(model.losses), tolerance=1e-4)
teaching.match("loss", found["cross_entropy"] + penalty, found["loss"], tolerance=1e-4)
share = f"{penalty / found['loss']:.0%}"
teaching.erratum("T1-05", en=f"{share} of the loss is penalty.", zh=f"惩罚项占损失的 {share}。")

# %% [markdown] tags=["lang-en"]
# What a penalty does to a single weight $w$ follows from its gradient, one number for each weight:
#
# $$\frac{\partial}{\partial w} \lambda w^2 = 2 \lambda w, \quad
# \frac{\partial}{\partial w} \lambda |w| = \lambda\, \mathrm{sign}(w)$$
#
# L2 pulls in proportion: a large weight hard, a small one hardly. L1 pulls every weight with the
# same force, however small it is already. By hand, by finite differences and by tape:

# %% [markdown] tags=["lang-zh"]
# 惩罚项对单个权重 $w$ 起什么作用，看它的梯度就知道，每个权重对应一个数：
#
# $$\frac{\partial}{\partial w} \lambda w^2 = 2 \lambda w, \quad
# \frac{\partial}{\partial w} \lambda |w| = \lambda\, \mathrm{sign}(w)$$
#
# L2 的拉力与权重成正比：大权重拉得重，小权重几乎不拉。L1 对每个权重的拉力都一样大，
# 不管它已经有多小。下面分别用手工公式、有限差分和梯度带来算：

# %%
# Weights near zero are left out: there |w| has a kink.
# zh: 去掉接近零的权重：|w| 在零处有一个尖角。
large = np.abs(output_kernel) > 1e-3
w = output_kernel[large][:50].astype("float64")
l1 = keras.regularizers.L1(0.001)
gradient_l2 = 2 * 0.01 * w
gradient_l1 = 0.001 * np.sign(w)

# %% tags=["hide-input"]
for name, rule, by_hand in (("L2", l2, gradient_l2), ("L1", l1, gradient_l1)):
    with tf.GradientTape() as tape:
        variable = tf.Variable(w)
        value = rule(variable)
    by_differences = teaching.finite_differences(rule, [w])[0]
    teaching.match(f"{name}, by finite differences", by_hand, by_differences)
    teaching.match(f"{name}, by tape", by_hand, tape.gradient(value, variable))

# %% [markdown] tags=["lang-en"]
# **Predict.** Where loss and penalty balance, which of the two leaves weights that are exactly
# zero?
#
# <details class="choice"><summary>L1</summary>
#
# Yes: its pull does not fade as the weight becomes small, so it can hold a weight at zero.
#
# </details>
# <details class="choice"><summary>L2</summary>
#
# No: its pull fades with the weight, so a weight becomes small and does not arrive at zero.
#
# </details>
# <details class="choice"><summary>both</summary>
#
# No: only one of them still pulls when a weight is nearly zero.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **先猜**：损失与惩罚项相持不下的时候，L1 和 L2 哪一个会留下恰好等于零的权重？
#
# <details class="choice"><summary>L1</summary>
#
# 对：权重变小时，它的拉力并不减弱，所以能把权重压在零上。
#
# </details>
# <details class="choice"><summary>L2</summary>
#
# 不对：它的拉力随权重一起减弱，权重会变小，却到不了零。
#
# </details>
# <details class="choice"><summary>两个都会</summary>
#
# 不对：权重接近零时，只有其中一个还有拉力。
#
# </details>

# %% tags=["hide-input"]
teaching.diagram("penalties")

# %% [markdown] tags=["lang-en"]
# On the left, a penalty is read as a limit: the weights must stay within a radius $\rho$, which is
# smaller for a larger $\lambda$. The circle is touched anywhere, the diamond mostly at a corner,
# and at a corner a weight is zero. On the right, for one weight with the loss
# $(\tilde{w} - w)^2 / 2$, where $\tilde{w}$ is the new weight and $w$ the best one without a
# penalty, the best $\tilde{w}$ with L2 and with L1:
#
# $$\begin{aligned} \tilde{w}_2 &= \frac{w}{1 + 2\lambda} \\
# \tilde{w}_1 &= \mathrm{sign}(w) \max(|w| - \lambda,\, 0) \end{aligned}$$
#
# The trained networks show the same, though gradient steps jitter around zero and seldom hit it:

# %% [markdown] tags=["lang-zh"]
# 左边两幅图把惩罚项看作限制：权重必须留在半径 $\rho$ 之内，$\lambda$ 越大，$\rho$ 越小。
# 圆的任何一点都可能被碰到，菱形则多半在角上被碰到，而在角上就有一个权重为零。
# 右图是只有一个权重的情形，损失为 $(\tilde{w} - w)^2 / 2$，其中 $\tilde{w}$ 是新的权重，$w$
# 是没有惩罚项时的最佳值。加上 L2 或 L1 之后，最佳的 $\tilde{w}$ 分别是：
#
# $$\begin{aligned} \tilde{w}_2 &= \frac{w}{1 + 2\lambda} \\
# \tilde{w}_1 &= \mathrm{sign}(w) \max(|w| - \lambda,\, 0) \end{aligned}$$
#
# 训练出来的网络也是如此，只是梯度更新会在零附近来回跳，很少正好落在零上：

# %%
with_l1 = [train_net(seed, penalty=l1) for seed in range(3)]

# %% tags=["hide-input"]
teaching.alt(
    en="Sizes of the hidden layer's weights on a logarithmic scale, without penalty, with L1 and"
    " with L2.",
    zh="隐藏层权重的大小（对数刻度）：无惩罚项、L1、L2。",
)
first = {
    "none": plain[0][0].layers[2].kernel.numpy(),
    "l1": with_l1[0][0].layers[2].kernel.numpy(),
    "l2": with_l2[0][0].layers[2].kernel.numpy(),
}
teaching.weight_sizes(first, "weights of the hidden layer")

# %% [markdown] tags=["lang-en"]
# Many of a hidden unit's inputs are border pixels, which are 0 in every image. Their gradient is
# zero, so without a penalty these weights stay as they were drawn. A penalty clears them away, and
# with them many that contribute little. L1 makes more of them small. At the very left the order
# turns: the pull of L2 fades with the weight, while that of L1 does not, so that each step of the
# optimizer carries such a weight to the other side of zero. That is how the two differ, and not by
# whether a model is "simple" or "complex":

# %% [markdown] tags=["lang-zh"]
# 隐藏单元的输入里有许多是边缘像素，在所有图里都是 0。对应权重的梯度为零，没有惩罚项时，
# 它们就一直停在初始值；惩罚项把它们清掉，也清掉许多贡献不大的权重，其中 L1 压小的更多。
# 到了最左端，次序却反过来：L2 的拉力随权重一起减弱，L1 的拉力始终不变，
# 优化器每走一步都会把这样的权重带到零的另一侧。两者的差别就在这里，与模型“简单”还是“复杂”无关：

# %% tags=["hide-input"]
teaching.erratum("T1-23")

# %% [markdown] tags=["lang-en"]
# ## `Dropout`
#
# The second way makes the units unreliable. In each training step each hidden value is set to zero
# with probability $p$, so no unit can count on a particular other one
# ([Srivastava and others, 2014](https://jmlr.org/papers/v15/srivastava14a.html)):

# %% [markdown] tags=["lang-zh"]
# ## `Dropout`（暂退法）
#
# 第二种办法是让单元变得不可靠。训练的每一步，每个隐藏值都以概率 $p$ 被置零，
# 于是没有哪个单元能指望另外某一个
# （[Srivastava 等，2014](https://jmlr.org/papers/v15/srivastava14a.html)）：

# %% tags=["hide-input"]
teaching.diagram("dropout")

# %% [markdown] tags=["lang-en"]
# With hidden values $h$ and a mask $a$ of zeros and ones, both of shape $(n, m)$ for $n$ samples
# and $m$ units:
#
# $$\tilde{h} = \frac{a \odot h}{1 - p}, \quad \Pr(a_{ij} = 1) = 1 - p$$
#
# Dividing by $1 - p$ keeps the mean of $\tilde{h}$, also of shape $(n, m)$, equal to that of $h$.
# So nothing has to be rescaled in prediction, where dropout does nothing at all.

# %% [markdown] tags=["lang-zh"]
# 设隐藏值为 $h$，由零和一组成的掩码为 $a$，形状都是 $(n, m)$，即 $n$ 个样本、$m$ 个单元：
#
# $$\tilde{h} = \frac{a \odot h}{1 - p}, \quad \Pr(a_{ij} = 1) = 1 - p$$
#
# 除以 $1 - p$，是为了让 $\tilde{h}$（形状也是 $(n, m)$）的均值与 $h$ 相等。
# 这样预测时不必再缩放，Dropout 那时什么也不做。

# %%
h = np.random.default_rng(0).uniform(0.1, 1, size=(1000, 64)).astype("float32")
layer = layers.Dropout(0.4, seed=0)
dropped = layer(h, training=True).numpy()
a = dropped != 0

# %% tags=["hide-input"]
teaching.match("in training", a * h / (1 - 0.4), dropped)
teaching.match("in prediction", h, layer(h, training=False))
means = f"{h.mean():.3f} → {dropped.mean():.3f}"
teaching.say(en=f"Mean before and after: {means}.", zh=f"前后的均值：{means}。")

# %% [markdown] tags=["lang-en"]
# **Predict.** The same net with dropout of 0, 0.5 and 0.8. Where is training accuracy *below*
# validation accuracy?
#
# <details class="choice"><summary>nowhere: a net knows its own images best</summary>
#
# No: training accuracy is measured while units are missing, validation accuracy with all of them.
#
# </details>
# <details class="choice"><summary>at the highest rate</summary>
#
# Yes, and it is no fault. Too high a rate underfits, though.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **先猜**：同样的网络，丢弃率取 0、0.5、0.8。哪一种的训练准确率会*低于*验证准确率？
#
# <details class="choice"><summary>都不会：网络对自己的图总是最熟</summary>
#
# 不对：训练准确率是在缺了一些单元时测的，验证时单元齐全。
#
# </details>
# <details class="choice"><summary>丢弃率最高的那种</summary>
#
# 对，这不算出错。不过丢弃率太高会欠拟合。
#
# </details>

# %%
with_dropout = [train_net(seed, dropout=0.5) for seed in range(3)]
with_much_dropout = [train_net(seed, dropout=0.8) for seed in range(3)]
for rate, group in ((0.0, plain), (0.5, with_dropout), (0.8, with_much_dropout)):
    training = [history["accuracy"][-1] for _, history in group]
    validation = [history["val_accuracy"][-1] for _, history in group]
    print(rate, teaching.spread(training), teaching.spread(validation))

# %% tags=["hide-input"]
assert max(training) < min(validation), (training, validation)

# %% [markdown] tags=["lang-en"]
# Each row has the rate, the accuracy in training and that in validation, mean and spread of three
# seeds.
#
# ## `EarlyStopping`
#
# The third way costs no computing, it even saves some: keep the best epoch. What it does cost is
# data, since the validation images are missing in training. Let $L_e$ be the validation loss after
# epoch $e$ and $\tau$ the patience, a number of epochs. Training ends at the first $e$ with
#
# $$e - \arg\min_{i \le e} L_i = \tau$$
#
# and the weights of the best epoch return. By hand, on the history above:

# %% [markdown] tags=["lang-zh"]
# 每行依次是丢弃率、训练准确率、验证准确率，后两者是三个种子的均值与离散程度。
#
# ## 提前停止：`EarlyStopping`
#
# 第三种办法不费计算，反而能省：留下最好的那一轮。它的代价是数据，因为验证集的图不能用来训练。
# 设第 $e$ 轮之后的验证损失为 $L_e$，容忍轮数为 $\tau$。当第一次出现下式时，训练结束：
#
# $$e - \arg\min_{i \le e} L_i = \tau$$
#
# 并恢复最好一轮的权重。先用上面的历史手工算一遍：


# %%
def stopping_epoch(losses, patience):
    for epoch in range(1, len(losses) + 1):
        best = 1 + int(np.argmin(losses[:epoch]))
        if epoch - best == patience:
            break
    return epoch, best


losses = plain[0][1]["val_cross_entropy"]
epoch, best = stopping_epoch(losses, patience=3)
teaching.tell(
    en=f"stops after epoch {epoch} and goes back to epoch {best}",
    zh=f"第 {epoch} 轮之后停止，回到第 {best} 轮",
)

# %% [markdown] tags=["lang-en"]
# The same in Keras. By default the callback keeps the *last* weights; `restore_best_weights=True`
# brings back the best ones.

# %% [markdown] tags=["lang-zh"]
# 在 Keras 里是这样。回调默认保留的是*最后*的权重；`restore_best_weights=True` 才会恢复最好的权重。

# %%
stop_early = keras.callbacks.EarlyStopping(
    monitor="val_cross_entropy",
    mode="min",
    patience=3,
    restore_best_weights=True,
)
stopped, stopped_history = train_net(0, callbacks=[stop_early])
restored = stopped.evaluate(x_validation, y_validation, verbose=0, return_dict=True)

# %% tags=["hide-input"]
teaching.match("last epoch", len(stopped_history["loss"]), epoch)
teaching.match("best weights", restored["cross_entropy"], losses[best - 1], tolerance=1e-5)
lowest_epoch = 1 + int(np.argmin(losses))
missed = lowest_epoch != best
teaching.say(
    en=(
        f"It kept a validation loss of {losses[best - 1]:.3f}; the lowest of all {len(losses)}"
        f" epochs is {min(losses):.3f}, after epoch {lowest_epoch}. "
        + (
            "A patience of 3 was too short here: the loss fell once more after the stop."
            if missed
            else "The patience was long enough."
        )
    ),
    zh=(
        f"留下的验证损失为 {losses[best - 1]:.3f}；全部 {len(losses)} 轮中最低的是第 {lowest_epoch}"
        f" 轮之后的 {min(losses):.3f}。"
        + ("这里容忍 3 轮太短：停下之后，损失还会再降。" if missed else "容忍轮数够长。")
    ),
)

# %% [markdown] tags=["lang-en"]
# A relative of it does not stop but takes smaller steps: `ReduceLROnPlateau` multiplies the
# learning rate by a factor when the validation loss has not improved for some epochs.

# %% [markdown] tags=["lang-zh"]
# 与它相近的 `ReduceLROnPlateau` 不停止训练，而是走得更小心：如果验证损失几轮没有改善，
# 就把学习率乘上一个系数。

# %%
slow_down = keras.callbacks.ReduceLROnPlateau(
    monitor="val_cross_entropy",
    mode="min",
    factor=0.2,
    patience=2,
    min_lr=0.0001,
)
slowed = [train_net(seed, callbacks=[slow_down]) for seed in range(3)]
rates = slowed[0][1]["learning_rate"]
print(np.unique(np.round(rates, 5))[::-1])

# %% tags=["hide-input"]
constant = [history["val_cross_entropy"][-1] for _, history in plain]
reduced = [history["val_cross_entropy"][-1] for _, history in slowed]
best_of_constant = [min(history["val_cross_entropy"]) for _, history in plain]
gains = np.array(constant) - reduced
# Three differences, each of two nets with one seed: t is 4.30.
# zh: 三个差值，各来自种子相同的两个网络：t 为 4.30。
threshold = 4.30 * gains.std(ddof=1) / np.sqrt(3)
real = abs(gains.mean()) > threshold
teaching.say(
    en=(
        "Validation loss of the last epoch, three seeds: at the constant rate"
        f" {teaching.spread(constant)}, at the reduced one {teaching.spread(reduced)}. Constant"
        f" minus reduced is {gains.mean():+.3f}, threshold {threshold:.3f}:"
        f" {'real' if real else 'not told apart by three seeds'}. At the constant rate the lowest"
        f" loss of any epoch was {teaching.spread(best_of_constant)}."
    ),
    zh=(
        f"最后一轮的验证损失，三个种子：学习率不变时为 {teaching.spread(constant)}，降低学习率时为"
        f" {teaching.spread(reduced)}。前者减去后者为 {gains.mean():+.3f}，阈值 {threshold:.3f}："
        f"{'差异真实' if real else '三个种子分不出高下'}。学习率不变时，各轮之中最低曾到"
        f" {teaching.spread(best_of_constant)}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# ## One remedy at a time
#
# The same net, the same images, the same seeds; each curve has one remedy. L1 and L2 come in two
# strengths, since the one above may be too much for this net, as the box about it says of another.
# The lowest point of each curve is what early stopping keeps if its patience is long enough.

# %% [markdown] tags=["lang-zh"]
# ## 每次只用一种办法
#
# 网络、图像、种子都相同，每条曲线只用一种办法。上面的强度对这个网络也许太大（方框里说的那个网络就
# 是如此），所以 L1 和 L2 各取两个强度。只要容忍轮数够长，提前停止留下的就是各条曲线的最低点。

# %%
weak_l2 = keras.regularizers.L2(0.001)
weak_l1 = keras.regularizers.L1(0.0001)
with_weak_l2 = [train_net(seed, penalty=weak_l2) for seed in range(3)]
with_weak_l1 = [train_net(seed, penalty=weak_l1) for seed in range(3)]

# %% tags=["hide-input"]
teaching.alt(
    en="Validation cross-entropy over 20 epochs without a remedy, with the weak L1 and L2 and with"
    " dropout, mean and spread of three seeds.",
    zh="20 轮的验证交叉熵：不用任何办法、较弱的 L1 和 L2、Dropout，三个种子的均值与离散程度。",
)
arms = {
    "none": plain,
    "L1, 0.0001": with_weak_l1,
    "L2, 0.001": with_weak_l2,
    "dropout 0.5": with_dropout,
    "L1, 0.001": with_l1,
    "L2, 0.01": with_l2,
}
curves = {}
for label, group in list(arms.items())[:4]:
    curves[label] = [history["val_cross_entropy"] for model, history in group]
teaching.curves(curves, range(1, 21), "epoch", "validation cross-entropy", "one remedy at a time")

# %% tags=["hide-input"]
gaps = {}
lowest = {}
for label, group in arms.items():
    ends = [history["val_cross_entropy"][-1] - history["cross_entropy"][-1] for _, history in group]
    gaps[label] = np.mean(ends)
    lowest[label] = np.array([min(history["val_cross_entropy"]) for _, history in group])
    found = teaching.spread(ends), teaching.spread(lowest[label].tolist())
    teaching.tell(
        en=f"{label}: gap {found[0]}, lowest validation cross-entropy {found[1]}",
        zh=f"{teaching.in_chinese(label)}：泛化差距 {found[0]}，验证交叉熵最低 {found[1]}",
    )
ranked = sorted(lowest, key=lambda label: lowest[label].mean())
smallest = min(gaps, key=gaps.get)
first_two = [lowest[label] for label in ranked[:2]]
ahead = first_two[1].mean() - first_two[0].mean()
# Two means of three seeds each: t is 2.78.
# zh: 两个均值，各来自三个种子：t 为 2.78。
threshold = 2.78 * np.sqrt((first_two[0].var(ddof=1) + first_two[1].var(ddof=1)) / 3)
real = ahead > threshold
means = {label: values.mean() for label, values in lowest.items()}
by_strength = [
    abs(means["L1, 0.001"] - means["L1, 0.0001"]),
    abs(means["L2, 0.01"] - means["L2, 0.001"]),
]
by_kind = abs(means["L1, 0.0001"] - means["L2, 0.001"])
strong = abs(means["L1, 0.001"] - means["L2, 0.01"])
assert by_kind < min(by_strength), (by_kind, by_strength)
assert means["L1, 0.0001"] < means["L1, 0.001"], means
assert means["L2, 0.001"] < means["L2, 0.01"], means
teaching.say(
    en=(
        f"**{smallest}** has the smallest gap; **{ranked[0]}** has the lowest point, then comes"
        f" **{ranked[1]}**, which is {ahead:.3f} higher, threshold {threshold:.3f}:"
        f" {'real' if real else 'may be chance'}. "
        + (
            "So a narrower gap is not a better model."
            if smallest != ranked[0]
            else "Here the two agree, which they need not."
        )
    ),
    zh=(
        f"泛化差距最小的是 **{teaching.in_chinese(smallest)}**；"
        f"最低点最低的是 **{teaching.in_chinese(ranked[0])}**，"
        f"其次是 **{teaching.in_chinese(ranked[1])}**，高出 {ahead:.3f}，阈值 {threshold:.3f}："
        f"{'真实' if real else '可能是偶然'}。"
        + (
            "可见泛化差距小并不等于模型好。"
            if smallest != ranked[0]
            else "这里两者恰好一致，但并不总是如此。"
        )
    ),
)

teaching.say(
    en=(
        f"The two strengths of L1 are {by_strength[0]:.3f} apart, those of L2 {by_strength[1]:.3f},"
        f" and each time the weak one is better. The weak L1 and the weak L2 are only {by_kind:.3f}"
        f" apart, the two strong ones {strong:.3f}."
    ),
    zh=(
        f"L1 的两个强度相差 {by_strength[0]:.3f}，L2 的两个强度相差 {by_strength[1]:.3f}，"
        f"都是较弱的更好。较弱的 L1 与较弱的 L2 只差 {by_kind:.3f}，两个较强的相差 {strong:.3f}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# Read this with care. A smaller gap can come from a higher training loss alone. And here the choice
# of the strength comes first: once it suits, L1 and L2 hardly differ. Equal numbers are not equal
# strengths, so L1 has a tenth here of what L2 has. Try powers of ten, and choose on validation
# data: `kerastut compare regularized-mlp --vary regularizer=l1,l2 --vary strength=0.001,0.01`
# trains the whole table with several seeds.
#
# ## When it goes wrong: leakage
#
# All this rests on validation images that the network has not learned from. Suppose somebody makes
# four noisy copies of each of 500 images, in order to have more data, shuffles and splits.
#
# **Predict.** What will validation say, and what the test?
#
# <details class="choice"><summary>both say the same</summary>
#
# They would, had the split come first.
#
# </details>
# <details class="choice"><summary>validation says almost 1, the test much less</summary>
#
# Yes: of nearly every validation image, another copy was trained on.
#
# </details>
# <details class="choice"><summary>the test is better: more data help</summary>
#
# Copies are hardly new data.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# 读这些结果要小心。泛化差距变小，可能只是因为训练损失变高了。而且在这里，首先要选对强度：强度合适
# 了，L1 与 L2 就相差无几。数值相同也不等于强度相同，所以这里 L1 的系数只有 L2 的十分之一。
# 强度按十的幂次去试，在验证集上挑选：
# `kerastut compare regularized-mlp --vary regularizer=l1,l2 --vary strength=0.001,0.01`
# 会用几个种子把整张表训练一遍。
#
# ## 出错的时候：数据泄漏
#
# 以上一切都有一个前提：验证集里的图，网络不曾从中学习。假设有人嫌数据少，把 500 张图各做四份
# 带噪声的副本，打乱之后再划分。
#
# **先猜**：验证集会给出多高的分数？测试集呢？
#
# <details class="choice"><summary>两者一样</summary>
#
# 如果先划分再复制，的确会一样。
#
# </details>
# <details class="choice"><summary>验证集接近 1，测试集低得多</summary>
#
# 对：验证集里几乎每张图，都有别的副本参加了训练。
#
# </details>
# <details class="choice"><summary>测试集更好，因为数据多了</summary>
#
# 副本算不上新数据。
#
# </details>


# %%
def with_copies(seed, leak):
    rng = np.random.default_rng(seed)
    copies = np.repeat(x_train[:500], 4, axis=0) + rng.normal(0, 32, (2000, 28, 28))
    labels = np.repeat(y_train[:500], 4)
    # Shuffled, copies of one image fall into both splits; else they stay together.
    # zh: 打乱之后，同一张图的副本会落入两个划分；否则它们始终挨在一起。
    order = rng.permutation(2000) if leak else np.arange(2000)
    learned = order[:1600]
    held = order[1600:]
    keras.utils.set_random_seed(seed)
    model = build_model()
    model.fit(copies[learned], labels[learned], batch_size=50, epochs=6, verbose=0)
    validation = model.evaluate(copies[held], labels[held], verbose=0)[1]
    test = model.evaluate(x_test, y_test, verbose=0)[1]
    return validation, test


leaking = np.array([with_copies(seed, leak=True) for seed in range(3)])
clean = np.array([with_copies(seed, leak=False) for seed in range(3)])

# %% tags=["hide-input"]
teaching.alt(
    en="Accuracy in validation and test, copied before and after the split, three seeds each.",
    zh="先复制后划分与先划分后复制两种做法的验证准确率和测试准确率，各三个种子。",
)
rows = [
    {"procedure": procedure, "measured on": part}
    for procedure in ("copy, then split", "split, then copy")
    for part in ("validation", "test")
]
measured = [*leaking.T, *clean.T]
plotting.comparison(rows, {"accuracy": measured})[0].get_figure()

# %% tags=["hide-input"]
excess = leaking[:, 0] - leaking[:, 1]
honest = clean[:, 0] - clean[:, 1]
assert excess.min() > 0.05, excess
teaching.say(
    en=(
        f"With leakage validation says {leaking[:, 0].mean():.3f} and the test"
        f" {leaking[:, 1].mean():.3f}: {teaching.spread(excess.tolist())} too much. Without leakage"
        f" the difference is {teaching.spread(honest.tolist())}."
    ),
    zh=(
        f"有泄漏时，验证准确率为 {leaking[:, 0].mean():.3f}，测试只有 {leaking[:, 1].mean():.3f}，"
        f"高出 {teaching.spread(excess.tolist())}；没有泄漏时，两者相差"
        f" {teaching.spread(honest.tolist())}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# On such a validation split one cannot see overfitting. Split first, copy afterwards. Copies
# are the plain case; scaling with the mean of all data, and patients or customers who stand in two
# splits, are the same mistake. A survey found it in hundreds of published studies
# ([Kapoor and Narayanan, 2023](https://doi.org/10.1016/j.patter.2023.100804)).
#
# ## The whole program
#
# A net with and without an L2 penalty, on 1,000 images, with `EarlyStopping`:

# %% [markdown] tags=["lang-zh"]
# 在这样的验证集上，看不出过拟合。要先划分、再复制。副本只是最明显的一种；
# 用全部数据的均值做标准化，同一位病人或顾客出现在两个划分里，都是同样的错误。
# 有一项调查在数百篇已发表的研究里发现了这类问题
# （[Kapoor 和 Narayanan，2023](https://doi.org/10.1016/j.patter.2023.100804)）。
#
# ## 完整程序
#
# 同一个网络，带与不带 L2 惩罚项，用 1,000 张图训练，配合 `EarlyStopping`：

# %% tags=["program"]
# program: regularized_mlp

# %% [markdown] tags=["lang-en"]
# **Opinion.** Begin with early stopping, wherever a validation split can be spared; take dropout or
# augmentation next, and a penalty only if validation data show that it helps. The reasons are in
# [Goodfellow, Bengio and Courville, chapter 7](https://www.deeplearningbook.org/contents/regularization.html).
# **Caveats**: one small net, two strengths for each penalty, a thousand images. With a schedule
# that brings the learning rate to zero within a fixed number of epochs, as some recipes here have
# it, the last epoch is often the best and stopping early has little to do. And the picture of bias
# against variance is not the whole story: very large networks can get better again beyond the point
# where they fit everything ([Belkin and others, 2019](https://doi.org/10.1073/pnas.1903070116)).
#
# ## Exercises

# %% [markdown] tags=["lang-zh"]
# **观点**：先用提前停止，只要分得出一份验证集；其次是 Dropout 或数据增强；惩罚项只有在验证集表明有
# 用时才加。理由见
# [Goodfellow、Bengio 和 Courville，第 7 章](https://www.deeplearningbook.org/contents/regularization.html)。
# **注意**：这里只有一个小网络，每种惩罚项只试了两个强度，图也只有一千张。如果学习率按计划在固定的轮
# 数内降到零（这里有些配方就是这样），最后一轮往往就是最好的，提前停止便没有多少用处。而且偏差与方差
# 此消彼长并不是全部：非常大的网络在能拟合一切之后，还可能再次变好
# （[Belkin 等，2019](https://doi.org/10.1073/pnas.1903070116)）。
#
# ## 练习

# %% [markdown] tags=["lang-en"]
# **Exercise 1** ★ (by hand). Write the L1 solution $\tilde{w}_1$ from above for arrays of any
# shape.

# %% [markdown] tags=["lang-zh"]
# **练习 1** ★（手算）。写出上文 L1 的解 $\tilde{w}_1$，输入可以是任意形状的数组。


# %% tags=["solution"]
def soft_threshold(w, strength):
    # BEGIN SOLUTION
    shrunk = np.maximum(np.abs(w) - strength, 0)
    return np.sign(w) * shrunk
    # END SOLUTION


# %% tags=["check"]
w = np.array([-2.0, -0.3, 0.0, 1.7])
tried = np.linspace(-3, 3, 6001)[:, np.newaxis]
costs = (tried - w) ** 2 / 2 + 0.5 * np.abs(tried)
best_tried = tried[np.argmin(costs, axis=0), 0]
# Subtract, and stop at zero.
# zh: 先减，减到零为止。
assert np.allclose(soft_threshold(w, 0.5), best_tried, atol=1e-3)
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 2** ★ (by hand). Write dropout for training: `rng.uniform(size=...)` draws numbers from
# 0 to 1, and `rate` is $p$.

# %% [markdown] tags=["lang-zh"]
# **练习 2** ★（手算）。写出训练时的 Dropout：`rng.uniform(size=...)` 给出 0 到 1 之间的随机数，
# `rate` 就是 $p$。


# %% tags=["solution"]
def dropout(h, rate, rng):
    # BEGIN SOLUTION
    mask = rng.uniform(size=h.shape) >= rate
    return h * mask / (1 - rate)
    # END SOLUTION


# %% tags=["check"]
ours = dropout(np.ones((400, 400)), 0.3, np.random.default_rng(0))
# Drop, or divide by 1 - p.
# zh: 要么丢弃，要么除以 1 - p。
assert np.allclose(np.unique(ours), [0, 1 / 0.7])
# The mean stays.
# zh: 均值不变。
assert abs(ours.mean() - 1) < 0.01
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 3** ★★ (build). Build, compile and train a net of your own on the 1,000 training
# images, with at least two of this chapter's remedies. On the validation split it must reach 0.87.
# Above 0.96 something is wrong with your splits.

# %% [markdown] tags=["lang-zh"]
# **练习 3** ★★（构建）。用那 1,000 张训练图，自己搭建、编译并训练一个网络，至少用上本章的两种办法。
# 它在验证集上要达到 0.87；超过 0.96，就是数据划分出了问题。


# %% tags=["solution"]
def train_your_own():
    # BEGIN SOLUTION
    net = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    stop = keras.callbacks.EarlyStopping(
        monitor="val_loss",
        patience=4,
        restore_best_weights=True,
    )
    net.fit(
        x_train,
        y_train,
        epochs=30,
        validation_data=(x_validation, y_validation),
        callbacks=[stop],
        verbose=0,
    )
    return net
    # END SOLUTION


# %% tags=["check"]
keras.utils.set_random_seed(1)
own = train_your_own()
answers = own.predict(x_validation, verbose=0).argmax(axis=1)
reached = np.mean(answers == y_validation)
assert 0.87 <= reached <= 0.96, reached
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 4** ★★ (repair). The callback below lets a training go on while its validation loss
# rises, and if it stopped it, the weights of the last epoch would remain. Mend it.
#
# ```python
# def stopper():
#     return keras.callbacks.EarlyStopping(monitor="loss", patience=3)
# ```

# %% [markdown] tags=["lang-zh"]
# **练习 4** ★★（修复）。验证损失在上升，下面的回调却让训练继续；就算它停了，留下的也是最后一轮的权
# 重。请改好它。
#
# ```python
# def stopper():
#     return keras.callbacks.EarlyStopping(monitor="loss", patience=3)
# ```


# %% tags=["solution"]
def stopper():
    # BEGIN SOLUTION
    return keras.callbacks.EarlyStopping(
        monitor="val_loss",
        patience=3,
        restore_best_weights=True,
    )
    # END SOLUTION


# %% tags=["check"]
mended, mended_history = train_net(2, callbacks=[stopper()])
watched = mended_history["val_loss"]
# Watch the validation loss.
# zh: 要监视验证损失。
assert len(watched) < 20
again = mended.evaluate(x_validation, y_validation, verbose=0)[0]
# Bring back the best weights.
# zh: 要恢复最好的权重。
assert np.isclose(again, min(watched), atol=1e-5)
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 5** ★ (quiz). Two runs print losses of $0.31$ with $\lambda = 0.01$ and $0.24$ with
# $\lambda = 0$. Which of them is better?
#
# <details class="choice"><summary>the second</summary>
#
# Not necessarily: the first number contains a penalty.
#
# </details>
# <details class="choice"><summary>that cannot be said</summary>
#
# Right. Compare the cross-entropy or the accuracy on validation data.
#
# </details>
# <details class="choice"><summary>the first, since it is regularised</summary>
#
# No: a remedy is no merit by itself.
#
# </details>
#
# **Exercise 6** ★★ (quiz). $\lambda$ grows without bound, and biases are not penalised. What does
# the network predict in the end?
#
# <details class="choice"><summary>every class with the same probability</summary>
#
# Nearly, but the biases of the output remain.
#
# </details>
# <details class="choice"><summary>the shares of the classes in the training data</summary>
#
# Right: all weights go to zero, the input no longer matters, and the best that the biases of the
# output can do is to predict these shares.
#
# </details>
# <details class="choice"><summary>what it predicted before, only less surely</summary>
#
# No: without weights nothing of the input reaches the output.
#
# </details>
#
# **Exercise 7** ★★ (quiz). Of 50 training runs somebody keeps the one with the best *test* accuracy
# and reports that number. Nobody trained on test images. Is it leakage?
#
# <details class="choice"><summary>yes</summary>
#
# Right: the choice was made with the test data, and the best of 50 noisy numbers is too high.
# Choose on validation data, and use the test data once.
#
# </details>
# <details class="choice"><summary>no, the weights have not seen the test images</summary>
#
# The weights have not, the choice has.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **练习 5** ★（测验）。两次训练打印的损失分别是 $0.31$（$\lambda = 0.01$）和 $0.24$
# （$\lambda = 0$）。哪一次更好？
#
# <details class="choice"><summary>后一次</summary>
#
# 不一定：前一个数里含有惩罚项。
#
# </details>
# <details class="choice"><summary>无法判断</summary>
#
# 对。应当比较验证集上的交叉熵或准确率。
#
# </details>
# <details class="choice"><summary>前一次，因为它做了正则化</summary>
#
# 不对：用了某种办法，本身并不是优点。
#
# </details>
#
# **练习 6** ★★（测验）。$\lambda$ 无限增大，而偏置不受惩罚。网络最后会预测什么？
#
# <details class="choice"><summary>每个类别的概率都相同</summary>
#
# 差不多，不过输出层的偏置还在。
#
# </details>
# <details class="choice"><summary>训练数据中各类别所占的比例</summary>
#
# 对：所有权重都趋于零，输入不再起作用，输出层的偏置能做到的最好结果，就是给出这些比例。
#
# </details>
# <details class="choice"><summary>和原来一样，只是不那么有把握</summary>
#
# 不对：没有了权重，输入的任何信息都到不了输出。
#
# </details>
#
# **练习 7** ★★（测验）。有人训练了 50 次，留下*测试*准确率最高的一次，报告这个数。没有人用测试图训
# 练过，这算数据泄漏吗？
#
# <details class="choice"><summary>算</summary>
#
# 对：挑选时用到了测试集，而 50 个带噪声的数里最大的那个必然偏高。应当在验证集上挑选，
# 测试集只用一次。
#
# </details>
# <details class="choice"><summary>不算，权重没有见过测试图</summary>
#
# 权重没有见过，可是挑选时见过。
#
# </details>
