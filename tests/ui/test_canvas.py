"""The canvas offscreen: what it shows, selects, zooms and does by mouse, keys, menu and dropped data."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

from resnet_studio.analysis.conventions import Convention
from resnet_studio.analysis.plan import HEAD, STEM
from resnet_studio.design import edits
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import (
    Block,
    BlockKind,
    Design,
    Order,
    ShortcutKind,
    Stage,
    Stem,
)
from resnet_studio.ui.block_text import BLOCKS_MIME, KIND_MIME, STAGE_MIME, to_text
from resnet_studio.ui.canvas.facts import block_facts, layer_facts
from resnet_studio.ui.canvas.items import CardItem
from resnet_studio.ui.canvas.shapes import Role
from resnet_studio.ui.canvas.view import CanvasView
from resnet_studio.ui.document import Document
from resnet_studio.ui.theme import DARK, LIGHT, Theme, ThemeChoice, ThemeManager
from resnet_studio.ui.view_state import Heat, ViewState

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
Key = Qt.Key


@pytest.fixture
def canvas(qtbot) -> Iterator[CanvasView]:
    view = make(qtbot, preset("resnet50"))
    yield view
    view.close()


def make(qtbot, design: Design) -> CanvasView:
    document = Document(design)
    view = CanvasView(document, ThemeManager(ThemeChoice.LIGHT), ViewState())
    document.setParent(view)
    view.theme_manager.setParent(view)
    view.view_state.setParent(view)
    qtbot.addWidget(view)
    view.resize(1100, 600)
    view.show()
    qtbot.waitExposed(view)
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    return view


def at(view: CanvasView, unit_id: str, *, dx: float = 30, dy: float = 14) -> QPoint:
    card = view.places.card_of(unit_id)
    assert card is not None
    return view.mapFromScene(card.rect.x + dx, card.rect.y + dy)


def click(view: CanvasView, point: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(view.viewport(), LEFT, keys, point)


def press(view: CanvasView, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(view, key, keys)


def broken() -> Design:
    return edits.change_blocks(preset("resnet50"), ["s2b1"], shortcut=ShortcutKind.IDENTITY)


# --- selecting --------------------------------------------------------------------------------------------------------


def test_a_click_selects_a_run_and_the_document_selects_on_the_canvas(canvas: CanvasView) -> None:
    click(canvas, at(canvas, "s1b2"))
    assert canvas.document.selection == ("s1b2", "s1b3")
    click(canvas, at(canvas, "s2b1"), CTRL)
    assert canvas.document.selection == ("s1b2", "s1b3", "s2b1")
    click(canvas, at(canvas, "s1b2"), CTRL)
    assert canvas.document.selection == ("s2b1",)
    assert canvas.canvas_scene.cards["s2b1"].look.chosen == 2
    canvas.document.select(["s1b3"])
    look = canvas.canvas_scene.cards["s1b2"].look
    assert (look.chosen, look.chosen_count) == (1, 1)
    assert canvas.canvas_scene.cards["s2b1"].look.chosen == 0


def test_shift_click_selects_everything_between(canvas: CanvasView) -> None:
    click(canvas, at(canvas, "s1b2"))
    click(canvas, at(canvas, "s2b2"), SHIFT)
    assert canvas.document.selection == ("s1b2", "s1b3", "s2b1", "s2b2", "s2b3", "s2b4")


def test_header_stem_and_head_are_selected_and_the_ground_selects_nothing(canvas: CanvasView) -> None:
    lane = canvas.places.stages[1]
    click(canvas, canvas.mapFromScene(lane.header.x + 20, lane.header.cy))
    assert canvas.document.selection == ("s2",)
    click(canvas, at(canvas, STEM))
    assert canvas.document.selection == (STEM,)
    click(canvas, at(canvas, HEAD))
    assert canvas.document.selection == (HEAD,)
    click(canvas, canvas.mapFromScene(lane.rect.x + 4, lane.rect.bottom - 5))
    assert canvas.document.selection == ()


@pytest.mark.parametrize(("index", "key"), [(0, STEM), (-1, HEAD)])
def test_the_titles_of_stem_and_head_select_them_whole(canvas: CanvasView, index: int, key: str) -> None:
    canvas.document.select(["s2b2"])
    lane = canvas.places.lanes[index]
    click(canvas, canvas.mapFromScene(lane.header.x + 20, lane.header.cy))
    assert canvas.document.selection == (key,)
    assert all(canvas.canvas_scene.cards[card.key].look.chosen == 2 for card in lane.cards)
    press(canvas, Key.Key_Down)
    assert canvas.document.selection == (key,), "the keys go on from its first card"
    click(canvas, canvas.mapFromScene(lane.header.x + 20, lane.header.cy), CTRL)
    assert canvas.document.selection == ()


def test_the_title_of_a_missing_head_selects_nothing(qtbot) -> None:
    view = make(qtbot, edits.set_head(preset("resnet50"), head=None))
    view.document.select(["s2b2"])
    lane = view.places.lanes[-1]
    click(view, view.mapFromScene(lane.header.x + 20, lane.header.cy))
    press(view, Key.Key_Delete)
    assert view.document.selection == ()
    assert view.document.undo_stack.count() == 0


def test_delete_on_the_stem_says_why_it_stays(qtbot, canvas: CanvasView) -> None:
    lane = canvas.places.lanes[0]
    click(canvas, canvas.mapFromScene(lane.header.x + 20, lane.header.cy))
    with qtbot.waitSignal(canvas.refused) as said:
        press(canvas, Key.Key_Delete)
    assert "stem stays" in said.args[0]
    assert canvas.document.undo_stack.count() == 0


def test_selection_elsewhere_scrolls_the_canvas_to_it(qtbot) -> None:
    view = make(qtbot, preset("resnet152"))
    view.folding.unfold_all()
    view.zooming.to(2.0)
    view.document.select(["s3b30"])
    card = view.places.card_of("s3b30")
    assert card is not None
    assert view.viewport().rect().contains(view.mapFromScene(card.rect.cx, card.rect.cy))


# --- keys -------------------------------------------------------------------------------------------------------------


def test_arrows_walk_and_shift_extends(canvas: CanvasView) -> None:
    click(canvas, at(canvas, "s1b1"))
    press(canvas, Key.Key_Right)
    assert canvas.document.selection == ("s2b1",)
    press(canvas, Key.Key_Down, SHIFT)
    assert canvas.document.selection == ("s2b1", "s2b2", "s2b3", "s2b4")
    press(canvas, Key.Key_Home)
    assert canvas.document.selection == (STEM,)
    press(canvas, Key.Key_End)
    assert canvas.document.selection == (HEAD,)


def test_the_whole_job_with_keys_alone(canvas: CanvasView) -> None:
    document = canvas.document
    click(canvas, at(canvas, "s1b1"))
    press(canvas, Key.Key_D, CTRL)
    assert len(document.design.stages[0].blocks) == 4
    press(canvas, Key.Key_Right, ALT)
    assert len(document.design.stages[0].blocks) == 3
    assert document.design.stages[1].blocks[0].id == document.selection[0]
    press(canvas, Key.Key_Down, ALT)
    assert document.design.stages[1].blocks[1].id == document.selection[0]
    press(canvas, Key.Key_C, CTRL)
    press(canvas, Key.Key_V, CTRL)
    assert len(document.design.stages[1].blocks) == 6
    press(canvas, Key.Key_Delete)
    assert len(document.design.stages[1].blocks) == 5
    press(canvas, Key.Key_A, CTRL)
    assert len(document.selected_blocks) == len(list(document.design.blocks()))
    press(canvas, Key.Key_X, CTRL)
    assert list(document.design.blocks()) == []
    document.undo_stack.setIndex(0)
    assert document.design == preset("resnet50")


def test_space_and_enter_unfold_and_fold(canvas: CanvasView) -> None:
    click(canvas, at(canvas, "s3b2"))
    press(canvas, Key.Key_Space)
    assert len(canvas.places.stages[2].cards) == 6
    assert canvas.document.selection == tuple(f"s3b{n}" for n in range(2, 7))
    press(canvas, Key.Key_Space)
    assert len(canvas.places.stages[2].cards) == 2
    press(canvas, Key.Key_Return)
    assert len(canvas.places.stages[2].cards) == 6
    assert canvas.document.undo_stack.count() == 0


def test_enter_on_a_single_card_asks_for_its_properties(qtbot, canvas: CanvasView) -> None:
    click(canvas, at(canvas, "s3b1"))
    with qtbot.waitSignal(canvas.edit_requested):
        press(canvas, Key.Key_Return)
    with qtbot.waitSignal(canvas.edit_requested):
        QTest.mouseDClick(canvas.viewport(), LEFT, NONE, at(canvas, "s3b1"))


def test_focus_is_visible_on_the_current_card(qtbot, canvas: CanvasView) -> None:
    click(canvas, at(canvas, "s3b1"))
    assert canvas.canvas_scene.cards["s3b1"].look.cursor
    assert "layer3.0" in canvas.accessibleDescription()
    canvas.clearFocus()
    assert not canvas.canvas_scene.cards["s3b1"].look.cursor


def test_paste_of_nonsense_is_refused_in_words(qtbot, canvas: CanvasView) -> None:
    QGuiApplication.clipboard().setText("nothing here")
    with qtbot.waitSignal(canvas.refused) as signal:
        press(canvas, Key.Key_V, CTRL)
    assert "no blocks" in signal.args[0]
    assert canvas.document.undo_stack.count() == 0


# --- folding, repairing -----------------------------------------------------------------------------------------------


def test_the_badge_unfolds_and_the_first_card_folds_again(canvas: CanvasView) -> None:
    for count in (6, 2):
        card = canvas.places.card_of("s3b2")
        assert card is not None
        assert card.badge is not None
        click(canvas, canvas.mapFromScene(card.rect.x + card.badge.cx, card.rect.y + card.badge.cy))
        assert len(canvas.places.stages[2].cards) == count


def test_an_edit_inside_an_unfolded_run_does_not_fold_it(canvas: CanvasView) -> None:
    click(canvas, at(canvas, "s3b2"))
    press(canvas, Key.Key_Space)
    canvas.document.select(["s3b4"])
    press(canvas, Key.Key_D, CTRL)
    assert len(canvas.places.stages[2].cards) == 7
    canvas.document.undo_stack.undo()
    assert len(canvas.places.stages[2].cards) == 6


def test_a_click_on_the_cards_button_repairs_in_one_undoable_step(qtbot) -> None:
    view = make(qtbot, broken())
    card = view.places.card_of("s2b1")
    assert card is not None
    assert card.button is not None
    assert "addition" in view.tip(card)
    click(view, view.mapFromScene(card.rect.x + card.button.cx, card.rect.y + card.button.cy))
    assert view.document.plan.problems == ()
    assert view.document.undo_stack.count() == 1
    view.document.undo_stack.undo()
    assert view.document.design == broken()


def test_a_missing_head_is_offered_and_added(qtbot) -> None:
    view = make(qtbot, edits.set_head(preset("resnet18"), head=None))
    card = next(card for card in view.places.cards() if card.role is Role.NO_HEAD)
    assert card.button is not None
    click(view, view.mapFromScene(card.rect.x + card.button.cx, card.rect.y + card.button.cy))
    assert view.document.design.head is not None
    assert view.document.plan.problems == ()


def test_loading_another_drawing_folds_and_fits(canvas: CanvasView) -> None:
    canvas.folding.unfold_all()
    canvas.zooming.to(2.5)
    canvas.document.load(preset("resnet18"))
    assert canvas.folding.opened == set()
    assert canvas.zoom <= 1.0
    assert canvas.current is None


def test_the_first_edit_keeps_zoom_and_folding(canvas: CanvasView) -> None:
    canvas.folding.unfold_all()
    canvas.zooming.to(1.5)
    canvas.document.select(["s1b2"])
    press(canvas, Key.Key_Delete)
    assert canvas.zoom == pytest.approx(1.5)
    assert len(canvas.places.stages[2].cards) == 6


# --- what the cards say -----------------------------------------------------------------------------------------------


def test_facts_are_the_plans(canvas: CanvasView) -> None:
    plan = canvas.document.plan
    unit = plan.unit("s3b2")
    spec = plan.design.stages[2].blocks[1].spec
    assert unit is not None
    facts = block_facts(spec, unit.part, 5, by=Convention())
    assert facts.title == "Bottleneck"
    assert facts.channels == "1024"
    assert facts.place == "14²"
    assert facts.params.startswith("5.59")
    assert facts.work.startswith("1.09")
    assert facts.pill == "id"
    assert block_facts(spec, unit.part, 5, by=Convention(flops=True)).work.startswith("2.18")
    first = plan.unit("s3b1")
    assert first is not None
    facts = block_facts(plan.design.stages[2].blocks[0].spec, first.part, 1, by=Convention())
    assert (facts.channels, facts.stride, facts.place, facts.pill) == ("512→1024", "s2", "14²", "1×1")


def test_stem_and_head_say_their_layers(canvas: CanvasView) -> None:
    titles = [look.facts.title for look in canvas.canvas_scene.looks if look.card.layer and look.facts]
    assert titles == ["Conv 7×7", "Max-pool 3×3", "Average pool", "Linear"]
    linear = canvas.canvas_scene.looks[-1].card.layer
    assert linear is not None
    assert layer_facts(linear, by=Convention()).channels == "2048→1000"


@pytest.mark.parametrize("heat", [Heat.MACS, Heat.PARAMS])
def test_the_shares_sum_to_the_whole(canvas: CanvasView, heat: Heat) -> None:
    canvas.view_state.show_heat(heat)
    words = [look.share.words for look in canvas.canvas_scene.looks]
    shares = [float(word.removesuffix(" %").removeprefix("<")) for word in words]
    assert sum(shares) == pytest.approx(100, abs=4)
    assert all(0 <= look.share.length <= 1 for look in canvas.canvas_scene.looks)


def test_the_receptive_field_grows_along_the_way(canvas: CanvasView) -> None:
    canvas.view_state.show_heat(Heat.RECEPTIVE)
    words = [look.share.words for look in canvas.canvas_scene.looks]
    pixels = [int(word.removesuffix(" px")) for word in words]
    assert pixels == sorted(pixels)
    assert pixels[-1] == canvas.document.plan.totals.receptive


# --- zooming ----------------------------------------------------------------------------------------------------------


def wheel(view: CanvasView, point: QPoint, turn: int, keys: Qt.KeyboardModifier = NONE) -> None:
    where = QPointF(point)
    event = QWheelEvent(
        where, QPointF(view.viewport().mapToGlobal(point)), QPoint(), QPoint(0, turn),
        Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)


def test_the_wheel_zooms_at_the_pointer(canvas: CanvasView) -> None:
    canvas.zooming.to(1.5)
    point = at(canvas, "s2b1")
    before = canvas.mapToScene(point)
    wheel(canvas, point, 120)
    assert canvas.zoom > 1.5
    after = canvas.mapToScene(point)
    assert (after - before).manhattanLength() < 3
    wheel(canvas, point, -120, CTRL)
    assert canvas.zoom == pytest.approx(1.5, rel=0.01)


def test_headers_stay_in_sight_and_can_be_clicked_there(qtbot) -> None:
    view = make(qtbot, preset("resnet152"))
    view.folding.unfold_all()
    view.zooming.to(1.5)
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    lane = view.places.stages[0]
    view.horizontalScrollBar().setValue(round(lane.rect.x * 1.5))
    header = view.canvas_scene.headers[lane.key]
    assert view.mapFromScene(header.pos()).y() == pytest.approx(0, abs=2)
    click(view, view.mapFromScene(lane.rect.cx, header.y() + 10))
    assert view.document.selection == ("s1",)


def test_keys_buttons_and_actions_zoom(canvas: CanvasView) -> None:
    press(canvas, Key.Key_0)
    assert canvas.zoom == 1.0
    press(canvas, Key.Key_Plus)
    assert canvas.zoom == pytest.approx(1.2)
    press(canvas, Key.Key_Minus)
    for name, factor in (("zoomIn", 1.2), ("zoomOut", 1 / 1.2)):
        before = canvas.zoom
        button = canvas.findChild(QPushButton, name)
        assert button is not None
        button.click()
        assert canvas.zoom == pytest.approx(before * factor)
    names = {action.objectName() for action in canvas.actions()}
    assert {"zoomFitAction", "unfoldAllAction"} <= names


@pytest.mark.parametrize("name", ["resnet152", "cifar_resnet1202", "digits_starter"])
def test_fit_shows_everything(qtbot, name: str) -> None:
    view = make(qtbot, preset(name))
    view.folding.unfold_all()
    press(view, Key.Key_F)
    seen = view.mapToScene(view.viewport().rect()).boundingRect().adjusted(-1, -1, 1, 1)
    assert all(seen.contains(card.rect.x, card.rect.bottom) for card in view.places.cards())


def test_the_heat_switch_and_the_state_follow_each_other(canvas: CanvasView) -> None:
    button = canvas.findChild(QPushButton, "heat_memory")
    assert button is not None
    button.click()
    assert canvas.view_state.heat is Heat.MEMORY
    canvas.view_state.show_heat(Heat.PARAMS)
    params = canvas.findChild(QPushButton, "heat_params")
    assert params is not None
    assert params.isChecked()


def test_a_click_on_the_minimap_goes_there(qtbot) -> None:
    view = make(qtbot, preset("resnet152"))
    view.folding.unfold_all()
    view.zooming.to(2.0)
    QTest.mouseClick(view.minimap, LEFT, NONE, QPoint(view.minimap.width() - 6, 12))
    head = view.places.card_of(HEAD)
    assert head is not None
    seen = view.mapToScene(view.viewport().rect()).boundingRect()
    assert seen.right() > head.rect.x


def test_a_deep_network_unfolded_has_a_map_whose_frame_is_what_is_seen(qtbot) -> None:
    view = make(qtbot, preset("cifar_resnet1202"))
    assert not view.minimap.is_map
    view.folding.unfold_all()
    assert view.minimap.is_map
    view.zooming.to(1.0)
    card = view.places.card_of("s2b151")
    assert card is not None
    box = view.minimap.small(QRectF(card.rect.x, card.rect.y, card.rect.w, card.rect.h))
    QTest.mouseClick(view.minimap, LEFT, NONE, box.center().toPoint())
    seen = view.mapToScene(view.viewport().rect()).boundingRect()
    assert seen.contains(card.rect.cx, card.rect.cy)
    frame = view.minimap.small(seen)
    assert frame.contains(box.center())
    assert frame.width() < view.minimap.width() / 2


def test_the_map_marks_what_is_wrong_and_what_is_chosen(qtbot) -> None:
    view = make(qtbot, preset("cifar_resnet1202"))
    view.folding.unfold_all()
    assert pixel(view, "s2b77") != QColor(view.ink.theme.warn)
    view.document.apply(edits.change_blocks(view.document.design, ["s2b77"], stride=2), "Stride")
    view.document.select(["s3b20"])
    assert pixel(view, "s2b77") == QColor(view.ink.theme.warn)
    assert pixel(view, "s3b20") == QColor(view.ink.theme.accent)


def pixel(view: CanvasView, block: str) -> QColor:
    card = view.places.card_of(block)
    assert card is not None
    at = view.minimap.small(QRectF(card.rect.cx, card.rect.cy, 0, 0)).topLeft().toPoint()
    return view.minimap.grab().toImage().pixelColor(at)


# --- dropping ---------------------------------------------------------------------------------------------------------


def drop(
    view: CanvasView, mime: QMimeData, point: QPoint, keys: Qt.KeyboardModifier = NONE
) -> tuple[bool, bool]:
    """(whether the line was shown, whether the drop was accepted)."""
    both = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    enter = QDragEnterEvent(point, both, mime, LEFT, keys)
    QApplication.sendEvent(view.viewport(), enter)
    move = QDragMoveEvent(point, both, mime, LEFT, keys)
    QApplication.sendEvent(view.viewport(), move)
    shown = view.canvas_scene.drop.isVisible()
    end = QDropEvent(QPointF(point), both, mime, LEFT, keys, QEvent.Type.Drop)
    QApplication.sendEvent(view.viewport(), end)
    assert not view.canvas_scene.drop.isVisible()
    return shown, end.isAccepted()


def kind_mime(word: str) -> QMimeData:
    mime = QMimeData()
    mime.setData(KIND_MIME, word.encode())
    return mime


def own_blocks(view: CanvasView, ids: list[str]) -> QMimeData:
    mime = QMimeData()
    names = ", ".join(f'"{i}"' for i in ids)
    mime.setData(BLOCKS_MIME, f'{{"from": "{view.drops._token}", "ids": [{names}]}}'.encode())
    return mime


@pytest.mark.parametrize("kind", BlockKind)
def test_a_dropped_kind_fits_and_is_selected(canvas: CanvasView, kind: BlockKind) -> None:
    point = at(canvas, "s3b2", dy=3)
    assert drop(canvas, kind_mime(kind.value), point) == (True, True)
    new = canvas.document.design.stages[2].blocks[1]
    assert new.spec.kind is kind
    assert canvas.document.selection == (new.id,)
    assert canvas.document.undo_stack.count() == 1
    assert not canvas.document.plan.problems


def test_a_dropped_stage_goes_between_lanes(canvas: CanvasView) -> None:
    point = canvas.mapFromScene(canvas.places.stages[0].rect.x + 3, 200)
    assert drop(canvas, kind_mime("stage"), point) == (True, True)
    assert [stage.id for stage in canvas.document.design.stages[1:]] == ["s1", "s2", "s3", "s4"]


@pytest.mark.parametrize("keys", [CTRL, ALT])
def test_a_drop_with_ctrl_or_alt_copies(canvas: CanvasView, keys: Qt.KeyboardModifier) -> None:
    assert drop(canvas, own_blocks(canvas, ["s1b1"]), at(canvas, "s4b1", dy=2), keys) == (True, True)
    design = canvas.document.design
    assert len(design.stages[0].blocks) == 3
    assert design.stages[3].blocks[0].spec == design.stages[0].blocks[0].spec


def test_a_drop_moves_and_a_drop_in_place_is_no_step(canvas: CanvasView) -> None:
    drop(canvas, own_blocks(canvas, ["s1b1"]), at(canvas, "s1b1", dy=2))
    assert canvas.document.undo_stack.count() == 0
    drop(canvas, own_blocks(canvas, ["s1b1"]), at(canvas, "s4b1", dy=2))
    assert canvas.document.design.stages[3].blocks[0].id == "s1b1"
    assert canvas.document.undo_stack.count() == 1


def test_blocks_as_text_come_from_other_windows(canvas: CanvasView) -> None:
    mime = QMimeData()
    mime.setText(to_text([edits.make_spec(BlockKind.RESIDUAL, 256)]))
    assert drop(canvas, mime, at(canvas, "s1b2", dy=3)) == (True, True)
    assert canvas.document.design.stages[0].blocks[1].spec.kind is BlockKind.RESIDUAL


@pytest.mark.parametrize("word", ["", "lstm", "\udcff"])
def test_foreign_data_is_not_taken(canvas: CanvasView, word: str) -> None:
    mime = QMimeData()
    mime.setData(KIND_MIME, word.encode(errors="surrogateescape"))
    assert drop(canvas, mime, at(canvas, "s1b2")) == (False, False)
    plain = QMimeData()
    plain.setText("a letter to somebody")
    assert drop(canvas, plain, at(canvas, "s1b2")) == (False, False)
    assert canvas.document.undo_stack.count() == 0


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"{}", b'{"from": 1}', b"\xff\xfe", b'{"from": "x", "ids": 3}']
)
def test_broken_data_under_our_names_is_not_taken(canvas: CanvasView, data: bytes) -> None:
    for name in (BLOCKS_MIME, STAGE_MIME):
        mime = QMimeData()
        mime.setData(name, data)
        assert drop(canvas, mime, at(canvas, "s1b2")) == (False, False)
    assert canvas.document.undo_stack.count() == 0


def test_the_first_drop_on_an_empty_drawing(qtbot) -> None:
    view = make(qtbot, Design(stages=(), head=None))
    assert drop(view, kind_mime("bottleneck"), QPoint(300, 200)) == (True, True)
    assert [len(stage.blocks) for stage in view.document.design.stages] == [1]


def test_a_drop_that_no_file_could_hold_is_refused_with_the_reason(qtbot) -> None:
    spec = edits.make_spec(BlockKind.RESIDUAL, 64)
    stages = tuple(
        Stage(id=f"s{n}", name=f"Stage {n + 1}", blocks=(Block(f"b{n}", spec),)) for n in range(64)
    )
    view = make(qtbot, Design(stages=stages, stem=Stem(pool=False)))
    with qtbot.waitSignal(view.refused) as signal:
        drop(view, kind_mime("stage"), QPoint(300, 200))
    assert "64 stages" in signal.args[0]
    assert view.document.undo_stack.count() == 0


# --- menu, themes, painting -------------------------------------------------------------------------------------------


def test_the_context_menu_selects_and_acts(qtbot, canvas: CanvasView) -> None:
    from resnet_studio.ui.canvas.menu import context_menu

    menu = context_menu(canvas, canvas.sight.hit(at(canvas, "s2b1")))
    assert isinstance(menu, QMenu)
    assert canvas.document.selection == ("s2b1",)
    entries = {action.text().split("\t")[0]: action for action in menu.actions()}
    assert not entries["Duplicate"].text().endswith("Duplicate")
    entries["Duplicate"].trigger()
    assert len(canvas.document.design.stages[1].blocks) == 5
    menu.deleteLater()


class CountingPaint:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.painted: list[str] = []
        original = CardItem.paint

        def paint(item: CardItem, *args: object) -> None:
            self.painted.append(item.look.card.key)
            original(item, *args)

        monkeypatch.setattr(CardItem, "paint", paint)


def test_an_edit_paints_only_what_looks_different(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = CountingPaint(monkeypatch)
    view = make(qtbot, preset("resnet50"))
    qtbot.waitUntil(lambda: len(set(counted.painted)) == len(view.canvas_scene.cards))
    items = dict(view.canvas_scene.cards)
    # At rest the cards keep their pixels, and for that they are painted once more.
    qtbot.waitUntil(lambda: items["s4b1"].cacheMode() is items["s4b1"].CacheMode.DeviceCoordinateCache)
    view.viewport().repaint()
    counted.painted.clear()
    view.document.apply(
        edits.change_blocks(view.document.design, ["s4b1"], order=Order.NO_FINAL_RELU), "Change order"
    )
    qtbot.waitUntil(lambda: bool(counted.painted))
    assert set(counted.painted) == {"s4b1"}
    assert view.canvas_scene.cards == items


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
@pytest.mark.parametrize("zoom", [0.1, 0.4, 1.0, 2.0])
def test_everything_paints_at_every_zoom(qtbot, choice: ThemeChoice, zoom: float) -> None:
    view = make(qtbot, edits.set_head(broken(), head=None))
    view.theme_manager.choose(choice)
    view.zooming.to(zoom)
    image = view.viewport().grab().toImage()
    colors = {
        image.pixelColor(x, y).name() for x in range(0, image.width(), 9) for y in range(0, image.height(), 9)
    }
    assert view.theme_manager.theme.canvas in colors or view.theme_manager.theme.lane in colors
    assert len(colors) > 3


@pytest.mark.parametrize("name", PRESETS)
def test_no_text_is_wider_than_its_card(qtbot, name: str) -> None:
    view = make(qtbot, preset(name))
    for look in view.canvas_scene.looks:
        if look.facts is None:
            continue
        room = look.card.rect.w - 22
        ink = view.ink
        assert ink.body.width(look.facts.channels) + ink.body.width(look.facts.place) + 6 <= room
        badge = f"×{look.card.count}" if look.card.count > 1 else ""
        assert ink.title.width(look.facts.title) + ink.title.width(badge) + 6 <= room
        assert ink.small.width(look.work_label) + ink.small.width(look.facts.work) + 6 <= room


def contrast(one: str, other: str) -> float:
    def light(token: str) -> float:
        parts = [int(token[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_text_on_the_canvas_can_be_read(theme: Theme) -> None:
    on_card = [theme.text, theme.text_soft, theme.text_faint, theme.accent, theme.warn]
    on_card += [theme.kind(kind) for kind in BlockKind]
    pairs = [(text, theme.card) for text in on_card]
    pairs += [(text, theme.lane) for text in (theme.text, theme.text_soft)]
    pairs += [(text, theme.warn_soft) for text in (theme.text, theme.text_soft, theme.text_faint, theme.warn)]
    pairs += [(theme.accent, theme.accent_soft), (theme.accent_text, theme.accent)]
    assert [(text, ground) for text, ground in pairs if contrast(text, ground) < 4.5] == []


def test_the_heat_of_work_is_called_by_the_convention_in_force(canvas: CanvasView) -> None:
    button = canvas.findChild(QPushButton, "heat_macs")
    assert isinstance(button, QPushButton)
    assert button.text() == "Mult-adds"
    canvas.view_state.show_flops(True)
    assert (button.text(), "FLOPs" in button.accessibleName()) == ("FLOPs", True)
    canvas.view_state.show_flops(False)
    assert (button.text(), "multiply-adds" in button.accessibleName()) == ("Mult-adds", True)
