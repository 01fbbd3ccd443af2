"""The page in both languages, as an application to serve."""

from html import escape
from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from kerastut.demo.blocks import plain
from kerastut.demo.net import Net
from kerastut.demo.picture_page import picture_page
from kerastut.demo.text_page import text_page
from kerastut.demo.words import LANGUAGES, word
from kerastut.predict import CENTRED

STYLE = Path(__file__).with_name("page.css")


def application(net: Net, language: str) -> FastAPI:
    """Returns the application: the page in one language, and in the other below `/zh` or `/en`.

    Args:
        net: What the page shows.
        language: `"en"` or `"zh"`, of the first page.
    """
    (other,) = LANGUAGES.keys() - {language}
    app = FastAPI(openapi_url=None)
    _mount(app, _blocks(net, other, "../"), f"/{other}")
    _mount(app, _blocks(net, language, f"./{other}/"), "/")
    return app


def _mount(app: FastAPI, blocks: gr.Blocks, path: str) -> None:
    gr.mount_gradio_app(
        app,
        blocks,
        path=path,
        theme=gr.themes.Default(font=["system-ui"], font_mono=["monospace"], primary_hue="blue"),
        css_paths=STYLE,
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        show_error=False,
        ssr_mode=False,
    )


def _blocks(net: Net, language: str, other: str) -> gr.Blocks:
    """Returns the page in one language.

    Args:
        net: What the page shows.
        language: The page's.
        other: Address of the page in the other language.
    """
    blocks: gr.Blocks
    with gr.Blocks(title=f"kerastut: {net.name}", analytics_enabled=False) as blocks:
        script = f'document.documentElement.lang = "{language}";'
        plain(_head(net, language, other), "kt-head", script)
        (text_page if net.reads_texts else picture_page)(net, language)
        plain(f"<p>{word('local', language)}</p>", "kt-foot")
    return blocks


def _head(net: Net, language: str, other: str) -> str:
    kind = "digits" if net.trained.data in CENTRED else "pictures"
    links = "".join(
        f"<b>{name}</b>" if code == language else f'<a href="{other}" lang="{code}">{name}</a>'
        for code, name in LANGUAGES.items()
    )
    lead = word("lead-texts" if net.reads_texts else f"lead-{kind}", language)
    return f"<nav>{links}</nav><h1>{escape(net.name)}</h1><p>{lead}</p>"
