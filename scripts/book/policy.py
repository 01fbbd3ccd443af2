"""A Content-Security-Policy in each page: nothing from elsewhere, no script but the site's own."""

import base64
import hashlib
import re
from pathlib import Path

# Of the scripts within pages those alone run that stood there when the site was built. Formulas
# and the theme set styles; WebAssembly is for the search, the nets and Python.
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'{hashes};"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:;"
    " worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'"
)
_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<content>.*?)</script>", re.DOTALL)
_CHARSET = re.compile(r"<meta charset=\"?utf-8\"?\s*/?>", re.IGNORECASE)


def write(site: Path) -> None:
    """Puts the policy into every page of a built site."""
    for path in site.rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        path.write_text(guarded(page), encoding="utf-8")


def guarded(page: str) -> str:
    """Returns a page with its policy right behind the character set."""
    inline = (m["content"] for m in _SCRIPT.finditer(page) if "src=" not in m["attributes"])
    hashes = "".join(f" 'sha256-{_digest(script)}'" for script in dict.fromkeys(inline) if script)
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(hashes=hashes)}">'
    return _CHARSET.sub(lambda match: f"{match[0]}\n{meta}", page, count=1)


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
