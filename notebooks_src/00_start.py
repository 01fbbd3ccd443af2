# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["lang-en"]
# # Start: from pictures to a saved model on one screen
#
# Below is one handwritten digit, as a person sees it and as a program sees it. You read it at a
# glance. In fifteen minutes a net of your own will read it too, and you will have the program that
# made the net, on one screen.
#
# - **Prerequisites**: a little Python: variables, lists, calling a function. No mathematics.
# - **You will be able to**: say what a layer, a model, `compile`, `fit` and `evaluate` do; divide
#   data into three splits and say what each is for; train a net, look at its history, test it once,
#   predict one picture, save the model and load it again.
# - **Minutes**: about 15, and as many for the exercises.

# %% [markdown] tags=["lang-zh"]
# # 起步：一屏代码，从图像到保存好的模型
#
# 这里是一个手写数字：左边是人看到的样子，右边是程序看到的样子。你一眼就能认出它。十五分钟之后，
# 你自己的网络也能认出它，而训练这个网络的完整程序，一屏就能放下。
#
# - **预备知识**：一点 Python：变量、列表、调用函数。不需要数学。
# - **学完之后你能够**：说出层、模型、`compile`、`fit`、`evaluate` 各做什么；把数据分成三份，并说明
#   每一份的用途；训练一个网络，查看训练历史，测试一次，预测一张图像，保存模型再加载回来。
# - **预计学习时间**：约 15 分钟，练习另需差不多的时间。

# %% tags=["install"]
# %pip install --quiet kerastut

# %%
# %matplotlib inline
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import layers

from kerastut import teaching

# %%
# The file holds 70,000 pictures and their labels as NumPy arrays.
# zh: 这个文件以 NumPy 数组的形式存放了 70,000 张图像和它们的标签。
data = np.load("mnist.npz")
pictures = data["x_train"]
labels = data["y_train"]
print(pictures.shape, pictures.dtype, labels.shape)

# %% tags=["hide-input"]
teaching.alt(
    en="A handwritten digit as a grey picture, and beside it grey values of its middle.",
    zh="一个手写数字的灰度图，旁边是其中间部分的灰度值。",
)
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 4))
left.imshow(pictures[7], cmap="gray_r")
left.set_title("as a person sees it")
right.imshow(pictures[7], cmap="gray_r", alpha=0.15)
for row in range(6, 22, 2):
    for column in range(6, 22, 2):
        value = pictures[7][row, column]
        right.text(column, row, value, ha="center", va="center", fontsize=10)
right.set_xlim(4.5, 21.5)
right.set_ylim(21.5, 4.5)
right.set_title("as a program sees it")
for axes in (left, right):
    axes.axis("off")

# %% [markdown] tags=["lang-en"]
# A picture is a table of 28 rows and 28 columns. Each entry is a grey value from 0, the paper, to
# 255, the ink; on the right is the middle of the picture, with every second value. The label is the
# digit that was written, a whole number from 0 to 9. MNIST, as this collection is called, has
# 60,000 pictures to learn from and 10,000 to test with.
#
# (three-splits)=
# ## Three splits
#
# A net can learn pictures by heart. Whether it has learned *digits* only shows on pictures that it
# has never seen. So we divide the data before anything else:
#
# | split | what it is for | how often it is used |
# |---|---|---|
# | training | the net learns from it | in every epoch |
# | validation | you watch it and decide: go on, stop, try another net | after every epoch |
# | test | it gives the number that you report | once, at the end |
#
# Why not watch the test split? Because whoever chooses by it tunes the net to it, and then its
# number is no longer an honest answer to "how good is it on new pictures?"

# %% [markdown] tags=["lang-zh"]
# 一张图像就是一个 28 行 28 列的表格。每一格是一个灰度值，从 0（纸）到 255（墨迹）；右图是图像的
# 中间部分，每隔一格写出了数值。标签是所写的数字，即 0 到 9 的整数。这个数据集叫 MNIST，
# 有 60,000 张图像用来学习，10,000 张用来测试。
#
# (three-splits)=
# ## 三份数据
#
# 网络可以把图像死记硬背下来。它究竟有没有学会*数字*，只有用从没见过的图像才看得出来。
# 所以，第一步就是把数据分开：
#
# | 数据 | 用途 | 使用次数 |
# |---|---|---|
# | 训练集 | 网络从中学习 | 每一轮都用 |
# | 验证集 | 供你观察和决定：继续、停止，还是换一个网络 | 每一轮之后 |
# | 测试集 | 给出最后要报告的数 | 只用一次，在最后 |
#
# 为什么不直接看测试集？因为谁按它来做选择，谁就是在让网络去迎合它；这样得到的数，
# 就不再能如实回答“遇到新图像时有多好”。

