"""The page before a run: data, settings, and whether design and data go together. Starts nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.spec import TrainSpec
from resnet_studio.ui import commands
from resnet_studio.ui.data.door import DataDoor
from resnet_studio.ui.data.watch import DataState, DataWatch
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import Engine
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.training.controls import FolderControl
from resnet_studio.ui.training.fit_line import FitLine
from resnet_studio.ui.training.form import BASICS, GROUP_WORDS, GROUPS, SettingsForm
from resnet_studio.ui.training.group_chooser import GroupChooser
from resnet_studio.ui.training.last_settings import settings_in, settings_text
from resnet_studio.ui.training.memory_watch import MemoryWatch
from resnet_studio.ui.training.rates_button import RatesButton
from resnet_studio.ui.training.recipe_bar import RecipeBar
from resnet_studio.ui.training.setup_notices import Remedies, notice
from resnet_studio.ui.training.setup_words import hindrance, problem_words, summary_words
from resnet_studio.ui.training.will_fit import Verdict, judged
from resnet_studio.ui.widgets.notice_strip import NoticeStrip

if TYPE_CHECKING:
    from resnet_studio.ui.data.dialog import DataDialog

_LOW = 280
_ABOUT = {
    BASICS: tr("Recipe, data, and what every run wants to know."),
    "Optimizer": tr("How gradients become steps."),
    "Schedule": tr("How the learning rate begins, and when the run ends early."),
    "Augment": tr("How training images vary."),
    "Regularise": tr("What keeps the network from learning by heart."),
    "Machine": tr("Precision, memory layout, processes."),
}


class SetupPage(QWidget):
    """Settings, and the one thing that stands in the way of a run, with its remedy as a button.

    Signals:
        changed(): `why_not` or `summary` may be another.
        refused(str): why the drawing could not be repaired or adapted, or a recipe file read or written.
        used(str): the next window shall begin with these settings.
    """

    changed = Signal()
    refused = Signal(str)
    used = Signal(str)

    def __init__(
        self, document: Document, theme: ThemeManager, engine: Engine, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document = document
        self.data = DataWatch(engine, self)
        self.memory = MemoryWatch(engine, self)
        self.verdict: Verdict | None = None
        self.door = DataDoor(document, theme, engine, self.data, self)
        self.strip = NoticeStrip("trainNotice", self)
        self.form = SettingsForm(self)
        self.recipes = RecipeBar(theme, self)
        self.form.adopt_recipes(self.recipes)
        self.rates = RatesButton(document, theme, engine, self.form)
        self.groups = GroupChooser(theme, {name: (GROUP_WORDS[name], _ABOUT[name]) for name in GROUPS}, self)
        self.groups.chosen.connect(self.form.show_group)
        self.line = FitLine(theme, self)
        self._remedies = Remedies(
            choose_folder=self._choose_folder, look=self._look, take=self._take, refuse=self._complain
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.strip)
        layout.addWidget(self.groups)
        layout.addWidget(self.form, 1)
        layout.addWidget(self.line)
        self.recipes.chosen.connect(self.form.take)
        self.recipes.refused.connect(self._complain)
        self.form.data_changed.connect(self._look)
        self.door.refused.connect(self._complain)
        self.data.changed.connect(self.refresh)
        self.line.repair_asked.connect(self._repair)
        self.line.button.clicked.connect(lambda _=False: self.show_data())
        for said in (document.changed, document.initial_changed, self.form.changed, self.memory.changed):
            said.connect(self.refresh)
        # The digits are bundled: what everybody knows of them is right before the engine has woken up.
        self._looked_at: tuple[str, str | None] | None = None
        # What was not set here: defaults, what was used last, or what a run's design brought along.
        self._brought = self.form.draft

    # --- what is asked ----------------------------------------------------------------------------------------------

    @property
    def summary(self) -> str:
        """What is going to be learned from, in one line."""
        return summary_words(self.data, self._document.initial)

    @property
    def title(self) -> str:
        """What a run would be called."""
        return tr("{design} on {data}", design=self._document.design.name, data=self.data.facts.title)

    def spec(self) -> TrainSpec:
        """The settings, for a run: by that they are the ones used last.

        Raises:
            StudioError: they contradict each other.
        """
        spec = self.form.spec()
        self._use(spec)
        return spec

    def why_not(self) -> str:
        """Why no run can start now; empty when one can."""
        why = hindrance(self._document.plan, self.data)
        if why:
            return why
        try:
            self.form.spec()
        except StudioError as error:
            return str(error)
        return ""

    def meet_engine(self, hello: dict[str, Any]) -> None:
        """The engine is there: offer what it found to compute on, and ask anew what it could not answer."""
        self.form.show_devices([(str(d["name"]), str(d["label"])) for d in hello.get("devices", ())])
        self.memory.wake()
        if self.data.state is DataState.MISSING:
            self._look()

    def show_spec(self, spec: TrainSpec) -> None:
        """Start from these settings."""
        self.form.show_spec(spec)
        self._brought = self.form.draft
        self._look()
        self.refresh()

    def begin_with(self, text: str) -> None:
        """Start from the settings that `used` told an earlier window; where they cannot be read, from the defaults."""
        spec = settings_in(text)
        if spec is not None:
            self.show_spec(spec)

    def leave(self) -> None:
        """The window goes: what was set here counts as used, what was only brought along by a run does not."""
        try:
            spec = self.form.spec()
        except StudioError:
            # What contradicts itself could not be read again: what was used before it stays.
            return
        if spec != self._brought:
            self._use(spec)

    def _use(self, spec: TrainSpec) -> None:
        self._brought = spec
        self.used.emit(settings_text(spec))

    def look_once(self) -> None:
        """Ask for the data when the page is first needed."""
        if self._looked_at is None:
            self._look()
        self.refresh()

    def _look(self) -> None:
        if self._looked_at != self.form.data or self.data.state is DataState.MISSING:
            self._looked_at = self.form.data
            self.data.look(*self.form.data)
            self.door.look(*self.form.data)

    def show_data(self) -> DataDialog:
        """Look the chosen data through, in a dialog of its own."""
        return self.door.open(*self.form.data)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is low, the settings get the room: the strip stands compact."""
        super().resizeEvent(event)
        self.strip.set_compact(self.height() < px(_LOW))

    def showEvent(self, event: QShowEvent) -> None:
        """Free memory is looked at while somebody looks at the settings."""
        super().showEvent(event)
        self.memory.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks any more."""
        super().hideEvent(event)
        self.memory.watch(False)

    # --- what is said -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Say what stands in the way, or what will be done."""
        spec = self.form.draft
        self.recipes.show_spec(spec)
        self._judge(spec)
        self._say_problem()
        self.strip.say(notice(self._document, self.data, self.verdict, self._remedies))
        self.changed.emit()

    def _judge(self, spec: TrainSpec) -> None:
        self.memory.look(spec.device)
        self.verdict = judged(self._document.plan, spec, self.data.facts, self.memory.found)
        self.line.show_verdict(self.verdict)

    def _say_problem(self) -> None:
        plan = self._document.plan
        repair = plan.problems[0].repair if plan.problems else None
        self.line.show_problem(problem_words(plan), repair.label if repair is not None else "")

    # --- what the buttons do ------------------------------------------------------------------------------------------

    def _repair(self) -> None:
        problems = self._document.plan.problems
        if problems:
            self._try(lambda: commands.repair(self._document, problems[0]))

    def _choose_folder(self) -> None:
        control = self.form.control("root")
        assert isinstance(control, FolderControl)
        control.choose()

    def _take(self, changes: dict[str, Any]) -> None:
        self.form.take(replace(self.form.draft, **changes))

    def _complain(self, error: StudioError) -> None:
        self.refused.emit(str(error))

    def _try(self, change: Callable[[], None]) -> None:
        try:
            change()
        except StudioError as error:
            self.refused.emit(str(error))
