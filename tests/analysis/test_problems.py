"""Problems and repairs: named in shapes and words, at the right place; each repair removes its Problem, and repairing ends."""

from dataclasses import replace

import pytest
from hypothesis import example, given

from resnet_studio.analysis.faults import nearest_divisor, shape_words
from resnet_studio.analysis.plan import HEAD, STEM, WHOLE, Problem, analyse
from resnet_studio.design import edits
from resnet_studio.design.limits import MAX_PARAMS
from resnet_studio.design.presets import preset
from resnet_studio.design.types import (
    Block,
    BlockKind,
    BlockSpec,
    Design,
    InputSpec,
    Norm,
    ShortcutKind,
    Stage,
    Stem,
)
from resnet_studio.written import thousands
from tests.design.drawings import designs


def _only(design: Design) -> Problem:
    problems = analyse(design).problems
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def _repaired(design: Design, problem: Problem) -> Design:
    assert problem.repair is not None
    return problem.repair.apply(design)


@given(designs())
def test_each_repair_removes_its_problem(design: Design) -> None:
    for problem in analyse(design).problems:
        if problem.repair is not None:
            assert problem.repair.label
            left = analyse(problem.repair.apply(design)).problems_at(problem.where)
            assert problem.code not in [other.code for other in left]


@given(designs())
@example(
    Design(
        name="three to repair and no block",
        input=InputSpec(channels=1, height=1, width=1),
        stem=Stem(channels=1, kernel=1, stride=2, pool=False, norm=Norm.GROUP, norm_groups=2),
        stages=(),
        head=None,
    )
)
def test_repairing_ends(design: Design) -> None:
    """Clicking the first repair again and again comes to a drawing that has none left to click."""
    # The stem has as many problems as a block, the head one.
    most = 4 * (len(list(design.blocks())) + 1) + len(design.stages) + 1
    for _ in range(most):
        repair = next((problem.repair for problem in analyse(design).problems if problem.repair), None)
        if repair is None:
            break
        design = repair.apply(design)
    assert not [problem for problem in analyse(design).problems if problem.repair]


@given(designs())
def test_problems_have_a_place_that_is_there(design: Design) -> None:
    plan = analyse(design)
    places = (
        {STEM, HEAD, WHOLE} | {stage.id for stage in design.stages} | {block.id for block in design.blocks()}
    )
    for problem in plan.problems:
        assert problem.where in places
        assert problem.place
        assert problem.message
        assert "\n" not in str(problem)
        assert problem in plan.problems_at(problem.where)


def _resnet18_with(**fields: object) -> Design:
    return edits.change_blocks(preset("resnet18"), ["s2b1"], **fields)


def test_channels_that_do_not_match_at_the_addition() -> None:
    design = _resnet18_with(shortcut=ShortcutKind.IDENTITY)
    problem = _only(design)
    assert (problem.code, problem.where, problem.place) == ("shortcut", "s2b1", "Stage 2, block 1")
    assert problem.message == ("64 → 128, stride 2: the addition gets 128·28² and 64·56²; needs a projection")
    assert problem.repair is not None
    assert problem.repair.label == "Add projection"
    assert _repaired(design, problem) == preset("resnet18")


def test_a_zero_padding_cannot_take_channels_away() -> None:
    design = edits.insert_spec(
        preset("cifar_resnet20"), 1, 3,
        BlockSpec(kind=BlockKind.RESIDUAL, channels=16, width=16, shortcut=ShortcutKind.ZERO_PAD),
    )[0]  # fmt: skip
    first = analyse(design).problems[0]
    assert first.code == "shortcut"
    assert "16" in first.message
    assert first.repair is not None


def test_groups_that_do_not_divide() -> None:
    design = edits.change_blocks(preset("resnext50_32x4d"), ["s1b2"], groups=30)
    problem = _only(design)
    assert (problem.code, problem.message) == ("groups", "30 groups do not divide 128 channels")
    assert problem.repair is not None
    assert problem.repair.label == "Set 32 groups"
    assert _repaired(design, problem) == preset("resnext50_32x4d")


def test_groups_of_a_residual_block_see_all_three_widths() -> None:
    design = _resnet18_with(groups=48)
    problem = _only(design)
    assert problem.code == "groups"
    assert _repaired(design, problem) == _resnet18_with(groups=32)  # as near as 64, and smaller


def test_a_map_shrunk_to_nothing() -> None:
    design = replace(preset("resnet18"), input=InputSpec(channels=3, height=8, width=8))
    shrunk = [problem for problem in analyse(design).problems if problem.code == "shrunk"]
    assert [problem.where for problem in shrunk] == ["s3b1", "s4b1"]
    assert shrunk[0].message == "stride 2 on a 1x1 map: nothing is left to halve"


@pytest.mark.parametrize(("size", "label"), [(1, "Set stride 1 and remove max-pool"), (2, "Remove max-pool")])
def test_a_stem_that_shrinks_the_map_to_nothing_is_mended_at_once(size: int, label: str) -> None:
    design = replace(preset("resnet18"), input=InputSpec(channels=3, height=size, width=size), stages=())
    problem = _only(design)
    assert (problem.code, problem.where, problem.place) == ("shrunk", STEM, "Stem")
    assert problem.repair is not None
    assert problem.repair.label == label
    assert analyse(_repaired(design, problem)).problems == ()


def test_a_missing_head_comes_back() -> None:
    design = edits.set_head(preset("resnet18"), head=None)
    problem = _only(design)
    assert (problem.code, problem.where) == ("head", HEAD)
    assert _repaired(design, problem) == preset("resnet18")


def test_an_empty_stage_goes() -> None:
    design = edits.insert_stage(preset("resnet18"), 4, Stage(id="new", name="Stage 5"))
    problem = _only(design)
    assert (problem.code, problem.where, problem.place) == ("empty_stage", "new", "Stage 5")
    assert _repaired(design, problem) == preset("resnet18")


def test_a_network_that_nobody_could_build() -> None:
    spec = BlockSpec(kind=BlockKind.RESIDUAL, channels=65_536, width=65_536)
    blocks = (Block("a", replace(spec, shortcut=ShortcutKind.PROJECTION)), Block("b", spec))
    design = Design(stem=Stem(), stages=(Stage(id="s", name="Stage 1", blocks=blocks),))
    problem = _only(design)
    assert (problem.code, problem.where, problem.repair) == ("size", WHOLE, None)
    assert thousands(MAX_PARAMS) in problem.message
    assert analyse(design).totals.params > MAX_PARAMS  # exact, however large


def test_totals_stay_alive_beside_a_broken_block() -> None:
    whole, broken = analyse(preset("resnext50_32x4d")), analyse(
        edits.change_blocks(preset("resnext50_32x4d"), ["s1b2"], groups=30)
    )  # fmt: skip
    lost = next(row for row in whole.units[2].part.body if row.groups == 32)
    assert whole.totals.params - broken.totals.params == lost.params
    assert whole.totals.macs - broken.totals.macs == lost.macs


@pytest.mark.parametrize(
    ("number", "wanted", "best"),
    [(64, 32, 32), (64, 30, 32), (64, 3, 2), (7, 4, 1), (12, 5, 4), (1, 32, 1), (64, 1, 1)],
)
def test_the_nearest_divisor(number: int, wanted: int, best: int) -> None:
    assert nearest_divisor(number, wanted) == best


def test_shapes_in_words() -> None:
    assert shape_words((256, 28, 28)) == "256·28²"
    assert shape_words((256, 28, 14)) == "256·28x14"
    assert shape_words((1000,)) == "1000"
