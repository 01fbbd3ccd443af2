# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["lang-en"]
# # Sequences and text: reading a review
#
# 不太好 means "not too good", 太不好 "really bad": the same three characters, another order. Must a
# network read in order to know whether a customer was pleased, or is it enough to see which
# characters occur?
#
# - **Prerequisites**: the chapters on foundations and on the multilayer perceptron; the product of
#   a row and a matrix.
# - **You will be able to**: turn text into tokens and vectors; compute a recurrent cell and an LSTM
#   cell by hand; say what decides how long a network remembers; pad and mask, and recognise what
#   goes wrong without a mask; compare a sequence model with a baseline that ignores order.
# - **Minutes**: about 60 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 序列与文本：读懂一条评论
#
# “不太好”只是不够好，“太不好”就是很糟：同样三个字，换了顺序，意思就不一样。网络要判断顾客是否满意，
# 必须按顺序去读吗？还是只看出现了哪些字就够了？
#
# - **预备知识**：“基础”和“多层感知机”两章；行向量与矩阵相乘。
# - **学完之后你能够**：把文本变成词元，再变成向量；手工计算循环单元和 LSTM 单元；
#   说清网络能记多久由什么决定；会填充、会用掩码，也认得出缺了掩码的后果；
#   拿不看顺序的基线同序列模型比较。
# - **用时**：连同练习约 60 分钟。

# %% tags=["install"]
# %pip install --quiet kerastut

# %%
# %matplotlib inline
import keras
import numpy as np
import tensorflow as tf

import kerastut
from kerastut import plotting, teaching

recipe = teaching.recipe("text-lstm")
data = kerastut.load("reviews")
texts = list(data.train.x[[6530, 5957]])
encode = recipe.encoder(data.train.x)
both = encode(texts).numpy()
tokens = both[0]
words = encode.get_vocabulary()
print(texts[0], "|".join(words[token] for token in tokens if token), tokens[:12], sep="\n")

# %% [markdown] tags=["lang-en"]
# ## From characters to tokens
#
# The data are real reviews from Chinese shops, hotels and bookshops, positive or negative. The one
# above complains: "The keyboard does not feel too good." Chinese puts no spaces between words, and
# most words have two characters. So the recipe takes each pair of neighbouring characters as a
# **token** and gives every frequent pair a number. Two numbers are special: 0 is padding, 1 is any
# token outside the vocabulary.
#
# The vocabulary comes from the training reviews alone: whatever is learned from validation or test
# data is leakage. And it is part of the model, since with another table the same numbers would
# mean other pairs.
#
# A batch is a rectangle, but texts have all lengths. Long ones are cut, short ones are filled up
# with 0 at the end:

# %% [markdown] tags=["lang-zh"]
# ## 从字符到词元
#
# 数据是真实的中文购物、酒店和图书评论，分正面、负面两类。上面那一条是在抱怨键盘手感。
# 中文的词与词之间没有空格，而多数词是两个字。所以配方把每两个相邻的字当作一个**词元**（token），
# 再给常见的词元各编一个号。有两个编号是专用的：0 表示填充，1 表示词表以外的词元。
#
# 词表只根据训练集建立：凡是从验证集或测试集学来的东西，都属于数据泄漏。
# 词表也是模型的一部分：换一张表，同样的编号就指向别的字对了。
#
# 一批数据必须是矩形，文本却长短不一。太长的截断，太短的在末尾补 0：

# %%
counts = [len(text) - 1 for text in data.train.x]
teaching.lengths(counts, kept=len(tokens))

# %% [markdown] tags=["lang-en"]
# ## From tokens to vectors
#
# Token numbers are names, not sizes: token 8 is not twice token 4. An **embedding** replaces each
# by a row of a table that is learned like any other weight:
#
# $$x_t = E_{k_t} = o_t E$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $k_t$ | number of the token at position $t$ | one integer |
# | $o_t$ | zeros, with a one at place $k_t$ | $(V)$ |
# | $E$ | table; $V$ tokens, $d$ numbers each | $(V, d)$ |
# | $x_t$ | vector of the token | $(d)$ |
#
# So an embedding is a dense layer without bias on one-hot inputs. It only skips the multiplications
# by zero.

