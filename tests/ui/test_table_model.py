"""The layer table's model: after any edits it equals one made afresh, and it tells of what changed and no more."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from resnet_studio.analysis.costs import together, unit_costs
from resnet_studio.analysis.layers import LayerKind
from resnet_studio.analysis.plan import HEAD, STEM, Plan, analyse
from resnet_studio.design import edits
from resnet_studio.design.presets import preset
from resnet_studio.design.types import Design, ShortcutKind
from resnet_studio.ui.table.confirmation import verdict
from resnet_studio.ui.table.figures import COUNTED
from resnet_studio.ui.table.model import LayerModel
from resnet_studio.ui.table.rows import Column
from resnet_studio.ui.theme import ThemeManager
from resnet_studio.ui.view_state import ViewState
from tests.design.drawings import designs

Told = list[tuple[str, str]]


def made(plan: Plan) -> LayerModel:
    model = LayerModel(ThemeManager(), ViewState())
    model.show_plan(plan)
    return model


def texts(model: LayerModel) -> list[tuple[str, ...]]:
    return [tuple(model.text(row, column) for column in Column) for row in model.all_rows()]


def answered(plan: Plan) -> dict[str, dict[str, object]]:
    """torchinfo's rows as they are when it agrees."""
    return {
        name: {"params": layer.params, "macs": layer.torchinfo_macs, "output": list(layer.output)}
        for name, layer, _ in plan.layers()
        if layer.kind not in (LayerKind.ADD, LayerKind.ZERO_PAD)
    }


def test_rows_add_up_to_the_plan(qapp: object) -> None:
    for name in ("resnet50", "cifar_resnet20", "resnext50_32x4d"):
        plan = analyse(preset(name))
        model = made(plan)
        rows = list(model.all_rows())
        leaves = [row for row in rows if row.layer is not None]
        tops = [row for row in rows if row.parent is not None and row.parent.parent is None]
        for some in (leaves, tops):
            assert sum(row.cells.params for row in some) == plan.totals.params
            assert sum(row.cells.macs for row in some) == plan.totals.macs
        assert [row.cells.name for row in leaves] == [name for name, _, _ in plan.layers()]


def test_what_blocks_cost_is_what_the_analysis_counts(qapp: object) -> None:
    for name in ("resnet50", "cifar_resnet20", "seresnet50"):
        plan = analyse(preset(name))
        model = made(plan)
        value = model.looks.figures.value
        rows = {row.key: row for row in model.all_rows() if row.layer is None}
        costs = unit_costs(plan)
        for unit, cost in zip(plan.units, costs, strict=True):
            row = rows[unit.id]
            assert [value(row, column) for column in COUNTED] == [
                cost.activations, cost.kept, unit.receptive, unit.jump, cost.intensity
            ]  # fmt: skip
        for index, stage in enumerate(plan.design.stages):
            inside = [cost for unit, cost in zip(plan.units, costs, strict=True) if unit.stage == index]
            last = [unit for unit in plan.units if unit.stage == index][-1]
            sums = together(inside)
            assert [value(rows[stage.id], column) for column in COUNTED] == [
                sums.activations, sums.kept, last.receptive, last.jump, pytest.approx(sums.intensity)
            ]  # fmt: skip
        figures = model.looks.figures
        assert figures.total(Column.MEMORY) == plan.totals.backward_bytes
        assert figures.total(Column.ACTIVATIONS) == plan.totals.activations
        leaves = [row for row in model.all_rows() if row.layer is not None]
        counted = (value(row, Column.ACTIVATIONS) for row in leaves)
        assert sum(number for number in counted if number is not None) == plan.totals.activations


def test_a_row_that_stays_says_anew_what_depends_on_the_rows_before_it(qapp: object) -> None:
    design = preset("resnet18")
    model = made(analyse(design))
    row = model.row_of("s1b2")
    assert row is not None
    before = [model.text(row, column) for column in (Column.MEMORY, Column.RECEPTIVE)]
    model.show_plan(analyse(edits.set_stem(design, replace(design.stem, kernel=9))))
    after = [model.text(row, column) for column in (Column.MEMORY, Column.RECEPTIVE)]
    assert model.row_of("s1b2") is row
    assert (before[0], int(after[1]) - int(before[1])) == (after[0], 2)


