"""The one place where the drawing changes: undo, merging, deltas, selection, the clean flag."""

import gc
import sys
import weakref
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import BlockKind, Design
from resnet_studio.ui.document import Document


def opened(qapp: object) -> Document:
    return Document(preset("resnet50"))


def widen(document: Document, width: int, merge: str | None = "width") -> None:
    document.apply(edits.change_blocks(document.design, ["s1b2"], width=width), "Width", merge=merge)


def test_a_gesture_is_one_step_and_its_delta_counts_from_before_it(qapp: object) -> None:
    document = opened(qapp)
    before = document.plan.totals
    for width in (65, 66, 70):
        widen(document, width)
    assert document.undo_stack.count() == 1
    assert document.base_totals == before
    document.end_gesture()
    last = document.plan.totals
    widen(document, 99)
    assert document.undo_stack.count() == 2
    assert document.base_totals == last


def test_a_gesture_that_comes_back_leaves_no_step(qapp: object) -> None:
    document = opened(qapp)
    widen(document, 65)
    widen(document, 64)
    assert document.undo_stack.count() == 0
    assert document.is_clean


def test_a_gesture_keeps_one_step_however_long_it_is_and_each_of_its_drawings_is_told(qapp: object) -> None:
    document = opened(qapp)
    stack, told, steps = document.undo_stack, [], []
    document.changed.connect(lambda: told.append(document.design.block("s1b2").spec.width))
    tell = stack.indexChanged.connect(lambda index: steps.append((index, stack.undoText())))
    widen(document, 65)
    kinds = sys.getrefcount(type(stack.command(0)))
    for width in range(66, 566):
        document.apply(
            edits.change_blocks(document.design, ["s1b2"], width=width), f"To {width}", merge="width"
        )
    assert told == list(range(65, 566))
    assert steps[-1] == (1, "To 565")
    # Each step in memory holds its kind.
    assert sys.getrefcount(type(stack.command(0))) - kinds < 10
    # A stack tells of its own end, too.
    stack.disconnect(tell)
    stack.undo()
    assert document.design == preset("resnet50")
    stack.redo()
    assert document.design.block("s1b2").spec.width == 565


def test_a_step_after_undo_does_not_merge_into_an_older_one(qapp: object) -> None:
    document = opened(qapp)
    widen(document, 65)
    document.end_gesture()
    widen(document, 66, merge=None)
    document.undo_stack.undo()
    widen(document, 67)
    assert [document.undo_stack.text(i) for i in range(document.undo_stack.count())] == ["Width", "Width"]
    document.undo_stack.undo()
    assert document.design.block("s1b2").spec.width == 65


def test_undo_gives_the_selection_back(qapp: object) -> None:
    document = opened(qapp)
    document.select(["s1b2", "head"])
    document.apply(edits.remove_blocks(document.design, ["s1b2"]), "Delete block")
    assert document.selection == ("head",)
    document.undo_stack.undo()
    assert document.selection == ("s1b2", "head")


def test_selection_stands_in_the_order_of_the_drawing_and_knows_no_strangers(qapp: object) -> None:
    document = opened(qapp)
    document.select(["s2b1", "nobody", "stem", "s1b1"])
    assert document.selection == ("stem", "s1b1", "s2b1")
    assert document.selected_blocks == ("s1b1", "s2b1")


def test_saving_makes_clean_and_undo_past_it_makes_dirty(qapp: object, tmp_path: Path) -> None:
    document = opened(qapp)
    flags: list[bool] = []
    document.clean_changed.connect(flags.append)
    widen(document, 70)
    document.saved(tmp_path / "a.resnet.json")
    document.undo_stack.undo()
    assert flags == [False, True, False]
    assert document.path == tmp_path / "a.resnet.json"


