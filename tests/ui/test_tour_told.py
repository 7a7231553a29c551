"""What the tour tells, without a window: its chapters are whole, Show me does what is asked, and every number has an oracle."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.analysis.plan import HEAD, STEM, analyse
from resnet_studio.design.presets import preset
from resnet_studio.ui.document import Document
from resnet_studio.ui.format import THIN
from resnet_studio.ui.inspector.fields import BLOCK_FIELDS, STAGE_FIELDS, STEM_FIELDS
from resnet_studio.ui.tour.chapters import CHAPTERS
from resnet_studio.ui.tour.placing import Box, place
from resnet_studio.ui.tour.step import Chapter, Moment, Step, Training, Where

# By chapter and step: the figures in the sentences, and the table without its heading. From the papers (resources' and the
# project's list of published figures), from torchvision's meta data, and by hand; not from the code that counts.
FIGURES: dict[str, dict[str, str]] = {
    "why.deeper": {"eighteen": "27.94 %", "thirty_four": "28.54 %"},
    "why.bought": {
        "params": "21 797 672", "plain": "21 623 848", "more": "173 824", "share": "0.8 %",
        "before": "28.54 %", "after": "24.52 %",
    },
    "block.inside": {"channels": "64", "weights": "36 864"},
    "block.halving": {
        "blocks": "9", "depth": "20", "before": "64·56²", "after": "128·28²", "weights": "8 192",
    },
    "bottleneck.wide": {"one": "589 824", "about": "590 k", "count": "2", "block": "1 179 648"},
    "bottleneck.cheap": {
        "sum": "16 384 + 36 864 + 16 384", "block": "69 632", "about": "70 k", "times": "16.9", "single": "8.5",
    },
    "bottleneck.depth": {"many": "16", "each": "69 632", "one": "1 179 648"},
    "stages.depths": {
        "params": "44.5 M", "macs": "7.80 G", "params_before": "25.6 M", "macs_before": "4.09 G",
    },
    "stages.before": {"lighter": "5.4", "quicker": "3.8", "gain": "4.5"},
    "groups.divide": {"middle": "36 864", "block": "69 632"},
    "groups.saved": {"before": "36 864", "middle": "1 152", "block": "33 920", "saved": "51 %"},
    "groups.equal": {
        "groups": "32", "each": "4", "width": "128", "block": "70 144", "before": "69 632", "change": "+0.7 %",
    },
    "train.data": {"params": "77 290", "images": "1 797", "size": "8²"},
    "train.watch": {"best": "97.5 %", "epochs": "3"},
}  # fmt: skip
TABLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "why.deeper": (
        ("plain-18", "27.94 %"), ("plain-34", "28.54 %"), ("ResNet-18", "27.88 %"), ("ResNet-34, shortcut A", "25.03 %"),
    ),
    "stages.lanes": (
        ("Stage 1", "3", "56²", "256", "218 M"), ("Stage 2", "4", "28²", "512", "218 M"),
        ("Stage 3", "6", "14²", "1024", "218 M"), ("Stage 4", "3", "7²", "2048", "218 M"),
    ),
    "stages.depths": (
        ("ResNet-18", "11.7 M", "1.81 G", "69.8 %"), ("ResNet-34", "21.8 M", "3.66 G", "73.3 %"),
        ("ResNet-50", "25.6 M", "4.09 G", "76.1 %"), ("ResNet-101", "44.5 M", "7.80 G", "77.4 %"),
        ("ResNet-152", "60.2 M", "11.51 G", "78.3 %"),
    ),
    "stages.before": (
        ("AlexNet", "61.1 M", "0.71 G", "56.5 %"), ("VGG-16", "138.4 M", "15.47 G", "71.6 %"),
        ("VGG-19", "143.7 M", "19.63 G", "72.4 %"), ("GoogLeNet (Inception v1)", "6.6 M", "1.50 G", "69.8 %"),
        ("Inception v3", "27.2 M", "5.71 G", "77.3 %"), ("ResNet-50", "25.6 M", "4.09 G", "76.1 %"),
    ),
    "orders.five": (
        ("original", "6.61 %", "5.93 %"), ("BN after addition", "8.17 %", "6.50 %"),
        ("ReLU before addition", "7.84 %", "6.14 %"), ("ReLU-only pre-activation", "6.71 %", "5.91 %"),
        ("full pre-activation", "6.37 %", "5.46 %"),
    ),
    "groups.equal": (
        ("ResNet-50", "25.6 M", "4.09 G", "23.9 %"), ("ResNeXt-50 32x4d", "25.0 M", "4.23 G", "22.2 %"),
    ),
}  # fmt: skip
STEPS = [(chapter, step) for chapter in CHAPTERS for step in chapter.steps]


class Hands:
    """The program without its window."""

    def __init__(self, chapter: Chapter) -> None:
        self.document = Document(chapter.drawing())
        self.seen = Training(running=True, epochs=3, best=97.5)
        self.exporting = False

    def train(self) -> None:
        self.seen = Training(running=True, epochs=3, best=97.5)

    def stop_training(self) -> None:
        self.seen = Training(epochs=3, best=97.5, ended=True)

    def export(self) -> None:
        self.exporting = True

    def moment(self, begun: object) -> Moment:
        return Moment(
            plan=self.document.plan, begun=begun, training=self.seen, exporting=self.exporting  # type: ignore[arg-type]
        )  # fmt: skip


def walked(chapter: Chapter) -> Iterator[tuple[Step, Hands, Moment]]:
    """Each step with the drawing as it begins; its task is done by Show me behind it."""
    hands = Hands(chapter)
    if chapter.key == "train":
        hands.seen = Training()
    for step in chapter.steps:
        if step.select is not None:
            hands.document.select(step.select)
        begun = hands.document.design
        yield step, hands, hands.moment(begun)
        if step.task is not None:
            step.task.show(hands)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_a_task_is_open_until_show_me_has_done_it_in_one_step(chapter: Chapter, qapp: object) -> None:
    for step, hands, moment in walked(chapter):
        if step.task is None:
            continue
        assert not step.task.done(moment), f"{step.key} asks for what is there already"
        before = hands.document.undo_stack.count()
        step.task.show(hands)
        assert step.task.done(hands.moment(moment.begun)), step.key
        if chapter.key != "train":
            assert hands.document.undo_stack.count() == before + 1, step.key
            hands.document.undo_stack.undo()
            assert hands.document.design == moment.begun


def plain(text: str) -> str:
    return text.replace(THIN, " ")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.key)
def test_every_number_that_is_told_has_an_oracle(chapter: Chapter, qapp: object) -> None:
    for step, _, moment in walked(chapter):
        figures = {name: plain(words) for name, words in step.figures(moment).items()}
        assert figures == FIGURES.get(step.key, {}), step.key
        rows = step.table(moment)[1:] if step.table is not None else ()
        assert tuple(tuple(map(plain, row)) for row in rows) == TABLES.get(step.key, ()), step.key
        for words in step.told(moment):
            assert "{" not in words, "a figure that nobody gives"


def test_chapters_end_in_networks_of_the_papers(qapp: object) -> None:
    ends = {}
    for chapter in CHAPTERS:
        for step, hands, _ in walked(chapter):
            ends[step.key] = hands.document
    plain_34 = ends["why.bought"].plan
    assert plain_34.totals.params == analyse(preset("resnet34")).totals.params
    assert ends["stages.before"].plan.totals.params == 44_549_160
    assert ends["orders.ends"].plan.totals.params == 1_727_962


@pytest.mark.parametrize(("chapter", "step"), STEPS, ids=[step.key for _, step in STEPS])
def test_a_step_points_at_what_is_there(chapter: Chapter, step: Step) -> None:
    drawings = [moment.design for each, _, moment in walked(chapter) if each is step]
    ids = {block.id for block in drawings[0].blocks()} | {stage.id for stage in drawings[0].stages}
    assert set(step.select or ()) <= ids | {STEM, HEAD}
    fields = {field.name for field in (*BLOCK_FIELDS, *STAGE_FIELDS, *STEM_FIELDS)}
    for spot in step.spots:
        if spot.where in (Where.CARD, Where.LANE):
            assert spot.name in ids | {STEM, HEAD}, spot
        if spot.where is Where.FIELD:
            assert spot.name in fields
    assert bool(step.source) == bool(step.address)
    assert step.key.startswith(f"{chapter.key}.")
    sentences = step.text.count(". ") + step.text.count("? ") + 1
    assert sentences <= 4, "a card, not a page"


def test_every_step_has_a_name_of_its_own() -> None:
    keys = [step.key for _, step in STEPS]
    assert len(set(keys)) == len(keys)
    assert len(CHAPTERS) == 7


# --- where the card stands --------------------------------------------------------------------------------------------

AREA = Box(10, 80, 1200, 640)
boxes = st.builds(
    Box, st.integers(10, 1100), st.integers(80, 680), st.integers(10, 400), st.integers(10, 300)
)


@given(st.lists(boxes, max_size=4), st.integers(200, 400), st.integers(100, 400))
def test_the_card_stands_in_its_area_whatever_it_speaks_of(targets: list[Box], w: int, h: int) -> None:
    found = place((w, h), targets, AREA)
    assert (found.w, found.h) == (w, h)
    assert AREA.x <= found.x
    assert AREA.y <= found.y
    assert found.right <= AREA.right
    assert found.bottom <= AREA.bottom


@given(st.builds(Box, st.integers(10, 800), st.integers(80, 600), st.integers(10, 300), st.integers(10, 100)))
def test_where_there_is_room_beside_the_thing_the_card_covers_none_of_it(target: Box) -> None:
    assert place((300, 200), [target], AREA).shared(target) == 0


@given(boxes, st.lists(boxes, max_size=4), st.integers(200, 400), st.integers(100, 400))
def test_what_the_user_works_with_never_costs_the_thing_itself(
    target: Box, busy: list[Box], w: int, h: int
) -> None:
    alone, among = place((w, h), [target], AREA), place((w, h), [target], AREA, busy)
    assert among.shared(target) <= alone.shared(target)
    assert (among.x, among.y) >= (AREA.x, AREA.y)
    assert among.right <= AREA.right


def test_the_card_leaves_the_palette_free_where_it_can() -> None:
    palette, target = Box(10, 80, 190, 440), Box(20, 100, 170, 60)
    found = place((370, 230), [target], AREA, [palette, Box(220, 110, 500, 200)])
    assert found.shared(palette) == 0
    assert found.shared(Box(220, 110, 500, 200)) == 0
