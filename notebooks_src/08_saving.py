# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["lang-en"]
# # Saving, resuming, deploying
#
# A training is stopped half way. All weights are on the disk. Is that enough to go on as if
# nothing had happened? Three nets were never stopped; the same three were stopped after half of
# the epochs and went on from their weights. Both curves begin alike. Where do they part, and why?
#
# - **Prerequisites**: [the multilayer perceptron](03_mlp.ipynb) and [choosing](07_choosing.ipynb):
#   dropout, Adam, seeds.
# - **You will be able to**: name everything that a checkpoint has to hold, and show what each part
#   is worth; resume a run to the very same bits; tell a damaged file and a file that is code; hand
#   a trained net over with its preprocessing, and check that it still computes the same.
# - **Minutes**: about 60 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 保存、续训与部署
#
# 训练中途停了，权重全都存在磁盘上。凭这些就能若无其事地接着训练吗？有三个网络从未中断；同样的三
# 个网络训练到一半被打断，再从保存的权重接着训练。两条曲线开头完全一样。它们在哪里分开？为什么？
#
# - **预备知识**：[多层感知机](03_mlp.ipynb)和[做选择](07_choosing.ipynb)两章：dropout、Adam、随
#   机种子。
# - **学完之后你能够**：列出检查点必须保存的全部内容，并说明每一部分有什么用；让续训的结果逐比特
#   不变；识别损坏的文件和本身就是代码的文件；把训练好的网络连同预处理一起交付，并确认它算出的结
#   果没有变。
# - **用时**：连同练习约 60 分钟。

# %% tags=["install"]
# %pip install --quiet kerastut

# %%
# %matplotlib inline
import hashlib
import pickle
import tempfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

import kerastut.runs
from kerastut import plotting, teaching
from kerastut.teaching import hand_training as hand

tf.get_logger().setLevel("ERROR")
SEEDS, NAME, temporary = range(3), "dropout-mlp", tempfile.TemporaryDirectory()
RUN = {"limit": teaching.scale(2000, 20000), "units": (64,), "batch_size": 64, "verbose": 0}
folders = [Path(temporary.name, f"seed-{seed}") for seed in SEEDS]
whole = [kerastut.run(NAME, seed=seed, **RUN) for seed in SEEDS]
saved = [teaching.stopped(NAME, folders[s], epoch=3, seed=s, **RUN) for s in SEEDS]
alone = [teaching.from_weights(whole[seed], saved[seed], epochs=3) for seed in SEEDS]
losses = np.array([run.history["loss"] for run in whole])
weights_only = np.hstack([losses[:, :3], alone])
lines = {"never stopped": losses, "from the weights alone": weights_only}
teaching.curves(lines, range(1, 7), "epoch", "training loss, 3 seeds")

# %% [markdown] tags=["lang-en"]
# ## The state of a training
#
# A training is a machine that makes the next state from the present one and nothing else. Let
#
# $$s_{t+1} = F(s_t), \qquad s_t = (\theta, m, v, t, r, \pi)$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $\theta$ | all weights | $(p)$ |
# | $m$, $v$ | Adam's two running means | $(p)$ each |
# | $t$ | steps done | one number |
# | $r$ | state of the random numbers | a few numbers |
# | $\pi$ | order of the $n$ samples in this epoch | $(n)$ |
#
# If $F$ always computes alike, whoever keeps the whole $s_t$ gets the whole rest. Whoever keeps
# $\theta$ alone starts another training in the middle. Here is such a machine, small enough to see
# every part: ten tables of weights, dropout on the pixels, Adam.

# %% [markdown] tags=["lang-zh"]
# ## 训练的状态
#
# 训练好比一台机器，只根据当前状态产生下一个状态，别的什么都不看。记
#
# $$s_{t+1} = F(s_t), \qquad s_t = (\theta, m, v, t, r, \pi)$$
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $\theta$ | 全部权重 | $(p)$ |
# | $m$、$v$ | Adam 的两个滑动平均 | 各 $(p)$ |
# | $t$ | 已走的步数 | 一个数 |
# | $r$ | 随机数发生器的状态 | 几个数 |
# | $\pi$ | 这一轮中 $n$ 个样本的顺序 | $(n)$ |
#
# 只要 $F$ 每次算得都一样，保住整个 $s_t$，后面的一切也就保住了；只留下 $\theta$，就等于从半路开
# 始另一次训练。下面是一台这样的机器，小到每个部分都看得见：十张权重表，像素上加 dropout，用
# Adam 训练。

