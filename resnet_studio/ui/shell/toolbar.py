"""The row under the menus: file, undo, what the drawing is, its input, the counting convention, search, export, train."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.icons import icon
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.shell.recognise import recognised
from resnet_studio.ui.shell.train_button import TrainButton
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.style import derived
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.segmented import Segmented
from resnet_studio.ui.widgets.tips import plain_tip

_RECOGNISE_AFTER_MS = 60
_PILL_PADDING = 30
_PILL_LEAST = 90
_PILL_ENOUGH = 150  # to tell one drawing from another
_HEIGHT = 30


@dataclass(frozen=True, slots=True)
class _Looks:
    """How much of the bar is shown: the search's words, buttons as icons (tight), how many parts are gone."""

    search: str
    tight: bool = False
    gone: int = 0


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
        # Shown as icons where there is little room; these are drawn when that happens first.
        self._words: dict[str, QToolButton] = {}
        self._tight = self._drawn = False
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
            self._words[name] = self._button(actions[name], f"{name}Button")
            self._row.addWidget(self._words[name])
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
        self._words["export"] = self._button(actions["export"], "exportButton")
        self._row.addWidget(self._words["export"])
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
            (False, tr("Mult-adds"), tr("Count a multiplication and its addition as one, as the papers do")),
            (True, tr("FLOPs"), tr("Count them as two")),
        )
        self._segments = Segmented(theme, words, parent=self)
        self._segments.setObjectName("workSwitch")
        self._segments.setAccessibleName(tr("Counting convention"))
        self._segments.edited.connect(lambda value: self._view.show_flops(bool(value)))
        return self._segments

    def _show_switch(self) -> None:
        self._segments.set_value(self._view.flops)

    def _changed(self) -> None:
        channels, height, width = self._document.design.input.shape
        words = f"{channels} × {height} × {width}"
        if words != self.input.text():
            self.input.setText(words)
            self.input.setAccessibleDescription(
                tr(
                    "{channels} channels, {height} by {width} pixels",
                    channels=channels,
                    height=height,
                    width=width,
                )
            )
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

    def minimumSizeHint(self) -> QSize:
        """Parts go where there is no room for them, so the bar asks for none."""
        return QSize(0, super().minimumSizeHint().height())

    def _fit(self) -> None:
        """What there is no room for goes, what menus have too first: words of the search, of buttons, then whole parts."""
        keys = QKeySequence("Ctrl+K").toString(QKeySequence.SequenceFormat.NativeText)
        metrics, padding = self.pill.fontMetrics(), px(_PILL_PADDING)
        full = self._full or self._document.design.name  # until what it is has been recognised
        whole = metrics.horizontalAdvance(full) + padding
        self._row.invalidate()
        room, looks = 0, _Looks(keys)
        for looks in (
            _Looks(tr("Search actions and presets      {keys}", keys=keys)),
            _Looks(tr("Search  {keys}", keys=keys)),
            _Looks(keys),
            *(_Looks(keys, tight=True, gone=gone) for gone in range(4)),
        ):
            room = self._room(looks)
            if room >= (min(whole, px(_PILL_ENOUGH)) if looks.tight else whole):
                break
        self._put_on(looks)
        shown = metrics.elidedText(full, Qt.TextElideMode.ElideRight, max(px(_PILL_LEAST), room) - padding)
        self.pill.setText(shown)
        self.pill.setToolTip(plain_tip(tr("{words}\nClick to rename the drawing", words=self._all)))
        self.pill.setAccessibleDescription(self._all)
        # A request to lay out that was posted while the page was hidden is lost, and later ones wait for it.
        self._row.activate()

    def _room(self, looks: _Looks) -> int:
        """What the pill would have. By arithmetic: to try each look would lay the window out every time."""
        words = self.search.fontMetrics().horizontalAdvance
        taken = self._row.sizeHint().width() - self.pill.sizeHint().width()
        taken += words(looks.search) - words(self.search.text())
        if looks.tight is not self._tight:
            spared = sum(words(button.text()) - px(16) for button in self._words.values())
            taken += -spared if looks.tight else spared
        for place, part in enumerate((self._segments, self.input, self.search)):
            gone = place < looks.gone
            if part.isHidden() is not gone:
                taken += (-1 if gone else 1) * (part.sizeHint().width() + self._row.spacing())
        return self.width() - taken

    def _put_on(self, looks: _Looks) -> None:
        """Show files' buttons and Export as words or icons; hide the first of switch, input and search."""
        self.search.setText(looks.search)
        if looks.tight is not self._tight:
            self._tight = looks.tight
            if looks.tight and not self._drawn:
                self._drawn = True
                for name, button in self._words.items():
                    self._picture(button.defaultAction(), name, "text")
                self._color()
            style = Qt.ToolButtonStyle
            for button in self._words.values():
                button.setToolButtonStyle(
                    style.ToolButtonIconOnly if looks.tight else style.ToolButtonTextOnly
                )
        for place, part in enumerate((self._segments, self.input, self.search)):
            if part.isHidden() is not (place < looks.gone):
                part.setHidden(place < looks.gone)
