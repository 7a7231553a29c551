"""The status bar's left half: what the whole drawing costs, what the last step changed, whether torchinfo agrees."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from resnet_studio.analysis.plan import Totals as TotalsOf
from resnet_studio.language import tr
from resnet_studio.ui.confirmer import Confirmation, Confirmer
from resnet_studio.ui.document import Document
from resnet_studio.ui.format import delta, si, size, thousands
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.view_state import ViewState
from resnet_studio.ui.widgets.tips import plain_tip

_SHOW_DELTA_MS = 6_000
Number = Callable[[TotalsOf], int]


def tint(label: QLabel, ink: str) -> None:
    """Colour a label's text; its palette, for a style sheet of its own would be parsed anew with every edit."""
    palette = label.palette()
    if palette.color(QPalette.ColorRole.WindowText) == QColor(ink):
        return
    palette.setColor(QPalette.ColorRole.WindowText, QColor(ink))
    label.setPalette(palette)


class _Figure(QWidget):
    """One number with its label, and what the last step did to it."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        self._value, self._label, self._delta = QLabel(self), QLabel(self), QLabel(self)
        self._value.setProperty("role", "strong")
        self._label.setProperty("role", "soft")
        for part in (self._value, self._label, self._delta):
            part.setTextFormat(Qt.TextFormat.PlainText)
            row.addWidget(part)
        self._delta.hide()

    def show_number(self, value: str, label: str, exact: str) -> None:
        if (value, label, exact) == (self._value.text(), self._label.text(), self.accessibleName()):
            return
        self._value.setText(value)
        self._label.setText(label)
        self.setToolTip(exact)
        self.setAccessibleName(exact)

    def show_delta(self, text: str, ink: str) -> None:
        self._delta.setText(text)
        if text:
            tint(self._delta, ink)

    def room(self) -> tuple[int, int]:
        """Pixels that the number and its label need, and what its delta needs besides."""
        spacing = self._row.spacing()
        plain = self._value.sizeHint().width() + spacing + self._label.sizeHint().width()
        return plain, self._delta.sizeHint().width() + spacing if self._delta.text() else 0

    def fit_delta(self, on: bool) -> None:
        self._delta.setVisible(on and bool(self._delta.text()))
        self._row.activate()
        self.updateGeometry()


class Totals(QWidget):
    """Parameters, multiply-adds or FLOPs, activations, size, receptive field; and torchinfo's word."""

    def __init__(
        self,
        document: Document,
        theme: ThemeManager,
        view_state: ViewState,
        confirmer: Confirmer,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("totals")
        self.setAccessibleName(tr("Totals of the drawing"))
        self._document, self._theme, self._view, self._confirmer = document, theme, view_state, confirmer
        # A widget that no layout places: its numbers must not lay the whole window out at every edit.
        self._strip = QWidget(self)
        self._row = QHBoxLayout(self._strip)
        self._row.setContentsMargins(16, 0, 0, 0)
        self._row.setSpacing(20)
        names = ("totalParams", "totalWork", "totalActivations", "totalSize", "totalReceptive")
        self._figures = {name: _Figure(name, self._strip) for name in names}
        for figure in self._figures.values():
            self._row.addWidget(figure)
        self._mark = QLabel(self._strip)
        self._mark.setObjectName("totalsConfirmed")
        self._mark.setTextFormat(Qt.TextFormat.PlainText)
        self._hint = ""
        self._row.addWidget(self._mark)
        self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._fade = QTimer(self)
        self._fade.setSingleShot(True)
        self._fade.setInterval(_SHOW_DELTA_MS)
        self._fade.timeout.connect(self._hide_deltas)
        document.changed.connect(self._changed)
        view_state.changed.connect(self.refresh)
        theme.changed.connect(self._show_mark)
        theme.changed.connect(self._hide_deltas)
        confirmer.changed.connect(self._show_mark)
        self.refresh()
        self._show_mark()

    def refresh(self) -> None:
        """Show the numbers of the drawing as it is now."""
        t, work = self._document.plan.totals, self._view.of_plan(self._document.plan)
        spec = str(self._document.design.input).replace("x", "×")
        batch = tr("batch 1, input {spec}", spec=spec)
        label = ("FLOPs" if self._view.flops else tr("mult-adds")) + (
            "+" if self._view.convention.items else ""
        )
        show = self._figures
        show["totalParams"].show_number(
            si(t.params), tr("parameters"), tr("{params} parameters", params=thousands(t.params))
        )
        show["totalWork"].show_number(
            si(work), label, f"{thousands(work)}: {self._view.convention.words}, {batch}"
        )
        text = tr(
            "{activations} activations: elements of all convolution outputs, {batch}",
            activations=thousands(t.activations),
            batch=batch,
        )
        show["totalActivations"].show_number(si(t.activations), tr("activations"), text)
        text = tr("{param_bytes} bytes: the parameters as float32", param_bytes=thousands(t.param_bytes))
        show["totalSize"].show_number(size(t.param_bytes), tr("model size"), text)
        text = tr(
            "{receptive} px: edge of the input window that one output pixel sees",
            receptive=thousands(t.receptive),
        )
        show["totalReceptive"].show_number(
            tr("{receptive} px", receptive=thousands(t.receptive)), tr("receptive field"), text
        )
        if self._fade.isActive():
            self._show_deltas()
        self._fit()

    def _changed(self) -> None:
        self._fade.start()
        self.refresh()

    def _show_deltas(self) -> None:
        now, before = self._document.plan.totals, self._document.base_totals
        changes: dict[str, int] = {
            "totalParams": now.params - before.params,
            "totalWork": self._view.of_plan(self._document.plan)
            - self._view.of_plan(self._document.base_plan),
            "totalActivations": now.activations - before.activations,
            "totalReceptive": now.receptive - before.receptive,
        }
        theme = self._theme.theme
        for name, change in changes.items():
            text = delta(change) if change else ""
            self._figures[name].show_delta(text, theme.good if change < 0 else theme.warn)

    def _hide_deltas(self) -> None:
        for figure in self._figures.values():
            figure.show_delta("", "")
        self._fit()

    def _show_mark(self) -> None:
        theme, confirmer = self._theme.theme, self._confirmer
        agrees, note = tr("✓ torchinfo agrees"), tr("Every layer, by torchinfo's own convention.")
        if confirmer.skipped:
            agrees, note = (
                tr("✓ torchinfo agrees on the sound part"),
                tr("Blocks with problems cannot be built."),
            )
        text, ink, hint = {
            Confirmation.COUNTING: (
                tr("torchinfo: counting…"),
                theme.text_soft,
                tr("The engine counts the same drawing."),
            ),
            Confirmation.AGREES: (agrees, theme.good, note),
            Confirmation.DIFFERS: (tr("torchinfo differs"), theme.bad, "\n".join(confirmer.differences[:12])),
            Confirmation.UNAVAILABLE: (tr("torchinfo: no answer"), theme.warn, confirmer.reason),
        }[confirmer.state]
        if (text, hint) == (self._mark.text(), self._hint):
            tint(self._mark, ink)
            return
        self._hint = hint
        self._mark.setText(text)
        self._mark.setToolTip(plain_tip(hint))
        self._mark.setAccessibleName(f"{text}. {hint}")
        tint(self._mark, ink)
        self._fit()

    # --- room ---------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._strip.setGeometry(self.rect())
        self._fit()

    def sizeHint(self) -> QSize:
        return self._strip.sizeHint()

    def _fit(self) -> None:
        """What has no room is left out, the least asked for first; a delta never drives a number away."""
        spacing, left, full = self._row.spacing(), self.width() - 16, False
        shown: list[_Figure] = []
        for name in ("totalParams", "totalWork", "", "totalReceptive", "totalActivations", "totalSize"):
            figure = self._figures.get(name)
            needed = (self._mark.sizeHint().width() if figure is None else figure.room()[0]) + spacing
            full = full or (needed > left and bool(shown))
            (figure or self._mark).setVisible(not full)
            if not full:
                left -= needed
                shown += [figure] if figure is not None else []
        for figure in self._figures.values():
            wanted = figure.room()[1]
            fits = figure in shown and wanted <= left
            figure.fit_delta(fits)
            left -= wanted if fits else 0
        # At once: a figure whose delta has just gone would keep its room, and the last words would be cut.
        self._row.invalidate()
        self._row.activate()
