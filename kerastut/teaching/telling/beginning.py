"""Begins a recipe from another one: its code, and nothing of what was said or measured of that."""

import ast
import tokenize

from kerastut.registry import Recipe, chinese_texts

_HEAD = {
    "en": '''"""One line of at most 80 characters, which `kerastut list` prints.

Here stands what the recipe shows and why it is built as it is, in more than 200 characters.
"""''',
    "zh": '''"""一行简介，不超过 80 个字符，由 `kerastut list` 显示。

在这里写明这个配方展示什么、为什么这样搭建，要超过 200 个字符。
"""''',
}
_EMPTY = {  # fields of the header, and the comments behind them
    "en": {
        "expect={},": '`kerastut band` proposes it, such as {"accuracy": (0.8, 0.86)}',
        "tutorials=(),": 'what it replaces, such as "T0 4.3"; it may be nothing',
    },
    "zh": {
        "expect={},": '由 `kerastut band` 给出，例如 {"accuracy": (0.8, 0.86)}',
        "tutorials=(),": '它替代的教程章节，例如 "T0 4.3"；可以没有',
    },
}
# What the functions of a recipe do and return, in Chinese.
_DONE = {
    "build": ("搭建并编译模型。", "已编译的模型。"),
    "encoder": ("搭建把文本变成模型输入的层，并用训练集的文本适配。", "适配好的层。"),
    "callbacks": ("返回 Keras 的回调。", ""),
    "score": ("计算更多的测试指标。", ""),
    "figures": ("画图。", ""),
}
_SUPPLIED = {
    "texts": "训练集的文本。",
    "total_steps": "整个训练的优化器步数，运行时填入。",
    "classes": "类别数，运行时填入。",
    "shape": "图像的高、宽和通道数，运行时填入。",
    "features": "每个样本的特征数，运行时填入。",
    "run": "训练好的 `Run`。",
}


def new_recipe(recipe: Recipe, language: str) -> str:
    """Returns the text of a recipe's file to begin another one with.

    Args:
        recipe: The one to begin from. Its code stays; its docstring, band and tutorials do not.
        language: That of what is new, `"en"` or `"zh"`; in Chinese also of what the functions say.
    """
    with tokenize.open(recipe.path) as file:
        text = file.read()
    lines = text.splitlines()
    for node in reversed(ast.parse(text).body):
        match node:
            case ast.Assign(targets=[ast.Name(id="RECIPE")], value=ast.Call() as call):
                lines[node.lineno - 1 : node.end_lineno] = _header(text, call, language)
            case ast.FunctionDef(body=[ast.Expr() as first, *_]) if ast.get_docstring(node):
                if language == "zh" and node.name in _DONE:
                    lines[first.lineno - 1 : first.end_lineno] = _document(node, recipe)
    end = ast.parse(text).body[0].end_lineno
    return "\n".join([_HEAD[language], *lines[end:]]) + "\n"


def _header(text: str, call: ast.Call, language: str) -> list[str]:
    kept = [
        f"    {keyword.arg}={ast.get_source_segment(text, keyword.value)},"
        for keyword in call.keywords
        if keyword.arg not in ("expect", "tutorials")
    ]
    empty = [f"    {field}  # {comment}" for field, comment in _EMPTY[language].items()]
    return ["RECIPE = Recipe(", *kept, *empty, ")"]


def _document(function: ast.FunctionDef, recipe: Recipe) -> list[str]:
    does, returns = _DONE[function.name]
    meanings = chinese_texts()["parameters"]
    told = [f'"""{does}', "", "Args:"]
    for argument in (*function.args.args, *function.args.kwonlyargs):
        parameter = recipe.parameters.get(argument.arg)
        meaning = parameter and meanings.get(parameter.help, parameter.help)
        told.append(f"    {argument.arg}: {meaning or _SUPPLIED.get(argument.arg, '')}".rstrip())
    if returns:
        told += ["", "Returns:", f"    {returns}"]
    return [f"    {line}".rstrip() for line in (*told, '"""')]
