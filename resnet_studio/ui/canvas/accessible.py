"""The canvas for screen readers: every lane's header and every card as an element with name, place and state. Knows no gestures.

Nothing of this runs until somebody asks Qt for the canvas's interface, which a screen reader does. Qt's store of interfaces holds
each element from its registration on: it is taken out there, and never while one of its own answers is being given.
An answer of type Any is an interface or None: Qt takes None, and the bindings' types do not know it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import isValid

from resnet_studio.ui.canvas.layout import Layout
from resnet_studio.ui.canvas.shapes import Card, Lane
from resnet_studio.ui.format import shape

if TYPE_CHECKING:
    from resnet_studio.ui.canvas.view import CanvasView

_Text = QAccessible.Text
_installed: list[bool] = []


def install() -> None:
    """Let Qt ask us for the interface of a canvas; once for the program."""
    if not _installed:
        _installed.append(True)
        QAccessible.installFactory(_made)


def _made(_name: str, thing: QObject) -> QAccessibleInterface | None:
    from resnet_studio.ui.canvas.view import CanvasView  # it imports this module

    return CanvasElement(thing) if isinstance(thing, CanvasView) else None


def tell(view: CanvasView) -> None:
    """The keyboard stands on another card, or other cards are shown: say so to whoever listens, if anybody does."""
    if not QAccessible.isActive():
        return
    top = QAccessible.queryAccessibleInterface(view)
    if isinstance(top, CanvasElement):
        top.tell()


class CanvasElement(QAccessibleWidget):
    """The canvas: the widgets on it first, then lanes and cards in order of computation."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view, QAccessible.Role.List)
        self.view = view
        self._elements = _Elements(self)
        self._told: Element | None = None
        view.destroyed.connect(self._elements.forget)

    def tell(self) -> None:
        """Tell what is new since the last time."""
        if self._elements.changed:
            self._elements.shown()
            QAccessible.updateAccessibility(QAccessibleEvent(self.view, QAccessible.Event.ObjectReorder))
        found = self._elements.of(self.view.current) if self.view.hasFocus() else None
        if found is not None and found is not self._told:
            QAccessible.updateAccessibility(QAccessibleEvent(found, QAccessible.Event.Focus))
        self._told = found

    def childCount(self) -> int:
        return super().childCount() + len(self._elements.shown())

    def child(self, index: int) -> Any:
        widgets, shown = super().childCount(), self._elements.shown()
        if index < widgets:
            return super().child(index)
        return shown[index - widgets] if index - widgets < len(shown) else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        if not isinstance(child, Element):
            return super().indexOfChild(child)
        shown = self._elements.shown()
        return super().childCount() + shown.index(child) if child in shown else -1

    def childAt(self, x: int, y: int) -> Any:
        viewport = self.view.viewport()
        point = viewport.mapFromGlobal(QPoint(x, y))
        if viewport.rect().contains(point) and viewport.childAt(point) is None:
            hit = self.view.sight.hit(point)
            found = self._elements.of(hit.card.key if hit.card is not None else _key(hit.lane))
            if found is not None:
                return found
        return super().childAt(x, y)

    def focusChild(self) -> Any:
        found = self._elements.of(self.view.current) if self.view.hasFocus() else None
        return found or super().focusChild()


def _key(lane: Lane | None) -> str | None:
    return None if lane is None else f"lane/{lane.key}"


