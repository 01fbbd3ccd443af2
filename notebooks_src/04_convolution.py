# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown] tags=["lang-en"]
# # Convolution: one small detector, everywhere
#
# Shift a handwritten 4 by three pixels. You hardly notice; to a multilayer perceptron it is another
# point in space, and most likely another digit. What if a net did not learn the same stroke anew at
# every place, but learned it once and slid it over the picture?
#
# - **Prerequisites**: the chapter on the multilayer perceptron, above all its way back.
# - **You will be able to**: compute a convolution, its gradient, padding, stride and pooling by
#   hand; predict shapes, parameter counts and receptive fields; train three convolutional recipes,
#   look at their filters and maps, and say what augmentation adds and what it does not.
# - **Minutes**: about 80 with the exercises.

# %% [markdown] tags=["lang-zh"]
# # 卷积：一个小小的检测器，用遍每个位置
#
# 把一个手写的 4 平移三个像素，人几乎察觉不到；对多层感知机来说，它却成了空间里的另一个点，很可能也
# 成了另一个数字。如果网络不必在每个位置把同一笔画重学一遍，而是只学一次，再拿它滑过整幅图，会怎样？
#
# - **预备知识**：多层感知机一章，尤其是其中的反向传播。
# - **学完之后你能够**：手工计算卷积及其梯度、填充、步幅和池化；事先算出形状、参数个数和感受野；训练
#   三个卷积配方，观察它们的卷积核和特征图；说清数据增强带来了什么，又没有带来什么。
# - **用时**：连同练习约 80 分钟。

# %% tags=["install"]
# %pip install --quiet kerastut

# %%
# %matplotlib inline
import keras
import numpy as np
import tensorflow as tf

import kerastut
from kerastut import plotting, teaching

tf.get_logger().setLevel("ERROR")  # it warns that it traces a step for each of many models
four = kerastut.load("mnist", limit=3000).train.x[34]


def convolve(x, w, b=0, stride=1):
    size = len(w)
    rows, columns = ((side - size) // stride + 1 for side in x.shape[:2])
    z = np.empty((rows, columns, w.shape[3]))
    for i, j in np.ndindex(rows, columns):
        window = x[i * stride : i * stride + size, j * stride : j * stride + size]
        z[i, j] = np.tensordot(window, w, axes=3) + b
    return z


image, kernel = four / 255, np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])[..., None, None]
found = convolve(image, kernel)
teaching.sliding_window(image, kernel, found)

# %% [markdown] tags=["lang-en"]
# The small square in the middle is a kernel: nine weights. It lies on nine pixels, multiplies, adds
# up, and writes one number into the result; then it moves on by one pixel. This kernel answers
# where ink on the left meets paper on the right: blue. Where paper meets ink it is red, elsewhere
# it is silent. The answer to the same edge is the same everywhere, because the weights are.
#
# ## The formula
#
# A layer has $F$ kernels, called filters, and its input has $C$ channels: one for a grey picture,
# later as many as the layer before has filters.
#
# | symbol | meaning | shape |
# |---|---|---|
# | $x$ | input: height, width, channels | $(H, W, C)$ |
# | $w$ | kernels of side $k$ | $(k, k, C, F)$ |
# | $b$ | biases | $(F)$ |
# | $z$ | output; each $z_{\cdot\cdot f}$ is a map | $(H', W', F)$ |
# | $s$, $p$ | stride; rows of padding, both sides together | numbers |
#
# $$z_{ijf} = b_f + \sum_{u, v, c} x_{is+u,\; js+v,\; c} \; w_{uvcf}$$
#
# with $u$ and $v$ from 0 to $k - 1$ and $c$ from 0 to $C - 1$. The loop above is this formula. With
# a stride $s$ the window moves by $s$ pixels. Padding adds rows and columns of zeros first, so that
# the window can also stand at the border. The output has
#
# $$H' = \left\lfloor \frac{H + p - k}{s} \right\rfloor + 1$$
#
# rows, and likewise $W'$ columns. (Mathematicians call this a cross-correlation; their convolution
# turns the kernel by half a turn first. For weights that are learned it makes no difference.)
#
# **Predict.** `padding="same"` pads so that $H' = \lceil H / s \rceil$. With 28 rows, $k = 3$ and
# $s = 2$ one row of zeros is enough. Does Keras put it above or below?

