"""The one place where the drawing changes: design, plan, selection and undo. Knows no view.

Views call `apply` with what an edit made, and re-read `design` and `plan` when `changed` comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import ref

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from resnet_studio.analysis.plan import HEAD, STEM, Plan, Totals, analyse
from resnet_studio.design.types import Design

if TYPE_CHECKING:
    from resnet_studio.runs.initial import Initial


class _Change(QUndoCommand):
    """One step of the history: the drawing and the selection before and after."""

    def __init__(
        self, document: Document, after: Design, text: str, merge: str | None, select: Iterable[str] | None
    ) -> None:
        super().__init__(text)
        # Weak: a circle of document, stack and steps crashes PySide when the collector takes it apart in its own order.
        self._document = ref(document)
        self.before, self.after = document.design, after
        self.selected_before = document.selection
        self.merge, self.select = merge, select

    def _owner(self) -> Document:
        document = self._document()
        assert document is not None, "the stack that holds this step belongs to the document"
        return document

    def redo(self) -> None:
        # Only what has just been made is selected; a later redo leaves the user's selection alone.
        select, self.select = self.select, None
        document = self._owner()
        if not document.jumping:
            # A step that may merge with the next one selects as a part of its gesture, and does not end it.
            document._show(self.after, select=select, ends=self.merge is None)

    def undo(self) -> None:
        document = self._owner()
        if document.jumping:
            return
        document.end_gesture()
        document._show(self.before, select=self.selected_before)


class Document(QObject):
    """A drawing in the window.

    Signals:
        changed: the drawing is another one; `design`, `plan`, `base_plan` and `selection` are already new.
        loaded: after `changed`: it is another drawing altogether, with a fresh history.
        selection_changed: `selection` is already new.
        path_changed: `path` is already new.
        clean_changed(bool): whether the drawing equals what was last saved.
        initial_changed: `initial` is already new.
        history_changed: steps of the history came or went, or another one is the last that is done.
    """

    changed = Signal()
    loaded = Signal()
    selection_changed = Signal()
    path_changed = Signal()
    clean_changed = Signal(bool)
    initial_changed = Signal()
    history_changed = Signal()

    def __init__(self, design: Design, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self.clean_changed)
        # By a signal of ours: the stack tells once more while it is taken apart, when nobody may ask it anything.
        self.undo_stack.indexChanged.connect(self.history_changed)
        self._design = design
        self._plan = analyse(design)
        self._base = self._plan
        self._path = path
        self._initial: Initial | None = None
        self._selection: tuple[str, ...] = ()
        self._gesture = 0
        self._last_key: str | None = None
        self._continues = False
        self.jumping = False  # the steps on the way show nothing

    @property
    def design(self) -> Design:
        """The drawing as it is now."""
        return self._design

    @property
    def plan(self) -> Plan:
        """Its meaning."""
        return self._plan

    @property
    def base_plan(self) -> Plan:
        """The meaning of the drawing before the last step or gesture, against which changes are shown."""
        return self._base

    @property
    def base_totals(self) -> Totals:
        """The totals before the last step or gesture."""
        return self._base.totals

    @property
    def path(self) -> Path | None:
        """The file it came from or was saved to."""
        return self._path

    @property
    def initial(self) -> Initial | None:
        """The weights that training and export begin with; None for fresh ones. Of this window, not of the file."""
        return self._initial

    @property
    def is_clean(self) -> bool:
        """Whether the drawing equals what was last saved or loaded."""
        return self.undo_stack.isClean()

    @property
    def selection(self) -> tuple[str, ...]:
        """Ids of the selected blocks and stages, or STEM, HEAD, in the order of the drawing."""
        return self._selection

    @property
    def selected_blocks(self) -> tuple[str, ...]:
        """The block ids in the selection."""
        return tuple(i for i in self._selection if self._design.find(i) is not None)

    # --- changing ---------------------------------------------------------------------------------------------------

    def apply(
        self, design: Design, text: str, *, merge: str | None = None, select: Iterable[str] | None = None
    ) -> None:
        """Make `design` the drawing, as one undoable step.

        Args:
            design: the drawing after the edit.
            text: the step in the user's words ("Insert bottleneck").
            merge: steps with the same key become one until `end_gesture`; None never merges.
            select: what is selected afterwards; None keeps what is left of the selection.
        """
        if design == self._design:
            return
        key = None if merge is None else f"{merge}/{self._gesture}"
        self._continues, self._last_key = key is not None and key == self._last_key, key
        step = self._step_of(key)
        if step is None:
            self.undo_stack.push(_Change(self, design, text, key, select))
        else:
            self._lengthen(step, design, text, select)
        self._continues = False

    def _step_of(self, key: str | None) -> _Change | None:
        """The newest step, where what has this key is a part of it; one that was saved is not touched any more."""
        stack = self.undo_stack
        index = stack.index()
        if not self._continues or index != stack.count() or index in (0, stack.cleanIndex()):
            return None
        step = stack.command(index - 1)
        return step if isinstance(step, _Change) and step.merge == key else None

    def _lengthen(self, step: _Change, design: Design, text: str, select: Iterable[str] | None) -> None:
        """Make a drawing the end of a step.

        Not by Qt's own merging: it deletes the command in the middle of `push`, behind which PySide gives it to the stack all the
        same, and keeps it and both its drawings for as long as there is a window.
        """
        stack = self.undo_stack
        self._show(design, select=select, ends=False)
        step.after = design
        step.setText(text)
        if step.before == design:
            # A gesture that came back to where it began leaves no step. Of an obsolete one Qt does not ask to undo anything.
            step.setObsolete(True)
            stack.undo()
            return
        stack.indexChanged.emit(stack.index())
        stack.undoTextChanged.emit(text)

    def end_gesture(self) -> None:
        """Later steps do not merge with earlier ones."""
        self._gesture += 1

    def state(self, index: int) -> Design:
        """The drawing after that many steps of the history; 0 is the one that it began with."""
        stack = self.undo_stack
        step = stack.command(index - 1 if index else 0)
        if not isinstance(step, _Change):
            return self._design  # no step yet
        return step.after if index else step.before

    def jump(self, index: int) -> None:
        """Undo or redo until that many steps of the history are done; told once, however many lie between."""
        if index == self.undo_stack.index() or not 0 <= index <= self.undo_stack.count():
            return
        self.end_gesture()
        # Shown before the stack moves, as with a single undo: whoever hears of the stack finds the new drawing.
        self._show(self.state(index))
        self.jumping = True
        try:
            self.undo_stack.setIndex(index)
        finally:
            self.jumping = False

    def load(self, design: Design, path: Path | None = None, *, clean: bool = True) -> None:
        """Another drawing with a fresh history; `clean` is False for a recovered copy."""
        self.undo_stack.clear()
        # clear() does not undo an earlier resetClean(): say it either way.
        if clean:
            self.undo_stack.setClean()
        else:
            self.undo_stack.resetClean()
        self.end_gesture()
        self._selection = ()
        self._show(design, fresh=True)
        self._set_path(path)
        self.begin_with(None)
        self.selection_changed.emit()
        self.loaded.emit()

    def begin_with(self, initial: Initial | None) -> None:
        """Begin training and export with these weights; None for fresh ones. No step of the history: it changes no drawing."""
        if initial != self._initial:
            self._initial = initial
            self.initial_changed.emit()

    def saved(self, path: Path) -> None:
        """The drawing is now what stands in `path`."""
        self._set_path(path)
        self.end_gesture()
        self.undo_stack.setClean()

    def select(self, ids: Iterable[str]) -> None:
        """Select blocks, stages, STEM or HEAD; unknown ids are dropped."""
        wanted = set(ids)
        known = self._known_ids()
        chosen = tuple(i for i in known if i in wanted)
        if chosen != self._selection:
            self._selection = chosen
            self.end_gesture()
            self.selection_changed.emit()

    def _known_ids(self) -> list[str]:
        known = [STEM]
        for stage in self._design.stages:
            known.append(stage.id)
            known.extend(block.id for block in stage.blocks)
        if self._design.head is not None:
            known.append(HEAD)
        return known

    def _set_path(self, path: Path | None) -> None:
        if path != self._path:
            self._path = path
            self.path_changed.emit()

    def _show(
        self, design: Design, *, fresh: bool = False, select: Iterable[str] | None = None, ends: bool = True
    ) -> None:
        # Whatever merges into one step is compared with what was before it; a fresh drawing with itself.
        if not self._continues:
            self._base = self._plan
        self._design = design
        self._plan = analyse(design)
        if fresh:
            self._base = self._plan
        # Both are new before anybody hears of either: a view that shows both is painted once.
        wanted = set(self._selection if select is None else select)
        chosen = tuple(i for i in self._known_ids() if i in wanted)
        differs, self._selection = chosen != self._selection, chosen
        if differs and ends and select is not None:
            self.end_gesture()
        self.changed.emit()
        if differs:
            self.selection_changed.emit()