# %% [markdown] tags=["lang-zh"]
# ## 从词元到向量
#
# 词元的编号只是名字，没有大小之分：8 号词元并不是 4 号的两倍。**嵌入**（embedding）用一张表里的
# 一行来代替编号，而这张表和其他权重一样是学出来的：
#
# $$x_t = E_{k_t} = o_t E$$
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $k_t$ | 位置 $t$ 上词元的编号 | 一个整数 |
# | $o_t$ | 第 $k_t$ 位为 1、其余为 0 | $(V)$ |
# | $E$ | 嵌入表，$V$ 个词元，每个 $d$ 个数 | $(V, d)$ |
# | $x_t$ | 该词元的向量 | $(d)$ |
#
# 可见，嵌入就是作用在独热编码上、没有偏置的全连接层，只是省掉了那些乘以零的运算。

# %%
keras.utils.set_random_seed(0)
embed = keras.layers.Embedding(
    len(words), 16, keras.initializers.RandomNormal(0, 1), dtype="float64"
)
vectors, table = embed(tokens).numpy(), embed.embeddings.numpy()
one_hot = tokens[:, None] == np.arange(len(words))
teaching.match("rows of the table", table[tokens], vectors)
teaching.match("one-hot times table", one_hot @ table, vectors)

# %% [markdown] tags=["lang-en"]
# ## The recurrent cell
#
# A recurrent cell reads one vector after another and carries a **state** along, the summary of what
# came before:
#
# $$h_t = \tanh(x_t W + h_{t-1} U + b)$$
#
# | symbol | meaning | shape |
# |---|---|---|
# | $h_t$ | state after $t$ tokens; $h_0 = 0$ | $(n)$ |
# | $W$ | weights of the input | $(d, n)$ |
# | $U$ | weights of the state before | $(n, n)$ |
# | $b$ | bias | $(n)$ |
#
# The same $W$, $U$ and $b$ serve at every position, so the number of weights does not depend on the
# length. The state $h_T$ after the last of $T$ tokens goes on to the sigmoid unit.
#
# To learn from an early token, the gradient has to travel back through all states. Let $g_t$, of
# shape $(n)$, be the gradient of some number with respect to $h_t$. The chain rule, with $\odot$
# and the square element by element:
#
# $$g_{t-1} = \bigl(g_t \odot (1 - h_t^2)\bigr) U^{\top}$$

# %% [markdown] tags=["lang-zh"]
# ## 循环单元
#
# 循环单元逐个读入向量，同时带着一个**状态**往前走；状态就是对前文的概括：
#
# $$h_t = \tanh(x_t W + h_{t-1} U + b)$$
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $h_t$ | 读完 $t$ 个词元后的状态，$h_0 = 0$ | $(n)$ |
# | $W$ | 输入的权重 | $(d, n)$ |
# | $U$ | 前一状态的权重 | $(n, n)$ |
# | $b$ | 偏置 | $(n)$ |
#
# 每个位置用的都是同一组 $W$、$U$、$b$，所以权重的数量与文本长度无关。
# 读完全部 $T$ 个词元后的状态 $h_T$ 再交给 sigmoid 单元。
#
# 要从靠前的词元学到东西，梯度必须穿过所有状态往回传。设某个数对 $h_t$ 的梯度为 $g_t$，形状为
# $(n)$。由链式法则（$\odot$ 和平方都逐元素进行）：
#
# $$g_{t-1} = \bigl(g_t \odot (1 - h_t^2)\bigr) U^{\top}$$


# %%
def recurrent(x, w, u, b, start):
    states = [start]
    for row in x:
        states.append(np.tanh(row @ w + states[-1] @ u + b))
    return np.array(states)


