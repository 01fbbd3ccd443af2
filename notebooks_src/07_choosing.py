# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["lang-en"]
# # Choosing by measurement
#
# Four settings, A to D, of one net. Each was trained three times, and each dot below is the
# accuracy of one training on images that it has not seen. Which setting would you choose, and how
# sure are you?
#
# - **Prerequisites**: [the multilayer perceptron](03_mlp.ipynb): layers, cross-entropy, the way
#   back; mean and standard deviation.
# - **You will be able to**: say how many seeds a difference needs before you believe it; choose on
#   validation data and report on test data; write four activations and four optimizers in NumPy
#   and check them against Keras; compare optimizers fairly, each at its own learning rate.
# - **Minutes**: about 70 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 用测量做选择
#
# 同一个网络的四种设置，记作 A 到 D。每种设置训练了三次，下图每个点是一次训练在没见过的图像上的
# 准确率。你会选哪一种？有多大把握？
#
# - **预备知识**：[多层感知机](03_mlp.ipynb)一章：层、交叉熵、反向传播；平均值与标准差。
# - **学完之后你能够**：说出一个差异要用多少个随机种子才可信；在验证集上做选择，在测试集上报告结
#   果；用 NumPy 写出四种激活函数和四种优化器，并与 Keras 核对；让每种优化器用各自合适的学习率，
#   公平地比较。
# - **用时**：连同练习约 70 分钟。

# %% tags=["install"]
# %pip install --quiet kerastut

# %%
# %matplotlib inline
import keras
import numpy as np

import kerastut
from kerastut import plotting, teaching
from kerastut.teaching import hand_activations, hand_perceptron, update_rules

SEEDS, data = range(3), kerastut.load("mnist", limit=teaching.scale(4000, None))
RUN = {"data": data, "units": 32, "epochs": 3, "batch_size": 64, "verbose": 0}
runs = [kerastut.run("mlp-mnist", seed=seed, **RUN) for seed in range(12)]
found = np.array([run.history["val_accuracy"][-1] for run in runs])
rows = [{"setting": name} for name in "ABCD"]
plotting.comparison(rows, {"validation accuracy": found.reshape(4, 3)})[0].get_figure()

# %% [markdown] tags=["lang-en"]
# If you chose, you chose luck: the four are **one and the same setting**. Look at the cell: twelve
# trainings that differ in their seed alone, that is in the initial weights and the order of the
# images, cut into four groups of three. The gap between the best and the worst group is pure
# chance.
#
# ## How many seeds
#
# | symbol | meaning | shape |
# |---|---|---|
# | $a$ | results of $k$ seeds | $(k)$ |
# | $\bar a$ | their mean | one number |
# | $s$ | their standard deviation | one number |
# | $\Delta$ | the difference that matters to us | one number |
#
# $$s^2 = \frac{1}{k - 1} \sum_{i=1}^{k} (a_i - \bar a)^2$$
#
# The mean of $k$ results has the standard deviation $s / \sqrt{k}$, the difference of two such
# means $s \sqrt{2 / k}$. A difference worth believing is at least twice that, so
#
# $$\Delta \ge 2 s \sqrt{\frac{2}{k}} \quad \Longleftrightarrow \quad k \ge 8 \frac{s^2}{\Delta^2}$$
#
# Half the difference takes four times the seeds.

# %% [markdown] tags=["lang-zh"]
# 不管选了哪个，选中的都是运气：四种设置**其实是同一种**。看看代码：十二次训练只有随机种子不同，
# 也就是初始权重和图像的顺序不同，然后每三次分为一组。最好与最差的组之间的差距，纯属偶然。
#
# ## 需要多少个种子
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $a$ | $k$ 个种子的结果 | $(k)$ |
# | $\bar a$ | 它们的平均值 | 一个数 |
# | $s$ | 它们的标准差 | 一个数 |
# | $\Delta$ | 我们在意的差异 | 一个数 |
#
# $$s^2 = \frac{1}{k - 1} \sum_{i=1}^{k} (a_i - \bar a)^2$$
#
# $k$ 个结果的平均值，标准差为 $s / \sqrt{k}$；两个这样的平均值之差，标准差为 $s \sqrt{2 / k}$。
# 值得相信的差异至少要有它的两倍，所以
#
# $$\Delta \ge 2 s \sqrt{\frac{2}{k}} \quad \Longleftrightarrow \quad k \ge 8 \frac{s^2}{\Delta^2}$$
#
# 差异小一半，种子就要多到四倍。

