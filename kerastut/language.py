"""The language of explanations, English or Chinese."""

import argparse
import os

LANGUAGES = ("en", "zh")
_CHINESE = {
    "setting": "设置",
    "value": "值",
    "data": "数据",
    "epochs": "训练轮数",
    "batch size": "批大小",
    "expected on test data": "测试集上的预期值",
    " to ": "～",
    "replaces": "替代",
    "file": "文件",
    "hyperparameter": "超参数",
    "default": "默认值",
    "meaning": "含义",
    "One of": "可选值:",
    "fault": "问题",
    "kind": "类别",
    "crash": "运行报错",
    "silently wrong": "不报错但有误",
    "misleading statement": "误导性表述",
    "bad practice": "不良做法",
    "deprecated": "已弃用",
    "section": "章节",
    "lines": "行号",
    "block": "代码块",
    "blocks": "代码块",
    "prose": "正文",
    "what happens": "现象",
    "why": "原因",
    "what to do": "改法",
    "recipe": "配方",
    "command": "命令",
    "rule": "检查规则",
    "proof": "验证",
    "prose only": "只能用文字说明",
    "runs as printed": "能否照原样运行",
    "yes": "能",
    "no": "不能",
    "what it does": "说明",
}


def add_language(parser: argparse.ArgumentParser) -> None:
    """Adds `--lang`."""
    parser.add_argument(
        "--lang", choices=LANGUAGES, default=of_locale(), help="default: that of the locale"
    )


def of_locale() -> str:
    """Returns the language that the environment asks for; the first variable set decides."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def word(text: str, language: str) -> str:
    """Returns a label in the language."""
    return _CHINESE[text] if language == "zh" else text
