"""The inspector panel: composes heading, picture, form, problems, tiles and lesson for the selection. Edits are the forms' work."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.analysis.plan import Plan, Unit
from resnet_studio.design.folding import alike
from resnet_studio.design.types import BlockSpec, Design
from resnet_studio.language import tr
from resnet_studio.ui.document import Document
from resnet_studio.ui.inspector.field import Field, Section
from resnet_studio.ui.inspector.form import Form
from resnet_studio.ui.inspector.learn import TOPICS
from resnet_studio.ui.inspector.other_subjects import DesignSubject
from resnet_studio.ui.inspector.picture import PartPicture
from resnet_studio.ui.inspector.problem_cards import ProblemCards
from resnet_studio.ui.inspector.profile import ProfilePicture
from resnet_studio.ui.inspector.subject import Subject
from resnet_studio.ui.inspector.subjects import subject_of
from resnet_studio.ui.inspector.tiles import Tiles, costs
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.view_state import ViewState
from resnet_studio.written import firm

MARGIN = 14


def _label(role: str, pixels: int, *, bold: bool = False, wrap: bool = False) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    sized(label, letters=pixels, bold=bold)
    label.setWordWrap(wrap)
    return label


def _spec_of(unit: Unit, design: Design) -> BlockSpec | None:
    """The spec of a block's unit; None for stem and head."""
    if unit.stage is None or unit.position is None:
        return None
    return design.stages[unit.stage].blocks[unit.position].spec


