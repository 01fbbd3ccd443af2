"""The words of the pages around the text, in both languages, beside those that kerastut has."""

import tomllib
from pathlib import Path

from kerastut.language import word as term

_CHINESE = {
    "Guide": "使用指南",
    "Chapters": "教程",
    "Recipes": "配方",
    "Corrections": "勘误",
    "Topics": "专题",
    "API": "API",
    "Search": "搜索",
    "Next": "下一页",
    "Previous": "上一页",
    "On this page": "本页内容",
    "Source": "源代码",
    "What it shows": "内容说明",
    "Figures": "图",
    "Settings and result": "设置与结果",
    "Hyperparameters": "超参数",
    "metric": "指标",
    "measured": "实测",
    "lowest": "下限",
    "highest": "上限",
    "name": "名称",
    "In the chapters": "相关章节",
    "See also": "参见",
    "Look up": "查阅",
    "Glossary": "术语表",
    "Symbols": "符号表",
    "These letters mean the same in every chapter. All others, running indices too, are explained"
    " where they stand.": "这些字母在各章的含义相同。其余字母，包括求和的下标，在出现的地方说明。",
    "symbol": "符号",
    "shape": "形状",
    "Install": "安装",
    "Report an error": "报告错误",
    "Whole program in plain Keras: ": "只用 Keras 的完整程序：",
    "The whole book": "下载整本书",
    "Edition of {date}, trained in full.": "{date} 版，按完整规模训练。",
    "Reduced edition of {date}: numbers are not those of the full one.": (
        "{date} 精简版，按小规模运行，数字与完整版不同。"
    ),
    "This page is of the reduced edition: to save time, {shortened}; the numbers below are"
    " those of this short run.": (
        "本页属于精简版：为节省时间，{shortened}；下面的数字都是这次短运行的结果。"
    ),
    "`teaching.scale` gives the first of its numbers, mostly fewer samples (the second where the"
    " environment variable `FULL=1` is set)": (
        "`teaching.scale` 取第一个数，多为较少的样本（设了环境变量 `FULL=1` 才取第二个）"
    ),
    "whole programs run for one epoch": "完整程序只运行一轮",
    "recipes run on a few samples for one epoch": "配方只用少量样本运行一轮",
    ", ": "，",
    "In this reduced edition it ran for one epoch.": "精简版只运行了一轮，输出与图都是一轮的。",
    "Run it yourself": "在自己的机器上运行",
    "What it corrects": "修正了什么",
    "Open in Colab": "在 Colab 中打开",
    "Download notebook": "下载 Notebook",
    "Download as .py": "下载 .py",
    "your code here": "在这里写你的代码",
    "Show the code": "显示代码",
    "Hide the code": "收起代码",
    "Show the solution": "显示答案",
    "Hide the solution": "收起答案",
    "fault": "编号",
    "what happens, why, and what to do": "现象、原因与改法",
    "Type to filter: an id, a word, a function": "输入编号、词语或函数名进行筛选",
    "all kinds": "全部类别",
    "{shown} of {all} faults": "共 {all} 处，显示 {shown} 处",
    "What the five tutorials get wrong, fault by fault.": "五篇教程中的错误，逐条列出。",
    "Every recipe is one short file, run here with seed 0.": (
        "每个配方是一个短小的文件；下面的图都来自种子为 0 的运行。"
    ),
    "From the first neuron to a model in use.": "从第一个神经元到部署模型。",
    "The public names, from their docstrings.": "公开的名称，内容取自文档字符串。",
    "Other language": "English",
}
# What runs in the reader's browser says more.
_CHINESE |= tomllib.loads(Path(__file__).with_name("live.toml").read_text(encoding="utf-8"))
_ENGLISH = {"Other language": "中文"}
# Labels in the theme's templates, which has them in English only.
_THEME = {
    "<title>Contents</title>": "<title>目录</title>",
    "<title>Menu</title>": "<title>菜单</title>",
    "<title>Expand</title>": "<title>展开</title>",
    "<title>Light mode</title>": "<title>浅色模式</title>",
    "<title>Dark mode</title>": "<title>深色模式</title>",
    "<title>Auto light/dark, in light mode</title>": "<title>自动切换，现为浅色模式</title>",
    "<title>Auto light/dark, in dark mode</title>": "<title>自动切换，现为深色模式</title>",
    "Skip to content": "跳到正文",
    "Back to top": "回到顶部",
    "Toggle site navigation sidebar": "显示或隐藏网站导航",
    "Toggle table of contents sidebar": "显示或隐藏本页目录",
    "Toggle Light / Dark / Auto color theme": "切换浅色、深色或自动模式",
    "Toggle navigation of": "展开或收起：",
}


def word(text: str, language: str) -> str:
    """Returns a label in the language; every label has a Chinese form."""
    own = _CHINESE if language == "zh" else _ENGLISH
    return own[text] if text in own else term(text, language)


def in_chinese(page: str) -> str:
    """Returns a page with the labels of its theme in Chinese."""
    for english, chinese in _THEME.items():
        page = page.replace(english, chinese)
    return page