def back(states, u):
    g = np.ones(len(u))  # of the sum of the last state
    for state in states[:0:-1]:
        g = (g * (1 - state**2)) @ u.T
    return g


x, start = vectors[:10], np.zeros(16)
layer = keras.layers.SimpleRNN(16, dtype="float64")
by_keras, (w, u, b) = layer(x[None])[0], layer.get_weights()
states = recurrent(x, w, u, b, start)
teaching.match("last state", states[-1], by_keras)
by_hand = back(states, u)
tried = teaching.finite_differences(lambda h: recurrent(x, w, u, b, h)[-1].sum(), [start])[0]
with tf.GradientTape() as tape:
    first = tf.Variable(start[None])
    end = tf.reduce_sum(layer(x[None], initial_state=first))
teaching.match("gradient by finite differences", by_hand, tried)
teaching.match("gradient by tape", by_hand, tape.gradient(end, first)[0])

# %% [markdown] tags=["lang-en"]
# Every step back multiplies by $U^{\top}$ and by numbers of at most one. Unless $U$ is large, in
# which case the gradient may explode, little is left after many steps: the gradient vanishes, and
# with it whatever an early word could teach
# ([Bengio, Simard and Frasconi, 1994](https://doi.org/10.1109/72.279181)).
#
# ## The LSTM cell
#
# The LSTM ([Hochreiter and Schmidhuber, 1997](https://doi.org/10.1162/neco.1997.9.8.1735); the
# forget gate came [in 2000](https://doi.org/10.1162/089976600300015015)) adds a second line, the
# memory $c_t$, which no matrix touches. Gates decide what happens to it:

# %% [markdown] tags=["lang-zh"]
# 每往回走一步，都要乘一次 $U^{\top}$，再乘上不超过一的数。
# 除非 $U$ 很大（那时梯度又可能爆炸），步数一多，就所剩无几：这就是梯度消失，
# 靠前的词也就教不了网络什么了
# （[Bengio、Simard 和 Frasconi，1994](https://doi.org/10.1109/72.279181)）。
#
# ## LSTM 单元
#
# LSTM（[Hochreiter 和 Schmidhuber，1997](https://doi.org/10.1162/neco.1997.9.8.1735)；
# 遗忘门是[2000 年](https://doi.org/10.1162/089976600300015015)加上的）多了一条线，即记忆 $c_t$，
# 它不经过任何矩阵。对它做什么，由几个门来决定：

# %%
teaching.diagram("lstm-cell")

# %% [markdown] tags=["lang-en"]
# Where lines meet, $x_t$ and $h_{t-1}$ go into every gate. With the sigmoid
# $\sigma(z) = 1 / (1 + e^{-z})$:
#
# $$\begin{aligned} i_t &= \sigma(x_t W_i + h_{t-1} U_i + b_i) \\
# f_t &= \sigma(x_t W_f + h_{t-1} U_f + b_f) \\
# \tilde{c}_t &= \tanh(x_t W_c + h_{t-1} U_c + b_c) \\
# o_t &= \sigma(x_t W_o + h_{t-1} U_o + b_o) \\
# c_t &= f_t \odot c_{t-1} + i_t \odot \tilde{c}_t \\
# h_t &= o_t \odot \tanh c_t \end{aligned}$$
#
# All of $i_t$, $f_t$, $\tilde{c}_t$, $o_t$, $c_t$ and $h_t$ have the shape $(n)$. Each gate has its
# own $W$ of shape $(d, n)$, $U$ of shape $(n, n)$ and $b$ of shape $(n)$; Keras keeps the four side
# by side, in the order $i, f, c, o$, as $(d, 4n)$, $(n, 4n)$ and $(4n)$. The forget gate $f_t$ lies
# between 0, erase, and 1, keep; $i_t$ says how much of the candidate $\tilde{c}_t$ is written;
# $o_t$ says how much of the memory is shown.

