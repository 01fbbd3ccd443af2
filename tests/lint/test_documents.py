"""Documents of many kinds: each block of Python is found, and mended in its place."""

import json

import pytest

from kerastut.lint import blocks_of
from kerastut.lint.check import Selection, check_document
from kerastut.lint.documents import parse_document
from kerastut.lint.documents.tabs import views
from kerastut.lint.documents.text import Text
from kerastut.lint.finding import Finding
from kerastut.lint.fixes.fixing import fix_text

CODE = "from keras.optimizers import SGD\nSGD(lr=0.1)\n"
INDENTED = "".join(f"    {line}\n" for line in CODE.splitlines())
TORCH = "from torch.optim import SGD\nopt = SGD(net.parameters(), lr=0.1)\n"
TORCH += "model.fit_generator(x, nb_epoch=3)\n"


def findings(source: str, suffix: str, select: str = "KT2") -> list[Finding]:
    """Returns what is found in a document."""
    document = parse_document(Text(source), f"x{suffix}", suffix)
    return check_document(document, Selection(tuple(select.split(","))))


def indented(code: str, width: int = 4) -> str:
    """Returns code with an indentation."""
    return "".join(f"{' ' * width}{line}\n" for line in code.splitlines())


# The suffix, and the document around the code, which is put in for `@`, indented for `§`.
AROUND = {
    "fence": (".md", "# Title\n\n```python\n@```\n"),
    "fence without a mark": (".md", "```\n@```\n"),
    "R Markdown": (".rmd", "---\ntitle: x\n---\n\n```{python, echo=FALSE}\n@```\n"),
    "R Markdown with a name": (".rmd", "```{python train-model}\n@```\n"),
    "Quarto": (".qmd", "```{python}\n#| label: fig\n@```\n"),
    "Quarto, shown only": (".qmd", "``` {.python filename='x.py'}\n@```\n"),
    "Jekyll": (".md", "Text\n{% highlight python %}\n@{% endhighlight %}\ntext\n"),
    "Jekyll with numbers": (".md", "{% highlight python linenos %}\n@{% endhighlight %}\n"),
    "Jekyll, raw": (
        ".md",
        "{% highlight python %}\n{% raw %}\n@{% endraw %}\n{% endhighlight %}\n",
    ),
    "Jekyll, trimmed": (".md", "{%- highlight python -%}\n@{%- endhighlight -%}\n"),
    "Hexo": (".md", "{% codeblock lang:python x.py %}\n@{% endcodeblock %}\n"),
    "Jekyll without a language": (".md", "{% highlight %}\n@{% endhighlight %}\n"),
    "pre": (".md", "<pre>\n@</pre>\n"),
    "pre and code": (".md", '<pre><code class="language-python">@</code></pre>\n'),
    "pre and code in a div": (".md", '<div class="highlight"><pre><code>@</code></pre></div>\n'),
    "pre with a language": (".md", '<pre lang="python">\n@</pre>\n'),
    "a directive of MyST": (".md", "```{code-block} python\n:linenos:\n@```\n"),
    "a directive with colons": (".md", ":::{code-block} python\n:linenos:\n@:::\n"),
    "in a note": (".md", ":::{note}\n```python\n@```\n:::\n"),
    "in a note with backticks": (".md", "````{note}\n```python\n@```\n````\n"),
    "in a tab": (".md", "::::{tab-set}\n:::{tab-item} Keras\n```python\n@```\n:::\n::::\n"),
    "in a tab with backticks": (".md", "````{tab-item} Keras\n```python\n@```\n````\n"),
    "in a Docusaurus tab": (".md", '<TabItem value="keras">\n```python\n@```\n</TabItem>\n'),
    "in a GitBook tab": (".md", '{% tab title="Keras" %}\n```python\n@```\n{% endtab %}\n'),
    "rst code-block": (".rst", "Title\n=====\n\n.. code-block:: python\n   :linenos:\n\n§"),
    "rst code": (".rst", ".. code:: python\n\n§"),
    "rst sourcecode": (".rst", ".. sourcecode:: python3\n\n§\nText.\n"),
    "rst literal": (".rst", "It is so::\n\n§\nText.\n"),
    "rst literal alone": (".rst", "It is so.\n\n::\n\n§"),
    "rst testcode": (".rst", ".. testcode::\n\n§"),
    "rst tab": (".rst", ".. tab-item:: Keras\n\n   .. code-block:: python\n\n§"),
    "rst code-tab": (".rst", ".. code-tab:: python Keras\n\n§"),
    "indented Markdown": (".md", "Text:\n\n§\nText.\n"),
    "MkDocs": (".md", '=== "Keras"\n\n    ```python\n§    ```\n'),
}


