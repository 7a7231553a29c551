"""The page before a run: data, settings, and whether design and data go together. Starts nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr, trn
from resnet_studio.runs.datasets import KNOWN
from resnet_studio.runs.spec import TrainSpec
from resnet_studio.ui import commands
from resnet_studio.ui.data.suiting import fit_message, fit_of
from resnet_studio.ui.data.watch import DataFacts, DataState, DataWatch
from resnet_studio.ui.document import Document
from resnet_studio.ui.engine_client import Engine
from resnet_studio.ui.format import resolution, size, thousands
from resnet_studio.ui.runs.names import weights_title
from resnet_studio.ui.theme import ThemeManager, px
from resnet_studio.ui.training.controls import FolderControl
from resnet_studio.ui.training.fit_line import FitLine
from resnet_studio.ui.training.form import BASICS, GROUP_WORDS, GROUPS, SettingsForm
from resnet_studio.ui.training.group_chooser import GroupChooser
from resnet_studio.ui.training.memory_watch import MemoryWatch
from resnet_studio.ui.training.rates_button import RatesButton
from resnet_studio.ui.training.recipe_bar import RecipeBar
from resnet_studio.ui.training.will_fit import Verdict, judged
from resnet_studio.ui.widgets.notice_strip import Message, NoticeStrip, Offer

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


def facts_words(facts: DataFacts) -> str:
    """One line on the data: "1 442 + 355 images · 10 classes · 1·8²"."""
    parts = []
    if facts.train:
        parts.append(tr("{train} + {val} images", train=thousands(facts.train), val=thousands(facts.val)))
    if facts.classes is not None:
        parts.append(trn("{count} class", "{count} classes", facts.classes))
    if facts.shape is not None:
        channels = trn("{count} channel", "{count} channels", facts.shape[0])
        kind = {1: tr("grey"), 3: tr("colour")}.get(facts.shape[0], channels)
        parts.append(f"{resolution(facts.shape)} {kind}")
    return " · ".join(parts)


class SetupPage(QWidget):
    """Settings, and the one thing that stands in the way of a run, with its remedy as a button.

    Signals:
        changed(): `why_not` or `summary` may be another.
        refused(str): why the drawing could not be repaired or adapted, or a recipe file read or written.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(
        self, document: Document, theme: ThemeManager, engine: Engine, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._theme, self._engine = document, theme, engine
        self.data = DataWatch(engine, self)
        self.memory = MemoryWatch(engine, self)
        self.verdict: Verdict | None = None
        self.data_dialog: DataDialog | None = None
        self.strip = NoticeStrip("trainNotice", self)
        self.form = SettingsForm(self)
        self.recipes = RecipeBar(self)
        self.form.adopt_recipes(self.recipes)
        self.rates = RatesButton(document, theme, engine, self.form)
        self.groups = GroupChooser(theme, {name: (GROUP_WORDS[name], _ABOUT[name]) for name in GROUPS}, self)
        self.groups.chosen.connect(self.form.show_group)
        self.line = FitLine(theme, self)
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
        self.data.changed.connect(self._data_changed)
        self.line.repair_asked.connect(self._repair)
        self.line.button.clicked.connect(lambda _=False: self.show_data())
        for said in (document.changed, document.initial_changed, self.form.changed, self.memory.changed):
            said.connect(self.refresh)
        # The digits are bundled: what everybody knows of them is right before the engine has woken up.
        self._looked_at: tuple[str, str | None] | None = None

    # --- what is asked ----------------------------------------------------------------------------------------------

    @property
    def summary(self) -> str:
        """What is going to be learned from, in one line."""
        data = self.data
        if data.state is DataState.LOOKING and not data.facts.train:
            return tr("looking at the data")
        words = facts_words(data.facts)
        initial = self._document.initial
        # First, for the end of the line is cut in a narrow panel.
        words = (
            words
            if initial is None
            else tr("begins with {weights} · {words}", weights=weights_title(initial.source), words=words)
        )
        # Of data that everybody knows the figures are known, which must not read as if it were here.
        return (
            tr("not there yet · {words}", words=words) if data.state is DataState.MISSING and words else words
        )

    @property
    def title(self) -> str:
        """What a run would be called."""
        return tr("{design} on {data}", design=self._document.design.name, data=self.data.facts.title)

    def spec(self) -> TrainSpec:
        """The settings.

        Raises:
            StudioError: they contradict each other.
        """
        return self.form.spec()

    def why_not(self) -> str:
        """Why no run can start now; empty when one can."""
        problems = self._document.plan.problems
        if problems:
            if len(problems) == 1:
                return tr("The design has a problem. {problem}", problem=problems[0])
            first, more = problems[0], len(problems) - 1
            return tr("The design has a problem. {problem} ({count} more)", problem=first, count=more)
        if self.data.state is DataState.FETCHING:
            return tr("The data is still being downloaded.")
        if self.data.state is DataState.MISSING and self.data.fault is not None:
            return self.data.fault.what
        found = fit_of(self._document.design, self.data.facts)
        if found is not None and not found.fits:
            return tr("Design and data do not fit: {differences}.", differences="; ".join(found.differences))
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
        self._look()
        self.refresh()

    def look_once(self) -> None:
        """Ask for the data when the page is first needed."""
        if self._looked_at is None:
            self._look()
        self.refresh()

    def _look(self) -> None:
        if self._looked_at != self.form.data or self.data.state is DataState.MISSING:
            self._looked_at = self.form.data
            self.data.look(*self.form.data)
            if self.data_dialog is not None:
                self.data_dialog.look(*self.form.data)

    def show_data(self) -> DataDialog:
        """Look the chosen data through, in a dialog of its own; the one that is open comes to the front."""
        from resnet_studio.ui.data.dialog import DataDialog

        if self.data_dialog is None:
            name, root = self.form.data
            self.data_dialog = DataDialog(
                self._document, self._theme, self._engine, (name, root), self.window()
            )
            self.data_dialog.refused.connect(self._complain)
            self.data_dialog.fetch_asked.connect(self.data.fetch)
            self.data_dialog.destroyed.connect(self._data_closed)
        self.data_dialog.show()
        self.data_dialog.raise_()
        self.data_dialog.activateWindow()
        return self.data_dialog

    def _data_changed(self) -> None:
        if self.data_dialog is not None and self.data.state is DataState.THERE:
            self.data_dialog.look_if_missing()
        elif self.data_dialog is not None and self.data.state is DataState.FETCHING:
            self.data_dialog.show_fetching(*self.data.progress[:2])
        elif self.data_dialog is not None and self.data.fault is not None:
            self.data_dialog.look(*self.form.data)
        self.refresh()

    def _data_closed(self) -> None:
        self.data_dialog = None

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
        # One thing at a time: a broken drawing has no shapes that data or memory could be held against.
        said = None if self._document.plan.problems else self._advice()
        self.strip.say(self._data_message() or said or Message())
        self.changed.emit()

    def _say_problem(self) -> None:
        problems = self._document.plan.problems
        text = f"{problems[0]}." if problems else ""
        if len(problems) > 1:
            text = tr("{problem} And {count} more.", problem=text, count=len(problems) - 1)
        repair = problems[0].repair if problems else None
        self.line.show_problem(text, repair.label if repair is not None else "")

    def _repair(self) -> None:
        problems = self._document.plan.problems
        if problems:
            self._try(lambda: commands.repair(self._document, problems[0]))

    def _data_message(self) -> Message | None:
        data = self.data
        known = KNOWN[data.facts.name]
        if data.state is DataState.FETCHING:
            done, total, text = data.progress
            share = done / total if total else -1.0
            words = (
                tr("{done} of {total}", done=size(done), total=size(total))
                if total
                else text or tr("asking the server")
            )
            cancel = Offer(
                tr("Cancel"),
                "cancelDownloadButton",
                data.cancel,
                tr("What came already stays for the next try."),
            )
            return Message(
                tr("Downloading {data}: {words}", data=known.title, words=words), "info", (cancel,), share
            )
        if data.state is not DataState.MISSING or data.fault is None:
            return None
        if known.download_bytes:
            fetch = Offer(
                tr("Download ({size})", size=size(known.download_bytes)),
                "downloadButton",
                data.fetch,
                data.fault.remedy,
                primary=True,
            )
            choose = Offer(tr("Choose folder…"), "chooseDataButton", self._choose_folder, data.fault.remedy)
            return Message(data.fault.what, "warn", (choose, fetch))
        look = Offer(tr("Look again"), "lookAgainButton", self._look, tr("Read the data anew."))
        choose = Offer(
            tr("Choose folder…"),
            "chooseDataButton",
            self._choose_folder,
            tr("Choose the folder of the images."),
        )
        offers = (choose,) if self.form.data[1] is None else (look, choose)
        return Message(str(data.fault), "warn", offers if data.facts.name == "folder" else (look,))

    def _choose_folder(self) -> None:
        control = self.form.control("root")
        assert isinstance(control, FolderControl)
        control.choose()

    def _judge(self, spec: TrainSpec) -> None:
        self.memory.look(spec.device)
        self.verdict = judged(self._document.plan, spec, self.data.facts, self.memory.found)
        self.line.show_verdict(self.verdict)

    def _advice(self) -> Message | None:
        """What keeps the run from starting, before what may end it, before what is only good to know."""
        fit, memory = fit_message(self._document, self.data.facts, self._complain), self._memory_message()
        return memory if memory is not None and (fit is None or fit.tone == "info") else fit

    def _memory_message(self) -> Message | None:
        """What to do where the run will not fit: a smaller batch, or the same one in parts."""
        verdict = self.verdict
        if verdict is None or verdict.fits or verdict.free is None:
            return None
        offers: list[Offer] = []
        if verdict.parts:
            words = trn("Take it in {count} part", "Take it in {count} parts", verdict.parts)
            tip = tr("The same step with less memory; batch norms see the parts.")
            offers.append(Offer(words, "takePartsButton", lambda: self._take(parts=verdict.parts), tip))
        if verdict.largest:
            words = tr("Batch of {count}", count=thousands(verdict.largest))
            tip = tr("Smaller steps, more of them.")
            offers.append(
                Offer(words, "smallerBatchButton", lambda: self._take(batch_size=verdict.largest), tip)
            )
        text = tr(
            "This will hardly fit: it needs about {taken}, and {free} are free.",
            taken=size(verdict.taken),
            free=size(verdict.free),
        )
        return Message(text, "warn", tuple(offers))

    def _take(self, **changes: Any) -> None:
        self.form.take(replace(self.form.draft, **changes))

    def _complain(self, error: StudioError) -> None:
        self.refused.emit(str(error))

    def _try(self, change: Callable[[], None]) -> None:
        try:
            change()
        except StudioError as error:
            self.refused.emit(str(error))
