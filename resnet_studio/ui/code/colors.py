"""Colours Python by the theme's tokens, line by line. Knows no drawing and no widget."""

from __future__ import annotations

import re

from PySide6.QtGui import QSyntaxHighlighter, QTextCharFormat, QTextDocument

from resnet_studio.ui.theme import Theme, ThemeManager, color

_TOKEN = re.compile(
    r"""
    (?P<comment>\#.*)
    |(?P<string>f?"[^"\n]*"|f?'(?:\\.|[^'\n])*')
    |(?P<keyword>\b(?:class|def|return|if|elif|else|for|in|is|not|and|import|from|with|as|None|True|False)\b)
    |(?P<self>\bself\b)
    |(?P<number>\b\d+(?:\.\d+)?(?:e-?\d+)?\b)
    |(?P<name>(?<=class\ )\w+|(?<=def\ )\w+)
    """,
    re.VERBOSE,
)
_QUOTES = '"""'
_IN_TEXT = 1


class PythonColors(QSyntaxHighlighter):
    """Keywords, names, numbers and texts of one document."""

    def __init__(self, document: QTextDocument, themes: ThemeManager) -> None:
        super().__init__(document)
        self._themes = themes
        self._formats = _formats(themes.theme)
        themes.changed.connect(self._recolor)

    def _recolor(self) -> None:
        self._formats = _formats(self._themes.theme)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Qt's: one line, and in the block's state whether a docstring goes on."""
        start = 0
        self.setCurrentBlockState(0)
        if self.previousBlockState() == _IN_TEXT:
            start = self._rest_of_text(text, 0)
        while (opened := text.find(_QUOTES, start)) >= 0:
            self._tokens(text, start, opened)
            start = self._rest_of_text(text, opened, opened + len(_QUOTES))
        self._tokens(text, start, len(text))

    def _rest_of_text(self, text: str, start: int, looked: int = 0) -> int:
        """Colour a docstring from `start`; where the code goes on behind it."""
        closed = text.find(_QUOTES, looked)
        if closed < 0:
            self.setCurrentBlockState(_IN_TEXT)
        end = len(text) if closed < 0 else closed + len(_QUOTES)
        self.setFormat(start, end - start, self._formats["comment"])
        return end

    def _tokens(self, text: str, start: int, end: int) -> None:
        for found in _TOKEN.finditer(text, start, end):
            kind = found.lastgroup
            if kind is not None:
                self.setFormat(found.start(), found.end() - found.start(), self._formats[kind])


def _formats(theme: Theme) -> dict[str, QTextCharFormat]:
    inks = {
        "comment": theme.text_soft,
        "string": theme.residual,
        "keyword": theme.resnext,
        "self": theme.text_soft,
        "number": theme.warn,
        "name": theme.bottleneck,
    }
    formats: dict[str, QTextCharFormat] = {}
    for kind, ink in inks.items():
        formats[kind] = QTextCharFormat()
        formats[kind].setForeground(color(ink))
    return formats
