"""Colours can be read and told apart, in both themes: by everybody's eyes, and by those without one kind of cone.

The rule is WCAG 2.2's: text 4.5 to 1 on its ground, marks that carry meaning 3 to 1. WCAG exempts what is disabled; here it keeps 3 to 1.
"""

from itertools import combinations, pairwise

import pytest
from PySide6.QtWidgets import QApplication

from resnet_studio.design.types import BlockKind
from resnet_studio.ui.canvas.bar import sheet as bar_sheet
from resnet_studio.ui.canvas.ink import Ink
from resnet_studio.ui.palette.view import sheet as palette_sheet
from resnet_studio.ui.style import derived, style_sheet
from resnet_studio.ui.theme import DARK, LIGHT, Theme
from resnet_studio.ui.widgets.segmented import checked_colours
from tests.ui.colours import MACHADO, apart, ciede2000, contrast, seen_with
from tests.ui.sheet_pairs import pairs, rules

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("window", "canvas", "lane", "card", "field")
# Ten is a plain difference at a glance; two is the least that is seen side by side.
FAR = 10.0


def test_the_measures_are_the_published_ones() -> None:
    # Sharma, Wu, Dalal 2005, table 1: pairs 1, 7, 17, 25.
    assert ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert ciede2000((50, 0, 0), (50, -1, 2)) == pytest.approx(2.3669, abs=1e-4)
    assert ciede2000((50, 2.5, 0), (73, 25, -18)) == pytest.approx(27.1492, abs=1e-4)
    assert ciede2000((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387)) == pytest.approx(
        1.2644, abs=1e-4
    )
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    for deficiency in MACHADO:  # greys stay what they are
        assert seen_with(deficiency, "#808080") == pytest.approx(seen_with("", "#808080"), abs=1e-4)
    assert apart("#ff0000", "#4f8f00", "deuteranopia") < apart("#ff0000", "#4f8f00") / 2


@THEMES
def test_all_text_of_the_style_sheets_can_be_read(theme: Theme) -> None:
    sheets = (
        (style_sheet(theme), theme.window),
        (bar_sheet(theme), theme.canvas),
        (palette_sheet(theme), theme.window),
    )
    seen = 0
    for sheet, ground in sheets:
        for pair in pairs(sheet, ink=theme.text, ground=ground):
            if pair.ink == "transparent":
                continue
            seen += 1
            least = 3.0 if pair.disabled else 4.5
            assert contrast(pair.ink, pair.ground) >= least, pair
    assert seen > 60


@THEMES
def test_tokens_can_be_read_on_every_ground_they_are_painted_on(theme: Theme) -> None:
    for ground in GROUNDS:
        for ink in ("text", "text_soft", "text_faint", "good", "warn", "bad", "accent"):
            assert contrast(getattr(theme, ink), getattr(theme, ground)) >= 4.5, (ink, ground)
    assert contrast(theme.warn, theme.warn_soft) >= 4.5
    assert contrast(theme.bad, theme.bad_soft) >= 4.5
    for token in ("accent", "residual", "bottleneck", "resnext"):
        assert contrast(*checked_colours(theme, token)) >= 4.5, token
    disabled = derived(theme)["disabled"]
    assert min(contrast(disabled, getattr(theme, ground)) for ground in ("window", "field")) >= 3


@THEMES
def test_marks_that_carry_meaning_stand_out(theme: Theme) -> None:
    for kind in (*BlockKind, None):
        for ground in GROUNDS:
            assert contrast(theme.kind(kind), getattr(theme, ground)) >= 3, (kind, ground)
    for curve in (theme.train_curve, theme.val_curve):
        assert contrast(curve, theme.window) >= 3
    boxes = [
        (target, said["border"].split()[-1], said.get("background", theme.window))
        for target, said in rules(style_sheet(theme))
        if target.sub == "indicator" and target.base in ("QCheckBox", "QRadioButton") and "border" in said
    ]
    assert boxes
    for target, edge, _ in boxes:
        assert contrast(edge, theme.window) >= 3, target


@THEMES
@pytest.mark.parametrize("deficiency", ["", *MACHADO])
def test_kinds_and_curves_are_told_apart_without_one_kind_of_cone(theme: Theme, deficiency: str) -> None:
    for one, other in combinations((*BlockKind, None), 2):
        assert apart(theme.kind(one), theme.kind(other), deficiency) >= FAR, (one, other)
    assert apart(theme.train_curve, theme.val_curve, deficiency) >= FAR
    # What went up and what went down have signs beside their colours; the colours differ all the same.
    assert apart(theme.good, theme.warn, deficiency) >= FAR
    assert apart(theme.bad_soft, theme.warn_soft, deficiency) >= 3


@THEMES
@pytest.mark.parametrize("deficiency", ["", *MACHADO])
def test_steps_of_heat_are_steps_of_lightness(theme: Theme, deficiency: str, qapp: QApplication) -> None:
    ink = Ink(theme)
    steps = [ink.mix(theme.card, theme.bottleneck, share / 4) for share in range(5)]
    for one, other in pairwise(steps):
        assert apart(one, other, deficiency) >= 5
