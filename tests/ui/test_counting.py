"""What counts as work is chosen once and holds everywhere: status, cards, table, inspector, menu."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.analysis.conventions import EVERYTHING, ITEMS, PTFLOPS, Convention, part_work, plan_work
from resnet_studio.analysis.costs import together, unit_costs
from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import ShortcutKind
from resnet_studio.ui.canvas.facts import block_tip
from resnet_studio.ui.format import si, size
from resnet_studio.ui.inspector.picture import PartPicture
from resnet_studio.ui.presets_form.dialog import FamilyDialog
from resnet_studio.ui.problems.repairing import effect_words
from resnet_studio.ui.shell.cards import PresetCard
from resnet_studio.ui.shell.main_window import MainWindow
from resnet_studio.ui.shell.settings import Settings
from resnet_studio.ui.view_state import ViewState
from tests.ui.shell_window import shown_window


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path))
    with shown_window() as shown:
        shown.wake()
        shown.new_preset("resnet50")
        yield shown


def texts(window: MainWindow) -> str:
    strip = window.findChild(QWidget, "totals")
    assert strip is not None
    return " ".join(label.text() for label in strip.findChildren(QLabel)).replace("\u202f", " ")


def test_every_view_counts_by_the_convention_in_force(window: MainWindow) -> None:
    assert "4.09 G mult-adds" in texts(window)
    for item in ("Norm", "Activation", "Pooling"):
        window.acts[f"count{item}"].trigger()
    assert window.view_state.convention == PTFLOPS
    assert "4.12 G mult-adds+" in texts(window)
    line = window.findChild(QWidget, "layerTotals")
    assert line is not None
    assert ("4.12\u202fG", "mult-adds+") in line.texts  # type: ignore[attr-defined]
    tile = window.findChild(QWidget, "inspectorTileMultiplyAdds")
    assert tile is not None
    assert tile.texts[:2] == ("Multiply-adds+", "4.12\u202fG")  # type: ignore[attr-defined]
    window.acts["showFlops"].trigger()
    work = plan_work(window.document.plan).counted(window.view_state.convention)
    assert f"{si(work)} FLOPs+".replace("\u202f", " ") in texts(window)


def test_tooltips_cards_forms_and_repairs_count_by_it_too(window: MainWindow) -> None:
    window.view_state.count_by(Convention(flops=True, norm=True))
    plan = window.document.plan
    unit = plan.units[2]
    spec = next(window.document.design.blocks()).spec
    tip = block_tip(unit, spec, 1, by=window.view_state.convention)
    assert f"{si(part_work(unit.part).counted(window.view_state.convention))} FLOPs with norm" in tip
    window.document.select([unit.id])
    picture = window.findChild(PartPicture)
    assert picture is not None
    picture.resize(300, picture.height())
    told = {picture.words_at(QPoint(x, picture.height() // 2)) for x in range(0, 300, 4)}
    conv, norm = (next(word for word in told if f"{name} ·" in word) for name in ("conv2", "bn2"))
    assert "231\u202fM FLOPs with norm" in conv
    assert "401\u202fk FLOPs with norm" in norm
    card = next(card for card in window.start_page.findChildren(PresetCard) if card.preset.name == "resnet50")
    assert card.cost() == f"25.6\u202fM params · {si(window.view_state.of_plan(plan), 'FLOPs')}+"
    window.doings.new_from_family()
    dialog = window.findChild(FamilyDialog)
    assert dialog is not None
    assert "FLOPs with norm" in dialog.cost.text()
    dialog.reject()
    broken = edits.change_blocks(window.document.design, ["s2b1"], shortcut=ShortcutKind.IDENTITY)
    problem = analyse(broken).problems[0]
    assert "FLOPs with norm" in effect_words(analyse(broken), problem, window.view_state.convention)


def test_the_menu_shows_what_counts_and_takes_it_back(window: MainWindow) -> None:
    action = window.acts["countNorm"]
    action.trigger()
    assert action.isChecked()
    window.view_state.toggle("norm")
    assert not action.isChecked()
    assert window.view_state.convention.items == ()
    assert "4.09 G mult-adds" in texts(window)


def test_parts_and_layers_add_up_to_the_plan() -> None:
    state = ViewState()
    for item in ITEMS:
        state.toggle(item)
    state.show_flops(True)
    plan = analyse(preset("seresnet50"))
    whole = state.of_plan(plan)
    assert whole == sum(state.of_part(unit.part) for unit in plan.units)
    assert whole == sum(state.of_layer(layer) for _, layer, _ in plan.layers())
    assert state.work_label == "FLOPs+"
    assert state.work_words.startswith("FLOPs, two a multiply-add, of convolutions and classifier, norm")
    assert EVERYTHING.items == state.convention.items


def test_the_convention_is_remembered(window: MainWindow) -> None:
    window.acts["countNorm"].trigger()
    window.acts["countPooling"].trigger()
    window.acts["showFlops"].trigger()
    by = window.view_state.convention
    window.close()
    assert Settings().convention == by == Convention(flops=True, norm=True, pooling=True)


@pytest.mark.parametrize("text", ["", "nonsense", "norm,nonsense"])
def test_a_setting_that_is_none_counts_as_the_papers_do(window: MainWindow, text: str) -> None:
    window.settings._store.setValue("counted", text)
    assert window.settings.convention == Convention()


def test_shares_and_order_follow_what_counts(window: MainWindow) -> None:
    plan = analyse(preset("resnet50"))
    relu = next(layer for _, layer, _ in plan.layers() if layer.kind == "activation")
    assert window.view_state.of_layer(relu) == 0
    window.view_state.toggle("activation")
    assert window.view_state.of_layer(relu) == 64 * 112 * 112
    canvas = window.editor.canvas
    told = {look.card.key: look.share.words for look in canvas.scene().looks}  # type: ignore[attr-defined]
    by = window.view_state.convention
    whole = plan_work(window.document.plan).counted(by)
    part = window.document.plan.units[1].part
    assert f"{part_work(part).counted(by) / whole * 100:.1f} %" in told.values()


def test_the_inspector_tells_activations_and_intensity(window: MainWindow) -> None:
    plan = window.document.plan
    costs = together(unit_costs(plan))
    for name, value in (
        ("Activations", si(plan.totals.activations)),
        ("FlopsPerByte", f"{costs.intensity:.1f}"),
        ("BackwardMemory", size(plan.totals.backward_bytes)),
    ):
        tile = window.findChild(QWidget, f"inspectorTile{name}")
        assert tile is not None
        assert tile.texts[1] == value  # type: ignore[attr-defined]
