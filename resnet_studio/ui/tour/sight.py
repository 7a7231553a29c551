"""Finds in the window what a step points at, and brings it into sight. Knows no step's words."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QDockWidget, QScrollArea, QWidget

from resnet_studio.ui.canvas.shapes import Rect
from resnet_studio.ui.canvas.view import CanvasView
from resnet_studio.ui.inspector.field import Section
from resnet_studio.ui.inspector.form import Form, Row
from resnet_studio.ui.tour.placing import Box
from resnet_studio.ui.tour.step import Spot, Where


class Seats(Protocol):
    """The parts of the window that spots are in; the editor page has them."""

    @property
    def canvas(self) -> CanvasView: ...

    @property
    def inspector(self) -> QWidget: ...

    @property
    def palette_dock(self) -> QDockWidget: ...

    @property
    def inspector_dock(self) -> QDockWidget: ...

    def show_tab(self, name: str) -> QWidget: ...


def box_of(rect: QRect) -> Box:
    """The same, without Qt."""
    return Box(rect.x(), rect.y(), rect.width(), rect.height())


class Sight:
    """The window, as a tour sees it."""

    def __init__(self, window: QWidget, seats: Seats) -> None:
        self._window, self._seats = window, seats

    # --- bringing -----------------------------------------------------------------------------------------------------

    def bring(self, spot: Spot) -> None:
        """Bring it into sight: its dock is shown, its tab in front, its section open, its card scrolled to."""
        if spot.where is Where.TAB:
            self._seats.show_tab(spot.name)
        elif spot.where is Where.CARD:
            card = self._seats.canvas.places.card_of(spot.name)
            if card is not None:
                self._seats.canvas.sight.reveal(card.key)
        elif spot.where is Where.FIELD:
            self._bring_field(spot.name)
        elif spot.where is Where.WIDGET:
            self._bring_widget(spot.name)

    def _bring_widget(self, name: str) -> None:
        if name.startswith("problems"):
            self._seats.show_tab("problems")
        elif name == "trainButton":
            self._seats.show_tab("trainPanel")
        found = self._widget(name)
        dock = found.parentWidget() if found is not None else None
        while dock is not None and not isinstance(dock, QDockWidget):
            dock = dock.parentWidget()
        if isinstance(dock, QDockWidget):
            dock.show()
        self._scroll_to(found)

    def _bring_field(self, name: str) -> None:
        self._seats.inspector_dock.show()
        row = self._row(name)
        if row is None:
            return
        if row.field.section is not Section.NONE:
            for form in self._forms():
                section = form.sections.get(row.field.section)
                if section is not None and section.isAncestorOf(row):
                    section.set_open(True)
        self._scroll_to(row)

    def _scroll_to(self, found: QWidget | None) -> None:
        area = found.parentWidget() if found is not None else None
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if isinstance(area, QScrollArea) and found is not None:
            inside = area.widget()
            layout = inside.layout() if inside is not None else None
            if layout is not None:
                layout.activate()  # a section that has just opened has no place before
            area.ensureWidgetVisible(found, 0, 24)

    # --- finding ------------------------------------------------------------------------------------------------------

    def widget_of(self, spot: Spot) -> QWidget | None:
        """The widget in which a spot lies, if it can be seen."""
        if spot.where in (Where.CARD, Where.LANE):
            found: QWidget | None = self._seats.canvas.viewport()
        elif spot.where is Where.FIELD:
            found = self._row(spot.name)
        else:
            found = self._widget(spot.name)
        return found if found is not None and found.isVisible() else None

    def box(self, spot: Spot) -> tuple[QWidget, QRect] | None:
        """(its window, where it is in there), as far as it is in sight; None when it is not."""
        found = self.widget_of(spot)
        if found is None:
            return None
        area = self._on_canvas(spot) if spot.where in (Where.CARD, Where.LANE) else found.rect()
        # Not visibleRegion(), which leaves out what opaque children cover: the canvas's own viewport, say.
        at: QWidget | None = found
        owner = found.window()
        while at is not None and at is not owner:
            area = area.intersected(at.rect()).translated(at.pos())
            at = at.parentWidget()
        area = area.intersected(owner.rect())
        return None if area.isEmpty() else (owner, area)

    def busy(self) -> list[Box]:
        """What the user works with, and a card should leave free: palette, inspector, and the cards on the canvas."""
        seats, view = self._seats, self._seats.canvas.viewport()
        docks = [seats.palette_dock, seats.inspector_dock]
        found = [
            self._seen(dock, dock.rect()) for dock in docks if dock.isVisible() and not dock.isFloating()
        ]
        found += [self._seen(view, self._shown(card.rect)) for card in seats.canvas.places.cards()]
        return [box_of(box) for box in found if not box.isEmpty()]

    def _seen(self, inside: QWidget, area: QRect) -> QRect:
        area = area.intersected(inside.rect())
        return area.translated(inside.mapTo(self._window, QPoint()))

    def _on_canvas(self, spot: Spot) -> QRect:
        canvas = self._seats.canvas
        if spot.where is Where.CARD:
            card = canvas.places.card_of(spot.name)
            shape = None if card is None else card.rect
        else:
            stages = canvas.document.design.stages
            shape = next(
                (lane.rect for lane in canvas.places.stages if _stage_id(stages, lane.stage) == spot.name),
                None,
            )
        if shape is None:
            return QRect()
        return self._shown(shape)

    def _shown(self, shape: Rect) -> QRect:
        canvas = self._seats.canvas
        corners = (canvas.mapFromScene(shape.x, shape.y), canvas.mapFromScene(shape.right, shape.bottom))
        return QRect(corners[0], corners[1] - QPoint(1, 1))

    def _widget(self, name: str) -> QWidget | None:
        found = self._window.findChildren(QWidget, name)
        return next((each for each in found if each.isVisible()), found[0] if found else None)

    def _forms(self) -> list[Form]:
        inspector = self._seats.inspector
        return [form for form in inspector.findChildren(Form) if form.isVisibleTo(inspector)]

    def _row(self, name: str) -> Row | None:
        return next((form.rows[name] for form in self._forms() if name in form.rows), None)


def _stage_id(stages: tuple[object, ...], index: int | None) -> str:
    if index is None or index >= len(stages):
        return ""
    return str(getattr(stages[index], "id", ""))