@pytest.mark.parametrize(("suffix", "around"), AROUND.values(), ids=AROUND)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_block_is_found_and_mended(suffix: str, around: str, end: str) -> None:
    width = 8 if "tab-item::" in around else 4
    source = around.replace("@", CODE).replace("§", indented(CODE, width))
    source = source.replace("\n", end)
    (finding,) = findings(source, suffix)
    line = source.split(end)[finding.location.row - 1]
    assert line[finding.location.column - 1 :].startswith("lr=0.1")
    assert finding.line == line.removesuffix("</code></pre>")
    fixed, count = fix_text(Text(source), f"x{suffix}", Selection(), False)
    assert (fixed, count) == (source.replace("lr=", "learning_rate="), 1)


NOT_PYTHON = {
    "R": (".rmd", "```{r}\nlibrary(keras)\nSGD(lr=0.1)\n```\n"),
    "JavaScript": (".md", f'<pre><code class="language-js">{CODE}</code></pre>\n'),
    "another language": (".md", "{% highlight ruby %}\n" + CODE + "{% endhighlight %}\n"),
    "another directive": (".rst", f".. code-block:: javascript\n\n{INDENTED}"),
    "prose": (".rst", "We use keras here::\n\n    it is not code\n"),
    "a tag in a fence": (".md", f"keras\n```html\n<pre>\n{CODE}</pre>\n```\n"),
    "a tag in a sentence": (".md", f"Use `<pre>` for keras.\n\n{CODE}"),
    "a tag that nothing closes": (".md", f"<pre>\n{CODE}"),
    "output": (".md", "```python\nimport keras\n```\n\n    {'lr': 0.1}\n"),
}


# Code of which not every line is Python, and nothing says that it is.
BROKEN = {
    "prose": "Two classes, so the last layer is a sigmoid!",
    "output": "data batch shape: (20, 150)",
    "prose below an indentation": "  y = 2\n A slip of the hand, as I had saved it",
}


@pytest.mark.parametrize("line", BROKEN.values(), ids=BROKEN)
def test_code_between_prose_is_read_without_a_mark(line: str) -> None:
    source = f"```\nfrom keras.optimizers import SGD\n# so\n{line}\nSGD(lr=0.1)\n```\n"
    assert [item.rule.code for item in findings(source, ".md", "ALL")] == ["KT201"]
    marked = findings(source.replace("```\nf", "```python\nf"), ".md", "ALL")
    assert {item.rule.code for item in marked} == {"KT000", "KT201"}


def test_code_without_a_mark_goes_on_or_gives_names() -> None:
    blocks = [
        "rate = 0.1",  # which is read below
        "unread = 3",
        "import keras\nmodel = build(rate)",
        "kept = model.layers[:3]",
        "other = here",
        "kept of a shell",
    ]
    page = "".join(f"```\n{block}\n```\n\n" for block in blocks)
    assert [text for _, text in blocks_of(page.encode(), "a.md")] == [blocks[i] for i in (0, 2, 3)]