# %% [markdown] tags=["lang-zh"]
# 中间的小方块就是卷积核：九个权重。它盖住九个像素，相乘、相加，在结果里写下一个数，然后移动一个像
# 素。这个核对“左边是墨、右边是纸”的地方有反应，显示为蓝色；反过来则为红色，别处不作声。同样的边
# 缘，在哪里得到的回答都一样，因为权重是同一组。
#
# ## 公式
#
# 一层有 $F$ 个卷积核，也叫滤波器；输入有 $C$ 个通道：灰度图只有一个，再往后，上一层有多少个核就有多
# 少个通道。
#
# | 符号 | 含义 | 形状 |
# |---|---|---|
# | $x$ | 输入：高、宽、通道 | $(H, W, C)$ |
# | $w$ | 边长为 $k$ 的卷积核 | $(k, k, C, F)$ |
# | $b$ | 偏置 | $(F)$ |
# | $z$ | 输出；每个 $z_{\cdot\cdot f}$ 是一张特征图 | $(H', W', F)$ |
# | $s$、$p$ | 步幅；两侧填充的总行数 | 数 |
#
# $$z_{ijf} = b_f + \sum_{u, v, c} x_{is+u,\; js+v,\; c} \; w_{uvcf}$$
#
# 其中 $u$、$v$ 从 0 到 $k - 1$，$c$ 从 0 到 $C - 1$。上面的循环就是这个公式。步幅为 $s$ 时，窗口每
# 次移动 $s$ 个像素；填充则先在四周补上零，让窗口也能停在边界处。输出的行数为
#
# $$H' = \left\lfloor \frac{H + p - k}{s} \right\rfloor + 1$$
#
# 列数 $W'$ 同理。（数学上把它叫互相关，而卷积要先把核旋转 180 度。权重反正是学出来的，两者没有区
# 别。）
#
# **先猜。** `padding="same"` 的填充使 $H' = \lceil H / s \rceil$。28 行、$k = 3$、$s = 2$ 时，补一
# 行零就够了。Keras 把它补在上面还是下面？

# %%
rng = np.random.default_rng(0)
x, w, b = rng.normal(size=(28, 28, 2)), rng.normal(size=(3, 3, 2, 4)), rng.normal(size=4)
for padding, stride, before, after in (("same", 2, 0, 1), ("same", 1, 1, 1), ("valid", 1, 0, 0)):
    layer = keras.layers.Conv2D(4, 3, strides=stride, padding=padding, dtype="float64")
    layer.build((None, 28, 28, 2))
    layer.set_weights([w, b])
    padded = np.pad(x, ((before, after), (before, after), (0, 0)))
    teaching.match(f"{padding}, stride {stride}", convolve(padded, w, b, stride), layer(x[None])[0])
teaching.erratum("T2-24")

# %% [markdown] tags=["lang-en"]
# Below and to the right: with stride 2 the picture is padded unevenly. Nobody notices, until the
# weights are carried to a framework that pads above.
#
# ## Pooling
#
# A pooling layer slides a window as well, but learns nothing: it takes the largest value of each
# window of 2 × 2, channel by channel, and so halves height and width:
#
# $$z_{ijc} = \max_{u, v \in \{0, 1\}} x_{2i+u,\; 2j+v,\; c}$$
#
# Here $z$ has the shape $(H/2, W/2, C)$.

# %% [markdown] tags=["lang-zh"]
# 补在下面和右边：步幅为 2 时，填充并不对称。平时没有人注意，直到把权重搬进另一个补在上面的框架。
#
# ## 池化
#
# 池化层也滑动窗口，但什么也不学：它在每个通道上取每个 2 × 2 窗口的最大值，使高和宽各减半：
#
# $$z_{ijc} = \max_{u, v \in \{0, 1\}} x_{2i+u,\; 2j+v,\; c}$$
#
# 其中 $z$ 的形状为 $(H/2, W/2, C)$。

