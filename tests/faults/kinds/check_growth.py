"""Files whose check may take longer than they are long."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from typing import NamedTuple

from kerastut.lint import load_rules

from ..case import Case, Outcome

SIZE = 400_000  # characters of a case's file at the most, about
HEAD = """\
import keras, os
import numpy as np, tensorflow as tf, matplotlib.pyplot as plt
from keras.layers import *
m = keras.Sequential([keras.layers.Dense(1)])
m.compile("adam", "mse", metrics=["acc"])
t = s = keras.Input((3,))
h = m.fit(1, 2)
x = y = z = np.zeros(3)
a, b, c, d = [1], "a.h5", {}, f()
class A0(keras.layers.Layer): pass
class B0(A0): pass
def f0(x): return x
"""
# What is repeated; {i} is another number each time, {j} the one before it.
UNITS = r"""x{i} = {i}
x = x + x
x = [x, x]
x = x * x
x = x / 255
x += x
x = x.reshape(3)
x = np.array(x)
x = np.array([x])
x = x if a else y
x = (x if a else keras.Sequential())
x = x[0]
x, y = y, x
x, *y = a, b
x = d; d = d.e
d = d.e; d.fit(1); d.predict_classes(x)
d.e.f.predict_classes(x)
y = keras.utils.to_categorical(y)
z = z.e[0]
b = "a" + b
b = os.path.join("a", b)
b = str(b)
b = f"{b}a"
b = "a{}".format(b)
c = {**c, "a{i}": x}
c["a{i}"] = c
a = [*a, x{i}]
a.append(x)
del x{i}
m.fit(x, y)
m.fit(x, y, validation_split=0.1, epochs=200)
m.fit(x, y, validation_data=(x, y), callbacks=a)
m.fit(x, sorted(y), validation_split=0.1)
m.fit(z, np.sin(z) + z ** 2)
m.fit([1, 2, 3], a)
m.fit(g{i}())
m.evaluate(x)
s{i} = m.evaluate(x); s{i}[0]
m.predict_classes(x)
m.predict_generator(x)
m.compile("adam", "mse", metrics=a)
m.compile("adam", "mse", a)
m.compile("adam", loss{i})
m.compile("adam", "categorical_crossentropy")
m.save(b)
m.load_weights(b)
m.save_weights("a.h5"); m.load_weights("a.h5")
m.add(keras.layers.Dense(1))
m.add(keras.layers.Embedding(3, 4)); m.add(keras.layers.LSTM(3))
m.foo{i}
m.layers.pop()
m.optimizer.lr
m = keras.Sequential()
m = keras.Sequential(a)
m{i} = keras.Sequential([keras.layers.Dense({i})]); m{i}.fit(x, y)
t = keras.layers.Dense(1)(t)
t = keras.layers.add([t, t])
t = keras.layers.concatenate([t, s]); z = tf.reduce_mean(t)
m = keras.Model(s, t)
m = keras.Model([s], [t]); m.compile("adam", "mse"); m.fit(x, y)
h = m.fit(x, y); plt.plot(h.history["val_acc"])
plt.plot(h, x, a)
np.random.shuffle(x)
keras.layers.Dense(1, foo{i}=2)
keras.layers.Dense(1, foo=2)  # noqa: E501
keras.layers.Dense(1, W_regularizer="l2")
keras.layers.RandomFlip{i}()
keras.layers.Zork{i}
keras.layers.Conv2D(8, 3, 3, border_mode="same")
r{i} = keras.layers.RandomFlip()
zork{i}
zork
Zork{i}(Flatten())
import keras.layers as l{i}
import keras.utils.np_utils
import keras.utils.np_utils as n{i}; n{i}.to_categorical(1)
from keras.layers.core import Dense as D{i}
from keras.utils import np_utils; np_utils.to_categorical(x)
from keras.layers import *
from zork{i} import *
keras.utils.np_utils.to_categorical(x)
np_utils.to_categorical(x)
def f{i}(x): return f{j}(x)
def f{i}(x): return f{j}(x) + f{j}(x)
def f{i}(x, y=x): return x
def loss{i}(a, b): return t + a
def g{i}(): yield [1, 2], 3
def keras{i}(): pass
class A{i}(A{j}): pass
class A{i}(A{j}, B{j}): pass\nclass B{i}(A{j}, B{j}): pass
class A{i}(keras.layers.Layer):\n    def call(self, x): self.weights = self.add_weight("k", 1)
class A{i}(A{j}):\n    def call(self, x): self.x{i} = x; return self.x{i}.shape
lambda x: x
if a: x{i} = 1
if a: m = keras.Sequential()\nelse: m = keras.Sequential([keras.layers.Dense(2)])
if keras.__version__ > "{i}": keras.layers.Dense(1, foo=2)
if a: pass\nelif b: zork{i}
for i{i} in a: x{i} = i{i}
while x: break
try: x{i} = 1\nexcept E{i}: y{i} = 2
with x as x{i}: pass
match x:\n    case {"a": x{i}}: pass\n    case y{i}: pass
global x{i}
@keras.zork\ndef f(): pass
[i for i in a if i]
(x{i} := 1)
f"{x} {keras.layers.Zork}"
'''keras\n'''
# noqa: KT201
print "a"
x = = 1
x = (
%time x = 1
!ls
ls -l
    \f
\
""".splitlines()
# What a line may consist of, again and again: what begins it, what is repeated, what ends it.
LINES = r"""x = (|(|
x = |(|1|)|
x = |[|1|]|
x = |{1: |1|}|
x = |-|1
x = |not |1
x = |lambda: |1
x = |1 if a else |2
x = |a or |b
x = |a + |b
x = |a < |b
x = |f(|1|)|
x = |keras.layers.Dense(|1|)|
x = |f(lambda: |1|)|
x = |[i for i in |a|]|
x = keras|.layers|
x = d|.e|.fit(1)
x = d|()|
x = d|.fit(1)|
x = d|[0]|
x = [|keras.layers.Dense(1, foo=2), |]
x = [|'率', keras.layers.Dense(1, foo=2), |]
x = {|'a': x, |}
x = f(|a, |)
x = f(|*a, |)
x = keras.layers.Dense(|foo{i}=1, |)
x = keras.layers.Dense(1, |a{i}_regularizer='l2', |)
m.fit_generator(x|, a{i}=1|, pickle_safe=True)
m.fit_generator((x| |), pickle_safe=True)
from keras.layers.core import Dense|, Dense as D{i}|
from| |keras.layers.core import Dense, Input
import keras|, keras.utils.np_utils as n{i}|
import keras|.a|
|a, |= 1
|x{i}, |*z = a
|x = |1
|f(); |
|if a: |pass
global x|, x{i}|
def f(|a{i}=keras, |): pass
@keras|.a|
with a as x|, a as x{i}|: pass
x = [1 |for x{i} in a |]
x = '|a|'
x = '|率|'
x = f'|{x}|'
x = |'a' |
m.save(|'a' + |'a')
m.save(|str(|'a'|)|)
keras.layers.|a|
keras.layers.Dense(1, |a|=2)
keras.layers.Dense(1, foo=2)  # |noqa: A1, B2, |
keras.layers.Dense(1, foo=2)  # noqa|, E{i}|
keras.layers.Dense(1, foo=2)  |# |
keras.layers.Dense(1, foo=2)  #| |noqa
x = [|keras.layers.Dense(1, foo=2), |]  # noqa: E501
|#|
| |x
|\t|x
print (|)|
print (|) |%
print |(|
|a |
|a,|
|a |?
|a.|?
%time |-a 1 |
%time -a| |
pip| |
TF_USE_LEGACY_KERAS| |
# TF_USE_LEGACY_KERAS|TF_USE_LEGACY_KERAS|
zork = = |zork |
zork = = |import |
x{i}|\\\n|
""".splitlines()
# Pieces of Markdown; and values of notebooks, made as the lines above.
MARKS = (
    r"""
> |- |* |1. |# |    |\t|```|~~~|``|`|[a]: b|[|](b)|![|<a |<a b='|<!-- |<?|<![CDATA[|&#|&|\\|*|_
**a |_*|a: |<a:b>|a|率|keras|import keras|keras.layers.Dense(1, foo=2)|```python|===|---|+++|$$
:::|{code-cell}|{% raw %}|>>> |... |In [1]: """.strip("\n")
    .replace("\n", "|")
    .split("|")
)
VALUES = [
    "|[|1|]|",
    '|{"a":|1|}|',
    '[|"a",|1]',
    "[|1,|1]",
    "[|{},|1]",
    r'[|{"cell_type":"code","source":["keras.layers.Zork\n","x"]},|{}]',
    r'[|{"cell_type":"code","source":"keras.layers.Dense(1,foo=2)\n"},|{}]',
    r'"|\\|"',
    r'"|\n|"',
    r'"|\"|"',
    r'"|\u7387|"',
    "|1|",
]


class Growing(NamedTuple):
    """A text that may be of any size.

    Args:
        name: Tells what is repeated in it.
        suffix: That of its file.
        text: Makes it with so many repetitions.
    """

    name: str
    suffix: str
    text: Callable[[int], str]


def numbered(units: list[str], i: int) -> str:
    """Returns units with their number."""
    text = "\n".join(units).replace(r"\n", "\n").replace(r"\f", "\f")
    return text.replace("{i}", str(i + 1)).replace("{j}", str(i)) + "\n"


def repeated(units: list[str], n: int) -> str:
    """Returns a program in which units are repeated."""
    return HEAD + "".join(numbered(units, i) for i in range(n))


def spread(template: str, n: int) -> str:
    """Returns a line in which something is repeated, and closed as often as it is opened."""
    start, part, *end = template.split("|")
    if len(end) == 3:
        end = [end[0], end[1] * n, end[2]]
    return start + "".join(part.replace("{i}", str(i)) for i in range(n)) + "".join(end)


def long(template: str, n: int) -> str:
    """Returns a program with a long line."""
    return f"{HEAD}{spread(template, n)}\n".replace(r"\n", "\n").replace(r"\t", "\t")


def fenced(units: list[str], n: int) -> str:
    """Returns Markdown with a block for each repetition."""
    blocks = [HEAD, *(numbered(units, i) for i in range(n))]
    return "".join(f"```python\n{block}```\n\n" for block in blocks)


def marked(marks: list[str], between: str, n: int) -> str:
    """Returns Markdown of marks."""
    return "keras\n\n" + between.join(marks * n) + "\n"


def notebook(units: list[str], kind: type, n: int) -> str:
    """Returns a notebook with a cell for each repetition, of a string or a list of strings."""
    sources = [HEAD, *(numbered(units, i) for i in range(n))]
    listed = [source.splitlines(keepends=True) if kind is list else source for source in sources]
    cells = [{"cell_type": "code", "source": source, "outputs": []} for source in listed]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def cell(units: list[str], kind: type, n: int) -> str:
    """Returns a notebook with a long cell."""
    return notebook([repeated(units, n)], kind, 1)


def valued(template: str, n: int) -> str:
    """Returns a notebook with many values."""
    value = spread(template, n)
    return f'{{"keras": {value}, "cells": {value if "cell" in template else []}}}'


def growing(random: Random) -> Iterator[Growing]:
    """Draws texts, without an end."""
    rules = [rule.bad for rule in load_rules().values() if "```" not in rule.bad]
    while True:
        units = random.choice(([random.choice(rules)], random.sample(UNITS, random.randint(1, 3))))
        marks = random.choices(MARKS, k=random.randint(1, 3))
        template, value = random.choice(LINES), random.choice(VALUES)
        between, kind = random.choice(("", " ", "\n", "\n\n")), random.choice((str, list))
        yield random.choice(
            (
                *[Growing(f"program of {units}", ".py", partial(repeated, units))] * 4,
                *[Growing(f"line of {template}", ".py", partial(long, template))] * 4,
                Growing(f"blocks of {units}", ".md", partial(fenced, units)),
                Growing(f"marks {marks} {between!r}", ".md", partial(marked, marks, between)),
                Growing(f"cells of {units}", ".ipynb", partial(notebook, units, kind)),
                Growing(f"cell of {units}", ".ipynb", partial(cell, units, kind)),
                Growing(f"values {value}", ".ipynb", partial(valued, value)),
            )
        )


def fails(outcome: Outcome) -> str:
    """Tells of an error that is ours."""
    return "the check itself failed" * (b"the check itself failed" in outcome.errors)


def cases(random: Random, folder: Path) -> Iterator[Case]:
    """Draws files, without an end."""
    for number, (name, suffix, text) in zip(count(), growing(random), strict=False):
        here = folder / f"growth-{number}"
        here.mkdir()
        size = int(SIZE ** random.uniform(0.75, 1.0))
        n = 1 + size * 10 // (len(text(11)) - len(text(1)) + 1)
        (here / f"x{suffix}").write_text(text(n), "utf-8")
        options = random.choice(((), ("--fix",), ("--diff",), ("--select", "ALL")))
        unsafe = ("--unsafe-fixes",) * random.randint(0, 1)
        yield Case(
            name=f"{n} times: {name!a}",
            argv=(*["check"] * (number % 2), f"x{suffix}", *options, *unsafe),
            folder=here,
            statuses=frozenset({0, 1, 2}),
            program="kerastut" if number % 2 else "kerastut-check",
            wrong=fails,
        )
