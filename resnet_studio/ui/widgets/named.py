"""Names for the parts that Qt makes itself: buttons of its dialogs, menus within menus. Knows no dialog's meaning."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget


def name_buttons(dialog: QWidget) -> None:
    """Give every button that has none yet a name for machines and for people: "deleteRunQuestionCancel", "Cancel"."""
    for button in dialog.findChildren(QAbstractButton):
        words = button.text().replace("&", "").replace("...", "")
        if words and not button.objectName():
            button.setObjectName(dialog.objectName() + "".join(word.capitalize() for word in words.split()))
        if words and not button.accessibleName():
            button.setAccessibleName(words)


def submenu(menu: QMenu, title: str, name: str) -> QMenu:
    """A menu within a menu, with both names."""
    inner = menu.addMenu(title)
    inner.setObjectName(name)
    inner.setAccessibleName(title.replace("&", ""))
    return inner