# %%
pooled = x.reshape(14, 2, 14, 2, 2).max(axis=(1, 3))
teaching.match("max pooling", pooled, keras.layers.MaxPooling2D(dtype="float64")(x[None])[0])

# %% [markdown] tags=["lang-en"]
# ## The way back
#
# Let $L$ be any loss, one number, and $g$ its gradient with respect to $z$, of the shape of $z$.
# The weight $w_{uvcf}$ was used at every place $(i, j)$ and collects from all of them. For $s = 1$:
#
# $$\frac{\partial L}{\partial w_{uvcf}} = \sum_{i} \sum_{j} x_{i+u,\; j+v,\; c} \; g_{ijf}$$
#
# That is a convolution again: the gradient slides over the input. We check it with
# $L = \frac{1}{2} \sum z^2$, for which $g = z$.

# %% [markdown] tags=["lang-zh"]
# ## 往回走
#
# 设 $L$ 为任意损失（一个数），$g$ 为它对 $z$ 的梯度，形状与 $z$ 相同。权重 $w_{uvcf}$ 在每个位置
# $(i, j)$ 都用到了，所以要从所有位置收集梯度。$s = 1$ 时：
#
# $$\frac{\partial L}{\partial w_{uvcf}} = \sum_{i} \sum_{j} x_{i+u,\; j+v,\; c} \; g_{ijf}$$
#
# 这又是一次卷积：梯度滑过输入。核对时取 $L = \frac{1}{2} \sum z^2$，此时 $g = z$。

# %%
x, by_hand = x[:9, :9], np.empty_like(w)
g = convolve(x, w, b)
for u, v in np.ndindex(3, 3):
    by_hand[u, v] = np.tensordot(x[u : u + 7, v : v + 7], g, axes=((0, 1), (0, 1)))
tried = teaching.finite_differences(lambda w: (convolve(x, w, b) ** 2).sum() / 2, [w])[0]
with tf.GradientTape() as tape:
    value = tf.reduce_sum(layer(x[None]) ** 2) / 2  # the layer without padding, from above
teaching.match("kernel gradient by finite differences", by_hand, tried, tolerance=1e-5)
teaching.match("kernel gradient by tape", by_hand, tape.gradient(value, layer.kernel))

# %% [markdown] tags=["lang-en"]
# ## What it costs
#
# A convolution has $k^2 C$ weights and one bias for each filter, whatever the size of the picture;
# a dense layer of $n_{\text{out}}$ units has one weight for each of its $n_{\text{in}}$ inputs, and
# a bias, for every unit:
#
# $$\begin{aligned} n_{\text{conv}} &= (k^2 C + 1) \, F \\
# n_{\text{dense}} &= (n_{\text{in}} + 1) \, n_{\text{out}} \end{aligned}$$
#
# **Predict.** Here is the recipe cnn-mnist. Which of its layers holds most of the weights, and how
# many has the second convolution?

# %% [markdown] tags=["lang-zh"]
# ## 要花多少参数
#
# 卷积层的每个滤波器有 $k^2 C$ 个权重和一个偏置，与图像大小无关；全连接层有 $n_{\text{out}}$ 个单
# 元，每个单元对 $n_{\text{in}}$ 个输入各有一个权重，另有一个偏置：
#
# $$\begin{aligned} n_{\text{conv}} &= (k^2 C + 1) \, F \\
# n_{\text{dense}} &= (n_{\text{in}} + 1) \, n_{\text{out}} \end{aligned}$$
#
# **先猜。** 下面是配方 cnn-mnist。它的权重大部分在哪一层？第二个卷积层有多少参数？

# %%
teaching.source(teaching.recipe("cnn-mnist").build)

# %%
model = teaching.recipe("cnn-mnist").build()
for part in model.layers:
    print(f"{part.name.split('_')[0]:10} {part.output.shape[1:]!s:14} {part.count_params():8,}")
