"""Settings of a run from one window to the next: what was used last comes back, what cannot be read does not, a run's own win."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.runs.recipes import RECIPES
from resnet_studio.runs.spec import TrainSpec, default_spec, spec_to
from resnet_studio.ui.document import Document
from resnet_studio.ui.runs.view import RunsView
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.shell.settings import Settings
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.tour.desk import Desk
from resnet_studio.ui.tour.examples import open_example
from resnet_studio.ui.training.last_settings import settings_in, settings_text
from resnet_studio.ui.training.panel import TrainPanel
from resnet_studio.ui.training.setup_page import SetupPage
from tests.ui.shell_window import shown_window
from tests.ui.test_training_panel import Engine

OWN = replace(default_spec("digits"), lr=0.02, epochs=3, root='/data/Größe, 2; "x"')


@pytest.fixture(autouse=True)
def _home(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "home"))


@contextmanager
def panel_of_a_window() -> Iterator[tuple[MainWindow, TrainPanel]]:
    with shown_window() as window:
        window.new_preset("digits_starter")
        panel = window.show_tab("trainPanel")
        assert isinstance(panel, TrainPanel)
        yield window, panel


@pytest.fixture
def page(qtbot: QtBot) -> SetupPage:
    themes, document = ThemeManager(), Document(preset("digits_starter"))
    made = SetupPage(document, themes, Engine())
    themes.setParent(made)
    document.setParent(made)
    qtbot.addWidget(made)
    return made


# --- as text ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spec", [OWN, default_spec("cifar10"), RECIPES["imagenet_v2"].on(default_spec())])
def test_the_text_gives_the_settings_back_through_the_windows_file_too(
    spec: TrainSpec, tmp_path: Path
) -> None:
    settings = Settings(tmp_path / "window.ini")
    settings.keep_run(settings_text(spec))
    settings.save()
    assert settings_in(Settings(tmp_path / "window.ini").run) == spec


def changed(**values: Any) -> str:
    return json.dumps(spec_to(OWN) | values)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "7", "null", '{"data": "digits"}', "[" * 100_000, settings_text(OWN)[:-9], changed(from_a_newer_version=1),
     changed(data="a set of 2031"), changed(epochs=-1), changed(lr="fast"), changed(lr=float("nan")), changed(data="folder", root=None),
     "\x00\ufffd"],
)  # fmt: skip
def test_what_cannot_be_read_leaves_the_page_at_its_defaults(page: SetupPage, text: str) -> None:
    page.begin_with(text)
    assert page.form.draft == default_spec("digits")
    assert page.recipes.box.currentText() != "Custom"


def test_settings_of_an_older_version_are_read() -> None:
    old = spec_to(OWN)
    for later in ("mixup", "repeats", "compile", "sync_norms"):
        del old[later]
    assert settings_in(json.dumps(old)) == OWN


# --- what counts as used ----------------------------------------------------------------------------------------------


def test_only_what_was_set_here_or_trained_with_is_told(page: SetupPage) -> None:
    told: list[str] = []
    page.used.connect(told.append)
    page.leave()
    page.show_spec(replace(OWN, seed=5))  # a run's
    page.leave()
    assert told == []
    page.form.take(OWN)
    page.leave()
    page.leave()
    assert [settings_in(text) for text in told] == [OWN]
    page.show_spec(replace(OWN, seed=5))
    assert page.spec().seed == 5  # as Train asks
    page.leave()
    assert [settings_in(text) for text in told] == [OWN, replace(OWN, seed=5)]


def test_settings_that_contradict_themselves_are_not_told(page: SetupPage) -> None:
    told: list[str] = []
    page.used.connect(told.append)
    page.form.take(replace(default_spec("folder"), root=None))
    page.leave()
    assert told == []


# --- from window to window --------------------------------------------------------------------------------------------


def test_the_next_window_begins_with_what_was_typed_and_says_which_recipe_it_is(qtbot: QtBot) -> None:
    with panel_of_a_window() as (window, panel):
        panel.setup.form.take(RECIPES["wide"].on(default_spec("digits")))
        beside = window.windows.open_beside(window)
        beside.new_preset("digits_starter")
        other = beside.show_tab("trainPanel")
        assert isinstance(other, TrainPanel)
        assert other.setup.recipes.box.currentText() == "Wide"
        panel.setup.form.take(OWN)
        beside.document.undo_stack.setClean()
        beside.close()
    with panel_of_a_window() as (_, panel):
        assert panel.setup.form.draft == OWN
        assert panel.setup.recipes.box.currentText() == "Custom"
        assert panel.setup.recipes.back.toolTip().startswith("Back to Digits\n")
        assert panel.can_train


def test_a_runs_design_brings_its_own_settings_and_so_do_the_digits_of_example_and_tour() -> None:
    theirs = replace(default_spec("digits"), seed=11)
    Settings().keep_run(settings_text(default_spec("cifar10")))
    with shown_window() as window:
        window.new_preset("resnet18")
        runs = window.show_tab("runs")
        assert isinstance(runs, RunsView)
        runs.design_requested.emit(preset("digits_starter"), theirs)
        panel = window.show_tab("trainPanel")
        assert isinstance(panel, TrainPanel)
        assert panel.setup.form.draft == theirs
        for opened in (
            lambda: open_example("digits", window),
            lambda: Desk(window, window).open_drawing(preset("digits_starter")),
        ):
            panel.setup.form.take(default_spec("cifar10"))
            assert panel.why_not
            window.document.undo_stack.setClean()
            assert opened()
            assert panel.setup.form.draft == default_spec("digits")
            assert panel.can_train


def test_a_spoilt_memory_keeps_no_window_from_opening(tmp_path: Path) -> None:
    settings = Settings()
    settings.keep_run('{"data": "cif')
    settings.save()
    with panel_of_a_window() as (_, panel):
        assert panel.setup.form.draft == default_spec("digits")
