"""Plays the tour: which step is on, whether its task is done, back and on. Knows the Document, and neither chapters' words nor widgets.

A chapter begins with a drawing of its own, loaded as any new drawing is; within it every deed, the user's or the tour's, is a
step of the history. Going back returns to the drawing as that step began.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from resnet_studio.design.errors import StudioError
from resnet_studio.design.types import Design
from resnet_studio.language import tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.tour.step import Chapter, Hands, Moment, Step, Task, Training


class Stage(Hands, Protocol):
    """What the player asks of the program."""

    def open_drawing(self, design: Design) -> bool: ...
    def training(self) -> Training: ...
    def exporting(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where the tour stands: chapter and step, from 0."""

    chapter: int
    step: int


class Player(QObject):
    """The tour while it is on.

    Signals:
        entered: another step is on; its drawing and selection are there.
        told: the figures of the step or `done` may be others.
        refused(object): a StudioError: what the tour could not do for the user.
        ended(bool): the tour is over, or it was left before its end (False).
    """

    entered = Signal()
    told = Signal()
    refused = Signal(object)
    ended = Signal(bool)

    def __init__(
        self,
        chapters: Sequence[Chapter],
        stage: Stage,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.chapters = tuple(chapters)
        self._stage = stage
        self._document: Document = stage.document
        self.place = Place(0, 0)
        self.is_on = False
        self.done = False
        self._own: Design | None = None  # the last drawing that the tour made or asked for
        self._begun: dict[Place, tuple[Design, tuple[str, ...]]] = {}
        self._loading = False
        self._document.changed.connect(self.look)
        self._document.loaded.connect(self._loaded)
        # Not at `changed`: the stack counts a step only when it has been shown.
        self._document.history_changed.connect(self._stepped)

    # --- what is shown ------------------------------------------------------------------------------------------------

    @property
    def chapter(self) -> Chapter:
        """The chapter that is on."""
        return self.chapters[self.place.chapter]

    @property
    def step(self) -> Step:
        """The step that is on."""
        return self.chapter.steps[self.place.step]

    @property
    def task(self) -> Task | None:
        """What the step asks for and is not done yet."""
        return None if self.done else self.step.task

    @property
    def is_last(self) -> bool:
        """Whether no step follows."""
        return self._next() is None

    @property
    def is_first(self) -> bool:
        """Whether no step comes before."""
        return self.place == Place(0, 0)

    @property
    def owns_drawing(self) -> bool:
        """Whether what is open is the tour's own drawing, as the tour made it or asked for it."""
        document = self._document
        return self._own is not None and document.path is None and document.design == self._own

    def moment(self) -> Moment:
        """What figures and tasks look at."""
        begun = self._begun.get(self.place)
        return Moment(
            plan=self._document.plan,
            begun=self._document.design if begun is None else begun[0],
            training=self._stage.training(),
            exporting=self._stage.exporting(),
        )

    # --- walking ------------------------------------------------------------------------------------------------------

    def begin(self, place: Place = Place(0, 0)) -> bool:
        """Begin there, with the drawing of its chapter; False when the user kept the one that is open."""
        known = self._begun.get(place)
        return self._open(place, known[0] if known is not None else None)

    def show_chapter(self, index: int) -> bool:
        """Go to a chapter's first step."""
        return self._open(Place(index, 0), None)

    def next(self) -> None:
        """Go on; what later steps build on is done first."""
        task = self.task
        if task is not None and task.needed and not self.show():
            return
        following = self._next()
        if following is None:
            self.end()
        elif following.chapter != self.place.chapter:
            self._open(following, None)
        else:
            self._enter(following)

    def back(self) -> None:
        """Return to the step before, and to the drawing as it began."""
        place = self.place
        if place.step:
            before = Place(place.chapter, place.step - 1)
        elif place.chapter:
            before = Place(place.chapter - 1, len(self.chapters[place.chapter - 1].steps) - 1)
        else:
            return
        known = self._begun.get(before)
        if before.chapter != place.chapter:
            if known is None:
                before = Place(before.chapter, 0)
            self._open(before, None if known is None else known[0])
        elif known is None:
            self._open(Place(place.chapter, 0), None)
        else:
            self._return_to(known[0])
            self._enter(before)

    def show(self) -> bool:
        """Do for the user what the step asks for; False when it could not be done."""
        task = self.task
        if task is None:
            return True
        try:
            task.show(self._stage)
        except StudioError as error:
            self.refused.emit(error)
            return False
        self.look()
        return True

    def end(self) -> None:
        """Leave the tour; the drawing stays open, and asks to be saved only if the user made it another than the tour's."""
        if not self.is_on:
            return
        finished = self.is_last and self.task is None
        self.is_on = False
        self._clean_own()
        self.ended.emit(finished)

    # --- keeping up ---------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """See whether the step's task is done; whoever knows of training and dialogs asks for it too."""
        if not self.is_on or self._loading:
            return
        task = self.step.task
        self.done = task is not None and task.done(self.moment())
        if self.done:
            self._own = self._document.design
        self.told.emit()

    def _next(self) -> Place | None:
        place = self.place
        if place.step + 1 < len(self.chapter.steps):
            return replace(place, step=place.step + 1)
        return Place(place.chapter + 1, 0) if place.chapter + 1 < len(self.chapters) else None

    def _open(self, place: Place, design: Design | None) -> bool:
        """Open the drawing of a step, as New does: what the user has made is asked for first."""
        made = self.chapters[place.chapter].drawing() if design is None else design
        self._clean_own()
        self._loading = True
        try:
            if not self._stage.open_drawing(made):
                return False
        finally:
            self._loading = False
        self._own = made
        self._enter(place)
        return True

    def _enter(self, place: Place) -> None:
        self.place, self.is_on, self.done = place, True, False
        self._document.end_gesture()
        if self.step.select is not None:
            self._document.select(self.step.select)
        self._begun[place] = (self._document.design, self._document.selection)
        # A deed is ticked, never followed by the next step: its result is there to be read until the user goes on.
        task = self.step.task
        self.done = task is not None and task.done(self.moment())
        self.entered.emit()

    def _return_to(self, design: Design) -> None:
        document, stack = self._document, self._document.undo_stack
        index = next((i for i in range(stack.count() + 1) if document.state(i) == design), None)
        if index is not None:
            document.jump(index)
        else:
            document.apply(design, tr("Guided tour: back"))

    def _clean_own(self) -> None:
        """The tour's own drawing is nothing that anybody would want to be asked about."""
        if self.owns_drawing:
            self._document.undo_stack.setClean()

    def _stepped(self) -> None:
        """What the tour asked for needs no saving: whoever leaves in the middle is not asked about it."""
        if self.is_on and self.done and not self._document.is_clean:
            self._clean_own()

    def _loaded(self) -> None:
        if self.is_on and not self._loading:
            # The user opened another drawing: it is not the tour's.
            self._own = None
            self.end()