# %%
for function in (hand.draw, hand.gradient, hand.update):
    teaching.source(function)
x, y = (part[:1000] for part in teaching.hand_perceptron.small(whole[0].data.train))
w = hand.train(hand.fresh(0), x, y, 20).w
g = hand.gradient(w, x[:8], y[:8])
tried = teaching.finite_differences(lambda w: hand.cross_entropy(w, x[:8], y[:8]), [w])[0]
teaching.match("gradient by finite differences", g, tried)
teaching.match("gradient by tape", g, hand.tape_gradient(w, x[:8], y[:8]))
teaching.match("three steps, NumPy and Keras", hand.hand_steps(g, 3), hand.keras_steps(g, 3))

# %% [markdown] tags=["lang-en"]
# **Predict.** We stop it after 130 of 240 steps, in the middle of an epoch, lose one part of the
# state and put a new one in its place. Which part is missed most? Is there one that may be lost?

# %% [markdown] tags=["lang-zh"]
# **先猜。** 一共 240 步，走到 130 步时（正在一轮的中间）停下，丢掉状态的某一部分，换成全新的。
# 丢掉哪一部分影响最大？有没有哪一部分丢了也不要紧？

# %%
teaching.source(hand.resumed)
ends = [hand.train(hand.fresh(seed), x, y, 240).w for seed in SEEDS]
teaching.match("nothing lost", hand.resumed(0, [], x, y), ends[0], tolerance=0)
away = [[hand.resumed(s, lost, x, y) - ends[s] for s in SEEDS] for lost in hand.LOST.values()]
rows, sizes = [{"lost": name} for name in hand.LOST], np.abs(away).max(axis=(2, 3))
plotting.comparison(rows, {"largest difference of a weight": sizes})[0].get_figure()

# %% [markdown] tags=["lang-en"]
# No part can be spared. Worst is a step number kept without its moments: the correction for their
# start at zero then believes that they are full, and the first steps are far too long. None of
# these runs is *wrong*, though: each is a training, only not the one that you began, and nothing
# tells you. It matters as soon as you compare runs, look for a fault, or have to repeat a result.

# %% [markdown] tags=["lang-zh"]
# 哪一部分都少不得。最糟的是留下步数、丢掉滑动平均：Adam 本来会修正它们从零开始造成的偏差，步数
# 一大，就以为已经不必修正，于是头几步迈得太大。不过这些续训也都不算*错*：每一次都是正常的训练，
# 只是不再是你开始的那一次，而且没有任何提示。一旦要比较不同的训练、排查问题或复现结果，这就要紧
# 了。

# %%
after = teaching.spread(weights_only[:, 3] - losses[:, 3])
teaching.erratum(
    "T2-16", en=f"The next loss is higher by {after}.", zh=f"下一轮的损失高出 {after}。"
)

# %% [markdown] tags=["lang-en"]
# ## Resuming to the same bits
#
# The nets of the first figure lost all of this at once, and their place in the schedule of the
# learning rate as well. `kerastut.run` writes the whole state. Stopped by Ctrl-C it finishes the
# step under way, saves, and names the command that goes on; in Python that is `resume=True`. The
# three runs of the first figure were stopped in this way, so let us go on. Before that we spoil
# the first one's newest checkpoint: of its file of weights, one bit is turned over.

# %% [markdown] tags=["lang-zh"]
# ## 续训到每个比特都一样
#
# 第一幅图里的网络把这些一下子全丢了，连学习率的变化走到哪一步也丢了。`kerastut.run` 保存整个状
# 态。按 Ctrl-C 时，它走完当前这一步，存盘，并给出接着训练的命令；在 Python 里就是 `resume=True`。
# 第一幅图里的三次训练正是这样停下来的，现在接着训练。动手之前，先弄坏第一次训练最新的检查点：把
# 权重文件里的一个比特翻过来。