def test_what_a_training_prints_is_no_code() -> None:
    printed = "'Output':\nEpoch 1/2\n9/9 [====] - 4s 7ms/step\n\nTest loss: 0.3 %\n"
    page = f"```python\nimport keras\nkeras.optimizers.SGD(lr=0.1)\n{printed}```\n"
    assert [one.rule.code for one in findings(page, ".md", "ALL")] == ["KT201"]
    (block,) = blocks_of(page.encode(), "a.md")
    assert "Test loss" not in block[1]


@pytest.mark.parametrize(
    "line",
    [
        *("...", "......", "# ...", "模型的编译:", "1. 第一步", "- 其中 x 表示", "Epoch 1/10"),
        *("60000/60000 [=====] - 3s - loss: 0.3 - acc: 0.9", "output: (None, 3)"),
        *("$ python train.py", "sudo apt install graphviz", "Layer (type)   Output Shape"),
    ],
)
def test_a_line_that_is_no_python_takes_no_other_down(line: str) -> None:
    code = f"import keras\n{line}\nkeras.optimizers.Adam(lr=0.1)\n{line}\n{line}\n"
    text = f"Keras\n\n```python\n{code}if x:\n    keras.optimizers.SGD(lr=0.1)\n{line}\n```\n"
    assert [one.rule.code for one in findings(text, ".md", "KT2")] == ["KT201"] * 2


@pytest.mark.parametrize(
    "rest", ["nb_epoch=3, ...)", "nb_epoch=3,\n    ...\n)", "..., nb_epoch=3)"]
)
def test_arguments_that_are_left_out(rest: str) -> None:
    code = f"import keras\nm = keras.Sequential([keras.Input((2,))])\nm.fit(x, y, {rest}"
    assert "KT228" in [one.rule.code for one in findings(code, ".py", "KT2")]


def test_many_lines_that_are_no_python() -> None:
    lines = "".join(f"第 {i} 步：\nkeras.optimizers.Adam(lr=0.1)\n" for i in range(40))
    text = f'"""keras\nkeras.optimizers.Adam(lr=0.1)\n"""\nimport keras\n{lines}'
    assert len(findings(text, ".py", "KT2")) == 40


def test_a_fence_that_katacoda_closes() -> None:
    blocks = ("from keras.optimizers import SGD", "SGD(lr=0.1)")
    source = "\nprose\n\n".join(f"```\n{block}\n```{{{{execute}}}}\n" for block in blocks)
    assert [item.location.row for item in findings(source, ".md", "ALL")] == [8]


def test_code_below_a_sentence_is_read() -> None:
    source = "(1)保存模型：\n    import keras\n    keras.optimizers.SGD(lr=0.1)\n    卷积 - 池化\n"
    assert {item.rule.code for item in findings(source, ".py", "ALL")} == {"KT000", "KT201"}


def test_what_training_printed_is_no_code() -> None:
    source = "keras\n\n```python\nEpoch 1/13\n - 60s - loss: 0.2179 [=====>...]\n```\n"
    assert findings(source, ".md", "ALL") == []
    signature = "keras\n\n```python\nkeras.layers.Dense(\n    units: int,\n)\n```\n"
    assert findings(signature, ".md", "ALL") == []
    returning = 'keras\n\n```python\nframes(a, mode="even",\n  **more) -> List[int]\n```\n'
    assert findings(returning, ".md", "ALL") == []
    answered = "keras\n\n```python\nprint(0.5)\n\n> 4.9e-16\n> Range: [1, 2]\n```\n"
    assert findings(answered, ".md", "ALL") == []
    asked = "keras\n\n```python\n>>>print(0.5)\n0.5 of\n>>>print(1)\n```\n"
    assert findings(asked, ".md", "ALL") == []
    unclosed = (
        "keras\n\n```python\nprint(1)\n\nA scalar for each point.\n\n```python\nprint(2)\n```\n"
    )
    assert findings(unclosed, ".md", "ALL") == []
    broken = source.replace("Epoch 1/13", "model.fit(x y)")
    assert [item.rule.code for item in findings(broken, ".md", "ALL")] == ["KT000"]


