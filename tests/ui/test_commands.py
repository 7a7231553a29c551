"""The editing commands: what they make of the drawing, one undo step each, and what they select."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication

from resnet_studio.analysis.plan import HEAD, STEM
from resnet_studio.design import limits
from resnet_studio.design.edits import make_spec
from resnet_studio.design.errors import StudioError
from resnet_studio.design.migrations import FORMAT
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Block, BlockKind, Design, Stage
from resnet_studio.ui import commands
from resnet_studio.ui.block_text import from_text, to_text
from resnet_studio.ui.document import Document


@pytest.fixture
def document(qapp) -> Document:
    return Document(preset("resnet50"))


def ids(document: Document, stage: int) -> list[str]:
    return [block.id for block in document.design.stages[stage].blocks]


@pytest.mark.parametrize("kind", BlockKind)
def test_inserting_a_kind_keeps_the_drawing_sound(document: Document, kind: BlockKind) -> None:
    document.select(["s2b2"])
    commands.insert_kind(document, kind)
    assert ids(document, 1)[:2] == ["s2b1", "s2b2"]
    new = document.design.stages[1].blocks[2]
    assert new.spec.kind is kind
    assert document.selection == (new.id,)
    assert not document.plan.problems
    assert document.undo_stack.count() == 1
    document.undo_stack.undo()
    assert document.design == preset("resnet50")
    assert document.selection == ("s2b2",)


@pytest.mark.parametrize(
    ("chosen", "place"),
    [((), (3, 3)), (("s1b1",), (0, 1)), (("s2",), (1, 4)), ((STEM,), (0, 0)), (("s1b1", "s3b2"), (2, 2))],
)
def test_new_things_go_behind_the_selection(
    document: Document, chosen: tuple[str, ...], place: tuple[int, int]
) -> None:
    document.select(chosen)
    assert commands.place_after_selection(document) == place


def test_the_first_block_of_an_empty_drawing_makes_a_stage(qapp) -> None:
    document = Document(Design(stages=()))
    commands.insert_kind(document, BlockKind.BOTTLENECK)
    assert [len(stage.blocks) for stage in document.design.stages] == [1]
    assert document.design.stages[0].blocks[0].spec.kind is BlockKind.BOTTLENECK
    assert not document.plan.problems


def test_a_new_stage_halves_the_map_and_stands_behind_the_selected_one(document: Document) -> None:
    document.select(["s2b1"])
    before = document.plan.unit("s2b4")
    commands.insert_stage(document)
    new = document.design.stages[2].blocks[0]
    unit = document.plan.unit(new.id)
    assert before is not None
    assert unit is not None
    assert unit.part.output == (1024, 14, 14)
    assert before.part.output == (512, 28, 28)
    assert [stage.name for stage in document.design.stages] == [f"Stage {n}" for n in range(1, 6)]


def test_delete_takes_blocks_and_selects_what_follows(document: Document) -> None:
    document.select(["s1b2"])
    commands.delete(document)
    assert ids(document, 0) == ["s1b1", "s1b3"]
    assert document.selection == ("s1b3",)
    assert document.undo_stack.undoText() == "Delete bottleneck"
    document.select(["s4b2", "s4b3"])
    commands.delete(document)
    assert document.selection == ("s4b1",)
    assert document.undo_stack.undoText() == "Delete 2 bottlenecks"


def test_delete_takes_stages_and_the_head_but_never_the_stem(document: Document) -> None:
    document.select([STEM, "s3", HEAD])
    commands.delete(document)
    assert [stage.id for stage in document.design.stages] == ["s1", "s2", "s4"]
    assert document.design.head is None
    assert document.undo_stack.count() == 1
    document.select([STEM])
    with pytest.raises(StudioError, match="stem stays"):
        commands.delete(document)
    assert document.undo_stack.count() == 1
    commands.add_head(document)
    assert document.design.head is not None


def test_the_last_block_of_a_stage_leaves_its_stage_selected(document: Document) -> None:
    document.select(ids(document, 0))
    commands.delete(document)
    assert document.selection == ("s1",)
    assert document.design.stages[0].blocks == ()


def test_copy_is_readable_and_paste_makes_new_individuals(document: Document) -> None:
    document.select(["s1b1", "s2b1"])
    commands.copy(document)
    value = json.loads(QGuiApplication.clipboard().text())
    assert value["resnet_studio_blocks"] == FORMAT
    assert [block["channels"] for block in value["blocks"]] == [256, 512]
    document.select(["s4b3"])
    commands.paste(document)
    pasted = document.design.stages[3].blocks[3:]
    assert [block.spec for block in pasted] == [document.design.stages[n].blocks[0].spec for n in (0, 1)]
    assert document.selection == tuple(block.id for block in pasted)
    assert document.undo_stack.undoText() == "Paste 2 bottlenecks"


def test_cut_is_one_step(document: Document) -> None:
    document.select(["s1b2"])
    commands.cut(document)
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Cut bottleneck"
    assert ids(document, 0) == ["s1b1", "s1b3"]
    commands.paste(document)
    assert len(ids(document, 0)) == 3


@pytest.mark.parametrize(
    "text",
    ["", "hello", "[1]", "{}", '{"resnet_studio_blocks": 1, "blocks": []}',
     '{"resnet_studio_blocks": 1, "blocks": [{"kind": "lstm"}]}', "[" * 100_000],
)  # fmt: skip
def test_a_clipboard_without_blocks_is_refused_and_changes_nothing(document: Document, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    with pytest.raises(StudioError):
        commands.paste(document)
    assert document.undo_stack.count() == 0


def test_text_survives_the_round_trip() -> None:
    specs = [block.spec for block in preset("resnext50_32x4d").blocks()]
    assert from_text(to_text(specs)) == tuple(specs)


def test_duplicate_follows_its_original_without_a_problem(document: Document) -> None:
    document.select(["s2b1"])
    commands.duplicate(document)
    assert ids(document, 1)[0] == "s2b1"
    assert document.selection == (ids(document, 1)[1],)
    assert not document.plan.problems


def test_a_stage_duplicates_as_a_whole(document: Document) -> None:
    document.select(["s2"])
    commands.duplicate(document)
    assert [len(stage.blocks) for stage in document.design.stages] == [3, 4, 4, 6, 3]
    assert len({block.id for block in document.design.blocks()}) == 20
    assert not document.plan.problems


def test_blocks_move_up_and_down_and_to_neighbours(document: Document) -> None:
    document.select(["s1b3"])
    commands.move_up(document)
    assert ids(document, 0) == ["s1b1", "s1b3", "s1b2"]
    commands.move_down(document)
    commands.move_down(document)
    assert ids(document, 0) == ["s1b1", "s1b2", "s1b3"]
    commands.move_to_neighbour(document, 1)
    assert ids(document, 0) == ["s1b1", "s1b2"]
    assert ids(document, 1)[0] == "s1b3"
    commands.move_to_neighbour(document, -1)
    assert ids(document, 0) == ["s1b1", "s1b2", "s1b3"]
    commands.move_to_neighbour(document, -1)
    assert document.selection == ("s1b3",)


def test_a_selected_stage_moves_as_a_whole(document: Document) -> None:
    document.select(["s2"])
    commands.move_to_neighbour(document, 1)
    assert [stage.id for stage in document.design.stages] == ["s1", "s3", "s2", "s4"]
    commands.move_up(document)
    assert document.design == preset("resnet50")


def test_a_repair_is_one_undoable_step(document: Document) -> None:
    commands.move(document, ["s1b1"], 3, 0)
    problem = next(problem for problem in document.plan.problems if problem.repair is not None)
    count = document.undo_stack.count()
    commands.repair(document, problem)
    assert document.undo_stack.count() == count + 1
    assert problem not in document.plan.problems


def test_what_no_file_could_hold_is_refused(qapp) -> None:
    spec = make_spec(BlockKind.RESIDUAL, 64)
    blocks = tuple(Block(f"b{n}", spec) for n in range(limits.MAX_BLOCKS))
    document = Document(Design(stages=(Stage(id="s", name="Stage 1", blocks=blocks),)))
    document.select(["b1"])
    refused: list[Callable[[Document], None]] = [
        commands.duplicate,
        lambda d: commands.insert_kind(d, BlockKind.RESIDUAL),
        commands.insert_stage,
        lambda d: commands.insert_specs(d, [spec]),
    ]
    for command in refused:
        with pytest.raises(StudioError, match="2\u202f048"):
            command(document)
    assert document.undo_stack.count() == 0


def test_channels_beyond_the_limit_are_refused(qapp) -> None:
    wide = make_spec(BlockKind.RESIDUAL, limits.MAX_CHANNELS)
    document = Document(Design(stages=(Stage(id="s", name="Stage 1", blocks=(Block("b", wide),)),)))
    with pytest.raises(StudioError, match="channels"):
        commands.insert_stage(document)


COMMANDS: list[Callable[[Document], None]] = [
    commands.delete,
    commands.duplicate,
    commands.move_up,
    commands.move_down,
    lambda d: commands.move_to_neighbour(d, 1),
    lambda d: commands.move_to_neighbour(d, -1),
    lambda d: commands.insert_kind(d, BlockKind.RESNEXT),
    commands.insert_stage,
    commands.add_head,
    commands.select_all,
]


@given(st.lists(st.tuples(st.integers(0, len(COMMANDS) - 1), st.integers(0, 30)), max_size=12))
def test_undoing_everything_gives_the_beginning(qapp, steps: list[tuple[int, int]]) -> None:
    document = Document(preset("resnet18"))
    for command, pick in steps:
        known = [
            STEM,
            HEAD,
            *(s.id for s in document.design.stages),
            *(b.id for b in document.design.blocks()),
        ]
        document.select([known[pick % len(known)]])
        before, design = document.undo_stack.count(), document.design
        try:
            COMMANDS[command](document)
        except StudioError:
            assert document.design == design
        assert document.undo_stack.count() <= before + 1
    after = document.design
    document.undo_stack.setIndex(0)
    assert document.design == preset("resnet18")
    document.undo_stack.setIndex(document.undo_stack.count())
    assert document.design == after