teaching.match("second convolution", (3 * 3 * 32 + 1) * 64, model.layers[4].count_params())
teaching.erratum("T0-30")

# %% [markdown] tags=["lang-en"]
# The convolutions hold a small share of the weights and do most of the computing, since each weight
# works at every place. Between the maps and the dense layers stands Flatten. Leave it out, and
# Keras says nothing yet:

# %% [markdown] tags=["lang-zh"]
# 卷积层只占权重的一小部分，却承担了大部分计算，因为每个权重在每个位置都要用一遍。特征图与全连接层之
# 间还有一个 Flatten。漏掉它，Keras 起初什么也不说：

# %%
shape = keras.layers.Dense(10).compute_output_shape((None, 13, 13, 32))
teaching.erratum("T0-11", en=f"Dense gives {shape}.", zh=f"Dense 给出 {shape}。")

# %% [markdown] tags=["lang-en"]
# ## The receptive field
#
# A unit of the first convolution sees 3 × 3 pixels; a unit further up sees units that see pixels.
# Let $r_l$ be the side of the square of pixels that a unit of layer $l$ sees, and $j_l$ how many
# pixels apart two neighbours of that layer look; both are numbers, and $r_0 = j_0 = 1$. With the
# window $k_l$ and the stride $s_l$ of layer $l$:
#
# $$\begin{aligned} r_l &= r_{l-1} + (k_l - 1) \, j_{l-1} \\ j_l &= j_{l-1} \, s_l \end{aligned}$$
#
# To check it, we ask the recipe's net: by which pixels has a unit of its second pooling a
# derivative that is not zero?

# %% [markdown] tags=["lang-zh"]
# ## 感受野
#
# 第一个卷积层的单元看到 3 × 3 个像素，再往上的单元，看到的是“看得到像素的单元”。设第 $l$ 层的一个
# 单元看到的像素正方形边长为 $r_l$，该层相邻两个单元所看的位置相隔 $j_l$ 个像素；两者都是数，且
# $r_0 = j_0 = 1$。第 $l$ 层的窗口为 $k_l$、步幅为 $s_l$，则
#
# $$\begin{aligned} r_l &= r_{l-1} + (k_l - 1) \, j_{l-1} \\ j_l &= j_{l-1} \, s_l \end{aligned}$$
#
# 核对时直接问配方的网络：第二个池化层的一个单元，对哪些像素的导数不为零？

# %%
windows = [(3, 1), (2, 2)] * 2  # size and stride of a convolution, then of a pooling
reach, jump = 1, 1
for size, stride in windows:
    reach, jump = reach + (size - 1) * jump, jump * stride
seen = teaching.dependence(keras.Model(model.inputs, model.layers[5].output), row=2, column=2)
teaching.match("side of the receptive field", (seen > 0).any(axis=0).sum(), reach)
teaching.diagram("receptive-field")
teaching.receptive_field(four[:, :, 0], seen)

# %% [markdown] tags=["lang-en"]
# ## When it goes wrong: a shifted digit
#
# Shift the picture, and the maps shift with it: the check below is exact. So one often reads that a
# convolutional net does not mind where the digit stands.
#
# **Predict.** We train the padded net of cnn-functional and, as the baseline, the perceptron, which
# has nearly as many weights, on the same images for the same number of epochs. Then we shift the
# test images to the right, by up to four pixels. Which of the two curves stays level?

# %% [markdown] tags=["lang-zh"]
# ## 出错的时候：平移过的数字
#
# 图像平移，特征图也跟着平移：下面的核对分毫不差。于是常有人说，卷积网络不在乎数字在哪里。
#
# **先猜。** 用同样的图像、同样的轮数，训练 cnn-functional 中带填充的网络；以参数个数相近的感知机为
# 基线。然后把测试图像向右平移，最多四个像素。两条曲线中，哪一条能保持不降？

