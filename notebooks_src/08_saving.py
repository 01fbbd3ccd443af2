# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["lang-en"]
# # Saving, resuming, deploying
#
# A net is trained and the notebook is closed. Tomorrow somebody else wants an answer from it. Below
# are eight digits and what a net said of them that was read from a file, by a program that has
# never seen the training. What has to be in that file, and how do you know that the answers are
# still the same?
#
# - **Prerequisites**: [optimizers](03_optimizers.ipynb): Adam, repeats and thresholds;
#   [the multilayer perceptron](04_mlp.ipynb) and [regularisation](05_regularisation.ipynb):
#   Dropout, validation loss.
# - **You will be able to**: save a model, load it and predict with it; keep the weights alone; keep
#   the best epoch by `ModelCheckpoint`; go on after a stop by `BackupAndRestore`, and say what it
#   leaves out; name everything that decides the next step of a training; hand a net over with its
#   preprocessing, and say what may differ there.
# - **Minutes**: about 60 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 保存、断点续训与部署
#
# 网络训练好了，Notebook 关掉了。明天，别人想用它得到一个答案。这里是八个数字，以及一个网络对它们的
# 判断：这个网络是从文件里读出来的，读它的程序从没见过训练过程。文件里必须有些什么？
# 又怎么知道答案还和原来一样？
#
# - **预备知识**：[优化器](03_optimizers.ipynb)一章：Adam、重复与阈值；[多层感知机](04_mlp.ipynb)和
#   [正则化](05_regularisation.ipynb)两章：Dropout、验证损失。
# - **学完之后你能够**：保存模型、加载模型、用它预测；只保存权重；用 `ModelCheckpoint` 留住最好的一
#   轮；用 `BackupAndRestore` 在中断之后接着训练，并说出它漏掉了什么；列出决定下一步训练的全部内容；
#   把网络连同预处理一起交给别人，并说出到了那里什么会不同。
# - **预计学习时间**：连同练习约 60 分钟。

# %% tags=["install"]
# %pip install --quiet kerastut

# %%
# %matplotlib inline
import tempfile
import zipfile
from pathlib import Path

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from keras import layers

import kerastut
from kerastut import plotting, teaching
from kerastut.teaching import hand_training as hand

# What this chapter writes goes into one folder, which disappears at the end.
# zh: 本章写出的文件都放进同一个文件夹，结束时自动删除。
temporary = tempfile.TemporaryDirectory()
folder = Path(temporary.name)
# TensorFlow tells where it writes; that line is not needed here.
# zh: TensorFlow 会报告写到了哪里；这里不需要这一行。
tf.get_logger().setLevel("ERROR")

# %%
# A small part of MNIST is enough: 8,000 pictures to learn from, 2,000 to watch, and
# 10,000 fresh ones, which take no part in any choice, to compare nets with.
# zh: 这里用 MNIST 的一小部分就够了：8,000 张用于学习，2,000 张用于观察；
# zh: 另有 10,000 张不参与任何选择，用来比较各个网络。
with np.load("mnist.npz") as data:
    x_train = data["x_train"][:8000]
    y_train = data["y_train"][:8000]
    x_validation = data["x_train"][55000:57000]
    y_validation = data["y_train"][55000:57000]
    x_fresh = data["x_train"][40000:50000]
    y_fresh = data["y_train"][40000:50000]
    x_test = data["x_test"]
    y_test = data["y_test"]


# %%
def build_layers():
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dropout(0.2),
            layers.Dense(10, activation="softmax"),
        ]
    )


def build_model():
    model = build_layers()
    model.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


# %% [markdown] tags=["lang-en"]
# ## Save, load, predict
#
# Train, save, load, predict: one line each.

# %% [markdown] tags=["lang-zh"]
# ## 保存、加载、预测
#
# 训练、保存、加载、预测，各只要一行。

# %%
keras.utils.set_random_seed(0)
model = build_model()
model.fit(x_train, y_train, epochs=4, verbose=0)
model.save(folder / "digits.keras")

# %%
# In another program, on another day:
# zh: 换一个程序，换一天：
loaded = keras.models.load_model(folder / "digits.keras")
answers = loaded.predict(x_test[:8], verbose=0)
print(answers.argmax(axis=1))

# %% tags=["hide-input"]
teaching.alt(
    en="Eight handwritten digits in a row, each with the answer of the loaded net above it.",
    zh="一排八个手写数字，每个上方是加载后的网络给出的答案。",
)
figure, grid = plt.subplots(1, 8, figsize=(5.4, 1.2))
for axes, picture, answer in zip(grid, x_test, answers, strict=False):
    axes.imshow(picture, cmap="gray_r")
    axes.set_title(f"{answer.argmax()}")
    axes.axis("off")
plt.show()

# %%
original = model.predict(x_test, verbose=0)
again = loaded.predict(x_test, verbose=0)
teaching.match("loaded and original", again, original, tolerance=0)

# %% [markdown] tags=["lang-en"]
# The two agree exactly: the same operations with the same numbers. The file is an ordinary zip
# archive. Let us look inside:

# %% [markdown] tags=["lang-zh"]
# 两者完全相同：同样的运算，同样的数。这个文件其实是一个普通的 zip 压缩包，打开看看：

# %%
with zipfile.ZipFile(folder / "digits.keras") as archive:
    for member in archive.infolist():
        print(member.filename, member.file_size)

# %% [markdown] tags=["lang-en"]
# `config.json` describes the layers and what `compile` was told, `model.weights.h5` holds the
# weights and the state of the optimizer, `metadata.json` the version of Keras. So the loaded model
# can also be trained on. There are three ways to save, for three purposes:
#
# | call | writes | for whom |
# |---|---|---|
# | `model.save("net.keras")` | layers, weights, optimizer | Keras, to predict or to train on |
# | `model.save_weights("net.weights.h5")` | weights, optimizer | code that builds the layers |
# | `model.export("folder")` | the computation, for inference alone | a server, without Keras |
#
# ## Weights alone
#
# The layers are then in your code, and the file must meet the same layers again:

# %% [markdown] tags=["lang-zh"]
# `config.json` 描述各层以及 `compile` 的设置，`model.weights.h5` 存放权重和优化器的状态，
# `metadata.json` 记录 Keras 的版本。所以加载出来的模型还可以接着训练。保存的方式有三种，用途各不相
# 同：
#
# | 调用 | 写出 | 给谁用 |
# |---|---|---|
# | `model.save("net.keras")` | 层、权重、优化器 | Keras，用于预测或接着训练 |
# | `model.save_weights("net.weights.h5")` | 权重和优化器 | 能搭出同样各层的代码 |
# | `model.export("folder")` | 计算过程，只能用于推理 | 服务器，不需要 Keras |
#
# ## 只保存权重
#
# 这时各层写在你的代码里，文件必须遇到同样的层：

# %%
model.save_weights(folder / "digits.weights.h5")
twin = build_layers()
twin.load_weights(folder / "digits.weights.h5")
same = twin.predict(x_test, verbose=0)
teaching.match("weights alone, original", same, original, tolerance=0)

# %%
narrow = keras.Sequential(
    [
        keras.Input((28, 28)),
        layers.Flatten(),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
try:
    narrow.load_weights(folder / "digits.weights.h5")
except ValueError as error:
    print(str(error).partition(". ")[0])

# %% [markdown] tags=["lang-en"]
# A wrong width is refused: the two dense layers could not be loaded. Not everything is: a net with
# fewer layers takes its part without a word, and a file that has been damaged on the disk may go
# unnoticed. The topic *The same seed, the same bits* says how `kerastut` guards against that.
#
# ## The best epoch: `ModelCheckpoint`
#
# **Predict.** A net trains for 20 epochs on few pictures. Which epoch's weights will you keep?
#
# <details class="choice"><summary>the last</summary>
#
# Not always: with few pictures the validation loss rises again, and the last epoch is not the best.
#
# </details>
# <details class="choice"><summary>the one with the lowest training loss</summary>
#
# No: that is nearly always the last one. It says how well the net knows its own pictures.
#
# </details>
# <details class="choice"><summary>the one with the lowest validation loss</summary>
#
# Yes. And since you know only afterwards which one it was, something must save it on the way.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# 宽度不对，就会被拒绝：报错说，有两个对象（两个全连接层）无法加载。但并不是什么错都会被发现：层数
# 较少的网络只取走自己那部分，毫无提示；文件在磁盘上损坏了，加载时也可能毫无提示。专题《同样的种
# 子，同样的每一位》说明 `kerastut` 如何防范。
#
# ## 留住最好的一轮：`ModelCheckpoint`
#
# **先猜**：一个网络用很少的图像训练 20 轮。你想留下哪一轮的权重？
#
# <details class="choice"><summary>最后一轮</summary>
#
# 不一定：图像少的时候，验证损失会重新上升，最后一轮并不是最好的。
#
# </details>
# <details class="choice"><summary>训练损失最低的一轮</summary>
#
# 不对：那几乎总是最后一轮。训练损失只说明网络对自己的图像记得多熟。
#
# </details>
# <details class="choice"><summary>验证损失最低的一轮</summary>
#
# 对。可是哪一轮最低要到事后才知道，所以得有什么在途中把它存下来。
#
# </details>


# %%
def train_few(seed):
    keep_best = keras.callbacks.ModelCheckpoint(
        folder / f"best{seed}.keras",
        monitor="val_loss",
        save_best_only=True,
    )
    keras.utils.set_random_seed(seed)
    net = build_model()
    history = net.fit(
        x_train[:1000],
        y_train[:1000],
        epochs=20,
        validation_data=(x_validation, y_validation),
        callbacks=[keep_best],
        verbose=0,
    )
    return net, history.history


# Three seeds, since one training may be luck; the picture shows the first.
# zh: 用三个种子，因为单独一次训练可能全凭运气；图中画的是第一个。
trained = [train_few(seed) for seed in range(3)]
last, history = trained[0]
best = keras.models.load_model(folder / "best0.keras")

# %% tags=["hide-input"]
teaching.alt(
    en="Training and validation loss over twenty epochs; a mark at the epoch that was saved.",
    zh="二十轮的训练损失与验证损失，标出了被保存的那一轮。",
)
validation = history["val_loss"]
lowest = int(np.argmin(validation))
plt.plot(range(1, 21), history["loss"], label="training")
plt.plot(range(1, 21), validation, "--", label="validation")
plt.plot(lowest + 1, validation[lowest], "o", color="black", label="saved")
plt.xticks(range(0, 21, 5))
plt.xlabel("epoch")
plt.ylabel("loss")
plt.legend()
plt.show()

# %% tags=["hide-input"]
best_loss = best.evaluate(x_validation, y_validation, verbose=0)[0]
last_loss = last.evaluate(x_validation, y_validation, verbose=0)[0]
teaching.match("saved and recorded", best_loss, validation[lowest], tolerance=1e-5)
teaching.say(
    en=(
        f"Epoch {lowest + 1} of 20 has the lowest validation loss, {best_loss:.3f}; after the last"
        f" one it is {last_loss:.3f}, {'the same' if lowest == 19 else 'higher'}."
    ),
    zh=(
        f"20 轮中第 {lowest + 1} 轮的验证损失最低，为 {best_loss:.3f}；最后一轮之后是"
        f" {last_loss:.3f}，{'与之相同' if lowest == 19 else '反而更高'}。"
    ),
)

# %% tags=["hide-input"]
kept_losses = []
last_losses = []
for seed, (net, _) in enumerate(trained):
    kept_net = keras.models.load_model(folder / f"best{seed}.keras")
    kept_losses.append(kept_net.evaluate(x_fresh, y_fresh, verbose=0)[0])
    last_losses.append(net.evaluate(x_fresh, y_fresh, verbose=0)[0])
gains = np.array(last_losses) - kept_losses
# Three differences, each of two nets with one seed: t is 4.30.
# zh: 三个差值，各来自种子相同的两个网络：t 为 4.30。
threshold = 4.30 * gains.std(ddof=1) / np.sqrt(3)
real = abs(gains.mean()) > threshold
assert max(kept_losses) < 0.6, kept_losses
teaching.say(
    en=(
        "On the fresh pictures, three seeds: loss of the kept epoch"
        f" {teaching.spread(kept_losses)}, of the last one {teaching.spread(last_losses)};"
        " one tenth for every digit gives"
        f" {np.log(10):.3f}. Last minus kept is {gains.mean():+.3f}, threshold {threshold:.3f}:"
        f" {'real' if real else 'not told apart by three seeds'}."
    ),
    zh=(
        f"在新图像上，三个种子：留下的那一轮损失为 {teaching.spread(kept_losses)}，最后一轮为"
        f" {teaching.spread(last_losses)}；每个数字都给十分之一，损失是 {np.log(10):.3f}。"
        f"最后一轮减去留下的一轮为 {gains.mean():+.3f}，阈值 {threshold:.3f}："
        f"{'差异真实' if real else '三个种子分不出高下'}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# Whoever chooses an epoch by the validation loss has used the validation split: its lowest loss is
# a little too good. The honest number comes from the test split, once, with the model that was
# kept.
#
# ## Going on after a stop
#
# A long training is stopped half way: a power cut, a closed laptop, a queue that has run out.
# `BackupAndRestore` writes the model into a folder after every epoch, and the same program, started
# again, goes on from there. Here an error in the middle takes the place of the power cut:

# %% [markdown] tags=["lang-zh"]
# 按验证损失来选轮次，就等于用过了验证集：它的最低损失会略微偏好。如实的数要用测试集来测，只测一次，
# 用的是留下来的那个模型。
#
# ## 中断之后接着训练
#
# 漫长的训练走到一半停了：停电、合上了笔记本电脑、排队的时间用完了。`BackupAndRestore` 在每一轮之后
# 把模型写进一个文件夹，再次启动同一个程序，就从那里接着训练。这里用中途的一个错误来代替停电：


# %%
class PowerCut(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 3:
            raise KeyboardInterrupt


def train(seed, callbacks):
    keras.utils.set_random_seed(seed)
    model = build_model()
    model.fit(x_train, y_train, epochs=6, callbacks=callbacks, verbose=0)
    return model


def stop_and_go_on(seed):
    backup = folder / f"backup{seed}"
    try:
        train(seed, [keras.callbacks.BackupAndRestore(backup), PowerCut()])
    except KeyboardInterrupt:
        teaching.tell(en="stopped before the fourth epoch", zh="在第四轮之前停下")
    return train(seed, [keras.callbacks.BackupAndRestore(backup)])


# %%
never_stopped = [train(seed, []) for seed in range(3)]
went_on = [stop_and_go_on(seed) for seed in range(3)]

# %% tags=["hide-input"]
apart = []
right_before = []
right_after = []
for whole, halved in zip(never_stopped, went_on, strict=True):
    couples = zip(whole.get_weights(), halved.get_weights(), strict=True)
    apart.append(max(np.abs(one - other).max() for one, other in couples))
    right_before.append(whole.evaluate(x_fresh, y_fresh, verbose=0)[1])
    right_after.append(halved.evaluate(x_fresh, y_fresh, verbose=0)[1])
assert min(apart) > 1e-3, apart
shifts = np.array(right_after) - right_before
# Three differences, each of two nets with one seed: t is 4.30.
# zh: 三个差值，各来自种子相同的两个网络：t 为 4.30。
threshold = 4.30 * shifts.std(ddof=1) / np.sqrt(3)
real = abs(shifts.mean()) > threshold
guess = np.bincount(y_fresh).max() / len(y_fresh)
teaching.say(
    en=(
        "It went on. Accuracy on the fresh pictures, three seeds:"
        f" {teaching.spread(right_after)}, without a stop {teaching.spread(right_before)}; always"
        f" the most frequent digit: {guess:.3f}. The difference is {shifts.mean():+.4f}, threshold"
        f" {threshold:.4f}: {'real' if real else 'not told apart by three seeds'}. But each time it"
        f" is **another net**: at least one weight differs by {min(apart):.2f} or more."
    ),
    zh=(
        f"它接着训练了。在新图像上的准确率，三个种子：{teaching.spread(right_after)}，"
        f"不中断则为 {teaching.spread(right_before)}；总猜最常见的数字：{guess:.3f}。"
        f"两者相差 {shifts.mean():+.4f}，阈值 {threshold:.4f}："
        f"{'差异真实' if real else '三个种子分不出高下'}。但每一次得到的都是**另一个网络**："
        f"至少有一个权重相差 {min(apart):.2f} 以上。"
    ),
)

# %% [markdown] tags=["lang-en"]
# ## The state of a training
#
# Where does the difference come from? A training is a machine that makes the next state from the
# present one and from nothing else. Let
#
# $$\Theta_{t+1} = \mathcal{F}(\Theta_t), \qquad \Theta_t = (\theta, \bar g, v, t, \omega, \chi)$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $\Theta_t$ | state after $t$ steps | |
# | $\theta$ | all $q$ weights and biases | $(q)$ |
# | $\bar g$, $v$ | Adam's two moving averages; in the code `m` and `v` | $(q)$ each |
# | $t$ | steps done | one number |
# | $\omega$ | state of the random numbers | a few numbers |
# | $\chi$ | order of the $n$ samples in this epoch | $(n)$ |
#
# As long as the machine $\mathcal{F}$ always computes the same, whoever keeps the whole $\Theta_t$
# gets the whole rest. Whoever keeps less starts another training in the middle. Here is such a
# machine, small enough to see every part: ten tables of weights, dropout on the pixels, Adam.

# %% [markdown] tags=["lang-zh"]
# ## 训练的状态
#
# 差别从何而来？训练好比一台机器，只根据当前状态产生下一个状态，别的什么都不看。记
#
# $$\Theta_{t+1} = \mathcal{F}(\Theta_t), \qquad \Theta_t = (\theta, \bar g, v, t, \omega, \chi)$$
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $\Theta_t$ | 走了 $t$ 步之后的状态 | |
# | $\theta$ | 全部 $q$ 个权重和偏置 | $(q)$ |
# | $\bar g$、$v$ | Adam 的两个指数移动平均，代码里是 `m` 和 `v` | 各 $(q)$ |
# | $t$ | 已走的步数 | 一个数 |
# | $\omega$ | 随机数发生器的状态 | 几个数 |
# | $\chi$ | 这一轮中 $n$ 个样本的顺序 | $(n)$ |
#
# 只要机器 $\mathcal{F}$ 每次算得都一样，保住整个 $\Theta_t$，后面的一切也就保住了；少留一样，就等
# 于从半路开始另一次训练。下面是一台这样的机器，小到每个部分都看得见：十张权重表，像素上加
# Dropout，用 Adam 训练。

# %% tags=["hide-input"]
for function in (hand.draw, hand.gradient, hand.update):
    teaching.source(function)

# %%
# A thousand pictures of 14 x 14 pixels, one a row, from 0 to 1.
# zh: 一千张 14 x 14 像素的图像，每行一张，取值 0 到 1。
x = x_train[:1000, ::2, ::2].reshape(1000, 196) / 255
y = y_train[:1000]
w = hand.train(hand.fresh(0), x, y, 20).w
g = hand.gradient(w, x[:8], y[:8])

# %% tags=["hide-input"]
slopes = teaching.finite_differences(lambda w: hand.cross_entropy(w, x[:8], y[:8]), [w])[0]
teaching.match("gradient by finite differences", g, slopes)
teaching.match("gradient by tape", g, hand.tape_gradient(w, x[:8], y[:8]))
teaching.match("three steps, NumPy and Keras", hand.hand_steps(g, 3), hand.keras_steps(g, 3))

# %% [markdown] tags=["lang-en"]
# **Predict.** We stop it after 130 of 240 steps, in the middle of an epoch, lose one part of the
# state and put a new one in its place. Which loss is felt most?
#
# <details class="choice"><summary>the order of the samples</summary>
#
# It is felt, but it is not the worst: another order is as good a training, only another one.
#
# </details>
# <details class="choice"><summary>Adam's moving averages, while the step number is kept</summary>
#
# Yes: the step number says that the averages are full, and they start at zero. Most is missing of
# the squares, which fill slowest and stand in the denominator: the first steps are far too long.
#
# </details>
# <details class="choice"><summary>none: all weights are there</summary>
#
# No: the next step is decided by six parts, and the weights are one of them.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **先猜**：一共 240 步，走到 130 步时（正在一轮的中间）停下，丢掉状态的某一部分，换成全新的。
# 丢掉哪一部分影响最大？
#
# <details class="choice"><summary>样本的顺序</summary>
#
# 有影响，但不是最大的：换一种顺序，也是一次正常的训练，只不过是另一次。
#
# </details>
# <details class="choice"><summary>Adam 的指数移动平均（步数仍然保留）</summary>
#
# 对：步数表示移动平均早已填满，实际上它们却从零开始。缺得最多的是梯度平方的平均：它填得最慢，又在
# 分母里，于是头几步迈得太大。
#
# </details>
# <details class="choice"><summary>都没有影响：权重全都在</summary>
#
# 不对：决定下一步的有六个部分，权重只是其中之一。
#
# </details>

# %% tags=["hide-input"]
teaching.alt(
    en="For each lost part of the state, by how much a weight differs in the end; none is zero.",
    zh="丢掉状态的每一部分之后，最终权重最多相差多少；没有一项为零。",
)
ends = [hand.train(hand.fresh(seed), x, y, 240).w for seed in range(3)]
teaching.match("nothing lost", hand.resumed(0, [], x, y), ends[0], tolerance=0)
differences = []
for lost in hand.LOST.values():
    away = [np.abs(hand.resumed(seed, lost, x, y) - ends[seed]).max() for seed in range(3)]
    differences.append(away)
felt = dict(zip(hand.LOST, np.mean(differences, axis=1), strict=True))
assert max(felt, key=felt.get) == "moving averages", felt
rows = [{"lost": name} for name in hand.LOST]
plotting.comparison(rows, {"largest difference of a weight": np.array(differences)})[0].get_figure()

# %% [markdown] tags=["lang-en"]
# No part can be spared. None of these trainings is *wrong*, though: each is a training, only not
# the one that you began, and nothing tells you. It matters as soon as you compare runs, look for a
# fault, or have to repeat a result. `BackupAndRestore` keeps $\theta$, $\bar g$, $v$ and $t$; it
# keeps neither the state $\omega$ of the Dropout layer nor the order $\chi$. Above, only $\omega$
# was lost: with a fixed seed `fit` draws the same order again.
#
# ## Going on exactly
#
# `kerastut.run` trains a recipe, a short file that comes with kerastut, and writes the whole state.
# Stopped by Ctrl-C it finishes the step under way, saves, and names the command that goes on; in
# Python that is `resume=True`. We stop a run in its fourth epoch and go on. (`FULL`, of which the
# comment speaks, is an environment variable, set before the notebook is started.)

# %% [markdown] tags=["lang-zh"]
# 哪一部分都少不得。不过这些训练也都不算*错*：每一次都是正常的训练，只是不再是你开始的那一次，
# 而且没有任何提示。一旦要比较不同的训练、排查问题或复现结果，这就要紧了。`BackupAndRestore` 保留了
# $\theta$、$\bar g$、$v$ 和 $t$，却没有保留 Dropout 层的随机状态 $\omega$，也没有保留样本顺序
# $\chi$。上面丢掉的只是 $\omega$：种子固定时，`fit` 会再次抽出同样的顺序。
#
# ## 断点续训，结果完全相同
#
# `kerastut.run` 训练一个配方（kerastut 附带的一个短小的文件），并保存整个状态。按 Ctrl-C 时，它走完
# 当前这一步，存盘，并给出接着训练的命令；在 Python 里就是 `resume=True`。我们让一次训练在第四轮停
# 下，再接着训练。（注释里的 `FULL` 是环境变量，在启动 Notebook 之前设置。）

# %%
# teaching.scale: the first number in a quick run, the second if FULL=1 is set.
# zh: teaching.scale：快速运行用第一个数，设了 FULL=1 则用第二个数。
settings = {"limit": teaching.scale(2000, 20000), "verbose": 0}
whole = kerastut.run("dropout-mlp", seed=0, **settings)

# %%
where = folder / "run"
checkpoint = teaching.stopped("dropout-mlp", where, epoch=3, seed=0, **settings)
print(checkpoint.name)

# %%
resumed = kerastut.run(
    "dropout-mlp",
    output_dir=where,
    resume=True,
    seed=0,
    **settings,
)

# %% tags=["hide-input"]
first = np.hstack([weight.ravel() for weight in whole.model.get_weights()])
second = np.hstack([weight.ravel() for weight in resumed.model.get_weights()])
teaching.match("all weights, resumed and never stopped", second, first, tolerance=0)
teaching.hold(resumed, accuracy=(0.87, 0.95), full={"accuracy": (0.93, 0.98)})

# %% [markdown] tags=["lang-en"]
# Every weight is the same number, as if nothing had happened. A checkpoint that was damaged would
# have been refused and the one before it used: the topic *The same seed, the same bits* has the
# details.

# %% [markdown] tags=["lang-zh"]
# 所有权重完全相等，就像什么都没发生过。检查点如果损坏，会被拒绝，由前一个顶替，详见专题《同样的种
# 子，同样的每一位》。

# %% tags=["hide-input"]
teaching.erratum("T2-16")

# %% [markdown] tags=["lang-en"]
# ## A file can be code
#
# A model from the network is a stranger's file, and some formats hold programs that are run when
# the file is loaded. Keras's own format mostly holds none; but a `Lambda` layer stores a Python
# function, which would run.

# %% [markdown] tags=["lang-zh"]
# ## 文件也可能是代码
#
# 从网上得来的模型，是陌生人的文件；有些格式里藏着程序，一加载就会执行。Keras 自己的格式里一般没有
# 程序，但 `Lambda` 层保存的是一个 Python 函数，加载之后就会运行。

# %%
with_code = keras.Sequential([keras.Input((2,)), layers.Lambda(lambda v: v + 1)])
with_code.save(folder / "lambda.keras")
try:
    keras.models.load_model(folder / "lambda.keras")
except ValueError as error:
    print(str(error).partition(". ")[0])

# %% [markdown] tags=["lang-en"]
# Keras refuses it as long as `safe_mode` is on, which is the default: leave it on. The topic *Old
# models* says how to open old files of other formats.
#
# ## Handing it over
#
# `model.export` writes a SavedModel, which TensorFlow serves without Keras and without your code.
# It must compute what the net computed here. But what is "the same"? Whatever is computed in
# float32 is rounded: in the place of the exact result $x$ of one operation stands
#
# $$\mathrm{fl}(x) = x (1 + \zeta), \quad |\zeta| \le 2^{-24}$$
#
# where $\zeta$, one number, is the relative error. NumPy and Keras round alike:

# %% [markdown] tags=["lang-zh"]
# 报错说的是：文件要求还原一个 `Lambda` 层，它的函数是一段 Python 代码。只要 `safe_mode` 开着（默认
# 就开着），Keras 就拒绝加载：别去关它。其他格式的旧文件怎样打开，见专题
# 《旧模型》。
#
# ## 交给别人
#
# `model.export` 写出 SavedModel，TensorFlow 不需要 Keras、也不需要你的代码就能用它提供服务。
# 它必须与这里的网络算得一样。可什么叫“一样”？凡是用 float32 计算，都要舍入：一次运算的精确结果是
# $x$，实际得到的是
#
# $$\mathrm{fl}(x) = x (1 + \zeta), \quad |\zeta| \le 2^{-24}$$
#
# 其中 $\zeta$ 是一个数，即相对误差。NumPy 和 Keras 的舍入完全相同：

# %%
rng = np.random.default_rng(0)
first = rng.random(100000, dtype="float32")
second = rng.random(100000, dtype="float32")
# float64 has room for all digits of such a product.
# zh: 这样的乘积，float64 放得下它的全部数位。
x = first.astype("float64") * second
by_numpy = first * second
by_keras = keras.ops.convert_to_numpy(keras.ops.multiply(first, second))
zeta = by_keras[x > 0] / x[x > 0] - 1

# %% tags=["hide-input"]
assert 2**-25 < np.abs(zeta).max() <= 2**-24, np.abs(zeta).max()
teaching.match("products by NumPy and by Keras", by_keras, by_numpy, tolerance=0)
teaching.tell(
    en=f"largest relative error {np.abs(zeta).max():.2e}, bound {2**-24:.2e}",
    zh=f"最大的相对误差 {np.abs(zeta).max():.2e}，上界 {2**-24:.2e}",
)

# %% [markdown] tags=["lang-en"]
# A sum of many numbers is rounded at each step, so in another order it comes out a little
# different. Expect exactly equal numbers where the same operations run in the same order, and a
# difference of some $10^{-6}$ elsewhere.

# %% [markdown] tags=["lang-zh"]
# 许多数相加，每一步都要舍入，所以换一种次序，结果就略有不同。运算和次序都相同时，结果应当完全相等；
# 其余情形，相差 $10^{-6}$ 左右都是正常的。

# %%
model.export(folder / "served", verbose=False)
served = tf.saved_model.load(folder / "served")
pictures = x_test[:500].astype("float32")
teaching.match("SavedModel", served.serve(pictures), original[:500])

# %%
# One picture at a time, where the other prediction took batches of 32.
# zh: 逐张预测；前面的预测每批 32 张。
single = []
for picture in x_test[:100]:
    batch_of_one = picture[np.newaxis]
    single.append(model.predict_on_batch(batch_of_one)[0])

# %% tags=["hide-input"]
teaching.match("one picture at a time", np.array(single), original[:100])
off = f"{np.abs(np.array(single) - original[:100]).max():.0e}"
teaching.erratum("T4-07", en=f"One picture at a time: {off}.", zh=f"逐张预测：{off}。")

# %% [markdown] tags=["lang-en"]
# `kerastut export` does this for SavedModel, ONNX and LiteRT, and compares the outputs before it
# lets a file go; see the topic *From a trained model to your own pictures*.
#
# ## What travels with the net
#
# The net takes raw pixels, because `Rescaling` is its first layer. Were it a line of the training
# script, each user would have to know it. **Predict.** Someone scales once too often, someone else
# not at all. What happens?
#
# <details class="choice"><summary>both get an error</summary>
#
# No: the shapes are right, and a net accepts any numbers.
#
# </details>
# <details class="choice"><summary>one of them gets nearly as many right answers as before</summary>
#
# Yes, by luck. Look at the probabilities all the same.
#
# </details>
# <details class="choice"><summary>both lose most of their right answers</summary>
#
# No, only one of them does.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# `kerastut export` 为 SavedModel、ONNX 和 LiteRT 做这件事，并在交出文件之前核对输出，见专题《从训
# 练好的模型到自己的图片，到别的机器》。
#
# ## 跟着网络走的东西
#
# 这个网络直接接收原始像素，因为 `Rescaling` 是它的第一层。假如缩放只是训练脚本里的一行，每个使用者
# 就都得知道它。**先猜**：有人多缩放了一次，有人完全没缩放，会怎样？
#
# <details class="choice"><summary>两人都会看到报错</summary>
#
# 不对：形状都是对的，而网络接受任何数。
#
# </details>
# <details class="choice"><summary>其中一人答对的几乎和原来一样多</summary>
#
# 对，不过是侥幸。概率仍然值得看一看。
#
# </details>
# <details class="choice"><summary>两人都丢掉了大部分正确答案</summary>
#
# 不对，只有其中一人如此。
#
# </details>

# %%
ways = {"as trained": [], "scaled twice": [], "never scaled": []}
for net in never_stopped:
    # The same layers without the first one, Rescaling.
    # zh: 去掉第一层 Rescaling，其余各层相同。
    unscaled = keras.Sequential(net.layers[1:])
    ways["as trained"].append(net.predict(x_test, verbose=0))
    ways["scaled twice"].append(net.predict(x_test / 255, verbose=0))
    ways["never scaled"].append(unscaled.predict(x_test, verbose=0))

# %% tags=["hide-input"]
right = {}
sure = {}
for way, answers in ways.items():
    right[way] = [np.mean(found.argmax(axis=1) == y_test) for found in answers]
    sure[way] = np.mean([found.max(axis=1) > 0.999 for found in answers])
guess = np.bincount(y_test).max() / len(y_test)
assert max(right["scaled twice"]) < 0.6 < 0.85 < min(right["never scaled"]), right
listed = {way: teaching.spread(found) for way, found in right.items()}
teaching.say(
    en=(
        "Share of right answers, three nets that differ in their seed: as trained"
        f" **{listed['as trained']}**, scaled twice {listed['scaled twice']}, never scaled"
        f" {listed['never scaled']}; always the most frequent digit: {guess:.3f}. As trained,"
        f" {sure['as trained']:.0%} of the answers have a probability above 0.999; never scaled,"
        f" {sure['never scaled']:.0%} have."
    ),
    zh=(
        f"三个只差种子的网络答对的比例：与训练时相同，**{listed['as trained']}**；缩放两次，"
        f"{listed['scaled twice']}；从未缩放，{listed['never scaled']}；总猜最常见的数字"
        f" {guess:.3f}。概率高于 0.999 的答案，"
        f"与训练时相同的占 {sure['as trained']:.0%}，从未缩放的占 {sure['never scaled']:.0%}。"
    ),
)

# %% [markdown] tags=["lang-en"]
# No error anywhere. Scaled twice, every picture is nearly blank to the net. Never scaled looks
# harmless: ReLU passes a common factor on, so the winner mostly stays, but the scores are some two
# hundred times too large, and almost every probability is pushed to one or to zero. So
# preprocessing belongs into the model. That holds for `Normalization` and its means, and for
# `TextVectorization` and its vocabulary, too.
#
# Layers that act in training alone, such as Dropout and data augmentation, must be told which call
# is meant. `predict` and `evaluate` tell them; when you call the model yourself, write
# `model(x, training=False)`. Augmentation layers take a plain `model(x)` for training:

# %% [markdown] tags=["lang-zh"]
# 全程没有报错。缩放两次，在网络眼里每张图都几乎是空白。完全不缩放看似无害：ReLU 会把公共的倍数传下
# 去，所以得分最高的多半不变，但得分大了两百多倍，几乎所有概率都被推向 0 或 1。所以预处理应该放进模
# 型里；`Normalization` 和它的均值、`TextVectorization` 和它的词表也一样。
#
# Dropout、数据增强这类只在训练时起作用的层，必须知道这次调用是哪一种。`predict` 和 `evaluate` 会告
# 诉它们；自己调用模型时，请写 `model(x, training=False)`。数据增强层把单独的 `model(x)` 当成训练：

# %%
augmentation = layers.RandomRotation(0.1, fill_mode="constant", seed=0)
digit = x_test[:1, :, :, np.newaxis].astype("float32")
in_use = augmentation(digit, training=False)
plain_call = augmentation(digit)
off = float(np.abs(in_use - digit).max())
on = round(float(np.abs(plain_call - digit).max()))
teaching.tell(
    en=f"largest change of a pixel: {off} with training=False, {on} without",
    zh=f"像素的最大变化：写 training=False 时为 {off}，不写时为 {on}",
)

# %% [markdown] tags=["lang-en"]
# ## The whole program
#
# A net with Dropout, from the splits to the saved file, with both callbacks. Stop it by Ctrl-C and
# start it again: `BackupAndRestore` goes on with the epoch that was under way, and at the end
# `ModelCheckpoint` has kept the weights of the best epoch.

# %% [markdown] tags=["lang-zh"]
# ## 完整程序
#
# 一个带 Dropout 的网络，从数据划分一直到保存文件，两个回调都用上。按 Ctrl-C 停下，再启动一次：
# `BackupAndRestore` 从没走完的那一轮接着训练；到结束时，`ModelCheckpoint` 已经留住了最好一轮的权
# 重。

# %% tags=["program"]
# program: dropout_mlp

# %% [markdown] tags=["lang-en"]
# **Opinion.** A checkpoint from which nobody has ever resumed is a hope. Stop every new training
# once on purpose, resume it and compare: an hour's work before days of training. People who keep
# data for a living say so of backups, see
# [Google, Site Reliability Engineering, chapter 26](https://sre.google/sre-book/data-integrity/).
# **Caveat**: exact resuming holds for the same versions and the same number of threads; `kerastut`
# refuses to resume when either has changed, unless forced.
#
# ## What next
#
# - **Your own kinds of pictures**, a folder for each: `kerastut run cnn-augmented --data FOLDER`,
#   see *Your own data*.
# - **A net that has seen millions of pictures** as the start: `keras.applications`, with the last
#   layer replaced; its weights come once from the network.
# - **Your own texts**, some hundred with labels: `kerastut run mlp-reviews --data FILE` first, as
#   the baseline.
# - **Showing it to others**: `kerastut demo RUN`, see *A page that shows a trained net at work*.
# - **A program without Keras**: `kerastut export RUN`, see *From a trained model to your own
#   pictures*.
# - **More of the mathematics**: [Dive into Deep Learning](https://d2l.ai/).
#
# ## Exercises

# %% [markdown] tags=["lang-zh"]
# **观点**：从没有人用来续训过的检查点，算不上可靠。每个新的训练都应该故意中断一次，续训，再比较：
# 花一个小时，好过赔上几天的训练。以保管数据为业的人对备份也是这么说的，见
# [Google，Site Reliability Engineering，第 26 章](https://sre.google/sre-book/data-integrity/)。
# **注意**：续训后完全相同，前提是版本和线程数都没变；两者有一个变了，`kerastut` 就拒绝续训，除非强
# 制。
#
# ## 接下来做什么
#
# - **自己的几类图像**，每类一个文件夹：`kerastut run cnn-augmented --data FOLDER`，
#   见专题《自己的数据》。
# - **从见过几百万张图像的网络起步**：`keras.applications`，换掉最后一层；权重只需从网络下载一次。
# - **自己的文本**，几百条带标签的：先用 `kerastut run mlp-reviews --data FILE` 做基线。
# - **演示给别人看**：`kerastut demo RUN`，见专题《演示页面：看训练好的网络怎样工作》。
# - **在没有 Keras 的程序里使用**：`kerastut export RUN`，见专题《从训练好的模型到自己的图片，到别
#   的机器》。
# - **多了解一些数学**：[《动手学深度学习》](https://zh.d2l.ai/)。
#
# ## 练习

# %% [markdown] tags=["lang-en"]
# **Exercise 1** ★ (by hand). Adam divides its moving average by $1 - \beta_1^t$, because the
# average starts at zero. Write the corrected average after $t$ steps of one and the same gradient
# $g$: what is it for any $t$? And what comes out after one step if the average starts anew at
# zero while the step number says 130? `steps` is how many steps were averaged, `step_number` the
# $t$ of the divisor.

# %% [markdown] tags=["lang-zh"]
# **练习 1** ★（手算）。Adam 的指数移动平均从零开始，所以要除以 $1 - \beta_1^t$。梯度一直是同一个
# $g$，写出走了 $t$ 步之后修正过的平均。不论 $t$ 是多少，它等于什么？又如果平均从零重新开始，步数却
# 是 130，走一步之后得到什么？`steps` 是参与平均的步数，`step_number` 是除数里的 $t$。


# %% tags=["solution"]
def corrected_average(g, beta, steps, step_number):
    # BEGIN SOLUTION
    average = 0.0
    for _ in range(steps):
        average = beta * average + (1 - beta) * g
    return average / (1 - beta**step_number)
    # END SOLUTION


# %% tags=["check"]
# It is the gradient itself.
# zh: 就是梯度本身。
assert np.isclose(corrected_average(3.0, 0.9, 7, 7), 3.0)
# A tenth of it.
# zh: 是它的十分之一。
assert np.isclose(corrected_average(3.0, 0.9, 1, 130), 0.3, atol=1e-3)
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 2** ★ (by hand). `ModelCheckpoint` with `save_best_only=True` writes after each epoch
# whose loss is lower than all before. Write `written_epochs(losses)`, the list of these epochs,
# counted from 1. The check lets Keras write a file of its own for each of them.

# %% [markdown] tags=["lang-zh"]
# **练习 2** ★（手算）。`ModelCheckpoint` 设了 `save_best_only=True` 时，只要某一轮的损失低于此前所
# 有各轮，就写一次文件。写出 `written_epochs(losses)`，返回这些轮次的列表，从 1 数起。自检时，Keras
# 会为其中的每一轮各写一个文件。


# %% tags=["solution"]
def written_epochs(losses):
    # BEGIN SOLUTION
    lowest = np.inf
    epochs = []
    for epoch, loss in enumerate(losses, start=1):
        if loss < lowest:
            lowest = loss
            epochs.append(epoch)
    return epochs
    # END SOLUTION


# %% tags=["check"]
# An equal loss is not lower.
# zh: 相等不算更低。
assert written_epochs([0.9, 0.5, 0.6, 0.4, 0.4]) == [1, 2, 4]
observer = keras.callbacks.ModelCheckpoint(
    str(folder / "written{epoch:02d}.keras"),
    monitor="val_loss",
    save_best_only=True,
)
keras.utils.set_random_seed(5)
observed = build_model().fit(
    x_train[:500],
    y_train[:500],
    epochs=20,
    validation_data=(x_validation[:500], y_validation[:500]),
    callbacks=[observer],
    verbose=0,
)
expected = written_epochs(observed.history["val_loss"])
files = [f"written{epoch:02d}.keras" for epoch in expected]
assert files == sorted(path.name for path in folder.glob("written*.keras"))
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 3** ★★ (build). Write a function that builds and trains a net on the 8,000 pictures for
# at most 15 epochs, keeps the epoch of the **highest validation accuracy** in the file
# `path`, and returns the model loaded from that file. It must reach 0.92 on the validation split.

# %% [markdown] tags=["lang-zh"]
# **练习 3** ★★（构建）。写一个函数：搭建一个网络，用那 8,000 张图像训练至多 15 轮，把**验证准确率最
# 高**的一轮存进文件 `path`，并返回从该文件加载的模型。它在验证集上要达到 0.92。


# %% tags=["solution"]
def train_and_keep(path):
    # BEGIN SOLUTION
    keep = keras.callbacks.ModelCheckpoint(
        path,
        monitor="val_accuracy",
        mode="max",
        save_best_only=True,
    )
    net = build_model()
    net.fit(
        x_train[:8000],
        y_train[:8000],
        epochs=8,
        validation_data=(x_validation, y_validation),
        callbacks=[keep],
        verbose=0,
    )
    return keras.models.load_model(path)
    # END SOLUTION


# %% tags=["check"]
keras.utils.set_random_seed(3)
kept = train_and_keep(folder / "kept.keras")
reached = kept.evaluate(x_validation, y_validation, verbose=0)[1]
assert 0.92 <= reached <= 0.985, reached
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 4** ★★ (repair). This function is meant to save the net after every epoch and keep the
# best. In Keras 3 it raises an error; with only the file's name and the arguments mended it would
# keep the *worst* epoch.
# Mend both.
#
# ```python
# def saver(path):
#     return keras.callbacks.ModelCheckpoint(
#         path + ".hdf5", monitor="val_accuracy", mode="min",
#         save_best_only=True, period=1)
# ```

# %% [markdown] tags=["lang-zh"]
# **练习 4** ★★（修复）。这个函数本想在每轮之后保存网络，并留下最好的一轮。在 Keras 3 里它会报错；
# 如果只改文件名和多余的参数，留下的反而是*最差*的一轮。请把两处都改好。
#
# ```python
# def saver(path):
#     return keras.callbacks.ModelCheckpoint(
#         path + ".hdf5", monitor="val_accuracy", mode="min",
#         save_best_only=True, period=1)
# ```


# %% tags=["solution"]
def saver(path):
    # BEGIN SOLUTION
    return keras.callbacks.ModelCheckpoint(
        path + ".keras",
        monitor="val_accuracy",
        mode="max",
        save_best_only=True,
    )
    # END SOLUTION


# %% tags=["check"]
keras.utils.set_random_seed(4)
watched = build_model()
mended = watched.fit(
    x_train[:2000],
    y_train[:2000],
    epochs=4,
    validation_data=(x_validation, y_validation),
    callbacks=[saver(str(folder / "mended"))],
    verbose=0,
)
found = keras.models.load_model(folder / "mended.keras")
highest = max(mended.history["val_accuracy"])
assert np.isclose(found.evaluate(x_validation, y_validation, verbose=0)[1], highest, atol=1e-6)
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 5** ★ (quiz). You save with `save_weights` and want to predict in a new program. What
# does it need beside the file?
#
# <details class="choice"><summary>nothing</summary>
#
# No: the file holds numbers, not layers.
#
# </details>
# <details class="choice"><summary>the code that builds the same layers</summary>
#
# Yes: the same layers, in the same order, of the same sizes.
#
# </details>
# <details class="choice"><summary>the training data</summary>
#
# No: predicting needs the weights and the layers, no data but the new ones.
#
# </details>
#
# **Exercise 6** ★★ (quiz). A training has both callbacks, `save_best_only=True`. Up to now epoch 6
# was the best. It is stopped after epoch 8, started again, and goes on with epoch 9. What does
# `ModelCheckpoint` do after epoch 9?
#
# <details class="choice"><summary>it writes if the epoch is better than epoch 6</summary>
#
# No: the program has made a new `ModelCheckpoint`, which knows of no epoch before.
#
# </details>
# <details class="choice"><summary>it writes in any case</summary>
#
# Right: for the new one, epoch 9 is the best so far, and the weights of epoch 6 are gone. Put the
# epoch into the file's name, or give `initial_value_threshold` the lowest loss so far.
#
# </details>
# <details class="choice"><summary>it writes nothing any more</summary>
#
# No: it works as in any training.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **练习 5** ★（测验）。用 `save_weights` 保存之后，想在新程序里预测。除了这个文件，还需要什么？
#
# <details class="choice"><summary>什么都不需要</summary>
#
# 不对：文件里只有数，没有层。
#
# </details>
# <details class="choice"><summary>搭出同样各层的代码</summary>
#
# 对：同样的层、同样的顺序、同样的大小。
#
# </details>
# <details class="choice"><summary>训练数据</summary>
#
# 不对：预测只要权重和层，除了要预测的新数据，不需要别的数据。
#
# </details>
#
# **练习 6** ★★（测验）。一次训练用了这两个回调，并设了 `save_best_only=True`。到目前为止，第 6 轮最
# 好。训练在第 8 轮之后中断，重新启动，从第 9 轮接着走。第 9 轮之后，`ModelCheckpoint` 会做什么？
#
# <details class="choice"><summary>这一轮比第 6 轮好，才写文件</summary>
#
# 不对：程序新建了一个 `ModelCheckpoint`，以前的各轮它都不知道。
#
# </details>
# <details class="choice"><summary>不管好坏都写</summary>
#
# 对：在新的回调看来，第 9 轮就是目前最好的，第 6 轮的权重也就没了。可以把轮次写进文件名，或者把目前
# 的最低损失交给 `initial_value_threshold`。
#
# </details>
# <details class="choice"><summary>不再写文件</summary>
#
# 不对：它和平常训练时一样工作。
#
# </details>
