"""File > New from family: choose a family and its parameters, see what the network costs, begin with it. Draws nothing itself."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.analysis.conventions import PAPERS, Convention, plan_work
from resnet_studio.analysis.plan import analyse
from resnet_studio.design.presets import FAMILIES, Preset
from resnet_studio.design.types import Design
from resnet_studio.language import tr, trn
from resnet_studio.ui.format import si, thousands
from resnet_studio.ui.presets_form.fields import FamilyFields
from resnet_studio.ui.sizing import opened_at
from resnet_studio.ui.theme import ThemeManager, verbatim
from resnet_studio.ui.widgets.choices import ChoiceField


class FamilyDialog(QDialog):
    """Any depth, any width: the member of a family that these parameters make.

    Signals:
        chosen(object: Design): the drawing to begin with.
    """

    chosen = Signal(object)

    def __init__(
        self, themes: ThemeManager, parent: QWidget | None = None, *, by: Convention = PAPERS
    ) -> None:
        super().__init__(parent)
        self._by = by
        self.setObjectName("familyDialog")
        self.setAccessibleName(tr("New from family"))
        self.setWindowTitle(tr("New from family"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        opened_at(self, 560, 460)
        self._themes = themes
        self._design: Design | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(20, 18, 20, 16)
        self._column.setSpacing(14)
        self.families = ChoiceField([(one.name, one.title, one.about) for one in FAMILIES.values()], self)
        self.families.setObjectName("familyChoice")
        self.families.setAccessibleName(tr("Family"))
        self.families.edited.connect(lambda name: self.show_family(str(name)))
        self._about = _label("", "soft", self)
        self._column.addWidget(self.families)
        self._column.addWidget(self._about)
        self.form: FamilyFields | None = None
        self._column.addWidget(self._make_preview())
        self._column.addStretch(1)
        self._column.addLayout(self._make_buttons())
        self.show_family(next(iter(FAMILIES)))

    # --- making -------------------------------------------------------------------------------------------------------

    def _make_preview(self) -> QFrame:
        card = QFrame(self)
        card.setProperty("role", "card")
        card.setObjectName("familyPreview")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(4)
        self.title = _label("", "title", card)
        self.title.setObjectName("familyTitle")
        self.cost = _label("", "strong", card)
        self.cost.setObjectName("familyCost")
        self.note = _label("", "soft", card)
        self.note.setObjectName("familyNote")
        # Names are for typing again: the font would draw the x of 32x4d as a multiplication sign.
        self.note.setFont(verbatim(self.note.font()))
        for label in (self.title, self.cost, self.note):
            column.addWidget(label)
        return card

    def _make_buttons(self) -> QHBoxLayout:
        self.cancel_button = QPushButton(tr("Cancel"), self)
        self.cancel_button.setObjectName("familyCancelButton")
        self.cancel_button.setAccessibleName(tr("Cancel"))
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.reject)
        self.create_button = QPushButton(tr("Create"), self)
        self.create_button.setObjectName("familyCreateButton")
        self.create_button.setAccessibleName(tr("Create"))
        self.create_button.setProperty("role", "primary")
        self.create_button.setDefault(True)
        self.create_button.clicked.connect(self._create)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(self.create_button)
        return row

    # --- showing ------------------------------------------------------------------------------------------------------

    def show_family(self, name: str) -> None:
        """Show the form of a family, at its member to begin with."""
        family = FAMILIES[name]
        self.families.set_value(name)
        self._about.setText(f"{family.about[:1].upper()}{family.about[1:]}.")
        old, self.form = self.form, FamilyFields(family, self._themes, self)
        self.form.edited.connect(self._show)
        if old is None:
            self._column.insertWidget(2, self.form)
        else:
            self._column.replaceWidget(old, self.form)
            old.hide()
            old.deleteLater()
        self._order_tabs(self.form)
        self._show()

    def _order_tabs(self, form: FamilyFields) -> None:
        """Fields that were made after the buttons would come after them."""
        chain = [self.families, *form.fields.values(), self.cancel_button, self.create_button]
        for one, following in pairwise(chain):
            self.setTabOrder(one, following)

    def _show(self) -> None:
        assert self.form is not None
        fault = self.form.family.fault(self.form.values)
        if fault is not None:
            self._design = None
            self._say(
                self.form.family.title,
                "",
                f"{fault.what.partition(': ')[2] or fault.what} {fault.remedy}",
                bad=True,
            )
        else:
            self._tell(self.form.family.preset(self.form.values))
        self.create_button.setEnabled(self._design is not None)

    def _tell(self, found: Preset) -> None:
        design = found.make()
        plan = analyse(design)
        too_large = next((problem.message for problem in plan.problems), "")
        self._design = None if too_large else design
        blocks = sum(len(stage.blocks) for stage in design.stages)
        params = tr("{count} parameters", count=thousands(plan.totals.params))
        work = f"{si(plan_work(plan).counted(self._by))} {self._by.unit}"
        cost = " · ".join((params, work, trn("{count} block", "{count} blocks", blocks)))
        name = tr("{name} on the command line", name=found.name)
        note = too_large or f"{found.note}\n{found.source}\n{name}"
        self._say(found.called.formal, cost, note, bad=bool(too_large))

    def _say(self, title: str, cost: str, note: str, *, bad: bool) -> None:
        self.title.setText(title)
        self.cost.setText(cost)
        self.cost.setVisible(bool(cost))
        self.note.setText(note)
        self.note.setProperty("role", "bad" if bad else "soft")
        self.note.style().polish(self.note)

    def _create(self) -> None:
        if self._design is not None:
            self.accept()
            self.chosen.emit(self._design)


def _label(words: str, role: str, parent: QWidget) -> QLabel:
    label = QLabel(words, parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", role)
    label.setWordWrap(True)
    return label