# %%
teaching.match("shift", convolve(np.roll(image, 3, 1), kernel), np.roll(found, 3, 1))
options = {"limit": teaching.scale(3000, None), "epochs": teaching.scale(3, 2), "verbose": 0}
NAMES, SEEDS = ("cnn-functional", "mlp-mnist"), range(3)


def shifted(run, pixels):
    x = np.roll(run.data.test.x, pixels, axis=2)
    return run.model.evaluate(x, run.data.test.y, verbose=0, return_dict=True)["accuracy"]


nets = {name: [kerastut.run(name, seed=seed, **options) for seed in SEEDS] for name in NAMES}
for run in nets["cnn-functional"]:
    teaching.hold(run, accuracy=(0.92, 0.955))
curves = {name: [[shifted(run, p) for p in range(5)] for run in nets[name]] for name in NAMES}
teaching.curves(curves, range(5), "shift to the right, pixels", "test accuracy")

# %%
cnn, mlp = (" → ".join(map(teaching.spread, np.transpose(v)[[0, 4]])) for v in curves.values())
teaching.say(en=f"CNN {cnn}; MLP {mlp}.", zh=f"卷积网络 {cnn}；感知机 {mlp}。")

# %% [markdown] tags=["lang-en"]
# The numbers are accuracies; the arrow goes from the digit in place to the digit four pixels off.
# With the same data and nearly as many weights the convolutional net is better, and yet it falls
# too. Its maps shift along, but Flatten gives each place of the maps weights of its own, and those
# have seen centred digits only. Convolution is *equivariant*: it carries a shift on. To be
# *invariant*, a net must have seen shifts, or average over all places.
#
# ## Filters and maps
#
# We train cnn-mnist and follow the 4 through it. On top are the ten filters that react most to it,
# then their maps, then the ten strongest maps of the second convolution.

# %% [markdown] tags=["lang-zh"]
# 以上是准确率：箭头左边是原位，右边是平移四个像素之后。数据相同、参数相近，卷积网络更好，但它同样会
# 跌下来。特征图确实跟着平移了，可是 Flatten 之后，特征图的每个位置都有自己的一套权重，而这些权重只
# 见过居中的数字。卷积是*等变*的：平移会原样传下去。要做到*不变*，网络必须见过平移的样子，或者对所有
# 位置取平均。
#
# ## 卷积核与特征图
#
# 训练 cnn-mnist，看看这个 4 怎样一步步通过网络。最上面是对它反应最强的十个卷积核，其次是它们的特征
# 图，再下面是第二个卷积层中最强的十张特征图。

# %%
run = kerastut.run("cnn-mnist", limit=options["limit"], verbose=0)
teaching.hold(run, accuracy=(0.93, 0.965))
teaching.feature_maps(run.model, four)

# %% [markdown] tags=["lang-en"]
# Dark is a large value. The first row mostly redraws the digit, with one or the other edge
# stressed; in the second, coarser row one can find maps that keep the upright strokes and maps that
# keep the bar.
#
# **Opinion.** That pooling makes a net indifferent to small shifts is repeated more often than
# measured. [Azulay and Weiss, 2019](https://arxiv.org/abs/1805.12177) show large nets whose answer
# changes when a picture moves by one pixel, and trace it mainly to subsampling, that is to strides
# and pooling. **Caveat**: ours is a small net on 3,000 images, or on all of them in the full
# edition; do not carry its numbers elsewhere.
#
# ## Augmentation
#
# If the net must have seen shifts, show it shifts. The recipe cnn-augmented has two layers in front
# that turn and move every training image at random, anew in each epoch:

# %% [markdown] tags=["lang-zh"]
# 颜色越深，值越大。第一行的特征图大多把数字重描一遍，各自突出某一侧的边缘；第二行更粗糙，其中可以找
# 到只留下竖笔的，也可以找到只留下横笔的。
#
# **个人看法。** “池化使网络不在意小的平移”，这话说的人多，测的人少。[Azulay 和
# Weiss，2019](https://arxiv.org/abs/1805.12177) 发现，有些大型网络在图像只移动一个像素时就会改变答
# 案，并把主要原因归结为下采样，即步幅和池化。**注意**：这里只是 3,000 张图像（完整版用全部图像）上
# 的小网络，数字不要搬到别处去用。
#
# ## 数据增强
#
# 既然网络必须见过平移，那就给它看平移。配方 cnn-augmented 在最前面放了两个层，把每张训练图像随机旋
# 转、平移，每一轮都重新来过：

