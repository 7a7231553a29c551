"""The row under the menus: file, undo, what the drawing is, its input, the counting convention, search, export, train."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from resnet_studio.ui.document import Document
from resnet_studio.ui.icons import icon
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.recognise import recognised
from resnet_studio.ui.shell.train_button import TrainButton
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.style import derived
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.segmented import Segmented
from resnet_studio.ui.widgets.tips import plain_tip

_RECOGNISE_AFTER_MS = 60
_PILL_PADDING = 30
_PILL_LEAST = 90
_HEIGHT = 30


class Toolbar(QFrame):
    """Shows actions that live elsewhere; it owns only the pill, the input button and the switch."""

    def __init__(
        self,
        document: Document,
        theme: ThemeManager,
        view_state: ViewState,
        actions: Actions,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("toolbar")
        self.setProperty("role", "bar")
        self._document, self._view = document, view_state
        self._pictures: list[tuple[QAction, str, str]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 6, 12, 6)
        self._row.setSpacing(8)
        self._make_parts(actions, theme)
        # Naming compares with every preset: once a gesture pauses is often enough.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_RECOGNISE_AFTER_MS)
        self._soon.timeout.connect(self._name)
        self._theme = theme
        theme.changed.connect(self._color)
        theme.changed.connect(self._fit)
        self._color()
        document.changed.connect(self._changed)
        view_state.changed.connect(self._show_switch)
        self._changed()
        self._show_switch()

    def _make_parts(self, actions: Actions, theme: ThemeManager) -> None:
        for name in ("new", "open", "save"):
            self._row.addWidget(self._button(actions[name], f"{name}Button"))
        self._rule()
        for name in ("undo", "redo"):
            button = self._button(actions[name], f"{name}Button", style=Qt.ToolButtonStyle.ToolButtonIconOnly)
            self._picture(actions[name], name, "text")
            button.setProperty("role", "quiet")
            self._row.addWidget(button)
        self._rule()
        self.pill = self._push("pill", actions["rename"], "pill")
        self.input = self._push("inputButton", actions["editInput"], "")
        self._row.addWidget(self.pill)
        self._row.addWidget(self.input)
        self._row.addWidget(self._switch(theme))
        self._row.addStretch(1)
        self.search = self._push("searchButton", actions["find"], "search")
        self._row.addWidget(self.search)
        self._row.addWidget(self._button(actions["export"], "exportButton"))
        self.train = TrainButton(actions, theme, self)
        self._row.addWidget(self.train)
        for part in self.findChildren(QAbstractButton, options=Qt.FindChildOption.FindDirectChildrenOnly):
            sized(part, height=_HEIGHT)

    def _rule(self) -> None:
        rule = QFrame(self)
        rule.setProperty("role", "rule")
        rule.setFixedSize(1, 20)
        self._row.addSpacing(4)
        self._row.addWidget(rule)
        self._row.addSpacing(4)

    def _button(
        self,
        action: QAction,
        name: str,
        *,
        style: Qt.ToolButtonStyle = Qt.ToolButtonStyle.ToolButtonTextOnly,
    ) -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setObjectName(name)
        button.setToolButtonStyle(style)
        sized(button, icon=16)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

        def follow() -> None:
            words = action.text().replace("&", "")
            button.setText(words.removesuffix("…") if name != "exportButton" else words)
            button.setAccessibleName(words.removesuffix("…"))

        action.changed.connect(follow)
        follow()
        return button

    def _picture(self, action: QAction, name: str, token: str) -> None:
        # The buttons take icon and text from their actions; menus stay quiet.
        action.setIconVisibleInMenu(False)
        self._pictures.append((action, name, token))

    def _color(self) -> None:
        theme = self._theme.theme
        for action, name, token in self._pictures:
            action.setIcon(icon(name, getattr(theme, token), disabled=derived(theme)["disabled"]))

    def _push(self, name: str, action: QAction, role: str) -> QPushButton:
        button = QPushButton(self)
        button.setObjectName(name)
        button.setAutoDefault(False)
        button.setProperty("role", role)
        button.setToolTip(action.toolTip())
        button.setAccessibleName(action.text().replace("&", "").removesuffix("…"))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(action.trigger)
        return button

    def _switch(self, theme: ThemeManager) -> Segmented:
        words = (
            (False, "Mult-adds", "Count a multiplication and its addition as one, as the papers do"),
            (True, "FLOPs", "Count them as two"),
        )
        self._segments = Segmented(theme, words, parent=self)
        self._segments.setObjectName("workSwitch")
        self._segments.setAccessibleName("Counting convention")
        self._segments.edited.connect(lambda value: self._view.show_flops(bool(value)))
        return self._segments

    def _show_switch(self) -> None:
        self._segments.set_value(self._view.flops)

    def _changed(self) -> None:
        channels, height, width = self._document.design.input.shape
        words = f"{channels} × {height} × {width}"
        if words != self.input.text():
            self.input.setText(words)
            self.input.setAccessibleDescription(f"{channels} channels, {height} by {width} pixels")
        self._soon.start()

    def _name(self) -> None:
        self._full, self._all = recognised(self._document.design)
        self._fit()

    # --- room ---------------------------------------------------------------------------------------------------------

    _full = ""
    _all = ""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """In a narrow window the search shrinks to its key, then the pill to its first words."""
        keys = QKeySequence("Ctrl+K").toString(QKeySequence.SequenceFormat.NativeText)
        metrics = self.pill.fontMetrics()
        wanted = metrics.horizontalAdvance(self._full) + _PILL_PADDING
        for words in (f"Search actions and presets      {keys}", f"Search  {keys}", keys):
            self.search.setText(words)
            self._row.invalidate()
            room = self.width() - (self._row.sizeHint().width() - self.pill.sizeHint().width())
            if room >= wanted:
                break
        shown = metrics.elidedText(
            self._full, Qt.TextElideMode.ElideRight, max(_PILL_LEAST, room) - _PILL_PADDING
        )
        self.pill.setText(shown)
        self.pill.setToolTip(plain_tip(f"{self._all}\nClick to rename the drawing"))
        self.pill.setAccessibleDescription(self._all)
        # A request to lay out that was posted while the page was hidden is lost, and later ones wait for it.
        self._row.activate()
