"""Icons from the Codicon font that qtawesome ships, in the theme's colours. Knows no action and no widget.

qtawesome itself is not imported: through qtpy it loads every Qt class, which takes longer than showing the whole window.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPixmap

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.ui.theme import px

_GLYPHS = {
    "new": 0xEA7F, "open": 0xEAF7, "save": 0xEB4B, "undo": 0xEAE2, "redo": 0xEBB0, "play": 0xEB2C, "stop": 0xEAD7,
    "pause": 0xEAD1, "search": 0xEA6D, "close": 0xEAB8, "warning": 0xEA6C, "error": 0xEA87, "check": 0xEAB2,
    "add": 0xEA60, "remove": 0xEB3B, "delete": 0xEA81, "copy": 0xEBCC, "export": 0xEBAC, "settings": 0xEAF8,
    "history": 0xEA82, "info": 0xEA74, "down": 0xEAB4, "float": 0xEB23, "fit": 0xEB4C, "hint": 0xEA61,
    "refresh": 0xEB37, "link": 0xEB14, "right": 0xEA9C, "confirmed": 0xEBA4, "home": 0xEB06, "theme": 0xEB5C,
    "more": 0xEA7C, "back": 0xEA9B, "up": 0xEAA1, "newFolder": 0xEA80, "folder": 0xEA83, "file": 0xEA7B,
    "list": 0xEB17, "table": 0xEBB7,
}  # fmt: skip
_SCALES = (1, 2, 3)


@cache
def _family() -> str:
    found = find_spec("qtawesome")
    folders = (found.submodule_search_locations or []) if found is not None else []
    for folder in folders:
        for file in sorted((Path(folder) / "fonts").glob("codicon-*.ttf")):
            number = QFontDatabase.addApplicationFont(str(file))
            if number >= 0:
                return QFontDatabase.applicationFontFamilies(number)[0]
    raise StudioError(
        tr("The icon font of qtawesome is missing."),
        tr("Install ResNet Studio again: its set-up lost a file."),
    )


def pixmap(name: str, color: str, *, size: int = 16, scale: int = 1) -> QPixmap:
    """One icon as a picture of size x size points.

    Args:
        name: a key of this module's table ("undo").
        color: "#rrggbb".
        size: edge in points.
        scale: pixels per point.
    """
    result = QPixmap(size * scale, size * scale)
    result.fill(Qt.GlobalColor.transparent)
    glyphs = QFont(_family())
    glyphs.setPixelSize(size * scale)
    painter = QPainter(result)
    painter.setFont(glyphs)
    painter.setPen(QColor(color))
    area = QRect(0, 0, size * scale, size * scale)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, chr(_GLYPHS[name]))
    painter.end()
    result.setDevicePixelRatio(scale)
    return result


def icon(name: str, color: str, *, disabled: str | None = None, size: int = 16) -> QIcon:
    """One icon, as large as the text and sharp on every screen; `disabled` is its colour where the action cannot be used."""
    result, size = QIcon(), px(size)
    for scale in _SCALES:
        result.addPixmap(pixmap(name, color, size=size, scale=scale))
        if disabled is not None:
            result.addPixmap(pixmap(name, disabled, size=size, scale=scale), QIcon.Mode.Disabled)
    return result