# %%
# The last 5,000 of the 60,000 pictures are held out to watch the training.
# zh: 60,000 张图像中的最后 5,000 张留出来，用于观察训练。
x_train = pictures[:55000]
y_train = labels[:55000]
x_validation = pictures[55000:]
y_validation = labels[55000:]
x_test = data["x_test"]
y_test = data["y_test"]
print("training", len(x_train))
print("validation", len(x_validation))
print("test", len(x_test))

# %% [markdown] tags=["lang-en"]
# What happens otherwise, the box below tells. It is the first of its kind: five older Keras
# tutorials, T0 to T4 for short, hold mistakes that this course names where the right way is taught,
# and measures where it can. T0 goes from linear regression to nets for pictures (CNN, chapter 6)
# and for texts (RNN, chapter 7), T1 introduces networks, T2 shows how models are built and trained,
# T3 explains principles, T4 trains a CNN. A number behind such a name, as in T4 3-6, is a section
# of that tutorial. A **recipe**, such as mlp-mnist, is a short file of kerastut: a model, its
# data and the result it must reach. `kerastut run mlp-mnist`, typed in a terminal, trains it;
# `kerastut show` prints it, `kerastut copy` writes you a copy.
#
# Two words of the box: an **MLP** is a net like the one below, chapter 4 is about it. **Data
# leakage** means that something of the test data gets into training or into a choice.

# %% [markdown] tags=["lang-zh"]
# 不这样做会怎样，下面的方框说明了。这是第一个这样的方框：五篇较早的 Keras 教程（简称 T0 到 T4）里有
# 一些错误，本课程讲到正确做法时会逐一指出，能测量的就测量。T0 从线性回归讲到处理图像的网络（CNN，第
# 6 章）和处理文本的网络（RNN，第 7 章），T1 介绍神经网络，T2 讲模型的搭建和训练，T3 讲解原理，T4 训
# 练一个 CNN。名称后面的数字，如 T4 3-6，是那篇教程的节号。**配方**（如 mlp-mnist）是 kerastut 附
# 带的一个短小的文件，写明模型、数据和应当达到的结果。在终端输入 `kerastut run mlp-mnist` 就训练
# 它；`kerastut show` 显示它，`kerastut copy` 给你复制一份。
#
# 方框里有两个词：**MLP**（多层感知机）就是下面这样的网络，第 4 章专门讲它；**数据泄漏**，指测试数据
# 的信息混进了训练，或者混进了某个选择。

# %% tags=["hide-input"]
teaching.erratum("T4-08")

# %% [markdown] tags=["lang-en"]
# (layers-and-models)=
# ## Layers make a model
#
# A **layer** takes an array, computes another one and hands it on. Many layers hold numbers that
# training changes: their **weights**. Here the **model** is layers in a row, four of them.
# `keras.Sequential` makes it from a list: each layer passes its result to the next one.
#
# 1. `Rescaling` divides by 255, so that all values lie between 0 and 1;
# 2. `Flatten` puts the 28 rows one after the other, as one long row of numbers;
# 3. `Dense(64, activation="relu")` computes 64 new numbers, each a weighted sum of all pixels plus
#    one more number of its own, the **bias**; negative results are set to zero (`relu`). The layer
#    has 64 **units**, one for each number; a layer between input and output is a **hidden layer**;
# 4. `Dense(10, activation="softmax")` computes ten probabilities, one for each digit; they add up
#    to 1.
#
# `keras.Input` before them only says what one picture looks like: it computes nothing, and
# `model.layers` does not count it.

# %% [markdown] tags=["lang-zh"]
# (layers-and-models)=
# ## 层组成模型
#
# **层**接收一个数组，算出另一个数组，再传给下一层。许多层内部存有一些数，训练改变的就是它们，
# 称为**权重**。这里的**模型**就是排成一列的层，共有四层。`keras.Sequential` 由一个列表搭出模型：
# 每一层都把结果传给下一层。
#
# 1. `Rescaling` 除以 255，使所有数值落在 0 和 1 之间；
# 2. `Flatten` 把 28 行首尾相接，排成一长行；
# 3. `Dense(64, activation="relu")` 算出 64 个新的数，每个都是全部像素的加权和，再加上一个自己的
#    数，称为**偏置**；结果为负的置为零（`relu`）。每个数来自一个**单元**，这一层有 64 个单元；夹在
#    输入和输出中间的层叫**隐藏层**；
# 4. `Dense(10, activation="softmax")` 算出十个概率，每个数字一个，加起来等于 1。
#
# 前面的 `keras.Input` 只说明一张图像的形状：它不做计算，`model.layers` 里也不算它。

