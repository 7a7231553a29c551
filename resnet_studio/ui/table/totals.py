"""The line below the layer table: the whole drawing's totals, each with its convention. Knows the Plan, and no rows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from resnet_studio.analysis.intensity import plan_intensity
from resnet_studio.analysis.plan import Plan
from resnet_studio.language import tr
from resnet_studio.ui.face import Face
from resnet_studio.ui.format import si, size, thousands
from resnet_studio.ui.theme import ThemeManager, color, px
from resnet_studio.ui.view_state import ViewState

_GAP = 18


class TotalsLine(QWidget):
    """Parameters, work, activations, backward memory, size: value and convention side by side, painted."""

    def __init__(self, themes: ThemeManager, state: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layerTotals")
        self._themes, self._state = themes, state
        self._plain, self._strong = Face(12), Face(12, bold=True)
        self._entries: list[tuple[str, str, str]] = []
        self._places: list[tuple[float, float]] = []
        # Else six widgets behind it paint their grounds first at every edit.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._follow)

    def _follow(self) -> None:
        self._plain.follow_text()
        self._strong.follow_text()
        self.update()

    def show_totals(self, plan: Plan) -> None:
        """Another drawing's totals."""
        totals, work = plan.totals, self._state.of_plan(plan)
        entries = [
            (thousands(totals.params), tr("parameters"), tr("Learned numbers, biases included.")),
            (si(work), self._state.work_text, f"{thousands(work)}: {self._state.work_words}"),
            (si(totals.activations), tr("activations"), tr("Elements of all convolution outputs, batch 1 (Radosavovic et al. 2020).")),
            (size(totals.backward_bytes), tr("kept for backward"), tr("float32 bytes that autograd keeps for one image.")),
            (size(totals.param_bytes), tr("model, float32"), tr("{count} bytes of parameters, four for each.", count=thousands(totals.param_bytes))),
            (f"{plan_intensity(plan):.1f}", tr("FLOPs/byte"), tr("Arithmetic intensity: operations for each byte moved, layer by layer in float32.")),
            (thousands(totals.receptive), tr("px receptive field"), tr("The edge of the input window that one pixel of the last block sees.")),
            (str(plan.units[-1].jump), tr("effective stride"), tr("Input pixels between two neighbouring pixels of the last block.")),
        ]  # fmt: skip
        if entries != self._entries:
            self._entries = entries
            self.setAccessibleName(
                tr("Totals: {figures}", figures=", ".join(f"{value} {words}" for value, words, _ in entries))
            )
            self.update()

    @property
    def texts(self) -> list[tuple[str, str]]:
        """(value, words) as shown."""
        return [(value, words) for value, words, _ in self._entries]

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(px(200), px(28))

    def event(self, event: QEvent) -> bool:
        """The convention of the figure under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            x = event.pos().x()
            hit = [i for i, (left, right) in enumerate(self._places) if left <= x <= right]
            QToolTip.showText(event.globalPos(), self._entries[hit[0]][2] if hit else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A hairline above, then value and words, as many as fit whole."""
        theme = self._themes.theme
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(theme.window))
        painter.setPen(color(theme.line))
        painter.drawLine(0, 0, self.width(), 0)
        x, high = 10.0, self.height() - 1
        self._places = []
        for value, words, _ in self._entries:
            first, second = self._strong.width(value), self._plain.width(words)
            end = x + first + 5 + second
            if end > self.width():
                break
            painter.setPen(color(theme.text_soft))
            self._plain.write(painter, QRectF(x + first + 5, 1, second, high), words)
            painter.setPen(color(theme.text))
            self._strong.write(painter, QRectF(x, 1, first, high), value)
            self._places.append((x, end))
            x = end + _GAP
        painter.end()