def notebook(*cells: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": text} for text in cells]})


@pytest.mark.parametrize("line", ["cd /content/'My Drive'", "ls", "! pip install keras", "!ls"])
def test_commands_of_a_notebook(line: str) -> None:
    assert findings(notebook("import keras", line), ".ipynb", "KT0,KT5") == []


def test_a_name_that_is_no_command_of_a_notebook() -> None:
    for line in ("lsx", "cd(3)", "cat.mean()"):
        assert len(findings(notebook("import keras", line), ".ipynb", "KT5")) == 1


@pytest.mark.parametrize("line", ["exec(open('a.py').read())", "%run a.py", "%load a.py"])
def test_a_notebook_that_runs_other_files_may_have_any_name(line: str) -> None:
    cells = ["import keras\nmodel.fit(x, y)", f"if 1:\n    pass\n{line}"]
    assert not findings(notebook(*cells), ".ipynb", "KT5")


def test_a_cell_that_is_still_to_be_loaded_may_define_any_name() -> None:
    cells = notebook("# %load a.py", "import keras\nm")
    assert findings(cells, ".ipynb", "KT5") == []


@pytest.mark.parametrize("line", ["Traceback (most recent call last):", "ImportError: no merge"])
def test_what_was_printed_is_no_code(line: str) -> None:
    source = f"keras\n\n```{{}}\n{line}\nfrom keras.layers import merge\n!\n```\n"
    for mark in ("", "python"):
        assert findings(source.format(mark), ".md", "ALL") == []


@pytest.mark.parametrize(("suffix", "source"), NOT_PYTHON.values(), ids=NOT_PYTHON)
def test_what_is_no_python_is_left_alone(suffix: str, source: str) -> None:
    assert findings(source, suffix, "ALL") == []


def test_a_block_without_a_mark_goes_on_with_those_above() -> None:
    source = "```python\nfrom keras.optimizers import SGD\n```\n\nThen:\n\n    opt = SGD(lr=0.1)\n"
    assert [item.location.row for item in findings(source, ".md")] == [7]


def test_entities_and_tags_within_code() -> None:
    source = (
        "<pre><code>from keras.optimizers import SGD\n"
        "if 1 &lt; 2 and 3 &gt;= 2 and x -&gt; y:\n"
        "</code></pre>\n\n<pre>\nfrom keras.optimizers import SGD\n"
        "if 1 &lt; 2 and 3 &gt;= 2 &amp; 1:\n    SGD(lr=0.1, name=&quot;a&quot;, a=&#39;b&#39;)\n"
        '<span class="k">for</span> <span class="n">i</span> in range(3):\n'
        '    <span class="n">SGD</span><span class="p">(</span>lr=0.1)\n</pre>\n'
    )
    found = findings(source, ".md", "ALL")
    assert [item.location.row for item in found if item.rule.code == "KT201"] == [8, 10]
    fixed, _ = fix_text(Text(source), "x.md", Selection(("KT201",)), False)
    assert fixed == source.replace("lr=", "learning_rate=")


def test_prompts_in_html_and_in_rst() -> None:
    session = "Text\n\n>>> from keras.optimizers import SGD\n>>> SGD(lr=0.1)\n<SGD>\n\nText\n"
    inner = session[6:-6].replace("<", "&lt;").replace(">", "&gt;")
    source = f"<pre>\n{inner}</pre>\n"
    assert [item.location.row for item in findings(source, ".md", "ALL")] == [3]
    assert [item.location.row for item in findings(session, ".rst", "ALL")] == [4]


# Tabs


TABS = {
    "d2l": "```{{.python .input}}\n#@tab {0}\n{1}```\n",
    "d2l since 1.0": "```{{.python .input}}\n%%tab {0}\n{1}```\n",
    "MyST": ":::{{tab-item}} {0}\n```python\n{1}```\n:::\n",
    "MyST, backticks": "````{{tab-item}} {0}\n```python\n{1}```\n````\n",
    "Docusaurus": '<TabItem label="{0}">\n\n```python\n{1}```\n\n</TabItem>\n',
    "GitBook": '{{% tab title="{0}" %}}\n```python\n{1}```\n{{% endtab %}}\n',
    "Quarto": "::: {{.panel-tabset}}\n## {0}\n```python\n{1}```\n:::\n",
}


@pytest.mark.parametrize("form", TABS.values(), ids=TABS)
def test_tabs_of_other_frameworks_are_told_apart(form: str) -> None:
    keras = form.format("TensorFlow", "from keras.optimizers import SGD\nSGD(lr=1)\n")
    torch = form.format("PyTorch", TORCH)
    shared = "```python\nimport numpy as np\ndef build(): pass\n```\n"
    for source in (keras + shared + torch, torch + shared + keras):
        row = source.splitlines().index("SGD(lr=1)") + 1
        found = findings(source, ".md", "ALL")
        assert [(item.rule.code, item.location.row) for item in found] == [("KT201", row)]


def test_tabs_of_mkdocs() -> None:
    keras = '=== "Keras"\n\n    ```python\n' + INDENTED + "    ```\n\n"
    torch = '=== "PyTorch"\n\n    ```python\n' + indented(TORCH) + "    ```\n\nText.\n"
    found = findings(torch + keras, ".md", "ALL")
    assert [item.rule.code for item in found] == ["KT201"]


def test_tabs_of_rst() -> None:
    def tab(name: str, code: str) -> str:
        inner = indented(code, 8)
        return f"   .. tab-item:: {name}\n\n      .. code-block:: python\n\n{inner}\n"

    source = ".. tab-set::\n\n" + tab("PyTorch", TORCH) + tab("Keras", CODE) + "Text\n"
    assert [item.rule.code for item in findings(source, ".rst", "ALL")] == ["KT201"]


def test_two_ways_of_keras_do_not_share_their_names() -> None:
    form = TABS["MyST"].format
    one = form("Sequential", "from keras.optimizers import SGD\nSGD(lr=1)\n")
    two = form("Other", "from mine import SGD\nimport keras\nSGD(lr=1)\n")
    for source in (one + two, two + one):
        row = source.splitlines().index("from keras.optimizers import SGD") + 2
        assert [item.location.row for item in findings(source, ".md")] == [row]


def test_what_only_one_tab_defines_is_not_missing_in_all() -> None:
    keras = "```python\n#@tab tensorflow\nimport keras\nnet = keras.Sequential()\n```\n"
    other = "```python\n#@tab other\nimport keras\nx = 1\n```\n"
    assert findings(keras + other + "```python\n#@tab all\nnet.build()\n```\n", ".md", "KT5") == []
    assert findings(keras + other + "```python\nnot_there.build()\n```\n", ".md", "KT5") != []


# Notebooks


def test_an_indented_cell_is_read_as_ipython_reads_it() -> None:
    for code in (indented(CODE), "\n" + indented(CODE), indented(CODE, 2) + "\n  # 学\n"):
        source = json.dumps({"cells": [{"cell_type": "code", "source": code}]})
        (finding,) = findings(source, ".ipynb", "ALL")
        assert (
            code.split("\n")[finding.location.row - 1][finding.location.column - 1 :] == "lr=0.1)"
        )
        fixed, _ = fix_text(Text(source), "x.ipynb", Selection(), False)
        assert json.loads(fixed)["cells"][0]["source"] == code.replace("lr=", "learning_rate=")


def test_an_indented_block_is_read() -> None:
    (finding,) = findings(f"```python\n{INDENTED}```\n", ".md", "ALL")
    assert finding.location[:2] == (3, 9)


def test_many_tabs_are_not_read_each_by_itself() -> None:
    source = "".join(f"```python\n#@tab t{n}\nimport keras\n```\n" for n in range(50))
    document = parse_document(Text(source), "x.md", ".md")
    assert sum(len(view.chunks) for view in views(document)) == 50
    assert len(views(document)) == 11


def test_a_fix_imports_in_each_block_that_has_imports_of_its_own() -> None:
    first = "```python\nfrom keras.models import Sequential\nfrom keras.layers import Dense\n@```\n"
    going_on = "```python\nmodel = Sequential()\n@```\n"
    layer = "model = Sequential()\nmodel.add(Dense(2, input_shape=(4,)))\n"
    source = first.replace("@", layer) * 2 + going_on.replace("@", layer)
    fixed = fix_text(Text(source), "x.md", Selection(("KT202",)), True)[0]
    blocks = fixed.split("```python\n")[1:]
    assert [block.count("import keras\n") for block in blocks] == [1, 1, 0]
    assert fixed.count("model.add(keras.Input(shape=(4,)))") == 3


def test_keras_is_missing_in_a_block_that_imports_some_of_it() -> None:
    some = "```python\nfrom keras.models import Sequential\nmodel = Sequential()\n@```\n"
    use = "y = keras.utils.to_categorical([1])\n"
    (finding,) = findings(some.replace("@", use), ".md", "KT501")
    assert (finding.values["name"], finding.location.row) == ("keras", 4)
    for right in (some.replace("@", "") + f"```python\n{use}```\n", f"```python\n{use}```\n"):
        assert findings(right, ".md", "KT501") == []
    assert (
        findings(some.replace("from", "import keras\nfrom").replace("@", use), ".md", "KT501") == []
    )


def test_a_page_that_goes_on_runs_from_the_top_and_a_fragment_does_not() -> None:
    blocks = "```python\nfrom keras.layers import LSTM\n@```\n", "```python\n@```\n"
    later = "```python\nfrom keras.models import Model\n```\n"
    use = "def f(x):\n    return Model(x, x)\nm = f(3)\n"
    going_on = blocks[0].replace("@", "") + blocks[1].replace("@", use) + later
    (finding,) = findings(going_on, ".md", "KT502")
    assert (finding.values["name"], finding.location.row) == ("Model", 6)
    for fragment in (
        blocks[1].replace("@", use) + blocks[0].replace("@", "") + later,
        going_on.replace("f(3)", "f(y)"),
        blocks[0].replace("@", "m = Model(x, x)\n") + later,
    ):
        assert findings(fragment, ".md", "KT501,KT502") == []


BUILT = (
    "model = Sequential()\nmodel.add(Dense(8, input_dim=4))\n"
    "model.compile(loss='mse', optimizer=Adam(lr=0.1))\n"
)


@pytest.mark.parametrize("prose", ["With Keras:", "A net for Go:"])
def test_a_page_that_imports_nothing_means_layers_of_keras(prose: str) -> None:
    found = findings(f"{prose}\n\n```python\n{BUILT}```\n", ".md")
    assert [one.rule.code for one in found] == ["KT202", "KT201"]


@pytest.mark.parametrize(
    "text",
    [
        "As in Keras, with torch:\n\n```python\nopt = Adam(lr=0.1)\n```\n",
        "As in Keras, with mxnet:\n\n```python\nopt = Adam(lr=0.1)\n```\n",
        "With Keras:\n\n```python\nclass Adam:\n    pass\n\nAdam(lr=0.1)\n```\n",
        "A net:\n\n```python\nnet.add(Dense(8, in_units=4))\nopt = Adam(lr=0.1)\n```\n",
    ],
)
def test_names_of_another_library_or_of_the_page_stay_theirs(text: str) -> None:
    assert findings(text, ".md") == []


def test_what_a_page_never_imports_is_told_of_once() -> None:
    page = f"Keras\n\n```python\n{BUILT}```\n\nAgain:\n\n```python\n{BUILT}```\n"
    told = [one.values["name"] for one in findings(page, ".md", "KT504")]
    assert told == ["Sequential", "Dense", "Adam"]


@pytest.mark.parametrize(
    ("page", "count"),
    [
        (f"# Keras\n\n从这里开始，\n{BUILT}", 2),
        (f"{BUILT}\nfor i in x:\n\n    model.fit(i)\n\nThis trains it, with Keras.\n", 2),
        ("import keras\nimport tensorflow\n\nare what it needs.\n\nmodel.add(...)\n", 0),
        ("From Keras you know\nmodel = Sequential()\nwhich takes input_dim=4.\n", 0),
    ],
)
def test_code_without_a_fence_is_read_where_it_builds_a_model(page: str, count: int) -> None:
    assert len(findings(page, ".md")) == count


LISTING = ("import keras", "o = keras.optimizers.SGD(", "    lr=0.1,", ")", "print(o)")


@pytest.mark.parametrize("form", ["{0} {1}", "{0:<4}{1}", "{0:>3}  {1}"])
def test_numbers_before_the_lines_of_a_listing_are_left_alone(form: str) -> None:
    lines = [form.format(index, line) for index, line in enumerate(LISTING, 8)]
    page = "Keras\n\n```python\n" + "\n".join(lines) + "\n```\n"
    (finding,) = findings(page, ".md", "ALL")
    assert (finding.rule.code, finding.location.row) == ("KT201", 6)
    fixed = fix_text(Text(page), "x.md", Selection(), True)[0]
    assert fixed == page.replace("lr=", "learning_rate=")


def test_lines_that_are_not_counted_are_no_listing() -> None:
    page = "Keras\n\n```python\n1 import keras\n3 keras.optimizers.SGD(lr=0.1)\n7 print(1)\n```\n"
    assert "KT000" in [one.rule.code for one in findings(page, ".md", "ALL")]
    numbers = "Keras\n\n```python\nimport keras\n1\n2\n3\n```\n"
    assert findings(numbers, ".md", "KT0,KT2") == []


def test_code_of_several_lines_in_prose_opens_no_block() -> None:
    block = "```\nimport keras\nkeras.optimizers.SGD(lr=0.1)\n```\n"
    page = f"So:\n```K.cast(K.equal(a,\n    b))```\n\nand\n\n{block}"
    assert [one.location.row for one in findings(page, ".md", "KT2")] == [9]


def test_a_block_that_imports_some_of_keras_does_not_wait_for_another_to_import_the_rest() -> None:
    first = "```python\nimport keras\nx = layers.Dense(3)(keras.Input((4,)))\n```\n"
    again = "```python\nimport keras\nfrom keras import layers\nlayers.Dense(3)\n```\n"
    (finding,) = findings(first + again, ".md", "KT501,KT502")
    assert (finding.rule.code, finding.location.row) == ("KT501", 3)
    fixed = fix_text(Text(first + again), "x.md", Selection(("KT501",)), True)[0]
    assert fixed.startswith("```python\nfrom keras import layers\nimport keras\n")
    bare = first.replace("import keras\n", "").replace("keras.Input((4,))", "y")
    assert findings(bare + again, ".md", "KT501,KT502") == []


def test_what_a_notebook_printed_or_says_is_no_word_of_its_program() -> None:
    code = "import keras\nimport pandas as pd\nt = pd.read_csv('a')\nt.loc[t['a'] == 'x', 'a'] = 1"
    printed = {"cell_type": "code", "source": code, "outputs": ["array(['x'], dtype=object)"]}
    source = json.dumps({"cells": [printed]})
    assert [one.rule.code for one in findings(source, ".ipynb", "KT277")] == ["KT277"]
    prose = {"cell_type": "markdown", "source": "As in Keras"}
    other = {"cell_type": "code", "source": "import torch\nloader = <YOUR CODE>"}
    assert findings(json.dumps({"cells": [prose, other]}), ".ipynb", "ALL") == []
