"""How a window goes: it asks, waits for its run, remembers how it looked and gives up what it holds. Knows no view's inside."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

if TYPE_CHECKING:
    from resnet_studio.ui.shell.keeping import Kept
    from resnet_studio.ui.shell.main_window import MainWindow

# The system waits for nobody: torch alone takes a second to leave.
_ENDING_GRACE_MS = 200


class Leaving:
    """The end of one window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._agreed = self._ending = False

    @cached_property
    def _kept(self) -> Kept:
        # What reads runs and queues is no part of the window's start.
        from resnet_studio.ui.shell.keeping import Kept

        return Kept(self._window)

    @property
    def agreed(self) -> bool:
        """Whether it goes, once those that were asked with it have answered."""
        return self._agreed or self._ending

    @property
    def is_free(self) -> bool:
        """Whether it may go without a question."""
        return self.agreed or (self._window.document.is_clean and self._kept.nothing)

    def agree(self) -> bool:
        """Ask whatever there is to ask; once it is agreed, nothing is asked again."""
        if not self.agreed:
            self._agreed = self._kept.ask() and self._window.files.may_lose()
        return self.agreed

    def stay(self) -> None:
        """What was agreed does not count any more."""
        self._agreed = False

    def end(self) -> None:
        """The system ends the program: nobody is asked."""
        self._window.autosave.write_now()
        self._ending = True
        # Whoever is asking a question now gets "cancel" as the answer.
        for dialog in self._window.findChildren(QDialog):
            dialog.reject()
        self._window.close()

    def close(self) -> bool:
        """Everything that comes before the window is gone; False when it has to stay, for now or for good."""
        if not self.agree():
            return False
        if not self._ending and not self._kept.do():
            self.stay()
            return False
        running = self._kept.running if not self._ending else None
        if running is None:
            self._close()
            return True
        if self._window.findChild(QDialog, "farewell") is None:
            # The window stays painted, and closes when the run has ended.
            from resnet_studio.ui.shell.farewell import Farewell

            Farewell(running, self._window.close, self._window).begin()
        return False

    def _close(self) -> None:
        window, panel = self._window, self._window.panel
        if panel is not None:
            panel.shutdown()
        window.keep_look()
        window.settings.save()
        window.autosave.close(keep=self._ending)
        window.engine.close()
        others = [each for each in window.windows.open if each is not window]
        if others:
            return
        if self._ending:
            window.windows.engine.close(grace_ms=_ENDING_GRACE_MS)
        else:
            window.windows.engine.close()
