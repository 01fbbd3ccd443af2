"""The language server: findings, fixes and the rules where they are read, in an editor.

It is `kerastut-check server`, speaks over standard input and output, and needs pygls. A notebook is
checked as a whole, its findings shown in their cells.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from .check import check_document
from .configuration import forget
from .documents import parse_document
from .documents.document import Document
from .documents.text import Text, split_lines
from .errors import LintError
from .finding import Edit, Finding, Located
from .fixes.fixing import fix_text
from .fixes.silencing import comments
from .report.people import explained
from .runner import Job, selection_for, without_collector

_PAUSE = 0.05  # seconds that further keys are waited for
_SUFFIXES = {
    "python": ".py",
    "markdown": ".md",
    "rmd": ".rmd",
    "quarto": ".qmd",
    "restructuredtext": ".rst",
}
_SEVERITIES = {
    "error": lsp.DiagnosticSeverity.Error,
    "warning": lsp.DiagnosticSeverity.Warning,
    "note": lsp.DiagnosticSeverity.Information,
}
_FIX_ALL = "source.fixAll.kerastut"
_WORDS = {
    "unsafe": {"en": "may change the meaning", "zh": "可能改变含义"},
    "all": {"en": "kerastut: mend all that is safe", "zh": "kerastut：修复所有安全项"},
    "silence": {"en": "Silence {0} on this line", "zh": "在本行忽略 {0}"},
}


@dataclass
class _Checked:
    """A file or a notebook, and what was found in it."""

    name: str
    suffix: str
    text: Text
    parts: dict[str, str]  # the texts of the cells by their addresses; of a file, its own
    document: Document
    findings: list[Finding]

    @cached_property
    def lines(self) -> dict[str, list[str]]:
        """The lines of each part."""
        return {part: split_lines(source)[0] for part, source in self.parts.items()}

    @cached_property
    def mended(self) -> dict[str, str]:
        """The texts of the parts after all safe fixes."""
        selection = selection_for(Path(self.name), Job())
        before = self.document, self.findings
        with without_collector():
            new, _ = fix_text(self.text, f"{self.name}{self.suffix}", selection, False, before)
        cells = json.loads(new)["cells"] if self.suffix == ".ipynb" else [{"source": new}]
        return {part: cell["source"] for part, cell in zip(self.parts, cells, strict=True)}

    def part(self, place: Located) -> str:
        """Returns the address of what a place lies in."""
        return [*self.parts][(place.cell or 1) - 1]


class _Server(LanguageServer):
    """What the editor has open, and what was found in it."""

    language = "en"

    def __init__(self, version: str) -> None:
        everything = lsp.NotebookDocumentFilterWithCells(
            cells=[lsp.NotebookCellLanguage(language="python")]
        )
        super().__init__(
            "kerastut-check",
            version,
            text_document_sync_kind=lsp.TextDocumentSyncKind.Full,
            notebook_document_sync=lsp.NotebookDocumentSyncOptions([everything], save=True),
        )
        self.checked: dict[str, _Checked] = {}
        self._waiting: set[str] = set()

    # What is checked

    def soon(self, uri: str) -> None:
        """Checks a file or notebook after a moment, and shows what is found."""
        if uri not in self._waiting:
            self._waiting.add(uri)
            asyncio.get_running_loop().call_later(_PAUSE, self.check, uri)

    def check(self, uri: str) -> None:
        """Checks a file or notebook that is open, and shows what is found."""
        self._waiting.discard(uri)
        before = self.checked.pop(uri, None)
        checked: _Checked | None = None
        try:
            checked = self._check(uri)
        except LintError as error:
            self._log(str(error))
        except Exception as error:  # a fault of ours must not cost the next check
            self._log(f"{uri}: the check itself failed: {type(error).__name__}: {error}"[:500])
        if checked is not None:
            self.checked[uri] = checked
        found: dict[str, list[lsp.Diagnostic]] = {}
        for one in filter(None, (before, checked)):
            found |= {part: [] for part in one.parts}
        if checked is not None:
            for finding in checked.findings:
                found[checked.part(finding.location)].append(self.diagnostic(checked, finding))
        for part, diagnostics in found.items():
            self.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(part, diagnostics))

    def _log(self, text: str) -> None:
        self.window_log_message(lsp.LogMessageParams(lsp.MessageType.Error, text))

    def _check(self, uri: str) -> _Checked | None:
        path = Path(to_fs_path(uri) or uri)
        notebook = self.workspace.get_notebook_document(notebook_uri=uri)
        if notebook is not None:
            codes = [cell for cell in notebook.cells if cell.kind == lsp.NotebookCellKind.Code]
            known = [self.workspace.get_text_document(cell.document) for cell in codes]
            cells = [one for one in known if one.language_id == "python"]
            sources = [{"cell_type": "code", "source": cell.source} for cell in cells]
            content, suffix = json.dumps({"cells": sources}), ".ipynb"
            parts = {cell.uri: cell.source for cell in cells}
        elif opened := self.workspace.text_documents.get(unquote(uri)):
            content, parts = opened.source, {uri: opened.source}
            suffix = _SUFFIXES.get(opened.language_id or "", path.suffix.lower())
        else:
            return None
        text = Text(content)
        with without_collector():
            document = parse_document(text, str(path), suffix)
            findings = check_document(document, selection_for(path, Job()))
        return _Checked(str(path), suffix, text, parts, document, findings)

    def owner(self, uri: str) -> _Checked | None:
        """Returns the file, or the notebook of the cell, as it is now."""
        notebook = self.workspace.get_notebook_document(cell_uri=uri)
        whole = notebook.uri if notebook is not None else uri
        if whole in self._waiting or whole not in self.checked:
            self.check(whole)
        return self.checked.get(whole)

    # What is shown

    def range(self, checked: _Checked, start: Located, end: Located) -> lsp.Range:
        """Returns a stretch as the editor counts."""
        lines = checked.lines[checked.part(start)]
        units = self.workspace.position_codec.client_num_units
        places = [
            lsp.Position(place.row - 1, units(lines[place.row - 1][: place.column - 1]))
            for place in (start, end)
        ]
        return lsp.Range(*places)

    def diagnostic(self, checked: _Checked, finding: Finding) -> lsp.Diagnostic:
        """Returns a finding as the editor takes it."""
        return lsp.Diagnostic(
            self.range(checked, finding.location, finding.end),
            finding.message(self.language),
            severity=_SEVERITIES[finding.rule.severity],
            code=finding.rule.code,
            source="kerastut",
        )

    def edit(self, checked: _Checked, edits: Sequence[Edit]) -> lsp.WorkspaceEdit:
        """Returns changes of the text as the editor takes them."""
        changes: dict[str, list[lsp.TextEdit]] = {}
        for start, end, new in map(checked.document.placed, edits):
            one = lsp.TextEdit(self.range(checked, start, end), new)
            changes.setdefault(checked.part(start), []).append(one)
        return lsp.WorkspaceEdit(changes)

    def at(self, uri: str, where: lsp.Range) -> Iterator[tuple[_Checked, Finding]]:
        """Yields what is found in a stretch of a file or cell."""
        checked = self.owner(uri)
        if checked is None:
            return
        for finding in checked.findings:
            if checked.part(finding.location) == uri:
                here = self.range(checked, finding.location, finding.end)
                if here.start <= where.end and where.start <= here.end:
                    yield checked, finding

    def actions(self, uri: str, where: lsp.Range) -> Iterator[lsp.CodeAction]:
        """Yields what can be done about what is found in a stretch."""
        for checked, finding in self.at(uri, where):
            rule, language = finding.rule, self.language
            shown = [self.diagnostic(checked, finding)]
            if finding.fix is not None:
                safe = finding.fix.applicability == "safe"
                title = f"{rule.code}: {rule.texts(language).instead}"
                yield lsp.CodeAction(
                    title if safe else f"{title} ({_WORDS['unsafe'][language]})",
                    kind=lsp.CodeActionKind.QuickFix,
                    diagnostics=shown,
                    is_preferred=safe,
                    edit=self.edit(checked, finding.fix.edits),
                )
            edits = comments(checked.document, [finding])
            if edits:
                yield lsp.CodeAction(
                    _WORDS["silence"][language].format(rule.code),
                    kind=lsp.CodeActionKind.QuickFix,
                    diagnostics=shown,
                    edit=self.edit(checked, edits),
                )
        mended = self._mended(uri)
        if mended is not None:
            yield lsp.CodeAction(_WORDS["all"][self.language], kind=_FIX_ALL, edit=mended)

    def _mended(self, uri: str) -> lsp.WorkspaceEdit | None:
        """Returns the change that makes all safe fixes; None if there are none."""
        checked = self.owner(uri)
        fixes = [one.fix for one in checked.findings if one.fix] if checked is not None else []
        if checked is None or not any(fix.applicability == "safe" for fix in fixes):
            return None
        changes: dict[str, Sequence[lsp.TextEdit]] = {}
        for part, old in checked.parts.items():
            if checked.mended[part] != old:
                end = lsp.Position(len(checked.lines[part]), 0)
                whole = lsp.Range(lsp.Position(0, 0), end)
                changes[part] = [lsp.TextEdit(whole, checked.mended[part])]
        return lsp.WorkspaceEdit(changes)


def build(language: str, version: str) -> LanguageServer:
    """Returns the server; `language` holds where the editor names none."""
    server = _Server(version)
    server.language = language
    on: Callable[..., Callable[..., object]] = server.feature

    @on(lsp.INITIALIZE)
    def initialize(params: lsp.InitializeParams) -> None:
        if params.locale:
            server.language = "zh" if params.locale.lower().startswith("zh") else "en"

    @on(lsp.TEXT_DOCUMENT_DID_OPEN)
    @on(lsp.TEXT_DOCUMENT_DID_SAVE)
    @on(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def opened(params: lsp.DidOpenTextDocumentParams | lsp.DidSaveTextDocumentParams) -> None:
        forget()  # a pyproject.toml may be another
        server.check(params.text_document.uri)

    @on(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: lsp.DidChangeTextDocumentParams) -> None:
        server.soon(params.text_document.uri)

    @on(lsp.NOTEBOOK_DOCUMENT_DID_OPEN)
    @on(lsp.NOTEBOOK_DOCUMENT_DID_SAVE)
    @on(lsp.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def notebook(params: lsp.DidOpenNotebookDocumentParams) -> None:
        forget()
        server.check(params.notebook_document.uri)

    @on(lsp.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def notebook_changed(params: lsp.DidChangeNotebookDocumentParams) -> None:
        server.soon(params.notebook_document.uri)

    @on(lsp.TEXT_DOCUMENT_HOVER)
    def hover(params: lsp.HoverParams) -> lsp.Hover | None:
        where = lsp.Range(params.position, params.position)
        found = [finding for _, finding in server.at(params.text_document.uri, where)]
        rules = dict.fromkeys(finding.rule.code for finding in found)
        if not rules:
            return None
        text = "\n\n---\n\n".join(explained(code, server.language) for code in rules)
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text))

    kinds = lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix, _FIX_ALL])

    @on(lsp.TEXT_DOCUMENT_CODE_ACTION, kinds)
    def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        only = params.context.only
        found = server.actions(params.text_document.uri, params.range)
        return [
            action
            for action in found
            if only is None
            or any(((action.kind or "") + ".").startswith(kind + ".") for kind in only)
        ]

    return server


def serve(language: str, version: str) -> NoReturn:
    """Serves an editor until it asks to end."""
    build(language, version).start_io()
    raise SystemExit(0)