# %%
s = np.sqrt(((found - found.mean()) ** 2).sum() / (len(found) - 1))
teaching.match("s, NumPy and Keras", s, np.sqrt(12 / 11) * keras.ops.std(found))
need = ", ".join(f"{gap}: {np.ceil(8 * (s / gap) ** 2):.0f}" for gap in (0.005, 0.002, 0.001))
apart = f"**{np.ptp(found.reshape(4, 3).mean(axis=1)):.4f}**, $s$ = {s:.4f}"
en = f"Best minus worst group: {apart}. Difference and seeds that it needs: {need}."
teaching.say(en=en, zh=f"最好与最差的组相差 {apart}。差异及所需的种子数：{need}。")

# %% [markdown] tags=["lang-en"]
# **Caveat.** This $s$ holds for these images. Other training images would add their own chance,
# and so would other validation images: with $n$ of them and a true accuracy of $p$, counting alone
# contributes $\sqrt{p (1 - p) / n}$, for every net, however many seeds.
#
# ## The best of many
#
# **Predict.** We choose the best of the twelve nets on 200 images. They are all equally good, so
# nothing can be gained. What will the winner show on those 200 images, and what on fresh ones?

# %% [markdown] tags=["lang-zh"]
# **注意。** 这个 $s$ 只对这批图像成立。换一批训练图像会带来新的随机性，换一批验证图像也一样：验
# 证图像有 $n$ 张、真实准确率为 $p$ 时，光是计数就带来 $\sqrt{p (1 - p) / n}$ 的波动，每个网络都
# 躲不掉，增加种子也没有用。
#
# ## 多中选优
#
# **先猜。** 用 200 张图像从十二个网络里选出最好的一个。它们其实一样好，选谁都没有收益。胜者在这
# 200 张图像上成绩如何？在新的图像上又如何？

# %%
outputs = np.array([run.predict("validation").argmax(axis=1) for run in runs])
seen, fresh = teaching.best_of(outputs == data.validation.y, size=200)
lines = {"on the 200 images of the choice": seen, "on fresh images": fresh}
teaching.curves(lines, range(1, 13), xlabel="best of how many equal nets", ylabel="accuracy")

# %%
en = f"The best of twelve claims **{seen[-1]:.3f}** and keeps {fresh[-1]:.3f}."
teaching.say(en=en, zh=f"十二选一的胜者自称 **{seen[-1]:.3f}**，实际只有 {fresh[-1]:.3f}。")

# %% [markdown] tags=["lang-en"]
# Choosing reads luck as merit, and the more candidates, the more of it. The score on which you
# chose is therefore too good to be reported. Hence three parts of the data: train on the first,
# choose on the second (validation), and count once on the third (test), when nothing is left to
# choose. A choice on test data turns them into validation data, and then there is no test.
#
# ## Activations
#
# An activation $\varphi$ acts on each entry of its input $z$ and keeps the shape. On the way back
# the gradient is multiplied by the slope $\varphi'(z)$, of the same shape; so the slope decides
# what the layers below still hear. With $\Phi$ for the normal distribution's cumulative function:
#
# $$\begin{aligned} \mathrm{relu}(z) &= \max(0, z) \\ \sigma(z) &= 1 / (1 + e^{-z}) \\
# \mathrm{gelu}(z) &= z \, \Phi(z) \end{aligned}$$