# %%
augment = teaching.recipe("cnn-augmented").augmentation(seed=0)
variants = augment(np.repeat(four[None], 20, axis=0), training=True)[..., 0]
teaching.image_grid(np.asarray(variants), heading="one training image, twenty times")

# %% [markdown] tags=["lang-en"]
# **Predict.** The same net is trained with and without these layers. One test is on turned and
# shifted images, one on clean images, which the augmented net has hardly ever seen. Does it pay for
# its gain on the first with a loss on the second?

# %% [markdown] tags=["lang-zh"]
# **先猜。** 同一个网络，一次带这两个层训练，一次不带。一项测试用旋转平移过的图像，另一项用原样的图
# 像，而后者是带增强的网络几乎没见过的。它在第一项上的收益，会以第二项上的损失为代价吗？

# %%
reduced = teaching.scale({"limit": 1000, "epochs": 8}, {})
runs = [kerastut.run("cnn-augmented", seed=seed, verbose=0, **reduced) for seed in SEEDS]
for run in runs:
    teaching.hold(run, accuracy=(0.85, 0.94), perturbed=(0.7, 0.82), gain=(0.13, 0.28))
plain = [run.vary("augment", [False])[False].metrics["accuracy"] for run in runs]
clean, turned, gain = ([run.metrics[m] for run in runs] for m in ("accuracy", "perturbed", "gain"))
both = {"clean images": [clean, plain], "turned and shifted": [turned, np.subtract(turned, gain)]}
plotting.comparison([{"augmentation": "with"}, {"augmentation": "without"}], both)[0].figure

# %%
gained = teaching.spread(gain)
teaching.erratum("T0-09", en=f"On turned and shifted: +{gained}.", zh=f"旋转平移图像：+{gained}。")

# %% [markdown] tags=["lang-en"]
# On turned and shifted images the gain is large. On clean ones, read the difference against the
# spread of the seeds; with the recipe's own images and epochs augmentation is ahead there too, as
# the box says. Nothing is to be switched off for prediction: there the layers pass images on
# unchanged.
#
# ## Exercises
#
# **Exercise 1.** Two convolutions of 3 × 3 in a row, or one of 5 × 5, with $C$ channels throughout:
# compare their receptive fields and their numbers of weights without biases.
#
# <details><summary>Answer</summary>
#
# Both see 5 × 5 pixels. The two have $2 \cdot 9 \, C^2$ weights, the one has $25 \, C^2$; and the
# two have a relu in between.
#
# </details>
#
# **Exercise 2.** The perceptron learned as well from pixels that were shuffled by one fixed
# permutation. What happens to a convolutional net?
#
# <details><summary>Answer</summary>
#
# It gets worse: neighbours in the shuffled picture have nothing to do with each other, and a small
# window finds no stroke in them. Convolution pays because it assumes something true about pictures.
#
# </details>
#
# **Exercise 3.** For which digits is turning by 180 degrees a bad augmentation, and for which is
# mirroring?
#
# <details><summary>Answer</summary>
#
# Turned by 180 degrees, 6 becomes 9 and 9 becomes 6: the label would be wrong. 0, 1 and 8 stand
# both treatments; most others, mirrored, are no digits at all. An augmentation must keep the label
# true.
#
# </details>
#
# **Exercise 4.** Replace Flatten by `GlobalAveragePooling2D`, which averages each map over all
# places. What becomes of the number of weights, and of a shifted digit?
#
# <details><summary>Answer</summary>
#
# The first dense layer has as many inputs as there are maps, 64 in cnn-mnist, and not 5 · 5 · 64.
# The average hardly changes when a map shifts, so shifts do less harm; but where a stroke stands,
# which tells some digits apart, is averaged away too.
#
# </details>
#
# **Exercise 5.** Write the number of output rows for both kinds of padding.

