"""Makes each view from its own room and tells the others what it wants. Knows how views are made and joined, no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog, QWidget

from resnet_studio.design.types import Design
from resnet_studio.runs.folder import RunFolder
from resnet_studio.ui.confirmer import Confirmation
from resnet_studio.ui.shell.room import Room

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView
    from resnet_studio.ui.inspector.inspector import Inspector
    from resnet_studio.ui.palette.view import PaletteView
    from resnet_studio.ui.training.panel import TrainPanel
    from resnet_studio.ui.training.runs import RunsView


class Host(Protocol):
    """What views may want of the window around them."""

    def new_preset(self, name: str) -> object: ...
    def new_design(self, design: Design) -> object: ...
    def show_tab(self, name: str) -> QWidget: ...
    def export_run(self, run: RunFolder) -> object: ...
    def tell_refusal(self, words: str) -> object: ...


class Views(QObject):
    """The views of one window; those at the bottom are made when they are first shown."""

    def __init__(self, room: Room, host: Host, parent: QObject) -> None:
        super().__init__(parent)
        self._room, self._host = room, host
        self.panel: TrainPanel | None = None
        self.runs: RunsView | None = None

    # --- always there -------------------------------------------------------------------------------------------------

    def canvas(self) -> CanvasView:
        """The drawing itself."""
        from resnet_studio.ui.canvas.view import CanvasView

        view = CanvasView(self._room.document, self._room.theme, self._room.view_state)
        view.refused.connect(self._host.tell_refusal)
        return view

    def palette(self) -> PaletteView:
        """What can be put into the drawing."""
        from resnet_studio.ui.palette.view import PaletteView

        view = PaletteView(self._room.document, self._room.theme)
        view.preset_requested.connect(self._host.new_preset)
        view.refused.connect(self._host.tell_refusal)
        return view

    def inspector(self) -> Inspector:
        """The properties of the selection."""
        from resnet_studio.ui.inspector.inspector import Inspector

        return Inspector(self._room.document, self._room.theme, self._room.view_state)

    # --- at the bottom ------------------------------------------------------------------------------------------------

    def maker(self, name: str) -> Callable[[], QWidget]:
        """What makes the view of a bottom tab."""
        makers: dict[str, Callable[[], QWidget]] = {
            "layerTable": self._table,
            "diagram": self._diagram,
            "problems": self._problems,
            "trainPanel": self._train_panel,
            "runs": self._runs,
        }
        return makers[name]

    def _table(self) -> QWidget:
        from resnet_studio.ui.table.table import LayerTable

        room = self._room
        view = LayerTable(room.document, room.theme, room.view_state)
        view.refused.connect(self._host.tell_refusal)

        def show_confirmation() -> None:
            told = room.confirmer.state in (Confirmation.AGREES, Confirmation.DIFFERS)
            view.set_confirmation(room.confirmer.rows if told else None)

        room.confirmer.changed.connect(show_confirmation)
        show_confirmation()
        return view

    def _diagram(self) -> QWidget:
        from resnet_studio.ui.diagram.diagram import DiagramView

        return DiagramView(self._room.document, self._room.theme, self._room.engine)

    def _problems(self) -> QWidget:
        from resnet_studio.ui.problems.problems import ProblemsView

        view = ProblemsView(self._room.document, self._room.theme)
        view.refused.connect(self._host.tell_refusal)
        return view

    def _train_panel(self) -> QWidget:
        from resnet_studio.ui.training.panel import TrainPanel

        view = TrainPanel(self._room.document, self._room.theme, self._room.engine)
        view.export_requested.connect(self._host.export_run)
        view.run_changed.connect(self._refresh_runs)
        self.panel = view
        return view

    def _runs(self) -> QWidget:
        from resnet_studio.ui.training.runs import RunsView

        view = RunsView(self._room.theme)
        view.open_requested.connect(lambda run: self._with_panel(lambda panel: panel.show_run(run)))
        view.resume_requested.connect(lambda run: self._with_panel(lambda panel: panel.resume(run)))
        view.design_requested.connect(lambda design, _title: self._host.new_design(design))
        view.export_requested.connect(self._host.export_run)
        self.runs = view
        return view

    def _with_panel(self, act: Callable[[TrainPanel], object]) -> None:
        self._host.show_tab("trainPanel")
        if self.panel is not None:
            act(self.panel)

    def _refresh_runs(self) -> None:
        if self.runs is not None and self.runs.isVisible():
            self.runs.refresh()


def export_dialog(room: Room, run: RunFolder | None, parent: QWidget) -> QDialog:
    """The dialog that exports the drawing, or a run's weights."""
    from resnet_studio.ui.exporting.dialog import ExportDialog

    return ExportDialog(room.document, room.theme, room.engine, run=run, parent=parent)
