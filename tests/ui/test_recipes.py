"""The chooser of recipes and the groups of settings, by clicks: what they set, what they say, and what rests."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.runs.effects import idle
from resnet_studio.runs.fields import FIELDS
from resnet_studio.runs.recipes import RECIPES, read_recipe
from resnet_studio.runs.spec import default_spec
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.training.form import GROUPS
from resnet_studio.ui.training.setup_page import SetupPage
from resnet_studio.ui.widgets import file_dialog
from tests.ui.test_training_panel import Engine


@pytest.fixture
def page(qtbot: QtBot) -> SetupPage:
    themes, document = ThemeManager(), Document(preset("digits_starter"))
    made = SetupPage(document, themes, Engine())
    themes.setParent(made)
    document.setParent(made)
    qtbot.addWidget(made)
    made.resize(420, 260)
    made.show()
    made.look_once()
    return made


def choose(page: SetupPage, words: str) -> None:
    """As the user does it: the entry is activated."""
    box: QComboBox = page.recipes.box
    index = box.findText(words)
    assert index >= 0, [box.itemText(i) for i in range(box.count())]
    box.setCurrentIndex(index)
    box.activated.emit(index)


def edit(page: SetupPage, name: str, value: object) -> None:
    control = page.form.control(name)
    control.set_value(value)
    control.changed.emit()


@pytest.mark.parametrize("name", RECIPES)
def test_a_recipe_sets_what_it_names_and_nothing_else(page: SetupPage, name: str) -> None:
    before = page.spec()
    choose(page, RECIPES[name].title)
    assert page.spec() == RECIPES[name].on(before)
    assert page.recipes.box.currentText() == RECIPES[name].title
    assert RECIPES[name].source in page.recipes.box.toolTip()


def test_the_first_change_makes_it_custom_and_taking_it_back_makes_it_the_recipe_again(
    page: SetupPage,
) -> None:
    choose(page, "Wide")
    rate = page.spec().lr
    edit(page, "lr", rate * 2)
    assert page.recipes.box.currentText() == "Custom"
    edit(page, "lr", rate)
    assert page.recipes.box.currentText() == "Wide"
    assert page.recipes.box.findText("Custom") < 0


def test_what_differs_from_the_recipe_is_seen_and_taken_back_by_one_click(
    page: SetupPage, qtbot: QtBot
) -> None:
    back = page.recipes.back
    assert not back.isVisible()
    choose(page, "Wide")
    assert not back.isVisible()
    edit(page, "lr", 0.3)
    edit(page, "seed", 7)
    assert back.isVisible()
    assert back.toolTip().splitlines() == ["Back to Wide", "Learning rate: 0.1 instead of 0.3"]
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert page.spec() == replace(RECIPES["wide"].on(default_spec()), seed=7)
    assert page.recipes.box.currentText() == "Wide"
    assert not back.isVisible()


def test_settings_that_came_from_elsewhere_lead_to_the_recipe_that_is_nearest(page: SetupPage) -> None:
    page.show_spec(replace(RECIPES["cifar_2015"].on(default_spec("cifar10")), epochs=20))
    assert page.recipes.box.currentText() == "Custom"
    assert page.recipes.back.toolTip().splitlines() == ["Back to CIFAR, He 2015", "Epochs: 164 instead of 20"]
    page.show_spec(replace(default_spec("cifar10"), batch_size=64))
    page.recipes.back.click()
    assert page.spec() == default_spec("cifar10")
    assert page.recipes.box.currentText() == "Defaults for the data"


def test_other_data_brings_its_defaults_and_says_so(page: SetupPage) -> None:
    assert page.recipes.box.currentText() == "Digits"
    edit(page, "data", "cifar10")
    assert page.spec() == default_spec("cifar10")
    assert page.recipes.box.currentText() == "Defaults for the data"
    choose(page, "ImageNet, V2")
    choose(page, "Defaults for the data")
    assert page.spec() == default_spec("cifar10")


def test_a_recipe_file_is_saved_opened_and_offered(
    page: SetupPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mine.toml"
    monkeypatch.setattr(file_dialog, "save_name", lambda *_, **__: str(path))
    monkeypatch.setattr(file_dialog, "open_name", lambda *_, **__: str(path))
    choose(page, "CIFAR, He 2015")
    edit(page, "mixup", 0.3)
    choose(page, "Save as recipe file…")
    wanted = page.spec()
    assert read_recipe(path).on(default_spec()) == wanted
    choose(page, "Digits")
    choose(page, "Open recipe file…")
    assert page.spec() == wanted
    assert page.recipes.box.currentText() == "mine"


def test_a_recipe_file_that_is_none_is_refused_in_words(
    page: SetupPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    path = tmp_path / "bad.toml"
    path.write_text("lr = 'fast'")
    monkeypatch.setattr(file_dialog, "open_name", lambda *_, **__: str(path))
    before, shown = page.spec(), page.recipes.box.currentText()
    with qtbot.waitSignal(page.refused) as said:
        choose(page, "Open recipe file…")
    assert "lr must be a number" in str(said.args)
    assert page.recipes.box.currentText() == shown
    assert page.spec() == before


def test_every_setting_is_in_one_group_and_is_seen_there(page: SetupPage) -> None:
    assert sorted(name for names in GROUPS.values() for name in names) == sorted(f.name for f in FIELDS)
    edit(page, "data", "cifar10")
    for index, names in enumerate(GROUPS.values()):
        button = page.findChild(QAbstractButton, f"settingGroups.{index}")
        assert button is not None
        button.click()
        seen = {f.name for f in FIELDS if page.form.control(f.name).isVisibleTo(page.form)}
        assert seen == set(names)
        assert page.recipes.isVisibleTo(page.form) == (index == 0)


def test_what_has_no_effect_rests_and_says_why(page: SetupPage) -> None:
    is_on: Callable[[str], bool] = lambda name: page.form.control(name).isEnabled()  # noqa: E731
    assert not is_on("nesterov")
    assert "Only SGD" in page.form.control("nesterov").toolTip()
    edit(page, "optimizer", "sgd")
    assert is_on("nesterov")
    edit(page, "momentum", 0.0)
    assert not is_on("nesterov")
    assert not is_on("workers")
    edit(page, "schedule", "one_cycle")
    assert not is_on("warmup_epochs")


def test_what_rests_would_train_the_same() -> None:
    spec = replace(default_spec(), optimizer="sgd", momentum=0.0, weight_decay=0.0, schedule="one_cycle")
    assert set(idle(spec)) == {
        "nesterov",
        "decay_norms",
        "warmup_epochs",
        "grow_epochs",
        "averaging_every",
        "val_part",
        "workers",
        "sync_norms",
    }
    whole = replace(default_spec("folder"), root="/x", device="all", optimizer="sgd", start_size=0.5)
    assert set(idle(whole)) == {"averaging_every"}
    assert set(idle(replace(whole, epochs=1, averaging=0.9))) == {"start_size", "grow_epochs"}