# %% [markdown] tags=["lang-zh"]
# 在旋转平移过的图像上，收益很大。在原样的图像上，要把差别与种子之间的波动对照着看；用配方自己的图像
# 数和轮数，带增强的网络在这里也领先，见上面的方框。预测时不必关掉什么：这两个层会让图像原样通过。
#
# ## 练习
#
# **练习 1。** 连续两个 3 × 3 卷积，或者一个 5 × 5 卷积，通道数始终为 $C$：比较它们的感受野，以及不
# 计偏置的权重个数。
#
# <details><summary>答案</summary>
#
# 两者都看到 5 × 5 个像素。前者有 $2 \cdot 9 \, C^2$ 个权重，后者有 $25 \, C^2$ 个；而且前者中间还多
# 一个 relu。
#
# </details>
#
# **练习 2。** 用同一个固定的排列打乱像素，感知机照样能学。卷积网络会怎样？
#
# <details><summary>答案</summary>
#
# 会变差：打乱之后，相邻的像素彼此毫不相干，小窗口里找不到笔画。卷积之所以划算，是因为它假定的事对图
# 像确实成立。
#
# </details>
#
# **练习 3。** 对哪些数字，旋转 180 度不宜用作数据增强？左右镜像呢？
#
# <details><summary>答案</summary>
#
# 旋转 180 度后 6 变成 9，9 变成 6，标签就错了。0、1、8 两种变换都经得起；其余数字镜像之后大多不再是
# 数字。数据增强必须保证标签仍然正确。
#
# </details>
#
# **练习 4。** 把 Flatten 换成 `GlobalAveragePooling2D`，即对每张特征图的所有位置取平均。权重个数会
# 怎样变化？平移过的数字又会怎样？
#
# <details><summary>答案</summary>
#
# 第一个全连接层的输入个数等于特征图的张数，在 cnn-mnist 中是 64，而不是 5 · 5 · 64。特征图平移时平
# 均值几乎不变，所以平移的害处变小；但笔画所在的位置有助于区分某些数字，这一信息也被平均掉了。
#
# </details>
#
# **练习 5。** 写出两种填充方式下的输出行数。


# %% tags=["solution"]
def output_rows(rows, size, stride, padding):
    # BEGIN SOLUTION
    return -(-rows // stride) if padding == "same" else (rows - size) // stride + 1
    # END SOLUTION


# %% tags=["check"]
outputs = output_rows(28, 5, 2, "same"), output_rows(27, 4, 3, "valid")
assert outputs == (14, 8), "round up for same, round down for valid"
print("right")

# %% [markdown] tags=["lang-en"]
# **Exercise 6.** The gradient of the pooling: each $g_{ijc}$ goes to the largest pixel of its
# window, all other pixels get zero. Write it for one channel, $x$ of shape $(H, W)$ and $g$ of
# shape $(H/2, W/2)$.

# %% [markdown] tags=["lang-zh"]
# **练习 6。** 池化的梯度：每个 $g_{ijc}$ 传给窗口中最大的像素，其余像素得零。请对单个通道写出
# 来，$x$ 的形状为 $(H, W)$，$g$ 的形状为 $(H/2, W/2)$。


# %% tags=["solution"]
def pooling_gradient(x, g):
    # BEGIN SOLUTION
    largest = x.reshape(len(g), 2, -1, 2).max(axis=(1, 3))
    return np.kron(g, np.ones((2, 2))) * (x == np.kron(largest, np.ones((2, 2))))
    # END SOLUTION


# %% tags=["check"]
x, g = rng.normal(size=(6, 6)), rng.normal(size=(3, 3))
tried = teaching.finite_differences(lambda x: (x.reshape(3, 2, 3, 2).max((1, 3)) * g).sum(), [x])
assert np.allclose(pooling_gradient(x, g), tried[0]), "only the largest pixel of a window counts"
print("right")
