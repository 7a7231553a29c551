"""The menu of the curves: what they show, and taking them away as picture or values. Knows no run."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.curves.plot_saving import PlotSaving
from resnet_studio.ui.style import in_pixels


class PlotMenu(QMenu):
    """What can be done with the curves.

    Args:
        saving: takes picture and values away.
        tells_cards: whether the run told of graphics cards.

    Signals:
        all_asked(): show the whole curves.
        rates_asked(bool): show learning rate and throughput, or loss and accuracy.
        cards_asked(bool): show use and memory of the graphics cards, or loss and accuracy.
        log_asked(bool): show loss and learning rate on a logarithmic axis, or on a plain one.
    """

    all_asked = Signal()
    rates_asked = Signal(bool)
    cards_asked = Signal(bool)
    log_asked = Signal(bool)

    def __init__(self, saving: PlotSaving, tells_cards: Callable[[], bool], parent: QWidget) -> None:
        super().__init__(parent)
        self._tells_cards = tells_cards
        self.setObjectName("plotMenu")
        self.setAccessibleName(tr("The curves"))
        self.addAction(tr("Show the whole run")).triggered.connect(lambda _=False: self.all_asked.emit())
        self.rates = self.addAction(tr("Learning rate and throughput"))
        self.cards = self.addAction(tr("Use and memory of the graphics cards"))
        # One of the two, or none, which is loss and accuracy.
        for action, other, asked in (
            (self.rates, self.cards, self.rates_asked),
            (self.cards, self.rates, self.cards_asked),
        ):
            action.setCheckable(True)
            action.toggled.connect(lambda on, other=other: other.setChecked(False) if on else None)
            action.toggled.connect(asked)
        self.aboutToShow.connect(self._offer)
        self.log = self.addAction(tr("Logarithmic loss and learning rate"))
        self.log.setCheckable(True)
        self.log.setToolTip(tr("Equal steps are equal factors: small losses are told apart."))
        self.log.triggered.connect(self.log_asked)
        self.addSeparator()
        saving.add_to(self)

    def button(self, parent: QWidget) -> QToolButton:
        """The button that opens it."""
        button = QToolButton(parent)
        button.setText("⋯")
        button.setObjectName("plotMenuButton")
        button.setAccessibleName(tr("More to do with the curves"))
        button.setToolTip(
            tr("Learning rate and throughput; logarithmic axes; copy or save values, save a picture.")
        )
        button.setProperty("role", "quiet")
        button.setStyleSheet(in_pixels("QToolButton { padding: 0 4px; min-height: 16tx; }"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setMenu(self)
        return button

    def _offer(self) -> None:
        """Only what the run told of."""
        self.cards.setVisible(self._tells_cards())