# %% [markdown] tags=["lang-zh"]
# 线条汇合的地方，$x_t$ 和 $h_{t-1}$ 一起送进每个门。记 sigmoid 函数为
# $\sigma(z) = 1 / (1 + e^{-z})$：
#
# $$\begin{aligned} i_t &= \sigma(x_t W_i + h_{t-1} U_i + b_i) \\
# f_t &= \sigma(x_t W_f + h_{t-1} U_f + b_f) \\
# \tilde{c}_t &= \tanh(x_t W_c + h_{t-1} U_c + b_c) \\
# o_t &= \sigma(x_t W_o + h_{t-1} U_o + b_o) \\
# c_t &= f_t \odot c_{t-1} + i_t \odot \tilde{c}_t \\
# h_t &= o_t \odot \tanh c_t \end{aligned}$$
#
# $i_t$、$f_t$、$\tilde{c}_t$、$o_t$、$c_t$、$h_t$ 的形状都是 $(n)$。每个门各有自己的
# $W$、$U$、$b$，形状为 $(d, n)$、$(n, n)$、$(n)$；Keras 按 $i, f, c, o$ 的次序把四份并排存放，
# 形状为 $(d, 4n)$、
# $(n, 4n)$、$(4n)$。遗忘门 $f_t$ 介于 0（擦掉）和 1（留下）之间；输入门 $i_t$ 决定候选值
# $\tilde{c}_t$ 写入多少；输出门 $o_t$ 决定记忆露出多少。

# %%
teaching.source(teaching.lstm)
layer = keras.layers.LSTM(16, return_sequences=True, dtype="float64")
by_keras = layer(vectors[None])[0]
teaching.match("LSTM, all states", teaching.lstm(vectors, *layer.get_weights()), by_keras)

# %% [markdown] tags=["lang-en"]
# **Predict.** On the direct way back, along the memory, a step multiplies by $f_t$ alone. Four
# untrained layers read the same random vectors, and the LSTMs differ in one thing alone, the bias
# of the forget gate: 1 as Keras sets it, 3 or 5. How far back does each one reach?

# %% [markdown] tags=["lang-zh"]
# **先猜。** 沿着记忆这条直路往回走，每一步只乘以 $f_t$。下面四个未经训练的层，
# 读的是同一串随机向量，各个 LSTM 之间只差一样：遗忘门的偏置取 1（Keras 的默认值）、3 或 5。
# 它们各能够到多远？

# %%
teaching.forgetting(np.random.default_rng(0).normal(size=(60, 16)), biases=(1, 3, 5))

# %% [markdown] tags=["lang-en"]
# An LSTM does not remember by itself; it *can learn* to, by opening its forget gate. At the start
# it forgets as well, only more slowly than the simple cell. Why the bias begins at 1 and not at 0
# is measured in
# [Jozefowicz, Zaremba and Sutskever, 2015](https://proceedings.mlr.press/v37/jozefowicz15.html).
#
# ## Padding, and what goes wrong without a mask
#
# Padding is not text, but the layer does not know. A **mask** tells it: with $m_t = 0$ for padding
# and 1 for a token, and $\hat{h}_t$ of shape $(n)$ for what the cell computes,
#
# $$h_t = m_t \hat{h}_t + (1 - m_t)\, h_{t-1}$$
#
# and likewise for $c_t$: at padding the state stands still. `mask_zero=True` in the embedding
# makes this mask. Let the LSTM read two reviews, the one about the keyboard and a friendly one
# about morning tea, to position 100, nearly all of it padding:

# %% [markdown] tags=["lang-zh"]
# LSTM 并不是天生记得住，而是*能学会*记住，办法就是把遗忘门打开。刚开始它也会忘，
# 只是比简单循环单元忘得慢一些。偏置为什么从 1 而不是 0 开始，可以看
# [Jozefowicz、Zaremba 和 Sutskever，2015](https://proceedings.mlr.press/v37/jozefowicz15.html)
# 的实测。
#
# ## 填充，以及缺了掩码会怎样
#
# 填充不是文本，可循环层并不知道。**掩码**（mask）就是用来告诉它的：填充处 $m_t = 0$，词元处为 1；
# 记单元算出的结果为 $\hat{h}_t$，形状为 $(n)$，则
#
# $$h_t = m_t \hat{h}_t + (1 - m_t)\, h_{t-1}$$
#
# $c_t$ 同理：遇到填充，状态原地不动。在嵌入层写上 `mask_zero=True`，就会生成这个掩码。
# 下面让 LSTM 把两条评论（一条抱怨键盘，一条夸早茶）都读到第 100 个位置，其中绝大部分是填充：