# %%
# The same seed draws the same first weights: you see the same numbers again.
# zh: 种子相同，最初的权重就相同，再次运行会得到同样的数。
keras.utils.set_random_seed(0)
model = keras.Sequential(
    [
        keras.Input((28, 28)),
        layers.Rescaling(1 / 255),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.summary()

# %% tags=["hide-input"]
last_layer = model.layers[3].count_params()
teaching.match("parameters of the last layer", 64 * 10 + 10, last_layer)

# %% [markdown] tags=["lang-en"]
# The table has a line for each layer: its name and its kind (*Layer (type)*), the shape of what it
# hands on (*Output Shape*), and how many weights and biases, together the **parameters**, it has
# (*Param #*). `None` stands for the number of pictures, which may be any. A `Dense` layer has one
# weight for each pair of an input and an output, and a bias for each output: count them for the
# last layer, 64 × 10 + 10, and compare with the table.
#
# (compile)=
# ## `compile`: what counts as better
#
# Before a model can learn it must know three things:
#
# - the **loss**, one number that says how wrong the probabilities are. Training makes it small. For
#   labels that are whole numbers it is `sparse_categorical_crossentropy`;
# - the **optimizer**, the rule by which weights change. `adam` is a good first choice;
# - the **metrics**, numbers for people. `accuracy` is the share of pictures that are read
#   correctly.

# %% [markdown] tags=["lang-zh"]
# 表中每层一行：层的名称和类型（Layer (type)）、输出的形状（Output Shape）、权重和偏置的总个数，即
# **参数**个数（Param #）；最下面是参数的总数（Total params），以及其中训练会改变的（Trainable
# params）。`None` 代表图像的张数，可以是任意值。`Dense` 层的每一对输入与输出之间有一个权重，每个输
# 出还有一个偏置：算一算最后一层有多少个参数，64 × 10 + 10，再与表中的数对照。
#
# (compile)=
# ## `compile`：怎样才算更好
#
# 模型在学习之前，必须知道三件事：
#
# - **损失**（loss）：用一个数说明这些概率错得有多厉害，训练就是要让它变小。标签是整数时，用
#   `sparse_categorical_crossentropy`；
# - **优化器**（optimizer）：改变权重所依据的规则。`adam` 是不错的首选；
# - **指标**（metrics）：给人看的数。`accuracy` 是认对的图像所占的比例，即准确率。

# %%
model.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)

# %% [markdown] tags=["lang-en"]
# **Predict.** The weights are still random. What share of the validation pictures does this net
# read correctly? Choose before you go on.
#
# <details class="choice"><summary>none at all</summary>
#
# No: even a blind guess hits sometimes. To be wrong every time one would have to know the answer.
#
# </details>
# <details class="choice"><summary>about one in ten</summary>
#
# Yes: there are ten digits, about equally frequent, and the net knows nothing yet.
#
# </details>
# <details class="choice"><summary>about half of them</summary>
#
# No: one half would be a blind guess between two classes. Here there are ten.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **先猜**：权重还是随机的。这个网络能认对验证集中多大比例的图像？选好了再往下看。
#
# <details class="choice"><summary>一张也认不对</summary>
#
# 不对：随便猜也有猜中的时候。要做到每次都错，反而得先知道答案。
#
# </details>
# <details class="choice"><summary>大约十分之一</summary>
#
# 对：一共十个数字，出现的次数差不多，而网络此时什么都不知道。
#
# </details>
# <details class="choice"><summary>大约一半</summary>
#
# 不对：只有两个类别时，随机猜测才能对一半。这里有十个类别。
#
# </details>

# %%
# verbose=0 prints nothing on the way; return_dict=True gives each number its name.
# zh: verbose=0：不显示进度；return_dict=True：返回字典，每个数都有名称。
untrained = model.evaluate(x_validation, y_validation, verbose=0, return_dict=True)
print("accuracy", round(untrained["accuracy"], 3))

# %% [markdown] tags=["lang-en"]
# (fit)=
# ## `fit`: learn
#
# `fit` goes through the training pictures in small portions, **batches** of 128 here. After each
# batch it moves the weights a little, in order to make the loss smaller. One passage through all
# pictures is an **epoch**. With `verbose=2` it prints a line for each epoch.

# %% [markdown] tags=["lang-zh"]
# (fit)=
# ## `fit`：学习
#
# `fit` 把训练图像分成小份，一份一份地过，每一份称为一个**批次**（batch），这里是 128 张。每过一个
# 批次，它就把权重挪动一点点，为的是让损失变小。把所有图像过一遍，叫做**一轮**（epoch）。
# `verbose=2` 让它每轮显示一行。

# %%
history = model.fit(
    x_train,
    y_train,
    batch_size=128,
    epochs=5,
    validation_data=(x_validation, y_validation),
    verbose=2,
)

# %% [markdown] tags=["lang-en"]
# `430/430` counts the batches: 55,000 pictures in portions of 128, rounded up. What starts with
# `val_` was measured on the validation split. On your machine each line tells its time too, and
# TensorFlow may begin with lines on oneDNN, CUDA or `cuInit`: they are no errors. Without a
# graphics card it computes on the processor. The same numbers are in `history.history`, a
# dictionary with one list for each name, and a plot shows more than a list:

# %% [markdown] tags=["lang-zh"]
# `430/430` 是批次数：55,000 张图像，每份 128 张，向上取整。以 `val_` 开头的数是在验证集上测得的。
# 在你的机器上，每行还会显示用时；最前面可能有几行 TensorFlow 关于 oneDNN、CUDA 或 `cuInit` 的信息，
# 它们不是错误，可以忽略：没有显卡时，就用处理器计算。同样的数也在 `history.history` 里：这是一个字
# 典，每个名称对应一个列表。画成图，比看列表清楚：

# %%
teaching.alt(
    en="The loss over five epochs, a curve for training and one for validation.",
    zh="五轮中的损失，训练和验证各一条曲线。",
)
epochs = range(1, 6)
plt.plot(epochs, history.history["loss"], "o-", label="training")
plt.plot(epochs, history.history["val_loss"], "s--", label="validation")
plt.xticks(epochs)
plt.xlabel("epoch")
plt.ylabel("loss")
plt.legend()
plt.show()

# %% tags=["hide-input"]
training_loss = history.history["loss"][-1]
validation_loss = history.history["val_loss"][-1]
gap = validation_loss - training_loss
teaching.say(
    en=(
        f"After the last epoch the loss is {training_loss:.3f} on the training pictures and"
        f" {validation_loss:.3f} on the others, {abs(gap):.3f}"
        f" {'more' if gap > 0 else 'less'}. Keras averages the training loss over the epoch, in"
        " which the net was still getting better, and measures the validation loss after it: so"
        " the first can be the larger one. As long as the validation curve falls, what the net"
        " learns is of use for new pictures too. Where it turns upward while the training curve"
        " goes on falling, the net learns its pictures by heart, at the cost of new ones."
    ),
    zh=(
        f"最后一轮之后，训练集上的损失是 {training_loss:.3f}，验证集上是 {validation_loss:.3f}，"
        f"后者{'高' if gap > 0 else '低'}了 {abs(gap):.3f}。训练损失是整轮的平均值，"
        "而网络在这一轮里还在进步；验证损失是这一轮结束之后才测的，所以前者反而可能更大。"
        "只要验证曲线还在下降，网络学到的东西对新图像也有用；"
        "如果训练曲线继续下降而验证曲线掉头向上，网络就是在死记它的图像，遇到新图像反而更差。"
    ),
)

# %% [markdown] tags=["lang-en"]
# (by-heart)=
# ## When it goes wrong: learned by heart
#
# Let us provoke it. The same layers get 500 pictures instead of 55,000, and go through them forty
# times:

# %% [markdown] tags=["lang-zh"]
# (by-heart)=
# ## 出错的时候：死记硬背
#
# 我们来故意让它出错。同样的层，只给 500 张图像，而不是 55,000 张，反复看四十遍：

# %%
keras.utils.set_random_seed(0)
# The same layers, with new random weights.
# zh: 同样的层，换上新的随机权重。
few_model = keras.models.clone_model(model)
few_model.compile(
    optimizer="adam",
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
few_history = few_model.fit(
    x_train[:500],
    y_train[:500],
    batch_size=32,
    epochs=40,
    validation_data=(x_validation, y_validation),
    verbose=0,
)

# %% tags=["hide-input"]
teaching.alt(
    en="The loss over forty epochs with 500 pictures: training falls to nearly zero, validation"
    " falls, levels off and rises slowly.",
    zh="用 500 张图像训练四十轮的损失：训练曲线几乎降到零，验证曲线先降，再持平，然后慢慢上升。",
)
plt.plot(range(1, 41), few_history.history["loss"], label="training")
plt.plot(range(1, 41), few_history.history["val_loss"], "--", label="validation")
plt.xlabel("epoch")
plt.ylabel("loss")
plt.legend()
plt.show()

# %% tags=["hide-input"]
few_validation = few_history.history["val_loss"]
turning = 1 + int(np.argmin(few_validation))
by_heart = few_history.history["loss"][-1]
assert turning < 40, few_validation
assert by_heart < 0.05, by_heart
teaching.say(
    en=(
        f"On its own pictures the loss ends at {by_heart:.3f}: the net knows them by heart. On the"
        f" validation pictures it is lowest after epoch {turning}, {min(few_validation):.3f}, and"
        f" ends at {few_validation[-1]:.3f}. This is called **overfitting**. More pictures are the"
        " best remedy; chapter 5 has others."
    ),
    zh=(
        f"在它自己的图像上，损失最后是 {by_heart:.3f}：这些图像它已经背熟了。在验证集上，损失在第"
        f" {turning} 轮之后最低，为 {min(few_validation):.3f}，最后却是 {few_validation[-1]:.3f}。"
        "这叫做**过拟合**。最好的办法是增加图像，第 5 章还有别的办法。"
    ),
)

# %% [markdown] tags=["lang-en"]
# (chance)=
# ## How much is luck?
#
# The first weights are random, and so is the order of the pictures. The **seed** decides both: with
# another one the same program ends at another accuracy. So we train twice more, with the same
# layers and other seeds:

# %% [markdown] tags=["lang-zh"]
# (chance)=
# ## 有多少是运气？
#
# 最初的权重是随机的，图像的先后次序也是。两者都由**种子**（seed）决定：换一个种子，同样的程序会得到
# 另一个准确率。所以，用同样的层、不同的种子再训练两次：

# %%
accuracies = [history.history["val_accuracy"][-1]]
for seed in (1, 2):
    keras.utils.set_random_seed(seed)
    another = keras.models.clone_model(model)
    another.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    another_history = another.fit(
        x_train,
        y_train,
        batch_size=128,
        epochs=5,
        validation_data=(x_validation, y_validation),
        verbose=0,
    )
    accuracies.append(another_history.history["val_accuracy"][-1])
print(np.round(accuracies, 4))

# %% tags=["hide-input"]
chance = np.std(accuracies, ddof=1)
guess = np.bincount(y_validation).max() / len(y_validation)
assert 0 < chance < 0.01, accuracies
teaching.say(
    en=(
        f"Validation accuracy of three seeds, mean ± standard deviation:"
        f" **{teaching.spread(accuracies)}**; always the most frequent digit: {guess:.3f}. Luck"
        " moves the last digits, not the result. Whoever changes the program and gains as little"
        " as luck does has found out nothing; chapter 3 says how large a gain must be."
    ),
    zh=(
        "三个种子的验证准确率，平均值 ± 标准差："
        f"**{teaching.spread(accuracies)}**；总猜最常见的数字：{guess:.3f}。"
        "运气只改变末尾几位，不改变结论。改了程序，得到的提高却和运气差不多，那就什么也没有证明；"
        "提高多少才算数，见第 3 章。"
    ),
)

# %% [markdown] tags=["lang-en"]
# (evaluate)=
# ## `evaluate`, once
#
# All decisions are made: layers, optimizer, epochs. Now the test split may be used, once. Nothing
# is changed after its number is known, and whatever you still want to find out about the net, look
# for it on the validation split.

# %% [markdown] tags=["lang-zh"]
# (evaluate)=
# ## `evaluate`：只用一次
#
# 所有决定都做完了：用哪些层，用什么优化器，训练几轮。现在才可以用测试集，只用一次。
# 知道这个数之后，什么都不再改；对这个网络还想了解什么，就在验证集上看。

# %%
scores = model.evaluate(x_test, y_test, verbose=0, return_dict=True)
print("test accuracy", round(scores["accuracy"], 4))

# %% tags=["hide-input"]
accuracy = scores["accuracy"]
most_frequent = np.bincount(y_test).max() / len(y_test)
wrong = round((1 - accuracy) * len(y_test))
assert 0.96 <= accuracy <= 0.985, accuracy
teaching.say(
    en=(
        f"**{accuracy:.1%}**, so {wrong} of {len(y_test):,} pictures are read wrongly. A program"
        f" that always answers the most frequent digit reaches {most_frequent:.2%}: a result is"
        " worth as much as its distance from such a baseline."
    ),
    zh=(
        f"**{accuracy:.1%}**，也就是 {len(y_test):,} 张图像中认错了 {wrong} 张。如果程序"
        f"总是回答最常见的那个数字，准确率是 {most_frequent:.2%}：一个结果有多大价值，"
        "要看它比这样的基线高出多少。"
    ),
)

# %% [markdown] tags=["lang-en"]
# (predict)=
# ## `predict` one picture
#
# `predict` takes a batch and returns one row of ten probabilities for each picture. One picture is
# a batch of one: the slice `x_test[:1]` has the shape `(1, 28, 28)`, where `x_test[0]` would lack
# the first axis. (A convolution, chapter 6, wants one axis more, for the colours.) The place of the
# largest probability is the answer.

# %% [markdown] tags=["lang-zh"]
# (predict)=
# ## `predict`：预测一张图像
#
# `predict` 接收一个批次，为每张图像返回一行，即十个概率。一张图像就是大小为 1 的批次：切片
# `x_test[:1]` 的形状是 `(1, 28, 28)`，而 `x_test[0]` 少了第一个轴。
# （第 6 章的卷积还要再多一个轴，用来放颜色通道。）概率最大的位置就是答案。

# %%
sample = x_test[:1]
probabilities = model.predict(sample, verbose=0)
print("shape", probabilities.shape)
print("digit", probabilities[0].argmax())
print("probability", round(float(probabilities[0].max()), 4))
print("label", y_test[0])

# %% tags=["hide-input"]
teaching.alt(
    en="The first test picture, and the ten probabilities as bars; one bar towers over the others.",
    zh="第一张测试图像，以及十个概率的条形图，其中一条远高于其他。",
)
figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3))
left.imshow(sample[0], cmap="gray_r")
left.axis("off")
right.bar(range(10), probabilities[0])
right.set_xticks(range(10))
right.set_xlabel("digit")
right.set_ylabel("probability")
plt.show()

