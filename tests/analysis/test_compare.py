"""Two drawings side by side: nothing is lost, nothing is told twice, edits are told as what they are, and the numbers add up."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.analysis.compare import Comparison, Row, RowKind, Side, Sign, compare, folded
from resnet_studio.analysis.comparison import MEASURES, totals_of
from resnet_studio.analysis.plan import analyse
from resnet_studio.design import edits
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import Block, BlockKind, BlockSpec, Design, InputSpec, Stage
from tests.design.drawings import designs, heads, ids, specs, stems

ADDITIVE = [name for name in MEASURES if name != "receptive"]


def relabelled(design: Design, mark: str = "other-") -> Design:
    """The same drawing of other individuals."""
    stages = tuple(
        Stage(
            id=mark + stage.id,
            name=stage.name,
            blocks=tuple(Block(mark + block.id, block.spec) for block in stage.blocks),
        )
        for stage in design.stages
    )
    return replace(design, stages=stages)


def blocks(found: Comparison) -> list[Row]:
    return [row for row in found.walk() if row.kind is RowKind.BLOCK]


def of(found: Comparison, sign: Sign, side: Callable[[Row], Side | None]) -> set[str]:
    rows = [row for row in blocks(found) if row.sign is sign]
    return {own for row in rows for one in [side(row)] if one is not None for own in one.ids}


def left(row: Row) -> Side | None:
    return row.left


def right(row: Row) -> Side | None:
    return row.right


def unlike(found: Comparison) -> list[Row]:
    return [row for row in found.walk() if row.sign is not Sign.EQUAL]


def lanes(found: Comparison, side: Callable[[Row], Side | None]) -> Iterator[list[str]]:
    """The drawing that the rows tell of one side: its lanes of block ids."""
    for row in found.rows:
        if row.kind is RowKind.STAGE and side(row) is not None:
            yield [own for inner in row.rows for one in [side(inner)] if one is not None for own in one.ids]


# --- always -----------------------------------------------------------------------------------------------------------


@given(designs())
def test_a_drawing_does_not_differ_from_itself_nor_from_its_copy(design: Design) -> None:
    for other in (design, replace(design, name="Another name"), relabelled(design)):
        found = compare(design, other)
        assert found.same
        assert found.words == "no difference"
        assert not unlike(found)
        assert not any(row.changes or row.differs or row.what for row in found.walk())
        assert set(found.deltas.values()) == {0}


@given(designs(), designs(), st.booleans())
def test_whatever_is_compared_every_block_stands_there_once_and_the_numbers_add_up(
    one: Design, other: Design, strangers: bool
) -> None:
    other = relabelled(other) if strangers else other
    whole = compare(one, other)
    for found in (whole, folded(whole)):
        for side, design in ((left, one), (right, other)):
            assert list(lanes(found, side)) == [[b.id for b in stage.blocks] for stage in design.stages]
        totals, others = totals_of(analyse(one)), totals_of(analyse(other))
        for name in ADDITIVE:
            measure = MEASURES[name]
            assert found.deltas[name] == others[name] - totals[name]
            assert sum(row.delta(measure) for row in found.rows) == found.deltas[name]
            for row in found.rows:
                if row.kind is RowKind.STAGE:
                    assert sum(inner.delta(measure) for inner in row.rows) == row.delta(measure)
        for row in found.walk():
            alone = row.left is None or row.right is None
            assert alone == (row.sign in (Sign.ADDED, Sign.REMOVED))
            assert bool(row.what) or row.sign is Sign.EQUAL or any(r.sign is not Sign.EQUAL for r in row.rows)


@given(designs(), designs())
def test_the_other_way_round_the_numbers_are_the_opposite(one: Design, other: Design) -> None:
    there, back = compare(one, other), compare(other, one)
    assert there.deltas == {name: -value for name, value in back.deltas.items()}
    assert there.same == back.same


@given(designs(min_stages=1))
def test_folded_rows_tell_each_block_and_as_many_words(design: Design) -> None:
    changed = edits.change_blocks(design, ids(design), width=3)
    whole = compare(design, changed)
    short = folded(whole)
    assert short.words == whole.words
    assert short.deltas == whole.deltas
    told = {own: row.what for row in blocks(short) for own in row.side.ids}
    assert told == {row.side.ids[0]: row.what for row in blocks(whole)}
    for stage in short.rows:
        for above, row in zip(stage.rows, stage.rows[1:], strict=False):
            assert row.side.first == above.side.last + 1


# --- an edit is told as what it is ------------------------------------------------------------------------------------


def chosen(data: st.DataObject, design: Design) -> list[str]:
    known = ids(design)
    return data.draw(st.lists(st.sampled_from(known), unique=True)) if known else []


@given(designs(min_stages=1), specs, st.data())
def test_an_inserted_block_is_the_one_addition(design: Design, spec: BlockSpec, data: st.DataObject) -> None:
    stage = data.draw(st.integers(0, len(design.stages) - 1))
    place = data.draw(st.integers(0, len(design.stages[stage].blocks)))
    # A first block in an empty lane is by its id nobody's twin either.
    new, made = edits.insert_spec(design, stage, place, spec)
    found = compare(design, new)
    assert of(found, Sign.ADDED, right) == {made}
    assert len(unlike(found)) == 2  # the block and its stage
    assert found.words == "1 block added"
    assert compare(new, design).words == "1 block removed"


@given(designs(min_stages=1), st.data())
def test_removed_blocks_are_the_only_removals(design: Design, data: st.DataObject) -> None:
    gone = chosen(data, design)
    found = compare(design, edits.remove_blocks(design, gone))
    kept = {stage.id for stage in design.stages if any(block.id not in gone for block in stage.blocks)}
    assert of(found, Sign.REMOVED, left) == set(gone)
    assert of(found, Sign.ADDED, right) == of(found, Sign.CHANGED, right) == set()
    for row in found.rows:
        if row.kind is RowKind.STAGE and row.right is not None and row.side.ids[0] in kept:
            untouched = all(inner.sign is Sign.EQUAL for inner in row.rows)
            assert (row.sign is Sign.EQUAL) == untouched


@given(designs(min_stages=1), specs, st.data())
def test_changed_fields_are_named_and_no_others(design: Design, spec: BlockSpec, data: st.DataObject) -> None:
    names = data.draw(st.sets(st.sampled_from([field.name for field in fields(BlockSpec)]), min_size=1))
    some = chosen(data, design)
    new = edits.change_blocks(design, some, **{name: getattr(spec, name) for name in names})
    found = compare(design, new)
    for row in blocks(found):
        assert row.left is not None
        assert row.right is not None
        before, after = design.block(row.left.ids[0]), new.block(row.right.ids[0])
        assert before is not None
        assert after is not None
        other = {field for field in names if getattr(before.spec, field) != getattr(after.spec, field)}
        assert {change.field for change in row.changes} == other
        assert (row.sign is Sign.CHANGED) == bool(other)
        assert all(change.words in row.what for change in row.changes)
    assert not of(found, Sign.ADDED, right)
    assert not of(found, Sign.REMOVED, left)


@given(designs(min_stages=2), st.data())
def test_a_moved_block_is_told_at_both_places_and_counted_once(design: Design, data: st.DataObject) -> None:
    stage = data.draw(st.integers(0, len(design.stages) - 1))
    place = data.draw(st.integers(0, len(design.stages[stage].blocks)))
    new = edits.move_blocks(design, chosen(data, design), stage, place)
    found = compare(design, new)
    assert of(found, Sign.ADDED, right) == of(found, Sign.REMOVED, left)
    assert all(row.moved for row in blocks(found) if row.sign in (Sign.ADDED, Sign.REMOVED))
    assert found.same == (new == design)
    assert "added" not in found.words
    for row in blocks(found):
        if row.moved:
            own = row.side.ids[0]
            where = (new if row.sign is Sign.REMOVED else design).find(own)
            assert where is not None
            assert row.moved == f"Stage {where[0] + 1}, block {where[1] + 1}"


@given(designs(), stems, heads, st.integers(1, 64))
def test_stem_head_and_input_are_told_by_their_fields(design: Design, stem, head, size: int) -> None:  # type: ignore[no-untyped-def]
    spec = InputSpec(channels=design.input.channels, height=size, width=size)
    new = edits.set_head(edits.set_stem(edits.set_input(design, spec), stem), head=head)
    rows: dict[RowKind, Row] = {
        row.kind: row for row in compare(design, new).rows if row.kind is not RowKind.STAGE
    }
    for kind, before, after in (
        (RowKind.INPUT, design.input, spec), (RowKind.STEM, design.stem, stem), (RowKind.HEAD, design.head, head)
    ):  # fmt: skip
        if before is None and after is None:
            assert kind not in rows
            continue
        row = rows[kind]
        if before is None or after is None:
            assert row.sign is (Sign.ADDED if before is None else Sign.REMOVED)
            continue
        names = {f.name for f in fields(before) if getattr(before, f.name) != getattr(after, f.name)}
        assert {change.field for change in row.changes} == names
        assert (row.sign is Sign.EQUAL) == (not names)


@given(designs(min_stages=1), st.data())
def test_stages_that_come_go_move_and_are_renamed(design: Design, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(design.stages) - 1))
    lane = design.stages[index]
    new, made = edits.new_stage(design, index, BlockKind.RESIDUAL)
    added = [row for row in compare(design, new).rows if row.sign is Sign.ADDED]
    assert [row.side.ids for row in added] == [(made.id,)]
    assert all(inner.sign is Sign.ADDED for inner in added[0].rows)

    gone = compare(design, edits.remove_stage(design, stage_id=lane.id))
    assert [row.side.ids for row in gone.rows if row.sign is Sign.REMOVED] == [(lane.id,)]

    renamed = compare(design, edits.rename_stage(design, lane.id, lane.name + "x"))
    assert [(row.kind, row.what) for row in unlike(renamed)] == [
        (RowKind.STAGE, f"name {lane.name}x instead of {lane.name}")
    ]
    assert renamed.words == "1 stage changed"

    to = data.draw(st.integers(0, len(design.stages) - 1))
    other = edits.move_stage(design, lane.id, to)
    moved = compare(design, other)
    placed = [row.moved for row in moved.rows if row.kind is RowKind.STAGE and row.moved]
    order = [stage.id for stage in design.stages] == [stage.id for stage in other.stages]
    assert bool(placed) == (not order)


# --- strangers, which share no ids ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["resnet18", "resnet50", "cifar_resnet20", "resnext50_32x4d"])
@given(data=st.data())
def test_a_copy_with_a_block_less_is_told_as_that(name: str, data: st.DataObject) -> None:
    design = preset(name)
    gone = data.draw(st.sampled_from(ids(design)))
    shorter = relabelled(edits.remove_blocks(design, [gone]))
    found = compare(design, shorter)
    assert found.words == "1 block removed"
    # Equal neighbours are each other's equals: which of a run is missing cannot be known, but its like can.
    (missing,) = of(found, Sign.REMOVED, left)
    lost, told = design.block(gone), design.block(missing)
    assert lost is not None
    assert told is not None
    assert lost.spec == told.spec


@given(st.data())
def test_a_copy_with_a_stage_more_is_told_as_that(data: st.DataObject) -> None:
    design = preset("resnet50")
    new, made = edits.new_stage(design, data.draw(st.integers(0, 4)), BlockKind.BOTTLENECK)
    copy = relabelled(edits.rename_stage(new, made.id, "Between"))
    names = {stage.id: stage.name for stage in design.stages}
    for stage in new.stages:
        if stage.id in names:
            copy = edits.rename_stage(copy, f"other-{stage.id}", names[stage.id])
    found = compare(design, copy)
    assert found.words.startswith("1 stage added")
    (row,) = [row for row in found.rows if row.sign is Sign.ADDED]
    assert row.side.ids == (f"other-{made.id}",)


# --- named networks ---------------------------------------------------------------------------------------------------


def test_resnet_50_and_101_differ_in_seventeen_blocks_of_stage_3() -> None:
    found = folded(compare(preset("resnet50"), preset("resnet101")))
    assert found.words == "17 blocks added"
    (row,) = [row for row in blocks(found) if row.sign is not Sign.EQUAL]
    assert (row.side.place, row.what) == ("Stage 3, blocks 7-23", "added")
    assert found.deltas["params"] == 44549160 - 25557032


def test_a_difference_is_told_in_words_and_by_its_two_values() -> None:
    found = compare(
        preset("resnet50"), edits.change_blocks(preset("resnet50"), ["s2b3"], width=160, groups=32)
    )
    (row,) = [row for row in blocks(found) if row.sign is not Sign.EQUAL]
    assert row.what == "width 160 instead of 128, groups 32 instead of 1"
    assert [(c.field, c.left, c.right) for c in row.changes] == [
        ("width", "128", "160"),
        ("groups", "1", "32"),
    ]


def test_another_input_is_a_difference_of_cost_for_equal_blocks() -> None:
    design = preset("resnet18")
    found = compare(design, edits.set_input(design, InputSpec(height=64, width=64)))
    assert found.words == "input changed"
    assert all(row.sign is Sign.EQUAL and row.differs for row in blocks(found))


@pytest.mark.parametrize("name", ["resnet34", "wide_resnet50_2", "cifar_resnet1202"])
def test_every_named_network_can_be_laid_beside_every_other(name: str) -> None:
    one = preset(name)
    for other in PRESETS:
        found = folded(compare(one, preset(other)))
        assert sum(row.delta(MEASURES["params"]) for row in found.rows) == found.deltas["params"]
        assert found.same == (not [row for row in found.walk() if row.what])