class _Elements:
    """The elements of one canvas, kept by key: a card that stays is the same element after an edit."""

    def __init__(self, top: CanvasElement) -> None:
        self._top, self._view = top, top.view
        self._made: dict[str, Element] = {}
        self._shown: list[Element] = []
        self._known: dict[str, Element] = {}
        self._layout: Layout | None = None

    @property
    def changed(self) -> bool:
        """Whether other cards are shown than when somebody last asked."""
        return isValid(self._view) and self._view.places is not self._layout

    def shown(self) -> list[Element]:
        """The elements of the layout as it is now."""
        if not isValid(self._view):
            return []
        if self.changed:
            self._layout = self._view.places
            things: list[Lane | Card] = []
            for lane in self._layout.lanes:
                things += [lane, *lane.cards]
            self._shown = [self._element(thing) for thing in things]
            # A stage's header is known by the stage's own id, too.
            self._known = {key: element for element in self._shown for key in element.keys}
            if len(self._made) > len(self._shown):
                QTimer.singleShot(0, self._view, self._drop_gone)
        return self._shown

    def of(self, key: str | None) -> Element | None:
        """The element of a card, or of a lane's header."""
        self.shown()
        return None if key is None else self._known.get(key)

    def holds(self, element: Element) -> bool:
        """Whether it still stands for something: an edit may have taken its card away a moment ago."""
        return isValid(self._view) and self.of(element.keys[0]) is element

    def _element(self, thing: Lane | Card) -> Element:
        key = f"lane/{thing.key}" if isinstance(thing, Lane) else thing.key
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = Element(self._top, self, thing)
            QAccessible.registerAccessibleInterface(found)
        found.thing = thing
        return found

    def _drop_gone(self) -> None:
        shown = set(map(id, self.shown()))
        for key in [key for key, element in self._made.items() if id(element) not in shown]:
            _take_out(self._made.pop(key))

    def forget(self) -> None:
        """The canvas is gone."""
        self._shown, self._known = [], {}
        while self._made:
            _take_out(self._made.popitem()[1])
        # The bindings keep the Python half of an interface that Qt has deleted: let nothing hang on it.
        vars(self._top).clear()


def _take_out(element: Element) -> None:
    QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(element))


class Element(QAccessibleInterface):
    """A card, or a lane's header."""

    def __init__(self, top: CanvasElement, elements: _Elements, thing: Lane | Card) -> None:
        super().__init__()
        self._top, self._view, self._elements = top, top.view, elements
        self.thing = thing

    @property
    def keys(self) -> tuple[str, ...]:
        """What it is known by."""
        return (
            (f"lane/{self.thing.key}", self.thing.key) if isinstance(self.thing, Lane) else (self.thing.key,)
        )

    def isValid(self) -> bool:
        return self._elements.holds(self)

    def object(self) -> Any:
        return None

    def parent(self) -> Any:
        return self._top if self.isValid() else None

    def child(self, index: int) -> Any:
        return None

    def childAt(self, x: int, y: int) -> Any:
        return None

    def childCount(self) -> int:
        return 0

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.Heading if isinstance(self.thing, Lane) else QAccessible.Role.ListItem

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Nothing of it is typed."""

    def text(self, kind: QAccessible.Text) -> str:
        if not self.isValid() or kind not in (_Text.Name, _Text.Description):
            return ""
        name, _, more = self._words().partition("\n")
        return name if kind == _Text.Name else more

    def _words(self) -> str:
        if isinstance(self.thing, Lane):
            last = self.thing.last
            return self.thing.title if last is None else f"{self.thing.title}\n{shape(last.part.output)}"
        return self._view.tip(self.thing)

    def rect(self) -> QRect:
        if not self.isValid():
            return QRect()
        place = self.thing.header if isinstance(self.thing, Lane) else self.thing.rect
        area = QRectF(place.x, place.y, place.w, place.h)
        if isinstance(self.thing, Lane):
            area.moveTop(max(place.y, self._view.mapToScene(0, 0).y()))
        seen = self._view.mapFromScene(area).boundingRect()
        return QRect(self._view.viewport().mapToGlobal(seen.topLeft()), seen.size())

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        if not self.isValid():
            state.invalid = True
            return state
        ids = (self.thing.key,) if isinstance(self.thing, Lane) else self.thing.ids
        state.selectable = bool(ids)
        state.selected = bool(ids) and set(ids) <= set(self._view.document.selection)
        state.focusable = isinstance(self.thing, Card) or self.thing.stage is not None
        state.focused = self._view.hasFocus() and self._view.current == self.thing.key
        viewport = self._view.viewport()
        seen = QRect(viewport.mapToGlobal(QPoint(0, 0)), viewport.size())
        state.offscreen = not seen.intersects(self.rect())
        return state