# %% [markdown] tags=["lang-en"]
# (save-and-load)=
# ## Save, load, use
#
# One file holds it all: the layers, the weights, and the state of the optimizer. Another program
# needs Keras, with TensorFlow behind it, and this file: neither the data nor the code above. The
# name of the file must end in `.keras`.

# %% [markdown] tags=["lang-zh"]
# (save-and-load)=
# ## 保存、加载、使用
#
# 一个文件就装下了全部内容：层、权重，以及优化器的状态。别的程序只要装有 Keras 和它背后的
# TensorFlow，再加上这个文件，就能使用它，不需要数据，也不需要上面的代码。文件名必须以 `.keras` 结
# 尾。

# %%
model.save("digits.keras")
loaded = keras.models.load_model("digits.keras")
again = loaded.predict(sample, verbose=0)
print("same probabilities", np.array_equal(again, probabilities))

# %% [markdown] tags=["lang-en"]
# (whole-program)=
# ## The whole program
#
# Here it is once more in one piece, with a wider layer. It needs Keras with TensorFlow, NumPy,
# matplotlib and `mnist.npz` beside it. Its plot goes into a file, by `savefig`: a program that runs
# in a terminal need not open a window, as `plt.show()` would. It is an experiment of its own, its
# width was set beforehand, so it has a test of its own, once; to choose between the two nets,
# compare their validation accuracy. Copy it, run it, change it: it is yours.