# %% [markdown] tags=["lang-zh"]
# 选择会把运气当成本事，候选越多，运气成分越大。因此，用来做选择的那个分数偏高，不能拿来报告。所
# 以数据要分成三份：第一份用来训练，第二份（验证集）用来选择，等到没有什么可选了，再在第三份（测试
# 集）上算一次成绩。在测试集上做选择，测试集就成了验证集，测试也就不存在了。
#
# ## 激活函数
#
# 激活函数 $\varphi$ 作用于输入 $z$ 的每个元素，形状不变。反向传播时，梯度要乘以斜率
# $\varphi'(z)$（形状也相同），所以前面的层还能收到多少梯度，由斜率决定。用 $\Phi$ 表示正态分布
# 的累积分布函数：
#
# $$\begin{aligned} \mathrm{relu}(z) &= \max(0, z) \\ \sigma(z) &= 1 / (1 + e^{-z}) \\
# \mathrm{gelu}(z) &= z \, \Phi(z) \end{aligned}$$

# %%
teaching.source(hand_activations)
z = np.linspace(-4, 4, 80)
for name, (activation, slope) in hand_activations.PAIRS.items():
    value, taped = hand_activations.by_keras(name, z)
    tried = teaching.finite_differences(lambda z, f=activation: f(z).sum(), [z])[0]
    teaching.match(name, activation(z), value)
    teaching.match(f"{name}, slope by finite differences", slope(z), tried)
    teaching.match(f"{name}, slope by tape", slope(z), taped)
teaching.activations(hand_activations.PAIRS)

# %% [markdown] tags=["lang-en"]
# The slope of sigmoid never exceeds a quarter, so ten such layers multiply a gradient by at most
# $4^{-10}$. That of relu is exactly 1 or exactly 0. How much of this is felt in a net with a
# single hidden layer, only a measurement tells. All else equal, three seeds:

# %% [markdown] tags=["lang-zh"]
# sigmoid 的斜率从不超过四分之一，连过十层，梯度最多剩下 $4^{-10}$ 倍；relu 的斜率不是 1 就是 0。
# 在只有一个隐藏层的网络里，这种差别有多大影响，只有测了才知道。其余条件相同，三个种子：

# %%
nets = {"relu": runs[:3]}
for name in ("tanh", "sigmoid", "gelu"):
    nets[name] = [kerastut.run("mlp-mnist", seed=s, activation=name, **RUN) for s in SEEDS]
scores = {name: [run.history["val_accuracy"][-1] for run in nets[name]] for name in nets}
rows = [{"activation": name} for name in scores]
plotting.comparison(rows, {"validation accuracy": list(scores.values())})[0].get_figure()

# %%
measured = "; ".join(f"{name} {teaching.spread(three)}" for name, three in scores.items())
teaching.erratum("T1-17", en=f"Validation: {measured}.", zh=f"验证准确率：{measured}。")

# %% [markdown] tags=["lang-en"]
# tanh and sigmoid are behind by more than their spread; between relu and gelu three seeds cannot
# decide, as the count of seeds above tells. And all four had to live with one learning rate. The
# rest of the chapter shows why that is a weakness of this plot: small slopes may only need a
# larger rate.
#
# ## Optimizers
#
# All weights form one vector $\theta$ of shape $(p)$; $g$ is the gradient at step
# $t = 1, 2, \dots$ and $\eta$ the learning rate. Every rule below is
# $\theta \leftarrow \theta - u$ with another $u$. $m$ and $v$, of shape $(p)$ as well, start at
# zero; squares and roots are taken entry by entry, and $\epsilon$ only avoids a division by zero.
#
# $$\begin{aligned} \text{SGD: } & u = \eta g \\ \text{momentum: } & m \leftarrow 0.9 \, m + g \\
# & u = \eta m \\ \text{RMSprop: } & v \leftarrow 0.9 \, v + 0.1 \, g^2 \\
# & u = \eta g / \sqrt{v + \epsilon} \end{aligned}$$
#
# Adam takes both, and corrects for their start at zero:
#
# $$\begin{aligned} m &\leftarrow 0.9 \, m + 0.1 \, g \\ v &\leftarrow 0.999 \, v + 0.001 \, g^2 \\
# u &= \eta \frac{\sqrt{1 - 0.999^t}}{1 - 0.9^t} \, \frac{m}{\sqrt{v} + \epsilon} \end{aligned}$$