@settings(max_examples=settings().max_examples // 4)
@given(st.data())
def test_after_any_edits_it_equals_a_fresh_one(qapp: object, data: st.DataObject) -> None:
    shown = data.draw(st.lists(designs(min_stages=1, max_stages=3), min_size=2, max_size=4))
    model = made(analyse(shown[0]))
    for design in shown:
        if data.draw(st.booleans()):
            list(model.all_rows())  # every block has been opened
        plan = analyse(design)
        model.show_plan(plan)
        assert texts(model) == texts(made(plan))


@settings(max_examples=settings().max_examples // 6)
@given(st.data())
def test_moves_and_removals_keep_the_tree_whole(qapp: object, data: st.DataObject) -> None:
    design = preset("digits_starter")
    model = made(analyse(design))
    # Qt's own judge walks the whole tree at each signal: a small drawing only.
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for _ in range(data.draw(st.integers(1, 4))):
        ids = [block.id for block in design.blocks()]
        chosen = data.draw(st.sets(st.sampled_from(ids), min_size=1, max_size=3)) if ids else set()
        stage = data.draw(st.integers(0, len(design.stages) - 1))
        step = data.draw(st.sampled_from(["move", "copy", "remove", "widen", "stage"]))
        design = edited(design, step, chosen, stage)
        model.show_plan(analyse(design))
        assert texts(model) == texts(made(analyse(design)))
    assert tester.model() is model


def edited(design: Design, step: str, chosen: set[str], stage: int) -> Design:
    if step == "move":
        return edits.move_blocks(design, chosen, stage, 0)
    if step == "remove":
        return edits.remove_blocks(design, chosen)
    if step == "copy":
        return edits.duplicate_blocks(design, chosen)[0]
    if step == "widen":
        return edits.change_blocks(design, chosen, channels=96)
    return edits.move_stage(design, design.stages[stage].id, 0)


def test_an_edit_tells_of_the_rows_that_changed_and_no_others(qapp: object) -> None:
    design = preset("resnet152")
    model = made(analyse(design))
    list(model.all_rows())
    told: Told = []

    def heard(first: QModelIndex, last: QModelIndex) -> None:
        for place in range(first.row(), last.row() + 1):
            told.append((model.row_at(first.siblingAtRow(place)).key, ""))

    model.dataChanged.connect(heard)
    for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved, model.layoutChanged):
        signal.connect(lambda *_: told.append(("structure", "")))
    model.show_plan(analyse(edits.change_blocks(design, ["s3b10"], width=128)))
    keys = {key for key, _ in told}
    assert {"s3", "s3b10", "s3b10/conv1", "s3b10/bn2"} <= keys
    assert all(key == "s3" or key.split("/")[0] == "s3b10" for key in keys)


def test_a_block_that_is_closed_costs_no_rows(qapp: object) -> None:
    model = made(analyse(preset("resnet152")))
    row = model.row_of("s3b10")
    assert row is not None
    assert row.children is None
    assert model.hasChildren(model.index_of(row))
    assert model.rowCount(model.index_of(row)) == 10


def test_sorting_stays_within_each_level_and_goes_back(qapp: object) -> None:
    plan = analyse(preset("resnet50"))
    model = made(plan)
    before = texts(model)
    model.arrange(Column.PARAMS, descending=True)
    rows = list(model.all_rows())
    tops = [row.cells.params for row in rows if row.parent is not None and row.parent.parent is None]
    assert tops == sorted(tops, reverse=True)
    blocks = [
        row.cells.params
        for row in rows
        if row.parent is not None and row.parent.key == "s3" and row.layer is None
    ]
    assert blocks == sorted(blocks, reverse=True)
    assert sorted(texts(model)) == sorted(before)
    model.show_plan(analyse(edits.change_blocks(plan.design, ["s1b1"], width=4096)))
    assert next(iter(model.all_rows())).key == "s1"
    model.show_plan(plan)
    model.arrange(None)
    assert texts(model) == before


def test_a_filter_finds_names_and_kinds_with_their_parents(qapp: object) -> None:
    model = made(analyse(preset("resnet18")))
    model.arrange(None, words="Downsample.0")
    found = [row.cells.name for row in model.all_rows()]
    assert [name for name in found if name.endswith("downsample.0")] == [
        f"layer{i}.0.downsample.0" for i in (2, 3, 4)
    ]
    assert {"layer2", "layer2.0"} <= set(found)
    assert "stem" not in found
    assert "layer2.1" not in found
    model.arrange(None, words="stage 3")
    assert {row.cells.name.split(".")[0] for row in model.all_rows()} == {"layer3"}
    model.arrange(None, words="")
    assert len(list(model.all_rows())) > len(found)


def test_torchinfo_confirms_waits_and_differs_in_words(qapp: object) -> None:
    plan = analyse(preset("cifar_resnet20"))
    model = made(plan)
    assert {model.verdict(row) for row in model.all_rows()} == {"…"}
    rows = answered(plan)
    model.set_confirmation(rows)
    said = {row.key: model.verdict(row) for row in model.all_rows()}
    assert {said[STEM], said["s2"], said["s2b1"], said[HEAD]} == {"✓"}
    assert set(said.values()) == {"✓", ""}, "the addition and the zero padding have no row of their own"
    rows["layer2.0.conv1"]["params"] = 7
    model.set_confirmation(rows)
    said = {row.key: model.verdict(row) for row in model.all_rows()}
    assert said["s2b1/conv1"] == "counts 7 parameters"
    assert (said["s2b1"], said["s2"], said["s1"]) == ("1 differs", "1 differs", "✓")
    del rows["layer2.1.conv1"]
    row = model.row_of("s2b2/conv1")
    assert row is not None
    assert verdict(row, rows) == "not counted"
    model.show_plan(analyse(edits.change_blocks(plan.design, ["s1b1"], width=8)))
    assert {model.verdict(row) for row in model.all_rows()} == {"…"}, (
        "an old answer says nothing of a new drawing"
    )


@pytest.mark.parametrize("change", [{"groups": 33}, {"shortcut": ShortcutKind.IDENTITY}])
def test_what_cannot_be_built_is_skipped_and_the_rest_confirmed(
    qapp: object, change: dict[str, object]
) -> None:
    plan = analyse(edits.change_blocks(preset("resnet50"), ["s2b1"], **change))
    assert {problem.where for problem in plan.problems} == {"s2b1"}
    model = made(plan)
    sound = {name: row for name, row in answered(plan).items() if not name.startswith("layer2.0.")}
    # Whether or not somebody built what stands in the broken block: nothing differs.
    for rows in (sound, answered(plan)):
        model.set_confirmation(rows)
        said = {row.key: model.verdict(row) for row in model.all_rows()}
        assert (said["s2b1"], said["s2b1/conv2"], said["s2"]) == ("skipped", "skipped", "partly")
        assert (said["s2b2"], said["s1"], said[HEAD]) == ("✓", "✓", "✓")
    alone = analyse(edits.remove_blocks(plan.design, ["s2b2", "s2b3", "s2b4"]))
    model.show_plan(alone)
    model.set_confirmation(sound)
    stage = model.row_of("s2")
    assert stage is not None
    assert model.verdict(stage) == "skipped"