# %% [markdown] tags=["lang-zh"]
# (whole-program)=
# ## 完整程序
#
# 把上面的内容合成一个程序，只是中间那一层更宽一些。它只需要 Keras（连同 TensorFlow）、NumPy、
# matplotlib，以及放在旁边的 `mnist.npz`。图用 `savefig` 存成文件：程序在终端里运行，不必像
# `plt.show()` 那样打开窗口。它是另一次独立的实验，层的宽度事先就定好了，所以也有自己的一次测试；
# 想在两个网络中选一个，就比较它们的验证准确率。复制它、运行它、修改它，它就是你的了。

# %% tags=["program"]
# program: mlp_mnist

# %% [markdown] tags=["lang-en"]
# The steps are always the same, whatever the data: **splits, layers, `compile`, `fit`, history,
# `evaluate` once, `predict`, `save`**. The following chapters say why each step works, and what to
# put in where the data are numbers, larger pictures or sentences.
#
# Try it at once with clothes instead of digits. Fashion-MNIST has pictures of the same shape, and
# ten classes too: put these lines in the place of the `with` block. Keras fetches the file, and
# hands over two pairs, one to learn from and one to test; the validation set you cut off yourself.
#
# ```python
# (pictures, labels), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()
# x_train = pictures[:55000]
# y_train = labels[:55000]
# x_validation = pictures[55000:]
# y_validation = labels[55000:]
# ```
#
# Keras knows classes by their numbers alone. Their names are a list of your own, in the order of
# the numbers, which the page of a data set tells. For Fashion-MNIST it is
#
# ```python
# names = ["T-shirt", "trousers", "pullover", "dress", "coat"]
# names += ["sandal", "shirt", "sneaker", "bag", "ankle boot"]
# ```
#
# Then `names[prediction[0].argmax()]` is the answer in words. For labels of a figure in Chinese,
# matplotlib needs a font that has the characters, else it draws empty boxes:
# `plt.rcParams["font.family"] = "Microsoft YaHei"` on Windows, `"Arial Unicode MS"` on macOS, on
# Linux `"WenQuanYi Micro Hei"` once that font is installed.
#
# ## Exercises

