"""Every term in the window is explained, and what a paper introduced cites it: by arXiv number, or by year where there is none."""

import re

import pytest
from pytestqt.qtbot import QtBot

from resnet_studio.design.presets import preset
from resnet_studio.runs.fields import FIELDS, SettingField
from resnet_studio.ui.document import Document
from resnet_studio.ui.inspector import learn
from resnet_studio.ui.inspector.field import Field
from resnet_studio.ui.inspector.fields import (
    BLOCK_FIELDS,
    DESIGN_FIELDS,
    HEAD_FIELDS,
    STAGE_FIELDS,
    STEM_FIELDS,
)
from resnet_studio.ui.inspector.tiles import _MEANINGS, _NAMES
from resnet_studio.ui.palette.cards import PaletteCard
from resnet_studio.ui.palette.view import PaletteView
from resnet_studio.ui.table.looks import _TIPS, TITLES
from resnet_studio.ui.theme import ThemeManager

CITED = re.compile(r"(arXiv:\d{4}\.\d{4,5})|([A-Z]\w+( et al\.| & \w+| and \w+)? \d{4})")
ARXIV = re.compile(r"arXiv:(\d{2})(\d{2})\.(\d{4,5})\b")
PROPERTIES = [
    (title, field)
    for title, fields in (
        ("block", BLOCK_FIELDS), ("stem", STEM_FIELDS), ("head", HEAD_FIELDS), ("stage", STAGE_FIELDS),
    )
    for field in fields
]  # fmt: skip
# No paper introduced these: a name, a size, the number of classes.
OF_NO_PAPER = {"name", "classes", "input_channels", "height"}
# The machine's and the run's own business.
SETTINGS_OF_NO_PAPER = {
    "data", "root", "epochs", "batch_size", "grow_epochs", "parts", "fit_memory", "patience", "seed", "device",
    "channels_last", "compile", "deterministic", "workers", "parallel",
}  # fmt: skip
COLUMNS_CITED = ("Groups", "Mult-adds", "Activations", "Receptive", "FLOPs/byte", "Kernel")


@pytest.mark.parametrize(
    ("owner", "field"), PROPERTIES, ids=[f"{owner}.{field.name}" for owner, field in PROPERTIES]
)
def test_a_property_says_what_it_is_and_who_introduced_it(owner: str, field: Field) -> None:
    assert field.meaning.endswith((".", "/h")), field.meaning
    assert bool(CITED.search(field.meaning)) != (field.name in OF_NO_PAPER), field.meaning
    for value, words, tip in field.choices:
        assert words
        assert tip, f"{field.name}: {value}"


def test_the_whole_drawings_properties_say_what_they_are() -> None:
    assert all(field.meaning for field in DESIGN_FIELDS)


@pytest.mark.parametrize("setting", FIELDS, ids=lambda setting: setting.name)
def test_a_setting_of_training_says_what_it_is_and_who_introduced_it(setting: SettingField) -> None:
    assert setting.meaning.endswith(".")
    assert bool(CITED.search(setting.meaning)) != (setting.name in SETTINGS_OF_NO_PAPER), setting.meaning


def test_columns_tiles_and_palette_explain_themselves(qtbot: QtBot) -> None:
    assert all(_TIPS)
    for title, tip in zip(TITLES, _TIPS, strict=True):
        assert bool(CITED.search(tip)) == (title in COLUMNS_CITED), title
    assert len(_MEANINGS) == len(_NAMES)
    assert all(_MEANINGS)
    view = PaletteView(Document(preset("resnet18")), ThemeManager())
    qtbot.addWidget(view)
    cards = view.findChildren(PaletteCard)
    assert len(cards) == 4
    for card in cards:
        assert CITED.search(card.toolTip()), card.title
        assert "Drag" in card.toolTip()


def lessons() -> list[learn.Lesson]:
    made = [value for value in vars(learn).values() if isinstance(value, learn.Lesson)]
    for table in (learn._KINDS, learn._ATTENTIONS, learn._NORMS, learn._DROPPING):
        made += table.values()
    block = next(preset("resnet50").blocks()).spec
    return [*made, *(learn.lesson(block, topic) for topic in (*learn.TOPICS, ""))]


def test_every_lesson_names_its_paper() -> None:
    assert len(lessons()) > 20
    for lesson in lessons():
        assert lesson.text.endswith(".")
        assert re.search(r"\d{4}", lesson.source), lesson
        assert re.fullmatch(r"arxiv\.org/abs/\d{4}\.\d{5}", lesson.address), lesson


def test_arxiv_numbers_have_the_form_of_their_time() -> None:
    """Four digits behind the dot until 2014, five since; the month is one, and the year is the citation's or the one before."""
    texts = [field.meaning for _, field in PROPERTIES] + [setting.meaning for setting in FIELDS] + list(_TIPS)
    texts += [tip for _, field in PROPERTIES for _, _, tip in field.choices]
    found = 0
    for text in texts:
        for year, month, number in ARXIV.findall(text):
            found += 1
            assert 1 <= int(month) <= 12, text
            assert len(number) == (4 if int(year) < 15 else 5), text
            cited = re.findall(r"(\d{4}),? arXiv:" + f"{year}{month}", text)
            assert cited, text
            assert all(0 <= int(told) - 2000 - int(year) <= 1 for told in cited), text
    assert found > 40