class Inspector(QWidget):
    """Every property of the selection.

    Signals:
        refused(str): why a repair could not be made.
    """

    refused = Signal(str)

    def __init__(
        self, document: Document, themes: ThemeManager, state: ViewState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName(tr("Inspector"))
        self._document, self._themes, self._state = document, themes, state
        self._forms: dict[tuple[Field, ...], Form] = {}
        self._open_sections: set[Section] = set()
        self._topic = ""
        self._address = ""
        self._shown: tuple[object, ...] = ()
        self._make_parts()
        self._lay_out()
        document.changed.connect(self._refresh)
        document.selection_changed.connect(self._selected)
        state.changed.connect(self._refresh)
        self._refresh()

    def _make_parts(self) -> None:
        self._title = _label("title", 16, bold=True, wrap=True)
        self._title.setObjectName("inspectorTitle")
        self._place = _label("soft", 13, wrap=True)
        self._place.setObjectName("inspectorPlace")
        self._picture = PartPicture(self._themes)
        self._profile = ProfilePicture(self._themes)
        self._problems = ProblemCards(self._document, self._themes)
        self._problems.refused.connect(self.refused)
        self._tiles = Tiles(self._themes)
        self._learn = _label("heading", 11, bold=True)
        self._learn.setText(tr("LEARN"))
        self._lesson = _label("soft", 12, wrap=True)
        self._lesson.setObjectName("inspectorLesson")
        self._source = QPushButton()
        self._source.setObjectName("inspectorSource")
        self._source.setAccessibleName(tr("Open the source of this explanation"))
        self._source.setProperty("role", "link")
        # The link stands under the text, not one padding beside it.
        self._source.setStyleSheet("QPushButton { padding: 2px 4px 2px 0; margin-left: -1px; }")
        self._source.setCursor(Qt.CursorShape.PointingHandCursor)
        self._source.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(f"https://{self._address}")))

    def _lay_out(self) -> None:
        inside = QWidget()
        column = self._column = QVBoxLayout(inside)
        column.setContentsMargins(MARGIN, 4, MARGIN, MARGIN)
        column.setSpacing(0)
        column.addWidget(self._title)
        column.addSpacing(1)
        column.addWidget(self._place)
        column.addSpacing(12)
        column.addWidget(self._picture)
        column.addWidget(self._profile)
        self._form_at = column.count()
        column.addSpacing(10)
        column.addWidget(self._problems)
        column.addSpacing(10)
        column.addWidget(self._tiles)
        column.addSpacing(18)
        column.addWidget(self._learn)
        column.addSpacing(4)
        column.addWidget(self._lesson)
        column.addWidget(self._source, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setObjectName("inspectorScroll")
        self._scroll.setAccessibleName(tr("Properties"))
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._scroll)
        self.setMinimumWidth(282)
        # With larger letters the form needs more, and scrolls where it does not get it: a canvas must fit beside it.
        sized(inside, least_width=268)

    def _selected(self) -> None:
        self._topic = ""
        self._refresh()

    def _form(self, subject: Subject) -> Form:
        form = self._forms.get(subject.fields)
        if form is None:
            form = Form(self._document, self._themes, subject.fields, self._open_sections)
            form.topic.connect(self._at_topic)
            self._forms[subject.fields] = form
            self._column.insertWidget(self._form_at, form)
        return form

    def _at_topic(self, name: str) -> None:
        if name in TOPICS:
            self._topic = name
            self._show_lesson(subject_of(self._document.plan, self._document.selection))

    def _refresh(self) -> None:
        plan = self._document.plan
        base, view = self._document.base_plan, (self._document.selection, self._state.convention, self._topic)
        shown = (plan, base, view)
        # By identity: comparing two plans costs more than showing one.
        if self._shown and plan is self._shown[0] and base is self._shown[1] and view == self._shown[2]:
            return  # a step that also selects is told twice
        self._shown = shown
        subject = subject_of(plan, self._document.selection)
        units = subject.units(plan)
        title, place = subject.heading(plan)
        self._title.setText(title)
        self._place.setText(place)
        form = self._form(subject)
        for other in self._forms.values():
            other.setVisible(other is form)
        form.show_subject(subject, subject.read(plan))
        self._show_picture(subject, units)
        self._show_problems(subject, plan, units)
        self._show_costs(subject, plan, units)
        self._show_lesson(subject)

    def _show_picture(self, subject: Subject, units: tuple[Unit, ...]) -> None:
        drawable = bool(units) and _one_inside(units, self._document.design)
        self._picture.setVisible(drawable)
        self._profile.setVisible(isinstance(subject, DesignSubject))
        if isinstance(subject, DesignSubject):
            self._profile.show_plan(self._document.plan)
        if drawable:
            self._picture.count_by(self._state.convention)
            self._picture.show_part(units[0].part, _spec_of(units[0], self._document.design))

    def _show_costs(self, subject: Subject, plan: Plan, units: tuple[Unit, ...]) -> None:
        base = self._document.base_plan
        whole, before = isinstance(subject, DesignSubject), subject.units(base)
        self._tiles.show_costs(
            subject.owner,
            costs(units, plan),
            costs(before, base) if before or whole or not units else None,
            self._state,
        )

    def _show_problems(self, subject: Subject, plan: Plan, units: tuple[Unit, ...]) -> None:
        places = {unit.id for unit in units} | set(self._document.selection)
        whole = isinstance(subject, DesignSubject)
        wrong, advice = (
            [problem for problem in found if whole or problem.where in places]
            for found in (plan.problems, plan.advice)
        )
        self._problems.show_problems(wrong, advice, places=len(places) > 1)

    def _show_lesson(self, subject: Subject) -> None:
        found = subject.lesson(self._document.plan, self._topic)
        for part in (self._learn, self._lesson, self._source):
            part.setVisible(found is not None)
        if found is not None:
            self._lesson.setText(firm(found.text))
            self._source.setText(found.source)
            self._source.setAccessibleName(tr("Open {source}", source=found.source))
            self._source.setToolTip(found.address)
            self._address = found.address

    def form_of(self, name: str) -> QObject | None:
        """The control of a field by its object name, for whoever puts the focus there."""
        return self.findChild(QObject, name)


def _one_inside(units: tuple[Unit, ...], design: Design) -> bool:
    """Whether all units look alike inside; blocks of a run may differ in how often training leaves them out."""
    if len({id(unit.part) for unit in units}) == 1:
        return True
    if len({unit.part.input for unit in units}) > 1:
        return False
    specs = [spec for unit in units if (spec := _spec_of(unit, design)) is not None]
    return len(specs) == len(units) and alike(specs)