# %% [markdown] tags=["lang-zh"]
# 不管数据是什么，步骤总是这些：**划分数据、搭层、`compile`、`fit`、看历史、`evaluate` 一次、
# `predict`、`save`**。后面各章解释每一步为什么有效，以及当数据换成数字表格、更大的图像或句子时，
# 该换上什么。
#
# 不妨现在就把数字换成衣物试一试。Fashion-MNIST 的图像形状相同，也有十个类别：用下面几行代替程序里
# 的 `with` 那一段即可。Keras 会下载文件，返回两对数组，一对用来学习，一对用来测试；验证集要自己划
# 出来。
#
# ```python
# (pictures, labels), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()
# x_train = pictures[:55000]
# y_train = labels[:55000]
# x_validation = pictures[55000:]
# y_validation = labels[55000:]
# ```
#
# Keras 只认得类别的编号。名称要自己列成一个列表，次序与编号一致，数据集的说明里都会写明。
# Fashion-MNIST 的十个名称是
#
# ```python
# names = ["T 恤", "裤子", "套头衫", "连衣裙", "外套"]
# names += ["凉鞋", "衬衫", "运动鞋", "包", "短靴"]
# ```
#
# 这样 `names[prediction[0].argmax()]` 就是用文字写出的答案。图里要用中文标签，matplotlib 还需要一种
# 含有这些字的字体，否则只会画出空方框：Windows 上写
# `plt.rcParams["font.family"] = "Microsoft YaHei"`，macOS 上用 `"Arial Unicode MS"`，Linux 上装好字
# 体之后用 `"WenQuanYi Micro Hei"`。
#
# ## 练习

