"""The button beside the learning rate that lets the range test find one. Tries no rates itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from resnet_studio.language import tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import Engine
from resnet_studio.ui.icons import icon
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.form import SettingsForm
from resnet_studio.ui.widgets.tips import plain_tip

if TYPE_CHECKING:
    from resnet_studio.ui.training.rates_dialog import RatesDialog


class RatesButton(QToolButton):
    """Opens the range test for the drawing, its initial weights and the settings of a form, and puts what is taken into the form.

    Args:
        document: whose drawing is tried, with the weights that it begins with.
        theme: the window's theme.
        engine: tries in a process of its own.
        form: the settings; the button stands beside their learning rate.
    """

    def __init__(self, document: Document, theme: ThemeManager, engine: Engine, form: SettingsForm) -> None:
        super().__init__(form)
        self.setObjectName("findRateButton")
        self.setProperty("role", "quiet")
        sized(self, icon=16)
        # Tool buttons are left out of the keyboard's way by themselves.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Find the learning rate"))
        self.setToolTip(
            plain_tip(tr("Find a learning rate: try ever larger ones on a network that is thrown away"))
        )
        self._document, self._theme, self._engine, self._form = document, theme, engine, form
        beside = form.control("lr").layout()
        assert beside is not None
        beside.addWidget(self)
        self.clicked.connect(lambda _=False: self.show_test())
        theme.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setIcon(icon("search", self._theme.theme.text_soft))

    def show_test(self) -> RatesDialog:
        """Try the rates, in a dialog over the window."""
        from resnet_studio.ui.training.rates_dialog import RatesDialog

        document = self._document
        dialog = RatesDialog(
            document.design,
            self._form.draft,
            self._theme,
            self._engine,
            self.window(),
            initial=document.initial,
        )
        dialog.taken.connect(self._take)
        dialog.open()
        return dialog

    def _take(self, rate: float) -> None:
        self._form.take(replace(self._form.draft, lr=rate))