# %% [markdown] tags=["lang-zh"]
# tanh 和 sigmoid 落后的幅度超过了波动；relu 和 gelu 孰优孰劣，前面算过所需的种子数，三个种子定
# 不了。而且四种激活函数只用了同一个学习率。本章后面会说明，这正是这张图的弱点：斜率小，也许只是
# 需要更大的学习率。
#
# ## 优化器
#
# 把所有权重排成一个向量 $\theta$，形状为 $(p)$；$g$ 是第 $t = 1, 2, \dots$ 步的梯度，$\eta$ 是
# 学习率。下面每种规则都是 $\theta \leftarrow \theta - u$，不同的只是 $u$。$m$ 和 $v$ 的形状也是
# $(p)$，从零开始；平方和开方都逐元素进行，$\epsilon$ 只是为了避免除以零。
#
# $$\begin{aligned} \text{SGD: } & u = \eta g \\ \text{momentum: } & m \leftarrow 0.9 \, m + g \\
# & u = \eta m \\ \text{RMSprop: } & v \leftarrow 0.9 \, v + 0.1 \, g^2 \\
# & u = \eta g / \sqrt{v + \epsilon} \end{aligned}$$
#
# Adam 两者都用，并修正它们从零开始造成的偏差：
#
# $$\begin{aligned} m &\leftarrow 0.9 \, m + 0.1 \, g \\ v &\leftarrow 0.999 \, v + 0.001 \, g^2 \\
# u &= \eta \frac{\sqrt{1 - 0.999^t}}{1 - 0.9^t} \, \frac{m}{\sqrt{v} + \epsilon} \end{aligned}$$

# %%
teaching.source(update_rules)

# %% [markdown] tags=["lang-en"]
# A valley of two weights, $L = \frac{1}{2} (\theta_1^2 + 30 \, \theta_2^2)$, thirty times as steep
# across as along. Each rule takes forty steps in it, and Keras the same.

# %% [markdown] tags=["lang-zh"]
# 取一个只有两个权重的山谷 $L = \frac{1}{2} (\theta_1^2 + 30 \, \theta_2^2)$，横向比纵向陡三十倍。
# 每种规则在里面走四十步，Keras 也走同样的四十步。

# %%
steep, start, paths = np.array([1.0, 30.0]), np.array([-1.2, 0.5]), {}
for name in update_rules.RULES:
    paths[name] = update_rules.path(name, 0.06, start, lambda w: steep * w)
    expected = update_rules.keras_path(name, 0.06, start, lambda w: steep * w)
    teaching.match(f"{name}, 40 steps", paths[name], expected, tolerance=1e-5)
teaching.valley_paths(paths, lambda w: np.sum(steep * w**2) / 2)

# %% [markdown] tags=["lang-en"]
# SGD bounces across and creeps along; momentum gathers speed and overshoots both ways; RMSprop and
# Adam divide by the recent size of each entry and walk about as fast along as across.
#
# **Predict.** We multiply the loss by two, everything else stays. Its lowest point is where it
# was. Which of the four paths change?

# %% [markdown] tags=["lang-zh"]
# SGD 在横向来回弹跳，纵向缓慢爬行；动量法越走越快，纵横两个方向都会冲过头；RMSprop 和 Adam 把每
# 个分量除以它最近的大小，横向纵向走得差不多快。
#
# **先猜。** 把损失乘以二，其余不变，最低点也还在原处。四条路径中哪些会变？

# %%
twice = {name: update_rules.path(name, 0.06, start, lambda w: 2 * steep * w) for name in paths}
moved = ", ".join(f"{name} {np.abs(twice[name] - paths[name]).max():.1g}" for name in paths)
teaching.say(en=f"The path moves by at most: {moved}.", zh=f"路径最多移动：{moved}。")

# %% [markdown] tags=["lang-en"]
# SGD **diverges**: its rate was just below the limit of [the first chapter](01_foundations.ipynb),
# and doubling the loss is the same as doubling the rate. RMSprop and Adam do not notice, for
# $g / \sqrt{v}$ has no units. So one and the same number $\eta$ means different things to them,
# and a comparison at one common rate compares rates. A fair one tries several for each, with the
# rules above in a perceptron by hand:

# %% [markdown] tags=["lang-zh"]
# SGD **发散**了：它的学习率本来就略低于[第一章](01_foundations.ipynb)的界限，而损失翻倍等于学习
# 率翻倍。RMSprop 和 Adam 毫无察觉，因为 $g / \sqrt{v}$ 没有量纲。可见同一个 $\eta$ 对它们含义不
# 同，用同一个学习率去比，比的是学习率。公平的做法是每种规则都试几个学习率。下面把上述规则用在手
# 写的感知机上：

# %%
net = hand_perceptron
teaching.source(net.gradient)
train, held, test = (net.small(part) for part in (data.train, data.validation, data.test))
few, some = [part[:4] for part in train], net.start(0).astype("float64")
tried = teaching.finite_differences(lambda w: net.cross_entropy(w, *few), [some])[0]
teaching.match("by finite differences", net.gradient(some, *few), tried)
teaching.match("by tape", net.gradient(some, *few), net.tape_gradient(some, *few))

# %%
RATES, fits, swept = [10 ** (half / 2) for half in range(-6, 3)], {}, {}
for name, rule in update_rules.RULES.items():
    fits[name] = [[net.fit(*train, seed, rule, rate) for rate in RATES] for seed in SEEDS]
    swept[name] = net.accuracies(fits[name], *held)
teaching.curves(swept, RATES, "learning rate", "validation accuracy, 3 seeds", xscale="log")

# %%
text, base = [], f"{np.bincount(test[1]).max() / len(test[1]):.3f}"
for name, grid in fits.items():
    best = swept[name].mean(axis=0).argmax()
    result = teaching.spread(net.accuracies(grid, *test)[:, best])
    text.append(f"{name} at {RATES[best]:.2g}: **{result}**")
en = f"Test data, each at the rate chosen for it: {'; '.join(text)}. Baseline {base}."
teaching.erratum("T1-19", en=en, zh=f"测试集，各用选定的学习率：{'；'.join(text)}。基线 {base}。")

# %% [markdown] tags=["lang-en"]
# The nets saw batches of 64; the baseline always gives the commonest digit. Every curve climbs,
# has its best stretch, and falls towards guessing where it diverges; but the stretches lie
# elsewhere. At the left edge the adaptive rules win by far, and all that says is that their best
# rates are the smaller ones. With each at its own rate most of that lead is gone, and three seeds
# say little about what is left.
#
# ## Penalties
#
# An L2 penalty adds the squares of all weights, here biases included, with a strength $\lambda$:
#
# $$L_\lambda = L + \lambda \sum_{j=1}^{p} \theta_j^2, \qquad g_\lambda = g + 2 \lambda \theta$$
#
# On four hundred images the hand-made net overfits. Everything stays but the strength:

# %% [markdown] tags=["lang-zh"]
# 批大小为 64；基线总是回答最常见的数字。每条曲线都先升，有一段最佳区间，发散之后跌向瞎猜的水平；
# 但各自的最佳区间不在同一处。在最左边，自适应的规则遥遥领先，这只说明它们合适的学习率较小。各用
# 各的学习率，领先就大半消失了；剩下的差别，三个种子说明不了多少。
#
# ## 惩罚项
#
# L2 惩罚把所有权重（这里也包括偏置）的平方和加进损失，强度为 $\lambda$：
#
# $$L_\lambda = L + \lambda \sum_{j=1}^{p} \theta_j^2, \qquad g_\lambda = g + 2 \lambda \theta$$
#
# 只用四百张图像训练，手写的网络就会过拟合。其余都不变，只改强度：

# %%
teaching.match("penalty", 0.01 * np.sum(some**2), keras.regularizers.L2(0.01)(some), 1e-5)
few, strengths = [part[:400] for part in train], [0, *(10 ** (n / 2) for n in range(-9, -1))]
grid = [[net.fit(*few, seed, epochs=30, strength=s) for s in strengths] for seed in SEEDS]
lines = {"training": net.accuracies(grid, *few), "validation": net.accuracies(grid, *held)}
penalised = {name: values[:, 1:] for name, values in lines.items()}
teaching.curves(penalised, strengths[1:], r"strength $\lambda$", "accuracy, 3 seeds", xscale="log")