# %%
teaching.damage(saved[0] / "model.weights.h5")
with teaching.messages():
    again = [kerastut.run(NAME, output_dir=folders[s], resume=True, seed=s, **RUN) for s in SEEDS]
for one, other in zip(whole, again, strict=True):
    first, second = (np.hstack([w.ravel() for w in r.model.get_weights()]) for r in (one, other))
    teaching.match("all weights, resumed and never stopped", second, first, tolerance=0)
    teaching.hold(other, accuracy=teaching.scale((0.87, 0.94), (0.93, 0.98)))

# %% [markdown] tags=["lang-en"]
# All weights are equal to the last bit, even those of the run whose newest checkpoint is damaged:
# it was refused, the one before it took its place, and some steps were done again.
#
# ## What one bit does
#
# How was the damage found? Beside each file stands its digest: SHA-256 makes 256 bits of any
# number of bytes, and whatever changes in the bytes changes about half of them. Without a digest,
# a wrong bit goes unseen. A float32 number is a sign, an exponent of 8 bits and a fraction of 23.
#
# **Predict.** One bit of one weight of the output layer is wrong. How much does a probability of
# the net change at the most: not at all, a little, completely?

# %% [markdown] tags=["lang-zh"]
# 所有权重直到最后一个比特都相等，连最新检查点损坏的那次也不例外：损坏的被拒绝，由前一个顶替，少
# 数几步重走一遍。
#
# ## 一个比特的后果
#
# 损坏是怎么发现的？每个文件旁边都存着它的摘要：SHA-256 把任意多的字节变成 256 个比特，字节稍有
# 变化，这些比特就有大约一半改变。没有摘要，错一个比特是看不出来的。一个 float32 数由符号、8 位
# 指数和 23 位小数组成。
#
# **先猜。** 输出层某个权重错了一个比特。网络给出的概率最多会变多少：不变、变一点，还是面目全非？

# %%
model, pixels = again[0].model, again[0].data.test.x[:500]
weights, right = model.get_weights(), model.predict(pixels, verbose=0)
teaching.match("NumPy and Keras", teaching.outputs(weights, pixels), right, tolerance=1e-5)
places = np.random.default_rng(0).integers(weights[2].size, size=20)
teaching.bit_flips(teaching.flip_changes(weights, pixels, places))

# %% [markdown] tags=["lang-en"]
# The lowest bits do no more than rounding does. Those of the exponent and the sign are felt, and
# the highest of the exponent, bit 30, turns a small weight into an astronomical one, which then
# decides every answer alone. None of them raises an error. And the digest?

# %% [markdown] tags=["lang-zh"]
# 最低的几位，影响不超过舍入误差；指数位和符号位就有感觉了；指数的最高位，即第 30 位，会把一个小
# 小的权重变成天文数字，从此由它一个决定所有答案。没有一种情况会报错。那么摘要呢？

# %%
count = teaching.spread(teaching.digest_changes(weights[2], places))
teaching.say(en=f"Of 256 bits, **{count}** change.", zh=f"256 个比特中有 **{count}** 个改变。")

# %% [markdown] tags=["lang-en"]
# ## A file can be code
#
# A digest tells damage, not malice: who changes the file can change the digest. Some formats are
# programs for the reader to execute. Loading a pickle calls whatever function the file names:

# %% [markdown] tags=["lang-zh"]
# ## 文件也可能是代码
#
# 摘要防得了损坏，防不了恶意：能改文件的人也能改摘要。有些格式其实是交给读者执行的程序。加载
# pickle 时，文件里写了什么函数，就会调用什么函数：


# %%
teaching.source(teaching.Gift)
pickle.loads(pickle.dumps(teaching.Gift()))
path = Path(temporary.name, "lambda.keras")
keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda v: v + 1)]).save(path)
for load in (keras.models.load_model, kerastut.runs.load_model):
    print(teaching.refusal(load, path))

