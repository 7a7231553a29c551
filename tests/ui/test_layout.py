"""The layout as a pure function: nothing overlaps, every block has a place, every point has a drop place."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.analysis.plan import HEAD, STEM, analyse
from resnet_studio.design.presets import PRESETS, preset
from resnet_studio.design.types import (
    Block,
    BlockKind,
    BlockSpec,
    Design,
    Head,
    Order,
    ShortcutKind,
    Stage,
    Stem,
)
from resnet_studio.ui.canvas.layout import Layout, stretched
from resnet_studio.ui.canvas.navigation import between, ids_of, step
from resnet_studio.ui.canvas.placing import layout
from resnet_studio.ui.canvas.shapes import SPINE, STYLE, Card, Rect, Role, Sizes, Spot

SIZES = Sizes()


def wrap(text: str, width: float, most: int) -> tuple[str, ...]:
    room = max(1, int(width / 6))
    return tuple(text[start : start + room] for start in range(0, len(text), room))[:most]


def lay_out(design: Design, opened: set[str] | None = None) -> Layout:
    return layout(analyse(design), opened or set(), SIZES, wrap)


SPECS = st.builds(
    BlockSpec,
    kind=st.sampled_from(BlockKind),
    channels=st.sampled_from([16, 32, 48]),
    width=st.sampled_from([8, 16]),
    groups=st.sampled_from([1, 3, 8]),
    stride=st.sampled_from([1, 1, 2]),
    order=st.sampled_from(Order),
    shortcut=st.sampled_from(ShortcutKind),
)


@st.composite
def designs(draw: st.DrawFn) -> Design:
    few = draw(st.lists(SPECS, min_size=1, max_size=3))
    stages = []
    for number in range(draw(st.integers(0, 4))):
        picks = draw(st.lists(st.integers(0, len(few) - 1), max_size=25))
        blocks = tuple(Block(f"s{number}b{i}", few[pick]) for i, pick in enumerate(picks))
        stages.append(Stage(id=f"s{number}", name=f"Stage {number + 1}", blocks=blocks))
    head = draw(st.sampled_from([None, Head(), Head(activate=True)]))
    stem = Stem(channels=16, pool=draw(st.booleans()))
    return Design(stages=tuple(stages), head=head, stem=stem)


@st.composite
def layouts(draw: st.DrawFn) -> tuple[Design, Layout]:
    design = draw(designs())
    ids = [block.id for block in design.blocks()]
    opened = set(draw(st.lists(st.sampled_from(ids), max_size=4))) if ids else set()
    return design, lay_out(design, opened)


def footprint(card: Card) -> Rect:
    """A card with the arc and plus around it."""
    return (
        Rect(card.rect.x, card.rect.y - 8, card.rect.w + STYLE.arc, card.rect.h + 8 + SPINE)
        if card.arc
        else card.rect
    )


@given(layouts())
def test_nothing_overlaps_and_all_lies_within(case: tuple[Design, Layout]) -> None:
    _, made = case
    for one, two in zip(made.lanes, made.lanes[1:], strict=False):
        assert one.rect.right <= two.rect.x
    for lane in made.lanes:
        boxes = [footprint(card) for card in lane.cards]
        for at, box in enumerate(boxes):
            assert lane.rect.x <= box.x
            assert box.right <= lane.rect.right
            assert lane.header.bottom <= box.y
            assert box.bottom <= lane.rect.bottom
            assert not any(box.overlaps(other) for other in boxes[at + 1 :])
    assert made.bounds.right >= made.lanes[-1].rect.right
    assert made.bounds.bottom >= made.lanes[-1].rect.bottom


@given(layouts())
def test_every_block_stands_on_exactly_one_card_in_order(case: tuple[Design, Layout]) -> None:
    design, made = case
    shown = [i for card in made.cards() if card.role is Role.BLOCK for i in card.ids]
    assert shown == [block.id for block in design.blocks()]
    assert made.card_of(STEM) is not None
    assert (made.card_of(HEAD) is not None) == (design.head is not None)
    assert len({card.key for card in made.cards()}) == len(list(made.cards()))


@given(layouts(), st.floats(-200, 6000), st.floats(-200, 6000))
def test_every_point_has_a_drop_place_that_exists(case: tuple[Design, Layout], x: float, y: float) -> None:
    design, made = case
    place = made.block_place(x, y)
    between_lanes = made.stage_place(x)
    assert 0 <= between_lanes.index <= len(design.stages)
    if not design.stages:
        assert place is None
        return
    assert place is not None
    assert place in made.block_places()
    assert 0 <= place.position <= len(design.stages[place.stage].blocks)
    lane = made.stages[place.stage].rect
    assert lane.x <= place.x
    assert place.x + place.w <= lane.right
    assert lane.y <= place.y <= lane.bottom


@given(layouts())
def test_drop_places_reach_every_gap_between_cards(case: tuple[Design, Layout]) -> None:
    design, made = case
    reached = {(place.stage, place.position) for place in made.block_places()}
    for number, lane in enumerate(made.stages):
        starts = [card.position for card in lane.cards if card.role is Role.BLOCK]
        for position in (*starts, len(design.stages[number].blocks)):
            assert (number, position) in reached
    for place in made.block_places():
        assert made.block_place(place.x + place.w / 2, place.y) == place


@given(layouts())
def test_a_card_is_hit_in_its_middle_and_badges_and_buttons_in_theirs(case: tuple[Design, Layout]) -> None:
    _, made = case
    for card in made.cards():
        assert made.hit(card.rect.x + 5, card.rect.y + card.rect.h - 2).card is card
        for spot, part in ((Spot.BADGE, card.badge), (Spot.BUTTON, card.button)):
            if part is not None:
                inside = part.moved(card.rect.x, card.rect.y)
                assert made.hit(inside.cx, inside.cy).spot is spot
                assert inside.x >= card.rect.x
                assert inside.right <= card.rect.right
                assert inside.bottom <= card.rect.bottom


@given(layouts(), st.lists(st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1)]), max_size=40))
def test_arrow_keys_never_leave_the_drawing(case: tuple[Design, Layout], keys: list[tuple[int, int]]) -> None:
    _, made = case
    known = {card.key for card in made.cards()} | {lane.key for lane in made.stages}
    key = None
    for across, down in keys:
        key = step(made, key, across, down)
        assert key in known


@pytest.mark.parametrize("name", PRESETS)
def test_the_arrow_keys_reach_every_card(name: str) -> None:
    made = lay_out(preset(name))
    seen, todo = set(), [step(made, None, 0, 1)]
    while todo:
        key = todo.pop()
        if key is not None and key not in seen:
            seen.add(key)
            todo += [step(made, key, *arrow) for arrow in ((1, 0), (-1, 0), (0, 1), (0, -1))]
    assert {card.key for card in made.cards()} <= seen


def test_equal_neighbours_fold_and_unfold() -> None:
    design = preset("resnet50")
    folded = [card.count for card in lay_out(design).stages[2].cards]
    assert folded == [1, 5]
    unfolded = lay_out(design, {"s3b4"}).stages[2].cards
    assert [card.count for card in unfolded] == [1] * 6
    assert [(card.index, card.run) for card in unfolded[1:]] == [(n, 5) for n in range(5)]
    assert unfolded[1].badge is not None
    assert unfolded[2].badge is None


def test_equal_specs_on_unlike_shapes_do_not_fold_together() -> None:
    spec = BlockSpec(
        kind=BlockKind.RESIDUAL, channels=64, width=64, stride=2, shortcut=ShortcutKind.PROJECTION
    )
    blocks = tuple(Block(f"b{n}", spec) for n in range(3))
    design = Design(stages=(Stage(id="s", name="Stage 1", blocks=blocks),))
    assert [card.count for card in lay_out(design).stages[0].cards] == [1, 1, 1]


def test_a_deep_net_stands_in_columns_of_about_the_windows_shape() -> None:
    design = preset("cifar_resnet1202")
    made = lay_out(design, {block.id for block in design.blocks()})
    assert len(list(made.cards())) > 600
    assert 0.8 < made.bounds.w / made.bounds.h < 4


def test_a_problem_makes_room_for_its_words_and_its_button() -> None:
    design = preset("resnet50")
    first = design.stages[1].blocks[0]
    broken = replace(first, spec=replace(first.spec, shortcut=ShortcutKind.IDENTITY))
    stage = replace(design.stages[1], blocks=(broken, *design.stages[1].blocks[1:]))
    design = replace(design, stages=(design.stages[0], stage, *design.stages[2:]))
    card = lay_out(design).card_of(first.id)
    sound = lay_out(preset("resnet50")).card_of(first.id)
    assert card is not None
    assert sound is not None
    assert card.problem is not None
    assert card.message
    assert card.button is not None
    assert card.rect.h >= sound.rect.h + SIZES.button + len(card.message) * SIZES.small


def test_empty_places_invite() -> None:
    made = lay_out(Design(stages=(), head=None))
    roles = [card.role for card in made.cards()]
    assert Role.EMPTY in roles
    assert Role.NO_HEAD in roles
    assert made.block_place(300, 100) is None
    assert made.stage_place(300).index == 0


def test_stretching_moves_no_card() -> None:
    made = lay_out(preset("resnet18"))
    tall = stretched(made, 5000)
    assert list(tall.cards()) == list(made.cards())
    assert all(lane.rect.bottom == 5000 - STYLE.margin for lane in tall.lanes)
    assert stretched(tall, 10).bounds == made.bounds


def test_shift_selects_everything_between() -> None:
    made = lay_out(preset("resnet18"))
    assert between(made, "s2b1", "s3b1") == ("s2b1", "s2b2", "s3b1")
    assert between(made, "s3b1", "s2b1") == ("s2b1", "s2b2", "s3b1")
    assert ids_of(made, "s2") == ("s2",)


def test_a_lanes_form_tells_map_and_channels_of_what_leaves_it() -> None:
    made = lay_out(preset("resnet50"))
    forms = {lane.title: lane.form for lane in made.lanes}
    assert forms == {
        "Stem": (1.0, 1 / 32),
        "Stage 1": (1.0, 1 / 8),
        "Stage 2": (1 / 2, 1 / 4),
        "Stage 3": (1 / 4, 1 / 2),
        "Stage 4": (1 / 8, 1.0),
        "Head": (0.0, 0.0),
    }
