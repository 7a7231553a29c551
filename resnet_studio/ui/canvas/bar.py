"""The bar below the canvas: zoom, and which cost is the heat. Knows no layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLabel, QPushButton, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.style import in_pixels
from resnet_studio.ui.theme import Theme, font
from resnet_studio.ui.view_state import Heat, ViewState

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView

BAR_HEIGHT = 44
# Of the work, what it is called in each of the two conventions.
WORK = {
    False: (tr("Mult-adds"), tr("Heat: multiply-adds. The cards' bars and colours show them.")),
    True: (tr("FLOPs"), tr("Heat: FLOPs, two for a multiply-add. The cards' bars and colours show them.")),
}
HEATS = (
    (Heat.MACS, *WORK[False]),
    (Heat.PARAMS, tr("Params"), tr("Heat: parameters. The cards' bars and colours show them.")),
    (
        Heat.MEMORY,
        tr("Memory"),
        tr("Heat: what training keeps for the backward pass, as the cards' bars and colours."),
    ),
    (
        Heat.RECEPTIVE,
        tr("RF"),
        tr("Heat: the receptive field in input pixels, as the cards' bars and colours."),
    ),
)


class CanvasBar(QWidget):
    """Zoom buttons, the zoom in percent, Fit, and the heat switch; the minimap stands at its right end."""

    def __init__(self, view: CanvasView, state: ViewState) -> None:
        super().__init__(view)
        self.setObjectName("canvasBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._state = state
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 14, 10)
        row.setSpacing(6)
        row.addWidget(_button("−", "zoomOut", tr("Zoom out"), view.zoom_out))
        self._percent = QLabel("100 %", self)
        self._percent.setObjectName("zoomLevel")
        self._percent.setAccessibleName(tr("Zoom"))
        self._percent.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._percent.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self._percent)
        row.addWidget(_button("+", "zoomIn", tr("Zoom in"), view.zoom_in))
        row.addWidget(_button(tr("Fit"), "fitButton", tr("Fit the whole drawing"), view.fit))
        row.addSpacing(8)
        self._caption = QLabel(tr("Heat:"), self)
        self._caption.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self._caption)
        self.switch = HeatSwitch(self, state)
        row.addWidget(self.switch)
        row.addStretch(1)
        self.minimap_place = QHBoxLayout()
        row.addLayout(self.minimap_place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out whole parts where there is not the room for all, and never cut one: View has the heat, too."""
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        """The letters of a part are larger or smaller."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return done

    def _fit(self) -> None:
        margins, gap = self._row.contentsMargins(), self._row.spacing()
        items = (self._row.itemAt(place) for place in range(self._row.count()))
        parts = [item.widget() for item in items if item is not None]
        fixed = [
            part for part in parts if isinstance(part, QPushButton | QLabel) and part is not self._caption
        ]
        left = self.width() - margins.left() - margins.right() - 2 * gap
        left -= sum(max(part.sizeHint().width(), part.minimumWidth()) + gap for part in fixed)
        place = self.minimap_place.itemAt(0)
        small = place.widget() if place is not None else None
        for part, wanted in (
            (self.switch, self.switch.sizeHint().width()),
            (small, small.minimumSizeHint().width() if small is not None else 0),
            (self._caption, self._caption.sizeHint().width()),
        ):
            if part is None:
                continue
            # The caption would say nothing without its choices.
            fits = wanted + gap <= left and not (part is self._caption and self.switch.isHidden())
            if part.isHidden() is fits:
                part.setVisible(fits)
            left -= wanted + gap if fits else 0

    def show_zoom(self, zoom: float) -> None:
        """Write the zoom in percent."""
        self._percent.setText(f"{zoom * 100:.0f} %" if zoom >= 0.0995 else f"{zoom * 100:.1f} %")

    def show_theme(self, theme: Theme) -> None:
        """Take colours from a theme."""
        sized(self, letters=12)
        sized(self._percent, letters=12)
        self._percent.setFixedWidth(QFontMetrics(font(12)).horizontalAdvance("300 %") + 8)
        self.setStyleSheet(sheet(theme))


class HeatSwitch(QWidget):
    """One of four costs, as a segmented switch that the arrow keys work too."""

    def __init__(self, parent: QWidget, state: ViewState) -> None:
        super().__init__(parent)
        self.setObjectName("heatSwitch")
        self.setAccessibleName(tr("Heat"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._state = state
        self._group = QButtonGroup(self)
        self._buttons: dict[Heat, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for heat, text, tip in HEATS:
            button = QPushButton(text, self)
            button.setObjectName(f"heat_{heat.value}")
            button.setAccessibleName(tip)
            button.setToolTip(tip)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, heat=heat: state.show_heat(heat))
            self._group.addButton(button)
            self._buttons[heat] = button
            row.addWidget(button)
        state.changed.connect(self._follow)
        self._follow()

    def _follow(self) -> None:
        self._buttons[self._state.heat].setChecked(True)
        text, tip = WORK[self._state.flops]
        work = self._buttons[Heat.MACS]
        # Told at every change of the view: a text that is set anew lays the bar out anew.
        if text != work.text():
            work.setText(text)
            work.setAccessibleName(tip)
            work.setToolTip(tip)


def _button(text: str, name: str, tip: str, do: object) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAccessibleName(tip)
    button.setToolTip(tip)
    button.clicked.connect(do)
    if name in ("zoomOut", "zoomIn"):
        sized(button, width=28, height=26)
    return button


def sheet(theme: Theme) -> str:
    """The style sheet of this part of the window."""
    return in_pixels(f"""
    #canvasBar {{ background: {theme.canvas}; }}
    #canvasBar QLabel {{ color: {theme.text_soft}; background: transparent; }}
    #canvasBar QPushButton {{
        color: {theme.text}; background: {theme.field}; border: 1px solid {theme.line}; border-radius: 5px;
        padding: 0 8px; min-height: 24tx; max-height: 24tx; font-weight: 400; }}
    #canvasBar #zoomIn, #canvasBar #zoomOut {{ padding: 0; }}
    #canvasBar QPushButton:hover {{ border-color: {theme.line_strong}; }}
    #canvasBar QPushButton:focus {{ border-color: {theme.accent}; }}
    #canvasBar QPushButton:pressed {{ background: {theme.accent_soft}; }}
    #heatSwitch {{ background: {theme.field}; border: 1px solid {theme.line}; border-radius: 6px; }}
    #heatSwitch QPushButton {{
        color: {theme.text_soft}; background: transparent; border: 1px solid transparent; padding: 0 10px;
        min-height: 22tx; max-height: 22tx; }}
    #heatSwitch QPushButton:checked {{
        color: {theme.accent}; background: {theme.accent_soft}; font-weight: 600; }}
    #heatSwitch QPushButton:focus {{ border-color: {theme.accent}; }}
    """)