# %% [markdown] tags=["lang-en"]
# A `Lambda` layer stores the bytes of a Python function, a pickle in small. Keras refuses it as
# long as `safe_mode` is on, which is the default; `kerastut.runs.load_model` cannot be told to
# load one, and looks through the file before Keras does. The
# [documentation of pickle](https://docs.python.org/3/library/pickle.html) opens with the same
# warning.
#
# ## Handing it over
#
# Two formats, two uses: `model.save("net.keras")` for Keras, with the optimizer;
# `model.export(folder)` writes a SavedModel, which TensorFlow serves without Keras and without
# your code. Both must compute what the net computed here. But what is "the same"? Every float32
# operation rounds:
#
# $$\mathrm{fl}(a \circ b) = (a \circ b)(1 + \delta), \quad |\delta| \le 2^{-24}$$
#
# where $a$, $b$ are numbers and $\circ$ is $+$, $-$, $\times$ or $/$. Sums in another order round
# otherwise. So ask for equal bits where the same operations run in the same order, and for a
# tolerance of some $10^{-6}$ elsewhere.

# %% [markdown] tags=["lang-zh"]
# `Lambda` 层保存的是一个 Python 函数的字节码，可以说是小号的 pickle。只要 `safe_mode` 开着（默
# 认就开着），Keras 就拒绝加载；`kerastut.runs.load_model` 则根本不提供加载的选项，而且在
# Keras 之前先检查文件。[pickle 的文档](https://docs.python.org/3/library/pickle.html)开头也有同
# 样的警告。
#
# ## 交付
#
# 两种格式，两种用途：`model.save("net.keras")` 供 Keras 使用，连优化器一起保存；
# `model.export(folder)` 写出 SavedModel，TensorFlow 不需要 Keras、也不需要你的代码就能用它提供
# 服务。两者都必须与这里的网络算得一样。可什么叫“一样”？每次 float32 运算都要舍入：
#
# $$\mathrm{fl}(a \circ b) = (a \circ b)(1 + \delta), \quad |\delta| \le 2^{-24}$$
#
# 其中 $a$、$b$ 是数，$\circ$ 是 $+$、$-$、$\times$ 或 $/$。求和的顺序不同，舍入就不同。所以，运
# 算和顺序都相同时，应当要求逐比特相等；其余情形，容许 $10^{-6}$ 左右的误差。

# %%
native, place = Path(temporary.name, "net.keras"), Path(temporary.name, "served")
model.save(native)
model.export(place, verbose=False)
served = tf.saved_model.load(place)  # kept, since its variables live only as long as it does
teaching.match(".keras", kerastut.runs.load_model(native).predict(pixels, verbose=0), right)
teaching.match("SavedModel", served.serve(pixels.astype("float32")), right)
single = np.vstack([model.predict_on_batch(pixels[i : i + 1]) for i in range(100)])
teaching.match("one image at a time", single, right[:100])
off = f"{np.abs(single - right[:100]).max():.0e}"
teaching.erratum("T4-07", en=f"One image at a time: {off}.", zh=f"逐张预测：{off}。")

# %% [markdown] tags=["lang-en"]
# ## What travels with the net
#
# The net takes raw pixels, because `Rescaling` is its first layer. Were it a line of the training
# script, each user would have to know it. **Predict.** Someone scales once too often, someone else
# not at all. What happens to the accuracy?

# %% [markdown] tags=["lang-zh"]
# ## 跟着网络走的东西
#
# 这个网络直接接收原始像素，因为 `Rescaling` 是它的第一层。假如缩放只是训练脚本里的一行，每个使
# 用者就都得知道它。**先猜。** 有人多缩放了一次，有人完全没缩放。准确率会怎样？

# %%
teaching.source(teaching.ways_of_calling)
augment, hits = teaching.recipe("cnn-augmented").augmentation(seed=0), {}
for run in again:
    images, labels = run.data.test.x[:1000].astype("float32"), run.data.test.y[:1000]
    for way, answer in teaching.ways_of_calling(run.model, augment, images).items():
        hits.setdefault(way, []).append(np.mean(answer.argmax(axis=1) == labels))
