"""Makes the views of the drawing, each from its own room, and joins them with the window. Knows how they are made, no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from resnet_studio.design.types import Design
from resnet_studio.ui.confirmer import Confirmation
from resnet_studio.ui.shell.host import Host
from resnet_studio.ui.shell.room import Room

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView
    from resnet_studio.ui.compare.view import CompareView
    from resnet_studio.ui.document import Document
    from resnet_studio.ui.inspector.inspector import Inspector
    from resnet_studio.ui.palette.view import PaletteView
    from resnet_studio.ui.table.table import LayerTable


class Views(QObject):
    """What one window shows of its drawing; the views at the bottom are made when they are first shown."""

    def __init__(self, room: Room, host: Host, parent: QObject) -> None:
        super().__init__(parent)
        self._room, self._host = room, host
        self._table_view: LayerTable | None = None

    # --- always there -------------------------------------------------------------------------------------------------

    def canvas(self) -> CanvasView:
        """The drawing itself."""
        from resnet_studio.ui.canvas.view import CanvasView

        view = CanvasView(self._room.document, self._room.theme, self._room.view_state)
        view.refused.connect(self._host.tell_refusal)
        view.told.connect(self._host.tell)
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

        view = Inspector(self._room.document, self._room.theme, self._room.view_state)
        view.refused.connect(self._host.tell_refusal)
        return view

    # --- at the bottom ------------------------------------------------------------------------------------------------

    def maker(self, name: str) -> Callable[[], QWidget]:
        """What makes the view of a bottom tab."""
        makers: dict[str, Callable[[], QWidget]] = {
            "layerTable": self._table,
            "diagram": self._diagram,
            "problems": self._problems,
            "code": self._code,
            "history": self._history,
            "compare": self._compare,
        }
        return makers[name]

    def _table(self) -> QWidget:
        from resnet_studio.ui.table.table import LayerTable

        room = self._room
        view = LayerTable(room.document, room.theme, room.view_state)
        view.refused.connect(self._host.tell_refusal)
        view.told.connect(self._host.tell)
        view.arrange_columns(room.settings.columns)
        view.columns_left.connect(room.settings.keep_columns)
        self._table_view = view

        def show_confirmation() -> None:
            told = room.confirmer.state in (Confirmation.AGREES, Confirmation.DIFFERS)
            view.set_confirmation(room.confirmer.rows if told else None)

        room.confirmer.changed.connect(show_confirmation)
        show_confirmation()
        return view

    def reset_columns(self) -> None:
        """The layer table's columns as they were made."""
        if self._table_view is not None:
            self._table_view.reset_columns()

    def _diagram(self) -> QWidget:
        from resnet_studio.ui.diagram.diagram import DiagramView

        return DiagramView(self._room.document, self._room.theme, self._room.engine)

    def _code(self) -> QWidget:
        from resnet_studio.ui.code.panel import CodeView

        return CodeView(self._room.document, self._room.theme)

    def _history(self) -> QWidget:
        from resnet_studio.ui.history.view import HistoryView

        view = HistoryView(self._room.document, self._room.theme, self._room.view_state)
        view.compare_requested.connect(self.compare_with)
        return view

    def _compare(self) -> QWidget:
        from resnet_studio.ui.compare.view import CompareView

        view = CompareView(self._room.document, self._room.theme, self._room.view_state)
        view.menu_wanted.connect(self._host.fill_compare)
        return view

    def compare_with(self, design: Design, title: str) -> None:
        """Lay a drawing beside the open one."""
        self._comparison().show_against(design, title)

    def compare_live(self, document: Document) -> None:
        """Lay another window's drawing beside the open one, as it is drawn."""
        self._comparison().follow(document)

    def _comparison(self) -> CompareView:
        from resnet_studio.ui.compare.view import CompareView

        view = self._host.show_tab("compare")
        assert isinstance(view, CompareView)
        return view

    def _problems(self) -> QWidget:
        from resnet_studio.ui.problems.problems import ProblemsView

        view = ProblemsView(self._room.document, self._room.theme, state=self._room.view_state)
        view.refused.connect(self._host.tell_refusal)
        return view