# %% [markdown] tags=["lang-en"]
# **Exercise 1** ★ (by hand). How many weights and biases has the layer `Dense(64)` of this chapter?
# It sees 784 numbers. Write a function for any numbers of inputs and outputs.

# %% [markdown] tags=["lang-zh"]
# **练习 1** ★（手算）。本章的 `Dense(64)` 层看到 784 个数，它有多少个权重和偏置？写一个函数，
# 对任意的输入数和输出数都适用。


# %% tags=["solution"]
def count_parameters(inputs, outputs):
    # BEGIN SOLUTION
    return inputs * outputs + outputs
    # END SOLUTION


# %% tags=["check"]
assert count_parameters(784, 64) == loaded.layers[2].count_params()
assert count_parameters(64, 10) == loaded.layers[3].count_params()
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 2** ★ (by hand). Compute the accuracy yourself: from the probabilities, shape
# `(n, 10)`, and the labels, shape `(n,)`, without a loop.

# %% [markdown] tags=["lang-zh"]
# **练习 2** ★（手算）。自己算准确率：已知概率，形状为 `(n, 10)`，和标签，形状为 `(n,)`，不用循环。


# %% tags=["solution"]
def accuracy_of(probabilities, labels):
    # BEGIN SOLUTION
    answers = probabilities.argmax(axis=1)
    return np.mean(answers == labels)
    # END SOLUTION


# %% tags=["check"]
ours = accuracy_of(np.asarray(model(x_validation)), y_validation)
# Compare the largest entry's place with the label.
# zh: 把最大项的位置与标签比较。
assert abs(ours - history.history["val_accuracy"][-1]) < 1e-6
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 3** ★★ (build). Write a function that returns a compiled model with **two** hidden
# `Dense` layers of 64 units each. After three epochs it must read at least 0.94 of the validation
# pictures; if it reads more than 0.99 of them, look at your splits.

# %% [markdown] tags=["lang-zh"]
# **练习 3** ★★（构建）。写一个函数，返回一个编译好的模型，含**两个** 64 个单元的 `Dense` 隐藏层。
# 训练三轮后，它至少要认对 0.94 的验证图像；如果超过 0.99，多半是数据划分出了问题。


