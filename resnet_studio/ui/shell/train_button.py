"""The toolbar's Train, which is Stop while a run goes on and grey while none can begin. Knows the two actions and no run."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from resnet_studio.language import tr
from resnet_studio.ui.icons import icon
from resnet_studio.ui.shell.actions import Actions
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.style import derived
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets import role as roles
from resnet_studio.ui.widgets.tips import plain_tip


@dataclass(frozen=True, slots=True)
class Training:
    """How training stands: whether a run goes on, whether it was asked to stop, and why none can begin (empty: one can).

    `paused` says why the run waits, and what to do; empty while it does not. `resumable`: the run that is shown can go on;
    `queueable`: the drawing can be put into the queue; `elsewhere`: the panel shows a step that is likelier next; `pausable`: the
    run can be told to wait.
    """

    running: bool = False
    stopping: bool = False
    why_not: str = ""
    paused: str = ""
    resumable: bool = False
    queueable: bool = False
    elsewhere: bool = False
    pausable: bool = False

    @property
    def usable(self) -> dict[str, bool]:
        """Which actions mean something now; Train answers also where it can only say why not."""
        return {
            "train": not self.running or self.queueable,
            "stop": self.running and not self.stopping,
            "pause": self.pausable,
            "resume": self.resumable,
            "addToQueue": self.queueable,
        }


class TrainButton(QToolButton):
    """Grey it still answers: the training panel then shows the reason, with what can be done about it."""

    def __init__(self, actions: Actions, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toolbarTrain")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        sized(self, icon=16)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._actions, self._theme = actions, theme
        self._state = Training()
        self.clicked.connect(self._do)
        theme.changed.connect(self._dress)
        self._dress()

    @property
    def state(self) -> Training:
        """What it shows."""
        return self._state

    def show_training(self, state: Training) -> None:
        """Show how training stands."""
        # Told at every edit: to dress a button anew is dear.
        if state != self._state:
            self._state = state
            self._dress()

    def _do(self) -> None:
        self._actions["stop" if self._state.running else "train"].trigger()

    def _dress(self) -> None:
        state, theme = self._state, self._theme.theme
        disabled = derived(theme)["disabled"]
        words = tr("Stop") if state.running else tr("Train")
        action = self._actions["stop" if state.running else "train"]
        self.setText(words)
        self.setAccessibleName(words)
        self.setAccessibleDescription(state.why_not)
        self.setToolTip(plain_tip(state.why_not or action.toolTip()))
        self.setEnabled(not state.stopping)
        # Quiet while it is Stop: blue is for what goes forward, and one button at a time is blue.
        role = "" if state.running or state.elsewhere else "primary"
        grey = bool(state.why_not) and not state.running
        # Quiet, not disabled: it can be pressed, so its word has to be read like any other.
        bright = theme.text if state.elsewhere else theme.accent_text
        ink = theme.bad if state.running else theme.text_faint if grey else bright
        self.setIcon(icon("stop" if state.running else "play", ink, disabled=disabled))
        roles.give(self, role)
        look = (
            f"background: {theme.field}; color: {theme.text_faint}; border-color: {theme.line};"
            if grey
            else ""
        )
        self.setStyleSheet(f"QToolButton {{ {look} }}" if look else "")