def test_a_saved_gesture_cannot_be_merged_away(qapp: object, tmp_path: Path) -> None:
    document = opened(qapp)
    widen(document, 70)
    document.saved(tmp_path / "a.resnet.json")
    widen(document, 71)
    assert not document.is_clean
    document.undo_stack.undo()
    assert document.is_clean
    assert document.design.block("s1b2").spec.width == 70


def test_a_recovered_copy_is_not_clean(qapp: object) -> None:
    document = opened(qapp)
    document.load(preset("resnet18"), clean=False)
    assert not document.is_clean
    assert document.path is None
    document.load(preset("resnet34"), Path("x"))
    assert document.is_clean


def test_an_edit_that_changes_nothing_is_no_step(qapp: object) -> None:
    document = opened(qapp)
    heard: list[int] = []
    document.changed.connect(lambda: heard.append(1))
    document.apply(document.design, "Nothing")
    assert document.undo_stack.count() == 0
    assert not heard


EDITS = ("insert", "remove", "duplicate", "move", "stage", "width")


def scripted(document: Document, what: str, number: int) -> None:
    design: Design = document.design
    ids = [block.id for block in design.blocks()]
    chosen = [ids[number % len(ids)]] if ids else []
    stages = len(design.stages)
    if what == "insert" and stages:
        spec = edits.fitting_spec(design, number % stages, 0, list(BlockKind)[number % 3])
        document.apply(edits.insert_spec(design, number % stages, 0, spec)[0], what)
    elif what == "remove":
        document.apply(edits.remove_blocks(design, chosen), what)
    elif what == "duplicate":
        document.apply(edits.duplicate_blocks(design, chosen)[0], what)
    elif what == "move" and stages:
        document.apply(edits.move_blocks(design, chosen, number % stages, 0), what)
    elif what == "stage":
        document.apply(edits.new_stage(design, number % (stages + 1))[0], what)
    else:
        document.apply(edits.change_blocks(design, chosen, width=number + 1), what, merge="width")


@given(st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 40)), max_size=25))
def test_undo_all_gives_the_start_and_redo_all_the_end(qapp: object, script: list[tuple[str, int]]) -> None:
    start = preset("resnet18")
    document = Document(start)
    for what, number in script:
        scripted(document, what, number)
    end = document.design
    while document.undo_stack.canUndo():
        document.undo_stack.undo()
    assert document.design == start
    assert document.is_clean
    while document.undo_stack.canRedo():
        document.undo_stack.redo()
    assert document.design == end


def test_documents_with_a_history_can_be_left_to_the_collector(qapp: object) -> None:
    gone: list[weakref.ref[Document]] = []
    for _ in range(40):
        document = opened(qapp)
        for width in range(1, 20):
            widen(document, width, merge="width" if width % 3 else None)
        for _ in range(5):
            document.undo_stack.undo()
        widen(document, 77, merge=None)
        gone.append(weakref.ref(document))
        del document
    gc.collect()
    assert all(reference() is None for reference in gone)


@given(
    st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 40)), max_size=12),
    st.lists(st.integers(0, 12), max_size=6),
)
def test_a_jump_is_that_many_undos_or_redos_told_once(
    qapp: object, script: list[tuple[str, int]], jumps: list[int]
) -> None:
    document, twin = Document(preset("resnet18")), Document(preset("resnet18"))
    for what, number in script:
        scripted(document, what, number)
    stack = document.undo_stack
    states = [document.state(index) for index in range(stack.count() + 1)]
    assert states[0] == twin.design
    assert states[-1] == document.design
    told: list[Design] = []
    document.changed.connect(lambda: told.append(document.design))
    for wanted in jumps:
        before, index = stack.index(), min(wanted, stack.count())
        told.clear()
        document.jump(index)
        assert stack.index() == index
        assert document.design == document.state(index) == states[index]
        assert document.plan.design == document.design
        assert told == ([] if before == index else [states[index]])
        assert document.is_clean == (index == 0)
    # The steps on the way were not lost: one by one they lead to the same drawings.
    document.jump(0)
    for state in states[1:]:
        stack.redo()
        assert document.design == state
