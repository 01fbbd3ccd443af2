"""The language server, as a real client meets it."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from kerastut.lint.rules.rule import load_rules

ROOT = Path(__file__).parents[2]
PATIENCE = 300  # seconds; a busy machine
STALE = "from keras.optimizers import SGD\nSGD(lr=0.1)\n"
# Two characters of UTF-16 stand before the place, one of Python.
WIDE = "from keras.optimizers import SGD\n'\U0001f600学', SGD(lr=0.1)\n"
MODEL = 'import keras\nm = keras.Sequential([keras.layers.Dense(1, activation="softmax")])\n'


class Client(LanguageClient):
    """A client that keeps what the server says."""

    def __init__(self) -> None:
        super().__init__("test", "1")
        self.diagnostics: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()
        self.logged: asyncio.Queue[str] = asyncio.Queue()

        @self.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def keep(params: lsp.PublishDiagnosticsParams) -> None:
            self.diagnostics.put_nowait(params)

        @self.feature(lsp.WINDOW_LOG_MESSAGE)
        def log(params: lsp.LogMessageParams) -> None:
            self.logged.put_nowait(params.message)

    async def found(self) -> dict[str, list[str]]:
        """Returns the codes of the next diagnostics, by the address they belong to."""
        params = await asyncio.wait_for(self.diagnostics.get(), PATIENCE)
        return {params.uri: [str(one.code) for one in params.diagnostics]}

    def open(self, uri: str, text: str, language: str = "python") -> None:
        """Opens a file."""
        item = lsp.TextDocumentItem(uri, language, 1, text)
        self.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    async def actions(
        self, uri: str, line: int, only: list[str] | None = None
    ) -> list[lsp.CodeAction]:
        """Returns what can be done about a line."""
        where = lsp.Range(lsp.Position(line, 0), lsp.Position(line, 500))
        params = lsp.CodeActionParams(
            lsp.TextDocumentIdentifier(uri),
            where,
            lsp.CodeActionContext([], only),
        )
        found = await self.text_document_code_action_async(params)
        return [one for one in found or () if isinstance(one, lsp.CodeAction)]

    async def hover(self, uri: str, line: int, character: int) -> str:
        """Returns what is said at a place, or nothing."""
        place = lsp.TextDocumentIdentifier(uri), lsp.Position(line, character)
        said = await self.text_document_hover_async(lsp.HoverParams(*place))
        return said.contents.value if said and isinstance(said.contents, lsp.MarkupContent) else ""


def talk(act: Callable[[Client], Awaitable[None]], locale: str | None = None) -> None:
    """Starts a server, acts, and ends it as an editor does."""

    async def session() -> None:
        client = Client()
        code = "from kerastut.lint import main; main('1', ['server', '--stdio', '--lang', 'en'])"
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        await client.start_io(sys.executable, "-c", code, env=environment)
        try:
            capabilities = lsp.ClientCapabilities()
            await client.initialize_async(lsp.InitializeParams(capabilities, locale=locale))
            client.initialized(lsp.InitializedParams())
            await act(client)
            await client.shutdown_async(None)
        finally:
            client.exit(None)
            await client.stop()

    asyncio.run(session())


def applied(text: str, edits: list[lsp.TextEdit]) -> str:
    """Returns a text after edits that lie apart, as an editor makes them: in UTF-16."""
    units = [line.encode("utf-16-le") for line in text.split("\n")]
    for edit in sorted(edits, key=lambda one: (one.range.start.line, one.range.start.character))[
        ::-1
    ]:
        start, end = edit.range.start, edit.range.end
        last = units[end.line] if end.line < len(units) else b""
        new = units[start.line][: 2 * start.character] + edit.new_text.encode("utf-16-le")
        units[start.line : end.line + 1] = [new + last[2 * end.character :]]
    return "\n".join(unit.decode("utf-16-le") for unit in units)


def changed(action: lsp.CodeAction, uri: str, text: str) -> str:
    """Returns a text after an action."""
    assert action.edit is not None
    assert action.edit.changes is not None
    return applied(text, list(action.edit.changes[uri]))


def test_a_file_is_checked_mended_and_explained(tmp_path: Path) -> None:
    uri = (tmp_path / "x y.py").as_uri()

    async def act(client: Client) -> None:
        client.open(uri, WIDE)
        params = await asyncio.wait_for(client.diagnostics.get(), PATIENCE)
        (one,) = params.diagnostics
        assert (one.code, one.severity, one.source) == ("KT201", 1, "kerastut")
        assert (one.range.start.character, one.range.end.character) == (11, 17)
        fix, silence, everything = await client.actions(uri, 1)
        assert (fix.is_preferred, fix.kind) == (True, "quickfix")
        assert changed(fix, uri, WIDE) == WIDE.replace("lr", "learning_rate")
        assert changed(everything, uri, WIDE) == WIDE.replace("lr", "learning_rate")
        assert changed(silence, uri, WIDE).endswith("  # noqa: KT201\n")
        assert [one.kind for one in await client.actions(uri, 1, ["source.fixAll"])] == [
            "source.fixAll.kerastut"
        ]
        assert load_rules()["KT201"].en.what in await client.hover(uri, 1, 12)
        assert await client.hover(uri, 0, 0) == ""
        document = lsp.VersionedTextDocumentIdentifier(2, uri)
        whole = lsp.TextDocumentContentChangeWholeDocument(MODEL)
        client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [whole]))
        assert await client.found() == {uri: ["KT403"]}
        client.text_document_did_close(
            lsp.DidCloseTextDocumentParams(lsp.TextDocumentIdentifier(uri))
        )
        assert await client.found() == {uri: []}

    talk(act)


def test_unsafe_fixes_are_named_and_the_language_is_the_editors(tmp_path: Path) -> None:
    uri = (tmp_path / "x.md").as_uri()
    text = f"# 题\n\n- ```python\n  {MODEL.splitlines()[0]}\n  {MODEL.splitlines()[1]}\n  ```\n"

    async def act(client: Client) -> None:
        client.open(uri, text, "markdown")
        assert await client.found() == {uri: ["KT403"]}
        fix, silence = await client.actions(uri, 4)
        assert (fix.is_preferred, "可能改变含义" in fix.title) == (False, True)
        assert changed(fix, uri, text) == text.replace("softmax", "sigmoid")
        assert silence.title == "在本行忽略 KT403"
        rule = load_rules()["KT403"].zh
        assert rule.what in await client.hover(uri, 4, 60)

    talk(act, "zh-cn")


def test_a_notebook_is_checked_cell_by_cell(tmp_path: Path) -> None:
    book = (tmp_path / "x.ipynb").as_uri()
    uris = [f"vscode-notebook-cell:{tmp_path}/x.ipynb#W{number}" for number in range(4)]
    texts = [
        "# title",
        "from keras.optimizers import SGD\n",
        "%time SGD(lr=0.1)\n",
        "    SGD(lr=1)",
    ]
    kinds = [lsp.NotebookCellKind.Markup, *[lsp.NotebookCellKind.Code] * 3]
    cells = [lsp.NotebookCell(kind, uri) for kind, uri in zip(kinds, uris, strict=True)]
    languages = ["markdown", "python", "python", "python"]
    items = [
        lsp.TextDocumentItem(uri, language, 1, text)
        for uri, language, text in zip(uris, languages, texts, strict=True)
    ]

    async def act(client: Client) -> None:
        document = lsp.NotebookDocument(book, "jupyter-notebook", 1, cells)
        client.notebook_document_did_open(lsp.DidOpenNotebookDocumentParams(document, items))
        found: dict[str, list[str]] = {}
        for _ in range(3):
            found |= await client.found()
        assert found == {uris[1]: [], uris[2]: ["KT201"], uris[3]: ["KT201"]}
        fix, *_, everything = await client.actions(uris[3], 0)
        assert changed(fix, uris[3], texts[3]) == "    SGD(learning_rate=1.0)"
        assert changed(everything, uris[2], texts[2]) == "%time SGD(learning_rate=0.1)\n"
        assert "SGD" in await client.hover(uris[2], 0, 12)
        change = lsp.NotebookDocumentCellChanges(
            text_content=[
                lsp.NotebookDocumentCellContentChanges(
                    lsp.VersionedTextDocumentIdentifier(2, uris[1]),
                    [lsp.TextDocumentContentChangeWholeDocument("SGD = print\n")],
                )
            ]
        )
        client.notebook_document_did_change(
            lsp.DidChangeNotebookDocumentParams(
                lsp.VersionedNotebookDocumentIdentifier(2, book),
                lsp.NotebookDocumentChangeEvent(cells=change),
            )
        )
        for _ in range(3):
            found |= await client.found()
        assert found == {uri: [] for uri in uris[1:]}

    talk(act)


def test_settings_and_what_cannot_be_read(tmp_path: Path) -> None:
    uri = (tmp_path / "x.py").as_uri()
    settings = tmp_path / "pyproject.toml"
    settings.write_text("[tool.kerastut]\nignore = ['KT201']\n")

    async def act(client: Client) -> None:
        client.open(uri, STALE)
        assert await client.found() == {uri: []}
        settings.write_text("[tool.kerastut]\nignore = 3\n")
        client.text_document_did_save(
            lsp.DidSaveTextDocumentParams(lsp.TextDocumentIdentifier(uri))
        )
        assert "expected a list of strings" in await asyncio.wait_for(client.logged.get(), PATIENCE)
        assert await client.found() == {uri: []}
        settings.unlink()
        client.open(uri, STALE)
        assert await client.found() == {uri: ["KT201"]}
        client.open("untitled:Untitled-1", STALE)
        assert await client.found() == {"untitled:Untitled-1": ["KT201"]}
        client.open(uri, "import keras\n" + "(" * 5000)
        assert (await client.found())[uri] == ["KT000"]

    talk(act)