# %% tags=["solution"]
def build_model():
    # BEGIN SOLUTION
    deeper = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    deeper.compile(
        optimizer="adam",
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return deeper
    # END SOLUTION


# %% tags=["check"]
keras.utils.set_random_seed(1)
deeper_model = build_model()
deeper_model.fit(x_train, y_train, batch_size=128, epochs=3, verbose=0)
result = deeper_model.evaluate(x_validation, y_validation, verbose=0, return_dict=True)
assert 0.94 <= result["accuracy"] <= 0.99, result
# Two hidden layers, beside Rescaling and Flatten.
# zh: 除 Rescaling 和 Flatten 外，隐藏层应有两个。
assert len(deeper_model.layers) == 5
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 4** ★★ (repair). This function raises no error, and the net that it returns stays at an
# accuracy of about one tenth. One line is missing and one is wrong; each of the two is enough to
# spoil it. Mend the function. `SGD(0.1)` is not to blame: it is another optimizer, and 0.1 its
# **learning rate**, the size of its steps; chapter 1 is about it.
#
# ```python
# def broken():
#     net = keras.Sequential(
#         [
#             keras.Input((28, 28)),
#             layers.Flatten(),
#             layers.Dense(64, activation="relu"),
#             layers.Dense(10, activation="relu"),
#         ]
#     )
#     net.compile(
#         optimizer=keras.optimizers.SGD(0.1),
#         loss="sparse_categorical_crossentropy",
#         metrics=["accuracy"],
#     )
#     return net
# ```

# %% [markdown] tags=["lang-zh"]
# **练习 4** ★★（修复）。这个函数不报错，可是它返回的网络，准确率一直停在十分之一左右。其中少了一
# 行，又错了一行；单是其中任何一处，就足以毁掉训练。请改好这个函数。`SGD(0.1)` 没有错：它是另一种优
# 化器，0.1 是它的**学习率**，即每一步的大小，第 1 章会讲。
#
# ```python
# def broken():
#     net = keras.Sequential(
#         [
#             keras.Input((28, 28)),
#             layers.Flatten(),
#             layers.Dense(64, activation="relu"),
#             layers.Dense(10, activation="relu"),
#         ]
#     )
#     net.compile(
#         optimizer=keras.optimizers.SGD(0.1),
#         loss="sparse_categorical_crossentropy",
#         metrics=["accuracy"],
#     )
#     return net
# ```


# %% tags=["solution"]
def repaired():
    # BEGIN SOLUTION
    net = keras.Sequential(
        [
            keras.Input((28, 28)),
            # At this rate the steps are far too long for values up to 255.
            # zh: 数值高达 255 时，按这个学习率走的每一步都太大了。
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            # Ten probabilities that add up to 1; relu gives numbers of any size.
            # zh: 十个概率，和为 1；relu 给出的只是十个大小不限的数。
            layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile(
        optimizer=keras.optimizers.SGD(0.1),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return net
    # END SOLUTION


# %% tags=["check"]
keras.utils.set_random_seed(1)
repaired_model = repaired()
repaired_model.fit(x_train, y_train, batch_size=128, epochs=1, verbose=0)
result = repaired_model.evaluate(x_validation, y_validation, verbose=0, return_dict=True)
assert 0.88 <= result["accuracy"] <= 0.97, result
teaching.tell(en="right", zh="正确")

# %% [markdown] tags=["lang-en"]
# **Exercise 5** ★ (quiz). You try ten nets, look at the test accuracy of each, and report the best
# one. What is wrong with the reported number?
#
# <details class="choice"><summary>It is too high on average</summary>
#
# Right. Each test accuracy is a little too high or too low by chance, and the best of ten is most
# likely one with a lucky chance. Choose by the validation split, and test the chosen net once.
#
# </details>
# <details class="choice"><summary>It is too low on average</summary>
#
# No: to choose the best of several favours the lucky ones over the unlucky ones.
#
# </details>
# <details class="choice"><summary>Nothing, since no net was trained on the test split</summary>
#
# No: the weights have not seen it, but you have, and you chose by it.
#
# </details>
#
# **Exercise 6** ★ (quiz). Over ten epochs the training loss falls steadily, while the validation
# loss falls until epoch four and then rises. What do you do?
#
# <details class="choice"><summary>Train longer, the training loss still falls</summary>
#
# No: from epoch four on the net learns its pictures by heart, and on new pictures it gets worse.
#
# </details>
# <details class="choice"><summary>Stop at about epoch four, or make memorising harder</summary>
#
# Right. Chapter 5 shows `EarlyStopping`, which does the first, and Dropout and L2, which do the
# second.
#
# </details>
# <details class="choice"><summary>Use the validation split for training as well</summary>
#
# No: then nothing is left to see it by.
#
# </details>

# %% [markdown] tags=["lang-zh"]
# **练习 5** ★（测验）。你试了十个网络，看了每一个在测试集上的准确率，报告其中最好的。这个数有什么
# 问题？
#
# <details class="choice"><summary>平均来说偏高</summary>
#
# 对。每个测试准确率都带有偶然性，时高时低；十个里最好的那个，多半是运气好的那个。
# 应当按验证集来选，选定之后只测试一次。
#
# </details>
# <details class="choice"><summary>平均来说偏低</summary>
#
# 不对：从几个里选最好的，运气好的总比运气差的更容易被挑中。
#
# </details>
# <details class="choice"><summary>没有问题，因为没有网络用测试集训练过</summary>
#
# 不对：权重没有见过测试集，可是你见过，而且按它做了选择。
#
# </details>
#
# **练习 6** ★（测验）。十轮训练中，训练损失一直下降，验证损失降到第四轮之后开始上升。怎么办？
#
# <details class="choice"><summary>继续训练，因为训练损失还在下降</summary>
#
# 不对：从第四轮起，网络是在死记它的图像，遇到新图像反而更差。
#
# </details>
# <details class="choice"><summary>在第四轮左右停下，或者让网络更难死记</summary>
#
# 对。第 5 章的 `EarlyStopping` 做前一件事，Dropout（暂退法）和 L2 做后一件事。
#
# </details>
# <details class="choice"><summary>把验证集也用来训练</summary>
#
# 不对：那样就再没有什么能让你看出问题了。
#
# </details>

# %% [markdown] tags=["lang-en"]
# **Opinion.** Write your first programs flat, from top to bottom, as above, and make functions only
# when you need a thing twice: in a flat program you can look at every array in between. Keras's own
# [examples](https://keras.io/examples/vision/mnist_convnet/) are written this way. **Caveat**:
# MNIST is easy, almost any net reads it well. On your own data a first result is usually worse, and
# the splits matter more.

# %% [markdown] tags=["lang-zh"]
# **观点**：最初的程序，像上面那样从上到下平铺着写，同一件事要做第二次时再写成函数：在平铺的程序里，
# 中间的每个数组都可以随时打印出来看。Keras 自己的
# [示例](https://keras.io/examples/vision/mnist_convnet/)也是这样写的。**注意**：MNIST 很简单，
# 几乎什么网络都能认好。换成你自己的数据，第一次的结果往往会差一些，数据划分也更要紧。