# %%
masked, plain = layer(embed(both), mask=both != 0), layer(embed(both))
by_hand = teaching.lstm(vectors, *layer.get_weights(), present=tokens != 0)
teaching.match("LSTM with a mask", by_hand, masked[0])
pairs = {"padding skipped": masked, "padding read": plain}
apart = {label: np.linalg.norm(np.subtract(*pair), axis=1) for label, pair in pairs.items()}
teaching.curves(apart, title="how far apart two reviews are", xlabel="position", ylabel="distance")

# %% [markdown] tags=["lang-en"]
# Without a mask the padding washes the text out: whatever was read, the state ends at the same
# place. Now the recipe, whose model is an embedding, an LSTM and one sigmoid unit:

# %% [markdown] tags=["lang-zh"]
# 没有掩码，文本就被填充冲掉了：不管读的是什么，状态最后都停在同一处。下面来看配方，
# 它的模型由嵌入层、LSTM 和一个 sigmoid 单元组成：

# %%
teaching.source(recipe.build)

# %% [markdown] tags=["lang-en"]
# Which characters and pairs occur, in whatever order, is all that the baseline `mlp-reviews` knows:
# it adds up their vectors and puts relu and one sigmoid unit behind them. The second baseline
# always gives the more frequent answer. The LSTMs here read forwards only, and they differ in one
# word of the recipe, `mask_zero=True`.
#
# **Predict.** Rank the four models.

# %% [markdown] tags=["lang-zh"]
# 基线 `mlp-reviews` 只知道出现了哪些字和字对，不知道先后：把它们的向量加起来，
# 后面接 relu 和一个 sigmoid 单元。
# 第二个基线永远回答较多的那一类。这里的 LSTM 都只从前往后读，彼此只差配方里的一个词：
# `mask_zero=True`。
#
# **先猜。** 给这四个模型排个名次。

# %%
settings = teaching.scale({"limit": 3000, "epochs": 4, "max_tokens": 6000}, {})
forward = settings | {"bidirectional": False} | teaching.scale({"learning_rate": 8e-3}, {})
unmasked = teaching.edited("text-lstm", "mask_zero=True)", "mask_zero=False)")
models = {
    "bag of tokens": ("mlp-reviews", settings),
    "LSTM": ("text-lstm", forward),
    "LSTM, no mask": (unmasked, forward),
}
runs = {
    label: [kerastut.run(name, seed=seed, verbose=0, **options) for seed in range(3)]
    for label, (name, options) in models.items()
}
scores = {label: [run.metrics["accuracy"] for run in group] for label, group in runs.items()}
scores["more frequent class"] = [max(data.test.y.mean(), 1 - data.test.y.mean())]
teaching.hold(runs["bag of tokens"][0], accuracy=(0.76, 0.84))
teaching.hold(runs["LSTM"][0], accuracy=teaching.scale((0.7, 0.82), (0.79, 0.86)))
rows = [{"model": label} for label in scores]
plotting.comparison(rows, {"test accuracy": list(scores.values())})[0].get_figure()

# %%
found = ", ".join(f"{label} {teaching.spread(scores[label])}" for label in models)
teaching.say(en=f"Accuracy, mean ± sd: {found}.", zh=f"准确率，均值 ± 标准差：{found}。")
lost = teaching.spread(np.subtract(scores["LSTM"], scores["LSTM, no mask"]))
teaching.erratum("T0-22", en=f"Test accuracy falls by {lost}.", zh=f"测试准确率下降 {lost}。")