rows = [{"way": way} for way in hits]
plotting.comparison(rows, {"test accuracy": list(hits.values())})[0].get_figure()

# %%
base = f"{np.bincount(labels).max() / len(labels):.3f}"
share = [teaching.spread(hits[way]) for way in ("as trained", "scaled twice")]
en = f"As trained **{share[0]}**, scaled twice {share[1]}; baseline {base}."
teaching.say(en=en, zh=f"与训练时相同 **{share[0]}**，缩放两次 {share[1]}；基线 {base}。")

# %% [markdown] tags=["lang-en"]
# No error anywhere. Scaled twice, every image is nearly blank to the net, and it can only guess.
# Never scaled looks harmless, and only just is: relu passes a common factor on, so the winner
# mostly stays, but the scores are some two hundred times too large, and every probability is
# pushed to one or to zero. So preprocessing belongs into the model. That holds for
# `TextVectorization` and its vocabulary, too.
#
# The last three rows have augmentation layers in front, as many recipes do. They ought to be idle
# outside training, and `model(x)` fails all the same. Why?

# %% [markdown] tags=["lang-zh"]
# 全程没有报错。缩放两次，在网络眼里每张图都几乎是空白，只能瞎猜。完全不缩放看似无害，其实只是侥
# 幸：relu 会把公共的倍数传下去，所以得分最高的多半不变，但得分大了两百多倍，所有概率都被推向 0
# 或 1。所以预处理应该放进模型里；`TextVectorization` 和它的词表也一样。
#
# 最后三行在网络前面加了数据增强层，许多配方都是这样。不训练时它们本该不起作用，可 `model(x)` 还
# 是失败了。为什么？

# %%
digit = images[labels == 4][:1]
turned = [digit[0, ..., 0], *(np.asarray(augment(digit))[0, ..., 0] for _ in range(7))]
teaching.image_grid(np.array(turned), ["original", *["model(x)"] * 7])

# %% [markdown] tags=["lang-en"]
# Above is what the augmentation layers make of one digit when the net is called as `model(x)`.
# They take a call for training unless told otherwise; `predict` tells them, and so does
# `training=False`. Dropout is silent in all of these calls. A service that uses `model(x)`
# therefore answers a question about a turned and shifted image, another one each time.
#
# **Opinion.** A checkpoint from which nobody has ever resumed is a hope. Stop every new training
# once on purpose, resume it and compare the bits: an hour’s work before days of training. People
# who keep data for a living say so of backups, see
# [Google, Site Reliability Engineering, chapter 26](https://sre.google/sre-book/data-integrity/).
# **Caveat**: the same bits hold for the same versions and the same number of cores; `kerastut`
# refuses to resume when either has changed, unless forced.
#
# ## Exercises
#
# **Exercise 1.** Which parts of the state does SGD without momentum and without dropout need, at a
# constant rate?
#
# <details><summary>Answer</summary>
#
# The weights $\theta$, the order $\pi$, the place in it, and the random state $r$ from which the
# next orders come. There is no $m$ and no $v$.
#
# </details>
#
# **Exercise 2.** A checkpoint is written under another name, flushed to the disk and then renamed.
# Which accident does this outlive, and why is the one before it kept as well?
#
# <details><summary>Answer</summary>
#
# A power cut while writing: under the final name lies either the old file or the whole new one.
# The one before it is for damage that comes later, like that of our single bit.
#
# </details>
#
# **Exercise 3.** Why does a SHA-256 beside the file not protect you from an attacker, and what
# would?
#
# <details><summary>Answer</summary>
#
# Whoever replaces the file replaces the digest. It helps if the digest comes another way, or
# signed with a key that the attacker does not have.
#
# </details>
#
# **Exercise 4.** On another number of cores a convolution may give other last digits. Why, and may
# one still resume?
#
# <details><summary>Answer</summary>
#
# The sum is split among the threads, so it is added up in another order and rounds otherwise. The
# result is as good a training as the first, but no longer the same bits.
#
# </details>
#
# **Exercise 5.** Two arrays with equal bytes may differ in type or shape. Write
# `fingerprint(array)`, the SHA-256 in hexadecimal of type, shape and bytes.

