"""The main window: puts start page, editor, menus and status together, and nothing more. Knows no view's inside."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.ui.confirmer import Confirmer
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import EngineClient
from resnet_studio.ui.engine_seat import EngineSeat
from resnet_studio.ui.shell.autosave import Autosave
from resnet_studio.ui.shell.banner import BannerStack, Tone
from resnet_studio.ui.shell.doings import Doings
from resnet_studio.ui.shell.dropping import dropped_file
from resnet_studio.ui.shell.engine_banner import follow_engine
from resnet_studio.ui.shell.files import FileKeeper
from resnet_studio.ui.shell.menu_seat import MenuSeat
from resnet_studio.ui.shell.room import Room
from resnet_studio.ui.shell.save_banners import follow_saving
from resnet_studio.ui.shell.settings import Settings
from resnet_studio.ui.shell.start_page import StartPage
from resnet_studio.ui.shell.windows import Beside, Windows, bring_forward
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.view_state import ViewState

if TYPE_CHECKING:
    from resnet_studio.ui.shell.actions import Actions
    from resnet_studio.ui.shell.editor import Editor
    from resnet_studio.ui.shell.leaving import Leaving
    from resnet_studio.ui.training.panel import TrainPanel

_SMALLEST = (880, 560)
_FIRST_SIZE = (1440, 900)


class MainWindow(QMainWindow):
    """The window. `wake` brings what need not be there when it is first painted: the engine, recovery."""

    def __init__(
        self,
        settings: Settings,
        theme: ThemeManager,
        engine: EngineClient | None = None,
        *,
        windows: Windows | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.setAcceptDrops(True)
        self.setMinimumSize(*_SMALLEST)
        self.settings, self.theme = settings, theme
        self.document = Document(Design(), parent=self)
        self.view_state = ViewState(self)
        self.view_state.count_by(settings.convention)
        self.windows = windows or Windows(settings, theme, engine or EngineClient())
        self.windows.add(self)
        self.engine = EngineSeat(self.windows.engine, self)
        self.confirmer = Confirmer(self.document, self.engine, self)
        self.files = FileKeeper(self.document, settings, self, Beside(self.windows, self))
        self.autosave = Autosave(self.document, self.files, self)
        self.room = Room(self.document, theme, self.view_state, self.engine, self.confirmer, settings)
        self._editor: Editor | None = None
        self.doings = Doings(self)
        self.menu_seat = MenuSeat(self)
        self._make_pages()
        self._connect()
        self._show_title()
        geometry = settings.geometry
        if geometry is None or not self.restoreGeometry(geometry):
            self._first_size()

    @cached_property
    def leaving(self) -> Leaving:
        """How it goes; who looks at it, leaves."""
        from resnet_studio.ui.shell.leaving import Leaving

        return Leaving(self)

    # --- putting together ---------------------------------------------------------------------------------------------

    @property
    def acts(self) -> Actions:
        """The actions; made when they are first needed, which is after the first picture."""
        return self.menu_seat.acts

    def _make_pages(self) -> None:
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.banners = BannerStack(body)
        self.banners.report = self.doings.report
        column.addWidget(self.banners)
        self._pages = QStackedWidget(body)
        column.addWidget(self._pages, 1)
        self.start_page = StartPage(self.settings, self.theme, self.view_state, self._pages)
        self._pages.addWidget(self.start_page)
        self.setCentralWidget(body)

    def _connect(self) -> None:
        for signal in (self.document.path_changed, self.document.changed, self.document.clean_changed):
            signal.connect(self._show_title)
        self.document.undo_stack.indexChanged.connect(self._enable)
        self.document.selection_changed.connect(self._enable)
        self.files.opened.connect(self.show_editor)
        self.files.failed.connect(self.tell_error)
        follow_saving(self.banners, self.files, self.autosave)
        self.start_page.obey(self.doings)
        self.start_page.recent_chosen.connect(self.open_path)
        self.start_page.back_chosen.connect(self.show_editor)
        follow_engine(self.banners, self.engine)
        QGuiApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]
        self.menu_seat.enable()

    def _first_size(self) -> None:
        room = self.screen().availableGeometry()
        self.resize(min(_FIRST_SIZE[0], room.width()), min(_FIRST_SIZE[1], room.height() - 30))

    def await_file(self, file: Path | None) -> None:
        """A file will be opened in a moment: do not flash the start page before."""
        self.start_page.setVisible(file is None)

    def open_first(self, file: Path) -> None:
        """Open the file that the program was started with, or else show the start page."""
        if not self.files.open_path(file):
            self.show_start()

    def begin(self) -> None:
        """Start what the first picture of any window does not need."""
        self.menu_seat.make()
        self.engine.start()

    def wake(self) -> None:
        """Start what the first picture of the first window does not need."""
        from resnet_studio.ui.shell.recovery_offer import offer_recovery
        from resnet_studio.ui.shell.still_training import look_for_runs
        from resnet_studio.ui.shell.warm_up import WarmUp

        self.begin()
        WarmUp(self)
        offer_recovery(self.banners, self.files, self.autosave)
        look_for_runs(self)

    # --- pages --------------------------------------------------------------------------------------------------------

    @property
    def editor(self) -> Editor:
        """The editor page; made when it is first needed."""
        if self._editor is None:
            from resnet_studio.ui.shell import editor
            from resnet_studio.ui.shell.status import make_status
            from resnet_studio.ui.shell.training_banners import follow_queue, follow_training

            self._editor = editor.Editor(self.room, self.acts, self.doings, self._pages)
            self._pages.addWidget(self._editor)
            self._editor.train_views.changed.connect(self._enable)
            follow_training(self.banners, self._editor.train_views)
            follow_queue(self.banners, self._editor.train_views)
            self.statusBar().setSizeGripEnabled(False)
            self.statusBar().addWidget(make_status(self), 1)
        return self._editor

    @property
    def made_editor(self) -> Editor | None:
        """The editor page, if it was made."""
        return self._editor

    def show_editor(self) -> None:
        """Show the drawing."""
        editor = self.editor
        self._pages.setCurrentWidget(editor)
        self.statusBar().show()
        editor.restore(self.settings.layout)
        self.start_page.offer_back(True)
        editor.canvas.setFocus()
        self._show_title()
        self.menu_seat.enable()

    def show_start(self) -> None:
        """Show the start page; the drawing stays open behind it."""
        self._pages.setCurrentWidget(self.start_page)
        self.start_page.show()
        if self._editor is not None:
            self.statusBar().hide()
        self.start_page.first_focus()
        self._show_title()
        self.menu_seat.enable()

    @property
    def in_editor(self) -> bool:
        """Whether a drawing is shown, and not the start page."""
        return self._editor is not None and self._pages.currentWidget() is self._editor

    @property
    def panel(self) -> TrainPanel | None:
        """The training panel, if it was made."""
        return self._editor.train_views.panel if self._editor is not None else None

    @property
    def shown_name(self) -> str:
        """What is open in it, as lists of windows name it; a star where something is not saved."""
        return (
            f"{self.files.title}{'' if self.document.is_clean else ' *'}" if self.in_editor else tr("Start")
        )

    def bring_forward(self) -> None:
        """To the front, with the keyboard."""
        bring_forward(self)

    # --- what others ask most -----------------------------------------------------------------------------------------

    def new_preset(self, name: str) -> bool:
        """Begin with a preset."""
        return self.doings.new_preset(name)

    def open_path(self, path: object) -> bool:
        """Open this file."""
        return isinstance(path, Path) and self.files.open_path(path)

    def save(self) -> bool:
        """Save the drawing."""
        return self.files.save()

    def show_tab(self, name: str) -> QWidget:
        """Bring a view of the bottom to the front."""
        return self.editor.show_tab(name)

    # --- telling ------------------------------------------------------------------------------------------------------

    def tell_error(self, error: StudioError) -> None:
        """Say what went wrong in the world, without stopping the user."""
        self.banners.tell(error.what, error.remedy, Tone.BAD)

    def tell_refusal(self, why: StudioError | str) -> None:
        """Say why a gesture or an action was not done."""
        error = why if isinstance(why, StudioError) else StudioError(why)
        self.banners.tell(error.what, error.remedy, Tone.WARN)

    def _show_title(self) -> None:
        shown = (
            tr("{title}[*] — ResNet Studio", title=self.files.title) if self.in_editor else "ResNet Studio[*]"
        )
        self.setWindowTitle(shown)
        self.setWindowModified(self.in_editor and not self.document.is_clean)
        self.setWindowFilePath("")

    def _enable(self) -> None:
        # A slot of the window's own: as it goes, its document tells of a last step, and then there is nothing to grey.
        self.menu_seat.enable()

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        # Typing in one field is one step; going on in another is the next.
        if old is not None and new is not None:
            self.document.end_gesture()
            self.menu_seat.enable()

    # --- coming and going ---------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            # The question about unsaved changes must not keep the other program's drag waiting.
            QTimer.singleShot(0, self, lambda: self.files.open_path(path))

    def end_now(self) -> None:
        """The system ends the program: what is unsaved is autosaved and offered at the next start; nobody is asked."""
        self.leaving.end()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.leaving.close():
            event.ignore()
            return
        super().closeEvent(event)
        self.windows.remove(self)

    def keep_look(self) -> None:
        """Remember how the window looks, and its settings of a run: the next one begins so too."""
        self.settings.geometry = self.saveGeometry()
        state = self._editor.state() if self._editor is not None else None
        if state is not None:
            self.settings.layout = state
        self.settings.convention = self.view_state.convention
        if self.panel is not None:
            self.panel.setup.leave()