# %%
best = lines["validation"].mean(axis=0).argmax()
none, mine = (teaching.spread(net.accuracies(grid, *test)[:, i]) for i in (0, best))
en = f"Chosen on validation data: {strengths[best]:.2g}. Test: **{mine}**, without penalty {none}."
zh = f"按验证集选定：{strengths[best]:.2g}。测试集：**{mine}**，不加惩罚 {none}。"
teaching.say(en=en, zh=zh)

# %% [markdown] tags=["lang-en"]
# The training curve only falls; it would always choose no penalty. The validation curve is flat
# for long and then falls as well: a narrower gap is not a better net.
#
# ## Once, on the test data
#
# `kerastut compare` does such comparisons for any setting of any recipe, and `docs/choosing.md`
# has the full tables:
#
# ```
# kerastut compare mlp-mnist --vary activation=relu,tanh,gelu --repeats 3 --limit 6000
# ```
#
# Its figures are those of the test data, since it tests a rule. Who picks a winner picks it on
# validation data. For the activation we have done so, and may look once:

# %% [markdown] tags=["lang-zh"]
# 训练曲线只降不升，看它来选，永远选“不加惩罚”。验证曲线先是长长一段平坦，然后也下降：差距缩小了，
# 网络并不因此更好。
#
# ## 测试集，只看一次
#
# `kerastut compare` 能对任何配方的任何设置做这样的比较，完整的表格见 `docs/choosing.md`：
#
# ```
# kerastut compare mlp-mnist --vary activation=relu,tanh,gelu --repeats 3 --limit 6000
# ```
#
# 它报告的是测试集上的数字，因为它的目的是检验一条说法。要从中挑一个来用，就该在验证集上挑。激活
# 函数已经这样挑好了，可以看一次：

# %%
winner = max(scores, key=lambda name: np.mean(scores[name]))
teaching.hold(nets[winner][0], accuracy=teaching.scale((0.84, 0.92), (0.94, 0.975)))
final = teaching.spread([run.metrics["accuracy"] for run in nets[winner]])
en = f"Chosen: {winner}. Test accuracy **{final}**, baseline {base}."
teaching.say(en=en, zh=f"选定 {winner}。测试准确率 **{final}**，基线 {base}。")

# %% [markdown] tags=["lang-en"]
# **Opinion.** Start with relu and Adam, and spend the time that is left on the learning rate: it
# is often the most important hyperparameter of all, says
# [Bengio, Practical Recommendations, 2012](https://arxiv.org/abs/1206.5533). And where a paper
# ranks optimizers, look first at how each one's rate was tuned:
# [Choi and others, 2019](https://arxiv.org/abs/1910.05446) turn rankings round by tuning alone.
# **Caveat**: one data set, small nets, short trainings.
#
# ## Exercises
#
# **Exercise 1.** A colleague trained A once and B once, and B is better by a tenth of the standard
# deviation $s$. How many seeds would each need to make that difference believable?
#
# <details><summary>Answer</summary>
#
# $k \ge 8 s^2 / \Delta^2$ with $\Delta = s / 10$ gives 800 each. So the answer to the question is
# another one: the difference does not matter, take the simpler of the two.
#
# </details>
#
# **Exercise 2.** When does a relu unit learn nothing from an image, and when nothing ever again?
#
# <details><summary>Answer</summary>
#
# Where its input is negative, the slope is 0 and with it the gradient of all its weights. If that
# is so for every image, the unit is dead, and in the first hidden layer nothing brings it back. A
# rate that is too large does it.
#
# </details>
#
# **Exercise 3.** In a sweep the best rate is the largest one tried. What may you report?
#
# <details><summary>Answer</summary>
#
# Nothing yet: the best rate may lie beyond the edge. Go on until the curve falls on both sides.
#
# </details>
#
# **Exercise 4.** Fifty rates, one seed each, the best on the validation data wins. What is wrong,
# and what is cheap to mend?
#
# <details><summary>Answer</summary>
#
# Its score is the best of fifty and flattered by luck, and the rate may be a neighbour of the
# right one. Train the best few again with new seeds, and choose by the mean; then test once.
#
# </details>
#
# **Exercise 5.** Write the number of seeds for each of two settings: `seeds(s, gap)`, at least 3.

