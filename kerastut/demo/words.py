"""The texts of the page in both languages."""

from typing import Any

LANGUAGES = {"en": "English", "zh": "中文"}
WORDS = {
    "en": {
        "lead-digits": "Draw a digit, and watch the net recognise it.",
        "lead-pictures": "Draw or drop a picture, and watch the net recognise it.",
        "lead-texts": "Type a text, and see what the net makes of it, character by character.",
        "board": "Board to draw on",
        "clear": "Clear",
        "choose": "Choose a picture …",
        "drop": "You can also drop a picture here: PNG, JPEG, BMP or GIF.",
        "probabilities": "Probabilities",
        "nothing": "Nothing to recognise yet",
        "unreadable": "This picture cannot be read. Take a PNG, JPEG, BMP or GIF file.",
        "seen": "What the net sees",
        "size": "{height} × {width} pixels",
        "placed": "placed and scaled as in MNIST",
        "inverted": "dark and light exchanged",
        "maps": "What the convolution layers see",
        "maps-help": "A pane for each filter: the brighter, the stronger its answer there.",
        "layer": "{filters} filters, {height} × {width}",
        "layer-cut": "the first {shown} of {filters} filters, {height} × {width}",
        "text": "Your text",
        "examples": "Examples",
        "contributions": "Contribution of each character to “{label}”",
        "contributions-help": "The number says by how many percentage points the probability of"
        " “{label}” would fall (blue) or rise (orange) without the character.",
        "local": "The net runs on this machine, and the page loads nothing from anywhere else.",
        "negative": "negative",
        "positive": "positive",
        "open": "Open {address} in your browser. Ctrl-C stops it.",
    },
    "zh": {
        "lead-digits": "写一个数字，看网络如何识别。",
        "lead-pictures": "画一幅图，或拖入一张图片，看网络如何识别。",
        "lead-texts": "输入一段文字，看网络如何判断，每个字起了多大作用。",
        "board": "画板",
        "clear": "清除",
        "choose": "选择图片…",
        "drop": "也可以把图片拖到这里：PNG、JPEG、BMP 或 GIF。",
        "probabilities": "各类别的概率",
        "nothing": "还没有可识别的内容",
        "unreadable": "无法读取这张图片，请换成 PNG、JPEG、BMP 或 GIF 文件。",
        "seen": "网络看到的图像",
        "size": "{height} × {width} 像素",
        "placed": "位置和大小已按 MNIST 的方式调整",
        "inverted": "已反色",
        "maps": "卷积层看到了什么",
        "maps-help": "每个小格是一个卷积核的特征图，越亮表示该处的响应越强。",
        "layer": "{filters} 个卷积核，{height} × {width}",
        "layer-cut": "{filters} 个卷积核中的前 {shown} 个，{height} × {width}",
        "text": "你的文字",
        "examples": "示例",
        "contributions": "每个字对“{label}”的贡献",
        "contributions-help": "数字表示去掉这个字后，“{label}”的概率会下降（蓝色）或上升（橙色）"
        "多少个百分点。",
        "local": "网络在本机运行，页面不从任何其他地方加载内容。",
        "negative": "负面",
        "positive": "正面",
        "open": "请在浏览器中打开 {address}，按 Ctrl-C 停止。",
    },
}
# Written for this page; none is in the data.
EXAMPLES = (
    "味道很好，分量也足，下次还会再来。",
    "房间又小又吵，空调还是坏的，很失望。",
    "物流很快，包装也好，可惜质量一般。",
)


def word(key: str, language: str, **values: Any) -> str:
    """Returns a text of the page."""
    return WORDS[language][key].format(**values)


def label(name: str, language: str) -> str:
    """Returns a class name: those of the embedded reviews in the language, others as they are."""
    return WORDS[language][name] if name in ("negative", "positive") else name
