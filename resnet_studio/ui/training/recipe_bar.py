"""The row that says which recipe the settings are, leads back to it, offers others, and reads and writes recipe files. Knows no run and no engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from resnet_studio.design.atomic import write_atomically
from resnet_studio.design.errors import StudioError
from resnet_studio.language import tr
from resnet_studio.runs.effects import effective
from resnet_studio.runs.recipes import RECIPES, SUFFIX, Recipe, read_recipe, recipe_text
from resnet_studio.runs.spec import TrainSpec, default_spec
from resnet_studio.runs.spec_words import recipe_of, spec_differences
from resnet_studio.ui.icons import icon
from resnet_studio.ui.sizing import sized
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.widgets import file_dialog
from resnet_studio.ui.widgets.saving import choose_target
from resnet_studio.ui.widgets.short_box import ShortBox
from resnet_studio.ui.widgets.tips import plain_tip

_KINDS = tr("Recipe (*{suffix})", suffix=SUFFIX)
_TIP = Qt.ItemDataRole.ToolTipRole
_LABEL_WIDTH = 88
# No recipe's name: a named one is a word, an opened one a path.
_OPEN, _SAVE = "open…", "save…"
_CUSTOM_NOTE = tr("Settings of your own.")
_MOST_LINES = 12


class RecipeBar(QWidget):
    """Chooses among recipes.

    Signals:
        chosen(object): the user wants this TrainSpec.
        refused(object): the StudioError why a file could not be read or written.
    """

    chosen = Signal(object)
    refused = Signal(object)

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._spec = default_spec()
        # The recipe that they were last; None in a window that began with settings of one's own.
        self._last: str | None = None
        self._opened: list[Recipe] = []
        # The row is asked at every edit of the drawing too; it looks again only when something is new.
        self._stale = True
        label = QLabel(tr("Recipe"), self)
        label.setProperty("role", "soft")
        sized(label, width=_LABEL_WIDTH)
        self.box = ShortBox(self)
        self.box.setObjectName("recipeChooser")
        self.box.setAccessibleName(tr("Recipe"))
        sized(self.box, least_width=80)
        self.box.setMinimumContentsLength(6)
        self.box.activated.connect(self._choose)
        label.setBuddy(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(label)
        row.addWidget(self.box, 1)
        row.addWidget(self._make_back())
        self._offer()

    def _make_back(self) -> QToolButton:
        self.back = QToolButton(self)
        self.back.setObjectName("recipeBackButton")
        self.back.setProperty("role", "quiet")
        sized(self.back, icon=16)
        # Tool buttons are left out of the keyboard's way by themselves.
        self.back.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.back.setAccessibleName(tr("Back to the recipe"))
        self.back.clicked.connect(lambda _=False: self.chosen.emit(self._nearest()[1]))
        self.back.hide()
        self._theme.changed.connect(self._dress)
        self._dress()
        return self.back

    def _dress(self) -> None:
        self.back.setIcon(icon("undo", self._theme.theme.text_soft))

    # --- showing ----------------------------------------------------------------------------------------------------

    def show_spec(self, spec: TrainSpec) -> None:
        """Say which recipe these settings are."""
        if spec == self._spec and not self._stale:
            return
        self._spec, self._stale = spec, False
        recipe = self._recipe_of(spec)
        if recipe is not None:
            name, note = recipe.name, recipe.note or recipe.source
        elif effective(spec) == effective(self._default()):
            name, note = "", tr("What suits this data, within minutes where it can be.")
        else:
            name, note = "custom", _CUSTOM_NOTE
        custom = self.box.findData("custom")
        if name == "custom" and custom < 0:
            # Before the separator and the files.
            self.box.insertItem(self.box.count() - 3, tr("Custom"), "custom")
        elif name != "custom" and custom >= 0:
            self.box.removeItem(custom)
        self.box.setCurrentIndex(self.box.findData(name))
        self.box.setToolTip(str(self.box.currentData(_TIP) or note))
        self._last = self._last if name == "custom" else name
        self._say_back(changed=name == "custom")

    def _say_back(self, *, changed: bool) -> None:
        """Where the settings are no recipe, its values are one click away; the tooltip says which would change."""
        self.back.setVisible(changed)
        if not changed:
            return
        name, wanted = self._nearest()
        words = tr("Back to {recipe}", recipe=self.box.itemText(self.box.findData(name)))
        lines = [
            tr("{setting}: {theirs} instead of {mine}", setting=label, theirs=theirs, mine=mine)
            for label, theirs, mine in spec_differences(effective(wanted), effective(self._spec))
        ]
        more = ["…"] if len(lines) > _MOST_LINES else []
        self.back.setToolTip(plain_tip("\n".join([words, *lines[:_MOST_LINES], *more])))
        self.back.setAccessibleDescription(words)

    def _nearest(self) -> tuple[str, TrainSpec]:
        """The recipe from which the fewest settings differ, and the settings with it.

        Of equally near ones it is what they were last, and a recipe before the defaults, as `show_spec` says them.
        """
        known = [(recipe.name, recipe.on(self._spec)) for recipe in (*RECIPES.values(), *self._opened)]
        mine = effective(self._spec)

        def farness(one: tuple[str, TrainSpec]) -> tuple[int, bool, bool]:
            return len(spec_differences(effective(one[1]), mine)), one[0] != self._last, not one[0]

        return min([("", self._default()), *known], key=farness)

    def _default(self) -> TrainSpec:
        spec = self._spec
        # What belongs to this machine or names the draw is no part of any recipe.
        own = ("root", "seed", "device", "precision", "compile", "fit_memory", "workers")
        kept = {name: getattr(spec, name) for name in own}
        return replace(default_spec(spec.data), **kept)

    def _recipe_of(self, spec: TrainSpec) -> Recipe | None:
        opened = [one for one in self._opened if effective(one.on(spec)) == effective(spec)]
        return opened[-1] if opened else recipe_of(spec)

    def _offer(self) -> None:
        self._stale = True
        self.box.clear()
        self.box.addItem(tr("Defaults for the data"), "")
        for recipe in (*RECIPES.values(), *self._opened):
            self.box.addItem(recipe.title, recipe.name)
            tip = "\n".join(part for part in (recipe.note, recipe.source) if part)
            self.box.setItemData(self.box.count() - 1, plain_tip(tip), _TIP)
        self.box.insertSeparator(self.box.count())
        self.box.addItem(tr("Open recipe file…"), _OPEN)
        self.box.addItem(tr("Save as recipe file…"), _SAVE)
        self.box.setMaxVisibleItems(20)
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    # --- doing ------------------------------------------------------------------------------------------------------

    def _choose(self, index: int) -> None:
        name = str(self.box.itemData(index))
        if name in (_OPEN, _SAVE):
            # It is no recipe: what was chosen stays chosen.
            self._stale = True
            self.show_spec(self._spec)
            (self._open if name == _OPEN else self._save)()
            return
        if name == "custom":
            return
        known = {recipe.name: recipe for recipe in (*RECIPES.values(), *self._opened)}
        self.chosen.emit(known[name].on(self._spec) if name else self._default())

    def _open(self) -> None:
        name = file_dialog.open_name(self, tr("Open recipe file"), "", _KINDS)
        if not name:
            return
        try:
            recipe = read_recipe(Path(name))
        except StudioError as error:
            self.refused.emit(error)
            return
        # By its place: a file may have a named recipe's name.
        self._opened = [one for one in self._opened if one.source != recipe.source]
        self._opened.append(_placed(recipe))
        self._offer()
        self.chosen.emit(recipe.on(self._spec))

    def _save(self) -> None:
        path = choose_target(self, tr("Save as recipe file"), Path(f"recipe{SUFFIX}"), _KINDS, SUFFIX)
        if path is None:
            return
        try:
            write_atomically(path, recipe_text(self._spec, title=path.stem).encode())
        except StudioError as error:
            self.refused.emit(error)


def _placed(recipe: Recipe) -> Recipe:
    return replace(recipe, name=recipe.source)
