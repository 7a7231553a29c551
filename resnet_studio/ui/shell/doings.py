"""What menus, toolbar and views ask of the window, one short deed each. Arranges nothing and keeps nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication

from resnet_studio.design.errors import StudioError
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.ui.theme import ThemeChoice

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu, QWidget

    from resnet_studio.runs.folder import RunFolder
    from resnet_studio.ui.shell.main_window import MainWindow
    from resnet_studio.ui.training.panel import TrainPanel


class Doings:
    """The deeds of one window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.document, self.theme, self.view_state = window.document, window.theme, window.view_state

    # --- files --------------------------------------------------------------------------------------------------------

    def show_start(self) -> None:
        """Show the start page; the drawing stays open behind it."""
        self._window.show_start()

    def new_empty(self) -> bool:
        """Begin with a stem and a head."""
        return self._begin(Design())

    def new_from_family(self) -> None:
        """Let the user choose any member of a family."""
        from resnet_studio.ui.presets_form.dialog import FamilyDialog

        dialog = FamilyDialog(self.theme, self._window, by=self._window.view_state.convention)
        dialog.chosen.connect(self._begin)
        dialog.open()

    def new_preset(self, name: str) -> bool:
        """Begin with a preset."""
        return self._begin(preset(name))

    def _begin(self, design: Design) -> bool:
        return self._window.files.new(design)

    def new_design(self, design: Design) -> bool:
        """Begin with this drawing, which has no file, in this very window: settings or weights come with it."""
        return self._window.files.new(design, here=True)

    def open_file(self) -> bool:
        """Let the user choose a file and open it."""
        return self._window.files.open()

    def save(self) -> bool:
        """Save the drawing."""
        return self._window.files.save()

    def save_as(self) -> bool:
        """Save the drawing under another name."""
        return self._window.files.save_as()

    def close_design(self) -> None:
        """Close the drawing and show the start page."""
        if self._window.files.may_lose():
            self.document.load(Design())
            self._window.show_start()
            self._window.start_page.offer_back(False)

    # --- windows ------------------------------------------------------------------------------------------------------

    def new_window(self) -> None:
        """Open another window, with its own drawing."""
        self._window.windows.open_beside(self._window)

    def close_window(self) -> bool:
        """Close this window; the last one ends the program."""
        return self._window.close()

    def show_window(self, step: int) -> None:
        """Go to the window that many places behind this one."""
        self._window.windows.next_to(self._window, step).bring_forward()

    def fill_windows(self, menu: QMenu) -> None:
        """List the open windows at the end of a menu."""
        from resnet_studio.ui.shell.menus.window import fill_windows

        fill_windows(menu, self._window.windows.open, self._window)

    def close(self) -> bool:
        """Close every window, and with the last one the program."""
        return self._window.windows.quit()

    # --- the drawing --------------------------------------------------------------------------------------------------

    def rename(self) -> None:
        """Let the user rename the drawing."""
        from resnet_studio.ui.shell.renaming import ask_name

        ask_name(self.document, self._window)

    def edit_input(self) -> None:
        """Open the popup for the input size."""
        from resnet_studio.ui.shell.input_popup import InputPopup

        window = self._window
        InputPopup(self.document, self.theme, window).show_under(window.editor.toolbar.input)

    def edit_drop_path(self) -> None:
        """Open the popup for stochastic depth over all blocks."""
        from resnet_studio.ui.shell.drop_path_popup import DropPathPopup

        if next(self.document.design.blocks(), None) is None:
            raise StudioError(tr("There is no block yet."), tr("Insert one first."))
        canvas = self._window.editor.canvas
        DropPathPopup(self.document, self.theme, self._window).show_at(canvas.mapToGlobal(QPoint(24, 24)))

    def fill_compare(self, menu: QMenu) -> None:
        """Put what the drawing can be compared with into a menu."""
        from resnet_studio.ui.shell.compare_menu import fill_compare
        from resnet_studio.ui.shell.comparing import desk_of

        fill_compare(menu, desk_of(self._window))

    @property
    def in_editor(self) -> bool:
        """Whether a drawing is shown."""
        return self._window.in_editor

    def compare_preset(self, name: str) -> None:
        """Lay a preset beside the open drawing."""
        self.show_beside(partial(preset, name), PRESETS[name].title)

    def show_beside(self, made: Callable[[], Design], title: str) -> None:
        """Lay what is read or made there beside the open drawing."""
        from resnet_studio.ui.shell.comparing import show_beside

        show_beside(self._window, made, title)

    # --- training and export ------------------------------------------------------------------------------------------

    def import_weights(self) -> None:
        """Open the dialog that brings weights into the drawing."""
        from resnet_studio.ui.weights.dialog import ImportDialog

        ImportDialog(self.document, self.theme, self._window.engine, self._window).open()

    def export(self) -> None:
        """Open the export dialog for the drawing."""
        self.export_run(None)

    def export_run(self, run: RunFolder | None) -> None:
        """Open the export dialog for a run's weights."""
        from resnet_studio.ui.exporting.dialog import ExportDialog

        window = self._window
        ExportDialog(self.document, self.theme, window.engine, run=run, parent=window).open()

    def train(self) -> None:
        """Train: what the panel's own button does."""
        self._with_panel(lambda panel: panel.train())

    def stop_training(self) -> None:
        """Stop: what the panel's own button does, wherever one looks."""
        panel = self._window.panel
        if panel is not None:
            panel.stop()

    def pause_training(self) -> None:
        """Pause: what the panel's own button does, wherever one looks."""
        panel = self._window.panel
        if panel is not None:
            panel.pause()

    def resume_training(self) -> None:
        """Resume: what the run's own button does."""
        self._with_panel(lambda panel: panel.resume())

    def add_to_queue(self) -> None:
        """Add to queue: what the panel's own button does."""
        self._with_panel(lambda panel: panel.add_to_queue())

    def show_data(self) -> None:
        """Look the chosen data through: what the settings' own button does."""
        self._with_panel(lambda panel: panel.setup.show_data())

    def find_rate(self) -> None:
        """Try learning rates: what the settings' own button does."""

        def show(panel: TrainPanel) -> None:
            panel.show_settings()
            panel.setup.rates.show_test()

        self._with_panel(show)

    def _with_panel(self, act: Callable[[TrainPanel], object]) -> None:
        self._window.editor.train_views.with_panel(act)

    # --- looking ------------------------------------------------------------------------------------------------------

    def show_tab(self, name: str) -> QWidget:
        """Bring a view of the bottom to the front."""
        return self._window.editor.show_tab(name)

    def zoom(self, how: str) -> None:
        """Zoom the canvas "in", "out" or to "fit"."""
        canvas = self._window.editor.canvas
        {"in": canvas.zoom_in, "out": canvas.zoom_out, "fit": canvas.fit}[how]()

    def choose_theme(self, choice: ThemeChoice) -> None:
        """Follow the system, or stay light or dark; remembered."""
        self._window.settings.theme = choice
        self.theme.choose(choice)

    def resize_text(self, percent: int) -> str:
        """Letters as large as this, one of TEXT_SIZES; remembered."""
        self._window.settings.text = percent
        self.theme.resize_text(percent)
        return tr("Text size {size} %", size=self.theme.text)

    def reset_layout(self) -> None:
        """Docks and columns as they were made."""
        self._window.settings.forget_layout()
        self._window.editor.reset()

    # --- help ---------------------------------------------------------------------------------------------------------

    def start_tour(self) -> None:
        """Begin the guided tour, or go on where it was left."""
        from resnet_studio.ui.tour.chapters import CHAPTERS
        from resnet_studio.ui.tour.guide import Guide

        guide = self._window.findChild(Guide) or Guide(self._window, CHAPTERS)
        guide.start()

    def open_example(self, name: str) -> bool:
        """Open an example, ready to play with."""
        from resnet_studio.ui.tour.examples import open_example

        return open_example(name, self._window)

    def find_command(self) -> None:
        """Open the command palette."""
        from resnet_studio.ui.shell.command_palette import CommandPalette

        window = self._window
        CommandPalette(window.acts, self, window).open_over(window)

    def show_shortcuts(self) -> None:
        """List every shortcut."""
        from resnet_studio.ui.shell.shortcuts import show_shortcuts

        show_shortcuts(self._window.acts, self._window)

    def verify_figures(self) -> None:
        """Show the published figures beside what is counted."""
        from resnet_studio.ui.verify.page import VerifyPage

        VerifyPage(self.theme, self._window.engine, self._window).open()

    def explain_numbers(self) -> None:
        """Say why one network has several numbers."""
        from resnet_studio.ui.verify.numbers import NumbersPage

        NumbersPage(self._window).open()

    def about(self) -> None:
        """Say what this program is."""
        from resnet_studio.ui.shell import dialogs

        dialogs.show_about(self._window)

    def report(self, what: str, detail: str) -> str:
        """What is told as an error, with all that somebody needs who is to mend it."""
        from resnet_studio.ui.shell.report import error_report

        return error_report(what, detail, self._window.engine.hello)

    def copy_report(self) -> str:
        """Put the versions and the end of the log on the clipboard."""
        from resnet_studio.ui.shell.report import system_report

        QGuiApplication.clipboard().setText(system_report(self._window))
        return tr("Copied the system report.")

    def tell(self, words: str) -> None:
        """Say in the status line what was done."""
        self._window.acts.told.emit(words)

    def tell_refusal(self, words: str) -> None:
        """Say why a gesture was not done."""
        self._window.tell_refusal(words)