# %% [markdown] tags=["lang-en"]
# Order does not pay here. A short review says what it thinks with a few plain words, and adding
# them up is easier to learn than reading. With all the reviews, and read in both directions, the
# recipe comes nearer to the bag and still does not pass it: the results page has both. And the two
# phrases from the beginning? Probability of "positive":

# %% [markdown] tags=["lang-zh"]
# 在这里，读顺序并没有换来好处。评论很短，好恶往往就写在几个直白的词里；
# 把它们加起来，比按顺序读更容易学。用上全部评论、改为双向读取之后，配方离词袋更近，但仍未超过它，
# 两者的结果都列在实测页上。
# 那么开头的两个短语呢？下面是判为“正面”的概率：

# %%
phrases = tf.constant(["不太好", "太不好"])
for label, (run, *_) in runs.items():
    print(label, "|", *(f"{p:.3f}" for p in run.model.predict(phrases, verbose=0)[:, 0]))

# %% [markdown] tags=["lang-en"]
# The model takes strings: splitting is its first layer, so the vocabulary cannot get lost. The bag
# tells the phrases apart although it knows no order, because a pair *is* a little order. The LSTM
# without a mask has read almost nothing but padding when it answers.
#
# **Opinion.** Begin with a bag of pairs, and take a sequence model only if it beats the bag by more
# than the spread. That simple baselines on pairs are hard to beat in short texts is the result of
# [Wang and Manning, 2012](https://aclanthology.org/P12-2018/). **Caveats**: each label was given to
# a whole review, and some lines are fragments; the friendly one about morning tea stands among the
# negative ones. Nowadays large pretrained transformers read text best; the ideas of this chapter,
# tokens, embeddings and masks, are theirs too.
#
# ## Exercises

# %% [markdown] tags=["lang-zh"]
# 模型直接接收字符串：切分就是它的第一层，词表不会弄丢。词袋不知道顺序，却仍能区分这两个短语，
# 因为字对里*已经*含有一点顺序。没有掩码的 LSTM 在作答之前，读到的几乎全是填充。
#
# **个人看法。** 先做一个字对词袋；序列模型只有在领先幅度超过种子间的波动时才值得用。
# 对短文本来说，基于词对的简单基线很难被超过，这正是
# [Wang 和 Manning，2012](https://aclanthology.org/P12-2018/) 的结论。**注意**：
# 标签是给整条评论打的，而有些行只是片段，夸早茶的那一条就归在负面里。
# 如今读文本最好的是大型预训练 Transformer，
# 不过本章的词元、嵌入和掩码，它们同样在用。
#
# ## 练习

# %% [markdown] tags=["lang-en"]
# **Exercise 1.** How many weights have the embedding and one LSTM, as formulas in $V$, $d$ and $n$?
# Which of the two is larger for $V = 20000$ and $d = n = 16$?
#
# <details><summary>Answer</summary>
#
# $Vd$ and $4(d + n + 1)n$. The embedding is larger by far: 320,000 against 2,112. Most of what a
# small text model learns stands in its table.
#
# </details>
#
# **Exercise 2.** A vocabulary of six words is numbered from 1, and `Embedding(6, d)` fails on the
# CPU. Why, and what is the right size?
#
# <details><summary>Answer</summary>
#
# The table has rows 0 to 5, and token 6 asks for a row that is not there. Padding needs row 0, so
# it takes seven rows, and one more for unknown words. `kerastut explain T0-20` tells of a tutorial
# that has this mistake.
#
# </details>
#
# **Exercise 3.** There is no mask, and the zeros stand *before* the text. Why is that less harmful
# to an LSTM that reads forwards, and to which LSTM is it as harmful as before?
#
# <details><summary>Answer</summary>
#
# The padding is read first, and the text has the last word. For a layer that reads backwards the
# padding is at the end again.
#
# </details>
#
# **Exercise 4.** A colleague shuffles the reviews, takes the best of ten seeds on the test data and
# reports that the LSTM beats the bag. What is wrong, and what would you ask for?
#
# <details><summary>Answer</summary>
#
# The best of ten test results is too good, and the bag had only one try. Ask for mean and spread
# over the same seeds for both, and for choices made on validation data.
#
# </details>
#
# **Exercise 5.** Write a bag: the mean of the vectors `(length, d)` over the tokens, without the
# padding. `present` is `(length)`, true for tokens. The check shuffles the text.