# %% [markdown] tags=["lang-zh"]
# 上图是用 `model(x)` 调用网络时，增强层对一个数字所做的事。除非另有说明，它们都把调用当成训练；
# `predict` 会告诉它们不是，`training=False` 也会。dropout 在这几种调用下都不起作用。所以，用
# `model(x)` 提供的服务，回答的其实是一张转过、移过的图像，而且每次都不一样。
#
# **个人看法。** 从没有人用来续训过的检查点，只是一个愿望。每个新的训练都应该故意中断一次，续训，
# 再比较比特：花一个小时，好过赔上几天的训练。以保管数据为业的人对备份也是这么说的，见
# [Google，Site Reliability Engineering，第 26 章](https://sre.google/sre-book/data-integrity/)。
# **注意**：逐比特相同的前提是版本和核心数都没变；两者有一个变了，`kerastut` 就拒绝续训，除非强
# 制。
#
# ## 练习
#
# **练习 1。** 不带动量、不用 dropout、学习率恒定的 SGD，需要保存状态的哪些部分？
#
# <details><summary>答案</summary>
#
# 权重 $\theta$、顺序 $\pi$ 和走到其中的位置，以及用来产生后续顺序的随机状态 $r$。没有 $m$，也没
# 有 $v$。
#
# </details>
#
# **练习 2。** 写检查点时，先用别的文件名写完，刷到磁盘，再改名。这能防住哪种事故？为什么还要保
# 留前一个？
#
# <details><summary>答案</summary>
#
# 写到一半断电：正式的文件名下，要么是旧文件，要么是完整的新文件。保留前一个，是为了应付事后的损
# 坏，就像那一个比特。
#
# </details>
#
# **练习 3。** 文件旁边放着 SHA-256，为什么防不住攻击者？怎样才防得住？
#
# <details><summary>答案</summary>
#
# 能换文件的人也能换摘要。摘要要从另一条渠道取得，或者用攻击者没有的密钥签名，才有用。
#
# </details>
#
# **练习 4。** 换了核心数，卷积结果的末几位可能不同。为什么？还能续训吗？
#
# <details><summary>答案</summary>
#
# 求和被分给各个线程，相加的顺序变了，舍入也就变了。续训得到的结果和原来的一样好，只是不再逐比特
# 相同。
#
# </details>
#
# **练习 5。** 字节相同的两个数组，类型或形状仍可能不同。写出 `fingerprint(array)`：对类型、形状
# 和字节一起求 SHA-256，返回十六进制字符串。


# %% tags=["solution"]
def fingerprint(array):
    # BEGIN SOLUTION
    return hashlib.sha256(f"{array.dtype}{array.shape}".encode() + array.tobytes()).hexdigest()
    # END SOLUTION


# %% tags=["check"]
one = weights[2]
kinds = (one, one.ravel(), one.view("int32"), teaching.flipped(one, 0, 0))
assert len({fingerprint(kind) for kind in kinds}) == 4, "type, shape and bytes"
print("right")

# %% [markdown] tags=["lang-en"]
# **Exercise 6.** Write `wrong_bits(a, b)`: in how many bits do two float32 arrays of one shape
# differ? `array.view("uint32")` shows the bits as whole numbers.

# %% [markdown] tags=["lang-zh"]
# **练习 6。** 写出 `wrong_bits(a, b)`：两个形状相同的 float32 数组有多少个比特不同？
# `array.view("uint32")` 把比特看成整数。


# %% tags=["solution"]
def wrong_bits(a, b):
    # BEGIN SOLUTION
    return np.bitwise_count(a.view("uint32") ^ b.view("uint32")).sum()
    # END SOLUTION


# %% tags=["check"]
assert wrong_bits(one, teaching.flipped(one, 5, 30)) == 1, "compare bit by bit, not as numbers"
print("right")
