"""Sphinx's settings for one edition; the build gives its language in the environment."""

import os

from book import ISSUES, REPOSITORY
from book.mathematics import FOLDER, STYLE
from book.stamp import stamp
from book.words import word
from kerastut import quiet

# autodoc imports it; TensorFlow's start-up lines would look like warnings of the build.
with quiet.startup(verbose=False):
    import keras  # noqa: F401

EDITION = os.environ["KERASTUT_EDITION"]
OTHER = "zh" if EDITION == "en" else "en"

project = "kerastut"
html_title = "kerastut"
language = {"en": "en", "zh": "zh_CN"}[EDITION]
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "book.sphinx.extension",
]
templates_path = ["_templates"]
exclude_patterns = ["extra"]
default_role = "literal"
smartquotes = False  # it makes a dash of the hyphens of --lr
show_warning_types = True

autodoc_typehints = "description"
autodoc_member_order = "bysource"
python_maximum_signature_line_length = 60
napoleon_numpy_docstring = False
add_module_names = False

myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"
nb_render_markdown_format = "myst"
nb_number_source_lines = False
nb_code_prompt_show = word("Show the code", EDITION)
nb_code_prompt_hide = word("Hide the code", EDITION)
copybutton_prompt_text = r"\$ |>>> "
copybutton_prompt_is_regexp = True

html_math_renderer = "katex"

html_theme = "furo"
html_static_path = ["_static", str(FOLDER)]
html_css_files = [STYLE, "kerastut.css"]
html_js_files = ["kerastut.js", "corrections.js"]
html_extra_path = [os.environ["KERASTUT_EXTRA"]]
html_copy_source = False
html_show_copyright = False
html_use_index = False
html_domain_indices = False
html_permalinks_icon = "#"
highlight_language = "text"
pygments_style = "friendly"
pygments_dark_style = "github-dark"
FONTS = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'PingFang SC',"
    " 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"
)
COLOURS = {"light": ("#0072b2", "#0072b2"), "dark": ("#5fb0ec", "#5fb0ec")}
html_theme_options = {
    "announcement": " ",
    "sidebar_hide_name": False,
    **{
        f"{mode}_css_variables": {
            "font-stack": FONTS,
            "color-brand-primary": primary,
            "color-brand-content": content,
            "color-announcement-background": "var(--color-background-secondary)",
            "color-announcement-text": "var(--color-foreground-primary)",
        }
        for mode, (primary, content) in COLOURS.items()
    },
}
html_context = {
    "edition": EDITION,
    "other_edition": OTHER,
    "other_name": word("Other language", EDITION),
    "repository": REPOSITORY,
    "issues": ISSUES,
    "stamp": stamp(EDITION),
    "labels": {
        "report": word("Report an error", EDITION),
        "next": word("Next", EDITION),
        "previous": word("Previous", EDITION),
        "contents": word("On this page", EDITION),
        "source": word("Source", EDITION),
    },
    "bar": [
        ("install", word("Install", EDITION)),
        ("chapters/index", word("Chapters", EDITION)),
        ("recipes/index", word("Recipes", EDITION)),
        ("checker", word("Check your code", EDITION)),
        ("corrections", word("Corrections", EDITION)),
        ("documents/index", word("Topics", EDITION)),
        ("glossary", word("Glossary", EDITION)),
        ("api/index", word("API", EDITION)),
        ("search", word("Search", EDITION)),
    ],
}