# %% [markdown] tags=["lang-zh"]
# **练习 1。** 嵌入层和一个 LSTM 各有多少权重？用 $V$、$d$、$n$ 写成公式。当 $V = 20000$、
# $d = n = 16$ 时，哪一个更多？
#
# <details><summary>答案</summary>
#
# 分别是 $Vd$ 和 $4(d + n + 1)n$。嵌入层多得多：320,000 对 2,112。
# 小型文本模型学到的东西，大部分都在这张表里。
#
# </details>
#
# **练习 2。** 词表有六个词，从 1 开始编号，而 `Embedding(6, d)` 在 CPU 上会报错。为什么？
# 正确的大小是多少？
#
# <details><summary>答案</summary>
#
# 表里只有第 0 到第 5 行，6 号词元要的那一行并不存在。填充占用第 0 行，所以要七行；
# 若还要留给未登录词，再加一行。有一篇教程正好犯了这个错误，见 `kerastut explain T0-20`。
#
# </details>
#
# **练习 3。** 不用掩码，但把零补在文本*前面*。对从前往后读的 LSTM，为什么危害小一些？
# 对哪种 LSTM，危害和原来一样大？
#
# <details><summary>答案</summary>
#
# 填充先被读掉，最后读到的是文本。对从后往前读的层来说，填充又到了末尾。
#
# </details>
#
# **练习 4。** 有位同事把评论打乱，试了十个种子，取测试集上最好的一次，宣布 LSTM 胜过词袋。
# 问题出在哪里？你会要求他补什么？
#
# <details><summary>答案</summary>
#
# 十次测试结果里挑最好的，必然偏高，而词袋只有一次机会。应当让两者用同一组种子，
# 报告均值和波动；凡是挑选，都在验证集上做。
#
# </details>
#
# **练习 5。** 写一个词袋：对形状为 `(length, d)` 的向量求平均，不计填充。`present` 的形状为
# `(length)`，词元处为真。自检会把文本打乱。


# %% tags=["solution"]
def bag_of(vectors, present):
    # BEGIN SOLUTION
    return vectors[present].mean(axis=0)
    # END SOLUTION


# %% tags=["check"]
order, present = np.random.default_rng(0).permutation(len(tokens)), tokens != 0
pooled = keras.layers.GlobalAveragePooling1D()(vectors[None], mask=present[None])[0]
assert np.allclose(bag_of(vectors, present), pooled, atol=1e-6), "leave the padding out"
assert np.allclose(bag_of(vectors[order], present[order]), pooled, atol=1e-6)
print("right: a bag has no order")

# %% [markdown] tags=["lang-en"]
# **Exercise 6.** A memory is neither written nor read; its forget gate sees zeros and has the bias
# $b_f$. After how many steps is half of it left? The result need not be a whole number.

# %% [markdown] tags=["lang-zh"]
# **练习 6。** 一个记忆既不写入也不读出，遗忘门的输入全是零，偏置为 $b_f$。过多少步，
# 记忆只剩一半？结果不必是整数。


# %% tags=["solution"]
def half_life(bias):
    # BEGIN SOLUTION
    return np.log(0.5) / np.log(teaching.sigmoid(bias))
    # END SOLUTION


# %% tags=["check"]
for bias in (0.0, 1.0, 5.0):
    assert np.isclose(teaching.sigmoid(bias) ** half_life(bias), 0.5), "solve f ** steps = 1 / 2"
print("right:", *(f"{half_life(bias):.1f}" for bias in (0.0, 1.0, 5.0)), "steps")