# %% [markdown] tags=["lang-zh"]
# **个人看法。** 从 relu 和 Adam 开始，剩下的时间用来调学习率：它往往是最重要的超参数，见
# [Bengio，Practical Recommendations，2012](https://arxiv.org/abs/1206.5533)。论文里给优化器排名
# 时，先看每种优化器的学习率是怎么调的：[Choi 等，2019](https://arxiv.org/abs/1910.05446) 仅凭调
# 参就让名次颠倒过来。**注意**：本章只用了一个数据集、小网络和很短的训练。
#
# ## 练习
#
# **练习 1。** 同事把 A 和 B 各训练了一次，B 好出标准差 $s$ 的十分之一。要让这个差异可信，每种设
# 置需要多少个种子？
#
# <details><summary>答案</summary>
#
# 由 $k \ge 8 s^2 / \Delta^2$，取 $\Delta = s / 10$，每种需要 800 个。所以真正的回答是：这点差异
# 无关紧要，选两者中较简单的就好。
#
# </details>
#
# **练习 2。** 一个 relu 单元什么时候从一张图像中学不到东西？什么时候再也学不到任何东西？
#
# <details><summary>答案</summary>
#
# 输入为负时，斜率为 0，它所有权重的梯度也就为 0。如果对每张图像都如此，这个单元就“死”了；在第一
# 个隐藏层，它再也救不回来。学习率过大就会造成这种情况。
#
# </details>
#
# **练习 3。** 一次搜索中，最好的学习率恰好是试过的最大值。可以报告什么结论？
#
# <details><summary>答案</summary>
#
# 还什么都不能报告：最佳学习率可能在范围之外。继续往外试，直到曲线两侧都下降为止。
#
# </details>
#
# **练习 4。** 试了五十个学习率，每个一个种子，取验证集上最好的。问题在哪里？怎样花小代价补救？
#
# <details><summary>答案</summary>
#
# 它的分数是五十个里最高的，掺了运气；真正合适的学习率也可能是它旁边那个。把最好的几个换新种子重
# 新训练，按平均值选，最后测试一次。
#
# </details>
#
# **练习 5。** 写出两种设置各需多少个种子：`seeds(s, gap)`，至少为 3。


# %% tags=["solution"]
def seeds(s, gap):
    # BEGIN SOLUTION
    return max(3, int(np.ceil(8 * (s / gap) ** 2)))
    # END SOLUTION


# %% tags=["check"]
assert (seeds(4, 8), seeds(4, 2), seeds(4, 1)) == (3, 32, 128), "half the gap, four times the seeds"
print("right")

# %% [markdown] tags=["lang-en"]
# **Exercise 6.** Against dead units, the leaky relu keeps a slope of $\alpha$ for negative inputs
# instead of 0. Write `leaky(z, alpha)` and its slope, for arrays.

# %% [markdown] tags=["lang-zh"]
# **练习 6。** 为了避免单元死掉，leaky relu 在输入为负时保留斜率 $\alpha$，而不是 0。写出
# `leaky(z, alpha)` 及其斜率，参数是数组。


# %% tags=["solution"]
def leaky(z, alpha):
    # BEGIN SOLUTION
    return np.where(z > 0, z, alpha * z), np.where(z > 0, 1, alpha)
    # END SOLUTION


# %% tags=["check"]
tried = teaching.finite_differences(lambda z: leaky(z, 0.1)[0].sum(), [z])[0]
assert np.allclose(leaky(z, 0.1)[0], keras.activations.leaky_relu(z, 0.1)), "compare with Keras"
assert np.allclose(leaky(z, 0.1)[1], tried), "the slope is 1 or alpha"
print("right")
